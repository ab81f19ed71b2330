"""Figures from other sources: read, worded and kept apart from the survey."""

from collections.abc import Callable
from pathlib import Path

import pytest

from surveybook import charts
from surveybook.book.sphinx_ext.blocks import date_text, evidence_text, item_text
from surveybook.model.evidence import pick_evidence, source_names
from surveybook.model.problems import DataError, SurveybookError
from surveybook.model.wording import quantity_text

Edit = Callable[[str, str, str], Path]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((80.0, "per cent of applications", "over"), "over 80%"),
        ((20.0, "billion pounds", ""), "£20 billion"),
        ((4.5, "billion pounds", ""), "£4.5 billion"),
        ((84000.0, "jobs", "over"), "over 84,000"),
        ((2008.0, "year", ""), "2008"),
        ((3.0, "channels", ""), "three"),
        ((25.0, "facts", ""), "25"),
        ((None, "share", "nine in ten"), "nine in ten"),
        ((19.0, "per cent of adults", "nearly a fifth"), "19%"),
    ],
)
def test_a_quantity_is_worded_with_its_hedge_and_unit(arguments: tuple[float | None, str, str], text: str) -> None:
    assert quantity_text(*arguments) == text


@pytest.mark.parametrize(
    ("date", "text"), [("2005-03", "March 2005"), ("2004", "2004"), ("2004-12-15", "15 December 2004")]
)
def test_dates_are_written_out(date: str, text: str) -> None:
    assert date_text(date) == text


@pytest.mark.parametrize("date", ["2005-13", "spring", ""])
def test_what_is_no_date_is_refused(date: str) -> None:
    with pytest.raises((ValueError, IndexError)):
        date_text(date)


def test_roles_take_their_text_from_the_data() -> None:
    assert evidence_text("crb_paper") == "over 80%"
    assert item_text("effective_it_use") == "effective IT use"
    for look_up in (evidence_text, item_text):
        with pytest.raises(KeyError):
            look_up("no_such_row")


def test_every_piece_of_evidence_can_be_worded() -> None:
    assert all(evidence_text(name) for name in pick_evidence().index)


def test_evidence_that_is_not_there_is_named() -> None:
    with pytest.raises(SurveybookError, match=r"evidence\.csv has no no_such_row"):
        pick_evidence("crb_paper", "no_such_row")


def test_faults_in_the_evidence_are_all_named(edit: Edit) -> None:
    edit(
        "evidence.csv",
        "never_internet,Adults who had neither considered the internet nor expected to.,19,",
        "crb_paper,Adults who had neither considered the internet nor expected to.,nineteen,",
    )
    with pytest.raises(DataError, match=r"(?s)'nineteen' isn't a number.*crb_paper stands in row 6 already") as error:
        pick_evidence()
    assert len(error.value.problems) == 2


def test_sources_are_shown_by_name_and_not_by_key() -> None:
    assert source_names(["nao2004criminal", "nao2004criminal"]) == ["National Audit Office 2004a"]


def test_a_chart_of_other_sources_says_that_it_is_no_survey_evidence() -> None:
    story = charts.evidence(["never_internet", "small_business_offline"], "divide", "Offline").full_spec()["usermeta"][
        "surveybook"
    ]
    assert "not from the survey" in story["base"]
    assert story["figures"] == []
    assert story["title"] == "Adults who had neither considered the internet nor expected to: 19%"
    assert story["source"].endswith("as cited by the report.")


def test_figures_looked_up_for_the_book_do_not_pass_for_the_reports() -> None:
    story = charts.evidence(["home_internet_2006", "home_internet_2020"], "homes", "Homes").full_spec()["usermeta"][
        "surveybook"
    ]
    assert story["source"] == "Source: Office for National Statistics 2020, looked up for this book."
    assert [row[-1] for row in story["table"]["rows"]] == ["not in the report"] * 2
