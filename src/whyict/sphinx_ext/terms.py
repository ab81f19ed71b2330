"""Gives each link to the glossary the definition as its title, as citations have the work as theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

TERMS = "whyict_terms"
PREFIX = "term-"


def note_terms(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the definitions of a page that is read."""
    found = {
        name: definition(item)
        for glossary in doctree.findall(addnodes.glossary)
        for item in glossary.findall(nodes.definition_list_item)
        for term in item.findall(nodes.term)
        for name in term["ids"]
    }
    if found:
        # Sphinx merges what is kept here when pages are read in parallel.
        app.env.metadata[app.env.docname][TERMS] = found


def definition(item: nodes.definition_list_item) -> str:
    """Return the text of a definition, without the works that it cites."""
    body = next(iter(item.findall(nodes.definition))).deepcopy()
    for cited in list(body.findall(addnodes.pending_xref)):
        if cited.get("refdomain") == "cite":
            cited.parent.remove(cited)
    return " ".join(body.astext().split()).replace(" .", ".").replace(" ,", ",")


def title_links(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write each definition into the links that lead to it."""
    known = {name: text for kept in app.env.metadata.values() for name, text in kept.get(TERMS, {}).items()}
    for link in doctree.findall(nodes.reference):
        name = link.get("refid") or link.get("refuri", "").partition("#")[2]
        if name.startswith(PREFIX) and name in known:
            link["reftitle"] = known[name]


def has_titled_links(doctree: nodes.document) -> bool:
    """Return whether a page has links whose titles the script can show."""
    return any("reftitle" in link for link in doctree.findall(nodes.reference))


def setup(app: Sphinx) -> None:
    """Collect while reading, use while writing."""
    app.connect("doctree-read", note_terms)
    app.connect("doctree-resolved", title_links)
