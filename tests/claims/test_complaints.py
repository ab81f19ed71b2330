"""What is said of each kind of faulty test and entry, word for word: what was found, and what to do about it."""

import pytest

from surveybook.claims.claim_test import Names, complain_about_key, read_names
from surveybook.claims.vocabulary import KINDS as KINDS_OF_TEST
from surveybook.claims.vocabulary import complain_about_test, make_test
from surveybook.model.kinds import Kind, make_kind
from tests.waves import wave_2004

NAMES = Names(
    populations=frozenset({"riders", "drivers"}),
    question_of={"trains": "favourites", "buses": "favourites", "late": "lateness", "signs": "stations"},
    kind_of={
        "favourites": make_kind("multiple", {"chosen": "Chosen"}),
        "lateness": make_kind("scale", {"agree": "Agree", "disagree": "Disagree"}),
        "stations": Kind("channel", {"board": "Board", "voice": "Voice"}),
    },
)
TRAINS, BUSES, LATE = "riders.trains.chosen", "riders.buses.chosen", "drivers.late.agree"
PASSAGE = {"locator": "2.2", "says": "many"}
FRACTION = {"kind": "fraction", "figure": TRAINS, "relation": "bare", "fraction": "1/2"}
RANK = {"kind": "rank", "population": "riders", "question": "favourites", "item": "trains", "rank": 1}
TOP = {"kind": "top", "population": "riders", "question": "favourites", "items": ["trains"]}
COUNT = {"kind": "count", "what": "ways", "stated": 2, "counted": ["a", "b"]}
CONSISTENCY = {"kind": "consistency", "first": PASSAGE, "second": PASSAGE, "agree": True}
REPETITION = {"kind": "repetition", "figure": TRAINS}
KINDS = (
    "expected one of not_checkable, repetition, count, cross_reference, consistency, fraction, order, rank, top, "
    "difference, agreement, all"
)
NO_KEY = "write population.item.response, such as residents.parks.chosen"
RELATIONS = "expected one of exact, bare, more_than, fewer_than, nearly, just_over, about"
PERCENTAGE, FROM_0_TO_1 = "expected a percentage from 0 to 100", "expected one from 0 to 1, such as 2/3"
TO_COUNT, POPULATIONS = "expected question/population, or a list", "see data/codebook/populations.csv"
PLACES = "expected a whole number from 1 to 2"

FAULTLESS = [
    {"kind": "not_checkable", "needs": "an item"},
    {"kind": "cross_reference", "stated": "Section 2", "actual": "Section 3"},
    {**REPETITION, "percent": 0},
    {**REPETITION, "percent": 100},
    {**REPETITION, "percent": 12.5},
    {**REPETITION, "verbal": "a third"},
    COUNT,
    {**COUNT, "stated": 0},
    {**COUNT, "counted": "favourites/drivers"},
    CONSISTENCY,
    {**CONSISTENCY, "agree": False},
    *({**FRACTION, "relation": relation} for relation in ("exact", "more_than", "fewer_than", "nearly", "about")),
    *({**FRACTION, "fraction": part} for part in ("0", "1", 0.5, 1, "0.4")),
    {"kind": "order", "higher": TRAINS, "lower": LATE},
    {"kind": "difference", "figure_a": TRAINS, "figure_b": "drivers[depot=north].signs.voice"},
    {"kind": "agreement", "figure_a": TRAINS, "figure_b": BUSES},
    RANK,
    {**RANK, "rank": 2},
    {**RANK, "question": "lateness", "item": "late"},
    {**TOP, "items": ["buses", "trains"]},
    {**TOP, "question": "lateness", "items": ["late"]},
    {"kind": "all", "tests": [FRACTION, {"kind": "all", "tests": [RANK, TOP]}]},
]


@pytest.mark.parametrize("test", FAULTLESS, ids=[f"{place}-{test['kind']}" for place, test in enumerate(FAULTLESS)])
def test_nothing_is_said_of_a_faultless_test(test):
    assert list(complain_about_test(test, NAMES)) == []


