"""Whether a built page shows what its executed chapter says, and whether that follows from the data.

The page is parsed as any reader of HTML would; nothing of the code that wrote it is used.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from bs4 import Tag

from surveybook.verify import markup
from surveybook.verify.cards import check_cards
from surveybook.verify.expected import Expected, Shown, story
from surveybook.verify.numbers import ANY, check_rows, check_words
from surveybook.verify.record import Fault
from surveybook.verify.truth import Truths

# What the page leaves out of a specification, because it says it in text.
SAID_IN_TEXT = ("title", "description", "usermeta", "background")
AGAINST = "the executed chapter"


@dataclass(frozen=True)
class PageFound:
    """What one page was found to hold.

    Attributes
    ----------
    counts : Counter
        How much of what was looked at.
    faults : tuple of Fault
        What is wrong.
    figures : frozenset of str
        Ids of the survey's figures that the page shows.
    """

    counts: Counter[str]
    faults: tuple[Fault, ...]
    figures: frozenset[str]


def check_page(file: str, html: str, expected: Expected | None, truths: Truths) -> PageFound:
    """Hold a page against its executed chapter and the data.

    Parameters
    ----------
    file : str
        The page's file in the site.
    html : str
        The page.
    expected : Expected or None
        What its chapter says; None for a page without a notebook, which shows no figure of the survey.
    truths : Truths
        The figures as the data files hold them.
    """
    page = markup.parse(html)
    article = markup.article_of(page)
    chapter = file.removesuffix(".html")
    if article is None:
        return PageFound(Counter(), (Fault("the page has no text", file, chapter),), frozenset())
    expected = expected or Expected(chapter, (), {}, {})
    counts: Counter[str] = Counter({"pages": 1})
    faults: list[Fault] = []
    for part in (check_pasted, check_cards, check_charts, check_tables):
        found, said = part(article, expected, truths)
        counts += found
        faults += [Fault(text, file, chapter, figures) for text, figures in said]
    told = [text for text in markup.told_in_head(page) if text.removesuffix("…") not in markup.text_of(article)]
    faults += [Fault(f"its head tells '{text[:80]}', which its text doesn't", file, chapter) for text in told]
    loose = markup.loose_numbers(article)
    counts["numbers not traced"] += len(loose)
    faults += [Fault(f"a number stands in '{text[:80]}' and no executed cell gave it", file, chapter) for text in loose]
    return PageFound(counts, tuple(faults), figures_shown(expected))


Said = list[tuple[str, tuple[str, ...]]]
Look = Callable[[Tag, Shown], tuple[Counter[str], Said]]


def figures_shown(expected: Expected) -> frozenset[str]:
    """Return the ids of the figures that a chapter shows."""
    shown = (*expected.pasted, *expected.cards, *expected.charts.values(), *expected.tables.values())
    return frozenset(figure for one in shown for figure in one.figures)


def check_pasted(article: Tag, expected: Expected, truths: Truths) -> tuple[Counter[str], Said]:
    """Hold the glued words of a page against those of its chapter, in their order; empty ones show nothing."""
    there = [tag for tag in article.select(".pasted-text") if not tag.find_parent("nav") and markup.text_of(tag)]
    wanted = [shown for shown in expected.pasted if shown.text]
    counts: Counter[str] = Counter({"glued texts": len(there)})
    said: Said = []
    if len(there) != len(wanted):
        said.append((f"{len(there)} glued texts where the chapter pastes {len(wanted)}", ()))
    for tag, shown in zip(there, wanted, strict=False):
        on_page, executed = markup.typeset(markup.text_of(tag)), markup.typeset(shown.text)
        if on_page != executed:
            said.append((f"the glued text '{shown.name}' reads {differing(on_page, executed)}", shown.figures))
            continue
        found, wrong = check_words(shown.text, shown.figures, truths)
        counts += found
        said += [(f"the glued text '{shown.name}': {text}", shown.figures) for text in wrong]
    return counts, said


def differing(found: str, expected: str) -> str:
    """Return two texts from where they part, as the end of a sentence."""
    start = next(
        (i for i, (a, b) in enumerate(zip(found, expected, strict=False)) if a != b), min(len(found), len(expected))
    )
    first = max(0, found.rfind(" ", 0, max(0, start - 20)) + 1)
    return f"'{found[first : start + 40]}' where {AGAINST} has '{expected[first : start + 40]}'"


def unmatched(
    kind: str, there: Sequence[Tag], prefix: str, wanted: Mapping[str, Shown]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what is wrong with which charts or tables a page has."""
    names = [str(tag.get("id", "")).removeprefix(prefix) for tag in there]
    for name in wanted:
        if name not in names:
            yield f"the {kind} '{name}' is missing", wanted[name].figures
    for name, times in Counter(names).items():
        if name not in wanted:
            yield f"the {kind} '{name}' is of no executed cell", ()
        elif times > 1:
            yield f"the {kind} '{name}' stands {times} times", wanted[name].figures


