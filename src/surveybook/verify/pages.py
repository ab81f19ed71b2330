"""Whether built pages, and embeds, show what their executed chapters say, and whether that follows from the data.

A page is parsed as any reader of HTML would; nothing of the code that wrote it is used.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from surveybook.book.notebooks import Shown, find_difference
from surveybook.model import paths
from surveybook.model.problems import Fault
from surveybook.model.report import read_report
from surveybook.verify.chapters import Expected
from surveybook.verify.recomputation import (
    RECOMPUTED,
    TRACED,
    DataFigure,
    DataFigures,
    read_codebook_rows,
    recompute_table,
    recompute_words,
    round_printed,
)
from surveybook.verify.record import LISTS, Check, Found, checks, locate

# What the page leaves out of a specification, because it says it in text.
SAID_IN_TEXT = ("title", "description", "usermeta", "background")
AGAINST = "the executed chapter"
# What is counted on a page.
COUNTED = ("pages", "glued texts", "printed phrases", "cards", "charts", "tables", RECOMPUTED, TRACED)
# Where charts and tables stand on a page, and how their names begin there.
EXHIBITS = {"chart": ("figure.chart", "fig-"), "table": ("div.data-table", "tab-")}
EMBED = re.compile(r"(?:editions/[^/]+/)?embed/[^/]+\.html")
LARGEST_PAGE = 100_000_000
# What ends the sentence stays with a verdict, so that it begins no line.
ENDINGS = ".,;:)"

# Digits of any kind, raised ones, fractions and Roman numerals among them.
NUMERIC = re.compile(r"[\d²³¹¼-¾⁰⁴-⁹₀-₉⅐-ↈ①-⓿]+")
# What data for search engines say of themselves has dates and versions too.
SHARE = re.compile(r"[\d.]+ ?(?:%|per cent)")
HEADINGS = ("h1", "h2", "h3", "h4")
PLAIN_NUMBER = re.compile(r"\d+(?:\.\d+)?")
OF_SEARCH_ENGINES = 'script[type="application/ld+json"]'
DESCRIBED = 'meta[name="description"], meta[property="og:title"], meta[property="og:description"]'


def list_pages(files: Iterable[str]) -> list[str]:
    """Return the pages among the files of a site: embeds aren't pages of the book."""
    return [file for file in files if file.endswith(".html") and not EMBED.fullmatch(file)]


def read_pages(
    site: Path, expected: Mapping[str, Expected], known: DataFigures, files: Iterable[str]
) -> dict[str, Check]:
    """Return what is found on pages of a site, by file, each held against its executed chapter and the data.

    Parameters
    ----------
    site : Path
        The folder of the site.
    expected : mapping
        What each chapter says, by document.
    known : DataFigures
        The figures as the data files hold them.
    files : iterable of str
        The pages. One that is far too large, or can't be read, holds no text.
    """
    found = {}
    for file in files:
        try:
            path = site / file
            html = path.read_text("utf-8", errors="replace") if path.stat().st_size <= LARGEST_PAGE else ""
        except OSError:
            html = ""
        found[file] = check_page(file, html, expected.get(file.removesuffix(".html")), known)
    return found


@checks("site", "{0}", "each page parsed, against its executed chapter and the data files")
def check_pages(name: str, found: Mapping[str, Check], expected: Mapping[str, Expected]) -> Iterator[Found]:
    """Return what was found on pages as one check of a name."""
    for page in found.values():
        yield page.counts
        yield from page.faults
    yield from (Fault("the page is missing", f"{name}.html", name) for name in expected if f"{name}.html" not in found)
    chapters = (expected[document] for document in expected if f"{document}.html" in found)
    yield {"survey figures": len({figure for chapter in chapters for figure in chapter.figures})}


@checks("site", "{0}", "its executed chapter and the data files")
def check_page(file: str, html: str, expected: Expected | None, known: DataFigures) -> Iterator[Found]:
    """Hold a page against its executed chapter and the data.

    Parameters
    ----------
    file, html : str
        The page's file in the site, and what it holds.
    expected : Expected or None
        What its chapter says; None for a page without a notebook, which shows no figure of the survey.
    known : DataFigures
        The figures as the data files hold them.
    """
    chapter = file.removesuffix(".html")
    yield from locate(look_at_page(parse_page(html), expected or Expected(chapter), known), file=file, chapter=chapter)


