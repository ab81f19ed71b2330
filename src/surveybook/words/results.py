"""How a question came out, in plain English: a headline of one finding, and a paragraph; what was asked, quoted.

What people did is said by the kind of question: they choose an option, agree with a statement, are satisfied with a
service. Superlatives stand only where no answer without a figure could be larger (see `is_first`).
"""

import re
from collections import Counter

import pandas as pd

from surveybook.model.survey import Survey, answers_of, figures_of, find_figure, find_part_asked, populations_asked
from surveybook.model.wording import (
    Phrase,
    count,
    listing,
    per_cent,
    phrase,
    quote_wording,
    sentence,
    share_text,
    together,
)
from surveybook.words.asked import nothing_to_show
from surveybook.words.changes import changes, find_change, tell_before
from surveybook.words.naming import count_of, is_alone, name_item, people, quote_answer, say_reply
from surveybook.words.numbers import tell_means, tell_numbers
from surveybook.words.orders import (
    MOST_LEVEL,
    find_unknown,
    is_first,
    level_with_first,
    ranking,
    tell_first,
    tell_named,
)

HALF = 0.5
OF_CHOICES = re.compile(r"\b(choose|select|tick|mark|pick|all that apply|up to|as many as)\b", re.IGNORECASE)


def tell_share(survey: Survey, figure: pd.Series, *, whose: bool = True, whole: bool = False) -> str:
    """Return a share in a clause, and from where it came: '72% of residents are satisfied with parks, up from 49%'.

    With `whole` the question is beside it, as `say_reply` has it.
    """
    who = f" of {people(survey, figure['population'], figure['domain'])}" if whose else ""
    return f"{share_text(figure)}{who} {say_reply(survey, figure, whole=whole)}{tell_before(survey, figure)}"


def find_leads(survey: Survey, question: str, population: str) -> pd.DataFrame:
    """Return the shares that a question is told by in one population, largest first: of items, or of answers to one."""
    if survey.codebook.kind_of(question).headline is not None:
        return ranking(survey, question, population)
    rows = figures_of(survey, question, population)
    rows = rows[rows["status"] == "number"].sort_values("share", ascending=False, kind="stable")
    return rows if is_alone(survey, question) else rows.iloc[:0]


def main_result(survey: Survey, question: str) -> Phrase:
    """Return the one finding of a question, as a title: what changed most, or what comes first and last.

    Its title, where no answer speaks for its items.
    """
    told = {
        population: said
        for population in populations_asked(survey, question)
        if (said := _find_headline(survey, question, population)).text
    }
    if not told:
        return Phrase(str(survey.codebook.questions.loc[question, "title"]))
    named = "; ".join(
        f"{sentence(people(survey, population))}: {said.text}" if len(told) > 1 else said.text
        for population, said in told.items()
    )
    return phrase(named, *told.values())


def _find_headline(survey: Survey, question: str, population: str) -> Phrase:
    """Return the headline of one population; empty where nothing can be said."""
    kind = survey.codebook.kind_of(question)
    if kind.is_number:
        return Phrase(tell_means(survey, question, population))
    rows = find_leads(survey, question, population)
    if rows.empty:
        said = _tell_usual_answer(survey, question, population)
        return phrase(said.text.rstrip("."), said)
    first = rows.iloc[0]
    if kind.is_list or (is_alone(survey, question) and kind.headline is None):
        said = tell_most_common(survey, rows)
        return phrase(sentence(said.text), said)
    if is_alone(survey, question) and kind.opposite:
        other = find_figure(survey, f"{first['population']}.{first['item_id']}.{kind.opposite}")
        if other is not None and other["status"] == "number":
            replies = say_reply(survey, first), say_reply(survey, other, None)
            against = f"{share_text(other)} {replies[1].removeprefix(_find_shared_start(*replies))}"
            return phrase(f"{tell_share(survey, first, whose=False)}; {against}", first, other)
    changed = {
        place: abs(moved["change"]) for place, row in rows.iterrows() if (moved := find_change(survey, row)) is not None
    }
    if changed or len(rows) == 1:
        largest = rows.loc[max(changed, key=changed.__getitem__)] if changed else first
        return phrase(tell_share(survey, largest, whose=False), largest)
    last = rows.iloc[-1]
    replies = say_reply(survey, first), say_reply(survey, last)
    second = replies[1].removeprefix(_find_shared_start(*replies))
    return phrase(f"{share_text(first)} {replies[0]}, {share_text(last)} {second}", first, last)


