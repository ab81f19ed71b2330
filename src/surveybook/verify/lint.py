"""The linter: no loose number in prose, blocks that keep to their wave, code without text of its own.

Each rule yields what breaks it; `lint` runs them over the book and takes out what people allowed, each for a reason.
"""

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from surveybook.model import paths
from surveybook.model.problems import DataError, Problem
from surveybook.model.tables import read_table
from surveybook.verify.prose import (
    BACKGROUND,
    DIRECTIVE,
    OUR_NOTE,
    REPORT,
    Chapter,
    Words,
    read_chapter,
    read_word_lists,
    straighten,
    walk_markdown,
)

SOURCE, PERTURBATION = "source", "perturbation"
EVERY_CHAPTER = "*"
STORE = "surveybook chapter store"
GLUE = "glue it from a findings function, or take it from {evidence} or {date}"
# What to do about what breaks a rule, where that is the same each time.
ADVICE = {
    "digit": f"no digit is typed: {GLUE}",
    "per-cent": f"no percentage is typed: {GLUE}",
    "fraction": f"no part of a whole is typed: {GLUE}, or say it without a number",
    "count": f"no count is typed: {GLUE}, or say it without a number",
    "direction": "outside the blocks a direction is chosen from the estimates: glue the sentence, move it into a "
    "{report} block, or say it in other words",
    "background-population": "background is no evidence on who was surveyed: say it without naming them, or move it "
    "into a {report} block",
    "background-item": "this is an item of the survey: use other words, or move it into a {report} block",
    "background-glue": "background takes figures from {evidence} alone",
    "glue-unknown": "no cell of this chapter has glued this name: correct it, or glue it and store the chapter",
    "report-glue": "a report block has what the report printed: write {printed}`id` with the id of the claim, and what "
    "else there is to say in a note of ours",
    "glue-outside": "this would not change with the wave: glue it from survey, or move the sentence into a {report} "
    "block",
    "report-locator": "say where the report says this, as in :::{report} 2.2",
    "parameters": "the first code cell is tagged 'parameters' and holds plain values such as wave = '': put it there, "
    "and compute what follows from them in a later cell",
    "not-executed": f"this was not run, or failed; mend it, and store the chapter executed: {STORE}",
    "definition": "chapters define no functions: put it into src",
    "typed-phrase": "a phrase made in a chapter rests on nothing: let a function of findings make it from estimates",
    "typed-wave": "a wave typed here is the same in every edition: open_wave(wave, baseline), or open_report(survey)",
    "foreign-output": f"clear it, and let the chapter make it anew: {STORE}",
    "foreign-markup": "write it in Markdown; HTML, and files from elsewhere, have no place in a chapter",
}
# What is looked for in words: everywhere, and besides outside the blocks and in those of one kind.
EVERYWHERE = ("digit", "per-cent", "fraction", "count")
LOOKED_FOR = {
    "": (*EVERYWHERE, "direction"),
    REPORT: EVERYWHERE,
    BACKGROUND: (*EVERYWHERE, "background-population", "background-item"),
    OUR_NOTE: (*EVERYWHERE, "direction"),
}
LONGEST, HARD_LIMIT = 12, 15
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
# What puts HTML of anybody's, or any file of the machine that builds, onto a page.
FOREIGN_DIRECTIVES = {"raw", "eval-rst", "include", "literalinclude", "csv-table", "iframe", "video", "audio"}
FOREIGN_ROLES = {"raw", "download", "eval", "raw-html"}
COMMENT = re.compile(r"\s*<!--.*?-->\s*", re.DOTALL)
SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
SCHEMES = {"http", "https", "mailto"}
NONE = "none"  # of the claims


