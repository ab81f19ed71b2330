"""Verdicts exactly at their limits, and the words for numbers: each end of each margin, and the sentence for it."""

from fractions import Fraction

import pytest

from surveybook.claims.claim import Claim
from surveybook.claims.evidence import Contrast, find_printed_percent
from surveybook.claims.judgement import continue_sentence, describe_interval
from surveybook.claims.order_tests import judge_agreement, judge_difference, judge_order
from surveybook.claims.share_tests import find_rounding_limits, judge_share
from surveybook.claims.verdicts import make_row
from surveybook.claims.vocabulary import make_test
from surveybook.stats.differences import Difference
from tests.claims.waves import evidence_2004, order, outcome, pair, rank, top
from tests.waves import INTERNET, SATISFACTION, STAFF_SATISFACTION, VALUE, wave_with

UNKNOWN = float("nan")
JOB = "public.staff_job_satisfaction.chosen"
MEN, WOMEN = "public[sex=male].channel_website.chosen", "public[sex=female].channel_website.chosen"


def figure(percent, low=UNKNOWN, high=UNKNOWN, decimals=0):
    """Return a figure in per cent with the limits of its interval, as they are; unknown without any."""
    share = float(Fraction(str(percent)) / 100)
    exact = evidence_2004().figures[INTERNET]
    return exact._replace(
        share=share, printed=Fraction(str(percent)), decimals=decimals, low=low / 100, high=high / 100
    )


def difference(gap, low, high):
    return Difference(gap, 0.0, low, high, 0.5, method="made up")


@pytest.mark.parametrize(
    ("relation", "percent", "verdict", "finding"),
    [
        ("exact", 50, "supported", "exactly half (50)"),
        ("exact", 49, "contradicted", "not half"),
        ("bare", 50, "supported", "exactly half (50)"),
        ("bare", 48, "supported by rounding", "2 points from half (50), near enough for “half”"),
        ("bare", 52, "supported by rounding", "2 points from half (50), near enough for “half”"),
        ("bare", 53, "contradicted", "3 points from half (50), more than the 2 that “half” allows"),
        ("bare", 47, "contradicted", "3 points from half (50), more than the 2 that “half” allows"),
        ("nearly", 45, "supported by rounding", "5 points from half (50), near enough for “nearly half”"),
        ("nearly", 44, "contradicted", "6 points from half (50), more than the 5 that “nearly half” allows"),
        ("nearly", 55, "contradicted", "on the other side of half (50) than “nearly half” has it"),
        ("nearly", 56, "contradicted", "6 points from half (50), more than the 5 that “nearly half” allows"),
        ("just_over", 55, "supported by rounding", "5 points from half (50), near enough for “just over half”"),
        ("just_over", 56, "contradicted", "6 points from half (50), more than the 5 that “just over half” allows"),
        ("just_over", 45, "contradicted", "on the other side of half (50) than “just over half” has it"),
        ("just_over", 44, "contradicted", "6 points from half (50), more than the 5 that “just over half” allows"),
        ("about", 45, "supported by rounding", "5 points from half (50), near enough for “about half”"),
        ("about", 55, "supported by rounding", "5 points from half (50), near enough for “about half”"),
        ("about", 44, "contradicted", "6 points from half (50), more than the 5 that “about half” allows"),
        ("about", 56, "contradicted", "6 points from half (50), more than the 5 that “about half” allows"),
    ],
)
def test_a_number_beside_a_fraction_is_told_by_its_distance(relation, percent, verdict, finding):
    found = judge_share(figure(percent), relation, Fraction(1, 2))
    assert (found.verdict, found.secure, found.figures) == (verdict, None, ("b1p_internet",))
    assert found.reason == f"{percent} per cent of the public for “Internet eases finding out”: {finding}."


