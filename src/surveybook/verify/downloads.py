"""Whether what readers and programs take away is what the pages show: data, explorer, full tables, changes, the PDF."""

import csv
import json
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise, takewhile
from operator import itemgetter
from pathlib import Path
from typing import Any

from surveybook.book.notebooks import Shown
from surveybook.model import paths
from surveybook.model.problems import Fault, SurveybookError
from surveybook.model.wording import curl_apostrophes
from surveybook.verify.chapters import Expected
from surveybook.verify.pages import parse_page, read_json, read_text, set_quotes, squeeze, write_difference
from surveybook.verify.recomputation import (
    DataFigure,
    read_data_figures,
    read_labels,
    read_number,
    read_rows,
    recompute_remainders,
)
from surveybook.verify.record import Found, checks, locate

FIGURES = "_static/figures"
BY, ANEW = "the executed chapters and the data, read anew", "the data files, read anew"
PACKAGES, ALL_FIGURES = "_static/downloads/*-data.zip", "All figures"
TABLES, BASES = "_static/downloads/*-tables.xlsx", ("unweighted base", "weighted base")
HEADS = ("%", "Numbers, and % of people")
EXPLORER, FIGURES_FILE, CLAIMS_FILE = "explorer.html", "figures.json", "claims.json"
CHANGES, FEED = "changes.json", "changes.atom"
# What rounding two shares leaves of their difference, and rounding one share of a sheet.
POINTS_APART, CELLS_OFF = 1e-3, 1e-5
LETTER = re.compile(r"\([A-Z]+\)")
ANSWERS, CALL = "_static/explorer/*.js", re.compile(r"^surveybookExplored\((.*)\);$", re.MULTILINE)
OF_SHEET = ("Population", "Item", "Per cent", "Base", "Base is")
LEFT = "left to 100 per cent"
EXPLORED = ("population", "item", "label", "status", "value", "share", "low", "high", "base")
# What a claim says in both places.
OF_CLAIMS = ("verdict", "statement", "printed", "parts")
PDF_READER, SECONDS = "pdftotext", 120
# What paper puts between words and pages don't.
PAPER_SPACES = re.compile(r"[\s•]+")
# A row that the end of a sheet parts is found by its first letters, and the rest of it near them.
FIRST, NEAR, CELLS_APART = 20, 150, "\x1f"
IN_PER_CENT = re.compile(r"\d[\d.,]*(?:%|\s+per\s+cent\b)")


@contextmanager
def reading(file: str) -> Iterator[None]:
    """End a check that can't read a file, or doesn't find in it what is due, by saying so."""
    try:
        yield
    except Exception as error:
        raise SurveybookError(f"{file}: it can't be read ({type(error).__name__}: {error})") from error


def compare_told(file: str, told: Mapping[str, object], due: Mapping[str, object], where: str = "") -> Iterator[Fault]:
    """Yield each figure of which a file tells something else than the data have."""
    for figure in dict.fromkeys((*due, *told)):
        found, wanted = told.get(figure), due.get(figure)
        if found != wanted:
            yield Fault(f"{where}{found} where the data have {wanted}", file, figures=(figure,))


@checks("site", "Downloads", BY)
def check_downloads(site: Path, expected: Mapping[str, Expected]) -> Iterator[Found]:
    """Hold the data of every chart and table, as CSV, against the chapter that they are from."""
    for page in expected.values():
        for shown in (*page.charts.values(), *page.tables.values()):
            file, rows = f"{FIGURES}/{shown.name}.csv", [shown.table.get("columns", []), *shown.table.get("rows", [])]
            wanted = [["" if cell is None else str(cell) for cell in row] for row in rows]
            try:
                with (site / file).open(encoding="utf-8", newline="") as text:
                    said = write_difference(list(csv.reader(text)), wanted)
            except (OSError, ValueError, csv.Error) as error:
                said = f"it can't be read ({error}), and its page offers it"
            yield {"files": 1}
            if said:
                yield Fault(said, file, page.chapter, shown.figures)


