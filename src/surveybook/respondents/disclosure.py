"""Which figures are too thin to be shown, so that no respondent can be made out behind one."""

import pandas as pd

FLAGGED_BELOW = 100
SUPPRESSED_BELOW = 30
SMALL = f"small base: fewer than {FLAGGED_BELOW} answers"
SUPPRESSED = f"suppressed: fewer than {SUPPRESSED_BELOW} answers"
PROTECTING = "suppressed: a smaller group could be worked out from it"


def disclosure_notes(bases: pd.DataFrame) -> pd.Series:
    """Return for each figure what its base calls for: `SUPPRESSED`, `PROTECTING`, `SMALL` or nothing.

    Parameters
    ----------
    bases : pandas.DataFrame
        One row a figure of one population: item_id, response, domain (``variable=group``, empty for all) and
        base, the unweighted count that the share is of.

    Returns
    -------
    pandas.Series
        One text a row.

    Notes
    -----
    Within one item and one variable the groups and everybody form a crosstab, and what is missing from it is
    the total less what is shown. The smallest group that is still shown goes too, until whoever is missing,
    with those who are in no group, are `SUPPRESSED_BELOW` or more, or nobody.
    """
    counts = bases["base"].to_numpy(dtype=float)
    notes = ["" if count >= FLAGGED_BELOW else SMALL if count >= SUPPRESSED_BELOW else SUPPRESSED for count in counts]
    everybody: dict[tuple[str, str], float] = {}
    crosstabs: dict[tuple[str, str, str], list[int]] = {}
    for at, (item, response, domain) in enumerate(
        zip(bases["item_id"], bases["response"], bases["domain"], strict=True)
    ):
        if domain:
            crosstabs.setdefault((item, response, domain.split("=")[0]), []).append(at)
        else:
            everybody[item, response] = counts[at]
    for (item, response, _), groups in crosstabs.items():
        total = everybody.get((item, response), float("nan"))
        shown = sorted((at for at in groups if counts[at] >= SUPPRESSED_BELOW), key=lambda at: counts[at])
        while shown and 0 < total - counts[shown].sum() < SUPPRESSED_BELOW:
            notes[shown.pop(0)] = PROTECTING
    return pd.Series(notes, index=bases.index, dtype=object)
