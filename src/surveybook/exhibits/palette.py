"""The colours of the charts: one list that the charts draw with and the stylesheet recolours.

A chart is drawn once, in the light colours below and in those that ``report.yml`` gives to populations. On a page each
is replaced by a variable of the stylesheet, which has another value in the dark scheme, so a colour that is neither
here nor there would stay as it is on a dark page. Position, label or shape has to say what a colour says.
"""

from __future__ import annotations

from dataclasses import dataclass

OTHER = "#646f7b"
TEXT = "#1b1f24"
MUTED = "#56606b"
OPPOSED = "#b8471a"
HELD = "#1f6f6b"
AXIS = "#858f99"
GRID = "#d9dee3"
BAND = "#ecdcc3"
BAND_EDGE = "#94692f"
PAPER = "#ffffff"

# vl-convert measures text with a font of Arial's widths that it brings along, so every name here shares them.
FONT = "Arial, Liberation Sans, Arimo, Helvetica, sans-serif"

PAGE_LIGHT = "#fdfcf9"
PAGE_DARK = "#14181d"


@dataclass(frozen=True)
class Colour:
    """A colour of the charts, in both schemes, with the contrast that its use needs.

    Attributes
    ----------
    light, dark
        Hexadecimal colours: in the chart's specification and on a dark page.
    variable
        The stylesheet's variable that carries it.
    least
        The least contrast ratio against the page: 4.5 for text, 3 for a mark that carries meaning, 1 for
        what only decorates or is bounded by something that does.
    use
        What it is for.
    """

    light: str
    dark: str
    variable: str
    least: float
    use: str


COLOURS = (
    Colour(OPPOSED, "#f2986b", "--chart-b", 3.0, "answers that take the other side"),
    Colour(HELD, "#7cc7bf", "--chart-held", 3.0, "statements that hold"),
    Colour(OTHER, "#9aa6b3", "--chart-c", 4.5, "what belongs to no population"),
    Colour(TEXT, "#e8e6e1", "--chart-text", 4.5, "titles and values"),
    Colour(MUTED, "#a7b0ba", "--chart-muted", 4.5, "axis labels and notes"),
    Colour(AXIS, "#76818d", "--chart-axis", 3.0, "axis lines and reference lines"),
    Colour(GRID, "#343c45", "--chart-grid", 1.0, "grid lines"),
    Colour(BAND, "#4a3d28", "--chart-band", 1.0, "the band of a figure in words; its edge carries the meaning"),
    Colour(BAND_EDGE, "#cfa566", "--chart-band-edge", 3.0, "the edge of that band"),
    Colour(PAPER, PAGE_DARK, "--chart-paper", 1.0, "the inside of hollow marks, haloes"),
)
