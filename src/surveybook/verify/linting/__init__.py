"""No loose number: every number and every direction in the prose of the book is bound to the data."""

from surveybook.verify.linting.finding import Finding
from surveybook.verify.linting.linter import lint
from surveybook.verify.linting.words import Words, read_words

__all__ = ["Finding", "Words", "lint", "read_words"]