@dataclass(frozen=True)
class Finding:
    """One thing in a chapter that breaks a rule.

    Attributes
    ----------
    rule : str
        The short name of the rule.
    file : str
        The file, as typed from the project's folder.
    cell : int
        Which of the notebook's cells, counted from 1; 0 in a file that has no cells.
    line : int
        Which line of the cell or file, counted from 1; 0 where it concerns the whole.
    found : str
        The text that breaks the rule.
    advice : str
        What to do about it; empty for what `ADVICE` says of the rule.
    context : str
        The text around it, which an exception's phrase has to be a part of; empty where no exception may allow it.
    start : int
        Where in the context `found` begins.
    """

    rule: str
    file: str
    cell: int
    line: int
    found: str
    advice: str = ""
    context: str = ""
    start: int = 0

    @property
    def chapter(self) -> str:
        """The file's name without its ending, as exceptions name it."""
        return Path(self.file).stem

    def __str__(self) -> str:
        """Return the finding as one line."""
        counted = [f"{what} {number}" for what, number in (("cell", self.cell), ("line", self.line)) if number]
        place = ", ".join([self.file, *counted])
        return f"{place}: “{' '.join(self.found.split())}” ({self.rule}): {self.advice or ADVICE[self.rule]}"


@dataclass(frozen=True)
class ExceptionRow:
    """A phrase that is allowed in a chapter.

    Attributes
    ----------
    row : int
        The row as a spreadsheet counts it.
    check : str
        ``source`` for the text as typed (then it is allowed in the executed chapters too), ``perturbation`` for
        the executed chapters alone.
    chapter : str
        The file's name without its ending; '*' for sentences that a function puts into several chapters.
    phrase, reason : str
        The exact phrase, and why it may stand.
    """

    row: int
    check: str
    chapter: str
    phrase: str
    reason: str

    def allows(self, finding: Finding) -> bool:
        """Return whether the phrase holds what was found; a line end counts as a space."""
        if self.chapter not in (finding.chapter, EVERY_CHAPTER):
            return False
        phrase = r"\s+".join(re.escape(straighten(word)) for word in self.phrase.split())
        end = finding.start + len(finding.found)
        places = re.finditer(phrase, straighten(finding.context))
        return any(match.start() <= finding.start and end <= match.end() for match in places)


def read_exceptions(path: Path | None = None) -> list[ExceptionRow]:
    """Return the rows of ``data/lint/exceptions.csv``; none where a report has no such file.

    Raises
    ------
    DataError
        When the file can't be read, or a row lacks something, stands twice or names no check.
    """
    path = path or paths.data() / "lint" / "exceptions.csv"
    if not path.exists():
        return []
    problems: list[Problem] = []
    table = read_table(path, problems, "exceptions", rows_needed=False)
    if problems:
        raise DataError("The list of exceptions", problems)
    return [ExceptionRow(int(str(row)), *record) for row, record in zip(table.index, table.to_numpy(), strict=True)]


def apply_exceptions(
    findings: Iterable[Finding],
    rows: Iterable[ExceptionRow] | None,
    check: str,
    chapters: Collection[str],
    *,
    whole: bool,
) -> list[Finding]:
    """Return the findings that no exception allows, and one for each exception that allows nothing.

    Parameters
    ----------
    findings : iterable of Finding
        What a check found.
    rows : iterable of ExceptionRow or None
        All exceptions; those of ``data/lint/exceptions.csv`` for None.
    check : str
        Which check it was.
    chapters : collection of str
        The chapters that were checked.
    whole : bool
        Whether those are all; only then is an exception for no chapter, or for every one, known to be unused.
    """
    rows = [row for row in (read_exceptions() if rows is None else rows) if row.check in (check, SOURCE)]
    used: set[ExceptionRow] = set()
    left = []
    for finding in findings:
        allowing = {row for row in rows if row.allows(finding)}
        used |= allowing
        if not allowing:
            left.append(finding)
    file = paths.shown(paths.data() / "lint" / "exceptions.csv")
    for row in rows:
        if row.check == check and row not in used and (whole or row.chapter in chapters):
            advice = f"nothing in {row.chapter} needs this exception ({check}): take the row out"
            left.append(Finding("exception-unused", file, 0, row.row, row.phrase, advice))
    return left


