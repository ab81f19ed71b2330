"""How columns that belong together become a question: its items, its answers, and the rules by which it is read."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from surveybook.drafts.cells import count_pieces
from surveybook.drafts.columns import YES_OR_NO, DraftColumn, keep_most
from surveybook.drafts.labels import (
    MOST_CODES,
    NO_FIGURE,
    NUMBERED,
    SIGNS,
    match_answer,
    match_listed,
    pair_languages,
    read_most_choices,
    read_yes_or_no,
    sort_answers,
)
from surveybook.drafts.number_columns import FEW_PEOPLE, NumberColumn
from surveybook.drafts.records import (
    OUR_WORDS,
    DraftQuestion,
    KindNames,
    Names,
    count_more,
    state_missing,
    tell_people,
    write_targets,
)
from surveybook.drafts.related_columns import find_title, is_box, merge_labels, split_texts
from surveybook.drafts.sides import move_between, name_answers
from surveybook.model.codebook import Codebook
from surveybook.model.kinds import OTHER
from surveybook.model.wording import count, list_first, listing, sentence
from surveybook.respondents.codes import UNTICKED, code_text, plain_code
from surveybook.respondents.encoding import UNNAMED_CODES, is_written

# Where so many people would have ticked two options by chance and nobody did, nobody could.
MANY_PAIRS = 10
# What a mapping calls answers that are no item.
RESERVED = ("other", "none", "neither", *NO_FIGURE)
SHARED_BY_FEW = "answers that few share count as other"
DECLARED = "a multiple-response set that the file declares"
# What the items of a question are that no label tells; of others they are statements.
UNTOLD = {"multiple": "options", "number": "numbers of one kind"}


class QuestionMaker:
    """Makes questions of columns; each column is in one, or left out with the reason.

    Attributes
    ----------
    told_by : str
        Where the words of a column come from that a questionnaire tells of.
    notes : dict of list of str
        What whoever knows the survey has to decide, each with the questions that it is of.
    drafted : list of tuple
        The questions, each with the names of its columns.
    left_out : dict of str
        Why a column is no question.
    """

    def __init__(self, told_by: str, codebook: Codebook | None) -> None:
        self.told_by, self.notes = told_by, dict[str, list[str]]()
        self.drafted: list[tuple[DraftQuestion, list[str]]] = []
        self.left_out: dict[str, str] = {}
        self.question_names, self.item_names, self.kind_names = Names(), Names(set(RESERVED)), KindNames()
        if codebook is not None:
            self.question_names.taken |= {*codebook.questions.index}
            self.item_names.taken |= {*codebook.items.index}
            self.kind_names.learn(map(codebook.kind, codebook.responses["kind"].unique()))

    def note(self, about: str, title: str, detail: str = "") -> None:
        """Note what has to be decided of a question, and maybe of others too: that is said of all at once."""
        told = f"“{title}” ({detail})" if detail else f"“{title}”"
        self.notes[about] = [*dict.fromkeys([*self.notes.get(about, []), told])]

    def leave_out(self, columns: Sequence[DraftColumn], reason: str) -> None:
        """Note why columns are no question."""
        self.left_out |= {column.name: reason for column in columns}

    def add(self, columns: Sequence[DraftColumn], title: str, kind: str, items: Mapping[str, str],
            rules: Mapping[str, Any], why: str, *, is_told: bool = True, **parts: Any) -> None:  # fmt: skip
        """Add a question; one that is called like another has its first item in its name too.

        Where no label tells what is asked, its wording is ours.
        """
        if not is_told:
            wording = f"{sentence(count(len(items)))} {UNTOLD.get(kind, 'statements with the same answers')}"
            parts |= {"wording": wording, "wording_source": OUR_WORDS}
        twins = [[*one.items.values()] for one, _ in self.drafted if one.title == title and len(items) > 1]
        is_repeated = [*items.values()] in twins
        if twins:
            parts = {"wording": title} | parts
            # Of the same things on scales with other ends each is called by its own.
            is_same = kind not in ("single", "multiple") and any(one[0] == next(iter(items.values())) for one in twins)
            first = (tell_ends(columns) if is_same else "") or name_after_first(items)
            title = first if first.startswith(title) else f"{title.rstrip(' .:…')}: {first}"
            called = [one.title for one, _ in self.drafted if one.title.startswith(title)]
            behind = len(called) + 1 if " " in columns[0].name else columns[0].name
            title = f"{title} ({behind})" if title in called else title
        # "Methods: Methods Interviews" says once what it is about.
        if len(items) > 1 and all(label.startswith(f"{title} ") and label[-1] != ")" for label in items.values()):
            items = {item: sentence(label.removeprefix(f"{title} ")) for item, label in items.items()}
        name = self.question_names.give(title, columns[0].name)
        texts = {column.name: NUMBERED.sub("", column.text, count=1) for column in columns}
        times = Counter(texts.values())
        alike = [columns[0].name] if is_repeated else [name for name, text in texts.items() if times[text] > 1]
        if alike and rules.get("encoding") != "choices":
            self.note(
                "these have one label; what tells them apart, or is each of another person?", title, list_first(alike)
            )
        asked = [column.asked for column in columns if column.asked]
        if len(asked) == len(columns):
            parts |= {"wording_source": self.told_by, "max_choices": asked[0].most or parts.get("max_choices", "")}
        one = DraftQuestion(name, title, kind, items, why, rules={**rules, "base": "answered"}, **parts)
        self.drafted.append((one, [column.name for column in columns]))

    def name_items(self, labels: Mapping[str, str], *otherwise: str) -> dict[str, str]:
        """Return an id for each label, or else made of the key, with what stands before it."""
        return {key: self.item_names.give(label, "_".join((*otherwise, key))) for key, label in labels.items()}

    def add_options(self, columns: Sequence[DraftColumn], why: str, told: str = "") -> None:
        """Add a list with a column an option; whether 1 or 2 is a choice has to be told."""
        ticks = [column for column in columns if column.is_ticked]
        title, labels, is_told = find_title(columns, told)
        on, off = sort_ticks(ticks, labels)
        if not on:
            self.leave_out(columns, "nobody ticked any of them")
            return
        if not ticks or ("2" in (*on, *off) and "2" not in merge_labels(ticks)):
            self.leave_out(columns, "ticked or not? the file doesn't say whether 1 or 2 is a choice")
            return
        asked = " ".join((title, *(column.text for column in columns)))
        targets = {name: match_listed(text, several=True) for name, text in labels.items()}
        # No statement says that none is true.
        has_none = not {"none", "no_answer"}.isdisjoint(targets.values())
        if why != DECLARED and not has_none and is_of_statements(ticks, off, title, asked):
            return
        targets |= {column.name: "other" for column in columns if is_box(column)}
        items = self.name_items({name: text for name, text in labels.items() if not targets[name]})
        if not items and "other" not in targets.values():
            self.leave_out(columns, "none and no answer alone, which another column may have the answers to")
            return
        shown = {item: labels[name] for name, item in items.items()}
        title = title or name_after_first(shown)
        # "None" or a number in the box of what people wrote ticks nothing.
        lost = {code for column in columns for code in column.counts
                if code not in (*on, *off) and (column in ticks or not is_written(code))}  # fmt: skip
        most = read_most_choices(asked)
        given = pd.DataFrame({column.name: column.given for column in ticks})
        chosen = given.isin(on)
        may_be_single = why != DECLARED and not most and not any(column.asked for column in columns)
        may_be_single &= chosen.sum(axis=1).max() == 1 and chosen.to_numpy().sum() >= FEW_PEOPLE
        is_single = may_be_single and expect_pairs(chosen) >= MANY_PAIRS
        counted = "no_answer" if is_single or not off or "none" in targets.values() else "answered"
        if not off and any(column.counts.total() < len(column.values) for column in ticks):
            off = [""]
        rules = {
            "encoding": "columns",
            "columns": targets | items,
            **({"chosen": [plain_code(code) for code in on]} if on != ["1"] else {}),
            **({"not_chosen": [plain_code(code) for code in off]} if off != ["0"] else {}),
            **state_missing(sorted(lost)),
            "nothing_chosen": counted,
            **({"dont_know": "in"} if "dont_know" in targets.values() else {}),
        }
        kind = "single" if is_single else "multiple"
        self.add(columns, title, kind, shown, rules, why, is_told=is_told, max_choices=most)
        # Who has a code for no answer wasn't asked, which nobody has to take to be so.
        nobody = int((given.isin(off).any(axis=1) & ~chosen.any(axis=1)).sum())
        if is_single:
            self.note("nobody ticked two options; only one is taken to be possible (kind in questions.csv)", title)
        elif nobody:
            read = "none of it applies to them" if counted == "answered" else "they gave no answer, or weren't asked"
            about = f"of those who ticked nothing it is taken that {read} (nothing_chosen)"
            self.note(about, title, tell_people(nobody))
        if may_be_single and not is_single and len(ticks) > 2:
            self.note("nobody chose more than one of them; could people (max_choices)?", title)

    def add_choices(self, columns: Sequence[DraftColumn], why: str, title: str) -> None:
        """Add a list whose answers are codes in several columns, one for each mention."""
        title = title or split_texts(columns)[0] or columns[0].name
        most = read_most_choices(f"{title} {columns[0].text}") or str(len(columns))
        self.add_list(columns, title, "multiple", merge_labels(columns), {"encoding": "choices"}, why, most)

    def add_battery(self, columns: Sequence[DraftColumn], told: str = "") -> None:
        """Add columns that share their answers, as statements; what the file says of all of them is their question."""
        title, labels, is_told = find_title(columns, told)
        why = f"{len(columns)} columns that share their answers"
        self.add_statements(columns, title or name_after_first(labels), labels, why, is_told=is_told)

    def add_numbers(self, columns: Sequence[DraftColumn], told: Sequence[NumberColumn]) -> None:
        """Add numbers of one unit that people gave."""
        title, labels, is_told = find_title(columns)
        if not is_told and "…" in title:
            # "I like to use the parks" is rated as parks, and would be a statement if people agreed.
            start, end = map(len, title.split("…"))
            labels = {name: sentence(text[start : len(text) - end]) for name, text in labels.items()}
            is_told = True
        title = title or name_after_first(labels)
        items, unit = self.name_items(labels), told[0].unit
        lost = {code for one in told for code in one.missing}
        rules = {**place_columns(columns, items), **state_missing(sorted(lost)), **({"unit": unit} if unit else {})}
        scales = {one.scale for one in told}
        if len(scales) == 1 and (scale := scales.pop()):
            rules["scale"] = [*map(plain_code, map(code_text, scale))]
        shown = {items[name]: label for name, label in labels.items()}
        self.add(columns, title, "number", shown, rules, "numbers, by their label and their values", is_told=is_told)
        if not unit:
            self.note("what do these numbers count, and which end is which (unit)?", title)

    def add_list(
        self, columns: Sequence[DraftColumn], title: str, kind: str, labels: Mapping[str, str],
        rules: dict[str, Any], why: str, most: str = "",
    ) -> None:  # fmt: skip
        """Add a list whose items are the codes of columns."""
        several, names = kind == "multiple", [column.name for column in columns]
        targets, same = sort_codes(columns, labels, lambda label: match_listed(label, labels.values(), several=several))
        shown = {code: label for code, label in labels.items() if not targets[code] and code not in same}
        counts = sum((column.counts for column in columns), Counter[str]())
        counts = count_pieces(counts, labels, rules["separator"]) if "separator" in rules else counts
        kept = keep_most(shown, counts)
        if shown and not kept:
            self.leave_out(columns, f"more than {MOST_CODES} answers")
            return
        if rare := shown.keys() - kept.keys():
            targets |= dict.fromkeys(rare, OTHER)
            if people := sum(counts[code] for code in rare):
                self.note("rarer answers count as other", title, f"{count(len(rare))}, of {people:,} people")
        shown = kept
        items = self.name_items(shown, names[0])
        targets |= items
        targets |= {code: targets[one] for code, one in same.items()}
        if rules["encoding"] == "delimited":
            unnamed = self._sort_pieces(columns[0], {*labels}, rules["separator"])
        else:
            unnamed = self._sort_unnamed(columns, title)
        where = {"columns": names} if rules["encoding"] == "choices" else {"column": names[0]}
        told = write_targets("codes", {**targets, **unnamed})
        self.add(
            columns, title, kind, {items[code]: label for code, label in shown.items()},
            {**rules, **where, **told, **decide_unsure(columns, targets)}, why,
            max_choices=(most or read_most_choices(title)) if several else "",
        )  # fmt: skip

    def add_statements(
        self, columns: Sequence[DraftColumn], title: str, items: Mapping[str, str], why: str, **parts: Any
    ) -> None:
        """Add statements that exclusive answers were given to."""
        labels = merge_labels(sorted(columns, key=lambda one: -len(one.labels)))
        if not (is_labelled := any(column.is_labelled for column in columns)):
            listed = sort_answers(labels.values())[0]
            labels = dict(sorted(labels.items(), key=lambda pair: listed.index(pair[1])))
        targets, same = sort_codes(columns, labels, lambda label: match_answer(label, labels.values()))
        figures = {code: label for code, label in labels.items() if not targets[code] and code not in same}
        is_told = is_labelled or sort_answers(figures.values())[1]
        unsorted = len(figures) > len(YES_OR_NO) and not is_told
        ids_of_answers, ends, told = name_answers(move_between(figures), ordered=not unsorted)
        targets |= ids_of_answers
        targets |= {code: targets[one] for code, one in same.items()}
        if told:
            answers, roles = told["answers"], told["roles"]
            kind = self.kind_names.give((*answers.items(), *sorted(roles.items())), ends, columns[0].name)
            nets = [f"“{answers[net]}” counts {len(own)} answers, by their words" for net, own in told["nets"].items()]
            why = "; ".join([why, *nets])
        else:
            kind, why = "scale", f"{why}, counted together as agree and disagree"
        unnamed, ids = self._sort_unnamed(columns, title), self.name_items(items)
        other = {code: one for code, one in same.items() if labels[code] != labels[one]}
        if other:
            merged = listing([f"“{labels[code]}” as “{labels[one]}”" for code, one in other.items()])
            self.note("answers that say the same count as one", title, merged)
        if unsorted:
            self.note("the file doesn't tell the order of the answers; set it in responses.csv", title)
        rules = {
            "encoding": "scale",
            **place_columns(columns, ids),
            **write_targets("collapse", {**targets, **unnamed}),
        }
        self.add(
            columns, title, kind, {ids[name]: label for name, label in items.items()},
            {**rules, **decide_unsure(columns, targets)}, why, **told, **parts,
        )  # fmt: skip

    def _sort_unnamed(self, columns: Sequence[DraftColumn], title: str) -> dict[str, str | None]:
        """Return what codes without a label stand for: no answer, or "other" for texts that few share; each is said."""
        known = {code for column in columns for code in column.labels}
        told = {code for column in columns for code in column.counts if not column.declares_missing(code)}
        is_labelled = any(column.is_labelled for column in columns)
        strays = {code for column in columns for code in column.strays} - known
        lost = sorted(told - known if is_labelled else strays)
        unnamed = told - known - {*lost}
        if said := [code for code in lost if not match_answer(code)]:
            without = sum(column.counts[code] for column in columns for code in said)
            codes = f"{list_first(said)}: {without:,} {'answer' if without == 1 else 'answers'}"
            self.note("no label says what these stand for; they are left out (missing)", title, codes)
        if unnamed:
            people = sum(column.counts[code] for column in columns for code in unnamed)
            self.note(SHARED_BY_FEW, title, f"{people:,}")
        return {**dict.fromkeys(lost), **({UNNAMED_CODES: OTHER} if unnamed else {})}

    def _sort_pieces(self, column: DraftColumn, options: set[str], mark: str) -> dict[str, str | None]:
        """Return what programs wrote into cells of several, which is no answer, and "other" for what people wrote."""
        strays = sorted(column.strays - options)
        known = options.union(strays)
        cells = column.lists.items() or (
            (count_pieces(Counter([cell]), known, mark), people) for cell, people in column.counts.items()
        )
        if rare := sum(people for cell, people in cells if not known.issuperset(cell)):
            self.note(SHARED_BY_FEW, column.text, f"{rare:,}")
        return {**dict.fromkeys(strays), **({UNNAMED_CODES: OTHER} if rare else {})}


def name_after_first(items: Mapping[str, str]) -> str:
    """Return what stands for a question that no label tells: its first item, and how many more there are."""
    return f"{next(iter(items.values())).rstrip('.')}{count_more(len(items) - 1)}"


def tell_ends(columns: Sequence[DraftColumn]) -> str:
    """Return the words of both ends of a scale of numbers, "fragile to strong"; "" where not all name the same."""
    worded = {tuple(one.labels[code].lower() for code in sorted(one.worded, key=float)) for one in columns}
    if len(worded) != 1 or not all(one.names_ends for one in columns):
        return ""
    low, *_, high = worded.pop()
    return f"{low} to {high}"


def sort_ticks(ticks: Sequence[DraftColumn], labels: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return the codes by which an option was chosen, and those by which it wasn't; `labels` are of the options."""
    given, named = Counter(code for column in ticks for code in column.codes), merge_labels(ticks)
    # "None" in the column of the option "None" is a tick.
    own = {code for column in ticks for code in column.codes
           if given[code] == 1 and code == code_text(labels[column.name])}  # fmt: skip
    off = [code for code in given if code not in own and UNTICKED.fullmatch(named.get(code, code).strip())]
    return [code for code in given if code not in off], off


