"""What holds of verdicts whatever the figures: more evidence never undoes them, and no order of anything matters."""

from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveybook.claims.claim import judge_claims, read_claims, tabulate_claims
from surveybook.judgement.claim_test import VERDICTS, WORST_FIRST, Judgement
from surveybook.judgement.figure_tests import judge_share
from surveybook.judgement.kinds import judge_parts
from tests.claims import evidence_2004, judged_2004, order, outcome, pair, rank, top, verdict
from tests.waves import INTERNET, SATISFACTION, STAFF_SATISFACTION, VALUE, wave_2004, wave_with

AGREE, DISAGREE = "public.services_improved.agree", "public.services_improved.disagree"
PAIRS = [(AGREE, DISAGREE), (SATISFACTION, VALUE), (SATISFACTION, STAFF_SATISFACTION)]
# The same examples each time, to repeat a failure, and no deadline, because a busy machine isn't one.
plan = settings(max_examples=12, deadline=None, derandomize=True)
percentages = st.integers(0, 100)


def with_pair(first: str, second: str, percents: tuple[int, int], base: float):
    return wave_with(dict(zip((first, second), percents, strict=True)), bases={first: base, second: base})


@pytest.mark.slow
@plan
@given(st.sampled_from(PAIRS), percentages, percentages, st.integers(30, 3000), st.integers(2, 40))
def test_a_larger_base_never_takes_a_verdict_back(keys, percent_1, percent_2, base, factor):
    if percent_1 + percent_2 > 100 and keys == PAIRS[0]:
        percent_2 = 100 - percent_1  # of one statement, nobody both agrees and disagrees
    smaller, larger = (with_pair(*keys, (percent_1, percent_2), size) for size in (base, base * factor))
    for test in (order(*keys), pair("difference", *keys), pair("agreement", *keys)):
        before, after = outcome(test, smaller), outcome(test, larger)
        assert after.verdict == before.verdict or before.verdict == "within sampling error"
        assert after.secure or not before.secure


@plan
@given(st.sampled_from(PAIRS[1:]), percentages, percentages, st.integers(1, 30), st.integers(30, 3000))
@pytest.mark.slow
def test_a_wider_gap_never_speaks_less_for_an_order(keys, percent_1, percent_2, more, base):
    ranks = ("contradicted", "within sampling error", "supported").index
    narrow = verdict(order(*keys), with_pair(*keys, (percent_1, percent_2), base))
    wide = verdict(order(*keys), with_pair(*keys, (min(100, percent_1 + more), percent_2), base))
    assert ranks(wide) >= ranks(narrow)


@settings(plan, max_examples=200)
@given(percentages, percentages, st.sampled_from(["1/4", "1/3", "1/2", "2/3", "3/4"]))
def test_a_share_nearer_to_a_fraction_never_fits_it_worse(percent_1, percent_2, part):
    figure, aim = evidence_2004().figures[INTERNET], Fraction(part)

    def found(relation, percent):
        printed = figure._replace(share=percent / 100, printed=Fraction(percent))
        return WORST_FIRST.index(judge_share(printed, relation, aim).verdict)

    near, far = sorted((percent_1, percent_2), key=lambda percent: abs(percent - 100 * aim))
    assert found("bare", near) >= found("bare", far)
    assert found("about", near) >= found("about", far)
    low, high = sorted((percent_1, percent_2))
    assert found("more_than", high) >= found("more_than", low)
    assert found("fewer_than", low) >= found("fewer_than", high)


@pytest.mark.slow
@plan
@given(st.integers(1, 5), st.integers(50, 2000), st.integers(2, 50))
def test_a_larger_base_never_takes_a_rank_back(place, base, factor):
    question = wave_2004().estimates["question_id"] == "quality_indicators"
    for test in (
        rank("value_for_money", place),
        top("customer_satisfaction", "value_for_money", question="quality_indicators"),
    ):
        seen = []
        for size in (base, base * factor):
            estimates = wave_2004().estimates.copy()
            estimates.loc[question, ["base", "effective_base"]] = size
            seen.append(outcome(test, replace(wave_2004(), estimates=estimates)))
        assert seen[1].verdict == seen[0].verdict or seen[0].verdict == "within sampling error"


parts = st.builds(
    Judgement,
    st.sampled_from(VERDICTS),
    st.sampled_from([True, False, None]),
    st.sampled_from([True, False, None]),
    st.sampled_from(["It is so.", "Among the public it is not."]),
    st.sampled_from([("a",), ("b", "c"), ()]),
)


@given(st.lists(parts, min_size=1, max_size=5), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_the_order_of_a_compounds_parts_matters_to_its_reason_alone(judgements, random):
    shuffled = random.sample(judgements, len(judgements))
    one, other = judge_parts(judgements), judge_parts(shuffled)
    assert (one.verdict, one.secure, one.survives_rounding) == (other.verdict, other.secure, other.survives_rounding)
    assert set(one.figures) == set(other.figures) == {figure for part in judgements for figure in part.figures}
    assert one.verdict == min((part.verdict for part in judgements), key=WORST_FIRST.index)


@given(st.lists(parts, min_size=1, max_size=4), st.integers(0, 3), st.sampled_from(VERDICTS))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_a_better_part_never_makes_a_compound_worse(judgements, place, better):
    place %= len(judgements)
    better = max(better, judgements[place].verdict, key=WORST_FIRST.index)
    improved = [replace(part, verdict=better) if here == place else part for here, part in enumerate(judgements)]
    assert WORST_FIRST.index(judge_parts(improved).verdict) >= WORST_FIRST.index(judge_parts(judgements).verdict)


@pytest.mark.slow
def test_the_order_of_rows_items_and_claims_changes_no_verdict():
    survey = wave_2004()
    codebook = replace(
        survey.codebook,
        items=survey.codebook.items.sample(frac=1, random_state=1),
        questions=survey.codebook.questions.sample(frac=1, random_state=1),
    )
    shuffled = replace(
        survey,
        codebook=codebook,
        estimates=survey.estimates.sample(frac=1, random_state=1),
        asked=survey.asked.sample(frac=1, random_state=1),
    )
    plain = judged_2004().set_index("id")
    other = tabulate_claims(judge_claims(reversed(read_claims()), shuffled)).set_index("id").loc[plain.index]
    columns = ["verdict", "secure", "survives_rounding"]
    pd.testing.assert_frame_equal(other[columns], plain[columns])
    assert other["figures"].map(set).equals(plain["figures"].map(set))


@pytest.mark.parametrize("keys", PAIRS)
@pytest.mark.parametrize("kind", ["difference", "agreement"])
def test_a_difference_and_an_agreement_dont_depend_on_which_figure_is_named_first(kind, keys):
    assert outcome(pair(kind, *keys)) == outcome(pair(kind, *reversed(keys)))
