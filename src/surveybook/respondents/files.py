"""Reading a file of respondents' answers: CSV, Excel, Parquet, SPSS or Stata; every fault is a problem with a place.

CSV files and workbooks give rows of text, the others a table with labels; what is checked of one is checked of all.
"""

import ast
import csv
import gzip
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, takewhile, zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from surveybook.model import paths
from surveybook.model.files import UnreadableError
from surveybook.model.problems import Problem
from surveybook.model.wording import list_first
from surveybook.respondents.codes import code_text, pair_codes, plain_text, tell_apart

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
# A respondent file begins with this, and .gitignore names it: that is what keeps the files private.
PREFIX = "responses_"
# What claims more can't be a survey. Text is taken apart in memory, at several times its size; Parquet is read
# column by column.
LARGEST_TEXT = 500_000_000
LARGEST_FILE = {".parquet": 20_000_000_000, ".dta": 4_000_000_000, ".sav": 2_000_000_000, ".zsav": 2_000_000_000}
TOO_LARGE = "check what it is; a survey as large as that is read from Parquet"
# Eight bytes each at least. Packed files tell in their first bytes how many there are.
MOST_ANSWERS = 400_000_000
# Of a Parquet file so many are read at a time.
MOST_HELD = 20_000_000
# Formats of dates, each with what they count (seconds, days, thousandths of a second), from this day.
DATES = {r"[AESJ]?DATE(TIME)?\d": "s", "%t?d": "D", "%t[cC]": "ms"}
FIRST_DAY = {"SPSS": "1582-10-14", "Stata": "1960-01-01"}
# How packed files begin, and how the name of each should end.
PACKED = {b"PK\x03\x04": ".xlsx", b"\x1f\x8b": ".csv.gz"}
# How the ids of questions begin that Qualtrics writes below its header.
IMPORT_ID = re.compile(r"\{[\"']ImportId[\"']")
# Rows in which a header and the separator are looked for.
SAMPLE = 50
# What SurveyMonkey writes under a question that has one column.
BOX = "Open-Ended Response"
PLAIN_ANSWERS = ("", "Response", BOX)
UNNAMED = re.compile(r"Unnamed: \d+")
# A column of Parquet with more categories than these holds texts that were packed.
MOST_CATEGORIES = 30
# How programs write a list of answers into a cell: ["Bus", "Tram"], {Bus,Tram}.
LIST = re.compile(r"\[.*\]|\{.*\}", re.DOTALL)
# The same without the quotes of its answers, which may hold a comma: what is in the brackets is read as any cell is.
BARE_LIST = re.compile(r"\[(?![\"'])[^\[\]{}\"]*\]")
# How a row begins that is none of a respondent's.
SUMMARY = re.compile(r"((grand|sub)[ -]?)?total|sum|mean|average|notes?:?|sources?:?", re.IGNORECASE)
PLAIN_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?")
# What R, SAS and servers of Open Data Kit write into a cell that holds nothing.
EMPTY = ("NA", ".", "n/a")
NO_SIGNS = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
# A number, or a day or a moment.
WORDLESS = re.compile(r"[-+]?\d[\d.,:/tz +-]*")
# What a column is called that tells of which respondent a row is that is one of several.
PARENT = re.compile(r"_?parent_?(index|key|table_name|uid)|_submission__\w+", re.IGNORECASE)
# What R puts behind the name of a column to tell it from others: its place, "Bus...12".
PLACE_BEHIND = re.compile(r"(.+)\.{3}\d+")
# A header of which this part are answers is a respondent's row.
MOST_ANSWERS_NAMED = 1 / 3
OTHER_BOX = re.compile(r"other\b", re.IGNORECASE)
# So many cells that repeat the header make a row one of labels: StartDate, Start Date.
REPEATED = 3


# What whoever reads a file of SPSS or Stata in another encoding has to say.
SAY_ENCODING = "say encoding: cp1252 in wave.yml (commands: --encoding cp1252), or export it again"
# Stata keeps so many bytes of a label, and of its last letter those that fit.
LABEL_BYTES = 80


class UndecodedError(UnreadableError):
    """A file's text is in another encoding than the one that was taken."""


