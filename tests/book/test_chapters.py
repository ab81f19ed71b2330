"""The stored chapters: executed, in pattern, and what a fresh run or a plain command gives, whatever surrounds it.

Interpreter, locale, time zone, hash seed, threads and place of the checkout are others.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from surveybook.book.notebooks import compare_files, compare_notebooks, find_traces, read_parameters
from surveybook.book.plans import plan_edition
from surveybook.book.running import execute_chapters
from surveybook.book.site import commit_time
from surveybook.cli.book import parse_parameters
from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from tests.tiny_report import write_notebook

# `make pythons` sets these up; each has the packages of the lock.
PYTHONS = paths.build() / "pythons"
VERSIONS = ("3.11", "3.12", "3.13")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_IO_THREADS"), "1")
MANY_THREADS = dict.fromkeys(ONE_THREAD, "7")
# Every one of them unlike the other's and unlike that of the machine; a failure names them all.
EAST = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "20050301", **ONE_THREAD}
WEST = {"TZ": "Pacific/Pago_Pago", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1", "PYTHONUTF8": "1", **MANY_THREADS}
RUN = """
import sys
from pathlib import Path
from surveybook.book.running import execute_chapters
from surveybook.model import paths
out, chapters = Path(sys.argv[1]), paths.chapters()
few = [path for path in chapters if path.stem in sys.argv[4:]]
runs = execute_chapters(chapters, out)
runs += execute_chapters(few, out / "respondents", dict(zip(("wave", "baseline"), sys.argv[2:4])))
sys.exit("\\n".join(run.fault for run in runs if run.fault) or None)
"""
# Imported by Python itself as it starts: notes what the process that kernels are forked from opens below the checkout,
# and what they open.
WATCH = """
import os, sys
log, root = (os.environ.get(name, "") for name in ("WATCH_LOG", "WATCH_FOLDER"))
if log and "forkserver" in "".join(sys.orig_argv):
    noted = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    def note(event, words):
        if event == "open" and isinstance(words[0], str) and os.path.abspath(words[0]).startswith(root):
            os.write(noted, f"{os.path.abspath(words[0])}\\n".encode())
    sys.addaudithook(note)
"""
NOT_READ_BY_CHAPTERS = ("__pycache__", "_build", "surveybook.egg-info")
CHAPTERS = paths.chapters()
# A wave of respondents and its baseline, and the chapters that show most of what is estimated of them.
RESPONDENTS, FEW = ("example-synthetic", "2004"), ("02-quality", "07-change")
NAMES = [path.stem for path in CHAPTERS]


def load(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", CHAPTERS, ids=NAMES)
def test_a_chapter_is_stored_executed_and_clean_with_plain_parameters_and_small(path: Path) -> None:
    cells = [cell for cell in load(path)["cells"] if cell["cell_type"] == "code"]
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert outputs, "nbval would have nothing to compare"
    assert not [output for output in outputs if output["output_type"] == "error"]
    assert "parameters" in cells[0]["metadata"]["tags"]
    assert read_parameters(path) == {"wave": "2004", "baseline": ""}
    assert list(find_traces(path)) == []
    # The list of claims holds the reason of each reading of some 230 statements.
    assert path.stat().st_size < (400_000 if path.stem == "94-claims" else 200_000)


def run_elsewhere(python: str, checkout: Path, out: Path, surroundings: dict[str, str]) -> Path:
    """Execute all chapters into a folder, and below it a few on respondents."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
    run = subprocess.run(
        [python, "-c", RUN, str(out), *RESPONDENTS, *FEW], cwd=checkout, capture_output=True, text=True, check=False,
        env={**kept, **surroundings, "PYTHONPATH": str(checkout / "src")},
    )  # fmt: skip
    assert run.returncode == 0, f"{python} in {surroundings} failed:\n{run.stderr[-3000:]}"
    return out


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the checkout at a path with spaces and letters that aren't ASCII."""
    folder = tmp_path_factory.mktemp("else") / "a würking copy"
    leave = shutil.ignore_patterns(".git", ".venv", "_build", "node_modules", ".*")
    return Path(shutil.copytree(paths.root(), folder, ignore=leave))


