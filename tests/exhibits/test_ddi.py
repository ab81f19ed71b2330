"""A wave as DDI-Codebook 2.5: what archives harvest, in the order of its schema, with nothing made up.

The schema itself (codebook.xsd, 0.4 MB, under the LGPL) isn't in the project; `DDI_SCHEMA` may name a copy.
"""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pandas as pd
import pyreadstat
import pytest
from lxml import etree

from surveybook.exhibits.ddi import write_ddi
from surveybook.model.survey import Survey
from surveybook.waves import examine_wave, open_wave
from surveybook.waves.release import release_wave
from tests.exhibits import with_net
from tests.respondents.waves import QUESTIONS, mapping, opened, question, respondents
from tests.tiny_report import add_respondents
from tests.waves import synthetic, wave_2004
from tests.waves.test_numbers import add_ratings, add_wave, make_people

DDI = "{ddi:codebook:2_5}"
# The order in which the schema has what we use of it.
ORDER = {
    "codeBook": "docDscr stdyDscr fileDscr dataDscr",
    "stdyDscr": "citation stdyInfo method dataAccs",
    "citation": "titlStmt prodStmt notes",
    "titlStmt": "titl IDNo",
    "prodStmt": "producer fundAg",
    "stdyInfo": "abstract sumDscr",
    "sumDscr": "collDate universe dataKind",
    "method": "dataColl anlyInfo",
    "dataColl": "dataCollector sampProc collMode weight",
    "anlyInfo": "respRate EstSmpErr",
    "fileTxt": "fileName fileCont dimensns fileType",
    "dataDscr": "varGrp var",
    "var": "labl qstn invalrng universe sumStat catgry notes",
    "qstn": "preQTxt qstnLit ivuInstr",
    "catgry": "catValu labl",
}


def parse(survey: Survey, folder: Path) -> Element:
    return ElementTree.parse(write_ddi(survey, folder / "ddi.xml")).getroot()


@pytest.fixture(scope="module", params=["2004", "example-synthetic"])
def described(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Survey, Element, Path]:
    survey, folder = open_wave(request.param), tmp_path_factory.mktemp("ddi")
    return survey, parse(survey, folder), folder / "ddi.xml"


def name_of(element: Element) -> str:
    return element.tag.removeprefix(DDI)


def variables_of(root: Element) -> dict[str, Element]:
    return {str(one.get("ID")): one for one in root.iter(f"{DDI}var")}


def categories_of(variable: Element) -> dict[str, str]:
    """Return the label of each category by its code."""
    return {
        str(one.findtext(f"{DDI}catValu")): one.findtext(f"{DDI}labl") or "" for one in variable.iter(f"{DDI}catgry")
    }


def test_elements_stand_in_the_order_of_the_schema(described: tuple[Survey, Element, Path]) -> None:
    check_order(described[1])


def check_order(root: Element) -> None:
    """Assert that the parts of each element stand in the order of the schema, and that none is empty."""
    for element in root.iter():
        children = [name_of(child) for child in element]
        assert children == sorted(children, key=ORDER.get(name_of(element), " ".join(children)).split().index)
        assert children or element.attrib or (element.text or "").strip(), f"an empty {name_of(element)}"


def test_names_stand_once_and_what_refers_to_them_finds_them(described: tuple[Survey, Element, Path]) -> None:
    named = [one.get("ID") for one in described[1].iter() if one.get("ID")]
    assert len(named) == len(set(named))
    keys = ("var", "files")
    referred = [ref for one in described[1].iter() for key in keys for ref in one.get(key, "").split()]
    assert referred
    assert set(referred) <= set(named)


@pytest.mark.skipif(not os.environ.get("DDI_SCHEMA"), reason="DDI_SCHEMA names no copy of codebook.xsd")
def test_it_is_valid_against_the_schema(described: tuple[Survey, Element, Path]) -> None:
    check_schema(described[2])


def check_schema(file: Path) -> None:
    """Assert that a file is valid, where there is a copy of the schema."""
    if os.environ.get("DDI_SCHEMA"):
        schema = etree.XMLSchema(etree.parse(os.environ["DDI_SCHEMA"]))
        assert schema.validate(etree.parse(str(file))), schema.error_log


