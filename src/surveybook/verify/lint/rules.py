"""The rules for chapters: no loose number in prose, blocks that keep to their wave, code without text of its own.

Each rule yields what breaks it; `lint` runs them over the book and takes out what an exception allows.
"""

import ast
import re
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from surveybook.model import paths
from surveybook.model.report import read_report
from surveybook.verify.lint.findings import SOURCE, ExceptionRow, Finding, apply_exceptions, read_exceptions, straighten
from surveybook.verify.lint.pages import DIRECTIVE, REPORT, Chapter, Passage, read_chapter, walk_markdown
from surveybook.verify.lint.words import Words, read_word_lists

GLUE = "glue it from a findings function, or take it from {evidence} or {date}"
ADVICE = {
    "digit": f"no digit is typed: {GLUE}",
    "per-cent": f"no percentage is typed: {GLUE}",
    "fraction": f"no part of a whole is typed: {GLUE}, or say it without a number",
    "count": f"no count is typed: {GLUE}, or say it without a number",
    "direction": "outside the blocks a direction is chosen from the estimates: glue the sentence, move it into a "
    "{report} block, or say it in other words",
    "population": "background is no evidence on who was surveyed: say it without naming them, or move it into a "
    "{report} block",
    "item": "this is an item of the survey: use other words, or move it into a {report} block",
}
PARAMETERS = "parameters"
LONGEST, HARD_LIMIT = 12, 15
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
# What puts HTML of anybody's, or any file of the machine that builds, onto a page.
FOREIGN_DIRECTIVES = {"raw", "eval-rst", "include", "literalinclude", "csv-table", "iframe", "video", "audio"}
FOREIGN_ROLES = {"raw", "download", "eval", "raw-html"}
COMMENT = re.compile(r"\s*<!--.*?-->\s*", re.DOTALL)
SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
SCHEMES = {"http", "https", "mailto"}
STORE = "surveybook chapter store"


def lint(
    files: Sequence[Path] | None = None,
    *,
    words: Words | None = None,
    claims: Collection[str] | None = None,
    exceptions: Sequence[ExceptionRow] | None = None,
) -> list[Finding]:
    """Return what breaks a rule in the source of chapters.

    Parameters
    ----------
    files : sequence of Path, optional
        Notebooks and pages; the whole book otherwise.
    words : Words, optional
        What to look for; ``data/lint/words.yml`` otherwise.
    claims : collection of str, optional
        The ids that report blocks may name; those of ``data/claims.yml`` otherwise.
    exceptions : sequence of ExceptionRow, optional
        What is allowed; ``data/lint/exceptions.csv`` otherwise.

    Returns
    -------
    list of Finding
        By chapter, then by place; exceptions that nothing needs come last. Empty when all is well.

    Raises
    ------
    SurveybookError
        When a file isn't a notebook or a page, or a list can't be read.
    """
    from surveybook.claims import read_claims

    chapters = [read_chapter(path) for path in files or [*paths.chapters(), *paths.pages()]]
    words = words or read_word_lists()
    claims = {claim.id for claim in read_claims()} if claims is None else claims
    rows = read_exceptions() if exceptions is None else exceptions
    findings: list[Finding] = []
    for chapter in chapters:
        found = [*check_loose(chapter, words), *check_blocks(chapter, words, claims), *check_foreign(chapter)]
        found += check_code(chapter, words) if chapter.file.endswith(".ipynb") else []
        findings += sorted(found, key=lambda finding: (finding.cell, finding.line, finding.start))
    return apply_exceptions(findings, rows, SOURCE, {Path(one.file).stem for one in chapters}, whole=not files)


def find_loose(text: str, words: Words, *, directions: bool) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield the rule and place of each typed number, and of each typed direction where those are not allowed."""
    plain = straighten(text)
    for rule, pattern in words.patterns.items():
        yield from ((rule, match) for match in pattern.finditer(plain))
    if directions:
        yield from (("direction", match) for match in words.find("direction", plain))


def report_match(chapter: Chapter, passage: Passage, rule: str, match: re.Match[str], advice: str) -> Finding:
    """Return a finding for a match in a passage, in the passage's own spelling."""
    place = (passage.cell, passage.line + passage.text.count("\n", 0, match.start()))
    found = passage.text[match.start() : match.end()]
    return chapter.finding(rule, place, found, advice, context=passage.text, start=match.start())


def check_loose(chapter: Chapter, words: Words) -> Iterator[Finding]:
    """Yield each loose number of a chapter's text, and each loose direction outside the blocks."""
    for passage in chapter.passages:
        for rule, match in find_loose(passage.text, words, directions=not passage.kind):
            yield report_match(chapter, passage, rule, match, ADVICE[rule])


