"""Reading a file of respondents' answers: CSV, Parquet, SPSS or Stata; every fault is a problem with a place."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from surveybook.model import paths
from surveybook.model.problems import Problem
from surveybook.respondents.codes import code_text

FORMATS = (".csv", ".parquet", ".sav", ".zsav", ".dta")
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
# A respondent file begins with this, and .gitignore names it: that is what keeps the files private.
PREFIX = "responses_"
# What claims more can't be a survey. A CSV file is taken apart in memory, at several times its size; Parquet is read
# column by column.
LARGEST_FILE = {".csv": 500_000_000, ".sav": 2_000_000_000, ".zsav": 2_000_000_000, ".dta": 4_000_000_000}
LARGEST_PARQUET = 20_000_000_000
# Eight bytes each at least. Packed files tell in their first bytes how many there are.
MOST_ANSWERS = 400_000_000


class UnreadableError(Exception):
    """A file can't be read: what was found, what was expected and, where it is known, the row and the column."""


@dataclass(frozen=True)
class Respondents:
    """One file of respondents, as it stands there.

    Attributes
    ----------
    name : str
        The file, as typed from the project's folder.
    frame : pandas.DataFrame
        One row a respondent; text for CSV, numbers or text otherwise.
    labels : dict of str
        The label of each column that has one.
    value_labels : dict of dict
        For each column the labels of its codes, by the code as text.
    missing : dict of tuple
        For each column the (low, high) ranges that the file itself declares missing.
    there : tuple of str
        All columns of the file, those too that weren't read.
    first_row : int
        What the first respondent's row is called: 2 in a spreadsheet, 1 elsewhere.
    """

    name: str
    frame: pd.DataFrame
    labels: dict[str, str] = field(default_factory=dict)
    value_labels: dict[str, dict[str, str]] = field(default_factory=dict)
    missing: dict[str, tuple[tuple[Any, Any], ...]] = field(default_factory=dict)
    there: tuple[str, ...] = ()
    first_row: int = 1


def match_columns(there: list[str], columns: list[str] | None) -> list[str]:
    """Return which of the columns that are there to read; ``rep*`` stands for rep1, rep2 and so on."""
    if columns is None:
        return there
    named = set(columns)
    stems = {column[:-1] for column in columns if column.endswith("*")}
    return [column for column in there if column in named or (stems and numbered_stem(column) in stems)]


def numbered_stem(column: str) -> str | None:
    """Return what stands before a column's number, or None where it has none."""
    stem = column.rstrip("0123456789")
    return stem if stem != column else None


def find_file(folder: Path, population: str, named: str | None, problems: list[Problem]) -> Path | None:
    """Return the respondent file of a population, or None where there is none.

    Parameters
    ----------
    folder : Path
        The wave's folder.
    population : str
        Whose answers.
    named : str, optional
        The file's name as ``wave.yml`` gives it; otherwise any file called ``responses_<population>``.
    problems : list of Problem
        Two files for one population, or a name that git wouldn't ignore, are added to it.
    """
    every = sorted(folder.glob(f"{PREFIX}{population}.*"))
    there = [path for path in every if path.suffix.lower() in FORMATS]
    settings = paths.shown(folder / "wave.yml")
    if len(there) > 1:
        found = f"two files hold the answers of {population}: {', '.join(p.name for p in there)}"
        problems.append(Problem(paths.shown(folder), found, "keep one"))
    elif named is None:
        if there:
            return there[0]
        if every:
            found, expected = f"{every[0].name} can't be read", f"save it as one of {', '.join(FORMATS)}"
            problems.append(Problem(paths.shown(folder), found, expected))
    elif "/" in named or "\\" in named or not named.startswith(PREFIX):
        expected = (
            f"put it in the wave's folder as {PREFIX}{population}.csv (or .parquet, .sav, .dta): git ignores that"
        )
        problems.append(Problem(settings, f"the file of {population} is '{named}'", expected, column="responses"))
    elif there and there[0].name != named:
        both = f"wave.yml names {named} and {there[0].name} is there too"
        found = both if (folder / named).exists() else f"{named} isn't there"
        expected = f"keep one, or correct the name: {there[0].name} is there"
        problems.append(Problem(settings, found, expected, column="responses"))
    elif (folder / named).is_file():
        return folder / named
    return None


