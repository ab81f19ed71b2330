"""A first proposal of how a respondent file maps to the codebook, from names and labels alone."""

import re
from collections.abc import Iterator
from pathlib import Path

from surveybook.model.codebook import Codebook
from surveybook.respondents.coding import (
    AGREE,
    ALIKE,
    DISAGREE,
    NEITHER,
    REFUSED,
    UNSURE,
    UNTICKED,
    codes_of,
    labels_of,
    likeness,
    readings,
    shared_texts,
    words_of,
)
from surveybook.respondents.files import Respondents, numbered_stem

# Columns beyond this are counted, not looked at.
MOST_COLUMNS = 400
# Of the items that several columns offer together, this part has to be found for them to be a question's.
ENOUGH = 0.4
ELSE = {
    "other": re.compile(r"\b(other|something else)\b", re.IGNORECASE),
    "none": re.compile(r"\bnone\b", re.IGNORECASE),
    "dont_know": UNSURE,
    "no_answer": REFUSED,
}
DESIGN = {
    "id": r"(resp(ondent)?_?(id)?|case_?(id|no)?|serial\w*|id|uuid)",
    "weight": r"(wt|weight|wgt|pw|pweight|finalwt|wtssall?)\w*",
    "strata": r"(strat(a|um)|stype|region_?str)\w*",
    "cluster": r"(psu|cluster|dnum|segment)\w*",
}
# What a label says of a column whose name says nothing: V200010b is the "Full sample post-election weight".
DESIGN_LABELS = {
    "weight": r"\bweight(ing)?\b",
    "strata": r"\b(stratum|strata)\b",
    "cluster": r"\b(variance unit|cluster)\b|\b(psu|primary sampling unit) (id|number|no|code)\b",
}
# A column of weights has more values than this; one with fewer says how somebody was weighed.
FEWEST_WEIGHTS = 10
DOMAINS = {
    "sex": r"(sex|gender)\w*",
    "age": r"age\w*",
    "region": r"(region|gor|province|country)\w*",
    "social_grade": r"(social_?|seg)?(grade|class)\w*|seg",
    "working_status": r"(work(ing)?|employ(ment)?|job)_?(status|stat)?",
    "role": r"role|manager\w*",
}
MOST_GROUPS = 12


def proposal(source: Respondents, codebook: Codebook, population: str) -> Iterator[str]:
    """Yield the lines of a mapping."""
    # Designs stand at the end of many files.
    names, every = list(source.frame.columns)[:MOST_COLUMNS], list(source.frame.columns)
    shared = shared_texts(source, names)
    labels = {name: labels_of(source, name, shared) for name in names}
    yield f"{population}:"
    yield f"  file: responses_{population}{Path(source.name).suffix}"
    for key, pattern in DESIGN.items():
        found = next((name for name in every if re.fullmatch(pattern, name, re.IGNORECASE)), None)
        if key == "id" and found is None:
            found = next((name for name in names[:1] if source.frame[name].is_unique), None)
        found = found or labelled_as(source, every, key)
        yield f"  {key}: {quoted(found)}" if found else f"  # {key}: ?"
    yield from domain_lines(source, labels)
    yield "  questions:"
    done: set[str] = set()
    lines = [*statement_lines(source, labels, codebook, done)]
    lines += coded_lines(labels, codebook, done)
    lines += option_lines(source, labels, codebook, done)
    yield from lines or ["    # no variable is like a question of the codebook: map them by hand"]


def labelled_as(source: Respondents, names: list[str], key: str) -> str | None:
    """Return the first column whose label says that it is a part of the design, or None."""
    for name in names if key in DESIGN_LABELS else ():
        said = re.search(DESIGN_LABELS[key], source.labels.get(name, ""), re.IGNORECASE)
        if said and (key != "weight" or codes_of(source, name).nunique() > FEWEST_WEIGHTS):
            return name
    return None


