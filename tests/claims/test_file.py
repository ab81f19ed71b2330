"""The file of claims: what each entry becomes, and what is said of one that is faulty, with all faults at once."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
import yaml

from surveybook.claims.claim import find_part, read_claims
from surveybook.judgement.kinds import KINDS
from surveybook.model import paths
from surveybook.model.problems import DataError, SurveybookError
from surveybook.model.report import read_report
from tests.claims import all_judged_2004, make_test
from tests.waves import VALUE, wave_2004

CASES = yaml.safe_load(Path(__file__).with_name("faults.yml").read_text(encoding="utf-8"))
FAULTLESS = CASES["faultless"]
FRACTION = next(test for test in FAULTLESS if test["kind"] == "fraction")
PLACE = {"chapter": "foreword", "section": "Foreword", "locator": "page 1"}
AT = {"id": "one", "chapter": "quality", "section": "2.2", "locator": "2.2", "statement": "It is so."}


def entry(test=FRACTION, **change):
    return {**AT, "readings": [{"figures": [VALUE], "test": test}], **change}


GOOD = entry()


def claims_in(tmp_path, *entries):
    path = tmp_path / "claims.yml"
    path.write_text(json.dumps({"claims": list(entries)}), encoding="utf-8")  # JSON is YAML, and has no aliases
    return read_claims(path, wave_2004().codebook)


def faults(tmp_path, *entries):
    with pytest.raises(DataError) as error:
        claims_in(tmp_path, *entries)
    assert all(problem.file.endswith("claims.yml") for problem in error.value.problems)
    return [f"{problem.column}: {problem.found}; {problem.expected}" for problem in error.value.problems]


def test_an_entry_becomes_a_claim_with_each_kind_of_test(tmp_path):
    claims = claims_in(tmp_path, *(entry(test, id=str(place)) for place, test in enumerate(FAULTLESS)))
    assert [test for claim in claims for test in claim.tests] == [make_test(test) for test in FAULTLESS]
    assert {test.kind for claim in claims for test in claim.tests} == set(KINDS), "add the new kind to faults.yml"
    assert claims[0].readings[0].figures == (VALUE,)


def test_an_entry_has_readings_or_parts_and_knows_every_phrase_that_was_printed(tmp_path):
    also = [{**PLACE, "printed": printed} for printed in ("one in five", "a fifth")]
    parts = [{"part": name, "printed": name, "readings": GOOD["readings"] * 2} for name in ("33", "25")]
    one, other = claims_in(tmp_path, entry(printed="a fifth", also=also), {**AT, "id": "two", "parts": parts})
    assert one.phrases == ("a fifth", "one in five")
    assert other.phrases == ("33", "25")
    assert [len(part.readings) for part in other.all_parts] == [2, 2]
    assert [part.printed for part in one.all_parts] == ["a fifth"]


@pytest.mark.parametrize("case", CASES["entries"], ids=lambda case: str(case["change"])[:40])
def test_each_fault_of_an_entry_is_named_with_what_was_expected(tmp_path, case):
    assert faults(tmp_path, entry(**case["change"])) == [f"claim 'one'{text}" for text in case["said"]]


@pytest.mark.parametrize("case", CASES["tests"], ids=lambda case: str(case["test"])[:40])
def test_each_fault_of_a_test_is_named_with_what_was_expected(tmp_path, case):
    said = [text.replace("KINDS", ", ".join(KINDS)) for text in case["said"]]
    assert faults(tmp_path, entry(case["test"])) == [f"claim 'one'.readings.entry 1.test{text}" for text in said]


def test_claims_go_by_their_id_or_their_place_and_one_that_stands_twice_is_named_once(tmp_path):
    as_text = "write text, in quotation marks where it looks like a number"
    without = {name: value for name, value in GOOD.items() if name != "id"}
    assert faults(tmp_path, GOOD, without, {**GOOD, "id": 7}, GOOD, GOOD) == [
        "claim 'one': the id 'one' stands twice; give each claim its own",
        f"claim 2.id: the key is missing; {as_text}",
        f"claim '7'.id: 7 stands here; {as_text}",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        *((text, "there is no list of claims") for text in ("claims: []\n", "claims: one\n", "claims: [a]\n", "a: 1")),
        ("- id: one\n", "isn't a list of keys and values"),
        ("claims: [&a {}, *a]\n", "an alias"),
        ("claims: [\n", "isn't valid YAML"),
        ("", "the file is empty"),
        (None, "the file is missing"),
    ],
)
def test_a_file_that_is_no_list_of_claims_is_refused(tmp_path, monkeypatch, content, said):
    monkeypatch.setenv(paths.DATA_VARIABLE, str(tmp_path))
    if content is not None:
        (tmp_path / "claims.yml").write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=said):
        read_claims(codebook=wave_2004().codebook)


def test_a_statement_of_the_report_stands_once_and_its_kindest_reading_first():
    judged = all_judged_2004()
    statements = Counter(one.claim.statement for one in judged)
    assert [statement for statement, times in statements.items() if times > 1] == []
    for one in judged:
        assert [readings[0] for readings in one.parts] == one.kindest, one.claim.id


def test_each_reading_lists_every_figure_that_its_test_names():
    codebook = wave_2004().codebook
    for claim in read_claims():
        for part in claim.all_parts:
            for reading in part.readings:
                assert set(reading.test.name_figures(codebook)) <= set(reading.figures), claim.id


def test_every_row_of_the_two_passes_leads_to_a_claim_or_says_that_none_was_kept():
    ids = {claim.id for claim in read_claims()}
    with (paths.data() / "claims_passes.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            named = {name for name in row["claim_id"].split("; ") if name}
            assert named <= ids
            assert row["settled"].startswith("" if named else "Not kept.")
            assert row["settled"]
    text = (paths.data() / "claims_passes.md").read_text(encoding="utf-8")
    assert f"| **In the final file** | **{len(ids)}** |" in text, "write there how many claims there are"


@pytest.mark.parametrize(
    ("name", "place"),
    [("quality", 3), ("1", 2), ("001", 2), ("6", 7), ("00", 1), (" Value for money ", 5), ("QUALITY", 3)],
)
def test_a_chapter_is_found_by_name_or_number_however_it_is_typed(name, place):
    assert find_part(name) == tuple(read_report().parts)[place]


@pytest.mark.parametrize("name", ["7", "-1", "", "quality street"])
def test_an_unknown_chapter_is_answered_with_those_there_are(name):
    with pytest.raises(SurveybookError) as error:
        find_part(name)
    assert str(error.value) == (
        f"There is no chapter '{name}' with claims. There are: foreword, executive-summary (0), introduction (1), "
        "quality (2), customer-focus (3), value-for-money (4), people-management (5), conclusions (6)."
    )
