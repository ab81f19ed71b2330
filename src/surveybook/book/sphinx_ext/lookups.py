"""What each page tells the others: its description, its charts, its claims, its terms, and what the search finds."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from surveybook.book.sphinx_ext.exhibits import chart_figure, data_table, exhibit
from surveybook.book.sphinx_ext.settings import SITES
from surveybook.model import paths

# What is kept of each page, under these names in its metadata, which Sphinx merges when pages are read in parallel: its
# description; its charts, with question, title, address and figures; its claims by id; where its blocks retell which
# claims; the definitions of its terms; what is found on it.
DESCRIPTION, CHARTED, CLAIMS, RETOLD, TERMS, FOUND = (
    f"surveybook_{name}" for name in ("description", "charts", "claims", "retold", "terms", "found")
)
# Enough for a search engine's two lines.
DESCRIPTION_LENGTH = 160
# What a page opens with: a paragraph, or the list of its findings.
OPENINGS = (nodes.section, nodes.list_item)
FOUND_FILE = "sections.js"
# What isn't read as text of its section: its subsections, and what is found by itself.
BY_ITSELF = (nodes.section, nodes.title, exhibit, HideCodeCellNode, nodes.literal_block)


def note_page(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what other pages need to know of one that is read, and give its blocks addresses."""
    kept = app.env.metadata[app.env.docname]
    note_description(app, doctree, app.env.docname)
    kept[CHARTED] = [
        (one["meta"].get("question_id", ""), one["meta"]["title"], one["ids"][0], one["meta"].get("figures", []))
        for one in doctree.findall(chart_figure)
        if one["ids"]
    ]
    tables = doctree.findall(data_table)
    kept[CLAIMS] = {entry["id"]: entry for table in tables for entry in table["meta"].get("entries", ())}
    kept[RETOLD] = {}
    named = Counter[str]()
    for block in doctree.findall(nodes.Element):
        if block.get("claims"):
            name = nodes.make_id(block["label"])
            named[name] += 1  # a section may be retold in several blocks
            block["ids"] = [name if named[name] == 1 else f"{name}-{named[name]}"]
            kept[RETOLD] |= dict.fromkeys(block["claims"], block["ids"][0])
    kept[TERMS] = {
        name: (term.astext(), define_term(item))
        for glossary in doctree.findall(addnodes.glossary)
        for item in glossary.findall(nodes.definition_list_item)
        for term in item.findall(nodes.term)
        for name in term["ids"]
    }


def note_description(app: Sphinx, doctree: nodes.document, pagename: str) -> str:
    """Keep the description of a page, which programs read too, and return it.

    It is what the page's metadata state, or else its first paragraph, cut after a whole word.
    """
    metadata = app.env.metadata[pagename]
    paragraphs = (found for found in doctree.findall(nodes.paragraph) if isinstance(found.parent, OPENINGS))
    text = " ".join(next(paragraphs, nodes.paragraph()).astext().split())
    if len(text) > DESCRIPTION_LENGTH:
        text = text[: DESCRIPTION_LENGTH - 1].rsplit(" ", 1)[0].rstrip(",;:–") + "…"
    metadata[DESCRIPTION] = str(metadata.get("description") or text)
    return metadata[DESCRIPTION]


def define_term(item: nodes.definition_list_item) -> str:
    """Return the text of a definition, without the works that it cites."""
    body = next(iter(item.findall(nodes.definition))).deepcopy()
    for cited in list(body.findall(addnodes.pending_xref)):
        if cited.get("refdomain") == "cite":
            cited.parent.remove(cited)
    return " ".join(body.astext().split()).replace(" .", ".").replace(" ,", ",")


def find_home_page(env: BuildEnvironment, kind: str, name: str) -> tuple[str, Any]:
    """Return the first page, in reading order, that keeps something of a name, and what; empty where none does."""
    homes = ((page, env.metadata[page].get(kind, {})) for page in sorted(env.metadata))
    return next(((page, kept[name]) for page, kept in homes if name in kept), ("", None))


def find_chart(env: BuildEnvironment, figures: list[str]) -> tuple[str, str]:
    """Return the page and the address of the first chart that shows the first of some figures that any shows."""
    charts = [(page, chart) for page in sorted(env.metadata) for chart in env.metadata[page].get(CHARTED, ())]
    found = ((page, chart[2]) for figure in figures for page, chart in charts if figure in chart[3])
    return next(found, ("", ""))


def list_places(app: Sphinx) -> dict[str, list[tuple[str, str]]]:
    """Return where the book shows a figure of each question: its address and title."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, metadata in sorted(app.env.metadata.items()):
        for question, title, anchor, _ in metadata.get(CHARTED, ()):
            found.setdefault(question, []).append((f"{app.builder.get_target_uri(name)}#{anchor}", title))
    return found


def has_parent(node: nodes.Node, kinds: tuple[type[nodes.Element], ...]) -> bool:
    """Return whether a node stands inside one of some kinds."""
    around = node.parent
    while around is not None and not isinstance(around, kinds):
        around = around.parent
    return around is not None


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
    path = Path(app.srcdir) / paths.EXTRAS_FOLDER / "explorer.json"
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    for question in data.get("questions", ()):
        asked = data["answers"][question["id"]]["asked"].values()
        words = " ".join(dict.fromkeys(wording for wording, *_ in asked))
        yield ["question", question["title"], f"explorer.html#question={question['id']}", words]


def keep_found(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Keep what is to be found on a page once its computed words are in it."""
    if doctree is not None and app.builder.name in SITES:
        app.env.metadata[pagename][FOUND] = list(list_found(app, pagename, doctree))


def write_found(app: Sphinx, problem: Exception | None) -> None:
    """Write all that is to be found as a script, for a page on a disk can't fetch data."""
    if problem or app.builder.name not in SITES:
        return
    found = [one for name in sorted(app.env.metadata) for one in app.env.metadata[name].get(FOUND, ())]
    text = json.dumps([*found, *list_explored_questions(app)], ensure_ascii=False, separators=(",", ":"))
    (Path(app.outdir) / FOUND_FILE).write_text(f"window.surveybookSections = {text};\n", encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register what is kept of each page, and when what is found is written."""
    app.connect("doctree-read", note_page)
    app.connect("html-page-context", keep_found, priority=950)
    app.connect("build-finished", write_found)
