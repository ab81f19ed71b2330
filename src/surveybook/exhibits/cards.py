"""Cards for the landing page: a finding each, with its figures in large type and how far sampling could move them."""

from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from surveybook.model.figures import LISTS, answers_of, find_figure, populations_asked
from surveybook.model.survey import Survey
from surveybook.model.wording import Phrase, in_sentence, limits_text, number, phrase, sentence
from surveybook.words.findings import (
    apart,
    first_places,
    gaps,
    leading,
    leading_answers,
    people,
    questions_of_its_own,
    widest_gap,
)

MIME = "application/vnd.surveybook.cards+json"
# The page that has the charts of questions which no chapter was written for.
NEW = "chapters/07-change"


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
        The figures in large type: whose they are, what they count, the share and its interval.
    """

    title: str
    says: Phrase
    page: str
    shown: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Cards:
    """Cards as a notebook stores them, with a line on how to read them."""

    cards: list[Card]
    note: str

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Return the cards as data, and as text for those who read the notebook."""
        stored = [{**asdict(card), "says": card.says.text, "figures": list(card.says.figures)} for card in self.cards]
        plain = (f"{place}. {card.title}: {card.says}" for place, card in enumerate(self.cards, start=1))
        return {MIME: {"cards": stored, "note": self.note}, "text/plain": "\n".join(plain)}


def show(survey: Survey, *cards: Card) -> Cards:
    """Return cards with the line that says what their intervals mean.

    In place of a card on what the wave didn't ask stands one on a question that it asked and the report's didn't,
    as long as there are such.
    """
    spare = (_own(survey, question) for question in questions_of_its_own(survey))
    cards = tuple(card if card.shown else next(spare, card) for card in cards)
    assumed = any(entry.get("base_status") == "assumed" for entry in survey.metadata["populations"].values())
    sampling = f"as far as sampling goes{'; one base is assumed' if assumed else ''}."
    note = f"In small type and as a band: the {number(100 * survey.confidence)} per cent interval of each figure, "
    return Cards([card for card in cards if card.shown], note + sampling)


def _own(survey: Survey, question: str) -> Card:
    """Return a card on a question that no chapter was written for; of several statements, on the first."""
    title = str(survey.codebook.questions.loc[question, "title"])
    if survey.codebook.questions.loc[question, "kind"] in LISTS:
        return leaders(survey, question, title, NEW)
    items = survey.codebook.items
    item = items[items["question_id"] == question].sort_values("order", kind="stable").index[0]
    rows = answers_of(survey, item).sort_values("share", ascending=False, kind="stable")
    tops = [own for _, own in rows[rows["status"] == "number"].groupby("population", sort=False)]
    figures = pd.concat([top.head(1 if len(tops) > 1 else 2) for top in tops]) if tops else pd.DataFrame()
    said = leading_answers(survey, item)
    return Card(title, phrase(f"{said.text.rstrip('.')}.", said), NEW, drawn(survey, figures))


def leaders(survey: Survey, question: str, title: str, page: str) -> Card:
    """Return what each population puts first; for a single one, also what can't be told from it."""
    tops = [leading(survey, question, population) for population in populations_asked(survey, question)]
    figures = pd.concat([top.head(1 if len(tops) > 1 else 2) for top in tops]) if tops else pd.DataFrame()
    return Card(title, first_places(survey, question, shares=False), page, drawn(survey, figures))


def widest(survey: Survey, question: str, title: str, page: str) -> Card:
    """Return the answer over which two populations part most."""
    compared = gaps(survey, question)
    figures = pd.DataFrame(compared[0][:2] if compared else [])
    return Card(title, widest_gap(survey, question, shares=False), page, drawn(survey, figures))


def pair(survey: Survey, first: str, second: str, title: str, page: str) -> Card:
    """Return two answers of one population, by their keys, and whether sampling could have set them apart."""
    found = [figure for key in (first, second) if (figure := find_figure(survey, key)) is not None]
    return Card(title, apart(survey, first, second), page, drawn(survey, pd.DataFrame(found)))


def drawn(survey: Survey, figures: pd.DataFrame) -> list[dict[str, Any]]:
    """Return figures as a card shows them; a share in words stays words, and has no place on a scale."""
    labels = survey.codebook.responses.set_index(["kind", "response"])["label"]
    alone = len(figures) and figures["item_id"].nunique() == 1 and figures["response"].nunique() > 1
    shown = []
    for _, row in figures.iterrows():
        kind = survey.codebook.questions.loc[row["question_id"], "kind"]
        # Two answers to one statement are told apart by the answer; everything else by the item.
        what = in_sentence(labels[kind, row["response"]] if alone else row["short_label"])
        one = {"population": row["population"], "who": sentence(people(survey, row["population"])), "what": what}
        shown.append({**one, **measured(row)})
    return shown


def measured(figure: pd.Series) -> dict[str, Any]:
    """Return the share of a figure as text and, where it is a number, as a place on a scale from 0 to 100."""
    if figure["status"] != "number":
        return {"value": figure["verbal"] or "not published"}
    value = f"{number(100 * figure['share'], figure['decimals'])}%"
    place = {"value": value, "share": percent(figure["share"])}
    if pd.isna(figure["low"]):
        return place
    bounds = {"low": percent(figure["low"]), "high": percent(figure["high"])}
    return {**place, **bounds, "interval": limits_text(figure)}


def percent(share: float) -> float:
    """Return a share in per cent, to the decimal that a drawing can show."""
    return round(100 * float(share), 1)
