"""Whatever a transcriber may mistype is named by the second transcription, with its row and column."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from surveybook.verify.data import check_transcriptions, find_differences
from tests.verify import said

Edit = Callable[[str, str, str], Path]
ESTIMATES, MENTIONS, ASKED = "waves/2004/estimates.csv", "waves/2004/mentions.csv", "waves/2004/asked.csv"
EVIDENCE, WORDS, ITEMS, WAVE = "evidence.csv", "codebook/words.csv", "codebook/items.csv", "waves/2004/wave.yml"
# What is mistyped in the first row that begins so: a cell, or what says which row it is. Then the row is nowhere in the
# second transcription.
MISTYPED = pd.read_csv(Path(__file__).with_name("mistyped.csv"), dtype=str)
SETTINGS = [
    ("populations.public.sample_size", "sample_size: 1000", "sample_size: 1010"),
    ("populations.public.fieldwork_start", 'fieldwork_start: "2004-11"', 'fieldwork_start: "2004-10"'),
    ("populations.frontline.mode", "mode: postal", "mode: online"),
    ("populations.public.universe", "universe: adults aged 16 and over", "universe: adults aged 18 and over"),
    ("populations.frontline.frame", "PCS, Unison and NASUWT\n    universe", "PCS and Unison\n    universe"),
    (
        "populations.public.design_effect",
        "null\n    note: >-\n      The report names",
        "1.3\n    note: >-\n      The report",
    ),
    ("sponsor", "publisher: The Work Foundation\nsponsor: Adobe", "publisher: The Work Foundation\nsponsor: LLM"),
]


def change_cell(path: Path, begins: str, column: str, value: str) -> int:
    """Write another value into a column of the first row that begins so; return the row's number."""
    lines = path.read_text(encoding="utf-8").splitlines()
    row = next(number for number, line in enumerate(lines) if line.startswith(begins))
    cells = next(csv.reader([lines[row]]))
    place = lines[0].split(",").index(column)
    assert cells[place] != value
    cells[place] = value
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    path.write_text("\n".join([*lines[:row], text.getvalue(), *lines[row + 1 :], ""]), encoding="utf-8")
    return row + 1


def test_the_two_transcriptions_of_2004_agree_in_every_cell() -> None:
    assert find_differences() == []
    assert check_transcriptions(["2004"]).counts == {"places in the source": 196, "rows of other tables": 172}


@pytest.mark.parametrize(("kind", "file", "begins", "column", "value"), [*MISTYPED.itertuples(index=False)])
def test_what_is_mistyped_is_named_with_its_row_and_both_values_or_on_both_sides(
    trial_data: Path, kind: str, file: str, begins: str, column: str, value: str
) -> None:
    row, name = change_cell(trial_data / file, begins, column, value), Path(file).name
    found = find_differences()
    (problem, *_) = [one for one in found if (Path(one.file).name, one.row) == (name, row)]
    if kind == "cell":
        assert (problem.column, f"'{value}'" in problem.found) == (column, True)
        assert "transcription.csv has " in problem.expected
    else:
        assert any(one.file.endswith("transcription.csv") for one in found)


@pytest.mark.parametrize(("key", "old", "new"), SETTINGS)
def test_what_was_mistyped_of_a_wave_or_population_is_named(edit: Edit, key: str, old: str, new: str) -> None:
    edit(WAVE, old, new)
    assert [(Path(one.file).name, one.column) for one in find_differences()] == [("wave.yml", key)]


@pytest.mark.parametrize("file", [ESTIMATES, MENTIONS, EVIDENCE, WORDS, ITEMS, ASKED])
@pytest.mark.parametrize("taken", [True, False], ids=["left out", "typed twice"])
def test_a_row_left_out_or_typed_twice_is_missed(trial_data: Path, file: str, taken: bool) -> None:
    path = trial_data / file
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines[:3], *(lines[4:] if taken else lines[3:4] + lines[3:])]), encoding="utf-8")
    assert find_differences()


def test_a_population_left_out_or_added_is_missed(edit: Edit) -> None:
    edit(WAVE, "\n  frontline:\n", "\n  staff:\n")
    assert {(one.found, one.column) for one in find_differences()} == {
        ("frontline stands here", "population"),
        ("staff stands here", "populations.staff.population"),
    }


def test_what_cannot_be_read_or_was_transcribed_once_is_told(trial_data: Path) -> None:
    (trial_data / "waves/2004/transcription.csv").write_text("population,status\npublic,number\n")
    (trial_data / "evidence_transcription.csv").write_bytes(b"\xff\xfe")
    for name in ("wave", "asked"):
        (trial_data / f"waves/2004/{name}_transcription.csv").write_text("population,question_id\n")
    found = said(check_transcriptions(["2004", "example-synthetic"]))
    assert sum("transcription.csv: it can't be read" in one for one in found) == 2
    assert sum("the second transcription has no such row" in one for one in found) == 3 + 37
    assert "it was transcribed once" in check_transcriptions(["example-synthetic"]).skipped[0]
