"""Reading a published table of shares: which column is what, and what each row is a share of.

Publishers lay one out in many ways. Columns are known by their names; periods, answers or groups may stand side by side
in columns, and a question once above its answers. Whatever it looked like, a share is a row afterwards.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from surveybook.drafts.crosstabs import unfold_crosstab
from surveybook.drafts.labels import SIGNS, VOCABULARY, make_id
from surveybook.drafts.roles import OF_PLACES
from surveybook.model.problems import DataError, Problem
from surveybook.model.wording import YEAR, list_first, listing
from surveybook.respondents.codes import MONTH, MONTHS, plain_text
from surveybook.respondents.files import Respondents
from surveybook.waves.checks import PopulationBlock

# Of what is told of shares a period states one value each of these, and ``wave.yml`` has it.
OF_A_PERIOD = tuple(name for name in PopulationBlock.model_fields if name not in ("label", "note", "base_status"))
# What the column of each part may be called, the best name first.
PARTS = {**VOCABULARY["parts"], **{name: [name] for name in OF_A_PERIOD}}
# What a row of bases is called, among answers.
OF_BASES = [*PARTS["base"], "sample_size", "total_respondents", r"base_all\w*"]
# Signs for a figure that isn't published, and for one that there isn't.
WITHHELD = re.compile(f"({VOCABULARY['withheld']})?", re.IGNORECASE)
NOT_THERE = re.compile(VOCABULARY["not_there"], re.IGNORECASE)
PERCENT = re.compile(r"\d{1,3}(\.\d+)?")
# "<1", which is told in words; and what stands behind a figure that it is a note on: "60*", "62 [u]", "48 ±2".
BOUND = re.compile(r"(?P<sign>[<>≤≥]) ?(?P<share>\d+(?:\.\d+)?)")
MARKED = re.compile(VOCABULARY["marked"])
DECIMAL_COMMA = re.compile(r"^([<>≤≥]? ?\d{1,3}),(\d{1,2})$")
UNIT_BEHIND = re.compile(r"\W*(%|\bper ?cent\b)\W*$", re.IGNORECASE)
# "(2,500)", "1.000" and "1 000" people.
PEOPLE = re.compile(r"\(?(?P<number>\d{1,3}(?:[., '’\u00a0\u202f]\d{3})+|\d+(?:\.0+)?)\)?")
GROUP = re.compile(r"(?P<by>[^:=]+)[:=](?P<group>[^:=]+)")
# Groupings by what a column of their groups is called, and by what the groups themselves are; what names everybody.
GROUPINGS = re.compile("|".join(signs["names"] for signs in VOCABULARY["groups"].values()))
# Groupings whose groups have names of their own.
PLACES = re.compile("|".join(VOCABULARY["groups"][name]["names"] for name in OF_PLACES))
GROUPS = {by: re.compile(sign, re.IGNORECASE) for by, sign in VOCABULARY["groups_in_tables"].items()}
EVERYBODY = re.compile(VOCABULARY["everybody"], re.IGNORECASE)
# What tables print beside shares, in a row or a column; and what only a column that holds none is called,
# of which limits of confidence stand beside no answers of people.
NO_SHARE = re.compile(VOCABULARY["no_shares"], re.IGNORECASE)
LIMIT = re.compile(VOCABULARY["limits"], re.IGNORECASE)
NO_SHARES = re.compile(f"{VOCABULARY['no_shares']}|{VOCABULARY['no_shares_in_columns']}|{LIMIT.pattern}", re.IGNORECASE)
# Columns that are called by a wave's number, "Wave 3".
NUMBERED_PERIOD = re.compile(f"({'|'.join(PARTS['period'])})_?\\d+")
PART_OF_YEAR = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
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
    frame, unfolded = unfold_crosstab(source)
    found = find_parts(frame.columns)
    if not found.keys() & SHARED and len([*filter(LIMIT.fullmatch, frame.columns)]) < LEAST_BESIDE:
        return None
    frame = frame.astype(str).fillna("").map(plain_text)
    frame, doubts = fill_down(frame, found)
    answers = frame.get(found.get("response", ""), pd.Series("", frame.index))
    beside = answers.map(lambda answer: bool(NO_SHARE.fullmatch(answer)))
    if beside.any():
        doubts = [*doubts, f"the rows of {list_first([*answers[beside].unique()])} hold no shares, and were left out"]
    # The row below the answers that tells how many they are of, as tables for print have it.
    of_bases = answers.map(lambda answer: any(re.fullmatch(name, make_id(answer)) for name in OF_BASES))
    frame, found = stack_columns(frame.assign(of_bases=of_bases)[~beside].reset_index(), found, source.name)
    if "percent" not in found or (len(found.keys() & SHARED) < LEAST_TOLD and "question" not in found):
        refuse_half_a_table(frame, found, source.name)
        return None
    if "base" not in found and "sample_size" in found and varies_within_period(frame, found):
        found["base"] = found.pop("sample_size")
    groupings = find_groupings(frame, found)
    rows = take_bases(name_parts(frame, found, groupings))
    rows = rows[~rows["percent"].str.fullmatch(NOT_THERE)]
    marked = frame.loc[rows.index, found["percent"]].str.fullmatch(MARKED)
    if marked.any():
        doubts = [*doubts, f"signs behind shares were left out, as in {frame.at[marked.idxmax(), found['percent']]}"]
    rows, of_fractions = read_fractions(rows)
    rows, of_counts = add_up_counts(rows)
    periods, unsorted = sort_periods(rows["period"].unique() if "period" in found else [""])
    used = {"row", "of_bases", *found.values(), *groupings}
    others = frame.loc[rows.index, [column for column in frame.columns if column not in used]]
    return PublishedTable(rows, others, periods, (*unfolded, *doubts, *of_fractions, *of_counts, *unsorted))


def refuse_half_a_table(frame: pd.DataFrame, found: Mapping[str, str], file: str) -> None:
    """Raise an error where rows are of answers without shares, or of shares without a question.

    They aren't a person each, and nothing else could be drafted of them; nor of shares between limits of confidence.
    """
    told = [found[part] for part in ("question", "response", "percent") if part in found]
    limits = [*filter(LIMIT.fullmatch, frame.columns)]
    if len(limits) < LEAST_BESIDE and (len(told) < LEAST_TOLD or not found.keys() & {"response"}):
        return
    lacking = " or ".join(part for part in ("question", "percent") if part not in found)
    said = f"{listing([*told, *limits])} are of a table of shares, in which no column is called {lacking}"
    remedy = "add it, or call it so; a file of respondents has a row for each person"
    raise DataError("The topline", [Problem(file, said, remedy)])


def name_parts(frame: pd.DataFrame, found: Mapping[str, str], groupings: Sequence[str]) -> pd.DataFrame:
    """Return the rows with a column for each part, and in ``group`` what groups people with the group."""
    rows = frame.rename(columns={column: part for part, column in found.items()})
    parts = ["row", "of_bases", *VOCABULARY["parts"], *(one for one in OF_A_PERIOD if one in found)]
    rows = rows.reindex(columns=parts, fill_value="")
    named = [rows["group"].combine(rows["by"], name_group)]
    for column in groupings:
        by = column.partition(":")[2].strip() or column
        named.append(frame[column].map(lambda group, by=by: name_group(group, by)))
    groups = [" and ".join(filter(None, own)) for own in zip(*named, strict=True)]
    # "Adults who smoke" has a share, and no answers in any row.
    has_answers = (rows["item"] + rows["response"] != "").groupby(rows["question"]).transform("any")
    rows["item"] = rows["item"].where(has_answers, rows["question"])
    rows["question"] = rows["question"].where(has_answers, "")
    percents = read_percents(rows["percent"])
    return rows.drop(columns="by").assign(percent=percents, base=rows["base"].map(read_people), group=groups)


def find_parts(columns: Iterable[str]) -> dict[str, str]:
    """Return the column of each part of a topline, by its name: part to the name in the file."""
    plain = {column: make_id(column.replace("%", " per cent ")) for column in columns}
    found: dict[str, str] = {}
    for part, names in PARTS.items():
        fitting = (column for name in names for column in plain if re.fullmatch(name, plain[column]))
        if (column := next((one for one in fitting if one not in found.values()), None)) is not None:
            found[part] = column
    return found


def stack_columns(frame: pd.DataFrame, found: Mapping[str, str], file: str) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return a table in which shares of periods, answers or groups stand side by side with one share a row.

    Parameters
    ----------
    frame : pandas.DataFrame
        The table as text, with ``row`` and ``of_bases``, the rows that hold no shares.
    found : mapping
        The columns of its parts, without shares; others are left as they are.
    file : str
        Its name, for errors.

    Returns
    -------
    pandas.DataFrame
        The table.
    dict
        The columns of its parts.

    Raises
    ------
    DataError
        Where columns of groups don't tell what groups people so, two are of one period, or one holds more than shares.
    """
    if "percent" in found or not found.keys() & {"question", "item"}:
        return frame, dict(found)
    own = frame[~frame["of_bases"]]
    rest = [column for column in frame.columns if column not in ("row", "of_bases", *found.values())]
    rest = [column for column in rest if not NO_SHARES.fullmatch(column)]
    shares = own[rest].apply(lambda column: read_shares(read_percents(column)))
    unread = {column: find_no_shares(own[column]) for column in rest if shares[column].max() <= 100}
    wrong = [
        Problem(file, f"'{cell}' is no share", "expected 0 to 100, [c] where it is withheld",
                int(frame.at[place, "row"]), column)
        for column, cells in unread.items() if shares[column].notna().mean() > 0.5 for place, cell in cells.items()
    ]  # fmt: skip
    if wrong and ("response" in found or are_wholes(shares[[*unread]].sum(axis=1))):
        raise DataError("The topline", wrong)
    side_by_side = [column for column, cells in unread.items() if cells.empty]
    if len(side_by_side) < LEAST_BESIDE:
        return frame, dict(found)
    called = {column: UNIT_BEHIND.sub("", column) for column in side_by_side}
    parts = [column for column in side_by_side if not SIGNS["total"].search(column)]
    told = {
        "period": not found.keys().isdisjoint(("response", "item")) and all(map(names_period, side_by_side)),
        "response": are_wholes(shares[parts].sum(axis=1)),
        "group": "response" in found,
    }
    part = next((part for part, fits in told.items() if fits and part not in found), None)
    if part is None:
        return frame, dict(found)
    nameless, expected = [], "call it by what groups people so, as in “age: 16-24”, or take it out"
    if part == "group":
        nameless = [one for one in called.values() if one == name_group(one, "") and not GROUP.fullmatch(one)]
        said = "the column “{}” doesn't tell what groups people so"
    elif part == "period":
        # "2030 SE" beside "2030" is of no other time, and so no period.
        nameless = [one for one in called.values() if any(re.search(rf"\b{re.escape(other)}\b", one)
                                                          for other in called.values() if other != one)]  # fmt: skip
        said, expected = "the column “{}” is of the same time as another", "keep that with the shares"
    if nameless:
        raise DataError("The topline", [Problem(file, said.format(one), expected) for one in nameless])
    names = {"var_name": f"{part} of column", "value_name": "share of column"}
    stacked = frame.melt([column for column in frame.columns if column not in side_by_side], **names)
    # An empty cell of such a table is of what wasn't asked.
    stacked[names["value_name"]] = stacked[names["value_name"]].replace("", "[z]")
    stacked[names["var_name"]] = stacked[names["var_name"]].map(called)
    stacked = stacked.sort_values("row", kind="stable", ignore_index=True)
    return stacked, {**found, part: names["var_name"], "percent": names["value_name"]}


