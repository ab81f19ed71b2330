"""Whether a chapter is stored as `make chapters` stores it: executed in order, without traces of its run."""

from collections.abc import Iterator
from pathlib import Path

from surveybook.book.chapters import clean
from surveybook.model import paths

ADVICE = "store it with: make chapters"


def find_traces(path: Path) -> Iterator[str]:
    """Yield what sets a notebook apart from a chapter that was executed once, from top to bottom, and cleaned.

    Parameters
    ----------
    path : Path
        A notebook that can be read.
    """
    import nbformat

    text = path.read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    numbered = [(number, cell) for number, cell in enumerate(notebook.cells, start=1) if cell.cell_type == "code"]
    for place, (number, cell) in enumerate(numbered, start=1):
        if cell.execution_count != place:
            count = cell.execution_count or "nothing"
            yield f"{paths.shown(path)}, cell {number}: it was run as {count}, not as {place}; {ADVICE}."
            break
    if nbformat.writes(clean(notebook)).strip() != text.strip():
        yield f"{paths.shown(path)}: it holds times, versions or settings of the program that saved it; {ADVICE}."
