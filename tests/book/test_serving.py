"""What an author changes stands on the page a moment later."""

import contextlib
import signal
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

from book.project import CHAPTER, SHARE, WAVE, Project, free_port, make_project
from surveybook.book import serving
from surveybook.book.plans import Plan
from surveybook.model import paths
from surveybook.model.problems import SurveybookError

pytestmark = pytest.mark.slow
PAGE = "chapters/01-parks.html"
VERSION = "_surveybook/version/"
# A moment on a machine that has nothing else to do; this is when one that has gives up.
MOST_SECONDS = 600


@dataclass(frozen=True)
class Served:
    project: Project
    address: str
    log: Path

    def page(self, name: str) -> str:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.address}/{name}", timeout=5) as answer:
            return answer.read().decode()
        return ""

    def wait_until(self, holds: Callable[[], bool]) -> bool:
        """Return whether something comes to hold."""
        deadline = time.monotonic() + MOST_SECONDS
        while not (held := holds()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return held

    def wait_for(self, text: str, name: str = PAGE) -> bool:
        """Return whether a page comes to hold a text."""
        return self.wait_until(lambda: text in self.page(name))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Yield a small book that is served, once it is built, and end it as a person would.

    Tests set what they look for themselves, so that it doesn't matter which of them come before.
    """
    project = make_project(tmp_path_factory.mktemp("book"))
    port = str(free_port())
    found = Served(project, f"http://127.0.0.1:{port}", project.root.parent / "said")
    command = [sys.executable, "-m", "surveybook.book.serving"]
    environment = {**project.environment(), "SURVEYBOOK_PORT": port}
    # Tests that run in the background don't hear Ctrl+C, and nor would what they start.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with found.log.open("w") as log:
        process = subprocess.Popen(command, cwd=project.root, env=environment, stderr=log)
    signal.signal(signal.SIGINT, before)
    try:
        assert found.wait_for("Search.setIndex", "searchindex.js"), "what a build writes last"
        assert f"{SHARE}%" in found.page(PAGE)
        yield found
    finally:
        process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 0
    assert "Traceback" not in found.log.read_text()
    assert not list(project.temporary.iterdir())


def test_pages_look_for_a_newer_one(served: Served) -> None:
    assert 'src="/_surveybook/reload.js"' in served.page(PAGE)
    assert served.wait_until(lambda: bool(served.page(f"{VERSION}{PAGE}")))
    assert not served.page(f"{VERSION}chapters/nowhere.html")
    assert served.page("nowhere.html") == ""


def test_a_chapter_that_is_edited_is_built_anew_and_no_other(served: Served) -> None:
    other = served.project.root / "_build/serve/_build/html/index.html"
    before, own = other.read_bytes(), served.page(f"{VERSION}{PAGE}")
    chapter = served.project.root / CHAPTER
    chapter.write_text(chapter.read_text().replace("What the survey shows", "What it tells", 1))
    assert served.wait_for("What it tells")
    assert served.wait_until(lambda: served.page(f"{VERSION}{PAGE}") not in ("", own)), "known once it is whole"
    assert other.read_bytes() == before


def test_a_number_that_changes_in_the_data_changes_wherever_it_is_shown_in_the_page_in_view_first(
    served: Served,
) -> None:
    served.page(f"{VERSION}{PAGE}")
    served.project.set_share(WAVE, 64)
    assert served.wait_for("64%")
    assert "64%" not in served.page("index.html")
    assert served.wait_for("64%", "index.html")
    assert served.wait_for("64", "_static/explorer/park_uses.js")


def test_a_chapter_that_fails_is_told_and_leaves_its_last_page_until_it_is_mended(served: Served) -> None:
    before = served.page(PAGE)
    served.project.set_chapter("1 / 0")
    assert served.wait_until(lambda: "ZeroDivisionError" in served.log.read_text())
    assert served.page(PAGE) == before
    served.project.set_chapter("1 / 1", title="Parks and paths")
    assert served.wait_for("Parks and paths")
    served.project.set_chapter()


def test_ctrl_c_while_it_is_being_imported_ends_it_without_a_traceback() -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    command = [sys.executable, "-X", "importtime", "-m", "surveybook.book.serving"]
    process = subprocess.Popen(command, cwd=paths.root(), stderr=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, before)
    next(line for line in process.stderr if "surveybook.model" in line)  # which it imports first
    process.send_signal(signal.SIGINT)
    assert "Traceback" not in process.communicate(timeout=60)[1]
    assert process.returncode == -signal.SIGINT


def test_the_folder_of_the_pages_is_not_in_the_way_of_a_build(served: Served) -> None:
    assert (served.project.root / "_build/serve").is_dir()
    assert served.project.build().returncode == 0


def test_a_build_whose_chapter_fails_leaves_nothing_that_still_writes_into_the_book(tmp_path: Path) -> None:
    failing: Future[Any] = Future()
    failing.set_exception(SurveybookError("A chapter failed."))
    (tmp_path / paths.LANDING_PAGE).write_text("")
    laid_out: list[Future[Any]] = []
    with ThreadPoolExecutor() as pool:

        def submit(*_: Any) -> Future[Any]:
            laid_out.append(pool.submit(time.sleep, 0.5))
            return laid_out[-1]

        with pytest.raises(SurveybookError, match="A chapter failed"):
            serving.build_anew(Plan(WAVE, "", "", {}, "", {}), {}, submit, failing, tmp_path, beside_chapters=True)
        assert [one.done() for one in laid_out] == [True]
