"""What estimates from respondents cost, as ratios to R's `survey` and Python's `svy`. Run with ``make bench``.

1. 1,000,000 respondents × 40 items, the whole and 5 domains, with weights and strata, from Parquet to finished
   estimates with intervals. R gets its data in memory beforehand, makes plain intervals and no design effects; svy
   makes the same shares, design effects and logit intervals. Only ours has covariances within questions as well.
2. Time from 10,000 to 10,000,000 respondents, and memory, by the default engine and streaming.

Every figure comes from a process of its own: the seconds without starting it, and the most memory it ever held.
The sums of all standard errors are printed for R and for ours, which shows that both did the same work.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ITEMS, PER_QUESTION, STRATA, GROUPS = 40, 5, 20, 5
ROWS = 1_000_000
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
BLOCK = 250_000
BUILD = Path(__file__).resolve().parent.parent / "_build"

OURS = """
import json, resource, sys, time
from whyict.estimation import Design, Domain, Indicator, estimate
start = time.perf_counter()
indicators = [Indicator(f"item{i}", f"item{i}", "chosen", f"question{i // 5}") for i in range(40)]
domains = [Domain("group", group, f"group={group}") for group in range(5)]
found = estimate(sys.argv[1], Design("weight", "stratum"), indicators, domains=domains, engine=sys.argv[2])
seconds = time.perf_counter() - start
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
print(json.dumps([seconds, float(found.estimates["standard_error"].sum()), memory]))
"""
SVY = """
import json, sys, time
import polars, svy
start = time.perf_counter()
sample = svy.Sample(polars.read_parquet(sys.argv[1]), svy.Design(stratum="stratum", wgt="weight"))
items = [f"item{i}" for i in range(40)]
found = [sample.estimation.prop(items, deff="wr"), sample.estimation.prop(items, by="group", deff="wr")]
print(json.dumps([time.perf_counter() - start]))
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


def ours(path: Path, engine: str = "pandas") -> tuple[float, float, float]:
    """Return seconds, the sum of standard errors and megabytes of this project's estimates."""
    seconds, errors, memory = json.loads(run([sys.executable, "-c", OURS, str(path), engine]))
    return seconds, errors, memory


def with_r(path: Path) -> tuple[float, float] | None:
    """Return seconds and the sum of standard errors of R's `survey`; None where there is no R."""
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
    return (float(printed[0]), float(printed[1])) if printed else None


def with_svy(path: Path) -> float | None:
    """Return the seconds of `svy`, in an environment of its own; None where it can't be installed."""
    python = BUILD / "svy" / "bin" / "python"
    if not python.exists():
        run([sys.executable, "-m", "venv", str(BUILD / "svy")])
        run([str(python), "-m", "pip", "install", "--quiet", "svy"])
    printed = run([str(python), "-c", SVY, str(path)])
    return json.loads(printed)[0] if printed else None


def measure_against_others(folder: Path) -> None:
    """Print our time as a ratio to the time of others."""
    path = write(folder / "respondents.parquet", ROWS)
    seconds, errors, memory = ours(path)
    print(f"{ROWS:,} respondents × {ITEMS} items × {GROUPS} domains: {seconds:.1f} s, {memory:,.0f} MB (at most 1,024)")
    theirs = with_r(path)
    if theirs:
        print(f"R survey: {theirs[0]:.1f} s; {theirs[0] / seconds:.1f} times ours (at least 10)")
        print(f"  standard errors add up to {theirs[1]:.12f} there and {errors:.12f} here")
    other = with_svy(path)
    if other:
        print(f"svy: {other:.1f} s; {other / seconds:.1f} times ours (at least 3)")


def measure_growth(folder: Path) -> None:
    """Print time and memory as respondents grow tenfold."""
    for engine in ("pandas", "polars"):
        for rows in SIZES:
            path = folder / f"{rows}.parquet"
            seconds, _, memory = ours(path if path.exists() else write(path, rows), engine)
            each = seconds / rows * 1e6
            print(f"{engine}, {rows:>10,} respondents: {seconds:6.2f} s, {each:5.2f} µs each, {memory:5,.0f} MB")


def main() -> None:
    """Run all measurements."""
    with tempfile.TemporaryDirectory() as name:
        measure_against_others(Path(name))
        measure_growth(Path(name))


if __name__ == "__main__":
    main()
