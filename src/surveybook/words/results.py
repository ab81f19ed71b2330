"""How a question came out, in plain English: a headline of one finding, and a paragraph; what was asked, quoted.

What people did is said by the kind of question: they choose an option, agree with a statement, are satisfied with a
service. Superlatives stand only where no answer without a figure could be larger (see `is_first`).
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import pandas as pd

from surveybook.change.changes import changes_of, compare_means
from surveybook.model.survey import (
    Survey,
    answers_of,
    figures_of,
    find_figure,
    find_part_asked,
    label_of,
    numbers_of,
    populations_asked,
)
from surveybook.model.wording import (
    HALF_A_POINT,
    Phrase,
    at_most,
    count,
    in_sentence,
    is_of_ours,
    listing,
    number,
    per_cent,
    phrase,
    quote,
    quote_wording,
    sentence,
    share_text,
    together,
)
from surveybook.stats.comparison import compare_numbers
from surveybook.words.asked import is_of_fewer, nothing_to_show
from surveybook.words.changes import changes, find_change, list_moves, tell_before
from surveybook.words.naming import (
    OF_STATES,
    TOO_CLOSE,
    count_of,
    is_alone,
    is_name,
    is_plural,
    name_item,
    name_shades,
    name_thing,
    name_told,
    people,
    quote_answer,
    say_reply,
)
from surveybook.words.shares import (
    MOST_LEVEL,
    find_leads,
    find_unknown,
    is_first,
    level_with_first,
    tell_first,
    tell_named,
)

HALF = 0.5
# What a title says of a change.
MOVED = re.compile(r", (?:up|down) from ")
# What a title begins with whose first shares or averages sampling doesn't tell apart.
NO_LEAD = "No clear lead: "
# A title that would have more letters names one share.
LONGEST_TITLE = 130
OF_CHOICES = re.compile(r"\b(choose|select|tick|mark|pick|all that apply|up to|as many as)\b", re.IGNORECASE)
# From this size on, numbers are told whole.
WHOLE = 100
# Numbers that may be years have no comma.
YEARS = (1900, 2099)
# Of a rating, what follows the number: "6.8 out of 10".
RATED = "out of "
# Of more answers than these, the largest are told one by one, and of the rest how large they are at most.
MOST_TOLD, TOLD = 4, 3
# The same where shares are listed without a sentence.
MOST_LISTED = 8
# Of fewer items it isn't counted to how many a majority gave an answer.
LEAST_COUNTED = 3
# What joins a verb to what it is about stays with each: "with parks", "with libraries". And where that stands.
JOINS, HERE = ("with", "about", "in", "of", "to"), "…"
# An average of so many times the median is that of a few large numbers, which readers are told.
RAISED = 2
# As many averages as this, level with the highest, are counted and not named.
MOST_NEAR = 3


def tell_share(survey: Survey, figure: pd.Series, *, whose: bool = True) -> str:
    """Return a share in a clause, and from where it came: '72% of residents are satisfied with parks, up from 49%'."""
    kind, said = survey.codebook.kind_of(figure["question_id"]), say_reply(survey, figure)
    # Who answered doesn't answer another time in one clause.
    did = "replied" if "answer " in said else "answered"
    who = f" of {_name_counted(survey, figure, did)}" if whose else ""
    shades = name_shades(survey, figure) if said == kind.reply(figure["response"]) else ""
    return f"{share_text(figure)}{who} {said}{shades}{tell_before(survey, figure)}"


def tell_asked_share(survey: Survey, figure: pd.Series) -> str:
    """Return a share in a clause, after the name of its question where people say something, and not to what."""
    question, said = str(figure["question_id"]), tell_share(survey, figure)
    kind, title = survey.codebook.kind_of(question), str(survey.codebook.questions.loc[question, "title"])
    is_told = not kind.is_list and (kind.is_quoted or not is_alone(survey, question))
    return said if is_told or title.lower() in said.lower() else f"{title} – {said}"


def _name_counted(survey: Survey, figure: pd.Series, did: str = "answered") -> str:
    """Return whose answers a share counts: 'residents', or 'the 909 residents who answered' where clearly fewer did.

    Who they are nobody states; where that is stated, it stands beside the share.
    """
    population, base = figure["population"], figure["base"]
    who = people(survey, population, figure["domain"])
    is_part = figure["domain"] == "" and is_of_fewer(survey, population, base)
    is_stated = is_part and find_part_asked(survey, population, figure["question_id"])
    return f"the {number(base)} {who} who {did}" if is_part and not is_stated else who


def main_result(survey: Survey, question: str) -> Phrase:
    """Return the one finding of a question, as a title: what changed most, or what comes first and last.

    Its title, where no answer speaks for its items.
    """
    asked = populations_asked(survey, question)
    if not asked:
        return Phrase(f"not asked in {label_of(survey)}")
    told = {name: said for name in asked if (said := _find_headline(survey, question, name)).text}
    if not told:
        return Phrase(str(survey.codebook.questions.loc[question, "title"]))
    whose = {name: f"{sentence(people(survey, name))}: " if len(told) > 1 else "" for name in told}
    return phrase("; ".join(whose[name] + said.text for name, said in told.items()), *told.values())


# A chart's title, what stands under it and the opening of a chapter ask for the same one.
@lru_cache(maxsize=512)
def _find_headline(survey: Survey, question: str, population: str) -> Phrase:
    """Return the headline of one population; empty where nothing can be said."""
    kind = survey.codebook.kind_of(question)
    if kind.is_number:
        return Phrase(tell_means(survey, question, population))
    rows = find_leads(survey, question, population)
    if rows.empty:
        said = _tell_usual_answer(survey, question, population, whose=False)
        return phrase(said.text.rstrip("."), said)
    first = rows.iloc[0]
    if kind.is_list or (is_alone(survey, question) and kind.headline is None):
        said = tell_most_common(survey, rows)
        return phrase(sentence(said.text), said)
    if is_alone(survey, question) and kind.opposite:
        other = find_figure(survey, f"{first['population']}.{first['item_id']}.{kind.opposite}")
        if other is not None and other["status"] == "number":
            told = tell_share(survey, first, whose=False)
            # What all others said who answered needn't be said.
            is_rest = first["share"] + other["share"] >= 1 - HALF_A_POINT
            return phrase(told if is_rest else f"{told}; {_tell_other(survey, first, other)}", first, other)
    moves = [0.0 if (moved := find_change(survey, row)) is None else abs(moved["change"]) for _, row in rows.iterrows()]
    if any(moves) or len(rows) == 1:
        largest = rows.iloc[moves.index(max(moves))]
        return phrase(tell_share(survey, largest, whose=False), largest)
    last, told = rows.iloc[-1], tell_share(survey, first, whose=False)
    both = f"{told}, {_tell_other(survey, first, last)}"
    return phrase(both, first, last) if len(both) <= LONGEST_TITLE else phrase(told, first)


def _tell_other(survey: Survey, first: pd.Series, other: pd.Series) -> str:
    """Return a share beside that of the first of its question, without the words that both have: '31% with pools'."""
    kind = survey.codebook.kind_of(other["question_id"])
    if kind.is_list:
        said = say_reply(survey, other).split(" ")[1:]
    elif first["item_id"] != other["item_id"]:
        *_, last = kind.reply(other["response"], HERE).partition(HERE)[0].split() or [""]
        said = [*([last] if last in JOINS else []), name_thing(survey, other)]
    else:
        said = say_reply(survey, other, None).split(" ")
        for word in say_reply(survey, first).split(" "):
            if word != said[0] or word.startswith("“"):
                break
            said = said[1:]
    return f"{share_text(other)} {' '.join(said)}"


def tell_most_common(survey: Survey, rows: pd.DataFrame) -> Phrase:
    """Return the two largest shares of a list, or of the answers to a question; or that the first are level."""
    first, level = rows.iloc[0], level_with_first(survey, rows)
    is_list = survey.codebook.kind_of(first["question_id"]).is_list
    if len(level) > MOST_LEVEL or not (is_list or is_first(survey, rows)):
        return tell_first(survey, rows, whose=False)
    told, others = tell_share(survey, first, whose=False), rows.iloc[1 : max(2, len(level))]
    # What a share was before stands beside it alone.
    others = others if find_change(survey, first) is None or len(level) > 1 else others.iloc[:0]
    parts = [told, *(_tell_other(survey, first, row) for _, row in others.iterrows())]
    return phrase(f"{NO_LEAD if len(level) > 1 else ''}{', '.join(parts)}", first, others)


def result(survey: Survey, question: str) -> Phrase:
    """Return how a question came out in each population, in a few sentences, with what changed since the baseline."""
    told = []
    for population in populations_asked(survey, question):
        part = find_part_asked(survey, population, question)
        said = together(_tell_finding(survey, question, population), _tell_since(survey, question, population))
        told.append(together(Phrase(f"Only {part} are counted."), said) if part and said.text else said)
    said = together(*told)
    return said if said.text or not survey.codebook.kind_of(question).is_number else nothing_to_show(survey, question)


def rest_of_result(survey: Survey, question: str) -> Phrase:
    """Return how a question came out, without what its chart and the chart's computed title tell already.

    Of a question that is put once, and of a list, that leaves whose answers are counted, and what changed.
    """
    kind, told = survey.codebook.kind_of(question), list[Phrase]()
    titles = {name: _find_headline(survey, question, name) for name in populations_asked(survey, question)}
    items = len(survey.codebook.items_by_question[question])
    is_short = kind.is_list or items == 1 or (kind.is_number and items == 2)
    for population, title in titles.items():
        found, changed = _tell_finding(survey, question, population), _tell_since(survey, question, population)
        part, known = find_part_asked(survey, population, question), set(title.figures)
        # Beside a ranked chart a sentence says more where it counts majorities.
        leads = find_leads(survey, question, population)
        is_ranked = len(leads) > 0 and find_majorities(leads).empty
        if title.text and (is_short or is_ranked or (found.figures and known.issuperset(found.figures))):
            found = Phrase(f"Only {part} are counted." if part else "")
        # Why nothing is compared stands under the chart.
        has_change = changed.figures and known.issuperset(changed.figures) and MOVED.search(title.text)
        is_told = not kind.is_number and (has_change or not changed.figures)
        told += [found] if is_told and "caution" not in changed.text else [found, changed]
    is_hidden = kind.is_number and not any(title.text for title in titles.values())
    return nothing_to_show(survey, question) if is_hidden else together(*told)


def answers_in_brief(survey: Survey, question: str) -> Phrase:
    """Return the answers to a question that is put once, in no sentence: 'White 63%, Black 12%', '2.6 on average'.

    That does for who people are. Of a list of options the largest come first, and of very many no others are told.
    Empty where the wave didn't ask it.
    """
    told = []
    for population in populations_asked(survey, question):
        kind, said = survey.codebook.kind_of(question), tell_means(survey, question, population)
        rows = find_leads(survey, question, population)
        rows = rows if kind.is_list else _list_answers(survey, question, population, kind.answers)
        names = rows["short_label"] if kind.is_list else rows["response"].map(kind.label_of)
        parts = [f"{name} {share_text(row)}" for name, (_, row) in zip(names, rows.iterrows(), strict=True)]
        if len(parts) > MOST_LISTED + 1:
            most = share_text(rows.iloc[MOST_LISTED])
            parts = [*parts[:MOST_LISTED], f"and {count(len(parts) - MOST_LISTED)} more of {at_most(most)} each"]
        base = (pick_means(survey, question, population) if said else rows)["base"].max()
        fewer = f" (of {number(base)} who answered)" if is_of_fewer(survey, population, base) else ""
        if said or parts:
            told.append(phrase((said or ", ".join(parts)) + fewer, rows))
    said = "" if told or not populations_asked(survey, question) else "not shown"
    return phrase("; ".join(one.text for one in told) or said, *told)


def _list_answers(survey: Survey, question: str, population: str, answers: Sequence[str]) -> pd.DataFrame:
    """Return some answers of one population to a question that is put once, in the order given, as far as known."""
    rows = answers_of(survey, survey.codebook.items_by_question[question][0], population)
    rows = rows[(rows["status"] == "number") & rows["response"].isin(answers)]
    return rows.sort_values("response", key=lambda one: one.map(answers.index), kind="stable")


def _tell_since(survey: Survey, question: str, population: str) -> Phrase:
    """Return what changed over a question in one population since the baseline."""
    if survey.codebook.kind_of(question).is_number:
        return Phrase(_tell_moved_means(survey, question, population))
    return changes(survey, question, population)


def _tell_finding(survey: Survey, question: str, population: str) -> Phrase:
    """Return how a question came out in one population."""
    kind = survey.codebook.kind_of(question)
    if kind.is_number:
        return Phrase(_tell_numbers(survey, pick_means(survey, question, population)))
    rows = find_leads(survey, question, population)
    if rows.empty:
        return _tell_usual_answer(survey, question, population)
    if is_alone(survey, question):
        return _tell_answers(survey, question, population)
    if kind.is_list:
        return _tell_list(survey, rows)
    # Where the least of all is a majority too, it was named as the last of them.
    last = Phrase("") if rows["low"].iloc[-1] > HALF else _tell_last(survey, rows)
    return together(_tell_majorities(survey, rows), last)


def _tell_answers(survey: Survey, question: str, population: str) -> Phrase:
    """Return the answers to a question that is put once: '27% of residents say “excellent”, 50% “good” and 23% “poor”'.

    They stand in their own order; of many the largest come first, and the rest are counted.
    """
    kind = survey.codebook.kind_of(question)
    # In place of the answers that a side is made of stands the side.
    sides = {part: side for side in (kind.headline, kind.opposite) if side for part in kind.split_net(side)}
    responses = list(dict.fromkeys(sides.get(answer, answer) for answer in kind.in_order))
    rows = _list_answers(survey, question, population, responses)
    if rows.empty:
        return Phrase("")
    unknown, whose = find_unknown(survey, rows), f" of {_name_counted(survey, rows.iloc[0])} say"
    rest = f"; {per_cent(unknown)} gave another answer or none" if unknown else ""
    shown = rows
    if len(rows) > MOST_TOLD:
        ordered = rows.sort_values("share", ascending=False, kind="stable")
        shown, others = ordered.head(TOLD), ordered.iloc[TOLD:]
        rest = f"; the other {count(len(others))} answers have {at_most(share_text(others.iloc[0]))} each{rest}"
    parts = [
        f"{share_text(row)}{'' if place else whose} {quote_answer(survey, row)}"
        for place, (_, row) in enumerate(shown.iterrows())
    ]
    first, (net, *others) = shown.iloc[0], parts
    if (shades := name_shades(survey, first)) and (state := kind.reply(first["response"])).startswith(OF_STATES):
        # "72% are satisfied (very or fairly), 20% say …".
        net = f"{share_text(first)}{whose.removesuffix(' say')} {state}{shades}"
        others = [f"{share} say {said}" for share, said in (part.split(" ", 1) for part in others[:1])] + others[1:]
    return phrase(f"{listing([net, *others])}{rest}.", rows)


def _tell_list(survey: Survey, rows: pd.DataFrame) -> Phrase:
    """Return how many chose the options that most did, and that sampling can't tell the first apart, if so."""
    level = len(level_with_first(survey, rows))
    if level > MOST_LEVEL:
        said = tell_first(survey, rows)
        return phrase(f"{sentence(said.text)}.", said)
    first, shown = rows.iloc[0], rows.head(TOLD)
    told = [f"{share_text(first)} of {_name_counted(survey, first)} {say_reply(survey, first)}"]
    told += [_tell_other(survey, first, row) for _, row in shown.iloc[1:].iterrows()]
    which = "these" if level == len(shown) else f"the first {count(level)}"
    return phrase(f"{listing(told)}{f'; {which} are {TOO_CLOSE}' if level > 1 else ''}.", shown)