def read_respondents(
    path: Path, problems: list[Problem], encoding: str | None = None, columns: list[str] | None = None
) -> Respondents | None:
    """Return a file of respondents, or None with the reason added to the problems.

    Parameters
    ----------
    path : Path
        A ``.csv``, ``.parquet``, ``.sav`` or ``.dta`` file.
    problems : list of Problem
        Faults are added to it.
    encoding : str, optional
        How the text is encoded where it is neither UTF-8 nor marked as UTF-16, such as ``latin-1``.
    columns : list of str, optional
        The columns to read (``rep*`` for rep1, rep2 and so on); all of them otherwise.
    """
    try:
        found = _read_file(path, encoding, columns)
        if not len(found.frame):
            raise UnreadableError("the file holds no respondents", "expected a row each; export it again")
    except UnreadableError as error:
        problems.append(Problem(paths.shown(path), *error.args))
        return None
    return found


def _read_file(path: Path, encoding: str | None, columns: list[str] | None) -> Respondents:
    """Return a file of respondents by the reader that its name calls for."""
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise UnreadableError(f"files that end in '{suffix}' can't be read", f"expected {', '.join(FORMATS)}")
    if not path.is_file():
        raise UnreadableError("the file is missing", "put it there, or correct its name")
    size, largest = path.stat().st_size, LARGEST_FILE.get(suffix, LARGEST_PARQUET)
    if not size:
        raise UnreadableError("the file is empty", "export it again")
    if size > largest:
        expected = "check what it is; a survey as large as that is read from Parquet"
        raise UnreadableError(f"the file is over {largest / 1e9:g} GB", expected)
    if suffix == ".csv":
        return read_csv_file(path, encoding, columns)
    return read_parquet_file(path, columns) if suffix == ".parquet" else read_labelled_file(path, encoding, columns)


def check_answers_fit(rows: int | None, columns: int) -> None:
    """Raise an error where a file claims to hold more answers than fit."""
    if (rows or 0) * max(columns, 1) > MOST_ANSWERS:
        found = f"the file says that it holds {rows:,} respondents with {columns:,} answers each"
        expected = f"at most {MOST_ANSWERS:,} answers are read: check what it is, or map fewer columns"
        raise UnreadableError(found, expected)


def decode_text(path: Path, encoding: str | None) -> str:
    """Return the text of a file whose encoding is certain, without a byte order mark."""
    content = path.read_bytes()
    marked = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    if marked == "utf-8-sig" and not encoding and b"\x00" in content:
        raise UnreadableError("the file holds null characters (it may be UTF-16)", "save it as UTF-8")
    try:
        return content.decode(encoding or marked).lstrip("\ufeff")
    except LookupError:
        raise UnreadableError(f"no encoding is called '{encoding}'", "write utf-8, latin-1 or cp1252") from None
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
    raise UnreadableError(
        f"a byte isn't {'UTF-16' if marked == 'utf-16' else encoding or 'UTF-8'} (the file may be Latin-1)",
        "save it as UTF-8, or, if you are sure, say encoding: latin-1 in wave.yml (describe: --encoding latin-1)",
        row,
    )


def find_separator(header: str) -> str:
    """Return what separates the columns of a header line: commas, semicolons or tabs, if only one of them is there."""
    found = [mark for mark in SEPARATORS if mark in re.sub(r'"[^"]*"', "", header)]
    if len(found) > 1:
        several = f"the header holds several of {', '.join(SEPARATORS.values())}"
        raise UnreadableError(several, "save it with commas, and names in quotes", 1)
    return found[0] if found else ","


def split_rows(text: str, separator: str) -> list[list[str]]:
    """Return the rows of CSV text."""
    limit = csv.field_size_limit(10_000_000)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        expected = "check its quotation marks; or it was cut short"
        raise UnreadableError("the file isn't valid CSV", expected) from None
    finally:
        csv.field_size_limit(limit)


