"""What each kind of test comes to: its sentence word for word, and the verdict on either side of each limit."""

import itertools
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from surveybook.claims.claim import read_claims
from surveybook.judgement.claim_test import (
    CONTRADICTED,
    NOT_CHECKABLE,
    SUPPORTED,
    VERDICTS,
    Contrast,
    Judgement,
    continue_sentence,
    describe_interval,
    describe_p_value,
    find_printed_percent,
)
from surveybook.judgement.figure_tests import Agreement, DifferenceTest, Order, find_rounding_limits, judge_share
from surveybook.judgement.kinds import Count, judge_parts
from surveybook.model.survey import find_figure
from surveybook.stats.comparison import compare_figures
from surveybook.stats.shares import Difference
from tests.claims import (
    evidence_2004,
    fraction,
    judged_2004,
    order,
    outcome,
    pair,
    rank,
    repeated,
    top,
    verdict,
)  # fmt: skip
from tests.waves import INTERNET, SATISFACTION, STAFF_SATISFACTION, VALUE, WEBSITE, wave_2004, wave_with

REASONS = yaml.safe_load(Path(__file__).with_name("reasons.yml").read_text(encoding="utf-8"))
UNKNOWN = float("nan")
JOB, MANAGERS = "public.staff_job_satisfaction.chosen", "frontline[role=manager].consult_on_ict.agree"
MEN, WOMEN = "public[sex=male].channel_website.chosen", "public[sex=female].channel_website.chosen"


@pytest.mark.parametrize("said", REASONS, ids=[f"{place}-{said['verdict']}" for place, said in enumerate(REASONS)])
def test_a_verdict_comes_with_its_reason(said):
    percents, bases = said.get("percents", {}), said.get("bases", {})
    found = outcome(said["test"], wave_with(percents, bases=bases) if percents or bases else None)
    assert {name: said[name] for name in ("verdict", "secure", "survives_rounding", "reason")} == {
        "verdict": found.verdict, "secure": found.secure, "survives_rounding": found.survives_rounding,
        "reason": found.reason,
    }  # fmt: skip


def test_every_claim_is_judged_on_2004_with_a_reason_and_by_the_figures_it_names():
    judged = judged_2004()
    assert set(judged["verdict"]) >= set(VERDICTS)
    assert judged["reason"].str.endswith(".").all()
    assert not judged["reason"].str.contains("among managers among").any()  # a part is named once
    assert (judged.loc[judged["verdict"] == "within sampling error", "secure"] == "no").all()
    figures = judged.set_index("id")["figures"]
    rest = [claim.id for claim in read_claims() if not all(isinstance(test, Count) or test.is_textual
                                                           for test in claim.tests)]  # fmt: skip
    assert all(figures[rest])
    assert {figure for row in judged["figures"] for figure in row} <= set(wave_2004().estimates["figure_id"])


def figure(percent, low=UNKNOWN, high=UNKNOWN, decimals=0):
    """Return a figure in per cent with the limits of its interval, as they are; unknown without any."""
    printed, one = Fraction(str(percent)), evidence_2004().figures[INTERNET]
    told = {"printed": printed, "decimals": decimals, "low": low / 100, "high": high / 100}
    return one._replace(share=float(printed / 100), **told)


@pytest.mark.parametrize(
    ("relation", "percents"),
    [
        # Supported at the first, by rounding at the second and third, contradicted at all others.
        ("exact", [50, None, None, 49]),
        ("bare", [50, 48, 52, 47, 53]),
        ("nearly", [50, 45, None, 44, 55, 56]),
        ("just_over", [50, None, 55, 45, 56]),
        ("about", [50, 45, 55, 44, 56]),
        ("more_than", [51, None, None, 49, 50, "50.5"]),
        ("fewer_than", [49, None, None, 50, 51, "49.5"]),
    ],
)
def test_a_number_fits_a_fraction_up_to_its_margins(relation, percents):
    found = [judge_share(figure(percent), relation, Fraction(1, 2)).verdict for percent in percents if percent]
    by_rounding = sum(percent is not None for percent in percents[1:3])
    wanted = ["supported", *["supported by rounding"] * by_rounding, *["contradicted"] * len(percents[3:])]
    assert found == wanted