@dataclass(frozen=True)
class Respondents:
    """One file of respondents, as it stands there.

    Attributes
    ----------
    name : str
        The file, as typed from the project's folder.
    frame : pandas.DataFrame
        One row a respondent; text for CSV and Excel, else numbers or text; a tuple where a cell is a list.
    labels : dict of str
        The label of each column that has one.
    value_labels : dict of dict
        For each column the labels of its codes, by the code as text.
    missing : dict of tuple
        For each column the (low, high) ranges that the file itself declares missing.
    there : tuple of str
        All columns of the file, those too that weren't read.
    first_row : int
        What the first respondent's row is called: that of the spreadsheet, or 1 where there is none.
    coded : dict of dict
        For each column whose cells hold a code and its label ("1 - Agree") the code of each.
    sets : tuple of tuple
        The columns of each multiple-response set that the file declares, the code that counts as a choice ("" where
        the answers themselves are the codes), and the set's label.
    rows : int
        How many respondents the file holds, where only a sample of them was read; 0 otherwise.
    encoding : str
        How its text is encoded, where that had to be said; "" otherwise.
    repeats : tuple of str
        The sheets beside it that hold what respondents have several of, which weren't read.
    above : tuple of tuple of str
        The rows that stand above its header, such as a title, which were read past.
    """

    name: str
    frame: pd.DataFrame
    labels: dict[str, str] = field(default_factory=dict)
    value_labels: dict[str, dict[str, str]] = field(default_factory=dict)
    missing: dict[str, tuple[tuple[Any, Any], ...]] = field(default_factory=dict)
    there: tuple[str, ...] = ()
    first_row: int = 1
    coded: dict[str, dict[str, str]] = field(default_factory=dict)
    sets: tuple[tuple[tuple[str, ...], str, str], ...] = ()
    rows: int = 0
    encoding: str = ""
    repeats: tuple[str, ...] = ()
    above: tuple[tuple[str, ...], ...] = ()

    @property
    def size(self) -> int:
        """The number of respondents of the file, those too that weren't read."""
        return self.rows or len(self.frame)

    def find_distinct(self, column: str) -> tuple[np.ndarray, list[Any]]:
        """Return for each respondent the position of their value, -1 for none, and the different values of a column."""
        series = self.frame[column]
        is_typed = isinstance(series.dtype, pd.CategoricalDtype) or pd.api.types.is_numeric_dtype(series)
        places, found = pd.factorize(series if is_typed else series.to_numpy(dtype=object))
        return places, list(found)

    def count_codes(self, column: str) -> Counter[str]:
        """Return how often each code stands in a column."""
        places, values = self.find_distinct(column)
        found, coded = Counter[str](), self.coded.get(column, {})
        for value, count in zip(values, np.bincount(places[places >= 0], minlength=len(values)), strict=True):
            text = code_text(value)
            found[coded.get(text, text)] += int(count)
        del found[""]
        return found


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


def find_format(path: Path) -> str:
    """Return the format that a file's name tells of, or "" for one that isn't read."""
    return next((ending for ending in READERS if path.name.lower().endswith(ending)), "")


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
    there = [path for path in every if find_format(path)]
    place: tuple[str, str | None] = (paths.shown(folder), None)
    settings = (paths.shown(folder / "wave.yml"), "responses")
    if len(there) > 1:
        found, expected = f"two files hold the answers of {population}: {', '.join(p.name for p in there)}", "keep one"
    elif named is None and (there or not every):
        return there[0] if there else None
    elif named is None:
        found, expected = f"{every[0].name} can't be read", f"save it as one of {', '.join(READERS)}"
    elif "/" in named or "\\" in named or not named.startswith(PREFIX):
        place, found = settings, f"the file of {population} is '{named}'"
        expected = f"put it in the wave's folder as {PREFIX}{population}.csv (or .xlsx, .sav ...): git ignores that"
    elif there and there[0].name != named:
        both = f"wave.yml names {named} and {there[0].name} is there too"
        place, found = settings, both if (folder / named).exists() else f"{named} isn't there"
        expected = f"keep one, or correct the name: {there[0].name} is there"
    else:
        return folder / named if (folder / named).is_file() else None
    problems.append(Problem(place[0], found, expected, column=place[1]))
    return None


def read_respondents(
    path: Path,
    problems: list[Problem],
    encoding: str | None = None,
    columns: list[str] | None = None,
    sample: int | None = None,
    *,
    otherwise: Callable[[Path], str] | None = None,
) -> Respondents | None:
    """Return a file of respondents, or None with the reason added to the problems.

    Parameters
    ----------
    path : Path
        A file in one of the formats of `READERS`.
    problems : list of Problem
        Faults are added to it.
    encoding : str, optional
        How the text is encoded where it is neither UTF-8 nor marked as UTF-16, such as ``latin-1``.
    columns : list of str, optional
        The columns to read (``rep*`` for rep1, rep2 and so on); all of them otherwise.
    sample : int, optional
        Of a Parquet file that holds more respondents, about so many are read, from all parts of it.
    otherwise : callable, optional
        Tells which encoding is tried where none was given and the text turns out to be in another than UTF-8.
    """
    try:
        ending = find_format(path)
        check_size(path, ending)
        found = READERS[ending](path, encoding, columns, sample)
        if not len(found.frame):
            raise UnreadableError("the file holds no respondents", "expected a row each; export it again")
    except UnreadableError as error:
        is_undecoded = isinstance(error, UndecodedError) and not encoding
        found_again = (
            read_respondents(path, [], otherwise(path), columns, sample) if is_undecoded and otherwise else None
        )
        problems += [] if found_again else [Problem(paths.shown(path), *error.args)]
        return found_again
    found = replace(found, encoding=encoding or "")
    for column in found.frame.columns:
        if pd.api.types.is_bool_dtype(found.frame[column]):
            found.value_labels[column] = {"1": "True", "0": "False"}
        if pd.api.types.is_numeric_dtype(found.frame[column]) or column in found.value_labels:
            continue
        places, values = found.find_distinct(column)
        texts = [code_text(value) for value in values]
        if pairs := pair_codes(texts, int(np.array([*map(bool, texts), False])[places].sum())):
            found.coded[column] = {text: code for text, (code, _) in pairs.items()}
            found.value_labels[column] = {
                code: label for code, label in sorted(pairs.values(), key=lambda pair: (len(pair[0]), pair[0])) if label
            }
    return found


