"""Whether a built page shows what its executed chapter says, and whether that follows from the data.

The page is parsed as any reader of HTML would; nothing of the code that wrote it is used.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag

from surveybook.book.notebooks import Shown, find_difference
from surveybook.model.report import read_report
from surveybook.verify.chapters import Expected
from surveybook.verify.recomputation import (
    RECOMPUTED,
    TRACED,
    DataFigure,
    DataFigures,
    check_across,
    check_remainders,
    check_rows,
    check_words,
    print_number,
)
from surveybook.verify.record import Fault, Found, checks

# What the page leaves out of a specification, because it says it in text.
SAID_IN_TEXT = ("title", "description", "usermeta", "background")
AGAINST = "the executed chapter"
# Where charts and tables stand on a page, and how their names begin there.
EXHIBITS = {"chart": ("figure.chart", "fig-"), "table": ("div.data-table", "tab-")}
LARGEST_PAGE = 100_000_000
# Parts of a page whose numbers are of a known origin: checked elsewhere, written by the author, or no data at all.
TRACED_ELEMENTS = frozenset({"pre", "code", "script", "style", "math", "nav"})
TRACED_CLASSES = frozenset(
    {
        "pasted-text", "chart", "data-table", "bound-evidence", "bound-date", "bound-item", "bound-question", "std-doc",
        "bibtex-citation",
        "citation", "citation-list", "headerlink", "std-numref", "statement-label", "statement-claims", "printed",
        "certificate", "explorer", "findings", "how-to-read", "findings-note", "fold-name",
    }
)  # fmt: skip
# Digits of any kind, raised ones, fractions and Roman numerals among them.
NUMERIC = re.compile(r"[\d²³¹¼-¾⁰⁴-⁹₀-₉⅐-ↈ①-⓿]")
# What data for search engines say of themselves has dates and versions too.
SHARE = re.compile(r"[\d.]+ ?(?:%|per cent)")
PLAIN_NUMBER = re.compile(r"\d+(?:\.\d+)?")
OF_SEARCH_ENGINES = 'script[type="application/ld+json"]'
DESCRIBED = 'meta[name="description"], meta[property="og:title"], meta[property="og:description"]'

# What looking at a page yields: how much of what there is, and what is wrong with the figures that it concerns.
Seen = Mapping[str, int] | tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class PageFound:
    """What one page was found to hold: how much of what, what is wrong, and the survey's figures that it shows."""

    counts: Counter[str]
    faults: tuple[Fault, ...]
    figures: frozenset[str]


