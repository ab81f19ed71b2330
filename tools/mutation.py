"""Mutation testing: changes the code in small ways, one at a time, and sees whether the tests notice.

Run as ``python -m tools.mutation [--sample N] [--jobs N] [room ...]``, which ``make mutation`` does. Mutants are
mutmut's. Its own runner starts pytest anew for each of them, which takes hours for these rooms; here pytest collects
once, and each mutant is a fork of that process, which runs the tests that reach the changed function, the quickest
first, until one fails.

A mutant that survives and isn't in ``survivors.csv`` fails the run, and so does a share of killed ones below 90 %.
The sample is drawn by a hash of each change, so that it is the same as long as a function is.
"""

import argparse
import csv
import difflib
import hashlib
import os
import resource
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[1]
COPY = PROJECT / "_build" / "mutation"
SURVIVORS = PROJECT / "tools" / "survivors.csv"
# Which tests have to notice a change of which package.
TESTS = {
    "stats": ("tests/stats",),
    "claims": ("tests/claims",),
    "respondents": ("tests/respondents", "tests/reference"),
}
NEEDED = ("src", "tests", "data", "chapters", "index.ipynb", "report.yml", "pyproject.toml", "_config.yml", "_toc.yml")
LEAST_KILLED = 0.90
# A dozen examples of a property are enough to notice most mutants; the tests themselves try more.
EXAMPLES = 12
SECONDS_A_TEST, TIMES_A_TEST = 3.0, 5.0
OPTIONS = ("-q", "-c", "pyproject.toml", *(f"-p{name}" for name in ("no:cacheprovider", "no:xdist", "no:nbval")))
KILLED, SURVIVED, UNREACHED = 1, 0, 3


@dataclass(frozen=True)
class Mutant:
    """One change to one function.

    Attributes
    ----------
    name : str
        Module and function, with a number.
    package : str
        The package that it is of.
    before, after : str
        The lines that differ, as they stand and as they are changed.
    """

    name: str
    package: str
    before: str
    after: str

    @property
    def function(self) -> str:
        """The function's module and name, without the number."""
        module, _, function = self.name.partition("__mutmut_")[0].rpartition(".")
        return f"{module}.{function.removeprefix('x_').replace('xǁ', '').replace('ǁ', '.')}"

    @property
    def lot(self) -> str:
        """What the sample is drawn by: the same for the same change, whatever changes elsewhere."""
        return hashlib.sha256(f"{self.function}\n{self.before}\n{self.after}".encode()).hexdigest()


def copy_project() -> None:
    """Copy what the tests need; a copy of before is taken away."""
    shutil.rmtree(COPY, ignore_errors=True)
    COPY.mkdir(parents=True)
    for name in NEEDED:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, COPY / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules", "_build"))
        else:
            shutil.copy2(source, COPY / name)


def mutate(package: str) -> Iterator[Mutant]:
    """Put every mutant of a package into the copy's source, dormant, and yield them."""
    from mutmut.mutation.file_mutation import mutate_file_contents

    for path in sorted((COPY / "src/surveybook" / package).glob("*.py")):
        mutated = mutate_file_contents(str(path), path.read_text(encoding="utf-8"))
        path.write_text(mutated.code, encoding="utf-8")
        lines = mutated.code.splitlines()
        spans = mutated.line_span_by_function_name
        for short in mutated.mutant_names:
            original = short.partition("__mutmut_")[0] + "__mutmut_orig"
            texts = [lines[spans[name].start - 1 : spans[name].end] for name in (original, short)]
            changed = [line for line in difflib.unified_diff(*texts, n=0) if "__mutmut_" not in line][2:]
            before, after = (" ".join(line[1:].strip() for line in changed if line[0] == sign) for sign in "-+")
            yield Mutant(f"surveybook.{package}.{path.stem}.{short}", package, before, after)


# What every test has to let live, in the order and the process in which mutants meet them.
UNCHANGED = Mutant("nothing", "", "", "")


