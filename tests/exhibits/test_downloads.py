"""What readers take away: figures for programs with what they rest on, the data package, the topline in words."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from surveybook.exhibits.documents import write_topline_document
from surveybook.exhibits.downloads import describe_figures, write_figures, write_package
from surveybook.exhibits.full_tables import tabulate_survey
from surveybook.model.survey import Survey
from surveybook.verify.downloads import check_programs
from surveybook.waves import open_wave
from tests.waves import wave_2004
from tests.words import frequency_survey

BESIDE = ("value", "unit", "base", "base_is", "interval", "wording", "wording_is", "status", "not_comparable_with")


@pytest.fixture(scope="module")
def figures() -> dict[str, dict]:
    return {one["id"]: one for one in describe_figures(wave_2004())["figures"]}


def test_every_figure_has_beside_it_what_it_rests_on(figures: dict[str, dict]) -> None:
    assert len(figures) == len(wave_2004().estimates)
    assert [name for name, one in figures.items() if not set(BESIDE) <= one.keys()] == []
    one = figures["t1p_custsat"]
    assert (one["value"], one["interval"], one["base"], one["base_is"]) == (68.0, [64.5, 71.3], 1000, "stated")


def test_answers_stand_in_the_order_in_which_people_were_offered_them() -> None:
    listed = [one["answer"] for one in describe_figures(frequency_survey())["figures"]]
    assert list(dict.fromkeys(listed)) == ["Daily", "Weekly", "Never"]


def test_a_figure_without_a_number_has_no_value_and_no_interval(figures: dict[str, dict]) -> None:
    without = [one for one in figures.values() if one["status"] != "number"]
    assert without
    assert {(one["value"], one["interval"]) for one in without} == {(None, None)}


def test_a_share_from_a_list_says_that_it_is_not_comparable_with_statements_and_with_whom_only_with_care(
    figures: dict[str, dict],
) -> None:
    apart = {one["with"]: (one["how"], one["why"]) for one in figures["t1p_custsat"]["not_comparable_with"]}
    how, why = apart["shares of people who agree with a statement"]
    assert (how, "at most two answers" in why) == ("not comparable", True)
    assert apart["frontline staff, same question"][0] == "with caution"


def test_an_edition_with_a_baseline_says_how_far_each_figure_compares_with_it() -> None:
    told = describe_figures(open_wave("example-synthetic", baseline="2004"))
    others = {apart["with"] for one in told["figures"] for apart in one["not_comparable_with"]}
    assert "2004 survey, same question" in others
    assert told["made_up"] is True


def test_the_data_package_holds_no_survey_that_the_edition_does_not_show(tmp_path: Path) -> None:
    with zipfile.ZipFile(write_package(wave_2004(), tmp_path / "data.zip")) as archive:
        names = archive.namelist()
        package = json.loads(archive.read("datapackage.json"))
    assert "waves/2004/estimates.csv" in names
    assert [name for name in names if "synthetic" in name] == []
    assert [one["path"] for one in package["resources"]] == names[1:]


@pytest.mark.parametrize(
    ("old", "new"), [('"value": 68.0', '"value": 69.0'), ("64.5", "60.5"), ('"base": 1000', '"base": 1')]
)
def test_a_number_for_programs_that_is_not_the_data_is_caught(tmp_path: Path, old: str, new: str) -> None:
    path = write_figures(wave_2004(), tmp_path / "figures.json")
    assert check_programs(tmp_path, "2004").faults == ()
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    assert check_programs(tmp_path, "2004").faults


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_topline_document(wave_2004(), tmp_path_factory.mktemp("topline") / "topline.docx")


def body_of(file: Path) -> ElementTree.Element:
    with zipfile.ZipFile(file) as parts:
        assert parts.testzip() is None
        body = ElementTree.fromstring(parts.read("word/document.xml")).find(f"{W}body")
    return body


def text_of(element: ElementTree.Element) -> str:
    return "".join(one.text or "" for one in element.iter(f"{W}t"))


def tables_of(body: ElementTree.Element) -> dict[str, list[list[str]]]:
    """Return the rows of each table by its caption."""
    found = {}
    for table in body.findall(f"{W}tbl"):
        caption = table.find(f"{W}tblPr/{W}tblCaption")
        rows = [[text_of(cell) for cell in row.findall(f"{W}tc")] for row in table.findall(f"{W}tr")]
        found[str(caption.get(f"{W}val"))] = rows
    return found


def styled(body: ElementTree.Element, style: str) -> list[str]:
    found = []
    for paragraph in body.findall(f"{W}p"):
        named = paragraph.find(f"{W}pPr/{W}pStyle")
        found += [text_of(paragraph)] if named is not None and named.get(f"{W}val") == style else []
    return found


def test_every_question_has_a_heading_and_a_table_with_all_its_answers(file: Path) -> None:
    survey, body = wave_2004(), body_of(file)
    tables = tables_of(body)
    assert styled(body, "Heading1") == list(tables)
    assert len(tables) == survey.estimates["question_id"].nunique()
    rows = tables["1. Most important indicators of quality public services"]
    assert rows[:3] == [
        ["%", "The public", "Frontline staff"],
        ["Unweighted base", "1,000", "500"],
        ["High levels of customer satisfaction", "68", "83"],
    ]
    cells = tabulate_survey(survey)["quality_indicators"]
    assert len(rows) == 2 + cells["item_id"].nunique()


def test_a_topline_shows_whole_populations_and_no_letters(file: Path) -> None:
    rows = [row for table in tables_of(body_of(file)).values() for row in table]
    assert max(map(len, rows)) == 3
    assert not [cell for row in rows for cell in row[1:] if cell.endswith((" A", " B"))]
    assert "letter" not in text_of(body_of(file))


def test_a_share_that_is_not_there_has_a_mark_and_its_reason(file: Path) -> None:
    body = body_of(file)
    rows = next(rows for title, rows in tables_of(body).items() if "enough choice" in title)
    assert rows[-1] == ["Disagree", "[1]"]
    assert "[1] Only the agreeing share is given." in styled(body, "Note")


def test_the_first_row_of_a_table_is_a_header_on_every_page(file: Path) -> None:
    for table in body_of(file).findall(f"{W}tbl"):
        headed = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in table.findall(f"{W}tr")]
        assert headed[0]
        assert not any(headed[1:])


def test_all_parts_are_well_formed_named_and_the_same_each_time(file: Path, tmp_path: Path) -> None:
    assert write_topline_document(wave_2004(), tmp_path / "again.docx").read_bytes() == file.read_bytes()
    with zipfile.ZipFile(file) as parts:
        for name in parts.namelist():
            ElementTree.fromstring(parts.read(name))
        listed = parts.read("[Content_Types].xml").decode()
        assert all(f'"/{name}"' in listed for name in parts.namelist() if name.startswith(("word/s", "word/d", "docP")))
        assert parts.infolist()[0].filename == "[Content_Types].xml"


def test_labels_stay_text(tmp_path: Path) -> None:
    survey: Survey = wave_2004()
    planted = replace(survey, estimates=survey.estimates.assign(label="<w:p>&amp; \"'"))
    rows = next(iter(tables_of(body_of(write_topline_document(planted, tmp_path / "planted.docx"))).values()))
    assert rows[2][0] == "<w:p>&amp; \"'"
