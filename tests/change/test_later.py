"""What a wave without a baseline says of the waves that come after it."""

from dataclasses import replace

import pytest

from surveybook.change.changes import compare_waves, held_for_later
from surveybook.claims.pages import claims_since
from surveybook.exhibits import tables
from surveybook.model.survey import Survey
from surveybook.words import findings
from tests.change.waves import later
from tests.waves import SATISFACTION, asked_otherwise, rows_of, wave_2004


def held(survey: Survey, population: str, question: str):
    rows = held_for_later(survey)
    return rows[(rows["population"] == population) & (rows["question_id"] == question)].iloc[0]


@pytest.mark.parametrize(("steps", "shows"), [(0, True), (-1, False)])
def test_a_change_shows_from_the_size_named_and_not_below(steps: int, shows: bool) -> None:
    """Held against the comparison of two waves itself, for the one share of a question of its own."""
    survey = wave_2004()
    least = held(survey, "public", "more_online")["least"]
    share = float(survey.estimates.loc[rows_of(survey.estimates, "public.more_online.agree"), "share"].iloc[0])
    for sign in (1, -1):
        moved = later({"public.more_online.agree": round(100 * (share + sign * (least + steps / 100)))})
        row = compare_waves(moved, survey).by_key["public.more_online.agree"]
        assert bool(row["low"] > 0 or row["high"] < 0) is shows


def test_words_and_figures_without_a_base_are_not_counted_as_shares_to_test() -> None:
    assert held(wave_2004(), "public", "preferred_channel")[["shares", "others"]].tolist() == [0, 3]
    estimates = wave_2004().estimates.copy()
    estimates.loc[rows_of(estimates, SATISFACTION), ["base", "effective_base"]] = float("nan")
    waves = (wave_2004(), replace(wave_2004(), estimates=estimates))
    before, after = (held(wave, "public", "quality_indicators") for wave in waves)
    assert after["shares"] == before["shares"] - 1
    assert after["others"] == before["others"] + 1


def test_a_question_that_was_not_asked_is_not_held_for_later() -> None:
    unasked = asked_otherwise(wave_2004(), "public", "more_online", source="not_asked")
    assert "more_online" not in set(held_for_later(unasked)["question_id"])


def test_the_page_of_changes_counts_what_stands_ready() -> None:
    survey = wave_2004()
    table = tables.for_later(survey)
    assert table
    total = int(held_for_later(survey)["shares"].sum())
    assert f"{total} shares whose change a later survey can test" in findings.since_baseline(survey).text
    assert f"{total} shares" in table.title
    assert len(table.rows) == len(survey.asked)
    assert "of the 16 questions put to the public" in findings.comparable_questions(survey).text
    assert ", tested on 2004: " in claims_since(survey).text


def test_with_a_baseline_the_table_of_what_stands_ready_gives_way() -> None:
    assert tables.for_later(replace(later(), baseline=wave_2004())) is None
