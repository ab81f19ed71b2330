"""Whether the text of a PDF is that of the pages: all of theirs, in their order, and no word besides.

Paper puts a foot between its pages, the words of charts behind the text of theirs, and the head of a table above each
part of it. Without these, every paragraph and every row stands in one piece.
"""

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bs4 import Tag

from surveybook.verify import markup
from surveybook.verify.expected import Expected, Shown
from surveybook.verify.record import Check, Fault, check

READER = "pdftotext"
SECONDS = 120
# The marks of lists too: of those that go over to the next page, paper puts them last.
SPACES = re.compile(r"[\s•]+")
WORD = re.compile(r"[^\W_]+")
NEW_PAGE = "\f"
# What paper leaves out of a page, and what it draws as pictures.
LEFT_OUT = (
    "header, footer, script, style, nav, math, .skip, .without-script, .chart-tools, .chart-more, .chart-data, .code, "
    ".table-filter, .scale, .statement-claims, .headerlink, .certificate"
)
BLOCKS = ["p", "li", "dt", "dd", "tr", "h1", "h2", "h3", "caption"]
# Pages that a site has and a book doesn't.
OF_SITES = ("search.html", "explorer.html", "certificate.html", "editions.html")
# By its first letters a row is found whose cells part between two sheets; so much may stand between the parts.
FIRST, NEAR = 20, 600


@dataclass(frozen=True)
class Block:
    """A paragraph, a heading or a row of a page, with the figures of the survey behind it."""

    text: str
    chapter: str
    figures: tuple[str, ...]
    row: bool

    @property
    def squeezed(self) -> str:
        """The text without what paper puts between its words."""
        return squeezed(self.text)


def check_pdf(path: Path, expected: Mapping[str, Expected], site: Path) -> Check:
    """Hold the text of a PDF against the pages of the site that was verified, in both directions.

    Parameters
    ----------
    path : Path
        The PDF.
    expected : mapping
        What each chapter shows, by document.
    site : Path
        The folder of the verified pages.
    """
    name, by = f"Text of {path.name}", f"{READER}, against the verified pages, word by word both ways"
    reader = shutil.which(READER)
    if reader is None:
        skipped = [f"The text of {path.name}: {READER} isn't installed (Debian: poppler-utils)."]
        return check("site", name, by, {}, (), skipped, local=True)
    try:
        run = subprocess.run(
            [reader, "-raw", str(path), "-"], capture_output=True, text=True, check=False, timeout=SECONDS
        )
        said = run.stderr.strip()[:200] if run.returncode else ""
    except subprocess.TimeoutExpired:
        said = f"it takes more than {SECONDS} seconds"
    if said:
        return check("site", name, by, {}, [Fault(f"it can't be read: {said}", path.name)], local=True)
    trees = {
        file.relative_to(site).with_suffix("").as_posix(): markup.parse(file.read_text(encoding="utf-8"))
        for file in sorted(site.rglob("*.html"))
        if file.name not in OF_SITES
    }
    articles = {page: article for page, tree in trees.items() if (article := markup.article_of(tree)) is not None}
    edition = markup.text_of(trees["index"].select_one(".edition")) if "index" in trees else ""
    printed = [without_foot(sheet, number, edition) for number, sheet in enumerate(run.stdout.split(NEW_PAGE), 1)]
    counts: Counter[str] = Counter({"sheets": sum(map(bool, printed))})
    whole, faults = without_charts(NEW_PAGE.join(map(squeezed, printed)), articles, expected, counts)
    for article in articles.values():
        for one in article.select(LEFT_OUT):
            one.decompose()
    faults += [*lost(whole, articles, expected, counts), *strangers(printed, articles, counts)]
    faults = [Fault(one.said, path.name, one.chapter, one.figures) for one in faults]
    skipped = [f"What {path.name} shows beside its text: charts are held against the pages by the words in them alone."]
    return check("site", name, by, counts, faults, skipped, local=True)


def squeezed(text: str) -> str:
    """Return a text without what paper puts between its words, and as pages set it."""
    return SPACES.sub("", markup.typeset(text))


def without_foot(sheet: str, number: int, edition: str) -> str:
    """Return the text of a sheet without its number, and without the edition and the chapter before that."""
    lines = sheet.split("\n")
    place = next((place for place in reversed(range(len(lines))) if lines[place].strip() == str(number)), None)
    if place is None:
        return sheet
    before = lines[: place - 1] if place and edition and lines[place - 1].startswith(edition) else lines[:place]
    return "\n".join([*before, *lines[place + 1 :]])


