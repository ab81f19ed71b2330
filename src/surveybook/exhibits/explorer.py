"""The data of the explorer: every figure of every wave, as plain values that a page can hold."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from surveybook.exhibits.tables.figures import base_text, bound, value
from surveybook.model.codebook import Codebook
from surveybook.model.survey import Survey
from surveybook.model.wording import band, sentence
from surveybook.waves import list_waves, open_wave
from surveybook.words.findings import base_line, intervals_mean

FIGURE_FIELDS = (
    "wave", "question", "population", "domain", "label", "answer", "status", "value", "share", "low", "high", "base",
    "locator", "item", "from", "to",
)  # fmt: skip


def every_wave(first: Survey) -> list[Survey]:
    """Return all waves, the one of this edition first, the others from the latest."""
    others = sorted((wave for wave in list_waves() if wave != first.wave), reverse=True)
    return [first, *(open_wave(wave, confidence=first.confidence) for wave in others)]


def explorer_data(surveys: Sequence[Survey]) -> dict[str, Any]:
    """Return what the explorer's page holds.

    Parameters
    ----------
    surveys : sequence of Survey
        The waves, the one to begin with first.

    Returns
    -------
    dict
        ``waves``, ``populations``, ``questions`` and ``asked``, and ``figures`` as rows of the fields `FIGURE_FIELDS`;
        shares and bounds in per cent, None where there is none.
    """
    codebook = surveys[0].codebook
    waves = [
        {
            "id": survey.wave,
            "label": str(survey.metadata.get("label", survey.wave)),
            "synthetic": bool(survey.metadata.get("synthetic")),
            "source": str(survey.metadata["title"]),
            "intervals": intervals_mean(survey).text,
        }
        for survey in surveys
    ]
    present = {question for survey in surveys for question in survey.estimates["question_id"]}
    questions = [
        {"id": name, "title": row["title"], "chapter": sentence(str(row["chapter"]).replace("-", " "))}
        for name, row in codebook.questions.iterrows()
        if name in present
    ]
    return {
        "confidence": round(100 * surveys[0].confidence),
        "waves": waves,
        "populations": [{"id": name, "label": row["label"]} for name, row in codebook.populations.iterrows()],
        "questions": questions,
        "asked": {key: text for survey in surveys for key, text in wordings(survey).items()},
        "fields": FIGURE_FIELDS,
        "figures": [row for survey in surveys for row in rows(survey)],
    }


def wordings(survey: Survey) -> dict[str, list[str]]:
    """Return wording, base, version and mode of each question asked, by wave, question and population.

    Two waves can be compared where the versions are the same, and with caution where the modes aren't.
    """
    known = set(survey.metadata["populations"])
    return {
        f"{survey.wave}|{row['question_id']}|{row['population']}": [
            row["wording"],
            base_line(survey, [row["population"]]),
            str(row["version"]),
            str(row["mode"]),
        ]
        for _, row in survey.asked.iterrows()
        if row["source"] != "not_asked" and row["population"] in known
    }


def rows(survey: Survey) -> list[list[Any]]:
    """Return the figures of a wave in the order of the codebook."""
    order = {name: place for place, name in enumerate(survey.codebook.questions.index)}
    figures = survey.estimates.assign(place=survey.estimates["question_id"].map(order))
    answers = answer_labels(survey.codebook)
    return [
        [
            survey.wave,
            figure["question_id"],
            figure["population"],
            domain_label(figure["domain"]),
            figure["label"],
            answers.get((survey.codebook.questions.loc[figure["question_id"], "kind"], figure["response"]), ""),
            figure["status"],
            value(figure),
            per_cent(figure["share"]) if figure["status"] == "number" else None,
            *((float(text) if text else None) for text in (bound(figure["low"]), bound(figure["high"]))),
            base_text(figure),
            figure["locator"],
            f"{figure['item_id']}.{figure['response']}",
            *reach(survey.codebook, figure),
        ]
        for _, figure in figures.sort_values(["place", "order", "response"], kind="stable").iterrows()
    ]


def reach(codebook: Codebook, figure: pd.Series) -> tuple[float | None, float | None]:
    """Return the shares in per cent that a figure in words may stand for; None where there are none."""
    limits = band(codebook, figure["verbal"]) if figure["status"] == "words" else None
    return (None, None) if limits is None else (round(100 * limits[0], 1), round(100 * limits[1], 1))


def answer_labels(codebook: Codebook) -> dict[tuple[str, str], str]:
    """Return the label of each answer, by kind of question; none for having chosen an item."""
    answers = codebook.responses[codebook.responses["response"] != "chosen"]
    return {(row["kind"], row["response"]): row["label"] for _, row in answers.iterrows()}


def domain_label(domain: str) -> str:
    """Return a part of a population as words: ``role=manager`` is 'role: manager'."""
    return domain.replace("=", ": ").replace("_", " ").replace(",", ", ")


def per_cent(share: float) -> float | None:
    """Return a share in per cent, to the decimals that mean something."""
    return None if pd.isna(share) else round(100 * share, 2)