def domain_lines(source: Respondents, labels: dict[str, dict[str, str]]) -> Iterator[str]:
    """Yield groups that may get figures of their own, from columns that are named as such."""
    lines = []
    for variable, pattern in DOMAINS.items():
        column = next((name for name in labels if re.fullmatch(pattern, name, re.IGNORECASE)), None)
        if column is None:
            continue
        named = {
            code: label for code, label in labels[column].items() if not (REFUSED.search(label) or UNSURE.search(label))
        }
        if 1 < len(named) <= MOST_GROUPS:
            groups = ", ".join(f"{quoted(code)}: {quoted(group_name(label))}" for code, label in named.items())
            lines.append(f"    {variable}: {{column: {quoted(column)}, values: {{{groups}}}}}")
        elif variable == "age" and codes_of(source, column).nunique() > MOST_GROUPS:
            ranges = '{"16-34": [16, 34], "35-54": [35, 54], "55+": [55, null]}'
            lines.append(f"    {variable}: {{column: {quoted(column)}, ranges: {ranges}}}")
    yield from ["  domains:", *lines] if lines else ["  # domains: {sex: {column: ?, values: {1: male, 2: female}}}"]


def group_name(label: str) -> str:
    """Return a label as the name of a group: without signs that a released file may not hold."""
    plain = re.sub(r"[^A-Za-z0-9£ .+–&()'-]", " ", label)
    text = re.sub(r"^[^A-Za-z0-9£]+", "", " ".join(plain.split()))[:40].strip()
    return text.lower() if re.fullmatch(r"[A-Z]?[a-z ]+", text) else text or "?"


def score(label: str, item: str, codebook: Codebook) -> float:
    """Return how like an item a label is, from 0 to 1."""
    row = codebook.items.loc[item]
    return max(likeness(label, (row["label"], row["short_label"])), float(label.strip() == item))


def best_item(label: str, codebook: Codebook, among: list[str] | None = None) -> str | None:
    """Return the item that a label is most like, or None."""
    if not words_of(label):
        return None
    scores = {item: score(label, item, codebook) for item in (codebook.items.index if among is None else among)}
    best = max(scores, key=lambda item: scores[item], default=None)
    return str(best) if best is not None and scores[best] >= ALIKE else None


def elsewhere(label: str) -> str | None:
    """Return the answer that is no item ("other", "none") that a label is of."""
    return next((name for name, pattern in ELSE.items() if pattern.search(readings(label)[-1])), None)


def statement_lines(
    source: Respondents, labels: dict[str, dict[str, str]], codebook: Codebook, done: set[str]
) -> Iterator[str]:
    """Yield the mapping of each column that is like a statement of the codebook."""
    for column in labels:
        item = best_item(source.labels.get(column, "") or column, codebook)
        question = str(codebook.items.loc[item, "question_id"]) if item else ""
        if item and codebook.questions.loc[question, "kind"] == "scale" and question not in done:
            done.add(question)
            yield from scale_lines(column, labels[column], question)


def scale_lines(column: str, labels: dict[str, str], question: str) -> Iterator[str]:
    """Yield the mapping of a statement; its codes are sorted by their labels."""
    groups: dict[str, list[str]] = {}
    patterns = (("dont_know", UNSURE), ("no_answer", REFUSED), ("neither", NEITHER), ("disagree", DISAGREE),
                ("agree", AGREE))  # fmt: skip
    for code, label in labels.items():
        target = next((name for name, pattern in patterns if pattern.search(label)), "?")
        groups.setdefault(target, []).append(quoted(code))
    rules = ", ".join(f"{quoted(target)}: [{', '.join(codes)}]" for target, codes in groups.items())
    yield f"    {question}:"
    yield "      encoding: scale"
    yield f"      column: {quoted(column)}"
    guess = "agree: [1, 2], neither: [3], disagree: [4, 5]"
    yield f"      collapse: {{{rules or guess}}}  # check the codes"
    yield from base_lines("dont_know" in groups)


def base_lines(unsure: bool) -> Iterator[str]:
    """Yield the rules that nobody can read from a file."""
    yield "      base: answered  # or asked"
    if unsure:
        yield "      dont_know: in  # or out"


