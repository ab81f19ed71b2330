"""What outside judges say of the built pages: axe-core of every page, Lighthouse of a few."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from audits import AXE, LIGHTHOUSE, lighthouse, need, scores, served, shortcomings, violations
from conftest import BROWSERS
from playwright.sync_api import Browser, Page
from test_pages import OPEN_ALL, pages

Open = Callable[..., Page]
SMALLEST_TARGET = 24  # px each way: WCAG 2.2, 2.5.8
# What a pointer may aim at, but for links in running text, which the rule leaves out.
TARGETS = "button, select, summary, input:not([type=hidden]), nav a, .chart-files a, .chart-number a, .headerlink"
JUDGED = ("index.html", "chapters/02-quality.html", "chapters/03-customer-focus.html")
AT_LEAST = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}


@pytest.fixture(autouse=True, scope="module")
def asked_for() -> None:
    """Skip all of these unless the audits are asked for."""
    need(AXE)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_wrong_with_any_page(built_site: Path, browser: Browser, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page, wrong = context.new_page(), {}
    for path in pages(built_site):
        page.goto(path.as_uri())
        page.evaluate(OPEN_ALL)
        if found := violations(page):
            wrong[path.name] = found
    context.close()
    assert wrong == {}


def test_what_a_pointer_aims_at_is_large_enough(built_site: Path, open_page: Open) -> None:
    small = {}
    for path in pages(built_site):
        page = open_page(path, width=375)
        page.evaluate(OPEN_ALL)
        sizes = page.eval_on_selector_all(
            TARGETS,
            "all => all.map(e => [e.getBoundingClientRect(), e]).filter(([box]) => box.width)"
            ".map(([box, e]) => [Math.round(Math.min(box.width, box.height) * 10) / 10, e.outerHTML.slice(0, 90)])",
        )
        if found := [(size, html) for size, html in sizes if size < SMALLEST_TARGET]:
            small[path.name] = found[:4]
    assert small == {}


def test_every_stop_of_the_tab_key_shows_where_it_is(built_site: Path, open_page: Open) -> None:
    """Focus each thing that can be focused and look for the outline that the stylesheet gives it."""
    hidden = {}
    for path in pages(built_site):
        page = open_page(path)
        page.evaluate(OPEN_ALL)
        page.keyboard.press("Tab")  # so that focus counts as the keyboard's
        found = page.evaluate(
            """() => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
                .filter(e => e.checkVisibility() && !e.disabled).filter(e => {
                    e.focus({preventScroll: true});
                    const style = getComputedStyle(e);
                    return document.activeElement !== e || style.outlineStyle === 'none'
                        || parseFloat(style.outlineWidth) < 2;
                }).map(e => e.outerHTML.slice(0, 90))"""
        )
        if found:
            hidden[path.name] = found[:4]
    assert hidden == {}


def test_nothing_is_cut_off_at_200_per_cent(built_site: Path, open_page: Open) -> None:
    """Zooming a window of 1280 pixels to 200 per cent leaves 640 of them, at twice the density."""
    cut = {}
    for path in pages(built_site):
        page = open_page(path, width=640, device_scale_factor=2)
        page.evaluate(OPEN_ALL)
        found = page.evaluate(
            """() => [...document.querySelectorAll('main *, header *, footer *')].filter(e => {
                const style = getComputedStyle(e);
                return !e.closest('svg, .visually-hidden') && style.overflowX === 'hidden'
                    && e.scrollWidth > e.clientWidth + 1;
            }).map(e => e.outerHTML.slice(0, 90))"""
        )
        if found or page.evaluate("document.documentElement.scrollWidth") > 640:
            cut[path.name] = found[:4] or "the page scrolls sideways"
    assert cut == {}


@pytest.mark.parametrize("name", JUDGED)
def test_lighthouse_gives_full_marks(built_site: Path, tmp_path: Path, name: str) -> None:
    need(LIGHTHOUSE)
    browser = next(filter(None, map(shutil.which, BROWSERS)))
    with served(built_site) as address:
        report = lighthouse(f"{address}/{name}", browser, tmp_path / "report.json")
    found = scores(report)
    assert all(found[kind] >= least for kind, least in AT_LEAST.items()), (found, shortcomings(report))
