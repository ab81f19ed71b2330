"""Numbers in words and tables are held against the data without the code that wrote them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from surveybook.book.notebooks import Shown
from surveybook.exhibits.tables import by_group
from surveybook.model.problems import Fault
from surveybook.model.report import read_report
from surveybook.model.wording import number, round_number
from surveybook.verify import recomputation
from surveybook.verify.recomputation import (
    RECOMPUTED,
    TRACED,
    DataFigures,
    print_number,
    recompute_table,
    recompute_words,
    round_printed,
)
from surveybook.verify.record import Found
from tests.waves import synthetic

PUBLIC, STAFF = "t1p_custsat", "t1f_custsat"
COLUMNS = ["Item", "Population", "Share (%)", "Interval from", "to", "Base", "Where from"]
ROW = ["Customer satisfaction", "The public", "68", "64.5", "71.3", "1,000", "Table 1"]


@pytest.fixture(scope="module")
def known() -> DataFigures:
    return DataFigures(["2004"])


def look(found: Iterable[Found]) -> tuple[Counter[str], list[Fault]]:
    """Return how much was recomputed and traced, and what is wrong."""
    seen = list(found)
    counts = Counter({RECOMPUTED: 0, TRACED: 0})
    for one in seen:
        counts.update(one if isinstance(one, Mapping) else {})
    return counts, [one for one in seen if isinstance(one, Fault)]


def words(text: str, figures: Sequence[str], known: DataFigures) -> tuple[Counter[str], list[str]]:
    counts, said = look(recompute_words(text, tuple(figures), known))
    assert all(one.figures == tuple(figures) for one in said)
    return counts, [one.said for one in said]


def chart(
    columns: Sequence[str], rows: Sequence[Sequence[str]], figures: Sequence[str], known: DataFigures
) -> tuple[Counter[str], list[Fault]]:
    story = {"table": {"columns": columns, "rows": rows}}
    shown = Shown("planted", tuple(figures), content={"usermeta": {"surveybook": story}}, kind="chart")
    return look(recompute_table(shown, known))


def test_a_share_may_have_the_decimals_of_its_file_or_those_that_the_report_wants(
    known: DataFigures, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = replace(known.of([PUBLIC])[0], percent=31.8, decimals=1)
    monkeypatch.setattr(known, "in_all_waves", lambda _: [exact])
    report = read_report().model_copy(update={"decimals": 0})
    monkeypatch.setattr("surveybook.verify.recomputation.read_report", lambda: report)
    for told in ("31.8%", "32%"):
        assert words(f"named by {told}", [PUBLIC], known) == ({RECOMPUTED: 1, TRACED: 0}, [])
    assert words("named by 31.7%", [PUBLIC], known)[1] == ["'31.7%' is the share of none of the figures behind it"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("named by 69%", "'69%' is the share of none of the figures behind it"),
        ("named by 68% (65 to 72)", "isn't the interval of t1p_custsat"),
        ("named by 83% (65 to 71)", "'83%"),
        ("17% left", "'17%'"),
    ],
)
def test_a_number_that_the_data_do_not_give_is_named(known: DataFigures, text: str, said: str) -> None:
    assert any(said in one for one in words(text, [PUBLIC], known)[1])


def test_points_that_are_the_difference_of_two_figures_are_recomputed(known: DataFigures) -> None:
    assert words("15 points apart", [PUBLIC, STAFF], known)[0][RECOMPUTED] == 1
    assert words("16 points apart", [PUBLIC, STAFF], known)[0][TRACED] == 1


def test_a_percentage_in_a_label_is_no_share_and_one_beside_it_is(known: DataFigures) -> None:
    known.labels = ["90 to 100% productive"]
    assert not words("68% of the public say “90 to 100% productive”.", [PUBLIC], known)[1]
    assert words("67% of the public say “90 to 100% productive”.", [PUBLIC], known)[1]
    assert words("100% of the public say so.", [PUBLIC], known)[1]


def test_an_answer_in_per_cent_is_no_share_and_one_number_alone_is_none_in_quotation_marks_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recomputation, "read_wordings", lambda: ["11-20%", "20%", "Parks"])
    known = DataFigures(["2004"])
    assert not words("68% of the public say “20%”, and 68% 11-20%.", [PUBLIC], known)[1]
    assert words("20% of the public say “20%”.", [PUBLIC], known)[1]


ASSUMED = ["Customer satisfaction", "Frontline staff", "83", "78.9", "86.5", "500 (assumed)", "Table 1"]


@pytest.mark.parametrize(
    ("figure", "row", "place", "value"),
    [
        (PUBLIC, ROW, 2, "69"), (PUBLIC, ROW, 3, "64.6"), (PUBLIC, ROW, 4, "71.4"), (PUBLIC, ROW, 5, "500"),
        (STAFF, ASSUMED, 5, "500"),
    ],
)  # fmt: skip
def test_a_row_of_shares_is_held_against_its_figure_cell_by_cell(
    known: DataFigures, figure: str, row: list[str], place: int, value: str
) -> None:
    counts, said = chart(COLUMNS, [row], [figure], known)
    assert (counts[RECOMPUTED], said) == (4, [])
    (wrong,) = chart(COLUMNS, [[*row[:place], value, *row[place + 1 :]]], [figure], known)[1]
    assert wrong.figures == (figure,)
    assert f"shows '{value}' where the data give '{row[place]}'" in wrong.said


def test_a_number_for_a_figure_without_one_and_a_figure_that_there_is_not_are_named(known: DataFigures) -> None:
    row = ["Phone", "The public", "33", "", "", "1,000", "2.3"]
    assert "for a figure without a number" in chart(COLUMNS, [row], ["pref_phone"], known)[1][0].said
    assert chart(COLUMNS, [ROW], ["nothing"], known)[1] == [Fault("the data have no such figure", figures=("nothing",))]


def test_a_gap_has_to_be_that_of_the_two_populations(known: DataFigures) -> None:
    columns = ["Item", "Population", "Share (%)", "Gap (points)", "Gap from", "Gap to"]
    public = ["Customer satisfaction", "The public", "68", "", "", ""]
    staff = ["Customer satisfaction", "Frontline staff", "83", "−15.0", "−19.9", "−9.8"]
    counts, said = chart(columns, [public, staff], [PUBLIC, STAFF], known)
    assert (counts[RECOMPUTED], said) == (5, [])
    wrong = [*staff[:3], "−14.0", *staff[4:]]
    assert "not −15.0 (−19.9 to −9.8)" in chart(columns, [public, wrong], [PUBLIC, STAFF], known)[1][0].said


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234, 0, "1,234"), (-0.04, 1, "0.0"), (-0.06, 1, "−0.1"), (100 * 0.325, 0, "33"), (100 * 0.285, 0, "29"),
        (-12.5, 0, "−13"), (32.25, 1, "32.3"), (43.499, 0, "43"), (0.5, 0, "1"), (2.0**90, 0, f"{2**90:,}"),
    ],
)  # fmt: skip
def test_pages_and_checks_print_a_number_alike_with_halves_away_from_nought(
    value: float, decimals: int, text: str
) -> None:
    assert [number(value, decimals), print_number(value, decimals)] == [text, text]


def test_what_a_change_is_said_of_may_be_the_same_share_in_another_wave_and_no_other() -> None:
    both, figure = DataFigures(["example-synthetic", "2004"]), "public.staff_for_customers.chosen"
    (then,) = [one for one in both.in_all_waves([figure]) if one.wave == "2004"]
    assert words(f"In 2004 it was {then.text}%.", [figure], both)[1] == []
    assert words("In 2004 it was 97%.", [figure], both)[1]
    assert words(f"In 2004 it was {then.text}%.", [figure], DataFigures(["example-synthetic"]))[1]


BOTH = ["improved_agree", "improved_disagree"]
IMPROVED = "Public services have improved over the last three years"
LEFT = [f"{IMPROVED}: other answers", "The public", "16", "", "", "", "What is left to 100"]


def test_what_answers_leave_is_recomputed_and_counts_as_no_figure(known: DataFigures) -> None:
    counts, said = chart(COLUMNS, [LEFT], BOTH, known)
    assert (counts[RECOMPUTED], said) == (1, [])
    for figure in (PUBLIC, "pref_shop"):  # of which people chose several; a share in words
        assert chart(COLUMNS, [], [figure], known)[1] == []


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
    assert any("left to 100" in one.said for one in chart(COLUMNS, rows, BOTH, known)[1])


def test_words_may_say_what_the_figures_or_all_answers_leave_and_nothing_else(known: DataFigures) -> None:
    assert words("16% gave another answer", BOTH, known)[1] == []
    assert words("56% did not agree; 16% took no side", BOTH[:1], known)[1] == []
    assert words("17% gave another answer", BOTH, known)[1]
    assert words("32% named something else", [PUBLIC], known)[1]


def test_a_table_by_group_is_held_against_the_data_cell_by_cell() -> None:
    known, table = DataFigures(["example-synthetic"]), by_group(synthetic(), "preferred_channel")

    def across(rows: Sequence[Sequence[Any]]) -> tuple[Counter[str], list[Fault]]:
        content = {"columns": table.columns, "rows": rows, "across": table.across}
        return look(recompute_table(Shown("groups", table.figures, content=content, kind="table"), known))

    right, said = across(table.rows)
    assert (right[RECOMPUTED], said) == (4 * (len(table.columns) - 1), [])
    for row, column, cell in ((0, 2, "448"), (3, 5, "41.3 A B"), (2, 1, "7")):
        changed = [list(row) for row in table.rows]
        changed[row][column] = cell
        counts, (wrong,) = across(changed)
        assert counts[RECOMPUTED] == right[RECOMPUTED] - 1
        assert f"shows '{cell}'" in wrong.said
        assert wrong.figures[0] in table.figures


@pytest.mark.parametrize("value", [66.1912364996, 16.8344344999999, 28.499999999999996, 0.157246, 2.5, -2.4324404996])
def test_numbers_are_rounded_as_pages_round_them(value: float) -> None:
    assert [round_printed(value, one) for one in (0, 1, 6)] == [round_number(value, one) for one in (0, 1, 6)]
