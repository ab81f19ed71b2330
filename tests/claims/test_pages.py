"""What pages and the command show of claims: tables, rules, sentences that count; all of their text."""

import csv
import io
import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from surveybook.claims.claim import SINCE, Part, judge_claims, list_printed, read_claims, record_claim
from surveybook.claims.pages import (
    all_claims,
    chart_verdicts,
    claims_counted,
    claims_since,
    tally_findings,
    tally_statuses,
    tell_news,
    two_passes,
)
from surveybook.cli.results import list_verdicts
from surveybook.model import paths
from surveybook.model.problems import DataError
from tests.claims import fraction, judged_2004, make_claim
from tests.waves import INTERNET, wave_2004, wave_with

NOT_ABOVE = "40% of the public (37 to 44) for “Internet eases finding out”: not above half (50)."
FIGURES = ["b1p_internet", "t1p_custsat", "t1p_vfm", "t1p_jobsat", "t1p_targets", "t1p_politics"]


def later():
    return replace(wave_with({INTERNET: 40}), baseline=wave_2004())


def test_what_became_of_all_claims_is_one_sentence_with_its_figures(five_claims):
    found = claims_since(later())
    assert found.text == (
        "Of the report’s 4 findings, tested on later and on 2004: one still holds, one no longer holds, one still does "
        "not hold and one is not measured now. A finding counts as changed where the change of what it turns on is "
        "more than sampling explains; the list of claims tells it of each."
    )
    assert list(found.figures) == FIGURES
    assert claims_since(wave_2004()).text == ""


def test_findings_are_counted_by_what_a_reader_may_quote():
    verdicts = ["contradicted", "not checkable", "within sampling error", "mixed", "supported"] * 2
    assert tally_findings([SimpleNamespace(verdict=verdict) for verdict in [*verdicts, "supported by rounding"]]) == (
        "3 hold, 2 are contradicted, 2 are right in one part and wrong in another, 2 are within sampling error and "
        "2 can’t be checked"
    )


def statuses(*said):
    return [SimpleNamespace(status=status) for status in said]


def test_what_became_of_claims_is_told_in_one_order():
    assert tally_statuses(statuses("not asked", "no longer", "still holds", "no longer", *["can't tell"] * 11)) == (
        "one still holds, two no longer hold, 11 can't be told and one is not measured now"
    )
    assert tally_statuses([]) == ""


def test_the_list_has_a_record_and_a_row_for_each_claim(five_claims):
    shown = all_claims(later())
    assert shown.title == "All 5 statements, tested"
    assert shown.columns == ["Verdict", "Printed", "Statement", "Measured", "Strictly", "Counts as", "Where", "Id"]
    assert shown.rows[0] == [
        "contradicted", "more than half", "Most find it easier.", "40%", "contradicted", "finding", "first paragraph",
        "half",
    ]  # fmt: skip
    assert shown.entries[0] == {
        "id": "half",
        "statement": "Most find it easier.",
        "chapter": "quality",
        "section": "2.2",
        "locator": "first paragraph",
        "counts_as": "finding",
        "verdict": "contradicted",
        "chip": "contradicted: 40%",
        "printed": [{"phrase": "more than half", "verdict": "contradicted", "chip": "contradicted: 40%"}],
        "parts": [{"readings": [{"reading": "Of all asked.", "verdict": "contradicted", "reason": NOT_ABOVE}]}],
        "figures": ["b1p_internet"],
        "status": "no longer",
        "status_reason": (
            "It is contradicted now and was supported; “Internet eases finding out” among the public went from 63 to "
            "40, a change of −23 points (−28 to −18)."
        ),
    }
    assert shown.figures == FIGURES
    assert [row[-1] for row in shown.rows] == [entry["id"] for entry in shown.entries]


def test_a_phrase_with_the_number_itself_doesnt_have_it_again_beside_it():
    claim = make_claim(fraction(INTERNET, "more_than", "1/2")).model_copy(update={"printed": "63 per cent"})
    [one] = judge_claims([claim], wave_2004())
    assert list_printed(one) == [{"phrase": "63 per cent", "verdict": "supported", "chip": "supported"}]


