"""Each hook that `make check` and git run lets good files through and stops a bad one."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from whyict import paths

pytestmark = pytest.mark.slow

CONFIG = paths.ROOT / ".pre-commit-config.yaml"
HOOKS = {
    hook["id"]: hook for repo in yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["repos"] for hook in repo["hooks"]
}
SETTINGS = [CONFIG.name, "typos.toml", "pyproject.toml"]
WORKFLOW = """on: push
permissions: {contents: read}
jobs:
  one:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps: [{run: "echo ${{ github.sha }}"}]
"""
CITATION = (paths.ROOT / "CITATION.cff").read_text(encoding="utf-8")
NOTEBOOK = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
# For each hook: the file that it reads, what is well in it, what is bad in it, and what is then said.
PLANTED = {
    "private-answers": (
        "data/waves/2031/{}",
        ("estimates.csv", "1\n"),
        ("responses_public.csv", "1\n"),
        "stay private",
    ),
    "large-files": ("notes.txt", "short\n", "long\n" * 250_000, "exceeds 1000 KB"),
    "merge-conflict": (
        "notes.txt",
        "mine\n",
        "<<<<<<< HEAD\nmine\n=======\nyours\n>>>>>>> b\n",
        "Merge conflict string",
    ),
    "case-conflict": ("{}", ("notes.txt", "1\n"), ("NOTES.txt", "1\n"), "Case-insensitivity conflict"),
    "trailing-whitespace": ("notes.txt", "a\n", "a \n", "Fixing notes.txt"),
    "end-of-file": ("notes.txt", "a\n", "a", "Fixing notes.txt"),
    "line-endings": ("notes.txt", "a\nb\n", "a\r\nb\r\n", "fixed mixed line endings"),
    "yaml": ("some.yml", "a: 1\n", "a: [1\n", "expected ',' or ']'"),
    "json": ("some.ipynb", NOTEBOOK, NOTEBOOK[:-1], "Failed to json decode"),
    "toml": ("some.toml", "a = 1\n", "a = \n", "some.toml"),
    "spelling": ("notes.md", "The colour we receive\n", "The color we recieve\n", "`color` should be `colour`"),
    "ruff": ("some.py", '"""Some."""\n', '"""Some."""\n\nimport os\n', "F401"),
    "ruff-format": ("some.py", "a = 1\n", "a=1\n", "files were modified by this hook"),
    "mypy": ("src/whyict/some.py", "a: int = 1\n", 'a: int = "1"\n', "Incompatible types"),
    "actionlint": (".github/workflows/some.yml", WORKFLOW, WORKFLOW.replace("github.sha", "github.shaa"), "shaa"),
    "workflow-timeouts": (
        ".github/workflows/some.yml",
        WORKFLOW,
        WORKFLOW.replace("    timeout-minutes: 5\n", ""),
        "'timeout-minutes' is a required property",
    ),
    "dependabot": (".github/dependabot.yml", "version: 2\nupdates: []\n", "version: 2\n", "'updates' is a required"),
    "citation": ("CITATION.cff", CITATION, CITATION.replace("title: ", "titel: ", 1), "'titel' was unexpected"),
}


def git(folder: Path, *words: str) -> None:
    # What a commit under way tells git's children is about another folder than this one.
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(["git", "-C", folder, *words], check=True, capture_output=True, env=quiet)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a repository of nothing but the project's settings, with this run's tools."""
    folder = tmp_path / "clone"
    folder.mkdir()
    git(folder, "init")
    for name in SETTINGS:
        shutil.copy(paths.ROOT / name, folder)
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / ".gitignore").write_text(".venv\n_build/\n__pycache__/\n", encoding="utf-8")
    return folder


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    git(folder, "add", "--all")


def run(folder: Path, hook: str, **environment: str) -> tuple[int, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        [Path(sys.prefix) / "bin/pre-commit", "run", hook, "--all-files", "--color=never"],
        cwd=folder,
        env=kept | environment | {"PRE_COMMIT_HOME": str(folder.parent / "pre-commit")},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("hook", PLANTED)
def test_a_hook_lets_a_good_file_through_and_stops_a_bad_one(hook: str, clone: Path) -> None:
    name, good, bad, said = PLANTED[hook]
    for content, expected in ((good, 0), (bad, 1)):
        ending, text = content if isinstance(content, tuple) else ("", content)
        write(clone, name.format(ending), text)
        code, output = run(clone, hook)
        assert code == expected, output
    assert said in output


def test_the_hook_of_the_chapters_stops_loose_numbers_and_traces_of_a_run(clone: Path) -> None:
    for folder in ("src", "data", "chapters"):
        shutil.copytree(paths.ROOT / folder, clone / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(paths.LANDING_PAGE, clone)
    git(clone, "add", "--all")
    code, output = run(clone, "chapters", PYTHONPATH=str(clone / "src"))
    assert code == 0, output
    chapter = clone / "chapters" / "02-quality.ipynb"
    notebook = json.loads(chapter.read_text(encoding="utf-8"))
    next(cell for cell in notebook["cells"] if cell["cell_type"] == "markdown")["source"].append(
        "\n\nIt was 68 per cent."
    )
    next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")["execution_count"] = 7
    write(clone, "chapters/02-quality.ipynb", json.dumps(notebook))
    code, output = run(clone, "chapters", PYTHONPATH=str(clone / "src"))
    assert code == 1
    assert "“68” (digit)" in output
    assert "it was run as 7, not as 1; store it with: make chapters" in output
    assert "it holds times, versions or settings of the program that saved it" in output


def test_every_hook_has_its_planted_fault() -> None:
    assert set(HOOKS) == {*PLANTED, "chapters"}


def test_every_hook_runs_a_tool_of_the_lock_without_a_network() -> None:
    for hook in HOOKS.values():
        assert hook["language"] in ("system", "fail"), hook["id"]
        assert hook["language"] == "fail" or hook["entry"].startswith(".venv/bin/"), hook["id"]


def test_make_check_runs_all_hooks() -> None:
    done = subprocess.run(["make", "--dry-run", "check"], cwd=paths.ROOT, capture_output=True, text=True, check=True)
    assert "pre-commit run --all-files" in done.stdout
