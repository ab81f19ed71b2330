"""Numbers in words and tables are held against the data without the code that wrote them."""

import pytest

from surveybook.exhibits.tables import by_group
from surveybook.model import paths
from surveybook.model.wording import number
from surveybook.verify.chapters import read_expected
from surveybook.verify.recomputation import (
    RECOMPUTED,
    TRACED,
    DataFigures,
    check_across,
    check_remainders,
    check_rows,
    check_words,
    print_number,
)
from surveybook.waves import open_wave

PUBLIC, STAFF = "t1p_custsat", "t1f_custsat"
COLUMNS = ["Item", "Population", "Share (%)", "Interval from", "to", "Base", "Printed in"]
ROW = ["Customer satisfaction", "The public", "68", "64.5", "71.3", "1,000", "Table 1"]


@pytest.fixture(scope="module")
def known() -> DataFigures:
    return DataFigures(["2004"])


def test_a_share_with_its_interval_counts_as_recomputed(known: DataFigures) -> None:
    counts, said = check_words("named by 68% (65 to 71)", [PUBLIC], known)
    assert said == []
    assert counts == {RECOMPUTED: 3, TRACED: 0}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("named by 69%", "'69%' is the share of none of the figures behind it"),
        ("named by 68% (65 to 72)", "isn't the interval of t1p_custsat"),
        ("named by 83% (65 to 71)", "'83%"),
    ],
)
def test_a_number_that_the_data_do_not_give_is_named(known: DataFigures, text: str, said: str) -> None:
    assert any(said in one for one in check_words(text, [PUBLIC], known)[1])


def test_points_that_are_the_difference_of_two_figures_are_recomputed(known: DataFigures) -> None:
    assert check_words("15 points apart", [PUBLIC, STAFF], known)[0][RECOMPUTED] == 1
    assert check_words("16 points apart", [PUBLIC, STAFF], known)[0][TRACED] == 1


def test_a_percentage_in_a_label_is_no_share_and_one_beside_it_is(known: DataFigures) -> None:
    known.labels, behind = ["90 to 100% productive"], ["t1p_custsat"]
    assert not check_words("68% of the public say “90 to 100% productive”.", behind, known)[1]
    assert check_words("67% of the public say “90 to 100% productive”.", behind, known)[1]
    assert check_words("100% of the public say so.", behind, known)[1]


def test_words_that_rest_on_no_figure_are_only_traced(known: DataFigures) -> None:
    assert check_words("95% intervals", [], known) == ({RECOMPUTED: 0, TRACED: 1}, [])


def test_a_row_of_shares_is_held_against_its_figure(known: DataFigures) -> None:
    counts, said = check_rows(COLUMNS, [ROW], [PUBLIC], known)
    assert said == []
    assert counts[RECOMPUTED] == 4


@pytest.mark.parametrize(("place", "value"), [(2, "69"), (3, "64.6"), (4, "71.4"), (5, "500")])
def test_a_changed_cell_names_its_figure(known: DataFigures, place: int, value: str) -> None:
    row = [*ROW[:place], value, *ROW[place + 1 :]]
    ((figure, said),) = check_rows(COLUMNS, [row], [PUBLIC], known)[1]
    assert figure == PUBLIC
    assert f"shows '{value}' where the data give '{ROW[place]}'" in said


def test_a_base_that_is_assumed_has_to_be_called_so(known: DataFigures) -> None:
    row = ["Customer satisfaction", "Frontline staff", "83", "78.9", "86.5", "500 (assumed)", "Table 1"]
    assert check_rows(COLUMNS, [row], [STAFF], known)[1] == []
    ((_, said),) = check_rows(COLUMNS, [[*row[:5], "500", row[6]]], [STAFF], known)[1]
    assert "shows '500' where the data give '500 (assumed)'" in said


def test_a_number_for_a_figure_without_one_is_named(known: DataFigures) -> None:
    row = ["Phone", "The public", "33", "", "", "1,000", "2.3"]
    assert "for a figure without a number" in check_rows(COLUMNS, [row], ["pref_phone"], known)[1][0][1]


def test_a_gap_has_to_be_that_of_the_two_populations(known: DataFigures) -> None:
    columns = ["Item", "Population", "Share (%)", "Gap (points)", "Gap from", "Gap to"]
    public = ["Customer satisfaction", "The public", "68", "", "", ""]
    staff = ["Customer satisfaction", "Frontline staff", "83", "−15.0", "−19.9", "−9.8"]
    counts, said = check_rows(columns, [public, staff], [PUBLIC, STAFF], known)
    assert (counts[RECOMPUTED], said) == (5, [])
    wrong = [*staff[:3], "−14.0", *staff[4:]]
    assert "not −15.0 (−19.9 to −9.8)" in check_rows(columns, [public, wrong], [PUBLIC, STAFF], known)[1][0][1]


