"""What a questionnaire says of the columns of a file that has no labels: wording, answers, how many may be chosen.

Read are XLSForms (.xlsx with the sheets survey and choices) and CSV files of variable, question and answers, of which
REDCap's data dictionary is one.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from surveybook.drafts.cells import find_mark
from surveybook.drafts.labels import VOCABULARY, match_answer
from surveybook.model import paths
from surveybook.model.problems import DataError, Problem
from surveybook.model.wording import list_first
from surveybook.respondents.codes import code_text, plain_text
from surveybook.respondents.files import Respondents

COLUMNS = ("variable", "question", "answers")
# What platforms call these columns and the kinds of question, and the answers of kinds that have no list of their own.
CALLED = {name: re.compile(words) for name, words in VOCABULARY["dictionary"]["columns"].items()}
KIND_NAMES, KIND_ANSWERS = VOCABULARY["dictionary"]["kinds"], VOCABULARY["dictionary"]["answers"]
ANSWER = re.compile(r"\s*([^=,]+?)\s*[=,]\s*(.+?)\s*")
# "label::English (en)" stands for "label" where a form has several languages.
LABEL = re.compile(r"label(::.*)?", re.IGNORECASE)
MOST_SELECTED = re.compile(r"count-selected\(\s*\.\s*\)\s*<\s*(=?)\s*(\d+)")
# What an XLSForm calls questions whose answers are one of a list, several of it, or numbers.
ONE, SEVERAL, AMOUNTS = "select_one", "select_multiple", ("integer", "decimal", "range")


@dataclass(frozen=True)
class Entry:
    """What a questionnaire says of one variable.

    Attributes
    ----------
    variable, question : str
        Its name, with the groups that it stands in before a slash each, and its wording.
    answers : dict of str
        Each code with its label; empty for what isn't chosen from a list.
    row : int
        Where it stands.
    kind : str
        How it is asked as an XLSForm has it; "" where a CSV file doesn't say.
    most : str
        How many answers may be chosen; "" where nothing says.
    """

    variable: str
    question: str
    answers: Mapping[str, str]
    row: int
    kind: str = ""
    most: str = ""


@dataclass(frozen=True)
class Questionnaire:
    """A questionnaire: its file, and what it says of variables."""

    name: str
    entries: tuple[Entry, ...]


def read_questionnaire(path: Path) -> Questionnaire:
    """Return a questionnaire.

    Raises
    ------
    DataError
        When it isn't one, or rows of it can't be read; all of them are listed.
    """
    problems: list[Problem] = []
    name = paths.shown(path)
    if not path.is_file():
        problems.append(Problem(name, "the file is missing", "correct its name"))
        raise DataError("The questionnaire", problems)
    if path.suffix.lower() == ".xlsx":
        entries = list(read_form(path, problems))
    elif path.suffix.lower() == ".csv":
        entries = list(read_entries(path, problems))
    else:
        expected = "an XLSForm (.xlsx), or a CSV file of variable, question, answers"
        problems.append(Problem(name, f"files that end in '{path.suffix}' can't be read", f"expected {expected}"))
        entries = []
    first: dict[str, int] = {}
    for entry in entries:
        if entry.variable in first:
            found = f"the variable '{entry.variable}' stands in row {first[entry.variable]} already"
            problems.append(Problem(name, found, "keep one of the rows", entry.row, "variable"))
        first.setdefault(entry.variable, entry.row)
    if not entries and not problems:
        problems.append(Problem(name, "it holds no question", "expected a row each"))
    if problems:
        raise DataError("The questionnaire", problems)
    return Questionnaire(name, tuple(entries))


def read_entries(path: Path, problems: list[Problem]) -> Iterator[Entry]:
    """Yield the rows of a CSV file of variable, question and answers (``1=Yes|2=No``), or of a data dictionary."""
    name = paths.shown(path)
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", sep=None, engine="python")
    except (ValueError, OSError, csv.Error):
        problems.append(Problem(name, "it isn't CSV in UTF-8", f"expected the columns {', '.join(COLUMNS)}"))
        return
    if not isinstance(table.index, pd.RangeIndex):
        problems.append(Problem(name, "rows have more cells than the first", "quote cells that hold a comma"))
        return
    heads = {str(column).strip().lower(): column for column in table.columns}
    found = {own: next((heads[head] for head in heads if called.fullmatch(head)), "") for own, called in CALLED.items()}
    if absent := [column for column in COLUMNS if not found[column]]:
        problems.append(Problem(name, f"it has no column {', '.join(absent)}", f"expected {', '.join(COLUMNS)}", 1))
        return
    table[""] = ""  # what the file doesn't tell
    cells = table.fillna("")[[*found.values()]]
    for row, (variable, question, written, field, checked) in enumerate(cells.itertuples(index=False), start=2):
        # "autocomplete" checks a list, and "number_2dp" a text.
        kind = KIND_NAMES.get(field) or KIND_NAMES.get(checked.partition("_")[0], checked or field)
        answers: dict[str, str] = {}
        # Formulas and the ends of sliders stand where others have their answers.
        parts = (written or KIND_ANSWERS.get(field, "")).split("|") if kind in ("", ONE, SEVERAL) else []
        for part in filter(str.strip, parts):
            told = ANSWER.fullmatch(part)
            code = code_text(told[1]) if told else ""
            if not told or code in answers:
                what = f"'{part.strip()}' is no answer with a code of its own"
                problems.append(Problem(name, what, "write 1=Yes|2=No", row, "answers"))
            else:
                answers[code] = told[2]
        if not plain_text(variable):
            problems.append(Problem(name, "the row names no variable", "write the name of a column", row, "variable"))
        yield Entry(plain_text(variable), plain_text(question), answers, row, kind)


def read_form(path: Path, problems: list[Problem]) -> Iterator[Entry]:
    """Yield the questions of an XLSForm, each named with the groups that it stands in."""
    name = paths.shown(path)
    try:
        sheets = pd.read_excel(path, sheet_name=None, dtype=str, keep_default_na=False)
    except (ValueError, KeyError, OSError):
        problems.append(Problem(name, "it isn't an Excel workbook", "copy or save it again"))
        return
    forms = {
        title.strip().lower(): table.rename(columns=lambda text: str(text).strip()) for title, table in sheets.items()
    }
    survey, choices = forms.get("survey"), forms.get("choices", pd.DataFrame(columns=["list_name", "name", "label"]))
    if survey is None or not {"type", "name"} <= set(survey.columns):
        problems.append(Problem(name, "no sheet called survey has the columns type and name", "give an XLSForm"))
        return
    listed = "list_name" if "list_name" in choices.columns else "list name"
    lists: dict[str, dict[str, str]] = {}
    said = find_label(choices)
    for _, choice in choices.iterrows():
        if choice.get(listed) and choice.get("name"):
            code = code_text(choice["name"])
            lists.setdefault(choice[listed].strip(), {})[code] = plain_text(choice.get(said, "")) or code
    groups, said = list[str](), find_label(survey)
    for row, line in enumerate(survey.to_dict("records"), start=2):
        kind, _, rest = str(line["type"]).strip().partition(" ")
        word = f"{kind} {rest}".lower().replace("_", " ").strip()
        if word in ("begin group", "begin repeat"):
            groups.append(plain_text(line["name"]))
        elif word in ("end group", "end repeat"):
            groups = groups[:-1]
        elif line["name"]:
            answers, given = dict[str, str](), rest.split()
            if kind in (ONE, SEVERAL):
                answers = lists.get(given[0] if given else "", {})
                if not answers:
                    what = f"no list of choices is called '{given[0] if given else ''}'"
                    problems.append(Problem(name, what, "add it to the sheet choices", row, "type"))
                answers = answers | ({"other": "Other"} if "or_other" in given else {})
            found = MOST_SELECTED.search(str(line.get("constraint", "")))
            most = str(int(found[2]) - (not found[1])) if found else ""
            wording = re.sub(r"[*_]{2}|<[^>]+>", "", plain_text(str(line.get(said, ""))))
            yield Entry("/".join([*groups, plain_text(line["name"])]), wording, answers, row, kind, most)


def find_label(table: pd.DataFrame) -> str:
    """Return the column of a sheet that holds labels: of several languages the English one, or else the first."""
    named = [str(column) for column in table.columns if LABEL.fullmatch(str(column).strip())]
    return next((name for name in named if "engl" in name.lower() or name == "label"), named[0] if named else "label")


def lay_over(source: Respondents, questionnaire: Questionnaire) -> tuple[Respondents, dict[str, Entry], list[str]]:
    """Return a file with the wording and the answers of a questionnaire for labels.

    Besides it what is said of each of its columns, and where the two don't fit, as sentences with their places.

    Raises
    ------
    DataError
        When no variable of the questionnaire is a column of the file.
    """
    labels, values = dict(source.labels), dict(source.value_labels)
    told: dict[str, Entry] = {}
    doubts, absent = list[str](), list[Entry]()
    there = {plain_name(column): column for column in reversed(source.frame.columns)}
    there |= {column: column for column in source.frame.columns}  # Q1 beside q1
    for stated in questionnaire.entries:
        columns = find_columns(there, stated)
        several = not stated.kind and any(find_mark(source.count_codes(column), stated.answers) for column in columns)
        entry = replace(stated, kind=SEVERAL) if several else stated
        if not columns and (entry.answers or not entry.kind):
            absent.append(entry)
        for column, option in columns.items():
            told[column] = entry
            if entry.question:
                labels[column] = f"{entry.question} [{entry.answers[option]}]" if option else entry.question
            if entry.answers and not option and not find_mark(source.count_codes(column), entry.answers):
                values[column] = {**values.get(column, {}), **entry.answers}
                doubts += check_column_codes(source, column, entry, questionnaire.name)
    if not told:
        expected = "give the questionnaire of this file, or rename its variables"
        raise DataError(
            "The questionnaire", [Problem(questionnaire.name, "no variable is a column of the file", expected)]
        )
    # Forms that repeat a part for each member of a household have it in another file.
    if absent:
        names, expected = [f"'{entry.variable}'" for entry in absent], "correct the name, or take the row out"
        found = f"the file has no column {list_first(names)}"
        doubts.append(str(Problem(questionnaire.name, found, expected, absent[0].row, "variable")))
    return replace(source, labels=labels, value_labels=values), told, doubts


def find_columns(there: Mapping[str, str], entry: Entry) -> dict[str, str]:
    """Return the columns of a file that an entry is about, each with the code of its option, "" for the whole question.

    Parameters
    ----------
    there : mapping
        The columns by their names, and by their plain ones.
    entry : Entry
        What a questionnaire says of a question, whose options have their codes behind its name.
    """
    # Files name a question with the groups that it stands in, or without them.
    names = dict.fromkeys((entry.variable, entry.variable.rpartition("/")[2]))
    found = {there.get(name) or there[plain]: "" for name in names if (plain := plain_name(name)) in there}
    if entry.kind == SEVERAL or not found:
        options = {plain_name(f"{name}_{code}"): code for name in names for code in entry.answers}
        found |= {there[option]: code for option, code in options.items() if option in there}
    return found


def plain_name(name: str) -> str:
    """Return a name as programs leave it that put other signs for those they can't hold: a/b[c] is a.b.c, or a_b_c.

    The option -1 is q/-1, or REDCap's q____1, where q___1 is the option 1.
    """
    signed = re.sub(r"(?<=[\W_])-(?=\d+\b)|(?<=___)_(?=\d)", "minus", name)
    return re.sub(r"[\W_]+", "_", signed).strip("_").lower()


def check_column_codes(source: Respondents, column: str, entry: Entry, name: str) -> Iterator[str]:
    """Yield where the codes of a column and the answers of a questionnaire differ, as problems with their place."""
    counts = source.count_codes(column)
    known = {*entry.answers, *source.value_labels.get(column, {})}
    strange = [code for code in counts if code not in known and not match_answer(code)]
    if strange:
        # What people wrote there may tell who they are.
        shown = [code for code in strange if re.fullmatch(r"-?\d{1,4}|[A-Za-z]{1,2}\d{1,3}", code)]
        named = f" ({list_first(shown)})" if shown else ""
        found = f"{len(strange)} codes of {column} have no answer{named}"
        yield str(Problem(name, found, "add them, or they count for nothing", entry.row, "answers"))
    if idle := [code for code in entry.answers if code not in counts]:
        found = f"no one has {list_first(idle)} in {column}"
        yield str(Problem(name, found, "correct the code, unless nobody answered so", entry.row, "answers"))