def read_csv_file(path: Path, encoding: str | None, columns: list[str] | None) -> Respondents:
    """Return a CSV file as stripped text."""
    text = decode_text(path, encoding)
    if "\n" not in text:
        text = text.replace("\r", "\n")
    rows = split_rows(text, find_separator(text.split("\n", 1)[0].rstrip("\r")))
    # A column without a name, such as R's row numbers, is called by its place.
    header = [column.strip() or f"column {place}" for place, column in enumerate(rows[0], start=1)]
    check_header(header)
    wrong = [number for number, row in enumerate(rows[1:], start=2) if row and len(row) != len(header)]
    if wrong:
        found = f"{len(rows[wrong[0] - 1])} fields stand in a row of {len(header)} columns"
        found += f" (and so in {len(wrong) - 1} more rows)" if len(wrong) > 1 else ""
        expected = "quote fields that hold a comma; if it is the last row, the file was cut short"
        raise UnreadableError(found, expected, wrong[0])
    filled = [number for number, row in enumerate(rows[1:], start=2) if any(row)]
    gap = next((number for number, plain in enumerate(filled, start=2) if number != plain), None)
    if gap:
        raise UnreadableError("an empty row stands before this one", "take it out", filled[gap - 2])
    named = set(match_columns(header, columns))
    body = rows[1 : len(filled) + 1]
    data = {column: [row[i].strip() for row in body] for i, column in enumerate(header) if column in named}
    frame = pd.DataFrame(data, index=range(len(body)), dtype=object)
    return Respondents(paths.shown(path), frame, there=tuple(header), first_row=2)


def check_header(header: list[str]) -> None:
    """Raise an error where a column hasn't a name of its own."""
    twice = sorted(column for column, times in Counter(header).items() if times > 1)
    if twice:
        more = f" (and so do {', '.join(twice[1:])})" if len(twice) > 1 else ""
        raise UnreadableError(f"the column stands twice{more}", "keep one", 1, twice[0])


def read_parquet_file(path: Path, columns: list[str] | None) -> Respondents:
    """Return a Parquet file."""
    import pyarrow
    import pyarrow.parquet

    try:
        there, rows = pyarrow.parquet.read_schema(path).names, pyarrow.parquet.read_metadata(path).num_rows
        check_header(there)
        wanted = match_columns(there, columns)
        check_answers_fit(rows, len(wanted))
        frame = pyarrow.parquet.read_table(path, columns=wanted).to_pandas()
    except (pyarrow.ArrowException, OSError, ValueError):
        raise UnreadableError("the file isn't whole, or isn't Parquet", "copy or export it again") from None
    return Respondents(paths.shown(path), frame.reset_index(drop=True), there=tuple(there))


def read_labelled_file(path: Path, encoding: str | None, columns: list[str] | None) -> Respondents:
    """Return an SPSS or Stata file with its labels and the codes that it declares missing."""
    import pyreadstat

    kind = "Stata" if path.suffix.lower() == ".dta" else "SPSS"
    reader = pyreadstat.read_dta if kind == "Stata" else pyreadstat.read_sav
    said: dict[str, Any] = {"user_missing": True, "encoding": encoding}
    try:
        _, meta = reader(path, metadataonly=True, **said)
        there, rows = tuple(meta.column_names), meta.number_rows
        wanted = match_columns(list(there), columns)
        if not wanted:
            return Respondents(paths.shown(path), pd.DataFrame(index=range(rows or 1)), there=there)
        check_answers_fit(rows, len(wanted))
        # A file that doesn't tell how many it holds is read until there are more than are allowed.
        limit = 0 if rows is not None else MOST_ANSWERS // len(wanted) + 1
        frame, meta = reader(path, usecols=wanted, disable_datetime_conversion=True, row_limit=limit, **said)
        check_answers_fit(len(frame), len(wanted))
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, OSError, ValueError, UnicodeDecodeError, LookupError):
        expected = "copy or export it again; if it is old, try encoding: cp1252"
        raise UnreadableError(f"the file isn't whole, or isn't {kind}", expected) from None
    if meta.number_rows is not None and meta.number_rows != len(frame):
        found = f"the file says that it holds {meta.number_rows} respondents, and {len(frame)} are there"
        raise UnreadableError(found, "it was cut short; copy or export it again")
    missing = {
        column: tuple((part["lo"], part["hi"]) for part in ranges) for column, ranges in meta.missing_ranges.items()
    }
    for column, letters in getattr(meta, "missing_user_values", {}).items():
        missing[column] = tuple((letter, letter) for letter in letters)
    labels = {column: label for column, label in meta.column_names_to_labels.items() if label}
    values = {
        column: {code_text(code): str(label) for code, label in codes.items()}
        for column, codes in meta.variable_value_labels.items()
    }
    return Respondents(paths.shown(path), frame, labels, values, missing, there)
