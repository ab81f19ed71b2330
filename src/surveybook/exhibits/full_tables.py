"""Full tables: a question by all groups side by side, with bases, and letters for differences beyond sampling.

The same frame makes the table on a page and the sheet of the workbook.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from surveybook.exhibits.exhibit import Exhibit, of_survey
from surveybook.exhibits.records import PER_CENT, list_numbers
from surveybook.model.survey import Survey, list_records, populations_asked, work_out_once
from surveybook.model.wording import in_sentence, listing, number, sentence
from surveybook.stats.comparison import BOUND, EXACT, contrast_all, contrast_means, find_letters, letter_columns
from surveybook.stats.shares import UNTESTED
from surveybook.words.findings import people
from surveybook.words.naming import name_domain
from surveybook.words.results import quote_question

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
    key : str
        Whose it is: item, response and what it holds.
    cells : sequence of dict
        The cells, one a column of the table; empty where a group wasn't asked.
    """

    label: str
    what: str
    key: str
    cells: Sequence[dict[str, Any]]


@dataclass(frozen=True)
class FullTable:
    """A question by all groups, as pages, workbook and topline show it.

    Attributes
    ----------
    head : str
        What heads the names of its rows.
    columns : pandas.DataFrame
        A row a column: ``population``, ``domain``, ``grouping``, ``heading`` and ``letter``.
    rows : sequence of Row
        Its rows.
    marks : dict
        The mark of each reason why a share isn't shown: '[1]'.
    notes : sequence of str
        What one has to know to read it.
    """

    head: str
    columns: pd.DataFrame
    rows: Sequence[Row]
    marks: dict[str, str]
    notes: Sequence[str]

    def write_row(self, row: Row) -> list[str]:
        """Return a row as text, after its name: '42 A C', '1,204', '84*', '[1]'."""
        told = [row.label]
        for value, decimals, beside in (fill_cell(cell, row.what, self.marks) for cell in row.cells):
            between = " " if row.what == "share" and beside else ""
            told.append(value if decimals is None else f"{number(value, decimals)}{between}{beside}")
        return told


@work_out_once
def tabulate_survey(survey: Survey) -> dict[str, pd.DataFrame]:
    """Return every answer to each question of a wave by all declared groups, one row an item, response and group.

    Parameters
    ----------
    survey : Survey
        The wave.

    Returns
    -------
    dict
        The cells of each question that was asked, in the order of the codebook, the whole population before its
        groups: ``population``, ``domain``, ``grouping``, ``heading`` (what the column is called), ``letter`` (its own;
        none of what isn't tested), ``item_id``, ``label``, ``response``, ``answer`` (empty for having chosen an item),
        ``net`` (whether the response is made of others), ``share`` (0-1; of numbers that people gave, also a mean or
        median in its unit), ``factor`` (what it is shown times), ``decimals``, ``base``, ``weighted_base``, ``letters``
        (of the columns of its grouping than which its share is larger beyond sampling, as in 'A C'), ``withheld`` (why
        there is no share), ``verbal``, ``small`` (whether the base is), ``tests`` (those of its pairs) and
        ``figure_id``.
    """
    estimates, numbers, order = survey.estimates, list_numbers(survey), list(survey.codebook.questions.index)
    units = [f" ({unit})" if isinstance(unit, str) and unit else "" for unit in numbers["unit"]]
    # Numbers are no figures of the wave, so that their rows name none.
    numbers = numbers.assign(told=numbers["response"].map(sentence) + units, figure_id="")
    shares = estimates.assign(factor=PER_CENT, told="")
    figures = pd.concat([shares, numbers]) if len(numbers) else shares
    pairs = [contrast_all(survey), *([contrast_means(survey, numbers)] if len(numbers) else [])]
    columns, pairs = letter_columns(figures), pd.concat(pairs, ignore_index=True)
    kinds = survey.codebook.kinds
    asked = figures.groupby("question_id")["population"].nunique()
    columns["heading"] = [
        _name_column(survey, one.population, one.domain, several=asked[one.question_id] > 1)
        for one in columns.itertuples()
    ]
    tested = pd.concat([pairs.set_index(side)["method"] for side in ("first", "second")])
    tests = {label: set(methods) for label, methods in tested.groupby(level=0)}
    given = list(zip(figures["question_id"], figures["response"], strict=True))
    cells = figures.assign(
        letters=find_letters(figures, columns, pairs),
        answer=[
            told or ("" if response == "chosen" else kinds[question].label_of(response))
            for (question, response), told in zip(given, figures["told"], strict=True)
        ],
        net=[response in kinds[question].nets for question, response in given],
        # Why there is no share.
        withheld=figures["note"].replace("", "not published").where(figures["status"] == "unpublished", ""),
        small=figures["note"].astype(str).str.startswith("small base"),
        tests=[tests.get(label, set()) for label in figures.index],
        question=figures["question_id"].map(order.index),
        place=[
            label if kinds[question].is_number else kinds[question].responses.index(response)
            for label, (question, response) in zip(figures.index, given, strict=True)
        ],
    )
    cells = cells.merge(columns.assign(column=range(len(columns))), on=["question_id", *PLACE])
    cells = cells.sort_values(["question", "order", "place", "column"], kind="stable")
    return {str(question): own[CELL] for question, own in cells.groupby("question_id", sort=False)}


