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
from surveybook.respondents.limits import rows_to_read, within_answers, within_size

FORMATS = (".csv", ".parquet", ".sav", ".zsav", ".dta")
TEXT = (".csv",)
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
# A respondent file begins with this, and .gitignore names it: that is what keeps the files private.
PREFIX = "responses_"


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


def wanted_of(there: list[str], columns: list[str] | None) -> list[str]:
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
    there = sorted(p for p in folder.glob(f"{PREFIX}{population}.*") if p.suffix.lower() in FORMATS)
    if len(there) > 1:
        found = f"two files hold the answers of {population}: {', '.join(p.name for p in there)}"
        problems.append(Problem(paths.shown(folder), found, "keep one"))
        return None
    if named is None:
        others = sorted(p.name for p in folder.glob(f"{PREFIX}{population}.*") if p.suffix.lower() not in FORMATS)
        if others and not there:
            found, expected = f"{others[0]} can't be read", f"save it as one of {', '.join(FORMATS)}"
            problems.append(Problem(paths.shown(folder), found, expected))
        return there[0] if there else None
    if "/" in named or "\\" in named or not named.startswith(PREFIX):
        found = f"the file of {population} is '{named}'"
        expected = (
            f"put it in the wave's folder as {PREFIX}{population}.csv (or .parquet, .sav, .dta): git ignores that"
        )
        problems.append(Problem(paths.shown(folder / "wave.yml"), found, expected, column="responses"))
        return None
    path = folder / named
    if there and there[0].name != named:
        found = f"wave.yml names {named} and {there[0].name} is there too" if path.exists() else f"{named} isn't there"
        expected = f"keep one, or correct the name: {there[0].name} is there"
        problems.append(Problem(paths.shown(folder / "wave.yml"), found, expected, column="responses"))
        return None
    return path if path.is_file() else None


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
    name = paths.shown(path)
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        problems.append(Problem(name, f"files that end in '{suffix}' can't be read", f"expected {', '.join(FORMATS)}"))
        return None
    if not path.is_file():
        problems.append(Problem(name, "the file is missing", "put it there, or correct its name"))
        return None
    if not path.stat().st_size:
        problems.append(Problem(name, "the file is empty", "export it again"))
        return None
    if not within_size(path, problems):
        return None
    if suffix == ".csv":
        found = read_csv(path, problems, encoding, columns)
    elif suffix == ".parquet":
        found = read_parquet(path, problems, columns)
    else:
        found = read_labelled(path, problems, encoding, columns)
    if found is not None and not len(found.frame):
        problems.append(Problem(name, "the file holds no respondents", "expected a row each; export it again"))
        return None
    return found


def decode(path: Path, problems: list[Problem], encoding: str | None) -> str | None:
    """Return the text of a file whose encoding is certain, or None with a problem added."""
    name = paths.shown(path)
    content = path.read_bytes()
    marked = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    if marked == "utf-8-sig" and not encoding and b"\x00" in content:
        problems.append(Problem(name, "the file holds null characters (it may be UTF-16)", "save it as UTF-8"))
        return None
    try:
        return content.decode(encoding or marked)
    except LookupError:
        problems.append(Problem(name, f"no encoding is called '{encoding}'", "write utf-8, latin-1 or cp1252"))
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        found = f"a byte isn't {'UTF-16' if marked == 'utf-16' else encoding or 'UTF-8'} (the file may be Latin-1)"
        expected = (
            "save it as UTF-8, or, if you are sure, say encoding: latin-1 in wave.yml (describe: --encoding latin-1)"
        )
        problems.append(Problem(name, found, expected, row=row))
    return None


def separator_of(header: str) -> str | None:
    """Return what separates the columns of a header line, or None where that isn't certain."""
    found = [mark for mark in SEPARATORS if mark in re.sub(r'"[^"]*"', "", header)]
    return found[0] if len(found) == 1 else "," if not found else None


