"""What only leads up to words that a wave has none of is left out of a page."""

from __future__ import annotations

import pytest
from docutils import nodes
from docutils.utils import new_document

from surveybook.book.sphinx_ext.transforms import NOTHING_FOUND, PASTED, LeaveOutUnsaid


def paragraph(lead: str, *computed: str) -> nodes.paragraph:
    return nodes.paragraph("", "", nodes.Text(lead), *(nodes.inline(text, text, classes=[PASTED]) for text in computed))


def points(*computed: str, classes: tuple[str, ...] = ()) -> nodes.bullet_list:
    listed = (nodes.list_item("", paragraph("on this: ", text)) for text in computed)
    return nodes.bullet_list("", *listed, classes=list(classes))


def section(title: str, *parts: nodes.Node) -> nodes.section:
    return nodes.section("", nodes.title(title, title), *parts)


def left(*parts: nodes.Node) -> str:
    """Return the text of a page with these parts, a line a block, once the unsaid is left out."""
    document = new_document("page")
    document += section("Page", *parts)
    LeaveOutUnsaid(document).apply()
    return document.astext()


@pytest.mark.parametrize(
    ("computed", "stays"), [([""], False), (["", " "], False), (["", "68 per cent"], True), ([], True)]
)
def test_a_lead_in_goes_where_all_its_computed_words_are_empty(computed: list[str], stays: bool) -> None:
    assert ("What the wave shows." in left(paragraph("What the wave shows.", *computed))) is stays


def test_a_point_without_words_goes_and_its_neighbours_stay() -> None:
    assert left(points("", "68 per cent")).split() == ["Page", "on", "this:", "68", "per", "cent"]


def test_a_list_without_points_goes_too() -> None:
    assert left(points("", "")) == "Page"


def test_a_chapter_that_found_nothing_says_so_where_its_findings_would_stand() -> None:
    assert NOTHING_FOUND in left(points("", "", classes=("in-brief",)))


def cell(*parts: str, tag: str = "tag_hide-input") -> nodes.container:
    held = (nodes.container("", nodes.literal_block(part, part), nb_element=part) for part in parts)
    return nodes.container("", *held, classes=["cell", tag], nb_element="cell_code")


def test_code_goes_where_the_chart_that_it_draws_has_nothing_to_show() -> None:
    assert left(cell("cell_code_source")) == "Page"
    assert "cell_code_source" in left(cell("cell_code_source", "cell_code_output"))


def test_code_that_is_there_to_be_read_stays() -> None:
    assert "cell_code_source" in left(cell("cell_code_source", tag=""))


def test_a_heading_goes_with_all_that_stood_under_it_and_one_above_text_stays() -> None:
    found = left(section("Gone", paragraph("", ""), cell()), section("Stays", paragraph("", "a word")))
    assert "Gone" not in found
    assert "Stays" in found


def test_a_heading_above_a_chart_stays() -> None:
    assert "Charts" in left(section("Charts", paragraph("", ""), cell("cell_code_source", "cell_code_output")))
