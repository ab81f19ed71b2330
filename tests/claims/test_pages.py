"""What pages and the command show of claims: tables, rules, sentences that count; all of their text."""

import csv
import io
import json
from dataclasses import replace

import pandas as pd
import pytest

from surveybook.claims.claim import read_claims
from surveybook.claims.pages import (
    all_claims,
    claims_counted,
    claims_since,
    claims_table,
    describe_firmness,
    note_verdicts,
    rules,
    tally_statuses,
    tally_verdicts,
    tell_news,
    two_passes,
)
from surveybook.claims.verdicts import count_verdicts, judge_claims
from surveybook.cli.results import CLAIM_COLUMNS, STATUS_COLUMNS, list_verdicts
from surveybook.exhibits.exhibit import NO_SURVEY, Exhibit
from surveybook.model import paths
from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.model.report import read_report
from tests.claims.waves import judged_2004
from tests.waves import INTERNET, wave_2004, wave_with

BASE = "The public: 1,000 by telephone, November 2004; frontline staff: 500 (assumed) by post, December 2004."
NOTE = (
    "Claims are tested one by one, without adjustment for their number. What can be read two ways has the verdict of "
    "the kinder reading."
)
SAME_FOR_ANY = "on the report’s own text, on whether its parts agree, and would be the same for any wave."
ABOVE = (
    "63% of the public (59 to 66) for “Internet eases finding out”: above half (50), as is every value that prints so."
)
NOT_ABOVE = "40% of the public (37 to 44) for “Internet eases finding out”: not above half (50)."
REFERENCE = "The reference is to section 3; it stands in section 4."
FIRST = (
    "“Customer satisfaction” is first of five among the public; the least sure step: among the public, 68% for "
    "“Customer satisfaction” against 56% for “Value for money”: a difference of 12 points (6 to 18), p < 0.001."
)
TRUST = "No item measures it: it would take an item on trust."
FIGURES = ["b1p_internet", "t1p_custsat", "t1p_vfm", "t1p_jobsat", "t1p_targets", "t1p_politics"]


def later():
    return replace(wave_with({INTERNET: 40}), baseline=wave_2004())


def judged(verdicts, figures=("a",), status=None):
    frame = pd.DataFrame({"verdict": verdicts, "figures": [list(figures)] * len(verdicts)})
    return frame if status is None else frame.assign(status=status)


def test_against_a_baseline_a_chapters_claims_stand_with_both_verdicts(five_claims):
    assert claims_table(later(), "2") == Exhibit(
        "claims-quality",
        "What the part on quality said, tested: 1 supported, 2 contradicted and 1 not checkable; since 2004, one still "
        "holds, one no longer holds, one is not measured now and one is not comparable",
        ["Claim", "Where", "Verdict", "Verdict on 2004", "Since 2004", "Why"],
        [
            [
                "Most find it easier.",
                "2.2",
                "contradicted",
                "supported",
                "no longer",
                f"{NOT_ABOVE} It is contradicted now and was supported; “Internet eases finding out” among the public "
                "went from 63 to 40, a change of −23 points (−28 to −18).",
            ],
            [
                "Section 3 has more.",
                "2.3",
                "contradicted",
                "contradicted",
                "not comparable",
                f"{REFERENCE} It is about the report's own text, which no wave changes.",
            ],
            [
                "Satisfaction comes first.",
                "2.4",
                "supported",
                "supported",
                "still holds",
                f"{FIRST} It holds in both waves.",
            ],
            [
                "Trust is high.",
                "2.5",
                "not checkable",
                "not checkable",
                "not asked",
                f"{TRUST} No item of either wave measures it.",
            ],
        ],
        notes=[f"{NOTE} 1 of the verdicts rests {SAME_FOR_ANY}"],
        source="Source: the report’s statements in our words (data/claims.yml), against wave later.",
        subtitle="Each statement about the survey, and whether the figures bear it out.",
        base=BASE,
        wave="later",
        figures=FIGURES,
    )


def test_a_table_of_a_chapter_that_isnt_there_is_refused():
    with pytest.raises(SurveybookError, match="There is no chapter 'nine' with claims"):
        claims_table(wave_2004(), "nine")


def test_what_became_of_all_claims_is_one_sentence_with_its_figures(five_claims):
    found = claims_since(later())
    assert found.text == (
        "Of the report’s 5 claims, tested on later and on 2004: one still holds, one no longer holds, one still does "
        "not hold, one is not measured now and one is not comparable. A claim counts as changed where the change of "
        "what it turns on is more than sampling explains; the tables at the end of each chapter give both verdicts."
    )
    assert list(found.figures) == FIGURES


