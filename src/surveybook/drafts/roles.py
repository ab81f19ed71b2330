"""Which columns of a file are a part of the design, and which groups get figures of their own."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from textwrap import shorten
from typing import Any

import numpy as np
import pandas as pd

from surveybook.drafts.chapters import IN_BRACKETS, calm_labels, find_names, is_background, name_question
from surveybook.drafts.columns import DraftColumn, is_number
from surveybook.drafts.labels import MOST, NO_FIGURE, SIGNS, VOCABULARY, make_id
from surveybook.drafts.records import DraftQuestion, read_targets, state_missing, write_targets
from surveybook.drafts.related_columns import TOGETHER
from surveybook.model.survey import make_figure_id
from surveybook.model.wording import count, is_written_as_name, list_first, listing
from surveybook.respondents.codes import WEIGHT, code_text
from surveybook.respondents.files import Respondents
from surveybook.respondents.mapping import DOMAIN_VALUE

# A column of weights has more values than this; one with fewer says how somebody was weighed.
FEWEST_WEIGHTS = 10
# Where a column has so many different values, two rows that are alike throughout are hardly of two people.
OWN_VALUE = 0.5
# What rows may be that have an id in common, or are counted.
TWICE = "do some people stand twice, or are rows members of households, or visits to one person?"
# So many members of a household are counted at least, by so many households; and of all rows, lest it be an answer
# that nearly all give, such a part goes on from the one above.
LEAST_LINES, FEWEST_LINES = 3, 0.25
# Where fewer of those who answered have a weight, it isn't theirs.
FEW_WEIGHTS = 0.5
# What people weigh, in kilograms or pounds.
LIGHTEST, HEAVIEST = 25, 330
# The mean of weights that make a sample stand for itself differs by so little from 1.
NEAR_ONE = 0.01
# A label of a group is as short as this, or it asks what people think of such groups.
MOST_WORDS = 8
# Whose groups have names of their own.
OF_PLACES = ("region",)
MOST_GROUPS = 12
LONGEST_GROUP = 60
AGES: dict[str, tuple[int, int | None]] = {"16-34": (16, 34), "35-54": (35, 54), "55+": (55, None)}
YOUNGEST, OLDEST = 5, 120
# What stands for a day that is not kept.
NO_DAY = date(1980, 1, 1)
# So few people, more than a year apart from all others, answered on no such day.
FEW_DAYS, A_YEAR = 0.05, pd.Timedelta(days=366)
# Years from here on are of another calendar: 2562 in Thailand was 2019.
ENDLESS = 2200
# How days are written; 05/06/2023 may be of May or of June, and only others of its column tell.
DAYS = ("%Y-%m-%d", "%d-%m-%Y", "%m-%d-%Y", "%d-%m-%y", "%m-%d-%y")
DAY_PARTS = ("day", "month", "year")
# A table with more groupings than this is none to read; and what may be shown of them is sought in all that people
# belong to, of which each grouping makes several times as many sets.
MOST_GROUPINGS = 6
# What surveys are read by, the first before others.
TOPICS = [re.compile(words, re.IGNORECASE) for words in VOCABULARY["topics"]]
# Of a group: that few who didn't state theirs are no secret.
UNPROTECTED = {"not_stated": "shown"}
Groupings = dict[str, dict[str, object]]


@dataclass
class Roles:
    """Which columns are a part of the design, and which of what was found there isn't certain.

    Attributes
    ----------
    design : dict of str
        The columns of the design by what they are.
    spare : dict of str
        Columns that are no part of it and no question either, each with the reason.
    doubts : list of str
        What whoever knows the survey has to decide, as sentences.
    fieldwork : tuple of date, optional
        The first and the last day of fieldwork.
    """

    design: dict[str, str] = field(default_factory=dict)
    spare: dict[str, str] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    fieldwork: tuple[date, date] | None = None


def find_roles(columns: Sequence[DraftColumn]) -> Roles:
    """Return the columns of the design by their names or labels; what may be one and isn't named as such is a doubt."""
    found, rows = Roles(), list[str]()
    for key, signs in VOCABULARY["design"].items():
        names = WEIGHT if key == "weight" else re.compile(signs["names"], re.IGNORECASE)
        named = [column for column in columns if names.fullmatch(column.name)]
        if key == "id":
            unique = [column for column in (*named, *columns[:1]) if is_identifier(column.values)]
            rows += doubt_rows(columns, named, are_apart=bool(unique))
            named = unique
        fewest = {column.name: 1 for column in named}
        if "labels" in signs and (key == "weight" or not named):
            said = re.compile(signs["labels"], re.IGNORECASE)
            # "Local machine or cluster?" is asked of people.
            texts = {column: column.label or column.name.replace("_", " ") for column in columns}
            told = [column for column, text in texts.items() if said.search(text) and "?" not in text]
            told = [column for column in told if not SIGNS["computed"].fullmatch(texts[column])]
            named += [column for column in told if column not in named]
        if key == "weight":
            weights = [one for one in named if is_weight(one, fewest.get(one.name, FEWEST_WEIGHTS))]
            bodies = [column for column in weights if weighs_bodies(column)]
            found.doubts += [f"Is {column.name} the weight? It reads like what people weigh" for column in bodies]
            texts_alone = [column.name for column in named if not len(read_plain_numbers(column.values))]
            found.doubts += [f"{name} is called a weight and can't be read as one: shares are without it"
                             for name in texts_alone]  # fmt: skip
            choose_weight(columns, [column for column in weights if column not in bodies], found)
            continue
        # What most have nothing of draws nobody: "Do you run it on a cluster?". Whoever counts was drawn somewhere.
        named = [one for one in named if key == "id" or 2 * one.counts.total() > len(one.values)]
        people = min((one.counts.total() for one in columns if one.name == found.design.get("weight")), default=0)
        apart = [one for one in named if key != "id" and one.counts.total() < (people or len(one.values))]
        found.doubts += [f"{one.name} says of some alone how they were drawn: fill it in ({key})" for one in apart]
        if named := [one for one in named if one not in apart]:
            found.design[key] = named[0].name
            others = re.compile(signs.get("others", "$^"), re.IGNORECASE)
            more = [one for one in columns if one in named[1:] or others.fullmatch(one.name)] if key != "id" else []
            found.spare |= {one.name: f"like {named[0].name}, it says how people were drawn" for one in more}
    find_fieldwork(columns, found)
    found.doubts += rows
    return found


