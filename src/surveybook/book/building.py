"""Making editions: every run of a chapter and every building of pages is a task, and one pool works on all of them.

A wave's data are checked first, then its chapters run, then its pages are built; what another wave needs goes on
meanwhile. What is kept under the key of what it is made from isn't made again.
"""

import heapq
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from surveybook.book import keeping
from surveybook.book.contents import Contents, changed
from surveybook.book.engine import Engine
from surveybook.book.files import REMEDIES, held, recover, swap
from surveybook.book.options import Options
from surveybook.book.plans import Plan, Run, named, plan_edition
from surveybook.book.records import Known, intact, write_record
from surveybook.book.steps import Step
from surveybook.model.problems import SurveybookError

BUILT, UNCHANGED, FAILED = "built", "unchanged", "failed"
PAGES, RUNS, DATA = range(3)  # within a wave, what brings it to its end goes first


class ChangedError(SurveybookError):
    """What an edition is made from changed while it was made."""


@dataclass(frozen=True)
class Outcome:
    """What became of an edition.

    Attributes
    ----------
    plan : Plan
        What was to be made.
    state : str
        ``built``, ``unchanged`` or ``failed``.
    why : str
        What went wrong.
    runs : int
        How many chapters were executed; the others were kept.
    """

    plan: Plan
    state: str
    why: str = ""
    runs: int = 0


@dataclass
class Work:
    """How far one edition is."""

    plan: Plan
    place: int
    executed: dict[str, Path] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    why: str = ""

    @property
    def through(self) -> bool:
        """Whether all its chapters have run, well or not."""
        return len(self.executed) + len(self.failures) == len(self.plan.runs)


def build_editions(plans: Sequence[Plan], options: Options, known: Known | None = None) -> list[Outcome]:
    """Make the pages of editions, all that has changed and nothing else, and return what became of each.

    Parameters
    ----------
    plans : sequence of Plan
        The editions.
    options : Options
        How they are made.
    known : dict, optional
        Takes the hashes of the files of those pages that are as they were.
    """
    seen: Known = {} if known is None else known
    with ExitStack() as held_locks:
        # Always in the same order, or two builds could wait for each other.
        for plan in sorted(plans, key=lambda plan: plan.wave):
            told = f"Another build of wave {plan.wave} is running; waiting for it to end."
            held_locks.enter_context(held(plan.home / ".lock", partial(options.say, told)))
            recover(plan.pages)
            for left in plan.home.glob("stage*"):  # of a build that died: nobody else has the lock
                shutil.rmtree(left, ignore_errors=True)
        fresh = [not options.force and intact(plan.pages, plan.key, seen) for plan in plans]
        works = [Work(plan, place) for place, plan in enumerate(plans) if not fresh[place]]
        done: dict[str, Outcome] = {}
        if works:
            seen.clear()  # new files may get the numbers of old ones
            with options.opened(options.seconds) as engine:
                done = {outcome.plan.wave: outcome for outcome in work_through(works, engine, options)}
            keeping.forget_unused()
        return [done.get(plan.wave) or Outcome(plan, UNCHANGED) for plan in plans]


def work_through(works: Sequence[Work], engine: Engine, options: Options) -> Iterator[Outcome]:
    """Yield what became of each edition, as soon as that is known."""
    waiting: list[tuple[int, int, int]] = [(work.place, DATA, 0) for work in works]
    heapq.heapify(waiting)
    known = {work.place: work for work in works}
    running: dict[Future[Path | None], tuple[int, int, int]] = {}
    jobs = options.jobs or engine.jobs
    pool = ThreadPoolExecutor(jobs)
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                task = heapq.heappop(waiting)
                running[pool.submit(do, task, known[task[0]], engine, options)] = task
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                place, kind, number = running.pop(future)
                work = known[place]
                follow = after(work, kind, number, future)
                if follow is None:
                    yield Outcome(work.plan, FAILED if work.why else BUILT, work.why, len(work.made))
                for task in follow or ():
                    heapq.heappush(waiting, task)
    except BaseException:  # Ctrl-C above all: what runs ends with the engine, what waits must not begin
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def after(work: Work, kind: int, number: int, future: "Future[Path | None]") -> list[tuple[int, int, int]] | None:
    """Take note of how a task ended, and return those that it makes possible; None when the edition is through."""
    runs = work.plan.runs
    try:
        found = future.result()
    except Exception as error:  # of any kind: what is wrong with one edition mustn't end the others
        if isinstance(error, ChangedError):
            work.why = str(error)
        if kind == RUNS:
            work.failures[named(runs[number].source)] = told(error, named(runs[number].source))
        else:
            work.why = told(error, f"The {'data' if kind == DATA else 'pages'} of {work.plan.wave}")
    else:
        if kind == DATA:
            return [(work.place, RUNS, one) for one in range(len(runs))]
        if kind == RUNS and found is not None:
            work.executed[named(runs[number].source)] = found
    if kind == RUNS and not work.through:
        return []
    if kind == RUNS and not work.failures:
        return [(work.place, PAGES, 0)]
    if work.failures and not work.why:
        in_order = [named(run.source) for run in runs]
        work.why = failed([work.failures[name] for name in in_order if name in work.failures], len(runs))
    return None