def _name_column(survey: Survey, population: str, domain: str, *, several: bool) -> str:
    """Return the heading of a column: a population, or a group of it, with the population where there are several."""
    if not domain:
        return sentence(people(survey, population)) if several else "All"
    part = name_domain(domain)
    return sentence(f"{people(survey, population)}, {part}" if several else part)


def lay_out_table(survey: Survey, question: str, cells: pd.DataFrame) -> FullTable:
    """Return the table of a question.

    Parameters
    ----------
    survey : Survey
        The wave.
    question : str
        The question.
    cells : pandas.DataFrame
        Those of `tabulate_survey` that it shows.
    """
    columns = cells[[*PLACE, "grouping", "heading", "letter"]].drop_duplicates(PLACE).reset_index(drop=True)
    marks = {reason: f"[{place}]" for place, reason in enumerate(filter(None, cells["withheld"].unique()), start=1)}
    rows = list(_lay_out_rows(survey.codebook.kind_of(question).is_list, cells, columns))
    head = HEAD[survey.codebook.kind_of(question).is_number]
    return FullTable(head, columns, rows, marks, _explain_table(survey, question, cells, marks))


def _lay_out_rows(is_list: bool, cells: pd.DataFrame, columns: pd.DataFrame) -> Iterator[Row]:
    """Yield the rows of a full table: bases once where all items have the same ones, else above each item."""
    places = list(map(tuple, columns[PLACE].to_numpy()))
    by_row: dict[tuple[str, str], dict[tuple[str, ...], dict[str, Any]]] = {}
    for cell in list_records(cells):
        own = by_row.setdefault((cell["item_id"], cell["response"]), {})
        own[cell["population"], cell["domain"]] = cell
    kinds = {"base": UNWEIGHTED, **({"weighted_base": WEIGHTED} if _has_weights(cells) else {})}
    shown, several = None, cells["item_id"].nunique() > 1
    bases = {key: [_state_base(own.get(place, {})) for place in places] for key, own in by_row.items()}
    alike = all(base == next(iter(bases.values())) for base in bases.values())
    for (item, response), own in by_row.items():
        listed = [own.get(place, {}) for place in places]
        first = next(filter(None, listed))
        name, answer = first["label"], in_sentence(first["answer"])
        if shown is None or (bases[item, response] != shown and not alike):
            shown = bases[item, response]
            for what, label in kinds.items():
                told = label if alike else f"{name}: {in_sentence(label)}"
                yield Row(told, what, f"{item}.{response}.{what}", listed)
        label = first["answer"]
        if is_list or several:
            label = f"{name}: {answer}" if answer else name
        yield Row(f"{label} (net)" if first["net"] else label, "share", f"{item}.{response}.share", listed)


def _take_smallest(rows: Sequence[Row]) -> list[Row]:
    """Return rows with the smallest bases over all, of a group those of the item that fewest answered, in their place.

    Those of a few rows that share theirs are left as they are.
    """
    shares, least = [row for row in rows if row.what == "share"], list[Row]()
    for what, label in {"base": UNWEIGHTED, "weighted_base": WEIGHTED}.items():
        own = [row.cells for row in rows if row.what == what]
        if len(own) == 1:
            return list(rows)
        smallest = [min(cells, key=lambda cell: cell.get("base") or 0) for cells in zip(*own, strict=True)]
        least += [Row(f"Smallest {in_sentence(label)}", what, "", smallest)] if own else []
    return [*least, *shares]


def _state_base(cell: dict[str, Any]) -> str:
    """Return both bases of a cell as one text, or why it has none."""
    is_known = pd.notna(cell.get("base"))
    return f"{cell.get('base')} {cell.get('weighted_base')} {'' if is_known else cell.get('withheld')}"


def _has_weights(cells: pd.DataFrame) -> bool:
    """Return whether any weighted base is known that isn't the number of answers."""
    return bool((cells["weighted_base"] - cells["base"]).abs().gt(1e-6).any())


