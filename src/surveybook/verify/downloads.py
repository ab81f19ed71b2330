"""Whether what readers take away is what the pages show: data, descriptions, pictures, workbook, explorer, search."""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from bs4 import BeautifulSoup

from surveybook.verify import markup
from surveybook.verify.expected import Expected, Shown, story
from surveybook.verify.numbers import ANY
from surveybook.verify.pages import bare, first_unlike
from surveybook.verify.pictures import chunks
from surveybook.verify.record import Check, Fault, check
from surveybook.verify.truth import Truth, Truths, labels, printed, read_truth

FOLDER = "_static/figures"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LARGEST_PART = 50_000_000
BY = "the executed chapters and the data, read anew"
EXPLORED = ("population", "item", "label", "status", "share", "low", "high", "base")
STATUS = {"published": "number", "in words only": "words", "not published": "unpublished"}


def check_downloads(site: Path, expected: Mapping[str, Expected]) -> Check:
    """Hold the files of every chart and table against the chapter that they are from."""
    counts: Counter[str] = Counter()
    faults: list[Fault] = []
    for chapter in expected.values():
        for shown, kind in [
            *((one, "chart") for one in chapter.charts.values()),
            *((one, "table") for one in chapter.tables.values()),
        ]:
            for file, said in file_faults(site, shown, kind, counts):
                faults.append(Fault(said, f"{FOLDER}/{file}", chapter.chapter, shown.figures))
    return check("site", "Downloads", BY, counts, faults)


def file_faults(site: Path, shown: Shown, kind: str, counts: Counter[str]) -> Iterable[tuple[str, str]]:
    """Yield what is wrong with the files of one chart or table, with the file's name."""
    told = story(shown.content) if kind == "chart" else shown.content
    table = told.get("table", {}) if kind == "chart" else shown.content
    checks = {"csv": csv_said, "csv-metadata.json": sidecar_said}
    if kind == "chart":
        checks |= {"vl.json": spec_said, "svg": svg_said, "png": png_said}
    for ending, look in checks.items():
        path = site / FOLDER / f"{shown.name}.{ending}"
        if not path.is_file():
            yield path.name, f"the file is missing; the {kind} offers it"
            continue
        counts["files"] += 1
        content = path.read_bytes()
        try:
            said = look(content, told, table, shown)
        except (ValueError, KeyError, ElementTree.ParseError) as error:
            said = f"it can't be read ({error})"
        if said:
            yield path.name, said


