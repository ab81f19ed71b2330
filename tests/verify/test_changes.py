"""Figures that changed since a commit are listed, old and new, with the chapters that show them."""

import json
import subprocess
from pathlib import Path

import pytest

from surveybook.model.problems import SurveybookError
from surveybook.verify.changes import MOST_ROWS, list_changes

HEAD = "figure_id,population,domain,item_id,response,status,percent,verbal,base,deff\n"
ROW = "a,public,,satisfaction,chosen,number,68,,1000,\n"


def chapter(text: str, figures: list[str]) -> str:
    output = {
        "output_type": "display_data",
        "data": {"application/papermill.record/text/plain": text},
        "metadata": {"scrapbook": {"name": "leader"}, "surveybook": {"figures": figures}},
    }
    return json.dumps({"cells": [{"cell_type": "code", "source": "", "outputs": [output]}]})


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {
        "report.yml": "title: Made up\nfile_name: made-up\n",
        "data/waves/2004/estimates.csv": HEAD + ROW,
        "chapters/02-quality.ipynb": chapter("68%", ["a"]),
        "index.ipynb": chapter("hello", []),
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def changed(project: Path, **texts: str) -> str:
    """Return what is told of a project with other figures, or another chapter."""
    files = {"figures": "data/waves/2004/estimates.csv", "quality": SHOWN}
    for name, text in texts.items():
        (project / files[name]).write_text(text)
    return list_changes("HEAD")


SHOWN = "chapters/02-quality.ipynb"
WAS = "| 2004 | a | public.satisfaction.chosen | 68 %, base 1000 |"


def test_nothing_changed_is_said(project: Path) -> None:
    said = changed(project)
    assert "No figure of any wave changed in the data." in said


def test_a_changed_figure_comes_with_old_new_and_its_chapters(project: Path) -> None:
    said = changed(project, figures=HEAD + ROW.replace("68", "69"), quality=chapter("69%", ["a"]))
    assert f"{WAS} 69 %, base 1000 | {SHOWN} |" in said


def test_figures_that_came_and_went_are_listed(project: Path) -> None:
    said = changed(project, figures=HEAD + ROW.replace("a,", "b,", 1).replace("number,68,", "words,,a third"))
    assert f"{WAS} – | {SHOWN} |" in said
    assert "| 2004 | b | public.satisfaction.chosen | – | “a third”, base 1000 | no committed chapter |" in said


def test_a_new_wave_is_listed(project: Path) -> None:
    (project / "data/waves/2026").mkdir()
    (project / "data/waves/2026/estimates.csv").write_text(HEAD + ROW)
    said = changed(project)
    assert "| 2026 | a |" in said


def test_text_from_data_is_no_markup(project: Path) -> None:
    said = changed(project, figures=HEAD + ROW.replace("satisfaction", "x|<b>`y`"))
    assert "public.x\\|&lt;b>\\`y\\`.chosen" in said


def test_a_long_list_is_cut_and_counted(project: Path) -> None:
    said = changed(project, figures=HEAD + "".join(ROW.replace("a,", f"f{n},", 1) for n in range(MOST_ROWS + 7)))
    assert f"{MOST_ROWS + 8} in the data." in said
    assert "… and 8 more, not listed here." in said


@pytest.mark.parametrize("reference", ["nowhere", "--upload-pack=x", ""])
def test_a_commit_that_git_does_not_know_is_a_sentence(project: Path, reference: str) -> None:
    with pytest.raises(SurveybookError, match="git knows no commit"):
        list_changes(reference)
