"""Rules for code cells: short, plain, executed, with parameters first, and no text typed into them."""

import ast
from collections.abc import Iterator

from surveybook.verify.linting.chapters import Chapter, CodeCell
from surveybook.verify.linting.finding import Finding
from surveybook.verify.linting.prose import ADVICE, loose_words
from surveybook.verify.linting.words import Words

PARAMETERS = "parameters"
LONGEST, HARD_LIMIT = 12, 15
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
PHRASES = ("Phrase", "phrase")


def first_line(cell: CodeCell) -> str:
    """Return a cell's first line with something on it."""
    return next((line.strip() for line in cell.source.splitlines() if line.strip()), "an empty cell")


def finding(
    chapter: Chapter, cell: CodeCell, rule: str, advice: str, *, line: int = 0, found: str = "", excusable: bool = False
) -> Finding:
    """Return a finding about a cell; the cell's first line names it where nothing else does."""
    found = found or first_line(cell)
    return Finding(rule, chapter.name, chapter.file, cell.number, line, found, advice, found, excusable=excusable)


def check_code(chapter: Chapter, words: Words) -> Iterator[Finding]:
    """Yield what is wrong with a notebook's code cells; nothing for a page."""
    if not chapter.notebook:
        return
    yield from check_parameters(chapter)
    yield from check_executed(chapter)
    for cell in chapter.cells:
        yield from check_length(chapter, cell)
        try:
            tree = ast.parse(cell.source)
        except SyntaxError as error:
            yield finding(
                chapter, cell, "code-unreadable", f"this isn't Python ({error.msg}): correct it", line=error.lineno or 0
            )
            continue
        yield from check_definitions(chapter, cell, tree)
        if PARAMETERS not in cell.tags:
            yield from check_texts(chapter, cell, tree, words)


def check_parameters(chapter: Chapter) -> Iterator[Finding]:
    """Yield a finding where the first code cell isn't the parameters, or they aren't plain values."""
    if not chapter.cells or PARAMETERS not in chapter.cells[0].tags:
        yield Finding(
            "parameters",
            chapter.name,
            chapter.file,
            chapter.cells[0].number if chapter.cells else 0,
            0,
            first_line(chapter.cells[0]) if chapter.cells else chapter.file,
            "the first code cell is the one tagged 'parameters': put it there",
            excusable=False,
        )
        return
    cell = chapter.cells[0]
    try:
        statements = ast.parse(cell.source).body
        for statement in statements:
            if not isinstance(statement, ast.Assign):
                raise ValueError
            ast.literal_eval(statement.value)
    except (SyntaxError, ValueError):
        yield finding(
            chapter,
            cell,
            "parameters",
            'parameters are plain values such as wave = "2004": compute what follows from them in a later cell',
        )


def check_executed(chapter: Chapter) -> Iterator[Finding]:
    """Yield a finding for a notebook without outputs, a cell that wasn't run, and one that failed."""
    advice = "store the chapter executed: surveybook chapter store"
    if not any(cell.outputs for cell in chapter.cells):
        yield Finding(
            "not-executed",
            chapter.name,
            chapter.file,
            0,
            0,
            chapter.name,
            f"no cell has outputs; {advice}",
            excusable=False,
        )
        return
    for cell in chapter.cells:
        if cell.source.strip() and not cell.executed:
            yield finding(chapter, cell, "not-executed", f"this cell was not run; {advice}")
        elif any(output.get("output_type") == "error" for output in cell.outputs):
            yield finding(chapter, cell, "not-executed", f"this cell failed; mend it, then {advice}")


def check_length(chapter: Chapter, cell: CodeCell) -> Iterator[Finding]:
    """Yield a finding for a cell that is too long; between the two limits an exception may allow it."""
    lines = sum(bool(line.strip()) for line in cell.source.splitlines())
    if lines > LONGEST:
        yield finding(
            chapter,
            cell,
            "cell-length",
            f"the cell has {lines} lines of code, and {LONGEST} is the limit: split it, or move work into src",
            excusable=lines <= HARD_LIMIT,
        )


def check_definitions(chapter: Chapter, cell: CodeCell, tree: ast.Module) -> Iterator[Finding]:
    """Yield each function, class and lambda that is defined, and each phrase that is made by hand."""
    for node in ast.walk(tree):
        if isinstance(node, DEFINITIONS):
            yield finding(
                chapter,
                cell,
                "definition",
                "chapters define no functions: put it into src/surveybook",
                line=node.lineno,
                found=ast.unparse(node).split("\n")[0],
            )
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in PHRASES:
            yield finding(
                chapter,
                cell,
                "typed-phrase",
                "a phrase made in a chapter rests on nothing: let a function of "
                "surveybook.words.findings make it from the estimates",
                line=node.lineno,
                found=ast.unparse(node),
            )


def check_texts(chapter: Chapter, cell: CodeCell, tree: ast.Module, words: Words) -> Iterator[Finding]:
    """Yield each loose number and direction in a text that code hands on, such as a chart's topic.

    A text without a space is a name of something, not prose.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value.split()) > 1:
            for rule, match in loose_words(node.value, words, directions=True):
                yield Finding(
                    f"code-{rule}",
                    chapter.name,
                    chapter.file,
                    cell.number,
                    node.lineno,
                    match[0],
                    f"in the text '{node.value}': {ADVICE[rule]}",
                    node.value,
                    match.start(),
                )
