"""The verdicts that the book shows are those that the claims get."""

import json

import pytest

from tests.waves import wave_2004
from whyict import paths
from whyict.claims.appendix import all_claims, claims_counted, rules, two_passes
from whyict.claims.page import claims_table
from whyict.claims.reading import CHAPTERS

TABLE = "application/vnd.whyict.table+json"


def stored_tables() -> dict[str, dict]:
    """Return the tables in the outputs of all chapters, by name."""
    notebooks = [json.loads(path.read_text(encoding="utf-8")) for path in paths.chapters()]
    outputs = [output for book in notebooks for cell in book["cells"] for output in cell.get("outputs", [])]
    tables = [output["data"][TABLE] for output in outputs if TABLE in output.get("data", {})]
    return {table["name"]: table for table in tables}


@pytest.fixture(scope="module")
def stored() -> dict[str, dict]:
    return stored_tables()


def test_all_claims_are_shown_with_the_verdicts_and_reasons_they_get(stored):
    table = all_claims(wave_2004())
    assert table.rows == stored["claims"]["rows"]
    assert [table.title, table.columns, table.note] == [stored["claims"][name] for name in ("title", "columns", "note")]
    assert table.figures == stored["claims"]["figures"]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapters_claims_are_shown_with_the_verdicts_they_get(stored, chapter):
    table = claims_table(wave_2004(), chapter)
    if table.name not in stored:  # a part of the report without a page of its own
        pytest.skip(f"no page shows the claims of {chapter}")
    assert table.rows == stored[table.name]["rows"]
    assert table.title == stored[table.name]["title"]


@pytest.mark.parametrize("make", [rules, two_passes])
def test_the_rules_and_the_two_passes_are_shown_as_they_are(stored, make):
    table = make()
    assert table.rows == stored[table.name]["rows"]
    assert table.note == stored[table.name]["note"]


def test_the_count_of_verdicts_is_that_of_the_table():
    sentence = str(claims_counted(wave_2004()))
    assert sentence.endswith(".")
    assert all_claims(wave_2004()).title.partition(": ")[2] in sentence
