"""What `open_wave` returns, and what it says of each thing that can be wrong."""

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import yaml

from surveybook.book.site import pack_surveys
from surveybook.model import paths
from surveybook.model.problems import DataError, SurveybookError
from surveybook.model.survey import COLUMNS
from surveybook.waves import open_wave
from surveybook.waves.checks import NOT_KNOWN, UNDISCLOSED, state_disclosed

Edit = Callable[[str, str, str], Path]
ESTIMATES = "waves/2004/estimates.csv"
ASKED = "waves/2004/asked.csv"
WAVE = "waves/2004/wave.yml"
ROW_2 = "t1p_custsat,public,,customer_satisfaction,chosen,number,68,0,,1000,stated,,Table 1,"


def problems_of(wave: str = "2004") -> list[str]:
    with pytest.raises(DataError) as caught:
        open_wave(wave)
    return [str(problem) for problem in caught.value.problems]


def test_the_2004_wave_opens_by_text_and_by_the_number_that_papermill_makes_of_it() -> None:
    survey = open_wave("2004")
    assert open_wave(2004).estimates.equals(survey.estimates)
    assert list(survey.estimates.columns) == COLUMNS
    first = survey.estimates.iloc[0]
    assert (first["figure_id"], first["share"], first["base"]) == ("t1p_custsat", 0.68, 1000)
    assert first["low"] < 0.68 < first["high"]


def test_every_citation_key_in_the_data_is_in_the_references() -> None:
    from pybtex.database import parse_file

    keys = set(parse_file(str(paths.data() / "references.bib")).entries)
    evidence = pd.read_csv(paths.data() / "evidence.csv", dtype=str, keep_default_na=False)
    assert {*evidence["source"], open_wave("2004").metadata["source"]} <= keys


def test_words_and_unpublished_figures_have_no_share() -> None:
    estimates = open_wave("2004").estimates
    assert set(estimates.loc[estimates["response"] == "telephone", "status"]) == {"unpublished"}
    assert estimates.loc[estimates["status"] != "number", ["share", "low", "high"]].isna().all(axis=None)
    assert estimates.loc[estimates["status"] == "number", "share"].between(0, 1).all()


@pytest.mark.parametrize("confidence", [0, 1, 95, "0.95"])
def test_a_confidence_that_is_none_is_refused(confidence: object) -> None:
    with pytest.raises(SurveybookError, match="expected a share such as"):
        open_wave("2004", confidence=confidence)


FAULTY_FIGURES = [
    ("number,68,0", "number,101,0", r"column percent: the percent is 101; expected 0 to 100"),
    ("number,68,0", "number,68%,0", r"column percent: '68%' isn't a number"),
    ("number,68,0", "number,-5,0", r"column percent: the percent is -5; expected 0 to 100"),
    ("number,68,0", "number,nan,0", r"column percent: 'nan' isn't a number"),
    ("number,68,0", "number,,0", r"column percent: the percentage is missing"),
    ("number,68,0", "number,68.4,0", r"column decimals: 68.4 has more decimals than the 0 said"),
    ("number,68,0", "words,68,0", r"column verbal: a figure in words needs words"),
    ("number,68,0", "unpublished,68,0", r"column percent: an unpublished figure has a value"),
    ("number,68,0", "guess,68,0", r"column status: 'guess' isn't known; expected one of number, words, unpublished"),
    (",public,,", ",pubic,,",
     r"column population: the population 'pubic' isn't in the codebook; expected one of public, frontline"),
    ("customer_satisfaction", "customer_joy", r"column item_id: the item 'customer_joy' isn't in the codebook"),
    (",chosen,", ",agree,", r"column response: the response 'agree' isn't one of this item's; expected one of chosen"),
    (",public,,", ",public,sex,", r"column domain: the domain is 'sex'; write it as sex=female"),
    ("1000,stated", "ten,stated", r"column base: 'ten' isn't a whole number"),
    ("1000,stated", "0,stated", r"column base: the base is 0; expected 1 or more"),
    ("1000,stated", ",stated", r"column base_status: the base is '' and its status 'stated'"),
    ("1000,stated,,", "1000,stated,0.5,", r"column deff: a design effect of 0.5; expected 1 or more"),
    ("number,68,0", "number,68,99999", r"column decimals: no source prints that many decimals"),
    ("number,68,0", f"number,68,{'9' * 400}", r"column decimals: no source prints that many decimals"),
    ("1000,stated,,", "1000,stated,1000000,", r"column deff: a design effect of 1000000"),
    ("Table 1,", ",", r"column locator: the locator is missing"),
    (ROW_2, ROW_2 + "x,y", r"15 fields stand in a row of 14 columns"),
]  # fmt: skip


