"""A wave of respondents, read from its folder as any wave is, against R's package survey."""

from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from surveybook.exhibits.documents import write_workbook
from surveybook.model.survey import Survey
from surveybook.stats.comparison import contrast_groups, find_letters, letter_columns
from tests.reference.cases import EXPECTED, FOLDER
from tests.respondents.waves import opened

# The four answers of a poll stand for three items of a question of the codebook, and for "other".
VOTES = {"Y": "channel_one_stop_shop", "N": "channel_telephone", "U": "channel_website", "A": "other"}
QUESTION = {"column": "vote", "codes": VOTES, "base": "answered"}
STATEMENT = {"column": "wide", "collapse": {"agree": 1, "disagree": 0}, "base": "answered"}
# The columns of a list of which several were chosen stand for items of a question of the codebook.
CHOSEN = {
    "wide": "customer_satisfaction",
    "improved": "staff_job_satisfaction",
    "awarded": "value_for_money",
    "large": "performance_targets",
    "learners": "political_objectives",
}
GROUPINGS = {"level": ("E", "H", "M"), "poverty": ("high", "low", "much", "some")}
TABLES = EXPECTED[EXPECTED["case"] == "tables"]
JKN = EXPECTED[EXPECTED["case"] == "api_jkn"]


def compare(estimates: pd.DataFrame, case: str, domains: dict[str, str], items: dict[str, str]) -> int:
    """Assert that estimates agree with R's in all quantities that both have; return how many there were."""
    table = estimates.set_index(["domain", "item_id", "response"])
    names = {"share": "share", "standard_error": "standard_error", "base": "base", "design_effect": "design_effect"}
    names |= {"degrees_of_freedom": "degrees_of_freedom", "xlogit_low": "low", "xlogit_high": "high"}
    rows = EXPECTED[(EXPECTED["case"] == case) & EXPECTED["quantity"].isin(names) & EXPECTED["domain"].isin(domains)]
    compared = 0
    for row in rows[rows["item"].isin(items) & rows["value"].notna()].itertuples():
        ours = table.loc[(domains[row.domain], *items[row.item].split("."))]
        np.testing.assert_allclose(ours[names[row.quantity]], row.value, rtol=1e-8, atol=1e-12)
        compared += 1
    return compared


@pytest.mark.parametrize("weight", ["weight", "large"])
def test_a_poll_with_strata_weights_and_missing_answers_agrees_with_r(trial_data: Path, weight: str) -> None:
    block = {
        "weight": weight,
        "strata": "region",
        "missing": [""],
        "domains": {"sex": {"column": "sex", "values": {"F": "women", "M": "men"}}},
        "questions": {"preferred_channel": QUESTION},
    }
    survey = opened(trial_data, pd.read_csv(FOLDER / "chile.csv", dtype=str, keep_default_na=False), block)
    items = {vote: f"{item}.chosen" for vote, item in VOTES.items() if vote != "A"}
    assert compare(survey.estimates, f"poll {weight}", {"": "", "F": "sex=women"}, items) == 42


@pytest.mark.parametrize("kind", ["JKn", "ACS", "successive-difference", "JK2"])
def test_a_wave_with_replicate_factors_agrees_with_r(trial_data: Path, kind: str) -> None:
    scales = JKN[JKN["quantity"] == "rscales"]["value"].tolist()
    replicates = {"columns": ["rep*"], "kind": kind, "combined": False, "mse": kind == "ACS"}
    block = {
        "weight": "pw",
        "replicates": replicates | ({"rscales": scales} if kind == "JKn" else {}),
        "domains": {"level": {"column": "stype", "values": {"E": "elementary", "M": "other", "H": "other"}}},
        "questions": {"services_improved": STATEMENT},
    }
    survey = opened(trial_data, pd.read_csv(FOLDER / "api_jkn.csv", dtype=str), block)
    domains = {"": "", "E": "level=elementary"}
    assert compare(survey.estimates, f"api_jkn {kind}", domains, {"wide": "services_improved.agree"}) == 12