@pytest.mark.parametrize(
    ("test", "complaints"),
    [
        ("guess", [("the kind of test 'guess' isn't known", KINDS)]),
        ({"figure": TRAINS}, [("the kind of test 'None' isn't known", KINDS)]),
        ({"kind": "guess"}, [("the kind of test 'guess' isn't known", KINDS)]),
        ({"kind": "all", "tests": "guess"}, [("the kind of test 'guess' isn't known", KINDS)]),
        (
            {"kind": "all", "tests": [FRACTION, {**RANK, "rank": 3}, 7]},
            [("the rank is '3'", PLACES), ("the kind of test '7' isn't known", KINDS)],
        ),
        (
            {"kind": "fraction", "figure": "", "relation": None, "fraction": []},
            [("the fraction test has no figure, relation, fraction", "expected figure, relation, fraction")],
        ),
        ({"kind": "all", "tests": []}, [("the all test has no tests", "expected tests")]),
        (
            {**FRACTION, "margin": 9, "hedge": "about"},
            [
                ("the fraction test has an unknown field 'margin'", "expected figure, relation, fraction"),
                ("the fraction test has an unknown field 'hedge'", "expected figure, relation, fraction"),
            ],
        ),
        (
            {**REPETITION, "percent": 50, "margin": 9},
            [("the repetition test has an unknown field 'margin'", "expected figure, percent, verbal")],
        ),
        (REPETITION, [("the repetition test has to have one of percent and verbal", "give the number or the words")]),
        (
            {**REPETITION, "percent": 50, "verbal": "half"},
            [("the repetition test has to have one of percent and verbal", "give the number or the words")],
        ),
        *(
            ({**REPETITION, "percent": percent}, [(f"the repeated number is '{percent}'", PERCENTAGE)])
            for percent in (-1, 100.5, True, "50")
        ),
        (
            {**REPETITION, "figure": "riders.ships.chosen", "verbal": "half"},
            [("the item 'ships' isn't known", "see data/codebook/items.csv")],
        ),
        (
            {**FRACTION, "figure": "trains", "relation": "roughly", "fraction": "half"},
            [
                ("'trains' doesn't name a figure", NO_KEY),
                ("the relation 'roughly' isn't known", RELATIONS),
                ("the fraction is 'half'", FROM_0_TO_1),
            ],
        ),
        *(
            ({**FRACTION, "fraction": part}, [(f"the fraction is '{part}'", FROM_0_TO_1)])
            for part in ("-1/2", "1/0", "101/100")
        ),
        *(
            ({**COUNT, "stated": stated}, [(f"the stated number is '{stated}'", "expected a whole number")])
            for stated in ("two", True, 2.5)
        ),
        *(
            ({**COUNT, "counted": counted}, [(f"'{counted}' can't be counted", TO_COUNT)])
            for counted in ("favourites", "favourites/pilots", "riddles/riders", "riders/favourites")
        ),
        *(
            ({**COUNT, "counted": counted}, [("what is counted isn't a list of names", TO_COUNT)])
            for counted in ([1, "a"], 7, {"a": 1})
        ),
        (
            {**CONSISTENCY, "first": "many", "second": {"says": "few"}, "agree": "yes"},
            [
                ("the first passage isn't one", "expected locator and says"),
                ("the second passage isn't one", "expected locator and says"),
                ("agree is 'yes'", "expected true or false"),
            ],
        ),
        (
            {"kind": "order", "higher": "pilots.trains.chosen", "lower": "riders.trains.agree"},
            [
                ("the population 'pilots' isn't known", POPULATIONS),
                ("'trains' has no response 'agree'", "expected one of chosen"),
            ],
        ),
        *(
            (
                {"kind": kind, "figure_a": 7, "figure_b": "riders.late.maybe"},
                [
                    ("'7' doesn't name a figure", NO_KEY),
                    ("'late' has no response 'maybe'", "expected one of agree, disagree"),
                ],
            )
            for kind in ("difference", "agreement")
        ),
        (
            {**RANK, "population": "pilots", "question": "riddles"},
            [
                ("the population 'pilots' isn't known", POPULATIONS),
                ("the question 'riddles' isn't known", "see data/codebook/questions.csv"),
            ],
        ),
        (
            {**RANK, "question": "stations", "item": "signs"},
            [("the items of 'stations' have no single order", "use order tests of its responses")],
        ),
        *(({**RANK, "rank": place}, [(f"the rank is '{place}'", PLACES)]) for place in (0, 3, True, 1.5, "1")),
        (
            {**RANK, "item": "late", "rank": 9},
            [("'late' is no item of 'favourites'", "expected one of trains, buses"), ("the rank is '9'", PLACES)],
        ),
        (
            {**TOP, "items": ["late", "trains", "ships"]},
            [
                ("'late' is no item of 'favourites'", "expected one of trains, buses"),
                ("'ships' is no item of 'favourites'", "expected one of trains, buses"),
            ],
        ),
        ({**TOP, "items": "late"}, [("'late' is no item of 'favourites'", "expected one of trains, buses")]),
    ],
)
def test_each_fault_of_a_test_is_named_with_what_was_expected(test, complaints):
    assert list(complain_about_test(test, NAMES)) == complaints


def test_every_kind_of_test_has_a_faultless_example():
    assert {test["kind"] for test in FAULTLESS} == set(KINDS_OF_TEST)


def test_a_key_may_name_a_part_of_a_population_but_no_other_population():
    assert not list(complain_about_key("riders[age=16-24].trains.chosen", NAMES))
    assert list(complain_about_key("pilots[age=16-24].trains.chosen", NAMES)) == [
        ("the population 'pilots' isn't known", POPULATIONS)
    ]


@pytest.mark.parametrize(
    ("test", "keys"),
    [
        (FRACTION, [TRAINS]),
        ({"kind": "order", "higher": LATE, "lower": TRAINS}, [LATE, TRAINS]),
        ({"kind": "difference", "figure_a": TRAINS, "figure_b": BUSES}, [TRAINS, BUSES]),
        (RANK, [TRAINS]),
        ({**RANK, "population": "drivers", "question": "lateness", "item": "late"}, [LATE]),
        ({**TOP, "items": ["buses", "trains"]}, [BUSES, TRAINS]),
        ({**COUNT, "counted": ["a", BUSES, "b"]}, [BUSES]),
        ({**COUNT, "counted": "favourites/riders"}, []),
        (CONSISTENCY, []),
        ({"kind": "all", "tests": [RANK, {"kind": "all", "tests": [FRACTION, {**FRACTION, "figure": LATE}]}]},
         [TRAINS, LATE]),
    ],
)  # fmt: skip
def test_the_figures_that_a_test_rests_on_are_named_once_in_its_order(test, keys):
    assert make_test(test).name_figures(NAMES) == keys


def test_a_compound_within_a_compound_comes_apart_whole():
    nested = {"kind": "all", "tests": [RANK, {"kind": "all", "tests": [TOP, COUNT]}, FRACTION]}
    assert [part.kind for part in make_test(nested).list_parts()] == ["rank", "top", "count", "fraction"]


def test_names_are_those_of_the_codebook():
    names = read_names(wave_2004().codebook)
    assert names.populations == {"public", "frontline"}
    assert names.question_of["value_for_money"] == "quality_indicators"
    assert names.kind_of["quality_indicators"].is_several
    assert names.kind_of["services_improved"].responses == ("agree", "disagree", "dont_know")
