"""Plain commands of the ecosystem, and what an edition of the book in this repository holds."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from surveybook.book.editions import build_edition
from surveybook.book.site import describe_edition
from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.waves import open_wave

BIN = Path(sys.executable).parent


def without_package(**extra: str) -> dict[str, str]:
    """Return the environment of someone who installed requirements.txt and nothing else."""
    return {**{k: v for k, v in os.environ.items() if k != "PYTHONPATH"}, **extra}


@pytest.mark.slow
@pytest.mark.parametrize("wave", ["2004"])
def test_papermill_runs_a_chapter_with_a_wave_given_as_a_number(tmp_path: Path, wave: str) -> None:
    done = subprocess.run(
        [BIN / "papermill", "chapters/02-quality.ipynb", tmp_path / "out.ipynb", "-p", "wave", wave],
        cwd=paths.root(),
        env=without_package(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    injected = [
        cell
        for cell in json.loads((tmp_path / "out.ipynb").read_text())["cells"]
        if "injected-parameters" in cell["metadata"].get("tags", [])
    ]
    assert "wave = 2004" in "".join(injected[0]["source"])


@pytest.mark.slow
def test_an_edition_shows_a_changed_number_in_prose_chart_and_table_and_the_old_one_nowhere(
    trial_data: Path, tmp_path: Path
) -> None:
    estimates = trial_data / "waves/2004/estimates.csv"
    estimates.write_text(
        estimates.read_text()
        .replace(
            "t3f_it,frontline,,effective_it_use,chosen,number,11", "t3f_it,frontline,,effective_it_use,chosen,number,12"
        )
        .replace("number,95,0,,1000", "number,91,0,,1000")
    )
    site = build_edition("2004", tmp_path / "html")
    page = (site / "chapters/02-quality.html").read_text(encoding="utf-8")
    assert "91 per cent" in page
    assert "91%" in page
    assert "95 per cent (" not in page
    assert "95%" not in page


def test_a_failed_edition_leaves_the_last_one_where_it_was(trial_data: Path, tmp_path: Path) -> None:
    (tmp_path / "html").mkdir()
    (tmp_path / "html/index.html").write_text("the last good one")
    (trial_data / "waves/2004/estimates.csv").write_text("")
    with pytest.raises(SurveybookError):
        build_edition("2004", tmp_path / "html")
    assert (tmp_path / "html/index.html").read_text() == "the last good one"


def test_every_page_can_say_edition_and_fieldwork() -> None:
    said = describe_edition(open_wave("2004"))
    assert said["name"] == "2004 edition"
    assert "November 2004" in said["fieldwork"]
    assert "December 2004" in said["fieldwork"]


def test_the_table_of_contents_lists_every_page_and_no_other() -> None:
    import yaml

    contents = yaml.safe_load((paths.root() / paths.CONTENTS_FILE).read_text())
    listed = [contents["root"], *(chapter["file"] for part in contents["parts"] for chapter in part["chapters"])]
    there = [path.relative_to(paths.root()).with_suffix("").as_posix() for path in [*paths.chapters(), *paths.pages()]]
    assert sorted(listed) == sorted(there)


def test_the_lock_has_a_hash_for_every_package_and_names_no_index() -> None:
    lock = (paths.root() / "requirements.txt").read_text()
    packages = [line for line in lock.splitlines() if line and line[0].isalpha()]
    assert len(packages) > 50
    assert all("==" in line for line in packages)
    assert lock.count("--hash=") >= len(packages)
    assert "://" not in lock
    assert "index-url" not in lock
    assert "jupyter-book==1." in lock


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
