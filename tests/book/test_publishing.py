"""A site takes the place of what is left of the last one, and of nothing else."""

from pathlib import Path

import pytest

from surveybook.book.publishing import check_writable, publish_folder
from surveybook.model import paths
from surveybook.model.problems import SurveybookError


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


@pytest.mark.parametrize("added", ["notes.txt", "chapters/notes.txt"])
def test_a_folder_with_files_of_somebody_elses_is_refused(site: Path, added: str) -> None:
    (site / "index.html").unlink()
    (site / added).write_text("mine")
    with pytest.raises(SurveybookError, match="something other than a site"):
        check_writable(site)


def test_a_clone_is_never_taken_for_a_site(site: Path) -> None:
    (site / ".git").mkdir()
    with pytest.raises(SurveybookError, match="something other than a site"):
        check_writable(site)


def test_a_folder_that_nothing_was_published_in_is_refused(site: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other/index.html").write_text("mine")
    with pytest.raises(SurveybookError, match="something other than a site"):
        check_writable(tmp_path / "other")


@pytest.mark.parametrize("links", [False, True])
def test_a_folder_of_somebody_elses_that_cannot_be_read_whole_is_refused(tmp_path: Path, links: bool) -> None:
    (tmp_path / "mine/empty").mkdir(parents=True)
    if links:
        (tmp_path / "mine/notes.txt").symlink_to(tmp_path / "nowhere")
    with pytest.raises(SurveybookError, match="something other than a site"):
        check_writable(tmp_path / "mine")


@pytest.mark.parametrize("lost", [["index.html"], ["chapters/02-quality.html"], ["index.html", "objects.inv"]])
def test_what_is_left_of_a_site_is_made_whole(site: Path, lost: list[str]) -> None:
    for name in lost:
        (site / name).unlink()
    check_writable(site)
    with publish_folder(site, "first") as stage:
        assert stage is not None
        (stage / "index.html").write_text("again")
    assert (site / "index.html").read_text() == "again"


def test_an_untouched_site_is_not_made_again(site: Path) -> None:
    with publish_folder(site, "first") as stage:
        assert stage is None
