"""What changed since the baseline, in words; for a wave without one, what it holds ready for a later one."""

import pandas as pd

from surveybook.change import (
    CAUTION,
    COMPARABLE,
    NOT_COMPARABLE,
    changes_of,
    describe_caution,
    describe_move,
    explain_change,
    held_for_later,
    label_of,
    moves_alone,
)
from surveybook.model.survey import Survey, find_figure
from surveybook.model.wording import (
    Phrase,
    count,
    in_sentence,
    listing,
    number,
    phrase,
    points,
    sentence,
    share_text,
    together,
)
from surveybook.words.naming import among, name_share, people

MOST_NAMED = 4


def change(survey: Survey, key: str, *, named: bool = False) -> Phrase:
    """Return how one figure compares with the baseline, in sentences of their own; empty without a baseline.

    With `named` they say whose answer it is, for use where several figures were just spoken of.
    """
    figure, found = find_figure(survey, key), changes_of(survey)
    if found is None or figure is None:
        return Phrase("")
    then = label_of(found.baseline)
    verdict = found.verdict_on(figure["population"], figure["question_id"])
    who = f" {among(survey, figure['population'], figure['domain'])}" if named else ""
    if not verdict.allows_tests:
        what = f"{figure['short_label']}{who}: not" if named else "Not"
        return Phrase(f"{what} compared with {then}: {verdict.reason}.")
    row, before = found.by_key.get(key), find_figure(found.baseline, key)
    if row is None or before is None:
        return Phrase("")
    told = explain_change(row)
    if row["untested"]:
        return phrase(told, figure)
    stood = f"{in_sentence(figure['short_label'])} stood at" if named else "it was"
    if moves_alone(row):
        told = f"It {told[0].lower()}{told[1:]}"
    return phrase(f"In {then} {stood} {share_text(before)}{who}. {told}", figure)


def changes(survey: Survey, question: str, population: str | None = None) -> Phrase:
    """Return what changed over one question since the baseline, a sentence a population; empty without a baseline.

    Parameters
    ----------
    survey : Survey
        The wave.
    question : str
        A question of the codebook.
    population : str, optional
        One population; all of them otherwise.
    """
    found = changes_of(survey)
    if found is None:
        return Phrase("")
    rows = found.figures[(found.figures["question_id"] == question) & (found.figures["domain"] == "")]
    parts = []
    for verdict in found.verdicts.values():
        if verdict.question_id != question or population not in (None, verdict.population):
            continue
        who = people(survey, verdict.population)
        if not verdict.allows_tests:
            parts.append(Phrase(f"For {who} it is not compared with {label_of(found.baseline)}: {verdict.reason}."))
        else:
            mine = rows[rows["population"] == verdict.population]
            parts.append(changed_items(survey, who, mine))
    return together(*parts)


def changed_items(survey: Survey, who: str, rows: pd.DataFrame) -> Phrase:
    """Return which items of one population moved by more than sampling explains, and how many did not."""
    tested = rows[(rows["untested"] == "") & rows["headline"]]
    assert survey.baseline is not None
    since = f"Since {label_of(survey.baseline)}, among {who},"
    if tested.empty:
        return phrase(f"{since} no change can be tested: there are no two percentages with bases.", rows)
    moved = tested[tested["shown"]].sort_values("change", key=abs, ascending=False, kind="stable")
    still = len(tested) - len(moved)
    warned = "".join(dict.fromkeys(describe_caution(row) for _, row in tested.iterrows()))
    if moved.empty:
        few = {1: "", 2: " in either of two shares"}
        among = few.get(len(tested), f" in any of {count(len(tested))} shares")
        return phrase(f"{since} no change shows{among}.{warned}", tested)
    named = listing(f"{name_share(survey, row)} {describe_move(row)}" for _, row in moved.head(MOST_NAMED).iterrows())
    left = [f"{count(len(moved) - MOST_NAMED)} more moved too"] if len(moved) > MOST_NAMED else []
    unmoved = "one other shows" if still == 1 else f"{count(still)} others show"
    left += [f"{unmoved} no change"] if still else []
    rest = f"; {listing(left)}" if left else ""
    return phrase(f"{since} {named}{rest}.{warned}", tested)


def with_change(survey: Survey, said: Phrase, *keys: str) -> Phrase:
    """Return what was said of some figures, followed by how each compares with the baseline."""
    if survey.baseline is None or not said.text:
        return said
    return together(said, *(change(survey, key, named=len(keys) > 1) for key in keys))


def with_changes(survey: Survey, said: Phrase, question: str, population: str | None = None) -> Phrase:
    """Return what was said of a question, followed by what changed since the baseline."""
    return together(said, changes(survey, question, population)) if survey.baseline and said.text else said


