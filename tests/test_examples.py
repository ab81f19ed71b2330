"""The other report of this repository: made by the commands, edited a little, and whole."""

import io
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from surveybook.cli.results import list_verdicts
from tests.commands import type_well

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples/civil-service"
TOPLINE = EXAMPLE.with_name("civil_service_topline.csv")
YEARS = [str(year) for year in range(2013, 2025)]


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples") / EXAMPLE.name
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("_build"))
    return folder


@pytest.mark.slow
def test_its_data_are_those_that_the_command_drafts(tmp_path: Path) -> None:
    type_well(tmp_path, "new", "again", "--from", str(TOPLINE), "--title", "Civil Service People Survey")
    waves = sorted(path.relative_to(EXAMPLE) for path in (EXAMPLE / "data/waves").rglob("*.*"))
    assert {path.parent.name for path in waves} == set(YEARS)
    for path in waves:
        assert (tmp_path / "again" / path).read_bytes() == (EXAMPLE / path).read_bytes(), path


@pytest.mark.slow
def test_its_claims_are_tested_on_every_year(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(copied)
    verdicts = {}
    for year in YEARS:
        found = json.loads(list_verdicts(year, format="json"))
        rows = found if isinstance(found, list) else found["claims"]
        assert len(rows) == 5
        verdicts[year] = [row["id"] for row in rows if row["verdict"] != "supported"]
    # Nowhere has a majority felt that change is managed well; all else held in every year.
    assert {tuple(own) for own in verdicts.values()} == {("change-managed-well",)}


@pytest.mark.slow
def test_breaks_are_found_that_nobody_typed(copied: Path) -> None:
    told = type_well(copied, "compare", "2019", "2020", "--format", "csv")
    changes = pd.read_csv(io.StringIO(told), keep_default_na=False)
    reasons = changes.drop_duplicates("question").set_index("question")["reason"]
    board = next(reason for question, reason in reasons.items() if "clear vision for the future" in str(question))
    assert "[the board has]" in board
    grounds = next(reason for question, reason in reasons.items() if "grounds were you discriminated" in str(question))
    assert "the list of items has gained" in grounds or "states how many" in grounds


@pytest.mark.slow
def test_it_builds_and_says_nothing_of_sampling_for_everybody_was_asked(copied: Path) -> None:
    shown = type_well(copied, "build", "--baseline", "2023")
    assert "The book is in" in shown
    pages = sorted((copied / "_build/editions/2024/html").rglob("*.html"))
    assert len(pages) > 15
    text = "\n".join(page.read_text("utf-8") for page in pages)
    assert "Everybody was asked" in text
    for loose in ("sampling does not explain", "more than chance", "more than sampling explains"):
        assert loose not in text
    for foreign in ("Why ICT", "frontline", "whyict"):
        assert foreign not in text
