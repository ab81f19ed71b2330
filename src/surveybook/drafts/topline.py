"""What a published topline tells, as a report of a wave a period: a tidy table of period, question, answer, per cent.

Options that people choose several of stand in the column ``item``; answers that exclude each other in ``response``;
statements that such answers were given to in both.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from surveybook.drafts.chapters import Chapter, find_statements, list_chapters
from surveybook.drafts.labels import MOST_ORDERED, SIGNS, is_ordered, make_id, match_answer, read_most_choices
from surveybook.drafts.published_table import (
    GROUP,
    NEARLY_WHOLE,
    OF_A_PERIOD,
    PLACES,
    are_withheld,
    find_no_shares,
    read_people,
    read_published_table,
    read_shares,
    tell_bounds,
)
from surveybook.drafts.records import POPULATION, DraftQuestion, KindNames, Names, list_kind_answers
from surveybook.drafts.report import (
    describe_asked,
    describe_wave,
    list_open_questions,
    render,
    write_files,
    write_table,
)
from surveybook.drafts.roles import name_groups
from surveybook.drafts.sides import find_sides, match_agreement
from surveybook.model.problems import DataError, Problem
from surveybook.model.wording import list_first, sentence
from surveybook.respondents.codes import TICKED
from surveybook.respondents.files import Respondents

SEVERAL = "chosen"
SOURCE = "the topline"
BASE = re.compile(r"\d*")
# Periods that say when people were asked.
DATE = re.compile(r"\d{4}(-\d{2}){0,2}")
TRUTH = {"true": True, "yes": True, "false": False, "no": False}


@dataclass(frozen=True)
class Topline:
    """A topline as it was read.

    Attributes
    ----------
    rows : pandas.DataFrame
        A figure a row: the rows of a `PublishedTable`, ``question_id``, ``item_id``, ``answer`` (the response's
        id), ``domain`` and ``figure_id``.
    questions : tuple of DraftQuestion
        All that was asked in any period, in the order of the file.
    waves : dict of str
        The periods, the earliest first, each with the id of its wave.
    facts : dict
        For each period what the file says of it, as ``wave.yml`` has it.
    left_out : tuple of str
        Columns that are no part of a topline.
    doubts : tuple of str
        What was read into the file, and may be otherwise.
    """

    rows: pd.DataFrame
    questions: tuple[DraftQuestion, ...]
    waves: Mapping[str, str]
    facts: Mapping[str, Mapping[str, object]]
    left_out: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def read_topline(source: Respondents, wave: str = "") -> Topline | None:
    """Return a published topline; None where a file isn't one, by its columns.

    One without a column of periods is of a single wave, whose period nobody states.

    Parameters
    ----------
    source : Respondents
        The file.
    wave : str
        The id of that wave; 1 where none is given.

    Raises
    ------
    DataError
        With every cell that is wrong.
    """
    table = read_published_table(source)
    if table is None:
        return None
    rows = table.rows
    waves = {period: re.sub(r"[^A-Za-z0-9_-]+", "-", period).strip("-") for period in table.periods}
    waves = {"": wave or "1"} if table.periods == ("",) else waves
    facts, problems = read_facts(rows, source.name)
    problems = [*check_topline(rows, waves, source.name, table.others), *problems]
    if problems:
        raise DataError("The topline", problems)
    found = rows["group"].str.extract(GROUP).fillna("")
    are_places = found["by"].map(make_id).str.fullmatch(PLACES)
    groups = name_groups(
        {label: label.strip() for label in found["group"].unique() if label}, {*found["group"][are_places].str.strip()}
    )
    rows["domain"] = (found["by"].map(make_id) + "=" + found["group"].map({"": "", **groups})).replace("=", "")
    rows, questions, doubts = draft_parts(rows, [*waves])
    parts = rows["item_id"] + "." + rows["answer"] + ("." + rows["domain"]).replace(".", "")
    rows["figure_id"] = parts.str.lower().str.replace(r"[\W_]+", "_", regex=True)
    return Topline(rows, questions, waves, facts, tuple(table.others), (*table.doubts, *doubts))


def check_topline(rows: pd.DataFrame, waves: Mapping[str, str], file: str, others: pd.DataFrame) -> list[Problem]:
    """Return a problem for each cell that can't be what its column is for, and for each figure that stands twice.

    Where figures stand twice because of whom they are, which another column tells, that is one problem.
    """
    values = read_shares(rows["percent"])
    own = ["period", "code", "question", "item", "response", "group"]
    # What stands there first of all that are alike: a figure's row, a wave's period.
    first = rows["row"].groupby([rows[name] for name in own], sort=False).transform("first")
    is_twice = rows.duplicated(own)
    # Figures that differ in whose they are: one column tells them all apart.
    apart = [name for name in others if is_twice.any() and not rows[own].join(others[name]).duplicated().any()]
    other = rows["period"].map({period: next(one for one in waves if waves[one] == waves[period]) for period in waves})
    told = rows.assign(first=first, other=other, most=f"{values.max():g}")
    fraction = pd.Series(rows.index == values.first_valid_index(), rows.index) & (0 < values.max() <= 1)
    rules: list[tuple[pd.Series, str, str, str | None]] = [
        (rows.index.isin(find_no_shares(rows["percent"]).index) | (values > 100), "'{percent}' is no percentage",
         "expected 0 to 100, [c] where it is withheld", "percent"),
        (fraction, "no percentage is above {most}", "write per cent: 48, not 0.48", "percent"),
        ((rows["period"] == "") & ("" not in waves or len(waves) > 1), "no period stands here",
         "fill it in, in every row", "period"),
        ((rows["question"] == "") & (rows["item"] == ""), "no question stands here",
         "write it in every row, in the column question", "question"),
        ((rows["item"] == "") & (rows["response"] == ""), "neither an item nor a response",
         "name what the share is of", "response"),
        (~rows["base"].str.fullmatch(BASE), "'{base}' is no number of people",
         "expected a whole number, or nothing", "base"),
        ((rows["group"] != "") & ~rows["group"].str.fullmatch(GROUP) & ~rows["group"].duplicated(),
         "'{group}' names no grouping",
         "write one, as age: 16-24, or nothing; of one grouping call the column “group: age”", "group"),
        (is_twice & (not apart), "the same figure as in row {first}", "keep one of the rows", None),
        (~rows["period"].duplicated() & (rows["period"] != "") & ((other != rows["period"]) | (other.map(waves) == "")),
         "the period '{period}' can't be told from '{other}'", "write it alike, or otherwise", "period"),
    ]  # fmt: skip
    problems: list[Problem] = []
    for name in apart[:1]:
        again = int(is_twice.idxmax())
        found = f"the same figure as in row {first[again]} but for {name}, which is no part of a topline"
        expected = f"where it holds groups of people, call it “group: {name}”; otherwise keep the rows of one"
        problems.append(Problem(file, found, expected, int(rows.at[again, "row"]), name))
    problems += [
        Problem(file, found.format(**told.loc[place]), expected, int(rows.at[place, "row"]), column)
        for mask, found, expected, column in rules
        for place in rows.index[mask]
    ]
    return [*dict.fromkeys(problems)]


def read_facts(rows: pd.DataFrame, file: str) -> tuple[dict[str, dict[str, object]], list[Problem]]:
    """Return what the file says of each period, and where it says two things."""
    facts: dict[str, dict[str, object]] = {}
    problems = []
    for period, own in rows.groupby("period", sort=False):
        facts[str(period)] = {}
        for name in (name for name in OF_A_PERIOD if name in rows):
            values = own.loc[own[name] != "", name].drop_duplicates()
            if len(values) > 1:
                found = f"'{values.iloc[1]}' stands here, and '{values.iloc[0]}' before for {period}"
                expected = "a period has one; for a question, use asked_of"
                problems.append(Problem(file, found, expected, int(own.at[values.index[1], "row"]), name))
            elif len(values):
                facts[str(period)][name] = read_fact(values.iloc[0], name)
    return facts, problems


def read_fact(text: str, name: str) -> object:
    """Return a cell as YAML has it: true, false, a whole number or text; a size of a sample however it is written."""
    text = read_people(text) if name == "sample_size" else text
    is_number = text.isdecimal() and len(text) < 12 and text[0] != "0"
    return TRUTH.get(text.lower(), int(text) if is_number else text)


def draft_parts(
    rows: pd.DataFrame, periods: Sequence[str]
) -> tuple[pd.DataFrame, tuple[DraftQuestion, ...], list[str]]:
    """Return the rows with the ids of question, item and response, the questions, and what was read into them.

    Words are those of the last period.
    """
    asked = rows["question"].mask(rows["question"] == "", rows["item"])
    key = rows["code"].where(rows["code"] != "", asked).map(simplify_text)
    options, doubts = find_options(rows, key)
    rows = rows.assign(item=rows["item"].mask(options, rows["response"]), response=rows["response"].mask(options, ""))
    several = (rows["item"] != "") & rows["response"].map(lambda text: not text or bool(TICKED.fullmatch(text)))
    # A statement that stands alone is a question by itself, so that a change of its words concerns no other.
    most = rows.groupby([key, rows["period"]])["item"].transform("nunique").groupby(key).transform("max")
    alone = ~several & (rows["item"] != "") & (most == 1)
    rows = rows.assign(several=several, text=asked.mask(alone, rows["item"]), statement=rows["item"].mask(alone, ""))
    ids, items, kinds = Names(), Names(), KindNames()
    questions, found = [], []
    for _, own in rows.groupby(key, sort=False):
        last = own.sort_values("period", key=lambda column: column.map(periods.index), kind="stable").iloc[-1]
        question = ids.give(last["text"], last["code"])
        drafted, named = draft_question(own, question, last["text"], items, kinds, several=last["several"])
        questions.append(drafted)
        found.append(named.assign(question_id=question))
    return rows.join(pd.concat(found)), tuple(questions), doubts


def find_options(rows: pd.DataFrame, key: pd.Series) -> tuple[pd.Series, list[str]]:
    """Return the rows whose response is an option of several that people choose, and what only shares tell of them.

    The question says so, or they add up to more than all people, and have neither an order nor totals among them.
    """
    is_bare = (rows["item"] == "").groupby(key).transform("all")
    is_told = rows["question"].map(lambda text: read_most_choices(text) not in ("", "1"))
    values = read_shares(rows["percent"])
    whose = values.groupby([key, rows["period"], rows["group"]])
    size, sums = whose.transform("size"), whose.transform("sum")
    is_total = rows["response"].map(lambda text: bool(SIGNS["total"].search(text))).groupby(key).transform("any")
    is_placed = rows["response"].map(is_ordered).groupby(key).transform("mean") >= 0.5
    by_shares = is_bare & ~is_told & ~is_total & ~is_placed
    is_over = by_shares & (sums > 100 + size / 2).groupby(key).transform("any")
    is_short = by_shares & (size > 1) & (sums.groupby(key).transform("max") < 100 * (1 - NEARLY_WHOLE))
    found = {"more than 100, and were read as options of which people choose several": is_over,
             "less than 100: does each person give one of them?": is_short}  # fmt: skip
    named = {what: [f"“{text}”" for text in rows.loc[own, "question"].unique()] for what, own in found.items()}
    doubts = [f"answers to {list_first(texts)} add up to {what}" for what, texts in named.items() if texts]
    return is_bare & (is_told | is_over), doubts


def simplify_text(text: str) -> str:
    """Return a text as two periods are matched by it: whatever its capitals and signs."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def draft_question(
    own: pd.DataFrame, question: str, title: str, items: Names, kinds: KindNames, *, several: bool
) -> tuple[DraftQuestion, pd.DataFrame]:
    """Return a list that people chose several items of, or what exclusive answers were given to, and its rows' ids.

    The latter are statements that share their question, or the question itself.
    """
    told = own["item" if several else "response"]
    plain = told.map(simplify_text)
    labels = dict(zip(plain, told, strict=True))
    sides = {key: read_agreement(label) for key, label in labels.items()}
    made = DraftQuestion(question, title, "", {}, "", wording_source=SOURCE)
    totals = {} if several else find_totals(own.assign(answer=plain), labels)
    ordered = sum(is_ordered(label) for key, label in labels.items() if key not in totals)
    is_agreed = not several and all(sides.values()) and len(set(sides.values())) == len(sides)
    put = own["statement"].mask(own["statement"] == "", title)
    statements = dict(zip(put.map(simplify_text), put, strict=True))
    parts = len(labels) - len(totals)
    is_unordered = parts > MOST_ORDERED or (parts > 1 and ordered * 2 < parts)
    is_list = several or (is_unordered and len(statements) == 1)
    if is_list and not is_agreed:
        ids = {key: items.give(label, question) for key, label in labels.items()}
        kind, why = (
            ("multiple", "options of a list, a share each")
            if several
            else ("single", "answers of which people gave one")
        )
        most = (read_most_choices(title) or "unknown") if several else ""
        made = replace(made, items={ids[key]: labels[key] for key in ids}, kind=kind, why=why, max_choices=most)
        return made, pd.DataFrame({"item_id": plain.map(ids), "answer": SEVERAL})
    ids, names = {key: items.give(text, question) for key, text in statements.items()}, Names()
    made = replace(made, items={ids[key]: text for key, text in statements.items()})
    item = put.map(simplify_text).map(ids)
    if is_agreed:
        made = replace(made, kind="scale", why="shares who agree or disagree")
        return made, pd.DataFrame({"item_id": item, "answer": plain.map(sides)})
    # "Satisfied" of "Total satisfied" and of "Satisfied (net)".
    labels |= {key: sentence(SIGNS["total"].sub("", labels[key]).strip(" :-–()")) or labels[key] for key in totals}
    answers = {key: names.give(label, "answer") for key, label in labels.items()}
    told = [label for key, label in labels.items() if key not in totals]
    kind = kinds.give(tuple(answers.values()), " to ".join(told[:: max(1, len(told) - 1)]), question)
    named = {answers[key]: label for key, label in labels.items()}
    nets = {answers[key]: tuple(answers[one] for one in run) for key, run in totals.items()}
    found = find_sides({one: label for one, label in named.items() if one not in nets and not match_answer(label)})
    # Of a side of several answers a share is published where a total is.
    published = {run: net for net, run in nets.items()} | {(answer,): answer for answer in named}
    roles = {side.role: published.get(side.answers, "") for side in found}
    roles = roles if all(roles.values()) else {}
    made = replace(made, kind=kind, answers=named, nets=nets, roles=roles, why="answers that have an order")
    return made, pd.DataFrame({"item_id": item, "answer": plain.map(answers)})


