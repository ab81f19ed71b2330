"""The verdicts that the book shows are those that the claims get."""

import json

import pytest

from surveybook.claims.pages import all_claims, claims_table, rules, two_passes
from surveybook.exhibits.exhibit import Exhibit
from surveybook.model import paths
from surveybook.model.report import read_report
from tests.waves import wave_2004

TABLE = "application/vnd.surveybook.table+json"


def stored_tables() -> dict[str, dict]:
    """Return the tables in the outputs of all chapters, by name."""
    notebooks = [json.loads(path.read_text(encoding="utf-8")) for path in paths.chapters()]
    outputs = [output for book in notebooks for cell in book["cells"] for output in cell.get("outputs", [])]
    tables = [output["data"][TABLE] for output in outputs if TABLE in output.get("data", {})]
    return {table["name"]: table for table in tables}


def as_stored(table: Exhibit) -> dict:
    """Return a table as a notebook would store it now."""
    return json.loads(json.dumps(table._repr_mimebundle_()[TABLE]))


@pytest.fixture(scope="module")
def stored() -> dict[str, dict]:
    return stored_tables()


def test_all_claims_are_shown_with_the_verdicts_and_reasons_they_get(stored):
    assert as_stored(all_claims(wave_2004())) == stored["claims"]


@pytest.mark.parametrize("chapter", tuple(read_report().parts))
def test_a_chapters_claims_are_shown_with_the_verdicts_they_get(stored, chapter):
    assert as_stored(claims_table(wave_2004(), chapter)) == stored[f"claims-{chapter}"]


@pytest.mark.parametrize(("make", "name"), [(rules, "claim-rules"), (two_passes, "claim-passes")])
def test_the_rules_and_the_two_passes_are_shown_as_they_are(stored, make, name):
    assert as_stored(make()) == stored[name]