def check_size(path: Path, ending: str) -> None:
    """Raise an error for a file that isn't there, is of no known kind, or is empty or too large for its kind."""
    if path.is_dir():
        raise UnreadableError("it is a folder", f"name a file in it: {', '.join(READERS)}")
    if not ending:
        raise UnreadableError(f"files that end in '{path.suffix}' can't be read", f"expected {', '.join(READERS)}")
    if not path.is_file():
        raise UnreadableError("the file is missing", "put it there, or correct its name")
    size, largest = path.stat().st_size, LARGEST_FILE.get(ending, LARGEST_TEXT)
    if not size:
        raise UnreadableError("the file is empty", "export it again")
    if size > largest:
        raise UnreadableError(f"the file is over {largest / 1e9:g} GB", TOO_LARGE)


def check_answers_fit(rows: int | None, columns: int) -> None:
    """Raise an error where a file claims to hold more answers than fit."""
    if (rows or 0) * max(columns, 1) > MOST_ANSWERS:
        found = f"the file says that it holds {rows:,} respondents with {columns:,} answers each"
        expected = f"at most {MOST_ANSWERS:,} answers are read: check what it is, or map fewer columns"
        raise UnreadableError(found, expected)


def decode_text(path: Path, encoding: str | None) -> str:
    """Return the text of a file, packed or not, whose encoding is certain, without a byte order mark."""
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
            content = file.read(LARGEST_TEXT + 1)
    except (EOFError, OSError):
        raise UnreadableError("the file isn't whole, or isn't packed by gzip", "copy or export it again") from None
    if len(content) > LARGEST_TEXT:
        raise UnreadableError(f"the file unpacks to over {LARGEST_TEXT / 1e9:g} GB", TOO_LARGE)
    for mark, name in PACKED.items():
        if content.startswith(mark):
            raise UnreadableError("the file is packed, and its name doesn't say so", f"call it {name}")
    marked = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    if marked == "utf-8-sig" and not encoding and b"\x00" in content:
        raise UnreadableError("the file holds null characters (it may be UTF-16)", "save it as UTF-8")
    try:
        return mend_letters(content.decode(encoding or marked).lstrip("\ufeff"))
    except LookupError:
        raise UnreadableError(f"no encoding is called '{encoding}'", "write utf-8, latin-1 or cp1252") from None
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
    raise UndecodedError(
        f"a byte isn't {'UTF-16' if marked == 'utf-16' else encoding or 'UTF-8'} (the file may be Latin-1)",
        "save it as UTF-8, or, if you are sure, give --encoding latin-1 (encoding: latin-1 in wave.yml)",
        row,
    )


def mend_letters(text: str) -> str:
    """Return a text of UTF-8 that was read as Windows' letters once ("Ã©") as it was written; others as they are."""
    if text.isascii():
        return text
    try:
        # Windows has no sign for some bytes, and leaves them as they are.
        signs = {sign: sign.encode("latin-1" if ord(sign) in NO_SIGNS else "cp1252") for sign in {*text}}
        return b"".join(map(signs.__getitem__, text)).decode("utf-8")
    except UnicodeError:
        return text


def read_csv_file(path: Path, encoding: str | None, columns: list[str] | None, sample: int | None) -> Respondents:
    """Return a file of text, packed or not, whose columns are separated by one of the `SEPARATORS`."""
    return shape_rows(paths.shown(path), read_csv_rows(decode_text(path, encoding)), columns)


def read_csv_rows(text: str) -> list[list[str]]:
    """Return the rows of CSV text as stripped cells; Excel's line ``sep=;`` is obeyed and isn't one of them."""
    if "\n" not in text:
        text = text.replace("\r", "\n")
    told = re.match(r'"?sep=(.)"?[^\n]*\n', text, re.IGNORECASE)
    limit = csv.field_size_limit(10_000_000)
    rows: list[list[str]] = []
    try:
        separator = told[1] if told else find_separator(text)
        for row in _parse_csv(text[told.end() if told else 0 :], separator):
            rows.append([read_quoted_formula(cell.strip()) for cell in row])
        return rows
    except csv.Error:
        expected = "check its quotation marks, from there on; or it was cut short"
        raise UnreadableError("the file isn't valid CSV", expected, len(rows) + 1 + bool(told)) from None
    finally:
        csv.field_size_limit(limit)