def read_pages(
    site: Path, expected: Mapping[str, Expected], known: DataFigures, files: Iterable[str]
) -> dict[str, PageFound]:
    """Return what pages of a site hold, by file, each held against its executed chapter and the data.

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
def check_pages(name: str, found: Mapping[str, PageFound]) -> Iterator[Found]:
    """Return what pages were found to hold as a check of a name."""
    counts = sum((page.counts for page in found.values()), Counter())
    yield {
        key: counts[key]
        for key in ("pages", "glued texts", "printed phrases", "cards", "charts", "tables", RECOMPUTED, TRACED)
    }
    yield {"survey figures": len({figure for page in found.values() for figure in page.figures})}
    yield from (fault for page in found.values() for fault in page.faults)


def check_page(file: str, html: str, expected: Expected | None, known: DataFigures) -> PageFound:
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
    page, chapter = parse_page(html), file.removesuffix(".html")
    article = page.find("article")
    if article is None:
        return PageFound(Counter(), (Fault("the page has no text", file, chapter),), frozenset())
    expected = expected or Expected(chapter)
    counts, said = Counter({"pages": 1}), list[tuple[str, tuple[str, ...]]]()
    for seen in (
        *check_pasted(article, expected, known),
        *check_printed(article, expected, known),
        *check_cards(article, expected, known),
        *check_exhibits("chart", article, expected.charts, known),
        *check_exhibits("table", article, expected.tables, known),
        *check_reading(article, expected),
    ):
        if isinstance(seen, Mapping):
            counts.update(seen)
        else:
            said.append(seen)
    told = [text for text in read_head(page) if text.removesuffix("…") not in read_text(article)]
    said += [(f"its head tells '{text[:80]}', which its text doesn't", ()) for text in told]
    # A report may be called by a year.
    loose = [text for text in find_loose_numbers(article) if text != read_report().full_title]
    said += [(f"a number stands in '{text[:80]}' and no executed cell gave it", ()) for text in loose]
    return PageFound(counts, tuple(Fault(text, file, chapter, figures) for text, figures in said), expected.figures)


def check_text(text: str, figures: tuple[str, ...], known: DataFigures, where: str) -> Iterator[Seen]:
    """Hold the numbers of a text against the figures that it rests on; what is wrong is said of where it stands."""
    found, wrong = check_words(text, figures, known)
    yield found
    yield from ((f"{where}: {said}", figures) for said in wrong)


def check_pasted(article: Tag, expected: Expected, known: DataFigures) -> Iterator[Seen]:
    """Hold the glued words of a page against those of its chapter, in their order; empty ones show nothing."""
    there = [tag for tag in article.select(".pasted-text") if not tag.find_parent("nav") and read_text(tag)]
    wanted = [shown for shown in expected.pasted if shown.text]
    yield {"glued texts": len(there)}
    if len(there) != len(wanted):
        yield f"{len(there)} glued texts where the chapter pastes {len(wanted)}", ()
    for tag, shown in zip(there, wanted, strict=False):
        if difference := write_difference(set_quotes(read_text(tag)), set_quotes(shown.text)):
            yield f"the glued text '{shown.name}' reads {difference}", shown.figures
        else:
            yield from check_text(shown.text, shown.figures, known, f"the glued text '{shown.name}'")


def check_printed(article: Tag, expected: Expected, known: DataFigures) -> Iterator[Seen]:
    """Hold the printed phrases of a page, and the verdict beside each, against the claims; figures against the data."""
    # What ends the sentence stays with the verdict, so that it begins no line.
    there = [read_text(tag).rstrip(".,;:)") for tag in article.select(".printed")]
    yield {"printed phrases": len(there)}
    if len(there) != len(expected.printed):
        yield f"{len(there)} printed phrases where the chapter has {len(expected.printed)}", ()
    for text, shown in zip(there, expected.printed, strict=False):
        if difference := write_difference(text, squeeze(shown.text).rstrip(".,;:)")):
            yield f"the printed phrase of '{shown.name}' reads {difference}", shown.figures
        else:
            yield from check_text(shown.content["chip"], shown.figures, known, f"the verdict on '{shown.name}'")


def check_claims(tag: Tag, shown: Shown, known: DataFigures) -> Iterator[Seen]:
    """Hold a list of claims against those that its chapter stored, and what was measured against the data."""
    wanted = {f"claim-{entry['id']}".lower(): entry for entry in shown.content["entries"]}
    there = {str(one.get("id", "")): read_text(one) for one in tag.select(".claim")}
    for name in sorted(wanted.keys() ^ there.keys()):
        yield f"the claim '{name}' is on the page or in {AGAINST} alone", ()
    for name in sorted(wanted.keys() & there.keys()):
        entry, text = wanted[name], there[name]
        readings = [reading for part in entry["parts"] for reading in part["readings"]]
        pieces = [
            entry["statement"],
            entry["chip"] if len(entry["parts"]) == 1 else entry["verdict"],
            entry["locator"],
            *(part["chip"] for part in entry["parts"] if "chip" in part),
        ]
        pieces += [reading[key] for reading in readings for key in ("reading", "reason", "note") if key in reading]
        yield from (
            (f"the claim '{name}' doesn't say '{piece[:80]}'", tuple(entry.get("figures", ())))
            for piece in pieces
            if squeeze(piece) not in text
        )
        yield from check_text(entry["chip"], tuple(entry.get("figures", ())), known, f"the verdict on '{name}'")


def check_cards(article: Tag, expected: Expected, known: DataFigures) -> Iterator[Seen]:
    """Hold every card of findings on a page against its chapter, and its figures against the data."""
    there = article.select("ol.findings > li")
    yield {"cards": len(there)}
    if len(there) != len(expected.cards):
        yield f"{len(there)} cards where {AGAINST} has {len(expected.cards)}", ()
    notes = [read_text(tag) for tag in article.select(".findings-note")]
    if notes != [squeeze(note) for note in expected.card_notes]:
        yield f"the note on the cards reads '{' '.join(notes)[:80]}'", ()
    for tag, shown in zip(there, expected.cards, strict=False):
        where = f"the card '{shown.name}'"
        yield {RECOMPUTED: sum(key in one for one in shown.content["shown"] for key in ("share", "low", "high"))}
        yield from ((f"{where}: {said}", shown.figures) for said in compare_card(tag, shown, known))
        yield from check_text(str(shown.content.get("says", "")), shown.figures, known, where)


def compare_card(tag: Tag, shown: Shown, known: DataFigures) -> Iterator[str]:
    """Yield where a card on the page isn't the one that its notebook stored, and where that isn't the data's."""
    card = shown.content
    pairs = [
        (read_text(tag.select_one(".finding-says")), card["says"]),
        (read_text(tag.select_one(".finding-topic")), card["title"]),
    ]
    figures, is_each = tag.select(".finding-figures > div"), len(shown.figures) == len(card["shown"])
    if len(figures) != len(card["shown"]):
        yield f"{len(figures)} figures where {AGAINST} has {len(card['shown'])}"
    for place, one in zip(figures, card["shown"], strict=False):
        dot, bar = place.find("circle"), place.find("rect")
        pairs += [
            (read_text(place.find("dt")), f"{one['who']}: {one['what']}"),
            (read_text(place.find("strong")), one["value"]),
            (read_text(place.select_one(".finding-interval")).removeprefix("interval "), one.get("interval", "")),
            (str(dot.get("cx", "")) if dot else "", f"{one['share']}%" if "share" in one else ""),
            (str(bar.get("x", "")) if bar else "", f"{one['low']}%" if "low" in one else ""),
        ]
    yield from (
        f"'{found}' where {AGAINST} has '{wanted}'" for found, wanted in pairs if squeeze(found) != squeeze(wanted)
    )
    for figure, one in zip(shown.figures, card["shown"], strict=True) if is_each else ():
        behind = known.of([figure])
        if behind and not any(fits_figure(one, candidate) for candidate in behind):
            yield f"{one['value']} ({one.get('interval', 'no interval')}) isn't what the data give for {figure}"