def _explain_table(survey: Survey, question: str, cells: pd.DataFrame, marks: dict[str, str]) -> list[str]:
    """Return what one has to know to read a full table: letters, marks, bases, nets; sentences without markup."""
    tests, kind = set().union(*cells["tests"]), survey.codebook.kind_of(question)
    nets = [
        f"{in_sentence(kind.label_of(net))}: {listing(in_sentence(kind.label_of(part)) for part in kind.nets[net])}"
        for net in cells.loc[cells["net"], "response"].unique()
    ]
    notes = {
        tell_tests(survey, bool(cells["letters"].any())): bool(tests - {UNTESTED.method, EXACT}),
        "Where covariances were not released, tests assume the least favourable ones.": BOUND in tests,
        "Where everybody was asked, differences are exact and have no letters.": EXACT in tests,
        f"{SMALL_BASE} Small base: fewer than 100 answers.": cells["small"].any(),
        **{f"{mark} {sentence(reason.rstrip('.'))}.": True for reason, mark in marks.items()},
        f"Nets: {'; '.join(nets)}.": bool(nets),
        "Shares are weighted.": _has_weights(cells),
    }
    return [note for note, is_so in notes.items() if is_so]


def tell_tests(survey: Survey, has_letters: bool = True) -> str:
    """Return what letters mean, or that no groups differ: which tests stand behind it, and how they are adjusted."""
    level = number(100 * (1 - survey.confidence))
    found = (
        "A letter marks a share larger than that of the column with the letter, beyond sampling"
        if has_letters
        else "No two groups differ beyond sampling"
    )
    return f"{found} (all pairs of a grouping, two-sided at {level}%, adjusted over the question by Holm’s method)."


def by_group(survey: Survey, question: str, *, headlines: bool = False) -> Exhibit | None:
    """Return the answers to a question by all declared groups side by side; None where nothing stands beside the whole.

    Parameters
    ----------
    survey : Survey
        The wave.
    question : str
        A question of the codebook.
    headlines : bool
        Whether it shows of each item the answer that speaks for it alone, where there is one, and the smallest bases;
        the workbook has all.
    """
    cells, kind = tabulate_survey(survey).get(question), survey.codebook.kind_of(question)
    is_short = headlines and kind.headline is not None
    if cells is not None and is_short:
        # Which answer it is stands above.
        cells = cells[cells["response"] == kind.headline].assign(answer="", net=False)
    if cells is not None and kind.is_number:
        # How many gave which number is known of all alone.
        cells = cells[cells["factor"] == 1]
    if cells is None or len(cells[PLACE].drop_duplicates()) < 2:
        return None
    table, title = lay_out_table(survey, question, cells), str(survey.codebook.questions.loc[question, "title"])
    rows = _take_smallest(table.rows) if is_short else table.rows
    columns = list(table.columns.itertuples())
    # The title stands for the wording where populations were asked in unlike words.
    wordings = {row["wording"] for (_, asked), row in survey.asked_rows.items() if asked == question}
    return Exhibit(
        f"by-group-{question.replace('_', '-')}",
        f"{title}, by group",
        [
            "Numbers" if kind.is_number else table.head,
            *(f"{one.heading} ({one.letter})" if one.letter else one.heading for one in columns),
        ],
        [table.write_row(row) for row in rows],
        subtitle=quote_question(survey, question, shown=is_short) if len(wordings) == 1 else title,
        notes=table.notes,
        source=f"Source: {survey.metadata['title']}.",
        figures=[figure for figure in cells["figure_id"] if figure],
        folded="By group",
        across={
            "columns": [f"{one.population}[{one.domain}]" for one in columns],
            "rows": [row.key if row.cells[0].get("figure_id") else "" for row in rows],
        },
        **of_survey(survey, populations_asked(survey, question)),
    )


def fill_cell(cell: dict[str, Any], what: str, marks: dict[str, str]) -> tuple[Any, int | None, str]:
    """Return what stands in one cell of a full table, its decimals, and the letters or the mark beside it.

    It is a number, or a text, which has no decimals: the source's words, why there is no share, or that a base is
    unknown. Nothing stands where the group wasn't asked.
    """
    if not cell:
        return "", None, ""
    value, is_share = cell[what], what == "share"
    if pd.isna(value):
        return marks.get(cell["withheld"]) or (cell["verbal"] if is_share else "unknown"), None, ""
    if is_share:
        return cell["factor"] * value, int(cell["decimals"]), cell["letters"]
    return value, 0, SMALL_BASE if cell["small"] and what == "base" else ""
