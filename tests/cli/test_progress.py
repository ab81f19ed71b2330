"""What is shown while an edition is made, and what is said of chapters that fail."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from surveybook.book.editions import Step
from surveybook.book.running import execute_chapters
from surveybook.cli.book import show_progress
from surveybook.model import paths

QUALITY = [Step("2004", "02-quality", done, 3) for done in (0, 1, 3)]
FAILED = Step("2004", "03-customer-focus", 1, 5, failed=True)


def shown(*steps: Step, terminal: bool) -> str:
    console = Console(file=io.StringIO(), force_terminal=terminal, width=100, color_system=None)
    with show_progress(console) as report:
        for step in steps:
            report(step)
    return console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize("terminal", [True, False])
def test_a_line_stays_of_each_step_that_ended(terminal: bool) -> None:
    said = shown(*QUALITY, FAILED, terminal=terminal)
    lines = [line.rsplit(",", 1)[0] for line in said.splitlines() if line.endswith(" s")]
    assert "2004: 02-quality, 3 of 3" in lines[0]
    assert "2004: 03-customer-focus, failed after 1 of 5" in lines[1]
    assert terminal or "\x1b" not in said, "a log holds no control characters"


def test_a_terminal_shows_how_far_the_steps_under_way_have_come() -> None:
    other = Step("2031", "chapters", 2, 9)
    assert "2004: 02-quality, 1 of 3; 2031: chapters, 2 of 9" in shown(*QUALITY[:2], other, terminal=True)


def broken(folder: Path, name: str, line: str) -> Path:
    """Write a chapter whose third cell is the line given."""
    cells = [("parameters", 'wave = "2004"\nbaseline = ""'), ("", "a = 1"), ("", line), ("", "b = 2")]
    content = {
        "cells": [
            {
                "cell_type": "code",
                "id": f"cell-{place}",
                "metadata": {"tags": [tag]} if tag else {},
                "execution_count": None,
                "outputs": [],
                "source": source,
            }
            for place, (tag, source) in enumerate(cells)
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    notebook = folder / name
    notebook.write_text(json.dumps(content))
    return notebook


@pytest.mark.slow
def test_chapters_that_fail_are_named_with_cell_and_cause_while_the_others_run_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "root", lambda: tmp_path)
    chapters = [
        broken(tmp_path, "10-first.ipynb", "1 / 0"),
        broken(tmp_path, "20-second.ipynb", "c = 3"),
        broken(tmp_path, "30-third.ipynb", "open_it()"),
    ]
    ended: list[str] = []
    runs = execute_chapters(
        chapters, tmp_path / "executed", {"wave": "2004"}, report=lambda source: ended.append(source.stem)
    )
    assert [run.fault for run in runs] == [
        "10-first.ipynb, cell 3 ('1 / 0'): ZeroDivisionError: division by zero",
        "",
        "30-third.ipynb, cell 3 ('open_it()'): NameError: name 'open_it' is not defined",
    ]
    assert [path.name for path in (tmp_path / "executed").iterdir()] == ["20-second.ipynb"]
    assert sorted(ended) == ["10-first", "20-second", "30-third"]
