"""What a respondent file holds, and a first proposal of how it maps to the codebook, from names and labels alone."""

import re
from collections.abc import Iterator
from pathlib import Path

from surveybook.drafts.codebook_matches import match_codebook
from surveybook.drafts.columns import DraftColumn, is_number, number_of_code
from surveybook.drafts.labels import MOST_CODES, VOCABULARY
from surveybook.drafts.questions import draft_questions
from surveybook.drafts.records import open_respondents
from surveybook.drafts.report import dump_yaml, render
from surveybook.model.codebook import read_codebook
from surveybook.model.problems import SurveybookError
from surveybook.respondents.codes import code_text
from surveybook.respondents.columns import SHARED_BY
from surveybook.respondents.files import PREFIX, find_format

# Columns beyond this are counted, not looked at.
MOST_COLUMNS = 400


def describe_file(path: Path, population: str = "", encoding: str | None = None) -> str:
    """Return a description of a respondent file as text, with a proposal for ``wave.yml``.

    Parameters
    ----------
    path : Path
        The file.
    population : str, optional
        Whose answers they are; otherwise that of the codebook which the file is named after, or its first.
    encoding : str, optional
        Of a CSV file that isn't UTF-8.

    Raises
    ------
    DataError
        When the file can't be read.
    SurveybookError
        When the codebook has no such population.
    """
    codebook = read_codebook()
    known = list(codebook.populations.index)
    named = path.name.removeprefix(PREFIX).split(".")[0]
    population = population or (named if named in known else known[0])
    if population not in known:
        raise SurveybookError(f"The codebook has no population '{population}'. There are: {', '.join(known)}.")
    source = open_respondents(path, encoding, sampled=False)
    draft = draft_questions(source, codebook=codebook)
    columns, matched = draft.columns[:MOST_COLUMNS], match_codebook(draft.questions, codebook)
    shared = {text for one in columns for text, count in one.counts.items() if count >= SHARED_BY}
    block: dict[str, object] = {"file": f"{PREFIX}{population}{find_format(path)}", **draft.design}
    block |= {"domains": draft.groups} if draft.groups else {}
    block |= {"questions": matched.questions}
    text = render(
        "description", file=source.name, size=source.size, variables=len(draft.columns),
        more=len(draft.columns) - len(columns),
        described=[line for column in columns for line in describe_variable(column, shared)],
        block=dump_yaml({"responses": {population: block}}, flow=None).rstrip(),
        missing=[key for key in VOCABULARY["design"] if key not in draft.design],
        matched=matched, left_out=draft.left_out,
    )  # fmt: skip
    # Signs that would steer a terminal are taken out.
    return "\n".join("".join(sign if sign.isprintable() else " " for sign in line) for line in text.splitlines())


def describe_variable(column: DraftColumn, shared: set[str]) -> Iterator[str]:
    """Yield a variable's name, label, counts, codes and what the file declares missing.

    Of texts, those in `shared` are shown: what few people wrote may be about one of them.
    """
    yield f"{column.name}{': ' + column.label if column.label else ''}"
    declared = ", ".join(" to ".join(dict.fromkeys(map(code_text, limits))) for limits in column.missing)
    about = f"  {column.counts.total():,} of {len(column.values):,} filled, {len(column.counts):,} different"
    yield about + (f"; declared missing: {declared}" if declared else "")
    labels = column.labels if column.is_labelled else {}
    if not column.counts or (len(column.counts) > MOST_CODES and not labels):
        return
    for code in sorted({*column.counts, *labels}, key=sort_code):
        is_shown = code in labels or code in shared or re.fullmatch(r"-?\d{1,4}", code)
        named = f"{code} {labels[code]}" if code in labels else code
        yield f"    {named if is_shown else '(a rare text)'}: {column.counts[code]:,}"


def sort_code(code: str) -> tuple[int, float, str]:
    """Return what sorts codes: numbers by size, then text."""
    return (0, number_of_code(code), "") if is_number(code) else (1, 0.0, code)
