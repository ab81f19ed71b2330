"""What holds for every page: search, links, policy, weight; and that text is legible in both schemes and on paper.

The audits look at all pages in all forms for what asks another host, scrolls sideways or complains.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
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


class Outline(HTMLParser):
    """The tags of a page, its anchors and its links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(text)
        self.anchors = {attributes["id"] for _, attributes in self.tags if "id" in attributes}
        self.links = [
            attributes[name] for _, attributes in self.tags for name in ("href", "src") if attributes.get(name)
        ]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))


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


def test_every_page_has_one_search_box(built_site: Path) -> None:
    for path in pages(built_site):
        boxes = [a for _, a in Outline(path.read_text(encoding="utf-8")).tags if a.get("type") == "search"]
        assert len(boxes) == 1, path.name


def test_search_finds_a_page_by_its_title_and_describes_it(built_site: Path, open_page: Open) -> None:
    chapter = next(path for path in pages(built_site) if path.parent.name == "chapters")
    heading = open_page(chapter).locator("h1").evaluate("e => e.firstChild.textContent")
    word = max(re.findall(r"\w+", heading), key=len)
    page = open_page(built_site / "search.html", query=f"?q={word}")
    result = page.locator("#search-results li", has_text=heading.strip()).first
    expect(result).to_be_visible()
    expect(result.locator(".result-text")).not_to_be_empty()
    assert page.heard == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("number", ["68", "2004", "1,000"])
def test_search_finds_numbers(built_site: Path, open_page: Open, number: str) -> None:
    page = open_page(built_site / "search.html", query=f"?q={number}")
    expect(page.locator("#search-results li").first).to_be_visible()
    assert page.heard == []  # type: ignore[attr-defined]


def test_search_tells_in_plain_words_how_much_it_found(sample_site: Path, open_page: Open) -> None:
    page = open_page(sample_site / "search.html", query="?q=quality")
    expect(page.get_by_role("heading", level=2)).to_have_text("Results")
    expect(page.get_by_role("searchbox")).to_have_value("quality")
    found = page.locator("#search-results li")
    expect(page.locator("#search-results .search-summary")).to_have_text(f"Places found: {found.count()}.")
    nothing = open_page(sample_site / "search.html", query="?q=xyzzy")
    expect(nothing.locator("#search-results .search-summary")).to_contain_text("Nothing was found")
    assert page.heard == []  # type: ignore[attr-defined]


def test_search_finds_sections_figures_and_questions_with_the_words_around_the_match(
    sample_site: Path, open_page: Open
) -> None:
    wanted = {
        "one+list": ("Section", "What was asked", "one"),
        "good+manners": ("Figure", "Good manners matter most to both", "Good"),
        "customer+focus": ("Question", "customer", "customer"),
    }
    for query, (kind, title, marked) in wanted.items():
        page = open_page(sample_site / "search.html", query=f"?q={query}")
        result = page.locator("#search-results li", has_text=kind).filter(has_text=re.compile(title, re.IGNORECASE))
        expect(result.first).to_be_visible()
        assert page.heard == []  # type: ignore[attr-defined]
        if kind == "Section":
            expect(result.first.locator("mark").first).to_have_text(marked)
            assert "#what-was-asked:~:" in str(result.first.get_by_role("link").get_attribute("href"))


def test_headings_are_heard_without_the_sign_that_links_to_them(sample_site: Path, open_page: Open) -> None:
    page = open_page(sample_site / "chapters/02-quality.html")
    expect(page.get_by_role("heading", name="What was asked", exact=True)).to_be_visible()
    assert page.locator(".headerlink:not([aria-hidden])").count() == 0


def test_a_search_result_asks_the_browser_to_mark_the_words(sample_site: Path, open_page: Open) -> None:
    page = open_page(sample_site / "search.html", query="?q=one+list")
    result = page.locator("#search-results li a").first
    expect(result).to_have_attribute("href", re.compile(r"#[\w-]+:~:text=one&text=list$"))
    result.click()
    expect(page.locator("main")).to_contain_text("one list")


def test_on_a_phone_findings_come_before_the_list_of_sections(built_site: Path, open_page: Open) -> None:
    page = open_page(built_site / "chapters" / "02-quality.html", width=375)
    findings, contents = (page.locator(place).bounding_box() for place in ("ul.in-brief", "nav.contents"))
    assert findings is not None
    assert contents is not None
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
    outlines = {path: Outline(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}
    broken = []
    for path, outline in outlines.items():
        for link in outline.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            to = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            known = to in outlines and parts.fragment in outlines[to].anchors
            if not to.is_file() or (parts.fragment and not known):
                broken.append(f"{path.name}: {link}")
    return broken


def test_internal_links_and_anchors_lead_somewhere(built_site: Path) -> None:
    assert find_broken_links(built_site) == []


def test_ids_are_unique_in_a_page(built_site: Path) -> None:
    for path in pages(built_site):
        ids = [a["id"] for _, a in Outline(path.read_text(encoding="utf-8")).tags if "id" in a]
        assert len(ids) == len(set(ids)), f"{path.name} uses an id twice"


def test_every_page_has_the_policy_and_nothing_that_it_would_forbid(built_site: Path) -> None:
    for path in pages(built_site):
        tags = Outline(path.read_text(encoding="utf-8")).tags
        policies = [a["content"] for _, a in tags if a.get("http-equiv") == "Content-Security-Policy"]
        assert policies == [POLICY], path.name
        for tag, attributes in tags:
            assert "style" not in attributes, f"{path.name}: <{tag} style>"
            assert not [name for name in attributes if name.startswith("on")], f"{path.name}: handler on <{tag}>"
            if tag == "script" and "src" not in attributes:
                assert attributes.get("type") in DATA_TYPES, f"{path.name}: inline script"
            assert tag != "style", f"{path.name}: inline stylesheet"


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


def test_first_view_of_a_page_is_light(built_site: Path) -> None:
    heavy = {}
    for path in pages(built_site):
        if path.name == "search.html":
            continue
        tags = Outline(path.read_text(encoding="utf-8")).tags
        files = {a["href"] for tag, a in tags if tag == "link" and a.get("rel") in ("stylesheet", "icon")}
        files |= {a["src"] for tag, a in tags if tag in ("script", "img") and "src" in a}
        loaded = [path, *((path.parent / urlsplit(file).path) for file in files)]
        size = sum(len(gzip.compress(file.read_bytes())) for file in loaded)
        if size > FIRST_VIEW:
            heavy[path.name] = size
    assert heavy == {}


def test_every_chapter_has_a_description(built_site: Path) -> None:
    for path in (built_site / "chapters").glob("*.html"):
        tags = Outline(path.read_text(encoding="utf-8")).tags
        described = [a["content"] for _, a in tags if a.get("name") == "description"]
        assert described, path.name
        assert len(described[0]) <= 160, path.name