def test_codes_labels_and_columns_are_those_of_the_file(tmp_path: Path) -> None:
    variable = variables_of(parse(synthetic(), tmp_path))["public.enough_choice"]
    assert variable.get("name") == "enough_choice"
    assert {"1": "Strongly agree", "8": "Don't know"}.items() <= categories_of(variable).items()
    assert variable.findtext(f"{DDI}qstn/{DDI}qstnLit") == "There is enough choice between the three ways of access"


def test_published_figures_have_the_answers_of_the_codebook(tmp_path: Path) -> None:
    found = categories_of(variables_of(parse(wave_2004(), tmp_path))["public.enough_choice"])
    assert found == {"agree": "Agree", "disagree": "Disagree"}


def test_missing_codes_and_an_answer_that_does_not_count_are_called_missing(trial_data: Path, tmp_path: Path) -> None:
    people = respondents(400)
    block: dict[str, Any] = question("services_improved", dont_know="out", missing=["99"])
    people.loc[:5, "q5"] = "99"
    variable = variables_of(parse(opened(trial_data, people, block), tmp_path))["public.services_improved"]
    missing = {one.findtext(f"{DDI}catValu") for one in variable.findall(f"{DDI}catgry") if one.get("missing") == "Y"}
    assert missing == {"8", "99"}


@pytest.mark.slow
def test_every_label_of_a_file_is_kept_and_so_after_a_release_without_the_file(tiny: Path, tmp_path: Path) -> None:
    people = pd.DataFrame(
        {"id": range(120), "wt": 1.5, "park": [1, 2, 9] * 40, **dict.fromkeys(("a", "b"), [0, 1, -8] * 40),
         "gender": [1, 2, 1, 2, 3, 9] * 20}
    )  # fmt: skip
    listed = {"columns": {"a": "walk", "b": "swim"}, "nothing_chosen": "answered", "base": "answered"}
    rated = {"column": "park", "collapse": {"agree": [1], "disagree": [2]}, "missing": [9], "base": "answered"}
    groups = {"sex": {"column": "gender", "values": {"1": "Male", "2": "Female"}, "missing": [3]}}
    add_respondents(tiny, "2032", people, {"park_uses": listed, "park_satisfied": rated}, domains=groups)
    folder = tiny / "data/waves/2032"
    asked = (
        (folder / "asked.csv")
        .read_text("utf-8")
        .replace("questionnaire,,,,", "questionnaire,,unlimited,questionnaire,", 1)
    )
    (folder / "asked.csv").write_text(asked, encoding="utf-8")
    ticks = {-8.0: "Not asked", 0.0: "Not selected", 1.0: "Selected"}
    labels = {"park": {1.0: "Fine", 2.0: "Not fine", 9.0: "Refused"}, "a": ticks, "b": ticks | {1.0: "Swimming"},
              "gender": {1.0: "Man", 2.0: "Woman", 3.0: "Of another kind", 9.0: "Not asked"}}  # fmt: skip
    (folder / "responses_residents.csv").unlink()
    file = folder / "responses_residents.sav"
    declared = {"a": [-8], "b": [{"lo": -9, "hi": -1}], "gender": [9]}
    pyreadstat.write_sav(
        people, str(file), column_labels={"wt": "Final weight"}, variable_value_labels=labels, missing_ranges=declared
    )
    survey, gathered = examine_wave("2032", fresh=True)
    release_wave(survey, gathered)
    file.unlink()
    for wave in (survey, open_wave("2032")):
        there = variables_of(parse(wave, tmp_path))
        for name, own in (
            ("walk", ticks),
            ("swim", labels["b"]),
            ("content", labels["park"]),
            ("group.sex", labels["gender"]),
        ):
            told = there[f"residents.{name}"].findall(f"{DDI}catgry")
            assert {(float(str(one.findtext(f"{DDI}catValu"))), one.findtext(f"{DDI}labl")) for one in told} == {
                *own.items()
            }
            # A range that any column of a list declares is told of each.
            ranges = [(one.get("min"), one.get("max")) for one in there[f"residents.{name}"].iter(f"{DDI}range")]
            assert ranges == [("-9", "-1")] * (name in ("walk", "swim"))
            missing = {float(str(one.findtext(f"{DDI}catValu"))) for one in told if one.get("missing") == "Y"}
            assert missing == {"content": {9}, "group.sex": {3, 9}}.get(name, {-8})
        assert there["residents.weight"].findtext(f"{DDI}labl") == "Final weight"


