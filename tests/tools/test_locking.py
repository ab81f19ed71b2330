"""A tampered lock is refused before anything is installed, by a script that needs nothing installed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from surveybook.model import paths


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-cluster.txt"])
def test_make_installs_nothing_from_a_tampered_lock(tmp_path: Path, name: str) -> None:
    for path in [
        *paths.root().glob("requirements*"),
        *(paths.root() / name for name in ("pyproject.toml", "Makefile")),
    ]:
        shutil.copy(path, tmp_path)
    for folder in ("tools", "src"):
        shutil.copytree(
            paths.root() / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
        )
    lock = tmp_path / name
    lock.write_text(f"--index-url https://example.org/simple\n{lock.read_text(encoding='utf-8')}", encoding="utf-8")
    run = subprocess.run(
        ["make", f"PYTHON={sys.executable}", ".venv/.ready"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode != 0
    assert f"{name}, row 1: '--index-url https://example.org/simple' isn't a package" in run.stderr
    assert not (tmp_path / ".venv").exists()
