"""Reading CSV, Parquet, SPSS and Stata files, whole and spoilt."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from surveybook.model.problems import Problem
from surveybook.respondents.columns import Columns
from surveybook.respondents.files import Respondents, find_file, read_respondents
from surveybook.respondents.mapping import PopulationMapping, PopulationRules
from tests.respondents.waves import respondents


def read_text(folder: Path, text: str) -> Respondents:
    """Return the respondents of a CSV file that holds a text."""
    path = folder / "responses_public.csv"
    path.write_text(text)
    return read_respondents(path, [])


def faults(path: Path, encoding: str | None = None) -> str:
    problems: list[Problem] = []
    read_respondents(path, problems, encoding)
    return "\n".join(map(str, problems))


WRITTEN: dict[str, Callable[[str], bytes]] = {
    "byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "Windows line ends": lambda text: text.replace("\n", "\r\n").encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "semicolons": lambda text: text.replace(";", "/").replace(",", ";").encode(),
    "tabs": lambda text: text.replace(",", "\t").encode(),
    "bars": lambda text: text.replace(",", "|").encode(),
    "old Mac line ends": lambda text: text.replace("\n", "\r").encode(),
    "empty end": lambda text: (text + "\n" * 3).encode(),
}


@pytest.mark.parametrize("write", WRITTEN.values(), ids=WRITTEN)
def test_what_is_certain_is_read(tmp_path: Path, write: Callable[[str], bytes]) -> None:
    path, frame = tmp_path / "responses_x.csv", respondents()
    path.write_bytes(write(frame.to_csv(index=False)))
    found = read_respondents(path, [])
    read = found.frame.map(lambda cell: cell.replace("/", ";"))
    assert read.to_dict("list") == frame.to_dict("list")


@pytest.mark.parametrize("header", ['"a, or\nb";c', '"a;b,c";d', "a, b;c"])
def test_a_header_is_taken_apart_by_the_mark_that_its_rows_have_too(tmp_path: Path, header: str) -> None:
    found = read_text(tmp_path, f"{header}\n1;2\n3;4\n")
    assert (len(found.there), found.frame.shape) == (2, (2, 2))


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        (["1,5", "0,25"], [1.5, 0.25]),
        (["1,234", "2,345"], "column w: the commas may be decimal or group thousands"),
        (["1,5", "2.5"], "column w: decimal commas and decimal points stand in one column"),
        (["984", "1.234"], "column w: the points may be decimal or group thousands"),
        (["984", "0.934", "1.234"], [984, 0.934, 1.234]),
        (["2", "1.234"], [2, 1.234]),
    ],
)
def test_decimal_commas_are_read_where_they_can_only_be_that(weights: list[str], said: object) -> None:
    source = Respondents("a.csv", pd.DataFrame({"w": weights}, dtype=object), there=("w",))
    columns = Columns(source, PopulationMapping("public", PopulationRules.model_construct()), [], lambda _: None)
    numbers = columns.numbers("w")
    assert numbers.tolist() == said if isinstance(said, list) else str(said) in str(columns.problems[0])


def test_latin_1_is_named_and_read_once_it_is_declared(tmp_path: Path) -> None:
    path = tmp_path / "responses_x.csv"
    path.write_bytes("name,q\nZoë,1\n".encode("latin-1"))
    assert "row 2: a byte isn't UTF-8 (the file may be Latin-1)" in faults(path)
    assert faults(path, "latin-1") == ""
    assert "no encoding is called 'klingon'" in faults(path, "klingon")


@pytest.mark.parametrize("suffix", [".sav", ".zsav", ".dta", ".parquet"])
@pytest.mark.parametrize("part", [0.02, 0.3, 0.7, 0.98])
def test_a_file_that_was_cut_short_is_named(tmp_path: Path, suffix: str, part: float) -> None:
    path, frame = tmp_path / f"responses_x{suffix}", respondents().drop(columns="q3").astype(float)
    if suffix == ".parquet":
        frame.to_parquet(path)
    elif suffix == ".dta":
        pyreadstat.write_dta(frame, path)
    else:
        pyreadstat.write_sav(frame, path, compress=suffix == ".zsav")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    assert "the file isn't whole" in faults(path) or "cut short" in faults(path)


def test_a_file_of_spss_whose_head_was_spoilt_is_named(tmp_path: Path) -> None:
    path = tmp_path / "responses_x.sav"
    pyreadstat.write_sav(respondents().drop(columns="q3").astype(float), path)
    content = bytearray(path.read_bytes())
    content[200] ^= 255  # a column has no name then
    path.write_bytes(content)
    assert "the file isn't whole, or isn't SPSS" in faults(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n3\n", "row 3: 1 fields stand in a row of 2 columns"),
        ("a,b\n1\n2\n", "row 2: 1 fields stand in a row of 2 columns (and so in 1 more rows)"),
        ('a,b\n1,"2\n', "row 2: the file isn't valid CSV"),
        ('sep=,\na,b\n1,2\n1,"2"3\n4,5\n', "row 4: the file isn't valid CSV"),
        ("PK\x03\x04", "the file is packed, and its name doesn't say so; call it .xlsx"),
        ("a,b;c\n1,2;3\n", "row 1: the header holds several of commas, semicolons, tabs"),
        ("a,b,c\n1,2,3\nSource: us,,\n", "row 3: the last row holds a note and no answers; take it out"),
        ("a,b,c\n1,2,3\nTotal,2,3\n", "row 3: the last row sums others up and is no respondent; take it out"),
        (
            "Bus,Yes,North\nTram,No,South\nBus,Yes,East\nBicycle,Maybe,North\n",
            "row 1: the first row reads like a respondent's: 3 of its 3 cells are answers of others too",
        ),
        ("a,b\n1,2\n\n3,4\n", "row 3: row 3 is empty, and others stand below; take out what nobody answered"),
        (
            ",,Q1\n\nid,day,Bus or tram?\n\n1,2,3\n\n2,3,4\n",
            "row 4: the rows 4 and 6 are empty, and others stand below",
        ),
        (
            f"a,b\n{'1,2@@' * 11}3,4\n".replace("@@", "\n\n"),
            "the rows 3, 5, 7, 9, 11, 13, 15, 17 and three more are empty",
        ),
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
    assert "it is a folder; name a file in it" in faults(tmp_path)
    assert "the file is missing; put it there" in faults(tmp_path / "responses_x.csv")
    assert "files that end in '.xls' can't be read" in faults(tmp_path / "responses_x.xls")


@pytest.mark.parametrize(
    ("there", "named", "said"),
    [
        (["responses_x.csv", "responses_x.sav"], None, "two files hold the answers of x"),
        (["responses_x.ods"], None, "responses_x.ods can't be read; save it as one of"),
        (["responses_x.csv"], "responses_x.sav", "responses_x.sav isn't there; keep one, or correct the name"),
        (["responses_x.csv"], "../responses_x.csv", "put it in the wave's folder as responses_x.csv"),
        ([], "/etc/passwd", "put it in the wave's folder as responses_x.csv"),
        ([], "..\\secret.csv", "put it in the wave's folder as responses_x.csv"),
        ([], "secret.csv", "put it in the wave's folder as responses_x.csv"),
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


def test_a_parquet_file_of_many_respondents_is_read_some_columns_at_a_time_and_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "responses_public.parquet"
    answers = pd.DataFrame({"id": [1, 2, 3], "region": pd.Categorical(["North", None, "South"]), "age": [20.5, 30, 40]})
    answers.to_parquet(path)
    whole = read_respondents(path, [])
    monkeypatch.setattr("surveybook.respondents.files.MOST_HELD", 3)
    parts = read_respondents(path, [])
    pd.testing.assert_frame_equal(parts.frame, whole.frame)
    assert parts.value_labels == whole.value_labels == {"region": {"North": "North", "South": "South"}}


def test_a_row_of_words_above_numbers_is_one_of_labels(tmp_path: Path) -> None:
    source = read_text(tmp_path, "id,q1,q2,q3\nNumber,Bus,Tram,Bicycle\n1,1,0,1\n2,0,1,1\n3,1,1,0\n")
    assert (len(source.frame), source.labels["q2"], source.first_row) == (3, "Tram", 3)


def test_lists_that_programs_write_are_several_answers_and_what_names_its_parts_is_none(tmp_path: Path) -> None:
    source = read_text(tmp_path, 'a,b,c\n"[""x"", ""y""]","{x,""y, z""}","{""x"": 1}"\n[],{x},"{""x"": 2}"\n')
    assert source.frame.iloc[0].tolist() == [("x", "y"), ("x", "y, z"), '{"x": 1}']


def test_a_hidden_sheet_holds_no_answers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("answers", "lists"):
        sheet = book.create_sheet(name)
        for row in (["a", "b"], [1, 2], [3, 4]):
            sheet.append(row)
    book["lists"].sheet_state = "hidden"
    book.save(tmp_path / "responses_public.xlsx")
    assert len(read_respondents(tmp_path / "responses_public.xlsx", []).frame) == 2


def test_a_question_that_stands_once_above_its_options_is_theirs_and_of_no_column_behind_them(tmp_path: Path) -> None:
    source = read_text(
        tmp_path,
        ",Which do you use?,,,,How often?,\nid,Bus,Tram,Other,Where to?,Bus,Sex\n"
        "a,Bus,,on foot,Town,often,f\nb,,Tram,,Hill,never,m\nc,Bus,Tram,,Town,often,f\n",
    )
    which = [f"Which do you use?: {option}" for option in ("Bus", "Tram", "Other")]
    assert list(source.frame.columns) == ["id", *which, "Where to?", "Bus", "Sex"]
    assert source.labels[which[1]] == "Tram"


def test_import_ids_are_no_respondent_however_a_program_quoted_them(tmp_path: Path) -> None:
    ids = "{'ImportId': 'QID1'},{'ImportId': 'QID2'}"
    source = read_text(tmp_path, f"q1,q2\nDo you cycle?,Do you walk?\n{ids}\n1,2\n2,1\n")
    assert (len(source.frame), source.labels["q1"]) == (2, "Do you cycle?")


def test_a_workbook_that_says_it_is_one_cell_is_read_in_full(tmp_path: Path) -> None:
    book, path = openpyxl.Workbook(), tmp_path / "form.xlsx"
    for row in (["Id", "Start time", "Are you well?"], [1, "2026-01-02", "Yes"], [2, "2026-01-03", "No"]):
        book.active.append(row)
    book.save(path)
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'<dimension ref="A1:C3"', b'<dimension ref="A1"')
    assert b'ref="A1"/>' in parts[sheet].replace(b" />", b"/>")
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    source = read_respondents(path, problems := [])
    assert not problems
    assert source is not None
    assert list(source.frame["Are you well?"]) == ["Yes", "No"]
