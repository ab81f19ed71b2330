"""How often intervals hold the truth and tests are wrong: exactly, over every sample that can be drawn."""

import itertools

import numpy as np
import pytest
from scipy.stats import binom, multinomial

from surveybook.stats import (
    compare_choices,
    compare_exclusive,
    newcombe,
    overlap_bounds,
    overlap_statistic,
    overlap_variance,
    score_statistic,
    two_sided_p,
    wilson,
)
from surveybook.stats.estimated import Estimate, compare_estimates

from .figures import FRONTLINE_BASE, PUBLIC_BASE

TRUTHS = np.linspace(0.05, 0.95, 37)


@pytest.mark.parametrize("confidence", [0.8, 0.9, 0.95, 0.99])
@pytest.mark.parametrize("base", [50, FRONTLINE_BASE, PUBLIC_BASE])
def test_wilsons_interval_covers_at_its_nominal_rate(base, confidence):
    counts = np.arange(base + 1)
    low, high = wilson(counts / base, base, confidence)
    covered = np.array([binom.pmf(counts, base, truth)[(low <= truth) & (truth <= high)].sum() for truth in TRUTHS])
    assert covered.mean() == pytest.approx(confidence, abs=0.006)
    # Counts are whole, so that the rate swings about the nominal one (Brown, Cai and DasGupta 2001).
    assert 1 - covered.min() < 2 * (1 - confidence)


@pytest.mark.parametrize("bases", [(30, 30), (100, 50)])
def test_newcombes_interval_covers_and_the_score_test_errs_at_their_nominal_rates(bases):
    count_1, count_2 = np.meshgrid(*(np.arange(base + 1) for base in bases), indexing="ij")
    samples = count_1 / bases[0], bases[0], count_2 / bases[1], bases[1]
    low, high = newcombe(*samples)
    found = two_sided_p(score_statistic(*samples)) < 0.05
    covered, errors = [], []
    for truth_1, truth_2 in itertools.product(TRUTHS[::3], repeat=2):
        chance = binom.pmf(count_1, bases[0], truth_1) * binom.pmf(count_2, bases[1], truth_2)
        covered.append(chance[(low <= truth_1 - truth_2) & (truth_1 - truth_2 <= high)].sum())
        if truth_1 == truth_2:
            errors.append(chance[found].sum())
    assert np.mean(covered) == pytest.approx(0.95, abs=0.005)
    assert min(covered) > 0.92
    assert np.mean(errors) == pytest.approx(0.05, abs=0.005)
    assert max(errors) < 0.06


@pytest.fixture(scope="module")
def tables():
    """Return every way in which 60 people can have given the first, the second, both or neither answer."""
    people = 60
    splits = itertools.product(range(people + 1), repeat=3)
    return np.array([(*split, people - sum(split)) for split in splits if sum(split) <= people]), people


@pytest.mark.parametrize(
    "joint", [(0.2, 0.2, 0.2, 0.4), (0.3, 0.1, 0.3, 0.3), (0.1, 0.1, 0.7, 0.1), (0.5, 0.3, 0.1, 0.1)]
)
def test_the_least_favourable_overlap_never_covers_too_little(tables, joint):
    cells, people = tables
    first, second = (cells[:, 0] + cells[:, 2]) / people, (cells[:, 1] + cells[:, 2]) / people
    overlap = overlap_bounds(first, second)[0]
    half = 1.959964 * np.sqrt(overlap_variance(first, second, overlap) / people)
    truth, chance = joint[0] - joint[1], multinomial.pmf(cells, people, joint)
    assert chance[np.abs(first - second - truth) <= half + 1e-12].sum() > 0.945
    if joint[0] == joint[1]:
        found = two_sided_p(overlap_statistic(first, second, overlap, people)) < 0.05
        assert chance[found].sum() < 0.055


@pytest.mark.parametrize("joint", [(0.4, 0.4, 0, 0.2), (0.2, 0.1, 0, 0.7), (0.5, 0.3, 0, 0.2)])
def test_answers_that_exclude_each_other_cover_at_the_nominal_rate(tables, joint):
    cells, people = tables
    cells = cells[cells[:, 2] == 0]
    covered = 0.0
    for one, other, chance in zip(cells[:, 0], cells[:, 1], multinomial.pmf(cells, people, joint), strict=True):
        if chance > 1e-9:
            found = compare_exclusive(one / people, other / people, people)
            covered += chance * (found.low - 1e-12 <= joint[0] - joint[1] <= found.high + 1e-12)
    assert covered == pytest.approx(0.95, abs=0.01)


def test_estimates_with_standard_errors_cover_their_difference_at_the_nominal_rate():
    # Two means of eight normal values each, whose standard errors have seven degrees of freedom.
    random = np.random.default_rng(2004)
    samples = random.normal(0.5, 0.05, (4_000, 2, 8))
    means, errors = samples.mean(axis=2), samples.std(axis=2, ddof=1) / np.sqrt(8)
    covered = 0
    for mean, error in zip(means, errors, strict=True):
        found = compare_estimates(Estimate(mean[0], error[0], 7), Estimate(mean[1], error[1], 7))
        covered += found.low <= 0 <= found.high
    assert covered / len(samples) == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / len(samples)))


def test_the_bounds_contain_the_truth_for_every_overlap_and_are_reached():
    people = 12
    for first, second in itertools.product(range(people + 1), repeat=2):
        both = np.arange(max(0, first + second - people), min(first, second) + 1) / people
        low, high = overlap_bounds(first / people, second / people)
        assert (low, high) == pytest.approx((both.min(), both.max()), abs=1e-12)


def test_a_third_item_bounds_the_overlap_of_whoever_chose_two():
    # Seven people choose up to two of three items: every way of doing so, by how many made each choice.
    people, choices = 7, [(1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 0, 0), (0, 1, 0), (0, 0, 1)]
    made = np.array([row for row in itertools.product(range(people + 1), repeat=6) if sum(row) <= people])
    shares = made @ np.array(choices) / people
    low, high = overlap_bounds(shares[:, 0], shares[:, 1], shares[:, 2])
    assert (low <= made[:, 0] / people + 1e-12).all()
    assert (made[:, 0] / people <= high + 1e-12).all()


def test_a_difference_that_holds_at_every_overlap_holds_at_the_true_one():
    for share_1, share_2 in itertools.product(np.arange(0.05, 1, 0.1), repeat=2):
        found = compare_choices(share_1, share_2, 200)
        truths = np.linspace(*overlap_bounds(share_1, share_2), 25)
        sure = two_sided_p(overlap_statistic(share_1, share_2, truths, 200)) < 0.05
        assert {"every": sure.all(), "some": sure.any() and not sure.all(), "no": not sure.any()}[found.holds]