def check_blocks(chapter: Chapter, words: Words, claims: Collection[str]) -> Iterator[Finding]:
    """Yield what is wrong with a chapter's blocks, and with the waves of what it glues inside and outside them."""
    waves = chapter.glued
    # What a notebook without outputs glues isn't known; that it has none is a finding of its own.
    for passage in chapter.passages if chapter.is_executed or not chapter.code else ():
        for name in passage.glued:
            fault = check_glued(passage.kind, waves.get(name))
            if fault:
                yield chapter.finding(fault[0], (passage.cell, passage.line), name, fault[1], excusable=False)
    for block, group in groupby(chapter.passages, key=lambda passage: passage.block):
        passages = list(group)
        if block is not None and block.kind == REPORT:
            glued = [name for passage in passages for name in passage.glued]
            for rule, found, advice in check_report(block.argument, block.options, glued, claims):
                yield chapter.finding(rule, (block.cell, block.line), found, advice, excusable=False)
        elif block is not None:
            yield from (finding for passage in passages for finding in check_background(chapter, passage, words))


def check_glued(kind: str, waves: list[str] | None) -> tuple[str, str] | None:
    """Return rule and advice where a glued name is of the wrong wave: report blocks take the report's alone."""
    report = read_report().claims_wave
    if waves is None:
        return (
            "glue-unknown",
            "no cell of this chapter has glued this name: correct it, or glue it and store the chapter",
        )
    if kind == REPORT and waves != [report]:
        return "report-glue", (
            "a report block takes its figures from the wave that the report printed: glue this from report = "
            "open_report(survey) alone"
        )
    if kind != REPORT and any(waves):
        return "glue-outside", (
            "this would not change with the wave: glue it from survey, or move the sentence into a {report} block"
        )
    return None


def check_report(
    locator: str, options: dict[str, str], glued: list[str], claims: Collection[str]
) -> Iterator[tuple[str, str, str]]:
    """Yield rule, text and advice for what is wrong with a report block: its locator, the claims that it names."""
    opening = f"{{report}} {locator}".strip()
    if not locator:
        yield "report-locator", opening, "say where the report says this, as in :::{report} 2.2"
    named = [name.strip() for name in options.get("claims", "").split(",") if name.strip()]
    if not named:
        yield "report-claims", opening, "add a line :claims: with ids of data/claims.yml, or with none"
    for name in named:
        if name != "none" and name not in claims:
            yield "report-claims", name, "data/claims.yml has no claim of this id: correct it"
    if "none" in named and len(named) > 1:
        yield "report-claims", ", ".join(named), "name claims, or say none"
    if named == ["none"] and glued:
        advice = "a block that glues figures names the claims that it retells: put their ids in the place of none"
        yield "report-claims", ", ".join(dict.fromkeys(glued)), advice


def check_background(chapter: Chapter, passage: Passage, words: Words) -> Iterator[Finding]:
    """Yield each population, item and glued value in a background block."""
    for name in ("population", "item"):
        for match in words.find(name, straighten(passage.text)):
            yield report_match(chapter, passage, f"background-{name}", match, ADVICE[name])
    place = (passage.cell, passage.line)
    for role in passage.roles:
        if role.glued:
            advice = "background takes figures from {evidence} alone"
            yield chapter.finding("background-glue", place, role.glued, advice, excusable=False)
        elif role.name == "item":
            advice = "background names no item of the survey"
            yield chapter.finding("background-item", place, role.content, advice, excusable=False)


