"""What a respondent file holds, and a first proposal of how it maps to the codebook."""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from whyict.codebook import Codebook, read_codebook
from whyict.problems import DataError, Problem, WhyICTError
from whyict.responses.columns import SHARED_BY
from whyict.responses.files import Respondents, code_text, read_respondents

# More codes than this make a column a number or a text, not a question.
MOST_CODES = 30
# Columns beyond this are counted, not listed.
MOST_LISTED = 400
ALIKE = 0.5
AGREE = re.compile(r"\b(strongly |tend to |slightly )?agree\b|\bsatisfied\b", re.IGNORECASE)
DISAGREE = re.compile(r"\bdisagree\b|\bdissatisfied\b", re.IGNORECASE)
UNSURE = re.compile(r"don.?t know|unsure|no opinion", re.IGNORECASE)
NEITHER = re.compile(r"\bneither\b|\bneutral\b", re.IGNORECASE)
REFUSED = re.compile(r"refus|no answer|not stated|prefer not|missing|skipped", re.IGNORECASE)
SMALL_WORDS = frozenset(("a", "an", "and", "are", "as", "at", "by", "for", "from", "has", "have", "in", "is", "it",
                         "its", "of", "on", "or", "that", "the", "their", "to", "which", "with"))  # fmt: skip
ELSE = {
    "other": re.compile(r"\b(other|something else)\b", re.IGNORECASE),
    "none": re.compile(r"\bnone\b", re.IGNORECASE),
    "dont_know": UNSURE,
    "no_answer": REFUSED,
}
DESIGN = {
    "id": r"(resp(ondent)?_?(id)?|case_?(id|no)?|serial|id|uuid)",
    "weight": r"(wt|weight|wgt|pw|pweight|finalwt|wtssall?)\w*",
    "strata": r"(strat(a|um)|stype|region_?str)\w*",
    "cluster": r"(psu|cluster|dnum|segment)\w*",
}


def describe_file(path: Path, population: str = "public", encoding: str | None = None) -> str:
    """Return a description of a respondent file as text.

    Raises
    ------
    DataError
        When the file can't be read.
    WhyICTError
        When the codebook has no such population.
    """
    codebook = read_codebook()
    if population not in codebook.populations.index:
        known = ", ".join(codebook.populations.index)
        raise WhyICTError(f"The codebook has no population '{population}'. There are: {known}.")
    problems: list[Problem] = []
    source = read_respondents(path, problems, encoding)
    if source is None:
        raise DataError("The file", problems)
    lines = [f"{source.name}: {len(source.frame):,} respondents, {len(source.frame.columns):,} variables", ""]
    for column in list(source.frame.columns)[:MOST_LISTED]:
        lines += variable_lines(source, column)
    if len(source.frame.columns) > MOST_LISTED:
        lines.append(f"... and {len(source.frame.columns) - MOST_LISTED:,} more variables")
    lines += ["", "# A proposal for wave.yml. Check every line: it rests on names and labels alone.", "responses:"]
    lines += [f"  {line}" for line in proposal(source, codebook, population)]
    return "\n".join(plain(line) for line in lines)


def plain(text: str) -> str:
    """Return text without signs that would steer a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def variable_lines(source: Respondents, column: str) -> Iterator[str]:
    """Yield a variable's name, label, counts, codes and what the file declares missing."""
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
        # What few people wrote may be about one of them.
        if code in labels or count >= SHARED_BY or re.fullmatch(r"-?\d{1,4}", code):
            yield f"    {code}{' ' + labels[code] if code in labels else ''}: {count:,}"
        else:
            yield f"    (a rare text): {count:,}"


def codes_of(source: Respondents, column: str) -> pd.Series:
    """Return a column's codes as text."""
    places, found = pd.factorize(source.frame[column], use_na_sentinel=True)
    texts = pd.Series([*(code_text(value) for value in found), ""], dtype=object)
    return texts.iloc[places].reset_index(drop=True)


def labels_of(source: Respondents, column: str) -> dict[str, str]:
    """Return the labels of a column's codes; texts that many respondents share are their own labels."""
    if column in source.value_labels or pd.api.types.is_numeric_dtype(source.frame[column]):
        return source.value_labels.get(column, {})
    counts = codes_of(source, column).value_counts().drop("", errors="ignore")
    if len(counts) > MOST_CODES or (counts < SHARED_BY).any():
        return {}
    return {str(text): str(text) for text in counts.index if not re.fullmatch(r"-?[\d.]+", str(text))}


def order_of(code: str) -> tuple[int, float, str]:
    """Return what sorts codes: numbers by size, then text."""
    try:
        return (0, float(code), "")
    except ValueError:
        return (1, 0.0, code)


def words_of(text: str) -> set[str]:
    """Return the words of a label that carry meaning, without their endings."""
    found = re.findall(r"[a-z]+", text.lower().replace("_", " "))
    return {re.sub(r"(ing|ed|es|s)$", "", word) for word in found if word not in SMALL_WORDS}


def likeness(first: str, second: str) -> float:
    """Return how many words two labels share, from 0 to 1."""
    one, other = words_of(first), words_of(second)
    return len(one & other) / max(1, min(len(one), len(other)) + abs(len(one) - len(other)) / 2)


