"""CSV files of data: one schema for each, one gate through which all are read, and the package that seals them.

The schemas are Table Schemas (Frictionless Data), in ``schemas.json`` beside this module; a report's
``datapackage.json`` repeats them for others, and may narrow a column by a pattern of its own. What this gate accepts, a
check of the data, a check of a wave and a build accept alike. The package seals each file with a hash.
"""

import contextlib
import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from surveybook.model import paths
from surveybook.model.files import hash_file, read_text_file, write_whole
from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.model.report import read_report

# Texts are looked at one by one far more often than a whole column at once, and Arrow copies each that is looked at.
# Those of respondents, which may be millions, are read so that each is held once.
pd.set_option("mode.string_storage", "python")

# Digits as spreadsheets write them: to Python others are digits too, and to pandas they aren't.
NUMBERS = {"number": re.compile(r"-?[0-9]+(\.[0-9]+)?"), "integer": re.compile(r"-?[0-9]+")}
KINDS = {"number": "a number", "integer": "a whole number"}
SEPARATORS = {";": "semicolons", "\t": "tabs"}


@lru_cache(maxsize=1)
def read_schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of each kind of file, by its name."""
    return json.loads(Path(__file__).with_name("schemas.json").read_text(encoding="utf-8"))


def list_columns(schema: Mapping[str, Any], *, with_optional: bool = True) -> list[str]:
    """Return the columns that a kind of file has."""
    optional = () if with_optional else schema.get("optional", ())
    return [field["name"] for field in schema["fields"] if field["name"] not in optional]


def find_schema(path: Path) -> dict[str, Any]:
    """Return the schema of a data file: the engine's, with the patterns of the report's own, or the report's alone.

    A report's own schema is what its ``datapackage.json`` says of the file.

    Raises
    ------
    SurveybookError
        When neither has one.
    """
    package, own = paths.data() / paths.PACKAGE_FILE, {}
    if package.is_file() and path.is_relative_to(paths.data()):
        own = _read_own_schemas(package, package.stat().st_mtime_ns).get(path.relative_to(paths.data()).as_posix(), {})
    schema = read_schemas().get(path.stem) or own
    if not schema:
        raise SurveybookError(f"{paths.shown(path)} has no schema: describe its columns in data/{paths.PACKAGE_FILE}.")
    patterns = {field["name"]: (field.get("constraints") or {}).get("pattern") for field in own.get("fields", [])}
    fields = [
        {**field, "constraints": {**(field.get("constraints") or {}), "pattern": patterns[field["name"]]}}
        if patterns.get(field["name"])
        else field
        for field in schema["fields"]
    ]
    return {**schema, "fields": fields}


@lru_cache(maxsize=4)
def _read_own_schemas(package: Path, changed: int) -> dict[str, dict[str, Any]]:
    """Return the schemas of all files; none where the package can't be read, which its own check reports."""
    try:
        resources = json.loads(package.read_text(encoding="utf-8"))["resources"]
        return {one["path"]: one["schema"] for one in resources if "fields" in one.get("schema", {})}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}


def read_table(path: Path, problems: list[Problem], *, rows_needed: bool = True) -> pd.DataFrame:
    """Return a CSV file, checked against its schema.

    Parameters
    ----------
    path : Path
        The file.
    problems : list of Problem
        Everything that is wrong is added to it.
    rows_needed : bool
        Whether a table without rows is a fault.

    Returns
    -------
    pandas.DataFrame
        With the spreadsheet's row numbers as index; text where nothing else is said, numbers where the schema says so.
    """
    schema = find_schema(path)
    rows = read_text_table(path, schema, problems, rows_needed=rows_needed)
    return check_table(rows, schema, paths.shown(path), problems)


def open_table(path: Path, subject: str, *, rows_needed: bool = True) -> pd.DataFrame:
    """Return a CSV file that stands alone, checked against its schema; see `read_table`.

    Raises
    ------
    DataError
        With everything that is wrong with what the subject calls the file.
    """
    problems: list[Problem] = []
    table = read_table(path, problems, rows_needed=rows_needed)
    if problems:
        raise DataError(subject, problems)
    return table


def read_text_table(
    path: Path, schema: Mapping[str, Any], problems: list[Problem], *, rows_needed: bool = True
) -> pd.DataFrame:
    """Return a CSV file as stripped text, empty where nothing stands; without rows when it can't be read.

    Its header has to be that of the schema: a mistyped column would be lost unsaid. The spreadsheet's row numbers are
    the index.
    """
    known, needed = list_columns(schema), list_columns(schema, with_optional=False)
    nothing = pd.DataFrame(columns=known, dtype=str)
    file = paths.shown(path)
    text = read_text_file(path, problems)
    if text is None:
        return nothing
    try:
        records = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error as error:
        problems.append(Problem(file, f"the file isn't valid CSV ({error})", "check its quotation marks"))
        return nothing
    header = [column.strip() for column in records[0]]
    if faults := _find_header_faults(header, known, needed, file):
        problems += faults
        return nothing
    kept = {}
    for number, record in enumerate(records[1:], start=2):
        fields = [field.strip() for field in record]
        if not any(fields):
            continue
        if len(record) != len(header):
            found = f"{len(record)} fields stand in a row of {len(header)} columns"
            problems.append(Problem(file, found, "quote fields that hold a comma", row=number))
            continue
        kept[number] = fields
    if not kept and rows_needed:
        problems.append(Problem(file, "the table has a header and no rows", "expected at least one row"))
    table = pd.DataFrame.from_dict(kept, orient="index", columns=header, dtype=str)
    return table.assign(**{column: "" for column in known if column not in header})[known]


