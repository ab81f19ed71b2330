"""What 240 waves would take on one machine and on clusters, by the costs that were measured.

Run as ``python benchmarks/simulation.py`` after ``benchmarks/costs.py`` and ``benchmarks/editions.py``: it reads what
they stored in ``benchmarks/editions.json`` and writes the page of results, ``benchmarks/editions.md``. Every number of
the page comes from that file; nothing of the 240 waves is built here.
"""

import heapq
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("editions.json")
PAGE = RESULTS.with_suffix(".md")
WAVES = 240
AGAIN = {"one_changed": "one wave changed", "nothing_changed": "nothing changed"}
WORKERS = (1, 2, 10, 100)
PAGES, RUN, DATA = range(3)  # within a wave, what brings it to its end goes first
PAGES_KEY, LAID, CHECK = "pages, charts drawn", "lay out", "check"


@dataclass(frozen=True)
class Cluster:
    """What became of a simulated cluster.

    Attributes
    ----------
    workers : int
        How many it has, of one core each.
    seconds : float
        How long all editions take.
    busy : float
        The share of that time in which its workers work.
    """

    workers: int
    seconds: float
    busy: float


def tasks(costs: dict[str, float]) -> tuple[float, list[float], float]:
    """Return the processor seconds of a wave's check, of each of its chapters, and of its pages."""
    kernel = costs["a preloaded kernel"]
    chapters = [max(value, kernel) for name, value in costs.items() if name.startswith("chapter ")]
    return costs[CHECK], chapters, costs[LAID] + costs[PAGES_KEY]


def imports_of(costs: dict[str, float]) -> float:
    """Return the processor seconds of all imports; those of both processes overlap, so they are told together."""
    return costs["imports of chapters, once"] + costs["imports of calls, once, and a first check"] - costs[CHECK]


def simulate(costs: dict[str, float], workers: int, waves: int = WAVES) -> Cluster:
    """Return what a cluster makes of many waves: a free worker takes the first task of the pool's order.

    Each worker does its imports once. The machine that sends tasks handles their answers one after the other, which
    is what bounds a large cluster. Sending is taken to cost nothing else: no network was measured.
    """
    check, chapters, pages = tasks(costs)
    ready = [(wave, DATA, check) for wave in range(waves)]
    left = dict.fromkeys(range(waves), len(chapters))
    events: list[tuple[float, int, int, int]] = []  # when, whether an answer was handled, and of which task
    free, now, sender, worked = workers, imports_of(costs), 0.0, 0.0
    while ready or events:
        while ready and free:
            wave, kind, length = heapq.heappop(ready)
            free -= 1
            worked += length
            heapq.heappush(events, (now + length, 0, wave, kind))
        now, handled, wave, kind = heapq.heappop(events)
        if not handled:
            free += 1
            sender = max(sender, now) + costs["look for changes"]
            heapq.heappush(events, (sender, 1, wave, kind))
        elif kind == DATA:
            for length in chapters:
                heapq.heappush(ready, (wave, RUN, length))
        elif kind == RUN:
            left[wave] -= 1
            if left[wave] == 0:
                heapq.heappush(ready, (wave, PAGES, pages))
    return Cluster(workers, now, worked / (now * workers))


