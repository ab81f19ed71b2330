"""A figure is complete without a script, becomes interactive with one, and stays when that fails."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

Open = Callable[..., Page]


@pytest.fixture
def chapter(sample_site: Path) -> Path:
    """Return the sample's page with a chart."""
    return sample_site / "chapters" / "02-quality.html"


def test_a_chart_shows_without_scripts(chapter: Path, open_page: Open) -> None:
    page = open_page(chapter, java_script_enabled=False)
    expect(page.locator(".chart-picture > svg")).to_be_visible()
    page.locator(".chart-data summary").click()
    expect(page.locator(".chart-data").get_by_role("rowheader", name="Staff treat people well")).to_be_visible()


def test_a_chart_loads_nothing_until_it_is_wanted(chapter: Path, open_page: Open) -> None:
    page = open_page(chapter)
    assert page.locator('script[src*="vega-"]').count() == 0


@pytest.mark.parametrize("width", [375, 1280])
def test_a_chart_becomes_interactive_without_moving_the_page(chapter: Path, open_page: Open, width: int) -> None:
    page = open_page(chapter, width=width)
    places = "[...document.querySelectorAll('main *')].filter(e => !e.closest('.chart-picture'))" \
        ".map(e => e.getBoundingClientRect().top + scrollY)"  # fmt: skip
    page.locator(".chart-picture").scroll_into_view_if_needed()
    before, still = page.evaluate(places), page.locator(".chart-picture > svg").bounding_box()
    page.locator(".chart-picture").hover()
    expect(page.locator(".chart-picture")).to_have_attribute("data-state", "live")
    live = page.locator(".chart-live svg").bounding_box()
    assert page.evaluate(places) == before
    assert still is not None
    assert live is not None
    for side in ("x", "y", "width", "height"):
        assert live[side] == pytest.approx(still[side], abs=1), side  # type: ignore[literal-required]


def test_the_live_chart_keeps_the_alternative_and_shows_exact_values(chapter: Path, open_page: Open) -> None:
    page = open_page(chapter)
    said = page.locator(".chart-picture > svg").get_attribute("aria-label") or "missing"
    page.locator(".chart-picture").hover()
    expect(page.locator(".chart-live svg")).to_have_attribute("aria-label", said)
    page.locator(".chart-live .mark-symbol.role-mark path").first.hover()
    expect(page.locator("#vg-tooltip-element")).to_contain_text("Staff treat people well")
    assert page.heard == []  # type: ignore[attr-defined]


def test_values_can_be_read_by_keyboard(chapter: Path, open_page: Open) -> None:
    page = open_page(chapter)
    page.locator(".chart-picture").focus()
    page.keyboard.press("ArrowDown")
    readout = page.locator(".chart-readout")
    expect(readout).to_have_text("Staff treat people well. Public %: 68; Lower: 65; Upper: 71; Frontline %: 61")
    on_top = "e => { const b = e.getBoundingClientRect(); " \
        "return e.contains(document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2)) }"  # fmt: skip
    expect(page.locator(".chart-picture")).to_have_attribute("data-state", "live")
    assert readout.evaluate(on_top), "the live chart hides the values"
    page.keyboard.press("End")
    expect(readout).to_contain_text("Information stays confidential")
    page.keyboard.press("Escape")
    expect(readout).to_be_empty()


def test_the_static_chart_stays_when_its_script_cannot_be_had(chapter: Path, open_page: Open, tmp_path: Path) -> None:
    site = chapter.parents[1]
    shutil.copytree(site, tmp_path / "html")
    bundles = list((tmp_path / "html").rglob("vega-*.js"))
    assert bundles
    for bundle in bundles:
        bundle.unlink()
    page = open_page(tmp_path / "html" / chapter.relative_to(site))
    page.locator(".chart-picture").hover()
    expect(page.locator('script[src*="vega-"]')).to_have_count(1)
    expect(page.locator(".chart-picture > svg")).to_be_visible()
    expect(page.locator(".chart-live")).to_have_count(0)


def test_figures_and_tables_are_numbered_and_referred_to(chapter: Path, open_page: Open) -> None:
    page = open_page(chapter)
    expect(page.locator("section > p").first).to_contain_text("(Figure 1, Table 1)")
    expect(page.locator("#fig-sample-quality .chart-number")).to_have_text("Figure 1")
    expect(page.locator("#tab-sample-channels .chart-number")).to_have_text("Table 1")


def test_text_from_data_never_becomes_markup(chapter: Path, open_page: Open) -> None:
    expect(open_page(chapter).locator("#tab-sample-channels tbody th").nth(1)).to_have_text("Pay <a bill>")


def test_blocks_that_are_not_evidence_say_what_they_are(chapter: Path, open_page: Open) -> None:
    page = open_page(chapter)
    report = page.get_by_role("note", name="What the 2005 report said · section 2.1")
    expect(report).to_contain_text("quality-first, hours-gap")
    expect(page.get_by_role("note", name="Background")).to_be_visible()


def test_downloaded_data_come_with_what_one_has_to_know(sample_site: Path) -> None:
    folder = sample_site / "_static" / "figures"
    with (folder / "sample-quality.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["Item", "Public %", "Lower", "Upper", "Frontline %"]
    assert rows[1] == ["Staff treat people well", "68", "65", "71", "61"]
    about = json.loads((folder / "sample-quality.csv-metadata.json").read_text(encoding="utf-8"))
    assert about["surveybook:base"].startswith("1,000 adults")
    assert about["dc:license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert "2004 edition" in about["dc:bibliographicCitation"]
    assert about["surveybook:figures"] == ["sample_a", "sample_b"]


def test_the_exported_picture_stands_on_white_with_its_title(sample_site: Path) -> None:
    svg = (sample_site / "_static" / "figures" / "sample-quality.svg").read_text(encoding="utf-8")
    assert '<rect width="100%" height="100%" fill="#ffffff"/>' in svg
    assert "Good manners first" in svg
