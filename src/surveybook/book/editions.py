"""Editions made: all that has changed made anew and nothing else; whatever goes wrong, the last good pages stay."""

import contextlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surveybook.book.notebooks import LONGEST_RUN_SECONDS, change_parameters
from surveybook.book.plans import (
    Plan,
    choose_baseline,
    hash_inputs,
    key_state,
    list_data,
    list_pageless,
    make_key,
    order_waves,
    plan_edition,
    read_metadata,
)  # fmt: skip
from surveybook.book.publishing import check_writable, drop_made_up, publish_all, publish_one
from surveybook.book.storage import (
    ADDRESS_VARIABLE,
    REMEDIES,
    explain_refusals,
    find_kept,
    forget_unused,
    keep_content,
    lock_builds,
)  # fmt: skip
from surveybook.model import paths
from surveybook.model.problems import SurveybookError

if TYPE_CHECKING:
    from surveybook.book.running import Bundle, Submit

BUILT, UNCHANGED, FAILED = "built", "unchanged", "failed"


@dataclass(frozen=True)
class Step:
    """How far one part of an edition has come: its data, its chapters, its pages.

    Attributes
    ----------
    edition : str
        The wave.
    name : str
        What is worked on.
    done, parts : int
        How many parts of it, such as chapters, are through; and how many there are.
    failed : bool
        True when it ended without being through.
    """

    edition: str
    name: str
    done: int
    parts: int
    failed: bool = False

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.failed or self.done >= self.parts


