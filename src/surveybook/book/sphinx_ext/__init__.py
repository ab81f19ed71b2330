"""The Sphinx extension: how a chart stored in a notebook becomes part of a page.

It reads what the notebooks hold and never computes a statistic, so it imports neither pandas nor Altair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, object]:
    """Register the theme, the nodes, the directives and the renderer; return what Sphinx wants to know.

    Returns
    -------
    dict
        The extension's version and that it may read and write in parallel.
    """
    # Here, not at the top, so that importing the package for one of its parts stays light.
    from surveybook.book.sphinx_ext import (
        cards,
        certificates,
        directives,
        extras,
        figures,
        guard,
        mathematics,
        mime,
        pages,
        references,
        roles,
        several,
        sharing,
        tables,
        terms,
        unsaid,
    )

    app.add_config_value("surveybook_edition", {}, "html", types=(dict,))
    app.add_config_value("surveybook_edition_file", "", "", types=(str,))
    app.add_config_value("surveybook_chart_cache", "_build/.charts", "", types=(str,))
    app.add_config_value("surveybook_repository", "", "html", types=(str,))
    app.add_config_value("surveybook_cite_page", "", "html", types=(str,))
    # Jupyter Book always sets it; only the extension that we leave out would declare it.
    app.add_config_value("comments_config", {}, "", types=(dict,))
    for part in (
        guard,
        mime,
        cards,
        figures,
        tables,
        directives,
        roles,
        unsaid,
        references,
        mathematics,
        terms,
        extras,
        pages,
        several,
        sharing,
        certificates,
    ):
        part.setup(app)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