def test_each_fault_in_a_figure_is_named_with_its_place_and_all_at_once(edit: Edit) -> None:
    rows = [ROW_2.replace(old, new) for old, new, _ in FAULTY_FIGURES]
    edit(ESTIMATES, ROW_2, "\n".join([ROW_2, *rows]))
    found = problems_of()
    for row, (_, _, said) in enumerate(FAULTY_FIGURES, start=3):
        assert any(re.search(rf"estimates\.csv, row {row}[,:] {said}", problem) for problem in found), (said, found)


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ([(ESTIMATES, ROW_2, f"{ROW_2}\n{ROW_2}")],
         ["row 3, column figure_id: t1p_custsat stands in row 2 already"]),
        ([(ESTIMATES, ROW_2, ROW_2.replace(",68,", ",98,"))],
         ["quality_indicators add up to 218; at most 200 fits 2 choices each"]),
        ([(ESTIMATES, "disagree,number,40,0", "disagree,number,60,0")], ["services_improved add up to 104"]),
        ([(ESTIMATES, "item_id,response,status,percent", "item_id,response,status,per_cent")],
         ["column percent: the column is missing", "column per_cent: the column isn't known"]),
        ([(ASKED, "public,enough_choice,", "frontline,enough_choice,")],
         ["public wasn't asked 'enough_choice'", "no figure of 'enough_choice' for frontline"]),
        ([(ESTIMATES, ROW_2, ROW_2.replace("68", "101").replace("public", "pubic")),
          (WAVE, 'id: "2004"', 'id: "2005"'), (WAVE, "    - item: 11\n", "    - number: 11\n"),
          (ASKED, "public,enough_choice,", "public,enough_choyce,")],
         ["the percent is 101", "the population 'pubic' isn't in", "the question 'enough_choyce' isn't in",
          "wave.yml, id: the id is '2005'; expected '2004'",
          "wave.yml, disclosure.items.entry 11: the key 'number' isn't known",
          "wave.yml, disclosure.items.entry 11.item: the key is missing"]),
    ],
    ids=["twice", "more choices than allowed", "more than everybody", "columns", "not asked", "all at once"],
)  # fmt: skip
def test_what_files_contradict_is_named(edit: Edit, edits: list[tuple[str, str, str]], said: list[str]) -> None:
    for one in edits:
        edit(*one)
    found = "\n".join(problems_of())
    assert [text for text in said if text not in found] == []


def test_a_sum_that_rounding_explains_only_warns(edit: Edit) -> None:
    edit(ESTIMATES, "disagree,number,40,0", "disagree,number,57,0")
    warnings = open_wave("2004").warnings
    assert len(warnings) == 1
    assert "services_improved add up to 101, which only rounding can explain" in warnings[0]


@pytest.mark.slow
def test_an_empty_file_a_header_alone_and_a_missing_file_are_told_apart(trial_data: Path) -> None:
    path = trial_data / ESTIMATES
    header = path.read_text(encoding="utf-8").splitlines()[0]
    path.write_text("")
    assert any("the file is empty" in problem for problem in problems_of())
    path.write_text(header + "\n")
    assert any("a header and no rows" in problem for problem in problems_of())
    path.unlink()
    assert any("the file is missing" in problem for problem in problems_of())