def lint(
    files: Sequence[Path] | None = None,
    *,
    claims: Mapping[str, Collection[str]] | None = None,
    exceptions: Sequence[ExceptionRow] | None = None,
) -> list[Finding]:
    """Return what breaks a rule in the source of chapters.

    Parameters
    ----------
    files : sequence of Path, optional
        Notebooks and pages; the whole book otherwise.
    claims : mapping, optional
        The ids that chapters may name, each with the phrases that the report prints; those of ``data/claims.yml``
        otherwise.
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
    words = read_word_lists()
    if claims is None:
        there = (paths.data() / "claims.yml").is_file()
        claims = {claim.id: claim.phrases for claim in (read_claims() if there else ())}
    findings: list[Finding] = []
    for chapter in chapters:
        found = [*check_prose_words(chapter, words), *check_bindings(chapter), *check_report_blocks(chapter, claims)]
        found += check_printed_roles(chapter, claims)
        found += [*check_foreign(chapter), *(check_cells(chapter, words) if chapter.file.endswith(".ipynb") else ())]
        findings += sorted(found, key=lambda finding: (finding.cell, finding.line, finding.start))
    return apply_exceptions(findings, exceptions, SOURCE, {Path(one.file).stem for one in chapters}, whole=not files)


def check_prose_words(chapter: Chapter, words: Words) -> Iterator[Finding]:
    """Yield each typed number of a chapter's text, and each direction and name that may not stand where it does."""
    for passage in chapter.passages:
        for rule, match in words.find(LOOKED_FOR[passage.kind], passage.text):
            start, line = match.start(), passage.line + passage.text.count("\n", 0, match.start())
            found = passage.text[start : match.end()]
            yield Finding(rule, chapter.file, passage.cell, line, found, context=passage.text, start=start)


def check_bindings(chapter: Chapter) -> Iterator[Finding]:
    """Yield what is glued where it may not be: report blocks have what was printed, background has none of the survey.

    A note of ours on the report may set both waves side by side.
    """
    waves = chapter.glued
    # What a notebook without outputs glues isn't known; that it has none is a finding of its own.
    for passage in chapter.passages if chapter.is_executed or not chapter.code else ():
        for role in passage.roles:
            behind = waves.get(role.glued)
            broken = {
                "background-item": passage.kind == BACKGROUND and role.name == "item",
                "background-glue": passage.kind == BACKGROUND and role.glued,
                "glue-unknown": passage.kind != BACKGROUND and role.glued and behind is None,
                "report-glue": passage.kind == REPORT and role.glued and behind is not None,
                "glue-outside": not passage.kind and behind is not None and any(behind),
            }
            for rule in [rule for rule, is_broken in broken.items() if is_broken]:
                yield Finding(rule, chapter.file, passage.cell, passage.line, role.glued or role.content)


def check_printed_roles(chapter: Chapter, claims: Mapping[str, Collection[str]]) -> Iterator[Finding]:
    """Yield each printed phrase that no claim has, or of which it isn't said which of several it is."""
    for passage in chapter.passages:
        for role in (role for role in passage.roles if role.name == "printed"):
            name, _, phrase = (part.strip() for part in role.content.partition(":"))
            there = claims.get(name, ())
            if name not in claims:
                advice = "data/claims.yml has no claim of this id: correct it"
            elif not there or (phrase and phrase not in there):
                known = ", ".join(there) or "none"
                advice = f"the report prints no such phrase there; the claim's printed phrases: {known}"
            else:
                continue
            yield Finding("printed", chapter.file, passage.cell, passage.line, role.content, advice)


def check_report_blocks(chapter: Chapter, claims: Collection[str]) -> Iterator[Finding]:
    """Yield what is wrong with the head of each report block: where the report says it, which claims it retells."""
    for block, passages in groupby(chapter.passages, key=lambda passage: passage.block):
        if block is None or block.kind != REPORT:
            continue
        opening = f"{{report}} {block.argument}".strip()
        named = [name.strip() for name in block.options.get("claims", "").split(",") if name.strip()]
        printed = [role.content for passage in passages for role in passage.roles if role.name == "printed"]
        said = [] if named else [(opening, "add a line :claims: with ids of data/claims.yml, or with none")]
        unknown = [name for name in named if name not in (NONE, *claims)]
        said += [(name, "data/claims.yml has no claim of this id: correct it") for name in unknown]
        if NONE in named and len(named) > 1:
            said.append((", ".join(named), "name claims, or say none"))
        if named == [NONE] and printed:
            advice = "a block with printed phrases names the claims that it retells: put their ids in the place of none"
            said.append((", ".join(printed), advice))
        if not block.argument:
            yield Finding("report-locator", chapter.file, block.cell, block.line, opening)
        for found, advice in said:
            yield Finding("report-claims", chapter.file, block.cell, block.line, found, advice)


