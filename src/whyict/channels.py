"""The question of this report alone: which way of access to public services does best at what.

At each attribute only the share of the way that wins was published.
"""

from typing import Any

import pandas as pd

from surveybook.exhibits.exhibit import Exhibit
from surveybook.exhibits.figure_charts import chart_figures
from surveybook.exhibits.forms import Spec, draw_matrix, map_series
from surveybook.exhibits.records import LEFT, REST, place_figure, write_share
from surveybook.model.survey import Survey, figures_of
from surveybook.model.wording import count, in_sentence, listing, number, round_number, with_interval

QUESTION = "channel_attributes"


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
    rows = figures_of(survey, question)
    if rows.empty:
        return None
    kind = survey.codebook.kind_of(question)
    numbers = rows[rows["status"] == "number"].assign(place=lambda own: own["response"].map(kind.responses.index))
    best = numbers.sort_values("share", ascending=False, kind="stable").groupby("item_id", sort=False).head(1)
    best = best.sort_values(["place", "share"], ascending=[True, False], kind="stable")
    # Those that no way wins by a number come last.
    places = {item: place for place, item in enumerate(best["item_id"])}
    ways = rows["response"].map(kind.responses.index)
    shown = rows.assign(row=rows["label"], place=rows["item_id"].map(places), way=ways)
    shown = shown.sort_values(["place", "order", "way"], kind="stable")
    withheld = int((rows["status"] == "unpublished").sum())
    note = (
        f"Only the winning way’s share was published; {number(withheld)} other cells are not known, and each can be at "
        "most what is left."
    )
    won = {label: best[best["response"] == response] for response, label in kind.labels.items()}
    counts = [f"the {in_sentence(label)} on {count(len(own))}" for label, own in won.items() if len(own)]
    return chart_figures(
        survey,
        shown,
        name,
        f"Best at what, of {count(len(best))} attributes: {listing(counts)}",
        " ".join(_tell_winner(label, own) for label, own in won.items() if len(own)),
        chart_channels,
        heads=("label", "response"),
        draw=lambda drawn: _draw_cells(survey, drawn, set(best["figure_id"])),
        question=question,
        notes=[note] if withheld else [],
    )


def _draw_cells(survey: Survey, drawn: pd.DataFrame, winners: set[str]) -> Spec:
    """Return a cell for each attribute and way of access, and one for what their shares leave."""
    kind, records = survey.codebook.kind_of(drawn["question_id"].iloc[0]), list[dict[str, Any]]()
    for row in drawn.to_dict("records"):
        way = REST if row["status"] == LEFT else kind.label_of(row["response"])
        wins = row["status"] != LEFT and row["figure_id"] in winners
        record = {"label": row["row"], "series": way, "status": "winner" if wins else row["status"]}
        if pd.isna(row["share"]):
            record |= {"status": "unknown", "tip": f"{way}: not published"}
        elif row["status"] == LEFT:
            left = f"{write_share(row)}%"
            record |= {"start": round_number(row["start"], 4), "end": row["end"], "text": left, "tip": f"{way}: {left}"}
        else:
            record |= place_figure(survey, row, way)
        records.append(record)
    columns = [*kind.labels.values(), *([REST] if any(one["status"] == LEFT for one in records) else [])]
    return draw_matrix(records, columns, map_series(survey, drawn["population"])[drawn["population"].iloc[0]].colour)


def _tell_winner(label: str, own: pd.DataFrame) -> str:
    """Return at which attributes a way of access wins, with its share and interval."""
    listed = "; ".join(f"{in_sentence(row['short_label'])} {with_interval(row)}" for _, row in own.iterrows())
    return f"{label}: {listed}."
