"""Where the time of one edition goes, step by step, in processor seconds. Run as ``python benchmarks/costs.py``.

Everything is done in turn, so that the parts add up: the imports, a kernel, checking the data, each chapter's own code,
laying the book out and building its pages, whose charts are drawn where they aren't kept.
"""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from watching import Watch

from surveybook.book import site
from surveybook.book.plans import list_data, plan_edition
from surveybook.book.processes import call_apart, end_processes
from surveybook.book.running import execute_chapter
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
    execute_chapter(empty, folder / "out.ipynb")
    note("imports of chapters, once, and a first kernel")
    execute_chapter(empty, folder / "out.ipynb")
    note("a kernel")
    call_apart(site.gather_release, "2004")
    note("check")
    notebooks = {}
    for source in paths.chapters():
        execute_chapter(source, folder / "run" / paths.shown(source), {"wave": "2004"})
        notebooks[paths.shown(source)] = (folder / "run" / paths.shown(source)).read_bytes()
        note(f"chapter {source.stem}")
    for name in ("pages, with their imports", "pages again"):
        call_apart(site.make_pages, "2004", "", "", notebooks | call_apart(site.make_extras, "2004", ""))
        note(name)
    end_processes()
    last = watch.seconds()
    for _ in range(REPEATS):
        plan = plan_edition("2004", "")
    note("look for changes")
    costs["look for changes"] = round(costs["look for changes"] / REPEATS, 4)
    costs["data sent with a task, kB"] = sum(path.stat().st_size for path in list_data(plan.waves).values()) // 1000
    watch.close()
    return costs


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        found = measure(Path(name))
    kept = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    RESULTS.write_text(json.dumps({**kept, "costs": found}, indent=1) + "\n")
    print(json.dumps(found, indent=1))