def check_each(
    kind: str, there: Sequence[Tag], prefix: str, wanted: Mapping[str, Shown], look: Look
) -> tuple[Counter[str], Said]:
    """Hold the charts or the tables of a page against those of its chapter: which there are, then one by one."""
    counts: Counter[str] = Counter({f"{kind}s": len(there)})
    said: Said = list(unmatched(kind, there, prefix, wanted))
    for tag in there:
        shown = wanted.get(str(tag.get("id", "")).removeprefix(prefix))
        if shown is not None:
            found, wrong = look(tag, shown)
            counts += found
            said += [(f"the {kind} '{shown.name}', {text}", figures or shown.figures) for text, figures in wrong]
    return counts, said


def check_charts(article: Tag, expected: Expected, truths: Truths) -> tuple[Counter[str], Said]:
    """Hold every chart of a page against its chapter: words, picture, specification, data."""
    look = partial(check_chart, truths=truths)
    return check_each("chart", article.select("figure.chart"), "fig-", expected.charts, look)


def check_chart(figure: Tag, shown: Shown, truths: Truths) -> tuple[Counter[str], Said]:
    """Hold one chart against what its chapter stored, and its data against the survey's."""
    told = story(shown.content)
    table = told.get("table", {})
    said: Said = [*chart_words(figure, told), *chart_drawing(figure, shown.content)]
    said += unlike_rows(markup.table_of(figure.select_one(".chart-data")), table, shown.figures)
    counts: Counter[str] = Counter()
    for text in (told.get("title", ""), told.get("alternative", ""), *told.get("notes", [])):
        found, wrong = check_words(text, shown.figures, truths)
        counts += found
        said += [(f"its words: {one}", ()) for one in wrong]
    found, wrong_rows = check_rows(table.get("columns", []), table.get("rows", []), shown.figures, truths)
    said += [(f"its data: {text}", (figure_id,) if figure_id else ()) for figure_id, text in wrong_rows]
    return counts + found, said