def read_csv(
    path: Path, problems: list[Problem], encoding: str | None, columns: list[str] | None
) -> Respondents | None:
    """Return a CSV file as stripped text; commas, semicolons and tabs separate, if only one of them does."""
    name = paths.shown(path)
    text = decode(path, problems, encoding)
    if text is None:
        return None
    if "\n" not in text:
        text = text.replace("\r", "\n")
    first = text.lstrip("\ufeff").split("\n", 1)[0].rstrip("\r")
    separator = separator_of(first)
    if separator is None:
        found = f"the header holds several of {', '.join(SEPARATORS.values())}"
        problems.append(Problem(name, found, "save it with commas, and names in quotes", row=1))
        return None
    rows = parse_csv(name, text.lstrip("\ufeff"), separator, problems)
    if rows is None:
        return None
    header = named_columns([column.strip() for column in rows[0]])
    if not check_header(name, header, problems):
        return None
    wrong = [number for number, row in enumerate(rows[1:], start=2) if row and len(row) != len(header)]
    if wrong:
        number = wrong[0]
        found = f"{len(rows[number - 1])} fields stand in a row of {len(header)} columns"
        found += f" (and so in {len(wrong) - 1} more rows)" if len(wrong) > 1 else ""
        expected = "quote fields that hold a comma; if it is the last row, the file was cut short"
        problems.append(Problem(name, found, expected, row=number))
        return None
    named = set(wanted_of(header, columns))
    wanted = [i for i, column in enumerate(header) if column in named]
    kept = {number: row for number, row in enumerate(rows[1:], start=2) if any(row)}
    if list(kept) != list(range(2, len(kept) + 2)):
        gap = next(
            number for number, expected_row in zip(kept, range(2, len(kept) + 2), strict=True) if number != expected_row
        )
        problems.append(Problem(name, "an empty row stands before this one", "take it out", row=gap))
        return None
    data = {header[i]: [row[i].strip() for row in kept.values()] for i in wanted}
    frame = pd.DataFrame(data, index=range(len(kept)), dtype=object)
    return Respondents(name, frame, there=tuple(header), first_row=2)


def parse_csv(name: str, text: str, separator: str, problems: list[Problem]) -> list[list[str]] | None:
    """Return the rows of CSV text, or None with a problem added."""
    limit = csv.field_size_limit(10_000_000)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        found, expected = "the file isn't valid CSV", "check its quotation marks; or it was cut short"
        problems.append(Problem(name, found, expected))
        return None
    finally:
        csv.field_size_limit(limit)


def named_columns(header: list[str]) -> list[str]:
    """Return a header in which a column without a name, such as R's row numbers, is called by its place."""
    return [column or f"column {place}" for place, column in enumerate(header, start=1)]


def check_header(name: str, header: list[str], problems: list[Problem]) -> bool:
    """Return whether every column has a name of its own; add a problem for each that hasn't."""
    twice = sorted(column for column, times in Counter(header).items() if times > 1)
    problems += [Problem(name, "the column stands twice", "keep one", row=1, column=column) for column in twice]
    return not twice


def read_parquet(path: Path, problems: list[Problem], columns: list[str] | None) -> Respondents | None:
    """Return a Parquet file."""
    import pyarrow
    import pyarrow.parquet

    name = paths.shown(path)
    try:
        there, rows = pyarrow.parquet.read_schema(path).names, pyarrow.parquet.read_metadata(path).num_rows
        if not within_answers(name, rows, len(wanted_of(there, columns)), problems):
            return None
        frame = pyarrow.parquet.read_table(path, columns=wanted_of(there, columns)).to_pandas()
    except (pyarrow.ArrowException, OSError, ValueError):
        problems.append(Problem(name, "the file isn't whole, or isn't Parquet", "copy or export it again"))
        return None
    return (
        Respondents(name, frame.reset_index(drop=True)) if check_header(name, list(frame.columns), problems) else None
    )


def read_labelled(
    path: Path, problems: list[Problem], encoding: str | None, columns: list[str] | None
) -> Respondents | None:
    """Return an SPSS or Stata file with its labels and the codes that it declares missing."""
    import pyreadstat

    name = paths.shown(path)
    reader = pyreadstat.read_dta if path.suffix.lower() == ".dta" else pyreadstat.read_sav
    said: dict[str, Any] = {"user_missing": True, "encoding": encoding}
    try:
        _, meta = reader(path, metadataonly=True, **said)
        there = list(meta.column_names)
        if not (wanted := wanted_of(there, columns)):
            return Respondents(name, pd.DataFrame(index=range(meta.number_rows or 1)), there=tuple(there))
        if not within_answers(name, meta.number_rows, len(wanted), problems):
            return None
        limit = rows_to_read(meta.number_rows, len(wanted))
        frame, meta = reader(path, usecols=wanted, disable_datetime_conversion=True, row_limit=limit, **said)
        if limit and not within_answers(name, len(frame), len(wanted), problems):
            return None
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, OSError, ValueError, UnicodeDecodeError, LookupError):
        kind = "Stata" if path.suffix.lower() == ".dta" else "SPSS"
        found = f"the file isn't whole, or isn't {kind}"
        problems.append(Problem(name, found, "copy or export it again; if it is old, try encoding: cp1252"))
        return None
    if meta.number_rows is not None and meta.number_rows != len(frame):
        found = f"the file says that it holds {meta.number_rows} respondents, and {len(frame)} are there"
        problems.append(Problem(name, found, "it was cut short; copy or export it again"))
        return None
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
    return Respondents(name, frame, labels, values, missing, tuple(there))


def code_text(value: object) -> str:
    """Return a code as text, so that 1, 1.0, "1" and " 01" are one code; empty where there is none."""
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return "1" if value else "0"
    text = str(value).strip()
    if re.fullmatch(r"[+-]?\d{1,15}([.,]0*)?", text):
        return str(int(re.split("[.,]", text)[0]))
    return text
