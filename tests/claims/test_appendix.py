"""All claims on one page, the rules they are tested by, and the record of the two passes: all of their text."""

from dataclasses import replace

import pandas as pd
import pytest

from surveybook.claims.pages import all_claims, claims_counted, describe_firmness, rules, two_passes
from surveybook.exhibits.exhibit import NO_SURVEY, Exhibit
from surveybook.model import paths
from surveybook.model.problems import DataError, Problem
from tests.claims.test_page import ABOVE, BASE, FIGURES, FIRST, NOT_ABOVE, NOTE, REFERENCE, SAME_FOR_ANY, TRUST
from tests.waves import INTERNET, wave_2004, wave_with

FIRM = "(secure; survives rounding)"
TOO_FAR = "for “Internet eases finding out”: {} points from a quarter (25), more than the 2 that “a quarter” allows."
SUBTITLE = "Each statement of the report about its survey, and whether the figures bear it out."
ADDRESS = {"column": "Id", "prefix": "claim-", "hidden": "Id"}


def test_every_claim_is_listed_with_its_verdict_its_reason_and_an_address(five_claims):
    assert all_claims(wave_2004()) == Exhibit(
        "claims",
        "All claims, tested: 2 supported, 2 contradicted and 1 not checkable",
        ["Claim", "Verdict", "Why", "Where", "Id"],
        [
            ["Most find it easier. (Of all asked)", f"supported {FIRM}", ABOVE, "2.2", "half"],
            ["Section 3 has more.", "contradicted", REFERENCE, "2.3", "reference"],
            ["Satisfaction comes first.", f"supported {FIRM}", FIRST, "2.4", "first"],
            ["Trust is high.", "not checkable", TRUST, "2.5", "trust"],
            [
                "A quarter find it easier.",
                f"contradicted {FIRM}",
                f"63 per cent of the public (60 to 66) {TOO_FAR.format(38)}",
                "Foreword",
                "quarter",
            ],
        ],
        notes=[NOTE],
        source="Source: the report’s statements in our words (data/claims.yml), against wave 2004.",
        subtitle=SUBTITLE,
        base=BASE,
        wave="2004",
        figures=FIGURES,
        filter=True,
        anchors=ADDRESS,
    )


def test_against_a_baseline_every_claim_says_what_became_of_it(five_claims):
    assert all_claims(replace(wave_with({INTERNET: 40}), baseline=wave_2004()), name="since") == Exhibit(
        "since",
        "All claims, tested: 1 supported, 3 contradicted and 1 not checkable",
        ["Claim", "Verdict", "Since 2004", "Why", "Where", "Id"],
        [
            ["Most find it easier. (Of all asked)", f"contradicted {FIRM}", "no longer", NOT_ABOVE, "2.2", "half"],
            ["Section 3 has more.", "contradicted", "not comparable", REFERENCE, "2.3", "reference"],
            ["Satisfaction comes first.", f"supported {FIRM}", "still holds", FIRST, "2.4", "first"],
            ["Trust is high.", "not checkable", "not asked", TRUST, "2.5", "trust"],
            [
                "A quarter find it easier.",
                f"contradicted {FIRM}",
                "still does not hold",
                f"40 per cent of the public (37 to 43) {TOO_FAR.format(15)}",
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


def test_the_rules_state_the_margins_that_the_code_uses(monkeypatch):
    for name, margin in (("BARE_MARGIN", 0.03), ("HEDGED_MARGIN", 0.07), ("AGREEMENT_MARGIN", 0.01)):
        monkeypatch.setattr(f"surveybook.claims.pages.{name}", margin)
    said = dict(rules().rows)
    assert said["A fraction of those asked, said as it is or with a hedge"] == (
        "supported if exact; supported by rounding within 3 points of a bare fraction, or within 7 points on the "
        "hedged side (“nearly”, “just over”, “about”); otherwise contradicted."
    )
    assert said["No difference, agreement in level"] == (
        "supported if the whole interval lies within 1 point either way; contradicted if the whole of it lies outside; "
        "otherwise within sampling error."
    )


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


@pytest.mark.parametrize("text", ["Only text.\n", "| | claims |\n| --- | ---: |\n"])
def test_a_record_of_the_two_passes_without_a_row_is_refused(tmp_path, monkeypatch, text):
    passes_in(tmp_path, text, monkeypatch)
    with pytest.raises(DataError) as error:
        two_passes()
    file = paths.shown(tmp_path / "claims_passes.md")
    assert error.value.problems == (Problem(file, "no table stands here", "expected what was counted, and how many"),)
    assert str(error.value).startswith("The record of the two passes has 1 problem:")


def test_a_record_of_the_two_passes_that_is_missing_is_one_problem(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.DATA_VARIABLE, str(tmp_path))
    with pytest.raises(DataError) as error:
        two_passes()
    (problem,) = error.value.problems
    assert problem.file == paths.shown(tmp_path / "claims_passes.md")
    assert problem.found == "the file is missing"