def chart_words(figure: Tag, told: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield where the words around a chart aren't those that its chapter computed."""
    picture = figure.select_one(".chart-picture > svg")
    notes = [told.get("interval_note", ""), *told.get("notes", []), told.get("source", "")]
    pairs = {
        "its title": (markup.text_of(figure.select_one(".chart-title")), told.get("title")),
        "its question": (markup.text_of(figure.select_one(".chart-question")), told.get("subtitle")),
        "its base": (markup.text_of(figure.select_one(".chart-base")), told.get("base")),
        "its alternative": (str(picture.get("aria-label", "")) if picture else "", told.get("alternative")),
        "its notes": (" ".join(markup.texts_of(figure.select(".chart-notes > p"))), " ".join(filter(None, notes))),
    }
    for what, (on_page, executed) in pairs.items():
        if markup.squeezed(on_page) != markup.squeezed(executed):
            yield f"{what} reads {differing(markup.squeezed(on_page), markup.squeezed(executed))}", ()


def chart_drawing(figure: Tag, spec: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield where the specification on the page isn't the one that was stored, or the picture shows other numbers."""
    on_page = markup.json_of(figure.select_one("script.chart-spec"))
    if not isinstance(on_page, dict):
        yield "its specification can't be read", ()
        return
    stored, inlined = bare(spec), bare(on_page)
    if stored != inlined:
        yield f"its specification: {first_unlike(inlined, stored)}", ()
    records = [one for one in spec.get("data", {}).get("values", []) if isinstance(one, dict)]
    strings = {markup.squeezed(value) for one in records for value in one.values() if isinstance(value, str)}
    drawn = markup.drawn_texts(figure)
    wanted = Counter(markup.squeezed(one["text"]) for one in records if isinstance(one.get("text"), str))
    if missing := [text for text in wanted - Counter(drawn) if ANY.search(text)]:
        yield f"its picture lacks '{missing[0]}'", ()
    known = "".join(strings).replace(" ", "")
    if strangers := [text for text in drawn if ANY.search(text) and text.replace(" ", "") not in known]:
        yield f"its picture shows '{strangers[0]}', which its data don't", ()


def bare(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a specification draws, without what a page says in text and how it is announced."""
    config = {key: value for key, value in spec.get("config", {}).items() if key != "aria"}
    return {key: value for key, value in spec.items() if key not in SAID_IN_TEXT} | {"config": config}


def first_unlike(found: Any, expected: Any, place: str = "") -> str:
    """Return the first place at which two values differ, with both."""
    if isinstance(found, dict) and isinstance(expected, dict):
        for key in (*expected, *(key for key in found if key not in expected)):
            if found.get(key) != expected.get(key):
                return first_unlike(found.get(key), expected.get(key), f"{place}.{key}" if place else str(key))
    if isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        for number, (one, other) in enumerate(zip(found, expected, strict=True)):
            if one != other:
                return first_unlike(one, other, f"{place}[{number}]")
    return f"{place} is {str(found)[:60]} where {AGAINST} has {str(expected)[:60]}"


def unlike_rows(
    on_page: tuple[list[str], list[list[str]]], table: Mapping[str, Any], figures: Sequence[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield where a table on the page isn't the one that its chapter stored."""
    hidden = (table.get("anchors") or {}).get("hidden")
    places = [place for place, name in enumerate(table.get("columns", [])) if name != hidden]
    columns = [markup.squeezed(table["columns"][place]) for place in places]
    rows = [[markup.squeezed(row[place]) for place in places] for row in table.get("rows", [])]
    if on_page[0] != columns:
        yield f"its columns are {', '.join(on_page[0])} where {AGAINST} has {', '.join(columns)}", ()
    if len(on_page[1]) != len(rows):
        yield f"it has {len(on_page[1])} rows where {AGAINST} has {len(rows)}", ()
    for number, (found, expected) in enumerate(zip(on_page[1], rows, strict=False)):
        if found != expected:
            pairs = zip(columns, found, expected, strict=False)
            name, one, other = next((pair for pair in pairs if pair[1] != pair[2]), ("its length", "", ""))
            resting = (figures[number],) if len(figures) == len(rows) else ()
            yield f"row '{expected[0][:60]}', {name}: '{one}' where {AGAINST} has '{other}'", resting


def check_tables(article: Tag, expected: Expected, truths: Truths) -> tuple[Counter[str], Said]:
    """Hold every table of a page against its chapter, and its rows against the survey's figures."""
    look = partial(check_table, truths=truths)
    return check_each("table", article.select("div.data-table"), "tab-", expected.tables, look)


def check_table(tag: Tag, shown: Shown, truths: Truths) -> tuple[Counter[str], Said]:
    """Hold one table against what its chapter stored, and its rows against the survey's figures."""
    told = shown.content
    alone = [told.get(key) for key in ("interval_note", "note")]
    notes = " ".join(filter(None, [*alone, *told.get("notes", []), told.get("source")]))
    pairs = {
        "title": (markup.text_of(tag.select_one("caption .chart-title")), markup.squeezed(told.get("title"))),
        "notes": (" ".join(markup.texts_of(tag.select(".chart-notes > p"))), markup.squeezed(notes)),
    }
    said: Said = list(unlike_rows(markup.table_of(tag), told, shown.figures))
    said += [(f"its {what} reads {differing(*pair)}", ()) for what, pair in pairs.items() if pair[0] != pair[1]]
    counts, wrong = check_rows(told["columns"], told["rows"], shown.figures, truths)
    said += [(text, (figure,) if figure else ()) for figure, text in wrong]
    return counts, said
