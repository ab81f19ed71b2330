"""Fills in the theme's templates, where all that comes from data is escaped, and says where things are on the site."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docutils import nodes
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.osutil import relative_uri
from sphinx.writers.html5 import HTML5Translator

THEME = Path(__file__).parent / "theme"
CODE = re.compile("`([^`]+)`")
# How the name of the page ends that tells how to cite the book, what was corrected, and what was verified.
CHECK_PAGE = "-check-and-cite"


def format_json(value: object) -> Markup:
    """Return JSON that can stand inside a script element, whatever the text in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))


def break_name(value: object) -> Markup:
    """Return the text of a cell so that a long name, such as a figure's id, can break where its words meet."""
    text = escape(value)
    return text if " " in text else Markup(text.replace("_", Markup("_<wbr>")))


def quote_code(text: str) -> Markup:
    """Return text without markup as HTML, with what stands in back-quotes as code."""
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))


def name_class(verdict: str) -> str:
    """Return the class of a verdict: 'is-not-checkable'."""
    return "is-" + verdict.replace(" ", "-")


_PARTS = Environment(
    loader=FileSystemLoader(THEME / "parts"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)
_PARTS.filters |= {"island": format_json, "breakable": break_name, "code_quotes": quote_code, "slug": name_class}


def render_part(name: str, **context: Any) -> Markup:
    """Return a template of the theme's folder ``parts``, filled in."""
    return Markup(_PARTS.get_template(name).render(context))


def leave_children(self: Any, node: nodes.Element) -> None:
    """Write nothing: the children stand for the node."""


def add_node(
    app: Sphinx,
    node: type[nodes.Element],
    visit: Callable[..., None] = leave_children,
    depart: Callable[..., None] = leave_children,
    numbered_as: str = "",
) -> None:
    """Register a node: how pages show it, and that its children stand for it anywhere else."""
    plain = (leave_children, leave_children)
    ways: dict[str, Any] = {"html": (visit, depart), "latex": plain, "text": plain, "man": plain, "texinfo": plain}
    if numbered_as:
        app.add_enumerable_node(node, numbered_as, lambda one: one["meta"]["title"], **ways)
    else:
        app.add_node(node, **ways)


def file_address(translator: HTML5Translator, path: str) -> str:
    """Return the address of a file of the site, relative to the page that is being written."""
    builder = translator.builder
    return relative_uri(builder.get_target_uri(builder.current_docname).partition("#")[0], path)


def find_page(env: BuildEnvironment, ending: str) -> str:
    """Return the page whose name ends so: ``-claims`` for the list of claims; empty where there is none."""
    return next((name for name in sorted(env.all_docs) if name.endswith(ending)), "")