def table(head: list[str], rows: list[list[Any]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *([str(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def taken(run: dict[str, Any]) -> list[Any]:
    """Return what a run took, as cells."""
    return [run[key] for key in ("wall_seconds", "cpu_seconds", "memory_mb")]


def page(results: dict[str, Any]) -> Iterator[str]:
    """Yield the paragraphs of the page; what wasn't measured is left out."""
    yield "# What many editions cost"
    yield (
        "Made by `python benchmarks/simulation.py` from `benchmarks/editions.json`, which `benchmarks/costs.py` and "
        "`benchmarks/editions.py` write. All waves but 2004 are synthetic (`benchmarks/waves.py`): "
        "nobody answered them. "
        f"The load of the machine was {results['load_before']:.0f} when this was measured, on two cores: where that is "
        "more than the cores, others worked on it too, the clock says little, and processor seconds are more than they "
        "would be on a quiet one."
    )
    yield from where_time_goes(results["costs"])
    yield from measured(results)
    yield from simulated(results)


def where_time_goes(costs: dict[str, float]) -> Iterator[str]:
    """Yield what each step of one edition costs."""
    check, chapters, _ = tasks(costs)
    yield "## Where the time of one edition goes"
    rows = [
        [
            "an ordinary kernel without imports",
            costs["an ordinary kernel, without imports"],
            "each chapter, without preloading",
        ],
        ["what chapters, checks and pages import", round(imports_of(costs), 2), "once a build"],
        ["a preloaded kernel", costs["a preloaded kernel"], "each chapter"],
        ["checking the data", check, "each wave"],
        [f"executing {len(chapters)} chapters, kernels included", round(sum(chapters), 2), "each wave"],
        ["laying out, explorer, workbook", costs[LAID], "each wave"],
        ["Sphinx, with every chart drawn", costs[PAGES_KEY], "each wave whose charts are new"],
        ["Sphinx, charts kept from before", costs["pages, charts kept"], "each wave whose charts are not"],
        ["looking for files that changed", costs["look for changes"], "each chapter"],
    ]
    yield table(["step", "processor seconds", "paid"], rows)
    kept = costs["pages, charts kept"]
    whole = check + sum(chapters) + costs[LAID] + costs[PAGES_KEY]
    parts = (costs[PAGES_KEY] - kept, kept, sum(chapters))
    drawing, sphinx, executing = (f"{100 * part / whole:.0f}" for part in parts)
    yield (
        f"Of the {whole:.1f} s that a wave costs once the imports are done, drawing its charts takes "
        f"{drawing} per cent, the "
        f"rest of Sphinx {sphinx}, its chapters {executing}. Without preloading, {len(chapters)} kernels would do the "
        f"imports {len(chapters)} times."
    )


def measured(results: dict[str, Any]) -> Iterator[str]:
    """Yield what one edition and several took, and what kills did."""
    yield "## Measured: one edition, and several"
    one, many = results["one"], results.get("many")
    rows = [["one edition on one core", *taken(one), one["disk_mb"]]]
    if many:
        rows.append([f"{many['editions']} editions on two cores", *taken(many["all"]), many["all"]["disk_mb"]])
        rows += [[f"the same, {said}", *taken(many[key]), ""] for key, said in AGAIN.items() if key in many]
    yield table(["what", "clock, s", "processors, s", "memory, MB", "disk, MB"], rows)
    if many:
        yield from ratios(many, one)
    if kills := results.get("kills"):
        yield (
            f"A small book was killed (SIGKILL) at {kills['kills']} random moments, {kills['late']} of them too late: "
            f"{kills['intact']} times the last site was intact, {kills['right']} times the next build was right. "
            f"Left behind: {len(kills['left'])} files."
        )


def ratios(many: dict[str, Any], one: dict[str, Any]) -> Iterator[str]:
    """Yield what several editions cost over one."""
    yield (
        f"Per twenty editions, two cores take {many['ratio_wall']} times as long as one core for one edition by the "
        f"clock, and {many['ratio_cpu']} times by processor seconds (at most 11). "
        f"Left behind: {len(many['left'])} files."
    )
    if "ratio_one_changed_cpu" in many:
        yield f"One changed wave costs {many['ratio_one_changed_cpu']} of an edition made alone."
    memory = many["all"]["memory_mb"] / one["memory_mb"]
    disk = (many["all"]["disk_mb"] - one["disk_mb"]) / (many["editions"] - 1)
    yield (
        f"{many['editions']} editions with two jobs held {memory:.1f} times the memory of one with one job. Each "
        f"edition after the first took {disk:.1f} MB of disk."
    )


def simulated(results: dict[str, Any]) -> Iterator[str]:
    """Yield what clusters would make of very many waves."""
    costs = results["costs"]
    chapters = tasks(costs)[1]
    yield f"## Simulated: {WAVES} waves × {len(chapters)} chapters"
    yield (
        "Not run, but worked out from the costs above: a free worker takes the next task; every worker "
        "does its imports "
        "once; one machine sends the tasks and takes the answers in. No network was measured."
    )
    clusters = [simulate(costs, workers) for workers in WORKERS]
    yield table(
        ["cores or workers", "hours", "workers busy, %"],
        [[each.workers, f"{each.seconds / 3600:.2f}", f"{100 * each.busy:.0f}"] for each in clusters],
    )
    twenty = simulate(costs, 2, 20).seconds / simulate(costs, 1, 1).seconds
    yield (
        f"By the same costs, twenty editions on two cores take {twenty:.1f} times as long as one on one core. That "
        "too is worked out, not measured."
    )
    disk = results["one"]["disk_mb"] * WAVES / 1000
    sent = costs["data sent with a task, kB"] * (len(chapters) + 2) * WAVES / 1e6
    yield (
        f"If each edition takes the disk of one made alone, all take {disk:.1f} GB. A cluster is sent {sent:.1f} GB of "
        "data in all."
    )


def main() -> None:
    """Write the page."""
    results = json.loads(RESULTS.read_text())
    PAGE.write_text("\n\n".join(part.rstrip() for part in page(results)) + "\n", encoding="utf-8")
    print(f"Wrote {PAGE.name}.")


if __name__ == "__main__":
    main()