@checks("site", "Figures for programs", ANEW)
def check_programs(site: Path, wave: str) -> Iterator[Found]:
    """Hold every share, mean and median, with interval and base, of the file that programs read against the data."""
    with reading(FIGURES_FILE):
        told = read_stated(json.loads((site / FIGURES_FILE).read_text(encoding="utf-8"))["figures"])
    yield {"figures": len(told)}
    yield from compare_told(FIGURES_FILE, told, state_figures(wave))


@checks("site", "Data package to take away", "the data files, byte by byte")
def check_archive(site: Path) -> Iterator[Found]:
    """Hold the files of the data package that a site offers against those of the report."""
    for path in sorted(site.glob(PACKAGES)):
        file = path.relative_to(site).as_posix()
        with reading(file), zipfile.ZipFile(path) as packed:
            resources = json.loads(packed.read(paths.PACKAGE_FILE))["resources"]
            there, listed = set(packed.namelist()), {str(one["path"]) for one in resources}
            content = {name: packed.read(name) for name in there & listed}
        yield {"files": len(content)}
        for name in sorted(there - listed - {paths.PACKAGE_FILE}):
            yield Fault(f"{name} is in it, and its {paths.PACKAGE_FILE} names no such file", file)
        for name in sorted(listed - there):
            yield Fault(f"{name} isn't in it", file)
        for name in sorted(content):
            if content[name] != (paths.data() / name).read_bytes():
                yield Fault(f"{name} in it isn't {paths.shown(paths.data() / name)}", file)


@checks("site", "Claims for programs", "the list of claims, and the data files read anew")
def check_claims_file(site: Path, expected: Mapping[str, Expected], wave: str) -> Iterator[Found]:
    """Hold every verdict that programs read against the list of claims, and the figures of each against the data."""
    tables = [table for page in expected.values() for table in page.tables.values()]
    entries = {entry["id"]: entry for table in tables for entry in table.content.get("entries", ())}
    if not entries:
        yield "The claims for programs: this report lists none."
        return
    with reading(CLAIMS_FILE):
        told = {one["id"]: one for one in json.loads((site / CLAIMS_FILE).read_text(encoding="utf-8"))["claims"]}
        stated = {name: read_stated(claim.get("figures", ())) for name, claim in told.items()}
    yield {"claims": len(told), "figures": sum(map(len, stated.values()))}
    for name in sorted(told.keys() | entries.keys()):
        one, listed = (every.get(name, {}) for every in (told, entries))
        # Pages set apostrophes, files leave them as they were written.
        one = json.loads(curl_apostrophes(json.dumps(one, ensure_ascii=False)))
        if any(one.get(key) != listed.get(key) for key in OF_CLAIMS):
            yield Fault(f"the claim '{name}' isn't as the list of claims has it", CLAIMS_FILE)
    due = state_figures(wave)
    for name, figures in stated.items():
        of_claim = {figure: due.get(figure) for figure in figures}
        yield from compare_told(CLAIMS_FILE, figures, of_claim, f"the claim '{name}': ")


def read_stated(figures: Iterable[Mapping[str, Any]]) -> dict[str, tuple[object, ...]]:
    """Return what figures are of, value, limits and base as a file for programs states them, by id."""
    told = ((one, one["interval"] or (None, None)) for one in figures)
    return {
        one["id"]: (one["population"], one["item"], one["value"], *interval, one["base"], one["base_is"])
        for one, interval in told
    }


def state_figures(wave: str) -> dict[str, tuple[object, ...]]:
    """Return what all figures of a wave are of, value, limits and base as files for programs have to state them."""
    items = read_labels("items")
    shares = ((one, one.state(6, 1)) for one in read_data_figures(wave))
    numbers = ((one, state_number(one)) for one in read_number_figures(wave))
    return {
        one.figure: (one.population, items.get(one.item), *stated, one.base, one.base_status)
        for one, stated in (*shares, *numbers)
    }


def state_number(one: DataFigure) -> tuple[float | None, ...]:
    """Return a mean, a median or a class of numbers and its limits, as a file for programs has them."""
    return tuple(
        None if told is None else float(f"{told:.6g}") for told in (one.percent, *(one.released or (None, None)))
    )