def fits_figure(one: Mapping[str, Any], figure: DataFigure) -> bool:
    """Return whether a figure of a card has the share and the limits of the data."""
    if "share" not in one:
        return figure.status != "number"
    wanted = dict(zip(("share", "low", "high"), (figure.percent, *(figure.limits or (None, None))), strict=True))
    return all(
        value is not None and print_number(one[key], 1) == print_number(value, 1)
        for key, value in wanted.items()
        if key in one
    )


def check_exhibits(kind: str, article: Tag, wanted: Mapping[str, Shown], known: DataFigures) -> Iterator[Seen]:
    """Hold the charts or the tables of a page against those of its chapter: which there are, then one by one."""
    selector, prefix = EXHIBITS[kind]
    there = article.select(selector)
    names = [str(tag.get("id", "")).removeprefix(prefix) for tag in there]
    yield {f"{kind}s": len(there)}
    yield from ((f"the {kind} '{name}' is missing", wanted[name].figures) for name in wanted if name not in names)
    for name, times in Counter(names).items():
        if name not in wanted:
            yield f"the {kind} '{name}' is of no executed cell", ()
        elif times > 1:
            yield f"the {kind} '{name}' stands {times} times", wanted[name].figures
    for name, tag in zip(names, there, strict=True):
        for seen in check_exhibit(kind, tag, wanted[name], known) if name in wanted else ():
            if isinstance(seen, Mapping):
                yield seen
            else:
                yield f"the {kind} '{name}', {seen[0]}", seen[1] or wanted[name].figures


def check_reading(article: Tag, expected: Expected) -> Iterator[Seen]:
    """Hold what a page says once of how to read its charts against what these have to say."""
    stories = [shown.story for shown in expected.charts.values()]
    wanted = {text for story in stories for text in (story.get("interval_note"), *story.get("reading", [])) if text}
    there = [read_text(tag) for tag in article.select(".how-to-read > p")]
    if sorted(there) != sorted(map(squeeze, wanted)):
        apart = sorted({*there} ^ {*map(squeeze, wanted)}) or there
        yield f"how to read its charts: '{apart[0][:80]}' stands there, or in {AGAINST}, alone", ()


