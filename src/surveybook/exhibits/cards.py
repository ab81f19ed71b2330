"""Cards for the landing page: a finding each, with its figures in large type and how far sampling could move them.

And what a survey bears best, which a drafted page opens with: changes that show, clear majorities, gaps between groups,
leads.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import chain
from textwrap import shorten
from typing import Any

import pandas as pd

from surveybook.exhibits.exhibit import Exhibit
from surveybook.exhibits.records import format_share, write_share
from surveybook.model.survey import Survey, answers_of, find_figure, find_part_asked, label_of, populations_asked
from surveybook.model.wording import (
    HALF_A_POINT,
    Phrase,
    has_interval,
    in_sentence,
    limits_text,
    per_cent,
    phrase,
    round_number,
    sentence,
    together,
)
from surveybook.respondents.disclosure import FLAGGED_BELOW
from surveybook.stats.comparison import compare_figures
from surveybook.stats.completeness import drop_nets
from surveybook.words import findings

CHANGE, MAJORITY, GAP, LEAD = "change", "majority", "gap", "lead"
MOST = 5
HALF = 0.5
# What everybody has, as far as sampling can tell, is no finding: a television, one sample of two, or the only answer.
EVERYBODY = 0.99
# Of a long statement, which the sentence beside has whole, so many letters stand over its share.
LONGEST_NAME = 60


@dataclass(frozen=True, eq=False)
class Highlight:
    """One finding: of which sort and question, in words, the figures to show, and its size at the least (0-1)."""

    sort: str
    question: str
    says: Phrase
    figures: pd.DataFrame
    surely: float


@dataclass(frozen=True)
class Card:
    """One finding.

    Attributes
    ----------
    title : str
        What it is about.
    says : Phrase
        What the wave shows, in one sentence.
    page : str
        The page with the evidence.
    shown : list of dict
        The figures in large type: whose they are, what they count, the share and its interval, and where it was before.
    link : str
        What leads to the page, where that isn't the page's title.
    """

    title: str
    says: Phrase
    page: str
    shown: list[dict[str, Any]] = field(default_factory=list)
    link: str = ""


def show(survey: Survey, *cards: Card, spare_page: str = "") -> Exhibit:
    """Return cards with the line that says what their intervals mean.

    In place of a card on what the wave didn't ask stands one on a question that no chapter was written for, as long as
    there are such and `spare_page` names the page that has their charts.
    """
    own, titles = findings.questions_of_its_own(survey) if spare_page else [], survey.codebook.questions["title"]
    spare = (show_leaders(survey, question, str(titles[question]), spare_page) for question in own)
    cards = tuple(card if card.shown else next(spare, card) for card in cards)
    assumed = any(entry.get("base_status") == "assumed" for entry in survey.metadata["populations"].values())
    interval = (
        f"In small type and as a band: the {per_cent(survey.confidence)} interval of each figure"
        f"{'; one base is assumed' if assumed else ''}."
    )
    before = f"A ring is where a share was in {label_of(survey.baseline)}." if survey.baseline else ""
    stored = [
        {**vars(card), "says": card.says.text, "figures": list(card.says.figures)} for card in cards if card.shown
    ]
    drawn = {key for card in stored for one in card["shown"] for key in one}
    notes = [note for key, note in (("interval", interval), ("was", before)) if key in drawn]
    return Exhibit("findings", "Findings", cards=stored, notes=notes)


def find_highlights(survey: Survey, most: int = MOST, leave_out: Collection[str] = ()) -> list[Highlight]:
    """Return what a survey bears best, the clearest first.

    Parameters
    ----------
    survey : Survey
        The wave.
    most : int
        How many findings.
    leave_out : collection of str
        Questions that are no news: who the respondents are.

    Returns
    -------
    list of Highlight
        With a baseline the largest changes that show, no more than two of one question, come first. Then sorts take
        turns: majorities by how far the interval is above one half, gaps between groups and leads by how large the
        interval says that they are at least. Of each question one finding, until all have theirs.
    """
    questions = [str(name) for name in survey.codebook.questions.index if name not in leave_out]
    found = sorted((one for name in questions for one in list_findings(survey, name)), key=lambda one: -one.surely)
    picked, told = list[Highlight](), Counter[str]()

    def pick(sort: str, spare: int) -> bool:
        """Add the clearest of a sort of whose question no more than `spare` is told; return whether there is one."""
        # What rose to a majority is said once.
        said = [one.says.text for one in picked]
        fresh = (one for one in found if one.sort == sort and one.says.text not in said and told[one.question] <= spare)
        one = next(fresh, None) if len(picked) < most else None
        if one:
            picked.append(one)
            told[one.question] += 1
        return one is not None

    for spare in (0, 1):
        while pick(CHANGE, spare):
            pass
    for spare in (0, 1):
        while sum(pick(sort, spare) for sort in (MAJORITY, GAP, LEAD)):
            pass
    return picked


def list_findings(survey: Survey, question: str) -> Iterator[Highlight]:
    """Yield what a question has for a landing page: at most two changes, and one finding of each other sort."""
    kind, is_one = survey.codebook.kind_of(question), findings.is_alone(survey, question)
    is_list = kind.is_list
    for population in populations_asked(survey, question):
        rows = findings.find_leads(survey, question, population)
        # What part of a population said is no news of all of it.
        if rows.empty or find_part_asked(survey, population, question):
            continue
        # Of two answers that leave nothing else, the larger tells the other.
        excludes = is_one or (is_list and not kind.is_several)
        is_whole = excludes and len(rows) == 2 and rows["share"].sum() > 1 - HALF_A_POINT
        for _, row in rows.head(1 if is_whole else len(rows)).iterrows():
            if (change := findings.find_change(survey, row)) is not None:
                said = findings.tell_share(survey, row)
                yield _make_highlight(CHANGE, question, said, row.to_frame().T, abs(change["change"]))
        first, said = rows.iloc[0], findings.tell_share(survey, rows.iloc[0])
        if first["share"] > EVERYBODY or first["high"] > EVERYBODY:
            continue
        if first["low"] > HALF and not is_list:
            yield _make_highlight(MAJORITY, question, said, rows.head(1), first["low"] - HALF)
        is_ahead = len(rows) > 1 and len(findings.level_with_first(survey, rows)) == 1
        if is_ahead and (is_one or is_list) and findings.is_first(survey, rows):
            lead = compare_figures(survey, first, rows.iloc[1])
            said = said if is_one else findings.tell_most_common(survey, rows).text
            if lead.low > 0:
                yield _make_highlight(LEAD, question, said, rows.head(2), lead.low)
    for _, widest in findings.find_gaps(survey, question).iterrows():
        told = findings.tell_gap(survey, widest)
        # In the order in which the sentence has them.
        figures = survey.estimates.set_index("figure_id", drop=False).loc[list(told.figures)]
        if not (figures["base"] < FLAGGED_BELOW).any():
            yield _make_highlight(GAP, question, told.text, figures, widest["surely"])
            break


def _make_highlight(sort: str, question: str, text: str, figures: pd.DataFrame, surely: float) -> Highlight:
    """Return a clause and its figures as a finding, which is a sentence."""
    says = phrase(f"{sentence(text)}.".replace("?”.", "?”"), figures)
    return Highlight(sort, question, says, figures, surely)


def show_highlights(survey: Survey, most: int = MOST, leave_out: Collection[str] = ()) -> Exhibit | None:
    """Return what a survey bears best as cards, each with the way to its chapter; None where it bears nothing.

    The arguments are those of `find_highlights`.
    """
    cards = list[Card]()
    for one in find_highlights(survey, most, leave_out):
        chapter = survey.codebook.questions.loc[one.question, "chapter"]
        figures, link = _show_figures(survey, one.figures), _name_asked(survey, one.question)
        cards.append(Card("", one.says, f"chapters/{chapter}", figures, link))
    return show(survey, *cards) if cards else None


def _name_asked(survey: Survey, question: str) -> str:
    """Return what a finding's question is called; "" where it quotes the only statement, which says what was asked."""
    quotes = findings.is_alone(survey, question) and survey.codebook.kind_of(question).is_quoted
    return "" if quotes else str(survey.codebook.questions.loc[question, "title"])


