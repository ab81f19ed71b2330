"""How often intervals hold the truth and tests are wrong: exactly, over every sample that can be drawn."""

import itertools

import numpy as np
import pytest
from scipy.stats import binom, multinomial

from surveybook.stats.differences import newcombe, overlap_variance, score_statistic, wald
from surveybook.stats.intervals import wilson
from surveybook.stats.normal import two_sided_p

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
    low, high, p_value = wald(first - second, overlap_variance(first, second) / people)
    truth, chance = joint[0] - joint[1], multinomial.pmf(cells, people, joint)
    assert chance[(low <= truth + 1e-12) & (truth - 1e-12 <= high)].sum() > 0.945
    if joint[0] == joint[1]:
        assert chance[p_value < 0.05].sum() < 0.055


@pytest.mark.parametrize("joint", [(0.4, 0.4, 0, 0.2), (0.2, 0.1, 0, 0.7), (0.5, 0.3, 0, 0.2)])
def test_answers_that_exclude_each_other_cover_at_the_nominal_rate(tables, joint):
    cells, people = tables
    cells = cells[cells[:, 2] == 0]
    first, second = cells[:, 0] / people, cells[:, 1] / people
    low, high, _ = wald(first - second, overlap_variance(first, second, exclusive=True) / people)
    inside = (low - 1e-12 <= joint[0] - joint[1]) & (joint[0] - joint[1] <= high + 1e-12)
    assert multinomial.pmf(cells, people, joint)[inside].sum() == pytest.approx(0.95, abs=0.01)
