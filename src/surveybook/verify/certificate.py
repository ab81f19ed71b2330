"""The certificate: what was verified, so that another machine can say whether it finds the same.

It is made in two stages. First the book is built without one, and the hashes of its files go into the certificate.
Then pages show it. What says who issued it is the attestation of the forge that built it, not the file itself.
"""

import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import surveybook
from surveybook.book.notebooks import find_difference
from surveybook.model import paths
from surveybook.model.files import fill_beside, hash_file, hash_object, write_json, write_whole
from surveybook.model.problems import Fault, SurveybookError
from surveybook.model.report import read_report
from surveybook.verify.data import data_files
from surveybook.verify.lock import LOCK
from surveybook.verify.record import LISTS, Check, make_check, write_counts

FORMAT = "2.0"
SCHEMA = Path(__file__).with_name("certificate.schema.json")
ISSUED_BY = f"surveybook verify, version {surveybook.__version__}"
OTHER_FILE = "the file isn't that of the certificate"
ADVICE = "if the changes are meant, `surveybook verify --issue` issues a new one"
# What makes an edition, by the parts that a certificate tells apart: patterns of files in the report's folder.
PARTS: dict[str, list[str]] = LISTS["edition_files"]
OF_TOOLS = ("__pycache__", ".egg-info", ".ipynb_checkpoints")


def hash_edition_files() -> dict[str, Any]:
    """Return the hashes of everything that an edition is made from: code, book, data, settings, lock."""
    root, lock = paths.root(), paths.root() / LOCK
    files = {part: {path for pattern in PARTS[part] for path in root.glob(pattern)} for part in PARTS}
    # The engine may be installed anywhere.
    files["code"] |= set(Path(surveybook.__file__).parent.rglob("*"))
    files["settings"] -= files["code"] | files["book"]
    hashed: dict[str, Any] = {}
    for part, every in {**files, "data": data_files()}.items():
        kept = [path for path in every if path.is_file() and not any(one.endswith(OF_TOOLS) for one in path.parts)]
        hashes = dict(sorted((paths.shown(path), hash_file(path)) for path in kept))
        hashed[part] = {"sha256": hash_object(hashes), "files": hashes}
    # A lock that is missing is named by the check of the packages.
    return {**hashed, "lock": {"file": LOCK, "sha256": hash_file(lock) if lock.is_file() else ""}}


def record_check(done: Check) -> dict[str, Any]:
    """Return a check as a certificate records it."""
    told = {name: getattr(done, name) for name in ("link", "name", "by", "counts", "passed")}
    return {**told, "faults": list(map(str, done.faults)), "not_checked": list(done.skipped)}


def make_certificate(content: dict[str, Any], machine: dict[str, Any], time: dict[str, Any]) -> dict[str, Any]:
    """Return a certificate from its three parts: what any machine would say, and what only this one does.

    Raises
    ------
    SurveybookError
        When it doesn't fit its own schema.
    """
    certificate = {
        "format": FORMAT,
        "issued_by": ISSUED_BY,
        "content_sha256": hash_object(content),
        "content": content,
        "machine": machine,
        "time": time,
    }
    if faults := find_schema_faults(certificate):
        raise SurveybookError("The certificate doesn't fit its schema:\n" + "\n".join(faults))
    return certificate


def find_schema_faults(certificate: Any) -> list[str]:
    """Return where a certificate doesn't fit its schema, or that its hash is another than that of its content."""
    from jsonschema import Draft202012Validator

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    found = sorted(Draft202012Validator(schema).iter_errors(certificate), key=lambda one: list(map(str, one.path)))
    faults = [f"{'.'.join(map(str, one.path)) or 'the whole'}: {one.message[:200]}" for one in found]
    if not faults and certificate["content_sha256"] != hash_object(certificate["content"]):
        faults.append("content_sha256: it isn't the hash of the content")
    return faults


def open_certificate(path: Path) -> dict[str, Any]:
    """Return a certificate that was issued.

    Raises
    ------
    SurveybookError
        When it can't be read, or doesn't fit the schema.
    """
    try:
        certificate = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise SurveybookError(f"{paths.shown(path)} can't be read as a certificate ({error}).") from None
    if faults := find_schema_faults(certificate):
        raise SurveybookError(f"{paths.shown(path)} isn't a certificate as its schema describes one: {faults[0]}")
    return certificate


