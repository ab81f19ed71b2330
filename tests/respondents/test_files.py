"""Reading CSV, Parquet, SPSS and Stata files, whole and spoilt."""

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from surveybook.model.problems import Problem
from surveybook.respondents.codes import code_text
from surveybook.respondents.files import find_file, read_respondents
from surveybook.waves import open_wave
from tests.respondents.waves import WAVE, opened, problems_now, respondents, write_wave


def numbers() -> pd.DataFrame:
    frame = respondents()
    plain = [column for column in frame if column != "q3"]
    return frame.astype(dict.fromkeys(plain, float))


def place(data: Path, name: str) -> Path:
    folder = write_wave(data)
    (folder / "responses_public.csv").unlink()
    return folder / name


def faults(path: Path, encoding: str | None = None) -> str:
    problems: list[Problem] = []
    read_respondents(path, problems, encoding)
    return "\n".join(map(str, problems))


@pytest.mark.slow
def test_every_format_gives_the_same_figures(trial_data: Path) -> None:
    expected = opened(trial_data).estimates
    for name in ("responses_public.parquet", "responses_public.sav", "responses_public.zsav", "responses_public.dta"):
        path = place(trial_data, name)
        match path.suffix:
            case ".parquet":
                numbers().to_parquet(path)
            case ".dta":
                pyreadstat.write_dta(numbers(), path)
            case _:
                pyreadstat.write_sav(numbers(), path, compress=path.suffix == ".zsav")
        pd.testing.assert_frame_equal(open_wave(WAVE).estimates, expected)
        path.unlink()


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace(";", "|").replace(",", ";").encode(),
        lambda text: text.replace(",", "\t").encode(),
        lambda text: text.replace("\n", "\r").encode(),
    ],
    ids=["byte order mark", "Windows line ends", "UTF-16", "semicolons", "tabs", "old Mac line ends"],
)
def test_what_is_certain_is_read(trial_data: Path, change: object) -> None:
    frame = respondents()
    expected = opened(trial_data, frame).estimates
    path = trial_data / "waves" / WAVE / "responses_public.csv"
    text = change(path.read_text())  # type: ignore[operator]
    path.write_bytes(text)
    if b"|" in text:
        yml = path.with_name("wave.yml")
        yml.write_text(yml.read_text().replace("separator: ;", "separator: '|'"))
    pd.testing.assert_frame_equal(open_wave(WAVE).estimates, expected)


@pytest.mark.slow
def test_decimal_commas_are_read_where_they_can_only_be_that(trial_data: Path) -> None:
    frame = respondents()
    expected = opened(trial_data, frame).estimates
    pd.testing.assert_frame_equal(
        opened(trial_data, frame.assign(wt=frame["wt"].str.replace(".", ","))).estimates, expected
    )
    write_wave(trial_data, frame.assign(wt="1,234"))
    assert "column wt: the commas may be decimal or group thousands" in problems_now()
    frame.loc[4, "wt"] = "1,5"
    write_wave(trial_data, frame)
    assert "column wt: decimal commas and decimal points stand in one column" in problems_now()


def test_latin_1_is_named_and_read_once_it_is_declared(tmp_path: Path) -> None:
    path = tmp_path / "responses_x.csv"
    path.write_bytes("name,q\nZoë,1\n".encode("latin-1"))
    assert "row 2: a byte isn't UTF-8 (the file may be Latin-1)" in faults(path)
    assert faults(path, "latin-1") == ""
    assert "no encoding is called 'klingon'" in faults(path, "klingon")


