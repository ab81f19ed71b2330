"""Full tables: a question by all groups side by side, with bases, and letters for differences beyond sampling.

The same frame makes the table on a page and the sheet of the workbook.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from surveybook.exhibits.exhibit import Exhibit, of_survey
from surveybook.model.survey import Survey, is_suppressed, populations_asked
from surveybook.model.wording import in_sentence, listing, number, quote_wording, sentence
from surveybook.stats.comparison import BOUND, EXACT
from surveybook.stats.differences import UNTESTED
from surveybook.stats.groups import COLUMN, contrast_groups, contrast_means, find_letters, letter_columns
from surveybook.words.findings import people
from surveybook.words.naming import name_domain

PLACE = ["population", "domain"]
CELL = [*PLACE, "grouping", "heading", "letter", "item_id", "label", "response", "answer", "net", "share", "factor",
        "decimals", "base", "weighted_base", "letters", "withheld", "verbal", "small", "tests",
        "figure_id"]  # fmt: skip
# What heads the names of rows: of questions that are answered with numbers, and of all others.
HEAD = {True: "Numbers, and % of people", False: "%"}
UNWEIGHTED, WEIGHTED = "Unweighted base", "Weighted base"
# What a small base is marked with, beside it.
SMALL_BASE = "*"


@dataclass(frozen=True)
class Row:
    """One row of a full table.

    Attributes
    ----------
    label : str
        What it shows: an item, an answer, or a base.
    what : str
        The column of the cells that it holds: ``share``, ``base`` or ``weighted_base``.
    item, response : str
        Whose it is.
    cells : sequence of dict
        The cells, one a column of the table; empty where a group wasn't asked.
    """

    label: str
    what: str
    item: str
    response: str
    cells: Sequence[dict[str, Any]]


def tabulate_question(survey: Survey, question: str) -> pd.DataFrame:
    """Return every answer to a question by all declared groups, one row an item, response and group.

    Parameters
    ----------
    survey : Survey
        The wave.
    question : str
        A question of the codebook.

    Returns
    -------
    pandas.DataFrame
        In the order of the codebook, the whole population before its groups: ``population``, ``domain``,
        ``grouping``, ``heading`` (what the column is called), ``letter`` (its own; none of what isn't tested),
        ``item_id``, ``label``, ``response``, ``answer`` (empty for having chosen an item), ``net`` (whether the
        response is made of others), ``share`` (0-1; of numbers that people gave, also a mean or median in its unit),
        ``factor`` (what it is shown times), ``decimals``, ``base``, ``weighted_base``, ``letters`` (of the columns of
        its grouping than which its share is larger beyond sampling, as in 'A C'), ``withheld`` (why there is no
        share), ``verbal``, ``small`` (whether the base is), ``tests`` (those of its pairs) and ``figure_id``.
    """
    return tabulate_survey(survey).get(question, pd.DataFrame(columns=CELL))


@lru_cache(maxsize=8)
def tabulate_survey(survey: Survey) -> dict[str, pd.DataFrame]:
    """Return the full tables of all questions of a wave, in the codebook's order; see `tabulate_question`."""
    estimates, numbers, order = survey.estimates, _list_numbers(survey), list(survey.codebook.questions.index)
    shares = estimates.assign(factor=100.0, told="")
    figures = pd.concat([shares, numbers]) if len(numbers) else shares
    pairs = [contrast_groups(survey, estimates), *([contrast_means(survey, numbers)] if len(numbers) else [])]
    columns, pairs = letter_columns(figures), pd.concat(pairs, ignore_index=True)
    kinds = {question: survey.codebook.kind_of(question) for question in figures["question_id"].unique()}
    asked = figures.groupby("question_id")["population"].nunique()
    columns["heading"] = [
        _name_column(survey, population, domain, several=asked[question] > 1)
        for question, population, domain in columns[COLUMN].to_numpy()
    ]
    tests: dict[Any, set[str]] = {label: set() for label in figures.index}
    for side in ("first", "second"):
        for label, method in zip(pairs[side], pairs["method"], strict=True):
            tests[label].add(method)
    given = list(zip(figures["question_id"], figures["response"], strict=True))
    cells = figures.assign(
        letters=find_letters(figures, columns, pairs),
        answer=[
            told or ("" if response == "chosen" else kinds[question].label_of(response))
            for (question, response), told in zip(given, figures["told"], strict=True)
        ],
        net=[response in kinds[question].nets for question, response in given],
        withheld=[_explain_absence(row) for row in figures.itertuples()],
        small=figures["note"].astype(str).str.startswith("small base"),
        tests=[tests[label] for label in figures.index],
        question=figures["question_id"].map(order.index),
        place=[
            label if kinds[question].is_number else kinds[question].responses.index(response)
            for label, (question, response) in zip(figures.index, given, strict=True)
        ],
    )
    cells = cells.merge(columns.assign(column=range(len(columns))), on=COLUMN)
    cells = cells.sort_values(["question", "order", "place", "column"], kind="stable")
    return {str(question): own[CELL] for question, own in cells.groupby("question_id", sort=False)}


def _list_numbers(survey: Survey) -> pd.DataFrame:
    """Return means, medians and classes of the numbers that people gave as figures are, numbered after those."""
    rows = survey.numbers
    unit = [f" ({unit})" if isinstance(unit, str) and unit else "" for unit in rows["unit"]]
    ends = [_name_number_class(low, high) for low, high in zip(rows["lowest"], rows["highest"], strict=True)]
    is_share = rows["statistic"] == "share"
    first = len(survey.estimates)
    return rows.assign(
        response=rows["statistic"].where(~is_share, ends),
        told=[
            (ends[place] if share else str(statistic).capitalize()) + unit[place]
            for place, (share, statistic) in enumerate(zip(is_share, rows["statistic"], strict=True))
        ],
        share=rows["value"].astype(float),
        factor=is_share.map({True: 100.0, False: 1.0}),
        decimals=1,
        verbal="",
        figure_id="",
    ).set_axis(range(first, first + len(rows)), axis=0)


def _name_number_class(low: float, high: float) -> str:
    """Return the numbers from one to another in words."""
    if low == high:
        return f"{low:g}"
    return f"up to {high:g}" if pd.isna(low) else f"{low:g} and over" if pd.isna(high) else f"{low:g} to {high:g}"


def _name_column(survey: Survey, population: str, domain: str, *, several: bool) -> str:
    """Return the heading of a column: a population, or a group of it, with the population where there are several."""
    if not domain:
        return sentence(people(survey, population)) if several else "All"
    part = name_domain(domain)
    return sentence(f"{people(survey, population)}, {part}" if several else part)


def _explain_absence(figure: Any) -> str:
    """Return why a figure has no share, as a note; nothing where it has one or words."""
    if figure.status != "unpublished":
        return ""
    return str(figure.note) if is_suppressed(figure) or figure.note else "not published"


def list_columns_of(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a full table, with their heading and letter."""
    return cells[[*PLACE, "grouping", "heading", "letter"]].drop_duplicates(PLACE).reset_index(drop=True)


def lay_out_rows(survey: Survey, question: str, cells: pd.DataFrame) -> Iterator[Row]:
    """Yield the rows of a full table: bases once where all items have the same ones, else above each item.

    Parameters
    ----------
    survey : Survey
        The wave.
    question : str
        The question.
    cells : pandas.DataFrame
        What `tabulate_question` returns for it.
    """
    is_list, places = (
        survey.codebook.kind_of(question).is_list,
        list(map(tuple, list_columns_of(cells)[PLACE].to_numpy())),
    )
    by_row: dict[tuple[str, str], dict[tuple[str, ...], dict[str, Any]]] = {}
    for cell in cells.to_dict("records"):
        own = by_row.setdefault((cell["item_id"], cell["response"]), {})
        own[cell["population"], cell["domain"]] = cell
    is_weighted = _has_weights(cells)
    shown, several = None, cells["item_id"].nunique() > 1
    bases = {key: [_state_base(own.get(place, {})) for place in places] for key, own in by_row.items()}
    alike = all(base == next(iter(bases.values())) for base in bases.values())
    for (item, response), own in by_row.items():
        listed = [own.get(place, {}) for place in places]
        first = next(filter(None, listed))
        if shown is None or (bases[item, response] != shown and not alike):
            shown, before = bases[item, response], "" if alike else f"{first['label']}: "
            for what, label in (("base", UNWEIGHTED), *([("weighted_base", WEIGHTED)] if is_weighted else [])):
                yield Row(before + (in_sentence(label) if before else label), what, item, response, listed)
        answer = first["answer"] if is_list or not several else f"{first['label']}: {in_sentence(first['answer'])}"
        label = f"{first['label']}{f': {in_sentence(answer)}' if answer else ''}" if is_list else answer
        yield Row(f"{label} (net)" if first["net"] else label, "share", item, response, listed)


def _state_base(cell: dict[str, Any]) -> str:
    """Return both bases of a cell as one text, or why it has none."""
    is_known = pd.notna(cell.get("base"))
    return f"{cell.get('base')} {cell.get('weighted_base')} {'' if is_known else cell.get('withheld')}"


def _has_weights(cells: pd.DataFrame) -> bool:
    """Return whether any weighted base is known that isn't the number of answers."""
    return bool((cells["weighted_base"] - cells["base"]).abs().gt(1e-6).any())


def list_reasons(cells: pd.DataFrame) -> dict[str, str]:
    """Return the mark of each reason why a share isn't shown: '[1]', in the order of the table."""
    reasons = [reason for reason in cells["withheld"].unique() if reason]
    return {reason: f"[{place}]" for place, reason in enumerate(reasons, start=1)}


def explain_letters(survey: Survey, cells: pd.DataFrame) -> list[str]:
    """Return what one has to know to read a full table: letters, marks, bases, nets; sentences without markup."""
    notes, tests = [], set().union(*cells["tests"])
    if tests - {UNTESTED.method, EXACT}:
        notes.append(tell_tests(survey))
    if BOUND in tests:
        notes.append("Where covariances were not released, tests assume the least favourable ones.")
    if EXACT in tests:
        notes.append("Where everybody was asked, differences are exact and have no letters.")
    if cells["small"].any():
        notes.append(f"{SMALL_BASE} Small base: fewer than 100 answers.")
    notes += [f"{mark} {sentence(reason.rstrip('.'))}." for reason, mark in list_reasons(cells).items()]
    if cells["net"].any():
        notes.append(_explain_nets(survey, cells))
    if _has_weights(cells):
        notes.append("Shares are weighted; the unweighted base is the number of people who answered.")
    return notes


def tell_tests(survey: Survey) -> str:
    """Return what letters mean: which tests stand behind them, and how they are adjusted."""
    return (
        "A letter marks a share that is larger than that of the column with the letter, beyond sampling: all pairs of "
        f"a grouping, two-sided at {number(100 * (1 - survey.confidence))}%, adjusted over the question by "
        "Holm’s method. A column for everybody is not tested."
    )


def _explain_nets(survey: Survey, cells: pd.DataFrame) -> str:
    """Return what each net of a table is made of."""
    kind = survey.codebook.kind_of(str(survey.codebook.items.loc[cells["item_id"].iloc[0], "question_id"]))
    nets = {name: kind.nets[name] for name in cells.loc[cells["net"], "response"].unique()}
    made = [f"{in_sentence(kind.label_of(name))}: {listing(in_sentence(kind.label_of(part)) for part in parts)}"
            for name, parts in nets.items()]  # fmt: skip
    return f"Nets count whoever gave any of several answers ({'; '.join(made)})."


def by_group(survey: Survey, question: str, name: str = "", *, headlines: bool = False) -> Exhibit | None:
    """Return the answers to a question by all declared groups side by side; None where nothing stands beside the whole.

    Parameters
    ----------
    survey : Survey
        The wave.
    question : str
        A question of the codebook.
    name : str
        The table's name; by default ``by-group-`` and the question's.
    headlines : bool
        Whether it shows of each item the answer that speaks for it alone, where there is one; the workbook has all.
    """
    cells, headline = tabulate_question(survey, question), survey.codebook.kind_of(question).headline
    if headlines and headline:
        cells = cells[cells["response"] == headline]
    columns = list_columns_of(cells)
    if len(columns) < 2:
        return None
    marks = list_reasons(cells)
    rows = list(lay_out_rows(survey, question, cells))
    headings = [f"{one.heading} ({one.letter})" if one.letter else one.heading for one in columns.itertuples()]
    return Exhibit(
        name or f"by-group-{question.replace('_', '-')}",
        f"{survey.codebook.questions.loc[question, 'title']}, by group",
        [HEAD[survey.codebook.kind_of(question).is_number], *headings],
        [[row.label, *(write_cell(cell, row.what, marks) for cell in row.cells)] for row in rows],
        subtitle=_find_wording(survey, question),
        notes=explain_letters(survey, cells),
        source=f"Source: {survey.metadata['title']}.",
        figures=[figure for figure in cells["figure_id"] if figure],
        folded="By group",
        across={
            "columns": [f"{one.population}[{one.domain}]" for one in columns.itertuples()],
            # Numbers are no figures of the wave, so that their rows name none.
            "rows": [f"{row.item}.{row.response}.{row.what}" if row.cells[0].get("figure_id") else "" for row in rows],
        },
        **of_survey(survey, populations_asked(survey, question)),
    )


def write_cell(cell: dict[str, Any], what: str, marks: dict[str, str]) -> str:
    """Return one cell of a full table as text: '42 A C', '1,204', '[1]'; nothing where the group wasn't asked."""
    if not cell:
        return ""
    value = cell[what]
    if pd.isna(value):
        return marks.get(cell["withheld"]) or (cell["verbal"] if what == "share" else "unknown")
    if what == "share":
        return f"{number(cell['factor'] * value, int(cell['decimals']))} {cell['letters']}".rstrip()
    return f"{number(value)}{SMALL_BASE if cell['small'] and what == 'base' else ''}"


def _find_wording(survey: Survey, question: str) -> str:
    """Return what was asked: the wording, or the title where populations were asked in unlike words."""
    wordings = {row["wording"] for (_, name), row in survey.asked_rows.items() if name == question}
    return (
        f"“{wordings.pop().rstrip('.')}”"
        if len(wordings) == 1
        else str(survey.codebook.questions.loc[question, "title"])
    )


def quote_wordings(survey: Survey, question: str) -> list[str]:
    """Return the wording of a question as it was put, with whom it was put to where populations heard unlike ones."""
    asked = {row["population"]: row for (_, name), row in survey.asked_rows.items() if name == question}
    same = len({row["wording"] for row in asked.values()}) == 1
    said = [
        ("" if same else f"{sentence(people(survey, population))}: ")
        + quote_wording(row["wording"], row["wording_source"], cited=True)
        for population, row in asked.items()
    ]
    return list(dict.fromkeys(said)) if not same else said[:1]