def read_quoted_formula(cell: str) -> str:
    """Return the text of a formula that keeps a spreadsheet from changing it (``="007"``); other cells as they are."""
    return cell[2:-1] if cell.startswith('="') and cell.endswith('"') and cell.count('"') == 2 else cell


def _parse_csv(text: str, separator: str) -> Iterator[list[str]]:
    """Return the rows of CSV text one after another."""
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def find_separator(text: str) -> str:
    """Return what separates the columns: the one mark by which the first rows have as many fields as each other.

    Where rows are of several lengths, it is the one mark that the first row with any has outside quotation marks.
    """
    fitting = []
    for mark in SEPARATORS:
        try:
            widths = Counter(len(row) for row in islice(_parse_csv(text, mark), SAMPLE) if len(row) > 1)
        except csv.Error:
            continue
        if len(widths) == 1:
            fitting.append((mark, next(iter(widths.values()))))
    most = max((rows for _, rows in fitting), default=0)
    best = [mark for mark, rows in fitting if rows == most]
    if len(best) == 1:
        return best[0]
    plain = re.sub(r'"[^"]*"', "", text[:100_000])
    found = next((marks for line in plain.splitlines() if (marks := [mark for mark in SEPARATORS if mark in line])), [])
    if len(found) > 1:
        several = f"the header holds several of {', '.join(SEPARATORS.values())}"
        raise UnreadableError(several, "save it with commas, and names in quotes", 1)
    return found[0] if found else ","


def read_excel_file(path: Path, encoding: str | None, columns: list[str] | None, sample: int | None) -> Respondents:
    """Return the one sheet of an Excel workbook that holds a table, its cells as text."""
    import openpyxl  # slow to load, and few files are workbooks
    from openpyxl.utils.escape import unescape

    try:
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_TEXT:
                raise UnreadableError(f"the file unpacks to over {LARGEST_TEXT / 1e9:g} GB", TOO_LARGE)
        tables = {}
        for sheet in openpyxl.load_workbook(path, read_only=True, data_only=True).worksheets:
            if sheet.sheet_state != "visible":
                continue  # lists to choose from, which a form keeps there
            sheet.reset_dimensions()  # Microsoft Forms writes that the sheet is one cell
            rows = [
                [
                    unescape(str("" if cell is None else cell + 0 if isinstance(cell, bool) else cell)).strip()
                    for cell in row
                ]
                for row in sheet.iter_rows(values_only=True)
            ]
            width = max(map(len, rows), default=0)
            rows = [row + [""] * (width - len(row)) for row in rows]  # some programs write no empty cells
            if sum(len(list(filter(None, row))) > 1 for row in rows) > 1:
                tables[sheet.title] = rows
        # What people have several of stands in a sheet of its own, which names the respondent of each row.
        repeats = [title for title, rows in tables.items() if any(map(PARENT.fullmatch, rows[0]))]
        own = [title for title in tables if title not in repeats]
        if len(tables) > 1 and len(own) != 1:
            raise UnreadableError(
                f"{len(tables)} sheets hold tables: {', '.join(tables)}", "keep that with the answers"
            )
        if not tables:
            raise UnreadableError("no sheet of the workbook holds a table", "expected a header and a row a respondent")
        name = (own or repeats)[0]
        rows = tables[name]
        formulas = openpyxl.load_workbook(path, read_only=True)[name]
        formulas.reset_dimensions()
        for number, (row, plain) in enumerate(zip(rows, formulas.iter_rows(values_only=True), strict=True), start=1):
            if any(cell == "" and str(formula).startswith("=") for cell, formula in zip(row, plain, strict=False)):
                raise UnreadableError("a formula stands here without its result", "open and save it in Excel", number)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, OSError, EOFError, SyntaxError):
        raise UnreadableError("the file isn't whole, or isn't an Excel workbook", "copy or save it again") from None
    return replace(shape_rows(paths.shown(path), rows, columns), repeats=tuple(title for title in repeats if own))


