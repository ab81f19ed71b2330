"""The data package: what each data file holds, checked, and sealed with a hash."""

import json
from pathlib import Path
from typing import Any

from surveybook.model import paths
from surveybook.model.hashing import hash_file
from surveybook.model.problems import DataError, Problem

RESTORE = "restore it from version control"


def descriptor_path() -> Path:
    """Return where ``datapackage.json`` is."""
    return paths.data() / "datapackage.json"


def read_descriptor() -> dict[str, Any]:
    """Return ``datapackage.json``.

    Raises
    ------
    DataError
        When it is missing, isn't JSON, or lists something else than files of the data, each once.
    """
    path = descriptor_path()
    try:
        descriptor = json.loads(path.read_text(encoding="utf-8"))
        listed = [str(resource["path"]) for resource in descriptor["resources"]]
    except (OSError, ValueError, RecursionError, KeyError, TypeError) as error:
        found = f"it can't be read ({type(error).__name__}: {error})"
        raise DataError("The data package", [Problem(paths.shown(path), found, RESTORE)]) from None
    home = paths.data().resolve()
    strange = [name for name in listed if not (home / name).resolve().is_relative_to(home) or listed.count(name) > 1]
    if strange:
        found = f"'{strange[0]}' is listed twice, or is no file of the data"
        raise DataError("The data package", [Problem(paths.shown(path), found, RESTORE)])
    return descriptor


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file, as a data package writes it."""
    return f"sha256:{hash_file(path)}"


def changed_files() -> list[Problem]:
    """Return a problem for each data file that isn't what its hash says; none when all is as sealed.

    This belongs to the checks and not to making the book: an author may change data and look.
    """
    problems = []
    for resource in read_descriptor()["resources"]:
        path = paths.data() / resource["path"]
        if not path.is_file():
            problems.append(Problem(paths.shown(path), "the file is missing", RESTORE))
        elif resource.get("bytes") != path.stat().st_size or resource.get("hash") != hash_of(path):
            problems.append(
                Problem(
                    paths.shown(path),
                    "the file isn't the one that was sealed",
                    "if the change is meant, run `surveybook data seal`; otherwise restore it",
                )
            )
    return problems


def seal() -> list[str]:
    """Write the hash and size of every data file into ``datapackage.json``; return the files that changed."""
    descriptor = read_descriptor()
    changed = []
    for resource in descriptor["resources"]:
        path = paths.data() / resource["path"]
        if resource.get("hash") != hash_of(path):
            changed.append(paths.shown(path))
        resource["hash"], resource["bytes"] = hash_of(path), path.stat().st_size
    descriptor_path().write_text(json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return changed


def check_package() -> list[Problem]:
    """Return what the frictionless library finds wrong with the files against their schemas."""
    import frictionless

    # The tables are checked by a library of their own; whether hashes hold is `changed_files`'s question.
    descriptor = read_descriptor()
    for resource in descriptor["resources"]:
        resource.pop("hash", None)
        resource.pop("bytes", None)
    try:
        package = frictionless.Package.from_descriptor(descriptor, basepath=str(paths.data()))
        report = package.validate()
    except frictionless.FrictionlessException as error:
        said = "; ".join(reason.message for reason in error.reasons or [error.error])
        return [Problem(paths.shown(descriptor_path()), f"it isn't a data package: {said}", RESTORE)]
    found = [
        Problem(
            paths.shown(paths.data() / task.place),
            error.message,
            "correct it, or the schema",
            getattr(error, "row_number", None),
            getattr(error, "field_name", None),
        )
        for task in report.tasks
        for error in task.errors
    ]
    return found + [Problem(paths.shown(descriptor_path()), error.message, "correct it") for error in report.errors]
