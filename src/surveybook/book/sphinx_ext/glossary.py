"""Gives each link to the glossary the definition as its title, as citations have the work as theirs."""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from surveybook.book.sphinx_ext.exhibits import exhibit

TERMS = "surveybook_terms"
PREFIX = "term-"
# Terms that nobody uses in another sense: a name, or several words. "Base" alone may be anything.
DISTINCT = re.compile(r"[\s-]|[A-Z]")
NOT_PROSE = (nodes.reference, nodes.literal, nodes.math, nodes.table, nodes.caption, exhibit)


def note_terms(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the definitions of a page that is read."""
    found = {
        name: (term.astext(), define_term(item))
        for glossary in doctree.findall(addnodes.glossary)
        for item in glossary.findall(nodes.definition_list_item)
        for term in item.findall(nodes.term)
        for name in term["ids"]
    }
    if found:
        # Sphinx merges what is kept here when pages are read in parallel.
        app.env.metadata[app.env.docname][TERMS] = found


def define_term(item: nodes.definition_list_item) -> str:
    """Return the text of a definition, without the works that it cites."""
    body = next(iter(item.findall(nodes.definition))).deepcopy()
    for cited in list(body.findall(addnodes.pending_xref)):
        if cited.get("refdomain") == "cite":
            cited.parent.remove(cited)
    return " ".join(body.astext().split()).replace(" .", ".").replace(" ,", ",")


def title_links(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write each definition into the links that lead to it."""
    homes = {home: kept[TERMS] for home, kept in app.env.metadata.items() if TERMS in kept}
    for home, terms in homes.items():
        if home != docname:
            link_first_mentions(app, doctree, docname, home, terms)
    known = {name: text for terms in homes.values() for name, (_, text) in terms.items()}
    for link in doctree.findall(nodes.reference):
        name = link.get("refid") or link.get("refuri", "").partition("#")[2]
        if name.startswith(PREFIX) and name in known:
            link["reftitle"] = known[name]


def link_first_mentions(
    app: Sphinx, doctree: nodes.document, docname: str, home: str, terms: dict[str, tuple[str, str]]
) -> None:
    """Lead from the first mention of a term on a page to the glossary, unless the page has a link to it already."""
    address = app.builder.get_relative_uri(docname, home)
    there = {link.get("refuri", "").partition("#")[2] for link in doctree.findall(nodes.reference)}
    wanted = {name: term for name, (term, _) in terms.items() if DISTINCT.search(term) and name not in there}
    texts = [text for paragraph in doctree.findall(nodes.paragraph) for text in paragraph.findall(nodes.Text)]
    for text in texts:
        if not wanted or in_link_or_code(text):
            continue
        for name, term in wanted.items():
            found = re.search(rf"(?<![\w-]){re.escape(term)}(?![\w-])", text, re.IGNORECASE)
            if found:
                before, word, after = text[: found.start()], found[0], text[found.end() :]
                link = nodes.reference("", "", nodes.inline(word, word, classes=["std-term"]), internal=True)
                link["refuri"] = f"{address}#{name}"
                text.parent.replace(text, [nodes.Text(before), link, nodes.Text(after)])
                del wanted[name]
                break  # the text is in pieces now; another term in it is linked further on


def in_link_or_code(node: nodes.Node) -> bool:
    """Return whether text stands in something that isn't plain prose."""
    while node.parent is not None:
        node = node.parent
        if isinstance(node, NOT_PROSE):
            return True
    return False


def setup(app: Sphinx) -> None:
    """Collect while reading, use while writing."""
    app.connect("doctree-read", note_terms)
    app.connect("doctree-resolved", title_links)
