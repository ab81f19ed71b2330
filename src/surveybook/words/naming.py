"""What things are called inside a sentence: people and parts of them, what a share counts, what people did, a gap."""

import re
from functools import lru_cache

import pandas as pd

from surveybook.model.report import read_report
from surveybook.model.survey import Survey
from surveybook.model.wording import count, in_sentence, quote

# What is said of figures that sampling doesn't tell apart.
TOO_CLOSE = "too close to call"
# What people are, and needn't be quoted for.
OF_STATES = ("are ", "feel ")
# What follows the noun that a label is about, and endings of nouns that are one thing all the same.
ENDS_HEAD = re.compile(r"(?:^|\s+)(?:of|in|for|to|with|on|at|by|from|about|than|not)\b|\s*[(,;:–/]")
ONE_THING = ("ss", "us", "is", "ics", "news")
# A label of so many words may be a name, where none of them makes a sentence of it.
LONGEST_NAME = 10
OF_SENTENCES = re.compile(
    r"\b(i|we|me|my|our|us|you|your|they|(?-i:[Ii]t)|is|are|was|were|am|be|been|can|could|will|would|should|must|may|do|does|did"
    r"|have|has|had|feel|think|how|what|which|when|why|who|that)\b|[?:;]|\.$"
    r"|^([a-z]{3,}ed (a|an|the|in|on|at|to|with|of|outside|my|your|from|for|by|out)|gone|eaten|done|taken|seen|made)\b"
    r"|^(yes|no)\s*[,–—-]|^(for|to|due|because|by|with|without|from|as|if|at|in|on|through|via|during|after|before|until|since)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=256)
def people(survey: Survey, population: str, domain: str = "") -> str:
    """Return who a figure is about, as it stands inside a sentence: 'residents', 'managers among residents'.

    Parameters
    ----------
    survey : Survey
        The wave.
    population : str
        A population of the codebook.
    domain : str
        A part of it, as ``role=manager``; ``report.yml`` may say in `groups` how those in it are called.
    """
    whole = in_sentence(str(survey.codebook.populations.at[population, "label"]))
    return read_report().groups.get(domain, f"{{}} ({name_domain(domain)})" if domain else "{}").format(whole)


def among(survey: Survey, population: str, domain: str = "") -> str:
    """Return whose answers are spoken of: 'among residents', but 'of managers among residents', where it is said.

    The arguments are those of `people`.
    """
    who = people(survey, population, domain)
    return f"{'of' if ' among ' in who else 'among'} {who}"


def name_domain(domain: str) -> str:
    """Return a part of a population as a label, for a column of a table: ``role=manager`` is 'role: manager'."""
    return domain.replace("=", ": ").replace("_", " ")


def name_answer(survey: Survey, figure: pd.Series) -> str:
    """Return what a response is called in the codebook."""
    return survey.codebook.kind_of(figure["question_id"]).label_of(figure["response"])


def name_item(survey: Survey, figure: pd.Series) -> str:
    """Return an item as it stands inside a sentence: a thing by its name, a sentence as it was put."""
    label, question = str(figure["short_label"]), str(figure["question_id"])
    is_quoted = survey.codebook.kind_of(question).is_quoted or not is_name(label) or are_sentences(survey, question)
    return quote(label) if is_quoted else in_sentence(label)


@lru_cache(maxsize=512)
def are_sentences(survey: Survey, question: str) -> bool:
    """Return whether most items of a question are sentences, so that any other, "men make more money", is one too."""
    labels = survey.codebook.items.loc[survey.codebook.items_by_question[question], "short_label"]
    return sum(map(is_name, map(str, labels))) * 2 < len(labels)


def is_plural(name: str) -> bool:
    """Return whether a thing, as it stands inside a sentence, is several: 'high levels of crime', 'opening hours'.

    What is quoted is one, and so are names, whose words have capitals.
    """
    words = ENDS_HEAD.split(name, maxsplit=1)[0].split()
    head = words[-1] if words and not name.startswith("“") else ""
    return head.islower() and head.endswith("s") and not head.endswith(ONE_THING)


def is_name(label: str) -> bool:
    """Return whether a label names a thing; otherwise it is a number or (part of) a sentence, and has to be quoted."""
    return bool(re.search(r"[^\W\d_]", label)) and len(label.split()) <= LONGEST_NAME and not OF_SENTENCES.search(label)


def name_share(survey: Survey, figure: pd.Series) -> str:
    """Return what a share counts, inside a sentence: 'value for money', '“Work is worthwhile” (agree)'."""
    if survey.codebook.kind_of(figure["question_id"]).is_list:
        return name_item(survey, figure)
    return f"{name_item(survey, figure)} ({in_sentence(name_answer(survey, figure))})"


def label_share(survey: Survey, figure: pd.Series) -> str:
    """Return what a share counts, as a label: the item, with the answer where that doesn't go without saying."""
    short, kind = str(figure["short_label"]), survey.codebook.kind_of(figure["question_id"])
    title = str(survey.codebook.questions.loc[figure["question_id"], "title"])
    # One answer of many, such as "Independent", is told by the name of its question, where that has one.
    if kind.is_list and not kind.is_several and is_name(title):
        return f"{title}: {in_sentence(short)}"
    if figure["response"] == kind.headline:
        return short
    return f"{short}: {in_sentence(name_answer(survey, figure))}"


def name_reply(survey: Survey, figure: pd.Series) -> str:
    """Return what the people of a share do: 'agree with “My work is worthwhile”', 'name value for money'."""
    return survey.codebook.kind_of(figure["question_id"]).reply(figure["response"], name_statement(survey, figure))


def name_replies(survey: Survey, first: pd.Series, second: pd.Series) -> tuple[str, str]:
    """Return what the people of two shares do; what both do is said once: ('agree with A', 'with B')."""
    verbs = [survey.codebook.kind_of(row["question_id"]).reply(row["response"], "") for row in (first, second)]
    verb = re.sub(r" (?:with|to)$", "", verbs[0])
    told = name_reply(survey, second)
    return name_reply(survey, first), told.removeprefix(verb).lstrip() if verbs[0] == verbs[1] else told


def name_statement(survey: Survey, figure: pd.Series) -> str:
    """Return what was put to people: an option of a list by its name, a statement in its own words.

    A statement that is a question's only one is worded as the question was; one of several as its label says.
    """
    question = figure["question_id"]
    if survey.codebook.kind_of(question).is_list:
        return name_item(survey, figure)
    if len(survey.codebook.items_by_question[question]) > 1:
        return quote(str(figure["label"]))
    asked = survey.asked_rows[figure["population"], question]
    ours = " (our words)" if "paraphrase" in str(asked.get("wording_source", "")) else ""
    return f"{quote(str(asked['wording']))}{ours}"


def is_alone(survey: Survey, question: str) -> bool:
    """Return whether a question is put once, and has no items beside itself."""
    return not survey.codebook.kind_of(question).is_list and len(survey.codebook.items_by_question[question]) == 1


def name_told(survey: Survey, row: pd.Series) -> str:
    """Return what a share is told of: the item, the answer where the question was put once, or else both."""
    kind = survey.codebook.kind_of(row["question_id"])
    if is_alone(survey, row["question_id"]) and not kind.is_quoted:
        return f"“{in_sentence(name_answer(survey, row))}”"
    return name_thing(survey, row) if kind.headline and not kind.is_list else name_share(survey, row)


def say_reply(survey: Survey, figure: pd.Series, thing: str | None = "") -> str:
    """Return what the people of a share do: 'are satisfied with parks', 'choose parks', 'say “good”'.

    Parameters
    ----------
    survey : Survey
        The wave.
    figure : pandas.Series
        A row of its estimates.
    thing : str, optional
        What they did it to, in place of the item; None for 'it'.
    """
    kind = survey.codebook.kind_of(figure["question_id"])
    if kind.is_list:
        is_several, label = kind.is_several, str(figure["short_label"])
        return f"choose {name_item(survey, figure)}" if is_several else f"say {quote(in_sentence(label))}"
    if is_alone(survey, figure["question_id"]) and not kind.is_quoted:
        told = kind.reply(figure["response"])
        states = told.startswith(OF_STATES) and figure["response"] in kind.nets
        return told if states else f"say {quote_answer(survey, figure)}"
    return kind.reply(figure["response"], name_thing(survey, figure) if thing == "" else thing)


def name_shades(survey: Survey, figure: pd.Series) -> str:
    """Return what a net counts, where only shades of it: ' (very or fairly)' of satisfied; "" where it is otherwise."""
    kind = survey.codebook.kind_of(figure["question_id"])
    net, given = f" {kind.label_of(figure['response'])}".lower(), kind.split_net(figure["response"])
    labels = [kind.label_of(part).lower() for part in sorted(given, key=[*kind.in_order, figure["response"]].index)]
    is_shaded = len(labels) > 1 and all(label.endswith(net) for label in labels)
    return f" ({' or '.join(label.removesuffix(net) for label in labels)})" if is_shaded else ""


def name_thing(survey: Survey, figure: pd.Series) -> str:
    """Return the item of a reply: what an answer is given "to" is quoted; what people are satisfied with is named."""
    is_answer = survey.codebook.kind_of(figure["question_id"]).reply(figure["response"], "").startswith("answer ")
    return quote(str(figure["short_label"])) if is_answer else name_item(survey, figure)


def quote_answer(survey: Survey, figure: pd.Series) -> str:
    """Return an answer in quotation marks, of a net all that it counts: '“very good” or “good”'."""
    kind = survey.codebook.kind_of(figure["question_id"])
    given = sorted(kind.split_net(figure["response"]), key=[*kind.in_order, figure["response"]].index)
    *parts, last = [quote(in_sentence(kind.label_of(part))) for part in given]
    return f"{', '.join(parts)} or {last}" if parts else last


def count_of(some: int, of_all: int) -> str:
    """Return how many of several, in words: 'both', 'all five', 'three of the five'."""
    every = "both" if of_all == 2 else f"all {count(of_all)}"
    return every if some == of_all else f"{count(some)} of the {count(of_all)}"
