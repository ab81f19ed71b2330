"""What holds for every page: search, links, policy, weight; and that text is legible in both schemes and on paper.

The audits look at all pages in all forms for what asks another host, scrolls sideways or complains.
"""

import gzip
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Page, expect

from tests.exhibits.test_palette import measure_contrast

Open = Callable[..., Page]
FIRST_VIEW = 60_000  # bytes, gzipped, of a page before it is touched
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'"
)
DATA_TYPES = ("application/json", "application/ld+json")  # neither is ever executed
FORMS = {"light": ("screen", "light"), "dark": ("screen", "dark"), "paper": ("print", "dark")}
OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"


@cache
def read_page(path: Path) -> BeautifulSoup:
    """Return a page as a tree."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")


def list_links(path: Path) -> list[str]:
    """Return all addresses that a page leads to or loads."""
    return [str(tag[name]) for tag in read_page(path).find_all(True) for name in ("href", "src") if tag.get(name)]


def pages(site: Path) -> Iterator[Path]:
    """Return the pages of a site, leaving out a bare redirect, and embeds, which are pages of other people's pages."""
    found = (path for path in sorted(site.rglob("*.html")) if path.parent.name != "embed")
    return (path for path in found if "Refresh" not in path.read_text(encoding="utf-8")[:300])


def contrast(page: Page, selector: str, ground: str) -> list[tuple[float, str]]:
    """Return the contrast of each visible text that matches with the mark that it stands on, or else its `ground`."""
    found = page.eval_on_selector_all(
        selector,
        """(all, ground) => all.filter(e => e.textContent.trim() && e.getClientRects().length).map(e => {
            const style = getComputedStyle(e), at = e.getBoundingClientRect();
            const x = (at.left + at.right) / 2, y = (at.top + at.bottom) / 2;
            // The last mark painted before a chart's text, around its middle.
            const under = [...(e.ownerSVGElement?.querySelectorAll("path") ?? [])].filter(mark => {
                const box = mark.getBoundingClientRect();
                return box.left <= x && x <= box.right && box.top <= y && y <= box.bottom &&
                    /^rgb\\(/.test(getComputedStyle(mark).fill) &&
                    mark.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING;
            }).pop();
            return [e instanceof SVGElement ? style.fill : style.color,
                    under ? getComputedStyle(under).fill : getComputedStyle(e.closest(ground)).backgroundColor,
                    e.textContent]
        })""",
        ground,
    )
    return [(measure_contrast(as_hex(ink), as_hex(paper)), text) for ink, paper, text in found]


def as_hex(colour: str) -> str:
    """Return `rgb(1, 2, 3)` as `#010203`."""
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])


@pytest.mark.parametrize("name", ["index", "chapters/02-quality", "chapters/96-check-and-cite"])
def test_text_is_legible_in_both_schemes_and_on_paper_which_is_white_and_names_the_edition(
    built_site: Path, open_page: Open, name: str
) -> None:
    page = open_page(built_site / f"{name}.html")
    for form, (media, scheme) in FORMS.items():
        page.emulate_media(media=media, color_scheme=scheme)
        texts = contrast(page, "main p, main h1, main h2, main li", "body")
        faintest = min(texts + contrast(page, ".chart-picture > svg text", ".chart"))
        assert faintest[0] >= 4.5, (form, faintest)
    assert as_hex(page.evaluate("getComputedStyle(document.body).backgroundColor")) == "#ffffff"
    edition = " ".join(page.locator(".edition-fieldwork:visible, .site-footer:visible").all_inner_texts())
    assert edition.count("Fieldwork") == 2


