"""Where the time of one edition goes, step by step, in processor seconds. Run as ``python benchmarks/costs.py``.

One core does everything in turn, so that the parts add up: starting a kernel, the imports, each chapter's own code,
checking the data, laying the book out, building the pages with charts to draw and with charts already drawn.
"""

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from watching import Watch

from surveybook.book import building, site
from surveybook.book.calls import open_calls
from surveybook.book.chapters import execute
from surveybook.book.cluster import bundle
from surveybook.book.contents import Contents
from surveybook.book.data import files_of_waves
from surveybook.book.kernels import open_kernels
from surveybook.book.local import MAKING
from surveybook.book.plans import named, plan_edition
from surveybook.model import paths

REPEATS = 10
RESULTS = Path(__file__).with_name("editions.json")
EMPTY = {
    "cells": [
        {"cell_type": "code", "execution_count": None, "id": "a", "metadata": {"tags": ["parameters"]}, "outputs": [],
         "source": "wave = '2004'"},
    ],
    "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                 "language_info": {"name": "python"}},
    "nbformat": 4, "nbformat_minor": 5,
}  # fmt: skip


def measure(folder: Path) -> dict[str, Any]:
    """Return the processor seconds of each step."""
    watch = Watch(os.getpid())
    costs: dict[str, Any] = {}
    last = watch.seconds()

    def note(name: str) -> None:
        nonlocal last
        now = watch.seconds()
        costs[name], last = round(now - last, 2), now

    empty = folder / "empty.ipynb"
    empty.write_text(json.dumps(EMPTY))
    with open_kernels(preload=False) as kernels:
        execute(empty, folder / "out.ipynb", kernels=kernels)
    note("an ordinary kernel, without imports")
    with open_kernels() as kernels, open_calls() as calls:
        execute(empty, folder / "out.ipynb", kernels=kernels)
        note("imports of chapters, once")
        execute(empty, folder / "out.ipynb", kernels=kernels)
        note("a preloaded kernel")
        calls.call(MAKING, "check_waves", {"waves": ["2004"]})
        note("imports of calls, once, and a first check")
        calls.call(MAKING, "check_waves", {"waves": ["2004"]})
        note("check")
        for source in paths.chapters():
            execute(source, folder / "run" / named(source), {"wave": "2004"}, kernels=kernels)
            note(f"chapter {source.stem}")
        stage = folder / "book"
        stage.mkdir()
        runs = {named(source): str(folder / "run" / named(source)) for source in paths.chapters()}
        arguments = {"wave": "2004", "baseline": "", "stage": str(stage), "chapters": None, "runs": runs}
        calls.call(MAKING, "lay_out_edition", arguments)
        note("lay out")
        (stage / "_build/.charts").mkdir(parents=True)
        for name in ("pages, charts drawn", "pages, charts kept"):
            site.build_pages(stage, calls=calls)
            note(name)
            shutil.rmtree(stage / "_build/html")
            shutil.rmtree(stage / "_build/.doctrees")
        last = watch.seconds()
    for _ in range(REPEATS):
        building.unchanged_since(plan_edition("2004", "", Contents()))
    note("look for changes")
    costs["look for changes"] = round(costs["look for changes"] / 2 / REPEATS, 4)  # each looks twice
    costs["data sent with a task, kB"] = sum(map(len, bundle(files_of_waves(["2004"])).values())) // 1000
    watch.close()
    return costs


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        found = measure(Path(name))
    kept = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    RESULTS.write_text(json.dumps({**kept, "costs": found}, indent=1) + "\n")
    print(json.dumps(found, indent=1))
