"""Rules for the two kinds of block, and for what is glued inside and outside them."""

from collections.abc import Collection, Iterable, Iterator

from surveybook.verify.linting.bindings import REPORT as REPORT_ORIGIN
from surveybook.verify.linting.bindings import Binding, Unreadable, origins_of, read_bindings
from surveybook.verify.linting.chapters import Chapter
from surveybook.verify.linting.finding import Finding
from surveybook.verify.linting.pages import REPORT, Block, Passage
from surveybook.verify.linting.words import Words, straight


def check_blocks(chapter: Chapter, words: Words, claims: Collection[str]) -> Iterator[Finding]:
    """Yield what is wrong with a chapter's blocks and with the names that it glues.

    Parameters
    ----------
    chapter : Chapter
        The chapter.
    words : Words
        Names of populations and items.
    claims : collection of str
        The ids that a report block may name.
    """
    bindings, unreadable = read_bindings(chapter.cells)
    yield from (unreadable_glue(chapter, call) for call in unreadable)
    yield from check_glue(chapter, bindings)
    for block, passages in chapter.blocks():
        if block.kind == REPORT:
            yield from check_report(chapter, block, passages, claims)
        else:
            yield from check_background(chapter, passages, words)


def unreadable_glue(chapter: Chapter, call: Unreadable) -> Finding:
    """Return the finding for a `glue` call whose names can't be told."""
    return Finding(
        "glue-unreadable",
        chapter.name,
        chapter.file,
        call.cell,
        call.line,
        call.code,
        'write glue(name=…) or glue(**{f"part_{x}": … for x in …}), so that it can be read what is glued',
        excusable=False,
    )


def glued_names(passages: Iterable[Passage]) -> Iterator[tuple[Passage, str]]:
    """Yield each name that passages paste, with its passage."""
    for passage in passages:
        yield from ((passage, role.glued) for role in passage.roles if role.glued)


def check_glue(chapter: Chapter, bindings: list[Binding]) -> Iterator[Finding]:
    """Yield names that are glued from the wrong wave: report blocks take the report's, all else the chapter's."""
    for passage, name in glued_names(chapter.passages):
        origins = origins_of(bindings, name)
        if origins is None:
            rule, advice = "glue-unknown", "no cell of this chapter glues this name: correct it, or glue it"
        elif passage.kind == REPORT and origins != {REPORT_ORIGIN}:
            rule, advice = (
                "report-glue",
                (
                    "a report block takes its figures from the wave that the report printed: glue "
                    "this from report = open_report(survey) alone"
                ),
            )
        elif passage.kind != REPORT and REPORT_ORIGIN in origins:
            rule, advice = (
                "glue-outside",
                (
                    "this would not change with the wave: glue it from survey, or move the sentence "
                    "into a {report} block"
                ),
            )
        else:
            continue
        yield Finding(rule, chapter.name, chapter.file, passage.cell, passage.line, name, advice, excusable=False)


def check_report(chapter: Chapter, block: Block, passages: list[Passage], claims: Collection[str]) -> Iterator[Finding]:
    """Yield what is wrong with a report block: its locator, and the claims that it names."""

    def finding(rule: str, found: str, advice: str) -> Finding:
        return Finding(rule, chapter.name, chapter.file, block.cell, block.line, found, advice, excusable=False)

    opening = f"{{report}} {block.argument}".strip()
    if not block.argument:
        yield finding("report-locator", opening, "say where the report says this, as in :::{report} 2.2")
    named = [name.strip() for name in block.options.get("claims", "").split(",") if name.strip()]
    if not named:
        yield finding("report-claims", opening, "add a line :claims: with ids of data/claims.yml, or with none")
    for name in named:
        if name != "none" and name not in claims:
            yield finding("report-claims", name, "data/claims.yml has no claim of this id: correct it")
    if "none" in named and len(named) > 1:
        yield finding("report-claims", ", ".join(named), "name claims, or say none")
    glued = list(dict.fromkeys(name for _, name in glued_names(passages)))
    if named == ["none"] and glued:
        yield finding(
            "report-claims",
            ", ".join(glued),
            "a block that glues figures names the claims that it retells: put their ids in the place of none",
        )


def check_background(chapter: Chapter, passages: list[Passage], words: Words) -> Iterator[Finding]:
    """Yield each population, item and glued value in a background block."""
    for passage in passages:

        def finding(rule: str, found: str, advice: str, start: int = -1, passage: Passage = passage) -> Finding:
            line = passage.line_at(start) if start >= 0 else passage.line
            return Finding(
                rule,
                chapter.name,
                chapter.file,
                passage.cell,
                line,
                found,
                advice,
                passage.text if start >= 0 else "",
                max(start, 0),
                excusable=start >= 0,
            )

        plain = straight(passage.text)
        for match in words.population_names(plain):
            yield finding(
                "background-population",
                match[0],
                "background is no evidence on who was surveyed: say it "
                "without naming them, or move it into a {report} block",
                match.start(),
            )
        for match in words.label.finditer(plain):
            yield finding(
                "background-item",
                match[0],
                "this is an item of the survey: use other words, or move it into a {report} block",
                match.start(),
            )
        for role in passage.roles:
            if role.glued:
                yield finding("background-glue", role.glued, "background takes figures from {evidence} alone")
            elif role.name == "item":
                yield finding("background-item", role.content, "background names no item of the survey")
