"""Each hook that `make check` and git run stops a bad file."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from surveybook.model import paths

pytestmark = pytest.mark.slow

CONFIG = paths.root() / ".pre-commit-config.yaml"
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
CITATION = (paths.root() / "CITATION.cff").read_text(encoding="utf-8")
NOTEBOOK = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}) + "\n"
# For each hook: the file that it reads, what is bad in it, and what is then said. The project itself is what is good.
PLANTED = {
    "private-answers": ("data/waves/2031/{}", [("responses_public.csv", "1\n")], "stay private"),
    "large-files": ("{}.txt", "long\n" * 250_000, "{}.txt (1221 KB) exceeds 1000 KB"),
    "merge-conflict": ("{}.txt", "<<<<<<< HEAD\nmine\n=======\nyours\n>>>>>>> b\n", "string '<<<<<<<' found"),
    "case-conflict": ("{}", [("a.txt", "1\n"), ("A.txt", "1\n")], "conflict found: A.txt"),
    "trailing-whitespace": ("{}.txt", "a \n", "Fixing {}.txt"),
    "end-of-file": ("{}.txt", "a", "Fixing {}.txt"),
    "line-endings": ("{}.txt", "a\r\nb\r\n", "{}.txt: fixed mixed line endings"),
    "yaml": ("{}.yml", "a: [1\n", "expected ',' or ']'"),
    "json": ("{}.ipynb", NOTEBOOK[:-2], "{}.ipynb: Failed to json decode"),
    "toml": ("{}.toml", "a =\n", "{}.toml"),
    "spelling": ("{}.md", "The color we recieve\n", "`color` should be `colour`"),
    "ruff": ("{}.py", '"""Some."""\n\nimport os\n', "F401"),
    "ruff-format": ("layout.py", '"""Some."""\n\na=1\n', "files were modified by this hook"),
    "mypy": ("src/surveybook/some.py", '"""S."""\n\na: int = "1"\n', "Incompatible types"),
    "actionlint": (".github/workflows/{}.yml", WORKFLOW.replace("github.sha", "github.shaa"), '"shaa" is not'),
    "workflow-timeouts": (
        ".github/workflows/{}.yml",
        WORKFLOW.replace("    timeout-minutes: 5\n", ""),
        "'timeout-minutes' is a required property",
    ),
    "dependabot": (".github/{}.yml", "version: 2\n", "'updates' is a required"),
    "citation": ("CITATION.cff", CITATION.replace("title: ", "heading: ", 1), "'heading' was unexpected"),
}


def git(folder: Path, *words: str) -> None:
    # What a commit under way tells git's children is about another folder than this one.
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(["git", "-C", folder, *words], check=True, capture_output=True, env=quiet)


def make_clone(folder: Path) -> Path:
    """Return a repository of nothing but the project's settings, with this run's tools."""
    folder.mkdir()
    git(folder, "init")
    for name in SETTINGS:
        shutil.copy(paths.root() / name, folder)
    (folder / ".venv").symlink_to(sys.prefix)
    for package in ("surveybook", "whyict"):
        write(folder, f"src/{package}/__init__.py", '"""P."""\n')
    (folder / ".gitignore").write_text(".venv\n__pycache__/\n.*_cache/\n", encoding="utf-8")
    return folder


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def run(folder: Path, *hooks: str, **environment: str) -> dict[str, tuple[str, str]]:
    """Return of each hook whether it "Passed", "Failed" or was "Skipped", and what it printed."""
    git(folder, "add", "--all")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    printed = subprocess.run(
        [Path(sys.prefix) / "bin/pre-commit", "run", *hooks, "--all-files", "--color=never", "--verbose"],
        cwd=folder,
        env=kept | environment | {"PRE_COMMIT_HOME": str(folder.parent / "pre-commit")},
        capture_output=True,
        text=True,
    ).stdout
    parts = re.split(r"^(?=.+\.{3,}(?:Passed|Failed|\(no files to check\)Skipped)$)", printed, flags=re.MULTILINE)
    told = [part for part in parts if "- hook id: " in part]
    return {
        re.search(r"- hook id: (\S+)", part)[1]: (re.search(r"[A-Z][a-z]+$", part.splitlines()[0])[0], part)
        for part in told
    }


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    """Return what all hooks say of the bad files."""
    folder = make_clone(tmp_path_factory.mktemp("bad") / "clone")
    for hook, (name, content, _) in PLANTED.items():
        for ending, text in content if isinstance(content, list) else [("", content)]:
            write(folder, name.format(ending or hook), text)
    return run(folder)


@pytest.mark.parametrize("hook", PLANTED)
def test_a_hook_stops_a_bad_file_and_says_why(hook: str, outcomes: dict[str, tuple[str, str]]) -> None:
    outcome, printed = outcomes[hook]
    assert outcome == "Failed"
    assert PLANTED[hook][2].format(hook) in printed


def test_the_hook_of_the_chapters_stops_loose_numbers_and_traces_of_a_run(tmp_path: Path) -> None:
    clone = make_clone(tmp_path / "clone")
    for folder in ("src", "data", "chapters"):
        shutil.copytree(
            paths.root() / folder, clone / folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
        )
    for path in (paths.root() / paths.LANDING_PAGE, paths.root() / paths.REPORT_FILE):
        shutil.copy(path, clone)
    chapter = clone / "chapters" / "02-quality.ipynb"
    notebook = json.loads(chapter.read_text(encoding="utf-8"))
    text, code = (
        next(cell for cell in notebook["cells"] if cell["cell_type"] == kind) for kind in ("markdown", "code")
    )
    text["source"].append("\n\nIt was 68%.")
    code["execution_count"] = 7
    chapter.write_text(json.dumps(notebook), encoding="utf-8")
    outcome, printed = run(clone, "chapters", PYTHONPATH=str(clone / "src"))["chapters"]
    assert outcome == "Failed"
    assert "02-quality.ipynb" in printed
    assert "“68” (digit)" in printed
    assert "it was run as 7, not as 1; store it with: surveybook chapter store" in printed
    assert "it holds times, versions or settings of the program that saved it" in printed


def test_every_hook_has_its_planted_fault() -> None:
    assert set(HOOKS) == {*PLANTED, "chapters"}
