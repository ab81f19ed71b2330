"""The file of claims: what each entry becomes, and what is said of one that is faulty, with all faults at once."""

import csv
import json
from collections import Counter

import pytest

from surveybook.claims.claim import find_part, judge_claims, read_claims
from surveybook.judgement.kinds import KINDS
from surveybook.model import paths
from surveybook.model.problems import DataError, SurveybookError
from surveybook.model.report import read_report
from tests.claims.waves import make_test
from tests.waves import wave_2004

KEY, LEVEL = "public.value_for_money.chosen", "frontline.consult_on_ict.agree"
TEST = {"kind": "fraction", "figure": KEY, "relation": "bare", "fraction": "1/2"}
RANK = {"kind": "rank", "population": "public", "question": "quality_indicators", "item": "value_for_money", "rank": 1}
TOP = {**{key: RANK[key] for key in ("population", "question")}, "kind": "top", "items": ["value_for_money"]}
COUNT = {"kind": "count", "what": "ways", "stated": 2, "counted": ["a", "b"]}
PLACE = {"chapter": "foreword", "section": "Foreword", "locator": "page 1"}
PASSAGE = {"locator": "2.2", "says": "many"}
CONSISTENCY = {"kind": "consistency", "first": PASSAGE, "second": PASSAGE, "agree": True}
REPETITION = {"kind": "repetition", "figure": KEY}
AT = {"id": "one", "chapter": "quality", "section": "2.2", "locator": "2.2", "statement": "It is so."}
AS_TEXT = "write text, in quotation marks where it looks like a number"
EITHER = "the repetition test has to have one of percent and verbal; give the number or the words"
AS_LIST, PERCENTAGE = "expected question/population, or a list", "expected a percentage from 0 to 100"
FROM_1 = "write a whole number, 1 for the first place"
NO_KEY = "doesn't name a figure; write population.item.response, such as residents.parks.chosen"
ITEMS = (
    "'channel_website' is no item of 'quality_indicators'; expected one of customer_satisfaction, "
    "staff_job_satisfaction, value_for_money, performance_targets, political_objectives"
)
A_TEST = "write a test with its kind, such as {kind: order, higher: …, lower: …}"


SECOND = ".readings.entry 1.figures.entry"


def entry(test=TEST, **change):
    return {**AT, "readings": [{"figures": [KEY], "test": test}], **change}


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


FAULTLESS = [
    {"kind": "not_checkable", "needs": "an item"},
    {"kind": "cross_reference", "stated": "Section 2", "actual": "Section 3"},
    *({**REPETITION, **said} for said in ({"percent": 0}, {"percent": 12.5}, {"verbal": "a third"})),
    COUNT,
    {**COUNT, "stated": 0, "counted": "preferred_channel/public"},
    {**CONSISTENCY, "agree": False},
    *({**TEST, "relation": relation} for relation in ("exact", "more_than", "fewer_than", "nearly", "about")),
    *({**TEST, "fraction": part} for part in ("0", "1", 0.5, 1, "0.4")),
    {"kind": "order", "higher": KEY, "lower": LEVEL},
    {"kind": "difference", "figure_a": KEY, "figure_b": "frontline[depot=north].consult_on_ict.disagree"},
    {"kind": "agreement", "figure_a": KEY, "figure_b": LEVEL},
    RANK,
    {**TOP, "items": ["staff_job_satisfaction", "value_for_money"]},
    {"kind": "same_order", "question": "quality_indicators", "population_a": "public", "population_b": "frontline"},
    {"kind": "all", "tests": [TEST, {"kind": "all", "tests": [RANK, TOP]}]},
]


def test_an_entry_becomes_a_claim_with_each_kind_of_test(tmp_path):
    claims = claims_in(tmp_path, *(entry(test, id=str(place)) for place, test in enumerate(FAULTLESS)))
    assert [test for claim in claims for test in claim.tests] == [make_test(test) for test in FAULTLESS]
    assert {test.kind for claim in claims for test in claim.tests} == set(KINDS), "add the new kind to FAULTLESS"
    assert claims[0].readings[0].figures == (KEY,)


