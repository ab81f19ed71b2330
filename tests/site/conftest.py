"""The built site and a browser to look at it with."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sample import write_sample_book, write_sample_extras

from surveybook.model import paths
from tests.once import made_once

CHROMIUM_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
# The first is Chromium without windows, for a third of the processor time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep these tests on one worker (with `--dist loadgroup`), so that the site is built once; it takes its time.

    Audits of a site that is built already name groups of their own.
    """
    for item in items:
        if Path(__file__).parent in item.path.parents and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group("site"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what the audits measured: of each thing the worst, where it was found, and on how many pages."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    noted = [value for report in reports for key, value in report.user_properties if key == "measured"]
    if not noted:
        return
    terminalreporter.section("what was measured")
    for what in dict.fromkeys(what for what, *_ in noted):
        values = {page: value for named, page, value in noted if named == what}
        page = (min if what.startswith("Lighthouse") else max)(values, key=lambda name: values[name])
        terminalreporter.write_line(f"{what}: at worst {values[page]:g} ({page}), of {len(values)} pages")


def build(book: Path, output: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Build a book with Jupyter Book; return the finished process. The pages are in `_build/html`."""
    command = [
        sys.executable, "-c",
        "from surveybook import leave_out_unused as lean; lean(); from jupyter_book.cli.main import main; main()",
        "build", str(book), "--path-output", str(output), *options,
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, check=False)


def pages_of(output: Path) -> Path:
    """Return where Jupyter Book puts a book's pages."""
    return output / "_build" / "html"


def built(book: Path, output: Path) -> Path:
    """Return the folder of a book's pages, built with warnings as errors."""
    process = build(book, output, "-W", "--keep-going", "-n", "-q")
    assert process.returncode == 0, f"The book didn't build.\n{process.stdout[-2000:]}\n{process.stderr[-4000:]}"
    return pages_of(output)


@pytest.fixture(scope="session")
def extras(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what every sample book has to take away."""
    return made_once(tmp_path_factory, "extras", write_sample_extras) / paths.EXTRAS_FOLDER


@pytest.fixture(scope="session")
def sample_site(extras: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the pages of the sample book."""

    def make(folder: Path) -> None:
        built(write_sample_book(folder / "book", extras), folder)

    return pages_of(made_once(tmp_path_factory, "sample", make))


@pytest.fixture(scope="session")
def built_site(request: pytest.FixtureRequest) -> Path:
    """Return the pages of the book in this repository, built from the chapters as they are, not executed.

    The environment variable SURVEYBOOK_SITE may name pages that are already built.
    """
    if already := os.environ.get("SURVEYBOOK_SITE"):
        return Path(already)
    return pages_of(request.getfixturevalue("built_stage"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return the machine's Chromium or Chrome, without a window."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        reason = f"NO BROWSER: none of {', '.join(BROWSERS)} is installed, so the site was not looked at."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        yield chromium
        chromium.close()


@contextmanager
def opening(browser: Browser, path: Path, query: str = "", width: int = 1280, **settings: Any) -> Iterator[Page]:
    """Give an open page; what it complains of and which other hosts it asks is in `page.heard`."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
    page, heard = context.new_page(), list[str]()
    page.heard = heard
    page.on("console", lambda message: heard.append(f"{path.name}: {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"{path.name}: {error}"))
    foreign = re.compile(r"(?!file:|data:)")
    page.on("request", lambda request: foreign.match(request.url) and heard.append(f"request to {request.url}"))
    page.goto(path.as_uri() + query)
    yield page
    context.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page as `opening` does."""
    with ExitStack() as opened:
        yield lambda *place, **settings: opened.enter_context(opening(browser, *place, **settings))
