"""A new wave, made from the codebook: nothing of an earlier wave is needed."""

from pathlib import Path

import pandas as pd
import pytest

from surveybook.model import paths
from surveybook.model.files import read_yaml
from surveybook.model.problems import DataError, SurveybookError
from surveybook.waves import make_wave, open_wave


def test_a_new_wave_has_a_block_for_each_population_and_a_row_for_each_question(tiny: Path) -> None:
    populations = tiny / "data/codebook/populations.csv"
    populations.write_text(populations.read_text() + '"visitors","Visitors: by day",visitors,2\n')
    files = make_wave("2032")
    assert [path.name for path in files] == ["asked.csv", "wave.yml"]
    problems: list[object] = []
    written = read_yaml(files[1], problems)
    assert problems == []
    assert written["id"] == "2032"
    assert {name: block["label"] for name, block in written["populations"].items()} == {
        "residents": "Residents", "visitors": "Visitors: by day",
    }  # fmt: skip
    assert [item["item"] for item in written["disclosure"]["items"]] == list(range(1, 12))
    asked = pd.read_csv(files[0], keep_default_na=False)
    assert len(asked) == 4
    assert set(asked["source"]) == {"not_asked"}
    assert asked["responses"].to_list()[:2] == ["chosen", "chosen"]


def test_a_new_wave_opens_once_it_is_filled_in(tiny: Path) -> None:
    wave = make_wave("2032")[0].parent
    with pytest.raises(DataError, match="every question is not_asked"):
        open_wave("2032")
    earlier = tiny / "data/waves/2031"
    for name in ("asked.csv", "estimates.csv"):
        (wave / name).write_text((earlier / name).read_text())
    text = (wave / "wave.yml").read_text()
    for key, value in {"fieldwork": "May 2032", "conducted_by": "us", "mode": "online", "universe": "adults"}.items():
        text = text.replace(f"    {key}: null", f"    {key}: {value}", 1)
    (wave / "wave.yml").write_text(text)
    survey = open_wave("2032", baseline="2031")
    assert survey.estimates["share"].equals(survey.baseline.estimates["share"])


def test_capitals_alone_make_no_other_name(tiny: Path) -> None:
    make_wave("Spring")
    with pytest.raises(SurveybookError, match="is there already"):
        make_wave("spring")
    assert paths.list_waves() == ["2031", "Spring"]
