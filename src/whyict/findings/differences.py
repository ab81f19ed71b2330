"""A difference in words."""

from whyict.inference import Difference
from whyict.wording import points, span


def gap_text(difference: Difference) -> str:
    """Return a difference with its interval, in points: '31 points (26 to 36)'."""
    low, high = sorted((abs(difference.low), abs(difference.high)))
    if difference.low <= 0 <= difference.high:
        return f"{points(difference.difference)} ({span(difference.low, difference.high)})"
    return f"{points(difference.difference)} ({span(low, high)})"
