"""What a person gets who types: a result, or one sentence and an exit status."""

import subprocess
import sys
from pathlib import Path

import pytest

from surveybook.model import paths

WHYICT = [sys.executable, "-c", "from surveybook.cli import main; main()"]


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [*WHYICT, *words],
        cwd=paths.root(),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(paths.root() / "src"), "NO_COLOR": "1", **environment},
    )


def refused(*words: str, **environment: str) -> str:
    done = run(*words, **environment)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr + done.stdout
    return done.stderr + done.stdout


def test_a_mistyped_parameter_is_refused_with_the_valid_names(tmp_path: Path) -> None:
    said = refused("chapter", "run", "quality", str(tmp_path / "out.ipynb"), "-p", "wvae=1999")
    assert "has no parameter 'wvae'; it has wave, baseline. Did you mean 'wave'?" in said
    assert not (tmp_path / "out.ipynb").exists()


def test_a_value_of_another_kind_is_refused(tmp_path: Path) -> None:
    said = refused("chapter", "run", "quality", str(tmp_path / "out.ipynb"), "-p", "confidence=high")
    assert "'high' doesn't fit the parameter 'confidence'" in said


def test_a_parameter_without_a_value_is_refused(tmp_path: Path) -> None:
    assert "write it as name=value" in refused("chapter", "run", "quality", str(tmp_path / "o.ipynb"), "-p", "wave")


def test_a_chapter_that_is_not_there_lists_those_that_are(tmp_path: Path) -> None:
    assert "There are: index, " in refused("chapter", "run", "nonsense", str(tmp_path / "out.ipynb"))


@pytest.mark.parametrize("words", [("build", "1999"), ("wave", "check", "1999"), ("wave", "check", "../x")])
def test_a_wave_that_is_not_there_lists_those_that_are(words: tuple[str, ...]) -> None:
    assert "There are: " in refused(*words)
    assert "2004" in refused(*words)


def test_all_that_is_wrong_with_a_wave_is_listed(trial_data: Path) -> None:
    path = trial_data / "waves/2004/estimates.csv"
    path.write_text(path.read_text().replace("number,68,", "number,680,").replace("number,83,", "number,8e3,"))
    said = refused("wave", "check", "2004", SURVEYBOOK_DATA=str(trial_data))
    assert "row 2, column percent: 680 per cent" in said
    assert "'8e3' isn't a number" in said


def test_a_wave_in_order_is_summed_up() -> None:
    done = run("wave", "check", "2004")
    assert done.returncode == 0
    assert "The public: 1,000 by telephone, November 2004." in done.stdout
    assert "Wave 2004 is in order." in done.stdout
    assert run("wave", "list").stdout.split() == [*sorted(run("wave", "list").stdout.split())]


def test_the_data_package_is_checked_and_its_problems_listed(trial_data: Path) -> None:
    assert run("data", "check", SURVEYBOOK_DATA=str(trial_data)).returncode == 0
    (trial_data / "typology.csv").write_text("level,role,example\na,b,c\n")
    assert "the file isn't the one that was sealed" in refused("data", "check", SURVEYBOOK_DATA=str(trial_data))


def test_without_words_the_commands_are_listed() -> None:
    assert all(word in run("--help").stdout for word in ("edition", "chapter", "wave", "data"))


@pytest.mark.slow
def test_a_broken_chapter_is_named_with_its_cell_and_cause(tmp_path: Path) -> None:
    import nbformat

    notebook = nbformat.read(paths.chapters_folder() / "02-quality.ipynb", as_version=4)
    notebook.cells[-1] = nbformat.v4.new_code_cell("no_such_name")
    nbformat.write(notebook, tmp_path / "broken.ipynb")
    said = refused("chapter", "run", str(tmp_path / "broken.ipynb"), str(tmp_path / "out.ipynb"))
    assert f"cell {len(notebook.cells)} ('no_such_name'): NameError" in said
    assert list(tmp_path.iterdir()) == [tmp_path / "broken.ipynb"]