def look_at_page(page: BeautifulSoup, expected: Expected, known: DataFigures) -> Iterator[Found]:
    """Yield what there is on a page, and what is wrong with it."""
    yield dict.fromkeys(COUNTED, 0)
    article = page.find("article")
    if article is None:
        yield Fault("the page has no text")
        return
    yield {"pages": 1}
    yield from check_phrases("glued texts", article.select(".pasted-text"), expected.pasted, known)
    yield from check_phrases("printed phrases", article.select(".printed"), expected.printed, known, ENDINGS)
    yield from check_cards(article, expected, known)
    yield from check_exhibits("chart", article, expected.charts, known)
    yield from check_exhibits("table", article, expected.tables, known)
    yield from check_reading(article, expected.charts.values())
    for text in read_head(page):
        if text.removesuffix("…") not in read_text(article):
            yield Fault(f"its head tells '{text[:80]}', which its text doesn't")
    # A report may be called by a year, and so may a question, and both name pages and sections; as waves do.
    names = [read_report().full_title, *(row["title"] for row in read_codebook_rows("questions")), *paths.list_waves()]
    named = {number for name in names for number in NUMERIC.findall(name)}
    for text in article.find_all(string=NUMERIC):
        is_named = text.find_parent(HEADINGS) and named.issuperset(NUMERIC.findall(text))
        if not is_named and not is_traced(text):
            yield Fault(f"a number stands in '{squeeze(text)[:80]}' and no executed cell gave it")


@checks("site", "Embeds", "each page parsed, against its executed chapter and the data files")
def check_embeds(site: Path, expected: Mapping[str, Expected], known: DataFigures) -> Iterator[Found]:
    """Hold the embed of every figure, wherever it stands, against what its chapter stored and against the data."""
    charts = {name: (page.chapter, shown) for page in expected.values() for name, shown in page.charts.items()}
    folders = [folder for folder in (site / "embed", *site.glob("editions/*/embed")) if folder.is_dir()]
    yield {"embeds": 0}
    for folder in folders:
        there = {path.stem: path for path in sorted(folder.glob("*.html"))}
        for name in {**charts, **there}:
            file = (folder / f"{name}.html").relative_to(site).as_posix()
            if name in charts and name in there:
                chapter, shown = charts[name]
                page = parse_page(there[name].read_text(encoding="utf-8", errors="replace"))
                yield from locate(look_at_embed(page, shown, known), file=file, chapter=chapter, figures=shown.figures)
            else:
                yield Fault("the embed is of no figure" if name in there else "the embed is missing", file)


def look_at_embed(page: BeautifulSoup, shown: Shown, known: DataFigures) -> Iterator[Found]:
    """Yield how many numbers of an embed follow from the data, and what is wrong with it."""
    yield {"embeds": 1}
    main = page.find("main")
    if main is None:
        yield Fault("it has no text")
        return
    yield from check_reading(main, [shown])
    for one in check_exhibits("chart", main, {shown.name: shown}, known):
        # Its other numbers are counted on the page of its chapter.
        yield {RECOMPUTED: one.get(RECOMPUTED, 0)} if isinstance(one, Mapping) else one


def compare_page_text(where: str, found: object, expected: object, figures: tuple[str, ...] = ()) -> Iterator[Fault]:
    """Yield that a text isn't what the chapter has there, white space aside."""
    if difference := write_difference(squeeze(found), squeeze(expected)):
        yield Fault(f"{where} reads {difference}", figures=figures)


def count_off(kind: str, there: Sequence[object], wanted: Sequence[object]) -> Iterator[Found]:
    """Yield how many of a kind stand on a page, and that the chapter has more or fewer."""
    yield {kind: len(there)}
    if len(there) != len(wanted):
        yield Fault(f"{len(there)} {kind} where {AGAINST} has {len(wanted)}")


def check_text(where: str, text: str, figures: tuple[str, ...], known: DataFigures) -> Iterator[Found]:
    """Hold the numbers of a text against the figures that it rests on; what is wrong is said of where it stands."""
    return locate(recompute_words(text, figures, known), f"{where}: ")


