"""What a figure passes on tells alone what it shows, of whom, when and from where: its pictures, and its embed."""

import json
import re
import struct
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from audits import AXE, need, violations
from bs4 import BeautifulSoup
from playwright.sync_api import Page
from sample import chart_meta
from test_complete import shown, text
from test_pages import OPEN_ALL, read_page

LARGEST = 25_000
PIXELS = 1600
FIGURES = "_static/figures"


@pytest.fixture
def embed(sample_site: Path) -> Path:
    return sample_site / "embed/sample-quality.html"


def test_every_figure_has_its_pictures_its_embed_and_an_address_that_stays(built_site: Path) -> None:
    names = {str(found["id"]).removeprefix("fig-") for _, found in shown(built_site) if found.name == "figure"}
    for folder in ("embed", "editions/*/embed"):
        for ending in ("html", "json"):
            assert {path.stem for path in built_site.glob(f"{folder}/*.{ending}")} == names, folder
    assert max(path.stat().st_size for path in built_site.glob("embed/*.html")) <= LARGEST
    for name in names:
        head = (built_site / f"{FIGURES}/{name}.png").read_bytes()[:24]
        assert abs(struct.unpack(">I", head[16:20])[0] - PIXELS) <= 1, name


def test_a_picture_tells_alone_what_it_shows(sample_site: Path) -> None:
    drawing = BeautifulSoup((sample_site / f"{FIGURES}/sample-quality.svg").read_text(encoding="utf-8"), "xml")
    told = " ".join(" ".join(line.get_text() for line in drawing.find_all("text")).split())
    meta = chart_meta("sample-quality")
    wanted = [meta[key] for key in ("title", "subtitle", "base", "interval_note", "source")]
    assert [
        words
        for words in (*wanted, "Public", "Frontline staff", "68%", "2004 edition (CC BY 4.0)")
        if words not in told
    ] == []


def test_an_embed_tells_alone_what_it_shows_and_leads_to_its_figure(embed: Path) -> None:
    page = read_page(embed)
    meta = chart_meta("sample-quality")
    for key in ("title", "subtitle", "base", "source"):
        assert meta[key] in text(page, "main"), key
    assert page.select_one("svg[role=img]")["aria-label"] == meta["alternative"]
    link = page.select_one('footer a[href$="#fig-sample-quality"]')
    assert (embed.parent / link["href"].partition("#")[0]).resolve().is_file()
    assert "2004 edition" in link.get_text()
    assert page.select_one("footer a[rel~=license]").get_text() == "CC BY 4.0"
    assert not page.select("script, img")


def test_an_embed_names_an_oembed_file_with_the_code_of_its_own_address(embed: Path, sample_site: Path) -> None:
    lasting = sample_site / "editions/2004/embed/sample-quality.html"
    for path, address in ((embed, "embed/"), (lasting, "editions/2004/embed/")):
        page = read_page(path)
        told = json.loads((path.parent / page.select_one("link[type='application/json+oembed']")["href"]).read_bytes())
        assert (told["version"], told["type"], told["title"]) == ("1.0", "rich", page.h1.get_text())
        assert f'src="{address}sample-quality.html"' in told["html"]
        codes = [unescape(code.decode_contents()) for code in page.select("pre code")]
        assert [re.search('src="(.*?)"', code)[1] for code in codes] == [
            "embed/sample-quality.html",
            "editions/2004/embed/sample-quality.html",
        ]


@pytest.mark.parametrize(
    ("width", "scheme", "scripts"), [(320, "light", True), (320, "light", False), (1200, "dark", True)]
)
def test_an_embed_works_in_a_frame_of_any_width(
    embed: Path, open_page: Callable[..., Page], width: int, scheme: str, scripts: bool
) -> None:
    page = open_page(embed, width=width, color_scheme=scheme, java_script_enabled=scripts)
    assert page.locator("h1").is_visible()
    drawing = page.locator("svg").bounding_box()
    assert 250 < drawing["width"] <= width
    if scripts:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        ink = page.locator("svg text[fill='#1b1f24']").first.evaluate("e => getComputedStyle(e).fill")
        assert ink == ("rgb(27, 31, 36)" if scheme == "light" else "rgb(232, 230, 225)")
    assert page.heard == []


def test_nothing_is_wrong_with_any_embed(built_site: Path, open_page: Callable[..., Page]) -> None:
    """axe-core, in both schemes on a phone, with everything open."""
    need(AXE)
    found = {}
    for path in sorted(built_site.glob("embed/*.html")):
        for scheme in ("light", "dark"):
            page = open_page(path, width=320, color_scheme=scheme)
            page.evaluate(OPEN_ALL)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, path.name
            found[path.name, scheme] = [*page.heard, *violations(page)]
            page.context.close()
    assert {name: said for name, said in found.items() if said} == {}