def _find_shared_start(first: str, second: str) -> str:
    """Return the words that two replies begin with alike, up to what they are given to: 'are satisfied '."""
    words = []
    for one, other in zip(first.split(" "), second.split(" "), strict=False):
        if one != other or one.startswith("“"):
            break
        words.append(one)
    # What joins a verb to its object stays with each: "with parks", "with libraries".
    joins = {"with", "about", "in", "of", "to", "as"}
    words = words[:-1] if words and words[-1] in joins else words
    return "".join(f"{word} " for word in words)


def tell_most_common(survey: Survey, rows: pd.DataFrame) -> Phrase:
    """Return which answer of a list, or to a question, comes first, as far as sampling and the figures tell."""
    first = rows.iloc[0]
    if not survey.codebook.kind_of(first["question_id"]).is_list and first["low"] > HALF:
        return phrase(tell_share(survey, first, whose=False), first)
    return tell_first(survey, rows, whose=False)


def result(survey: Survey, question: str) -> Phrase:
    """Return how a question came out in each population, in a few sentences, with what changed since the baseline."""
    told = []
    for population in populations_asked(survey, question):
        said, part = _tell_result(survey, question, population), find_part_asked(survey, population, question)
        told.append(together(Phrase(f"Only {part} are counted."), said) if part and said.text else said)
    said = together(*told)
    return said if said.text or not survey.codebook.kind_of(question).is_number else nothing_to_show(survey, question)


def _tell_result(survey: Survey, question: str, population: str) -> Phrase:
    """Return how a question came out in one population."""
    kind = survey.codebook.kind_of(question)
    if kind.is_number:
        return Phrase(tell_numbers(survey, question, population))
    rows = find_leads(survey, question, population)
    if rows.empty:
        return together(_tell_usual_answer(survey, question, population), changes(survey, question, population))
    if is_alone(survey, question):
        parts = [_tell_answers(survey, question, population)]
    elif kind.is_list:
        parts = [_tell_list(survey, rows)]
    else:
        parts = [_tell_majorities(survey, rows), _tell_last(survey, rows)]
    return together(*parts, changes(survey, question, population))


def _tell_answers(survey: Survey, question: str, population: str) -> Phrase:
    """Return every answer to a question that is put once, in its own order: '27% of residents say “excellent”, …'."""
    kind = survey.codebook.kind_of(question)
    # In place of the answers that a side is made of stands the side.
    sides = {part: side for side in (kind.headline, kind.opposite) if side for part in kind.split_net(side)}
    responses = list(dict.fromkeys(sides.get(answer, answer) for answer in kind.answers))
    (item,) = survey.codebook.items.index[survey.codebook.items["question_id"] == question]
    rows = answers_of(survey, item, population)
    rows = rows[(rows["status"] == "number") & rows["response"].isin(responses)]
    rows = rows.sort_values("response", key=lambda one: one.map(responses.index), kind="stable")
    if rows.empty:
        return Phrase("")
    first, *others = [row for _, row in rows.iterrows()]
    unknown = find_unknown(survey, rows)
    rest = f"; {per_cent(unknown)} gave another answer or none" if unknown else ""
    told = listing(
        [
            f"{share_text(first)} of {people(survey, population)} say {quote_answer(survey, first)}",
            *(f"{share_text(row)} {quote_answer(survey, row)}" for row in others),
        ]
    )
    return phrase(f"{told}{rest}.", rows)


def _tell_list(survey: Survey, rows: pd.DataFrame) -> Phrase:
    """Return which options of a list are chosen most, and which follow."""
    first = tell_first(survey, rows)
    level = level_with_first(survey, rows)
    after = rows.iloc[len(level) : len(level) + 2] if len(level) <= MOST_LEVEL else rows.iloc[:0]
    if after.empty:
        return phrase(f"{sentence(first.text)}.", first)
    named = listing(tell_named(survey, row) for _, row in after.iterrows())
    come = "come" if len(after) > 1 else "comes"
    return phrase(f"{sentence(first.text)}; {named} {come} next.", first, after)


