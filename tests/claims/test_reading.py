"""The real file of claims: that it is read and judged whole, and that no other kind of file is taken for it."""

import csv
from functools import cache

import pytest

from surveybook.claims import count_verdicts, judge_claims, read_claims
from surveybook.claims.judgement import VERDICTS
from surveybook.claims.pages import claims_table
from surveybook.model import paths
from surveybook.model.problems import DataError
from surveybook.model.report import read_report
from tests.waves import wave_2004


@cache
def judged_2004():
    return judge_claims(read_claims(), wave_2004())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("- id: one\n", "isn't a list of keys and values"),
        ("claims: [&a {}, *a]\n", "an alias"),
        ("claims: [\n", "isn't valid YAML"),
        ("", "the file is empty"),
    ],
)
def test_a_file_that_is_no_list_of_claims_is_refused(tmp_path, content, said):
    path = tmp_path / "claims.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=said):
        read_claims(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match="the file is missing"):
        read_claims(tmp_path / "nothing.yml")


def test_every_claim_is_judged_on_2004_with_a_reason():
    judged = judged_2004()
    assert len(judged) == len(read_claims()) > 300
    assert set(judged["verdict"]) == set(VERDICTS)
    assert set(judged["secure"]) | set(judged["survives_rounding"]) <= {"yes", "no", "n.a."}
    assert judged["reason"].str.endswith(".").all()
    assert (judged.loc[judged["verdict"] == "within sampling error", "secure"] == "no").all()
    known = set(wave_2004().estimates["figure_id"])
    assert all(set(figures) <= known for figures in judged["figures"])


def test_a_verdict_that_rests_on_a_number_names_its_figure():
    judged = judged_2004()
    numeric = judged[~judged["kind"].isin(["not_checkable", "consistency", "cross_reference", "count"])]
    assert numeric["figures"].map(len).gt(0).all()


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("cf-internet-easy-route-two-thirds", "contradicted"),
        ("pm-job-satisfaction-more-than-two-thirds", "contradicted"),
        ("q-customer-research-a-fifth", "contradicted"),
        ("cf-value-first-public", "within sampling error"),
        ("q-consensus-rank", "supported"),
        ("q-consensus-level", "contradicted"),
        ("pm-management-top-enabler-efficiency", "contradicted"),
        ("q-men-online", "not checkable"),
        ("q-job-satisfaction-two-thirds", "supported by rounding"),
        ("es-three-issues-cross-reference", "contradicted"),
    ],
)
def test_known_claims_keep_their_verdicts(claim, verdict):
    judged = judged_2004().set_index("id")
    assert judged.loc[claim, "verdict"] == verdict


def test_every_row_of_the_two_passes_leads_to_a_claim_or_says_that_none_was_kept():
    ids = {claim.id for claim in read_claims()}
    with (paths.data() / "claims_passes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        named = [name for name in row["claim_id"].split("; ") if name]
        assert set(named) <= ids
        assert named or row["settled"].startswith("Not kept.")
        assert row["settled"]


def test_the_record_of_the_passes_counts_the_claims_there_are():
    text = (paths.data() / "claims_passes.md").read_text(encoding="utf-8")
    assert f"| **In the final file** | **{len(read_claims())}** |" in text


def test_verdicts_are_counted_by_chapter_in_the_reports_order():
    judged = judged_2004()
    table = count_verdicts(judged)
    assert list(table.index) == list(read_report().parts)
    assert list(table.columns) == list(VERDICTS)
    assert table.to_numpy().sum() == len(judged)


def test_a_chapters_table_has_its_claims_and_no_others():
    table = claims_table(wave_2004(), "conclusions")
    assert table.name == "claims-conclusions"
    assert table.columns == ["Claim", "Where", "Verdict", "Why"]
    assert len(table.rows) == sum(claim.chapter == "conclusions" for claim in read_claims())
