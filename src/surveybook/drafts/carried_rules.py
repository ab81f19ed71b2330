"""What the codes of the next wave stand for: the rules of the wave before, by the labels that the new file has."""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from surveybook.drafts.cells import CELL_MARKS, count_pieces
from surveybook.drafts.column_reading import least_shared
from surveybook.drafts.columns import is_number, number_of_code
from surveybook.drafts.labels import is_cut_of, match_answer, match_listed
from surveybook.drafts.matches import PARTS, RECORDED, Match, is_other_label, is_same_label, name_some, strip_label
from surveybook.drafts.records import Names, list_rule_columns, read_targets, write_targets
from surveybook.drafts.roles import name_groups
from surveybook.drafts.rules import RESERVED
from surveybook.model.kinds import KINDS, OTHER
from surveybook.model.wording import listing
from surveybook.respondents.codes import (
    TICKED,
    UNTICKED,
    code_text,
    is_declared_missing,
    is_misspelt,
    listed_values,
    plain_code,
)
from surveybook.respondents.encoding import UNNAMED_CODES, is_written
from surveybook.respondents.files import Respondents

# What codes stand for that are no answer of the list's own.
UNLISTED = ("dont_know", "no_answer", "none", OTHER, None)
# What joins further answers to the first that is new.
NEW_TOO = "; new too: "


def carry_over(block: dict[str, Any], found: Match) -> dict[str, Any]:
    """Return the rules of a file with the columns and the codes that they have now; questions that are gone are out."""
    block |= {key: found.columns.get(str(block[key])) for key in PARTS if block.get(key)}
    for name, part in RECORDED.items():
        recorded, rules = found.recorded.get(name, {}), block.get(part) or {}
        now = {one: carry_rules(one, own, recorded.get(one, {}), found) for one, own in rules.items()}
        block[part] = {one: own for one, own in now.items() if own is not None}
    columns = dict.fromkeys(found.unlabelled)
    if codes := [column for column in columns if any(map(is_number, found.source.count_codes(column)))]:
        found.differences.append(
            f"the answers of {listing(codes)} have no labels now, and had: codes are taken for what they stood for;"
            " look whether each still does"
        )
    used = {column for own in block["questions"].values() for column in list_rule_columns(own)}
    found.new = [column for column in dict.fromkeys(found.new) if column not in used]
    if found.ignored:
        block["ignore"] = [*(block.get("ignore") or []), *found.ignored]
    return {key: value for key, value in block.items() if key not in PARTS or value is not None}


def carry_rules(name: str, rules: dict[str, Any], recorded: Mapping[str, Any], found: Match) -> dict[str, Any] | None:
    """Return the rules of one question or group as they are now; None where its columns are gone."""
    source = found.source
    answers = recorded.get("answers") or {
        group: own["codes"] for group, own in recorded.items() if "codes" in (own or {})
    }
    before = {code: strip_code(code, label) for codes in answers.values() for code, label in codes.items() if label}
    columns = keep_columns(name, rules, before, found)
    if not columns:
        return None
    first = next(iter(columns))
    labels = list_bare_labels(first, source)
    if rules.get("encoding") == "scale" and labels:
        # An answer may have been offered beside some statements alone.
        labels = {code: text for one in columns for code, text in list_bare_labels(one, source).items()} | labels
    key, targets = read_targets(rules)
    if "encoding" not in rules and not key and are_labelled(labels, source.count_codes(first), rules):
        found.note(
            name, f"the numbers of {first} have labels now (“{next(iter(labels.values()))}”), which is another question"
        )
        found.new.append(first)
        return None
    # Of a file without labels, which may be the same one exported with words for codes, words are their own labels.
    words = {text: text for one in columns for text in source.count_codes(one) if not (labels or is_number(text))}
    targets, fresh = renumber(name, name_by_words(name, targets, before, words, found), before, labels, found, key)
    missing = source.missing.get(first, ())
    for code in [one for one in targets if is_declared_missing(one, missing) and targets[one] not in UNLISTED]:
        if not is_same_label(labels.get(code, ""), before.get(code, "")):
            del targets[code]  # of the wave before, this answer had another code
    rules |= rename_columns(name, rules, columns, found)
    turn_ticks(name, rules, labels or words, found)
    if rules.get("encoding") == "columns" and isinstance(rules["columns"], dict):
        targets |= dict.fromkeys(list_unwritten(rules, source))
    if "encoding" not in rules and not key:  # of numbers, labels tell codes that are none
        fresh = {code: text for code, text in (labels or words).items() if match_answer(text)}
        turned = [
            f"{code} is “{labels[code]}” and was “{label}”" for code, label in (recorded.get("labels") or {}).items()
            if code in labels and code not in fresh
            and not (is_same_label(labels[code], label) or is_misspelt(labels[code], label))
        ]  # fmt: skip
        if turned:
            found.note(name, f"its numbers stand for something else, by their labels: {listing(turned)}")
    place_new_answers(name, rules, targets, fresh, first, found)
    if (key == "values" or rules.get("ranges")) and not drop_empty_groups(
        name, rules, targets, source.count_codes(first), found
    ):
        found.note(name, f"nobody is in any of its groups now, by the codes of {first}, and it is left out")
        found.new.append(first)
        return None
    if before and not words:
        found.unlabelled += [column for column in columns if not source.value_labels.get(column)]
    if not labels and rules.get("encoding") in ("single", "choices", "delimited", "scale"):
        if not match_texts(name, rules, targets, found):
            found.note(
                name, f"none of its answers is one of {name_some([*columns], source)} now, which is another question"
            )
            found.new += columns
            return None
        if key == "codes" and {*targets.values()} <= {OTHER, None}:
            return None
    return rules | write_targets(key, targets)


