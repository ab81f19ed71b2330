"""What comes of a command that somebody types in the folder of a report."""

import io
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

from surveybook.cli import main

COMMAND = "from surveybook.cli import main; main()"


def give_environment(environment: dict[str, str]) -> dict[str, str]:
    """Return the variables that a command sees: some on top of those that are none of ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SURVEYBOOK_")} | environment


def type_in(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Return what came of a command, which runs here: the imports are done, and so is what builds start with."""
    printed, said, code = io.StringIO(), io.StringIO(), 0
    around = mock.patch.dict(os.environ, give_environment({}), clear=True)
    typed = mock.patch.object(sys, "argv", ["surveybook", *words])
    with chdir(folder), around, typed, redirect_stdout(printed), redirect_stderr(said):
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    return subprocess.CompletedProcess(words, code, printed.getvalue(), said.getvalue())


def type_apart(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Return what came of a command in a process of its own, with some variables on top."""
    line, around = [sys.executable, "-c", COMMAND, *words], give_environment(environment)
    return subprocess.run(line, cwd=folder, env=around, capture_output=True, text=True, check=False)


def type_well(folder: Path, *words: str, **environment: str) -> str:
    """Return what a command printed that has to work; with variables of its own, it has a process of its own."""
    done = type_apart(folder, *words, **environment) if environment else type_in(folder, *words)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stdout + done.stderr
    return done.stdout