def test_a_figure_that_the_data_do_not_have_is_named(known: DataFigures) -> None:
    assert check_rows(COLUMNS, [ROW], ["t1p_nothing"], known)[1] == [("t1p_nothing", "the data have no such figure")]


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234, 0, "1,234"), (-0.04, 1, "0.0"), (-0.06, 1, "−0.1"), (100 * 0.325, 0, "33"), (100 * 0.285, 0, "29"),
        (-12.5, 0, "−13"), (32.25, 1, "32.3"), (43.499, 0, "43"), (0.5, 0, "1"),
    ],
)  # fmt: skip
def test_pages_and_checks_print_a_number_alike_with_halves_away_from_nought(
    value: float, decimals: int, text: str
) -> None:
    assert [number(value, decimals), print_number(value, decimals)] == [text, text]


def test_every_chart_and_table_that_is_stored_shows_what_the_data_give(known: DataFigures) -> None:
    expected = read_expected(paths.root(), paths.chapters())
    drawn = [one for page in expected.values() for one in page.charts.values()]
    shown = [*drawn, *(one for page in expected.values() for one in page.tables.values())]
    left = [check_remainders(one.table["columns"], one.table["rows"], one.figures, known) for one in drawn]
    assert [said for _, found in left for said in found] == []
    assert sum(right for right, _ in left) > 20
    said = [
        f"{one.name}: {text} ({figure})"
        for one in shown
        for figure, text in check_rows(one.table.get("columns", []), one.table.get("rows", []), one.figures, known)[1]
    ]
    assert said == []


def test_what_a_change_is_said_of_may_be_the_same_share_in_another_wave_and_no_other() -> None:
    both, figure = DataFigures(["example-synthetic", "2004"]), "public.staff_for_customers.chosen"
    (then,) = [one for one in both.in_all_waves([figure]) if one.wave == "2004"]
    assert check_words(f"In 2004 it was {then.text}%.", [figure], both)[1] == []
    assert check_words("In 2004 it was 97%.", [figure], both)[1]
    assert check_words(f"In 2004 it was {then.text}%.", [figure], DataFigures(["example-synthetic"]))[1]


def test_of_two_columns_of_a_name_the_first_is_the_share_s(known: DataFigures) -> None:
    columns = [*COLUMNS, "Change (points)", "Change from", "to"]
    assert check_rows(columns, [[*ROW, "−1", "−2.0", "0.1"]], [PUBLIC], known)[1] == []


AGREE, DISAGREE = "improved_agree", "improved_disagree"
IMPROVED = "Public services have improved over the last three years"
LEFT = [f"{IMPROVED}: other answers", "The public", "16", "", "", "", "What is left to 100"]


def test_what_answers_leave_is_recomputed_and_counts_as_no_figure(known: DataFigures) -> None:
    assert check_remainders(COLUMNS, [LEFT], [AGREE, DISAGREE], known) == (1, [])
    assert check_rows(COLUMNS, [ROW, LEFT], [PUBLIC], known)[1] == []
    assert check_remainders(COLUMNS, [], [PUBLIC], known) == (0, [])  # people chose several
    assert check_remainders(COLUMNS, [], ["pref_shop"], known) == (0, [])  # a share in words


@pytest.mark.parametrize(
    "rows",
    [
        [[*LEFT[:2], "17", *LEFT[3:]]],
        [[LEFT[0], "Frontline staff", *LEFT[2:]]],
        [["More online: other answers", *LEFT[1:]]],
        [[*LEFT[:3], "14.0", *LEFT[4:]]],
        [[*LEFT[:5], "1,000", LEFT[6]]],
        [LEFT, LEFT],
        [],
    ],
    ids=["value", "population", "item", "interval", "base", "twice", "missing"],
)
def test_a_remainder_that_the_figures_do_not_leave_is_named(known: DataFigures, rows: list[list[str]]) -> None:
    assert check_remainders(COLUMNS, rows, [AGREE, DISAGREE], known)[1]


def test_words_may_say_what_the_figures_or_all_answers_leave_and_nothing_else(known: DataFigures) -> None:
    assert check_words("16% gave another answer", [AGREE, DISAGREE], known)[1] == []
    assert check_words("56% did not agree; 16% took no side", [AGREE], known)[1] == []
    assert check_words("17% gave another answer", [AGREE, DISAGREE], known)[1]
    assert check_words("32% named something else", [PUBLIC], known)[1]


def test_a_table_by_group_is_held_against_the_data_cell_by_cell() -> None:
    known, table = DataFigures(["example-synthetic"]), by_group(open_wave("example-synthetic"), "preferred_channel")
    assert table
    rows = [list(row) for row in table.rows]
    shares, bases = 3 * (len(table.columns) - 1), len(table.columns) - 1
    assert check_across(table.across, rows, known) == (shares + bases, [])
    for row, column, cell in ((0, 2, "448"), (3, 5, "41.3 A B"), (2, 1, "7")):
        changed = [list(row) for row in rows]
        changed[row][column] = cell
        right, ((figure, said),) = check_across(table.across, changed, known)
        assert right == shares + bases - 1
        assert f"shows '{cell}'" in said
        assert figure in table.figures
