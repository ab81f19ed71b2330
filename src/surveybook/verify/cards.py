"""Whether the cards of findings on the landing page show what its notebook says, and whether that is in the data."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from bs4 import Tag

from surveybook.verify.expected import Expected, Shown
from surveybook.verify.markup import squeezed, text_of, texts_of
from surveybook.verify.numbers import RECOMPUTED, check_words
from surveybook.verify.truth import Truth, Truths, printed

Said = list[tuple[str, tuple[str, ...]]]


def check_cards(article: Tag, expected: Expected, truths: Truths) -> tuple[Counter[str], Said]:
    """Hold every card of a page against the executed notebook, and its figures against the data."""
    there = article.select("ol.findings > li")
    counts: Counter[str] = Counter({"cards": len(there)})
    said: Said = []
    if len(there) != len(expected.cards):
        said.append((f"{len(there)} cards where the executed chapter has {len(expected.cards)}", ()))
    notes = texts_of(article.select(".findings-note"))
    if notes != [squeezed(note) for note in expected.card_notes]:
        said.append((f"the note on the cards reads '{' '.join(notes)[:80]}'", ()))
    for tag, shown in zip(there, expected.cards, strict=False):
        wrong = [*unlike(tag, shown.content), *untrue(shown, truths)]
        words, of_words = check_words(str(shown.content.get("says", "")), shown.figures, truths)
        counts += words
        counts[RECOMPUTED] += sum(sum(key in one for key in ("share", "low", "high")) for one in shown.content["shown"])
        said += [(f"the card '{shown.name}': {text}", shown.figures) for text in (*wrong, *of_words)]
    return counts, said


def unlike(tag: Tag, card: Mapping[str, Any]) -> Iterator[str]:
    """Yield where a card on the page isn't the one that its notebook stored."""
    places = (("finding-says", "says"), ("finding-topic", "title"))
    pairs = [(text_of(tag.select_one(f".{place}")), card[key]) for place, key in places]
    figures = tag.select(".finding-figures > div")
    if len(figures) != len(card["shown"]):
        yield f"{len(figures)} figures where the executed chapter has {len(card['shown'])}"
    for place, one in zip(figures, card["shown"], strict=False):
        interval = text_of(place.select_one(".finding-interval")).removeprefix("interval ")
        pairs += [
            (text_of(place.find("dt")), f"{one['who']}: {one['what']}"),
            (text_of(place.find("strong")), one["value"]),
            (interval, one.get("interval", "")),
            (attribute(place.find("circle"), "cx"), f"{one['share']}%" if "share" in one else ""),
            (attribute(place.find("rect"), "x"), f"{one['low']}%" if "low" in one else ""),
        ]
    for found, wanted in pairs:
        if squeezed(found) != squeezed(wanted):
            yield f"'{found}' where the executed chapter has '{wanted}'"


def untrue(shown: Shown, truths: Truths) -> Iterator[str]:
    """Yield where a card shows another share or interval than the data give for its figures."""
    if len(shown.figures) != len(shown.content["shown"]):
        return
    for figure, one in zip(shown.figures, shown.content["shown"], strict=True):
        behind = truths.of([figure])
        if behind and not any(fits(one, candidate) for candidate in behind):
            yield f"{one['value']} ({one.get('interval', 'no interval')}) isn't what the data give for {figure}"


def fits(one: Mapping[str, Any], truth: Truth) -> bool:
    """Return whether a figure of a card has the share and the limits of the data."""
    if "share" not in one:
        return truth.status != "number"
    limits = truth.limits or (None, None)
    wanted = {"share": truth.percent, "low": limits[0], "high": limits[1]}
    return all(
        value is not None and printed(one[key], 1) == printed(value, 1) for key, value in wanted.items() if key in one
    )


def attribute(tag: object, name: str) -> str:
    """Return an attribute of an element; empty where there is neither."""
    return str(tag.get(name, "")) if isinstance(tag, Tag) else ""