def keep_columns(name: str, rules: Mapping[str, Any], before: Mapping[str, str], found: Match) -> dict[str, str]:
    """Return the columns that a question has now, with their items where it has some, and note which are another's."""
    where = rules.get("columns", [rules.get("column")])
    items = where if isinstance(where, dict) else dict.fromkeys(where, "")
    now = {found.columns.get(str(column)): item for column, item in items.items()}
    columns = {column: item for column, item in now.items() if column}
    if rules.get("encoding") in ("scale", "single"):
        for column in [one for one in columns if answers_otherwise(list_bare_labels(one, found.source), before)]:
            found.note(name, f"none of its answers is one of {column} now, which is another question")
            found.new.append(column)
            del columns[column]
    if rules.get("encoding") == "scale" and isinstance(where, dict):
        drop_turned(name, columns, before, found)
    return columns


def rename_columns(name: str, rules: dict[str, Any], columns: Mapping[str, str], found: Match) -> dict[str, Any]:
    """Return the rules that name columns, with those of now; who was asked is dropped where no column tells it."""
    if "column" in rules:
        named: dict[str, Any] = {"column": next(iter(columns))}
    else:
        named = {"columns": dict(columns) if isinstance(rules["columns"], dict) else list(columns)}
    if universe := rules.pop("universe", None):
        asked = str(universe["column"])
        if now := found.columns.get(asked):
            return named | {"universe": universe | {"column": now}}
        found.note(name, f"{asked}, which told who was asked, is gone: the base is whoever answered")
    return named


def place_new_answers(
    name: str,
    rules: Mapping[str, Any],
    targets: dict[str, str | None],
    fresh: Mapping[str, str],
    column: str,
    found: Match,
) -> None:
    """Place the codes of a column that are new, and note what became of each."""
    counts, missing = found.source.count_codes(column), found.source.missing.get(column, ())
    new = list[tuple[str, str]]()
    for code, text in fresh.items():
        is_empty_group = "values" in rules and code not in counts
        if is_empty_group or targets.get(code, "") is None or is_declared_missing(code, missing):
            continue
        what = place_code(name, rules, targets, code, text, found)
        new.append((f"the answer “{text}” (code {code}) is new, and {what}", f"“{text}” (code {code}, {what})"))
    found.note_all(name, new, NEW_TOO)


def name_by_words(
    name: str, targets: dict[str, str | None], before: Mapping[str, str], words: Collection[str], found: Match
) -> dict[str, str | None]:
    """Return what answers stand for that are words now and were codes with these for labels, and note it."""
    codes = {strip_label(label): code for code, label in before.items() if code in targets}
    told = {text: code for text in words if (code := codes.get(strip_label(text)))}
    if not told or told.keys() <= targets.keys():
        return targets
    now = {text: targets[code] for text, code in told.items()}
    if not any(map(is_number, told.values())):
        respelt = {code: text for text, code in told.items() if text not in targets and code not in words}
        for code, text in respelt.items():
            found.note(name, f"the answer “{code}” is spelt “{text}” now")
        return {code: target for code, target in targets.items() if code not in respelt} | now
    found.note(name, f"its answers are words now, and were codes (“{next(iter(told))}”)")
    return now | {code: target for code, target in targets.items() if code not in before}


