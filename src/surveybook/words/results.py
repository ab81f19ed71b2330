"""How a question came out, in plain English: a headline of one finding, and a paragraph; what was asked, quoted.

What people did is said by the kind of question: they choose an option, agree with a statement, are satisfied with a
service. Superlatives stand only where no answer without a figure could be larger (see `is_first`).
"""

import re
from collections import Counter

import pandas as pd

from surveybook.model.survey import Survey, figures_of, find_figure, find_part_asked, populations_asked
from surveybook.model.wording import (
    Phrase,
    count,
    in_sentence,
    listing,
    per_cent,
    phrase,
    quote_wording,
    sentence,
    share_text,
    together,
)
from surveybook.stats.comparison import compare_figures
from surveybook.words.asked import nothing_to_show
from surveybook.words.changes import changes, find_change, tell_before
from surveybook.words.naming import is_alone, name_answer, name_item, name_statement, people
from surveybook.words.numbers import number_headline, tell_numbers
from surveybook.words.orders import MOST_LEVEL, find_unknown, is_first, level_with_first, ranking, tell_first

HALF = 0.5
# What people are, and needn't be quoted for.
OF_STATES = ("are ", "feel ")
OF_CHOICES = re.compile(r"\b(choose|select|tick|mark|pick|all that apply|up to|as many as)\b", re.IGNORECASE)


def say_reply(survey: Survey, figure: pd.Series, thing: str | None = "", *, whole: bool = False) -> str:
    """Return what the people of a share do: 'are satisfied with parks', 'choose parks', 'say “good”'.

    Parameters
    ----------
    survey : Survey
        The wave.
    figure : pandas.Series
        A row of its estimates.
    thing : str, optional
        What they did it to, in place of the item; None for 'it'.
    whole : bool
        Whether an answer to a question that is put once has the question beside it, for where nothing else does.
    """
    kind = survey.codebook.kind_of(figure["question_id"])
    if kind.is_list:
        return f"choose {'it' if thing is None else thing or name_item(survey, figure)}"
    if is_alone(survey, figure["question_id"]) and not kind.is_quoted:
        told = kind.reply(figure["response"])
        states = told.startswith(OF_STATES) and figure["response"] in kind.nets
        asked = f" to {name_statement(survey, figure)}" if whole else ""
        return told if states else f"say {quote_answer(survey, figure)}{asked}"
    return kind.reply(figure["response"], name_item(survey, figure) if thing == "" else thing)


def quote_answer(survey: Survey, figure: pd.Series) -> str:
    """Return an answer in quotation marks, of a net all that it counts: '“very good” or “good”'."""
    kind = survey.codebook.kind_of(figure["question_id"])
    *parts, last = [f"“{in_sentence(kind.label_of(part))}”" for part in kind.split_net(figure["response"])]
    return f"{', '.join(parts)} or {last}" if parts else last


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
    if survey.codebook.kind_of(question).is_number:
        return number_headline(survey, question)
    populations = populations_asked(survey, question)
    leads = {name: rows for name in populations if len(rows := find_leads(survey, question, name))}
    told = [_tell_usual_answer(survey, question, name) for name in populations] if not leads else []
    if not leads and not any(one.text for one in told):
        return Phrase(str(survey.codebook.questions.loc[question, "title"]))
    if not leads:
        return phrase(" ".join(one.text for one in told).rstrip("."), *told)
    for population, rows in leads.items():
        said = _find_headline(survey, rows)
        text = f"{sentence(people(survey, population))}: {said.text}"
        told.append(phrase(text, said) if len(leads) > 1 else said)
    return phrase("; ".join(str(one) for one in told), *told)


def _find_headline(survey: Survey, rows: pd.DataFrame) -> Phrase:
    """Return the headline of one population."""
    first = rows.iloc[0]
    question = first["question_id"]
    kind = survey.codebook.kind_of(question)
    if kind.is_list or (is_alone(survey, question) and kind.headline is None):
        said = tell_most_common(survey, rows)
        return phrase(sentence(said.text), said)
    if is_alone(survey, question) and kind.opposite:
        other = find_figure(survey, f"{first['population']}.{first['item_id']}.{kind.opposite}")
        if other is not None and other["status"] == "number":
            replies = say_reply(survey, first), say_reply(survey, other, None)
            against = f"{share_text(other)} {replies[1].removeprefix(_find_shared_start(*replies))}"
            return phrase(f"{tell_share(survey, first, whose=False)}; {against}", first, other)
    moved = [row for _, row in rows.iterrows() if find_change(survey, row) is not None]
    if moved:
        largest = max(moved, key=lambda row: abs(find_change(survey, row)["change"]))  # type: ignore[index]
        return phrase(tell_share(survey, largest, whose=False), largest)
    last = rows.iloc[-1]
    if len(rows) == 1:
        return phrase(tell_share(survey, first, whose=False), first)
    replies = say_reply(survey, first), say_reply(survey, last)
    shared = _find_shared_start(*replies)
    both = f"{share_text(first)} {replies[0]}, {share_text(last)} {replies[1].removeprefix(shared)}"
    return phrase(both, first, last)


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
    return tell_first(survey, rows, _tell_named, whose=False)


