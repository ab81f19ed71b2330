"""Long tables can be filtered by their words, and their rows have addresses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

Open = Callable[..., Page]


def quality(site: Path) -> Path:
    return site / "chapters" / "02-quality.html"


def test_without_a_script_there_is_no_box_and_every_row(sample_site: Path, open_page: Open) -> None:
    page = open_page(quality(sample_site), java_script_enabled=False)
    expect(page.locator(".table-filter")).to_be_hidden()
    expect(page.locator(".data-table tbody tr:visible")).to_have_count(2)


def test_the_rows_with_all_words_stay_whatever_their_order_and_case(sample_site: Path, open_page: Open) -> None:
    page = open_page(quality(sample_site))
    box, rows = page.get_by_label("Show the rows with"), page.locator(".data-table tbody tr:visible")
    box.fill("post PAY")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Pay <a bill>")
    expect(page.locator(".table-filter [role=status]")).to_have_text("1 of 2 rows")
    box.fill("post question")
    expect(rows).to_have_count(0)
    box.fill("")
    expect(rows).to_have_count(2)
    expect(page.locator(".table-filter [role=status]")).to_have_text("")
    assert page.heard == []  # type: ignore[attr-defined]


def test_a_long_table_that_no_page_links_into_is_folded_with_its_box(sample_site: Path, open_page: Open) -> None:
    page = open_page(sample_site / "chapters" / "03-order.html")
    rows = page.locator(".data-table tbody tr:visible")
    expect(page.locator(".data-table .chart-title").first).to_be_visible()
    expect(rows).to_have_count(0)
    page.get_by_text("All 25 rows").click()
    expect(rows).to_have_count(25)
    page.get_by_label("Show the rows with").fill("item 24")
    expect(rows).to_have_count(1)


def test_a_long_name_can_break_where_its_words_meet(sample_site: Path) -> None:
    page = (sample_site / "chapters" / "03-order.html").read_text(encoding="utf-8")
    assert "the_<wbr>long_<wbr>name_<wbr>of_<wbr>item_<wbr>24" in page


def test_a_row_has_the_address_that_its_column_names(sample_site: Path, open_page: Open) -> None:
    page = open_page(quality(sample_site), "#channel-post")
    expect(page.locator("tr:target")).to_contain_text("Pay <a bill>")
