"""The editions of all waves as one site."""

from dataclasses import dataclass
from pathlib import Path

from surveybook.book.building import BUILT, FAILED, UNCHANGED, Outcome, build_editions
from surveybook.book.contents import Contents
from surveybook.book.files import said_plainly
from surveybook.book.options import Options
from surveybook.book.plans import address_of, baseline_of, in_order, plan_edition
from surveybook.book.publishing import check_writable, publish_all
from surveybook.book.records import Known, read_record
from surveybook.model import paths
from surveybook.model.problems import SurveybookError


@dataclass(frozen=True)
class Made:
    """What became of all editions.

    Attributes
    ----------
    outcomes : tuple of Outcome
        One an edition, in the order of the waves.
    site : Path
        The folder of the site.
    latest : str
        The wave of its front page.
    kept : tuple of str
        Waves that failed whose last good edition is still in the site.
    """

    outcomes: tuple[Outcome, ...]
    site: Path
    latest: str
    kept: tuple[str, ...]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The editions that could not be made."""
        return tuple(outcome for outcome in self.outcomes if outcome.state == FAILED)

    def lines(self) -> list[str]:
        """Return what became of the editions, as lines for a person."""
        counts = {state: [one for one in self.outcomes if one.state == state] for state in (BUILT, UNCHANGED, FAILED)}
        said = [f"{len(found)} {state}" for state, found in counts.items() if found]
        runs = sum(outcome.runs for outcome in self.outcomes)
        executed = f" {runs} chapter{'' if runs == 1 else 's'} executed." if runs else ""
        made = [f"  {one.plan.wave}: {one.runs} of {len(one.plan.runs)} chapters executed" for one in counts[BUILT]]
        return [*made, f"{len(self.outcomes)} editions: {', '.join(said)}.{executed} The latest is {self.latest}."]

    def complaint(self) -> str:
        """Return which editions could not be made, why, and what became of their last ones."""
        parts = []
        for outcome in self.failed:
            wave = outcome.plan.wave
            left = "its last good edition stays in the site" if wave in self.kept else "the site has no edition of it"
            why = outcome.why.replace("\n", "\n    ")
            parts.append(f"  {wave} ({left}):\n    {why}")
        count = len(self.failed)
        head = f"{count} of {len(self.outcomes)} editions could not be made; the others are in the site."
        return "\n".join([head, *parts, "Mend what is named and run the same command again: only these are made."])


def all_waves() -> list[str]:
    """Return the waves that there are, from the earliest to the latest.

    Raises
    ------
    SurveybookError
        When there are none.
    """
    found = [path.parent.name for path in paths.waves().glob("*/wave.yml")]
    if not found:
        raise SurveybookError(f"There is no wave in {paths.shown(paths.waves())}. `surveybook wave new` makes one.")
    return in_order(found)


def build_all(destination: Path | None = None, *, baseline: str = "", options: Options | None = None) -> Made:
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
    destination = destination or paths.build() / "site"
    options, ordered = options or Options(), all_waves()
    with said_plainly():
        check_writable(destination)
        contents, seen = Contents(), Known()
        plans = [
            plan_edition(wave, baseline_of(wave, baseline), contents, address=address_of(wave)) for wave in ordered
        ]
        outcomes = build_editions(plans, options, seen)
        there = {plan.wave: plan.pages for plan in reversed(plans) if read_record(plan.pages)}
        if not there:
            raise SurveybookError("\n".join(["No edition could be made:", *(outcome.why for outcome in outcomes)]))
        latest = next(iter(there))
        publish_all(there, latest, destination, seen)
    kept = tuple(outcome.plan.wave for outcome in outcomes if outcome.state == FAILED and outcome.plan.wave in there)
    return Made(tuple(outcomes), destination, latest, kept)