def without_charts(
    text: str, articles: Mapping[str, Tag], expected: Mapping[str, Expected], counts: Counter[str]
) -> tuple[str, list[Fault]]:
    """Return the text without the words in charts, each of which has to be there once, and which charts aren't."""
    faults = []
    for page, article in articles.items():
        for figure in article.select("figure.chart"):
            counts["charts"] += 1
            drawn = squeezed("".join(one.get_text() for one in figure.select(".chart-picture svg text")))
            before, there, after = text.partition(drawn)
            if there:
                text = before + after
                continue
            name = str(figure.get("id", "")).removeprefix("fig-")
            shown = expected[page].charts.get(name) if page in expected else None
            faults.append(
                Fault(
                    f"it lacks the words in the chart '{name}', or has others", "", page, shown.figures if shown else ()
                )
            )
    return text, faults


def blocks_of(page: str, article: Tag, expected: Expected | None) -> Iterator[Block]:
    """Yield the paragraphs, headings and rows of a page in their order."""
    pasted = {id(tag): place for place, tag in enumerate(article.select(".pasted-text"))}
    for tag in article.find_all(BLOCKS):
        if tag.find(BLOCKS) or tag.find_parent("tr"):
            continue
        figures: tuple[str, ...] = ()
        if expected is not None:
            places = [pasted[id(one)] for one in tag.select(".pasted-text")]
            shown = [expected.pasted[place] for place in places if place < len(expected.pasted)]
            figures = tuple(dict.fromkeys(figure for one in shown for figure in one.figures)) or of_row(tag, expected)
        seen = (part for part in tag.find_all(string=True) if not part.find_parent(class_="visually-hidden"))
        if squeezed(text := markup.squeezed("".join(seen))):
            yield Block(text, page, figures, tag.name == "tr")


def of_row(tag: Tag, expected: Expected) -> tuple[str, ...]:
    """Return the figures behind a row of a table; none for what is no row of one."""
    holder = tag.find_parent("div", class_="data-table") if tag.name == "tr" else None
    shown: Shown | None = expected.tables.get(str(holder.get("id", "")).removeprefix("tab-")) if holder else None
    if holder is None or shown is None:
        return ()
    rows = holder.select("tbody tr")
    place = next((place for place, row in enumerate(rows) if row is tag), None)
    return (shown.figures[place],) if place is not None and len(shown.figures) == len(rows) else shown.figures


def lost(
    text: str, articles: Mapping[str, Tag], expected: Mapping[str, Expected], counts: Counter[str]
) -> Iterator[Fault]:
    """Yield a fault for each paragraph, heading or row of the pages that isn't in the text as often as in them."""
    sheets = text.split(NEW_PAGE)
    joined = "".join(sheets)
    blocks = [block for page, article in articles.items() for block in blocks_of(page, article, expected.get(page))]
    counts["paragraphs and rows"] = len(blocks)
    whole = "\n".join(block.squeezed for block in blocks)
    for block in blocks:
        missing = whole.count(block.squeezed) - joined.count(block.squeezed)
        if missing > 0 and not (block.row and times_over(block.squeezed, sheets) >= missing):
            yield Fault(f"it lacks, or has otherwise: '{block.text[:80]}'", "", block.chapter, block.figures)


def times_over(block: str, sheets: Sequence[str]) -> int:
    """Return how often a row stands partly at the end of a sheet and partly at the beginning of the next."""
    wanted, reach = Counter(block), len(block) + NEAR
    places = (sheet[-reach:] + following[:reach] for sheet, following in pairwise(sheets))
    return sum(block[:FIRST] in place and block not in place and not wanted - Counter(place) for place in places)


def strangers(printed: list[str], articles: Mapping[str, Tag], counts: Counter[str]) -> Iterator[Fault]:
    """Yield a fault for each word that stands in the text more often than on the pages.

    The front and the list of chapters, which pages don't have, come before the first heading of the first of them.
    """
    known = Counter(word for article in articles.values() for word in WORD.findall(article.get_text(" ")))
    for listed in (listed for article in articles.values() for listed in article.select("ol")):
        known.update(str(number) for number, _ in enumerate(listed.find_all("li", recursive=False), 1))
    heads = {
        word
        for article in articles.values()
        for one in article.select("thead")
        for word in WORD.findall(one.get_text(" "))
    }
    first = articles["index"].find("p") if "index" in articles else None
    opening = squeezed(first.get_text()) if first is not None else ""
    start = next((place for place, sheet in enumerate(printed) if opening and opening in squeezed(sheet)), 0)
    there = Counter(word for sheet in printed[start:] for word in WORD.findall(sheet))
    counts["words"] = sum(there.values())
    for word, times in (there - known).items():
        if word not in heads:
            places = [place for place, sheet in enumerate(printed, 1) if place > start and word in WORD.findall(sheet)]
            where = f"sheet {places[0]}" if len(places) == 1 else f"one of {len(places)} sheets, the first {places[0]}"
            yield Fault(f"'{word}' stands {times} times more in it than on the pages, on {where}")