def list_unwritten(rules: Mapping[str, Any], source: Respondents) -> list[str]:
    """Return what people typed into the box of a list that names nothing ("n/a", "none"), and ticks nothing."""
    ticks = {code_text(code) for name in ("chosen", "not_chosen") for code in listed_values(rules.get(name, []))}
    boxes = [column for column, item in rules["columns"].items() if item == OTHER]
    typed = {code for column in boxes for code in source.count_codes(column) if not is_number(code)}
    return sorted(code for code in typed - ticks if not is_written(code))


def list_bare_labels(column: str, source: Respondents) -> dict[str, str]:
    """Return the labels of a column's codes, without the codes that a file may repeat in them: "1. Agree"."""
    return {code: strip_code(code, label) for code, label in source.value_labels.get(column, {}).items()}


def strip_code(code: str, label: str) -> str:
    """Return the label of a code without the code in front."""
    return re.sub(rf"^{re.escape(code)}\s*[.):=-]\s*(?=\S)", "", label)


def are_labelled(labels: Mapping[str, str], counts: Mapping[str, int], rules: Mapping[str, Any]) -> bool:
    """Return whether most people's numbers are codes with labels, bands or words, beside the ends of their scale."""
    ends = {code_text(end) for end in rules.get("scale") or ()}
    told = {code for code, label in labels.items() if not (match_answer(label) or is_number(label))} - ends
    return 2 * sum(count for code, count in counts.items() if code in told) > sum(counts.values())


def drop_empty_groups(
    name: str, rules: dict[str, Any], targets: dict[str, str | None], counts: Mapping[str, int], found: Match
) -> bool:
    """Take groups out of a grouping that nobody is in now, note it, and return whether anybody is in one."""
    numbers = [number_of_code(code) for code in counts if is_number(code) and code not in targets]
    ranges = dict(rules.get("ranges") or {})
    there = {group for code, group in targets.items() if counts.get(code)}
    there |= {
        group for group, (low, high) in ranges.items()
        if any((low is None or low <= number) and (high is None or number <= high) for number in numbers)
    }  # fmt: skip
    empty = [group for group in dict.fromkeys([*ranges, *filter(None, targets.values())]) if group not in there]
    if not there - {None}:
        return False
    for group in empty:
        found.note(name, f"nobody is in the group “{group}” now, and it is left out")
    for code in [code for code, group in targets.items() if group in empty]:
        del targets[code]
    if ranges:
        rules["ranges"] = {group: ends for group, ends in ranges.items() if group not in empty}
    return True


def answers_otherwise(labels: Mapping[str, str], before: Mapping[str, str]) -> bool:
    """Return whether a column's labels have none of the answers of a question, "don't know" and the like aside."""
    told, now = ([text for text in own.values() if not match_answer(text)] for own in (before, labels))
    return bool(told and now) and not any(is_same_label(text, other) for text in told for other in now)


