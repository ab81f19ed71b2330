"""What all tests share: a copy of the data that a test may spoil."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from surveybook.model import paths

# What only tests of built pages ask for, and what takes long to make.
OF_PAGES = {"browser", "built_site", "sample_site"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let files with slow tests go first, so that no worker is left alone with one at the end."""
    for item in items:
        if OF_PAGES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
    slow = {item.path for item in items if item.path.suffix == ".ipynb" or item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture
def trial_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the data folder that everything reads instead of the real one."""
    folder = tmp_path / "data"
    shutil.copytree(paths.root() / "data", folder)
    monkeypatch.setenv(paths.DATA_VARIABLE, str(folder))
    return folder


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
