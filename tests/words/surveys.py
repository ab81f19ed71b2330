"""A survey made in memory whose one question is of a kind that no engine knows: how often people do things."""

from collections.abc import Mapping

import pandas as pd

from surveybook.model.codebook import Codebook
from surveybook.model.survey import COLUMNS, Survey
from surveybook.stats.intervals import add_intervals

ANSWERS = {"daily": "Daily", "weekly": "Weekly", "never": "Never"}
ITEMS = {"going": ("Going online", "Going online"), "paying": ("Paying bills on the web", "Paying online")}
POPULATIONS = {"residents": "Residents", "visitors": "Visitors"}
# Per cent by population, item and answer.
SHARES = {
    "residents": {"going": (60, 25, 15), "paying": (35, 33, 32)},
    "visitors": {"going": (40, 45, 15), "paying": (34, 34, 32)},
}


def frequency_survey(kind: str = "frequency", shares: Mapping[str, Mapping[str, tuple[int, ...]]] = SHARES) -> Survey:
    """Return a wave in which residents and visitors, 1,000 each, said how often they go and pay online."""
    responses = {"frequency": ANSWERS, "scale": {"agree": "Agree", "disagree": "Disagree", "dont_know": "Don't know"}}
    listed = pd.DataFrame(
        [(name, *entry) for name, answers in responses.items() for entry in answers.items()],
        columns=["kind", "response", "label"],
    ).assign(made_of="", role="")
    codebook = Codebook(
        questions=pd.DataFrame(
            [["habits", "life", "What people do online", kind, "habits"]],
            columns=["question_id", "chapter", "title", "kind", "concept"],
        ).set_index("question_id"),
        items=pd.DataFrame(
            [[item, "habits", *labels, place, ""] for place, (item, labels) in enumerate(ITEMS.items())],
            columns=["item_id", "question_id", "label", "short_label", "order", "exclusive"],
        ).set_index("item_id"),
        populations=pd.DataFrame(
            [[name, label, label.lower(), place] for place, (name, label) in enumerate(POPULATIONS.items())],
            columns=["population", "label", "people", "order"],
        ).set_index("population"),
        responses=listed,
        words=pd.DataFrame(columns=["relation", "fraction", "reading"]),
    )
    rows = [
        {
            "wave": "2031",
            "figure_id": f"{population}.{item}.{response}",
            "population": population,
            "domain": "",
            "question_id": "habits",
            "item_id": item,
            "response": response,
            "label": ITEMS[item][0],
            "short_label": ITEMS[item][1],
            "order": list(ITEMS).index(item),
            "share": percent / 100,
            "base": 1000.0,
            "effective_base": 1000.0,
            "design_effect": 1.0,
            "status": "number",
            "decimals": 0,
            "verbal": "",
            "base_status": "stated",
            "note": "",
        }
        for population, items in shares.items()
        for item, percents in items.items()
        for response, percent in zip(responses[kind], percents, strict=True)
    ]
    asked = pd.DataFrame(
        [
            [population, "habits", "How often do you do these?", "the form", None, "", "", "published"]
            for population in shares
        ],
        columns=["population", "question_id", "wording", "wording_source", "max_choices", "max_choices_source",
                 "universe", "source"],
    )  # fmt: skip
    about = {"sample_size": 1000, "base_status": "stated", "mode": "online", "fieldwork": "May 2031"}
    return Survey(
        "2031",
        {"title": "A survey", "populations": dict.fromkeys(shares, about)},
        asked.assign(max_choices=pd.to_numeric(asked["max_choices"])),
        add_intervals(pd.DataFrame(rows), 0.95).reindex(columns=COLUMNS),
        pd.DataFrame(),
        codebook,
        0.95,
    )