def names_period(column: str) -> bool:
    """Return whether a column is called by a period: a year, a month or the number of a wave."""
    is_dated = YEAR.search(column) or re.search(rf"\b{MONTH.pattern}(?![^\W\d])", column, re.IGNORECASE)
    return bool(is_dated or NUMBERED_PERIOD.fullmatch(make_id(column)))


def are_wholes(sums: pd.Series) -> bool:
    """Return whether most sums of shares are all that there is, in per cent or of 1."""
    return any(((sums / whole - 1).abs() <= NEARLY_WHOLE).mean() > 0.5 for whole in (1, 100))


def find_no_shares(cells: pd.Series) -> pd.Series:
    """Return the cells that hold neither a share nor a sign for one that isn't shown."""
    values = read_percents(cells)
    is_told = are_withheld(values) | values.str.fullmatch(NOT_THERE) | values.str.fullmatch(BOUND)
    return cells[read_shares(values).isna() & ~is_told]


def are_withheld(percents: pd.Series) -> pd.Series:
    """Return whether each of the shares that `read_percents` gives isn't published."""
    return percents.str.fullmatch(WITHHELD)


def read_percents(cells: pd.Series) -> pd.Series:
    """Return shares as text with a point, without the sign and without what is a note on them."""
    plain = cells.str.replace(MARKED, r"\1", regex=True).str.removesuffix("%").str.strip()
    return plain.replace(VOCABULARY["bounds"], regex=True).str.replace(DECIMAL_COMMA, r"\1.\2", regex=True)


