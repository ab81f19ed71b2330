"""What all tests share: kernels for nbval that have done the imports, and a copy of the data that a test may spoil."""

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

# What only tests of built pages ask for, and what takes long to make.
OF_PAGES = {"browser", "built_site", "sample_site"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let files with slow tests go first, so that no worker is left alone with one at the end."""
    for item in items:
        if OF_PAGES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
    slow = {item.path for item in items if item.path.suffix == ".ipynb" or item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


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