def test_bases_are_unweighted_and_weighted_and_a_list_of_several_is_a_group(trial_data: Path, tmp_path: Path) -> None:
    survey = opened(trial_data, respondents(400), mapping())
    root = parse(survey, tmp_path)
    variable = variables_of(root)["public.value_for_money"]
    stats = {str(one.get("wgtd")): float(str(one.text)) for one in variable.findall(f"{DDI}sumStat")}
    row = survey.estimates.query("item_id == 'value_for_money' and domain == ''").iloc[0]
    assert stats == pytest.approx({"not-wgtd": row["base"], "wgtd": row["weighted_base"]}, abs=1e-4)
    group = next(one for one in root.iter(f"{DDI}varGrp") if "quality_indicators" in str(one.get("ID")))
    assert group.get("type") == "multipleResp"
    assert "public.value_for_money" in str(group.get("var"))
    assert variables_of(root)["public.weight"].get("wgt") == "wgt"
    assert pd.notna(row["share"])


def test_columns_of_several_codes_and_of_other_answers_are_variables(trial_data: Path, tmp_path: Path) -> None:
    root = parse(opened(trial_data, respondents(400), mapping()), tmp_path)
    check_order(root)
    there = {str(one.get("name")): one for one in root.iter(f"{DDI}var")}
    told = QUESTIONS["customer_focus_indicators"]["codes"]
    assert [{*categories_of(there[column])} for column in ("q2_a", "q2_b")] == [{*map(str, told)}] * 2
    groups = [{*str(group.get("var")).split()} for group in root.iter(f"{DDI}varGrp")]
    for columns in (("q2_a", "q2_b"), ("q1_1", "q1_8", "q1_9")):
        assert any({there[column].get("ID") for column in columns} <= group for group in groups)


def test_a_net_is_a_category_where_its_answers_stand_nowhere(tmp_path: Path) -> None:
    netted = with_net(synthetic())
    alone = replace(netted, estimates=netted.estimates.query("response == 'sides'"), recordings={})
    both, one = (categories_of(variables_of(parse(of, tmp_path))["public.enough_choice"]) for of in (netted, alone))
    assert ("sides" in both, one) == (False, {"sides": "Took a side"})


def test_what_is_not_stated_or_not_known_is_not_there(tmp_path: Path) -> None:
    root = parse(synthetic(), tmp_path)
    for name in ("sampProc", "respRate", "fundAg"):
        assert root.find(f".//{DDI}{name}") is None
    assert "Made-up data" in str(root.findtext(f"{DDI}stdyDscr/{DDI}citation/{DDI}notes"))
    survey = wave_2004()
    told = {name: {**entry, "universe": "not known"} for name, entry in survey.metadata["populations"].items()}
    metadata = {**survey.metadata, "populations": told}
    unknown = replace(survey, metadata=metadata, asked=survey.asked.assign(universe="not known"))
    assert "not known" not in (write_ddi(unknown, tmp_path / "ddi.xml")).read_text(encoding="utf-8")


def test_numbers_have_their_unit_and_the_labels_of_their_ends(tiny: Path) -> None:
    add_ratings(tiny)
    add_wave(tiny, "2032", make_people())
    survey = open_wave("2032")
    survey.recordings["residents"]["questions"]["ratings"]["labels"] = {"0": "Awful", "10": "Fine", "99": "Can't say"}
    root = parse(survey, tiny)
    rated = variables_of(root)["residents.snow"].findall(f"{DDI}catgry")
    known = [(one.findtext(f"{DDI}catValu"), one.findtext(f"{DDI}labl"), one.get("missing")) for one in rated]
    assert known == [("0", "Awful", None), ("10", "Fine", None), ("99", "Can't say", "Y")]
    variable = variables_of(root)["residents.spent"]
    assert (variable.get("name"), variable.get("measUnit"), variable.get("intrvl")) == ("hours", "hours", "contin")
    assert "residents.snow" in str(next(root.iter(f"{DDI}varGrp")).get("var"))
    check_order(root)
    check_schema(tiny / "ddi.xml")
