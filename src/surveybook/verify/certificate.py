"""The certificate: what was verified, so that another machine can say whether it finds the same.

It is made in two stages. First the book is built without one, and the hashes of its pages go into the certificate.
Then pages show it, between two comments, and are the same as before without what stands between them.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.verify.codecheck import codecheck_text
from surveybook.verify.environment import read_lock
from surveybook.verify.expected import Expected
from surveybook.verify.hashing import (
    book_files,
    code_files,
    hash_file,
    hash_files,
    hash_object,
    hash_tree,
    settings_files,
    sha256,
)
from surveybook.verify.record import Check, Fault, check

FORMAT = "1.0"
ISSUED_BY = "surveybook verify, version {}"
VERDICTS = "Verdict"
PARTS = ("data", "code", "book", "settings")


def whole(files: Mapping[str, str]) -> dict[str, Any]:
    """Return files with their hashes, and one hash for all of them."""
    return {"sha256": hash_tree(files), "files": dict(files)}


def data_hashes() -> dict[str, str]:
    """Return the hash of each file of the data package, and of its description."""
    from surveybook.model.datapackage import descriptor_path, read_descriptor

    listed = [paths.data() / resource["path"] for resource in read_descriptor()["resources"]]
    return hash_files(path for path in [descriptor_path(), *listed] if path.is_file())


def cell_hashes(notebook: Mapping[str, Any]) -> list[str]:
    """Return a short hash of each cell's kind and source, so that a changed one can be named."""
    return [sha256(f"{cell['cell_type']}\n{''.join(cell['source'])}".encode())[:16] for cell in notebook["cells"]]


def claims_by_verdict(chapter: Expected) -> dict[str, int]:
    """Return how many claims the tables of a chapter list with each verdict."""
    counts: Counter[str] = Counter()
    for name, shown in chapter.tables.items():
        if name.startswith("claims") and VERDICTS in shown.content["columns"]:
            place = shown.content["columns"].index(VERDICTS)
            counts.update(str(row[place]) for row in shown.content["rows"])
    return dict(sorted(counts.items()))


def recorded(done: Check) -> dict[str, Any]:
    """Return a check as a certificate records it."""
    return {
        "link": done.link,
        "name": done.name,
        "by": done.by,
        "counts": dict(done.counts),
        "passed": done.passed,
        "faults": [str(fault) for fault in done.faults],
        "not_checked": list(done.skipped),
    }


def canonical(certificate: Mapping[str, Any]) -> str:
    """Return the hash of what a certificate says that every machine should say."""
    return hash_object(certificate["content"])


def rest_hash(certificate: Mapping[str, Any]) -> str:
    """Return the hash of what a certificate says besides: of the program, the machine and the time."""
    return hash_object({key: value for key, value in certificate.items() if key not in ("content", "rest_sha256")})


def assemble(content: dict[str, Any], machine: dict[str, Any], time: dict[str, Any]) -> dict[str, Any]:
    """Return a certificate from its three parts.

    Raises
    ------
    SurveybookError
        When it doesn't fit its own schema.
    """
    from surveybook import __version__

    certificate = {
        "format": FORMAT,
        "issued_by": ISSUED_BY.format(__version__),
        "content_sha256": hash_object(content),
        "content": content,
        "machine": machine,
        "time": time,
    }
    certificate["rest_sha256"] = rest_hash(certificate)
    if faults := schema_faults(certificate):
        raise SurveybookError("The certificate doesn't fit certificate/schema.json:\n" + "\n".join(faults))
    return certificate


def schema_faults(certificate: Any) -> list[str]:
    """Return where a certificate doesn't fit its schema, and which hash is another than it says."""
    from jsonschema import Draft202012Validator

    schema = json.loads(paths.certificate_schema().read_text(encoding="utf-8"))
    found = sorted(Draft202012Validator(schema).iter_errors(certificate), key=lambda one: list(map(str, one.path)))
    faults = [f"{'.'.join(map(str, one.path)) or 'the whole'}: {one.message[:200]}" for one in found]
    if not faults and certificate["content_sha256"] != canonical(certificate):
        faults.append("content_sha256: it isn't the hash of the content")
    if not faults and certificate["rest_sha256"] != rest_hash(certificate):
        faults.append("rest_sha256: it isn't the hash of what stands beside the content")
    return faults