def check_code(chapter: Chapter, words: Words) -> Iterator[Finding]:
    """Yield what is wrong with a notebook's code cells: parameters first, executed, short, nothing defined or typed."""
    cells = chapter.code
    if not chapter.is_executed:
        advice = f"no cell has outputs; store the chapter executed: {STORE}"
        yield chapter.finding("not-executed", (0, 0), chapter.file, advice, excusable=False)
    if not cells or not _are_parameters(cells[0][1]):
        place, found = ((cells[0][0], 0), _first_line(cells[0][1])) if cells else ((0, 0), chapter.file)
        advice = (
            "the first code cell is tagged 'parameters' and holds plain values such as wave = '': put it there, and "
            "compute what follows from them in a later cell"
        )
        yield chapter.finding(PARAMETERS, place, found, advice, excusable=False)
    for number, cell in cells:
        first, lines = _first_line(cell), sum(bool(line.strip()) for line in cell.source.splitlines())
        if chapter.is_executed and lines and cell.execution_count is None:
            advice = f"this cell was not run; store the chapter executed: {STORE}"
            yield chapter.finding("not-executed", (number, 0), first, advice, excusable=False)
        if any(output.output_type == "error" for output in cell.outputs):
            advice = f"this cell failed; mend it, then {STORE}"
            yield chapter.finding("not-executed", (number, 0), first, advice, excusable=False)
        if lines > LONGEST:
            advice = f"the cell has {lines} lines of code, and {LONGEST} is the limit: split it, or move work into src"
            more = {"context": first, "excusable": lines <= HARD_LIMIT}
            yield chapter.finding("cell-length", (number, 0), first, advice, **more)
        try:
            nodes: list[Any] = list(ast.walk(ast.parse(cell.source)))
        except SyntaxError as error:
            place, advice = (number, error.lineno or 0), f"this isn't Python ({error.msg}): correct it"
            yield chapter.finding("code-unreadable", place, first, advice, excusable=False)
            continue
        for node in nodes:
            for rule, found, advice in check_node(node):
                yield chapter.finding(rule, (number, node.lineno), found, advice, excusable=False)
            # A text without a space is a name of something, not prose.
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value.split()) > 1:
                for rule, match in find_loose(node.value, words, directions=True):
                    advice, more = f"in the text '{node.value}': {ADVICE[rule]}", {"start": match.start()}
                    place = (number, node.lineno)
                    yield chapter.finding(f"code-{rule}", place, match[0], advice, context=node.value, **more)


def _first_line(cell: Any) -> str:
    """Return a cell's first line with something on it."""
    return next((line.strip() for line in cell.source.splitlines() if line.strip()), "an empty cell")


def _are_parameters(cell: Any) -> bool:
    """Return whether a cell is tagged as parameters, and gives plain values to names and does nothing else."""
    try:
        for statement in ast.parse(cell.source).body:
            ast.literal_eval(statement.value if isinstance(statement, ast.Assign) else ast.Name("none"))
    except (SyntaxError, ValueError):
        return False
    return PARAMETERS in cell.metadata.get("tags", [])


def check_node(node: Any) -> Iterator[tuple[str, str, str]]:
    """Yield rule, text and advice where a piece of code defines something, or types what is chosen from data."""
    if isinstance(node, DEFINITIONS):
        yield "definition", ast.unparse(node).split("\n")[0], "chapters define no functions: put it into src"
    elif isinstance(node, ast.Call):
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        if called in ("Phrase", "phrase"):
            advice = "a phrase made in a chapter rests on nothing: let a function of findings make it from estimates"
            yield "typed-phrase", ast.unparse(node), advice
        if called == "open_wave" and any(isinstance(part, ast.Constant) and part.value for part in given):
            advice = "a wave typed here is the same in every edition: open_wave(wave, baseline), or open_report(survey)"
            yield "typed-wave", ast.unparse(node), advice


def find_foreign(text: str) -> Iterator[tuple[int, str]]:
    """Yield what is foreign in a markdown text, by its line: HTML, files and addresses from elsewhere.

    Those parts are read too that stand inside directives.
    """
    for token, line, _ in walk_markdown(text):
        match = DIRECTIVE.fullmatch(token.info.strip())
        if match and match[1] in FOREIGN_DIRECTIVES:
            yield line, f"{{{match[1]}}} {match[2]}".strip()
        for part in [token, *(token.children or [])]:
            if part.type in ("html_block", "html_inline") and not COMMENT.fullmatch(part.content):
                yield line, part.content.strip()
            elif part.type == "myst_role" and part.meta["name"] in FOREIGN_ROLES:
                yield line, f"{{{part.meta['name']}}}`{part.content}`"
            address = str(part.attrs.get("href") or part.attrs.get("src") or "")
            scheme = SCHEME.match(address)
            if (scheme and scheme[1].lower() not in SCHEMES) or (part.type == "image" and (scheme or ".." in address)):
                yield line, address


def check_foreign(chapter: Chapter) -> Iterator[Finding]:
    """Yield each foreign output and piece of markup of one chapter; no exception may allow one."""
    for number, what in chapter.foreign:
        advice = f"clear it, and let the chapter make it anew: {STORE}"
        yield chapter.finding("foreign-output", (number, 0), what, advice, context=what, excusable=False)
    for number, cell in chapter.cells:
        for line, what in find_foreign(cell.source) if cell.cell_type != "code" else ():
            advice = "write it in Markdown; HTML, and files from elsewhere, have no place in a chapter"
            yield chapter.finding("foreign-markup", (number, line), what, advice, context=what, excusable=False)