@pytest.mark.parametrize("suffix", [".sav", ".zsav", ".dta", ".parquet"])
@pytest.mark.parametrize("part", [0.02, 0.3, 0.7, 0.98])
def test_a_file_that_was_cut_short_is_named(tmp_path: Path, suffix: str, part: float) -> None:
    path = tmp_path / f"responses_x{suffix}"
    if suffix == ".parquet":
        numbers().to_parquet(path)
    elif suffix == ".dta":
        pyreadstat.write_dta(numbers(), path)
    else:
        pyreadstat.write_sav(numbers(), path, compress=suffix == ".zsav")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    assert "the file isn't whole" in faults(path) or "cut short" in faults(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n3\n", "row 3: 1 fields stand in a row of 2 columns"),
        ("a,b\n1\n2\n", "row 2: 1 fields stand in a row of 2 columns (and so in 1 more rows)"),
        ('a,b\n1,"2\n', "isn't valid CSV"),
        ("a,a,b,b\n1,2,3,4\n", "row 1, column a: the column stands twice (and so do b)"),
        ("a,b;c\n1,2;3\n", "row 1: the header holds several of commas, semicolons, tabs"),
        ("a,b\n1,2\n\n3,4\n", "row 4: an empty row stands before this one"),
        ("a,b\n1,\x002\n", "the file holds null characters (it may be UTF-16)"),
        ("a,b\n", "holds no respondents"),
        ("", "the file is empty"),
    ],
)
def test_a_csv_file_that_is_not_in_order_is_named_with_its_row(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "responses_x.csv"
    path.write_text(text)
    assert said in faults(path)


def test_a_file_that_is_not_there_or_of_no_known_kind_is_named(tmp_path: Path) -> None:
    assert "the file is missing; put it there" in faults(tmp_path / "responses_x.csv")
    assert "files that end in '.xls' can't be read" in faults(tmp_path / "responses_x.xls")


@pytest.mark.parametrize(
    ("there", "named", "said"),
    [
        (["responses_x.csv", "responses_x.sav"], None, "two files hold the answers of x"),
        (["responses_x.ods"], None, "responses_x.ods can't be read; save it as one of"),
        (["responses_x.csv"], "responses_x.sav", "responses_x.sav isn't there; keep one, or correct the name"),
        (["responses_x.csv"], "../responses_x.csv", "put it in the wave's folder as responses_x.csv"),
        (["responses_x.csv", "responses_y.csv"], "responses_y.csv", "names responses_y.csv and responses_x.csv"),
    ],
)
def test_which_file_holds_the_answers_has_to_be_certain(
    tmp_path: Path, there: list[str], named: str | None, said: str
) -> None:
    for name in there:
        (tmp_path / name).touch()
    problems: list[Problem] = []
    assert find_file(tmp_path, "x", named, problems) is None
    assert said in "\n".join(map(str, problems))


def test_a_file_is_found_by_its_name_or_by_that_of_its_population(tmp_path: Path) -> None:
    assert find_file(tmp_path, "x", None, []) is None
    (tmp_path / "responses_x.csv").touch()
    assert find_file(tmp_path, "x", None, []) == find_file(tmp_path, "x", "responses_x.csv", [])
    (tmp_path / "responses_other.sav").touch()
    assert find_file(tmp_path, "y", "responses_other.sav", []) == tmp_path / "responses_other.sav"
    assert find_file(tmp_path, "y", "responses_none.sav", []) is None


def test_a_column_without_a_name_is_called_by_its_place(tmp_path: Path) -> None:
    path = tmp_path / "responses_x.csv"
    path.write_text(",a\n1,2\n")
    found = read_respondents(path, [])
    assert found is not None
    assert found.there == ("column 1", "a")


@pytest.mark.slow
def test_codes_that_the_file_declares_missing_are_no_answers_unless_mapped(trial_data: Path) -> None:
    path = place(trial_data, "responses_public.sav")
    frame = numbers()
    frame.loc[:9, "q5"] = 9
    pyreadstat.write_sav(frame, path, missing_ranges={"q5": [8, 9]})
    estimates = open_wave(WAVE).estimates
    assert estimates.loc[estimates["response"] == "dont_know", "share"].gt(0).any()
    assert (estimates.loc[estimates["response"] == "agree", "base"].iloc[0]) == len(frame) - 10


@pytest.mark.slow
def test_five_thousand_columns_are_read(trial_data: Path) -> None:
    frame = respondents().head(60)
    wide = pd.DataFrame("1", index=frame.index, columns=[f"x{number}y" for number in range(5000)])
    assert len(opened(trial_data, pd.concat([frame, wide], axis=1)).estimates)


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "1"), (1.0, "1"), ("1", "1"), (" 01 ", "1"), ("1,0", "1,0"), (True, "1"), (None, ""), (float("nan"), ""),
     ("a", "a"), (1.5, "1.5"), ("-9", "-9")],
)  # fmt: skip
def test_a_code_is_one_text_however_it_is_written(value: object, text: str) -> None:
    assert code_text(value) == text