def _tell_majorities(survey: Survey, rows: pd.DataFrame) -> Phrase:
    """Return to how many items a majority gave the answer that speaks for them, and with which it is largest."""
    first, who = rows.iloc[0], people(survey, rows["population"].iloc[0])
    most = rows[rows["low"] > HALF]
    if len(rows) < 3 or len(most) < 2:
        named = [tell_share(survey, row, whose=place == 0) for place, (_, row) in enumerate(rows.head(3).iterrows())]
        return phrase(f"{listing(named)}.", rows.head(3))
    ends = " to ".join(tell_named(survey, row) for _, row in most.iloc[[0, -1]].iterrows())
    text = f"Majorities of {who} {say_reply(survey, first, count_of(len(most), len(rows)))}, from {ends}."
    return phrase(text, most.iloc[[0, -1]])


def _tell_usual_answer(survey: Survey, question: str, population: str) -> Phrase:
    """Return which answer is the most common one to how many statements, where none of the answers speaks for them."""
    kind, rows = survey.codebook.kind_of(question), figures_of(survey, question, population)
    items = rows.loc[rows["status"] == "number"].groupby("item_id", sort=False)
    firsts = []
    for _, own in items:
        ranked = own.sort_values("share", ascending=False, kind="stable")
        if len(level_with_first(survey, ranked)) == 1 and is_first(survey, ranked):
            firsts.append(ranked.iloc[0])
    usual = Counter(str(row["response"]) for row in firsts).most_common(1)
    if not usual or usual[0][1] < 2:
        return Phrase("")
    answer, times = usual[0]
    told = [row for row in firsts if row["response"] == answer]
    return phrase(
        f"“{kind.label_of(answer)}” is the most common answer to {count_of(times, len(items))}.", pd.DataFrame(told)
    )


def _tell_last(survey: Survey, rows: pd.DataFrame) -> Phrase:
    """Return which item comes last, or which sampling can't tell apart there; empty where none is known to."""
    if len(rows) < 3 or not is_first(survey, rows):
        return Phrase("")
    level = level_with_first(survey, rows[::-1])[::-1]
    if len(level) > MOST_LEVEL:
        return Phrase("")
    if len(level) == 1:
        last = rows.iloc[-1]
        reply = say_reply(survey, last, None)
        return phrase(f"{sentence(name_item(survey, last))} comes last: {share_text(last)} {reply}.", last)
    told = listing(tell_named(survey, row) for _, row in level.iterrows())
    return phrase(f"{sentence(told)} come last, too close to rank.", level)


def quote_question(survey: Survey, question: str, *, shown: bool = True) -> str:
    """Return a question as a figure quotes it, in full: 'Question: “…”', with how many answers people could give.

    With `shown` it says which answer to statements stands for them.
    """
    rows = survey.asked[(survey.asked["question_id"] == question) & (survey.asked["source"] != "not_asked")]
    title, kind = str(survey.codebook.questions.loc[question, "title"]), survey.codebook.kind_of(question)
    wording = str(rows["wording"].iloc[0]) if len(rows) else title
    choices = rows["max_choices"].max() if len(rows) and kind.is_several else float("nan")
    items = int((survey.codebook.items["question_id"] == question).sum())
    # What people were told to do stands in the question where it was part of it.
    is_told = OF_CHOICES.search(wording) is not None
    several = " Several answers were possible." if kind.is_several else ""
    several = f" Up to {count(int(choices))} answers." if pd.notna(choices) and choices < items else several
    several = "" if is_told else several
    counted = ""
    if shown and kind.headline and not kind.is_list and not is_alone(survey, question):
        row = pd.Series({"question_id": question, "response": kind.headline})
        counted = f" Shown: the share who answered {quote_answer(survey, row)}."
    said = quote_wording(wording, str(rows["wording_source"].iloc[0]) if len(rows) else "")
    return f"Question: {said}.{several}{counted}".replace("?”.", "?”")