def tell_bounds(percents: pd.Series) -> pd.DataFrame:
    """Return what the codebook says of words for each figure of which only a bound is known: "less than 1%"."""
    bounds = percents.str.extract(BOUND).dropna()
    told = bounds["sign"].map(VOCABULARY["bounds_in_words"]) + " " + bounds["share"] + "%"
    relations, fractions = bounds["sign"].map(VOCABULARY["relations"]), bounds["share"].astype(float) / 100
    return pd.DataFrame({"phrase": told, "relation": relations, "fraction": fractions, "reading": told})


def read_people(cell: str) -> str:
    """Return a number of people without brackets and without what parts its thousands; what is none as it stands."""
    found = PEOPLE.fullmatch(cell)
    return re.sub(r"[^\d.]|\.(?=\d{3}(\D|$))|\.0+$", "", found["number"]) if found else cell


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
    return [one for one in called if frame.groupby(own)[one].nunique().max() > 1]


def name_group(group: str, by: str) -> str:
    """Return a group with what groups people so, "age: 16 to 34"; "" of everybody, and itself where nothing tells."""
    if not group or EVERYBODY.fullmatch(group) or EVERYBODY.fullmatch(by):
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
    told = rows["percent"].map(read_people).where(rows["of_bases"], "")
    bases = told.mask(told == "").groupby([rows[name] for name in OF_A_WHOLE]).transform("first")
    values = read_shares(rows["percent"]).where(~rows["of_bases"])
    is_whole = rows["response"].str.fullmatch(EVERYBODY) & (values == (1 if values.max() <= 1 else 100))
    filled = rows.assign(base=rows["base"].mask(rows["base"] == "", bases.astype(object).fillna("")))
    return filled[~rows["of_bases"] & ~is_whole].drop(columns="of_bases")