def find_header(rows: list[list[str]]) -> tuple[list[str], dict[int, str], int]:
    """Return the names of columns, their labels by place, and the position of the first respondent's row.

    A title and empty rows above the header are read past, and so are the rows that survey platforms write below it:
    Qualtrics its questions and ids, SurveyMonkey the options of questions with several columns, which it names once.
    """
    width = max((place for row in rows[:SAMPLE] for place, cell in enumerate(row, start=1) if cell), default=0)
    top = 0
    while top + 1 < min(len(rows), SAMPLE):
        filled = len(list(filter(None, rows[top])))
        # A title fills less than half of a wide table.
        # What stands above columns of questions alone, and not above those that the platform has first, names none.
        is_above = filled and not rows[top][0] and rows[top + 1] and all(rows[top + 1])
        is_above = is_above and not any(map(PLAIN_NUMBER.fullmatch, rows[top + 1]))
        if filled and not is_above and (width <= 2 or 2 * filled >= width or is_options(rows[top], rows[top + 1])):
            break
        top += 1
    # An office may put codes of its own above the questions and options of SurveyMonkey.
    if top + 2 < len(rows) and not says_response(rows[top + 1]) and is_told_below(rows[top + 1], rows[top + 2]):
        top += 1
    names, below = list(rows[top]) if rows else [], rows[top + 1 : top + SAMPLE]
    ids = next((at for at, row in enumerate(below[:3]) if any(row) and all(map(IMPORT_ID.match, row))), None)
    if ids is not None:
        return names, dict(enumerate(below[0])) if ids else {}, top + ids + 2
    if below and not says_response(below[0]) and repeats_header(names, below):
        return names, dict(enumerate(below[0])), top + 2
    # pandas names what has no name, and numbers rows, before it writes such a file anew.
    bare = ["" if UNNAMED.fullmatch(name) else name for name in names]
    first = int(bool(below) and (bare[:1], below[0][:1]) == ([""], ["0"]))
    if not below or not is_options(bare[first:], below[0][first:]):
        return *join_questions(rows[top - 1] if top else [], names, rows[top + 1 :]), top + 1
    names, question, labels = bare, "", {}
    for place, option in enumerate(below[0][first:], start=first):
        question = names[place] or question
        names[place] = question if names[place] or option else ""
        if option not in PLAIN_ANSWERS:
            names[place], labels[place] = f"{question}: {option}" if question else option, option
        # A box to write in is a question of one column: options behind it are another's, whose text isn't there.
        question = "" if option == BOX else question
    return names, labels, top + 2


def join_questions(above: list[str], names: list[str], rows: list[list[str]]) -> tuple[list[str], dict[int, str]]:
    """Return names with the question of the row above them, which stands once over several options, and these by place.

    A column belongs to it as long as its cells hold its own name or a tick, or what people wrote beside "other"; all do
    where the questions begin above the first column, and ask of options that ask nothing themselves.
    """
    joined, labels, question = list(names), dict[int, str](), ""
    asked = [cell for cell in above if cell]
    is_told = len(asked) > 1 and bool(above[0]) and not any(name.endswith("?") for name in names)
    is_told = is_told and any(cell.endswith(("?", ":")) for cell in asked)
    for place, name in enumerate(names):
        question = above[place] if place < len(above) and above[place] else question
        given = {plain_text(row[place]) for row in rows if place < len(row)} - {""}
        if not question or not name or not (is_told or given <= {plain_text(name), "0", "1"} or OTHER_BOX.match(name)):
            question = ""
            continue
        joined[place], labels[place] = f"{question}: {name}", name
    return (joined, labels) if len(labels) > 1 else (names, {})


def repeats_header(names: list[str], rows: list[list[str]]) -> bool:
    """Return whether the first of these rows is of labels.

    Some are names again, then (StartDate, Start Date), or words above what is numbers or moments in all other rows. A
    respondent's row may be like the header too, where columns hold their own label if ticked; then others' are as well,
    or cells are empty.
    """
    if len(rows[0]) != len(names) or any(name and not cell for name, cell in zip(names, rows[0], strict=True)):
        return False
    bare = [[cell.replace(" ", "").casefold() for cell in row] for row in (names, *rows)]
    below: list[set[str]] = [set(column) for column in zip_longest(*bare[2:], fillvalue="")]
    below += [set()] * (len(names) - len(below))
    columns = [(name, cell, others) for name, cell, others in zip(*bare[:2], below, strict=False)]
    repeated = sum(name == cell != "" and cell not in others for name, cell, others in columns)
    worded = {
        cell for _, cell, others in columns
        if not re.search(r"\d", cell) and len(others) > 1 and all(map(WORDLESS.fullmatch, others - {""}))
    }  # fmt: skip
    return max(repeated, len(worded)) >= REPEATED


def says_response(below: list[str]) -> bool:
    """Return whether a row is SurveyMonkey's, which says "Response" under each question that has one column."""
    return any(cell in PLAIN_ANSWERS[1:] for cell in below)


def is_told_below(names: list[str], below: list[str]) -> bool:
    """Return whether a row is of questions, and the one below of their options, of which SurveyMonkey names each."""
    return says_response(below) and sum(map(bool, names)) < sum(map(bool, below)) and is_options(names, below)


def is_options(names: list[str], below: list[str]) -> bool:
    """Return whether the row below a header names the options of questions that have several columns."""
    is_told = says_response(below)
    if len(names) != len(below):
        return False
    if is_told:
        # Where respondents' numbers and days were taken out, nothing stands above and nothing below.
        return bool(next((name for name, cell in zip(names, below, strict=True) if name or cell), ""))
    # Numbers, days and moments are a respondent's; a band of ages is an option.
    if not names[0] or any(re.fullmatch(r"(?!\d+ ?- ?\d+$)[\d.,:/ -]+", cell) for cell in below):
        return False
    gaps = [place for place, name in enumerate(names) if not name]
    # Nothing stands below the first name, which is that of respondents' numbers.
    return bool(gaps and not below[0]) and all(below[place] for place in gaps)


