"""The linter: no loose number in prose, blocks that keep to their wave, code without text of its own.

Each rule yields what breaks it; `lint` runs them over the book and takes out what people allowed, each for a reason.
What there is to do about it stands in ``rules.yml``, beside this module.
"""

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from surveybook.book.notebooks import find_foreign_outputs
from surveybook.model import paths
from surveybook.model.files import read_beside
from surveybook.model.tables import open_table
from surveybook.verify.prose import (
    BACKGROUND,
    REPORT,
    Chapter,
    Role,
    Words,
    read_chapter,
    read_word_lists,
    straighten,
    walk_markdown,
)
from surveybook.verify.record import LISTS

SOURCE, PERTURBATION = "source", "perturbation"
EVERY_CHAPTER = "*"
UNKNOWN_CLAIM = "data/claims.yml has no claim of this id: correct it"
# What is looked for in words: everywhere; outside of blocks and in most of them; and in those of some kinds instead.
EVERYWHERE = ("digit", "per-cent", "fraction", "count")
IN_TEXT = (*EVERYWHERE, "direction")
LOOKED_FOR = {REPORT: EVERYWHERE, BACKGROUND: (*EVERYWHERE, "background-population", "background-item")}
LONGEST, HARD_LIMIT = 12, 15
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)

COMMENT = re.compile(r"\s*<!--.*?-->\s*", re.DOTALL)
SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)

NONE = "none"  # of the claims


@cache
def read_advice() -> dict[str, str]:
    """Return what to do about what breaks a rule, by its name, where that is the same each time."""
    return read_beside(__file__, "rules.yml")


@dataclass(frozen=True)
class Finding:
    """One thing in a chapter that breaks a rule.

    Attributes
    ----------
    rule : str
        The short name of the rule.
    cell : int
        Which of the notebook's cells, counted from 1; 0 in a file that has no cells.
    line : int
        Which line of the cell or file, counted from 1; 0 where it concerns the whole.
    found : str
        The text that breaks the rule.
    advice : str
        What to do about it; empty for what ``rules.yml`` says of the rule.
    context : str
        The text around it, which an exception's phrase has to be a part of; empty where no exception may allow it.
    start : int
        Where in the context `found` begins.
    file : str
        The file, as typed from the project's folder.
    """

    rule: str
    cell: int
    line: int
    found: str
    advice: str = ""
    context: str = ""
    start: int = 0
    file: str = ""

    @property
    def chapter(self) -> str:
        """The file's name without its ending, as exceptions name it."""
        return Path(self.file).stem

    def __str__(self) -> str:
        """Return the finding as one line."""
        counted = [f"{what} {number}" for what, number in (("cell", self.cell), ("line", self.line)) if number]
        place = ", ".join([self.file, *counted])
        return f"{place}: “{' '.join(self.found.split())}” ({self.rule}): {self.advice or read_advice()[self.rule]}"


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
    table = open_table(path, "The list of exceptions", rows_needed=False)
    return [ExceptionRow(*record) for record in table.itertuples()]