@pytest.mark.parametrize(
    ("relation", "percent", "low", "high", "secure"),
    [
        ("bare", 50, 48, 52, True),
        ("bare", 50, 47.9, 52, False),
        ("nearly", 47, 45, 50.1, False),
        ("just_over", 53, 49.9, 54.9, False),
        ("bare", 60, 52.1, 68, True),  # contradicted: the whole interval beyond the margin
        ("bare", 60, 52, 68, False),
        ("more_than", 60, 50.1, 70, True),
        ("more_than", 60, 50, 70, False),
        ("fewer_than", 40, 30, 49.9, True),
    ],
)
def test_a_fraction_is_secure_with_the_whole_interval_on_the_verdicts_side(relation, percent, low, high, secure):
    assert judge_share(figure(percent, low, high), relation, Fraction(1, 2)).secure == secure


@pytest.mark.parametrize(
    ("relation", "percent", "survives"),
    [
        ("bare", 51, True),  # 51.5 is the most that prints so
        ("bare", 52, False),
        ("bare", "52.4", False),  # 51.9 to 52.9
        ("more_than", 51, True),
        ("more_than", "50.5", False),  # half is one of the values that print so
        ("fewer_than", "49.5", False),
    ],
)
def test_a_verdict_survives_rounding_at_both_ends_of_what_prints_so(relation, percent, survives):
    assert judge_share(figure(percent), relation, Fraction(1, 2)).survives_rounding == survives


def test_a_share_is_printed_exactly_and_stands_for_half_a_unit_either_way():
    for share, decimals, text in ((0.285, 0, "29"), (0.684, 1, "68.4"), (1 / 3, UNKNOWN, "33.3333333333")):
        assert find_printed_percent(share, decimals) == Fraction(text)
    ends_of = {(63, 1): "62.95 63.05", (63, UNKNOWN): "63 63", (0, 0): "0 0.5", (100, 0): "99.5 100"}
    for (percent, decimals), ends in ends_of.items():
        assert find_rounding_limits(figure(percent, decimals=decimals)) == tuple(map(Fraction, ends.split()))


@pytest.mark.parametrize(
    ("test", "percents", "expected"),
    [
        (fraction(WEBSITE, "more_than", "1/2"), {}, "contradicted"),  # “a third” allows no more than 35
        (fraction(WEBSITE, "more_than", "1/4"), {}, "supported"),
        (order("public.complaints_in_person.agree", WEBSITE), {}, "supported"),  # 95 is above anything it allows
        (order(SATISFACTION, "public.out_of_hours_access.agree"), {}, "contradicted"),
        (order("frontline.speak_highly.agree", STAFF_SATISFACTION), {}, "contradicted"),
        (repeated("frontline.speak_highly.agree", verbal="two-thirds"), {}, "not checkable"),
        # A tie.
        *((rank("staff_cuts", place, "efficiency_indicators"), {}, "within sampling error") for place in (5, 6)),
        *((rank("staff_cuts", place, "efficiency_indicators"), {}, "contradicted") for place in (4, 7)),
        (rank("effective_it_use", 8, "quality_enablers"), {}, "not checkable"),
        (repeated(WEBSITE, verbal="a third"), {WEBSITE: 40}, "contradicted"),
        (rank("customer_satisfaction", 1), {VALUE: None}, "not checkable"),
        (order(MEN, WOMEN), {MEN: 30, WOMEN: 40}, "contradicted"),
    ],
)
def test_what_2004_or_another_wave_has_to_say(test, percents, expected):
    assert verdict(test, wave_with(percents) if percents else None) == expected


