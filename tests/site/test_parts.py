"""The parts that pages are put together from: templates, tables, formulas, badges, and what is left out."""

import json
from typing import Any

import pytest
from docutils import nodes
from docutils.utils import new_document

from surveybook.book.sphinx_ext.blocks import look_up_text
from surveybook.book.sphinx_ext.settings import date_text, render_part, running_foot
from surveybook.book.sphinx_ext.transforms import NOTHING_FOUND, PASTED, LeaveOutUnsaid
from tests.verify import CHAPTER, make_up


def test_a_label_cannot_leave_the_quotation_marks_of_the_style() -> None:
    foot = running_foot({"name": '2031" } * { display: none } \\', "fieldwork": "May\n2031", "synthetic": "yes"})
    assert foot == '"Made-up data. 2031\\" } * { display: none } . Fieldwork: May 2031"'


def test_what_a_report_does_not_state_is_left_out_of_the_description_for_machines() -> None:
    told = {"html_baseurl": "", "author": "", "html_title": "A </script>", "language": "en"}
    report = {"source_report": None, "licence_address": "", "published": ""}
    edition = {"name": "2031 edition", "wave": "2031", "fieldwork": "May 2031"}
    text = render_part("site.jsonld.jinja", config=told, report=report, edition=edition, description="", files=[])
    assert "</script>" not in text
    book, data = json.loads(text)["@graph"]
    assert book["name"] == "A </script>, 2031 edition"
    assert not {"creator", "license", "url", "isBasedOn"} & (book.keys() | data.keys())


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


def badge(changed: bool = False, **entry: str | int) -> str:
    return render_part("badge.html", entry={**CHAPTER, **entry}, changed=changed, page="../96-check-and-cite.html")


def test_a_badge_says_what_was_verified_and_leads_to_the_certificate() -> None:
    assert 'href="../96-check-and-cite.html#chapter-02-quality"' in badge()
    assert "All 4 figures on this page match the data" in badge()
    assert "The one figure on this page matches the data" in badge(figures=1)
    assert "computed again, and agrees" in badge(figures=0)
    assert "Changed since it was last verified" in badge(changed=True)
    assert "Did not pass" in badge(result="failed")


def test_the_certificate_tells_what_was_checked_and_what_was_not() -> None:
    def certificate(**made: Any) -> str:
        pages = {"chapters/02-quality": "chapters/02-quality.html"}
        return render_part("certificate.html", certificate=make_up(**made), pages=pages, file="certificate.json")

    for said in ("The moon.", 'id="chapter-02-quality"', make_up()["content_sha256"], "1 files", "7 supported"):
        assert said in certificate()
    assert "<script" not in certificate(not_checked=["<script>"])
    none = render_part("certificate.html", certificate=None, pages={}, file="")
    assert none.strip() == ""


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


@pytest.mark.parametrize(("computed", "stays"), [([""], False), (["", " "], False), (["", "68%"], True), ([], True)])
def test_a_lead_in_goes_where_all_its_computed_words_are_empty(computed: list[str], stays: bool) -> None:
    assert ("What the wave shows." in left(paragraph("What the wave shows.", *computed))) is stays


def test_a_point_without_words_goes_and_its_neighbours_stay() -> None:
    assert left(points("", "68%")).split() == ["Page", "on", "this:", "68%"]


def test_a_chapter_that_found_nothing_says_so_where_its_findings_would_stand() -> None:
    assert NOTHING_FOUND in left(points("", "", classes=("in-brief",)))


def cell(*parts: str, tag: str = "tag_hide-input") -> nodes.container:
    held = (nodes.container("", nodes.literal_block(part, part), nb_element=part) for part in parts)
    return nodes.container("", *held, classes=["cell", tag], nb_element="cell_code")


def test_code_goes_where_the_chart_that_it_draws_has_nothing_to_show() -> None:
    assert left(cell("cell_code_source")) == "Page"
    assert "cell_code_source" in left(cell("cell_code_source", "cell_code_output"))


def test_a_heading_goes_with_all_that_stood_under_it_and_one_above_text_stays() -> None:
    found = left(section("Gone", paragraph("", ""), cell()), section("Stays", paragraph("", "a word")))
    assert "Gone" not in found
    assert "Stays" in found
