"""Plain commands of the ecosystem, and the pages of the book in this repository."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from surveybook.model import paths

BIN = Path(sys.executable).parent


@pytest.mark.slow
def test_papermill_runs_a_chapter_with_a_wave_given_as_a_number(tmp_path: Path) -> None:
    subprocess.run(
        [BIN / "papermill", "chapters/02-quality.ipynb", tmp_path / "out.ipynb", "-p", "wave", "2004"],
        cwd=paths.root(), env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"}, check=True,
    )  # fmt: skip
    cells = json.loads((tmp_path / "out.ipynb").read_text())["cells"]
    injected = [cell for cell in cells if "injected-parameters" in cell["metadata"].get("tags", [])]
    assert "wave = 2004" in "".join(injected[0]["source"])


def test_the_table_of_contents_lists_every_page_and_no_other() -> None:
    import yaml

    contents = yaml.safe_load((paths.root() / paths.CONTENTS_FILE).read_text())
    listed = [contents["root"], *(chapter["file"] for part in contents["parts"] for chapter in part["chapters"])]
    there = [path.relative_to(paths.root()).with_suffix("").as_posix() for path in [*paths.chapters(), *paths.pages()]]
    assert sorted(listed) == sorted(there)


def test_the_readme_and_continuous_integration_run_the_same_commands() -> None:
    readme, script = (paths.root() / "README.md").read_text(), (paths.root() / ".ci/run").read_text()
    first_screen = "\n".join(readme.splitlines()[:40])
    assert "make book" in first_screen
    assert "make test" in first_screen
    assert "\nmake test\n" in script
    assert "\nmake book\n" in script
    make = shutil.which("make")
    assert make
    listed = subprocess.run([make, "help"], cwd=paths.root(), capture_output=True, text=True, check=True).stdout
    assert all(target in listed for target in ("make book", "make test", "make check", "make clean"))
