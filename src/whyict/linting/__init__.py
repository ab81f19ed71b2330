"""No loose number: every number and every direction in the prose of the book is bound to the data."""

from whyict.linting.finding import Finding
from whyict.linting.linter import lint
from whyict.linting.words import Words, read_words

__all__ = ["Finding", "Words", "lint", "read_words"]