def read_fractions(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return rows in per cent where shares are fractions of 1, to which answers add up, and that they were read so."""
    values = read_shares(rows["percent"])
    if not 0 < values.max() <= 1:
        return rows, []
    if not are_wholes(values.groupby([rows[name] for name in OF_A_WHOLE]).sum()):
        return rows, []
    shown = [text if pd.isna(value) else f"{Decimal(text).scaleb(2):f}" for text, value in
             zip(rows["percent"], values, strict=True)]  # fmt: skip
    return rows.assign(percent=shown), ["answers add up to 1, so that shares were read as 0.48 for 48%"]


def add_up_counts(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return rows whose base is what the answers of a whole were counted to, where each has its count for a base.

    Answers of which people give one are of the same people, so that numbers that differ count who gave each.
    """
    own = [rows[name] for name in OF_A_WHOLE]
    counts = pd.to_numeric(rows["base"], errors="coerce")
    sums = read_shares(rows["percent"]).groupby(own).transform("sum")
    differ = (counts.groupby(own).transform("nunique") > 1) & ((sums / 100 - 1).abs() <= NEARLY_WHOLE)
    if not differ.any():
        return rows, []
    bases = counts.groupby(own).transform("sum").map("{:.0f}".format)
    said = "the numbers of people differ between answers of which people give one: their sum was read as the base"
    return rows.assign(base=rows["base"].mask(differ, bases)), [said]


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
