"""Figures from other sources: read, worded and kept apart from the survey."""

import pytest

from surveybook.book.sphinx_ext.blocks import look_up_text
from surveybook.book.sphinx_ext.settings import date_text
from surveybook.model.wording import quantity_text


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((80.0, "per cent of applications", "over"), "over 80%"),
        ((20.0, "billion pounds", ""), "£20 billion"),
        ((84000.0, "jobs", "over"), "over 84,000"),
        ((3.0, "channels", ""), "three"),
        ((None, "share", "nine in ten"), "nine in ten"),
        ((19.0, "per cent of adults", "nearly a fifth"), "19%"),
    ],
)
def test_a_quantity_is_worded_with_its_hedge_and_unit(arguments: tuple[float | None, str, str], text: str) -> None:
    assert quantity_text(*arguments) == text


def test_dates_are_written_out_and_what_is_none_is_refused() -> None:
    assert [date_text(date) for date in ("2005-03", "2004", "2004-12-15")] == ["March 2005", "2004", "15 December 2004"]
    for date in ("2005-13", "spring", ""):
        with pytest.raises((ValueError, IndexError)):
            date_text(date)


def test_roles_take_their_text_from_the_data() -> None:
    assert look_up_text("evidence", "crb_paper") == "over 80%"
    assert look_up_text("item", "effective_it_use") == "effective IT use"
    for kind in ("evidence", "item", "question"):
        with pytest.raises(KeyError):
            look_up_text(kind, "no_such_row")
