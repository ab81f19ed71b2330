"""What a respondent file holds: its variables, labels, codes and counts."""

import re
from collections.abc import Iterator
from pathlib import Path

from surveybook.model.codebook import read_codebook
from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.respondents.coding import codes_of, shared_texts
from surveybook.respondents.files import Respondents, code_text, read_respondents
from surveybook.respondents.proposing import proposal

# More codes than this make a column a number or a text, not a question.
MOST_CODES = 30
# Columns beyond this are counted, not listed.
MOST_LISTED = 400


def describe_file(path: Path, population: str = "public", encoding: str | None = None) -> str:
    """Return a description of a respondent file as text.

    Raises
    ------
    DataError
        When the file can't be read.
    SurveybookError
        When the codebook has no such population.
    """
    codebook = read_codebook()
    if population not in codebook.populations.index:
        known = ", ".join(codebook.populations.index)
        raise SurveybookError(f"The codebook has no population '{population}'. There are: {known}.")
    problems: list[Problem] = []
    source = read_respondents(path, problems, encoding)
    if source is None:
        raise DataError("The file", problems)
    lines = [f"{source.name}: {len(source.frame):,} respondents, {len(source.frame.columns):,} variables", ""]
    shared = shared_texts(source, list(source.frame.columns)[:MOST_LISTED])
    for column in list(source.frame.columns)[:MOST_LISTED]:
        lines += variable_lines(source, column, shared)
    if len(source.frame.columns) > MOST_LISTED:
        lines.append(f"... and {len(source.frame.columns) - MOST_LISTED:,} more variables")
    lines += ["", "# A proposal for wave.yml. Check every line: it rests on names and labels alone.", "responses:"]
    lines += [f"  {line}" for line in proposal(source, codebook, population)]
    lines += ["", "# A question that the codebook lacks gets rows in data/codebook first: How to rerun it tells how."]
    return "\n".join(plain(line) for line in lines)


def plain(text: str) -> str:
    """Return text without signs that would steer a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def variable_lines(source: Respondents, column: str, shared: set[str]) -> Iterator[str]:
    """Yield a variable's name, label, counts, codes and what the file declares missing.

    Of texts, those in `shared` are shown: what few people wrote may be about one of them.
    """
    codes = codes_of(source, column)
    there = codes[codes != ""]
    label = source.labels.get(column, "")
    yield f"{column}{': ' + label if label else ''}"
    counts = there.value_counts()
    declared = ", ".join(
        code_text(low) if low == high else f"{code_text(low)} to {code_text(high)}"
        for low, high in source.missing.get(column, ())
    )
    about = f"  {len(there):,} of {len(codes):,} filled, {len(counts):,} different"
    yield about + (f"; declared missing: {declared}" if declared else "")
    labels = source.value_labels.get(column, {})
    if not len(counts) or (len(counts) > MOST_CODES and not labels):
        return
    for code in sorted({*counts.index, *labels}, key=order_of):
        count = int(counts.get(code, 0))
        if code in labels or code in shared or re.fullmatch(r"-?\d{1,4}", code):
            yield f"    {code}{' ' + labels[code] if code in labels else ''}: {count:,}"
        else:
            yield f"    (a rare text): {count:,}"


def order_of(code: str) -> tuple[int, float, str]:
    """Return what sorts codes: numbers by size, then text."""
    try:
        return (0, float(code), "")
    except ValueError:
        return (1, 0.0, code)
