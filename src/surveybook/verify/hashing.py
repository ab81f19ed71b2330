"""What a certificate identifies files by: their SHA-256, one by one and as a whole."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from surveybook.model import paths
from surveybook.model.hashing import hash_bytes
from surveybook.model.hashing import hash_file as hash_file
from surveybook.model.hashing import hash_object as hash_object

sha256 = hash_bytes
LEFT_OUT = ("__pycache__", ".egg-info", ".ipynb_checkpoints")
# What says how the project is run, checked and published. Everything but the certificate itself, the tests, and the
# texts that explain the project.
SETTINGS = (
    "Makefile", "pyproject.toml", "requirements*.in", "requirements-cluster.txt", "CITATION.cff", "LICENSE*",
    ".pre-commit-config.yaml", ".ci/*", ".github/**/*", "certificate/schema.json", "data/**/*.md", ".git[ai]*",
    "*.toml", "tests/**/conftest.py",
)  # fmt: skip
# Brackets, because not every system tells `makefile` from `Makefile`.
# Python would take these before any package of the same name, make before the Makefile, pytest before pyproject.toml.
IN_THE_WAY = (
    "*.py", "*.pyc", "*.so", "*/__init__.py", "chapters/**/*.py", "src/**/*.py", "src/**/*.so", "src/**/*.pyc",
    "GNU[m]akefile", "[m]akefile", "*.ini", ".*.ini", "setup.cfg", ".coveragerc",
)  # fmt: skip


def hash_files(files: Iterable[Path]) -> dict[str, str]:
    """Return the SHA-256 of each file by its path from the project's folder, in the order of the paths."""
    return dict(sorted((paths.shown(path), hash_file(path)) for path in files))


def hash_tree(hashes: Mapping[str, str]) -> str:
    """Return one SHA-256 for files that are named with their own: it changes when any of them does."""
    return sha256("".join(f"{value}  {name}\n" for name, value in sorted(hashes.items())).encode())


def code_files() -> list[Path]:
    """Return the files of the package that makes the book."""
    package = Path(__file__).resolve().parents[1]
    return [
        path
        for path in sorted(package.rglob("*"))
        if path.is_file() and not any(part.endswith(LEFT_OUT) for part in path.parts)
    ]


def book_files() -> list[Path]:
    """Return what the book is written in: chapters, pages, settings and contents."""
    return [*paths.chapters(), *paths.pages(), paths.config(), paths.contents()]


def settings_files() -> list[Path]:
    """Return the files that say how the project is run, checked and published."""
    found = {path for pattern in (*SETTINGS, *IN_THE_WAY) for path in paths.root().glob(pattern) if path.is_file()}
    return sorted(path for path in found.difference(code_files()) if "__pycache__" not in path.parts)
