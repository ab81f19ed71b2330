"""What an edition is made from decides whether it is made again."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from surveybook.book.plans import (
    Plan,
    choose_baseline,
    hash_sources,
    list_data,
    list_pageless,
    order_waves,
    plan_edition,
)
from surveybook.book.site import find_telling_lines
from surveybook.model import paths

Edit = Callable[[str, str, str], Path]
WAVE, OTHER = "2004", "example-synthetic"


def plan(wave: str = WAVE, baseline: str = "") -> Plan:
    return plan_edition(wave, baseline)


def test_the_same_files_give_the_same_keys_wherever_the_data_are(
    trial_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = plan()
    monkeypatch.delenv(paths.DATA_VARIABLE)
    assert plan().key == copied.key


def test_a_changed_figure_is_a_new_edition_of_its_wave_and_of_what_is_compared_with_it(edit: Edit) -> None:
    before = [plan(OTHER), plan(WAVE), plan(WAVE, OTHER)]
    path = edit(f"waves/{OTHER}/wave.yml", 'label: "Synthetic example"', 'label: "Another label"')
    after = [plan(OTHER), plan(WAVE), plan(WAVE, OTHER)]
    assert [one.key == other.key for one, other in zip(before, after, strict=True)] == [False, True, False]
    assert set(dict(before[0].inputs.items() ^ after[0].inputs.items())) == {f"data/waves/{OTHER}/{path.name}"}


@pytest.mark.parametrize("file", ["claims.yml", "evidence.csv", "codebook/items.csv", "references.bib"])
def test_what_all_waves_share_makes_every_edition_new(trial_data: Path, file: str) -> None:
    before = plan().key
    path = trial_data / file
    path.write_bytes(path.read_bytes() + b"\n")
    assert plan().key != before


def test_seals_make_nothing_new_because_no_chapter_reads_them(trial_data: Path) -> None:
    path, before = trial_data / "datapackage.json", plan().key
    path.write_text(re.sub(r'"sha256:\w+"', '"sha256:00"', path.read_text()))
    assert plan().key == before
    path.write_text(path.read_text().replace('"type": "string"', '"type": "number"', 1))
    assert plan().key != before


def test_outputs_stored_in_a_chapter_make_nothing_new_and_its_code_does(tmp_path: Path) -> None:
    def key(name: str, **cell: object) -> str:
        path = tmp_path / f"{name}.ipynb"
        whole = {"cell_type": "code", "source": "1 + 1", "metadata": {}, "outputs": [], "execution_count": None, **cell}
        path.write_text(json.dumps({"cells": [whole], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
        return hash_sources({"it": path})["it"]

    assert key("stored") == key("executed", outputs=[{"text": "2"}], execution_count=1)
    assert key("stored") != key("changed", source="1 + 2")


def test_the_latest_wave_is_the_one_whose_fieldwork_ended_last_and_no_made_up_one() -> None:
    assert order_waves([WAVE, OTHER]) == [OTHER, WAVE]
    assert order_waves([OTHER]) == [OTHER]


def test_a_wave_is_compared_with_what_is_asked_for_or_else_with_what_it_names(edit: Edit) -> None:
    edit(f"waves/{OTHER}/wave.yml", "synthetic: true", 'synthetic: true\nbaseline: "2004"')
    assert choose_baseline(OTHER) == "2004"
    assert choose_baseline(OTHER, "1999") == "1999"
    assert choose_baseline("1999", "1999") == "", "the baseline of the others stands alone"


def test_respondents_are_left_behind_once_their_figures_are_estimated(trial_data: Path) -> None:
    answers = trial_data / f"waves/{OTHER}/responses_public.csv"
    answers.write_text("id\n1\n")
    place = answers.relative_to(trial_data).as_posix()
    assert place in list_data([OTHER])
    kept = list_data([OTHER], {f"waves/{OTHER}/estimates.csv": ""})
    assert place not in kept
    assert f"waves/{OTHER}/wave.yml" in kept
    assert f"waves/{WAVE}/wave.yml" not in kept


def test_a_chapter_that_the_contents_leave_out_has_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list_pageless() == []
    for name in (paths.REPORT_FILE, paths.CONTENTS_FILE):
        shutil.copy2(paths.root() / name, tmp_path)
    (tmp_path / "chapters").mkdir()
    for name in ("../index", "02-quality", "08-trust"):
        (tmp_path / f"chapters/{name}.ipynb").write_text("{}")
    monkeypatch.chdir(tmp_path)
    assert list_pageless() == ["chapters/08-trust.ipynb"]


def test_two_charts_of_one_name_are_told_with_the_remedy() -> None:
    said = "/made/chapters/08.ipynb:4: \x1b[91mWARNING: duplicate label fig-parks, other instance in chapters/02.ipynb"
    (line,) = find_telling_lines(f"building\n{said}\n", Path("/made"))
    assert line.startswith("chapters/08.ipynb:4: WARNING: duplicate label fig-parks")
    assert 'give one another: name="' in line


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("index.ipynb:: WARNING: toctree contains reference to nonexisting document 'chapters/02-x' [etoc.ref]",
         "take its line out of _toc.yml"),
        ("index.ipynb:100005: WARNING: 'myst' cross-reference target not found: 'chapters/02-x' [myst.xref_missing]",
         "take what leads to it out of this"),
    ],
)  # fmt: skip
def test_a_chapter_that_was_taken_out_is_named_with_what_still_leads_to_it(said: str, remedy: str) -> None:
    (line,) = find_telling_lines(f"building\n{said}\n", Path("/made"))
    assert line.startswith(said)
    assert line.endswith(remedy)