def test_a_repeated_integer_fits_a_figure_with_decimals():
    survey = wave_with({SATISFACTION: 68.4})
    survey.estimates.loc[survey.estimates["figure_id"] == "t1p_custsat", "decimals"] = 1
    assert verdict(repeated(SATISFACTION, percent=68), survey) == "supported"
    assert verdict(repeated(SATISFACTION, percent=68.3), survey) == "contradicted"


def test_men_and_women_are_independent_samples_and_managers_are_part_of_the_staff():
    survey = wave_with({MEN: 40, WOMEN: 30}, bases={MEN: 500, WOMEN: 500})
    assert verdict(order(MEN, WOMEN), survey) == "supported"
    survey = wave_with({MANAGERS: 32}, bases={MANAGERS: 200})
    found = outcome(pair("agreement", MANAGERS, "frontline.management_listens.agree"), survey)
    assert (found.verdict, "part of the other" in found.reason) == ("not checkable", True)
    assert outcome(repeated(MANAGERS, percent=32), survey).reason == (
        "32% is said, and “Consults on ICT” of managers among frontline staff is 32%."
    )


@pytest.mark.parametrize(
    ("gap", "low", "high", "in_order", "apart", "level"),
    [
        (0.1, 0.06, 0.14, "supported", "supported", "contradicted"),
        (0.1, 0.05, 0.14, "supported", "supported", "contradicted"),
        (0.1, 0.04, 0.14, "supported", "supported", "within sampling error"),
        (0.02, 0.0, 0.04, "within sampling error", "within sampling error", "supported"),
        (0.0, -0.05, 0.04, "within sampling error", "within sampling error", "within sampling error"),
        (0.0, -0.04, 0.05, "within sampling error", "within sampling error", "within sampling error"),
        (-0.01, -0.04, 0.02, "contradicted", "within sampling error", "supported"),
        (-0.1, -0.14, -0.05, "contradicted", "supported", "contradicted"),
        (-0.1, -0.14, -0.04, "contradicted", "supported", "within sampling error"),
    ],
)
def test_a_distance_decides_by_its_sign_and_its_interval(gap, low, high, in_order, apart, level):
    found = Difference(gap, 0.0, low, high, 0.5, method="made up")
    assert [kind.decide(found) for kind in (Order, DifferenceTest, Agreement)] == [in_order, apart, level]


@pytest.mark.parametrize(
    ("gap", "low", "high", "words"),
    [
        (0.1, 0.06, 0.14, "6 to 14"),
        (-0.1, -0.14, -0.06, "6 to 14"),
        (0.05, 0.004, 0.096, "0.4 to 9.6"),  # would print as nought
        (0.1, 0.0549, 0.1451, "5.5 to 14.5"),  # would print as five
        (0.1, 0.056, 0.144, "6 to 14"),
        (0.0, -0.046, 0.046, "−4.6 to 4.6"),
    ],
)
def test_an_interval_has_a_decimal_where_its_side_of_a_limit_would_be_lost(gap, low, high, words):
    assert describe_interval(Difference(gap, 0.0, low, high, 0.5, method="made up")) == words


def test_a_contrast_that_cant_be_tested_survives_no_rounding():
    assert not Contrast(figure(60), figure(50), None, None).survives(Order.decide, "supported")


@pytest.mark.parametrize(
    ("percents", "place", "secure"),
    [
        ({VALUE: 66}, 2, False),  # first, but only three of the four below are so by more than chance
        ({VALUE: 66}, 3, True),
        ({VALUE: 70}, 1, False),  # second, but the one above may be so by chance
        ({VALUE: 80}, 1, True),
        ({VALUE: 80, JOB: 69}, 2, False),  # third, with one above for certain
        ({VALUE: 80, JOB: 79}, 2, True),
    ],
)
def test_another_rank_is_secure_with_enough_items_on_the_other_side_for_certain(percents, place, secure):
    found = outcome(rank("customer_satisfaction", place), wave_with(percents))
    assert (found.verdict, found.secure, found.survives_rounding) == ("contradicted", secure, True)


