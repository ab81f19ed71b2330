"""Executing chapters and building pages on this machine."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from surveybook.book.calls import Calls
from surveybook.book.chapters import execute
from surveybook.book.data import lay_out_data
from surveybook.book.engine import Reached
from surveybook.book.kernels import Kernels
from surveybook.book.plans import Plan, Run, named
from surveybook.book.site import build_pages
from surveybook.model import paths

MAKING = "surveybook.book.making"


class Local:
    """The engine of one machine: kernels and calls from processes that have done the imports."""

    def __init__(self, kernels: Kernels, calls: Calls, seconds: int):
        self.kernels, self.calls, self.seconds = kernels, calls, seconds
        self.jobs = os.cpu_count() or 1
        self._data: dict[str, Path] = {}

    def check(self, plan: Plan) -> None:
        """Check the data of a wave and its baseline, and estimate once what comes from respondents."""
        if estimated := self.calls.call(MAKING, "check_waves", {"waves": plan.waves}):
            folder = self.kernels.folder / f"data-{plan.wave}"
            lay_out_data(plan.waves, estimated, folder)
            self.set_data(plan.wave, folder)

    def set_data(self, wave: str, folder: Path) -> None:
        """Let the edition of a wave be made from another folder of data."""
        self._data[wave] = folder

    def environment(self, plan: Plan) -> dict[str, str]:
        """Return the variables that the processes of an edition have on top of those of this one."""
        folder = self._data.get(plan.wave)
        return {paths.DATA_VARIABLE: str(folder)} if folder else {}

    def execute(self, plan: Plan, run: Run, reached: Reached) -> bytes:
        """Return a chapter, executed."""
        parameters = {"wave": plan.wave, "baseline": plan.baseline}
        with tempfile.NamedTemporaryFile(dir=self.kernels.folder, suffix=".ipynb") as place:
            executed = Path(place.name)
            execute(
                run.source, executed, parameters, seconds=self.seconds, environment=self.environment(plan),
                kernels=self.kernels, reached=reached,
            )  # fmt: skip
            return executed.read_bytes()

    def pages(self, plan: Plan, stage: Path, executed: Mapping[str, Path]) -> Path:
        """Return the folder of an edition's pages."""
        chapters = None if plan.chapters is None else [named(source) for source in plan.chapters]
        arguments = {
            "wave": plan.wave, "baseline": plan.baseline, "stage": str(stage), "chapters": chapters,
            "runs": {place: str(path) for place, path in executed.items()},
        }  # fmt: skip
        environment = self.environment(plan)
        self.calls.call(MAKING, "lay_out_edition", arguments, environment=environment)
        if plan.address:
            environment["SURVEYBOOK_BASEURL"] = plan.address
        # Chapters refer to each other, so that a part of the book has references that lead nowhere.
        return build_pages(stage, strict=plan.chapters is None, calls=self.calls, environment=environment)
