"""How a quantity from another source is put into words, on pages and in charts alike."""

COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
HEDGES = ("over", "nearly", "about")


def quantity_text(quantity: float | None, unit: str, verbal: str) -> str:
    """Return a quantity with its hedge and unit: 'over 80 per cent', '£20 billion', 'eight', 'nine in ten'.

    Parameters
    ----------
    quantity : float or None
        The number; None where the source has only words.
    unit : str
        What it counts, as in ``evidence.csv``.
    verbal : str
        The words of the source: a hedge beside a number, or all that there is.
    """
    if quantity is None:
        return verbal
    hedge = f"{verbal} " if verbal in HEDGES else ""
    if unit == "year":
        return f"{quantity:.0f}"
    shown = f"{quantity:,.0f}" if float(quantity).is_integer() else f"{quantity:g}"
    if unit.startswith("per cent"):
        return f"{hedge}{shown} per cent"
    if unit == "billion pounds":
        return f"{hedge}£{shown} billion"
    is_count = float(quantity).is_integer() and 0 <= quantity < len(COUNTS)
    return f"{hedge}{COUNTS[int(quantity)] if is_count else shown}"
