"""Whether what readers take away is what the pages show: data, their descriptions, workbook, explorer, PDF."""

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from surveybook.verify import markup
from surveybook.verify.chapters import Expected, Shown
from surveybook.verify.markup import read_text
from surveybook.verify.pages import drop_words, write_difference
from surveybook.verify.recomputation import DataFigure, DataFigures, print_number, read_data_figures, read_labels
from surveybook.verify.record import Check, Fault, make_check

FIGURES = "_static/figures"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LARGEST_PART = 50_000_000
BY = "the executed chapters and the data, read anew"
EXPLORED = ("population", "item", "label", "status", "share", "low", "high", "base")
STATUS = {"published": "number", "in words only": "words", "not published": "unpublished"}
PDF_READER, SECONDS = "pdftotext", 120
# What paper puts between words and pages don't.
PAPER_SPACES = re.compile(r"[\s•]+")
# A row that the end of a sheet parts is found by its first letters, and the rest of it near them.
FIRST, NEAR, CELLS_APART = 20, 150, "\x1f"
IN_PER_CENT = re.compile(r"\d[\d.,]*(?:%|\s+per\s+cent\b)")


def check_downloads(site: Path, expected: Mapping[str, Expected]) -> Check:
    """Hold the files of every chart and table against the chapter that they are from."""
    counts: Counter[str] = Counter()
    faults: list[Fault] = []
    for chapter in expected.values():
        for shown in (*chapter.charts.values(), *chapter.tables.values()):
            files: dict[str, Any] = {"csv": write_csv(shown)}
            files |= {"vl.json": drop_words(shown.content)} if shown.name in chapter.charts else {}
            for ending, wanted in files.items():
                file = f"{FIGURES}/{shown.name}.{ending}"
                said = compare_download(site / file, wanted)
                counts["files"] += 1
                faults += [Fault(said, file, chapter.chapter, shown.figures)] if said else []
    return make_check("site", "Downloads", BY, counts, faults)


def compare_download(path: Path, wanted: Any) -> str:
    """Return what is wrong with a file that readers take away; empty where it holds what it should."""
    try:
        text = path.read_text(encoding="utf-8")
        found: Any = list(csv.reader(io.StringIO(text))) if path.suffix == ".csv" else drop_words(json.loads(text))
    except FileNotFoundError:
        return "the file is missing, and its page offers it"
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        return f"it can't be read ({error})"
    return write_difference(found, wanted)


def write_csv(shown: Shown) -> list[list[str]]:
    """Return the rows that the data of a chart or table have as CSV, its heads first."""
    rows = [shown.table.get("columns", []), *shown.table.get("rows", [])]
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


def check_workbook(site: Path, known: DataFigures, wave: str) -> Check:
    """Hold every row of the workbook against the figure that it names."""
    files = sorted(site.glob("_static/downloads/*.xlsx"))
    if not files:
        return make_check("site", "Workbook", BY, {}, (), ["The workbook: this site has none."])
    faults, counts = [], Counter({"files": len(files)})
    figures = {one.figure: one for one in known.of(known.by_id) if one.wave == wave}
    labels = {"Item": read_labels("items"), "Population": read_labels("populations")}
    for path in files:
        file = path.relative_to(site).as_posix()
        try:
            heads, *rows = read_sheet(path, "Topline")
            cells = {row["Figure"]: row for row in (dict(zip(heads, row, strict=False)) for row in rows)}
        except (ValueError, KeyError, zipfile.BadZipFile, ElementTree.ParseError) as error:
            faults.append(Fault(f"it can't be read ({error})", file))
            continue
        counts["figures"] += len(cells)
        for figure in dict.fromkeys([*cells, *figures]):
            if figure not in cells or figure not in figures:
                said = "the figure is missing" if figure in figures else "the data have no such figure"
            else:
                said = check_workbook_row(cells[figure], figures[figure], labels)
            faults += [Fault(said, file, figures=(figure,))] if said else []
    return make_check("site", "Workbook", BY, counts, faults)


