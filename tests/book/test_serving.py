"""What an author changes stands on the page a moment later."""

import contextlib
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from book.project import CHAPTER, SHARE, WAVE, Project, make_project
from surveybook.book import serving
from surveybook.book.plans import Plan
from surveybook.model import paths
from surveybook.model.problems import SurveybookError

pytestmark = pytest.mark.slow
PAGE = "chapters/01-parks.html"
VERSION = "_surveybook/version/"


@dataclass(frozen=True)
class Served:
    project: Project
    address: str

    def page(self, name: str) -> str:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.address}/{name}", timeout=5) as answer:
            return answer.read().decode()
        return ""

    def wait_until(self, holds: Callable[[], bool]) -> bool:
        """Return whether something comes to hold."""
        deadline = time.monotonic() + 120
        while not (held := holds()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return held

    def wait_for(self, text: str, name: str = PAGE) -> bool:
        """Return whether a page comes to hold a text."""
        return self.wait_until(lambda: text in self.page(name))

    def replace(self, file: str, old: str, new: str) -> None:
        path = self.project.root / file
        path.write_text(path.read_text().replace(old, new, 1))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Yield a small book that is served, its address, and end it as a person would."""
    project = make_project(tmp_path_factory.mktemp("book"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [sys.executable, "-m", "surveybook.book.serving"]
    environment = {**project.environment(), "SURVEYBOOK_PORT": port}
    process = subprocess.Popen(command, cwd=project.root, env=environment, stderr=subprocess.PIPE, text=True)
    yield Served(project, f"http://127.0.0.1:{port}")
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in said
    assert "ZeroDivisionError" in said
    assert not list(project.temporary.iterdir())


def test_the_book_is_built_and_its_pages_look_for_a_newer_one(served: Served) -> None:
    assert served.wait_for("Search.setIndex", "searchindex.js"), "what a build writes last"
    assert f"{SHARE}%" in served.page(PAGE)
    assert 'src="/_surveybook/reload.js"' in served.page(PAGE)
    assert served.wait_until(lambda: served.page(f"{VERSION}{PAGE}"))
    assert not served.page(f"{VERSION}chapters/nowhere.html")


def test_a_chapter_that_is_edited_is_built_anew_and_no_other(served: Served) -> None:
    other = served.project.root / "_build/serve/_build/html/index.html"
    before, own = other.read_bytes(), served.page(f"{VERSION}{PAGE}")
    served.replace(CHAPTER, "What the survey shows", "What it tells")
    assert served.wait_for("What it tells")
    assert served.wait_until(lambda: served.page(f"{VERSION}{PAGE}") not in ("", own)), "known once it is whole"
    assert other.read_bytes() == before


def test_a_number_that_changes_in_the_data_changes_wherever_it_is_shown(served: Served) -> None:
    served.project.set_share(WAVE, 66)
    assert served.wait_for("66%")
    assert served.wait_for("66%", "index.html")
    assert served.wait_for("66", "explorer.html")


def test_the_page_in_view_is_built_first(served: Served) -> None:
    served.page(f"{VERSION}{PAGE}")
    served.project.set_share(WAVE, 64)
    assert served.wait_for("64%")
    assert "64%" not in served.page("index.html")
    assert served.wait_for("64%", "index.html")


def test_a_chapter_that_fails_leaves_its_last_page_until_it_is_mended(served: Served) -> None:
    served.project.set_chapter("1 / 0")
    time.sleep(5)
    assert "What it tells" in served.page(PAGE)
    served.project.set_chapter("1 / 1")
    assert served.wait_for("What the survey shows")


def test_a_page_that_is_not_there_is_not_found(served: Served) -> None:
    assert served.page("nowhere.html") == ""


def test_the_folder_of_the_pages_is_not_in_the_way_of_a_build(served: Served) -> None:
    assert (served.project.root / "_build/serve").is_dir()
    assert served.project.build().returncode == 0


def test_a_build_whose_chapter_fails_leaves_nothing_that_still_writes_into_the_book(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise SurveybookError("A chapter failed.")

    monkeypatch.setattr(serving, "execute_plan", fail)
    (tmp_path / paths.LANDING_PAGE).write_text("")
    laid_out: list[Future[Any]] = []
    with ThreadPoolExecutor() as pool:

        def submit(*_: Any) -> Future[Any]:
            laid_out.append(pool.submit(time.sleep, 0.5))
            return laid_out[-1]

        with pytest.raises(SurveybookError, match="A chapter failed"):
            serving.build_anew(Plan(WAVE, "", "", {}, "", {}), {}, submit, tmp_path, beside_chapters=True)
        assert [one.done() for one in laid_out] == [True]
