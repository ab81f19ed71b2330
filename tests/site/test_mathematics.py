"""Formulas are MathML that browsers set as they are written."""

from __future__ import annotations

import pytest

from surveybook.book.sphinx_ext.transforms import write_mathml as mathml


def plain(tex: str) -> str:
    return "".join(mathml(tex).split())


@pytest.mark.parametrize(("tex", "index"), [(r"\hat p_1", "<mn>1</mn>"), (r"\bar u_h", "<mi>h</mi>")])
def test_the_index_of_a_letter_with_an_accent_stands_beside_it(tex: str, index: str) -> None:
    written = plain(tex)
    assert written.endswith(f"</mover>{index}</msub></math>")
    assert "munderover" not in written


def test_the_limits_of_a_sum_stay_above_and_below_it() -> None:
    assert "<munderover>" in "".join(mathml(r"\sum_{i=1}^n \hat p_i", block=True).split())


def test_a_formula_has_its_source_as_alternative() -> None:
    assert 'alttext="a &lt; b"' in mathml("a < b")
