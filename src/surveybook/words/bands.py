"""What a share given in words says: a comparison with a fraction, never a number in its place."""

from surveybook.model.codebook import Codebook

# How far from a fraction the words still hold, in shares: the rule for claims (see the methods appendix).
BARE_MARGIN = 0.02
HEDGED_MARGIN = 0.05


def band(codebook: Codebook, verbal: str) -> tuple[float, float] | None:
    """Return the range of shares (0-1) that words allow, or None where they hold no number.

    A bare fraction allows 2 points to either side, a hedged one 5 points on the hedged side or, for
    "about", on both; "more than" allows all above.
    """
    if verbal not in codebook.words.index:
        return None
    relation, fraction = codebook.words.loc[verbal, ["relation", "fraction"]]
    match relation:
        case "exact":
            return fraction, fraction
        case "bare":
            return max(0.0, fraction - BARE_MARGIN), min(1.0, fraction + BARE_MARGIN)
        case "nearly":
            return max(0.0, fraction - HEDGED_MARGIN), fraction
        case "just_over":
            return fraction, min(1.0, fraction + HEDGED_MARGIN)
        case "about":
            return max(0.0, fraction - HEDGED_MARGIN), min(1.0, fraction + HEDGED_MARGIN)
        case "more_than":
            return fraction, 1.0
        case "fewer_than":
            return 0.0, fraction
    return None