@pytest.mark.parametrize(
    ("relation", "percent", "low", "high", "secure"),
    [
        ("bare", 50, 48, 52, True),
        ("bare", 50, 47.9, 52, False),
        ("bare", 50, 48, 52.1, False),
        ("nearly", 47, 45, 50, True),
        ("nearly", 47, 45, 50.1, False),
        ("just_over", 53, 50, 54.9, True),
        ("just_over", 53, 49.9, 54.9, False),
        ("about", 50, 45, 54.9, True),
        ("about", 50, 45, 55.1, False),
        ("bare", 60, 52.1, 68, True),  # contradicted: the whole interval beyond the margin
        ("bare", 60, 52, 68, False),
        ("bare", 40, 32, 47.9, True),
        ("bare", 40, 32, 48, False),
        ("more_than", 60, 50.1, 70, True),
        ("more_than", 60, 50, 70, False),
        ("more_than", 40, 30, 49.9, True),
        ("more_than", 40, 30, 50, False),
        ("fewer_than", 40, 30, 49.9, True),
        ("fewer_than", 40, 30, 50, False),
        ("fewer_than", 60, 50.1, 70, True),
        ("fewer_than", 60, 50, 70, False),
        ("more_than", 60, UNKNOWN, UNKNOWN, None),
    ],
)
def test_a_fraction_is_secure_with_the_whole_interval_on_the_verdicts_side(relation, percent, low, high, secure):
    assert judge_share(figure(percent, low, high), relation, Fraction(1, 2)).secure == secure


@pytest.mark.parametrize(
    ("relation", "percent", "verdict", "survives"),
    [
        ("bare", 51, "supported by rounding", True),  # 51.5 is the most that prints so
        ("bare", 52, "supported by rounding", False),
        ("bare", 53, "contradicted", True),
        ("bare", "52.4", "contradicted", False),  # 51.9 to 52.9
        ("bare", "47.6", "contradicted", False),
        ("more_than", 51, "supported", True),
        ("more_than", "50.5", "contradicted", False),  # half is one of the values that print so
        ("more_than", "49.5", "contradicted", True),
        ("fewer_than", 49, "supported", True),
        ("fewer_than", "49.5", "contradicted", False),
        ("fewer_than", "50.5", "contradicted", True),
    ],
)
def test_a_verdict_survives_rounding_at_both_ends_of_what_prints_so(relation, percent, verdict, survives):
    found = judge_share(figure(percent), relation, Fraction(1, 2))
    assert (found.verdict, found.survives_rounding) == (verdict, survives)


@pytest.mark.parametrize(
    ("percent", "decimals", "lowest", "highest"),
    [
        (63, 0, "62.5", "63.5"),
        (63, 1, "62.95", "63.05"),
        (63, 2, "62.995", "63.005"),
        (63, UNKNOWN, "63", "63"),
        (0, 0, "0", "0.5"),
        (100, 0, "99.5", "100"),
    ],
)
def test_a_printed_number_stands_for_half_a_unit_either_way(percent, decimals, lowest, highest):
    assert find_rounding_limits(figure(percent, decimals=decimals)) == (Fraction(lowest), Fraction(highest))


@pytest.mark.parametrize(
    ("share", "decimals", "percent"),
    [(0.285, 0, "28"), (0.684, 1, "68.4"), (0.07, 0, "7"), (1 / 3, UNKNOWN, "33.3333333333"), (0.29, UNKNOWN, "29")],
)
def test_a_share_is_printed_exactly(share, decimals, percent):
    assert find_printed_percent(share, decimals) == Fraction(percent)


@pytest.mark.parametrize(
    ("gap", "low", "high", "in_order", "apart", "level"),
    [
        (0.1, 0.06, 0.14, "supported", "supported", "contradicted"),
        (0.1, 0.05, 0.14, "supported", "supported", "contradicted"),
        (0.1, 0.04, 0.14, "supported", "supported", "within sampling error"),
        (0.02, 0.0, 0.04, "within sampling error", "within sampling error", "supported"),
        (0.0, -0.04, 0.04, "within sampling error", "within sampling error", "supported"),
        (0.0, -0.05, 0.04, "within sampling error", "within sampling error", "within sampling error"),
        (0.0, -0.04, 0.05, "within sampling error", "within sampling error", "within sampling error"),
        (-0.01, -0.04, 0.02, "contradicted", "within sampling error", "supported"),
        (-0.1, -0.14, -0.05, "contradicted", "supported", "contradicted"),
        (-0.1, -0.14, -0.04, "contradicted", "supported", "within sampling error"),
    ],
)
def test_a_distance_decides_by_its_sign_and_its_interval(gap, low, high, in_order, apart, level):
    found = difference(gap, low, high)
    assert (judge_order(found), judge_difference(found), judge_agreement(found)) == (in_order, apart, level)


