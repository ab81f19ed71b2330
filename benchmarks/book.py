"""What the book costs, as ratios to what can't be avoided. Run with ``make bench``.

1. Executing all chapters, against starting as many kernels that import pandas and Altair and nothing else.
2. Building the pages with the charts drawn once, against a plain ``jupyter-book build`` of the same notebooks
   with the settings that Jupyter Book ships; the first, cold build is reported beside it.
3. The whole of ``make book``, an edition with a baseline over the same without one, and one in which nothing changed.

Half of the chapters are executed too, to show that the cost grows linearly.

Everything is measured in this one run, each figure as the median of several rounds, the sides taking turns.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jupyter_client.manager import start_new_kernel

from surveybook.book.editions import Options, build_edition
from surveybook.book.running import execute_chapters
from surveybook.book.site import build_pages, lay_out
from surveybook.model import paths
from surveybook.waves import open_wave

ROUNDS = 3
WAVE, COMPARED = "2004", "example-synthetic"
PLAIN_CONFIG = """\
title: plain
only_build_toc_files: true
execute:
  execute_notebooks: "off"
bibtex_bibfiles: [data/references.bib]
"""


def seconds(task: Callable[[], object]) -> float:
    """Return how long a task takes."""
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def in_turn(*tasks: Callable[[], object]) -> list[float]:
    """Return the median seconds of tasks that take turns."""
    rounds = [[seconds(task) for task in tasks] for _ in range(ROUNDS)]
    return [statistics.median(own) for own in zip(*rounds, strict=True)]


def start_bare_kernels(count: int) -> None:
    """Start kernels that import what every chapter draws with, as many at once as there are cores."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(start_bare_kernel, range(count)))


def start_bare_kernel(_: int) -> None:
    """Start a kernel, import what every chapter draws with, and stop it."""
    manager, client = start_new_kernel(kernel_name="python3", stderr=subprocess.DEVNULL)
    client.execute_interactive("import pandas, altair", output_hook=lambda message: None)
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def measure_execution(chapters: list[Path], folder: Path) -> None:
    """Print the cost of executing the chapters over that of as many bare kernels."""
    ours, bare = in_turn(lambda: execute_chapters(chapters, folder / "run"), lambda: start_bare_kernels(len(chapters)))
    said = f"execute {len(chapters)} chapters: {ours:.1f} s; as many bare kernels: {bare:.1f} s"
    print(f"{said}; ratio {ours / bare:.2f} (at most 1.50)")


def stage_book(folder: Path) -> Path:
    """Return a folder with the stored chapters and all that a build needs."""
    for source in paths.chapters():
        target = folder / source.relative_to(paths.root())
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
    lay_out(open_wave(WAVE), folder)
    return folder


def build_plainly(stage: Path) -> None:
    """Build the same notebooks as Jupyter Book would, from nothing."""
    shutil.rmtree(stage / "_build", ignore_errors=True)
    subprocess.run([Path(sys.executable).with_name("jupyter-book"), "build", stage], check=True, capture_output=True)


def build_ours(stage: Path) -> None:
    """Build our pages from nothing but the charts already drawn."""
    shutil.rmtree(stage / "_build/html", ignore_errors=True)
    shutil.rmtree(stage / "_build/.doctrees", ignore_errors=True)
    build_pages(stage)


def measure_pages(folder: Path) -> None:
    """Print the cost of our pages over that of a plain build, warm and cold."""
    ours, plain = stage_book(folder / "ours"), stage_book(folder / "plain")
    (plain / "_config.yml").write_text(PLAIN_CONFIG)
    cold = ours / "_build/.charts"
    cold.mkdir(parents=True)
    first = seconds(lambda: build_ours(ours))
    warm, bare = in_turn(lambda: build_ours(ours), lambda: build_plainly(plain))
    print(f"build the pages: {warm:.1f} s; a plain build: {bare:.1f} s; ratio {warm / bare:.2f} (at most 1.10)")
    print(f"the first, cold build, which draws every chart: {first:.1f} s; ratio {first / bare:.2f}")


def measure_book(folder: Path) -> None:
    """Print what the whole book takes, what one with a baseline takes over one without, and one that is unchanged."""
    anew = Options(force=True)
    compared, alone, published = in_turn(
        lambda: build_edition(COMPARED, folder / "compared", baseline=WAVE, options=anew),
        lambda: build_edition(COMPARED, folder / "alone", options=anew),
        lambda: build_edition(WAVE, folder / "site", options=anew),
    )
    print(f"the whole edition, {len(paths.chapters())} chapters: {published:.1f} s (at most 60)")
    print(f"one with a baseline: {compared:.1f} s; ratio to the same without: {compared / alone:.2f} (at most 1.30)")
    print(f"ratio to one whose figures needn't be estimated from respondents: {compared / published:.2f}")
    command = [Path(sys.executable).with_name("surveybook"), "build", WAVE, "--output", folder / "site"]
    unchanged = seconds(lambda: subprocess.run(command, check=True, capture_output=True))
    print(f"an edition in which nothing changed: {unchanged:.1f} s (at most 2)")


def main() -> None:
    """Run all measurements."""
    chapters = paths.chapters()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measure_execution(chapters[: len(chapters) // 2], folder)
        measure_execution(chapters, folder)
        measure_pages(folder)
        measure_book(folder)


if __name__ == "__main__":
    main()
