"""A site of several editions says of each what the data say, and nothing stands beside the one that was verified."""

import json
from pathlib import Path
from typing import Any

import pytest

from surveybook.book.making import told_of
from surveybook.book.stamping import Several
from surveybook.verify import copies
from surveybook.verify.record import Check, Fault, check
from surveybook.verify.running import Outcome
from surveybook.verify.several import SEVERAL, read_several
from surveybook.verify.sites import compare_sites

# The latest first: what is made up comes before every survey.
WAVES = {"2004": "", "example-synthetic": "2004"}
PAGE = '<main id="main">\n<a href="{}explorer.html">Explore</a>\n</main>'
PAGES = {"index.html": PAGE.format(""), "chapters/a.html": PAGE.format("../")}


@pytest.fixture(scope="module")
def several() -> Several:
    return Several("2004", {wave: told_of(wave, baseline) for wave, baseline in WAVES.items()}, set(PAGES))


@pytest.fixture
def site(several: Several, tmp_path: Path) -> Path:
    """Return a site of two editions with two pages each, whose front is the latest."""
    for wave, folder in [*((wave, f"editions/{wave}/") for wave in WAVES), ("", "")]:
        for name, page in PAGES.items():
            path = tmp_path / "site" / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(several.stamped(page, name, wave))
    (tmp_path / "site" / SEVERAL).write_text(json.dumps(several.described()))
    return tmp_path / "site"


@pytest.fixture
def outcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Outcome:
    """Return what a verification of the latest edition found, with that part of the comparison that is of files."""
    for name, page in PAGES.items():
        (tmp_path / "own" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "own" / name).write_text(page)

    def files_alone(
        outcome: Outcome, folder: Path, name: str, shared: Any, stamp: Any, extra: Any = (), home: Any = None
    ) -> list[Check]:
        assert outcome.site
        return [compare_sites(outcome.site, folder, {}, lambda _: [], name, extra, shared, stamp)]

    monkeypatch.setattr(copies, "check_edition", files_alone)
    monkeypatch.setattr(copies, "check_explorer", lambda _: check("site", "Explorer", "the data", {"figures": 1}))
    return Outcome("2004", "", tmp_path, site=tmp_path / "own")


def faults(outcome: Outcome, site: Path) -> list[Fault]:
    return [fault for one in copies.check_folder(outcome, site, "the copy") for fault in one.faults]


def test_an_honest_site_has_no_fault_and_says_which_editions_were_not_looked_at(outcome: Outcome, site: Path) -> None:
    done = copies.check_folder(outcome, site, "the copy")
    assert [str(fault) for one in done for fault in one.faults] == []
    assert any("The editions of example-synthetic in the copy" in text for one in done for text in one.skipped)


@pytest.mark.parametrize("file", ["index.html", "chapters/a.html", "editions/2004/index.html"])
@pytest.mark.parametrize("old", ["Explore", "All 2 editions", "explorer.html", "</main>"])
def test_the_front_is_checked_as_the_edition_is(outcome: Outcome, site: Path, file: str, old: str) -> None:
    page = (site / file).read_text()
    assert old in page
    (site / file).write_text(page.replace(old, f"x{old}", 1))
    assert [fault.file for fault in faults(outcome, site)] == [file.removeprefix("editions/2004/")]


def test_a_file_beside_the_editions_is_no_part_of_the_book(outcome: Outcome, site: Path) -> None:
    (site / "truth.html").write_text("97 per cent")
    assert [fault.file for fault in faults(outcome, site)] == ["truth.html"]


def test_an_honest_edition_below_a_false_front_doesnt_hide_it(outcome: Outcome, site: Path) -> None:
    (site / "index.html").write_text("Nobody was asked.")
    assert [fault.file for fault in faults(outcome, site)] == ["index.html"]


@pytest.mark.parametrize(
    ("key", "value"), [("name", "The true edition"), ("fieldwork", "Never"), ("synthetic", True), ("address", "x/")]
)
def test_what_is_said_of_an_edition_has_to_be_what_the_data_say(
    several: Several, tmp_path: Path, key: str, value: object
) -> None:
    told = several.described()
    told["editions"][0][key] = value
    (tmp_path / SEVERAL).write_text(json.dumps(told))
    (fault,) = read_several(tmp_path / SEVERAL, PAGES)[1]
    assert (fault.file, f"editions[0].{key} is {value}" in fault.said) == (SEVERAL, True)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "{",
        "[" * 100_000,
        "[]",
        "{}",
        '{"editions": [1]}',
        '{"editions": [{"wave": "../2004"}]}',
        '{"editions": []}',
    ],
)
def test_a_list_of_editions_that_is_none_is_refused(tmp_path: Path, written: str) -> None:
    (tmp_path / SEVERAL).write_text(written)
    several, (fault,) = read_several(tmp_path / SEVERAL, PAGES)
    assert several is None
    assert fault.file == SEVERAL