def told(error: Exception, what: str) -> str:
    """Return what is said of an error: what to do about it where that is known, and its kind where it isn't."""
    if isinstance(error, SurveybookError):
        return str(error)
    if isinstance(error, OSError) and error.errno in REMEDIES:
        return f"{REMEDIES[error.errno]}. The last good edition stays as it was."
    return f"{what}: {type(error).__name__}: {error}"


def do(task: tuple[int, int, int], work: Work, engine: Engine, options: Options) -> Path | None:
    """Do a task: check the data, execute a chapter, or build the pages."""
    _, kind, number = task
    plan = work.plan
    if kind == RUNS:
        return execute_or_take(work, plan.runs[number], engine, options)
    name = "data" if kind == DATA else "pages"
    options.report(Step(plan.wave, name, 0, 1))
    try:
        if kind == DATA:
            engine.check(plan)
        else:
            make_pages(work, engine)
    except BaseException:
        options.report(Step(plan.wave, name, 0, 1, failed=True))
        raise
    options.report(Step(plan.wave, name, 1, 1))
    return None


def execute_or_take(work: Work, run: Run, engine: Engine, options: Options) -> Path:
    """Return the executed notebook of a run, from what is kept or made now."""
    last = Step(work.plan.wave, run.source.stem, 0, 1)
    if not options.force and (there := keeping.kept(run.key)):
        options.report(Step(work.plan.wave, run.source.stem, 1, 1))
        return there

    def reached(done: int, parts: int) -> None:
        nonlocal last
        last = Step(work.plan.wave, run.source.stem, done, parts)
        options.report(last)

    try:
        executed = engine.execute(work.plan, run, reached)
        unchanged_since(work.plan)
    except BaseException:
        options.report(Step(last.edition, last.name, last.done, last.parts, failed=True))
        raise
    work.made.append(named(run.source))  # several threads do
    options.report(Step(last.edition, last.name, last.parts, last.parts))
    return keeping.keep(run.key, executed)


def make_pages(work: Work, engine: Engine) -> None:
    """Build the pages of an edition from its executed chapters, and put them in the place of the last ones."""
    plan = work.plan
    stage = plan.home / "stage"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    try:
        built = engine.pages(plan, stage, work.executed)
        unchanged_since(plan)
        write_record(built, plan.key, stage)
        swap(built, plan.pages)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def unchanged_since(plan: Plan) -> None:
    """Make sure that what an edition is made from is still what it was when the build began.

    Raises
    ------
    ChangedError
        With the files that changed: what was made from some of the old and some of the new is of neither.
    """
    now = plan_edition(plan.wave, plan.baseline, Contents(), plan.chapters, plan.address)
    if now.key != plan.key:
        files = ", ".join(changed(plan.inputs, now.inputs)) or "the surroundings"
        raise ChangedError(
            f"While the edition of wave {plan.wave} was made, this changed: {files}. Nothing of it was published. "
            "Run the command again."
        )


def failed(failures: Sequence[str], chapters: int) -> str:
    """Return what is said of chapters that failed: which cell of each, and why, and what became of the rest."""
    listed = "\n".join("  " + line.replace("\n", "\n    ") for line in failures)
    rest = f"The other {chapters - len(failures)} did. " if chapters > len(failures) else ""
    return f"These chapters did not run through:\n{listed}\n{rest}The last good edition stays as it was."
