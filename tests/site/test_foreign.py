"""What a notebook stores beside its charts and tables reaches no page, and a strict build stops at it."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from conftest import build
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from sample import sample_notebook, write_sample_book

pytestmark = pytest.mark.slow

ALERT = "alert(20050301)"
OUTPUTS = (
    {"text/html": f"<script>{ALERT}</script>", "text/plain": "a table"},
    {"application/javascript": ALERT},
    {"image/svg+xml": f"<svg xmlns='http://www.w3.org/2000/svg' onload='{ALERT}'/>"},
    {"text/markdown": f"[a link](javascript:{ALERT})"},
    {"application/vnd.jupyter.widget-view+json": {"model_id": "20050301"}},
)
TEXT = f"""# Hostile

<script>{ALERT}</script> and <b onclick="{ALERT}">bold</b>, [a link](javascript:{ALERT}).

```{{raw}} html
<img src="x" onerror="{ALERT}">
```

```{{include}} ../secret.txt
```
"""


def test_scripts_html_pictures_and_widgets_of_a_notebook_reach_no_page(tmp_path: Path) -> None:
    book = write_sample_book(tmp_path / "book")
    notebook = sample_notebook()
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}, "version_major": 2}}
    cells = [new_code_cell("1", outputs=[new_output("display_data", data=data)], execution_count=9) for data in OUTPUTS]
    notebook.cells += [new_markdown_cell(TEXT), *cells]
    nbformat.write(notebook, book / "chapters" / "02-quality.ipynb")
    (book / "secret.txt").write_text("hunter2")
    process = build(book, tmp_path, "-W", "--keep-going", "-q")
    said = process.stdout + process.stderr
    assert process.returncode != 0
    assert "HTML in the source of a page is left out" in said
    for kind in ("application/javascript", "image/svg+xml", "text/markdown"):
        assert f"({kind!r})" in said
    pages = list((tmp_path / "_build" / "html").rglob("*.html"))
    assert any(page.name == "02-quality.html" for page in pages)
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for trace in (f"<script>{ALERT}", "onclick=", "onerror=", "onload=", 'href="javascript:', "require.min.js"):
            assert trace not in text, f"{page.name} holds {trace}"
        assert "widget-state" not in text
        assert "hunter2" not in text


def test_a_notebook_of_ten_gigabytes_stops_the_build_before_it_is_read(tmp_path: Path) -> None:
    book = write_sample_book(tmp_path / "book")
    os.truncate(book / "chapters" / "03-order.ipynb", 10_000_000_000)
    process = build(book, tmp_path, "-q")
    assert process.returncode != 0
    assert "chapters/03-order.ipynb holds over 10 MB" in process.stdout + process.stderr
