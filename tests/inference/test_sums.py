import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveybook.stats import choices_exceed

from .figures import CUSTOMER_FOCUS, EFFICIENCY, ENABLERS, QUALITY, properties


def test_sums_that_no_rounding_explains_are_impossible():
    check = choices_exceed([90, 80, 40], 0, 2)
    assert check.impossible
    assert not check.doubtful
    assert (check.total, check.least, check.allowed) == (210, 208.5, 200)


def test_sums_that_only_rounding_explains_are_doubtful():
    check = choices_exceed([68, 68, 65], 0, 2)
    assert check.doubtful
    assert not check.impossible
    assert choices_exceed([68.0, 68.0, 65.0], 1, 2).impossible


def test_percentages_below_half_a_unit_cannot_make_up_for_the_others():
    assert choices_exceed([100, 100.6, 0, 0, 0], [0, 1, 0, 0, 0], 2).least == pytest.approx(200.05)


def test_no_choice_at_all_is_refused():
    with pytest.raises(ValueError, match="number of choices is 0"):
        choices_exceed([50], 0, 0)


def test_unpublished_percentages_count_for_nothing():
    assert choices_exceed([50, np.nan], 0, 1).total == 50
    assert not choices_exceed([], 0, 1).impossible


@pytest.mark.parametrize("table", [QUALITY, CUSTOMER_FOCUS, EFFICIENCY])
def test_the_printed_tables_fit_two_choices(table):
    for percentages in zip(*table.values(), strict=True):
        check = choices_exceed(percentages, 0, 2)
        assert not check.impossible
        assert not check.doubtful


def test_the_enablers_fit_two_choices_and_not_one():
    assert choices_exceed(ENABLERS, 0, 2).total == 197  # Table 3
    assert choices_exceed(ENABLERS, 0, 1).impossible


@properties
@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.integers(0, 1))
def test_answers_that_people_gave_are_never_impossible(seed, choices, decimals):
    generator = np.random.default_rng(seed)
    people = np.array([generator.permutation(6) < choices for _ in range(int(generator.integers(1, 60)))])
    assert not choices_exceed(np.round(100 * people.mean(axis=0), decimals), decimals, choices).impossible