def test_leading_items_are_undone_by_the_widest_pair_in_the_wrong_order():
    test = top("customer_satisfaction", "value_for_money", question="quality_indicators")
    found = outcome(test, wave_with({SATISFACTION: 33, VALUE: 34, JOB: 35}))
    assert (found.verdict, found.secure) == ("contradicted", False)
    assert found.reason.startswith("Among the public, 33% for “Customer satisfaction” against 35% for")
    assert set(found.figures) == {"t1p_custsat", "t1p_vfm", "t1p_jobsat", "t1p_targets", "t1p_politics"}


@pytest.mark.slow
def test_no_verdict_rests_on_how_many_answers_people_could_give():
    survey, evidence = wave_2004(), evidence_2004()
    numbers = [figure for figure in evidence.figures.values() if figure.printed is not None]
    for one, other in [*itertools.combinations(numbers[:30], 2), *itertools.pairwise(numbers)]:
        ours = evidence.contrast(one, other).difference
        theirs = compare_figures(survey, find_figure(survey, one.key), find_figure(survey, other.key))
        if ours is None:
            assert theirs.method == "not tested", (one.key, other.key)
        else:
            assert (ours.low, ours.high, ours.p_value) == pytest.approx((theirs.low, theirs.high, theirs.p_value))


SURE, UNSURE = Judgement(CONTRADICTED, True, True, "The b."), Judgement(CONTRADICTED, False, False, "It a.")
LACKING = Judgement(NOT_CHECKABLE, reason="It needs.")


@pytest.mark.parametrize(
    ("parts", "answers", "reason"),
    [
        ([Judgement(SUPPORTED, True, True, "It a.")], (SUPPORTED, True, True), "It a."),
        (
            [Judgement(SUPPORTED, True, True, "It a."), Judgement(SUPPORTED, True, False, "Among b.")],
            (SUPPORTED, True, False),
            "Both parts are supported; for instance, it a.",
        ),
        (
            [Judgement(SUPPORTED, None, True, "“x” a.")] * 3,
            (SUPPORTED, None, True),
            "All three parts are supported; for instance, “x” a.",
        ),
        ([UNSURE, SURE, Judgement(SUPPORTED)], (CONTRADICTED, True, True),
         "Of three parts, two are contradicted: the b."),
        ([LACKING, UNSURE, LACKING], (CONTRADICTED, False, False),
         "Of three parts, one is contradicted and two can't be tested: it a."),
        ([LACKING, Judgement(SUPPORTED)], (NOT_CHECKABLE, None, None), "Of two parts, one is not checkable: it needs."),
    ],
)  # fmt: skip
def test_a_compound_has_its_worst_parts_verdict_and_says_how_many_decide(parts, answers, reason):
    found = judge_parts(parts)
    assert (found.verdict, found.secure, found.survives_rounding, found.reason) == (*answers, reason)


def test_p_values_have_as_many_decimals_as_tell_their_side_of_the_usual_levels():
    values = (0.0009, 0.001, 0.0094, 0.0095, 0.02, 0.0449, 0.045, 0.0549, 0.055, 0.36, 1)
    assert [describe_p_value(value) for value in values] == [
        "p < 0.001", "p = 0.001", "p = 0.009", "p = 0.01", "p = 0.02", "p = 0.04", "p = 0.045", "p = 0.055",
        "p = 0.06", "p = 0.36", "p = 1.00",
    ]  # fmt: skip


def test_a_sentence_goes_on_after_a_colon_in_lower_case_unless_it_names_something():
    assert continue_sentence("Among one.") == "among one."
    assert [continue_sentence(text) for text in ("Section 3 is.", "“It” is.")] == ["Section 3 is.", "“It” is."]