def find_majorities(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the shares of items that surely are of a majority; none of one alone, or of few items."""
    most = rows[rows["low"] > HALF]
    return most if len(rows) >= LEAST_COUNTED and len(most) > 1 else most.iloc[:0]


def _tell_majorities(survey: Survey, rows: pd.DataFrame) -> Phrase:
    """Return to how many items a majority gave the answer that speaks for them, and with which it is largest."""
    first, who = rows.iloc[0], _name_counted(survey, rows.iloc[0])
    most = find_majorities(rows)
    if most.empty:
        told = [tell_share(survey, first)]
        told += [f"{_tell_other(survey, first, row)}{tell_before(survey, row)}" for _, row in rows.iloc[1:3].iterrows()]
        return phrase(f"{listing(told)}.", rows.head(3))
    ends = " to ".join(tell_named(survey, row) for _, row in most.iloc[[0, -1]].iterrows())
    text = f"Majorities of {who} {say_reply(survey, first, count_of(len(most), len(rows)))}, from {ends}."
    return phrase(text, most.iloc[[0, -1]])


def _tell_usual_answer(survey: Survey, question: str, population: str, *, whose: bool = True) -> Phrase:
    """Return which answer is the most common one to how many statements, where none of the answers speaks for them.

    Where it is to few, it is the largest share of all.
    """
    kind, rows = survey.codebook.kind_of(question), figures_of(survey, question, population)
    known = rows[rows["status"] == "number"].groupby("item_id", sort=False)
    items = [own.sort_values("share", ascending=False, kind="stable") for _, own in known]
    firsts = [own.iloc[0] for own in items if len(level_with_first(survey, own)) == 1 and is_first(survey, own)]
    ((answer, times),) = Counter(str(row["response"]) for row in firsts).most_common(1) or [("", 0)]
    if times < 2 or times * 2 < len(items):
        largest = max((own.iloc[0] for own in items), key=lambda row: row["share"], default=None)
        return Phrase("") if largest is None else phrase(f"{tell_share(survey, largest, whose=whose)}.", largest)
    shown = sorted((row for row in firsts if row["response"] == answer), key=lambda row: -row["share"])
    ends = [f"{quote(str(row['short_label']))} ({share_text(row)})" for row in (shown[0], shown[-1])]
    said = f"“{kind.label_of(answer)}” is the most common answer to {count_of(times, len(items))}, from "
    # Of long statements a title names the first.
    text, first = f"{said}{' to '.join(ends)}.", f"{said.removesuffix('from ')}such as {ends[0]}."
    return phrase(text if whose or len(text) <= LONGEST_TITLE else first, *shown)


def _tell_last(survey: Survey, rows: pd.DataFrame) -> Phrase:
    """Return which item comes last, or which sampling can't tell apart there; empty where none is known to."""
    if len(rows) < 3 or not is_first(survey, rows):
        return Phrase("")
    level = level_with_first(survey, rows[::-1])[::-1]
    if len(level) > MOST_LEVEL:
        return Phrase("")
    if len(level) == 1:
        last = rows.iloc[-1]
        name = name_told(survey, last)
        return phrase(f"{sentence(name)} {'come' if is_plural(name) else 'comes'} last ({share_text(last)}).", last)
    told = listing(tell_named(survey, row) for _, row in level.iterrows())
    return phrase(f"{sentence(told)} come last, too close to rank.", level)


def name_scale(survey: Survey, row: pd.Series) -> str:
    """Return the scale on which people rated if its ends have names and numbers no unit: ' on a scale of 1 to 7'."""
    given = numbers_of(survey, row["question_id"])
    if row["unit"] or not name_ends(survey, row["question_id"]):
        return ""
    return f" on a scale of {given['lowest'].min():g} to {given['highest'].max():g}"


def name_ends(survey: Survey, question: str) -> str:
    """Return what the ends of a scale of numbers stand for: ' 0 is “not at all”, 10 “completely”.'; "" if unknown."""
    rows = numbers_of(survey, question)
    ends = [f"{end:g}" for end in (rows["lowest"].min(), rows["highest"].max()) if pd.notna(end)]
    for population in populations_asked(survey, question):
        labels = survey.recording_of(population, question).get("labels") or {}
        if len(ends) == 2 and all(labels.get(end, end) != end for end in ends):
            first, last = (f"“{in_sentence(labels[end])}”" for end in ends)
            return f" {ends[0]} is {first}, {ends[1]} {last}."
    return ""


def quote_question(survey: Survey, question: str, *, shown: bool = True) -> str:
    """Return a question as a figure quotes it, in full: 'Question: “…”', with how many answers people could give.

    With `shown` it says which answer to statements stands for them; of numbers, what their ends are called.
    """
    rows = survey.asked[(survey.asked["question_id"] == question) & (survey.asked["source"] != "not_asked")]
    title, kind = str(survey.codebook.questions.loc[question, "title"]), survey.codebook.kind_of(question)
    wording = str(rows["wording"].iloc[0]) if len(rows) else title
    choices = rows["max_choices"].max()
    items = len(survey.codebook.items_by_question[question])
    limit = f" Up to {count(int(choices))} answers." if choices < items else " Several answers were possible."
    # What people were told to do stands in the question where it was part of it.
    several = limit if kind.is_several and not OF_CHOICES.search(wording) else ""
    counted = ""
    if shown and kind.headline and not kind.is_list and not is_alone(survey, question):
        row = pd.Series({"question_id": question, "response": kind.headline})
        counted = f" Shown: the share who answered {quote_answer(survey, row)}."
    source = str(rows["wording_source"].iloc[0]) if len(rows) else ""
    said = f"{'' if is_of_ours(source) else 'Question: '}{quote_wording(wording, source)}"
    ends = name_ends(survey, question) if kind.is_number else ""
    return f"{said}.{several}{counted}{ends}".replace("?”.", "?”")


def write_number(value: float, *, of: float | None = None, as_given: bool = False) -> str:
    """Return a number of a mean's size as pages print it: with a decimal below 100, whole above; `of` sets the size.

    With `as_given` it is one that people gave: without decimals where it is whole.
    """
    is_whole = float(value).is_integer() if as_given else abs(value if of is None else of) >= WHOLE
    return number(value, 0 if is_whole else 1).replace(",", "" if YEARS[0] <= value <= YEARS[1] else ",")


def tell_mean(row: pd.Series, *, with_limits: bool = True) -> str:
    """Return a mean with its unit and interval: '6.8 out of 10 on average (6.6 to 7.0)'."""
    limits = ""
    if with_limits and pd.notna(row["low"]):
        limits = f" ({' to '.join(write_number(row[end], of=row['value']) for end in ('low', 'high'))})"
    unit = f" {row['unit']}" if row["unit"] else ""
    return f"{write_number(row['value'])}{unit} on average{limits}"


def pick_means(survey: Survey, question: str, population: str) -> pd.DataFrame:
    """Return the means of a question's items in one population, largest first, those that aren't shown left out."""
    rows = numbers_of(survey, question, population)
    rows = rows[(rows["statistic"] == "mean") & (rows["status"] == "number")]
    return rows.sort_values("value", ascending=False, kind="stable")


def find_median(survey: Survey, mean: pd.Series) -> tuple[str, bool]:
    """Return the median beside a mean as pages print it, "" if unknown, and whether the mean is far above it."""
    rows = numbers_of(survey, mean["question_id"], mean["population"])
    half = rows[(rows["item_id"] == mean["item_id"]) & (rows["statistic"] == "median")]["value"].dropna()
    if half.empty:
        return "", False
    return write_number(half.iloc[0], as_given=True), bool(mean["value"] >= RAISED * half.iloc[0] > 0)


def are_surely_larger(survey: Survey, first: pd.DataFrame, second: pd.DataFrame) -> list[bool]:
    """Return whether means are larger than others of the same people beyond sampling, row by row."""
    pair = (rows.rename(columns={"value": "share", "statistic": "response"}) for rows in (first, second))
    return (compare_numbers(survey, *pair)["low"] > 0).tolist()


def tell_means(survey: Survey, question: str, population: str) -> str:
    """Return what is said of numbers as a title: the mean, or which item's is largest and which smallest."""
    rows = pick_means(survey, question, population)
    if rows.empty:
        return ""
    first, last = rows.iloc[0], rows.iloc[-1]
    mean = tell_mean(first, with_limits=False)
    if len(rows) == 1:
        mean = f"{mean}{name_scale(survey, first)}"
        half, is_raised = find_median(survey, first)
        if is_raised:
            unit = f" {first['unit']}" if first["unit"] else ""
            raised = write_number(first["value"])
            return f"The median is {half}{unit}; a few much larger numbers raise the average to {raised}"
        return f"{mean}; the median is {half}" if half else mean
    highest, lowest = (name_item(survey, row) for row in (first, last))
    average = "average" if is_plural(highest) else "averages"
    text = f"{sentence(highest)} {average} {mean.removesuffix(' on average')}"
    told = f"{text}, {lowest} {write_number(last['value'])}"
    # How far numbers vary whose source prints no errors nobody knows.
    is_known = pd.notna(first["low"]) and pd.notna(last["low"])
    is_close = is_known and not all(are_surely_larger(survey, rows.head(1), rows.tail(1)))
    return f"{NO_LEAD}{told}" if is_close else told


def _tell_one(survey: Survey, row: pd.Series, who: str) -> str:
    """Return the mean of one item and its median, which is no number that half of the people reached: many gave it."""
    half, is_raised = find_median(survey, row)
    verb = "give" if str(row["unit"]).startswith(RATED) else "say"
    why = ", since a few much larger numbers raise the average" if is_raised else ""
    more = f"; the median is {half}{why}" if half else ""
    mean = tell_mean(row, with_limits=False)
    if verb == "give" and is_name(row["short_label"]):
        return f"{sentence(who)} give {in_sentence(row['short_label'])} {mean}{more}."
    return f"On average, {who} {verb} {mean.removesuffix(' on average')}{name_scale(survey, row)}{more}."


def _tell_numbers(survey: Survey, rows: pd.DataFrame) -> str:
    """Return the one mean of a population, or which are largest and smallest, unless sampling can't tell them apart."""
    if rows.empty:
        return ""
    first, last, others = rows.iloc[0], rows.iloc[-1], len(rows) - 1
    who = people(survey, first["population"])
    if not others:
        return _tell_one(survey, first, who)
    is_behind = are_surely_larger(survey, rows.iloc[[0] * others], rows.iloc[1:])
    top = [row for (_, row), apart in zip(rows.iloc[1:].iterrows(), is_behind, strict=True) if not apart]
    is_lowest = all(are_surely_larger(survey, rows.iloc[:-1], rows.iloc[[-1] * others]))
    half, is_raised = find_median(survey, first)
    name = name_item(survey, first)
    raised = f" A few much larger numbers raise the average of {name}, whose median is {half}." if is_raised else ""
    if len(top) >= MOST_NEAR:
        ends = " to ".join(f"{write_number(row['value'])} ({name_item(survey, row)})" for row in (last, first))
        return f"Averages among {who} run from {ends}; {count(len(top))} more are too near the highest to rank.{raised}"
    if top:
        near = listing(f"{name_item(survey, row)} ({write_number(row['value'])})" for row in (first, *top))
        return f"{sentence(near)} have the highest averages among {who}, too close to rank.{raised}"
    highest, lowest = (name_item(survey, row) for row in (first, last))
    verb = "rate" if str(first["unit"]).startswith(RATED) else "put"
    rest = f", and {lowest} lowest, at {write_number(last['value'])}" if is_lowest else ""
    return f"{sentence(who)} {verb} {highest} highest, at {tell_mean(first, with_limits=False)}{rest}.{raised}"


def _tell_moved_means(survey: Survey, question: str, population: str) -> str:
    """Return which means changed since the baseline, or that none did beyond sampling; nothing without one."""
    if (compared := changes_of(survey)) is None:
        return ""
    found, then = compare_means(compared), label_of(compared.baseline)
    rows = found[(found["question_id"] == question) & (found["population"] == population) & (found["domain"] == "")]
    if rows.empty:
        return ""
    labels = survey.codebook.items["short_label"]
    parts = []
    for verb, own in list_moves(rows):
        moves = [(row.item_id, write_number(row.baseline_value), write_number(row.value)) for row in own.itertuples()]
        if is_alone(survey, question):
            parts += [f"{verb} from {before} to {now}" for _, before, now in moves]
            continue
        named = listing(f"{in_sentence(str(labels[item]))} ({before} to {now})" for item, before, now in moves)
        parts.append(f"{verb} for {named}")
    return f"Since {then} the average {', and '.join(parts)}." if parts else f"No clear change since {then}."
