"""What is known to be wrong: corrections of this edition, and places where a source contradicts itself."""

import pandas as pd

from surveybook.model import paths
from surveybook.model.codebook import Codebook
from surveybook.model.survey import Survey
from surveybook.model.tables import open_table
from surveybook.model.wording import Phrase, band, count, sentence

COLUMNS = ["figure_id", "figure", "printed_in", "mention", "mentioned_in", "what"]
OTHER_NUMBER = "another number"
UNFITTING_WORDS = "the words don’t fit the number"
OTHER_WORDS = "other words"
# Shares are multiples of a printed unit, and margins whole points: what is nearer than this is on the edge.
HAIR = 1e-9


def fits_words(codebook: Codebook, verbal: str, share: float) -> bool:
    """Return whether a share (0-1) lies where words allow; words without a number fit any.

    "More than" and "fewer than" leave out the fraction itself, which a printed share may only reach by rounding.
    """
    limits = band(codebook, verbal)
    return limits is None or bool(limits[0] - HAIR <= share <= limits[1] + HAIR)


def find_disagreements(survey: Survey) -> pd.DataFrame:
    """
    Return the places of a source that repeat a figure in another number, or in words that don't fit it.

    Parameters
    ----------
    survey : Survey
        The wave; its ``mentions`` say how each place words a figure.

    Returns
    -------
    pandas.DataFrame
        One row a place: ``figure_id``, ``figure`` (as its own place gives it), ``printed_in``, ``mention`` (as
        the other place gives it), ``mentioned_in`` and ``what`` is wrong: another number, words that the number
        doesn't fit by the margins of `surveybook.model.wording`, or other words for a figure that has words alone.
    """
    figures = survey.estimates.set_index("figure_id")
    found = []
    for _, mention in survey.mentions.iterrows():
        figure = figures.loc[mention["figure_id"]]
        what = explain_disagreement(survey.codebook, figure, mention)
        if what:
            own = _print_mention(100 * figure["share"], figure["verbal"])
            other = _print_mention(pd.to_numeric(mention["percent"]), mention["verbal"])
            found.append([figure.name, own, figure["locator"], other, mention["locator"], what])
    return pd.DataFrame(found, columns=COLUMNS)


def count_disagreements(survey: Survey) -> Phrase:
    """Return how many places of a source repeat a figure otherwise, as a sentence."""
    found = find_disagreements(survey)
    if found.empty:
        return Phrase("The source of this survey gives no figure twice and otherwise.")
    places = "one place" if len(found) == 1 else f"{count(len(found))} places"
    return Phrase(
        f"In {places} the source of this survey gives a figure otherwise than where it prints it in full. This book "
        "uses the one printed in full.",
        tuple(dict.fromkeys(found["figure_id"])),
    )


def explain_disagreement(codebook: Codebook, figure: pd.Series, mention: pd.Series) -> str:
    """Return what is wrong with one place that repeats a figure; empty when nothing is."""
    percent, verbal = pd.to_numeric(mention["percent"]), mention["verbal"]
    if figure["status"] == "words":
        return _compare_words(codebook, figure["verbal"], verbal)
    if pd.notna(percent) and abs(percent - 100 * figure["share"]) > HAIR:
        return OTHER_NUMBER
    return "" if not verbal or fits_words(codebook, verbal, figure["share"]) else UNFITTING_WORDS


def _compare_words(codebook: Codebook, own: str, other: str) -> str:
    """Return that words differ, unless one says no number or what it says lies within what the other does."""
    limits, others = band(codebook, own), band(codebook, other)
    if own == other or limits is None or others is None:
        return ""
    (low, high), (least, most) = limits, others
    inside = (least <= low and high <= most) or (low <= least and most <= high)
    return "" if inside else OTHER_WORDS


def _print_mention(percent: float, verbal: str) -> str:
    """Return a figure as a place gives it: number, words, or both."""
    number = "" if pd.isna(percent) else f"{percent:g}"
    return ", ".join(part for part in (number, f"“{verbal}”" if verbal else "") if part)


def read_corrections() -> pd.DataFrame:
    """Return ``corrections.csv``: one row a correction, as text, oldest first; none where nothing was corrected.

    Raises
    ------
    DataError
        When the file can't be read, a date isn't one, or a row doesn't say what was changed and why.
    """
    table = open_table(paths.data() / "corrections.csv", "The corrections", rows_needed=False)
    return table.sort_values("date", kind="stable", ignore_index=True)


def count_corrections() -> Phrase:
    """Return how many corrections there are, as a sentence."""
    number = len(read_corrections())
    if not number:
        return Phrase("Nothing has been corrected so far.")
    return Phrase(f"{sentence(count(number))} correction{' has' if number == 1 else 's have'} been made so far.")