def apply_exceptions(
    findings: Iterable[Finding], rows: Iterable[ExceptionRow] | None, check: str, chapters: Collection[str] | None
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
    chapters : collection of str or None
        The chapters that were checked; None for all. Only then is an exception for no chapter, or for every one, known
        to be unused.
    """
    rows = [row for row in (read_exceptions() if rows is None else rows) if row.check in (check, SOURCE)]
    allowing = {finding: {row for row in rows if row.allows(finding)} for finding in findings}
    used = set().union(*allowing.values())
    file = paths.shown(paths.data() / "lint" / "exceptions.csv")
    unused = [
        Finding("exception-unused", 0, row.row, row.phrase, f"nothing in {row.chapter} needs this exception "
                f"({check}): take the row out", file=file)
        for row in rows
        if row.check == check and row not in used and (chapters is None or row.chapter in chapters)
    ]  # fmt: skip
    return [finding for finding, rows in allowing.items() if not rows] + unused


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
        there = paths.claims().is_file()
        claims = {claim.id: claim.phrases for claim in (read_claims() if there else ())}
    findings: list[Finding] = []
    for chapter in chapters:
        found = [*check_passages(chapter, words, claims), *check_report_blocks(chapter, claims)]
        found += [*check_foreign(chapter), *(check_cells(chapter, words) if chapter.file.endswith(".ipynb") else ())]
        placed = sorted(found, key=lambda finding: (finding.cell, finding.line, finding.start))
        findings += [replace(finding, file=chapter.file) for finding in placed]
    names = {Path(one.file).stem for one in chapters} if files else None
    return apply_exceptions(findings, exceptions, SOURCE, names)


def check_passages(chapter: Chapter, words: Words, claims: Mapping[str, Collection[str]]) -> Iterator[Finding]:
    """Yield each typed number of a chapter's text, and each direction, name and role that may not stand where it is."""
    waves = chapter.glued
    # What a notebook without outputs glues isn't known; that it has none is a finding of its own.
    is_known = chapter.is_executed or not chapter.code
    for passage in chapter.passages:
        for rule, match in words.find(LOOKED_FOR.get(passage.kind, IN_TEXT), passage.text):
            start, end = match.span()
            line = passage.line + passage.text.count("\n", 0, start)
            yield Finding(rule, passage.cell, line, passage.text[start:end], context=passage.text, start=start)
        for role in passage.roles:
            behind = waves.get(role.glued, None if is_known else [])
            for rule, advice in judge_role(role, passage.kind, behind, claims):
                yield Finding(rule, passage.cell, passage.line, role.glued or role.content, advice)


def judge_role(
    role: Role, block: str, behind: Collection[str] | None, claims: Mapping[str, Collection[str]]
) -> Iterator[tuple[str, str]]:
    """Yield each rule that a role breaks in a kind of block, given the waves behind what it pastes, with an advice.

    Report blocks have what was printed, and background has none of the survey; a note of ours on the report may set
    both waves side by side.
    """
    name, _, phrase = (part.strip() for part in role.content.partition(":"))
    glued, printed, there = bool(role.glued), role.name == "printed", claims.get(name, ())
    is_there = there and (not phrase or phrase in there)
    listed = f"the report prints no such phrase there; the claim's printed phrases: {', '.join(there) or NONE}"
    for rule, is_broken, advice in (
        ("background-item", block == BACKGROUND and role.name == "item", ""),
        ("background-glue", block == BACKGROUND and glued, ""),
        ("glue-unknown", block != BACKGROUND and glued and behind is None, ""),
        ("report-glue", block == REPORT and glued and behind, ""),
        ("glue-outside", block == "" and glued and any(behind or ()), ""),
        ("printed", printed and name not in claims, UNKNOWN_CLAIM),
        ("printed", printed and name in claims and not is_there, listed),
    ):
        if is_broken:
            yield rule, advice


def check_report_blocks(chapter: Chapter, claims: Collection[str]) -> Iterator[Finding]:
    """Yield what is wrong with the head of each report block: where the report says it, which claims it retells."""
    for block, passages in groupby(chapter.passages, key=lambda passage: passage.block):
        if block is None or block.kind != REPORT:
            continue
        opening = f"{{report}} {block.argument}".strip()
        named = [name.strip() for name in block.options.get("claims", "").split(",") if name.strip()]
        printed = [role.content for passage in passages for role in passage.roles if role.name == "printed"]
        retold = "a block with printed phrases names the claims that it retells: put their ids in the place of none"
        unknown = [("report-claims", name, UNKNOWN_CLAIM, True) for name in named if name not in (NONE, *claims)]
        for rule, found, advice, is_broken in (
            ("report-locator", opening, "", not block.argument),
            ("report-claims", opening, "add a line :claims: with ids of data/claims.yml, or with none", not named),
            *unknown,
            ("report-claims", ", ".join(named), "name claims, or say none", NONE in named and len(named) > 1),
            ("report-claims", ", ".join(printed), retold, named == [NONE] and printed),
        ):
            if is_broken:
                yield Finding(rule, block.cell, block.line, found, advice)


def check_cells(chapter: Chapter, words: Words) -> Iterator[Finding]:
    """Yield what is wrong with a notebook's code cells: parameters first, executed, short, nothing defined or typed."""
    if not chapter.is_executed:
        yield Finding("not-executed", 0, 0, chapter.file)
    if not chapter.code:
        yield Finding("parameters", 0, 0, chapter.file)
    for place, (number, cell) in enumerate(chapter.code):
        written = [line.strip() for line in cell.source.splitlines() if line.strip()]
        first = written[0] if written else "an empty cell"
        not_run = chapter.is_executed and written and cell.execution_count is None
        if not_run or any(output.output_type == "error" for output in cell.outputs):
            yield Finding("not-executed", number, 0, first)
        # A list of names is as long as the questionnaire, and is read at a glance.
        lines = [line for line in written if not line.startswith(("'", '"'))]
        if len(lines) > LONGEST:
            advice = f"the cell has {len(lines)} lines, and {LONGEST} is the limit: split it, or move work into src"
            yield Finding("cell-length", number, 0, first, advice, first if len(lines) <= HARD_LIMIT else "")
        try:
            tree = ast.parse(cell.source)
        except SyntaxError as error:
            advice = f"this isn't Python ({error.msg}): correct it"
            yield Finding("code-unreadable", number, error.lineno or 0, first, advice)
            continue
        if place == 0 and not ("parameters" in cell.metadata.get("tags", []) and gives_plain_values(tree)):
            yield Finding("parameters", number, 0, first)
        for node in ast.walk(tree):
            yield from check_node(node, number, words)


def gives_plain_values(tree: ast.Module) -> bool:
    """Return whether code gives plain values to names and does nothing else."""
    try:
        for statement in tree.body:
            ast.literal_eval(statement.value if isinstance(statement, ast.Assign) else ast.Name("none"))
    except ValueError:
        return False
    return True


def check_node(node: Any, cell: int, words: Words) -> Iterator[Finding]:
    """Yield what a piece of code breaks: it defines something, types what is chosen from data, or holds prose."""
    called, given = "", list[Any]()
    if isinstance(node, ast.Call):
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
    types_wave = called == "open_wave" and any(isinstance(part, ast.Constant) and part.value for part in given)
    for rule, is_broken in (
        ("definition", isinstance(node, DEFINITIONS)),
        ("typed-phrase", called in ("Phrase", "phrase")),
        ("typed-wave", types_wave),
    ):
        if is_broken:
            yield Finding(rule, cell, node.lineno, ast.unparse(node).split("\n")[0])
    # A text without a space is a name of something, not prose.
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value.split()) > 1:
        for rule, match in words.find(IN_TEXT, node.value):
            advice = f"in the text '{node.value}': {read_advice()[rule]}"
            yield Finding(f"code-{rule}", cell, node.lineno, match[0], advice, node.value, match.start())


