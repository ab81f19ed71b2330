"""The colours of the charts and the pages keep the contrast that is written beside them."""

from __future__ import annotations

import re

import pytest

from surveybook.exhibits import palette
from surveybook.model import paths

STYLESHEET = (paths.root() / "src/surveybook/book/sphinx_ext/theme/static/surveybook.css").read_text(encoding="utf-8")
ROOTS = re.findall(r":root \{(.*?)\n *\}", STYLESHEET, re.DOTALL)
TOKEN = re.compile(r"(--[\w-]+): (#[0-9a-f]{6});(?: /\* ([0-9.]+) \*/)?")
SCHEMES = {
    "light": {name: (colour, ratio) for name, colour, ratio in TOKEN.findall(ROOTS[0])},
    "dark": {name: (colour, ratio) for name, colour, ratio in TOKEN.findall(ROOTS[1])},
}
# What text is set in, on which grounds.
INKS = ("--ink", "--muted", "--link", "--accent", "--code-keyword", "--code-string", "--code-name")
GROUNDS = ("--page", "--panel", "--tint")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_ratio_beside_each_colour_is_right(scheme: str) -> None:
    page = SCHEMES[scheme]["--page"][0]
    wrong = {
        name: f"{palette.measure_contrast(colour, page):.2f}, not {ratio}"
        for name, (colour, ratio) in SCHEMES[scheme].items()
        if ratio and f"{palette.measure_contrast(colour, page):.2f}" != ratio
    }
    assert wrong == {}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ink", INKS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_text_has_four_and_a_half_to_one_on_every_ground(scheme: str, ink: str, ground: str) -> None:
    assert palette.measure_contrast(SCHEMES[scheme][ink][0], SCHEMES[scheme][ground][0]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("colour", palette.COLOURS, ids=lambda colour: colour.variable)
def test_chart_colours_have_the_contrast_that_their_use_needs(scheme: str, colour: palette.Colour) -> None:
    shown = colour.light if scheme == "light" else colour.dark
    for ground in ("--page", "--panel"):
        assert palette.measure_contrast(shown, SCHEMES[scheme][ground][0]) >= colour.least, ground


@pytest.mark.parametrize("colour", palette.COLOURS, ids=lambda colour: colour.variable)
def test_the_stylesheet_has_every_chart_colour_in_both_schemes(colour: palette.Colour) -> None:
    assert SCHEMES["light"][colour.variable][0] == colour.light
    assert SCHEMES["dark"][colour.variable][0] == colour.dark


def test_the_page_grounds_are_those_of_the_palette() -> None:
    assert SCHEMES["light"]["--page"][0] == palette.PAGE_LIGHT
    assert SCHEMES["dark"]["--page"][0] == palette.PAGE_DARK


def test_contrast_is_that_of_the_guidelines() -> None:
    assert palette.measure_contrast("#000000", "#ffffff") == pytest.approx(21)
    assert palette.measure_contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
