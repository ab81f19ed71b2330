"""YAML is read as people write it; what would be lost or would run is refused with its row."""

from pathlib import Path
from typing import Any

import pytest

from surveybook.model.files import read_yaml
from surveybook.model.problems import Problem


def read(tmp_path: Path, text: str) -> tuple[dict[str, Any], str]:
    path = tmp_path / "wave.yml"
    path.write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    return read_yaml(path, problems), "\n".join(map(str, problems))


def test_words_codes_dates_and_times_stay_what_was_written(tmp_path: Path) -> None:
    text = "yes: No\non: off\ncode: 010\nday: 2026-04-17\ntime: 1:30\nnone: null\ngap:\ntrue: false\nshare: 1.5\n"
    assert read(tmp_path, text)[0] == {
        "yes": "No", "on": "off", "code": 10, "day": "2026-04-17", "time": "1:30", "none": None, "gap": None,
        True: False, "share": 1.5,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a:\n  x: 1\n  x: 2\n", "row 3: this isn't valid YAML ('x' stands twice)"),
        ("a: {1: x, 01: y}\n", "row 1: this isn't valid YAML ('1' stands twice)"),
        ("a: &big [x]\nb: *big\n", "row 2: an alias (*name) is used"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", "row 2: a tag (!name) is used"),
        ("a: !!bool maybe\n", "row 1: a tag (!name) is used"),
        *((f"a: {one * 20_000}", "row 1: more than 50 blocks lie within each other") for one in ("[", "{a: ")),
        ("- " * 20_000, "row 1: more than 50 blocks lie within each other"),
        ("a: [1\n", "this isn't valid YAML"),
        (f"a: {'1' * 5000}\n", "this isn't valid YAML (a value can't be read)"),
        ("a: b\x00\n", "the file holds a null character"),
        ("- a\n", "isn't a list of keys and values"),
    ],
)
def test_what_cannot_be_read_without_loss_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    content, problems = read(tmp_path, text)
    assert content == {}
    assert said in problems
    assert problems.count("\n") == 0


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\u00ad", "\x07", "\u2066", r"\u202e", r"\0"])
def test_characters_that_nobody_sees_are_refused_with_their_row_and_name(tmp_path: Path, sign: str) -> None:
    found, said = read(tmp_path, f'a: 1\nb: "va{sign}lue"\n')
    assert found == {}
    assert "row 2: a character stands there that nobody sees (" in said


def test_what_languages_need_is_no_hidden_character(tmp_path: Path) -> None:
    assert read(tmp_path, "a: Málaga, Łódź, 東京\u00a0–\tend\n")[0] == {"a": "Málaga, Łódź, 東京\u00a0–\tend"}
