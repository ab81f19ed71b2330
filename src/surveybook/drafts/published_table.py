"""Reading a published table of shares: which column is what, and what each row is a share of.

Publishers lay one out in many ways. Columns are known by their names; periods, answers or groups may stand side by side
in columns, and a question once above its answers. Whatever it looked like, a share is a row afterwards.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from surveybook.drafts.labels import SIGNS, VOCABULARY, make_id
from surveybook.model.problems import DataError, Problem
from surveybook.model.wording import list_first, listing
from surveybook.respondents.codes import MONTH, MONTHS, plain_text
from surveybook.respondents.files import Respondents
from surveybook.waves.checks import PopulationBlock

NEEDED = ("period", "question", "response", "percent")
OPTIONAL = ("item", "base", "section", "code", "group", "asked_of", "note")
# Of these a period states one value each, and ``wave.yml`` has it.
OF_A_PERIOD = tuple(name for name in PopulationBlock.model_fields if name not in ("label", "note", "base_status"))
# What the column of each part may be called, the best name first.
PARTS = {**VOCABULARY["parts"], **{name: [name] for name in OF_A_PERIOD}}
# Signs for a figure that a publisher keeps back, and for one that there isn't.
WITHHELD, NOT_THERE = ("", "*", "c", "[c]", "-", "–", ".."), ("z", "[z]", "n/a", "na")
PERCENT = re.compile(r"\d{1,3}(\.\d+)?")
DECIMAL_COMMA = re.compile(r"^(\d{1,3}),(\d{1,2})$")
GROUP = re.compile(r"(?P<by>[^:=]+)[:=](?P<group>[^:=]+)")
# Groupings by what a column of their groups is called, and by what the groups themselves are; what names everybody.
GROUPINGS = re.compile("|".join(signs["names"] for signs in VOCABULARY["groups"].values()))
GROUPS = {by: re.compile(sign, re.IGNORECASE) for by, sign in VOCABULARY["groups_in_tables"].items()}
EVERYBODY = re.compile(VOCABULARY["everybody"], re.IGNORECASE)
YEAR, PART_OF_YEAR = re.compile(r"(?:19|20)\d\d"), re.compile(r"(?<!\d)\d{1,2}(?!\d)")
# The months in which seasons begin; a winter is of two years.
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9}
# Shares that agree in all of these are of one whole.
OF_A_WHOLE = ("period", "code", "question", "item", "group")
# What a share is of is told by so many of these.
SHARED, LEAST_TOLD = {"question", "item", "response"}, 2
# So many columns of shares stand side by side.
LEAST_BESIDE = 2
# Answers of which people give one add up to a whole as far as this, of 1: the rest is rounding, or isn't printed.
NEARLY_WHOLE = 0.03


@dataclass(frozen=True)
class PublishedTable:
    """A table of shares, one a row.

    Attributes
    ----------
    rows : pandas.DataFrame
        The parts of a topline as text, and ``row``, its row in the file.
    others : pandas.DataFrame
        The columns that are no part of it, by the same index.
    periods : tuple of str
        The earliest first; one without a name where the file tells none.
    doubts : tuple of str
        What was read into it, and may be otherwise.
    """

    rows: pd.DataFrame
    others: pd.DataFrame
    periods: tuple[str, ...]
    doubts: tuple[str, ...]


def read_published_table(source: Respondents) -> PublishedTable | None:
    """Return a published table of shares; None where a file isn't one, by its columns.

    Raises
    ------
    DataError
        Where answers have no shares, or no question that they were given to.
    """
    found = find_parts(source.frame.columns)
    if not found.keys() & SHARED:
        return None
    frame = source.frame.astype(str).fillna("").map(plain_text)
    frame.index = pd.RangeIndex(source.first_row, source.first_row + len(frame), name="row")
    frame, doubts = fill_down(frame, found)
    # The row below the answers that tells how many they are of, as tables for print have it.
    answers = frame.get(found.get("response", ""), pd.Series("", frame.index))
    of_bases = answers.map(lambda answer: any(re.fullmatch(name, make_id(answer)) for name in PARTS["base"]))
    frame, found = stack_columns(frame.assign(of_bases=of_bases).reset_index(), found)
    if "percent" not in found or len(found.keys() & SHARED) < LEAST_TOLD:
        refuse_half_a_table(found, source.name)
        return None
    if "base" not in found and "sample_size" in found and varies_within_period(frame, found):
        found["base"] = found.pop("sample_size")
    groupings = find_groupings(frame, found)
    rows = take_bases(name_parts(frame, found, groupings))
    rows = rows[~rows["percent"].str.lower().isin(NOT_THERE)]
    rows, more = read_fractions(rows)
    periods, unsorted = sort_periods(rows["period"].unique() if "period" in found else [""])
    used = {"row", "of_bases", *found.values(), *groupings}
    others = frame.loc[rows.index, [column for column in frame.columns if column not in used]]
    return PublishedTable(rows, others, periods, (*doubts, *more, *unsorted))


def refuse_half_a_table(found: Mapping[str, str], file: str) -> None:
    """Raise an error where rows are of answers without shares, or of shares without a question.

    They aren't a person each, and nothing else could be drafted of them.
    """
    told = found.keys() & SHARED
    lacking = "percent" if told >= {"question", "response"} else "question"
    if lacking == "percent" or ("percent" in found and told == {"response"}):
        there = listing([found[part] for part in (*sorted(told), "percent") if part in found])
        said = f"{there} are of a table of shares, in which no column is called {lacking}"
        remedy = "add it, or call it so; a file of respondents has a row for each person"
        raise DataError("The topline", [Problem(file, said, remedy)])


def name_parts(frame: pd.DataFrame, found: Mapping[str, str], groupings: Sequence[str]) -> pd.DataFrame:
    """Return the rows with a column for each part, and in ``group`` what groups people with the group."""
    rows = frame.rename(columns={column: part for part, column in found.items()})
    parts = [*NEEDED, *OPTIONAL, "by", *(one for one in OF_A_PERIOD if one in found)]
    rows = rows.reindex(columns=["row", "of_bases", *parts], fill_value="")
    named = [rows["group"].combine(rows["by"], name_group)]
    for column in groupings:
        by = column.partition(":")[2].strip() or column
        named.append(frame[column].map(lambda group, by=by: name_group(group, by)))
    groups = [" and ".join(filter(None, own)) for own in zip(*named, strict=True)]
    return rows.drop(columns="by").assign(percent=read_percents(rows["percent"]), group=groups)


def find_parts(columns: Iterable[str]) -> dict[str, str]:
    """Return the column of each part of a topline, by its name: part to the name in the file."""
    plain = {column: make_id(column.replace("%", " per cent ")) for column in columns}
    found: dict[str, str] = {}
    for part, names in PARTS.items():
        fitting = (column for name in names for column in plain if re.fullmatch(name, plain[column]))
        if (column := next((one for one in fitting if one not in found.values()), None)) is not None:
            found[part] = column
    return found


def stack_columns(frame: pd.DataFrame, found: Mapping[str, str]) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return a table in which shares of periods, answers or groups stand side by side with one share a row.

    Parameters
    ----------
    frame : pandas.DataFrame
        The table as text, with ``row`` and ``of_bases``, the rows that hold no shares.
    found : mapping
        The columns of its parts, without shares; others are left as they are.

    Returns
    -------
    pandas.DataFrame
        The table.
    dict
        The columns of its parts.
    """
    if "percent" in found or "question" not in found:
        return frame, dict(found)
    rest = [column for column in frame.columns if column not in ("row", "of_bases", *found.values())]
    side_by_side = [column for column in rest if holds_shares(frame.loc[~frame["of_bases"], column])]
    if len(side_by_side) < LEAST_BESIDE:
        return frame, dict(found)
    parts = [column for column in side_by_side if not SIGNS["total"].search(column)]
    wholes = frame[parts].apply(lambda column: read_shares(read_percents(column))).sum(axis=1)
    are_wholes = any(((wholes / whole - 1).abs() <= NEARLY_WHOLE).mean() > 0.5 for whole in (1, 100))
    has_answers = "response" in found or "item" in found
    told = {
        "period": has_answers and all(map(YEAR.search, side_by_side)),
        "response": are_wholes,
        "group": "response" in found,
    }
    part = next((part for part, fits in told.items() if fits and part not in found), None)
    if part is None:
        return frame, dict(found)
    names = {"var_name": f"{part} of column", "value_name": "share of column"}
    stacked = frame.melt([column for column in frame.columns if column not in side_by_side], **names)
    # An empty cell of such a table is of what wasn't asked.
    stacked[names["value_name"]] = stacked[names["value_name"]].replace("", NOT_THERE[0])
    stacked = stacked.sort_values("row", kind="stable", ignore_index=True)
    return stacked, {**found, part: names["var_name"], "percent": names["value_name"]}


