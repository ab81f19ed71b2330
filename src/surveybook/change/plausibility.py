"""Changes larger than such answers move by: more often a wrong code than news, so that a person has to confirm them."""

import pandas as pd

from surveybook.model.survey import Survey, figures_of
from surveybook.model.wording import in_sentence, per_cent

# A share that moves this far from one wave to the next, as a share.
LARGEST_CHANGE = 0.40
# A share that was at least this and is nought has lost its code.
LEAST_LOST = 0.05
NOUGHT = 0.0005
# Two answers that change places have each come so near to where the other was, and were so far apart.
EXCHANGED_WITHIN = 0.10
LEAST_APART = 0.20
# An order of so many items turns round where their ranks are as far from the old ones as this correlation.
FEWEST_RANKED = 4
TURNED_ROUND = -0.8
LEAST_SPREAD = 0.15


def find_implausible(survey: Survey, baseline: Survey, population: str, question: str) -> list[str]:
    """Return what moved between two waves by more than answers to one question do, as clauses.

    A share that rises or falls by 40 points or becomes nought, two answers to a statement that change places, and an
    order of items that turns round are what a reversed scale, codes from nought or a code given to another answer
    look like in figures without labels.
    """
    kind = survey.codebook.kind_of(question)
    tables = [figures_of(wave, question, population, response=None) for wave in (survey, baseline)]
    if not kind.is_list:
        whole = [wave.estimates for wave in (survey, baseline)]
        tables = [
            rows[(rows["question_id"] == question) & (rows["population"] == population) & (rows["domain"] == "")]
            for rows in whole
        ]
    shares = [rows.set_index(["item_id", "response"])["share"] for rows in tables]
    both = pd.DataFrame({"now": shares[0], "before": shares[1]}).dropna()
    labels = survey.codebook.items["short_label"]
    found = []
    for (item, response), now, before in both.itertuples():
        called = in_sentence(str(labels[item]))
        called = called if kind.is_list else f"{called}: {in_sentence(kind.label_of(response))}"
        moved = f"“{called}” goes from {per_cent(before)} to {per_cent(now)}"
        if abs(now - before) >= LARGEST_CHANGE or (now < NOUGHT and before >= LEAST_LOST):
            found.append(moved)
    if not kind.is_list:
        found += [f"the answers to “{in_sentence(str(labels[item]))}” change places" for item in _find_exchanged(both)]
    elif len(both) >= FEWEST_RANKED and (both.max() - both.min()).min() >= LEAST_SPREAD:
        ranks = both.rank()
        if ranks["now"].corr(ranks["before"]) <= TURNED_ROUND:
            found.append("the order of the items turns round")
    if not found:
        return []
    return [f"{'; '.join(found[:2])}, which is more than such answers move by and which nobody has confirmed"]


def _find_exchanged(both: pd.DataFrame) -> list[str]:
    """Return the items of which two answers have changed places."""
    found = []
    for item, rows in both.groupby(level="item_id", sort=False):
        shares = rows.droplevel("item_id")
        largest = shares.nlargest(2, "before")
        if len(largest) < 2:
            continue
        (now_1, before_1), (now_2, before_2) = largest[["now", "before"]].to_numpy()
        apart = min(before_1 - before_2, now_2 - now_1)
        if apart >= LEAST_APART and max(abs(now_1 - before_2), abs(now_2 - before_1)) <= EXCHANGED_WITHIN:
            found.append(str(item))
    return found
