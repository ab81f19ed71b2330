"""The linter: every rule over every chapter, then the exceptions."""

from collections.abc import Collection, Sequence
from pathlib import Path

from surveybook.model import paths
from surveybook.verify.linting.blocks import check_blocks
from surveybook.verify.linting.chapters import Chapter, read_chapter
from surveybook.verify.linting.code import check_code
from surveybook.verify.linting.exceptions import SOURCE, ExceptionRow, apply_exceptions, read_exceptions
from surveybook.verify.linting.finding import Finding
from surveybook.verify.linting.foreign import check_foreign
from surveybook.verify.linting.prose import check_prose
from surveybook.verify.linting.words import Words, read_words


def claim_ids() -> frozenset[str]:
    """Return the ids of the claims of ``data/claims.yml``.

    Raises
    ------
    DataError
        When the file has anything wrong with it.
    """
    from surveybook.claims.claim import read_claims

    return frozenset(claim.id for claim in read_claims())


def check_chapter(chapter: Chapter, words: Words, claims: Collection[str]) -> list[Finding]:
    """Return what breaks a rule in one chapter, in the order of its cells and lines; no exception is applied."""
    found = [*check_prose(chapter, words), *check_blocks(chapter, words, claims), *check_code(chapter, words)]
    found += check_foreign(chapter.name, chapter.file, list(chapter.texts), list(chapter.foreign))
    return sorted(found, key=lambda finding: (finding.cell, finding.line, finding.start))


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
    chapters = [read_chapter(path) for path in files or [*paths.chapters(), *paths.pages()]]
    words = words or read_words()
    claims = claim_ids() if claims is None else claims
    rows = read_exceptions() if exceptions is None else exceptions
    findings = [finding for chapter in chapters for finding in check_chapter(chapter, words, claims)]
    return apply_exceptions(findings, rows, SOURCE, {chapter.name for chapter in chapters}, whole_book=not files)