def test_an_entry_has_readings_or_parts_and_knows_every_phrase_that_was_printed(tmp_path):
    whole = {
        **GOOD,
        "printed": "a fifth",
        "also": [{**PLACE, "printed": "one in five"}, {**PLACE, "printed": "a fifth"}],
    }
    parts = [{"part": name, "printed": name, "readings": GOOD["readings"] * 2} for name in ("33", "25")]
    one, other = claims_in(tmp_path, whole, {**AT, "id": "two", "parts": parts})
    assert one.phrases == ("a fifth", "one in five")
    assert other.phrases == ("33", "25")
    assert [len(part.readings) for part in other.all_parts] == [2, 2]
    assert [part.printed for part in one.all_parts] == ["a fifth"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"section": None}, [f".section: nothing stands here; {AS_TEXT}"]),
        ({"statement": 2.5, "locator": ""}, [
            f".locator: nothing stands here; {AS_TEXT}", f".statement: 2.5 stands here; {AS_TEXT}"
        ]),
        ({"verdict": "supported"}, [": the key 'verdict' isn't known; expected one of id, chapter, section, locator, "
                                    "printed, statement, counts_as, also, readings, parts"]),
        ({"readings": []}, [": a claim has either readings or parts; write one of the two, as a list"]),
        ({"parts": [{"part": "a", "readings": GOOD["readings"]}]}, [
            ": a claim has either readings or parts; write one of the two, as a list"
        ]),
        ({"counts_as": "news"}, [
            ".counts_as: 'news' stands here; it should be 'finding', 'echo', 'count' or 'reference'"
        ]),
        ({"printed": "one in five of all the staff"}, [
            ".printed: 'one in five of all the staff' is longer than a phrase; write at most 6 words of it"
        ]),
        ({"chapter": "street"}, [
            ".chapter: the chapter 'street' isn't known; expected one of foreword, executive-summary, introduction, "
            "quality, customer-focus, value-for-money, people-management, conclusions"
        ]),
        ({"readings": [{"figures": KEY, "test": TEST}]}, [
            f".readings.entry 1.figures: '{KEY}' stands here; write a list"
        ]),
        ({"readings": [{"figures": [KEY, "public.kindness.chosen", "martians.targets.chosen"], "test": TEST}]}, [
            f"{SECOND} 2: the item 'kindness' isn't known; see data/codebook/items.csv",
            f"{SECOND} 3: the population 'martians' isn't known; see data/codebook/populations.csv",
        ]),
        ({"readings": [{"test": TEST}, {"test": None}]}, [f".readings.entry 2.test: nothing stands here; {A_TEST}"]),
        ({"readings": None, "parts": [{"part": "a", "readings": [{"test": "guess"}]}]}, [
            ".readings: nothing stands here; write a list",
            f".parts.entry 1.readings.entry 1.test: 'guess' stands here; {A_TEST}",
        ]),
    ],
)  # fmt: skip
def test_each_fault_of_an_entry_is_named_with_what_was_expected(tmp_path, change, said):
    assert faults(tmp_path, {**GOOD, **change}) == [f"claim 'one'{text}" for text in said]


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ({"figure": KEY}, [f": {{'figure': '{KEY}'}} stands here; {A_TEST}"]),
        ({"kind": [1]}, [f": the kind '[1]' isn't known; expected one of {', '.join(KINDS)}"]),
        ({"kind": "all", "tests": "guess"}, [".all.tests: 'guess' stands here; write a list"]),
        ({"kind": "all", "tests": []}, [".all.tests: [] stands here; write at least one"]),
        ({"kind": "all", "tests": [TEST, {**RANK, "rank": 0}, 7, {"kind": "guess"}]}, [
            ".all.tests.entry 2.rank.rank: 0 stands here; write a whole number, 1 for the first place",
            ".all.tests.entry 3: 7 stands here; write its keys below it, one a line",
            f".all.tests.entry 4: the kind 'guess' isn't known; expected one of {', '.join(KINDS)}",
        ]),
        ({"kind": "fraction", "figure": "parks", "relation": "roughly", "fraction": "1/0", "margin": 9}, [
            f".fraction.figure: 'parks' {NO_KEY}",
            ".fraction.relation: 'roughly' stands here; it should be 'exact', 'bare', 'more_than', 'fewer_than', "
            "'nearly', 'just_over' or 'about'",
            ".fraction.fraction: '1/0' stands here; write one from 0 to 1, such as 2/3",
            ".fraction: the key 'margin' isn't known; expected one of kind, figure, relation, fraction",
        ]),
        ({**TEST, "fraction": "101/100"}, [
            ".fraction.fraction: '101/100' stands here; write one from 0 to 1, such as 2/3"
        ]),
        (REPETITION, [f".repetition: {EITHER}"]),
        ({**REPETITION, "percent": 50, "verbal": "half"}, [f".repetition: {EITHER}"]),
        *(
            ({**REPETITION, "percent": percent}, [f".repetition.percent: the repeated number is '{percent}'; "
                                                  f"{PERCENTAGE}"])
            for percent in (100.5, True, "50")
        ),
        ({**COUNT, "stated": True}, [".count.stated: true stands here; write a whole number"]),
        *(
            ({**COUNT, "counted": counted}, [f".count.counted: '{counted}' can't be counted; {AS_LIST}"])
            for counted in ("quality_indicators", "quality_indicators/pilots", "public/quality_indicators")
        ),
        ({**COUNT, "counted": [1, "a"]}, [f".count.counted: what is counted isn't a list of names; {AS_LIST}"]),
        ({**CONSISTENCY, "first": "many", "second": {"says": "few"}, "agree": "yes"}, [
            ".consistency.first: 'many' stands here; write its keys below it, one a line",
            f".consistency.second.locator: the key is missing; {AS_TEXT}",
            ".consistency.agree: 'yes' stands here; write true or false",
        ]),
        ({"kind": "order", "higher": "pilots.value_for_money.chosen", "lower": "public.value_for_money.agree"}, [
            ".order.higher: the population 'pilots' isn't known; see data/codebook/populations.csv",
            ".order.lower: 'value_for_money' has no response 'agree'; expected one of chosen",
        ]),
        ({**RANK, "population": "pilots", "question": "riddles"}, [
            ".rank.question: the question 'riddles' isn't known; see data/codebook/questions.csv",
            ".rank.population: the population 'pilots' isn't known; see data/codebook/populations.csv",
        ]),
        ({**RANK, "question": "channel_attributes"}, [
            ".rank.question: the items of 'channel_attributes' have no single order; use order tests of its responses"
        ]),
        *(
            ({**RANK, "rank": place}, [f".rank.rank: {shown} stands here; {FROM_1}"])
            for place, shown in ((True, "true"), (1.5, "1.5"))
        ),
        ({**RANK, "rank": 6}, [".rank: the rank is 6; expected a whole number from 1 to 5"]),
        ({**RANK, "item": "channel_website"}, [f".rank: {ITEMS}"]),
        ({**TOP, "items": ["channel_website"]}, [f".top: {ITEMS}"]),
    ],
)  # fmt: skip
def test_each_fault_of_a_test_is_named_with_what_was_expected(tmp_path, test, said):
    assert faults(tmp_path, entry(test)) == [f"claim 'one'.readings.entry 1.test{text}" for text in said]


def test_claims_go_by_their_id_or_their_place_and_one_that_stands_twice_is_named_once(tmp_path):
    without = {name: value for name, value in GOOD.items() if name != "id"}
    assert faults(tmp_path, GOOD, without, {**GOOD, "id": 7}, GOOD, GOOD) == [
        "claim 'one': the id 'one' stands twice; give each claim its own",
        f"claim 2.id: the key is missing; {AS_TEXT}",
        f"claim '7'.id: 7 stands here; {AS_TEXT}",
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
    judged = judge_claims(read_claims(), wave_2004())
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