def check_cells(chapter: Chapter, words: Words) -> Iterator[Finding]:
    """Yield what is wrong with a notebook's code cells: parameters first, executed, short, nothing defined or typed."""
    file = chapter.file
    if not chapter.is_executed:
        yield Finding("not-executed", file, 0, 0, file)
    if not chapter.code:
        yield Finding("parameters", file, 0, 0, file)
    for place, (number, cell) in enumerate(chapter.code):
        written = [line.strip() for line in cell.source.splitlines() if line.strip()]
        first = written[0] if written else "an empty cell"
        not_run = chapter.is_executed and written and cell.execution_count is None
        if not_run or any(output.output_type == "error" for output in cell.outputs):
            yield Finding("not-executed", file, number, 0, first)
        # A list of names is as long as the questionnaire, and is read at a glance.
        lines = [line for line in written if not line.lstrip().startswith(("'", '"'))]
        if len(lines) > LONGEST:
            advice = f"the cell has {len(lines)} lines, and {LONGEST} is the limit: split it, or move work into src"
            yield Finding("cell-length", file, number, 0, first, advice, first if len(lines) <= HARD_LIMIT else "")
        try:
            tree = ast.parse(cell.source)
        except SyntaxError as error:
            advice = f"this isn't Python ({error.msg}): correct it"
            yield Finding("code-unreadable", file, number, error.lineno or 0, first, advice)
            continue
        if place == 0 and not ("parameters" in cell.metadata.get("tags", []) and gives_plain_values(tree)):
            yield Finding("parameters", file, number, 0, first)
        nodes: list[Any] = list(ast.walk(tree))
        for node in nodes:
            if rule := find_code_rule(node):
                yield Finding(rule, file, number, node.lineno, ast.unparse(node).split("\n")[0])
            # A text without a space is a name of something, not prose.
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value.split()) > 1:
                for rule, match in words.find(LOOKED_FOR[""], node.value):
                    advice, more = f"in the text '{node.value}': {ADVICE[rule]}", (node.value, match.start())
                    yield Finding(f"code-{rule}", file, number, node.lineno, match[0], advice, *more)


def gives_plain_values(tree: ast.Module) -> bool:
    """Return whether code gives plain values to names and does nothing else."""
    try:
        for statement in tree.body:
            ast.literal_eval(statement.value if isinstance(statement, ast.Assign) else ast.Name("none"))
    except ValueError:
        return False
    return True


def find_code_rule(node: Any) -> str:
    """Return the rule that a piece of code breaks: it defines something, or types what is chosen from data."""
    if isinstance(node, DEFINITIONS):
        return "definition"
    if isinstance(node, ast.Call):
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        if called in ("Phrase", "phrase"):
            return "typed-phrase"
        if called == "open_wave" and any(isinstance(part, ast.Constant) and part.value for part in given):
            return "typed-wave"
    return ""


def check_foreign(chapter: Chapter) -> Iterator[Finding]:
    """Yield each output that the book doesn't make, and each piece of markup from elsewhere; none may be excused."""
    yield from (Finding("foreign-output", chapter.file, number, 0, what) for number, what in chapter.foreign)
    for number, cell in chapter.cells:
        for line, what in find_foreign_markup(cell.source) if cell.cell_type != "code" else ():
            yield Finding("foreign-markup", chapter.file, number, line, what)


def find_foreign_markup(text: str) -> Iterator[tuple[int, str]]:
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
