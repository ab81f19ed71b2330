"""The pages that only a site of several editions shows: the list of them, and one search for all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PAGES = ("editions", "search-editions")


def pages_of_several(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Return these pages, without what they say of other editions, for a book that `surveybook build` laid out."""
    told = Path(app.srcdir) / app.config.surveybook_edition_told
    if app.builder.name == "html" and app.config.surveybook_edition_told and told.is_file():
        for name in PAGES:
            yield name, {}, f"{name}.html"


def setup(app: Sphinx) -> None:
    """Register the pages."""
    app.add_config_value("surveybook_edition_told", "_build/told.json", "", types=(str,))
    app.connect("html-collect-pages", pages_of_several)
