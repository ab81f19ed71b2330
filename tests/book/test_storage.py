"""Folders and files that are whole or not there, whatever happens; a site takes the place of a site alone."""

import errno
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from surveybook.book.publishing import check_writable, publish_folder
from surveybook.book.storage import (
    MANIFEST,
    explain_refusals,
    find_kept,
    forget_unused,
    keep_content,
    lock_builds,
    replace_folder,
    restore_folder,
)  # fmt: skip
from surveybook.model import paths
from surveybook.model.files import write_whole
from surveybook.model.problems import SurveybookError


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Return a new folder, and the one that it is to replace."""
    for name in ("new", "site"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text(name)
    return tmp_path / "new", tmp_path / "site"


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


def test_two_threads_that_write_one_file_at_once_both_succeed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace, both = os.replace, threading.Barrier(2)

    def wait_for_the_other(*paths: Path) -> None:
        both.wait(timeout=10)
        replace(*paths)

    monkeypatch.setattr(os, "replace", wait_for_the_other)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write_whole, [tmp_path / "kept"] * 2, [b"made"] * 2))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"kept": b"made"}


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


def test_what_nobody_has_used_for_long_is_thrown_away(build: Path) -> None:
    old, new = keep_content("ab", b"old"), keep_content("cd", b"new")
    os.utime(old, (0, 0))
    forget_unused()
    assert (old.exists(), new.exists()) == (False, True)


def test_what_a_dead_process_had_begun_to_write_goes_and_what_a_living_one_writes_stays(build: Path) -> None:
    kept = keep_content("ab12", b"made")
    living = kept.with_name(f".b.{os.getpid()}.partial")
    for path in (kept.with_name(".a.4194999.partial"), living):
        path.write_text("half")
    with lock_builds(print):
        pass
    assert sorted(kept.parent.iterdir()) == [living, kept]


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


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a site that was published."""
    monkeypatch.setattr(paths, "build", lambda: tmp_path / "_build")
    with publish_folder(tmp_path / "site", "first") as stage:
        assert stage is not None
        for name in ("index.html", "objects.inv", "chapters/02-quality.html"):
            (stage / name).parent.mkdir(exist_ok=True)
            (stage / name).write_text(name)
    return tmp_path / "site"


def test_what_is_left_of_a_site_is_made_whole_and_a_folder_without_its_manifest_is_refused(site: Path) -> None:
    (site / "index.html").unlink()
    check_writable(site)
    with publish_folder(site, "first") as stage:
        assert stage is not None
        (stage / "index.html").write_text("again")
    assert (site / "index.html").read_text() == "again"
    (site / MANIFEST).write_text('{"name": "an app"}')
    with pytest.raises(SurveybookError, match="something other than a site"):
        check_writable(site)


def test_an_untouched_site_is_not_made_again(site: Path) -> None:
    with publish_folder(site, "first") as stage:
        assert stage is None
