"""What estimates from respondents cost, as ratios to R's `survey` and to the bare sums. Run with ``make bench``.

1. 1,000,000 respondents × 40 items, the whole and 5 domains, with weights and strata, from Parquet to finished
   estimates with intervals. R gets its data in memory beforehand, makes plain intervals and no design effects. The
   floor is the sums alone, as polars takes them where it is installed: no checks, no gaps, no variances.
2. Time from 10,000 to 10,000,000 respondents, and memory; and the exponent of the growth: 1 where ten times as many
   take ten times as long, less where what doesn't grow weighs in.

Every figure comes from a process of its own: the seconds without starting it, of the clock and of the processor
(which others on the machine disturb less), and the most memory it ever held. Targets that are missed end it with 1.
The sums of all standard errors are printed for R and for ours, which shows that both did the same work.
"""

import argparse
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ITEMS, PER_QUESTION, STRATA, GROUPS = 40, 5, 20, 5
ROWS = 1_000_000
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
BLOCK = 250_000
R_TIMES, FLOOR_TIMES, MEGABYTES, EXPONENT = 15, 2, 1_024, 1.05

OURS = """
import json, resource, sys, time
import pyarrow.parquet, scipy.special
from surveybook.respondents.design import Design, Domain, Indicator
from surveybook.respondents.estimates import estimate
start, busy = time.perf_counter(), time.process_time()
indicators = [Indicator(f"item{i}", f"item{i}", "chosen", f"question{i // 5}") for i in range(40)]
domains = [Domain("group", group, f"group={group}") for group in range(5)]
found = estimate(sys.argv[1], Design(weight="weight", strata="stratum"), indicators, domains=domains)
seconds = time.perf_counter() - start, time.process_time() - busy
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
print(json.dumps([*seconds, float(found.estimates["standard_error"].sum()), memory]))
"""
FLOOR = """
import itertools, json, sys, time
import polars
start, busy = time.perf_counter(), time.process_time()
weight = polars.col("weight")
square = weight * weight
sums = [polars.len(), weight.sum(), square.sum().alias("square")]
for first in range(0, 40, 5):
    items = [polars.col(f"item{i}") for i in range(first, first + 5)]
    sums += [(by * item).sum().alias(f"{n} {first} {i}") for n, by in enumerate((weight, square))
             for i, item in enumerate(items)]
    sums += [(square * one * other).sum().alias(f"{first} {i} {j}")
             for (i, one), (j, other) in itertools.combinations(enumerate(items), 2)]
polars.scan_parquet(sys.argv[1]).group_by("stratum", "group").agg(sums).collect()
print(json.dumps([time.perf_counter() - start, time.process_time() - busy]))
"""


