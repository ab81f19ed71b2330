"""Headlines that a person wrote, each guarded by a test: a sentence stands only for a survey that bears it out."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from surveybook.judgement.claim_test import HOLDS, NOT_CHECKABLE, ClaimTest, check_field, gather_evidence
from surveybook.judgement.kinds import AnyTest
from surveybook.model import paths
from surveybook.model.codebook import Codebook, read_codebook
from surveybook.model.files import read_yaml
from surveybook.model.problems import DataError, NeededWords, Problem, Settings, read_settings
from surveybook.model.survey import Survey, find_figure, find_key_fault, populations_asked
from surveybook.model.wording import Phrase, phrase, sentence, share_text
from surveybook.words.asked import list_unshown
from surveybook.words.results import main_result, rest_of_result, result

FILE = "headlines.yml"
SLOT = re.compile(r"\{([^{}]*)\}")
TYPED = re.compile(r"\d[\d.,]* ?(?:%|per cent\b|points?\b)")
# A survey is asked for many headlines; its figures are gathered once.
evidence_of = lru_cache(maxsize=2)(gather_evidence)


def find_slot_fault(said: str, codebook: Codebook) -> str:
    """Return what is wrong with a sentence: a slot names no figure, a bracket has no partner, or a figure is typed."""
    rest = SLOT.sub("", said)
    typed, faults = TYPED.search(rest), [find_key_fault(codebook, key) for key in SLOT.findall(said)]
    if re.search(r"[{}]", rest):
        faults.append("a bracket of a slot has no partner; write {population.item.response}")
    if typed:
        faults.append(f"'{typed[0]}' is typed; write {{population.item.response}}, which becomes the figure")
    return next(filter(None, faults), "")


def find_test_fault(test: ClaimTest, _: Codebook) -> str:
    """Return that nobody's answers decide a part of a test, if so."""
    is_textual = any(part.is_textual for part in test.list_parts())
    return "no answers decide this test; write one of figures, such as order, top or fraction" if is_textual else ""


OfAnswers = Annotated[AnyTest, check_field(find_test_fault)]


class Headline(Settings):
    """One sentence, and when it stands.

    Attributes
    ----------
    say : str
        The sentence; ``{population.item.response}`` in it becomes that figure.
    test : ClaimTest
        What has to be supported for it to stand.
    unless : tuple of ClaimTest
        What must not be supported, any of it: 'no single priority' falls where one answer leads.
    """

    say: Annotated[NeededWords, check_field(find_slot_fault)]
    test: OfAnswers
    unless: tuple[OfAnswers, ...] = ()


def read_headlines() -> dict[str, tuple[Headline, ...]]:
    """Return the headlines of ``data/headlines.yml`` by key, the candidates of each as they are tried.

    None where a report has no such file.

    Raises
    ------
    DataError
        When the file can't be read, a sentence has no test, or a slot or test names something unknown.
        All problems are listed at once.
    """
    path = paths.data() / FILE
    return _read_headlines_file(path, path.stat().st_mtime_ns) if path.is_file() else {}


@lru_cache(maxsize=4)
def _read_headlines_file(path: Path, changed: int) -> dict[str, tuple[Headline, ...]]:
    """Return the headlines in a file; read anew when it changed."""
    codebook = read_codebook()
    problems: list[Problem] = []
    file, found = paths.shown(path), {}
    for key, entries in read_yaml(path, problems).items():
        if not isinstance(entries, list) or not entries:
            advice = "write a list of sentences, each with 'say' and 'test'"
            problems.append(Problem(file, "no list of sentences stands here", advice, column=str(key)))
            continue
        places = {f"{key}.entry {number}": entry for number, entry in enumerate(entries, start=1)}
        read = (read_settings(Headline, entry, file, problems, place, codebook) for place, entry in places.items())
        found[str(key)] = tuple(filter(None, read))
    if problems:
        raise DataError("The file of headlines", problems)
    return found