def compare_inputs(found: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield which files aren't those that a certificate was issued for, each with its chapter."""
    now, then = found["content"], other["content"]
    chapters = {entry["source"]: entry["chapter"] for entry in now["chapters"]}
    for part in (*PARTS, "data"):
        before, after = then[part]["files"], now[part]["files"]
        for file in sorted({*before, *after}):
            if before.get(file) != after.get(file):
                said = OTHER_FILE if file in before else "the file is new, and not in the certificate"
                said = said if file in after else "the file isn't there, and it is in the certificate"
                yield Fault(said, file, chapters.get(file, ""))
    if now["lock"] != then["lock"]:
        yield Fault(OTHER_FILE, now["lock"]["file"])


def compare_results(found: Mapping[str, Any], other: Mapping[str, Any]) -> list[Fault]:
    """Return where what was found of the same files isn't what a certificate says: pages, then all else."""
    now, then = found["content"], other["content"]
    pages, before = now["site"]["files"], then["site"]["files"]
    if differ := [file for file in sorted({*pages, *before}) if pages.get(file) != before.get(file)]:
        return [Fault("what was built isn't that of the certificate", file) for file in differ]
    difference = find_difference(then, now)
    return [Fault("{0} is '{2}', and '{1}' in the certificate".format(*difference))] if difference else []


def check_against_issued(found: Mapping[str, Any]) -> list[Check]:
    """Hold what was found against the certificate that was issued: the files that went in, then what came out.

    Time and machine are left out. Where files differ, what follows from them isn't named.
    """
    path = certificate_of(found)
    by = paths.shown(path)
    others = [one for one in sorted((paths.root() / paths.CERTIFICATES_FOLDER).glob("*/*.json")) if one != path]
    left = [
        f"{paths.shown(one)}: it is of another edition; `surveybook verify {one.parent.name}` checks it."
        for one in others
    ]
    left += [f"What {by} says of its machine: each has its own."] if path.is_file() else []
    manifest = paths.root() / paths.CODECHECK_FILE
    if not path.is_file():
        lost = "it is missing; restore it from version control, or issue one with `surveybook verify --issue`"
        is_lost = is_committed(found) and manifest.is_file()
        said = Fault(lost, by) if is_lost else f"What an earlier run found: there is no {by}."
        return [make_check("certificate", "Certificate", by, [said, *left])]
    try:
        other = open_certificate(path)
    except SurveybookError as error:
        return [make_check("certificate", "Certificate", by, [Fault(str(error), by), *left])]
    inputs = list(compare_inputs(found, other))
    faults = [] if inputs else compare_results(found, other)
    if inputs or faults:
        faults.append(Fault(ADVICE, by))
    elif is_committed(other):
        there = manifest.read_text("utf-8", errors="replace") if manifest.is_file() else ""
        if there != write_codecheck(other):
            said = f"it isn't the manifest of {by}; `surveybook verify --issue` writes it"
            faults.append(Fault(said, paths.shown(manifest)))
    files = sum(len(other["content"][part]["files"]) for part in (*PARTS, "data"))
    chapters = {"chapters": len(other["content"]["chapters"])}
    return [
        make_check("inputs", "Files that went in", by, [{"files": files}, *inputs]),
        make_check("certificate", "Certificate", by, [chapters, *faults, *left]),
    ]


def certificate_of(certificate: Mapping[str, Any]) -> Path:
    """Return where the certificate of an edition is committed."""
    return paths.certificate(certificate["content"]["edition"]["wave"], certificate["content"]["edition"]["baseline"])


def is_committed(certificate: Mapping[str, Any]) -> bool:
    """Return whether a certificate is of the edition that the chapters are committed executed for."""
    return any(one["cells_compared"] for one in certificate["content"]["chapters"])


def issue_certificate(certificate: Mapping[str, Any]) -> list[Path]:
    """Write a certificate where it is committed, and ``codecheck.yml`` for the edition that the chapters are of."""
    path = certificate_of(certificate)
    write_whole(path, write_json(certificate))
    if not is_committed(certificate):
        return [path]
    codecheck = paths.root() / paths.CODECHECK_FILE
    write_whole(codecheck, write_codecheck(certificate))
    return [path, codecheck]


def write_codecheck(certificate: Mapping[str, Any]) -> str:
    """Return ``codecheck.yml``, the manifest of an edition in the form of the CODECHECK community, version 1.0.

    It has no number of the CODECHECK register, which people award, and no ORCID, which people have.
    """
    # What JSON calls a text, YAML does too.
    filters = {"counted": write_counts, "quoted": partial(json.dumps, ensure_ascii=False)}
    sources = [one["source"] for one in certificate["content"]["chapters"]]
    return fill_beside(
        __file__,
        "codecheck.yml.jinja",
        filters,
        **certificate,
        report=read_report(),
        where=paths.shown(certificate_of(certificate)),
        sizes={source: (paths.root() / source).stat().st_size for source in sources},
    )
