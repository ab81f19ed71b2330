"""What a report printed stands with its verdict; the list of its statements works without a script."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page
from test_pages import read_page

CHAPTER, CLAIMS = "chapters/02-quality.html", "chapters/94-claims.html"


def text(tag: object) -> str:
    return " ".join(tag.get_text().split())


def test_a_printed_phrase_stands_with_its_verdict_which_leads_to_the_statement(sample_site: Path) -> None:
    [printed] = read_page(sample_site / CHAPTER).select(".statement.report .printed")
    assert text(printed) == "half contradicted: 68%,", "a comma stays with its verdict, and begins no line"
    chip = printed.select_one("a.chip.is-contradicted")
    assert chip["href"] == "94-claims.html#claim-quality-first"
    assert read_page(sample_site / CLAIMS).find(id="claim-quality-first")


def test_a_report_block_names_its_statements_folded_up_each_with_its_verdict(sample_site: Path) -> None:
    listed = read_page(sample_site / CHAPTER).select(".statement-claims li")
    assert [text(one) for one in listed] == [
        "Half put manners first. contradicted: 68%",
        "There are four ways. supported: 4",
    ]


def test_a_statement_leads_to_where_it_is_retold_and_to_its_chart(sample_site: Path) -> None:
    page, chapter = read_page(sample_site / CLAIMS), read_page(sample_site / CHAPTER)
    links = [str(link["href"]) for link in page.select("#claim-quality-first .claim-place a")]
    assert links == ["02-quality.html#what-the-2005-report-said-section-2-1", "02-quality.html#fig-sample-quality"]
    assert all(chapter.find(id=link.partition("#")[2]) for link in links)


def test_what_is_no_finding_is_counted_apart_and_readings_are_folded(sample_site: Path) -> None:
    page = read_page(sample_site / CLAIMS)
    assert [text(one) for one in page.select(".claims-group h3")] == ["Contradicted: 1"]
    assert page.select_one("details.claims-others #claim-hours-gap")
    why = page.select_one("#claim-quality-first details.claim-why")
    assert "Strictly read: not checkable." in text(why)
    assert [text(one) for one in why.select(".chip")] == ["contradicted", "not checkable"]


def test_the_filter_needs_no_script(sample_site: Path, open_page: Callable[..., Page]) -> None:
    page = open_page(sample_site / CLAIMS, java_script_enabled=False)
    others = page.locator(".claims-others")
    assert others.is_visible()
    page.locator('.claims-filter input[value="is-contradicted"]').check()
    assert page.locator("#claim-quality-first").is_visible()
    assert not others.is_visible()
