"""What holds for every page in each of its forms: two schemes, three widths, scripts on and off, no network."""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
import yaml
from audits import AXE, asked_for, need
from measures import CUT, HEIGHT, OPEN_ALL, SEEN_TEXT, Form, forms, listening, without_scripts
from playwright.sync_api import Browser, Page, expect
from sample import CHART, REPOSITORY, TABLE
from test_pages import pages

from surveybook.model.paths import is_change_page

asked_for()

CONTENTS = yaml.safe_load((REPOSITORY / "_toc.yml").read_text(encoding="utf-8"))
# The page on what changed is there only where there is an earlier survey.
CHAPTERS = [CONTENTS["root"], *(chapter["file"] for part in CONTENTS["parts"] for chapter in part["chapters"]
            if not is_change_page(chapter["file"]))]  # fmt: skip
# Without a site that is built already: with the pages that the build makes without a source of their own.
PAGES = [*CHAPTERS, "explorer", "search"]
if SITE := os.environ.get("SURVEYBOOK_SITE"):
    PAGES = [path.relative_to(SITE).with_suffix("").as_posix() for path in pages(Path(SITE))]
# What nobody sees who has scripts off, and nobody needs: the tools of the live charts and the tables.
TOOLS = ".chart-tools, .table-filter, .explorer, .explorer-view, .without-script, [role=status]"

Measured = Callable[[str, float], None]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each page its own group, so that it is measured once by one worker."""
    if "name" in metafunc.fixturenames:
        groups = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in PAGES]
        metafunc.parametrize("name", groups, scope="module")


@pytest.fixture(scope="session")
def audited(built_site: Path) -> Path:
    """Return the site, where audits are asked for."""
    need(AXE)
    return built_site


@pytest.fixture(scope="session")
def bare(audited: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site as it looks with scripts off."""
    return without_scripts(audited, tmp_path_factory.mktemp("bare") / "html")


@pytest.fixture(scope="module")
def path(audited: Path, name: str) -> Path:
    """Return the page."""
    return audited / f"{name}.html"


@pytest.fixture(scope="module")
def found(path: Path, name: str, bare: Path, browser: Browser) -> list[Form]:
    """Return what is found on the page in every form."""
    return forms(path, bare / f"{name}.html", browser)


@pytest.fixture
def measured(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Measured:
    """Return a function that notes a figure of the page, for the table at the end."""
    page = request.getfixturevalue("name")
    return lambda what, value: record_property("measured", (what, page, value))


@pytest.fixture(scope="module")
def page(path: Path, browser: Browser) -> Iterator[Page]:
    """Return the page, with scripts, as it is before anybody touches it."""
    with listening(browser, viewport={"width": 1280, "height": HEIGHT}) as (context, _):
        page = context.new_page()
        page.goto(path.as_uri())
        yield page


def test_every_chapter_is_among_the_pages(audited: Path) -> None:
    assert {*CHAPTERS, "explorer", "search"} <= set(PAGES)
    assert {path.relative_to(audited).with_suffix("").as_posix() for path in pages(audited)} == set(PAGES)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("heard", "requests to other hosts and console messages"),
        ("violations", "axe-core violations"),
        ("wide", "forms in which it scrolls sideways"),
        ("cut", "texts cut off"),
        ("small", "pointer targets under 24 px"),
        ("unseen", "stops without visible focus"),
    ],
)
def test_nothing_is_wrong_in_any_form(found: list[Form], measured: Measured, kind: str, told: str) -> None:
    measured(told, sum(len(getattr(form, kind)) for form in found))
    assert {form.name: getattr(form, kind)[:4] for form in found if getattr(form, kind)} == {}