def check_phrases(
    kind: str, tags: Iterable[Tag], phrases: Iterable[Shown], known: DataFigures, ends: str = ""
) -> Iterator[Found]:
    """Hold the glued words of a page, or printed phrases with their verdicts, against those of its chapter, in order.

    Empty ones show nothing. What a page sets behind a phrase is no part of it. Of a printed phrase, which is about
    another wave, the verdict alone is held against the figures.
    """
    texts = [set_quotes(read_text(tag)).rstrip(ends) for tag in tags if not tag.find_parent("nav")]
    there, wanted = list(filter(None, texts)), [shown for shown in phrases if shown.text or ends]
    yield from count_off(kind, there, wanted)
    for text, shown in zip(there, wanted, strict=False):
        where = f"the {kind[:-1]} '{shown.name}'"
        yield from compare_page_text(where, text, set_quotes(shown.text).rstrip(ends), shown.figures)
        yield from check_text(where, shown.content.get("chip", shown.text), shown.figures, known)


def check_claims(tag: Tag, shown: Shown, known: DataFigures) -> Iterator[Found]:
    """Hold a list of claims against those that its chapter stored, and what was measured against the data."""
    wanted = {f"claim-{entry['id']}".lower(): entry for entry in shown.content["entries"]}
    there = {str(one.get("id", "")): read_text(one) for one in tag.select(".claim")}
    for name in sorted(wanted.keys() ^ there.keys()):
        yield Fault(f"the claim '{name}' is on the page or in {AGAINST} alone")
    for name in sorted(wanted.keys() & there.keys()):
        entry, figures = wanted[name], tuple(wanted[name].get("figures", ()))
        parts = entry["parts"]
        told = [part.get("chip") for part in parts] + [entry["chip"] if len(parts) == 1 else entry["verdict"]]
        told += [one.get(key) for part in parts for one in part["readings"] for key in ("reading", "reason", "note")]
        pieces, left = filter(None, (entry["statement"], entry["locator"], *told)), there[name]
        # Each once, the longest first: a verdict of the whole may be that of a part too.
        for piece in sorted(map(squeeze, pieces), key=len, reverse=True):
            if piece not in left:
                yield Fault(f"the claim '{name}' doesn't say '{piece[:80]}'", figures=figures)
            left = left.replace(piece, "", 1)
        yield from check_text(f"the verdict on '{name}'", entry["chip"], figures, known)


def check_cards(article: Tag, expected: Expected, known: DataFigures) -> Iterator[Found]:
    """Hold every card of findings on a page against its chapter, and its figures against the data."""
    there, notes = article.select("ol.findings > li"), article.select(".findings-note")
    yield from count_off("cards", there, expected.cards)
    yield from compare_page_text(
        "the note on the cards", " ".join(map(read_text, notes)), " ".join(expected.card_notes)
    )
    # Where one kind of people was asked, a page doesn't say whose figure it is.
    several = len({one["population"] for shown in expected.cards for one in shown.content["shown"]}) > 1
    for tag, shown in zip(there, expected.cards, strict=False):
        where = f"the card '{shown.name}'"
        yield {RECOMPUTED: sum(key in one for one in shown.content["shown"] for key in ("share", "low", "high"))}
        yield from locate(check_card(tag, shown, known, several=several), f"{where}: ", figures=shown.figures)
        yield from check_text(where, str(shown.content.get("says", "")), shown.figures, known)


def check_card(tag: Tag, shown: Shown, known: DataFigures, *, several: bool) -> Iterator[Fault]:
    """Yield where a card on the page isn't the one that its notebook stored, and where that isn't the data's."""
    card, told, marks = shown.content, list[str](), list[str]()
    for one in card["shown"]:
        interval = f"interval {one['interval']}" if "interval" in one else ""
        named = f"{one['who']}: {one['what']}" if several else one["what"][:1].upper() + one["what"][1:]
        told += [named, one["value"], interval]
        marks += [f"{one[key]}%" for key in ("low", "was", "share") if key in one]
    drawn = [read_attribute(mark, "x") or read_attribute(mark, "cx") for mark in tag.select("rect, circle")]
    yield from compare_page_text("its sentence", read_text(tag.select_one(".finding-says")), card["says"])
    yield from compare_page_text("its topic", read_text(tag.select_one(".finding-topic")), card["title"])
    figures = " ".join(map(read_text, tag.select(".finding-figures > div")))
    yield from compare_page_text("what it tells of figures", figures, " ".join(told))
    yield from compare_page_text("its bands and dots", " ".join(drawn), " ".join(marks))
    for figure, one in zip(shown.figures, card["shown"], strict=False):
        behind = known.of([figure]) if len(shown.figures) == len(card["shown"]) else []
        if behind and not any(fits_figure(one, candidate) for candidate in behind):
            yield Fault(f"{one['value']} ({one.get('interval', 'no interval')}) isn't what the data give for {figure}")
        earlier = [same.state(1, 1)[0] for same in known.in_all_waves([figure])]
        if behind and "was" in one and round_printed(one["was"], 1) not in earlier:
            yield Fault(f"the ring at {one['was']} isn't what the data of any wave give for {figure}")


