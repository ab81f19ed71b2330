"""What many editions cost, as ratios to one; and what kills, changes and nothing at all do to them.

Run as ``python benchmarks/editions.py [--waves 20] [--kills 20]``. Everything happens in a copy of the project with
synthetic waves (``benchmarks/waves.py``), on two cores at most. Wall-clock ratios mean something on a quiet machine
only, so that each is given in processor seconds too. The results go to ``benchmarks/editions.json``, from which
``benchmarks/simulation.py`` makes the page of results.
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from watching import Watch
from waves import make_waves

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from surveybook.book.storage import hash_site  # noqa: E402
from tests.book.project import Project, make_project  # noqa: E402

WAVE = "w1-synthetic"
RESULTS = ROOT / "benchmarks/editions.json"
COPIED = ("report.yml", "index.ipynb", "_config.yml", "_toc.yml", "requirements.txt", "CITATION.cff")
COMMAND = "from surveybook.cli import main; main()"


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
        moment, before = chance.uniform(0.05, 1.0) * min(usual), hash_site(project.site)
        project.set_share(wave, share)
        process = project.start("build", "--all")
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=moment)
            found["late"] += 1
        process.send_signal(signal.SIGKILL)
        process.communicate()
        after = hash_site(project.site)
        again = project.build()
        now = hash_site(project.site)
        found["kills"] += 1
        # The old site to the byte or, where the kill came after it had been exchanged, the new one to the byte.
        found["intact"] += after in (before, now)
        found["right"] += again.returncode == 0 and f"{share} per cent" in project.page(f"editions/{wave}/index.html")
        found["after_seconds"].append(round(moment, 1))
        found["left"] = project.left()
        yield found


@dataclass(frozen=True)
class Run:
    """What one command took."""

    wall: float
    cpu: float
    memory: int
    said: str
    status: int


class Book:
    """A copy of the project with synthetic waves."""

    def __init__(self, folder: Path, waves: int):
        self.root, self.temporary = folder / "book", folder / "t"
        self.temporary.mkdir(parents=True)
        leave = shutil.ignore_patterns("__pycache__", "responses_*", "*.egg-info")
        for name in ("src", "data", "chapters"):
            shutil.copytree(ROOT / name, self.root / name, ignore=leave)
        for name in COPIED:
            shutil.copy(ROOT / name, self.root / name)
        shutil.rmtree(self.root / "data/waves/example-synthetic", ignore_errors=True)
        self.waves = make_waves(self.root / "data", waves)

    def environment(self) -> dict[str, str]:
        """Return the environment of its commands."""
        return {**os.environ, "PYTHONPATH": str(self.root / "src"), "TMPDIR": str(self.temporary)}

    def start(self, *words: str, cores: int = 2) -> "subprocess.Popen[str]":
        """Start ``surveybook`` on so many cores."""
        able = sorted(os.sched_getaffinity(0))[:cores]
        return subprocess.Popen(
            [sys.executable, "-c", COMMAND, *words], cwd=self.root, env=self.environment(), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=lambda: os.sched_setaffinity(0, able),
        )  # fmt: skip

    def run(self, *words: str, cores: int = 2) -> Run:
        """Run ``surveybook`` to its end, watched."""
        start = time.monotonic()
        process = self.start(*words, cores=cores)
        watch = Watch(process.pid)
        said, _ = process.communicate()
        return Run(time.monotonic() - start, watch.close(), watch.highest, said, process.returncode)

    def build(self, *words: str, cores: int = 2) -> Run:
        """Build all editions."""
        return self.run("build", "--all", "--jobs", str(cores), *words, cores=cores)

    def clear(self) -> None:
        """Forget everything that was built."""
        shutil.rmtree(self.root / "_build", ignore_errors=True)

    def change(self, wave: str, share: int) -> None:
        """Change a figure of a wave."""
        path = self.root / "data/waves" / wave / "estimates.csv"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        cells = next(line for line in lines if line.startswith("t1p_custsat,")).split(",")
        changed = ",".join([*cells[:7], str(share), *cells[8:]])
        path.write_text(
            "".join(changed if line.startswith("t1p_custsat,") else line for line in lines), encoding="utf-8"
        )

    def disk(self) -> int:
        """Return the bytes on disk of all that was built, each file once however many names it has."""
        seen = {}
        for path in (self.root / "_build").rglob("*"):
            about = path.lstat()
            seen[about.st_ino] = about.st_blocks * 512
        return sum(seen.values())

    def left(self) -> list[str]:
        """Return what lies about in temporary folders and half-made ones."""
        half = [path for path in self.root.glob("_build/**/*") if path.name in (".site.new", ".site.old")]
        return [str(path) for path in (*half, *self.temporary.iterdir())]


def measured(run: Run) -> dict[str, Any]:
    """Return what a run took, for the results."""
    assert run.status == 0, run.said[-3000:]
    return {"wall_seconds": round(run.wall, 2), "cpu_seconds": round(run.cpu, 2), "memory_mb": run.memory // 10**6}


def measure_one(folder: Path) -> dict[str, Any]:
    """Return what one edition takes on one core, from nothing."""
    book = Book(folder, 1)
    run = book.run("build", book.waves[0], "--jobs", "1", cores=1)
    return {**measured(run), "disk_mb": round(book.disk() / 1e6, 1)}


def measure_many(book: Book, one: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield, as it comes to be known, what all editions take on two cores: anew, unchanged, with one wave changed."""
    made = len(book.waves) + 1
    per = made / 20
    whole = measured(book.build())
    found: dict[str, Any] = {
        "editions": made,
        "all": {**whole, "disk_mb": round(book.disk() / 1e6, 1)},
        "ratio_wall": round(whole["wall_seconds"] / one["wall_seconds"] / per, 2),
        "ratio_cpu": round(whole["cpu_seconds"] / 2 / one["cpu_seconds"] / per, 2),
        "left": book.left(),
    }
    yield found
    found["nothing_changed"] = measured(book.build())
    yield found
    book.change(book.waves[-1], 41)
    changed = measured(book.build())
    ratio = round(changed["cpu_seconds"] / one["cpu_seconds"], 2)
    yield {**found, "one_changed": changed, "ratio_one_changed_cpu": ratio, "left": book.left()}


def main() -> None:
    """Measure, print and store."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--waves", type=int, default=19, help="synthetic waves beside that of 2004")
    asked.add_argument("--kills", type=int, default=20)
    asked.add_argument("--only-kills", action="store_true")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        if not options.only_kills:
            save({"cores": 2, "load_before": os.getloadavg()[0], "one": (one := measure_one(Path(name, "one")))})
            print(f"one edition on one core: {one}")
            for many in measure_many(Book(Path(name, "many"), options.waves), one):
                save({"many": many, "load_after": os.getloadavg()[0]})
                print(many)
            print(f"20 over one: {many['ratio_wall']} by the clock, {many['ratio_cpu']} by processors (at most 11)")
        if options.kills:
            Path(name, "kills").mkdir()
            for found in kill_at_random(make_project(Path(name, "kills"), [(WAVE, 39)]), WAVE, options.kills):
                print({key: value for key, value in found.items() if key != "after_seconds"})
                save({"kills": found})


def save(results: dict[str, Any]) -> None:
    """Store results beside those that other measurements have left."""
    kept = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    RESULTS.write_text(json.dumps({**kept, **results}, indent=1) + "\n")


if __name__ == "__main__":
    main()
