"""The edition of one wave, as a site of its own."""

from collections.abc import Callable, Sequence
from pathlib import Path

from surveybook.book.building import FAILED, build_editions
from surveybook.book.chapters import LONGEST_RUN_SECONDS
from surveybook.book.contents import Contents
from surveybook.book.files import said_plainly
from surveybook.book.options import Options
from surveybook.book.plans import baseline_of, plan_edition
from surveybook.book.publishing import check_writable, publish_one
from surveybook.book.steps import Report, unseen
from surveybook.model import paths
from surveybook.model.problems import SurveybookError


def build_edition(
    wave: str,
    destination: Path | None = None,
    *,
    baseline: str = "",
    chapters: Sequence[Path] | None = None,
    jobs: int | None = None,
    seconds: int = LONGEST_RUN_SECONDS,
    force: bool = False,
    report: Report = unseen,
    say: Callable[[str], None] = lambda _: None,
) -> Path:
    """Make the whole edition of one wave: check, execute, build, swap in.

    Parameters
    ----------
    wave, baseline : str
        The wave, and an earlier one to compare it with; several with commas between them make a series. Without
        one, what ``wave.yml`` names as ``baseline``.
    chapters : sequence of Path, optional
        The notebooks to execute and build, the landing page always among them; all of them otherwise.
    destination : Path, optional
        Where the site goes; ``_build/editions/<wave>/html`` otherwise.
    jobs : int, optional
        How many chapters run at once.
    seconds : int
        How long a chapter may take.
    force : bool
        Whether to make everything anew, even what hasn't changed.
    report : callable
        Called with a `Step` whenever a part of the edition has come further: data, a chapter, pages.
    say : callable
        Called with a sentence for who waits.

    Returns
    -------
    Path
        The folder of the site.

    Raises
    ------
    SurveybookError
        When the data, a chapter or the pages fail; the last good site stays where it was.
    """
    from surveybook.waves import find_wave

    wave = find_wave(wave).name
    with said_plainly():
        destination = destination or paths.build() / "editions" / wave / "html"
        check_writable(destination)
        contents = Contents()
        plan = plan_edition(wave, baseline or baseline_of(wave), contents, chapters)
        options = Options(jobs=jobs, seconds=seconds, force=force, report=report, say=say)
        outcome = build_editions([plan], options)[0]
        if outcome.state == FAILED:
            raise SurveybookError(outcome.why)
        publish_one(plan, destination, contents)
    return destination
