"""Whether what was said of an earlier wave still holds in a later one.

That a verdict differs between two waves is no evidence of a change: one may lie just inside a limit and the
other just outside. So the share, or the distance between two shares, that the verdict turns on is itself
compared between the waves, as between two independent samples.
"""

import math
from dataclasses import dataclass

from surveybook.change.changes import compare_waves
from surveybook.judgement.claim_test import CONTRADICTED, HOLDS, NOT_CHECKABLE, ClaimTest, Evidence, Judgement
from surveybook.judgement.kinds import NotCheckable
from surveybook.model.wording import listing, number, span

STILL_HOLDS, NO_LONGER, NOW_HOLDS = "still holds", "no longer", "now holds"
STILL_DOES_NOT, CANT_TELL = "still does not hold", "can't tell"
NOT_ASKED, NOT_COMPARABLE = "not asked", "not comparable"
# What became of claims, as the end of a clause: of one, and of several.
BECAME = {
    STILL_HOLDS: ("still holds", "still hold"),
    NOW_HOLDS: ("now holds", "now hold"),
    NO_LONGER: ("no longer holds", "no longer hold"),
    STILL_DOES_NOT: ("still does not hold", "still do not hold"),
    CANT_TELL: ("can't be told", "can't be told"),
    NOT_ASKED: ("is not measured now", "are not measured now"),
    NOT_COMPARABLE: ("is not comparable", "are not comparable"),
}
# What became of a statement is told by the first of these that is true of a reading; of a compound, of a part.
OF_READINGS = (STILL_HOLDS, NOW_HOLDS, CANT_TELL, NO_LONGER, STILL_DOES_NOT, NOT_COMPARABLE, NOT_ASKED, "")
OF_PARTS = (STILL_DOES_NOT, NO_LONGER, CANT_TELL, NOT_COMPARABLE, NOT_ASKED, NOW_HOLDS, STILL_HOLDS, "")


@dataclass(frozen=True)
class Quantity:
    """What a claim turns on in one wave: a share, or the distance between two shares, with its interval (0-1)."""

    name: str
    value: float
    low: float
    high: float


def find_status(test: ClaimTest, outcome: Judgement, now: Evidence, before: Evidence) -> tuple[str, str]:
    """Return what became of a claim with this test and outcome, and the sentence that gives the reason."""
    if isinstance(test, NotCheckable):
        return NOT_ASKED, "No item of either survey measures it."
    codebook = now.survey.codebook
    asked = test.name_questions(codebook)
    then, later = before.survey.asked_rows, now.survey.asked_rows
    if not asked:
        return NOT_COMPARABLE, "It is about the report's own text, which no survey changes."
    for pair in asked:
        title = f"“{codebook.questions.loc[pair[1], 'title']}”"
        if pair not in later:
            return NOT_ASKED, f"This survey did not ask about {title}."
        if pair not in then:
            return NOT_COMPARABLE, f"The earlier survey did not ask about {title}."
        verdict = compare_waves(now.survey, before.survey).verdict_on(*pair)
        if not verdict.allows_tests:
            return NOT_COMPARABLE, f"{title} is not comparable: {verdict.reason}."
    status, reason = _decide(test, outcome, test.judge(before), now, before)
    other_mode = any(then[pair]["mode"] != later[pair]["mode"] for pair in asked)
    return status, reason + (" With caution: the mode of asking has changed." if other_mode else "")


def _decide(
    test: ClaimTest, outcome: Judgement, earlier: Judgement, now: Evidence, before: Evidence
) -> tuple[str, str]:
    """Return the status where both waves asked the same."""
    holds, held = outcome.verdict in HOLDS, earlier.verdict in HOLDS
    if holds and held:
        return STILL_HOLDS, "It holds in both surveys."
    if outcome.verdict == earlier.verdict == CONTRADICTED:
        return STILL_DOES_NOT, "It is contradicted in both surveys."
    verdicts = f"It is {outcome.verdict} now and was {earlier.verdict}"
    if not (holds and earlier.verdict != NOT_CHECKABLE) and not (held and outcome.verdict == CONTRADICTED):
        undecided = "the earlier survey" if holds or outcome.verdict == CONTRADICTED else "this survey"
        return CANT_TELL, f"{verdicts}: {undecided} doesn't decide it."
    changes = find_changes(test, now, before, undone=held)
    if not changes:
        return CANT_TELL, f"{verdicts}; what it turns on can't be compared."
    # To undo a claim one change is enough; for it to come to hold, all that stood against it has to have changed.
    is_shown = (any if held else all)(shown for shown, _ in changes)
    named = listing([words for shown, words in changes if shown == is_shown][:2])
    if not is_shown:
        return CANT_TELL, f"{verdicts}; {named}, which sampling alone could have made."
    return NO_LONGER if held else NOW_HOLDS, f"{verdicts}; {named}."


def find_changes(test: ClaimTest, now: Evidence, before: Evidence, *, undone: bool) -> list[tuple[bool, str]]:
    """Return the changes of what contradicts a claim now, where it is undone, or else of what did so before.

    See `describe_change`.
    """
    found = []
    for part in test.list_parts():
        verdict = part.judge(now if undone else before).verdict
        if part.is_textual or (verdict != CONTRADICTED if undone else verdict in HOLDS):
            continue
        # Ranks go by the order of the wave in which they hold.
        for keys in part.name_quantities(before if undone else now):
            old, new = measure_quantity(before, keys), measure_quantity(now, keys)
            if old and new and (not part.is_order or (new.value < 0 if undone else old.low <= 0)):
                found.append(describe_change(old, new))
    return found


def describe_change(before: Quantity, after: Quantity) -> tuple[bool, str]:
    """Return whether the interval of a change excludes 0, and the change as part of a sentence.

    The interval is that of two independent estimates from their own limits.
    """
    moved = after.value - before.value
    low = moved - math.hypot(after.value - after.low, before.high - before.value)
    high = moved + math.hypot(after.high - after.value, before.value - before.low)
    then, now = 100 * before.value, 100 * after.value
    words = f"{after.name} went from {number(then)} to {number(now)}, a change of {number(now - then)} points "
    return low > 0 or high < 0, f"{words}({span(low, high)})"


def measure_quantity(evidence: Evidence, keys: tuple[str, ...]) -> Quantity | None:
    """Return a share, or the distance between two, in one wave; None where it has no interval."""
    figures = [evidence.figures[key] for key in keys if key in evidence.figures]
    if len(figures) < len(keys):
        return None
    first, last = figures[0], figures[-1]
    if len(figures) == 1:
        share = Quantity(f"“{first.name}” {first.among}", first.share, first.low, first.high)
        return None if math.isnan(first.low) else share
    gap = evidence.contrast(first, last).difference
    names = listing(dict.fromkeys((f"“{first.name}”", f"“{last.name}”")))
    who = listing(dict.fromkeys((first.who, last.who)))
    name = f"the distance over {names} between answers of {who}"
    return Quantity(name, gap.difference, gap.low, gap.high) if gap else None