def test_without_a_baseline_the_sentence_counts_the_verdicts_of_the_wave(five_claims):
    found = claims_since(wave_2004())
    assert found.text == (
        "Of the report’s 5 claims, tested on 2004: 2 supported, 2 contradicted and 1 not checkable. A later wave gives "
        "each a verdict of its own beside this one, and the two say whether the claim still holds, no longer holds, "
        "has come to hold, or can’t be compared."
    )
    assert list(found.figures) == FIGURES


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        (0, ""),
        (1, f" 1 of the verdicts rests {SAME_FOR_ANY}"),
        (2, f" 2 of the verdicts rest {SAME_FOR_ANY}"),
        (1000, f" 1,000 of the verdicts rest {SAME_FOR_ANY}"),
    ],
)
def test_a_later_waves_note_counts_the_verdicts_that_no_wave_changes(own, sentence):
    rows = pd.concat(
        [
            judged(["supported", "contradicted"]),
            judged(["not checkable"] * 3, figures=()),
            judged(["supported"] * own, figures=()),
        ]
    )
    assert note_verdicts(wave_with({}), rows) == NOTE + sentence
    assert note_verdicts(wave_2004(), rows) == NOTE


@pytest.mark.parametrize(
    ("verdicts", "text"),
    [
        ([], ""),
        (["contradicted"], "1 contradicted"),
        (["not checkable", "supported", "supported"], "2 supported and 1 not checkable"),
        (
            ["contradicted", "not checkable", "within sampling error", "supported by rounding", "supported"] * 11,
            "11 supported, 11 supported by rounding, 11 within sampling error, 11 contradicted and 11 not checkable",
        ),
        (["supported"] * 1234, "1,234 supported"),
    ],
)
def test_verdicts_are_counted_in_digits_the_best_first(verdicts, text):
    assert tally_verdicts(judged(verdicts)) == text


@pytest.mark.parametrize(
    ("status", "one", "two"),
    [
        ("still holds", "one still holds", "two still hold"),
        ("now holds", "one now holds", "two now hold"),
        ("no longer", "one no longer holds", "two no longer hold"),
        ("still does not hold", "one still does not hold", "two still do not hold"),
        ("can't tell", "one can't be told", "two can't be told"),
        ("not asked", "one is not measured now", "two are not measured now"),
        ("not comparable", "one is not comparable", "two are not comparable"),
    ],
)
def test_what_became_of_one_claim_and_of_two(status, one, two):
    assert tally_statuses(judged(["supported"], status=status)) == one
    assert tally_statuses(judged(["supported"] * 2, status=status)) == two


def test_what_became_of_claims_is_told_in_one_order():
    statuses = ["not asked", "no longer", "still holds", "no longer", *["can't tell"] * 11]
    assert tally_statuses(judged(["supported"] * 15, status=statuses)) == (
        "one still holds, two no longer hold, 11 can't be told and one is not measured now"
    )
    assert tally_statuses(judged([], status=[])) == ""


def test_verdicts_by_chapter_have_a_nought_where_there_is_none(five_claims):
    table = count_verdicts(judge_claims(read_claims(codebook=wave_2004().codebook), wave_2004()))
    assert table.loc["quality"].to_dict() == {
        "supported": 2, "supported by rounding": 0, "within sampling error": 0, "mixed": 0, "contradicted": 1,
        "not checkable": 1,
    }  # fmt: skip
    assert list(table.index) == ["foreword", "quality"]


FIRM = "(secure; survives rounding)"
TOO_FAR = "for “Internet eases finding out”: {} points from a quarter (25), more than the 2 that “a quarter” allows."
SUBTITLE = "Each statement of the report about its survey, and whether the figures bear it out."
ADDRESS = {"column": "Id", "prefix": "claim-", "hidden": "Id"}


def test_against_a_baseline_every_claim_says_what_became_of_it(five_claims):
    assert all_claims(replace(wave_with({INTERNET: 40}), baseline=wave_2004()), name="since") == Exhibit(
        "since",
        "All claims, tested: 1 supported, 3 contradicted and 1 not checkable",
        ["Claim", "Verdict", "Since 2004", "Why", "Where", "Id"],
        [
            ["Most find it easier.", f"contradicted {FIRM}", "no longer", NOT_ABOVE, "2.2", "half"],
            ["Section 3 has more.", "contradicted", "not comparable", REFERENCE, "2.3", "reference"],
            ["Satisfaction comes first.", f"supported {FIRM}", "still holds", FIRST, "2.4", "first"],
            ["Trust is high.", "not checkable", "not asked", TRUST, "2.5", "trust"],
            [
                "A quarter find it easier.",
                f"contradicted {FIRM}",
                "still does not hold",
                f"40% of the public (37 to 44) {TOO_FAR.format(15)}",
                "Foreword",
                "quarter",
            ],
        ],
        notes=[f"{NOTE} 1 of the verdicts rests {SAME_FOR_ANY}"],
        source="Source: the report’s statements in our words (data/claims.yml), against wave later.",
        subtitle=SUBTITLE,
        base=BASE,
        wave="later",
        figures=FIGURES,
        filter=True,
        anchors=ADDRESS,
    )


