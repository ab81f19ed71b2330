"""Folders and files that are whole or not there, whatever happens in between."""

import errno
import os
from pathlib import Path

import pytest

from surveybook.book import files
from surveybook.book.files import held, recover, said_plainly, swap, write_whole
from surveybook.model.problems import SurveybookError


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Return a new folder, and the one that it is to replace."""
    for name in ("new", "site"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text(name)
    return tmp_path / "new", tmp_path / "site"


@pytest.mark.parametrize("able", [True, False], ids=["exchange", "two renames"])
def test_a_folder_takes_the_place_of_another_and_nothing_else_is_left(
    two: tuple[Path, Path], able: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, site = two
    if not able:
        monkeypatch.setattr(files, "exchange", lambda one, other: False)
    swap(new, site)
    assert (site / "index.html").read_text() == "new"
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_death_between_two_renames_leaves_a_site_that_comes_back(
    two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    new, site = two
    monkeypatch.setattr(files, "exchange", lambda one, other: False)
    rename = Path.rename

    def die(self: Path, target: Path) -> Path:
        if self == new:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", die)
    with pytest.raises(KeyboardInterrupt):
        swap(new, site)
    monkeypatch.undo()
    assert not site.exists()
    recover(site)
    assert (site / "index.html").read_text() == "site"
    assert sorted(path.name for path in site.parent.iterdir()) == ["new", "site"]


def test_death_after_the_new_folder_stands_leaves_the_new_one(two: tuple[Path, Path]) -> None:
    new, site = two
    site.rename(files.left_over(site))
    new.rename(site)
    recover(site)
    assert (site / "index.html").read_text() == "new"
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_a_file_that_could_not_be_written_whole_is_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kept"
    write_whole(path, b"the old content")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SurveybookError, match="The disk is full"), said_plainly():
        write_whole(path, b"the new content")
    assert path.read_bytes() == b"the old content"
    assert [one.name for one in tmp_path.iterdir()] == ["kept"]


def test_what_a_dead_process_had_begun_to_write_goes_and_what_a_living_one_writes_stays(tmp_path: Path) -> None:
    (tmp_path / ".a.4194999.partial").write_text("of nobody")
    (tmp_path / f".b.{os.getpid()}.partial").write_text("of this process")
    files.clear_partial(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [f".b.{os.getpid()}.partial"]


def test_a_lock_is_free_again_when_its_process_is_killed(tmp_path: Path) -> None:
    ready, ours = os.pipe()
    child = os.fork()
    if child == 0:
        with held(tmp_path / "lock"):
            os.write(ours, b"1")
            os.read(os.pipe()[0], 1)
    os.read(ready, 1)
    assert not files.free(tmp_path / "lock")
    os.kill(child, 9)
    os.waitpid(child, 0)
    told: list[bool] = []
    with held(tmp_path / "lock", lambda: told.append(True)):
        assert told == []


def test_an_error_that_no_one_can_mend_by_freeing_space_is_not_dressed_up() -> None:
    with pytest.raises(IsADirectoryError), said_plainly():
        raise IsADirectoryError(errno.EISDIR, "is a folder")
