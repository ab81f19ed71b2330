"""Reading built pages, as any reader of HTML would: the parts that hold numbers, and the numbers outside them."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from bs4 import BeautifulSoup, Tag

# Parts of a page whose numbers are of a known origin: checked elsewhere, written by the author, or no data at all.
TRACED_ELEMENTS = frozenset({"pre", "code", "script", "style", "math", "nav"})
TRACED_CLASSES = frozenset(
    {
        "pasted-text", "chart", "data-table", "bound-evidence", "bound-date", "bound-item", "bibtex-citation",
        "citation", "citation-list", "headerlink", "std-numref", "statement-label", "statement-claims", "certificate",
        "explorer", "findings", "findings-note",
    }
)  # fmt: skip
# Digits of any kind, raised ones, fractions and Roman numerals among them.
NUMERIC = re.compile(r"[\d²³¹¼-¾⁰⁴-⁹₀-₉⅐-ↈ①-⓿]")
# What data for search engines say of themselves has dates and versions too.
SHARE = re.compile(r"\d ?(?:%|per cent)")
DESCRIBED = 'meta[name="description"], meta[property="og:title"], meta[property="og:description"]'


def parse_page(html: str) -> BeautifulSoup:
    """Return a page as a tree."""
    return BeautifulSoup(html, "lxml")


def squeeze(text: object) -> str:
    """Return a text with single spaces, as a page shows it; nothing for nothing."""
    return "" if text is None else " ".join(str(text).split())


def read_text(tag: Tag | None) -> str:
    """Return the text of an element with single spaces; empty where there is no such element."""
    return "" if tag is None else squeeze(tag.get_text())


def read_texts(tags: Sequence[Tag]) -> list[str]:
    """Return the texts of elements."""
    return [read_text(tag) for tag in tags]


def set_quotes(text: object) -> str:
    """Return a text as a page sets it: single spaces, and typographic quotation marks."""
    return squeeze(text).replace("'", "’")


def read_html_table(tag: Tag | None) -> tuple[list[str], list[list[str]]]:
    """Return the heads and the rows of the first table in an element."""
    table = tag.find("table") if tag is not None else None
    if table is None:
        return [], []
    heads, body = table.select("thead tr"), table.select("tbody tr")
    columns = read_texts(heads[0].find_all(["th", "td"])) if heads else []
    return columns, [read_texts(row.find_all(["th", "td"])) for row in body]


def read_json(tag: Tag | None) -> Any:
    """Return the JSON that a script element holds; None where it holds none."""
    try:
        return json.loads(tag.string or "") if tag is not None else None
    except (ValueError, RecursionError):
        return None


def read_head(page: BeautifulSoup) -> list[str]:
    """Return the texts with numbers that a page gives to search engines and to whoever links to it."""
    title = read_text(page.find("title")).partition(" – ")[0]
    described = [squeeze(tag.get("content")) for tag in page.select(DESCRIBED)]
    data = [leaf for tag in page.select('script[type="application/ld+json"]') for leaf in walk_leaves(read_json(tag))]
    shares = [squeeze(leaf) for leaf in data if SHARE.search(leaf)]
    return [text for text in dict.fromkeys([title, *described, *shares]) if NUMERIC.search(text)]


def walk_leaves(value: Any) -> Iterator[str]:
    """Yield the texts and numbers in JSON, at any depth."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from walk_leaves(inner)
    elif value is not None:
        yield str(value)


def find_loose_numbers(article: Tag) -> list[str]:
    """Return the texts with numbers that stand in no part of a known origin."""

    def is_traced(tag: Tag) -> bool:
        return tag.name in TRACED_ELEMENTS or not TRACED_CLASSES.isdisjoint(tag.get("class") or ())

    return [squeeze(text) for text in article.find_all(string=NUMERIC) if not any(map(is_traced, text.parents))]
