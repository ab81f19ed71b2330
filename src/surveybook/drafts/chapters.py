"""Which questions of a drafted report stand together in a chapter, by what they and their columns are called."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from surveybook.drafts.labels import make_id
from surveybook.drafts.records import DraftQuestion

# As many questions stand in one chapter at most, where no section names it; a list of more items has one of its own.
MOST_QUESTIONS, FEW_ITEMS = 5, 4
# Who somebody is, by a short label: no news, and so kept for a chapter of its own at the end.
BACKGROUND = re.compile(
    r"\b(sex|gender|age|age group|district|region|area|ward|county|province|state|country|tenure|education"
    r"|qualifications?|income|employment|occupation|working status|marital|household|children|ethnic\w*|race|religion"
    r"|nationality|citizenship|born|urban|rural|generation|party identification|hispanic|nativity|census|language"
    r"|social grade|sexuality|sexual orientation|disability)\b",
    re.IGNORECASE,
)
# Somebody else than who answers.
OF_OTHERS = re.compile(
    r"\b(\d+(st|nd|rd|th)|first|second|third) person\b"
    r"|\b(interviewer|visitor|mother|father|parent|spouse|partner|wife|husband|friend|boss)('?s)?\b",
    re.IGNORECASE,
)
LONGEST_BACKGROUND = 6
# Answers of which two tell that a question is who somebody is, however it is put: "Which of these applies to you?"
OWN_STATES = re.compile(
    r"\b(retired|full[- ]?time|part[- ]?time|unemployed|married|widowed|divorced|mortgage|outright|heterosexual)\b",
    re.IGNORECASE,
)
# What chapters are called that no section and no single question names: beside named ones, and where there are none.
OTHERS, ALL = "Other questions", "The answers"
# What two labels of one section begin with: "Health: …", "Health – …"; and a column within a group of a form.
SECTION = re.compile(r"\s*([^:|–?]{3,40}?)\s*(?::| [–|-] )\s*\S")


@dataclass(frozen=True)
class Chapter:
    """One chapter.

    Attributes
    ----------
    place : int
        Its place in the report.
    named, heading : str
        What its file is called after, and it itself, in Markdown.
    questions : tuple of DraftQuestion
        Its questions.
    statements : dict of list of str
        Those of them that are known by a share alone and drawn together, by id, with the ids of their shares.
    """

    place: int
    named: str
    heading: str
    questions: tuple[DraftQuestion, ...]
    statements: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def topic(self) -> str:
        """What names of its charts begin with."""
        return make_id(self.named).replace("_", "-") or "questions"

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.place:02d}-{self.topic}"

    @property
    def is_background(self) -> bool:
        """Whether it tells who answered."""
        return is_background(self.questions[0])

    @property
    def is_of_one(self) -> bool:
        """Whether its heading is its only question."""
        return len(self.questions) == 1 and self.heading.startswith("{question}")

    @property
    def is_mixed(self) -> bool:
        """Whether nothing but its questions tells what it is about."""
        return self.heading.startswith((OTHERS, ALL))


def is_background(one: DraftQuestion) -> bool:
    """Return whether a question tells who somebody is: one from a list, with a short label or answers that say so."""
    is_listed = one.kind not in ("multiple", "scale") and bool(one.items)
    is_own = bool(BACKGROUND.search(one.title)) and not OF_OTHERS.search(one.title)
    is_told = sum(map(bool, map(OWN_STATES.search, one.items.values()))) > 1
    return is_listed and (is_told or (len(one.title.split()) <= LONGEST_BACKGROUND and is_own))


def find_section(one: DraftQuestion) -> str:
    """Return the section that a question says it is of: by what stands before a colon, or the group of a form."""
    columns = one.rules.get("columns") or [one.rules.get("column", "")]
    group = {str(column).rpartition("/")[0].split("/")[0] for column in columns}
    if len(group) == 1 and (name := group.pop()):
        return name.replace("_", " ").strip().capitalize()
    found = SECTION.match(one.title)
    return found[1] if found else ""


def list_chapters(questions: Iterable[DraftQuestion]) -> list[Chapter]:
    """Return questions in chapters: sections by their name, large lists alone, others in runs, who answered last."""
    questions = list(questions)
    news = [one for one in questions if not is_background(one)] or questions
    sections = [find_section(one) for one in news]
    shared = {name for name in sections if name and sections.count(name) > 1}
    runs: list[tuple[str, list[DraftQuestion]]] = []
    for one, section in zip(news, sections, strict=True):
        section = section if section in shared else ""
        if runs and section == runs[-1][0] and (section or may_join(runs[-1][1], one)):
            runs[-1][1].append(one)
        else:
            runs.append((section, [one]))
    several = sum(not section and len(run) > 1 for section, run in runs)
    word = OTHERS if several < len(runs) else ALL
    parts, place = list[tuple[str, str, list[DraftQuestion]]](), 0
    for section, run in runs:
        place += not section and len(run) > 1
        named, heading = (section, section) if section else name_run(run, word, place if several > 1 else 0)
        parts.append((named, heading, run))
    if len(news) < len(questions):
        parts.append(("who answered", "Who answered", [one for one in questions if one not in news]))
    return [Chapter(place, named, heading, tuple(run)) for place, (named, heading, run) in enumerate(parts, start=1)]


def may_join(run: Sequence[DraftQuestion], one: DraftQuestion) -> bool:
    """Return whether a question may stand in a chapter with those before it."""
    return len(run) < MOST_QUESTIONS and all(len(part.items) <= FEW_ITEMS for part in (*run, one))


def name_run(run: Sequence[DraftQuestion], word: str, part: int) -> tuple[str, str]:
    """Return what the file of a chapter without a section is called after, and its heading.

    One question gives its own; several that nothing joins have a word for all of those, which may come in a `part`.
    """
    if len(run) == 1:
        return run[0].title, f"{{question}}`{run[0].question}`"
    return f"{word} {part or ''}", f"{word}, part {part}" if part else word
