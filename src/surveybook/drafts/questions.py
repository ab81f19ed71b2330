"""What a file of respondents asks, drafted from its names and labels alone: questions, items, answers, and why."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from surveybook.drafts.labels import (
    ITEM_FIRST,
    MARKS,
    MENTION,
    NO_FIGURE,
    PICKED,
    PLATFORM_WORDS,
    find_stem,
    is_ordered,
    match_answer,
    match_listed,
    read_most_choices,
    sort_answers,
    split_labels,
)
from surveybook.drafts.left_out import explain_left_out
from surveybook.drafts.numbers import NumberColumn, read_number_column
from surveybook.drafts.questionnaires import AMOUNTS, ONE, SEVERAL, Questionnaire, lay_over
from surveybook.drafts.records import LABEL, Draft, DraftQuestion, KindNames, Names
from surveybook.drafts.sides import find_sides
from surveybook.drafts.trial import try_question
from surveybook.model.problems import DataError, Problem
from surveybook.respondents.codes import AGREE, DISAGREE, TICKED, UNDECIDED, UNTICKED, code_text, read_label
from surveybook.respondents.columns import SHARED_BY, lies_within
from surveybook.respondents.description import MOST_CODES, MOSTLY, count_codes_of, match_else, split_cells
from surveybook.respondents.encoding import UNNAMED_CODES
from surveybook.respondents.files import Respondents
from surveybook.respondents.roles import find_groups, find_roles, plain_code

# A question with more answers than this is a list to choose from; with fewer, its answers may have an order.
MOST_ORDERED = 7
# What this part of a small file has in the same words isn't one person's own, and never what fewer than these have.
SHARED_PART, FEWEST = 0.1, 3
# Statements without a common question are one battery where so many stand together and share so many answers.
TOGETHER = 3
# What a platform writes for answers whose labels stand in another file: A1, AO02, SQ003.
BARE_CODE = re.compile(r"[A-Za-z]{1,2}[O0]?\d{1,3}")
# What a mapping calls answers that are no item.
RESERVED = ("other", "none", "neither", *NO_FIGURE)
BARE_STEM = re.compile(r"[A-Za-z]{1,3}")


def draft_questions(source: Respondents, questionnaire: Questionnaire | None = None) -> Draft:
    """Return what a file of respondents asks, each question as it was tried on the file.

    Parameters
    ----------
    source : Respondents
        The file, or a sample of it.
    questionnaire : Questionnaire, optional
        What the columns of a file without labels mean.

    Raises
    ------
    DataError
        When the questionnaire is of another file, or no column is a question with answers to choose from.
    """
    if questionnaire:
        source, questionnaire = lay_over(source, questionnaire)
    drafter = Drafter(source, questionnaire)
    place = {column: at for at, column in enumerate(source.frame.columns)}
    ordered = sorted(drafter.questions, key=lambda name: min(place[column] for column in drafter.columns[name]))
    tried = {name: try_question(source, drafter.questions[name]) for name in ordered}
    left = {column: why for name, (one, why) in tried.items() if one is None for column in drafter.columns[name]}
    questions = tuple(one for one, _ in tried.values() if one is not None)
    if not questions:
        expected = "give a file with value labels, or with answers that many people share, or a --questionnaire"
        raise DataError("The file", [Problem(source.name, "no column is a question with answers", expected)])
    if source.rows:
        drafter.doubts.insert(0, f"The draft rests on {len(source.frame):,} of {source.rows:,} respondents, a sample")
    doubts = (*drafter.doubts, *(doubt for one, doubt in tried.values() if one and doubt))
    return Draft(source, drafter.design, drafter.groups, questions, drafter.left_out | left, doubts)


class Drafter:
    """Sorts the columns of a file into questions; each column is in one, or left out with the reason.

    Attributes
    ----------
    questions : dict
        The questions by id.
    columns : dict
        The columns of each question.
    left_out : dict
        Why a column is no question.
    doubts : list of str
        What whoever knows the survey has to decide.
    """

    def __init__(self, source: Respondents, questionnaire: Questionnaire | None = None) -> None:
        self.source, self.unsorted = source, set[str]()
        self.told = questionnaire.told if questionnaire else {}
        self.told_by = f"the questionnaire {Path(questionnaire.name).name}" if questionnaire else LABEL
        self.least = min(SHARED_BY, max(FEWEST, int(SHARED_PART * len(source.frame))))
        self.counts = {column: count_codes_of(source, column) for column in source.frame.columns}
        self.labels = {column: self._label_codes(column) for column in self.counts}
        self.texts = {column: self._read_text(column) for column in self.counts}
        roles = find_roles(source)
        self.design, self.doubts = roles.design, [*(questionnaire.doubts if questionnaire else ()), *roles.doubts]
        self.questions: dict[str, DraftQuestion] = {}
        self.columns: dict[str, list[str]] = {}
        self.question_names, self.item_names, self.kind_names = Names(), Names(set(RESERVED)), KindNames()
        taken = set(self.design.values())
        why = {
            column: roles.spare.get(column) or self._explain_left_out(column, counts)
            for column, counts in self.counts.items()
            if column not in taken
        }
        self.left_out = {column: reason for column, reason in why.items() if reason}
        asked = {column: self.labels[column] for column in why if not why[column]}
        self.groups = find_groups(source, asked, {column: self.texts[column] for column in asked}, self.counts)
        grouped = {str(rules["column"]) for rules in self.groups.values()}
        self.free = [column for column in asked if column not in grouped]
        if any("ranges" in rules for rules in self.groups.values()):
            self.doubts.append("Are these the bands of age that you publish? They are ours: change ranges of age")
        self._draft_cells()
        self._draft_sets()
        self._draft_batteries()
        self._draft_numbers()
        self._draft_columns()

    def _label_codes(self, column: str) -> dict[str, str]:
        """Return the labels of a column's codes; a text that several people share, or that is known, is its own."""
        source, counts = self.source, self.counts[column]
        if column in source.value_labels or pd.api.types.is_numeric_dtype(source.frame[column]):
            return dict(source.value_labels.get(column, {}))
        shared = [text for text in counts if counts[text] >= self.least or is_ordered(text) or match_answer(text)]
        if not shared or len(shared) > MOST_CODES or sum(counts[text] for text in shared) < MOSTLY * counts.total():
            return {}
        if all(is_number(text) or BARE_CODE.fullmatch(text) or match_answer(text) for text in shared):
            return {}
        told, known = sort_answers(sorted(shared))
        if not known and sum(map(is_ordered, told)) * 2 > len(told) and len(told) <= MOST_ORDERED:
            self.unsorted.add(column)
        return {text: text.replace("_", " ") for text in told}

    def _read_text(self, column: str) -> str:
        """Return the label of a column, or else its name within its group, without what a platform adds."""
        label = self.source.labels.get(column, "")
        stem = find_stem(column, self.counts) if not label and "/" in column else ""
        # "Q1r1: Bus - Which do you use?" repeats the name of its column.
        plain = re.sub(rf"{re.escape(column)}\s*[:.]\s+", "", PLATFORM_WORDS.sub("", label), count=1)
        return plain or label or column.removeprefix(stem)

    def _explain_left_out(self, column: str, counts: Counter[str]) -> str:
        """Return why a column is no question by the questionnaire, or else by the file; "" where it may be one."""
        kind = self.told[column].kind if column in self.told else ""
        if kind and kind not in (ONE, SEVERAL, *AMOUNTS):
            return f"the questionnaire has it as {kind}"
        return "" if kind else explain_left_out(self.source, column, self.texts[column], counts)

    def _add(self, columns: list[str], title: str, kind: str, **parts: Any) -> None:
        """Add a question and take its columns."""
        name = self.question_names.give(title, columns[0])
        rules = {**parts.pop("rules"), "base": "answered"}
        entries = [self.told[column] for column in columns if column in self.told]
        if len(entries) == len(columns):
            parts |= {"wording_source": self.told_by, "max_choices": entries[0].most or parts.get("max_choices", "")}
        self.questions[name] = DraftQuestion(name, title, kind, rules=rules, **parts)
        self.columns[name] = columns
        taken = set(columns)
        self.free = [column for column in self.free if column not in taken]

    def _leave_out(self, columns: Iterable[str], reason: str) -> None:
        """Note why columns are no question."""
        listed = set(columns)
        self.left_out |= dict.fromkeys(listed, reason)
        self.free = [column for column in self.free if column not in listed]

    def _decide_unsure(self, columns: list[str], targets: Mapping[str, str]) -> dict[str, str]:
        """Return the rule for "don't know": out of the base where the file itself declares the code missing."""
        codes = [code for code, target in targets.items() if target == "dont_know"]
        declared = [limits for column in columns for limits in self.source.missing.get(column, ())]
        numbers = list(map(read_code_value, codes))
        out = codes and all(any(lies_within(number, limits) for limits in declared) for number in numbers)
        return {"dont_know": "out" if out else "in"} if codes else {}

    def _draft_cells(self) -> None:
        """Add lists whose answers stand together in one cell."""
        parents = {name.rpartition("/")[0] for name in self.free}
        for column in list(self.free):
            if column in self.source.value_labels or pd.api.types.is_numeric_dtype(self.source.frame[column]):
                continue
            entry = self.told.get(column)
            if entry and entry.kind == SEVERAL and f"/{entry.variable}".endswith(f"/{column}"):
                mark, options = " ", dict(entry.answers)
            else:
                mark, options = split_cells(self.counts[column], self.least)
            if column in parents:
                self._leave_out([column], "the same answers stand in a column each")
            elif mark:
                self._add_list([column], self.texts[column], "multiple", options,
                               {"encoding": "delimited", "separator": mark}, "several answers in a cell")  # fmt: skip

    def _draft_sets(self) -> None:
        """Add lists with a column an option: declared sets, and ticked columns that share a name or a question."""
        for members, counted, label in self.source.sets:
            columns = [column for column in members if column in self.free]
            why = "a multiple-response set that the file declares"
            if len(columns) > 1 and counted:
                self._add_options(columns, why, label)
            elif len(columns) > 1:
                self._add_choices(columns, label, why)
        ticked = [column for column in self.free if self._is_ticked(column)]
        for columns in self._group_columns(ticked, ticks=True):
            others = [column for column in self.free if self._is_written_other(column, columns)]
            self._add_options([*columns, *others[:1]], "columns that share a name or a question, ticked or not")

    def _is_written_other(self, column: str, columns: list[str]) -> bool:
        """Return whether a column holds what people wrote beside the ticks of others: the one box "other" of a list."""
        known = any(match_else(self.texts[name]) == "other" for name in columns)
        if known or column in columns or self.labels[column] or column.upper().endswith("_TEXT"):
            return False
        item = re.fullmatch(r".*\[(.+)\]", column)
        is_other = match_else(item[1] if item else self.texts[column]) == "other"
        return is_other and find_stem(column, self.counts) == find_stem(columns[0], self.counts) != ""

    def _list_codes(self, column: str) -> list[str]:
        """Return the codes of a column that are answers: not labelled as none, nor declared missing."""
        labels = self.labels[column]
        return [
            code
            for code in self.counts[column]
            if not match_answer(labels.get(code, code)) and not self._is_lost(column, code)
        ]

    def _is_lost(self, column: str, code: str) -> bool:
        """Return whether a code is no answer: declared missing, or a negative number without a label."""
        number = read_code_value(code)
        declared = any(lies_within(number, limits) for limits in self.source.missing.get(column, ()))
        return declared or (isinstance(number, float) and number < 0 and code not in self.labels[column])

    def _is_ticked(self, column: str) -> bool:
        """Return whether a column says only that an option was ticked, or wasn't."""
        codes = self._list_codes(column)
        labels = [label.strip() for code in codes if (label := self.labels[column].get(code))]
        if not 0 < len(codes) <= 2 or (labels and len(labels) < len(codes)):
            return False
        if not labels:
            return any(set(codes) <= ticks for ticks in ({"0", "1"}, {"1", "2"}, {"Y", "N", "Yes", "No", "X", "x"}))
        on = [label for label in labels if not UNTICKED.fullmatch(label)]
        option = code_text(split_labels({column: self.texts[column], "": self.texts[column]})[1][column])
        tails = {option, *map(code_text, read_label(self.texts[column])), code_text(self.texts[column])}
        repeated = tails | {label for label in on if len(labels) == 2 and label in self.texts[column]}
        return len(on) <= 1 and all(TICKED.fullmatch(label) or code_text(label) in repeated for label in on)

    def _group_columns(self, columns: list[str], *, ticks: bool) -> Iterator[list[str]]:
        """Yield columns that are one question's: they share a name or a clause of their labels, and stand together."""
        left = list(columns)
        for find in (self._find_name_stem, self._find_clause):
            groups: dict[str, list[str]] = {}
            for column in left:
                if stem := find(column, ticks):
                    groups.setdefault(stem, []).append(column)
            for stem, members in groups.items():
                for run in self._split_runs(members):
                    shared, _ = split_labels({column: self.texts[column] for column in run})
                    if len(run) > 1 and (shared or not BARE_STEM.fullmatch(stem)):
                        left = [column for column in left if column not in set(run)]
                        yield run

    def _find_name_stem(self, column: str, ticks: bool) -> str:
        """Return what a column's name shares with those of its question."""
        stem = find_stem(column, self.counts)
        spread = re.fullmatch(r"([A-Za-z]\w*_)[A-Za-z]+", column) if ticks and not stem else None
        return spread[1] if spread and column not in self.source.labels else stem

    def _find_clause(self, column: str, ticks: bool) -> str:
        """Return the question that a column's label begins or ends with."""
        text = self.texts[column]
        if found := ITEM_FIRST.fullmatch(text):
            return found[2]
        tail = read_label(text)[-1]
        return text.removesuffix(tail) if tail != text else ""

    def _split_runs(self, columns: list[str]) -> Iterator[list[str]]:
        """Yield columns that share a clause of their labels, or that stand together in the file."""
        if split_labels({column: self.texts[column] for column in columns})[0]:
            yield columns
            return
        members, run = set(columns), list[str]()
        for column in (*self.free, ""):
            if column in members:
                run.append(column)
            elif run:
                yield run
                run = []

    def _add_options(self, columns: list[str], why: str, label: str = "") -> None:
        """Add a list with a column an option; whether 1 or 2 is a choice has to be told."""
        ticks = [column for column in columns if self._is_ticked(column)]
        named = {code: text for column in ticks for code, text in self.labels[column].items()}
        codes = {code: named.get(code, code) for column in ticks for code in self._list_codes(column)}
        off = [code for code, text in codes.items() if UNTICKED.fullmatch(text.strip())]
        on = [code for code in codes if code not in off]
        if not ticks or ("2" in codes and "2" not in named):
            self._leave_out(columns, "ticked or not? the file doesn't say whether 1 or 2 is a choice")
            return
        title, labels = split_labels({column: self.texts[column] for column in columns})
        title = label or title or find_stem(columns[0], self.counts).strip(f"{MARKS}_./(") or columns[0]
        if named and "0" not in off and off and set(map(str.casefold, named.values())) >= {"yes", "no"}:
            asked = f"{title} {' '.join(self.texts[column] for column in columns)}"
            if not PICKED.search(asked) and not why.startswith("a multiple"):
                return  # yes and no to statements
        lost = {code for column in ticks for code in self.counts[column] if code not in codes}
        targets = {column: match_listed(labels[column], several=True) for column in columns}
        items = {column: self.item_names.give(labels[column], column) for column in columns if not targets[column]}
        mapped = {column: items.get(column) or str(targets[column]) for column in columns}
        rules: dict[str, Any] = {"encoding": "columns", "columns": mapped}
        rules |= {"chosen": list(map(plain_code, on))} if on != ["1"] else {}
        blank = not off and any(sum(self.counts[column].values()) < len(self.source.frame) for column in ticks)
        rules |= {"not_chosen": [""]} if blank else {"not_chosen": list(map(plain_code, off))} if off != ["0"] else {}
        rules |= {"missing": sorted(map(plain_code, lost), key=str)} if lost else {}
        rules["nothing_chosen"] = "answered" if off and "none" not in targets.values() else "no_answer"
        rules |= {"dont_know": "in"} if "dont_know" in targets.values() else {}
        asked = " ".join((title, *(self.texts[column] for column in columns)))
        self._add(
            columns, title, "multiple", items={items[name]: labels[name] for name in items}, answers={}, rules=rules,
            why=why, max_choices=read_most_choices(asked),
        )  # fmt: skip
        self._doubt_nothing(title, ticks, set(on), rules["nothing_chosen"])

    def _doubt_nothing(self, title: str, columns: list[str], on: set[str], counted: str) -> None:
        """Say what is made of people who ticked nothing, where there are any."""
        ticked = pd.concat([self.source.frame[column].map(code_text).isin(on) for column in columns], axis=1)
        if nobody := int((~ticked.any(axis=1)).sum()):
            read = "none of it applies to them" if counted == "answered" else "they gave no answer, or weren't asked"
            self.doubts.append(f"“{title}”: {nobody} people ticked nothing; it is taken that {read} (nothing_chosen)")

    def _add_choices(self, columns: list[str], title: str, why: str) -> None:
        """Add a list whose answers are codes in several columns, one for each mention."""
        labels: dict[str, str] = {}
        for column in columns:
            labels |= self.labels[column]
        shared, _ = split_labels({column: self.texts[column] for column in columns})
        title = title or shared or columns[0]
        most = read_most_choices(f"{title} {self.texts[columns[0]]}") or str(len(columns))
        self._add_list(columns, title, "multiple", labels, {"encoding": "choices"}, why, most)

    def _draft_batteries(self) -> None:
        """Add statements with the same answers, each a column."""
        answers: dict[tuple[object, ...], list[str]] = {}
        for column in self.free:
            if len(self._list_figures(column)) > 1 and not self._is_number(column):
                answers.setdefault(self._key_answers(column), []).append(column)
        for columns in list(answers.values()):
            for members in self._group_columns(columns, ticks=False):
                self._add_battery(members)
            left = [column for column in columns if column in set(self.free)]
            for run in self._split_runs(left) if left else ():
                if len(run) >= TOGETHER <= len(self._list_figures(run[0])) and self._is_scale(run[0]):
                    self._add_battery(run)

    def _list_figures(self, column: str) -> dict[str, str]:
        """Return the answers of a column that get a figure of their own."""
        return {code: label for code, label in self.labels[column].items() if match_answer(label) not in NO_FIGURE}

    def _key_answers(self, column: str) -> tuple[object, ...]:
        """Return what columns of one battery share: their answers; of texts, the longest list that holds them."""
        figures = self._list_figures(column)
        if column in self.source.value_labels:
            return tuple(figures.items())
        if not hasattr(self, "lists"):
            kinds = {frozenset(self._list_figures(name)) for name in self.free if name not in self.source.value_labels}
            self.lists = sorted(kinds, key=len, reverse=True)
        own = frozenset(figures)
        return (next((listed for listed in self.lists if own <= listed and 2 * len(own) > len(listed)), own),)

    def _add_battery(self, columns: list[str]) -> None:
        """Add columns that share their answers: statements, or mentions of one list."""
        title, labels = split_labels({column: self.texts[column] for column in columns})
        if not self._is_scale(columns[0]) and all(MENTION.search(label) for label in labels.values()):
            self._add_choices(columns, title, f"{len(columns)} columns of mentions of one list")
            return
        stem = find_stem(columns[0], self.counts)
        name = stem.strip(f"{MARKS}_./(") if find_stem(columns[1], self.counts) == stem else ""
        title = title or name or f"{labels[columns[0]]} (and {len(columns) - 1} more)"
        self._add_statements(columns, title, labels, f"{len(columns)} columns that share their answers")

    def _is_scale(self, column: str) -> bool:
        """Return whether the answers of a column have an order."""
        figures = self._list_figures(column).values()
        return len(figures) <= MOST_ORDERED and sum(map(is_ordered, figures)) * 2 > len(figures)

    def _draft_numbers(self) -> None:
        """Add what people answered with a number; columns of one question with the same unit are its items."""
        found = {column: told for column in self.free if (told := self._read_numbers(column))}
        runs = [
            run for run in self._group_columns(list(found), ticks=False) if len({found[one].unit for one in run}) == 1
        ]
        together = {column for run in runs for column in run}
        for columns in [*runs, *([column] for column in found if column not in together)]:
            title, labels = split_labels({column: self.texts[column] for column in columns})
            title = title or (labels[columns[0]] if len(columns) == 1 else find_stem(columns[0], self.counts))
            items = {column: self.item_names.give(labels[column], column) for column in columns}
            lost = {code for column in columns for code in found[column].missing}
            rules: dict[str, Any] = {"column": columns[0]} if len(columns) == 1 else {"columns": items}
            rules |= {"missing": sorted(map(plain_code, lost), key=str)} if lost else {}
            unit = found[columns[0]].unit
            rules |= {"unit": unit} if unit else {}
            self._add(columns, title, "number", items={items[column]: labels[column] for column in columns}, answers={},
                      rules=rules, why="numbers, by their label and their values")  # fmt: skip
            if not unit:
                self.doubts.append(f"“{title}”: what do its numbers count, and which end is which? (unit)")

    def _read_numbers(self, column: str) -> NumberColumn | None:
        """Return what a column of numbers holds; None where it holds none, or codes."""
        codes = self._list_codes(column)
        labels = self.source.value_labels.get(column, {})
        if len(codes) < 2 or not all(map(is_number, codes)) or (labels and not self._is_number(column)):
            return None
        lost = frozenset(self.counts[column]) - frozenset(codes)
        declared = column in self.told and self.told[column].kind in AMOUNTS
        text = f"{column} {self.texts[column]}"
        return read_number_column(text, self.counts[column], labels, lost, declared=declared)

    def _draft_columns(self) -> None:
        """Add what stands in a column of its own."""
        for column in list(self.free):
            labels, title = self.labels[column], self.texts[column]
            if not 1 < len(self._list_figures(column)) <= MOST_CODES or self._is_number(column):
                self.left_out[column] = self._explain_no_question(column)
            elif self._is_scale(column):
                statement = read_label(title)[-1].strip(MARKS)
                self._add_statements([column], title, {column: statement}, "a column whose answers have an order")
            else:
                self._add_list([column], title, "single", labels, {"encoding": "single"}, "a column of labelled codes")

    def _is_number(self, column: str) -> bool:
        """Return whether labels name only some of many numbers: the ends of a scale, or codes beside an amount."""
        numeric = pd.api.types.is_numeric_dtype(self.source.frame[column])
        if not numeric and not all(map(is_number, self.counts[column])):
            return False
        codes = self._list_codes(column)
        return sum(code not in self.labels[column] for code in codes) > len(self._list_figures(column))

    def _explain_no_question(self, column: str) -> str:
        """Return why a column that is left is no question."""
        codes, figures = self._list_codes(column), self._list_figures(column)
        if len(codes) < 2 and len(figures) < 2:
            return "everybody who answered gave the same answer"
        if all(BARE_CODE.fullmatch(code) for code in codes):
            return "codes without labels; a questionnaire may tell what they stand for (--questionnaire)"
        if pd.api.types.is_numeric_dtype(self.source.frame[column]) or all(map(is_number, codes)):
            return "numbers without labels, which may be codes"
        return "what people wrote, or answers that few share"

    def _list_unnamed(self, columns: list[str]) -> list[str]:
        """Return the codes of columns that have no label; those of texts are what few people wrote."""
        known = {code for column in columns for code in self.labels[column]}
        return sorted({code for column in columns for code in self.counts[column]} - known)

    def _sort_unnamed(self, columns: list[str], title: str) -> tuple[dict[str, list[object]], list[str]]:
        """Return what is made of codes without a label, as rules, and the codes that count as other; each is said."""
        unnamed = self._list_unnamed(columns)
        if not unnamed:
            return {}, []
        people = sum(self.counts[column][code] for column in columns for code in unnamed)
        if any(column in self.source.value_labels for column in columns):
            named = ", ".join(unnamed[:5])
            doubt = f"no label says what {named} stands for ({people} answers); it is left out (missing)"
            self.doubts.append(f"“{title}”: {doubt}")
            return {"missing": list(map(plain_code, unnamed))}, []
        self.doubts.append(f"“{title}”: {people} answers that few people share count as other")
        return {}, [UNNAMED_CODES]

    def _add_list(
        self, columns: list[str], title: str, kind: str, labels: Mapping[str, str], rules: dict[str, Any], why: str,
        most: str = "",
    ) -> None:  # fmt: skip
        """Add a list whose items are the codes of columns."""
        several = kind == "multiple"
        targets = {code: match_listed(label, several=several) for code, label in labels.items()}
        items = {
            code: self.item_names.give(labels[code], f"{columns[0]}_{code}") for code in labels if not targets[code]
        }
        codes = {plain_code(code): items.get(code) or targets[code] for code in labels}
        lost: dict[str, list[object]] = {}
        if rules["encoding"] == "delimited":
            rest = [UNNAMED_CODES] if self._has_rare_pieces(columns[0], labels, rules["separator"]) else []
        else:
            lost, rest = self._sort_unnamed(columns, title)
        codes |= dict.fromkeys(rest, "other")
        where = {"columns": columns} if rules["encoding"] == "choices" else {"column": columns[0]}
        rules = {**rules, **where, "codes": codes, **lost, **self._decide_unsure(columns, targets)}
        self._add(
            columns, title, kind, items={items[code]: labels[code] for code in items}, answers={}, rules=rules, why=why,
            max_choices=(most or read_most_choices(title)) if several else "",
        )  # fmt: skip

    def _has_rare_pieces(self, column: str, options: Mapping[str, str], mark: str) -> bool:
        """Return whether some cells hold more than the options: what people wrote beside "other"."""
        known = sorted(options, key=len, reverse=True)
        pattern = re.compile(rf"({'|'.join(map(re.escape, known))})({re.escape(mark.strip() or mark)}\s*|$)")
        rare = sum(count for cell, count in self.counts[column].items() if pattern.sub("", cell).strip())
        if rare:
            self.doubts.append(f"“{self.texts[column]}”: {rare} people gave answers that few share, taken as other")
        return bool(rare)

    def _add_statements(self, columns: list[str], title: str, items: Mapping[str, str], why: str) -> None:
        """Add statements that exclusive answers were given to."""
        labels: dict[str, str] = {}
        for column in sorted(columns, key=lambda name: -len(self.labels[name])):
            labels |= {code: label for code, label in self.labels[column].items() if code not in labels}
        targets = {code: match_answer(label) for code, label in labels.items()}
        told_by = {code: label for code, label in labels.items() if targets[code] not in NO_FIGURE}
        told = list(told_by.values())
        unsure = self._decide_unsure(columns, targets)
        sides = find_sides(told_by, ordered=not self.unsorted.intersection(columns))
        agree = all("agree" in label.lower() or UNDECIDED.search(label) for label in told)
        agree = agree and all(len(side.answers) == 1 for side in sides)
        collapse: dict[str, list[object]] = {}
        answers, names = dict[str, str](), Names()
        made = {names.give(side.name, side.role): side for side in sides if len(side.answers) > 1}
        for code, label in labels.items():
            target = targets[code]
            if agree and target not in NO_FIGURE:
                patterns = {"neither": UNDECIDED, "disagree": DISAGREE, "agree": AGREE}
                target = next((side for side, pattern in patterns.items() if pattern.search(label)), "neither")
            elif target not in NO_FIGURE:
                target = names.give(label, f"answer {code}")
                answers[target] = label
            targets[code] = target
            collapse.setdefault(str(target), []).append(plain_code(code))
        lost, rest = self._sort_unnamed(columns, title)
        if rest:
            collapse["other"] = [*collapse.get("other", []), *rest]
        ids = {column: self.item_names.give(items[column], column) for column in columns}
        where = {"column": columns[0]} if len(columns) == 1 else {"columns": ids}
        rules = {"encoding": "scale", **where, "collapse": collapse, **lost, **unsure}
        nets = {net: tuple(targets[answer] for answer in side.answers) for net, side in made.items()}
        roles = {side.role: targets[side.answers[0]] for side in sides if not agree}
        roles |= {side.role: net for net, side in made.items()}
        answers |= {net: side.label for net, side in made.items()}
        kind = "scale"
        if not agree:
            same, name = (*answers.items(), *roles.items()), f"{told[0]} to {told[-1]}"
            kind = self.kind_names.give(same, name, columns[0])
        counted = [f"“{side.label}” counts {len(side.answers)} answers, by their words" for side in made.values()]
        why = "; ".join([f"{why}, counted together as agree and disagree" if agree else why, *counted])
        if set(columns) & self.unsorted:
            self.doubts.append(f"“{title}”: the file doesn't tell the order of the answers; set it in responses.csv")
        self._add(columns, title, kind, items={ids[column]: items[column] for column in columns}, answers=answers,
                  nets=nets, roles=roles, rules=rules, why=why)  # fmt: skip


def is_number(text: str) -> bool:
    """Return whether a text is a number."""
    return bool(re.fullmatch(r"[-+]?\d+([.,]\d+)?", text))


def read_code_value(code: str) -> float | str:
    """Return a code as a number, or as it is where it is none."""
    return float(code.replace(",", ".")) if is_number(code) else code


def list_answers(questions: Iterable[DraftQuestion]) -> dict[str, dict[str, str]]:
    """Return the answers of each kind of question that the questions need: kind, response, label."""
    chosen, agree = {"chosen": "Chosen"}, {"agree": "Agree", "disagree": "Disagree"}
    own = {"multiple": chosen, "single": chosen, "scale": agree}
    found: dict[str, dict[str, str]] = {}
    for one in questions:
        if one.kind == "number":
            continue
        found.setdefault(one.kind, {}).update(one.answers or own[one.kind])
        if "dont_know" in one.rules.get("collapse", {}):
            found[one.kind]["dont_know"] = "Don’t know"
    return found
