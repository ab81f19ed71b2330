"""Sentences about a wave: numbers and directions follow the estimates and their uncertainty."""

from collections.abc import Callable
from pathlib import Path

import pytest

from whyict import findings, wording
from whyict.comparison import compare_figures
from whyict.figures import find_figure, key_of
from whyict.problems import WhyICTError
from whyict.waves import open_wave
from whyict.words import band

Edit = Callable[[str, str, str], Path]


def test_a_clear_lead_is_stated_with_its_interval() -> None:
    said = findings.leader(open_wave("2004"), "quality_indicators", "public")
    assert "customer satisfaction comes first" in said.text
    assert "68 per cent" in said.text
    assert "12 points (7 to 17)" in said.text
    assert said.figures == ("t1p_custsat", "t1p_vfm")


def test_a_lead_within_sampling_error_is_not_called_one() -> None:
    said = findings.leader(open_wave("2004"), "quality_enablers", "frontline").text
    assert "can’t be told apart" in said
    assert "comes first" not in said


def test_a_lead_that_shrinks_stops_being_called_one(edit: Edit) -> None:
    edit(
        "waves/2004/estimates.csv",
        "customer_satisfaction,chosen,number,68,0,,1000",
        "customer_satisfaction,chosen,number,57,0,,1000",
    )
    assert (
        "can’t be told apart from value for money"
        in findings.leader(open_wave("2004"), "quality_indicators", "public").text
    )


def test_almost_equal_halves_are_within_sampling_error() -> None:
    said = findings.agree_or_disagree(open_wave("2004"), "public", "services_improved").text
    assert "the gap of 4 points (−2 to 10) is within sampling error" in said


def test_words_are_repeated_and_never_counted() -> None:
    said = findings.level(open_wave("2004"), "public.out_of_hours_access.agree").text
    assert "more than three-quarters" in said
    assert not any(character.isdigit() for character in said)


def test_a_share_around_one_half_is_not_called_a_majority() -> None:
    assert "about half" in findings.level(open_wave("2004"), "public.more_online.agree").text
    assert "a majority" in findings.level(open_wave("2004"), "public.enough_choice.agree").text
    assert "a minority" in findings.level(open_wave("2004"), "public.services_can_offer_choice.agree").text


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("public.customer_satisfaction.chosen", "68 per cent"),
        ("public.out_of_hours_access.agree", "more than three-quarters"),
        ("public.confidentiality.telephone", "not published"),
        ("frontline.confidentiality.telephone", "not asked"),
    ],
)
def test_a_share_is_given_as_the_wave_has_it(key: str, text: str) -> None:
    assert findings.share(open_wave("2004"), key).text == text


def test_a_key_that_is_none_is_refused() -> None:
    with pytest.raises(WhyICTError, match=r"expected population\.item\.response"):
        find_figure(open_wave("2004"), "value for money")


def test_every_figure_is_found_by_its_own_key() -> None:
    survey = open_wave("2004")
    for _, figure in survey.estimates.iterrows():
        found = find_figure(survey, key_of(figure))
        assert found is not None
        assert found["figure_id"] == figure["figure_id"]


def test_differently_worded_items_are_never_subtracted() -> None:
    survey = open_wave("2004")
    pair = [
        find_figure(survey, key) for key in ("frontline.own_service_vfm.agree", "public.taxes_spent_efficiently.agree")
    ]
    assert compare_figures(survey, *pair).method == "not tested"  # type: ignore[arg-type]


def test_managers_are_never_tested_against_the_sample_that_holds_them(edit: Edit) -> None:
    edit(
        "waves/2004/estimates.csv",
        "consult_managers,frontline,role=manager,consult_on_ict,agree,words,,,a similar proportion,,unknown",
        "consult_managers,frontline,role=manager,consult_on_ict,agree,number,33,0,,90,stated",
    )
    survey = open_wave("2004")
    manager = find_figure(survey, "frontline[role=manager].consult_on_ict.agree")
    staff = find_figure(survey, "frontline.management_listens.agree")
    assert manager is not None
    assert manager["low"] < 0.33 < manager["high"]
    assert staff is not None
    assert compare_figures(survey, manager, staff).method == "not tested"


@pytest.mark.parametrize(
    ("verbal", "expected"),
    [
        ("a third", (0.3133, 0.3533)),
        ("more than three-quarters", (0.75, 1.0)),
        ("fewer than half", (0.0, 0.5)),
        ("almost two-thirds", (0.6167, 0.6667)),
        ("a similar proportion", None),
        ("no such words", None),
    ],
)
def test_words_allow_a_range_or_nothing(verbal: str, expected: tuple[float, float] | None) -> None:
    found = band(open_wave("2004").codebook, verbal)
    assert found == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(("value", "text"), [(-0.4, "0"), (-15.2, "−15"), (1234.0, "1,234"), (0.0, "0")])
def test_numbers_have_a_true_minus_and_no_negative_zero(value: float, text: str) -> None:
    assert wording.number(value) == text


def test_lists_and_labels_read_as_english() -> None:
    assert wording.listing([]) == ""
    assert wording.listing(["a"]) == "a"
    assert wording.listing(["a", "b", "c"]) == "a, b and c"
    assert wording.in_sentence("IT to work differently") == "IT to work differently"
    assert wording.in_sentence("Value for money") == "value for money"
    assert wording.points(0.01) == "1 point"
    assert wording.points(-0.31) == "31 points"
