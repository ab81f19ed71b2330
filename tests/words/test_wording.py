"""How numbers and names are put into words, and what words for numbers stand for."""

import pandas as pd
import pytest

from surveybook.model import wording
from surveybook.model.report import read_report


@pytest.mark.parametrize(
    "name", ["IT to work differently", "Joe Biden", "Santiago de Surco", "I’d live, I can", "McDonald's food"]
)
def test_a_label_keeps_its_capital_inside_a_sentence_where_it_is_written_as_a_name(name: str) -> None:
    assert wording.in_sentence(name) == name
    assert wording.in_sentence("Adults in Great Britain") == "adults in Great Britain"


def test_a_name_that_the_report_lists_keeps_its_capital(monkeypatch):
    settings = read_report().model_copy(update={"names": ("Labour",)})
    monkeypatch.setattr(wording, "read_report", lambda: settings)
    assert wording.in_sentence("Labour voters") == "Labour voters"


@pytest.mark.parametrize(
    ("difference", "text"),
    [
        ((0.31, 0.26, 0.36), "31 points (26 to 36)"),
        ((-0.31, -0.36, -0.26), "31 points (26 to 36)"),
        ((-0.04, -0.10, 0.02), "4 points (−2 to 10)"),
        ((0.01, -0.02, 0.04), "1 point (−2 to 4)"),
        ((0.004, -0.052, 0.06), "0.4 points (−5.2 to 6.0)"),
        ((0.06, 0.001, 0.119), "6.0 points (0.1 to 11.9)"),
        ((0.0, -0.05, 0.05), "0 points (−5 to 5)"),
    ],
)
def test_a_difference_and_its_interval_are_seen_from_one_side_with_as_many_decimals(
    difference: tuple[float, float, float], text: str
) -> None:
    assert wording.points_and_interval(*difference) == text


def test_quoted_words_from_right_to_left_keep_to_themselves() -> None:
    """Pages said "96% say “I left”, 4% “I stayed”" where the shares were the other way round."""
    said = [f"“{wording.ISOLATE}{word}{wording.END_ISOLATE}”" for word in ("לא", "نعم")]
    assert [wording.quote(word) for word in ("לא", "نعم", "Weiß nicht", "не знаю")] == [
        *said,
        "“Weiß nicht”",
        "“не знаю”",
    ]


def test_an_interval_has_as_many_decimals_as_its_share() -> None:
    figure = pd.Series({"status": "number", "share": 0.667, "low": 0.6324, "high": 0.7006, "decimals": 1})
    assert wording.with_interval(figure) == "66.7% (63.2 to 70.1)"
    assert wording.with_interval(pd.Series({**figure, "decimals": 0})) == "67% (63 to 70)"


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
    assert wording.quantity_text(*arguments) == text