def csv_said(content: bytes, told: Mapping[str, Any], table: Mapping[str, Any], shown: Shown) -> str:
    """Return what is wrong with the data as CSV."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"))))
    expected = [[text(cell) for cell in row] for row in [table.get("columns", []), *table.get("rows", [])]]
    if len(rows) != len(expected):
        return f"{len(rows)} rows where the executed chapter has {len(expected)}"
    for number, (found, wanted) in enumerate(zip(rows, expected, strict=True), start=1):
        if found != wanted:
            one, other = next((pair for pair in zip(found, wanted, strict=False) if pair[0] != pair[1]), ("", ""))
            return f"row {number}: '{one}' where the executed chapter has '{other}'"
    return ""


def text(cell: object) -> str:
    """Return a cell as CSV writes it."""
    return "" if cell is None else str(cell)


def sidecar_said(content: bytes, told: Mapping[str, Any], table: Mapping[str, Any], shown: Shown) -> str:
    """Return what is wrong with the description of the data."""
    about = json.loads(content)
    expected = {
        "url": f"{shown.name}.csv",
        "dc:title": told.get("title"),
        "surveybook:figures": list(shown.figures),
        "surveybook:base": told.get("base", ""),
        "surveybook:intervals": told.get("interval_note", ""),
        "dc:description": told.get("alternative", ""),
        "tableSchema": {"columns": [{"titles": column} for column in table.get("columns", [])]},
    }
    return next(
        (first_unlike(about.get(key), value, key) for key, value in expected.items() if about.get(key) != value), ""
    )


def spec_said(content: bytes, told: Mapping[str, Any], table: Mapping[str, Any], shown: Shown) -> str:
    """Return what is wrong with the specification."""
    found, expected = bare(json.loads(content)), bare(shown.content)
    return "" if found == expected else first_unlike(found, expected)


def svg_said(content: bytes, told: Mapping[str, Any], table: Mapping[str, Any], shown: Shown) -> str:
    """Return what is wrong with the picture: it has to say the numbers of the data."""
    figure = BeautifulSoup(f'<div class="chart-picture">{content.decode("utf-8")}</div>', "lxml")
    drawn = Counter(markup.drawn_texts(figure))
    records = [one for one in shown.content.get("data", {}).get("values", []) if isinstance(one, dict)]
    wanted = Counter(markup.squeezed(one["text"]) for one in records if isinstance(one.get("text"), str))
    missing = [one for one in wanted - drawn if ANY.search(one)]
    return f"the picture lacks '{missing[0]}'" if missing else ""


def png_said(content: bytes, told: Mapping[str, Any], table: Mapping[str, Any], shown: Shown) -> str:
    """Return what is wrong with the painted picture as a file; what it shows, `check_drawings` tells."""
    for _ in chunks(content):
        pass
    return ""


def check_workbook(site: Path, truths: Truths, wave: str) -> Check:
    """Hold every row of the workbook against the figure that it names."""
    found = sorted(site.glob("_static/downloads/*.xlsx"))
    if not found:
        return check("site", "Workbook", BY, {}, (), ["The workbook: this site has none."])
    faults, counts = [], Counter({"files": len(found)})
    named = {"Item": labels("items"), "Population": labels("populations")}
    for path in found:
        file = path.relative_to(site).as_posix()
        try:
            rows = sheet_rows(path, "Topline")
        except (ValueError, KeyError, zipfile.BadZipFile, ElementTree.ParseError) as error:
            faults.append(Fault(f"it can't be read ({error})", file))
            continue
        known = {one.figure: one for one in truths.of(truths.by_id) if one.wave == wave}
        seen = set()
        for row in rows[1:]:
            cells = dict(zip(rows[0], row, strict=False))
            seen.add(cells["Figure"])
            one = known.get(cells["Figure"])
            if said := "the data have no such figure" if one is None else workbook_said(cells, one, named):
                faults.append(Fault(said, file, figures=(cells["Figure"],)))
        counts["figures"] += len(seen)
        faults += [Fault("the figure is missing", file, figures=(name,)) for name in known if name not in seen]
    return check("site", "Workbook", BY, counts, faults)


def workbook_said(cells: Mapping[str, str], one: Truth, named: Mapping[str, Mapping[str, str]]) -> str:
    """Return what is wrong with a row of the workbook."""
    for head, name in (("Item", one.item), ("Population", one.population)):
        if cells.get(head, "") != named[head].get(name, ""):
            return f"{head} is '{cells.get(head)}' where the codebook has '{named[head].get(name)}'"
    limits = one.limits if one.status == "number" else None
    numbers = {
        "Per cent": None if one.percent is None else round(one.percent, 2),
        "Interval from": limits and round(limits[0], 1),
        "Interval to": limits and round(limits[1], 1),
        "Base": one.base,
    }
    if STATUS.get(cells.get("Status", ""), cells.get("Status")) != one.status:
        return f"Status is '{cells.get('Status')}' where the data have '{one.status}'"
    for name, value in numbers.items():
        shown = cells.get(name, "")
        if (float(shown) if shown else None) != value:
            return f"{name} is {shown or 'empty'} where the data give {'nothing' if value is None else value}"
    return "" if cells.get("In words", "") == one.verbal else f"In words: '{cells.get('In words')}', not '{one.verbal}'"


def sheet_rows(path: Path, name: str) -> list[list[str]]:
    """Return the rows of one sheet of a workbook as texts, by reading its XML."""
    with zipfile.ZipFile(path) as book:
        parts = {part: book_part(book, part) for part in book.namelist() if part.endswith((".xml", ".rels"))}
    names = [sheet.get("name") for sheet in parts["xl/workbook.xml"].iter(f"{SHEET}sheet")]
    sheet = parts[f"xl/worksheets/sheet{names.index(name) + 1}.xml"]
    shared = parts.get("xl/sharedStrings.xml")
    strings = ["".join(one.itertext()) for one in shared.iter(f"{SHEET}si")] if shared is not None else []
    rows = []
    for row in sheet.iter(f"{SHEET}row"):
        cells: dict[int, str] = {}
        for cell in row.iter(f"{SHEET}c"):
            value = cell.find(f"{SHEET}v")
            written = "".join(cell.itertext()) if value is None else value.text or ""
            cells[column_of(cell.get("r", "A1"))] = strings[int(written)] if cell.get("t") == "s" else written
        rows.append([cells.get(place, "") for place in range(max(cells, default=-1) + 1)])
    return rows


def book_part(book: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """Return one part of a workbook.

    Raises
    ------
    ValueError
        When it is larger than any of this project's could be.
    """
    if book.getinfo(name).file_size > LARGEST_PART:
        raise ValueError(f"{name} is over {LARGEST_PART // 1_000_000} MB")
    return ElementTree.fromstring(book.read(name))


def column_of(reference: str) -> int:
    """Return the place of a cell's column: 0 for A1."""
    place = 0
    for letter in re.sub(r"\d", "", reference):
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def check_explorer(site: Path) -> Check:
    """Hold the explorer's figures against those of every wave that it shows."""
    path = site / "explorer.html"
    if not path.is_file():
        return check("site", "Explorer", BY, {}, (), ["The explorer: this site has none."])
    page = markup.parse(path.read_text(encoding="utf-8", errors="replace"))
    data = markup.json_of(page.select_one("#explorer-data"))
    if not isinstance(data, dict) or "figures" not in data:
        return check("site", "Explorer", BY, {}, [Fault("its data can't be read", path.name)])
    fields = list(data["fields"])
    shown = [dict(zip(fields, row, strict=False)) for row in data["figures"]]
    items = labels("items")
    faults = []
    for wave in dict.fromkeys(str(row.get("wave")) for row in shown):
        there = [row for row in shown if row.get("wave") == wave]
        known = [(explorer_key(one, items), one) for one in read_truth(wave)]
        keys, wanted = (
            Counter(tuple(row.get(name) for name in EXPLORED) for row in there),
            Counter(key for key, _ in known),
        )
        for key in keys - wanted:
            said = f"wave {wave}, {key[0]}, '{key[2]}' ({key[1]}): {key[4]} per cent ({key[5]} to {key[6]}) of {key[7]}"
            faults.append(Fault(f"{said} is in no figure of the data", path.name))
        for key in wanted - keys:
            one = next(one for other, one in known if other == key)
            said = f"wave {wave}, {one.population}: a figure of '{key[2]}' is missing, {key[4]} per cent"
            faults.append(Fault(said, path.name, figures=(one.figure,)))
    return check("site", "Explorer", BY, {"figures": len(shown)}, faults)