@pytest.mark.usefixtures("five_claims")
def test_the_news_counts_findings_by_what_became_of_them() -> None:
    assert tell_news(wave_2004()).text == (
        "Of 5 findings that the report drew, its own survey bears out 2 and contradicts 2; 1 was never measured or is "
        "too close to call."
    )
    assert tell_news(wave_with({INTERNET: 40})).text == (
        "Of 5 findings that the report drew, this survey bears out 1 and contradicts 3; 1 was never measured or is "
        "too close to call."
    )


def test_the_claims_are_counted_in_a_sentence(five_claims):
    assert claims_counted(wave_with({INTERNET: 40})).text == (
        "Against this wave, of 5 claims, the verdicts are: 1 supported, 3 contradicted and 1 not checkable."
    )


@pytest.mark.parametrize(
    ("secure", "survives", "text"),
    [
        ("yes", "yes", " (secure; survives rounding)"),
        ("yes", "no", " (secure; lost to rounding)"),
        ("no", "yes", " (not secure; survives rounding)"),
        ("no", "n.a.", " (not secure)"),
        ("n.a.", "yes", " (survives rounding)"),
        ("n.a.", "no", " (lost to rounding)"),
        ("n.a.", "n.a.", ""),
    ],
)
def test_firmness_is_told_as_far_as_it_applies(secure, survives, text):
    assert describe_firmness(pd.Series({"secure": secure, "survives_rounding": survives})) == text


def passes_in(folder, text, monkeypatch):
    monkeypatch.setenv(paths.DATA_VARIABLE, str(folder))
    (folder / "claims_passes.md").write_text(text, encoding="utf-8")


def test_the_two_passes_are_the_rows_of_the_records_table(tmp_path, monkeypatch):
    table = "| | claims |\n| --- | ---: |\n| First pass | 3 |\n| **Kept** | **2** |\n"
    passes_in(tmp_path, f"# Two passes\n\nText.\n\n{table}\nMore | text.\n", monkeypatch)
    assert two_passes("passes") == Exhibit(
        "passes",
        "How two passes over the report agreed",
        ["What was found", "Claims"],
        [["First pass", "3"], ["Kept", "2"]],
        notes=["Each single difference, with how it was settled, is a row of data/claims_passes.csv."],
        source="Source: data/claims_passes.md.",
        subtitle="Claims that both passes found, and those that one of them did.",
        base=NO_SURVEY,
    )
    assert two_passes().name == "claim-passes"


@pytest.mark.parametrize("text", ["Only text.\n", "| | claims |\n| --- | ---: |\n", None])
def test_a_record_of_the_two_passes_without_a_row_is_refused(tmp_path, monkeypatch, text):
    passes_in(tmp_path, text or "", monkeypatch)
    file = tmp_path / "claims_passes.md"
    expected = Problem(paths.shown(file), "no table stands here", "expected what was counted, and how many")
    if text is None:
        file.unlink()
        expected = Problem(paths.shown(file), "the file is missing", "expected a file here")
    with pytest.raises(DataError) as error:
        two_passes()
    assert error.value.problems[0].found == expected.found
    assert error.value.problems[0].file == expected.file
    assert str(error.value).startswith("The record of the two passes has 1 problem:")


TABLE = "application/vnd.surveybook.table+json"


@pytest.mark.slow
def test_chapters_show_the_verdicts_that_the_claims_get():
    notebooks = [json.loads(path.read_text(encoding="utf-8")) for path in paths.chapters()]
    outputs = [output for book in notebooks for cell in book["cells"] for output in cell.get("outputs", [])]
    tables = [output["data"][TABLE] for output in outputs if TABLE in output.get("data", {})]
    stored = {table["name"]: table for table in tables}
    survey = wave_2004()
    for table in (all_claims(survey), rules(), two_passes(), *(claims_table(survey, p) for p in read_report().parts)):
        assert json.loads(json.dumps(table._repr_mimebundle_()[TABLE])) == stored[table.name]


@pytest.mark.slow
def test_the_command_prints_every_claim_in_each_format():
    rows = list(csv.DictReader(io.StringIO(list_verdicts("2004", format="csv"))))
    assert list(rows[0]) == CLAIM_COLUMNS
    assert [row["id"] for row in rows] == [claim.id for claim in read_claims()]
    records = json.loads(list_verdicts("2004", chapter="6", format="json"))
    assert {tuple(record["figures"]) for record in records} <= {tuple(f) for f in judged_2004()["figures"]}
    since = list_verdicts("example-synthetic", baseline="2004", chapter="foreword", format="csv")
    assert since.splitlines()[0] == ",".join(CLAIM_COLUMNS + STATUS_COLUMNS)
    text = list_verdicts("2004", chapter="conclusions")
    assert text.count("\n## ") + 1 == len(records)
    assert f"{len(records)} claims:" in text


@pytest.mark.parametrize(
    ("given", "said"), [({"chapter": "nine"}, "There are: foreword"), ({"wave": "1066"}, "There is no wave '1066'")]
)
def test_the_command_answers_what_is_unknown_with_what_there_is(given, said):
    with pytest.raises(SurveybookError, match=said):
        list_verdicts(**{"wave": "2004", **given})
