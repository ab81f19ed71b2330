"""The house: rooms that import one way only, and an engine that knows no report."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import surveybook

ENGINE = Path(surveybook.__file__).parent
# From the ground up: nothing imports from a room that stands above its own.
ROOMS = ("model", "stats", "respondents", "waves", "drafts",
         "change", "words", "judgement", "exhibits", "claims", "book", "verify", "cli")  # fmt: skip
# What belongs to one report: its waves, its people, its names. An engine for any survey says none of it.
OF_ONE_REPORT = re.compile(r"\b2004\b|\bpublic\b|frontline|Why ICT|whyict|why-ict|Work Foundation|Adobe", re.IGNORECASE)


def imports_of(path: Path) -> Iterator[str]:
    """Yield the modules of the engine that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("surveybook"):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("surveybook"))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_from_those_below(room: str) -> None:
    above = set(ROOMS[ROOMS.index(room) + 1 :])
    climbs = {
        f"{path.relative_to(ENGINE)} imports {name}"
        for path in (ENGINE / room).rglob("*.py")
        for name in imports_of(path)
        if len(name.split(".")) > 1 and name.split(".")[1] in above
    }
    assert not climbs


def test_every_room_is_listed() -> None:
    assert {path.parent.name for path in ENGINE.glob("*/__init__.py")} == set(ROOMS)


@pytest.mark.slow
def test_what_a_chapter_imports_loads_neither_charts_nor_sentences_nor_respondents() -> None:
    told = (
        "import sys; from surveybook import charts, claims, findings, glue, open_wave; print(*sys.modules, sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    late = ("surveybook.exhibits.", "surveybook.words.shares", "surveybook.respondents", "surveybook.change")
    loaded = [name for name in done.stdout.splitlines() if name.startswith(late)]
    assert loaded == ["surveybook.exhibits.all_charts"]  # the list, and no chart


@pytest.mark.slow
def test_a_command_that_works_nothing_out_waits_for_no_statistics():
    program = (
        "import sys, surveybook.cli, surveybook.change, surveybook.stats.robustness\n"
        "print(*{name.split('.')[0] for name in sys.modules} & {'scipy', 'statsmodels'})"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_engine_never_imports_a_report() -> None:
    assert not [path for path in ENGINE.rglob("*.py") if "import whyict" in path.read_text(encoding="utf-8")]


def test_the_engine_says_nothing_of_one_report() -> None:
    said = []
    for path in (path for path in ENGINE.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        # Years of publications, "Lumley (2004)", are sources of methods; what fonts hold is no text.
        text = re.sub(r"\(2004\)|Lumley 2004", "", path.read_text(encoding="utf-8", errors="ignore"))
        said += [f"{path.name}: {line}" for line in text.splitlines() if OF_ONE_REPORT.search(line)]
    assert said == []
