"""Rules for prose: no typed number anywhere, no typed direction outside the blocks."""

import re
from collections.abc import Iterator

from surveybook.verify.linting.chapters import Chapter
from surveybook.verify.linting.finding import Finding
from surveybook.verify.linting.words import DIGITS, PER_CENT, Words, straight

GLUE = "glue it from a findings function, or take it from {evidence} or {date}"
ADVICE = {
    "digit": f"no digit is typed: {GLUE}",
    "per-cent": f"no percentage is typed: {GLUE}",
    "fraction": f"no part of a whole is typed: {GLUE}, or say it without a number",
    "count": f"no count is typed: {GLUE}, or say it without a number",
    "direction": "outside the blocks a direction is chosen from the estimates: glue the sentence, move it into a "
    "{report} block, or say it in other words",
}


def loose_words(text: str, words: Words, *, directions: bool) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield the rule and place of each typed number, and of each typed direction where those are not allowed."""
    plain = straight(text)
    patterns = {"digit": DIGITS, "per-cent": PER_CENT, "fraction": words.fraction, "count": words.count}
    for rule, pattern in patterns.items():
        yield from ((rule, match) for match in pattern.finditer(plain))
    if directions:
        yield from (("direction", match) for match in words.direction_words(plain))


def check_prose(chapter: Chapter, words: Words) -> Iterator[Finding]:
    """Yield each loose number and direction of a chapter's text."""
    for passage in chapter.passages:
        for rule, match in loose_words(passage.text, words, directions=not passage.kind):
            yield Finding(
                rule,
                chapter.name,
                chapter.file,
                passage.cell,
                passage.line_at(match.start()),
                passage.text[match.start() : match.end()],
                ADVICE[rule],
                passage.text,
                match.start(),
            )