def respondents(rows: int, seed: int) -> pa.Table:
    """Return made-up respondents: skewed weights, strata, a group and yes/no items that depend on it."""
    random = np.random.default_rng([2004, seed])
    group = random.integers(0, GROUPS, rows)
    columns = {
        "weight": random.gamma(4, 0.25, rows) + 0.1,
        "stratum": random.integers(0, STRATA, rows).astype("int16"),
        "group": group.astype("int8"),
    }
    for item in range(ITEMS):
        chance = 0.1 + 0.08 * (item % PER_QUESTION) + 0.01 * (item // PER_QUESTION) + 0.01 * group
        columns[f"item{item}"] = (random.random(rows) < chance).astype("int8")
    return pa.table(columns)


def write(path: Path, rows: int) -> Path:
    """Write respondents to a Parquet file, block by block."""
    blocks = [min(BLOCK, rows - start) for start in range(0, rows, BLOCK)]
    first = respondents(blocks[0], 0)
    with pq.ParquetWriter(path, first.schema) as writer:
        for number, size in enumerate(blocks):
            writer.write_table(respondents(size, number) if number else first)
    return path


def run(command: list[str]) -> str:
    """Return what a command prints last; nothing if it fails, having said why."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"  {command[0]} failed: {(done.stderr.strip().splitlines() or ['no message'])[-1][:200]}")
        return ""
    return (done.stdout.strip().splitlines() or [""])[-1]


@dataclass(frozen=True)
class Cost:
    """What one run took: seconds of the clock and of the processor, megabytes; and its standard errors' sum."""

    seconds: float
    busy: float
    errors: float = 0.0
    memory: float = 0.0

    def __str__(self) -> str:
        """Return the times."""
        return f"{self.seconds:.1f} s ({self.busy:.1f} s of the processor)"


def ours(path: Path) -> Cost:
    """Return what this project's estimates cost."""
    return Cost(*json.loads(run([sys.executable, "-c", OURS, str(path)])))


def with_r(path: Path) -> Cost | None:
    """Return what R's `survey` costs; None where there is no R."""
    if shutil.which("Rscript") is None:
        print("  R isn't here: apt-get install r-base-core r-cran-survey")
        return None
    table = pq.read_table(path)
    raw = path.with_suffix(".raw")
    with raw.open("wb") as file:
        for name in table.column_names:
            file.write(table[name].to_numpy().astype("float64").tobytes())
    script = str(Path(__file__).with_suffix(".R"))
    printed = run(["Rscript", script, str(raw), str(table.num_rows), str(ITEMS)]).split()
    raw.unlink()
    return Cost(*map(float, printed)) if printed else None


def with_polars(path: Path) -> Cost | None:
    """Return what the sums alone cost; None where polars isn't installed."""
    if importlib.util.find_spec("polars") is None:
        print("  polars isn't here: pip install polars")
        return None
    return Cost(*json.loads(run([sys.executable, "-c", FLOOR, str(path)])))


def judged(met: bool) -> str:
    """Return whether a target is met, in a word."""
    return "met" if met else "MISSED"


def measure_against_others(folder: Path, rows: int) -> list[bool]:
    """Print our time as a ratio to the time of others; return which targets are met."""
    path = write(folder / "respondents.parquet", rows)
    own = ours(path)
    fits = own.memory <= MEGABYTES
    print(f"{rows:,} respondents × {ITEMS} items × {GROUPS} domains: {own}, {own.memory:,.0f} MB")
    print(f"  at most {MEGABYTES:,} MB: {judged(fits)}")
    found = [fits]
    if (floor := with_polars(path)) is not None:
        ratio = own.seconds / floor.seconds
        found.append(ratio <= FLOOR_TIMES)
        print(f"the sums alone: {floor}: ours {ratio:.1f} times that ({own.busy / floor.busy:.1f} by processor)")
        print(f"  at most {FLOOR_TIMES} times: {judged(ratio <= FLOOR_TIMES)}")
    if (other := with_r(path)) is not None:
        ratio, busy = other.seconds / own.seconds, other.busy / own.busy
        found.append(ratio >= R_TIMES)
        print(f"R survey: {other}: {ratio:.1f} times ours ({busy:.1f} times by the processor)")
        print(f"  at least {R_TIMES} times: {judged(ratio >= R_TIMES)}")
        print(f"  standard errors add up to {other.errors:.12f} there and {own.errors:.12f} here")
    return found


def measure_growth(folder: Path, sizes: Sequence[int]) -> list[bool]:
    """Print time and memory as respondents grow tenfold; return which targets are met."""
    costs = []
    for rows in sizes:
        path = folder / f"{rows}.parquet"
        costs.append(own := ours(path if path.exists() else write(path, rows)))
        print(f"{rows:>10,} respondents: {own}, {own.busy / rows * 1e6:5.2f} µs each, {own.memory:5,.0f} MB")
    busy = [cost.busy for cost in costs]
    exponent = float(np.polyfit(np.log10(sizes), np.log10(busy), 1)[0])
    last, fits = float(np.log10(busy[-1] / busy[-2])), costs[-1].memory <= MEGABYTES
    print(f"  exponent {exponent:.2f} over all sizes, at most {EXPONENT}: {judged(exponent <= EXPONENT)}")
    print(f"  exponent {last:.2f} from {sizes[-2]:,} to {sizes[-1]:,}")
    print(f"  {sizes[-1]:,} within {MEGABYTES:,} MB: {judged(fits)}")
    return [exponent <= EXPONENT, fits]


def main() -> None:
    """Run all measurements; on a small machine with fewer respondents, as its arguments say."""
    parser = argparse.ArgumentParser(description="What estimates from respondents cost.")
    parser.add_argument("--rows", type=int, default=ROWS, help="respondents for the ratios")
    parser.add_argument("--most", type=int, default=SIZES[-1], help="respondents at the end of the growth")
    asked = parser.parse_args()
    sizes = [size for size in SIZES if size <= max(asked.most, SIZES[1])]
    with tempfile.TemporaryDirectory() as name:
        met = measure_against_others(Path(name), asked.rows) + measure_growth(Path(name), sizes)
    sys.exit(0 if all(met) else 1)


if __name__ == "__main__":
    main()
