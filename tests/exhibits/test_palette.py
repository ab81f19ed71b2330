"""The colours of the charts and the pages keep the contrast that is written beside them."""

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


def measure_luminance(colour: str) -> float:
    """Return the relative luminance (0 to 1) of a `#rrggbb` colour, as WCAG 2.2 defines it."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def measure_contrast(one: str, other: str) -> float:
    """Return the WCAG 2.2 contrast ratio (1 to 21) of two `#rrggbb` colours."""
    darker, lighter = sorted((measure_luminance(one), measure_luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_ratio_beside_each_colour_is_right(scheme: str) -> None:
    page = SCHEMES[scheme]["--page"][0]
    wrong = {
        name: f"{measure_contrast(colour, page):.2f}, not {ratio}"
        for name, (colour, ratio) in SCHEMES[scheme].items()
        if ratio and f"{measure_contrast(colour, page):.2f}" != ratio
    }
    assert wrong == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_and_marks_have_the_contrast_that_they_need_on_every_ground(scheme: str) -> None:
    colours = {name: colour for name, (colour, _) in SCHEMES[scheme].items()}
    needed = [(colours[ink], 4.5, ground) for ink in INKS for ground in GROUNDS]
    shown = [(getattr(colour, scheme), colour.least) for colour in palette.COLOURS]
    needed += [(colour, least, ground) for colour, least in shown for ground in ("--page", "--panel")]
    weak = [one for one in needed if measure_contrast(one[0], colours[one[2]]) < one[1]]
    assert weak == []


def test_the_stylesheet_has_the_colours_of_the_palette_in_both_schemes() -> None:
    for scheme, page in (("light", palette.PAGE_LIGHT), ("dark", palette.PAGE_DARK)):
        held = {name: colour for name, (colour, _) in SCHEMES[scheme].items()}
        wanted = {colour.variable: getattr(colour, scheme) for colour in palette.COLOURS}
        assert held.items() >= {**wanted, "--page": page}.items()