def tell_highlights(survey: Survey, *questions: str, most: int = 2) -> Phrase:
    """Return what a survey bears best of some questions, as sentences: how a chapter of them opens.

    Where it bears nothing well enough for a card, it is what came of the first of them.
    """
    others = set(survey.codebook.questions.index) - set(questions)
    told = dict[str, list[Phrase]]()
    for one in find_highlights(survey, most, others):
        name = "" if one.question in told else _name_asked(survey, one.question)
        is_said = not name or name.lower() in one.says.text.lower()
        says = one.says if is_said else phrase(f"{name} – {one.says.text}", one.says)
        told.setdefault(one.question, []).append(says)
    if told:
        return together(*chain(*told.values()))
    first = findings.chapter_headline(survey, *questions, named=True)
    return phrase(first.text and f"{first.text}.", first)


def show_leaders(survey: Survey, question: str, title: str, page: str) -> Card:
    """Return what each population puts first, or answers most: of several statements, to the first.

    For a single population it is also what comes next, or what of a list can't be told from it.
    """
    item = survey.codebook.items_by_question[question][0]
    if survey.codebook.kind_of(question).is_list:
        found = (findings.ranking(survey, question, name) for name in populations_asked(survey, question))
        ranked = [findings.level_with_first(survey, own) for own in found]
    else:
        rows = answers_of(survey, item).sort_values("share", ascending=False, kind="stable")
        known = drop_nets(rows[rows["status"] == "number"], survey.codebook)
        ranked = [own for _, own in known.groupby("population", sort=False)]
    tops = pd.concat([own.head(1 if len(ranked) > 1 else 2) for own in ranked]) if ranked else pd.DataFrame()
    said = findings.leading_answers(survey, item)
    return Card(title, phrase(f"{said.text.rstrip('.')}.", said), page, _show_figures(survey, tops))


