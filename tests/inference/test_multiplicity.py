import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from surveybook.stats import holm

from .figures import properties, table_properties

p_value_lists = st.lists(st.floats(0, 1), min_size=1, max_size=12)


def test_a_number_that_is_no_p_value_is_refused():
    with pytest.raises(ValueError, match=r"A p-value is 1\.5"):
        holm([0.2, 1.5])


def test_each_test_needs_a_family():
    with pytest.raises(ValueError, match="2 tests and 1 families"):
        holm([0.2, 0.3], ["ranks"])


def test_a_test_that_was_not_possible_does_not_count():
    assert holm([0.01, np.nan, 0.02])[[0, 2]].tolist() == [0.02, 0.02]
    assert np.isnan(holm([0.01, np.nan, 0.02])[1])


def test_a_p_value_that_is_missing_in_any_form_stays_missing():
    adjusted = holm([None, 0.01, float("nan"), 1])
    assert np.isnan(adjusted).tolist() == [True, False, True, False]
    assert adjusted[[1, 3]] == pytest.approx([0.02, 1])


def test_no_tests_give_no_p_values():
    assert holm([]).size == 0


@table_properties
@given(p_value_lists)
def test_adjusted_p_values_are_those_of_statsmodels_and_never_smaller(p_values):
    adjusted = holm(p_values)
    np.testing.assert_allclose(adjusted, multipletests(p_values, method="holm")[1], rtol=1e-12)
    assert (adjusted >= p_values).all()
    assert (adjusted <= 1).all()


@properties
@given(p_value_lists, st.randoms(use_true_random=False))
def test_the_order_of_tests_does_not_matter(p_values, random):
    order = list(range(len(p_values)))
    random.shuffle(order)
    np.testing.assert_array_equal(holm(np.array(p_values)[order]), holm(p_values)[order])


@properties
@given(p_value_lists, p_value_lists)
def test_families_are_adjusted_apart(first, second):
    families = [("quality", "public")] * len(first) + [("quality", "frontline")] * len(second)
    np.testing.assert_array_equal(holm(first + second, families), np.concatenate([holm(first), holm(second)]))