def find_totals(own: pd.DataFrame, labels: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the answers that are totals of others, each with its parts: by their labels and by their shares.

    Parts stand beside each other, and add up to their total, as far as rounding tells, wherever it is published.
    """
    shares = own.assign(percent=read_shares(own["percent"]))
    table = shares.pivot_table("percent", ["period", "domain", "statement"], "answer", aggfunc="first")
    half = 0.5 * 10.0 ** -own["percent"].str.partition(".")[2].str.len().max()
    listed = [key for key in labels if key in table and not SIGNS["total"].search(labels[key])]
    runs = [tuple(listed[start:end]) for start, end in combinations(range(len(listed) + 1), 2) if end - start > 1]
    found = {}
    for total in [key for key in labels if key in table and key not in listed]:
        apart = {run: (table[list(run)].sum(axis=1, skipna=False) - table[total]).abs().max() for run in runs}
        fitting = [run for run, most in apart.items() if most <= half * (len(run) + 1)]
        if len(fitting) > 1:
            # "Dissatisfied" of "Fairly dissatisfied" and "Very dissatisfied", of which rounding tells no more.
            name = simplify_text(SIGNS["total"].sub("", labels[total]))
            fitting = [run for run in fitting if all(name in key for key in run)]
        if len(fitting) == 1:
            found[total] = fitting[0]
    return found


def read_agreement(label: str) -> str:
    """Return whether a label is of those who agree or of those who disagree with something; else nothing."""
    found = match_agreement(label) if "agree" in label.lower() else ""
    return "" if found == "neither" else found


def write_topline_report(folder: Path, topline: Topline, *, title: str) -> list[Path]:
    """Write a whole report of a topline and return its files.

    Parameters
    ----------
    folder : Path
        Where it goes; it may not be there yet, or be empty.
    topline : Topline
        What was read.
    title : str
        Of the report.

    Raises
    ------
    SurveybookError
        When the folder holds anything.
    """
    files: dict[str, dict[str, str]] = {}
    for period, wave in topline.waves.items():
        own = topline.rows[topline.rows["period"] == period]
        files[wave] = {
            "wave.yml": describe_period(topline, title, period, files),
            "asked.csv": write_table("asked", list_published(topline, own)),
            "estimates.csv": write_table("estimates", list_published_figures(own)),
        }
    chapters, last, has_groups = divide_topline(topline), [*files][-1], bool(topline.rows["domain"].any())
    words = tell_bounds(topline.rows["percent"]).drop_duplicates().to_dict("records")
    return write_files(
        folder, topline.questions, chapters, files, {}, words, title=title, wave=last, published=True, groups=has_groups
    )


def divide_topline(topline: Topline) -> list[Chapter]:
    """Return the chapters, by the sections that the file names or else as those of any report.

    What is known by one share alone is drawn together there.
    """
    sections = topline.rows.drop_duplicates("question_id").set_index("question_id")["section"]
    chapters = list_chapters(topline.questions)
    if sections.any():
        named: dict[str, list[DraftQuestion]] = {}
        for one in topline.questions:
            named.setdefault(sections[one.question] or "Other questions", []).append(one)
        chapters = [Chapter(place, heading, tuple(named[heading])) for place, heading in enumerate(named, 1)]
    return [replace(chapter, statements=find_statements(chapter.questions)) for chapter in chapters]


def describe_period(topline: Topline, title: str, period: str, before: Mapping[str, object]) -> str:
    """Return ``wave.yml`` of a period: what the file says of it, and null or "not known" for the rest."""
    stated = topline.rows.loc[topline.rows["period"] == period, "base"].any()
    people: dict[str, object] = {"base_status": "stated" if stated else "unknown"}
    people |= {"fieldwork": period} if period else {}
    if DATE.fullmatch(period):
        people |= {"fieldwork_start": period, "fieldwork_end": period}
    settings = describe_wave(
        topline.waves[period], f"{title}, {period}".strip(", "), {**people, **topline.facts[period]}, period or None,
        baseline=", ".join(before) or None,
    )  # fmt: skip
    unknown = list_open_questions(topline.questions, has_fieldwork=False)
    return render("wave.yml", settings=settings, open_questions=unknown)


def list_published(topline: Topline, own: pd.DataFrame) -> list[dict[str, str]]:
    """Return the rows of ``asked.csv`` of one period: its own words, and the answers that it gives figures of."""
    answers, rows = list_kind_answers(topline.questions), []
    for one in topline.questions:
        put = own[own["question_id"] == one.question]
        given = [answer for answer in answers[one.kind] if put.empty or answer in set(put["answer"])]
        row = describe_asked(one, given, source="not_asked")
        if put.empty:
            row = {name: row[name] for name in ("population", "question_id", "responses", "source")}
        else:
            last = put.iloc[-1]
            row |= {"source": "published", "wording": last["text"], "universe": last["asked_of"]}
        rows.append(row)
    return rows


def list_published_figures(own: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of ``estimates.csv`` of one period; what is withheld is a figure that isn't published.

    Of one that has only a bound, "<1", that is told in words; of one that a sign stands for, the sign.
    """
    withheld = are_withheld(own["percent"])
    verbal = tell_bounds(own["percent"])["phrase"].reindex(own.index, fill_value="")
    is_number = ~withheld & (verbal == "")
    decimals = own["percent"].str.partition(".")[2].str.len().astype(object)
    return own.assign(
        population=POPULATION,
        response=own["answer"],
        locator=[f"row {row} of {SOURCE}" for row in own["row"]],
        status=np.select([withheld, verbal != ""], ["unpublished", "words"], "number"),
        percent=own["percent"].where(is_number, ""),
        decimals=decimals.where(is_number, ""),
        verbal=verbal,
        base_status=np.where(own["base"] == "", "unknown", "stated"),
        note=own["note"].mask(withheld & (own["note"] == "") & (own["percent"] != ""), "printed as " + own["percent"]),
    )