@dataclass(frozen=True)
class Options:
    """How editions are made.

    Attributes
    ----------
    jobs : int, optional
        How many tasks run at once; as many as this machine, or the cluster, is good for otherwise.
    seconds : int
        How long a chapter may take.
    force : bool
        Whether to make everything anew, even what hasn't changed.
    report : callable
        Called with a `Step` whenever a part of an edition has come further.
    say : callable
        Called with a sentence for who waits.
    scheduler : str
        The address of a Dask scheduler that the tasks are sent to; empty for this machine.
    """

    jobs: int | None = None
    seconds: int = LONGEST_RUN_SECONDS
    force: bool = False
    report: Callable[[Step], None] = lambda step: None
    say: Callable[[str], None] = lambda sentence: None
    scheduler: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of an edition.

    Attributes
    ----------
    plan : Plan
        What it is made from.
    state, why : str
        ``built``, ``unchanged`` or ``failed``, and why it failed.
    runs : int
        How many chapters were executed.
    """

    plan: Plan
    state: str
    why: str = ""
    runs: int = 0

    @property
    def pages(self) -> Path | None:
        """The archive of the pages: of one that failed the last good ones, if there are any."""
        return find_kept("" if self.state == FAILED else self.plan.key, self.plan.folder)


@dataclass(frozen=True)
class Site:
    """The editions of all waves as one site.

    Attributes
    ----------
    outcomes : tuple of Outcome
        One an edition, in the order of the waves.
    folder : Path
        Where it is.
    latest : str
        The wave of its front page.
    """

    outcomes: tuple[Outcome, ...]
    folder: Path
    latest: str

    def describe(self) -> list[str]:
        """Return what became of the editions, as lines for a person."""
        counts = {state: [one for one in self.outcomes if one.state == state] for state in (BUILT, UNCHANGED, FAILED)}
        said = [f"{len(found)} {state}" for state, found in counts.items() if found]
        runs = sum(outcome.runs for outcome in self.outcomes)
        executed = f" {runs} chapter{'' if runs == 1 else 's'} executed." if runs else ""
        made = [f"  {one.plan.wave}: {one.runs} of {len(one.plan.runs)} chapters executed" for one in counts[BUILT]]
        return [*made, f"{len(self.outcomes)} editions: {', '.join(said)}.{executed} The latest is {self.latest}."]

    def complain(self) -> str:
        """Return which editions could not be made, why, and what became of their last ones; nothing if all were."""
        failed = [outcome for outcome in self.outcomes if outcome.state == FAILED]
        if not failed:
            return ""
        lines = [f"{len(failed)} of {len(self.outcomes)} editions could not be made; the others are in the site."]
        for outcome in failed:
            left = "its last good edition stays in the site" if outcome.pages else "the site has no edition of it"
            lines += [f"  {outcome.plan.wave} ({left}):", f"    {outcome.why.replace(chr(10), chr(10) + '    ')}"]
        return "\n".join([*lines, "Mend what is named and run the same command again: only these are made."])


def build_edition(
    wave: str, destination: Path | None = None, *, baseline: str = "", options: Options | None = None
) -> Path:
    """Make the whole edition of one wave: check, execute, build, swap in; and return the folder of the site.

    Parameters
    ----------
    wave, baseline : str
        The wave, and an earlier one to compare it with; several with commas between them make a series. Without
        one, what ``wave.yml`` names as ``baseline``.
    destination : Path, optional
        Where the site goes; ``_build/editions/<wave>/html`` otherwise.
    options : Options, optional
        How it is made.

    Raises
    ------
    SurveybookError
        When the data, a chapter or the pages fail; the last good site stays where it was.
    """
    if wave != Path(wave).name or not (paths.waves() / wave / "wave.yml").is_file():
        from surveybook.waves import find_wave

        find_wave(wave)  # says what is wrong
    options = options or Options()
    destination = destination or paths.build() / "editions" / wave / "html"
    with explain_refusals(), lock_builds(options.say):
        check_writable(destination)
        plan = plan_edition(wave, choose_baseline(wave, baseline))
        outcome = make_editions([plan], options)[0]
        if outcome.state == FAILED or not (pages := outcome.pages):
            raise SurveybookError(outcome.why or "Pages that were made went away. Run the command again.")
        publish_one(pages, explore_others(wave), destination)
    return destination


def build_all(destination: Path | None = None, *, baseline: str = "", options: Options | None = None) -> Site:
    """Make the editions of all waves, what has changed and nothing else, and one site of them.

    A wave that fails leaves the others as they are; its last good edition stays in the site.

    Parameters
    ----------
    destination : Path, optional
        Where the site goes; ``_build/site`` otherwise.
    baseline : str
        An earlier wave to compare each with; otherwise what each wave's ``wave.yml`` names as ``baseline``.
    options : Options, optional
        How the editions are made.

    Raises
    ------
    SurveybookError
        When there is no wave, no edition at all, or the site can't be written.
    """
    destination, options = destination or paths.build() / "site", options or Options()
    waves = order_waves(paths.list_waves())
    if not waves:
        raise SurveybookError(f"There is no wave in {paths.shown(paths.waves())}. `surveybook wave new` makes one.")
    base = os.environ.get(ADDRESS_VARIABLE, "").rstrip("/")
    with explain_refusals(), lock_builds(options.say):
        check_writable(destination)
        plans = [
            plan_edition(wave, choose_baseline(wave, baseline), address=f"{base}/editions/{wave}/" if base else "")
            for wave in waves
        ]
        outcomes = make_editions(plans, options)
        there = {one.plan.wave: pages for one in reversed(outcomes) if (pages := one.pages)}
        if not there:
            raise SurveybookError("\n".join(["No edition could be made:", *(outcome.why for outcome in outcomes)]))
        publish_all(there, destination)
    return Site(tuple(outcomes), destination, next(iter(there)))


def find_others(wave: str) -> dict[str, str]:
    """Return the waves that the explorer of an edition alone shows beside its own, with the keys of what it holds."""
    waves = [wave, *(other for other in reversed(paths.list_waves()) if other != wave)]
    others = drop_made_up({one: bool(read_metadata(one).get("synthetic")) for one in waves})[1:]
    return {other: make_key("explored", other, hash_inputs([other])) for other in others}


def keep_explored(wave: str, key: str) -> Path:
    """Keep what the explorer holds of a wave, and return its file."""
    from surveybook.exhibits.downloads import explorer_data
    from surveybook.waves import open_wave

    return keep_content(key, json.dumps(explorer_data(open_wave(wave)), ensure_ascii=False).encode())


def explore_others(wave: str) -> list[dict[str, Any]]:
    """Return what the explorer holds of the waves beside one, the latest first; a wave in disorder is left out."""
    found = []
    for other, key in find_others(wave).items():
        with contextlib.suppress(SurveybookError):
            there = find_kept(key) or keep_explored(other, key)
            found.append(json.loads(there.read_text(encoding="utf-8")))
    return found


def make_editions(plans: Sequence[Plan], options: Options) -> list[Outcome]:
    """Make the pages of editions, all that has changed and nothing else, and return what became of each."""
    stale = [plan for plan in plans if options.force or not find_kept(plan.key, plan.folder)]
    made: dict[str, Outcome] = {}
    if stale:
        # Here, because where nothing has changed nothing of it is needed.
        from surveybook.book.running import open_executor

        for name in list_pageless():
            options.say(f"{name} has no page: {paths.CONTENTS_FILE} doesn't list it.")
        forget_unused()
        state = key_state() if options.scheduler else ""
        with open_executor(options.jobs, options.scheduler, state) as (submit, jobs):
            # Each of these waits for the tasks of one edition; those of the next fill what it leaves idle.
            pool = ThreadPoolExecutor(min(jobs, len(stale)))
            make = partial(make_edition, submit=submit, options=options, alone=len(plans) == 1)
            try:
                made = {one.plan.wave: one for one in pool.map(make, stale)}
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
    return [made.get(plan.wave) or Outcome(plan, UNCHANGED) for plan in plans]


def make_edition(plan: Plan, submit: "Submit", options: Options, *, alone: bool) -> Outcome:
    """Make the pages of one edition, and return what became of it: what is wrong with one mustn't end the others.

    With `alone`, also what the explorer shows of other waves, while other things wait.
    """
    from surveybook.book.processes import call_apart
    from surveybook.book.running import Bundle, work_on
    from surveybook.book.site import draw_charts, make_extras, make_pages

    last, runs = Step(plan.wave, "data", 0, 1), 0

    def report(name: str, done: int, parts: int) -> None:
        nonlocal last
        last = Step(plan.wave, name, done, parts)
        options.report(last)

    try:
        report("data", 0, 1)
        data = gather_data(plan, submit, options)
        report("data", 1, 1)
        extras = submit(work_on, data, call_apart, make_extras, plan.wave, plan.baseline)
        if alone and not options.scheduler:
            for other, key in find_others(plan.wave).items():
                if not find_kept(key):
                    submit(work_on, data if other in plan.waves else Bundle(), call_apart, keep_explored, other, key)
        executed, runs = execute_plan(plan, data, submit, options, report)
        report("pages", 0, 1)
        files = {name: path.read_bytes() for name, path in executed.items()} | extras.result()
        edition = plan.wave, plan.baseline, plan.address
        making = submit(work_on, data, call_apart, make_pages, *edition, files)
        if not options.scheduler:  # drawings are kept on the machine that drew them
            submit(call_apart, draw_charts, [executed[name].read_bytes() for name in sorted(executed)])
        pages = making.result()
        check_unchanged(plan)
        kept = keep_content(plan.key, pages, plan.folder)
        for path in plan.folder.glob("[!.]*"):  # the last ones
            if path != kept:
                path.unlink()
        report("pages", 1, 1)
    except Exception as error:
        options.report(replace(last, failed=True))
        return Outcome(plan, FAILED, explain_failure(error, f"The {last.name} of {plan.wave}"), runs)
    return Outcome(plan, BUILT, runs=runs)


def gather_data(plan: Plan, submit: "Submit", options: Options) -> "Bundle":
    """Return the data of an edition for its tasks: its surveys, opened and checked once, and the files of a cluster's.

    On a cluster, figures that have to be estimated stand there as files in the place of respondents.
    """
    from surveybook.book.processes import call_apart
    from surveybook.book.running import Bundle, work_on
    from surveybook.book.site import gather_release, pack_surveys

    def read_files(estimated: Mapping[str, str]) -> dict[str, bytes]:
        there = {place: path.read_bytes() for place, path in list_data(plan.waves, estimated).items()}
        return {**there, **{place: text.encode() for place, text in estimated.items()}}

    files = read_files({}) if options.scheduler else {}
    data = Bundle(files)
    asked = [wave for wave in plan.waves if read_metadata(wave).get("responses")]
    checked = [submit(work_on, data, call_apart, gather_release, wave, bool(options.scheduler)) for wave in asked]
    opened = {wave: one.result() for wave, one in zip(asked, checked, strict=True)}
    if estimated := {place: text for _, release in opened.values() for place, text in release.items()}:
        files = read_files(estimated)
    surveys = {wave: survey for wave, (survey, _) in opened.items()}
    packed: bytes = submit(work_on, Bundle(files), call_apart, pack_surveys, plan.wave, plan.baseline, surveys).result()
    return Bundle({**files, paths.OPENED_FILE: packed})


def execute_plan(
    plan: Plan,
    data: "Bundle",
    submit: "Submit",
    options: Options,
    report: Callable[[str, int, int], None] = lambda name, done, parts: None,
) -> tuple[dict[str, Path], int]:
    """Return the executed chapters of an edition by name, and how many of them were executed now, not kept before.

    Raises
    ------
    SurveybookError
        When chapters don't run through: each with its cell and why, and what became of the rest.
    """
    from surveybook.book.running import execute_notebook, work_on

    executed = {} if options.force else {name: path for name, key in plan.runs.items() if (path := find_kept(key))}
    failures: dict[str, str] = {}
    futures = {}
    report("chapters", len(executed), len(plan.runs))
    for name in plan.runs:
        if name not in executed:
            source = paths.root() / name
            changed = change_parameters(source, {"wave": plan.wave, "baseline": plan.baseline})
            task = execute_notebook, name, source.read_bytes(), changed, options.seconds
            futures[submit(work_on, data, *task)] = name
    for future in as_completed(futures):
        name = futures[future]
        try:
            content = future.result()
            check_unchanged(plan)
            executed[name] = keep_content(plan.runs[name], content)
            report("chapters", len(executed), len(plan.runs))
        except ChangedError:
            raise
        except Exception as error:
            failures[name] = explain_failure(error, name)
    if failures:
        listed = [f"  {failures[name]}".replace("\n", "\n    ") for name in plan.runs if name in failures]
        rest = f"The other {len(executed)} did. " if executed else ""
        lines = ["These chapters did not run through:", *listed, f"{rest}The last good edition stays as it was."]
        raise SurveybookError("\n".join(lines))
    return executed, len(futures)


def execute_edition(wave: str, baseline: str) -> dict[str, Path]:
    """Return the executed chapters of an edition by name; those that aren't kept are executed."""
    from surveybook.book.running import Bundle, open_executor

    with lock_builds(lambda said: None), open_executor() as (submit, _):
        plan, options = plan_edition(wave, baseline), Options()
        data = Bundle() if all(map(find_kept, plan.runs.values())) else gather_data(plan, submit, options)
        return execute_plan(plan, data, submit, options)[0]


class ChangedError(SurveybookError):
    """What an edition is made from changed while it was made."""


def check_unchanged(plan: Plan) -> None:
    """Make sure that what an edition is made from is still what it was when the build began.

    Raises
    ------
    ChangedError
        With the files that changed: what was made from some of the old and some of the new is of neither.
    """
    now = plan_edition(plan.wave, plan.baseline, plan.address)
    if now.key != plan.key:
        changed = plan.find_changed(now)
        raise ChangedError(
            f"While the edition of wave {plan.wave} was made, this changed: {', '.join(changed) or 'the surroundings'}."
            " Nothing of it was published. Run the command again."
        )


def explain_failure(error: Exception, what: str) -> str:
    """Return what is said of an error: what to do about it where that is known, and its kind where it isn't."""
    if isinstance(error, SurveybookError):
        return str(error)
    if isinstance(error, OSError) and error.errno in REMEDIES:
        return f"{REMEDIES[error.errno]}. The last good edition stays as it was."
    return f"{what}: {type(error).__name__}: {error}"