def _find_header_faults(header: Sequence[str], known: Sequence[str], needed: Sequence[str], file: str) -> list[Problem]:
    """Return what is wrong with the names of a file's columns."""
    if len(header) == 1 and (sign := re.search("[;\t]", header[0])):
        return [Problem(file, f"the columns are separated by {SEPARATORS[sign[0]]}", "save it with commas", row=1)]
    missing = [column for column in needed if column not in header]
    unknown = [column or "without a name" for column in header if column not in known]
    twice = sorted({column for column in header if header.count(column) > 1})
    return [
        *(Problem(file, "the column is missing", "add it to the header", column=column) for column in missing),
        *(Problem(file, "the column isn't known", f"expected only {', '.join(known)}", column=one) for one in unknown),
        *(Problem(file, "the column stands twice", "keep one", column=column) for column in twice),
    ]


def check_table(rows: pd.DataFrame, schema: Mapping[str, Any], file: str, problems: list[Problem]) -> pd.DataFrame:
    """Return a table of text with its numbers as numbers, missing where nothing stands.

    A problem is added for each value that its column's type, constraints or pattern refuse, and for each row whose key
    stood in an earlier one.
    """
    numbers: dict[str, pd.Series] = {}
    for field in schema["fields"]:
        column, name = rows[field["name"]], field["name"]
        if field["type"] in NUMBERS:
            numbers[name] = pd.to_numeric(column.where(column.str.fullmatch(NUMBERS[field["type"]])))
        values = column.to_numpy(dtype=object)
        for is_refused, found, expected in _list_rules(values, field, numbers.get(name)):
            problems += [
                Problem(file, found.format(values[place]), expected, int(rows.index[place]), name)
                for place in np.flatnonzero(is_refused)
            ]
    keys = [[field["name"]] for field in schema["fields"] if (field.get("constraints") or {}).get("unique")]
    keys += [schema.get("primaryKey", []), *schema.get("uniqueKeys", [])]
    for key in map(list, dict.fromkeys(map(tuple, filter(None, keys)))):
        for row in rows.index[rows.duplicated(key)]:
            first = (rows[key] == rows.loc[row, key]).all(axis=1).idxmax()
            found = f"{', '.join(filter(None, rows.loc[row, key]))} stands in row {first} already"
            problems.append(Problem(file, found, "keep one of the rows, or correct one", row, key[0]))
    return rows.assign(**numbers)


def _list_rules(
    values: np.ndarray, field: Mapping[str, Any], numbers: pd.Series | None
) -> Iterator[tuple[np.ndarray, str, str]]:
    """Yield the rules of a column: which of its values each refuses, what is found there, and what is expected."""
    kind, rules, called = field["type"], field.get("constraints") or {}, f"the {field['name'].replace('_', ' ')}"
    about, example, is_filled = field.get("description", "what belongs here"), field.get("example"), values != ""

    def refuse_unless(is_right: Callable[[str], object]) -> np.ndarray:
        return np.array([bool(value) and not is_right(value) for value in values], dtype=bool)

    if rules.get("required"):
        yield ~is_filled, f"{called} is missing", f"write {about}"
    if "enum" in rules:
        expected = f"expected one of {', '.join(rules['enum'])}"
        yield refuse_unless(set(rules["enum"]).__contains__), "'{}' isn't known", expected
    if "pattern" in rules:
        written = f" it as {example}" if example else f" {about}, as {paths.PACKAGE_FILE} has it: {rules['pattern']}"
        yield refuse_unless(re.compile(rules["pattern"]).fullmatch), f"{called} is '{{}}'", f"write{written}"
    if kind == "date":
        yield refuse_unless(is_date), "'{}' isn't a date", f"expected year-month-day, such as {example}"
    if numbers is not None:
        wanted = f"expected {KINDS[kind]} such as {example}, or nothing"
        yield is_filled & numbers.isna().to_numpy(), f"'{{}}' isn't {KINDS[kind]}", wanted
        low, high = rules.get("minimum", float("-inf")), rules.get("maximum", float("inf"))
        bounds = f"{low} to {high}" if "maximum" in rules else f"{low} or more"
        outside = ((numbers < low) | (numbers > high)).to_numpy(dtype=bool)
        yield outside, f"{called} is {{}}", f"expected {bounds}: {about}"


def is_date(text: str) -> bool:
    """Return whether a text is a day of the calendar, written year-month-day."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


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
    found, expected, home = "it is missing", "run `surveybook data seal`", paths.data()
    if path.is_file():
        try:
            descriptor = json.loads(path.read_text(encoding="utf-8"))
            listed = [str(resource["path"]) for resource in descriptor["resources"]]
            strange = [name for name in listed if not paths.is_inside(home / name, home) or listed.count(name) > 1]
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