def test_the_only_survey_that_there_is_has_no_page_on_change(sample_site: Path) -> None:
    assert not (sample_site / "chapters/07-change.html").exists()
    assert "07-change" not in (sample_site / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("number", ["68", "2004", "1,000"])
def test_search_finds_numbers(built_site: Path, open_page: Open, number: str) -> None:
    page = open_page(built_site / "search.html", query=f"?q={number}")
    expect(page.locator("#search-results li").first).to_be_visible()
    assert page.heard == []


@pytest.mark.parametrize(
    ("query", "kind", "title"),
    [
        ("quality", "Page", "Quality"),
        ("one+list", "Section", "What was asked"),
        ("good+manners", "Figure", "Good manners matter most to both"),
        ("customer+focus", "Question", "customer"),
    ],
)
def test_search_finds_pages_sections_figures_and_questions_with_the_words_around_the_match(
    sample_site: Path, open_page: Open, query: str, kind: str, title: str
) -> None:
    page = open_page(sample_site / "search.html", query=f"?q={query}")
    expect(page.get_by_role("searchbox")).to_have_value(query.replace("+", " "))
    found = page.locator("#search-results li")
    result = found.filter(has_text=kind).filter(has_text=re.compile(title, re.IGNORECASE)).first
    expect(result).to_be_visible()
    expect(page.locator("#search-results .search-summary")).to_have_text(f"Places found: {found.count()}.")
    if kind == "Section":
        # The browser is asked to mark the words.
        expect(result.locator("mark").first).to_have_text("one")
        expect(result.get_by_role("link")).to_have_attribute("href", re.compile(r"#[\w-]+:~:text=one&text=list$"))
        result.get_by_role("link").click()
        expect(page.locator("main")).to_contain_text("one list")
    assert page.heard == []


def test_search_says_in_plain_words_that_nothing_was_found(sample_site: Path, open_page: Open) -> None:
    page = open_page(sample_site / "search.html", query="?q=xyzzy")
    expect(page.locator("#search-results .search-summary")).to_contain_text("Nothing was found")


def test_headings_are_heard_without_the_sign_that_links_to_them(sample_site: Path, open_page: Open) -> None:
    page = open_page(sample_site / "chapters/02-quality.html")
    expect(page.get_by_role("heading", name="What was asked", exact=True)).to_be_visible()
    assert page.locator(".headerlink:not([aria-hidden])").count() == 0


def test_on_a_phone_findings_come_before_the_list_of_sections(built_site: Path, open_page: Open) -> None:
    page = open_page(built_site / "chapters" / "02-quality.html", width=375)
    findings, contents = (page.locator(place).bounding_box() for place in ("ul.in-brief", "nav.contents"))
    assert findings["y"] + findings["height"] <= contents["y"]


@pytest.mark.parametrize("name", ["94-claims", "91-methods", "96-check-and-cite"])
def test_tables_fit_a_phone_and_say_in_each_cell_what_it_is(built_site: Path, open_page: Open, name: str) -> None:
    page = open_page(built_site / "chapters" / f"{name}.html", width=320)
    page.evaluate(OPEN_ALL)
    wide = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.ariaLabel)"
    assert page.locator(".data-table .region").evaluate_all(wide) == []
    said = "e => getComputedStyle(e, '::before').content"
    cell = page.locator("table.stack tbody td[data-label]").first
    assert str(cell.get_attribute("data-label")) in cell.evaluate(said)


def find_broken_links(site: Path) -> list[str]:
    """Return the links of a site that lead to no file, or to no place in it."""
    anchors = {path: {tag["id"] for tag in read_page(path).find_all(id=True)} for path in site.rglob("*.html")}
    broken = []
    for path in anchors:
        for link in list_links(path):
            parts = urlsplit(link)
            to = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            leads = to.is_file() and (not parts.fragment or parts.fragment in anchors.get(to, ()))
            if not (parts.scheme or parts.netloc or leads):
                broken.append(f"{path.name}: {link}")
    return broken


def test_internal_links_and_anchors_lead_somewhere(built_site: Path) -> None:
    assert find_broken_links(built_site) == []


def test_every_page_keeps_the_policy_has_one_search_box_and_uses_no_id_twice(built_site: Path) -> None:
    for path in pages(built_site):
        page = read_page(path)
        policies = [tag["content"] for tag in page.select("meta[http-equiv=Content-Security-Policy]")]
        assert (policies, len(page.select("input[type=search]"))) == ([POLICY], 1), path.name
        ids = [tag["id"] for tag in page.find_all(id=True)]
        assert len(ids) == len(set(ids)), f"{path.name} uses an id twice"
        forbidden = [tag for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
        inline = [tag for tag in page.select("script:not([src])") if tag.get("type") not in DATA_TYPES]
        assert [*forbidden, *inline, *page.select("style, [style]")] == [], path.name


def test_the_text_can_be_reached_by_one_key(built_site: Path, open_page: Open) -> None:
    page = open_page(next(pages(built_site)))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_menu_of_a_phone_opens_without_scripts(built_site: Path, open_page: Open) -> None:
    page = open_page(next(pages(built_site)), width=375, java_script_enabled=False)
    page.locator(".menu summary").click()
    expect(page.locator(".menu").get_by_role("link", name="Overview")).to_be_visible()


def test_first_view_of_a_page_is_light_and_every_chapter_has_a_description(built_site: Path) -> None:
    for path in pages(built_site):
        page, loads = read_page(path), "link[rel=stylesheet], link[rel=icon], script[src], img[src]"
        files = {str(tag.get("href") or tag.get("src")) for tag in page.select(loads)}
        loaded = [path, *((path.parent / urlsplit(file).path) for file in files if not file.startswith("data:"))]
        size = sum(len(gzip.compress(file.read_bytes())) for file in loaded)
        assert size <= FIRST_VIEW or path.name == "search.html", (path.name, size)
        described = [len(str(tag["content"])) for tag in page.select("meta[name=description]")]
        assert path.parent.name != "chapters" or 0 < described[0] <= 160, path.name