def check_exhibit(kind: str, tag: Tag, shown: Shown, known: DataFigures) -> Iterator[Seen]:
    """Hold one chart or table against what its chapter stored, and its data against the survey's figures."""
    story, table = shown.story, shown.table
    notes = [story.get("interval_note"), story.get("note"), *story.get("notes", []), story.get("source")]
    if kind == "chart":
        notes = [*story.get("notes", []), story.get("foot") or f"{story.get('base')} {story.get('source')}"]
    texts = {
        "title": (read_text(tag.select_one(".chart-title")), story.get("title")),
        "notes": (" ".join(map(read_text, tag.select(".chart-notes > p"))), " ".join(filter(None, notes))),
    }
    if kind == "chart":
        picture = tag.select_one(".chart-picture > svg")
        texts |= {
            "question": (read_text(tag.select_one(".chart-question")), story.get("subtitle")),
            "alternative": (str(picture.get("aria-label", "")) if picture else "", story.get("alternative")),
        }
        yield from compare_drawing(tag, shown)
        for text in (story.get("title", ""), story.get("alternative", ""), *story.get("notes", [])):
            yield from check_text(text, shown.figures, known, "its words")
    for what, (on_page, executed) in texts.items():
        if difference := write_difference(squeeze(on_page), squeeze(executed)):
            yield f"its {what} reads {difference}", ()
    yield from check_claims(tag, shown, known) if "entries" in table else compare_table(tag.find("table"), shown)
    found, wrong_rows = check_rows(table.get("columns", []), table.get("rows", []), shown.figures, known)
    yield found
    if across := story.get("across"):
        right, wrong_cells = check_across(across, table["rows"], known)
        yield {RECOMPUTED: right, TRACED: -right}
        wrong_rows += wrong_cells
    if kind == "chart":
        right, wrong_left = check_remainders(table.get("columns", []), table.get("rows", []), shown.figures, known)
        yield {RECOMPUTED: right}
        wrong_rows += wrong_left
    yield from ((f"its data: {text}", (figure,) if figure else ()) for figure, text in wrong_rows)


def compare_drawing(tag: Tag, shown: Shown) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield where a chart's drawing, or what draws it live, isn't what its chapter stored; an embed isn't live."""
    stored = set(PLAIN_NUMBER.findall(json.dumps(shown.content)))
    for text in map(read_text, tag.select(".chart-picture text:not(.role-axis-label text)")):
        if SHARE.search(text) and not stored.issuperset(PLAIN_NUMBER.findall(text)):
            yield f"its drawing says '{text}'", ()
    if tag.find_parent("article") is None:
        return
    inlined = read_json(tag.select_one("script.chart-spec"))
    is_read = isinstance(inlined, dict)
    difference = write_difference(drop_words(inlined), drop_words(shown.content)) if is_read else "it can't be read"
    if difference:
        yield f"its specification: {difference}", ()


def compare_table(tag: Tag | None, shown: Shown) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield where a table on the page isn't the one that its chapter stored."""
    rows = [[read_text(cell) for cell in row.find_all(["th", "td"])] for row in tag.find_all("tr")] if tag else []
    stored = [shown.table.get("columns", []), *shown.table.get("rows", [])]
    columns, *wanted = [[squeeze(cell) for cell in row] for row in stored]
    if rows[:1] != [columns] and (rows or columns):
        yield f"its columns are {', '.join(rows[0] if rows else ())} where {AGAINST} has {', '.join(columns)}", ()
    if len(rows) - 1 != len(wanted) and (rows or wanted):
        yield f"it has {len(rows) - 1} rows where {AGAINST} has {len(wanted)}", ()
    for number, (found, expected) in enumerate(zip(rows[1:], wanted, strict=False)):
        if found != expected:
            pairs = zip(columns, found, expected, strict=False)
            name, one, other = next((pair for pair in pairs if pair[1] != pair[2]), ("its length", "", ""))
            resting = (shown.figures[number],) if len(shown.figures) == len(wanted) else ()
            yield f"row '{expected[0][:60]}', {name}: '{one}' where {AGAINST} has '{other}'", resting


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


def set_quotes(text: object) -> str:
    """Return a text as a page sets it: single spaces, and typographic quotation marks."""
    return squeeze(text).replace("'", "’")


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


def find_loose_numbers(article: Tag) -> list[str]:
    """Return the texts with numbers that stand in no part of a known origin."""

    def is_traced(tag: Tag) -> bool:
        return tag.name in TRACED_ELEMENTS or not TRACED_CLASSES.isdisjoint(tag.get("class") or ())

    return [squeeze(text) for text in article.find_all(string=NUMERIC) if not any(map(is_traced, text.parents))]
