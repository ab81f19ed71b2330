"""The entries of the file of claims: what each becomes, and what is said of one that is faulty."""

import json

import pytest

from surveybook.claims.claim import Claim, find_part, read_claims
from surveybook.claims.vocabulary import make_test
from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.model.report import read_report
from tests.waves import wave_2004

KEY = "public.value_for_money.chosen"
TEST = {"kind": "fraction", "figure": KEY, "relation": "bare", "fraction": "1/2"}
GOOD = {
    "id": "one",
    "chapter": "quality",
    "section": "2.2",
    "locator": "2.2, first",
    "statement": "It is so.",
    "figures": [KEY],
    "test": TEST,
}
NEEDED = "expected id, chapter, section, locator, statement, figures, test"
AS_TEXT = "expected text; put it in quotation marks"
LISTED = "expected a list of keys, [] for none"


def claims_in(tmp_path, *entries):
    path = tmp_path / "trial" / "claims.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"claims": list(entries)}), encoding="utf-8")  # JSON is YAML, and has no aliases
    return read_claims(path, wave_2004().codebook)


def refusal(tmp_path, *entries):
    with pytest.raises(DataError) as error:
        claims_in(tmp_path, *entries)
    return error.value


def without(*names):
    return {name: value for name, value in GOOD.items() if name not in names}


def test_an_entry_becomes_a_claim_with_all_its_fields(tmp_path):
    others = {**GOOD, "id": "two", "reading": "Of all.", "figures": []}, {**GOOD, "id": "three", "reading": ""}
    assert claims_in(tmp_path, *others, GOOD) == (
        Claim("two", "quality", "2.2", "2.2, first", "It is so.", "Of all.", (), make_test(TEST)),
        Claim("three", "quality", "2.2", "2.2, first", "It is so.", "", (KEY,), make_test(TEST)),
        Claim("one", "quality", "2.2", "2.2, first", "It is so.", "", (KEY,), make_test(TEST)),
    )


@pytest.mark.parametrize(
    ("entry", "complaints"),
    [
        *(
            (without(name), [(f"{name} is missing", NEEDED)])
            for name in ("chapter", "section", "locator", "statement", "figures", "test")
        ),
        (without("chapter", "test"), [("chapter, test are missing", NEEDED)]),
        ({**GOOD, "section": "", "test": None}, [("section, test are missing", NEEDED)]),
        ({**GOOD, "verdict": "supported"}, [("the field 'verdict' isn't known", f"{NEEDED}, reading")]),
        *(
            ({**GOOD, name: 2.5}, [(f"{name} is 2.5", AS_TEXT)])
            for name in ("section", "locator", "statement", "reading")
        ),
        (
            {**GOOD, "chapter": "quality-street"},
            [
                (
                    "the chapter 'quality-street' isn't known",
                    "expected one of foreword, executive-summary, introduction, quality, customer-focus, "
                    "value-for-money, people-management, conclusions",
                )
            ],
        ),
        ({**GOOD, "figures": KEY}, [(f"figures is '{KEY}'", LISTED)]),
        (
            {**GOOD, "figures": [KEY, "public.kindness.chosen", "martians.value_for_money.chosen"]},
            [
                ("the item 'kindness' isn't known", "see data/codebook/items.csv"),
                ("the population 'martians' isn't known", "see data/codebook/populations.csv"),
            ],
        ),
        (
            {**GOOD, "test": {**TEST, "fraction": "4/3"}},
            [("the fraction is '4/3'", "expected one from 0 to 1, such as 2/3")],
        ),
        (
            {**without("locator"), "statement": 7, "figures": {}, "test": {**TEST, "relation": "exact", "more": 1}},
            [
                ("locator is missing", NEEDED),
                ("statement is 7", AS_TEXT),
                ("figures is {}", LISTED),
                ("the fraction test has an unknown field 'more'", "expected figure, relation, fraction"),
            ],
        ),
    ],
)
def test_each_fault_of_an_entry_is_named_with_what_was_expected(tmp_path, entry, complaints):
    file = "/".join((tmp_path / "trial" / "claims.yml").parts[-3:])
    assert refusal(tmp_path, entry).problems == tuple(
        Problem(file, found, expected, column="claim 'one'") for found, expected in complaints
    )


def test_claims_go_by_their_id_or_where_they_have_none_by_their_place(tmp_path):
    error = refusal(tmp_path, GOOD, without("id"), {**GOOD, "id": 7}, without("id"))
    assert [(problem.column, problem.found) for problem in error.problems] == [
        ("claim 2", "id is missing"),
        ("claim '7'", "id is 7"),
        ("claim 4", "id is missing"),
    ]


def test_an_id_that_stands_twice_or_thrice_is_named_once_and_first(tmp_path):
    error = refusal(tmp_path, GOOD, {**GOOD, "id": "two"}, GOOD, {**GOOD, "section": ""})
    file = "/".join((tmp_path / "trial" / "claims.yml").parts[-3:])
    assert error.problems == (
        Problem(file, "the id 'one' stands twice", "give each claim its own", column="claim 'one'"),
        Problem(file, "section is missing", NEEDED, column="claim 'one'"),
    )
    assert str(error).splitlines()[0] == "The file of claims has 2 problems:"


@pytest.mark.parametrize("content", ["claims: []\n", "claims: one\n", "claims: [one, two]\n", "claim: []\n"])
def test_what_is_no_list_of_claims_is_said_to_be_none(tmp_path, content):
    path = tmp_path / "claims.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_claims(path)
    (problem,) = error.value.problems
    assert problem.file.endswith("claims.yml")
    assert (problem.found, problem.expected) == (
        "there is no list of claims",
        "write 'claims:' and a list of claims under it",
    )


def test_the_file_of_claims_is_looked_for_among_the_data(tmp_path, monkeypatch):
    monkeypatch.setenv("SURVEYBOOK_DATA", str(tmp_path))
    (tmp_path / "claims.yml").write_text(json.dumps({"claims": [GOOD]}), encoding="utf-8")
    assert [claim.id for claim in read_claims(codebook=wave_2004().codebook)] == ["one"]


@pytest.mark.parametrize(
    "name", [*tuple(read_report().parts), "1", "001", "3", "4", "5", "6", "00", " Value for money ", "QUALITY"]
)
def test_a_chapter_is_found_by_name_or_number_however_it_is_typed(name):
    numbered = {"1": 2, "001": 2, "3": 4, "4": 5, "5": 6, "6": 7, "00": 1, " Value for money ": 5, "QUALITY": 3}
    assert find_part(name) == (tuple(read_report().parts)[numbered[name]] if name in numbered else name)


@pytest.mark.parametrize("name", ["7", "10", "-1", "", "quality street"])
def test_an_unknown_chapter_is_answered_with_those_there_are(name):
    with pytest.raises(SurveybookError) as error:
        find_part(name)
    assert str(error.value) == (
        f"There is no chapter '{name}' with claims. There are: foreword, executive-summary (0), introduction (1), "
        "quality (2), customer-focus (3), value-for-money (4), people-management (5), conclusions (6)."
    )
