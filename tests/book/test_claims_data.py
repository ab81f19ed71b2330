"""The claims for programs: verdicts with their figures, each with what it rests on."""

import json
from dataclasses import replace
from pathlib import Path

from surveybook.book.claims_data import claims_data, write_claims
from surveybook.book.notebooks import TABLE, Shown
from surveybook.claims.claim import read_claims
from surveybook.claims.pages import all_claims
from surveybook.verify.chapters import Expected
from surveybook.verify.downloads import check_claims_file
from tests.waves import INTERNET, wave_2004, wave_with


def test_every_claim_has_its_verdicts_and_its_figures_with_base_interval_and_wording() -> None:
    claims = {claim["id"]: claim for claim in claims_data(wave_2004())["claims"]}
    assert list(claims) == [claim.id for claim in read_claims()]
    assert all(
        {"id", "statement", "locator", "verdict", "strict", "parts", "figures"} <= claim.keys()
        for claim in claims.values()
    )
    figures = {figure["id"]: figure for claim in claims.values() for figure in claim["figures"]}
    internet = figures["b1p_internet"]
    assert (internet["value"], internet["interval"], internet["base"]) == (63.0, [59.5, 66.4], 1000)
    assert internet["wording"]
    assert (figures["pref_web"]["value"], figures["pref_web"]["in_words"]) == (None, "a third")


def test_the_file_is_held_against_the_list_of_claims_and_the_data(tmp_path: Path) -> None:
    write_claims(wave_2004(), tmp_path)
    listed = Shown("claims", (), content=json.loads(json.dumps(all_claims(wave_2004())._repr_mimebundle_()[TABLE])))
    expected = {"x": Expected("x", tables={"claims": listed})}
    assert check_claims_file(tmp_path, expected, "2004").faults == ()
    file = tmp_path / "claims.json"
    text = file.read_text(encoding="utf-8")
    for old, new in (('"verdict": "contradicted"', '"verdict": "supported"'), ('"value": 63.0', '"value": 36.0')):
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        assert len(check_claims_file(tmp_path, expected, "2004").faults) == 1


def test_with_a_baseline_each_says_what_became_of_it() -> None:
    later = replace(wave_with({INTERNET: 40}), baseline=wave_2004())
    assert {"no longer", "still holds"} <= {claim["status"] for claim in claims_data(later)["claims"]}


def test_a_report_without_claims_has_no_such_file(tmp_path: Path, trial_data: Path) -> None:
    survey = wave_2004()
    write_claims(survey, tmp_path)
    assert json.loads((tmp_path / "claims.json").read_text(encoding="utf-8"))["claims"]
    (tmp_path / "claims.json").unlink()
    (trial_data / "claims.yml").unlink()
    write_claims(survey, tmp_path)
    assert not list(tmp_path.glob("*.json"))
