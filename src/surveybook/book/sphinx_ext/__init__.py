"""The Sphinx extension: how a chart stored in a notebook becomes part of a page.

It reads what the notebooks hold and never computes a statistic, so it imports neither pandas nor Altair.
"""

from sphinx.application import Sphinx

# All that a book needs; Jupyter Book's own theme and scripts are left out.
OTHERS = ("myst_nb", "jupyter_book", "sphinx_external_toc", "sphinxcontrib.bibtex")


def setup(app: Sphinx) -> dict[str, object]:
    """Register the theme, the nodes, the directives and the renderer; return what Sphinx wants to know.

    Returns
    -------
    dict
        The extension's version and that it may read and write in parallel.
    """
    # Here, not at the top, so that importing the package for one of its parts stays light.
    from surveybook.book.sphinx_ext import blocks, exhibits, lookups, pages, settings, transforms

    for name in OTHERS:
        app.setup_extension(name)
    for part in (settings, exhibits, lookups, blocks, transforms, pages):
        part.setup(app)
    return {"version": "1", "env_version": 3, "parallel_read_safe": True, "parallel_write_safe": True}
