"""A chapter as the checks see it: its passages of text, and its code cells."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from surveybook.book.notebooks import foreign_outputs, read_notebook
from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.verify.linting.pages import Block, Passage, read_passages


@dataclass(frozen=True)
class CodeCell:
    """A code cell.

    Attributes
    ----------
    number : int
        Which of all cells, counted from 1.
    source : str
        Its code.
    tags : tuple of str
        Its tags.
    executed : bool
        Whether it carries the mark of having been run.
    outputs : tuple of dict
        What it put out, as the notebook stores it.
    """

    number: int
    source: str
    tags: tuple[str, ...] = ()
    executed: bool = False
    outputs: tuple[dict[str, Any], ...] = field(default=(), hash=False)


@dataclass(frozen=True)
class Chapter:
    """A notebook or page of the book.

    Attributes
    ----------
    name : str
        The file's name without its ending.
    file : str
        The file, as typed from the project's folder.
    notebook : bool
        Whether it is one; a page has no cells.
    passages : tuple of Passage
        What a reader sees of its markdown.
    cells : tuple of CodeCell
        Its code.
    texts : tuple of int and str
        Its markdown as it stands, by the number of the cell; 0 for a page.
    foreign : tuple of int and str
        Outputs that the book doesn't make, by the number of the cell.
    """

    name: str
    file: str
    notebook: bool
    passages: tuple[Passage, ...]
    cells: tuple[CodeCell, ...] = ()
    texts: tuple[tuple[int, str], ...] = ()
    foreign: tuple[tuple[int, str], ...] = ()

    def blocks(self) -> Iterator[tuple[Block, list[Passage]]]:
        """Yield each report and background block with its passages."""
        for block in dict.fromkeys(passage.block for passage in self.passages if passage.block):
            yield block, [passage for passage in self.passages if passage.block == block]


def read_chapter(path: Path) -> Chapter:
    """Return a notebook or a markdown page.

    Raises
    ------
    SurveybookError
        When the file isn't there, isn't one of the two, or can't be read.
    """
    file = paths.shown(path)
    if not path.is_file() or path.suffix not in (".ipynb", ".md"):
        raise SurveybookError(
            f"{file} is neither a notebook (.ipynb) nor a page (.md) that exists; name one of the book's."
        )
    if path.suffix == ".md":
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise SurveybookError(f"{file} isn't UTF-8; save it as UTF-8.") from None
        return Chapter(path.stem, file, False, tuple(read_passages(text)), texts=((0, text),))
    content = read_notebook(path)
    numbered = list(enumerate(content.cells, start=1))
    passages = tuple(
        passage
        for number, cell in numbered
        if cell.cell_type == "markdown"
        for passage in read_passages(cell.source, number)
    )
    cells = tuple(
        CodeCell(
            number,
            cell.source,
            tuple(cell.metadata.get("tags", [])),
            cell.execution_count is not None,
            tuple(cell.outputs),
        )
        for number, cell in numbered
        if cell.cell_type == "code"
    )
    texts = tuple((number, cell.source) for number, cell in numbered if cell.cell_type != "code")
    return Chapter(path.stem, file, True, passages, cells, texts, tuple(foreign_outputs(content)))