class Forks:
    """The pytest plugin: one clean run that records which test reaches which function, then a fork for each mutant."""

    def __init__(self, mutants: Sequence[Mutant], jobs: int) -> None:
        self.mutants, self.jobs = mutants, jobs
        self.reached: dict[str, set[str]] = {}
        self.seconds: dict[str, float] = {}
        self.outcomes: dict[str, int] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests as they are, then for each mutant those that reach it."""
        self.run_clean(session)
        if session.testsfailed:
            raise session.Failed("The tests fail without any mutant: mend that first.")
        waiting: dict[int, Mutant] = {self.fork(session, UNCHANGED): UNCHANGED}
        self.collect(waiting)
        if self.outcomes.pop(UNCHANGED.name) != SURVIVED:
            raise session.Failed("The tests fail in a fork, or in another order, without any mutant: mend that first.")
        for mutant in self.mutants:
            while len(waiting) >= self.jobs:
                self.collect(waiting)
            waiting[self.fork(session, mutant)] = mutant
        while waiting:
            self.collect(waiting)
        return True

    def run_clean(self, session: pytest.Session) -> None:
        """Run every test once, noting how long it takes and which functions it reaches."""
        from hypothesis import settings
        from mutmut.mutation import trampoline

        hits: set[str] = set()
        trampoline.record_trampoline_hit = lambda name, caller=None: hits.add(name)
        os.environ["MUTANT_UNDER_TEST"] = "stats"
        for place, item in enumerate(session.items):
            test: Any = getattr(item.obj, "__func__", item.obj)  # type: ignore[attr-defined]
            if chosen := getattr(test, "_hypothesis_internal_use_settings", None):
                test._hypothesis_internal_use_settings = settings(chosen, max_examples=EXAMPLES)
            hits.clear()
            began = time.process_time()
            run(item, session.items[place + 1] if place + 1 < len(session.items) else None)
            self.seconds[item.nodeid] = time.process_time() - began
            for name in hits:
                self.reached.setdefault(name, set()).add(item.nodeid)
        os.environ["MUTANT_UNDER_TEST"] = ""

    def fork(self, session: pytest.Session, mutant: Mutant) -> int:
        """Start a process in which the mutant is awake; return its id."""
        from mutmut.mutation.trampoline import set_mutant_under_test

        function = mutant.name.partition("__mutmut_")[0]
        named = set(self.seconds) if mutant is UNCHANGED else self.reached.get(function, set())
        items = sorted((i for i in session.items if i.nodeid in named), key=lambda i: self.seconds[i.nodeid])
        if pid := os.fork():
            return pid
        outcome = KILLED
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            set_mutant_under_test(mutant.name)
            outcome = UNREACHED if not items else SURVIVED
            for place, item in enumerate(items):
                # What never ends is killed too: the signal ends the process.
                signal.setitimer(signal.ITIMER_PROF, SECONDS_A_TEST + TIMES_A_TEST * self.seconds[item.nodeid])
                run(item, items[place + 1] if place + 1 < len(items) else None)
                if session.testsfailed:
                    outcome = KILLED
                    break
        finally:
            os._exit(outcome)

    def collect(self, waiting: dict[int, Mutant]) -> None:
        """Wait for one process to end and note what became of its mutant."""
        pid, status = os.wait()
        if mutant := waiting.pop(pid, None):
            self.outcomes[mutant.name] = os.WEXITSTATUS(status) if os.WIFEXITED(status) else KILLED
            told = {KILLED: "killed", SURVIVED: "SURVIVED", UNREACHED: "REACHED BY NO TEST"}
            with (COPY / "log.txt").open("a") as log:
                print(told.get(self.outcomes[mutant.name], "killed"), mutant.name, file=log)


def run(item: pytest.Item, following: pytest.Item | None) -> None:
    """Run one test with its fixtures."""
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


def listed() -> dict[tuple[str, str, str], str]:
    """Return the survivors that are known, each with the reason."""
    with SURVIVORS.open(encoding="utf-8", newline="") as file:
        return {(row["function"], row["before"], row["after"]): row["reason"] for row in csv.DictReader(file)}


def judged(package: str, mutants: Sequence[Mutant], outcomes: dict[str, int]) -> Iterator[str]:
    """Yield what is wrong with the outcome of a package; print it all."""
    alive = [mutant for mutant in mutants if outcomes[mutant.name] in (SURVIVED, UNREACHED)]
    share = 1 - len(alive) / len(mutants)
    print(f"{package}: {len(mutants) - len(alive)} of {len(mutants)} mutants killed, {100 * share:.1f} per cent.")
    known = listed()
    for mutant in alive:
        key = (mutant.function, mutant.before, mutant.after)
        if not known.get(key):
            print(f"  {mutant.function}\n    - {mutant.before}\n    + {mutant.after}")
            yield f"{mutant.function}: a mutant survives that survivors.csv doesn't explain."
    if share < LEAST_KILLED:
        yield f"{package}: {100 * share:.1f} per cent of mutants killed; at least {100 * LEAST_KILLED:.0f} have to be."


def main() -> int:
    """Try the mutants of some packages; return 1 when something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", nargs="*", default=list(TESTS), help=f"of {', '.join(TESTS)}; all without any")
    parser.add_argument("--sample", type=int, default=300, help="how many mutants a package; 0 for all")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--write", type=Path, help="write all survivors as CSV")
    given = parser.parse_args()
    copy_project()
    mutants = {package: sorted(mutate(package), key=lambda one: one.lot) for package in given.packages}
    os.chdir(COPY)
    sys.path.insert(0, str(COPY))
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
    chosen = {package: every[: given.sample or None] for package, every in mutants.items()}
    outcomes: dict[str, int] = {}
    wrong: list[str] = []
    for package, some in chosen.items():
        print(f"{package}: {len(some)} of {len(mutants[package])} mutants are tried.", flush=True)
        plugin = Forks(some, given.jobs)
        code = pytest.main([*OPTIONS, *TESTS[package]], plugins=[plugin])
        if code or len(plugin.outcomes) < len(some):
            wrong.append(f"{package}: the tests didn't run through.")
            continue
        outcomes |= plugin.outcomes
        wrong += judged(package, some, outcomes)
    if given.write:
        with given.write.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["function", "before", "after", "reason"])
            known = listed()
            for one in (mutant for some in chosen.values() for mutant in some):
                if outcomes.get(one.name) in (SURVIVED, UNREACHED):
                    key = (one.function, one.before, one.after)
                    writer.writerow([*key, known.get(key, "")])
    print("\n".join(wrong) or "Every survivor is explained.")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
