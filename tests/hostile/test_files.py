"""Files that nobody would send by accident: enormous, packed, linked elsewhere, named like a path."""

import json
import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from surveybook.book.notebooks import read_notebook
from surveybook.book.publishing import check_writable
from surveybook.book.storage import write_manifest
from surveybook.model import paths
from surveybook.model.files import read_yaml
from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.model.tables import find_changed_files, read_table
from surveybook.respondents import files
from surveybook.respondents.files import read_respondents
from surveybook.verify.prose import read_chapter
from surveybook.waves import make_wave, open_wave

TEN_GIGABYTES = 10_000_000_000
SECONDS = 5


@pytest.fixture
def little_memory() -> Iterator[None]:
    """Let the process grow by two gigabytes and no more, so that reading the whole of such a file fails."""
    held = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (held + 2_000_000_000, before[1]))
    began = time.process_time()
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)
    assert time.process_time() - began < SECONDS


def sparse(path: Path) -> Path:
    """Make a file that claims ten gigabytes and takes no room."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.truncate(path, TEN_GIGABYTES)
    return path


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("ending", [".csv", ".sav", ".zsav", ".dta", ".parquet"])
def test_a_file_of_respondents_of_ten_gigabytes_of_nothing_is_refused(tmp_path: Path, ending: str) -> None:
    problems: list[Problem] = []
    assert read_respondents(sparse(tmp_path / f"responses_public{ending}"), problems) is None
    assert len(problems) == 1
    assert problems[0].file.endswith(ending)


@pytest.mark.usefixtures("little_memory")
def test_a_settings_file_a_table_and_a_sealed_file_of_ten_gigabytes_are_refused(trial_data: Path) -> None:
    for file in ("wave.yml", "estimates.csv"):
        sparse(trial_data / "waves/2004" / file)
    problems: list[Problem] = []
    assert read_yaml(trial_data / "waves/2004/wave.yml", problems) == {}
    assert len(read_table(trial_data / "waves/2004/estimates.csv", problems)) == 0
    assert ["over 5 MB" in str(problems[0]), "over 50 MB" in str(problems[1])] == [True, True]
    assert {Path(problem.file).name for problem in find_changed_files()} == {"wave.yml", "estimates.csv"}
    with pytest.raises(DataError, match=r"wave\.yml: the file is over 5 MB"):
        open_wave("2004")


@pytest.mark.usefixtures("little_memory")
def test_a_notebook_of_ten_gigabytes_is_refused_by_whatever_reads_it(tmp_path: Path) -> None:
    notebook = sparse(tmp_path / "huge.ipynb")
    for read in (read_notebook, read_chapter):
        with pytest.raises(SurveybookError, match=r"huge\.ipynb holds over 10 MB"):
            read(notebook)


def test_a_notebook_with_an_enormous_output_is_refused(tmp_path: Path) -> None:
    output = {"output_type": "stream", "name": "stdout", "text": "x" * 11_000_000}
    cell = {"cell_type": "code", "metadata": {}, "source": "", "execution_count": 1, "outputs": [output], "id": "a"}
    content = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "loud.ipynb").write_text(json.dumps(content))
    with pytest.raises(SurveybookError, match="clear its outputs"):
        read_notebook(tmp_path / "loud.ipynb")


@pytest.mark.slow
def test_a_packed_file_that_unpacks_to_too_many_answers_is_refused_by_its_own_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "responses_public.parquet"
    pd.DataFrame({"q1": [1] * 1_000_000, "q2": [2] * 1_000_000}).to_parquet(path)
    assert path.stat().st_size < 100_000
    monkeypatch.setattr(files, "MOST_ANSWERS", 1_999_999)
    problems: list[Problem] = []
    assert read_respondents(path, problems) is None
    assert "1,000,000 respondents with 2 answers each; at most 1,999,999 answers are read" in str(problems[0])


@pytest.mark.parametrize("claimed", [-1, 2_000_000_000])
def test_a_file_is_read_no_further_than_allowed_whatever_its_header_claims(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, claimed: int
) -> None:
    import pyreadstat

    path = tmp_path / "responses_public.sav"
    pyreadstat.write_sav(pd.DataFrame({"q1": [1.0] * 50, "q2": [1.0] * 50}), path)
    content = bytearray(path.read_bytes())
    content[80:84] = claimed.to_bytes(4, "little", signed=True)  # where SPSS files say how many cases they hold
    path.write_bytes(content)
    monkeypatch.setattr(files, "MOST_ANSWERS", 20)
    problems: list[Problem] = []
    assert read_respondents(path, problems) is None
    assert len(problems) == 1


@pytest.mark.parametrize("file", ["estimates.csv", "responses_public.csv", "notes/mine.txt"])
def test_a_link_out_of_a_wave_is_refused_and_nothing_of_what_it_leads_to_is_told(
    trial_data: Path, tmp_path: Path, file: str
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("figure_id\nhunter2\n")
    link = trial_data / "waves/2004" / file
    link.unlink(missing_ok=True)
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(secret)
    with pytest.raises(DataError, match="a link leads elsewhere; put the file itself there") as refused:
        open_wave("2004")
    assert Path(file).name in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_a_link_that_leads_to_itself_is_a_file_that_is_missing(trial_data: Path) -> None:
    link = trial_data / "waves/2004/asked.csv"
    link.unlink()
    link.symlink_to(link.name)
    with pytest.raises(DataError, match=r"asked\.csv: the file is missing"):
        open_wave("2004")


def test_a_wave_that_is_itself_a_link_out_of_the_data_is_refused(trial_data: Path, tmp_path: Path) -> None:
    (trial_data / "waves/2004").rename(tmp_path / "elsewhere")
    (trial_data / "waves/2004").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DataError, match="a link leads elsewhere"):
        open_wave("2004")


@pytest.mark.parametrize("name", ["../2004", "a/../../b", "/tmp", "..", ".hidden", "a\\b", "a\nb", "-rf", "", "x" * 65])
def test_an_id_that_is_a_path_makes_no_wave_and_is_no_baseline(trial_data: Path, name: str) -> None:
    before = sorted(trial_data.rglob("*"))
    with pytest.raises(SurveybookError, match="can't be the id of a wave"):
        make_wave(name)
    if name:
        with pytest.raises(SurveybookError):
            open_wave("2004", baseline=name)
    assert sorted(trial_data.rglob("*")) == before


def test_a_site_never_takes_the_place_of_anything_else(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters/to-mum.txt").touch()
    (tmp_path / "link").symlink_to(tmp_path / "letters")
    (tmp_path / "drawers/empty").mkdir(parents=True)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/lost.txt").symlink_to(tmp_path / "nowhere")
    site = tmp_path / "site"
    site.mkdir()
    check_writable(site)
    write_manifest(site)
    check_writable(site)
    check_writable(tmp_path / "new")
    (site / ".git").mkdir()
    mine = [tmp_path / name for name in ("letters", "letters/to-mum.txt", "link", "drawers", "notes")]
    for place in (*mine, site, paths.root(), paths.data()):
        with pytest.raises(SurveybookError, match=r"name (a new|another)"):
            check_writable(place)
