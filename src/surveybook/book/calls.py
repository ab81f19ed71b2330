"""Functions of the package called in processes of their own, forked from one that has done their imports.

Checking a wave and building its pages cost seconds of imports each, and Sphinx leaves traces in the process that
it ran in. Here each call gets a fresh process that has the imports already, and many run side by side.
"""

import contextlib
import json
import logging
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from surveybook.book.kernels import Preloaded, can_fork, temporary_folder
from surveybook.book.preloaded import CALLS, SOURCES
from surveybook.model import paths
from surveybook.model.problems import SurveybookError

LOG = logging.getLogger(__name__)
LONGEST_CALL_SECONDS = 1800
LAST_LINES = 20
ALONE = (
    f"import json, sys; sys.path.insert(0, {str(SOURCES)!r}); from surveybook.book.preloaded import call; "
    "call(json.loads(sys.stdin.read()))"
)


class Calls:
    """Where calls are made.

    Attributes
    ----------
    folder : Path
        Where they leave their answers.
    preloaded : Preloaded or None
        What forks them; None where each is an interpreter of its own.
    """

    def __init__(self, folder: Path, preloaded: Preloaded | None):
        self.folder, self.preloaded = folder, preloaded

    def call(
        self,
        module: str,
        function: str,
        arguments: Mapping[str, Any],
        *,
        environment: Mapping[str, str] | None = None,
        seconds: float = LONGEST_CALL_SECONDS,
    ) -> Any:
        """Return what a function returns, called in a process of its own.

        Parameters
        ----------
        module, function : str
            What to call.
        arguments : mapping
            By name; they and what is returned are what JSON can hold.
        environment : mapping, optional
            Variables that the process has on top of those of this one.
        seconds : float
            How long it may take.

        Raises
        ------
        SurveybookError
            What the function raises, or that its process ended or took too long.
        OSError
            When the system refused something, a full disk above all.
        """
        place = self.folder / uuid.uuid4().hex[:12]
        answer, said = place.with_suffix(".json"), place.with_suffix(".txt")
        request = {
            "module": module, "function": function, "arguments": dict(arguments), "answer": str(answer),
            "said": str(said), "environment": {**os.environ, **(environment or {})}, "folder": str(paths.root()),
        }  # fmt: skip
        try:
            ended = self._run(request, seconds)
            if not answer.is_file():
                lines = said.read_text(encoding="utf-8", errors="replace").splitlines() if said.is_file() else []
                why = "its process ended. Is there enough memory?" if ended else f"it took over {seconds:.0f} seconds."
                raise SurveybookError(
                    "\n".join([f"{function.replace('_', ' ').capitalize()}: {why}", *lines[-LAST_LINES:]])
                )
            found = json.loads(answer.read_text(encoding="utf-8"))
        finally:
            answer.unlink(missing_ok=True)
            said.unlink(missing_ok=True)
        if found.get("number"):
            raise OSError(found["number"], found["error"], found["file"] or None)
        if "error" in found:
            raise SurveybookError(found["error"])
        return found["value"]

    def _run(self, request: dict[str, Any], seconds: float) -> bool:
        """Run a call to its end; return False where it had to be stopped."""
        if self.preloaded:
            try:
                child = self.preloaded.fork(**request)
            except OSError as error:
                LOG.info("A call gets an interpreter of its own: %s", error)
            else:
                if child.wait(seconds) is None:
                    child.kill()
                    return False
                return True
        try:
            subprocess.run(
                [sys.executable, "-c", ALONE], input=json.dumps(request).encode(), cwd=paths.root(), check=False,
                env=request["environment"], timeout=seconds,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return False
        return True


@contextlib.contextmanager
def open_calls(*, preload: bool = True) -> Iterator[Calls]:
    """Give calls for as long as the block lasts; after it none of them runs."""
    with temporary_folder() as folder:
        preloaded = Preloaded(folder, CALLS) if preload and can_fork() else None
        try:
            yield Calls(folder, preloaded)
        finally:
            if preloaded:
                preloaded.close()
