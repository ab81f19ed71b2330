"""The question of this report alone: which way of access to public services does best at what.

At each attribute only the share of the way that wins was published.
"""

import pandas as pd

from surveybook.exhibits.drawing import Series, list_series
from surveybook.exhibits.exhibit import Exhibit
from surveybook.exhibits.records import chart_figures
from surveybook.model.survey import Survey, figures_of, populations_asked
from surveybook.model.wording import Phrase, count, in_sentence, listing, number, phrase, share_text, with_interval
from surveybook.words.asked import nothing_to_show
from surveybook.words.changes import with_changes
from surveybook.words.naming import people

QUESTION = "channel_attributes"
SHAPES = ("circle", "square", "diamond")


def chart_channels(survey: Survey, question: str = QUESTION, name: str = "channels") -> Exhibit | None:
    """Return which way of access wins at each attribute.

    Parameters
    ----------
    survey : Survey
        The wave.
    question : str
        The question about ways of access.
    name : str
        The figure's name.

    Returns
    -------
    Exhibit or None
        Attributes by the way that wins them, largest share first; None where the wave has none.
    """
    rows, populations = figures_of(survey, question), populations_asked(survey, question)
    if rows.empty:
        return None
    kind = survey.codebook.kind_of(question)
    known = rows["status"] == "number"
    numbers = rows[known].assign(place=rows["response"].map(kind.responses.index))
    best = numbers.sort_values("share", ascending=False, kind="stable").groupby("item_id", sort=False).head(1)
    best = best.sort_values(["place", "share"], ascending=[True, False], kind="stable")
    # A mark whose way isn't told from others beside it is named.
    alone = numbers.groupby("item_id").size()[best["item_id"]].to_numpy() < len(kind.labels)
    named = best["response"].map(lambda response: f"  {in_sentence(kind.labels[response])}")[alone]
    # All of them are answers of one population, so they share its colour and differ in shape.
    colour = list_series(survey, populations)[0].colour
    groups = [Series(label, colour, shape) for label, shape in zip(kind.labels.values(), SHAPES, strict=False)]
    # The table has the attributes in the order of the chart; those that no way wins by a number come last.
    drawn = {item: place for place, item in enumerate(best["item_id"])}
    shown = rows.assign(
        row=rows["label"].where(known),
        series=rows["response"].map(kind.labels),
        beside=named.reindex(rows.index, fill_value=""),
        drawn=rows["item_id"].map(drawn),
    ).sort_values(["drawn", "order", "response"], kind="stable")
    withheld = int((rows["status"] == "unpublished").sum())
    note = (
        f"Only the winning way’s share was published; {number(withheld)} other cells are not known, and each can be at "
        "most what is left."
    )
    won = {label: best[best["response"] == response] for response, label in kind.labels.items()}
    counts = [f"{in_sentence(label)} on {count(len(own)) if len(own) else 'none'}" for label, own in won.items()]
    return chart_figures(
        survey,
        shown,
        name,
        f"Best at what: {listing(counts)} of {count(len(best))} attributes",
        " ".join(_tell_winner(label, own) for label, own in won.items()),
        "chart_channels",
        heads=("label", "response"),
        groups=groups,
        question=question,
        populations=populations,
        notes=[note] if withheld else [],
        module="whyict.channels",
    )


def _tell_winner(label: str, own: pd.DataFrame) -> str:
    """Return which attributes a way of access wins, with its share and interval."""
    if own.empty:
        return f"{label}: first at nothing."
    listed = "; ".join(f"{in_sentence(row['short_label'])} {with_interval(row)}" for _, row in own.iterrows())
    return f"{label}: {listed}."


def channel_winners(survey: Survey, question: str = "channel_attributes") -> Phrase:
    """Return which way of access has the published lead at which attributes."""
    rows = figures_of(survey, question)
    if rows.empty or not populations_asked(survey, question):
        return nothing_to_show(survey, question)
    numbers = rows[rows["status"] == "number"].sort_values("share", ascending=False, kind="stable")
    best = numbers.groupby("item_id", sort=False).head(1)
    parts = []
    for response, label in survey.codebook.kind_of(question).labels.items():
        won = best[best["response"] == response]
        named = listing(f"{in_sentence(row['short_label'])} ({share_text(row)})" for _, row in won.iterrows())
        parts.append(f"the {in_sentence(label)} for {named or 'nothing on the list'}")
    who = people(survey, rows["population"].iloc[0])
    return with_changes(survey, phrase(f"To {who}, the best way is {'; '.join(parts)}.", best), question)