def read_certificate(path: Path) -> dict[str, Any]:
    """Return a certificate that was issued.

    Raises
    ------
    SurveybookError
        When it can't be read, or doesn't fit the schema.
    """
    try:
        text = path.read_text(encoding="utf-8")
        certificate = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise SurveybookError(f"{paths.shown(path)} can't be read as a certificate ({error}).") from None
    if faults := schema_faults(certificate):
        raise SurveybookError(
            f"{paths.shown(path)} isn't a certificate as certificate/schema.json describes one: {faults[0]}"
        )
    if text != written(certificate):
        raise SurveybookError(
            f"{paths.shown(path)} isn't written as `make certificate` writes one: somebody edited it."
        )
    return certificate


def written(certificate: Mapping[str, Any]) -> str:
    """Return a certificate as text."""
    return json.dumps(certificate, ensure_ascii=False, indent=1) + "\n"


def inputs() -> dict[str, Any]:
    """Return the hashes of everything that goes in: code, chapters, data, settings, lock."""
    lock = paths.root() / "requirements.txt"
    return {
        "code": whole(hash_files(code_files())),
        "book": whole(hash_files(book_files())),
        "data": whole(data_hashes()),
        "settings": whole(hash_files(settings_files())),
        # One that is missing is named by the check of the packages.
        "lock": {"file": paths.shown(lock), "sha256": hash_file(lock) if lock.is_file() else sha256(b"")},
    }


def compare_certificates(found: Mapping[str, Any], other: Mapping[str, Any], name: str) -> list[Fault]:
    """Return where what was found now isn't what a certificate says, time and machine left out.

    Files are named; where files differ, what follows from them isn't.
    """
    now, then = found["content"], other["content"]
    if now == then:
        return []
    faults = [
        Fault(
            f"{said_of(now[part]['files'].get(file), then[part]['files'].get(file))} {name}",
            file,
            chapter_of(file, now),
        )
        for part in PARTS
        for file in sorted({*now[part]["files"], *then[part]["files"]})
        if now[part]["files"].get(file) != then[part]["files"].get(file)
    ]
    faults += [
        Fault(f"cell {place}: its text or code isn't that of {name}", entry["source"], entry["chapter"])
        for entry in now["chapters"]
        for place in changed_cells(entry, then)
    ]
    if now["lock"] != then["lock"]:
        faults.append(Fault(f"the file isn't that of {name}", now["lock"]["file"]))
    for file in sorted({*now["site"]["files"], *then["site"]["files"]}) if not faults else ():
        if now["site"]["files"].get(file) != then["site"]["files"].get(file):
            faults.append(Fault(f"what was built isn't that of {name}", file))
    return faults or [Fault(f"what was found isn't what {name} says: {first_key(now, then)}")]


def said_of(now: str | None, then: str | None) -> str:
    """Return how a file relates to the one of a certificate, as the beginning of a sentence."""
    return (
        "the file isn't there, and it is in"
        if now is None
        else "the file is new, and not in"
        if then is None
        else "the file isn't that of"
    )


def chapter_of(file: str, content: Mapping[str, Any]) -> str:
    """Return the chapter that a file is, if it is one."""
    return next((entry["chapter"] for entry in content["chapters"] if entry["source"] == file), "")


def changed_cells(entry: Mapping[str, Any], then: Mapping[str, Any]) -> list[int]:
    """Return the numbers of the cells of a chapter whose source isn't that of a certificate."""
    before = next((one for one in then["chapters"] if one["chapter"] == entry["chapter"]), None)
    if before is None or len(before["cells"]) != len(entry["cells"]):
        return []
    return [
        place for place, pair in enumerate(zip(entry["cells"], before["cells"], strict=True), 1) if pair[0] != pair[1]
    ]