def comparable_questions(survey: Survey) -> Phrase:
    """Return how many questions may be compared with the baseline, how many with caution, and how many may not.

    Without a baseline, what a later wave may be compared on.
    """
    changed = changes_of(survey)
    if changed is None:
        return comparable_later(survey)
    found, now, then = changed.questions, label_of(survey), label_of(changed.baseline)
    both, new, dropped = (found[found["only_in"] == wave] for wave in ("", survey.wave, changed.baseline.wave))
    status = both["status"].value_counts()
    named = ((COMPARABLE, "can be compared"), (CAUTION, "can be compared with caution"), (NOT_COMPARABLE, "cannot"))
    parts = [f"{count(int(status[key]))} {words}" for key, words in named if status.get(key)]
    said = f"Of the questions that {now} and {then} both put to a population, {listing(parts)}."
    if both.empty:
        said = f"{now} and {then} have put no question to the same population."
    apart = [f"{count(len(new))} {'is' if len(new) == 1 else 'are'} new"] if len(new) else []
    were = "was" if len(dropped) == 1 else "were"
    apart += [f"{count(len(dropped))} of {then} {were} not asked again"] if len(dropped) else []
    return Phrase(" ".join([said, *([f"{sentence(listing(apart))}."] if apart else [])]))


def since_baseline(survey: Survey) -> Phrase:
    """Return how much of a wave can be compared with its baseline, and how much of that changed."""
    found = changes_of(survey)
    if found is None:
        return first_of_a_series(survey)
    apart = int(((found.questions["only_in"] == "") & (found.questions["status"] == NOT_COMPARABLE)).sum())
    tested = found.figures[(found.figures["untested"] == "") & found.figures["headline"]]
    now, then = label_of(survey), label_of(found.baseline)
    if tested.empty:
        return Phrase(f"Nothing that {now} and {then} have in common can be tested for a change.")
    moved = tested[tested["shown"]]
    up, down = (count(number) if number else "none" for number in (sum(moved["change"] > 0), sum(moved["change"] < 0)))
    result = f"{up} rose and {down} fell by more than sampling explains" if len(moved) else "none shows a change"
    text = f"{now} and {then} have {count(len(tested))} figures in common that can be tested: {result}."
    if apart:
        are = "question is" if apart == 1 else "questions are"
        text += f" {sentence(count(apart))} {are} not comparable, though both asked; each is listed below."
    return phrase(text, tested)


def largest_changes(survey: Survey) -> Phrase:
    """Return how many shares rose and fell since the baseline, and the largest changes; empty without a baseline.

    Of each item and population the answer that speaks for it, of groups none: what a reader who has a minute wants to
    know of a later wave.
    """
    found = changes_of(survey)
    if found is None:
        return Phrase("")
    then = label_of(found.baseline)
    tested = found.figures[(found.figures["untested"] == "") & found.figures["headline"]]
    tested = tested[tested["domain"] == ""]
    if tested.empty:
        return Phrase(f"No change since {then} can be tested.")
    moved = tested[tested["shown"]].sort_values("change", key=abs, ascending=False, kind="stable")
    all_of = f"of the {number(len(tested))} shares that can be compared with {then}"
    if moved.empty:
        return phrase(f"None {all_of} shows a change.", tested)
    up, down = (count(number) if number else "none" for number in (sum(moved["change"] > 0), sum(moved["change"] < 0)))
    largest = moved.head(MOST_NAMED)
    told = listing(
        f"{name_share(survey, row)} {describe_move(row)} {among(survey, row['population'])}"
        for _, row in largest.iterrows()
    )
    told = f"The largest changes: {told}" if len(moved) > MOST_NAMED else sentence(told)
    careful = largest["comparability"] == CAUTION
    warned = f" {'All' if careful.all() else 'Some'} of this with caution: the reasons stand beside each change."
    text = f"{sentence(all_of)}, {up} rose and {down} fell by more than sampling explains. {told}."
    return phrase(f"{text}{warned if careful.any() else ''}", tested)


def first_of_a_series(survey: Survey) -> Phrase:
    """Return that an edition compares nothing yet, and what a later wave will find to be compared with."""
    held = held_for_later(survey)
    shares = int(held["shares"].sum())
    text = "This edition shows one wave and names no baseline, so that nothing is compared yet."
    if not shares:
        return Phrase(f"{text} It has no share whose change a later wave could test.")
    what = "one share whose change" if shares == 1 else f"{number(shares)} shares whose change"
    return _rest_on(f"{text} It holds {what} can be tested once a later wave names it as its baseline.", held)


def comparable_later(survey: Survey) -> Phrase:
    """Return how many questions a later wave can be compared on, and from what size a change would show."""
    held = held_for_later(survey)
    testable = held[held["shares"] > 0]
    told = []
    for population, size in held.groupby("population", sort=False).size().items():
        some = int((testable["population"] == population).sum())
        of_all = f"all {number(size)}" if some == size else f"{number(some)} of {number(size)}"
        told.append(f"{of_all} questions put to {people(survey, str(population))}")
    text = f"This wave has shares whose change can be tested for {listing(told)}; each is listed below."
    if testable.empty:
        return _rest_on(text, held)
    least, most = testable["least"].min(), testable["most"].max()
    among = points(least) if least == most else f"{points(least)} in some shares and {points(most)} in others"
    return _rest_on(f"{text} In a later wave that is as precise, a change taken alone shows from {among}.", held)


def _rest_on(text: str, held: pd.DataFrame) -> Phrase:
    """Return a phrase that rests on the figures of questions."""
    return Phrase(text, tuple(dict.fromkeys(figure for figures in held["figures"] for figure in figures)))
