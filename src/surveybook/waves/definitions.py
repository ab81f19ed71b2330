"""What each question and group of a wave is made of, part by part: what another wave has to share to be compared.

It is worked out from the wave's own files and released beside its figures, as ``definitions.json``, for those who
have the figures alone. What a wave doesn't say stays unsaid: None.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from surveybook.model.survey import Survey, drawn_by_chance

FILE = "definitions.json"
# Words for a number of choices. People could choose as many as they liked; or nobody says how many.
UNLIMITED, UNKNOWN = "unlimited", "unknown"

Definition = dict[str, Any]


def read_choices(written: pd.Series) -> pd.Series:
    """Return how many answers people could choose: infinitely many for "unlimited", missing where nobody says."""
    return pd.to_numeric(written.replace({UNLIMITED: np.inf, UNKNOWN: np.nan, "": np.nan}), errors="coerce")


def define_question(survey: Survey, population: str, question: str) -> Definition:
    """Return what a question that a wave put to a population is made of.

    Returns
    -------
    dict
        ``wording``, ``kind`` with what hangs on it (``is_several``, ``responses``, and ``nets`` where responses are
        made of others), ``items`` (id to label, of lists), ``answers`` (each with its codes and their labels),
        ``columns``, ``encoding``, ``base``, ``dont_know``, ``none``, ``choices``, ``universe``, ``routing``, ``mode``
        and ``drawn``; None for each part that the wave doesn't state.
    """
    row = survey.asked_rows[population, question]
    kind = survey.codebook.kind_of(question)
    recorded = survey.recording_of(population, question)
    items = survey.items_asked.get((population, question), {}) if kind.is_list else None
    choices = row["max_choices"]
    stated = {part: str(row.get(part) or "") or None for part in ("wording", "base", "dont_know", "none", "universe")}
    return {
        "kind": kind.name,
        "is_several": kind.is_several,
        "responses": list(kind.responses),
        **({"nets": {net: list(parts) for net, parts in kind.nets.items()}} if kind.nets else {}),
        "items": items,
        "answers": split_answers(row["responses"]),
        "columns": None,
        "encoding": None,
        "routing": {},
        "choices": (UNLIMITED if np.isinf(choices) else None if pd.isna(choices) else int(choices))
        if kind.is_several
        else None,
        "mode": row["mode"] or None,
        "drawn": "at random" if drawn_by_chance(survey, population) else "not at random",
        **stated,
        **{part: value for part, value in recorded.items() if value is not None},
    }


def split_answers(written: str) -> dict[str, dict[str, str | None]] | None:
    """Return the answers that ``asked.csv`` lists, each with what it is made of where that is written after a colon.

    "agree: strongly agree, tend to agree|disagree" gives two answers, the first of which is made of two.
    """
    found: dict[str, dict[str, str | None]] = {}
    for part in str(written or "").split("|"):
        answer, _, made_of = (text.strip() for text in part.partition(":"))
        if answer:
            found[answer] = {one.strip(): one.strip() for one in made_of.split(",") if one.strip()}
    return found or None


def define_groups(survey: Survey, population: str) -> dict[str, dict[str, Any]]:
    """Return what each group of a population is made of, by variable and name; None where the wave doesn't say."""
    recorded = survey.recordings.get(population, {}).get("groups", {})
    domains = survey.estimates.loc[survey.estimates["population"] == population, "domain"].unique()
    found: dict[str, dict[str, Any]] = {variable: dict(groups) for variable, groups in recorded.items()}
    for domain in filter(None, domains):
        variable, _, name = domain.partition("=")
        found.setdefault(variable, {}).setdefault(name, None)
    return found


def write_definitions(survey: Survey) -> str:
    """Return ``definitions.json``: every question that was asked and every group, by population."""
    questions: dict[str, dict[str, Definition]] = {}
    for population, question in survey.asked_rows:
        questions.setdefault(population, {})[question] = define_question(survey, population, question)
    groups = {population: define_groups(survey, population) for population in questions}
    released = {"wave": survey.wave, "questions": questions, "groups": groups}
    return json.dumps(released, ensure_ascii=False, indent=1) + "\n"


def add_released_labels(recordings: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return recordings with the labels that the released definitions give to the same codes and columns.

    The labels of codes stand in the file of respondents, which is private: whoever has the release alone has them
    from there.
    """
    path = folder / FILE
    try:
        released = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (ValueError, RecursionError):
        released = {}  # what is sealed is checked by its hash
    by_part = {part: {name: own[part] for name, own in recordings.items()} for part in ("questions", "groups")}
    filled = _fill_labels(by_part, released)
    return {name: {part: filled[part][name] for part in filled} for name in recordings}


def _fill_labels(own: Any, released: Any) -> Any:
    """Return a tree of settings with released labels where nothing stands and the places are the same."""
    if isinstance(own, dict) and isinstance(released, dict):
        return {key: _fill_labels(value, released.get(key)) for key, value in own.items()}
    return released if own is None and isinstance(released, (str, dict)) else own
