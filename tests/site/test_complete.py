"""A figure or table is complete, and whatever it offers is followed to its end."""

import csv
import json
import re
from functools import cache
from pathlib import Path

import pytest
from bs4 import Tag
from test_pages import pages, read_page

SIDECAR = ("dc:title", "dc:source", "dc:license", "dc:bibliographicCitation", "surveybook:question", "surveybook:base")
# A phrase that says what intervals mean, or that there are none to be had.
INTERVAL = re.compile(r"interval|margin of error|by itself|confidence", re.IGNORECASE)
BAND = re.compile(r"^(?:interval|from|lower)\b", re.IGNORECASE)


@cache
def shown(site: Path) -> list[tuple[Path, Tag]]:
    """Return every chart and every computed table of a site, each with its page."""
    return [(path, found) for path in pages(site) for found in read_page(path).select("figure.chart, .data-table")]


def text(found: Tag, selector: str) -> str:
    """Return the text of the first element that matches; empty where none does."""
    first = found.select_one(selector)
    return "" if first is None else " ".join(first.get_text(" ").split())


def downloads(path: Path, found: Tag) -> dict[str, Path]:
    """Return the files to take away, by kind."""
    files = [path.parent / str(link["href"]) for link in found.select(".chart-files a[download]")]
    return {file.name.split(".", 1)[1]: file for file in files}


def lacks(path: Path, found: Tag) -> list[str]:
    """Return what a figure or table ought to have and hasn't."""
    chart, anchor = found.name == "figure", str(found.get("id"))
    kind = "Figure" if chart else "Table"
    wanted = {
        "a number": re.fullmatch(rf"{kind} \d+", text(found, ".chart-number")),
        "a permalink at its number": found.select_one(f'.chart-number a[href="#{anchor}"]'),
        "a title": text(found, ".chart-title"),
        "a question": text(found, ".chart-question"),
        "a base": text(found, ".chart-base")
        or "Base: " in text(found, ".chart-source")
        or "not from" in text(found, ".chart-source")
        or not (chart or has_band(found)),
        "a source": "Source" in text(found, ".chart-source"),
        "a citation": text(found, ".chart-cite"),
        "an address in sight": found.select_one(f'.chart-files > li > .chart-address[href="#{anchor}"]'),
        "data in sight": found.select_one('.chart-files > li > a[href$=".csv"]'),
        "rows": found.select("tbody tr, li.claim"),
        "the code that made it": leads_to_code(found),
        "what its intervals mean": INTERVAL.search(text(found, ".chart-notes")) or not has_band(found) or chart,
    }
    if chart:
        alternative = str(
            getattr(found.select_one(".chart-picture > svg[role=img]"), "attrs", {}).get("aria-label", "")
        )
        wanted |= {
            "a drawing": found.select_one(".chart-picture > svg[role=img] path, .chart-picture > svg text"),
            "an alternative with figures": re.search(r"\d", alternative) and len(alternative.split()) > 8,
            "a table under a disclosure": found.select("details.chart-data table tbody tr"),
            "what draws it live": found.select_one("script.chart-spec"),
            "pictures in sight": len(found.select('.chart-files > li > a:is([href$=".png"], [href$=".svg"])')) == 2,
            "two codes to embed it": len(set(map(str, found.select(".chart-embed code")))) == 2,
        }
    kinds = ["csv", "csv-metadata.json", *(["svg", "png", "vl.json"] if chart else [])]
    wanted |= {f"a download of kind {kind}": kind in downloads(path, found) for kind in kinds}
    return [what for what, there in wanted.items() if not there]


def leads_to_code(found: Tag) -> bool:
    """Return whether the link to the code leads to a cell with some."""
    link, page = found.select_one(".chart-code a[href^='#code-']"), found.find_parent("html")
    cell = link and page and page.select_one(f"details.code [id='{str(link['href'])[1:]}'] pre")
    return bool(cell and cell.get_text().strip())


def has_band(found: Tag) -> bool:
    """Return whether a table has a column of intervals."""
    return any(BAND.search(head.get_text()) for head in found.select("thead th"))


def test_no_figure_or_table_lacks_a_part(built_site: Path) -> None:
    wanting = {f"{path.name}#{found['id']}": lacks(path, found) for path, found in shown(built_site)}
    assert wanting, "no page has a chart or a table"
    assert {name: parts for name, parts in wanting.items() if parts} == {}


def test_data_that_are_taken_away_are_described(built_site: Path) -> None:
    for path, found in shown(built_site):
        files = downloads(path, found)
        with files["csv"].open(encoding="utf-8", newline="") as file:
            heads = next(csv.reader(file))
        about = json.loads(files["csv-metadata.json"].read_text(encoding="utf-8"))
        assert [column["titles"] for column in about["tableSchema"]["columns"]] == heads
        assert about["url"] == files["csv"].name
        is_of_people = found.name == "figure" or has_band(found)
        needed = [key for key in SIDECAR if key != "surveybook:base" or is_of_people]
        assert [key for key in (*needed, "surveybook:wave") if not about[key]] == [], f"{path.name}: {found['id']}"
        assert about["dc:bibliographicCitation"] == text(found, ".chart-cite")
        assert text(found, ".chart-base") in ("", about["surveybook:base"])


def test_numbers_count_up_and_are_referred_to(built_site: Path) -> None:
    numbers: dict[str, list[int]] = {"Figure": [], "Table": []}
    for _, found in shown(built_site):
        kind, number = text(found, ".chart-number").split()
        numbers[kind].append(int(number))
    for kind, found_numbers in numbers.items():
        assert sorted(found_numbers) == list(range(1, len(found_numbers) + 1)), kind
    referred = [link for path in pages(built_site) for link in read_page(path).select("a.reference:has(.std-numref)")]
    assert referred
    assert [str(link) for link in referred if not re.fullmatch(r"(?:Figure|Table) \d+", link.get_text())] == []


@pytest.mark.parametrize("suffix", ["csv", "svg", "png"])
def test_no_file_to_take_away_is_left_over(built_site: Path, suffix: str) -> None:
    offered = {file.name for path, found in shown(built_site) for file in downloads(path, found).values()}
    lying = {file.name for file in (built_site / "_static" / "figures").glob(f"*.{suffix}")}
    assert lying <= offered
