"""The glossary knows every abbreviation that stands on a page."""

import re

from surveybook.book.notebooks import read_notebook
from surveybook.claims.claim import read_claims
from surveybook.model import paths
from surveybook.model.codebook import read_codebook
from surveybook.verify.prose import read_chapter

ABBREVIATION = re.compile(r"\b\w*[A-Z]{2}\w*\b")
TERM = re.compile(r"^(\S.*)\n  \S", re.MULTILINE)


def read_terms() -> set[str]:
    """Return the words of all terms of the glossary."""
    cells = read_notebook(paths.find_chapter("methods")).cells
    glossary = next(cell.source for cell in cells if "{glossary}" in cell.source)
    return {word for term in TERM.findall(glossary) for word in term.split()}


def list_texts() -> list[str]:
    """Return what stands on pages: their prose, the names of what was asked, and what is claimed."""
    chapters = [read_chapter(path) for path in (*paths.chapters(), *paths.pages())]
    codebook = read_codebook()
    return [
        *(passage.text for chapter in chapters for passage in chapter.passages),
        *codebook.items["label"],
        *codebook.questions["title"],
        *(claim.statement for claim in read_claims()),
    ]


def test_the_glossary_explains_every_abbreviation_of_the_pages() -> None:
    used = {found.removesuffix("s") for text in list_texts() for found in ABBREVIATION.findall(text)}
    assert {"ICT", "PCS", "NASUWT"} <= used
    assert used - read_terms() == set()