@pytest.mark.parametrize(
    ("gap", "low", "high", "words"),
    [
        (0.1, 0.06, 0.14, "6 to 14"),
        (-0.1, -0.14, -0.06, "6 to 14"),
        (0.03, -0.02, 0.08, "−2 to 8"),
        (0.05, 0.004, 0.096, "0.4 to 9.6"),  # would print as nought
        (0.1, 0.0549, 0.1451, "5.5 to 14.5"),  # would print as five
        (0.1, 0.056, 0.144, "6 to 14"),
        (0.0, -0.046, 0.046, "−4.6 to 4.6"),
    ],
)
def test_an_interval_has_a_decimal_where_its_side_of_a_limit_would_be_lost(gap, low, high, words):
    assert describe_interval(difference(gap, low, high)) == words


def test_a_contrast_that_cant_be_tested_survives_no_rounding():
    assert not Contrast(figure(60), figure(50), None, None).survives(judge_order, "supported")


def test_equal_shares_without_bases_are_no_reversed_order():
    found = outcome(order(MEN, WOMEN), wave_with({MEN: 33, WOMEN: 33}))
    assert (found.verdict, found.secure, found.survives_rounding) == ("not checkable", None, None)
    assert len(found.figures) == 2


@pytest.mark.parametrize(
    ("percents", "place", "secure"),
    [
        ({VALUE: 66}, 2, False),  # first, but only three of the four below are so by more than chance
        ({VALUE: 66}, 3, True),
        ({VALUE: 56}, 2, True),
        ({VALUE: 70}, 1, False),  # second, but the one above may be so by chance
        ({VALUE: 80}, 1, True),
        ({VALUE: 80, JOB: 69}, 2, False),  # third, with one above for certain
        ({VALUE: 80, JOB: 69}, 1, True),
        ({VALUE: 80, JOB: 79}, 2, True),
    ],
)
def test_another_rank_is_secure_with_enough_items_on_the_other_side_for_certain(percents, place, secure):
    found = outcome(rank("customer_satisfaction", place), wave_with(percents))
    assert (found.verdict, found.secure, found.survives_rounding) == ("contradicted", secure, True)


def test_leading_items_are_undone_by_the_widest_pair_in_the_wrong_order():
    found = outcome(
        top("customer_satisfaction", "value_for_money", question="quality_indicators"),
        wave_with({SATISFACTION: 33, VALUE: 34, JOB: 35}),
    )
    assert (found.verdict, found.secure) == ("contradicted", False)
    assert found.reason.startswith("Among the public, 33 per cent for “Customer satisfaction” against 35 per cent for")
    assert set(found.figures) == {"t1p_custsat", "t1p_vfm", "t1p_jobsat", "t1p_targets", "t1p_politics"}


def test_a_difference_is_told_from_the_larger_share():
    forth, back = outcome(pair("difference", SATISFACTION, VALUE)), outcome(pair("difference", VALUE, SATISFACTION))
    assert forth == back
    assert forth.figures == ("t1p_custsat", "t1p_vfm")


@pytest.mark.parametrize("first", ["It", "Among", "No", "The", "All", "Of", "Both"])
def test_a_sentence_goes_on_after_a_colon_in_lower_case(first):
    assert continue_sentence(f"{first} one.") == f"{first.lower()} one."
    assert continue_sentence("Section 3 is.") == "Section 3 is."
    assert continue_sentence("“It” is.") == "“It” is."


def test_a_claim_with_its_outcome_is_a_row_that_names_each_figure_once():
    test = {"kind": "order", "higher": STAFF_SATISFACTION, "lower": SATISFACTION}
    keys = (VALUE, SATISFACTION, MEN.replace("male", "unknown"))
    claim = Claim("one", "quality", "2.2", "Table 1", "Staff more so.", "Of all.", keys, make_test(test))
    assert make_row(claim, claim.test.judge(evidence_2004()), evidence_2004()) == {
        "id": "one",
        "chapter": "quality",
        "section": "2.2",
        "locator": "Table 1",
        "statement": "Staff more so.",
        "reading": "Of all.",
        "verdict": "supported",
        "secure": "yes",
        "survives_rounding": "yes",
        "reason": (
            "“Customer satisfaction”: 83 per cent of frontline staff against 68 per cent of the public: a difference "
            "of 15 points (10 to 19), p < 0.001."
        ),
        "figures": ["t1p_vfm", "t1p_custsat", "t1f_custsat"],
        "kind": "order",
    }