def holds_shares(cells: pd.Series) -> bool:
    """Return whether a column holds numbers up to 100 alone, and signs for those that aren't shown."""
    values = read_percents(cells)
    numbers = read_shares(values)
    return bool((numbers.isna() == values.str.lower().isin((*WITHHELD, *NOT_THERE))).all() and numbers.max() <= 100)


def read_percents(cells: pd.Series) -> pd.Series:
    """Return shares as text with a point, and without the sign."""
    return cells.str.removesuffix("%").str.strip().str.replace(DECIMAL_COMMA, r"\1.\2", regex=True)


def read_shares(percents: pd.Series) -> pd.Series:
    """Return shares that `read_percents` gives as numbers, in the unit of the table; missing where none stands."""
    return pd.to_numeric(percents.where(percents.str.fullmatch(PERCENT)), errors="coerce")


def varies_within_period(frame: pd.DataFrame, found: Mapping[str, str]) -> bool:
    """Return whether a period has several sizes of its sample, so that they are bases of its figures."""
    period = frame[found["period"]] if "period" in found else pd.Series("", frame.index)
    return bool(frame[found["sample_size"]].groupby(period).nunique().max() > 1)


def find_groupings(frame: pd.DataFrame, found: Mapping[str, str]) -> list[str]:
    """Return the columns whose names say that they hold groups, where figures aren't told apart without them."""
    own = [found[name] for name in ("period", "code", "question", "item", "response", "by", "group") if name in found]
    called = [column for column in frame.columns if column not in found.values()]
    called = [one for one in called if re.match("group:", one, re.IGNORECASE) or GROUPINGS.fullmatch(make_id(one))]
    return called if frame.duplicated(own).any() else []


