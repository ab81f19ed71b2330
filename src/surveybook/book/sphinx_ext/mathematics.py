"""Formulas as MathML, which browsers show without a script."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.writers.html5 import HTML5Translator

if TYPE_CHECKING:
    from sphinx.application import Sphinx


# A letter with an accent and an index, as docutils writes it: with the index underneath, like the limit of a sum.
INDEX_UNDERNEATH = re.compile(
    r"<munderover>\s*(<mi>[^<]*</mi>)(.*?)(<mo stretchy=\"false\">[^<]*</mo>)\s*</munderover>", re.DOTALL
)
INDEX_BESIDE = r'<msub><mover accent="true">\1\3</mover>\2</msub>'


def mathml(tex: str, *, block: bool = False) -> str:
    """Return a formula as MathML, with its source as alternative for what can't read that."""
    written = INDEX_UNDERNEATH.sub(INDEX_BESIDE, str(tex2mathml(tex, as_block=block)))
    return written.replace("<math ", f'<math alttext="{escape(" ".join(tex.split()))}" ', 1)


def visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula in a line."""
    self.body.append(mathml(node.astext()))
    raise nodes.SkipNode


def visit_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on its own."""
    # It may be wider than a phone, and then has to be scrolled, also by keyboard.
    written = mathml(node.astext(), block=True)
    self.body.append(f'<div class="formula" role="group" tabindex="0" aria-label="Formula">{written}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the renderer under the name `mathml`."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