def shape_rows(name: str, rows: list[list[str]], columns: list[str] | None) -> Respondents:
    """Return rows of text as respondents."""
    names, labels, start = find_header(rows)
    # A column without a name, such as R's row numbers, is called by its place.
    header = [plain_text(column) or f"column {place}" for place, column in enumerate(names, start=1)]
    labels = dict(enumerate(header)) | labels if len(set(header)) < len(header) else labels
    repaired = {place: behind[1] for place, name in enumerate(header) if (behind := PLACE_BEHIND.fullmatch(name))}
    labels = repaired | labels if len(repaired) >= REPEATED else labels
    header = number_repeated(header)
    wrong = [number for number, row in enumerate(rows[start:], start + 1) if row and len(row) != len(header)]
    if wrong:
        found = f"{len(rows[wrong[0] - 1])} fields stand in a row of {len(header)} columns"
        found += f" (and so in {len(wrong) - 1} more rows)" if len(wrong) > 1 else ""
        expected = "quote fields that hold a comma; if it is the last row, the file was cut short"
        raise UnreadableError(found, expected, wrong[0])
    filled = [number for number, row in enumerate(rows[start:], start + 1) if any(row)]
    notes = [*takewhile(lambda number: len(header) > 2 and is_note(rows[number - 1]), reversed(filled))]
    if notes:
        which, them = (
            ("the last row holds a note", "it") if len(notes) == 1 else ("from here on rows hold notes", "them")
        )
        raise UnreadableError(f"{which} and no answers", f"take {them} out", notes[-1])
    gaps = sorted({*range(start + 1, filled[-1])} - {*filled}) if filled else []
    if gaps:
        which = f"row {gaps[0]} is" if len(gaps) == 1 else f"the rows {list_first([*map(str, gaps)])} are"
        raise UnreadableError(f"{which} empty, and others stand below", "take out what nobody answered", gaps[0])
    body = rows[start : start + len(filled)]
    place = next((at for at, cell in enumerate(body[-1]) if cell), 0) if body else 0
    others = {row[place] for row in body[:-1]}
    if others and len(header) > 2 and SUMMARY.fullmatch(body[-1][place]) and body[-1][place] not in others:
        raise UnreadableError("the last row sums others up and is no respondent", "take it out", filled[-1])
    check_names(names, body, start)
    empty = find_empty(body)
    body = [["" if cell == empty else cell for cell in row] for row in body] if empty else body
    named = set(match_columns(header, columns))
    data = {column: read_lists([row[place] for row in body]) for place, column in enumerate(header) if column in named}
    frame = pd.DataFrame(data, index=range(len(body)), dtype=object)
    told = {header[place]: label for place, label in labels.items() if label and place < len(header)}
    above = tuple(map(tuple, rows[: start - 1]))
    return Respondents(name, frame, told, there=tuple(header), first_row=start + 1, above=above)


def is_note(row: Sequence[str]) -> bool:
    """Return whether words stand in the first cell of a row, and nothing beside them."""
    return " " in row[0] and not any(row[1:])


def find_empty(rows: list[list[str]]) -> str:
    """Return the word that a program wrote where nothing stands, one of `EMPTY`; "" where none did.

    No cell of theirs is empty, but for columns that nobody filled, and the word stands beside numbers in some column.
    """
    columns = [cells for cells in map(set, zip(*rows, strict=True)) if cells != {""}]
    beside = [(word, cells - {word}) for word in EMPTY for cells in columns if word in cells and len(cells) > 1]
    numbers = [word for word, cells in beside if all(map(PLAIN_NUMBER.fullmatch, cells))]
    return next(iter(numbers), "") if all(map(all, columns)) else ""


def check_names(names: list[str], rows: list[list[str]], start: int) -> None:
    """Raise an error where the header is a respondent's row: many of its cells are answers beside others below."""
    told = [place for place, name in enumerate(names) if name]
    answers = [{row[place] for row in rows} - {""} for place in told]
    alike = [
        names[place] for place, given in zip(told, answers, strict=True) if names[place] in given and len(given) > 2
    ]
    if len(alike) >= max(REPEATED, MOST_ANSWERS_NAMED * len(told)):
        found = (
            f"the first row reads like a respondent's: {len(alike)} of its {len(told)} cells are answers of others too"
        )
        raise UnreadableError(found, "put a row with the names of the columns above it", start)


def read_lists(cells: list[str]) -> list[Any]:
    """Return cells as tuples where each that holds anything is a list as programs write one, or else as they are."""
    filled = {cell for cell in cells if cell}
    if not filled or not all(map(LIST.fullmatch, filled)):
        return cells
    try:
        lists = {cell: read_list(cell) for cell in filled}
    except (ValueError, SyntaxError, RecursionError):
        is_bare = all(map(BARE_LIST.fullmatch, filled)) and any(map(str.isalpha, "".join(filled)))
        return [cell[1:-1].strip() for cell in cells] if is_bare else cells
    return [lists.get(cell, "") for cell in cells]