@checks("site", "Explorer", BY)
def check_explorer(site: Path) -> Iterator[Found]:
    """Hold the explorer's figures against those of every wave that it shows."""
    path = site / EXPLORER
    if not path.is_file():
        yield "The explorer: this site has none."
        return
    with reading(EXPLORER):
        data = read_json(parse_page(path.read_text(encoding="utf-8")).select_one("#explorer-data"))
        names, shown = ["question", *data["fields"]], []
        asked: dict[tuple[str, ...], list[list[str]]] = {}
        for file in sorted(site.glob(ANSWERS)):
            question, answers = json.loads(CALL.sub(r"[\1]", file.read_text(encoding="utf-8")))
            shown += [dict(zip(names, (question, *row), strict=True)) for row in answers["figures"]]
            asked |= {(*place.split("|"), question): told[4] for place, told in answers["asked"].items()}
    yield {"figures": len(shown)}
    items, populations = read_labels("items"), read_labels("populations")
    for wave in dict.fromkeys(str(row.get("wave")) for row in shown):
        classes = (one for one in read_number_figures(wave) if one.response.startswith("share."))
        figures = read_data_figures(wave)
        known = [(describe_explored(one, items), one.figure) for one in (*figures, *classes)]
        due = Counter([*(key for key, _ in known), *((LEFT, *one.told) for one in recompute_remainders(figures))])
        told = Counter(tuple(row.get(name) for name in EXPLORED) for row in shown if row.get("wave") == wave)
        rest = [(who, one) for (of, who, _), every in asked.items() if of == wave for one in every]
        told.update((LEFT, populations[who], one[2], one[4]) for who, one in rest)
        for found, said in ((told - due, "is in no figure of the data"), (due - told, "is missing")):
            for key in found:
                behind = (dict(known)[key],) if key in dict(known) else ()
                yield Fault(f"wave {wave}: {', '.join(map(str, key))} {said}", EXPLORER, figures=behind)


def describe_explored(one: DataFigure, items: Mapping[str, str]) -> tuple[object, ...]:
    """Return a figure as the explorer shows it, in the fields of `EXPLORED`."""
    named = (one.population, f"{one.item}.{one.response}", items.get(one.item, ""), one.status)
    value = {"number": one.text, "words": one.verbal}.get(one.status, "not published")
    return *named, value, *one.state(2, 1), one.base_text


@checks("site", "Full tables", ANEW)
def check_tables(site: Path, wave: str) -> Iterator[Found]:
    """Hold every share and base of the workbook of full tables against the data, cell by cell, in the data's order."""
    import openpyxl

    items, whose = read_labels("items"), read_labels("populations")
    for path in sorted(site.glob(TABLES)):
        file, known = path.relative_to(site).as_posix(), list_tables(wave)
        with reading(file):
            book = openpyxl.load_workbook(path, read_only=True)
            sheets = [list(book[name].iter_rows(values_only=True)) for name in book.sheetnames if name[:6] == "Table "]
            # A survey of numbers alone has no such sheet.
            listed = list(book[ALL_FIGURES].iter_rows(values_only=True)) if ALL_FIGURES in book.sheetnames else []
            told = {row[0]: tuple(map(dict(zip(listed[0], row, strict=True)).get, OF_SHEET)) for row in listed[1:]}
        yield {"tables": len(sheets)}
        stated = [(one, one.state(2, 1)[0]) for one in read_data_figures(wave)]
        due = {
            one.figure: (whose[one.population], items.get(one.item), share, one.base, one.base_status)
            for one, share in stated
        }
        yield from compare_told(file, told, due, f"{ALL_FIGURES}: ")
        if len(sheets) != len(known):
            yield Fault(f"it has {len(sheets)} tables where the data have {len(known)} questions", file)
        for (question, wanted), rows in zip(known, sheets, strict=False):
            yield from locate(compare_sheet(wanted, rows, question), f"'{question}': ", file=file)


