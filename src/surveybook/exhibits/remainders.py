"""What the answers that a chart shows leave to 100 per cent, where they exclude each other: drawn and listed with them.

A remainder is no published figure: it has no interval, is tested against nothing, and is counted nowhere as one.
"""

import pandas as pd

from surveybook.exhibits.invariants import NOT_PRINTED
from surveybook.model.kinds import OTHER, Kind
from surveybook.model.survey import Survey
from surveybook.model.wording import in_sentence, per_cent, sentence, shown_decimals
from surveybook.respondents.mapping import DONT_KNOW, NO_ANSWER
from surveybook.stats.completeness import drop_nets, find_remainder
from surveybook.words.naming import people

# Its status; the note of a chart that has a remainder beside what has none.
LEFT = "left"
MANY, ANY = "Other answers", "Other answers or none"
UNKNOWN = "What is left to 100 isn’t known where an answer is given in words."


def add_remainders(survey: Survey, figures: pd.DataFrame, *, is_behind: bool = False) -> pd.DataFrame:
    """Return figures of a chart with what the shown answers of each population leave to 100 per cent after them.

    Parameters
    ----------
    survey : Survey
        The wave.
    figures : pandas.DataFrame
        Rows of its estimates in the order of a chart's table, with the ``row`` and ``series`` that each is drawn in.
    is_behind : bool
        Whether remainders stand in the rows of their figures whatever these are; otherwise where all share one.

    Returns
    -------
    pandas.DataFrame
        The figures, and a row for each remainder beyond rounding, after all answers to the same statement or of the
        same list. Its ``status`` is `LEFT`, its ``share`` (0-1) the remainder, ``response`` what it is called,
        ``label`` the statement, or else that again; ``start`` and ``end`` (0-1) are where it is drawn: behind the
        figures that share one row, or in a row of its own. Choices of which people may make several leave none, and
        beside words nobody knows how much is left.
    """
    kinds = {question: survey.codebook.kind_of(question) for question in figures["question_id"].unique()}
    wholes = [
        "" if (kind := kinds[question]).is_several else f"{question}.{'' if kind.is_list else item}"
        for question, item in zip(figures["question_id"], figures["item_id"], strict=True)
    ]
    figures, found = figures.assign(at=range(len(figures)), whole=wholes), []
    grouped, beside = figures[figures["whole"] != ""].groupby("whole", sort=False), figures["series"].nunique() > 1
    for _, whole in grouped:
        kind, last = kinds[whole["question_id"].iloc[0]], whole["at"].max()
        shares_row = is_behind or whole["row"].nunique() == 1
        for _, own in whole.groupby(["population", "domain"], sort=False):
            known = own[own["status"] == "number"]
            parts = drop_nets(known, survey.codebook)
            left = 0.0 if own["status"].eq("words").any() or known.empty else find_remainder(parts)
            if not left:
                continue
            first, answer = known.iloc[0].to_dict(), _name_remainder(survey, kind, known)
            row = f"{first['label']}: {in_sentence(answer)}" if len(grouped) > 1 else answer
            row, start, end = (first["row"], 1 - left, 1.0) if shares_row else (row, 0.0, left)
            found.append(
                {
                    **first,
                    **dict.fromkeys(("low", "high", "base"), float("nan")),
                    **{"status": LEFT, "share": left, "decimals": known["decimals"].min(), "locator": NOT_PRINTED},
                    **{"row": row, "start": start, "end": end, "at": last, "response": answer},
                    "label": answer if kind.is_list and not shares_row else first["label"],
                    "beside": f" {in_sentence(first['series'])}" if beside else "",
                }
            )
    shown = pd.concat([figures, pd.DataFrame(found)], ignore_index=True) if found else figures
    return shown.sort_values("at", kind="stable")


def _name_remainder(survey: Survey, kind: Kind, known: pd.DataFrame) -> str:
    """Return what people gave who gave none of some answers: the one that is missing, or no more than is known.

    Files of respondents say what else counts. Of published shares nobody knows: those who didn't answer may count.
    """
    population, question = known["population"].iloc[0], known["question_id"].iloc[0]
    labels = {answer: kind.labels[answer] for answer in kind.answers}
    if kind.is_list:
        items = survey.codebook.items
        labels = items.loc[items["question_id"] == question, "label"].to_dict()
    recorded = survey.recordings.get(population, {}).get("questions", {}).get(question)
    answers = list(labels)
    if recorded:
        uncounted = {NO_ANSWER, *([DONT_KNOW] if recorded["dont_know"] == "out" else [])}
        answers = [answer for answer in recorded["answers"] or recorded["columns"] if answer not in uncounted]
    given = {part for one in known["item_id" if kind.is_list else "response"] for part in kind.split_net(one)}
    missing = [answer for answer in answers if answer not in given]
    is_whole = bool(recorded) and recorded["base"] == "answered"
    if len(missing) != 1 or missing == [OTHER]:
        return MANY if is_whole else ANY
    name = sentence(labels.get(missing[0], kind.label_of(missing[0])))
    return name if is_whole else f"{name} or other"


def tell_remainders(survey: Survey, shown: pd.DataFrame) -> tuple[str, str]:
    """Return remainders in words, and what a chart says of the marks that stand for them; empty without any."""
    left, several = shown[shown["status"] == LEFT], shown.loc[shown["whole"] != "", "whole"].nunique() > 1
    if left.empty:
        return "", ""
    told = []
    for answer, own in left.groupby("response", sort=False):
        parts = []
        for _, row in own.iterrows():
            of = [in_sentence(row["short_label"])] if several else []
            of += [people(survey, row["population"], row["domain"])] if shown["population"].nunique() > 1 else []
            parts.append(per_cent(row["share"], shown_decimals(row)) + (f" ({', '.join(of)})" if of else ""))
        told.append(f"What is left to 100, {in_sentence(answer)}: {'; '.join(parts)}.")
    names = left["response"].unique()
    return " ".join(told), f"Grey: what is left to 100{f', {in_sentence(names[0])}' if len(names) == 1 else ''}."
