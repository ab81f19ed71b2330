"""Numbers in words and tables are held against the data without the code that wrote them."""

import pytest

from surveybook.verify.numbers import EXECUTED, RECOMPUTED, check_rows, check_words
from surveybook.verify.truth import Truths, printed

PUBLIC, STAFF = "t1p_custsat", "t1f_custsat"
COLUMNS = ["Item", "Population", "Share (%)", "Interval from", "to", "Base", "Printed in"]
ROW = ["Customer satisfaction", "The public", "68", "65.0", "70.8", "1,000", "Table 1"]


@pytest.fixture(scope="module")
def truths() -> Truths:
    return Truths(["2004"])


def test_a_share_with_its_interval_counts_as_recomputed(truths: Truths) -> None:
    counts, said = check_words("named by 68 per cent (65 to 71)", [PUBLIC], truths)
    assert said == []
    assert counts == {RECOMPUTED: 3, EXECUTED: 0}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("named by 69 per cent", "'69 per cent' is the share of none of the figures behind it"),
        ("named by 68 per cent (65 to 72)", "isn't the interval of t1p_custsat"),
        ("named by 83 per cent (65 to 71)", "'83 per cent"),
    ],
)
def test_a_number_that_the_data_do_not_give_is_named(truths: Truths, text: str, said: str) -> None:
    assert any(said in one for one in check_words(text, [PUBLIC], truths)[1])


def test_points_that_are_the_difference_of_two_figures_are_recomputed(truths: Truths) -> None:
    assert check_words("15 points apart", [PUBLIC, STAFF], truths)[0][RECOMPUTED] == 1
    assert check_words("16 points apart", [PUBLIC, STAFF], truths)[0][EXECUTED] == 1


def test_words_that_rest_on_no_figure_are_only_traced(truths: Truths) -> None:
    assert check_words("95 per cent intervals", [], truths) == ({RECOMPUTED: 0, EXECUTED: 1}, [])


def test_a_row_of_shares_is_held_against_its_figure(truths: Truths) -> None:
    counts, said = check_rows(COLUMNS, [ROW], [PUBLIC], truths)
    assert said == []
    assert counts[RECOMPUTED] == 4


@pytest.mark.parametrize(("place", "value"), [(2, "69"), (3, "65.1"), (4, "70.9"), (5, "500")])
def test_a_changed_cell_names_its_figure(truths: Truths, place: int, value: str) -> None:
    row = [*ROW[:place], value, *ROW[place + 1 :]]
    ((figure, said),) = check_rows(COLUMNS, [row], [PUBLIC], truths)[1]
    assert figure == PUBLIC
    assert f"shows '{value}' where the data give '{ROW[place]}'" in said


def test_a_base_that_is_assumed_has_to_be_called_so(truths: Truths) -> None:
    row = ["Customer satisfaction", "Frontline staff", "83", "79.5", "86.0", "500 (assumed)", "Table 1"]
    assert check_rows(COLUMNS, [row], [STAFF], truths)[1] == []
    ((_, said),) = check_rows(COLUMNS, [[*row[:5], "500", row[6]]], [STAFF], truths)[1]
    assert "shows '500' where the data give '500 (assumed)'" in said


def test_a_number_for_a_figure_without_one_is_named(truths: Truths) -> None:
    row = ["Phone", "The public", "33", "", "", "1,000", "2.3"]
    assert "for a figure without a number" in check_rows(COLUMNS, [row], ["pref_phone"], truths)[1][0][1]


def test_a_difference_has_to_be_that_of_two_figures(truths: Truths) -> None:
    columns = ["Item", "The public", "Frontline staff", "Difference (points)", "Interval from", "to"]
    right = ["Customer satisfaction", "68 per cent", "83 per cent", "−15", "−19.2", "−10.5"]
    assert check_rows(columns, [right], [PUBLIC, STAFF], truths)[1] == []
    wrong = [*right[:3], "−14", *right[4:]]
    assert "not −15 (−19.2 to −10.5)" in check_rows(columns, [wrong], [PUBLIC, STAFF], truths)[1][0][1]


def test_a_figure_that_the_data_do_not_have_is_named(truths: Truths) -> None:
    assert check_rows(COLUMNS, [ROW], ["t1p_nothing"], truths)[1] == [("t1p_nothing", "the data have no such figure")]


def test_numbers_are_printed_as_pages_print_them() -> None:
    assert [printed(1234), printed(-0.04, 1), printed(-0.06, 1)] == ["1,234", "0.0", "−0.1"]