def fits_figure(one: Mapping[str, Any], figure: DataFigure) -> bool:
    """Return whether a figure of a card has the share and the limits of the data."""
    if "share" not in one:
        return figure.status != "number"
    wanted = zip(("share", "low", "high"), figure.state(1, 1), strict=True)
    return all(round_printed(one[key], 1) == value for key, value in wanted if key in one)


def check_exhibits(kind: str, article: Tag, wanted: Mapping[str, Shown], known: DataFigures) -> Iterator[Found]:
    """Hold the charts or the tables of a page against those of its chapter: which there are, then one by one."""
    selector, prefix = EXHIBITS[kind]
    there = article.select(selector)
    names = [str(tag.get("id", "")).removeprefix(prefix) for tag in there]
    yield {f"{kind}s": len(there)}
    for name in wanted:
        if name not in names:
            yield Fault(f"the {kind} '{name}' is missing", figures=wanted[name].figures)
    for name, times in Counter(names).items():
        if name not in wanted:
            yield Fault(f"the {kind} '{name}' is of no executed cell")
        elif times > 1:
            yield Fault(f"the {kind} '{name}' stands {times} times", figures=wanted[name].figures)
    for name, tag in zip(names, there, strict=True):
        if name in wanted:
            found = check_exhibit(kind, tag, wanted[name], known)
            yield from locate(found, f"the {kind} '{name}', ", figures=wanted[name].figures)


def check_reading(article: Tag, charts: Iterable[Shown]) -> Iterator[Fault]:
    """Hold what a page says once of how to read its charts against what these have to say."""
    wanted = {text for one in charts for text in (one.story.get("interval_note"), *one.story.get("reading", []))}
    there = (read_text(tag) for tag in article.select(".how-to-read > p"))
    yield from compare_page_text(
        "how to read its charts", " ".join(sorted(there)), " ".join(sorted(map(squeeze, wanted)))
    )


def check_exhibit(kind: str, tag: Tag, shown: Shown, known: DataFigures) -> Iterator[Found]:
    """Hold one chart or table against what its chapter stored, and its data against the survey's figures."""
    story, table = shown.story, shown.table
    notes = [story.get("interval_note"), story.get("note"), *story.get("notes", []), story.get("source")]
    if kind == "chart":
        notes = [*story.get("notes", []), story.get("foot") or f"{story.get('base')} {story.get('source')}"]
        alternative = read_attribute(tag.select_one(".chart-picture > svg"), "aria-label")
        yield from compare_page_text("its alternative", alternative, story.get("alternative"))
        yield from check_drawing(tag, shown)
        for text in (story.get("title", ""), story.get("alternative", ""), *story.get("notes", [])):
            yield from check_text("its words", text, shown.figures, known)
    yield from compare_page_text("its title", read_text(tag.select_one(".chart-title")), story.get("title"))
    yield from compare_page_text("its question", read_text(tag.select_one(".chart-question")), story.get("subtitle"))
    on_page = " ".join(map(read_text, tag.select(".chart-notes > p")))
    yield from compare_page_text("its notes", on_page, " ".join(filter(None, notes)))
    yield from check_claims(tag, shown, known) if "entries" in table else check_table_cells(tag.find("table"), shown)
    yield from locate(recompute_table(shown, known), "its data: ")