def test_another_encoding_is_named_with_its_row(trial_data: Path) -> None:
    path = trial_data / ASKED
    text = path.read_text(encoding="utf-8")
    path.write_bytes(text.replace("adults aged 16 and over", "adultes âgés", 1).encode("latin-1"))
    assert any("asked.csv, row 2: byte 0xe2 isn't UTF-8 (the file may be Latin-1)" in p for p in problems_of())
    path.write_bytes(text.encode("utf-16"))
    assert any("asked.csv: the file is UTF-16; save it as UTF-8" in problem for problem in problems_of())


@pytest.mark.parametrize("end", [b"\r\n", b"\r"])
def test_a_byte_order_mark_and_other_line_ends_change_nothing(trial_data: Path, end: bytes) -> None:
    before = open_wave("2004").estimates
    path = trial_data / ESTIMATES
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", end))
    assert open_wave("2004").estimates.equals(before)


def test_a_mention_of_no_figure_is_refused(trial_data: Path) -> None:
    path = trial_data / "waves/2004/mentions.csv"
    path.write_text(path.read_text() + "t9_nothing,2.2,12,,\n")
    assert any("the figure 't9_nothing' isn't in estimates.csv" in problem for problem in problems_of())


@pytest.mark.parametrize("named", ["1999", "2004", "example-synthetic,1999"])
def test_a_baseline_has_to_be_another_wave_that_is_there(edit: Edit, named: str) -> None:
    edit(WAVE, "\npopulations:\n", f"\nbaseline: '{named}'\npopulations:\n")
    (problem,) = problems_of()
    assert re.search(rf"wave.yml, baseline: no other wave is called '{named[-4:]}'; expected .*, or null", problem)


def test_a_fault_in_the_codebook_is_told_as_such(edit: Edit) -> None:
    edit("codebook/items.csv", "out_of_hours_access,out_of_hours_access,", "out_of_hours_access,out_of_ours,")
    with pytest.raises(
        DataError, match=r"codebook has 1 problem.*\n.*items.csv, row \d+.*'out_of_ours' isn't in questions"
    ):
        open_wave("2004")


MISREAD = [
    ("synthetic: false", "synthetic: no", "synthetic: 'no' stands here; write true for made-up data, false otherwise"),
    ("    base_status: stated", "    base_staus: stated", "'base_staus' isn't known; did you mean base_status?"),
    ("sample_size: 1000", "sample_size: about 1000",
     "populations.public.sample_size: 'about 1000' stands here; write a whole number"),
    ("sample_size: 500", f"sample_size: {10**30}", f"{10**30} stands here; write a whole number of people"),
    ('fieldwork_start: "2004-11"', "fieldwork_start: Nov 2004", "'Nov 2004' stands here; write a date such as"),
    ("mode: telephone", "mode: [telephone]",
     "populations.public.mode: ['telephone'] stands here; write how people were asked"),
    ("conducted_by: ORC", "conducted_by: null",
     'frontline.conducted_by: nothing stands here; write who asked, or "not known"'),
    ("  - topic: response rate", "  - theme: response rate", "not_disclosed.entry 1.topic: the key is missing"),
    ("    - item: 2\n", "    - item: 1\n", "1 (Data collection strategy: it stands twice), 2 ("),
]  # fmt: skip
LOST = [
    ("synthetic: false", "sythetic: false", "the key 'sythetic' isn't known; did you mean synthetic?"),
    ('fieldwork_end: "2004-11"', 'fieldwork_end: "2003"', "the fieldwork ends before it starts"),
    ("fieldwork: December 2004", "fieldwork: December 2003", "fieldwork is of 2003, and its dates of 2004; correct"),
    ("  frontline:", "  staff:", "asks frontline questions, and no block tells of it"),
]


