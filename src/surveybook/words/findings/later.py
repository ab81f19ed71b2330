"""What a wave without a baseline holds ready for one that comes after it, in words."""

import pandas as pd

from surveybook.change import held_for_later
from surveybook.model.survey import Survey
from surveybook.model.wording import Phrase, listing, number, points
from surveybook.words.findings.questions import people


def first_of_a_series(survey: Survey) -> Phrase:
    """Return that an edition compares nothing yet, and what a later wave will find to be compared with."""
    held = held_for_later(survey)
    shares = int(held["shares"].sum())
    text = "This edition shows one wave and names no baseline, so that nothing is compared yet."
    if not shares:
        return Phrase(f"{text} It has no share whose change a later wave could test.")
    what = "one share whose change" if shares == 1 else f"{number(shares)} shares whose change"
    return _resting(f"{text} It holds {what} can be tested once a later wave names it as its baseline.", held)


def comparable_later(survey: Survey) -> Phrase:
    """Return how many questions a later wave can be compared on, and from what size a change would show."""
    held = held_for_later(survey)
    testable = held[held["shares"] > 0]
    told = []
    for population, size in held.groupby("population", sort=False).size().items():
        some = int((testable["population"] == population).sum())
        of_all = f"all {number(size)}" if some == size else f"{number(some)} of {number(size)}"
        told.append(f"{of_all} questions put to {people(survey, str(population))}")
    text = f"This wave has shares whose change can be tested for {listing(told)}; each is listed below."
    if testable.empty:
        return _resting(text, held)
    least, most = testable["least"].min(), testable["most"].max()
    among = points(least) if least == most else f"{points(least)} in some shares and {points(most)} in others"
    return _resting(f"{text} In a later wave that is as precise, a change taken alone shows from {among}.", held)


def _resting(text: str, held: pd.DataFrame) -> Phrase:
    """Return a phrase that rests on the figures of questions."""
    return Phrase(text, tuple(dict.fromkeys(figure for figures in held["figures"] for figure in figures)))
