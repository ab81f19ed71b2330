"""A notebook whose outputs or text would bring something foreign onto a page: refused, or made harmless."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from surveybook.book.notebooks import CHART, find_foreign_outputs
from surveybook.verify.lint import find_foreign_markup, lint

SCRIPT = "<script>alert(1)</script>"
OUTPUTS = {
    "HTML": {"text/html": SCRIPT, "text/plain": "a"},
    "a script": {"application/javascript": "alert(1)"},
    "a picture with a script": {
        "image/svg+xml": f"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>{SCRIPT}</svg>"
    },
    "Markdown": {"text/markdown": f"[a](javascript:alert(1)) {SCRIPT}"},
    "a widget": {"application/vnd.jupyter.widget-view+json": {"model_id": "a"}},
    "LaTeX": {"text/latex": r"\href{javascript:alert(1)}{a}"},
}
KINDS = ("display_data", "execute_result")
SPECS: list[dict[str, Any]] = [
    {"data": {"url": "file:///etc/passwd"}},
    {"layer": [{"mark": "image", "encoding": {"url": {"value": "https://example.org/a.png"}}}]},
    {"encoding": {"href": {"value": "javascript:alert(1)"}}},
    {"usermeta": {"embedOptions": {"loader": {}}}},
]
TEXTS = [
    SCRIPT,
    "Some <b onclick='alert(1)'>words</b>.",
    "<img src=x onerror=alert(1)>",
    "<!-- -->" + SCRIPT,
    "```{raw} html\n<b>\n```",
    "```{eval-rst}\n.. raw:: html\n\n   <b>\n```",
    "```{include} /etc/passwd\n```",
    "```{literalinclude} ../../secret\n```",
    ":::{note}\n```{raw} html\n<b>\n```\n:::",
    ":::{report} 2.1\nIt said <i>so</i>.\n:::",
    "> - <iframe src='//example.org'></iframe>",
    "{download}`/etc/passwd`",
    "![a](https://example.org/a.png)",
    "![a](../../../etc/a.png)",
    "[a](ftp://example.org/a)",
    "| a |\n|---|\n| <u>b</u> |",
]


def notebook(*outputs: Any, text: str = "# A chapter", **metadata: Any) -> Any:
    cell = new_code_cell('wave = "2004"', outputs=list(outputs), execution_count=1, metadata={"tags": ["parameters"]})
    return new_notebook(cells=[new_markdown_cell(text), cell], metadata=metadata)


def rules(tmp_path: Path, content: Any) -> list[tuple[str, int]]:
    nbformat.write(content, tmp_path / "02-quality.ipynb")
    return [(finding.rule, finding.cell) for finding in lint([tmp_path / "02-quality.ipynb"], claims={}, exceptions=[])]


def test_streams_errors_widget_states_and_attachments_are_refused(tmp_path: Path) -> None:
    content = notebook(
        new_output("stream", text=SCRIPT),
        new_output("error", ename="E", evalue=SCRIPT, traceback=[SCRIPT]),
        widgets={"application/vnd.jupyter.widget-state+json": {"state": {}}},
    )
    content.cells[0]["attachments"] = {"a.svg": {"image/svg+xml": "<svg/>"}}
    assert [what for _, what in find_foreign_outputs(content)] == [
        "the state of widgets",
        "an attachment",
        "an output of the kind stream",
        "an output of the kind error",
    ]
    assert rules(tmp_path, content).count(("foreign-output", 2)) == 2


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, int]]:
    """Return what the linter finds in a chapter that holds all of it, a cell each; linting takes its time."""
    outputs = [new_output(kind, data=data) for kind in KINDS for data in OUTPUTS.values()]
    outputs += [new_output("display_data", data={CHART: spec}) for spec in SPECS]
    content = notebook()
    content.cells += [new_code_cell("1", outputs=[one], execution_count=2) for one in outputs]
    content.cells += [new_markdown_cell(text) for text in TEXTS]
    return rules(tmp_path_factory.mktemp("foreign"), content)


PLACES = [f"{kind}: {name}" for kind in KINDS for name in OUTPUTS] + [f"chart: {spec}" for spec in SPECS]


@pytest.mark.parametrize("place", PLACES)
def test_an_output_that_the_book_never_makes_and_a_chart_that_leads_elsewhere_are_refused_with_their_cell(
    found: list[tuple[str, int]], place: str
) -> None:
    assert ("foreign-output", 3 + PLACES.index(place)) in found


@pytest.mark.parametrize("text", TEXTS)
def test_markup_that_brings_html_or_files_is_refused_with_its_place(found: list[tuple[str, int]], text: str) -> None:
    assert ("foreign-markup", 3 + len(PLACES) + TEXTS.index(text)) in found


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,a", "vbscript:a", "JaVaScRiPt:alert(1)"])
def test_an_address_that_is_a_script_is_no_link_at_all(address: str) -> None:
    from surveybook.verify.prose import parser

    assert "<a " not in parser().render(f"[a]({address})") or list(find_foreign_markup(f"[a]({address})"))


def test_what_the_book_holds_is_its_own(tmp_path: Path) -> None:
    assert not [finding for finding in lint() if finding.rule.startswith("foreign")]
    assert (
        list(find_foreign_markup("A <!-- comment --> and `<code>`, [a](https://example.org), [b](x.md), $a<b$.")) == []
    )
    spec = {"data": {"values": [{"url": "a", "href": "b"}]}}
    content = notebook(new_output("display_data", data={CHART: spec, "text/plain": json.dumps(spec)}))
    assert list(find_foreign_outputs(content)) == []