def read_list(cell: str) -> tuple[str, ...]:
    """Return the answers of a list as JSON or Python write it (["Bus", "Tram"]), or as databases do ({Bus,"A, B"})."""
    if cell.startswith("{"):
        if ":" in cell:
            raise ValueError("it names what it holds")
        return tuple(answer.strip() for row in csv.reader([cell[1:-1]], skipinitialspace=True) for answer in row)
    try:
        found = json.loads(cell)
    except ValueError:
        found = ast.literal_eval(cell)
    if not isinstance(found, list) or not all(isinstance(answer, (str, int)) for answer in found):
        raise ValueError("it holds more than answers")
    return tuple(map(str, found))


def number_repeated(header: list[str]) -> list[str]:
    """Return names of columns with "(1)", "(2)" … behind each that stands several times: no setting names one for all.

    Platforms repeat "Other (please specify)" for every question.
    """
    names = pd.Series(header, dtype=object)
    numbered = names + " (" + (names.groupby(names).cumcount() + 1).astype(str) + ")"
    return names.mask(names.duplicated(keep=False), numbered).tolist()


def check_header(header: list[str], names: list[str]) -> None:
    """Raise an error where a column hasn't a name of its own, however its name is typed."""
    twice = sorted(column for column, times in Counter(header).items() if times > 1)
    if twice:
        more = f" (and so do {', '.join(twice[1:])})" if len(twice) > 1 else ""
        typed = [name for name, column in zip(names, header, strict=True) if column == twice[0]]
        apart = tell_apart(typed[0], typed[1:])
        raise UnreadableError(f"the column stands twice{more}{apart}", "keep one", 1, twice[0])


def read_parquet_file(path: Path, encoding: str | None, columns: list[str] | None, sample: int | None) -> Respondents:
    """Return a Parquet file; what pandas kept as the table's index is a column like the others."""
    import pyarrow
    import pyarrow.parquet

    try:
        schema, rows = pyarrow.parquet.read_schema(path), pyarrow.parquet.read_metadata(path).num_rows
        there = [plain_text(name) for name in schema.names]
        check_header(there, schema.names)
        wanted = list(match_columns(there, columns))
        for name, kind in zip(there, schema.types, strict=True):
            nested = kind.value_type if pyarrow.types.is_list(kind) or pyarrow.types.is_large_list(kind) else kind
            if name in wanted and (pyarrow.types.is_nested(nested) or pyarrow.types.is_binary(nested)):
                if columns is not None:
                    raise UnreadableError(f"the cells are of the kind {kind}", "save them as text", None, name)
                wanted.remove(name)
        named = [name for name, plain in zip(schema.names, there, strict=True) if plain in wanted]
        is_sampled = sample is not None and rows > sample
        if is_sampled and sample is not None:
            tables = iter([pyarrow.Table.from_batches(sample_batches(path, named, rows, sample))])
        else:
            check_answers_fit(rows, len(wanted))
            texts = [name for name in named if pyarrow.types.is_string(schema.field(name).type)]
            tables = read_some_columns(path, named, rows, texts if columns is not None else [])
        frame = pd.concat([table.replace_schema_metadata(None).to_pandas() for table in tables], axis=1)
    except (pyarrow.ArrowException, OSError, ValueError):
        raise UnreadableError("the file isn't whole, or isn't Parquet", "copy or export it again") from None
    # Of millions of people Arrow keeps more room for later than their answers take.
    pyarrow.default_memory_pool().release_unused()
    frame.columns = pd.Index([plain_text(name) for name in frame.columns])
    values, kinds = {}, dict(zip(there, schema.types, strict=True))
    for name in frame.columns:
        if pyarrow.types.is_dictionary(kinds[name]) and len(frame[name].cat.categories) <= MOST_CATEGORIES:
            # Categories are declared, in their order; a dictionary of what people wrote is longer.
            values[name] = {code_text(category): str(category) for category in frame[name].cat.categories}
        if frame[name].dtype == object:
            frame[name] = [tuple(cell) if isinstance(cell, np.ndarray) else cell for cell in frame[name]]
    return Respondents(
        paths.shown(path), frame, value_labels=values, there=tuple(there), rows=rows if is_sampled else 0
    )


