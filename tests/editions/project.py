"""A small book with several waves, in a folder of its own, for tests that build whole editions."""

import contextlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from surveybook.book.records import hashes
from surveybook.model import paths

COMMAND = "from surveybook.cli import main; main()"
PARAMETERS = 'wave = "2004"\nbaseline = ""\nconfidence = 0.95'
OPEN = """\
import sys
from pathlib import Path

sys.path.insert(0, str(next(p / "src" for p in [Path.cwd(), *Path.cwd().parents] if (p / "src/surveybook").is_dir())))
from surveybook.model.notebook import glue
from surveybook.waves import open_wave
from surveybook.model.wording import Phrase

survey = open_wave(wave)
shares = survey.estimates.query("population == 'public' and domain == '' and response == 'chosen'").set_index("item_id")
share = shares.loc["customer_satisfaction", "share"]"""
GLUE = 'glue(share=Phrase(f"{100 * share:.0f} per cent", ("t1p_custsat",)))'


def notebook(title: str, *cells: str) -> Any:
    """Return a chapter of a heading, the parameters and some cells of code."""
    made = nbformat.v4.new_notebook(metadata={"kernelspec": {"display_name": "Python 3", "name": "python3"}})
    made.cells = [
        nbformat.v4.new_markdown_cell(f"# {title}\n\nWhat the survey shows."),
        nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
        *(nbformat.v4.new_code_cell(cell) for cell in cells),
        nbformat.v4.new_markdown_cell("The share is {glue:text}`share`."),
    ]
    for place, cell in enumerate(made.cells):
        cell.id = f"cell-{place:02d}"
    return made


@dataclass(frozen=True)
class Project:
    """A folder that holds the package, the data and two short chapters."""

    root: Path

    @property
    def temporary(self) -> Path:
        """Where its processes put what they need for a while."""
        return self.root.parent / "t"

    @property
    def site(self) -> Path:
        """The site of all editions."""
        return self.root / "_build/site"

    def environment(self, **extra: str) -> dict[str, str]:
        """Return the environment of its commands."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SURVEYBOOK_")}
        return {**kept, "PYTHONPATH": str(self.root / "src"), "TMPDIR": str(self.temporary), **extra}

    def start(self, *words: str, **options: Any) -> "subprocess.Popen[str]":
        """Start ``surveybook`` with some words."""
        return subprocess.Popen(
            [sys.executable, "-c", COMMAND, *words], cwd=self.root, env=self.environment(), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options,
        )  # fmt: skip

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run ``surveybook`` with some words to its end."""
        process = self.start(*words)
        out, err = process.communicate(timeout=600)
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def build(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Build all editions."""
        return self.run("build", "--all", *words)

    def add_wave(self, wave: str, share: int, *, synthetic: bool = True, ended: str = "2010-01") -> None:
        """Add a wave that is 2004's with another share and another date."""
        folder = self.root / "data/waves" / wave
        shutil.copytree(self.root / "data/waves/2004", folder)
        text = (folder / "wave.yml").read_text(encoding="utf-8").replace('id: "2004"', f'id: "{wave}"')
        text = text.replace('label: "2004"', f'label: "Synthetic {wave}"' if synthetic else f'label: "Trial {wave}"')
        text = text.replace("synthetic: false", f"synthetic: {str(synthetic).lower()}")
        text = re.sub(r'fieldwork_end: "[^"]*"', f'fieldwork_end: "{ended}"', text)
        (folder / "wave.yml").write_text(text, encoding="utf-8")
        self.set_share(wave, share)

    def set_share(self, wave: str, share: int) -> None:
        """Change the share that the chapters show."""
        path = self.root / "data/waves" / wave / "estimates.csv"
        text = re.sub(
            r"(?m)^(t1p_custsat,.*?,number,)[^,]*(,)", rf"\g<1>{share}\g<2>", path.read_text(encoding="utf-8")
        )
        path.write_text(text, encoding="utf-8")

    def set_chapter(self, *cells: str, name: str = "chapters/02-quality.ipynb") -> None:
        """Change the code of a chapter."""
        nbformat.write(notebook("Quality", OPEN, *cells, GLUE), self.root / name)

    def page(self, name: str) -> str:
        """Return a page of the site of all editions."""
        return (self.site / name).read_text(encoding="utf-8")

    def left(self) -> list[str]:
        """Return what lies about that nobody needs any more."""
        hidden = (
            path
            for path in (self.root / "_build").rglob("*")
            if re.search(r"\.partial$|^stage|\.new$|\.old$", path.name)
        )
        return [*map(str, hidden), *(str(path) for path in self.temporary.iterdir())]


def make_project(folder: Path, waves: Sequence[tuple[str, int]] = ()) -> Project:
    """Make the small book with 2004 and some made-up waves."""
    root = folder / "book"
    unneeded = shutil.ignore_patterns("__pycache__", "responses_*")
    shutil.copytree(paths.root() / "src/surveybook", root / "src/surveybook", ignore=unneeded)
    shutil.copytree(paths.root() / "data", root / "data", ignore=unneeded)
    shutil.rmtree(root / "data/waves/example-synthetic", ignore_errors=True)
    for name in ("_config.yml", "requirements.txt"):
        shutil.copy(paths.root() / name, root / name)
    part = "parts:\n  - caption: The report\n    chapters:\n      - file: chapters/02-quality\n"
    (root / "_toc.yml").write_text(f"format: jb-book\nroot: index\n{part}")
    (root / "chapters").mkdir()
    (folder / "t").mkdir()
    nbformat.write(notebook("A small book", OPEN, GLUE), root / "index.ipynb")
    project = Project(root)
    project.set_chapter()
    for wave, share in waves:
        project.add_wave(wave, share)
    return project


def editions_of(project: Project) -> dict[str, Any]:
    """Return what a site says of its editions."""
    read: dict[str, Any] = json.loads(project.page("editions.json"))
    return read


def kill_at_random(project: Project, wave: str, kills: int, seed: int = 5) -> Iterator[dict[str, Any]]:
    """Kill builds of a small book at random moments, and yield after each what has become of all of them so far.

    Yields
    ------
    dict
        ``kills``; how often the process had ended before (``late``); how often the last site was then ``intact``;
        how often the next build was ``right``; and what is ``left`` lying about.
    """
    chance = random.Random(seed)
    project.build()
    usual = []
    for share in (40, 41):
        project.set_share(wave, share)
        start = time.monotonic()
        project.build()
        usual.append(time.monotonic() - start)
    found: dict[str, Any] = {"kills": 0, "late": 0, "intact": 0, "right": 0, "left": [], "after_seconds": []}
    for share in range(42, 42 + kills):
        moment, before = chance.uniform(0.05, 1.0) * min(usual), hashes(project.site)
        project.set_share(wave, share)
        process = project.start("build", "--all")
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=moment)
            found["late"] += 1
        process.send_signal(signal.SIGKILL)
        process.communicate()
        after = hashes(project.site)
        again = project.build()
        now = hashes(project.site)
        found["kills"] += 1
        # The old site to the byte or, where the kill came after it had been exchanged, the new one to the byte.
        found["intact"] += after in (before, now)
        found["right"] += again.returncode == 0 and f"{share} per cent" in project.page(f"editions/{wave}/index.html")
        found["after_seconds"].append(round(moment, 1))
        found["left"] = project.left()
        yield found
