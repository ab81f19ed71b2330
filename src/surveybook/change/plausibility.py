"""Changes larger than such answers move by: more often a wrong code than news, so that a person has to confirm them."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from surveybook.model.codebook import Codebook
from surveybook.model.survey import Survey
from surveybook.model.wording import in_sentence, listing, per_cent

KEY = ["population", "question_id", "item_id", "response"]
Shares = dict[str, tuple[float, float]]
# A share that moves this far from one wave to the next, as a share.
LARGEST_CHANGE = 0.40
# A share that was at least this and is nought has lost its code.
LEAST_LOST = 0.05
NOUGHT = 0.0005
# Two answers that change places have each come so near to where the other was, and were so far apart.
EXCHANGED_WITHIN = 0.10
LEAST_APART = 0.20
# Where they have moved by this much at least, so near is no accident, unless one is all that the other leaves.
MOVED, MOVED_WITHIN = 0.10, 0.04
NEARLY_ALL = 0.9
# An order of so many items turns round where their ranks are as far from the old ones as this correlation.
FEWEST_RANKED = 4
TURNED_ROUND = -0.8
LEAST_SPREAD = 0.15


def find_implausible(survey: Survey, baseline: Survey) -> dict[tuple[str, str], list[str]]:
    """Return what moved between two waves by more than answers do, as clauses, by population and question.

    A share that rises or falls by 40 points or becomes nought, two answers or two statements that change places, and
    an order of items that turns round are what a reversed scale, codes from nought or a code given to another answer
    look like in figures without labels.
    """
    shares = [
        wave.estimates[(wave.estimates["domain"] == "") & wave.estimates["share"].notna()].set_index(KEY)["share"]
        for wave in (survey, baseline)
    ]
    both = pd.DataFrame({"now": shares[0], "before": shares[1]}).reindex(shares[0].index).dropna()
    answers: dict[tuple[str, str], dict[str, Shares]] = {}
    for (population, question, item, response), now, before in both.itertuples():
        answers.setdefault((population, question), {}).setdefault(item, {})[response] = (now, before)
    exchanged = _find_exchanged_statements(survey.codebook, answers)
    found = {
        pair: [*_find_moved(survey.codebook, pair[1], items), *exchanged.get(pair, ())]
        for pair, items in answers.items()
    }
    return {pair: told for pair, told in found.items() if told}


def _find_moved(codebook: Codebook, question: str, items: Mapping[str, Shares]) -> list[str]:
    """Return what moved in one question: shares now and before by item and response."""
    kind, found = codebook.kind_of(question), []
    called = {item: f"“{in_sentence(str(codebook.items.loc[item, 'short_label']))}”" for item in items}
    for item, shares in items.items():
        for response, (now, before) in shares.items():
            if abs(now - before) >= LARGEST_CHANGE or (now < NOUGHT and before >= LEAST_LOST):
                answer = "" if kind.is_list else f": {in_sentence(kind.label_of(response))}"
                found.append(f"{called[item][:-1]}{answer}” goes from {per_cent(before)} to {per_cent(now)}")
        if not kind.is_list and _find_exchanged(shares):
            found.append(f"the answers to {called[item]} change places")
    if not kind.is_list:
        return found
    spoken = {item: shares[kind.headline] for item, shares in items.items() if kind.headline in shares}
    for pair in _find_exchanged(spoken, leave_rest=not kind.is_several):
        found.append(f"{listing(called[item] for item in pair)} change places")
    if len(spoken) >= FEWEST_RANKED:
        columns = pd.DataFrame(spoken.values())
        ranks = columns.rank()
        if np.ptp(columns, axis=0).min() >= LEAST_SPREAD and ranks[0].corr(ranks[1]) <= TURNED_ROUND:
            found.append("the order of the items turns round")
    return found


def _find_exchanged(shares: Shares, *, leave_rest: bool = True) -> list[tuple[str, str]]:
    """Return the pairs of answers of which each has come to where the other was, further than answers move.

    With `leave_rest`, what is nearly all of 100 per cent together may turn round: one of the two is the other's rest.
    """
    found = []
    for one, other in combinations(shares, 2):
        (now_1, before_1), (now_2, before_2) = shares[one], shares[other]
        apart = min((before_1 - before_2) * np.sign(now_2 - now_1), abs(now_2 - now_1))
        off = max(abs(now_1 - before_2), abs(now_2 - before_1))
        moved = min(abs(now_1 - before_1), abs(now_2 - before_2))
        exact = moved >= MOVED and off <= MOVED_WITHIN and not (leave_rest and before_1 + before_2 >= NEARLY_ALL)
        if exact or (apart >= LEAST_APART and off <= EXCHANGED_WITHIN):
            found.append((one, other))
    return found


def _find_exchanged_statements(
    codebook: Codebook, answers: Mapping[tuple[str, str], Mapping[str, Shares]]
) -> dict[tuple[str, str], list[str]]:
    """Return which statements of a population have each other's answers now, by population and question."""
    moved = [
        (pair, item, shares)
        for pair, items in answers.items()
        for item, shares in items.items()
        if len(shares) > 1 and max(abs(now - before) for now, before in shares.values()) >= MOVED
    ]
    found: dict[tuple[str, str], list[str]] = {}
    for (one, item, own), (other, second, theirs) in combinations(moved, 2):
        if one[0] == other[0] and own.keys() == theirs.keys():
            off = [abs(own[key][at] - theirs[key][1 - at]) for key in own for at in (0, 1)]
            if max(off) <= MOVED_WITHIN:
                names = [f"“{in_sentence(str(codebook.items.loc[name, 'short_label']))}”" for name in (item, second)]
                for pair in dict.fromkeys((one, other)):
                    found.setdefault(pair, []).append(f"{listing(names)} have each other's answers of before")
    return found
