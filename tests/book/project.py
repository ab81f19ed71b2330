"""A small book with several waves, in a folder of its own, for tests that build whole editions."""

import re
import shutil
import socket
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.commands import COMMAND, give_environment, type_in
from tests.tiny_report import PARAMETERS, write_notebook, write_tiny_report

WAVE, SHARE = "2031", 61
CHAPTER = "chapters/01-parks.ipynb"
OPEN = """\
from surveybook import glue, open_wave
from surveybook.model.wording import Phrase

survey = open_wave(wave)
share = survey.estimates.query("item_id == 'walk' and response == 'chosen' and domain == ''")["share"].iloc[0]"""
GLUE = 'glue(share=Phrase(f"{100 * share:.0f}%", ("walk",)))'


def write_chapter(path: Path, title: str, *cells: str) -> None:
    """Write a chapter of a heading, the parameters, some cells of code and a share."""
    code: list[tuple[str, list[str], str]] = [("code", [], cell) for cell in (OPEN, *cells, GLUE)]
    head = [("markdown", [], f"# {title}\n\nWhat the survey shows."), ("code", ["parameters"], PARAMETERS)]
    path.write_text(write_notebook([*head, *code, ("markdown", [], "The share is {glue:text}`share`.")]))


@dataclass(frozen=True)
class Project:
    """A folder that holds the data and two short chapters of a tiny report."""

    root: Path

    @property
    def temporary(self) -> Path:
        """Where its processes put what they need for a while."""
        # Short, as such folders are: names of sockets in it may be no longer than the system allows.
        return Path(tempfile.gettempdir()) / f"sb{zlib.crc32(str(self.root).encode()):08x}"

    @property
    def site(self) -> Path:
        """The site of all editions."""
        return self.root / "_build/site"

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """Start ``surveybook`` with some words."""
        return subprocess.Popen(
            [sys.executable, "-c", COMMAND, *words], cwd=self.root, env=self.environment(), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def environment(self) -> dict[str, str]:
        """Return the environment of its commands."""
        return give_environment({"TMPDIR": str(self.temporary)})

    def build(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Build all editions here: the imports are done."""
        return type_in(self.root, "build", "--all", *words)

    def build_apart(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Build all editions in a process of its own, whose temporary folder is this project's."""
        process = self.start("build", "--all", *words)
        out, err = process.communicate(timeout=600)
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def add_wave(self, wave: str, share: int, *, synthetic: bool = True, ended: str = "2030-01") -> None:
        """Add a wave that is the first one with another share and another date."""
        folder = self.root / "data/waves" / wave
        shutil.copytree(self.root / "data/waves" / WAVE, folder)
        text = (folder / "wave.yml").read_text(encoding="utf-8").replace(f'id: "{WAVE}"', f'id: "{wave}"')
        text = text.replace(f'label: "{WAVE}"', f'label: "{"Synthetic" if synthetic else "Trial"} {wave}"')
        text = text.replace("synthetic: false", f"synthetic: {str(synthetic).lower()}")
        text = re.sub(r"(fieldwork: )[^(\n]*", rf"\g<1>{ended} ", text)
        text = re.sub(r'fieldwork_end: "[^"]*"', f'fieldwork_end: "{ended}"', text)
        text = re.sub(r'fieldwork_start: "[^"]*"', f'fieldwork_start: "{ended}"', text)
        (folder / "wave.yml").write_text(text, encoding="utf-8")
        self.set_share(wave, share)

    def set_share(self, wave: str, share: int) -> None:
        """Change the share that the chapters show."""
        path = self.root / "data/waves" / wave / "estimates.csv"
        path.write_text(re.sub(r"(?m)^(walk,.*?,number,)[^,]*", rf"\g<1>{share}", path.read_text()))

    def set_chapter(self, *cells: str, title: str = "Parks") -> None:
        """Change the code of the chapter."""
        write_chapter(self.root / CHAPTER, title, *cells)

    def page(self, name: str) -> str:
        """Return a page of the site of all editions."""
        return (self.site / name).read_text(encoding="utf-8")

    def left(self) -> list[str]:
        """Return what lies about that nobody needs any more."""
        half = re.compile(r"\.partial$|^stage|\.new$|\.old$")
        hidden = (path for path in (self.root / "_build").rglob("*") if half.search(path.name))
        return [*map(str, hidden), *(str(path) for path in self.temporary.iterdir())]


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_project(folder: Path, waves: Sequence[tuple[str, int]] = ()) -> Project:
    """Make the small book with its wave and some made-up ones."""
    project = Project(write_tiny_report(folder / "book"))
    project.temporary.mkdir()
    write_chapter(project.root / "index.ipynb", "A small book")
    project.set_chapter()
    for wave, share in waves:
        project.add_wave(wave, share)
    return project