def renumber(
    name: str,
    targets: Mapping[str, str | None],
    before: Mapping[str, str],
    labels: Mapping[str, str],
    found: Match,
    key: str,
) -> tuple[dict[str, str | None], dict[str, str]]:
    """Return what the codes stand for that are there now, by their labels, and the labels of new ones; note the rest.

    A code that stands for something else now is taken out of the answer that it stood for.

    Parameters
    ----------
    name : str
        The question or the grouping.
    targets : mapping
        What each code stood for.
    before, labels : mapping
        The labels of the codes in the wave before, and now.
    found : Match
        Where differences are noted.
    key : str
        Whose codes they are, as `OF_CODES` has it: groups may be cut short ("Fem"), and items have names of their own.
    """
    moved, too = dict[str, str](), dict[str, str]()
    said: dict[str, list[tuple[str, str]]] = {"; ": [], "; so are ": []}
    known = [*before.values()]
    fresh = {code: text for code, text in labels.items() if not any(is_same_label(text, label) for label in known)}
    for code, label in before.items() if labels else ():
        now = [new for new, text in labels.items() if is_same_label(label, text)]
        text = fresh.get(code, "")
        # "Don't know" may be told at more length; "somewhat agree" is another answer than "agree".
        is_longer = targets.get(code, "") in UNLISTED and not is_other_label(label, text)
        # Programs cut long labels, and groups have short names.
        is_short = (key == "values" and is_beginning(label, text)) or is_cut_of(strip_label(text), strip_label(label))
        spelt = [new for new, one in fresh.items() if key == "codes" and is_misspelt(one, label)]
        is_here = text and (is_longer or is_short or is_misspelt(text, label))
        if code in now:
            too |= dict.fromkeys((new for new in now if new not in before), code)
        elif now:
            moved[code] = now[0]
            said["; "].append((f"“{label}” has the code {now[0]} and had {code}", f"“{label}” {now[0]} and {code}"))
        elif is_here or len(spelt) == 1:
            moved[code] = code if is_here else spelt[0]
            found.note(name, f"the answer “{label}” (code {code}) is spelt “{fresh.pop(moved[code])}” now")
        else:
            said["; so are "].append((f"the answer “{label}” (code {code}) is gone", f"“{label}” ({code})"))
    for joint, told in said.items():
        found.note_all(name, told, joint)
    doubled = [(f"“{before[code]}” has the code {new} too", f"“{before[code]}” {new}") for new, code in too.items()]
    found.note_all(name, doubled, ", ")
    reused = {code for code, text in before.items() if not is_same_label(text, labels.get(code, text))}
    reused -= moved.keys()
    kept = {moved.get(code, code): target for code, target in targets.items() if code not in reused}
    kept |= {new: targets[code] for new, code in too.items() if code in targets}
    return kept, fresh if before else {}


def is_beginning(label: str, other: str) -> bool:
    """Return whether one of two labels is the beginning of the other."""
    short, long = sorted((strip_label(label), strip_label(other)), key=len)
    return long.startswith(short)


def match_texts(name: str, rules: dict[str, Any], targets: dict[str, str | None], found: Match) -> bool:
    """Count texts that the wave before didn't have as other, take out options that nobody names now, and note both.

    In a file of words each is its own label, and lists of options change: what was 82% and is nobody's was renamed.
    Return whether any answer is one of the wave before.
    """
    source = found.source
    columns, is_scale = list_rule_columns(rules), rules["encoding"] == "scale"
    cells = sum(map(source.count_codes, columns), Counter[str]())
    texts = match_separator(name, rules, cells, {*targets}, found) if rules.get("separator") else cells
    # A code that nobody mapped stops the check; in a list of words ("2 to 5") "2" is one of them.
    are_codes = all(is_number(code) for code in targets)
    new = {text: count for text, count in texts.items() if text not in targets and not (are_codes and is_number(text))}
    shared = {text: count for text, count in new.items() if count >= least_shared(source)}
    known = {code for code, target in targets.items() if target not in UNLISTED and not is_number(code)}
    if known and shared and not known & texts.keys():
        return False
    rare = sum(new.values()) - sum(shared.values())
    gone = list[tuple[str, str]]()
    for code in [] if is_scale else [one for one, target in targets.items() if target in found.named]:
        if code not in texts:
            del targets[code]
            gone.append((f"nobody gives the answer “{code}” now, and it is left out of the list", f"“{code}”"))
    found.note_all(name, gone, "; nor ")
    added = list[tuple[str, str]]()
    for text, count in shared.items():
        what = "counts as other until it is mapped"
        if not is_scale:
            what = place_code(name, rules, targets, text, text, found)
        added.append((f"the answer “{text}” is new ({count} people), and {what}", f"“{text}” ({count} people, {what})"))
    found.note_all(name, added, NEW_TOO)
    if UNNAMED_CODES not in targets and (rare or (is_scale and shared)):
        targets[UNNAMED_CODES] = OTHER
        if rare:
            found.note(name, f"{rare} answers that few people share are new, and count as other")
    return True


