"""What the newest packages would change: ``python -m tools.drift [pytest's arguments]``, as `make drift` runs it.

The packages that ``requirements-dev.in`` allows are resolved anew into an environment that is thrown away, the tests
run there and every chapter is executed there. The lock, the project's environment and the stored chapters stay as
they are; the report is Markdown, and drift isn't a failure of this command.
"""

import shutil
import subprocess
import sys
import venv
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from surveybook.book.notebooks import compare_files, read_parameters
from surveybook.model import paths
from surveybook.model.problems import Fault
from surveybook.model.wording import write_markdown_table
from surveybook.verify.lock import PACKAGE, normalise_name, split_lock

WANTED, LOCK = "requirements-dev.in", "requirements-dev.txt"
LAST_LINES = 30
# Run by the other environment's interpreter: the wave and the folder are its arguments.
EXECUTE = """
import sys
from pathlib import Path
from surveybook.book.running import execute_chapters
from surveybook.model import paths
runs = execute_chapters(paths.chapters(), Path(sys.argv[2]), {"wave": sys.argv[1], "baseline": ""})
print("\\n".join(run.fault for run in runs))
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


def read_pins(text: str) -> dict[str, list[str]]:
    """Return the versions of each package of a lock: several where they depend on the interpreter or system.

    One without hashes is read too, such as uv resolves for a trial.
    """
    pins: dict[str, list[str]] = {}
    for _, entry, _ in split_lock(text):
        if match := PACKAGE.fullmatch(entry):
            pins.setdefault(normalise_name(match["name"]), []).append(match["version"])
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


def write_report(
    moved: Sequence[Sequence[str]], tests: Outcome | None, changes: Sequence[Fault], problems: Sequence[str]
) -> str:
    """Return the report.

    Parameters
    ----------
    moved : sequence
        The packages that differ, as `compare_pins` gives them.
    tests : Outcome, optional
        What came of the tests; None where they didn't run.
    changes : sequence of Fault
        The outputs that differ from the stored ones.
    problems : sequence of str
        What kept a step from running, as it was printed.
    """
    lines = ["# The newest packages against the lock", ""]
    lines += [f"Packages that differ: {len(moved)}." if moved else "Every package is the newest that is allowed.", ""]
    if moved:
        lines += [*write_markdown_table(["package", "locked", "newest"], moved), ""]
    for problem in problems:
        lines += ["This step did not run through:", "", "```text", problem, "```", ""]
    if tests:
        lines += [f"Tests: {tests.passed} passed, {len(tests.failed)} failed, {tests.skipped} skipped.", ""]
        if tests.failed:
            lines += [*write_markdown_table(["test", "what it says"], list(tests.failed.items())), ""]
    else:
        lines += ["The tests did not run.", ""]
    if changes:
        lines += [f"{len(changes)} stored outputs of chapters would change:", ""]
        rows = [(one.file, one.said, ", ".join(one.figures)) for one in changes]
        lines += [*write_markdown_table(["chapter", "what changes", "figures"], rows), ""]
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
    """Resolve what is wanted into a lock as `make lock` does, and install it and the project."""
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv")
    uv = python.with_name("uv")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    run(
        *(uv, "pip", "compile", paths.root() / WANTED, "--quiet", "--upgrade", "--no-header"),
        *("--no-emit-index-url", "--universal", "--python-version", version, "--output-file", lock),
    )
    run(uv, "pip", "install", "--quiet", "--python", python, "--requirement", lock)
    run(uv, "pip", "install", "--quiet", "--python", python, "--no-deps", "--editable", paths.root())


def execute_chapters(python: Path, folder: Path) -> tuple[list[str], list[Fault]]:
    """Execute every chapter in another environment; return what failed, and what differs from what is stored."""
    wave = read_parameters(paths.root() / paths.LANDING_PAGE)["wave"]
    failures = [line for line in run(python, "-c", EXECUTE, wave, folder).splitlines() if line.strip()]
    fresh = {chapter: folder / chapter.relative_to(paths.root()) for chapter in paths.chapters()}
    changes = [change for chapter, path in fresh.items() if path.exists() for change in compare_files(chapter, path)]
    return failures, changes


def main(arguments: Sequence[str]) -> None:
    """Find out what the newest packages change, and write the report."""
    folder = paths.build() / "drift"
    shutil.rmtree(folder, ignore_errors=True)
    python, lock, junit = folder / "venv/bin/python", folder / "requirements.txt", folder / "tests.xml"
    locked = read_pins((paths.root() / LOCK).read_text(encoding="utf-8"))
    tests: Outcome | None = None
    problems: list[str] = []
    changes: list[Fault] = []
    try:
        venv.create(folder / "venv", with_pip=True)
        resolve(python, lock)
        print(run(python, "-m", "pytest", f"--junitxml={junit}", *arguments, needed=False)[-2000:])
        tests = read_tests(junit) if junit.exists() else None
        problems, changes = execute_chapters(python, folder / "book")
    except StepError as failure:
        problems.append(str(failure))
    newest = read_pins(lock.read_text(encoding="utf-8")) if lock.exists() else locked
    report = write_report(compare_pins(locked, newest), tests, changes, problems)
    (folder / "report.md").write_text(report, encoding="utf-8")
    if problems or changes or not tests or tests.failed:
        (folder / "broken").touch()
    print(f"The report is {paths.shown(folder / 'report.md')}.")


if __name__ == "__main__":
    main(sys.argv[1:])