def check_foreign(chapter: Chapter) -> Iterator[Finding]:
    """Yield each output that the book doesn't make, and each piece of markup from elsewhere; none may be excused."""
    yield from (Finding("foreign-output", number, 0, what) for number, what in find_foreign_outputs(chapter.notebook))
    for number, cell in chapter.cells:
        for line, what in find_foreign_markup(cell.source) if cell.cell_type != "code" else ():
            yield Finding("foreign-markup", number, line, what)


def find_foreign_markup(text: str) -> Iterator[tuple[int, str]]:
    """Yield what is foreign in a markdown text, by its line: HTML, files and addresses from elsewhere.

    Those parts are read too that stand inside directives.
    """
    for token, (name, argument), line, _ in walk_markdown(text):
        if name in LISTS["foreign_directives"]:
            yield line, f"{{{name}}} {argument}".strip()
        for part in [token, *(token.children or [])]:
            if part.type in ("html_block", "html_inline") and not COMMENT.fullmatch(part.content):
                yield line, part.content.strip()
            elif part.type == "myst_role" and part.meta["name"] in LISTS["foreign_roles"]:
                yield line, f"{{{part.meta['name']}}}`{part.content}`"
            address = str(part.attrs.get("href") or part.attrs.get("src") or "")
            scheme = SCHEME.match(address)
            is_foreign = scheme and scheme[1].lower() not in LISTS["link_schemes"]
            if is_foreign or (part.type == "image" and (scheme or ".." in address)):
                yield line, address