@pytest.fixture(scope="module")
def watched(elsewhere: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """Return where the chapters were executed again, and the files of the checkout that were opened for it."""
    out = tmp_path_factory.mktemp("again")
    (elsewhere / "src/sitecustomize.py").write_text(WATCH, encoding="utf-8")
    log = {"WATCH_LOG": str(out / "opened"), "WATCH_FOLDER": f"{elsewhere}/"}
    run_elsewhere(sys.executable, elsewhere, out, EAST | log)
    opened = {Path(line) for line in (out / "opened").read_text(encoding="utf-8").splitlines()}
    return out, {path.relative_to(elsewhere).as_posix() for path in opened if path.is_file()}


@pytest.mark.slow
@pytest.mark.parametrize("path", CHAPTERS, ids=NAMES)
def test_a_fresh_run_in_other_surroundings_gives_what_is_stored(path: Path, watched: tuple[Path, set[str]]) -> None:
    changes = compare_files(path, watched[0] / path.relative_to(paths.root()))
    assert not changes, "\n".join(["The data or the code changed these outputs:", *map(str, changes)])


@pytest.mark.slow
def test_every_file_of_the_project_that_a_chapter_opens_is_among_its_inputs(watched: tuple[Path, set[str]]) -> None:
    read = {name for name in watched[1] if not {*Path(name).parts} & {*NOT_READ_BY_CHAPTERS}}
    assert read >= {"report.yml", "data/claims.yml", "data/codebook/words.csv", "data/waves/2004/estimates.csv"}
    assert read <= plan_edition("2004", "").inputs.keys() | plan_edition(*RESPONDENTS).inputs.keys()


@pytest.mark.slow
@pytest.mark.over_again
@pytest.mark.parametrize("version", VERSIONS)
def test_every_other_python_gives_what_is_stored(version: str, elsewhere: Path, tmp_path: Path) -> None:
    python = PYTHONS / version / "bin/python"
    if sys.version.startswith(f"{version}."):
        pytest.skip("This one has given it.")
    if not python.is_file():
        pytest.skip(f"PYTHON {version} WAS NOT TRIED: `make pythons` sets it up where the machine has it.")
    found = run_elsewhere(str(python), elsewhere, tmp_path, WEST)
    changes = [change for path in CHAPTERS for change in compare_files(path, found / path.relative_to(paths.root()))]
    assert changes == []


@pytest.mark.slow
@pytest.mark.over_again
def test_respondents_give_the_same_figures_in_any_surroundings(watched: tuple[Path, set[str]], tmp_path: Path) -> None:
    chapters = [path for path in CHAPTERS if path.stem in FEW]
    here = execute_chapters(chapters, tmp_path, dict(zip(("wave", "baseline"), RESPONDENTS, strict=True)))
    assert [run.fault for run in here] == ["", ""]
    there = watched[0] / "respondents/chapters"
    assert [change for run in here for change in compare_files(run.result, there / run.result.name)] == []


CELL = {"cell_type": "code", "source": "1", "metadata": {}, "execution_count": 1, "outputs": []}
SAID, DATA = {"output_type": "stream", "text": "a"}, {"output_type": "stream", "text": "a", "data": {}}


@pytest.mark.parametrize(
    ("stored", "fresh", "said"),
    [
        ([CELL], [CELL | {"cell_type": "markdown"}], "cell 1, its kind: 'code' is now 'markdown'"),
        ([CELL], [CELL | {"metadata": {"tags": ["a"]}}], "cell 1, its tags: '' is now 'a'"),
        ([CELL], [CELL | {"source": "2"}], "cell 1, its source: '1' is now '2'"),
        ([CELL], [CELL | {"execution_count": 2}], "cell 1, its place in the execution: '1' is now '2'"),
        ([CELL], [CELL | {"outputs": [SAID]}], "cell 1, its outputs: '0 of them' is now '1'"),
        ([CELL, CELL], [CELL], "cell 0, its cells: '2 of them' is now '1'"),
        ([CELL | {"outputs": [SAID]}], [CELL | {"outputs": [SAID | {"text": "b"}]}],
         "cell 1, output of type stream: 'a' is now 'b'"),
        ([CELL | {"outputs": [SAID]}], [CELL | {"outputs": [DATA]}],
         "cell 1, output of type stream: 'nothing' is now '{}'"),
    ],
    ids=["kind", "tags", "source", "place", "outputs", "cells", "an output", "a part of one"],
)  # fmt: skip
def test_what_differs_between_a_stored_and_a_fresh_chapter_is_named(stored: Any, fresh: Any, said: str) -> None:
    (found,) = compare_notebooks("a.ipynb", {"cells": stored}, {"cells": fresh})
    assert str(found) == f"a.ipynb: {said}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, r"There is no chapter .*a\.ipynb\. There are: index, 00-exec"),
        ("{}", "isn't a notebook that can be read"),
        (write_notebook([("code", [], "wave = 1")]), "has no cell tagged 'parameters' that holds plain values"),
        (write_notebook([("code", ["parameters"], "wave = open(1)")]), "has no cell tagged 'parameters' that holds"),
    ],
    ids=["none", "no notebook", "no parameters", "code"],
)
def test_a_chapter_that_cannot_be_run_is_named_with_why(tmp_path: Path, text: str | None, said: str) -> None:
    path = tmp_path / "a.ipynb"
    if text:
        path.write_text(text)
    with pytest.raises(SurveybookError, match=said):
        read_parameters(path)


def test_a_chapter_is_found_by_its_path_and_a_parameter_has_the_kind_of_its_default() -> None:
    assert paths.find_chapter("chapters/02-quality.ipynb") == paths.find_chapter("quality")
    defaults = {"people": 1, "weighted": True, "wave": "", "nothing": None, "years": [1]}
    given = ["people=7", "weighted=false", "wave=2031"]
    assert parse_parameters(given, defaults) == {"people": 7, "weighted": False, "wave": "2031"}
    for pair in ("people=many", "weighted=perhaps", "nothing=x", "years=2031"):
        with pytest.raises(SurveybookError, match=f"doesn't fit the parameter '{pair.partition('=')[0]}', whose"):
            parse_parameters([pair], defaults)


def test_without_git_a_book_bears_no_date_and_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    commit_time.cache_clear()
    assert commit_time() is None
    commit_time.cache_clear()


@pytest.mark.slow
def test_papermill_runs_a_chapter_with_a_wave_given_as_a_number(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("papermill")
    subprocess.run(
        [program, "chapters/02-quality.ipynb", tmp_path / "out.ipynb", "-p", "wave", "2004"],
        cwd=paths.root(), env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"}, check=True,
    )  # fmt: skip
    cells = json.loads((tmp_path / "out.ipynb").read_text())["cells"]
    injected = [cell for cell in cells if "injected-parameters" in cell["metadata"].get("tags", [])]
    assert "wave = 2004" in "".join(injected[0]["source"])
