"""Orders, ranks, leading items, differences, agreements, and compounds of them."""

import itertools

import pytest

from surveybook.claims.evidence import gather_evidence
from surveybook.model.survey import find_figure
from surveybook.stats.comparison import compare_figures
from tests.claims.waves import fraction, order, outcome, pair, rank, top, verdict
from tests.waves import SATISFACTION, STAFF_SATISFACTION, VALUE, wave_2004, wave_with

AGREE, DISAGREE = "public.services_improved.agree", "public.services_improved.disagree"
MEN, WOMEN = "public[sex=male].channel_website.chosen", "public[sex=female].channel_website.chosen"


def test_more_evidence_never_takes_support_away():
    seen = [verdict(order(AGREE, DISAGREE), wave_with({AGREE: 44 + gap, DISAGREE: 40})) for gap in range(0, 12)]
    assert seen == sorted(seen, key=["within sampling error", "supported"].index)
    bases = [
        verdict(order(AGREE, DISAGREE), wave_with({}, bases={AGREE: base, DISAGREE: base}))
        for base in (100, 1000, 2500, 10_000)
    ]
    assert bases == sorted(bases, key=["within sampling error", "supported"].index)
    assert {"within sampling error", "supported"} == set(seen) == set(bases)


def test_men_and_women_are_independent_samples_and_managers_are_part_of_the_staff():
    survey = wave_with({MEN: 40, WOMEN: 30}, bases={MEN: 500, WOMEN: 500})
    assert verdict(order(MEN, WOMEN), survey) == "supported"
    manager, staff = "frontline[role=manager].consult_on_ict.agree", "frontline.management_listens.agree"
    found = outcome(pair("agreement", manager, staff), wave_with({manager: 32}, bases={manager: 200}))
    assert found.verdict == "not checkable"
    assert "part of the other" in found.reason


def test_agreement_needs_the_interval_inside_five_points():
    assert verdict(pair("agreement", SATISFACTION, STAFF_SATISFACTION)) == "contradicted"
    assert verdict(pair("agreement", AGREE, DISAGREE)) == "within sampling error"
    large = wave_with({AGREE: 42, DISAGREE: 41}, bases={AGREE: 10_000, DISAGREE: 10_000})
    assert verdict(pair("agreement", AGREE, DISAGREE), large) == "supported"
    assert verdict(pair("agreement", DISAGREE, AGREE), large) == "supported"


def test_agreement_between_unknown_bases_is_not_checkable():
    unknown = wave_with({MEN: 33, WOMEN: 33})
    assert verdict(pair("agreement", MEN, WOMEN), unknown) == "not checkable"


def test_a_rank_is_contradicted_by_another_printed_rank():
    assert verdict(rank("customer_satisfaction", 1)) == "supported"
    assert verdict(rank("customer_satisfaction", 2)) == "contradicted"
    attentive = outcome(rank("attentive_staff", 3, "customer_focus_indicators"))
    assert attentive.verdict == "contradicted"
    assert "fourth of seven among the public, not third" in attentive.reason


def test_a_tie_covers_both_of_its_ranks():
    for place in (5, 6):
        found = outcome(rank("staff_cuts", place, "efficiency_indicators"))
        assert (found.verdict, found.survives_rounding) == ("within sampling error", False)
    assert verdict(rank("staff_cuts", 4, "efficiency_indicators")) == "contradicted"
    assert verdict(rank("staff_cuts", 7, "efficiency_indicators")) == "contradicted"


def test_leading_items_may_stand_in_any_order():
    three = ("value_for_money", "customer_satisfaction", "staff_job_satisfaction")
    assert verdict(top(*three, question="quality_indicators")) == "supported"
    assert verdict(top("staff_competence", "spending_well")) == "within sampling error"  # choice is level with one
    assert verdict(top("staff_competence", "tailored_services")) == "contradicted"


def test_a_ranking_needs_every_items_number():
    assert verdict(rank("channel_website", 1, "preferred_channel")) == "not checkable"
    assert verdict(rank("customer_satisfaction", 1), wave_with({VALUE: None})) == "not checkable"
    assert verdict(rank("effective_it_use", 8, "quality_enablers")) == "not checkable"


def test_no_verdict_rests_on_how_many_answers_people_could_give():
    survey = wave_2004()
    evidence = gather_evidence(survey)
    numbers = [figure for figure in evidence.figures.values() if figure.printed is not None]
    related = [
        (one, other)
        for one, other in itertools.combinations(numbers, 2)
        if one.question_id == other.question_id and (one.population == other.population or one.item_id == other.item_id)
    ]
    for one, other in [*related, *itertools.pairwise(numbers)]:
        ours = evidence.contrast(one, other).difference
        theirs = compare_figures(survey, find_figure(survey, one.key), find_figure(survey, other.key))
        if ours is None:
            assert theirs.method == "not tested", (one.key, other.key)
        else:
            assert (ours.low, ours.high, ours.p_value) == pytest.approx((theirs.low, theirs.high, theirs.p_value))


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((28, 27, 25), "contradicted"),
        ((27, 25), "supported by rounding"),
        ((25, 25), "supported"),
        ((None, 28), "contradicted"),
        ((None, 25), "not checkable"),
    ],
)
def test_a_compound_has_its_worst_parts_verdict(parts, expected):
    keys = ("public.internet_easier.agree", SATISFACTION, VALUE)[: len(parts)]
    survey = wave_with(dict(zip(keys, parts, strict=True)))
    assert verdict({"kind": "all", "tests": [fraction(key, "bare", "1/4") for key in keys]}, survey) == expected