def tell(survey: Survey, says: Phrase, title: str, page: str, *keys: str) -> Card:
    """Return a card that says a sentence, with the figures of these keys in large type."""
    found = [figure for key in keys if (figure := find_figure(survey, key)) is not None]
    return Card(title, phrase(says.text, *found, says), page, _show_figures(survey, pd.DataFrame(found)))


def _show_figures(survey: Survey, figures: pd.DataFrame) -> list[dict[str, Any]]:
    """Return figures as a card shows them; a share in words stays words, and has no place on a scale."""
    shown = []
    for _, figure in figures.iterrows():
        # Two answers to one statement are told apart by the answer; everything else by the item.
        alone = figures["item_id"].nunique() == 1 and (
            figures["response"].nunique() > 1 or findings.is_alone(survey, str(figure["question_id"]))
        )
        what = in_sentence(findings.name_answer(survey, figure) if alone else figure["short_label"])
        what = findings.name_domain(figure["domain"]) if figures["domain"].nunique() > 1 else what
        what = shorten(what, width=LONGEST_NAME, placeholder="…")
        card = {"population": figure["population"], "who": sentence(findings.people(survey, figure["population"]))}
        card |= {"what": what, "value": format_share(figure)}
        if figure["status"] == "number":
            known = has_interval(figure)
            card["value"] = f"{write_share(figure)}%"
            card |= {"interval": limits_text(figure)} if known else {}
            # As places on a scale from 0 to 100.
            ends = ("share", "low", "high") if known else ("share",)
            card |= {end: round_number(100 * float(figure[end]), 1) for end in ends}
            if (change := findings.find_change(survey, figure)) is not None:
                card["was"] = round_number(100 * change["baseline_share"], 1)
        shown.append(card)
    return shown
