"""What the newest packages would change: ``python -m tools.drift [pytest's arguments]``, as `make drift` runs it.

The packages that ``requirements.in`` allows are resolved anew into an environment that is thrown away, the tests run
there and every chapter is executed there. The lock, the project's environment and the stored chapters stay as they
are; the report is Markdown, and drift isn't a failure of this command.
"""

import re
import shutil
import subprocess
import sys
import venv
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from surveybook.book.chapters import read_parameters
from surveybook.book.comparing import Change, compare_files
from surveybook.model import paths

REPORT = (paths.build() / "drift") / "report.md"
BROKEN = (paths.build() / "drift") / "broken"
PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[\w,-]+\])?==([^\s;\\]+)", re.MULTILINE)
LAST_LINES = 30
# Run by the other environment's interpreter: the wave and the folder are its arguments.
EXECUTE = """
import sys
from pathlib import Path
from surveybook.book import execute_all
print("\\n".join(execute_all(sys.argv[1], Path(sys.argv[2]))))
"""


@dataclass(frozen=True)
class Outcome:
    """What came of a run of the tests.

    Attributes
    ----------
    passed, skipped : int
        How many.
    failed : mapping of str
        The first line of what went wrong, by test.
    """

    passed: int = 0
    skipped: int = 0
    failed: Mapping[str, str] = field(default_factory=dict)


class StepError(Exception):
    """A step that the rest needs did not run through; the message is the end of what it printed."""


def read_pins(requirements: str) -> dict[str, list[str]]:
    """Return the versions of each package of a lock: several where they depend on the interpreter or system."""
    pins: dict[str, list[str]] = {}
    for name, version in PIN.findall(requirements):
        pins.setdefault(name.lower(), []).append(version)
    return pins


def compare_pins(locked: Mapping[str, list[str]], newest: Mapping[str, list[str]]) -> list[tuple[str, str, str]]:
    """Return the packages that differ between two locks: name, version before and after, empty for none."""
    return [
        (name, ", ".join(locked.get(name, [])), ", ".join(newest.get(name, [])))
        for name in sorted({*locked, *newest})
        if locked.get(name) != newest.get(name)
    ]


def read_tests(junit: Path) -> Outcome:
    """Return what came of the tests, from pytest's JUnit file."""
    cases = list(ElementTree.parse(junit).getroot().iter("testcase"))
    wrong = {case: case.find("failure") if case.find("failure") is not None else case.find("error") for case in cases}
    failed = {
        f"{case.get('classname')}: {case.get('name')}": (fault.get("message") or "").strip().split("\n")[0]
        for case, fault in wrong.items()
        if fault is not None
    }
    skipped = sum(case.find("skipped") is not None for case in cases)
    return Outcome(len(cases) - len(failed) - skipped, skipped, failed)


def cell(text: str) -> str:
    """Return text as one cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(map(cell, line))} |" for line in lines]


def write_report(
    moved: Sequence[Sequence[str]], tests: Outcome | None, changes: Sequence[Change], problems: Sequence[str]
) -> str:
    """Return the report.

    Parameters
    ----------
    moved : sequence
        The packages that differ, as `compare_pins` gives them.
    tests : Outcome, optional
        What came of the tests; None where they didn't run.
    changes : sequence of Change
        The outputs that differ from the stored ones.
    problems : sequence of str
        What kept a step from running, as it was printed.
    """
    lines = ["# The newest packages against the lock", ""]
    lines += [f"Packages that differ: {len(moved)}." if moved else "Every package is the newest that is allowed.", ""]
    if moved:
        lines += [*table(["package", "locked", "newest"], moved), ""]
    for problem in problems:
        lines += ["This step did not run through:", "", "```text", problem, "```", ""]
    if tests:
        lines += [f"Tests: {tests.passed} passed, {len(tests.failed)} failed, {tests.skipped} skipped.", ""]
        if tests.failed:
            lines += [*table(["test", "what it says"], list(tests.failed.items())), ""]
    else:
        lines += ["The tests did not run.", ""]
    if changes:
        lines += [f"{len(changes)} stored outputs of chapters would change:", ""]
        rows = [(c.chapter, str(c.cell), c.output, ", ".join(c.figures), c.before, c.after) for c in changes]
        lines += [*table(["chapter", "cell", "output", "figures", "stored", "with the newest"], rows), ""]
    elif not problems:
        lines += ["Every chapter gives what is stored.", ""]
    return "\n".join(lines)


def run(*words: str | Path, needed: bool = True) -> str:
    """Run a command in the project's folder, and return what it printed.

    Raises
    ------
    StepError
        When it is needed and fails.
    """
    command = [str(word) for word in words]
    done = subprocess.run(command, cwd=paths.root(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if needed and done.returncode:
        said = done.stdout.strip().splitlines()[-LAST_LINES:]
        raise StepError("\n".join([f"{Path(command[0]).name} {' '.join(command[1:])}"[:200], *said]))
    return done.stdout


def resolve(python: Path, lock: Path) -> None:
    """Resolve ``requirements.in`` into a lock as `make lock` does, and install it and the project."""
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv")
    uv = python.with_name("uv")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    run(
        *(uv, "pip", "compile", paths.root() / "requirements.in", "--quiet", "--upgrade", "--no-header"),
        *("--no-emit-index-url", "--universal", "--python-version", version, "--output-file", lock),
    )
    run(uv, "pip", "install", "--quiet", "--python", python, "--requirement", lock)
    run(uv, "pip", "install", "--quiet", "--python", python, "--no-deps", "--editable", paths.root())


def execute_chapters(python: Path, folder: Path) -> tuple[list[str], list[Change]]:
    """Execute every chapter in another environment; return what failed, and what differs from what is stored."""
    wave = read_parameters(paths.landing_page())["wave"]
    failures = [line for line in run(python, "-c", EXECUTE, wave, folder).splitlines() if line.strip()]
    fresh = {chapter: folder / chapter.relative_to(paths.root()) for chapter in paths.chapters()}
    changes = [change for chapter, path in fresh.items() if path.exists() for change in compare_files(chapter, path)]
    return failures, changes


def main(arguments: Sequence[str]) -> None:
    """Find out what the newest packages change, and write the report."""
    shutil.rmtree((paths.build() / "drift"), ignore_errors=True)
    python, lock, junit = (
        (paths.build() / "drift") / "venv" / "bin" / "python",
        (paths.build() / "drift") / "requirements.txt",
        (paths.build() / "drift") / "tests.xml",
    )
    locked = read_pins((paths.root() / "requirements.txt").read_text(encoding="utf-8"))
    newest, tests = locked, None
    problems: list[str] = []
    changes: list[Change] = []
    try:
        venv.create((paths.build() / "drift") / "venv", with_pip=True)
        resolve(python, lock)
        print(run(python, "-m", "pytest", f"--junitxml={junit}", *arguments, needed=False)[-2000:])
        tests = read_tests(junit) if junit.exists() else None
        problems, changes = execute_chapters(python, (paths.build() / "drift") / "book")
    except StepError as failure:
        problems.append(str(failure))
    if lock.exists():
        newest = read_pins(lock.read_text(encoding="utf-8"))
    REPORT.write_text(write_report(compare_pins(locked, newest), tests, changes, problems), encoding="utf-8")
    if problems or changes or not tests or tests.failed:
        BROKEN.touch()
    print(f"The report is {paths.shown(REPORT)}.")


if __name__ == "__main__":
    main(sys.argv[1:])