def check_drawing(tag: Tag, shown: Shown) -> Iterator[Fault]:
    """Yield where a chart's drawing, or what draws it live, isn't what its chapter stored; an embed isn't live."""
    stored = set(PLAIN_NUMBER.findall(json.dumps(shown.content)))
    records = shown.content.get("data", {}).get("values", [])
    told = Counter(str(record["text"]) for record in records if "text" in record)
    for drawing in tag.select(".chart-picture > svg"):
        for text, times in Counter(map(read_text, drawing.select("text:not(.role-axis-label text)"))).items():
            # A share beside a mark is told by its record; an author's own chart may write numbers as texts.
            is_beside = told and SHARE.fullmatch(text)
            is_told = times <= told[text] if is_beside else stored.issuperset(PLAIN_NUMBER.findall(text))
            if SHARE.search(text) and not is_told:
                yield Fault(f"its drawing says '{text}'")
    if tag.find_parent("article") is not None:
        inlined = read_json(tag.select_one("script.chart-spec"))
        is_read = isinstance(inlined, dict)
        difference = write_difference(drop_words(inlined), drop_words(shown.content)) if is_read else "it can't be read"
        if difference:
            yield Fault(f"its specification: {difference}")


def check_table_cells(tag: Tag | None, shown: Shown) -> Iterator[Fault]:
    """Yield where a table on the page isn't the one that its chapter stored, cell by cell."""
    every = [[read_text(cell) for cell in row.find_all(["th", "td"])] for row in tag.find_all("tr")] if tag else []
    above = 1 if tag and tag.select_one("tr.groupings") else 0
    found = every[above:]
    stored = [shown.table.get("columns", []), *shown.table.get("rows", [])]
    columns, *wanted = [[squeeze(cell) for cell in row] for row in stored]
    if len(found or [columns]) != len(stored):
        yield Fault(f"it has {len(found) - 1} rows where {AGAINST} has {len(wanted)}")
    yield from compare_page_text("its row of heads", ", ".join(found[0] if found else ()), ", ".join(columns))
    if above:
        # What stands over columns that are read across is what their heads begin with.
        groupings = [name for name, _ in groupby(column.rpartition(": ")[0] for column in columns)]
        yield from compare_page_text("what stands above its heads", ", ".join(every[0]), ", ".join(groupings))
    each = len(shown.figures) == len(wanted)
    for number, (cells, due) in enumerate(zip(found[1:], wanted, strict=False)):
        for name, *pair in zip_longest(columns, cells, due):
            if pair[0] != pair[1]:
                said = f"row '{due[0][:60]}', {name or 'its length'}: '{pair[0]}' where {AGAINST} has '{pair[1]}'"
                yield Fault(said, figures=(shown.figures[number],) if each else ())


def drop_words(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a specification draws, without what a page says in text and how it is announced."""
    config = {key: value for key, value in spec.get("config", {}).items() if key != "aria"}
    return {key: value for key, value in spec.items() if key not in SAID_IN_TEXT} | {"config": config}


def write_difference(found: Any, expected: Any) -> str:
    """Return where two values first differ, with both, as the end of a sentence; empty where they don't."""
    difference = find_difference(found, expected)
    if difference is None:
        return ""
    place, one, other = difference
    return f"{place}{' is ' if place else ''}'{one}' where {AGAINST} has '{other}'"


def parse_page(html: str) -> BeautifulSoup:
    """Return a page as a tree."""
    return BeautifulSoup(html, "lxml")


def squeeze(text: object) -> str:
    """Return a text with single spaces, as a page shows it; nothing for nothing."""
    return "" if text is None else " ".join(str(text).split())


def read_text(tag: Tag | None) -> str:
    """Return the text of an element with single spaces; empty where there is no such element."""
    return "" if tag is None else squeeze(tag.get_text())


def read_attribute(tag: Tag | None, name: str) -> str:
    """Return what an attribute of an element holds; empty where there is neither."""
    return "" if tag is None else str(tag.get(name, ""))


def set_quotes(text: object) -> str:
    """Return a text as a page sets it: single spaces, and typographic quotation marks, dashes and points."""
    text = squeeze(text).replace("'", "’").replace("---", "—").replace("--", "–").replace("...", "…")
    return re.sub("[“”]", '"', text)


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
    shares = SHARE.findall(" ".join(tag.string or "" for tag in page.select(OF_SEARCH_ENGINES)))
    return [text for text in dict.fromkeys([title, *described, *shares]) if NUMERIC.search(text)]


def is_traced(text: NavigableString) -> bool:
    """Return whether a text stands in a part of a page whose numbers are of a known origin."""
    elements, classes = LISTS["traced_elements"], {*LISTS["traced_classes"]}
    return any(tag.name in elements or not classes.isdisjoint(tag.get("class") or ()) for tag in text.parents)
