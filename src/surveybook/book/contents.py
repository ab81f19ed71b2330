"""What an edition is made from, by content: the same files give the same key, whatever their dates.

Files are read once a `Contents`; a new one sees what has changed since.
"""

import hashlib
import json
import os
import platform
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from surveybook.model import paths

SOURCE = Path(__file__).resolve().parents[1]
# Changes whenever what is kept under a key changes its form.
FORM = 1
# Parts of the package that no chapter calls: how pages look, what a person types.
NOT_OF_CHAPTERS = ("sphinx_ext", "cli")
NOT_OF_PAGES = ("cli",)
# It holds a hash of every wave, and no chapter reads it.
PACKAGE_FILE = "datapackage.json"
SURROUNDINGS = ("SURVEYBOOK_BASEURL", "SURVEYBOOK_LOCALE", "SURVEYBOOK_PDF")


def hashed(content: bytes) -> str:
    """Return the hash of some bytes."""
    return hashlib.sha256(content).hexdigest()


def key_of(value: Any) -> str:
    """Return the hash of a value that JSON can hold."""
    return hashed(json.dumps(value, sort_keys=True, ensure_ascii=False).encode())[:40]


def files_under(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder in the order of their names, without what tools leave there."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__" and not name.startswith("."))
        yield from (Path(place, name) for name in sorted(names) if not name.startswith((".", "~")))


def code_of(chapter: bytes) -> str:
    """Return the hash of what a notebook holds without its outputs, which executing it replaces."""
    try:
        content = json.loads(chapter)
        cells = [[cell["cell_type"], cell["source"], cell["metadata"]] for cell in content["cells"]]
    except (ValueError, KeyError, TypeError):
        return hashed(chapter)  # it can't be executed, which is the run's to report
    return key_of(cells)


@dataclass(frozen=True)
class Contents:
    """The hashes of what editions are made from, each file read once."""

    _files: dict[Path, str] = field(default_factory=dict)

    def of(self, path: Path) -> str:
        """Return the hash of a file; nothing for one that isn't there."""
        if path not in self._files:
            try:
                content = path.read_bytes()
            except OSError:
                content = b""
            self._files[path] = code_of(content) if path.suffix == ".ipynb" else hashed(content)
        return self._files[path]

    def named(self, files: Iterable[Path], root: Path) -> dict[str, str]:
        """Return the hashes of files by their names under a folder."""
        return {path.relative_to(root).as_posix(): self.of(path) for path in files}

    @cached_property
    def surroundings(self) -> dict[str, str]:
        """What all editions rest on beside their data: lock and interpreter."""
        lock = self.of(paths.root() / "requirements.txt")
        return {"form": str(FORM), "lock": lock, "python": sys.version, "machine": platform.machine()}

    def package(self, without: tuple[str, ...]) -> dict[str, str]:
        """Return the hashes of the package's files but for some of its parts."""
        named = self.named(files_under(SOURCE), SOURCE)
        return {
            f"src/surveybook/{name}": value for name, value in named.items() if name.partition("/")[0] not in without
        }

    @cached_property
    def of_chapters(self) -> dict[str, str]:
        """The package, as far as chapters call it, and what else of the project they read."""
        return {**self.package(NOT_OF_CHAPTERS), **self.named([paths.citation()], paths.root())}

    @cached_property
    def of_pages(self) -> dict[str, str]:
        """The package, as far as pages are made with it, and the pages without code."""
        files = [paths.config(), paths.contents(), *paths.pages()]
        return {**self.package(NOT_OF_PAGES), **self.named(files, paths.root())}

    @cached_property
    def shared_data(self) -> dict[str, str]:
        """The data that all waves share: codebook, claims, evidence."""
        root, waves = paths.data(), paths.waves()
        kept = (path for path in files_under(root) if waves not in path.parents and path.name != PACKAGE_FILE)
        return {f"data/{name}": value for name, value in self.named(kept, root).items()}

    def data(self, waves: Iterable[str]) -> dict[str, str]:
        """Return the hashes of the data of some waves, and of what all share."""
        root = paths.data()
        own: dict[str, str] = {}
        for wave in sorted(set(waves)):
            own |= self.named(files_under(paths.waves() / wave), root)
        return {**self.shared_data, **{f"data/{name}": value for name, value in own.items()}}


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Return the names of the files that aren't what they were."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
