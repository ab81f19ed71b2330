"""The data package: what each data file holds, checked, and sealed with a hash."""

import contextlib
import csv
import json
from pathlib import Path
from typing import Any

from surveybook.model import paths
from surveybook.model.files import hash_file, read_text_file, write_whole
from surveybook.model.problems import DataError, Problem
from surveybook.model.report import read_report
from surveybook.model.tables import find_schema, read_schemas, read_table

RESTORE = "restore it from version control"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
MEDIA_TYPES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".yml": "application/yaml",
    ".bib": "application/x-bibtex",
}
# Answers of single people are private, and texts say nothing that is computed with.
NEVER_SEALED = ("responses_*", ".*", "*.md", "datapackage.json")


def read_descriptor() -> dict[str, Any]:
    """Return ``datapackage.json``.

    Raises
    ------
    DataError
        When it is missing, isn't JSON, or lists something else than files of the data, each once.
    """
    path = paths.data() / paths.PACKAGE_FILE
    found, expected, home = "it is missing", "run `surveybook data seal`", paths.data().resolve()
    if path.is_file():
        try:
            descriptor = json.loads(path.read_text(encoding="utf-8"))
            listed = [str(resource["path"]) for resource in descriptor["resources"]]
            strange = [
                name for name in listed if not (home / name).resolve().is_relative_to(home) or listed.count(name) > 1
            ]
            if not strange:
                return descriptor
            found, expected = f"'{strange[0]}' is listed twice, or is no file of the data", RESTORE
        except (OSError, ValueError, RecursionError, KeyError, TypeError) as error:
            found, expected = f"it can't be read ({type(error).__name__}: {error})", RESTORE
    raise DataError("The data package", [Problem(paths.shown(path), found, expected)])


def find_changed_files() -> list[Problem]:
    """Return a problem for each data file that isn't what its hash says; none when all is as sealed.

    This belongs to the checks and not to making the book: an author may change data and look.
    """
    problems = []
    for resource in read_descriptor()["resources"]:
        path = paths.data() / resource["path"]
        if not path.is_file():
            problems.append(Problem(paths.shown(path), "the file is missing", RESTORE))
        # One of another size isn't read, however large it is.
        elif path.stat().st_size != resource.get("bytes") or not _measure_file(path).items() <= resource.items():
            expected = "if the change is meant, run `surveybook data seal`; otherwise restore it"
            problems.append(Problem(paths.shown(path), "the file isn't the one that was sealed", expected))
    return problems


def _measure_file(path: Path) -> dict[str, Any]:
    """Return what a data package holds a file to: its SHA-256 and its size."""
    return {"hash": f"sha256:{hash_file(path)}", "bytes": path.stat().st_size}


def seal_package() -> list[str]:
    """Write hash, size and schema of every data file into ``datapackage.json``; return the files that changed.

    All files are sealed but texts and the answers of single people. What the package says besides stays: titles,
    sources, licences. A report that has none gets one.
    """
    package = paths.data() / paths.PACKAGE_FILE
    there = {
        path.relative_to(paths.data()).as_posix(): path
        for path in sorted(paths.data().rglob("*"))
        if path.is_file() and not any(path.match(pattern) for pattern in NEVER_SEALED)
    }
    if package.is_file():
        descriptor = read_descriptor()
    else:
        report = read_report()
        descriptor = {"$schema": PROFILE, "name": report.file_name, "title": report.full_title, "resources": []}
        if report.licence:
            descriptor["licenses"] = [{"name": report.licence, "path": report.licence_address}]
    listed = {resource["path"]: resource for resource in descriptor["resources"]}
    changed = [paths.shown(paths.data() / name) for name in listed if name not in there]
    for name, path in there.items():
        resource = listed.setdefault(name, _describe_resource(name, path))
        if not _measure_file(path).items() <= resource.items():
            changed.append(paths.shown(path))
        resource |= _measure_file(path)
        if "fields" in resource.get("schema", {}):
            resource["schema"] = describe_table(path)
    descriptor["resources"] = [resource for name, resource in listed.items() if name in there]
    write_whole(package, (json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n").encode())
    return changed


def _describe_resource(name: str, path: Path) -> dict[str, Any]:
    """Return what a data package says of a file that it didn't list."""
    kind = MEDIA_TYPES.get(path.suffix, "text/plain")
    words = name.removesuffix(path.suffix).lower().replace("/", "-")
    described = {"name": words, "path": name, "format": path.suffix[1:], "mediatype": kind, "encoding": "utf-8"}
    return described | ({"type": "table", "schema": describe_table(path)} if path.stem in read_schemas() else {})


def describe_table(path: Path) -> dict[str, Any]:
    """Return the Table Schema of a CSV file as others read it: the columns that it has, in its order."""
    schema = {key: value for key, value in find_schema(path).items() if key != "optional"}
    header = list[str]()
    # What can't be read is told by who reads the table.
    with contextlib.suppress(csv.Error):
        first = (read_text_file(path, []) or "").splitlines()[:1]
        header = [column.strip() for column in next(csv.reader(first), [])]
    fields = {field["name"]: field for field in schema["fields"]}
    return {**schema, "fields": [fields[name] for name in header if name in fields]}


def check_package() -> list[Problem]:
    """Return what is wrong with the tables of the package: each is read as everything else reads it."""
    problems: list[Problem] = []
    package = paths.shown(paths.data() / paths.PACKAGE_FILE)
    for resource in read_descriptor()["resources"]:
        path = paths.data() / resource["path"]
        if "fields" in resource.get("schema", {}):
            before = len(problems)
            read_table(path, problems, rows_needed=False)
            if len(problems) == before and resource["schema"] != describe_table(path):
                found = f"{paths.shown(path)} is described otherwise than it is read"
                problems.append(Problem(package, found, "run `surveybook data seal`"))
    return problems