def read_some_columns(path: Path, columns: list[str], rows: int, texts: list[str]) -> Iterator[Any]:
    """Yield a Parquet file as tables of so many columns that few answers are held twice, here and in a data frame.

    Of `texts`, answers that many people share, each is held once.
    """
    import pyarrow.parquet

    width = max(1, MOST_HELD // max(rows, 1))
    with pyarrow.parquet.ParquetFile(path, read_dictionary=texts) as file:
        for start in range(0, max(len(columns), 1), width):
            yield file.read(columns=columns[start : start + width])


def sample_batches(path: Path, columns: list[str], rows: int, sample: int) -> Iterator[Any]:
    """Yield batches of a Parquet file that hold about so many rows together: the first of each of its row groups."""
    import pyarrow.parquet

    with pyarrow.parquet.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            size = max(1, sample * file.metadata.row_group(group).num_rows // rows)
            yield next(file.iter_batches(size, row_groups=[group], columns=columns))


def read_labelled_file(path: Path, encoding: str | None, columns: list[str] | None, sample: int | None) -> Respondents:
    """Return an SPSS or Stata file with its labels, its sets and the codes that it declares missing."""
    import pyreadstat

    kind = "Stata" if path.suffix.lower() == ".dta" else "SPSS"
    reader = pyreadstat.read_dta if kind == "Stata" else pyreadstat.read_sav
    said: dict[str, Any] = {"user_missing": True, "encoding": encoding}
    read = plain_text
    try:
        try:
            _, meta = reader(path, metadataonly=True, **said)
        except (pyreadstat.ReadstatError, UnicodeDecodeError) as error:
            if encoding or not re.search(r"invalid byte|unexpected end", str(error)):
                raise
            # Stata cuts a long label within a letter; read byte by byte, its texts are mended one by one.
            said["encoding"], read = "ISO-8859-1", mend_cut_text
            _, meta = reader(path, metadataonly=True, **said)
        plain = {column: read(column) for column in meta.column_names}
        there, rows = tuple(plain.values()), meta.number_rows
        check_header(list(there), list(plain))
        wanted = [column for column in plain if plain[column] in match_columns(list(there), columns)]
        if not wanted:
            return Respondents(paths.shown(path), pd.DataFrame(index=range(rows or 1)), there=there)
        check_answers_fit(rows, len(wanted))
        # A file that doesn't tell how many it holds is read until there are more than are allowed.
        limit = 0 if rows is not None else MOST_ANSWERS // len(wanted) + 1
        frame, meta = reader(path, usecols=wanted, disable_datetime_conversion=True, row_limit=limit, **said)
        check_answers_fit(len(frame), len(wanted))
    except UnicodeDecodeError:
        raise UndecodedError(f"a byte isn't {encoding or 'UTF-8'} in its labels or texts", SAY_ENCODING) from None
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, OSError, ValueError, LookupError, AttributeError):
        expected = "copy or export it again; if it is old, try encoding: cp1252"
        raise UnreadableError(f"the file isn't whole, or isn't {kind}", expected) from None
    if meta.number_rows is not None and meta.number_rows != len(frame):
        found = f"the file says that it holds {meta.number_rows} respondents, and {len(frame)} are there"
        raise UnreadableError(found, "it was cut short; copy or export it again")
    missing = {
        plain[column]: tuple((part["lo"], part["hi"]) for part in ranges)
        for column, ranges in meta.missing_ranges.items()
    }
    for column, letters in getattr(meta, "missing_user_values", {}).items():
        missing[plain[column]] = tuple((letter, letter) for letter in letters)
    labels = {plain[column]: read(label) for column, label in meta.column_names_to_labels.items() if label}
    values = {
        plain[column]: {code_text(code): read(str(label)) for code, label in codes.items()}
        for column, codes in meta.variable_value_labels.items()
    }
    sets = tuple(
        (
            tuple(plain_text(column) for column in declared["variable_list"]),
            code_text(declared["counted_value"]) if declared["is_dichotomy"] else "",
            plain_text(str(declared.get("label") or "")),
        )
        for declared in getattr(meta, "mr_sets", {}).values()
    )
    for column, format_ in meta.original_variable_types.items():
        unit = next((unit for start, unit in DATES.items() if re.match(start, format_)), None)
        if unit and column in frame and pd.api.types.is_numeric_dtype(frame[column]):
            frame[column] = pd.to_datetime(frame[column], unit=unit, origin=FIRST_DAY[kind], errors="coerce")
    if read is mend_cut_text:
        frame = frame.map(lambda cell: read(cell) if isinstance(cell, str) else cell)
    frame = frame.rename(columns=plain)
    return Respondents(paths.shown(path), frame, labels, values, missing, there, sets=sets)


def mend_cut_text(text: str) -> str:
    """Return a text of UTF-8 that was read byte by byte, without the part of a letter that it was cut in.

    Raises
    ------
    UndecodedError
        When it is of another encoding.
    """
    content = text.encode("latin-1")
    try:
        return plain_text(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data" or len(content) < LABEL_BYTES:
            raise UndecodedError("a byte isn't UTF-8 in its labels or texts", SAY_ENCODING) from None
        return plain_text(content[: error.start].decode("utf-8"))


# What reads each format: a function of the file, the encoding of its text, the columns that are wanted, and how many
# respondents will do. Endings are tried in this order.
READERS: dict[str, Callable[[Path, str | None, list[str] | None, int | None], Respondents]] = {
    ".csv": read_csv_file,
    ".csv.gz": read_csv_file,
    ".tsv": read_csv_file,
    ".xlsx": read_excel_file,
    ".parquet": read_parquet_file,
    ".sav": read_labelled_file,
    ".zsav": read_labelled_file,
    ".dta": read_labelled_file,
}
