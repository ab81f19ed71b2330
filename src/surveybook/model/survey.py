"""One wave of a survey, as everything else sees it: its figures, what was asked, and the wave before."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from surveybook.model.codebook import Codebook

COVARIANCES = ["population", "domain", "question_id", "item_a", "response_a", "item_b", "response_b", "covariance"]
COLUMNS = [
    "wave",
    "figure_id",
    "population",
    "domain",
    "question_id",
    "item_id",
    "response",
    "label",
    "short_label",
    "order",
    "share",
    "standard_error",
    "low",
    "high",
    "base",
    "weighted_base",
    "effective_base",
    "design_effect",
    "degrees_of_freedom",
    "method",
    "status",
    "decimals",
    "verbal",
    "base_status",
    "locator",
    "note",
]


@dataclass(frozen=True, eq=False)
class Survey:
    """One wave of the survey.

    Attributes
    ----------
    wave : str
        Its id, the name of its folder.
    metadata : dict
        What ``wave.yml`` says: who, when, how.
    asked : pandas.DataFrame
        One row a population and question: wording, choices, universe, mode.
    estimates : pandas.DataFrame
        One row a figure, with the columns `COLUMNS`; shares and their intervals run from 0 to 1.
    mentions : pandas.DataFrame
        Other places of the source that repeat a figure.
    codebook : Codebook
        Questions, items and populations.
    confidence : float
        The level of the intervals.
    warnings : tuple of str
        What looks doubtful and may still be right.
    covariances : pandas.DataFrame
        One row a pair of estimated shares whose covariance is known, with the columns `COVARIANCES`; without
        rows where the wave is published percentages.
    baseline : Survey, optional
        The earlier wave that this one is compared with; None where it stands alone.
    pinned : str
        The wave's id where it was opened to stay the same whichever wave a chapter runs with; empty otherwise.
    """

    wave: str
    metadata: dict[str, Any]
    asked: pd.DataFrame
    estimates: pd.DataFrame
    mentions: pd.DataFrame
    codebook: Codebook
    confidence: float
    warnings: tuple[str, ...] = ()
    covariances: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COVARIANCES))
    baseline: "Survey | None" = None
    pinned: str = ""

    @cached_property
    def ranked_shares(self) -> dict[tuple[str, ...], list[tuple[str, float]]]:
        """Return items with their known shares, highest first, by population, domain, question and response."""
        known = self.estimates[self.estimates["share"].notna()].sort_values("share", ascending=False, kind="stable")
        found: dict[tuple[str, ...], list[tuple[str, float]]] = {}
        for row in known.itertuples():
            key = (row.population, row.domain, row.question_id, row.response)
            found.setdefault(key, []).append((row.item_id, float(row.share)))
        return found

    @cached_property
    def known_covariances(self) -> dict[tuple[str, ...], float]:
        """Return covariances by population, domain, question and the item and response of both figures."""
        return {
            (row.population, row.domain, row.question_id, *pair): float(row.covariance)
            for row in self.covariances.itertuples()
            for pair in (
                (row.item_a, row.response_a, row.item_b, row.response_b),
                (row.item_b, row.response_b, row.item_a, row.response_a),
            )
        }


def drawn_by_chance(survey: Survey, population: str) -> bool:
    """Return whether people were drawn at random, so that intervals mean what they say; true unless denied."""
    blocks = [survey.metadata.get(key) for key in ("populations", "responses")]
    entries = [block.get(population) for block in blocks if isinstance(block, dict)]
    return not any(isinstance(entry, dict) and entry.get("probability") is False for entry in entries)