def place_code(
    name: str, rules: Mapping[str, Any], targets: dict[str, str | None], code: str, label: str, found: Match
) -> str:
    """Add a new code to what those of a question or a grouping stand for, and return what became of it.

    What may be an answer of its own or a part of "agree" and "disagree" is for the researcher to place.
    """
    kind, lost, known = found.before.codebook.kinds.get(name), match_answer(label), [*filter(None, targets.values())]
    if "codes" in rules:
        targets[code] = match_listed(label, several=rules["encoding"] != "single")
        if targets[code]:
            return f"counts as {targets[code]}"
        targets[code] = found.add_item(name, label)
        return f"added to the list as {targets[code]}"
    if lost and ({"values", "ranges"} & rules.keys() or (kind and kind.name == "number")):
        targets[code] = None
        return "counts as not stated"
    if "values" in rules:
        names = [*known, label] if known and all(group[:1].isupper() for group in known) else known
        targets[code] = name_groups({**{group: group for group in known}, code: label}, names)[code]
        return f"a group of its own, {targets[code]}"
    if lost in rules.get("collapse", {}):
        targets[code] = lost
        return f"counts as {lost}"
    if lost or "collapse" not in rules or kind is None or kind.name in KINDS:
        return "not mapped"
    answer = next((one for one, text in kind.labels.items() if is_same_label(text, label)), "")
    answer = answer or Names({*RESERVED, *kind.labels}).give(label, name)
    shown = [one for one in dict.fromkeys(known) if one in kind.labels or (name, one) in found.answers]
    below = [one for one in shown if all(is_below(own, code) for own, target in targets.items() if target == one)]
    found.answers[name, answer] = label, below[-1] if below else ""
    targets[code] = answer
    return f"an answer of its own, {answer}"


def is_below(code: str, other: str) -> bool:
    """Return whether a code comes before another one in a list of answers; what is no number does."""
    return not (is_number(code) and is_number(other)) or float(code) < float(other)


def match_separator(
    name: str, rules: dict[str, Any], cells: Counter[str], known: set[str], found: Match
) -> Counter[str]:
    """Return how often each answer stands in cells of several, and take the mark that parts most of the known ones.

    Another platform, or another export of the same, puts another between them; but none parts words of an answer.
    """
    before = rules["separator"]
    texts = {mark: count_pieces(cells, known, mark) for mark in (before, *(one for one in CELL_MARKS if one.strip()))}
    mark = max(texts, key=lambda one: sum(texts[one][text] for text in known))
    if mark != before:
        found.note(name, f"the answers in a cell are parted by “{mark}” now, and were by “{before}”")
        rules["separator"] = mark
    return texts[mark]


def drop_turned(name: str, columns: dict[str, str], before: Mapping[str, str], found: Match) -> None:
    """Take columns out of a battery whose labels have other codes than those of its others, and note it.

    Those stay that have the codes of the wave before or, where none has, those of the first.
    """
    labels = {column: list_bare_labels(column, found.source) for column in columns}
    same = [column for column, own in labels.items() if own and not list_turned(own, before)]
    first = next(iter([*same, *columns]), "")
    for column in [one for one in columns if one != first]:
        if turned := list_turned(labels[column], labels[first]):
            label, code, other = turned[0]
            found.differences.append(
                f"{column} has other codes than {first} (“{label}” is {code}, not {other}), and is left out of"
                f" {name}; map it as a question of its own"
            )
            found.ignored.append(column)
            del columns[column]


def list_turned(labels: Mapping[str, str], others: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return the labels whose code stands for something else among others, each with its code and the one it has there.

    A "don't know" that has a code of its own beside one statement changes no answer's code.
    """
    codes = {strip_label(label): code for code, label in others.items()}
    return [
        (label, code, codes[strip_label(label)])
        for code, label in labels.items()
        if strip_label(label) in codes and not is_same_label(label, others.get(code, label))
    ]


def turn_ticks(name: str, rules: dict[str, Any], labels: Mapping[str, str], found: Match) -> None:
    """Take from the labels of a column an option which codes are a choice now, where they say that it is another."""
    on = [plain_code(code) for code, label in labels.items() if TICKED.fullmatch(label.strip())]
    off = [plain_code(code) for code, label in labels.items() if UNTICKED.fullmatch(label.strip())]
    if rules.get("encoding") == "columns" and on and off and set(on) != set(rules.get("chosen", [1])):
        found.note(name, f"the code {on[0]} is a choice now, by its label “{labels[str(on[0])]}”")
        rules |= {"chosen": on, "not_chosen": off}