@pytest.mark.parametrize(("width", "text"), [(640, 100), (384, 100), (160, 100), (1280, 200), (320, 200)])
def test_nothing_is_cut_off_at_200_per_cent(
    path: Path, browser: Browser, width: int, text: int, measured: Measured
) -> None:
    """Zooming a window of 1280, 768 or 320 pixels to 200% leaves half of them, at twice the density.

    Text alone can be made twice as large too, in a window that stays as it is.
    """
    settings = {"viewport": {"width": width, "height": 450}, "device_scale_factor": 200 // text}
    with listening(browser, **settings) as (context, _):
        page = context.new_page()
        page.goto(path.as_uri())
        page.evaluate(OPEN_ALL)
        page.evaluate("size => { document.documentElement.style.fontSize = size }", f"{text}%")
        cut = page.evaluate(CUT)
        measured(f"texts cut off at 200%, text at {text}", len(cut))
        assert cut == []
        # So narrow, a long word of the survey may be wider than the window; nothing asks for less than 320 pixels. And
        # a reader's larger text moves the widths at which a page folds its columns, which a style of the root doesn't.
        folds = text == 100 and width >= 384
        assert not folds or page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_tab_key_reaches_everything_in_order_and_leaves(page: Page, measured: Measured) -> None:
    wanted = page.evaluate(
        """() => { const all = [...document.querySelectorAll(
            'a[href]:not([tabindex="-1"]), button, input:not([type=hidden]), select, summary, [tabindex="0"]')]
            .filter(e => e.type !== 'radio' || e.checked)  // arrows go from one to the next
            .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled);
            all.forEach((e, place) => { e.dataset.stop = place; });
            return all.length; }"""
    )
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    reached = []
    for _ in range(wanted):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("Number(document.activeElement.dataset.stop ?? -1)"))
    measured("stops of the tab key", wanted)
    assert reached == list(range(wanted))


def test_a_tap_makes_a_chart_live_and_keys_tell_its_values(path: Path, browser: Browser) -> None:
    settings = {"viewport": {"width": 375, "height": HEIGHT}, "has_touch": True, "is_mobile": True}
    with listening(browser, **settings) as (context, heard):
        page = context.new_page()
        page.goto(path.as_uri())
        for figure in page.locator("figure.chart").all():
            picture, readout = figure.locator(".chart-picture"), figure.locator(".chart-readout")
            picture.tap()
            expect(picture).to_have_attribute("data-state", "live", timeout=30_000)
            page.keyboard.press("Home")
            expect(readout).to_contain_text(re.compile(r"\w"))
            first = readout.text_content()
            page.keyboard.press("End")
            rows = len(set(figure.locator(".chart-data tbody tr > :first-child").all_text_contents()))
            assert rows < 2 or readout.text_content() != first
            page.keyboard.press("Escape")
            expect(readout).to_be_empty()
        assert heard == []


def test_nothing_moves_for_those_who_asked_for_that(path: Path, browser: Browser) -> None:
    with listening(browser, reduced_motion="reduce") as (context, _):
        page = context.new_page()
        page.goto(path.as_uri())
        moving = page.evaluate(
            """() => [document.documentElement, ...document.querySelectorAll('*')].filter(e => {
                const style = getComputedStyle(e);
                return style.scrollBehavior === 'smooth' || style.animationName !== 'none'
                    || style.transitionDuration.split(',').some(one => parseFloat(one) > 0);
            }).length"""
        )
        assert moving == 0


def test_all_of_it_is_there_with_scripts_off(path: Path, name: str, browser: Browser) -> None:
    said = {}
    for scripts in (True, False):
        with listening(browser, java_script_enabled=scripts, viewport={"width": 1280, "height": HEIGHT}) as (
            context,
            _,
        ):
            page = context.new_page()
            page.goto(path.as_uri())
            page.evaluate(OPEN_ALL)
            page.evaluate("tools => document.querySelectorAll(tools).forEach(e => e.remove())", TOOLS)
            said[scripts] = Counter(page.evaluate(SEEN_TEXT).split())
            if not scripts:
                visible = "all => all.filter(e => e.checkVisibility()).map(e => e.id)"
                figures = page.eval_on_selector_all("figure.chart:has(.chart-picture > svg)", visible)
                tables = page.eval_on_selector_all(".data-table:has(tbody tr, li.claim)", visible)
    assert said[True] - said[False] == Counter()
    assert sorted(figures + tables) == sorted(stored(name))


def stored(name: str) -> list[str]:
    """Return the anchors of the charts and tables that a notebook holds."""
    source = REPOSITORY / f"{name}.ipynb"
    if not source.is_file():
        return []
    outputs = [
        output["data"]
        for cell in nbformat.read(source, as_version=4).cells
        for output in cell.get("outputs", [])
        if "data" in output
    ]
    charts = [f"fig-{data[CHART]['usermeta']['surveybook']['name']}" for data in outputs if CHART in data]
    return charts + [f"tab-{data[TABLE]['name']}" for data in outputs if TABLE in data]