def name_group(group: str, by: str) -> str:
    """Return a group with what groups people so, "age: 16 to 34"; "" of everybody, and itself where nothing tells."""
    if not group or EVERYBODY.fullmatch(group):
        return ""
    known = by or next((name for name, sign in GROUPS.items() if sign.fullmatch(group)), "")
    return group if GROUP.fullmatch(group) or not known else f"{known}: {group}"


def fill_down(frame: pd.DataFrame, found: Mapping[str, str]) -> tuple[pd.DataFrame, list[str]]:
    """Return rows with the question that stands once above its answers in each of them, and that this was done.

    In a table that repeats its questions an empty cell is a slip, and stays.
    """
    if "question" not in found:
        return frame, []
    named = [found[part] for part in ("question", "item") if part in found]
    empty = (frame[named] == "").all(axis=1)
    told = frame.loc[~empty, found["question"]]
    if not empty.any() or empty.iloc[0] or (told == told.shift()).any():
        return frame, []
    shared = [found[part] for part in ("period", "section", "code", "question", "asked_of", "base") if part in found]
    filled = {column: frame[column].mask(empty & (frame[column] == "")).ffill() for column in shared}
    said = f"{empty.sum():,} rows name no question, and were read as going on with the one above"
    return frame.assign(**filled), [said]


def take_bases(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of shares alone: with the base that a row of theirs tells, and without what all answers add up to."""
    bases = rows["percent"].where(rows["of_bases"]).groupby([rows[name] for name in OF_A_WHOLE]).transform("first")
    is_whole = rows["response"].str.fullmatch(EVERYBODY) & rows["percent"].str.fullmatch(r"100(\.0*)?")
    filled = rows.assign(base=rows["base"].mask(rows["base"] == "", bases.fillna("")))
    return filled[~rows["of_bases"] & ~is_whole].drop(columns="of_bases")


def read_fractions(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return rows in per cent where shares are fractions of 1, to which answers add up, and that they were read so."""
    values = read_shares(rows["percent"])
    if not 0 < values.max() <= 1:
        return rows, []
    sums = values.groupby([rows[name] for name in OF_A_WHOLE]).sum()
    if ((sums - 1).abs() <= NEARLY_WHOLE).mean() <= 0.5:
        return rows, []
    shown = [text if pd.isna(value) else f"{Decimal(text).scaleb(2):f}" for text, value in
             zip(rows["percent"], values, strict=True)]  # fmt: skip
    return rows.assign(percent=shown), ["answers add up to 1, so that shares were read as 0.48 for 48%"]


def sort_periods(periods: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Return periods, the earliest first, and where their names don't tell that, that it is the order of the file."""
    places = {period: place for period in periods if (place := place_period(period))}
    if len({*places.values()}) == len(periods):
        return tuple(sorted(places, key=places.__getitem__)), []
    said = f"{list_first(list(periods))} stand in the order of the file: the first has to be the earliest"
    return tuple(periods), [said] if len(periods) > 1 else []


def place_period(period: str) -> tuple[int, ...] | None:
    """Return the place of a period in time: year, month, day or number; None where its name tells none."""
    years, text = YEAR.findall(period), YEAR.sub(" ", period).lower()
    numbers = [int(number) for number in PART_OF_YEAR.findall(text)]
    month = next((SEASONS[word] for word in re.findall(r"[a-z]+", text) if word in SEASONS), 0)
    if found := re.search(rf"\b{MONTH.pattern}\b", text):
        month = MONTHS.index(found[1].lower()) + 1
    return (int(years[0]) if years else 0, month, *numbers) if (years or numbers) and "winter" not in text else None
