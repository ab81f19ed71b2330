"""An embed that says what its chapter or the data don't say is caught, and is never taken for a page of the book."""

from pathlib import Path

import pytest

from surveybook.verify.embeds import check_embeds, list_pages
from surveybook.verify.recomputation import DataFigures
from tests.verify.test_pages import EXPECTED, PAGE

# An embed says by itself what a page says once for all its charts.
TOLD = '<p class="chart-base">1,000 adults</p><div class="how-to-read"><p>Bands are intervals.</p>'
TOLD += "<p>Who answered: 1,000 adults.</p></div></figure>"
FIGURE = PAGE[PAGE.index("<figure") : PAGE.index("</figure>")] + TOLD
PLACES = ("embed/picture.html", "editions/2004/embed/picture.html")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for place in PLACES:
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).write_text(f"<html><body><main>{FIGURE}</main></body></html>", encoding="utf-8")
    return tmp_path


def look_at(site: Path) -> list[str]:
    return [str(fault) for fault in check_embeds(site, {"chapters/x": EXPECTED}, DataFigures(["2004"])).faults]


def test_an_embed_is_no_page_of_the_book() -> None:
    assert list_pages(["index.html", "chapters/embed.html", *PLACES, "embed/picture.json"]) == [
        "index.html",
        "chapters/embed.html",
    ]


def test_embeds_that_say_what_their_figure_says_have_no_fault(site: Path) -> None:
    checked = check_embeds(site, {"chapters/x": EXPECTED}, DataFigures(["2004"]))
    assert (checked.faults, checked.counts["embeds"]) == ((), 2)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<text>68%</text>", "<text>86%</text>", "its drawing says '86%'"),
        ("It is 68", "It is 86", "its title reads"),
        ("1,000 adults</p><div", "9,000 adults</p><div", "its base reads"),
        ("Bands are", "Bands aren't", "how to read its charts"),
        ("<td>68</td>", "<td>86</td>", "'86' where the executed chapter has '68'"),
        ("<main>", "<div>", "it has no text"),
    ],
)
def test_a_change_to_an_embed_is_caught(site: Path, place: str, old: str, new: str, said: str) -> None:
    text = (site / place).read_text(encoding="utf-8")
    (site / place).write_text(text.replace(old, new), encoding="utf-8")
    assert [fault for fault in look_at(site) if fault.startswith(place) and said in fault]


def test_a_missing_embed_and_one_of_no_figure_are_named(site: Path) -> None:
    (site / PLACES[0]).rename(site / "embed/other.html")
    assert look_at(site) == ["embed/picture.html: the embed is missing", "embed/other.html: the embed is of no figure"]