def expect_pairs(chosen: pd.DataFrame) -> float:
    """Return how often two options would be ticked by one person, if who ticks one ticked others like everybody."""
    ticks = chosen.sum()
    return float((ticks.sum() ** 2 - (ticks**2).sum()) / 2 / max(1, len(chosen)))


def is_of_statements(ticks: Sequence[DraftColumn], off: Sequence[str], title: str, asked: str) -> bool:
    """Return whether people said yes and no to statements, and didn't tick options of a list.

    Parameters
    ----------
    ticks : sequence of DraftColumn
        The columns.
    off : sequence of str
        The codes that say no.
    title, asked : str
        What the columns are called together, and all that is asked there.
    """
    words = {read_yes_or_no(text) or text.casefold() for text in merge_labels(ticks).values()}
    # Who doesn't know of some was asked about each, though noughts and ones look like ticks; of all, about the list.
    unsure = [np.isin(one.given, [code for code in one.labels if one.match(code) == "dont_know"]) for one in ticks]
    is_asked = len({people.tobytes() for people in unsure if people.any()}) > 1
    is_yes_or_no = off and ("0" not in off or is_asked) and (words >= {"yes", "no"} or words >= {"true", "false"})
    is_picked = SIGNS["picked"].search(asked) or (SIGNS["asks"].search(title) and not SIGNS["whether"].search(title))
    return bool(is_yes_or_no and (is_asked or not is_picked))