def coded_lines(labels: dict[str, dict[str, str]], codebook: Codebook, done: set[str]) -> Iterator[str]:
    """Yield the mapping of each column whose value labels are the items of one question."""
    for column, own in labels.items():
        items = {code: best_item(label, codebook) for code, label in own.items()}
        found = [str(codebook.items.loc[item, "question_id"]) for item in items.values() if item]
        if len(found) < 3:
            continue
        question = max(dict.fromkeys(found), key=found.count)
        kind = codebook.questions.loc[question, "kind"]
        if found.count(question) * 2 < len(own) or question in done or kind not in ("multiple", "single"):
            continue
        done.add(question)
        yield f"    {question}:"
        if kind == "single":
            yield from ("      encoding: single", f"      column: {quoted(column)}")
        else:
            alike = [name for name, there in labels.items() if len(set(there.values()) & set(own.values())) > 2]
            yield from ("      encoding: choices", f"      columns: [{', '.join(map(quoted, alike))}]")
        yield "      codes:"
        listed = list(codebook.items.index[codebook.items["question_id"] == question])
        targets = {code: best_item(label, codebook, listed) or elsewhere(label) or "?" for code, label in own.items()}
        for code, target in targets.items():
            yield f"        {quoted(code)}: {quoted(target)}{f'  # {own[code]}' if target == '?' else ''}"
        yield from base_lines("dont_know" in targets.values())


def option_lines(
    source: Respondents, labels: dict[str, dict[str, str]], codebook: Codebook, done: set[str]
) -> Iterator[str]:
    """Yield the mapping of each group of columns that are the options of one question."""
    groups: dict[str, list[str]] = {}
    for column in labels:
        stem = numbered_stem(column)
        if stem and len(labels[column]) <= 2 and codes_of(source, column).replace("", None).nunique() <= 3:
            groups.setdefault(stem, []).append(column)
    for stem, columns in groups.items():
        columns += [name for name in labels if name.startswith(stem) and name not in columns and name[len(stem) :]
                    and numbered_stem(name) is None and elsewhere(source.labels.get(name, name))
                    and codes_of(source, name).nunique() <= 3]  # fmt: skip
        texts = {column: source.labels.get(column, "") or column for column in columns}
        best: tuple[float, str, dict[str, str]] = (0.0, "", {})
        for question in codebook.questions.index[codebook.questions["kind"] == "multiple"]:
            listed = list(codebook.items.index[codebook.items["question_id"] == question])
            found = matched(texts, listed, codebook)
            part = len(found) / len(listed)
            if len(found) > 1 and question not in done and part > max(best[0], ENOUGH):
                best = (part, str(question), found)
        if best[1]:
            done.add(best[1])
            yield from option_block(source, labels, texts, best[1], best[2])


def matched(texts: dict[str, str], listed: list[str], codebook: Codebook) -> dict[str, str]:
    """Return columns with their items, the most alike first, each item once."""
    pairs = sorted(
        ((score(text, item, codebook), column, item) for column, text in texts.items() for item in listed), reverse=True
    )
    found: dict[str, str] = {}
    for value, column, item in pairs:
        if value >= ALIKE and column not in found and item not in found.values():
            found[column] = item
    return found


def option_block(
    source: Respondents, labels: dict[str, dict[str, str]], texts: dict[str, str], question: str, found: dict[str, str]
) -> Iterator[str]:
    """Yield the mapping of one question that has a column an option; a column that is like no item has a '?'."""
    targets = {column: found.get(column) or elsewhere(text) or "?" for column, text in texts.items()}
    yield f"    {question}:"
    yield "      encoding: columns"
    yield "      columns:"
    for column, target in targets.items():
        yield f"        {quoted(column)}: {quoted(target)}{f'  # {texts[column]}' if target == '?' else ''}"
    named = {code: label for column in texts for code, label in labels[column].items()}
    if named:
        off = [code for code, label in named.items() if UNTICKED.fullmatch(label.strip())]
        on = [code for code, label in named.items() if code not in off]
        yield f"      chosen: [{', '.join(map(quoted, on))}]  # {', '.join(named[code] for code in on)}"
        yield f"      not_chosen: [{', '.join(map(quoted, off))}]  # {', '.join(named[code] for code in off)}"
    elif {code for column in texts for code in codes_of(source, column)} & {"2"}:
        yield '      chosen: "?"  # 1 or 2? The file doesn\'t say'
        yield '      not_chosen: "?"'
    yield "      # nothing_chosen: ?  # a row without any choice: answered (none applied) or no_answer (skipped)"
    yield from base_lines("dont_know" in targets.values())


def quoted(name: str | None) -> str:
    """Return a name as YAML reads it back as the same text."""
    text = str(name)
    plain = re.fullmatch(r"[A-Za-z_][\w.]*|-?(0|[1-9]\d*)", text)
    reserved = text.lower() in ("yes", "no", "on", "off", "true", "false", "null", "y", "n")
    return text if plain and not reserved else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
