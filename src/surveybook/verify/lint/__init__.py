"""No loose number: every number and every direction in the prose of the book is bound to the data."""

from surveybook.verify.lint.findings import Finding
from surveybook.verify.lint.rules import lint

__all__ = ["Finding", "lint"]
