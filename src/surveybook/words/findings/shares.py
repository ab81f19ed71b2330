"""Single shares: how they stand to one half, and to each other."""

import pandas as pd

from surveybook.model.figures import find_figure, items_of
from surveybook.model.survey import Survey
from surveybook.model.wording import Phrase, in_sentence, listing, per_cent, phrase, sentence, share_text, with_interval
from surveybook.stats.comparison import compare_figures
from surveybook.words.findings.changes import with_change, with_changes
from surveybook.words.findings.differences import gap_text
from surveybook.words.findings.questions import no_answer, people

REPLIES = {"agree": "agree with", "disagree": "disagree with", "dont_know": "answer “don’t know” to"}
ABOUT_HALF = "about half"
PARTS = {"role=manager": "managers among {}", "role=staff": "{} other than managers"}


def against_half(figure: pd.Series) -> str:
    """Return how a share stands to one half, given its interval."""
    if figure["low"] > 0.5:
        return "a majority"
    return "a minority" if figure["high"] < 0.5 else ABOUT_HALF


def side_untold(figure: pd.Series) -> str:
    """Return the end of a sentence that called a share about half; nothing where it is on one side."""
    return "; sampling can’t tell on which side" if against_half(figure) == ABOUT_HALF else ""


def level(survey: Survey, key: str) -> Phrase:
    """Return one share with its interval and how it stands to one half, to follow what it is about and a colon."""
    figure = find_figure(survey, key)
    population = key.split("[")[0].split(".")[0]
    if figure is None:
        return no_answer(survey, items_of(key), f"this wave has no answer to this from {people(survey, population)}.")
    who = f"of {people(survey, population)} {REPLIES.get(figure['response'], figure['response']).split(' ')[0]}"
    if figure["status"] == "words":
        said = phrase(f"“{figure['verbal']}” {who}; the source gives words and no number.", figure)
    elif figure["status"] == "unpublished":
        said = phrase(f"the share of {people(survey, population)} is not published.", figure)
    elif pd.isna(figure["low"]):
        said = phrase(f"{per_cent(figure['share'], figure['decimals'])} {who}, on an unknown base.", figure)
    else:
        said = phrase(f"{with_interval(figure)} {who}, {against_half(figure)}{side_untold(figure)}.", figure)
    return with_change(survey, said, key)


def share(survey: Survey, key: str) -> Phrase:
    """Return one share as the wave gives it, for use inside a sentence."""
    figure = find_figure(survey, key)
    return phrase(share_text(figure), *([] if figure is None else [figure]))


def share_and_interval(survey: Survey, key: str) -> Phrase:
    """Return one share with its interval, for use inside a sentence."""
    figure = find_figure(survey, key)
    return phrase(with_interval(figure), *([] if figure is None else [figure]))


def agree_or_disagree(survey: Survey, population: str, item: str, *, quoted: bool = False) -> Phrase:
    """Return whether those who agree outnumber those who disagree, as far as sampling lets one say.

    With `quoted` the sentence says what with, for use where nothing before it does.
    """
    agree, disagree = (find_figure(survey, f"{population}.{item}.{r}") for r in ("agree", "disagree"))
    if agree is None:
        return no_answer(survey, [item], f"This wave did not ask {people(survey, population)} about this.")
    if disagree is None or disagree["status"] != "number" or agree["status"] != "number":
        return level(survey, f"{population}.{item}.agree")
    gap = compare_figures(survey, agree, disagree)
    agreed = f"agree with “{wording_of(survey, agree)}”" if quoted else "agree"
    both = f"{with_interval(agree)} of {people(survey, population)} {agreed} and {with_interval(disagree)} disagree"
    if not gap.excludes_zero:
        verdict = f"the gap of {gap_text(gap)} is within sampling error"
    else:
        verdict = f"those who {'agree' if gap.difference > 0 else 'disagree'} are ahead by {gap_text(gap)}"
    return with_changes(survey, phrase(f"{both}; {verdict}.", agree, disagree), agree["question_id"], population)


