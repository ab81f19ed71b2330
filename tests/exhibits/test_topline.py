"""The topline in words: every question with its answers, bases and notes, as a document that others can read."""

import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from surveybook.exhibits.full_tables import tabulate_survey
from surveybook.exhibits.topline import write_topline_document
from surveybook.model.survey import Survey
from tests.waves import wave_2004

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_topline_document(wave_2004(), tmp_path_factory.mktemp("topline") / "topline.docx")


def body_of(file: Path) -> ElementTree.Element:
    with zipfile.ZipFile(file) as parts:
        assert parts.testzip() is None
        body = ElementTree.fromstring(parts.read("word/document.xml")).find(f"{W}body")
    assert body is not None
    return body


def text_of(element: ElementTree.Element) -> str:
    return "".join(one.text or "" for one in element.iter(f"{W}t"))


def tables_of(body: ElementTree.Element) -> dict[str, list[list[str]]]:
    """Return the rows of each table by its caption."""
    found = {}
    for table in body.findall(f"{W}tbl"):
        caption = table.find(f"{W}tblPr/{W}tblCaption")
        assert caption is not None
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