def explorer_key(one: Truth, items: Mapping[str, str]) -> tuple[object, ...]:
    """Return a figure as the explorer shows it, in the fields of `EXPLORED`."""
    is_number = one.percent is not None and one.status == "number"
    share = round(one.percent, 2) if is_number and one.percent is not None else None
    limits = [float(printed(limit, 1).replace("−", "-")) for limit in one.limits or ()] if is_number else []
    low, high = limits or (None, None)
    named = (one.population, f"{one.item}.{one.response}", items.get(one.item, ""), one.status)
    return *named, share, low, high, one.base_text


def check_search(site: Path) -> Check:
    """Hold the numbers that the search knows against the pages that it finds them on."""
    path = site / "searchindex.js"
    if not path.is_file():
        return check("site", "Search", "the built pages", {}, [Fault("the file is missing", path.name)])
    written = re.fullmatch(r"Search\.setIndex\((.*)\)\s*", path.read_text(encoding="utf-8"), re.DOTALL)
    try:
        index: Any = json.loads(written[1]) if written else None
        documents, terms = index["docnames"], {**index["terms"], **index["titleterms"]}
    except (ValueError, KeyError, TypeError):
        return check("site", "Search", "the built pages", {}, [Fault("it can't be read", path.name)])
    texts: dict[str, str] = {}
    faults, looked = [], 0
    for term, places in terms.items():
        if not any(sign.isdigit() for sign in term):
            continue
        for place in places if isinstance(places, list) else [places]:
            name = documents[place]
            if name not in texts:
                page = site / f"{name}.html"
                texts[name] = page.read_text(encoding="utf-8").lower() if page.is_file() else ""
            looked += 1
            if term not in texts[name]:
                faults.append(Fault(f"the search finds '{term}' on a page that doesn't have it", path.name, name))
    return check("site", "Search", "the built pages", {"terms with numbers": looked}, faults)