def list_tables(wave: str) -> list[tuple[str, list[list[DataFigure | None]]]]:
    """Return the title of each question with its figures in a wave: a row an item and response, a column a group.

    Rows are in the codebook's order. Columns stand as the data name them first, whole populations before groups, and
    each population's groups by one variable together.
    """
    folder = paths.data() / "codebook"
    items = sorted(read_rows(folder / "items.csv"), key=lambda row: int(row["order"]))
    ranks = {row["item_id"]: rank for rank, row in enumerate(items)}
    asked = {row["item_id"]: row["question_id"] for row in items}
    answers = {(row["kind"], row["response"]): rank for rank, row in enumerate(read_rows(folder / "responses.csv"))}
    figures, found = [*read_data_figures(wave), *read_number_figures(wave)], []
    for question in read_rows(folder / "questions.csv"):
        own = {one.key: one for one in figures if asked[one.item] == question["question_id"]}
        places, lines = (list(dict.fromkeys(key[part] for key in own)) for part in (slice(2), slice(2, 4)))
        variables = [(name, domain.split("=")[0]) for name, domain in places]
        firsts = {place: variables.index(one) for place, one in zip(places, variables, strict=True)}
        places.sort(key=lambda place: (place[1] != "", firsts[place] if place[1] else 0))
        # Classes of numbers have no place in the codebook, and stand as they were released.
        lines.sort(key=lambda line: (ranks[line[0]], answers.get((question["kind"], line[1]), 0)))
        if own:
            found.append((question["title"], [[own.get((*place, *line)) for place in places] for line in lines]))
    return found


def compare_sheet(
    wanted: Sequence[Sequence[DataFigure | None]], rows: Sequence[Sequence[object]], title: str
) -> Iterator[Fault]:
    """Yield where a sheet of a full table isn't what the data give: its title, what heads it, a share or a base."""
    if not str(rows[0][0]).endswith(f". {title}"):
        yield Fault(f"this is due, and a sheet is headed '{rows[0][0]}'")
        return
    head = next(place for place, row in enumerate(rows) if row[0] in HEADS)
    # A letter in brackets heads the letters of the column before it.
    places = [place for place, name in enumerate(rows[head]) if place and name and not LETTER.fullmatch(str(name))]
    bases, due = list[object](), list(wanted)
    labels, populations = read_labels("items"), read_labels("populations")
    whose = [next(filter(None, column)) for column in zip(*wanted, strict=True)]
    wholes = {one.population: populations[one.population] for one in whose if not one.domain}
    for place, one in zip(places, whose, strict=False):
        if not one.domain and len(wholes) > 1 and rows[head][place] != wholes[one.population]:
            yield Fault(f"a column is headed '{rows[head][place]}' where '{wholes[one.population]}' is due")
    several = len({one.item for line in wanted for one in line if one}) > 1
    for row in takewhile(itemgetter(0), rows[head + 1 :]):
        name, cells = str(row[0]), [row[place] for place in places]
        if name.casefold().endswith(BASES):
            bases = cells if name.casefold().endswith(BASES[0]) else bases
            continue
        figures = due.pop(0) if due else []
        item = next((labels.get(one.item, "") for one in figures if one), "")
        if several and not name.startswith(item):
            yield Fault(f"a row is called '{name}' where '{item}' is due")
        for one, share, base in zip(figures, cells, bases, strict=False):
            known, behind = one.percent if one and one.status == "number" else None, (one.figure,) if one else ()
            number = float(share) if isinstance(share, int | float) else None
            if (number is None) != (known is None) or abs((number or 0) - (known or 0)) > CELLS_OFF:
                yield Fault(f"'{name}': {share} where the data have {known}", figures=behind)
            elif one and one.base is not None and base != one.base:
                yield Fault(f"'{name}': a base of {base} where the data have {one.base}", figures=behind)
    if due:
        yield Fault(f"{len(due)} of its {len(wanted)} rows are missing")


def read_number_figures(wave: str) -> Iterator[DataFigure]:
    """Yield what a wave's ``numbers.csv`` holds as figures: means and medians in their unit, classes in per cent."""
    for row in read_rows(paths.waves() / wave / "numbers.csv"):
        value, low, high, base = (read_number(row.get(name)) for name in ("value", "low", "high", "base"))
        factor, told = 100 if row["statistic"] == "share" else 1, row["statistic"]
        if told == "share":
            ends = (read_number(row.get(name)) for name in ("lowest", "highest"))
            told += "." + "-".join("" if end is None else f"{end:g}" for end in ends)
        yield DataFigure(
            figure=f"{row['population']}[{row['domain']}].{row['item_id']}.{told}",
            wave=wave, population=row["population"], domain=row["domain"], item=row["item_id"],
            response=told, status=row["status"], percent=None if value is None else value * factor, decimals=1,
            verbal="", base=None if base is None else int(base), base_status="stated", effective=None,
            released=() if low is None or high is None else (low * factor, high * factor),
        )  # fmt: skip


