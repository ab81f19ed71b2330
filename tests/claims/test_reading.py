"""The file of claims: what is refused, and that the real one is read and judged whole."""

import csv
import json
from functools import cache

import pytest

from tests.waves import wave_2004
from whyict import paths
from whyict.claims import CHAPTERS, VERDICTS, chapter_named, count_verdicts, judge, read_claims
from whyict.claims.page import claims_table
from whyict.problems import DataError, WhyICTError

GOOD = {
    "id": "one",
    "chapter": "quality",
    "section": "2.2",
    "locator": "2.2, first",
    "statement": "It is so.",
    "figures": ["public.value_for_money.chosen"],
    "test": {"kind": "fraction", "figure": "public.value_for_money.chosen", "relation": "bare", "fraction": "1/2"},
}


@cache
def judged_2004():
    return judge(read_claims(), wave_2004())


def problems_of(tmp_path, *entries):
    path = tmp_path / "claims.yml"
    path.write_text(json.dumps({"claims": list(entries)}), encoding="utf-8")  # JSON is YAML, and has no aliases
    with pytest.raises(DataError) as error:
        read_claims(path)
    return str(error.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"test": {"kind": "guess"}}, "the kind of test 'guess' isn't known"),
        ({"test": {**GOOD["test"], "figure": "public.kindness.chosen"}}, "the item 'kindness' isn't known"),
        ({"test": {**GOOD["test"], "figure": "public.value_for_money.agree"}}, "has no response 'agree'"),
        ({"test": {**GOOD["test"], "figure": "martians.value_for_money.chosen"}}, "the population 'martians'"),
        ({"test": {**GOOD["test"], "figure": "value for money"}}, "doesn't name a figure"),
        ({"test": {**GOOD["test"], "relation": "roughly"}}, "the relation 'roughly'"),
        ({"test": {**GOOD["test"], "fraction": "4/3"}}, "the fraction is '4/3'"),
        ({"test": {**GOOD["test"], "fraction": "1/0"}}, "the fraction is '1/0'"),
        ({"test": {**GOOD["test"], "margin": 9}}, "unknown field 'margin'"),
        ({"test": {"kind": "order", "higher": "public.value_for_money.chosen"}}, "the order test has no lower"),
        ({"test": {"kind": "repetition", "figure": "public.value_for_money.chosen"}}, "one of percent and verbal"),
        (
            {
                "test": {
                    "kind": "rank",
                    "population": "public",
                    "question": "quality_indicators",
                    "item": "more_staff",
                    "rank": 1,
                }
            },
            "'more_staff' is no item of 'quality_indicators'",
        ),
        (
            {
                "test": {
                    "kind": "rank",
                    "population": "public",
                    "question": "quality_indicators",
                    "item": "value_for_money",
                    "rank": 6,
                }
            },
            "the rank is '6'",
        ),
        ({"test": {"kind": "all", "tests": [{"kind": "guess"}]}}, "the kind of test 'guess'"),
        ({"test": {"kind": "count", "what": "x", "stated": "three", "counted": ["a"]}}, "the stated number is 'three'"),
        ({"figures": ["public.kindness.chosen"]}, "the item 'kindness' isn't known"),
        ({"figures": "public.value_for_money.chosen"}, "expected a list of keys"),
        ({"chapter": "quality-street"}, "the chapter 'quality-street'"),
        ({"section": 2.2}, "put it in quotation marks"),
        ({"statement": ""}, "statement is missing"),
        ({"verdict": "supported"}, "the field 'verdict' isn't known"),
    ],
)
def test_a_faulty_claim_is_named_with_what_was_expected(tmp_path, change, said):
    text = problems_of(tmp_path, {**GOOD, **change})
    assert "claim 'one'" in text
    assert said in text


def test_all_problems_are_listed_at_once(tmp_path):
    text = problems_of(tmp_path, GOOD, GOOD, {**GOOD, "id": "two", "section": ""}, {**GOOD, "id": "three", "test": 3})
    assert "3 problems" in text
    assert "'one' stands twice" in text
    assert "claim 'two'" in text
    assert "claim 'three'" in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("- id: one\n", "isn't a list of keys and values"),
        ("claim: []\n", "there is no list of claims"),
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


@pytest.mark.parametrize(
    ("name", "chapter"),
    [
        ("2", "quality"),
        ("02", "quality"),
        ("Customer focus", "customer-focus"),
        ("0", "executive-summary"),
        ("foreword", "foreword"),
    ],
)
def test_a_chapter_goes_by_name_and_number(name, chapter):
    assert chapter_named(name) == chapter


def test_an_unknown_chapter_lists_those_there_are():
    with pytest.raises(WhyICTError, match=r"no chapter '7'.*quality \(2\)"):
        chapter_named("7")


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
    assert list(table.index) == list(CHAPTERS)
    assert list(table.columns) == list(VERDICTS)
    assert table.to_numpy().sum() == len(judged)


def test_a_chapters_table_has_its_claims_and_no_others():
    table = claims_table(wave_2004(), "conclusions")
    assert table.name == "claims-conclusions"
    assert table.columns == ["Claim", "Where", "Verdict", "Why"]
    assert len(table.rows) == sum(claim.chapter == "conclusions" for claim in read_claims())
