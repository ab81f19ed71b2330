"""Formulas as MathML, which browsers show without a script."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.writers.html5 import HTML5Translator

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def spoken(mathml: str, tex: str) -> str:
    """Return a formula with its source as alternative, for what can't read MathML."""
    return mathml.replace("<math ", f'<math alttext="{escape(" ".join(tex.split()))}" ', 1)


def visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula in a line."""
    self.body.append(spoken(str(tex2mathml(node.astext())), node.astext()))
    raise nodes.SkipNode


def visit_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on its own."""
    written = spoken(str(tex2mathml(node.astext(), as_block=True)), node.astext())
    # It may be wider than a phone, and then has to be scrolled, also by keyboard.
    self.body.append(f'<div class="formula" role="group" tabindex="0" aria-label="Formula">{written}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the renderer under the name `mathml`."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
