"""What comparing with a baseline costs, as ratios. Run as ``python benchmarks/changes.py`` from a clone's root.

1. The code of all chapters, executed in this process with a baseline and without one, charts drawn as a chapter shows
   them: at most 1.3 times as long.
2. Comparing two waves of 1,500 figures, against two of 75: far less than in proportion, for a pass over both tables.

Processor seconds, each the least of several rounds that take turns: what else runs on the machine counts little.
"""

import gc
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from surveybook.change import compare_waves  # noqa: E402
from surveybook.model.survey import Survey  # noqa: E402
from surveybook.waves import open_wave  # noqa: E402

WAVE, BASELINE = "example-synthetic", "2004"
FIGURES, ROUNDS = 1_500, 3


def measure(task: Callable[[], object]) -> float:
    """Return how many processor seconds a task takes."""
    gc.collect()
    start = time.process_time()
    task()
    return time.process_time() - start


def compare_least(first: Callable[[], object], second: Callable[[], object]) -> tuple[float, float]:
    """Return the least processor seconds of two tasks that take turns."""
    rounds = [(measure(first), measure(second)) for _ in range(ROUNDS)]
    return min(pair[0] for pair in rounds), min(pair[1] for pair in rounds)


def run_chapters(baseline: str) -> None:
    """Execute the code of every chapter, one after the other, as a kernel would that has its imports done."""
    shell = InteractiveShell.instance()
    for path in (ROOT / "index.ipynb", *sorted((ROOT / "chapters").glob("*.ipynb"))):
        shell.reset(new_session=False)
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] != "code":
                continue
            with capture_output():
                done = shell.run_cell("".join(cell["source"]))
            done.raise_error()
            if "parameters" in cell["metadata"].get("tags", []):
                shell.push({"wave": WAVE, "baseline": baseline})


def enlarge_wave(survey: Survey, figures: int, seed: int) -> Survey:
    """Return a wave with so many figures: its own again and again, of made-up groups, with shares drawn anew."""
    own, random = survey.estimates, np.random.default_rng(seed)
    copies = [own.assign(domain="" if group == 0 else f"group={group}") for group in range(-(-figures // len(own)))]
    rows = pd.concat(copies, ignore_index=True).head(figures)
    moved = (rows["share"] + random.normal(0, 0.03, len(rows))).clip(0, 1).round(2)
    return replace(survey, estimates=rows.assign(share=moved), baseline=None)


def compare_anew(figures: int) -> Callable[[], object]:
    """Return a task that compares two waves of so many figures without what is kept from before."""
    now, before = (enlarge_wave(open_wave(BASELINE), figures, seed) for seed in (1, 2))
    return lambda: (compare_waves.cache_clear(), compare_waves(now, before))


def main() -> None:
    """Measure and print both ratios."""
    with_baseline, alone = compare_least(lambda: run_chapters(BASELINE), lambda: run_chapters(""))
    print(f"chapters of {WAVE}: {alone:.2f} s alone, {with_baseline:.2f} s against {BASELINE}: "
          f"{with_baseline / alone:.2f} times as long (at most 1.3)")  # fmt: skip
    large, small = compare_least(compare_anew(FIGURES), compare_anew(75))
    print(f"comparing two waves: {small:.3f} s for 75 figures, {large:.3f} s for {FIGURES:,}: "
          f"{large / small:.1f} times as long for {FIGURES / 75:.0f} times as many")  # fmt: skip


if __name__ == "__main__":
    main()