def _tell_named(survey: Survey, row: pd.Series) -> str:
    """Return an option, or an answer, with its share: '“Bus” (40%)'."""
    is_list = survey.codebook.kind_of(row["question_id"]).is_list
    name = name_item(survey, row) if is_list else f"“{name_answer(survey, row)}”"
    return f"{name} ({share_text(row)})"


def result(survey: Survey, question: str) -> Phrase:
    """Return how a question came out in each population, in a few sentences, with what changed since the baseline."""
    if survey.codebook.kind_of(question).is_number:
        return tell_numbers(survey, question)
    populations = populations_asked(survey, question)
    told = [_tell_result(survey, question, population) for population in populations]
    parts = [find_part_asked(survey, population, question) for population in populations]
    told = [
        together(Phrase(f"Only {part} are counted."), one) if part else one
        for part, one in zip(parts, told, strict=True)
        if one.text
    ]
    return together(*told) if told else Phrase("") if populations else nothing_to_show(survey, question)


def _tell_result(survey: Survey, question: str, population: str) -> Phrase:
    """Return how a question came out in one population."""
    rows, kind = find_leads(survey, question, population), survey.codebook.kind_of(question)
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
    rows = survey.estimates
    rows = rows[(rows["question_id"] == question) & (rows["population"] == population) & (rows["domain"] == "")]
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
    first = tell_first(survey, rows, _tell_named)
    level = level_with_first(survey, rows)
    after = rows.iloc[len(level) : len(level) + 2] if len(level) <= MOST_LEVEL else rows.iloc[:0]
    if after.empty:
        return phrase(f"{sentence(first.text)}.", first)
    named = listing(f"{name_item(survey, row)} ({share_text(row)})" for _, row in after.iterrows())
    come = "come" if len(after) > 1 else "comes"
    return phrase(f"{sentence(first.text)}; {named} {come} next.", first, after)


def _tell_majorities(survey: Survey, rows: pd.DataFrame) -> Phrase:
    """Return to how many items a majority gave the answer that speaks for them, and with which it is largest."""
    first, who = rows.iloc[0], people(survey, rows["population"].iloc[0])
    most = rows[rows["low"] > HALF]
    if len(rows) < 3 or len(most) < 2:
        named = [tell_share(survey, row, whose=place == 0) for place, (_, row) in enumerate(rows.head(3).iterrows())]
        return phrase(f"{listing(named)}.", rows.head(3))
    of_all = f"all {count(len(rows))}" if len(most) == len(rows) else f"{count(len(most))} of the {count(len(rows))}"
    ends = [f"{name_item(survey, row)} ({share_text(row)})" for _, row in most.iloc[[0, -1]].iterrows()]
    text = f"Majorities of {who} {say_reply(survey, first, of_all)}, from {ends[0]} to {ends[1]}."
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
    of_all = f"all {count(len(items))}" if times == len(items) else f"{count(times)} of the {count(len(items))}"
    told = [row for row in firsts if row["response"] == answer]
    return phrase(f"“{kind.label_of(answer)}” is the most common answer to {of_all}.", pd.DataFrame(told))


def _tell_last(survey: Survey, rows: pd.DataFrame) -> Phrase:
    """Return which item comes last, or which sampling can't tell apart there; empty where none is known to."""
    if len(rows) < 3 or not is_first(survey, rows):
        return Phrase("")
    last = rows.iloc[-1]
    level = rows[
        [row.name == last.name or not compare_figures(survey, row, last).excludes_zero for _, row in rows.iterrows()]
    ]
    if len(level) > MOST_LEVEL:
        return Phrase("")
    names = [name_item(survey, row) for _, row in level.iterrows()]
    if len(level) == 1:
        reply = say_reply(survey, last, None)
        return phrase(f"{sentence(names[0])} comes last: {share_text(last)} {reply}.", last)
    told = [f"{name} ({share_text(row)})" for name, (_, row) in zip(names, level.iterrows(), strict=True)]
    return phrase(f"{sentence(listing(told))} come last, too close to rank.", level)


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