@checks("site", "What changed", ANEW)
def check_changes(site: Path, wave: str, baseline: str) -> Iterator[Found]:
    """Hold every share, limit and change that a site tells as data, and in its feed, against the data of both waves."""
    path, feed = site / CHANGES, site / FEED
    if not path.is_file():
        if baseline or feed.is_file():
            yield Fault("it is missing, though this edition compares two waves", CHANGES)
        return
    with reading(CHANGES):
        told = json.loads(path.read_text(encoding="utf-8"))
        sides = {"now": str(told["wave"]["id"]), "before": str(told["baseline"]["id"])}
        entries, means = told["changes"], told["means"]
        stated = {side: read_stated(one[side] for one in (*entries, *means)) for side in sides}
    if sides != {"now": wave, "before": baseline.rpartition(",")[2].strip()}:
        yield Fault(f"it compares {sides['now']} with {sides['before']}", CHANGES)
        return
    yield {"changes": len(entries) + len(means)}
    for side, name in sides.items():
        due = state_figures(name)
        yield from compare_told(CHANGES, stated[side], {one: due.get(one) for one in stated[side]}, f"{side}: ")
    written = squeeze(parse_page(feed.read_text(encoding="utf-8")).get_text()) if feed.is_file() else ""
    for one in entries:
        figures = (one["now"]["id"],)
        points, moved = one["now"]["value"] - one["before"]["value"], one["change"]["by"]
        if abs(points - moved) > POINTS_APART:
            said = f"'{one['title']}': {moved} points where the shares are {points:.2f} apart"
            yield Fault(said, CHANGES, figures=figures)
        for text in (one["title"], *(one[side]["text"] for side in sides)):
            if written and not one["is_group"] and squeeze(text) not in written:
                yield Fault(f"it lacks, or has otherwise: '{text}'", FEED, figures=figures)


@checks("site", "Figures in {0.name}", f"{PDF_READER}, against the executed chapters", local=True)
def check_pdf(path: Path, site: Path, expected: Mapping[str, Expected]) -> Iterator[Found]:
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
    reader = shutil.which(PDF_READER)
    if reader is None:
        yield f"The figures in {path.name}: {PDF_READER} isn't installed (Debian: poppler-utils)."
        return
    command = [reader, "-raw", str(path), "-"]
    try:
        text = subprocess.run(command, capture_output=True, text=True, check=True, timeout=SECONDS).stdout
    except (subprocess.SubprocessError, OSError) as error:
        yield Fault(f"it can't be read: {str(getattr(error, 'stderr', '') or error).strip()[:200]}", path.name)
        return
    edition = find_edition_name(site)
    printed = [strip_foot(sheet, number, edition) for number, sheet in enumerate(text.split("\f"), start=1)]
    sheets = list(map(squeeze_paper, printed))
    texts = [(one, chapter) for chapter, page in expected.items() for one in list_pdf_texts(page)]
    pages = [parse_page(page.read_text(encoding="utf-8")).get_text(" ") for page in site.rglob("*.html")]
    known = {squeeze_paper(one) for page in pages for one in IN_PER_CENT.findall(page)}
    there = IN_PER_CENT.findall("".join(printed))
    yield {"texts with figures": len(texts), "percentages": len(there)}
    yield f"Words of {path.name} that hold no figure, and what it shows beside its text."
    for one, chapter in texts:
        if not has_words(sheets, one.text):
            said = f"it lacks, or has otherwise: '{one.text.replace(CELLS_APART, ' ')[:80]}'"
            yield Fault(said, path.name, chapter, one.figures)
    for stranger in dict.fromkeys(map(squeeze_paper, there)):
        if stranger not in known:
            yield Fault(f"'{stranger}' stands in it, and on no page", path.name)


def find_edition_name(site: Path) -> str:
    """Return the edition that the pages of a site say they belong to."""
    html = (site / "index.html").read_text(encoding="utf-8", errors="replace")
    return read_text(parse_page(html).select_one(".edition"))


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
    return PAPER_SPACES.sub("", set_quotes(text))
