"""Small pieces of HTML that figures and tables share. Everything from data is escaped here."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import escape
from typing import Any

from docutils import nodes
from sphinx.util.osutil import relative_uri
from sphinx.writers.html5 import HTML5Translator

from surveybook.book.sphinx_ext.downloads import FOLDER

LONG_TEXT = 80
# As many columns as a phone has room for, and as many where one of them holds sentences.
COLUMNS_ABREAST, COLUMNS_WITH_SENTENCES = 3, 2
INTERVAL = re.compile(r"[-−]?[\d.,]+ to [-−]?[\d.,]+")
NUMBER = re.compile(r"[-−+]?[\d,]*\.?\d+(?: ?%| per cent)?")


def tag(name: str, text: object, **attributes: str) -> str:
    """Return one element with escaped text; an empty string when there is no text."""
    if text in ("", None):
        return ""
    written = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>{escape(str(text), quote=False)}</{name}>"


def data_island(value: object) -> str:
    """Return JSON that can stand inside a script element, whatever the text in it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def table(
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    caption: str = "",
    ids: Sequence[str] = (),
    *,
    heard: bool = False,
) -> str:
    """Return a table whose first column heads its rows; `caption` is HTML, `ids` are addresses of the rows.

    One with more columns than a phone has room for is stacked there: each cell then says which column it is of.
    A caption that is only `heard` is for those who can't see the heading that stands elsewhere.
    """
    kinds = [_kind([row[place] for row in rows if place < len(row)]) for place in range(len(columns))]
    head = "".join(_cell("th", name, kind, "col") for name, kind in zip(columns, kinds, strict=True))
    opened = [f'<tr id="{escape(name)}">' for name in ids] or ["<tr>"] * len(rows)
    stacked = len(columns) > (COLUMNS_WITH_SENTENCES if "long" in kinds[1:] else COLUMNS_ABREAST)
    labels = columns if stacked else [""] * len(columns)
    body = "".join(f"{start}{_row(row, kinds, labels)}</tr>\n" for start, row in zip(opened, rows, strict=True))
    unseen = ' class="visually-hidden"' if heard else ""
    heading = f"<caption{unseen}>{caption}</caption>\n" if caption else ""
    opening = '<table class="stack">' if stacked else "<table>"
    return f"{opening}\n{heading}<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>"


def region(content: str, label: str) -> str:
    """Return content that scrolls sideways by itself, and can be reached and scrolled by keyboard."""
    return f'<div class="region" role="region" tabindex="0" aria-label="{escape(label)}">\n{content}\n</div>'


def summary(text: str, rest: str) -> str:
    """Return the label of a disclosure; `rest` is for those who can't see which figure it belongs to."""
    return f'<summary>{escape(text)}<span class="visually-hidden">{escape(rest)}</span></summary>'


def file_links(translator: HTML5Translator, files: Sequence[tuple[str, str]]) -> str:
    """Return a list of links to download files, given as pairs of file name and text."""
    addresses = (escape(page_address(translator, f"{FOLDER}/{file}")) for file, _ in files)
    links = "".join(
        f'<li><a href="{address}" download>{escape(text)}</a></li>'
        for address, (_, text) in zip(addresses, files, strict=True)
    )
    return f'<ul class="chart-files">{links}</ul>'


def taken_from(node: nodes.Element, kind: str, cited: str, function: str = "") -> str:
    """Return how to cite a figure or table, its address, and the code that made it; `function` is HTML."""
    anchor, cell = node["ids"][0], node.get("cell", "")
    here = f'<a href="#{escape(cell)}">the cell on this page</a>' if cell else ""
    made = ", which calls ".join(part for part in (here, function) if part)
    return (
        f'<p><strong>Cite this {kind}:</strong> <span class="chart-cite">{escape(cited)}</span></p>'
        f'<p><strong>Address:</strong> <a class="chart-address" href="#{anchor}">link to this {kind}</a></p>'
        + (f'<p><strong>Code:</strong> <span class="chart-code">{made}</span></p>' if made else "")
    )


def number(translator: HTML5Translator, node: nodes.Element, kind: str) -> str:
    """Return "Figure 2.1" for a numbered node, or the word alone when numbering is off."""
    builder = translator.builder
    # The single-page builder keeps the numbers of each document apart.
    key = f"{translator.docnames[-1]}/{kind}" if builder.name == "singlehtml" else kind
    found = builder.fignumbers.get(key, {}).get(node["ids"][0])
    if not found:
        return kind.capitalize()
    return builder.config.numfig_format[kind] % ".".join(map(str, found))


def page_address(translator: HTML5Translator, path: str) -> str:
    """Return the address of a file of the site, relative to the page that is being written."""
    here = translator.builder.get_target_uri(translator.builder.current_docname).partition("#")[0]
    return relative_uri(here, path)


def _row(row: Sequence[Any], kinds: Sequence[str], labels: Sequence[str]) -> str:
    first, *others = row
    told = zip(others, kinds[1:], labels[1:], strict=False)
    cells = (_cell("td", value, kind, label=label) for value, kind, label in told)
    return _cell("th", first, "", "row") + "".join(cells)


def _cell(name: str, value: Any, kind: str, scope: str = "", label: str = "") -> str:
    text = "" if value is None else breakable(escape(str(value)))
    # A header without text heads nothing, and is read out as if it did.
    name = name if text else "td"
    scoped = f' scope="{scope}"' if scope and text else ""
    classed = f' class="{kind}"' if kind in ("number", "interval") or (kind and name == "th") else ""
    labelled = f' data-label="{escape(label)}"' if label and text else ""
    return f"<{name}{scoped}{classed}{labelled}>{text}</{name}>"


def breakable(text: str) -> str:
    """Return the text of a cell so that a long name, such as a figure's id, can break where its words meet."""
    return text if " " in text else text.replace("_", "_<wbr>")


def _kind(values: Sequence[Any]) -> str:
    """Return what a column holds: "number", whose digits stand in line; "interval"; "long" text; or ""."""
    held = [str(value) for value in values if value not in ("", None)]
    for kind, pattern in (("number", NUMBER), ("interval", INTERVAL)):
        if held and all(map(pattern.fullmatch, held)):
            return kind
    return "long" if max(map(len, held), default=0) > LONG_TEXT else ""