def wording_of(survey: Survey, figure: pd.Series) -> str:
    """Return the statement that a figure is an answer to, as it was put, without a full stop."""
    rows = survey.asked
    rows = rows[(rows["population"] == figure["population"]) & (rows["question_id"] == figure["question_id"])]
    return str(rows["wording"].iloc[0]).rstrip(".")


def part_of(survey: Survey, population: str, domain: str) -> str:
    """Return a population, or a part of it, as it stands inside a sentence: 'managers among frontline staff'."""
    return PARTS.get(domain, f"{{}} ({domain})" if domain else "{}").format(people(survey, population))


def reply_words(survey: Survey, figure: pd.Series) -> str:
    """Return what the people of a share do: 'agree with “My work is worthwhile”'."""
    return f"{REPLIES.get(figure['response'], figure['response'])} “{wording_of(survey, figure)}”"


def replied(survey: Survey, figure: pd.Series) -> Phrase:
    """Return one share with who gave which reply to what, as a clause: '85 per cent of the public agree with “…”'."""
    who = part_of(survey, figure["population"], figure["domain"])
    return phrase(f"{share_text(figure)} of {who} {reply_words(survey, figure)}", figure)


def two_answers(survey: Survey, first: str, second: str) -> Phrase:
    """Return how two answers of one population stand to each other, however many people gave both.

    The keys read ``population.item.response``; the items belong to one question or to two.
    """
    who = people(survey, first.split("[")[0].split(".")[0])
    asked_about = [survey.codebook.items.loc[key.split(".")[1]] for key in (first, second)]
    names = [in_sentence(str(item["short_label"])) for item in asked_about]
    # The short label of a statement isn't a name of something, so it needs marks to stand in a sentence.
    kinds = [survey.codebook.questions.loc[item["question_id"], "kind"] for item in asked_about]
    names = [f"“{name}”" if kind == "scale" else name for name, kind in zip(names, kinds, strict=True)]
    a, b = (find_figure(survey, key) for key in (first, second))
    if a is None or b is None or {a["status"], b["status"]} != {"number"}:
        lacks = f"For {who} this wave does not have two percentages to set side by side for {listing(names)}."
        return no_answer(survey, items_of(first, second), lacks)
    gap = compare_figures(survey, a, b)
    both = f"Among {who}, {names[0]} stands at {share_text(a)} and {names[1]} at {share_text(b)}"
    if not gap.excludes_zero:
        return with_change(
            survey, phrase(f"{both}; the gap of {gap_text(gap)} is within sampling error.", a, b), first, second
        )
    ahead = names[0] if gap.difference > 0 else names[1]
    overlap = ", however the answers overlap" if survey.covariances.empty else ""
    return with_change(survey, phrase(f"{both}: {ahead} leads by {gap_text(gap)}{overlap}.", a, b), first, second)


def reply(survey: Survey, key: str) -> Phrase:
    """Return how many of a population, or of a part of it, gave a reply to a statement, in a full sentence."""
    figure = find_figure(survey, key)
    group, item, _ = key.rsplit(".", 2)
    population, _, domain = group.rstrip("]").partition("[")
    who = part_of(survey, population, domain)
    label = str(survey.codebook.items.loc[item, "label"])
    if figure is None:
        return no_answer(survey, [item], f"This wave has no answer to “{label}” from {who}.")
    does = reply_words(survey, figure)
    if figure["status"] == "unpublished":
        return with_change(survey, phrase(f"The share of {who} who {does} is not published.", figure), key)
    if figure["status"] == "words":
        said = phrase(f"Of {who}, “{figure['verbal']}” {does}; the source gives words and no number.", figure)
        return with_change(survey, said, key)
    if pd.isna(figure["low"]):
        said = phrase(f"{with_interval(figure)} of {who} {does}, on an unknown base.", figure)
        return with_change(survey, said, key)
    many = sentence(against_half(figure))
    said = phrase(f"{many} of {who}, {with_interval(figure)}, {does}{side_untold(figure)}.", figure)
    return with_change(survey, said, key)