def place_columns(columns: Sequence[DraftColumn], items: Mapping[str, str]) -> dict[str, Any]:
    """Return where a question stands, as ``wave.yml`` has it: in its column, or in one for each item."""
    return {"column": columns[0].name} if len(columns) == 1 else {"columns": items}


def sort_codes(
    columns: Sequence[DraftColumn], labels: Mapping[str, str], match: Callable[[str], str]
) -> tuple[dict[str, str | None], dict[str, str]]:
    """Return what codes with a label stand for that are no figure of their own, and which say what another says.

    Parameters
    ----------
    columns : sequence of DraftColumn
        Where they stand.
    labels : mapping
        Their labels, by code.
    match : callable
        What tells the answer that a label is of which is no figure of its own; "" for others.
    """
    declared = {code for code in labels if any(column.declares_missing(code) for column in columns)}
    targets: dict[str, str | None] = {
        code: match(label) or ("no_answer" if code in declared else "") for code, label in labels.items()
    }
    counts = sum((column.counts for column in columns), Counter[str]())
    return targets, {} if columns[0].is_labelled else pair_languages(labels, counts)


def decide_unsure(columns: Sequence[DraftColumn], targets: Mapping[str, str | None]) -> dict[str, str]:
    """Return the rule for "don't know": out of the base where the file itself declares the code missing."""
    codes = [code for code, target in targets.items() if target == "dont_know"]
    out = all(any(column.declares_missing(code) for column in columns) for code in codes)
    return {"dont_know": "out" if out else "in"} if codes else {}
