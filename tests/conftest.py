"""What all tests share: kernels that have done the imports for nbval, the built book, data that a test may spoil."""

import gc
import os
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbval.kernel
import pytest
from jupyter_client.manager import KernelManager

from surveybook.model import paths
from tests.once import made_once

# What only tests of built pages ask for, and what takes long to make.
OF_PAGES = {"browser", "built_site", "built_stage", "published", "sample_site"}


# The files that take longest, the longest first. A worker that is left alone with one at the end makes all wait.
LONGEST = (
    "book/test_editions.py", "drafts/test_waves.py", "site/test_tiny.py", "lint/test_perturbation.py",
    "tests/test_examples.py", "book/test_chapters.py", "verify/test_tampering.py", "book/test_cluster.py",
    "drafts/test_new.py", "site/test_builds.py", "book/test_processes.py", "book/test_serving.py",
    "exhibits/test_charts.py", "drafts/test_kinds_of_files.py", "site/test_published.py", "site/test_pages.py",
    "respondents/test_bad_input.py", "waves/test_numbers.py", "respondents/test_encodings.py",
    "tests/test_pages_commands.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest files go first, then those with slow tests, and notebooks last, each of which is done soon."""
    for item in items:
        if OF_PAGES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
    slow = {item.path for item in items if item.get_closest_marker("slow")}

    def find_place(item: pytest.Item) -> tuple[int, bool, bool]:
        """Return what a file is sorted by."""
        name = "/".join(item.path.parts[-2:])
        longest = LONGEST.index(name) if name in LONGEST else len(LONGEST)
        return longest, item.path not in slow, item.path.suffix == ".ipynb"

    items.sort(key=find_place)


def pytest_collection_finish() -> None:
    """Let the search for garbage pass over what was imported and collected, which lives as long as its process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


class ForkedKernelManager(KernelManager):
    """Starts the kernels of nbval as chapters get theirs: half of what a notebook costs are the same imports again."""

    def start_kernel(self, **options: Any) -> Any:
        """Start the kernel."""
        from surveybook.book.processes import Provisioner, find_temporary

        name = os.path.join(find_temporary(), uuid.uuid4().hex[:12])
        self.connection_file, self.transport, self.ip = f"{name}.json", "ipc", name
        self.provisioner = Provisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
        return super().start_kernel(**options)


nbval.kernel.KernelManager = ForkedKernelManager


@pytest.fixture(scope="session")
def built_stage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the committed chapters of the book, which no test may change, and their pages beside."""
    from surveybook.book.site import build_pages, lay_out

    def make(folder: Path) -> None:
        for path in paths.chapters():
            (folder / paths.shown(path)).parent.mkdir(exist_ok=True)
            shutil.copy2(path, folder / paths.shown(path))
        lay_out("2004", "", folder)
        build_pages(folder)

    return made_once(tmp_path_factory, "book", make)


@pytest.fixture
def trial_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the data folder that everything reads instead of the real one."""
    folder = tmp_path / "data"
    shutil.copytree(paths.root() / "data", folder)
    monkeypatch.setenv(paths.DATA_VARIABLE, str(folder))
    return folder


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the smallest report, which is the one that is worked on."""
    from tests.tiny_report import write_tiny_report

    monkeypatch.chdir(write_tiny_report(tmp_path))
    return tmp_path


@pytest.fixture
def edit(trial_data: Path) -> Callable[[str, str, str], Path]:
    """Return a function that replaces one piece of text in a file of the copied data."""

    def replace(file: str, old: str, new: str) -> Path:
        path = trial_data / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    return replace
