"""What all statistics share: p-values, families of tests, and the refusal of what is no share, base or level."""

import math
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

import surveybook
from surveybook.stats.normal import adjust_p_values, critical_value, standardise

from .figures import properties

p_value_lists = st.lists(st.floats(0, 1), min_size=1, max_size=12)


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, math.nan])
def test_a_confidence_level_outside_0_to_1_is_refused(confidence):
    with pytest.raises(ValueError, match=r"between 0 and 1, such as 0\.95"):
        critical_value(confidence)


def test_without_variance_a_difference_is_certain_and_none_is_none():
    found = standardise([0.1, -0.1, 0, 0.1, np.nan], [0, 0, 0, 0.04, 0.1])
    assert found.tolist()[:4] == [math.inf, -math.inf, 0, pytest.approx(0.5)]
    assert np.isnan(found[4])


def test_a_number_that_is_no_p_value_is_refused():
    with pytest.raises(ValueError, match=r"A p-value is 1\.5"):
        adjust_p_values([0.2, 1.5])


def test_each_test_needs_a_family():
    with pytest.raises(ValueError, match="2 tests and 1 families"):
        adjust_p_values([0.2, 0.3], ["ranks"])


def test_a_test_that_was_not_possible_stays_missing_and_does_not_count():
    adjusted = adjust_p_values([None, 0.01, float("nan"), 1])
    assert np.isnan(adjusted).tolist() == [True, False, True, False]
    assert adjusted[[1, 3]] == pytest.approx([0.02, 1])
    assert adjust_p_values([]).size == 0


@properties
@given(p_value_lists)
def test_adjusted_p_values_are_those_of_statsmodels_and_never_smaller(p_values):
    adjusted = adjust_p_values(p_values)
    with patch("gc.collect"):  # statsmodels collects the garbage of the whole process at each call
        expected = multipletests(p_values, method="holm")[1]
    np.testing.assert_allclose(adjusted, expected, rtol=1e-12)
    assert (adjusted >= p_values).all()
    assert (adjusted <= 1).all()


@properties
@given(p_value_lists, p_value_lists, st.randoms(use_true_random=False))
def test_families_are_adjusted_apart_whatever_their_order(first, second, random):
    families = [("quality", "public")] * len(first) + [("quality", "frontline")] * len(second)
    expected = np.concatenate([adjust_p_values(first), adjust_p_values(second)])
    order = list(range(len(families)))
    random.shuffle(order)
    found = adjust_p_values([(first + second)[place] for place in order], [families[place] for place in order])
    np.testing.assert_array_equal(found, expected[order])


@pytest.mark.slow
def test_a_command_that_works_nothing_out_waits_for_no_statistics():
    program = (
        "import sys, surveybook.cli, surveybook.change, surveybook.stats.robustness\n"
        "print(*{name.split('.')[0] for name in sys.modules} & {'scipy', 'statsmodels'})"
    )
    source = {"PYTHONPATH": str(Path(surveybook.__path__[0]).parent)}
    done = subprocess.run([sys.executable, "-c", program], env=source, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