def find_headline_problems() -> list[Problem]:
    """Return what is wrong with the headlines: a key, too, that no chapter asks for and no chart is called by."""
    try:
        keys = list(read_headlines())
    except DataError as error:
        return list(error.problems)
    chapters = "".join(path.read_text(encoding="utf-8") for path in paths.chapters())
    advice = "name a chart, or what a chapter gives to findings.headline"
    return [
        Problem(paths.shown(paths.data() / FILE), "no chapter has a place for this headline", advice, column=key)
        for key in keys
        # A chart without a name of its own has its question's, with hyphens.
        if not re.search(rf"['\"](?:{re.escape(key)}|{re.escape(key.replace('-', '_'))})[\\'\"]", chapters)
    ]


def choose_headline(survey: Survey, key: str) -> Phrase | None:
    """Return the first headline of a key that a survey bears out.

    Parameters
    ----------
    survey : Survey
        The wave.
    key : str
        What it is to stand over: the name of a chart, or a place on a page.

    Returns
    -------
    Phrase or None
        The sentence with its figures filled in, resting on them and on those of its test; None where no candidate's
        test is supported, or there is none.
    """
    candidates = (fill_headline(survey, one) for one in read_headlines().get(key, ()))
    return next(filter(None, candidates), None)


def fill_headline(survey: Survey, headline: Headline) -> Phrase | None:
    """Return a headline with its figures; None where the survey doesn't bear it out, or lacks one of them."""
    evidence = evidence_of(survey)
    outcomes = [test.judge(evidence) for test in (headline.test, *headline.unless)]
    # Of what must not hold, that which can't be tested may.
    if outcomes[0].verdict not in HOLDS or any(one.verdict in (*HOLDS, NOT_CHECKABLE) for one in outcomes[1:]):
        return None
    figures = {key: find_figure(survey, key) for key in SLOT.findall(headline.say)}
    shown = [figure for figure in figures.values() if figure is not None and figure["status"] != "unpublished"]
    if len(shown) < len(figures):
        return None
    text = SLOT.sub(lambda slot: share_text(figures[slot[1]]), headline.say)
    return phrase(sentence(text), survey, *shown, *(Phrase("", outcome.figures) for outcome in outcomes))


def headline(survey: Survey, key: str, otherwise: Phrase | None = None) -> Phrase:
    """Return the headline of a key for this survey, or else the sentence that was computed.

    Parameters
    ----------
    survey : Survey
        The wave.
    key : str
        A key of ``data/headlines.yml``, or a question.
    otherwise : Phrase, optional
        What is said where no headline stands; the main result of the question that is named where nothing is given.
    """
    return choose_headline(survey, key) or otherwise or main_result(survey, key)


def result_under_title(survey: Survey, question: str) -> Phrase:
    """Return how a question came out; under a title that was computed, what that and its chart don't tell."""
    is_written = choose_headline(survey, question.replace("_", "-")) is not None
    return result(survey, question) if is_written else rest_of_result(survey, question)


def chapter_headline(survey: Survey, *questions: str, named: bool = False) -> Phrase:
    """Return the headline of the first of a chapter's questions that a survey has one of; empty where it asked none.

    Parameters
    ----------
    survey : Survey
        The wave.
    questions : str
        The questions of the chapter.
    named : bool
        Whether the question's name stands before what is said, since the chapter isn't called after the first.
    """
    asked = [question for question in questions if populations_asked(survey, question)]
    # A chapter without a figure has no page; see `surveybook.words.asked.list_unasked_chapters`.
    if set(asked) <= set(list_unshown(survey)):
        return Phrase("")
    # Of a question that few were asked nothing may be shown, and its name is no headline.
    told = ((question, headline(survey, question)) for question in asked)
    first, said = next((one for one in told if one[1].figures), (asked[0], None))
    said = said or headline(survey, first)
    titles = survey.codebook.questions["title"]
    name = str(titles[first])
    # What all of them begin with is what the chapter is called, and a name that is quoted needn't stand twice.
    section, colon, own = name.partition(": ")
    if colon and all(str(title).startswith(f"{section}: ") for title in titles.reindex(questions)):
        name = sentence(own)
    is_said = re.sub(r" \(and [^()]+ more\)$", "", name).lower() in said.text.lower()
    return phrase(f"{name} – {said.text}", said) if (named or first != questions[0]) and not is_said else said
