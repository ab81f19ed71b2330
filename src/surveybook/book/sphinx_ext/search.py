"""What the search page looks through: sections, figures, tables, questions, claims, each with its address and words."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx

from surveybook.book.sphinx_ext.exhibits import chart_figure, data_table, exhibit
from surveybook.book.sphinx_ext.settings import EXTRAS, SITES

FILE, KEPT = "sections.js", "surveybook_sections"
# What isn't read as text of its section: its subsections, and what is found by itself.
BY_ITSELF = (nodes.section, nodes.title, exhibit, HideCodeCellNode, nodes.literal_block)


def list_found(app: Sphinx, pagename: str, doctree: nodes.document) -> Iterator[list[str]]:
    """Yield all that is to be found on a page: its kind, its title, its address, and its words."""
    address = app.builder.get_target_uri(pagename)
    for section in doctree.findall(nodes.section):
        titles = [part.astext() for part in section.children if isinstance(part, nodes.title)]
        words = " ".join(" ".join(read_section_words(section)).split())
        is_page = section.parent is doctree
        yield ["page" if is_page else "section", titles[0] if titles else "", f"{address}#{section['ids'][0]}", words]
    for node in doctree.findall(exhibit):
        meta = node["meta"]
        if isinstance(node, chart_figure | data_table) and node["ids"]:
            kind = "figure" if isinstance(node, chart_figure) else "table"
            words = " ".join(filter(None, (meta.get("subtitle"), meta.get("alternative"))))
            yield [kind, meta["title"], f"{address}#{node['ids'][0]}", words]
        for entry in meta.get("entries", ()):
            printed = [f"“{one['phrase']}”" for one in entry.get("printed", ())]
            said = "; ".join([entry["verdict"], *printed, entry["locator"]])
            yield ["claim", entry["statement"], f"{address}#claim-{entry['id']}".lower(), said]


def read_section_words(node: nodes.Element) -> Iterator[str]:
    """Yield the words of a section without those of what is found by itself."""
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield str(child)
        elif isinstance(child, nodes.Element) and not isinstance(child, BY_ITSELF):
            yield from read_section_words(child)


def list_explored_questions(app: Sphinx) -> Iterator[list[str]]:
    """Yield the questions that the explorer shows, with their wordings."""
    path = Path(app.srcdir) / EXTRAS / "explorer.json"
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    for question in data.get("questions", ()):
        own = [told[0] for key, told in data["asked"].items() if key.split("|")[1] == question["id"]]
        words = " ".join(dict.fromkeys(own))
        yield ["question", question["title"], f"explorer.html#question={question['id']}", words]


def keep_found(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Keep what is to be found on a page once its computed words are in it."""
    if doctree is not None and app.builder.name in SITES:
        app.env.metadata[pagename][KEPT] = list(list_found(app, pagename, doctree))


def write_found(app: Sphinx, problem: Exception | None) -> None:
    """Write all that is to be found as a script, for a page on a disk can't fetch data."""
    if problem or app.builder.name not in SITES:
        return
    found = [one for name in sorted(app.env.metadata) for one in app.env.metadata[name].get(KEPT, ())]
    text = json.dumps([*found, *list_explored_questions(app)], ensure_ascii=False, separators=(",", ":"))
    (Path(app.outdir) / FILE).write_text(f"window.surveybookSections = {text};\n", encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register what is kept of each page, and when it is written."""
    app.connect("html-page-context", keep_found, priority=950)
    app.connect("build-finished", write_found)
