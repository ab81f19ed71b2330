"""The command that prints the claims."""

import csv
import io
import json

import pytest

from surveybook.claims import read_claims
from surveybook.cli.results import CLAIM_COLUMNS, STATUS_COLUMNS, list_verdicts
from surveybook.model.problems import SurveybookError


def test_an_unknown_chapter_or_wave_lists_those_there_are():
    with pytest.raises(SurveybookError, match="There are: foreword"):
        list_verdicts("2004", chapter="nine")
    with pytest.raises(SurveybookError, match="There is no wave '1066'"):
        list_verdicts("1066")


def test_csv_has_every_claim_and_exactly_the_columns():
    rows = list(csv.reader(io.StringIO(list_verdicts("2004", format="csv"))))
    assert rows[0] == CLAIM_COLUMNS
    assert [row[0] for row in rows[1:]] == [claim.id for claim in read_claims()]


def test_a_baseline_adds_the_status():
    rows = list(
        csv.reader(io.StringIO(list_verdicts("example-synthetic", baseline="2004", chapter="foreword", format="csv")))
    )
    assert rows[0] == CLAIM_COLUMNS + STATUS_COLUMNS


def test_json_keeps_figures_as_lists():
    records = json.loads(list_verdicts("2004", chapter="2", format="json"))
    assert all(record["id"].startswith("q-") for record in records)
    assert all(isinstance(record["figures"], list) for record in records)


def test_each_statement_says_which_reading_it_is():
    rows = list(csv.DictReader(io.StringIO(list_verdicts("2004", format="csv"))))
    said = [(row["section"], row["statement"]) for row in rows]
    assert len(said) == len(set(said))


def test_markdown_shows_each_claim_and_counts_them():
    expected = sum(claim.chapter == "conclusions" for claim in read_claims())
    text = list_verdicts("2004", chapter="6")
    assert text.count("\n## ") + 1 == expected
    assert f"{expected} claims:" in text