def find_fieldwork(columns: Sequence[DraftColumn], found: Roles) -> None:
    """Add the first and last day of the first column that says when people answered, if its days are certain.

    Or of three columns: day, month and year of the interview.
    """
    named = [one for one in columns if any(map(SIGNS["moment"].fullmatch, (one.name, one.text)))]
    noted = [one for one in columns if SIGNS["interviewer"].fullmatch(one.text)]
    told = ((one.name, days) for one in named if (days := read_days(one.values)) is not None)
    for name, days in chain(told, read_day_parts([*named, *noted])):
        # A clock that was never set says 1959; and LimeSurvey writes one day of 1980 into all rows of anonymous people.
        first, last = (days.quantile(*end) for end in ((FEW_DAYS, "higher"), (1 - FEW_DAYS, "lower")))
        days = days[days.between(first - A_YEAR, last + A_YEAR)]
        if {days.min().date(), days.max().date()} != {NO_DAY}:
            found.fieldwork = days.min().date(), days.max().date()
            first, last = found.fieldwork
            when = f"on {first}" if first == last else f"from {first} to {last}"
            says = "say" if " and " in name else "says"
            found.doubts.append(f"Was the fieldwork {when}, as {name} {says}, without tests and late answers?")
            return


def read_day_parts(columns: Sequence[DraftColumn]) -> Iterator[tuple[str, pd.Series]]:
    """Yield the days that the first three columns of day, month and year tell, with their names; none in doubt."""
    told = dict[str, DraftColumn]()
    for column in columns:
        found = {part: sign.start() for part in DAY_PARTS if (sign := SIGNS[part].search(column.text))}
        # "Day of month" is a day.
        told.setdefault(min(found, key=found.__getitem__, default=""), column)
    if told.keys() >= {*DAY_PARTS}:
        parts = {part: pd.to_numeric(told[part].values, errors="coerce") for part in DAY_PARTS}
        days = pd.to_datetime(pd.DataFrame(parts).dropna(), errors="coerce")
        if len(days) and days.notna().all():
            yield listing([told[part].name for part in DAY_PARTS]), days


