"""Why a column of a file is no question: what a platform notes down, what tells who somebody is, times and places."""

import re
from collections import Counter

import pandas as pd

from surveybook.respondents.files import Respondents

REPLICATE = re.compile(r"(rep|brr|jk|fay|bs|boot|repwg?t|wtrep|rw|bsw|pwgtp|wrep)[_w]*\d+", re.IGNORECASE)
# Names and labels, whole, of what a platform writes beside the answers.
NOTED = re.compile(
    r"(_?(start|end|submit|submission|record(ed)?|created?|modified|completed|updated|interview|survey)"
    r"[ _]?(date|time|at)?)"
    r"|(date|time)[ _](start(ed)?|end(ed)?|submitted|created|modified|completed|last action|of interview)"
    r"|datestamp|today"
    r"|(.*[ _])?timestamp|duration.*|(total |group |interview |page )?time(\W.*)?|interview ?time|(group|page)?time\d+"
    r"|(survey|interview) (length|duration).*|interview length.*|[a-z]+\d+\w{0,9}time"
    r"|.*\b(page submit|first click|last click|click count)"
    r"|status|response (type|status)|progress|finished|complete\W?|\w+_complete|last ?page|seed|refurl|referr?er( url)?"
    r"|distribution ?channel|(user|start|interview) ?language|collector( ?id)?|custom data \d+"
    r"|external ?(data )?reference"
    r"|survey identifier|redcap_\w+|q_\w+(score|id)|device ?id|browser.*|operating system|user ?agent|version"
    r"|user ?name"
    r"|_?submitted_by|_?validation_status|_?(notes|status|tags|index|version_+|xform_id_string|uuid|id)|__version__|instance\w*"
    r"|(sim|subscriber) ?(id|serial)|(interviewer|enumerator|surveyor)[ _]?(id|no|number|code|name)?|\w+_nps_group"
    r"|(gss )?year( for this respondent)?|wave|round",
    re.IGNORECASE,
)
# Whole names and labels of what tells who somebody is, and words that do so in a longer label.
PERSONAL = re.compile(
    r"(your |recipient ?|respondent'?s? ?)?(first|last|full|middle|sur|family|given|maiden)? ?names?|initials"
    r"|(home |your )?(street )?address(es)?"
    r"|(your )?(phone|telephone|mobile)( ?(number|no))?|e-?mails?",
    re.IGNORECASE,
)
TELLING = re.compile(
    r"\be-?mail(s| address(es)?)?\b|\bphone ?(no|number)\b|\bpost(al)? ?code|\bzip ?code"
    r"|\b(home|street|ip|postal|mailing) ?address|\b(date|year|month|day) of birth\b|\bbirth ?(date|day|year)\b"
    r"|\bdob\b|\by(ea)?r ?br?n\b|\byear (were you )?born\b|\bip\b|latitude|longitude|altitude|\bgps\b"
    r"|\b(passport|social security|insurance|nhs|employee|staff|payroll) ?(no|number|id)\b",
    re.IGNORECASE,
)
# What cells look like that hold no answer to choose from: most of a column is like one of these.
DAY = r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}[ -][A-Z][a-z]{2,8}[ -]\d{2,4})"
CONTENTS = {
    "dates or times": re.compile(rf"{DAY}([T ].*)?|\d{{1,2}}:\d\d(:\d\d)?( ?[ap]m)?", re.IGNORECASE),
    "it may tell who somebody is": re.compile(
        r"\S+@\S+\.\w+|\d{1,3}(\.\d{1,3}){3}|-?\d{1,3}\.\d+ -?\d{1,3}\.\d+.*|\+?[\d ()-]{9,}", re.IGNORECASE
    ),
    "addresses of pages": re.compile(r"https?://.*", re.IGNORECASE),
    "identifiers": re.compile(r"[0-9a-f]{8}-[0-9a-f-]{20,}|(uuid:|R_|ee\.).+", re.IGNORECASE),
}
LIKE = 0.9
LOOKED_AT = 200


def explain_left_out(source: Respondents, column: str, text: str, counts: Counter[str]) -> str:
    """Return why a column is no question, by its name, its label and what its cells look like; "" where it may be one.

    Parameters
    ----------
    source : Respondents
        The file.
    column, text : str
        Its name and its label.
    counts : Counter
        How often each code stands there.
    """
    if not counts:
        return "nobody answered it"
    labelled = column in source.value_labels
    names = {column.rpartition("/")[2], text}
    words = " ".join(names).replace("_", " ")
    if any(map(PERSONAL.fullmatch, names)) or (TELLING.search(words) and not (labelled and "birth" not in words)):
        return "it may tell who somebody is"
    if REPLICATE.fullmatch(column) and not labelled:
        return "a replicate weight, by its name"
    if any(map(NOTED.fullmatch, names)) and not (labelled and len(source.value_labels[column]) > 2):
        return "the platform or the interviewer noted it"
    if pd.api.types.is_datetime64_any_dtype(source.frame[column]):
        return "dates or times"
    if labelled or pd.api.types.is_numeric_dtype(source.frame[column]):
        return ""
    sample = list(counts)[:LOOKED_AT]
    for reason, pattern in CONTENTS.items():
        if sum(bool(pattern.fullmatch(cell)) for cell in sample) >= LIKE * len(sample):
            return reason
    return ""
