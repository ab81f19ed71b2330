"""Every figure that two waves have in common, with its change."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from surveybook.change.comparability import Comparability, compare_questions, wave_label
from surveybook.model.figures import is_suppressed
from surveybook.model.survey import Survey
from surveybook.model.wording import listing
from surveybook.stats import half_unit, holm
from surveybook.stats.comparison import Compare, independent_test, is_estimated

KEY = ["population", "domain", "question_id", "item_id", "response"]
COLUMNS = [
    *KEY,
    "label",
    "short_label",
    "order",
    "figure_id",
    "baseline_figure_id",
    "baseline_share",
    "share",
    "baseline_decimals",
    "decimals",
    "change",
    "standard_error",
    "low",
    "high",
    "p_value",
    "p_holm",
    "tests",
    "shown",
    "survives_rounding",
    "method",
    "untested",
    "comparability",
    "reason",
]


def compare_waves(survey: Survey, baseline: Survey, question: str | None = None) -> pd.DataFrame:
    """Return every figure that two waves may be compared on, with its change.

    Parameters
    ----------
    survey, baseline : Survey
        The wave, and the earlier one.
    question : str, optional
        One question; all of them otherwise.

    Returns
    -------
    pandas.DataFrame
        One row a figure, in the codebook's order, with the columns `COLUMNS`. ``change`` is the wave's share minus
        the baseline's (-1 to 1) with its interval at the wave's confidence; ``p_holm`` is adjusted for the
        ``tests`` made in the same question, population and part of it. ``shown`` says that the interval excludes 0
        and that ``p_holm`` is below one minus the confidence: sampling doesn't explain the change.
        ``survives_rounding`` says that the same follows at every share that is printed so. Where a figure can't
        be tested, numbers are NaN and ``untested`` says why. Questions that aren't comparable have no rows (see
        `compare_questions`).

    Notes
    -----
    The waves are independent samples. Between published percentages: Newcombe (1998), method 10, and the score
    test. Where a wave has standard errors of its own: the Wald interval and test with both standard errors. Holm
    (1979) for the families.
    """
    rows: list[dict[str, Any]] = []
    for found in compare_questions(survey, baseline, question).itertuples():
        verdict = Comparability(found.population, found.question_id, found.status, found.reason)
        if verdict.allows_tests:
            rows += _question(survey, baseline, verdict)
    table = pd.DataFrame(rows, columns=[*COLUMNS, "weakest_p"])
    families = [tuple(key) for key in table[["population", "question_id", "domain"]].itertuples(index=False)]
    numbers = table[["p_value", "weakest_p", "low", "high"]].astype(float)
    adjusted = holm(numbers["p_value"].to_numpy(), families)
    excludes, level = (numbers["low"] > 0) | (numbers["high"] < 0), 1 - survey.confidence
    tested = table[numbers["p_value"].notna().to_numpy()]
    counts = tested.groupby(["population", "question_id", "domain"]).size().to_dict()
    shown = excludes.to_numpy() & (adjusted < level)
    still = holm(numbers["weakest_p"].to_numpy(), families) < level
    return table.assign(
        p_holm=adjusted,
        tests=[counts.get(family, 0) for family in families],
        shown=shown,
        survives_rounding=shown & still,
    )[COLUMNS]


def label_of(survey: Survey) -> str:
    """Return a wave's name as readers see it."""
    return wave_label(survey)


def _question(survey: Survey, baseline: Survey, verdict: Comparability) -> Iterator[dict[str, Any]]:
    """Yield a row for each figure of one question and population that both waves give or withhold."""
    now, before = (_figures(wave, verdict) for wave in (survey, baseline))
    for key, here in now.items():
        there = before.get(key)
        if there is None or any(row.status == "unpublished" and not is_suppressed(row) for row in (here, there)):
            continue
        yield {
            **{name: getattr(here, name) for name in (*KEY, "label", "short_label", "order", "figure_id", "share")},
            "baseline_figure_id": there.figure_id,
            "baseline_share": there.share,
            "baseline_decimals": printed_decimals(there),
            "decimals": printed_decimals(here),
            "comparability": verdict.status,
            "reason": verdict.reason,
            **_tested(here, there, survey, baseline),
        }


def _figures(survey: Survey, verdict: Comparability) -> dict[tuple[str, str, str], Any]:
    """Return the figures of one question and population by domain, item and response, in the codebook's order."""
    rows = survey.estimates
    rows = rows[(rows["question_id"] == verdict.question_id) & (rows["population"] == verdict.population)]
    rows = rows.sort_values(["domain", "order"], kind="stable")
    return {(row.domain, row.item_id, row.response): row for row in rows.itertuples(index=False)}


def _tested(here: Any, there: Any, survey: Survey, baseline: Survey) -> dict[str, Any]:
    """Return the columns of the test of one figure, or why there is none."""
    lacks = [_lack(row, wave_label(wave)) for row, wave in ((here, survey), (there, baseline))]
    if any(lacks):
        empty = dict.fromkeys(("change", "standard_error", "low", "high", "p_value", "weakest_p"), float("nan"))
        return {**empty, "method": "not tested", "untested": listing(filter(None, lacks))}
    test = independent_test(here, there, survey.confidence)
    found = test(here.share, there.share)
    return {
        "change": found.difference,
        "standard_error": found.standard_error,
        "low": found.low,
        "high": found.high,
        "p_value": found.p_value,
        "weakest_p": _weakest(test, here, there),
        "method": found.method,
        "untested": "",
    }


def printed_decimals(figure: Any) -> int:
    """Return with how many decimals a share in per cent is known: as it was published, or 1 where it was estimated."""
    return 1 if pd.isna(figure.decimals) else int(figure.decimals)


def _lack(figure: Any, wave: str) -> str:
    """Return what a figure lacks for a test, as a clause; nothing where it lacks nothing."""
    if figure.status == "words":
        return f"{wave} gives words alone (“{figure.verbal}”)"
    if figure.status != "number" or pd.isna(figure.share):
        return f"{wave} {'withholds it to protect a small group' if is_suppressed(figure) else 'does not publish it'}"
    unknown = pd.isna(figure.standard_error) if is_estimated(figure) else pd.isna(figure.effective_base)
    return f"the base of {wave} is unknown" if unknown else ""


def _weakest(test: Compare, here: Any, there: Any) -> float:
    """Return the largest p-value at shares that are printed as these are: the change is monotone in both."""
    halves = [0.0 if is_estimated(row) else float(half_unit(row.decimals)) for row in (here, there)]
    moved = here.share - there.share
    if abs(moved) <= sum(halves):
        return 1.0
    sign = np.sign(moved)
    corner = (here.share - sign * halves[0], there.share + sign * halves[1])
    return test(float(np.clip(corner[0], 0, 1)), float(np.clip(corner[1], 0, 1))).p_value