def read_days(series: pd.Series) -> pd.Series | None:
    """Return the days of a column; None where some cell is none, or where they can be read in two ways."""
    if pd.api.types.is_datetime64_any_dtype(series):
        return series.dropna() if series.notna().any() else None
    texts = pd.Series([code_text(value) for value in series.dropna()], dtype=str)
    days = (
        texts[texts != ""]
        .str.extract(r"^(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4})(?=[T ,]|$)")[0]
        .str.replace(r"[/.]", "-", regex=True)
    )
    read = (pd.to_datetime(days, format=order, errors="coerce") for order in DAYS)
    whole = [dates for dates in read if len(dates) and dates.notna().all() and dates.max().year < ENDLESS]
    return whole[0] if len(whole) == 1 else None


def name_fieldwork(days: tuple[date, date] | None) -> dict[str, str]:
    """Return the fieldwork as ``wave.yml`` has it; nothing where nobody knows it."""
    if days is None:
        return {}
    first, last = (f"{day:%B %Y}" for day in days)
    start, end = map(str, days)
    return {
        "fieldwork": first if first == last else f"{first.removesuffix(last[-5:])} to {last}",
        "fieldwork_start": start, "fieldwork_end": end,
    }  # fmt: skip


def is_identifier(series: pd.Series) -> bool:
    """Return whether each respondent has a value of their own that is no time and no number with decimals."""
    if pd.api.types.is_datetime64_any_dtype(series) or not series.is_unique or series.isna().any():
        return False
    return not any(re.search(r"\d:\d\d|@|\d[.,]\d", code_text(value)) for value in series.head(20))


def doubt_rows(columns: Sequence[DraftColumn], named: Sequence[DraftColumn], *, are_apart: bool) -> Iterator[str]:
    """Yield what to look at where rows may not be a person each: by columns called an id or a line, or by all of a row.

    Rows that are alike throughout tell nothing where people could hardly differ, or where an id sets them apart.
    """
    repeated = [one for one in named if 1 < len(one.counts) < one.counts.total()]
    for column in repeated[:1]:
        people, rows = len(column.counts), column.counts.total()
        yield f"{column.name} names {people:,} in {rows:,} rows, which count one each: {TWICE}"
    for column in [] if repeated else filter(counts_lines, columns):
        yield f"{column.name} counts 1, 2, 3 again and again, and each row counts as a person: {TWICE}"
        return
    if named or are_apart or not any(len(column.counts) > OWN_VALUE * len(column.values) for column in columns):
        return
    if alike := int(pd.DataFrame([column.places for column in columns]).T.duplicated().sum()):
        yield f"{alike:,} rows are another's copy throughout, and count: do some people stand twice?"


def counts_lines(column: DraftColumn) -> bool:
    """Return whether a column counts the rows of one thing after another: the members of households, or visits."""
    numbers = read_plain_numbers(column.values)
    begins, goes_on = numbers[1:] == 1, np.diff(numbers) == 1
    is_counted = len(numbers) > LEAST_LINES and numbers[0] == 1 and (begins | goes_on).mean() > MOST
    return bool(is_counted and goes_on.mean() > FEWEST_LINES and begins.sum() >= LEAST_LINES <= np.nanmax(numbers))