def check_workbook_row(cells: Mapping[str, str], one: DataFigure, labels: Mapping[str, Mapping[str, str]]) -> str:
    """Return what is wrong with a row of the workbook; empty where nothing is."""
    limits = one.limits if one.status == "number" else None
    numbers = {
        "Per cent": None if one.percent is None else round(one.percent, 2),
        "Interval from": limits and round(limits[0], 1),
        "Interval to": limits and round(limits[1], 1),
        "Base": one.base,
    }
    texts = {
        "Item": labels["Item"].get(one.item, ""),
        "Population": labels["Population"].get(one.population, ""),
        "Status": next(word for word, status in STATUS.items() if status == one.status),
        "In words": one.verbal,
    }
    wanted = {**texts, **{name: "" if value is None else f"{value:g}" for name, value in numbers.items()}}
    for name, value in wanted.items():
        cell = cells.get(name, "")
        if (f"{float(cell):g}" if name in numbers and cell else cell) != value:
            return f"{name} is '{cell}' where the data and the codebook have '{value}'"
    return ""


def read_sheet(path: Path, name: str) -> list[list[str]]:
    """Return the rows of one sheet of a workbook as texts, by reading its XML.

    Raises
    ------
    ValueError
        When there is no such sheet, or a part is larger than any of this project's could be.
    """
    with zipfile.ZipFile(path) as book:
        if large := [one.filename for one in book.infolist() if one.file_size > LARGEST_PART]:
            raise ValueError(f"{large[0]} is over {LARGEST_PART // 1_000_000} MB")
        parts = {part: ElementTree.fromstring(book.read(part)) for part in book.namelist() if part.endswith(".xml")}
    names = [sheet.get("name") for sheet in parts["xl/workbook.xml"].iter(f"{SHEET}sheet")]
    shared = parts.get("xl/sharedStrings.xml")
    strings = ["".join(one.itertext()) for one in shared.iter(f"{SHEET}si")] if shared is not None else []
    rows = []
    for row in parts[f"xl/worksheets/sheet{names.index(name) + 1}.xml"].iter(f"{SHEET}row"):
        cells: dict[int, str] = {}
        for cell in row.iter(f"{SHEET}c"):
            value = cell.findtext(f"{SHEET}v") or ""
            cells[place_column(cell.get("r", "A1"))] = strings[int(value)] if cell.get("t") == "s" else value
        rows.append([cells.get(place, "") for place in range(max(cells, default=-1) + 1)])
    return rows


def place_column(reference: str) -> int:
    """Return the place of a cell's column: 0 for A1."""
    place = 0
    for letter in re.sub(r"\d", "", reference):
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def check_explorer(site: Path) -> Check:
    """Hold the explorer's figures against those of every wave that it shows."""
    path = site / "explorer.html"
    if not path.is_file():
        return make_check("site", "Explorer", BY, {}, (), ["The explorer: this site has none."])
    page = markup.parse_page(path.read_text(encoding="utf-8", errors="replace"))
    data = markup.read_json(page.select_one("#explorer-data"))
    if not isinstance(data, dict) or "figures" not in data:
        return make_check("site", "Explorer", BY, {}, [Fault("its data can't be read", path.name)])
    shown = [dict(zip(data["fields"], row, strict=False)) for row in data["figures"]]
    items, faults = read_labels("items"), []
    for wave in dict.fromkeys(str(row.get("wave")) for row in shown):
        there = Counter(tuple(row.get(name) for name in EXPLORED) for row in shown if row.get("wave") == wave)
        known = [(describe_explored(one, items), one.figure) for one in read_data_figures(wave)]
        wanted = Counter(key for key, _ in known)
        for key in there - wanted:
            said = f"wave {wave}, {key[0]}, '{key[2]}' ({key[1]}): {key[4]} per cent ({key[5]} to {key[6]}) of {key[7]}"
            faults.append(Fault(f"{said} is in no figure of the data", path.name))
        for key in wanted - there:
            said = f"wave {wave}, {key[0]}: a figure of '{key[2]}' is missing, {key[4]} per cent"
            faults.append(Fault(said, path.name, figures=(dict(known)[key],)))
    return make_check("site", "Explorer", BY, {"figures": len(shown)}, faults)


def describe_explored(one: DataFigure, items: Mapping[str, str]) -> tuple[object, ...]:
    """Return a figure as the explorer shows it, in the fields of `EXPLORED`."""
    share, low, high = None, None, None
    if one.status == "number" and one.percent is not None:
        share = round(one.percent, 2)
        if one.limits:
            low, high = (float(print_number(limit, 1).replace("−", "-")) for limit in one.limits)
    named = (one.population, f"{one.item}.{one.response}", items.get(one.item, ""), one.status)
    return *named, share, low, high, one.base_text