@pytest.fixture
def list_by_groups(trial_data: Path) -> Survey:
    """Return a wave of a weighted list with strata, clusters and two groupings, as it is opened."""
    block = {
        "weight": "weight",
        "strata": "part",
        "cluster": "district",
        "missing": [""],
        "domains": {
            name: {"column": name, "values": dict(zip(own, own, strict=True))} for name, own in GROUPINGS.items()
        },
        "questions": {"quality_indicators": {"columns": CHOSEN, "base": "answered", "nothing_chosen": "answered"}},
    }
    frame = pd.read_csv(FOLDER / "tables.csv", dtype=str, keep_default_na=False)
    return opened(trial_data, frame, block, asked={"quality_indicators": {"max_choices": "unlimited"}})


def test_a_table_by_groups_agrees_with_r_in_every_cell_test_and_letter(list_by_groups: Survey) -> None:
    figures = list_by_groups.estimates
    cells = figures.set_index(["domain", "item_id"])
    pairs, columns = contrast_groups(list_by_groups, figures), letter_columns(figures)
    letters = dict(zip(figures["figure_id"], find_letters(figures, columns, pairs), strict=True))
    for row in TABLES[TABLES["quantity"].isin(["share", "base", "weighted_base"])].itertuples():
        np.testing.assert_allclose(cells.loc[(row.domain, CHOSEN[row.item]), row.quantity], row.value, rtol=1e-8)
    ends = {side: figures.loc[pairs[side]].reset_index(drop=True) for side in ("first", "second")}
    tests = pairs.set_index([ends["first"]["domain"], ends["second"]["domain"], pairs["item_id"]])
    for (pair, item), theirs in TABLES[TABLES["domain"].str.contains(":")].groupby(["domain", "item"]):
        variable, both = pair.split(": ")
        first, second = (f"{variable}={group}" for group in both.split())
        ours = tests.loc[(first, second, CHOSEN[item])]
        wanted = theirs.set_index("quantity")["value"].rename({"difference_error": "standard_error"})
        np.testing.assert_allclose(ours[wanted.index].astype(float), wanted, rtol=1e-6)
    said = TABLES.set_index(["domain", "item", "quantity"])["value"]
    for variable, groups in GROUPINGS.items():
        for group in groups:
            rows = figures[figures["domain"] == f"{variable}={group}"].set_index("item_id")["figure_id"]
            for item, ours in CHOSEN.items():
                assert letters[rows[ours]] == find_larger(said, variable, group, item)
    assert len(tests) == len(CHOSEN) * (3 + 6)
    assert sum(map(bool, letters.values())) > 5


def test_the_workbook_says_what_r_says(list_by_groups: Survey, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write_workbook(list_by_groups, tmp_path / "tables.xlsx"))["Table 1"]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0]]
    head = next(row for row in rows if row[0] == "%")
    assert "".join(head[1:]) == "AllE(A)H(B)M(C)High(A)Low(B)Much(C)Some(D)"
    labels = list_by_groups.codebook.items["label"]
    named = {label: row for label, *row in rows}
    said = TABLES.set_index(["domain", "item", "quantity"])["value"]
    for item, place in CHOSEN.items():
        for variable, groups in GROUPINGS.items():
            for group in groups:
                column = head.index(group.capitalize()) - 1
                share, letters = named[labels[place]][column : column + 2]
                assert share == pytest.approx(100 * said[f"{variable}={group}", item, "share"], abs=1e-6)
                assert named["Unweighted base"][column] == said[f"{variable}={group}", item, "base"]
                weighted = said[f"{variable}={group}", item, "weighted_base"]
                assert named["Weighted base"][column] == pytest.approx(weighted, abs=1e-4)
                assert (letters or "") == find_larger(said, variable, group, item)


def find_larger(said: pd.Series, variable: str, group: str, item: str) -> str:
    """Return the letters of the groups than which a group's share is larger, by what R says."""
    found = []
    for letter, other in zip("ABCD", GROUPINGS[variable], strict=False):
        first, second = sorted((group, other))
        if group == other or said[f"{variable}: {first} {second}", item, "p_holm"] >= 0.05:
            continue
        difference = said[f"{variable}: {first} {second}", item, "difference"]
        found += [letter] if (difference > 0) == (group == first) else []
    return " ".join(found)