def read_plain_numbers(series: pd.Series) -> np.ndarray:
    """Return a column as numbers, whose decimals may have a comma; empty where more than a few values are none."""
    if pd.api.types.is_bool_dtype(series) or pd.api.types.is_datetime64_any_dtype(series):
        return np.array([])
    if not pd.api.types.is_numeric_dtype(series):
        sample = [text for text in map(code_text, series.head(20)) if text]
        numbers = [text for text in sample if re.fullmatch(r"[-+]?\d*[.,]?\d+([eE][-+]?\d+)?", text)]
        if len(numbers) < MOST * len(sample):
            return np.array([])
        series = pd.to_numeric(series.astype(str).str.replace(",", ".").replace("", np.nan), errors="coerce")
    return series.to_numpy(dtype=float, na_value=np.nan)


def is_weight(column: DraftColumn, fewest: int) -> bool:
    """Return whether a column that is called a weight can be one: more than so many different numbers of 0 and more.

    Of numbers with decimals two are enough.
    """
    if SIGNS["body"].search(f"{column.name} {column.label}".replace("_", " ")):
        return False
    numbers = read_plain_numbers(column.values)
    told = numbers[~np.isnan(numbers)]
    fewest = fewest if (told == np.round(told)).all() else 1
    return bool(len(told) and told.min() >= 0 and len(np.unique(told)) > fewest)


def weighs_bodies(column: DraftColumn) -> bool:
    """Return whether a weight is of people in kilograms or pounds: one decimal at most, most of that size."""
    numbers = read_plain_numbers(column.values)
    told = numbers[~np.isnan(numbers)]
    is_plain = np.mean(np.isclose(told * 10, np.round(told * 10))) > MOST
    return bool(is_plain and np.mean((told >= LIGHTEST) & (told <= HEAVIEST)) > MOST)


def choose_weight(columns: Sequence[DraftColumn], named: Sequence[DraftColumn], found: Roles) -> None:
    """Add the weight to the design: the one column, or of several the one that reads like that of the whole sample."""
    if not named:
        for name in [column.name for column in columns if looks_weighed(column)]:
            found.spare[name] = "numbers of a mean of 1: it may be a weight"
            found.doubts.append(f"Is {name} the weight? Its mean is 1, and nothing names it; write weight: {name}")
        if not found.doubts:
            found.doubts.append("No column is called a weight: shares are unweighted until wave.yml names one")
        return
    ranks = {}
    for column in named:
        text, numbers = f"{column.name.replace('_', ' ')} {column.label}", read_plain_numbers(column.values)
        reads_whole = bool(SIGNS["whole_sample"].search(text)) - bool(SIGNS["step"].search(text))
        # Who is of another sample, or wasn't asked in a second part, has no weight of it.
        ranks[column] = int(np.sum(~np.isnan(numbers))), reads_whole
    chosen = max(named, key=ranks.__getitem__)
    found.design["weight"] = chosen.name
    others = [column.name for column in named if column is not chosen]
    if others:
        found.spare |= dict.fromkeys(others, f"another weight than {chosen.name}")
        taken = f"{chosen.name} ({chosen.label})" if chosen.label else chosen.name
        found.doubts.append(f"Which weight is that of the whole sample? {taken} is taken, {', '.join(others)} not")


def count_unweighted(source: Respondents, weight: str | None) -> int:
    """Return how many people have no weight in the column of weights: they are of another sample than it is for."""
    return len(source.frame) - source.count_codes(weight).total() if weight else 0


def doubt_weightless(source: Respondents, weight: str | None, questions: Iterable[DraftQuestion]) -> list[str]:
    """Return the questions that few with a weight answered, as a sentence: most of their answers count for nothing."""
    weighs = read_plain_numbers(source.frame[weight]) > 0 if weight else np.array([])
    if weighs.all():
        return []
    lost = []
    for one in questions:
        given = source.frame[one.columns].replace("", None).notna()
        answered = given.any(axis=1).to_numpy()
        if answered.any() and weighs[answered].mean() < FEW_WEIGHTS:
            lost.append(f"“{one.title}”")
    doubt = f"Most who answered {list_first(lost)} have no {weight} and count for nothing: which weight is theirs?"
    return [doubt] if lost else []