@pytest.mark.parametrize("faults", [MISREAD, LOST], ids=["misread", "lost"])
def test_metadata_that_would_be_lost_or_misread_are_named_all_at_once(
    edit: Edit, faults: list[tuple[str, str, str]]
) -> None:
    for old, new, _ in faults:
        edit(WAVE, old, new)
    found = "\n".join(problems_of())
    assert [said for *_, said in faults if said not in found] == []


def test_a_wave_that_tells_of_no_population_is_refused(trial_data: Path) -> None:
    path = trial_data / WAVE
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(content | {"populations": {}}), encoding="utf-8")
    assert any("populations: {} stands here; write a block for each population" in told for told in problems_of())


def test_a_design_effect_of_the_whole_survey_counts_where_a_figure_has_none(edit: Edit) -> None:
    plain = open_wave("2004").estimates.iloc[0]
    note = "    note: >-\n      The report names"
    edit(WAVE, f"design_effect: null\n{note}", f"design_effect: 1.5\n{note}")
    wider = open_wave("2004").estimates.iloc[0]
    assert (plain["design_effect"], wider["design_effect"]) == (1.0, 1.5)
    assert wider["high"] - wider["low"] > plain["high"] - plain["low"]


def test_decimals_that_nobody_said_are_those_that_stand_there(edit: Edit) -> None:
    edit(ESTIMATES, ROW_2, ROW_2.replace("number,68,0", "number,68.4,"))
    assert open_wave("2004").estimates.iloc[0]["decimals"] == 1


def test_shares_in_place_of_percentages_are_refused(trial_data: Path) -> None:
    path = trial_data / ESTIMATES
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    # None of the columns before the percentage holds a comma.
    lines = [
        ",".join([*row[:6], f"{float(row[6]) / 100:g}", "", *row[8:]] if row[6].isdigit() else row) for row in rows
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert any("no percentage is above 0." in problem and "48, not 0.48" in problem for problem in problems_of())


@pytest.mark.slow
def test_what_a_build_opened_for_its_chapters_stands_for_that_edition_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = tmp_path / paths.OPENED_FILE
    surveys = pack_surveys("example-synthetic", "2004", {})
    packed.write_bytes(surveys.replace(b"customer_satisfaction", b"customer_satisfactiom"))
    monkeypatch.setenv(paths.OPENED_VARIABLE, str(packed))
    alone = open_wave("example-synthetic")
    for opened in (open_wave(2004), alone, open_wave("example-synthetic", "2004")):
        assert "customer_satisfactiom" in set(opened.estimates["item_id"])
    assert alone.baseline is None
    assert "customer_satisfactiom" not in set(open_wave("2004", confidence=0.9).estimates["item_id"])


def test_what_is_told_of_populations_is_disclosed_and_what_somebody_described_stays() -> None:
    items = [dict(item) for item in UNDISCLOSED["items"]]
    items[5] |= {"text": "The source keeps its mode to itself."}
    told = {"conducted_by": "an institute", "sponsor": "a city", "mode": "online", "universe": NOT_KNOWN, "frame": None}
    asked = {"residents": told, "visitors": told | {"sample_size": 1200}}
    stated = state_disclosed({"populations": asked, "disclosure": {"items": items}})["disclosure"]["items"]
    assert {item["item"]: item["text"] for item in stated if item["status"] == "stated"} == {
        2: "Conducted by an institute; paid for by a city",
        8: "1,200 answers",
    }
    assert stated[5] == items[5]


def test_a_codebook_may_keep_a_column_that_older_ones_had(tiny: Path) -> None:
    items = tiny / "data/codebook/items.csv"
    table = pd.read_csv(items, dtype=str).assign(exclusive="true")
    table.to_csv(items, index=False)
    assert list(open_wave("2031").codebook.items.index) == list(table["item_id"])