def check_pdf(path: Path, site: Path, expected: Mapping[str, Expected]) -> Check:
    """Hold the figures in the text of a PDF against the chapters: all of theirs, and no percentage besides.

    Parameters
    ----------
    path : Path
        The PDF.
    site : Path
        The folder of the verified pages.
    expected : mapping
        What each chapter shows, by document.
    """
    name, by = f"Figures in {path.name}", f"{PDF_READER}, against the executed chapters"
    reader = shutil.which(PDF_READER)
    if reader is None:
        skipped = [f"The figures in {path.name}: {PDF_READER} isn't installed (Debian: poppler-utils)."]
        return make_check("site", name, by, {}, (), skipped, local=True)
    command = [reader, "-raw", str(path), "-"]
    try:
        text = subprocess.run(command, capture_output=True, text=True, check=True, timeout=SECONDS).stdout
    except (subprocess.SubprocessError, OSError) as error:
        said = str(getattr(error, "stderr", "") or error).strip()[:200]
        return make_check("site", name, by, {}, [Fault(f"it can't be read: {said}", path.name)], local=True)
    edition = read_text(markup.parse_page((site / "index.html").read_text(encoding="utf-8")).select_one(".edition"))
    printed = [strip_foot(sheet, number, edition) for number, sheet in enumerate(text.split("\f"), start=1)]
    sheets, pages = list(map(squeeze_paper, printed)), list(site.rglob("*.html"))
    texts = [(one, chapter) for chapter, page in expected.items() for one in list_pdf_texts(page)]
    faults = [
        Fault(
            f"it lacks, or has otherwise: '{one.text.replace(CELLS_APART, ' ')[:80]}'", path.name, chapter, one.figures
        )
        for one, chapter in texts
        if not has_words(sheets, one.text)
    ]
    on_pages = [markup.parse_page(page.read_text(encoding="utf-8")).get_text(" ") for page in pages]
    known = {squeeze_paper(one) for page in on_pages for one in IN_PER_CENT.findall(page)}
    there = IN_PER_CENT.findall("".join(printed))
    strangers = [one for one in dict.fromkeys(map(squeeze_paper, there)) if one not in known]
    faults += [Fault(f"'{one}' stands in it, and on no page", path.name) for one in strangers]
    skipped = [f"Words of {path.name} that hold no figure, and what it shows beside its text."]
    counts = {"texts with figures": len(texts), "percentages": len(there)}
    return make_check("site", name, by, counts, faults, skipped, local=True)


def list_pdf_texts(page: Expected) -> Iterator[Shown]:
    """Yield what a chapter says with figures: glued texts, titles of charts, cards, and rows of a figure each."""
    yield from (one for one in page.pasted if one.figures and one.text)
    yield from (Shown(one.name, one.figures, one.story.get("title", "")) for one in page.charts.values())
    yield from (Shown(one.name, one.figures, str(one.content["says"])) for one in page.cards)
    for table in page.tables.values():
        if len(table.figures) == len(table.content["rows"]):
            for figure, row in zip(table.figures, table.content["rows"], strict=True):
                yield Shown(table.name, (figure,), CELLS_APART.join(str(cell) for cell in row if cell))


def has_words(sheets: Sequence[str], words: str) -> bool:
    """Return whether words stand in the text of a PDF; a row may be parted by the end of a sheet."""
    first, *others = map(squeeze_paper, words.split(CELLS_APART))
    if "".join((first, *others)) in "".join(sheets):
        return True
    joints = (one[-NEAR:] + following[:NEAR] for one, following in pairwise(sheets))
    return bool(others) and any(all(cell in joint for cell in (first[:FIRST], *others)) for joint in joints)


def strip_foot(sheet: str, number: int, edition: str) -> str:
    """Return the text of a sheet of paper without its number, and the edition and chapter before that."""
    lines = sheet.rstrip().split("\n")
    if lines[-1].strip() == str(number):
        lines.pop()
        if lines and edition and lines[-1].startswith(edition):
            lines.pop()
    return "\n".join(lines) + "\n"


def squeeze_paper(text: str) -> str:
    """Return a text without what paper puts between its words, and as pages set it."""
    return PAPER_SPACES.sub("", markup.set_quotes(text))
