"""Folders and files that are whole or not there, whatever happens in between."""

import errno
import os
import time
from pathlib import Path

import pytest

from surveybook.book.storage import (
    explain_refusals,
    find_kept,
    forget_unused,
    keep_content,
    lock_builds,
    replace_folder,
    restore_folder,
    write_whole,
)  # fmt: skip
from surveybook.model import paths
from surveybook.model.problems import SurveybookError


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Return a new folder, and the one that it is to replace."""
    for name in ("new", "site"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text(name)
    return tmp_path / "new", tmp_path / "site"


def test_a_folder_takes_the_place_of_another_and_nothing_else_is_left(two: tuple[Path, Path]) -> None:
    new, site = two
    replace_folder(new, site)
    assert (site / "index.html").read_text() == "new"
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_death_between_two_renames_leaves_a_site_that_comes_back(
    two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    new, site = two
    rename = Path.rename

    def die(self: Path, target: Path) -> Path:
        if self == new:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", die)
    with pytest.raises(KeyboardInterrupt):
        replace_folder(new, site)
    monkeypatch.undo()
    assert not site.exists()
    restore_folder(site)
    assert (site / "index.html").read_text() == "site"
    assert sorted(path.name for path in site.parent.iterdir()) == ["new", "site"]


def test_death_after_the_new_folder_stands_leaves_the_new_one(two: tuple[Path, Path]) -> None:
    new, site = two
    site.rename(site.with_name(".site.old"))
    new.rename(site)
    restore_folder(site)
    assert (site / "index.html").read_text() == "new"
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_a_file_that_could_not_be_written_whole_is_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kept"
    write_whole(path, b"the old content")

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(SurveybookError, match="The disk is full"), explain_refusals():
        write_whole(path, b"the new content")
    assert path.read_bytes() == b"the old content"
    assert [one.name for one in tmp_path.iterdir()] == ["kept"]


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that stands for ``_build``."""
    monkeypatch.setattr(paths, "build", lambda: tmp_path / "_build")
    return tmp_path / "_build"


def test_what_is_kept_is_found_until_it_is_damaged(build: Path) -> None:
    path = keep_content("ab12", b"made")
    assert find_kept("ab12") == path
    assert find_kept("ab13") is None
    path.write_bytes(b"mad")
    assert find_kept("ab12") is None
    assert not path.exists()


def test_what_a_dead_process_had_begun_to_write_goes_and_what_a_living_one_writes_stays(build: Path) -> None:
    kept = keep_content("ab12", b"made")
    living = kept.with_name(f".b.{os.getpid()}.partial")
    for path in (kept.with_name(".a.4194999.partial"), living):
        path.write_text("half")
    with lock_builds(print):
        pass
    assert sorted(kept.parent.iterdir()) == [living, kept]


def test_of_several_that_are_kept_apart_the_newest_is_found(build: Path) -> None:
    for number, key in enumerate(("ab", "cd")):
        os.utime(keep_content(key, key.encode(), build / "apart"), (number, number))
    found = find_kept("", build / "apart")
    assert found is not None
    assert found.read_bytes() == b"cd"


def test_what_nobody_has_used_for_long_is_thrown_away(build: Path) -> None:
    old, new = keep_content("ab", b"old"), keep_content("cd", b"new")
    os.utime(old, (0, 0))
    forget_unused()
    assert (old.exists(), new.exists()) == (False, True)


def test_a_lock_is_free_again_when_its_process_is_killed_and_who_waits_is_told(build: Path) -> None:
    ready, ours = os.pipe()
    child = os.fork()
    if child == 0:
        with lock_builds(lambda sentence: None):
            os.write(ours, b"1")
            time.sleep(60)
    os.read(ready, 1)
    said: list[str] = []

    def kill(sentence: str) -> None:
        said.append(sentence)
        os.kill(child, 9)
        os.waitpid(child, 0)

    with lock_builds(kill):
        assert said == ["Another build is running; waiting for it to end."]


def test_an_error_that_no_one_can_mend_by_freeing_space_is_not_dressed_up() -> None:
    with pytest.raises(IsADirectoryError), explain_refusals():
        raise IsADirectoryError(errno.EISDIR, "is a folder")
