import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveybook.stats import overlap_bounds, overlap_statistic, overlap_variance

from .figures import properties, shares


def test_an_impossible_overlap_is_refused():
    with pytest.raises(ValueError, match=r"A share is 1\.2"):
        overlap_variance(0.5, 0.5, 1.2)


def test_an_unpublished_share_leaves_the_overlap_unknown():
    assert np.isnan(overlap_bounds(np.nan, 0.5)).all()
    assert np.isnan(overlap_statistic(0.5, 0.4, 0.1, np.nan))


@properties
@given(shares, shares, shares)
def test_the_variance_is_never_negative_and_falls_with_the_overlap(share_1, share_2, other):
    low, high = overlap_bounds(share_1, share_2, other)
    variances = overlap_variance(share_1, share_2, np.linspace(low, high, 9))
    assert 0 <= low <= high <= 1
    assert (variances >= 0).all()
    assert (np.diff(variances) <= 1e-12).all()


@properties
@given(st.integers(0, 2**32 - 1), st.integers(3, 8), st.integers(5, 200))
def test_the_bounds_contain_the_truth_when_people_choose_up_to_two(seed, items, people):
    generator = np.random.default_rng(seed)
    weights = generator.dirichlet(np.full(items, 0.5))
    chosen = np.zeros((people, items))
    for person in chosen:
        many = generator.integers(0, 3)
        possible = min(many, int((weights > 0).sum()))
        person[generator.choice(items, possible, replace=False, p=weights)] = 1
    share = chosen.mean(axis=0)
    low, high = overlap_bounds(share[0], share[1], share[2:].max())
    overlap = (chosen[:, 0] * chosen[:, 1]).mean()
    assert low - 1e-12 <= overlap <= high + 1e-12
    # The formula is the variance of the difference of the two answers, person by person.
    assert overlap_variance(share[0], share[1], overlap) == pytest.approx(
        (chosen[:, 0] - chosen[:, 1]).var(), abs=1e-12
    )


@properties
@given(st.integers(0, 2**32 - 1))
def test_the_bounds_contain_the_truth_for_separate_statements(seed):
    joint = np.random.default_rng(seed).dirichlet(np.full(4, 0.4))
    low, high = overlap_bounds(min(1, joint[0] + joint[1]), min(1, joint[0] + joint[2]))
    assert low - 1e-12 <= joint[0] <= high + 1e-12


def test_bounds_that_rounding_crosses_meet():
    low, high = overlap_bounds(0.70, 0.70, 0.63)
    assert low == high == pytest.approx(0.40)
