"""What holds of design-based estimates whatever the answers: worked out over every sample that could be drawn."""

import itertools
from dataclasses import astuple

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from surveybook.respondents.estimation import Design, Indicator, compare_within, estimate, rank_estimates
from surveybook.respondents.estimation.limits import korn_graubard_limits, logit_limits

from .people import CLUSTERED, DOMAINS, ITEMS, people

ITEM = [Indicator("a", "a", "chosen", "q")]
POPULATION = pd.DataFrame({"stratum": list("xxxxyyyyy"), "a": [1.0, 1, 0, 1, 0, 0, 1, 0, 0]})


def estimates_of(samples: list[pd.DataFrame], design: Design) -> tuple[np.ndarray, np.ndarray]:
    """Return the share and the estimated variance of each sample."""
    tables = [estimate(sample, design, ITEM, covariances=False).estimates.iloc[0] for sample in samples]
    return np.array([row["share"] for row in tables]), np.array([row["standard_error"] ** 2 for row in tables])


def drawn(frame: pd.DataFrame, count: int) -> list[pd.DataFrame]:
    """Return every sample of so many rows, with weights and the size of the population."""
    rows = itertools.combinations(range(len(frame)), count)
    return [frame.iloc[list(chosen)].assign(weight=len(frame) / count, size=len(frame)) for chosen in rows]


def test_over_every_simple_sample_the_estimated_variance_is_the_variance():
    shares, variances = estimates_of(drawn(POPULATION.iloc[:6], 3), Design("weight", fpc="size"))
    assert shares.mean() == pytest.approx(POPULATION["a"].iloc[:6].mean())
    assert variances.mean() == pytest.approx(shares.var())


def test_over_every_stratified_sample_the_estimated_variance_is_the_variance():
    strata = [drawn(POPULATION[POPULATION["stratum"] == name], count) for name, count in (("x", 2), ("y", 2))]
    samples = [pd.concat(pair) for pair in itertools.product(*strata)]
    shares, variances = estimates_of(samples, Design("weight", "stratum", fpc="size"))
    assert shares.mean() == pytest.approx(POPULATION["a"].mean())
    assert variances.mean() == pytest.approx(shares.var())


def test_over_every_sample_of_clusters_the_estimated_variance_is_the_variance():
    answers = np.random.default_rng(2004).integers(0, 2, (6, 4)).astype(float)
    frames = [pd.DataFrame({"cluster": place, "a": row}) for place, row in enumerate(answers)]
    samples = [
        pd.concat([frames[place] for place in chosen]).assign(weight=2.0, size=6)
        for chosen in itertools.combinations(range(6), 3)
    ]
    shares, variances = estimates_of(samples, Design("weight", None, "cluster", "size"))
    assert shares.mean() == pytest.approx(answers.mean())
    assert variances.mean() == pytest.approx(shares.var())


@pytest.mark.parametrize(("limits", "least"), [("logit", 0.92), ("korn-graubard", 0.945)])
def test_intervals_cover_at_their_nominal_rate_over_every_sample(limits, least):
    base = 60
    counts = np.arange(base + 1)
    share = counts / base
    variance = share * (1 - share) / (base - 1)
    effective = np.where(variance > 0, share * (1 - share) / np.where(variance > 0, variance, 1), base)
    low, high = korn_graubard_limits(share, effective, np.full(base + 1, base), np.full(base + 1, base - 1.0))
    if limits == "logit":
        inner = logit_limits(share, np.sqrt(variance), np.full(base + 1, base - 1.0))
        low, high = (np.where(variance > 0, *pair) for pair in zip(inner, (low, high), strict=True))
    frame = pd.DataFrame({"a": (np.arange(base) < 21).astype(float)})
    found = estimate(frame, Design(), ITEM, interval=limits).estimates.iloc[0]
    assert (found["low"], found["high"]) == pytest.approx((low[21], high[21]))
    truths = np.linspace(0.1, 0.9, 33)
    covered = [binom.pmf(counts, base, truth)[(low <= truth) & (truth <= high)].sum() for truth in truths]
    assert 0.95 < np.mean(covered) < 0.975
    assert min(covered) > least


def test_the_order_of_items_and_domains_does_not_matter():
    frame = people()
    one = estimate(frame, CLUSTERED, ITEMS, domains=DOMAINS)
    other = estimate(frame, CLUSTERED, ITEMS[::-1], domains=DOMAINS[::-1])
    keys = ["domain", "item_id", "response"]
    pd.testing.assert_frame_equal(
        one.estimates.sort_values(keys, ignore_index=True), other.estimates.sort_values(keys, ignore_index=True)
    )
    for first, second in itertools.permutations("abc", 2):
        pair = (first, "chosen", ""), (second, "chosen", "")
        found = [astuple(compare_within(side, *pair))[:5] for side in (one, other)]
        assert found[0] == pytest.approx(found[1], rel=1e-12, abs=1e-15)
    ranks = [rank_estimates(found.estimates, found.covariances, "q").sort_index() for found in (one, other)]
    pd.testing.assert_frame_equal(*ranks)


def test_a_person_counted_twice_weighs_as_one_of_twice_the_weight():
    frame = people(200).drop(columns="c")
    heavier = frame.assign(weight=frame["weight"] * np.where(frame.index < 50, 2, 1), id=frame.index)
    doubled = pd.concat([frame, frame.iloc[:50]]).assign(id=[*frame.index, *frame.index[:50]])
    design = Design("weight", None, "id")
    one, other = (estimate(table, design, ITEMS[:2]).estimates for table in (heavier, doubled))
    same = ["share", "standard_error", "low", "weighted_base"]
    pd.testing.assert_frame_equal(one[same], other[same], rtol=1e-9, check_exact=False)