def best_item(text: str, codebook: Codebook) -> str | None:
    """Return the item that a label is most like, or None."""
    if not words_of(text):
        return None
    scores = {
        item: max(likeness(text, row["label"]), likeness(text, row["short_label"]), float(text.strip() == item))
        for item, row in codebook.items.iterrows()
    }
    best = max(scores, key=lambda item: scores[item])
    return str(best) if scores[best] >= ALIKE else None


def proposal(source: Respondents, codebook: Codebook, population: str) -> Iterator[str]:
    """Yield the lines of a mapping."""
    names = list(source.frame.columns)
    yield f"{population}:"
    yield f"  file: responses_{population}{Path(source.name).suffix}"
    for key, pattern in DESIGN.items():
        found = next((name for name in names if re.fullmatch(pattern, name, re.IGNORECASE)), None)
        yield f"  {key}: {quoted(found)}" if found else f"  # {key}: ?"
    yield "  # domains: {sex: {column: ?, values: {1: male, 2: female}}}"
    yield "  questions:"
    options: dict[str, dict[str, str]] = {}
    done: set[str] = set()
    for column in names[:MOST_LISTED]:
        item = best_item(f"{source.labels.get(column, '')}" or column, codebook)
        if item is None:
            continue
        question = str(codebook.items.loc[item, "question_id"])
        kind = codebook.questions.loc[question, "kind"]
        if kind == "multiple" and len(labels_of(source, column)) <= 2:
            options.setdefault(question, {})[column] = item
        elif kind == "scale" and question not in done:
            done.add(question)
            yield from scale_lines(source, column, question)
    for column in names[:MOST_LISTED]:
        yield from coded_lines(source, column, codebook, {*options, *done}, done)
    for question, columns in options.items():
        if len(columns) > 1 and question not in done:
            yield f"    {question}:"
            yield "      encoding: columns"
            yield "      columns:"
            for column, item in {**columns, **else_columns(source, list(columns))}.items():
                yield f"        {quoted(column)}: {item}"
            yield "      base: answered  # or asked"
    if not options and not done:
        yield "    # no variable is like a question of the codebook: map them by hand"


def else_columns(source: Respondents, columns: list[str]) -> dict[str, str]:
    """Return the columns that go with some options and are no item: other, none, don't know."""
    stems = {column.rstrip("0123456789") for column in columns}
    found = {}
    for column in source.frame.columns if len(stems) == 1 else ():
        label = source.labels.get(column, column)
        target = next((name for name, pattern in ELSE.items() if pattern.search(label)), None)
        if column.startswith(tuple(stems)) and column not in columns and target:
            found[column] = target
    return found


def scale_lines(source: Respondents, column: str, question: str) -> Iterator[str]:
    """Yield the mapping of a statement; its codes are sorted by their labels."""
    groups: dict[str, list[str]] = {}
    for code, label in labels_of(source, column).items():
        target = next(
            (
                name
                for name, pattern in (("dont_know", UNSURE), ("no_answer", REFUSED), ("neither", NEITHER),
                                      ("disagree", DISAGREE), ("agree", AGREE))
                if pattern.search(label)
            ),
            "neither",
        )  # fmt: skip
        groups.setdefault(target, []).append(quoted(code))
    rules = ", ".join(f"{target}: [{', '.join(codes)}]" for target, codes in groups.items())
    yield f"    {question}:"
    yield "      encoding: scale"
    yield f"      column: {quoted(column)}"
    yield f"      collapse: {{{rules or 'agree: [1, 2], neither: [3], disagree: [4, 5]'}}}  # check the codes"
    yield "      base: answered  # or asked"
    if "dont_know" in groups:
        yield "      dont_know: in  # or out"


def coded_lines(source: Respondents, column: str, codebook: Codebook, taken: set[str], done: set[str]) -> Iterator[str]:
    """Yield the mapping of a column whose value labels are the items of one question."""
    labels = labels_of(source, column)
    items = {code: best_item(label, codebook) for code, label in labels.items()}
    found = [str(codebook.items.loc[item, "question_id"]) for item in items.values() if item]
    if len(found) < 3:
        return
    question = max(set(found), key=found.count)
    kind = codebook.questions.loc[question, "kind"]
    if found.count(question) * 2 < len(labels) or question in taken | done or kind not in ("multiple", "single"):
        return
    done.add(question)
    yield f"    {question}:"
    if kind == "single":
        yield "      encoding: single"
        yield f"      column: {quoted(column)}"
    else:
        alike = [name for name in source.frame.columns if set(labels_of(source, name).values()) == set(labels.values())]
        yield "      encoding: choices"
        yield f"      columns: [{', '.join(map(quoted, alike))}]"
    yield "      codes:"
    for code, item in items.items():
        own = item and codebook.items.loc[item, "question_id"] == question
        other = next((name for name, pattern in ELSE.items() if pattern.search(labels[code])), "other")
        yield f"        {quoted(code)}: {item if own else other}"
    yield "      base: answered  # or asked"


def quoted(name: str | None) -> str:
    """Return a name as YAML reads it back as the same text."""
    text = str(name)
    return text if re.fullmatch(r"[A-Za-z_][\w.]*|-?\d+", text) and text.lower() not in (
        "yes", "no", "on", "off", "true", "false", "null", "y", "n"
    ) else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'  # fmt: skip
