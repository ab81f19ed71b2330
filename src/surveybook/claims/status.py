"""Claims against a later wave: whether each still holds, with a change tested as a change.

That a verdict differs between two waves is no evidence of a change: one may lie just inside a limit and the
other just outside. So the share, or the distance between two shares, that the claim turns on is itself
compared between the waves, as between two independent samples.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from surveybook.change import compare_waves
from surveybook.claims.claim import Claim
from surveybook.claims.claim_test import ClaimTest
from surveybook.claims.evidence import Evidence, Figure, gather_evidence
from surveybook.claims.judgement import CONTRADICTED, HOLDS, NOT_CHECKABLE, Judgement
from surveybook.claims.text_tests import NotCheckable
from surveybook.claims.verdicts import COLUMNS, make_row
from surveybook.model.problems import SurveybookError
from surveybook.model.survey import Survey
from surveybook.model.wording import listing, number, span

STILL_HOLDS, NO_LONGER, NOW_HOLDS = "still holds", "no longer", "now holds"
STILL_DOES_NOT, CANT_TELL = "still does not hold", "can't tell"
NOT_ASKED, NOT_COMPARABLE = "not asked", "not comparable"
STATUSES = (STILL_HOLDS, NOW_HOLDS, NO_LONGER, STILL_DOES_NOT, CANT_TELL, NOT_ASKED, NOT_COMPARABLE)


@dataclass(frozen=True)
class Quantity:
    """What a claim turns on in one wave: a share, or the distance between two shares, with its interval (0-1)."""

    name: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Change:
    """The change of a quantity from an earlier wave to a later one, with its interval (-1 to 1)."""

    before: Quantity
    after: Quantity
    low: float
    high: float

    @property
    def is_shown(self) -> bool:
        """Whether the interval excludes 0."""
        return self.low > 0 or self.high < 0

    @property
    def words(self) -> str:
        """The change as part of a sentence."""
        moved = 100 * (self.after.value - self.before.value)
        return (
            f"{self.after.name} went from {number(100 * self.before.value)} to {number(100 * self.after.value)}, "
            f"a change of {number(moved)} points ({span(self.low, self.high)})"
        )


def judge_against(claims: Iterable[Claim], survey: Survey) -> pd.DataFrame:
    """Return what a wave has to say to each claim, and whether that is a change from its baseline.

    Parameters
    ----------
    claims : iterable of Claim
        From `read_claims`.
    survey : Survey
        The wave, with the earlier one as its baseline.

    Returns
    -------
    pandas.DataFrame
        As from `judge_claims` for the wave, with ``status``, one of `STATUSES`, and ``status_reason``.

    Raises
    ------
    SurveybookError
        When the wave has no baseline.

    Notes
    -----
    Whether two waves are comparable on a question is for `surveybook.change.compare_waves` to say. Where the verdict
    passed from one side to the other, *now holds* and *no longer* need the change of what the
    claim turns on to be shown: Newcombe's (1998) interval for a share, and for the distance between two shares
    its extension to differences of independent estimates (Zou and Donner 2008), at the level of the wave. A
    claim that can't be decided in one of the waves is *can't tell*.
    """
    if survey.baseline is None:
        raise SurveybookError(f"Wave {survey.wave} has no baseline that its claims could be held against; name one.")
    now, before = gather_evidence(survey), gather_evidence(survey.baseline)
    rows = []
    for claim in claims:
        outcome = claim.test.judge(now)
        status, reason = find_status(claim, outcome, now, before)
        rows.append({**make_row(claim, outcome, now), "status": status, "status_reason": reason})
    return pd.DataFrame(rows, columns=[*COLUMNS, "status", "status_reason"])


def find_status(claim: Claim, outcome: Judgement, now: Evidence, before: Evidence) -> tuple[str, str]:
    """Return the status of one claim, with the sentence that gives the reason."""
    if isinstance(claim.test, NotCheckable):
        return NOT_ASKED, "No item of either wave measures it."
    asked = claim.test.name_questions(now.names)
    if not asked:
        return NOT_COMPARABLE, "It is about the report's own text, which no wave changes."
    for population, question in asked:
        title = f"“{now.survey.codebook.questions.loc[question, 'title']}”"
        if (population, question) not in now.asked:
            return NOT_ASKED, f"This wave did not ask about {title}."
        if (population, question) not in before.asked:
            return NOT_COMPARABLE, f"The earlier wave did not ask about {title}."
        verdict = compare_waves(now.survey, before.survey).verdict_on(population, question)
        if not verdict.allows_tests:
            return NOT_COMPARABLE, f"{title} is not comparable: {verdict.reason}."
    status, reason = _decide(claim, outcome, claim.test.judge(before), now, before)
    modes = [pair for pair in asked if before.asked[pair]["mode"] != now.asked[pair]["mode"]]
    return status, reason + (" With caution: the mode of asking has changed." if modes else "")


def _decide(claim: Claim, outcome: Judgement, earlier: Judgement, now: Evidence, before: Evidence) -> tuple[str, str]:
    """Return the status where both waves asked the same."""
    verdicts = f"It is {outcome.verdict} now and was {earlier.verdict}"
    if outcome.verdict in HOLDS and earlier.verdict in HOLDS:
        return STILL_HOLDS, "It holds in both waves."
    if outcome.verdict == earlier.verdict == CONTRADICTED:
        return STILL_DOES_NOT, "It is contradicted in both waves."
    decided = {*HOLDS, CONTRADICTED}
    if outcome.verdict in HOLDS and earlier.verdict != NOT_CHECKABLE:
        changes = find_blocking_changes(claim.test, now, before)
        shown = bool(changes) and all(change.is_shown for change in changes)
        return (NOW_HOLDS if shown else CANT_TELL), f"{verdicts}; {_describe_changes(changes, shown)}."
    if outcome.verdict == CONTRADICTED and earlier.verdict in HOLDS:
        changes = find_undoing_changes(claim.test, now, before)
        shown = any(change.is_shown for change in changes)
        return (NO_LONGER if shown else CANT_TELL), f"{verdicts}; {_describe_changes(changes, shown)}."
    undecided = "this wave" if outcome.verdict not in decided else "the earlier wave"
    return CANT_TELL, f"{verdicts}: {undecided} doesn't decide it."


def _describe_changes(changes: list[Change], shown: bool) -> str:
    """Return the changes that decide, as part of a sentence."""
    if not changes:
        return "what it turns on can't be compared"
    named = [change for change in changes if change.is_shown] if shown else [c for c in changes if not c.is_shown]
    tail = "" if shown else ", which sampling alone could have made"
    return f"{listing(change.words for change in named[:2])}{tail}"


def find_blocking_changes(test: ClaimTest, now: Evidence, before: Evidence) -> list[Change]:
    """Return the changes of what kept a claim from holding in the earlier wave; all have to be shown."""
    found: list[Change] = []
    for part in test.list_parts():
        if part.is_textual or part.judge(before).verdict in HOLDS:
            continue
        pairs = _measure(part, now, before, ordering=now)
        found += [_find_change(old, new) for old, new in pairs if not part.is_ranking or old.low <= 0]
    return found


def find_undoing_changes(test: ClaimTest, now: Evidence, before: Evidence) -> list[Change]:
    """Return the changes of what contradicts a claim now that held before; one has to be shown."""
    found: list[Change] = []
    for part in test.list_parts():
        if part.is_textual or part.judge(now).verdict != CONTRADICTED:
            continue
        pairs = _measure(part, now, before, ordering=before)
        found += [_find_change(old, new) for old, new in pairs if not part.is_ranking or new.value < 0]
    return found


def _find_change(before: Quantity, after: Quantity) -> Change:
    """Return the change between two independent estimates from their own limits."""
    moved = after.value - before.value
    return Change(
        before,
        after,
        moved - math.hypot(after.value - after.low, before.high - before.value),
        moved + math.hypot(after.high - after.value, before.value - before.low),
    )


def _measure(test: ClaimTest, now: Evidence, before: Evidence, ordering: Evidence) -> list[tuple[Quantity, Quantity]]:
    """Return what a single test turns on, before and now; ranks by the order of the wave in which they hold."""
    shares = test.name_figures(now.names) if len(test.keys) == 1 else []
    found = [[_measure_share(evidence.figures.get(key)) for evidence in (before, now)] for key in shares]
    found += [[_measure_gap(evidence, *pair) for evidence in (before, now)] for pair in test.name_pairs(ordering)]
    return [(old, new) for old, new in found if old and new]


def _measure_share(figure: Figure | None) -> Quantity | None:
    """Return a figure's share as a quantity, or None without an interval."""
    if figure is None or math.isnan(figure.low):
        return None
    return Quantity(f"“{figure.name}” among {figure.who}", figure.share, figure.low, figure.high)


def _measure_gap(evidence: Evidence, first: str, second: str) -> Quantity | None:
    """Return the distance between two figures as a quantity, or None where it can't be tested."""
    pair = [evidence.figures.get(key) for key in (first, second)]
    if pair[0] is None or pair[1] is None:
        return None
    difference = evidence.contrast(pair[0], pair[1]).difference
    if difference is None:
        return None
    others = pair[0].who if pair[0].who == pair[1].who else f"{pair[0].who} and {pair[1].who}"
    names = f"“{pair[0].name}” and “{pair[1].name}”" if pair[0].name != pair[1].name else f"“{pair[0].name}”"
    return Quantity(
        f"the distance over {names} between answers of {others}", difference.difference, difference.low, difference.high
    )