def first_key(now: Any, then: Any, place: str = "") -> str:
    """Return the place at which two values first differ."""
    if isinstance(now, dict) and isinstance(then, dict):
        for key in (*now, *(key for key in then if key not in now)):
            if now.get(key) != then.get(key):
                return first_key(now.get(key), then.get(key), f"{place}.{key}" if place else str(key))
    if isinstance(now, list) and isinstance(then, list) and len(now) == len(then):
        for number, (one, other) in enumerate(zip(now, then, strict=True)):
            if one != other:
                return first_key(one, other, f"{place}[{number}]")
    return f"{place} is {str(now)[:80]}, not {str(then)[:80]}"


def check_certificate(found: Mapping[str, Any], path: Path) -> Check:
    """Hold what was found against a certificate that was issued before, and that against what is made from it."""
    name, by = "Certificate", paths.shown(path)
    strays, skipped = others_beside(path)
    if not path.is_file():
        if is_committed(found):
            said = "it is missing; restore it from version control, or issue one with `make certificate`"
            strays.insert(0, Fault(said, by))
        else:
            skipped.insert(0, f"What an earlier run found: there is no {by}.")
        return check("certificate", name, by, {}, strays, skipped)
    try:
        other = read_certificate(path)
    except SurveybookError as error:
        return check("certificate", name, by, {}, [Fault(str(error)), *strays], skipped)
    faults = compare_certificates(found, other, "the certificate")
    if faults:
        faults.append(Fault("if the changes are meant, `make certificate` issues a new one", by))
    counts = {"values": count_values(other["content"])}
    return check("certificate", name, by, counts, [*faults, *uncertified(found, other, path), *strays], skipped)


def is_committed(certificate: Mapping[str, Any]) -> bool:
    """Return whether a certificate is of the edition that the chapters are committed executed for."""
    return any(one["cells_compared"] for one in certificate["content"]["chapters"])


def others_beside(path: Path) -> tuple[list[Fault], list[str]]:
    """Return what is wrong with the other certificates that are committed, and which were not held against a run."""
    faults, skipped = [], []
    for one in sorted(paths.certificates().glob("*/*")):
        shown = paths.shown(one)
        if one == path or one.name.startswith("."):
            continue
        try:
            edition = read_certificate(one)["content"]["edition"]
        except SurveybookError as error:
            faults.append(Fault(str(error), shown))
            continue
        if one == paths.certificate(edition["wave"], edition["baseline"]):
            skipped.append(
                f"{shown}: it is of another edition; `surveybook verify --wave {edition['wave']}` checks it."
            )
        else:
            faults.append(Fault(f"it is of the {edition['name']}, whose certificate has another place", shown))
    return faults, skipped


def uncertified(found: Mapping[str, Any], other: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    """Yield what is wrong with what a certificate says of its machine, and with the manifest that is made from it."""
    shown = paths.shown(path)
    if other["issued_by"] != found["issued_by"]:
        yield Fault(f"issued_by is '{other['issued_by']}', not '{found['issued_by']}'", shown)
    if other["content"]["lock"] == found["content"]["lock"]:
        pins, _ = read_lock((paths.root() / found["content"]["lock"]["file"]).read_text(encoding="utf-8"))
        locked = {(pin.name, pin.version) for pin in pins}
        for package, version in other["machine"]["packages"].items():
            if (package, version) not in locked:
                yield Fault(f"machine.packages: the lock that it names has no {package} {version}", shown)
    edition = other["content"]["edition"]
    if (
        is_committed(other)
        and path == paths.certificate(edition["wave"], edition["baseline"])
        and found["content"] == other["content"]
    ):
        there = paths.codecheck().read_bytes() if paths.codecheck().is_file() else b""
        if there.decode("utf-8", "replace") != codecheck_text(other, shown):
            yield Fault(
                f"it isn't the manifest of {shown}; `make certificate` writes it", paths.shown(paths.codecheck())
            )


def count_values(content: Any) -> int:
    """Return how many single values something holds."""
    if isinstance(content, dict):
        return sum(map(count_values, content.values()))
    return sum(map(count_values, content)) if isinstance(content, list) else 1


def chapters_of(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the chapters that entries of a certificate are of."""
    return [entry["chapter"] for entry in entries]