def test_each_printed_phrase_of_a_compound_has_the_verdict_of_its_part():
    tests = {"63": fraction(INTERNET, "more_than", "1/2"), "a quarter": fraction(INTERNET, "bare", "1/4")}
    readings = {name: make_claim(test).readings for name, test in tests.items()}
    parts = tuple(Part.model_construct(part=name, printed=name, readings=read) for name, read in readings.items())
    [one] = judge_claims([make_claim(tests["63"]).model_copy(update={"readings": (), "parts": parts})], wave_2004())
    assert [part["chip"] for part in list_printed(one)] == ["supported", "contradicted: 63%"]
    assert record_claim(one)["chip"] == "mixed: 63 63%; a quarter 63%"


@pytest.mark.usefixtures("five_claims")
def test_the_news_counts_findings_by_what_became_of_them_in_all_or_in_a_part() -> None:
    assert tell_news(wave_2004()).text == (
        "Of 4 findings that the report drew, its own survey bears out 2 and contradicts 1; 1 was never measured or is "
        "too close to call."
    )
    assert tell_news(wave_with({INTERNET: 40})).text == (
        "Of 4 findings that the report drew, this survey bears out 1 and contradicts 2; 1 was never measured or is "
        "too close to call."
    )
    assert tell_news(wave_2004(), "quality").text.startswith(
        "Of 3 findings that the report drew here, its own survey bears out 2 and contradicts none; 1 was never measured"
    )


def test_echoes_counts_and_references_are_counted_apart(five_claims):
    assert claims_counted(wave_with({INTERNET: 40})).text == (
        "4 of them are findings. Another 1 is a repetition, a count or a reference within the report, and is counted "
        "apart."
    )


def test_the_bars_are_made_up_of_findings_by_verdict(five_claims):
    shown = chart_verdicts(wave_with({INTERNET: 40}))
    assert shown.title == "Of 4 findings, 1 holds, 2 are contradicted and 1 can’t be checked"
    assert shown.rows[0] == ["All chapters", "1", "0", "0", "0", "2", "1", "4"]
    assert shown.alternative.startswith("All chapters: one supported, two contradicted and one not checkable. The fore")


def passes_in(folder, text, monkeypatch):
    monkeypatch.setenv(paths.DATA_VARIABLE, str(folder))
    (folder / "claims_passes.md").write_text(text, encoding="utf-8")


def test_the_two_passes_are_the_rows_of_the_records_table(tmp_path, monkeypatch):
    table = "| | claims |\n| --- | ---: |\n| First pass | 3 |\n| **Kept** | **2** |\n"
    passes_in(tmp_path, f"# Two passes\n\nText.\n\n{table}\nMore | text.\n", monkeypatch)
    assert two_passes().rows == [["First pass", "3"], ["Kept", "2"]]


@pytest.mark.parametrize("text", ["Only text.\n", "| | claims |\n| --- | ---: |\n", None])
def test_a_record_of_the_two_passes_without_a_row_is_refused(tmp_path, monkeypatch, text):
    passes_in(tmp_path, text or "", monkeypatch)
    file, said = tmp_path / "claims_passes.md", "no table stands here"
    if text is None:
        file.unlink()
        said = "the file is missing"
    with pytest.raises(DataError, match=f"The record of the two passes has 1 problem:\n.*claims_passes.md: {said}"):
        two_passes()


@pytest.mark.slow
def test_the_command_prints_the_claims_of_a_chapter_in_each_format():
    rows = list(csv.DictReader(io.StringIO(list_verdicts("2004", chapter="foreword", format="csv"))))
    columns = list(judged_2004().columns)
    assert list(rows[0]) == columns
    assert [row["id"] for row in rows] == [claim.id for claim in read_claims() if claim.chapter == "foreword"]
    records = json.loads(list_verdicts("2004", chapter="6", format="json"))
    assert {tuple(record["figures"]) for record in records} <= {tuple(f) for f in judged_2004()["figures"]}
    since = list_verdicts("example-synthetic", baseline="2004", chapter="foreword", format="csv")
    assert since.splitlines()[0] == ",".join([*columns, *SINCE])
    text = list_verdicts("2004", chapter="conclusions")
    assert text.count("\n## ") + 1 == len(records)
    assert text.endswith("\n\n1 claim: 1 not checkable.\n")
