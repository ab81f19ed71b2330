"""What comes of a command that somebody types in the folder of a report."""

import os
import subprocess
import sys
from pathlib import Path

COMMAND = "from surveybook.cli import main; main()"


def type_in(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Return what came of a command, with some variables on top of those that are none of ours."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("SURVEYBOOK_")}
    line, around = [sys.executable, "-c", COMMAND, *words], {**given, **environment}
    return subprocess.run(line, cwd=folder, env=around, capture_output=True, text=True, check=False)


def type_well(folder: Path, *words: str, **environment: str) -> str:
    """Return what a command printed that has to work."""
    done = type_in(folder, *words, **environment)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stdout + done.stderr
    return done.stdout