def find_exceptions(source: Respondents, design: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return rules that a file needs because its design has gaps, each with what has to be decided, as a sentence.

    Parameters
    ----------
    source : Respondents
        The file.
    design : mapping
        Columns of the design by what they are, among what else is said of the file; a rule that stands there is kept.

    Returns
    -------
    dict
        ``no_weight`` where people have no weight; ``lonely`` where a stratum has one cluster, or one person, from
        which no variance can be told: its squares are then taken about the mean of the whole sample, which gives
        larger errors rather than smaller ones.
    """
    found, weight = {}, design.get("weight")
    if lost := count_unweighted(source, weight):
        found["no_weight"] = (
            "exclude",
            f"{lost:,} people have no {weight}: are they of another sample? They are left out (no_weight)",
        )
    # In a sample of a file's rows more strata have one cluster than in the file.
    if "strata" in design and "lonely" not in design and not source.rows:
        alone, unit = find_lonely(source, design)
        if alone:
            found["lonely"] = (
                "adjust",
                f"{len(alone)} of the {design['strata']} {'have' if alone[1:] else 'has'} only one {unit}"
                f" ({list_first(alone)}), which tells no variance: with which others do the survey's makers merge such"
                " strata? The distance from the mean of the whole sample is taken (lonely)",
            )
    return found


def find_lonely(source: Respondents, design: Mapping[str, Any]) -> tuple[list[str], str]:
    """Return the strata that have one cluster among those with a weight, or one person, and which of the two it is."""
    parts = [str(design[key]) for key in ("strata", "cluster", "weight") if key in design]
    frame = source.frame[parts].replace("", np.nan).dropna()
    units = frame.drop_duplicates(parts[:2]) if "cluster" in design else frame
    counts = units[parts[0]].map(code_text).value_counts()
    return sorted(counts.index[counts == 1]), "cluster" if "cluster" in design else "person"


def looks_weighed(column: DraftColumn) -> bool:
    """Return whether a column without labels holds decimals above 0 with a mean of 1, as weights of a sample do."""
    if column.is_labelled or column.label or not any(re.search(r"[.,]", code) for code in islice(column.counts, 20)):
        return False
    numbers = read_plain_numbers(column.values)
    if not len(numbers) or np.isnan(numbers).any() or numbers.min() <= 0 or (numbers == np.round(numbers)).all():
        return False
    return bool(abs(numbers.mean() - 1) < NEAR_ONE and len(np.unique(numbers)) > FEWEST_WEIGHTS)


def find_groups(columns: Sequence[DraftColumn]) -> dict[str, dict[str, object]]:
    """Return groups that may get figures of their own, from columns that are named or labelled as such."""
    found: dict[str, dict[str, object]] = {}
    for variable, signs in VOCABULARY["groups"].items():
        names = {one: one.name.split("/")[-1] for one in columns}
        # The shortest is the respondent's own: sex before sexnow, age before agekdbrn (at the first child's birth).
        named = sorted((one for one in columns if re.fullmatch(signs["names"], names[one], re.IGNORECASE)),
                       key=lambda one: len(names[one]))  # fmt: skip
        said = re.compile(signs.get("labels", "$^"), re.IGNORECASE)
        named += [one for one in columns if one not in named and said.search(one.text)]
        apart = [SIGNS[name] for name in ("of_somebody", "of_others")]
        own = [one for one in named if one.counts and not any(sign.search(one.text) for sign in apart)]
        short = [one for one in own if len(one.text.split()) <= MOST_WORDS]
        listed = [groups for one in short if (groups := make_groups(variable, one))]
        # Bands that the survey itself made come before ours.
        if listed:
            found[variable] = next((rules for rules in listed if "values" in rules), listed[0])
    return found


def make_groups(variable: str, column: DraftColumn) -> dict[str, object]:
    """Return the groups of one column, empty where its values can't be groups of that variable."""
    told = dict(column.figures)
    if variable == "sex" and sum(bool(SIGNS["sexes"].search(label)) for label in told.values()) < 2:
        return {}
    if variable == "age" and (column.repeats_numbers or len(told) < len(set(column.counts) - set(column.labels))):
        return make_age_bands(column, [code for code in column.labels if code not in told and column.counts[code]])
    if variable == "age" and not all(re.search(r"\d", label) for label in told.values()):
        return {}
    whole = [label for label in told.values() if len(label) > 1]
    for code, label in [pair for pair in told.items() if len(pair[1]) == 1]:
        # "M" beside "Male" is the same.
        begun = {one for one in whole if one.casefold().startswith(label.casefold())}
        told[code] = begun.pop() if len(begun) == 1 else label
    present = {code: label for code, label in told.items() if column.counts[code]}
    groups = name_groups(present, told.values() if variable in OF_PLACES else ())
    if not 1 < len(set(groups.values())) <= MOST_GROUPS:
        return {}
    lost = dict.fromkeys(code for code in column.labels if code not in told and column.counts[code])
    return {"column": column.name, **write_targets("values", {**groups, **lost})}


def make_age_bands(column: DraftColumn, lost: Sequence[str]) -> dict[str, object]:
    """Return bands of ages in years that have anybody in them; empty where the numbers aren't ages of respondents."""
    ages = read_plain_numbers(column.values.where(~column.values.map(code_text).isin(lost)))
    for low, high in column.missing:
        if isinstance(low, (int, float)):
            ages = ages[~((ages >= low) & (ages <= high))]
    beyond = [*map(str, sorted({int(age) for age in ages if not np.isnan(age) and not 0 <= age <= OLDEST}))]
    beyond += [code for code in column.counts if not is_number(code) and code not in lost]
    ages = ages[(ages >= 0) & (ages <= OLDEST)]
    if len(np.unique(ages)) <= MOST_GROUPS or ages.min() < YOUNGEST or SIGNS["no_age"].search(column.text):
        return {}
    bands: dict[str, list[int | None]] = {
        name: [low, high] for name, (low, high) in AGES.items() if ((ages >= low) & (ages <= (high or OLDEST))).any()
    }
    if ages.min() < AGES["16-34"][0]:
        bands.pop("16-34", None)
        bands = {"under 35": [int(ages.min()), 34], **bands}
    if len(bands) < 2:
        return {}
    return {"column": column.name, "ranges": bands, **state_missing([*lost, *beyond])}


def name_groups(labels: Mapping[Any, str], names: Collection[str]) -> dict[Any, str]:
    """Return the groups of codes by their labels: without signs that a released file may not hold, cut where long.

    Labels that differ name groups that do, whose figures have ids of their own. A first word that is a name keeps its
    capital: of all `names` tells, and of two capitals or more the label.
    """
    found: dict[str, str] = {}
    calmed = calm_labels(labels)
    for code, label in labels.items():
        if label in found:
            continue
        said = re.sub(r"^\W*>\s*", "over ", re.sub(r"^\W*<\s*", "under ", calmed[code]))
        said = IN_BRACKETS.sub("", said).strip() or said if len(said) > LONGEST_GROUP else said
        text = " ".join("".join(sign if DOMAIN_VALUE.fullmatch(f"0{sign}0") else " " for sign in said).split())
        text = re.sub(r"^[^\w£$€]+", "", text) or "?"
        text = shorten(text, width=LONGEST_GROUP, placeholder=" …")
        is_name = label in names or text.split(" ")[0] in names or is_written_as_name(text)
        name = text if is_name else text[:1].lower() + text[1:]
        apart = (name, *(f"{name} ({number})" for number in range(2, len(labels) + 1)))
        found[label] = next(one for one in apart if make_figure_id(one) not in map(make_figure_id, found.values()))
    return {code: found[label] for code, label in labels.items()}


def choose_groupings(
    source: Respondents, known: Mapping[str, dict[str, object]], questions: Sequence[DraftQuestion]
) -> tuple[Groupings, list[str]]:
    """Return the groupings of a wave, and a sentence on the columns that could be some too.

    Those that columns are called as come first, then one of each topic that surveys are read by, and those that most
    people state before others. Who didn't state theirs takes none with them: nearly every file has a few, and hardly
    ever is it known who they are.

    Parameters
    ----------
    source : Respondents
        The file.
    known : mapping
        The groupings that columns are called as, by their names, as ``wave.yml`` has them.
    questions : sequence of DraftQuestion
        All that is asked; a question that tells who somebody is may be a grouping too.
    """
    found = {**known, **find_background(source, known, questions)}
    stated = {name: count_stated(source, rules) for name, rules in found.items()}
    told, times = dict[str, tuple[bool, int, int]](), Counter[int]()
    for name, rules in found.items():
        text = f"{name} {source.labels.get(str(rules['column']), '')}"
        topic = next((place for place, words in enumerate(TOPICS) if words.search(text)), len(TOPICS))
        # Of one topic, such as two codings of income, the second waits for those of others.
        turn = times[topic] if topic < len(TOPICS) else 0
        told[name] = stated[name] * 2 < len(source.frame), turn, topic
        times[topic] += 1
    spare = sorted((name for name in found if name not in known), key=told.__getitem__)
    taken = {*known, *spare[: max(0, MOST_GROUPINGS - len(known))]}
    shown = {
        name: rules | (UNPROTECTED if stated[name] < len(source.frame) else {})
        for name, rules in found.items()
        if name in taken
    }
    left = [str(rules["column"]) for name, rules in found.items() if name not in taken]
    more = (
        "one too: write it under domains, and take another"
        if len(left) == 1
        else "some too: write them under domains, and take others"
    )
    return shown, [f"{len(shown)} groupings are drafted; {list_first(left)} could be {more} out"] if left else []


def find_background(
    source: Respondents, known: Mapping[str, Mapping[str, object]], questions: Iterable[DraftQuestion]
) -> Groupings:
    """Return the groupings that questions are which tell who somebody is, besides those that are known."""
    questions, found = list(questions), Groupings()
    names, columns = find_names(questions), {str(rules["column"]) for rules in known.values()}
    # What several questions share that tell nothing of anybody is what people did or said, whatever they name; a parent
    # may have a degree like the respondent's.
    others = [one for one in questions if not is_background(one) and not SIGNS["of_others"].search(one.title)]
    shared = Counter(tuple(one.items.values()) for one in others)
    for one in questions:
        if not is_background(one) or one.kind != "single" or not 1 < len(one.items) <= MOST_GROUPS:
            continue
        if "column" not in one.rules:  # a grouping is read from one column
            continue
        if shared[tuple(one.items.values())] >= TOGETHER:
            continue
        column, (_, targets) = str(one.rules["column"]), read_targets(one.rules)
        people = source.count_codes(column)
        labels = {
            code: one.items[item] for code, item in targets.items() if item and item in one.items and people[code]
        }
        # What names a grouping in a figure's id is words alone: "country_code_iso" of "Country code - ISO 3166".
        title = re.sub(r"\b\d\b", lambda digit: count(int(digit[0])), name_question(one.title))
        # Of a question the word that says what it is about: "religion" of "Which religion, if any, …".
        told = SIGNS["background"].search(title) if title.endswith("?") else None
        title = told[0] if told and make_id(told[0]) not in {*known, *found} else title
        variable = "_".join(re.findall(r"[a-z]+", make_id(title)))
        # "q" of q0009 calls nothing.
        variable = variable if variable.replace("_", "") == make_id(title).replace("_", "") or len(variable) > 3 else ""
        if len(labels) > 1 and column not in columns and variable and variable not in {*known, *found}:
            lost = [code for code, target in targets.items() if target in NO_FIGURE]
            lost += [code for code, target in targets.items() if target is None]
            groups = {**name_groups(labels, names), **dict.fromkeys(lost)}
            found[variable] = {"column": column, **write_targets("values", groups)}
    return found


def count_stated(source: Respondents, rules: Mapping[str, Any]) -> int:
    """Return how many people have a code of a group; of ranges of numbers nobody knows before they are read."""
    counts, (_, targets) = source.count_codes(str(rules["column"])), read_targets(rules)
    return sum(counts[code] for code, group in targets.items() if group is not None)
