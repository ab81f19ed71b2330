"""What a file of respondents asks, drafted from its names and labels alone: questions, items, answers, and why."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, groupby, pairwise, takewhile
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from surveybook.drafts.columns import (
    BARE_STEM,
    FEW_PEOPLE,
    YES_OR_NO,
    DraftColumn,
    NumberColumn,
    explain_left_out,
    explain_no_question,
    is_number,
    label_texts,
    least_shared,
    number_of_code,
    read_columns,
    read_number_column,
    tidy_text,
)
from surveybook.drafts.labels import (
    CELL_MARKS,
    FEWEST_LISTS,
    ITEM_FIRST,
    LEAST_SHARED,
    MARKS,
    MOST,
    MOST_CODES,
    MOST_ORDERED,
    MOSTLY,
    NO_FIGURE,
    SIGNS,
    count_pieces,
    match_answer,
    match_else,
    match_listed,
    pair_languages,
    read_most_choices,
    read_yes_or_no,
    split_cells,
    split_labels,
    strip_marks,
)
from surveybook.drafts.questionnaires import SEVERAL, Entry, Questionnaire, find_mark, lay_over, name_alike
from surveybook.drafts.records import LABEL, OUR_WORDS, Draft, DraftQuestion, KindNames, Names
from surveybook.drafts.roles import count_unweighted, doubt_unweighted, find_groups, find_roles
from surveybook.drafts.sides import find_sides
from surveybook.model.codebook import Codebook
from surveybook.model.kinds import KINDS, Kind
from surveybook.model.problems import DataError, Problem
from surveybook.model.wording import count, listing, sentence
from surveybook.respondents.codes import (
    AGREE,
    DISAGREE,
    UNDECIDED,
    UNTICKED,
    code_text,
    plain_code,
    plain_text,
    read_label,
)
from surveybook.respondents.columns import Columns
from surveybook.respondents.encoding import UNNAMED_CODES, encode_question, is_written
from surveybook.respondents.files import Respondents
from surveybook.respondents.mapping import PopulationMapping, PopulationRules, QuestionMapping

# Statements without a common question are one battery where so many stand together and share so many answers.
TOGETHER = 3
# How somebody's answers ended is one of so many states; of more, such as moments, it counts whether there is one.
MOST_STATES = 8
# Among so many people two columns that tell different things nearly always show it.
FIRST_PEOPLE = 500
# So many words tell what a battery is about that no label names.
FEWEST_SHARED = 4
# How long scales are.
RATINGS = (5, 7, 10)
# So many may have given one answer of a list twice by mistake.
SELDOM = 0.1
# What a mapping calls answers that are no item.
RESERVED = ("other", "none", "neither", *NO_FIGURE)
SIDES = {"neither": UNDECIDED, "disagree": DISAGREE, "agree": AGREE}


def draft_questions(
    source: Respondents, questionnaire: Questionnaire | None = None, codebook: Codebook | None = None
) -> Draft:
    """Return what a file of respondents asks, each question as it was tried on the file.

    Parameters
    ----------
    source : Respondents
        The file, or a sample of it.
    questionnaire : Questionnaire, optional
        What the columns of a file without labels mean.
    codebook : Codebook, optional
        What a report has already: ids that are taken, and kinds of question. Then it is no error if nothing is drafted.

    Raises
    ------
    DataError
        When the questionnaire is of another file, or no column is a question with answers to choose from.
    """
    drafter = Drafter(source, questionnaire, codebook)
    place = {column: at for at, column in enumerate(source.frame.columns)}
    drafted = sorted(drafter.drafted, key=lambda pair: min(place[column] for column in pair[1]))
    questions, left_out = [], dict(drafter.left_out)
    for one, columns in drafted:
        tried, why = try_question(drafter.source, one)
        if tried is None:
            left_out |= dict.fromkeys(columns, why)
            continue
        questions.append(tried)
        drafter.doubts += [why] if why else []
    if not questions and codebook is None:
        expected = "give a file with value labels, or with answers that many people share, or a --questionnaire"
        raise DataError("The file", [Problem(source.name, "no column is a question with answers", expected)])
    weight = drafter.design.get("weight")
    drafter.doubts += doubt_unweighted(count_unweighted(source, weight), weight)
    sampled = [f"The draft rests on {len(source.frame):,} of {source.rows:,} respondents, a sample"]
    doubts = (*(sampled if source.rows else ()), *drafter.doubts)
    found = drafter.source, drafter.design, drafter.groups, tuple(questions), left_out, doubts
    return Draft(*found, drafter.fieldwork)


def try_question(source: Respondents, one: DraftQuestion) -> tuple[DraftQuestion | None, str]:
    """Return a question as the file bears it, and what whoever knows the survey has to decide.

    Returns
    -------
    tuple of DraftQuestion, str
        The question, where some gave too many answers with the rule that leaves them out; None with the reason where
        its answers can't be read. The text is empty where nothing is to be said.
    """
    rules = PopulationRules.model_validate({"questions": {one.question: dict(one.rules)}})
    items: dict[str, tuple[str, ...]] = {item: (label, label) for item, label in one.items.items()}
    kind = KINDS.get(one.kind, Kind)(one.kind, one.answers or {"chosen": "", "agree": "", "disagree": ""})
    mapping = QuestionMapping(one.question, kind, rules.questions[one.question], items)
    problems: list[Problem] = []
    columns = Columns(source, PopulationMapping("", rules, (mapping,)), problems, lambda _: None)
    most = float(one.max_choices) if one.max_choices.isdigit() else float("inf")
    encoded = encode_question(columns, mapping, most)
    excess = encoded.excess
    if one.rules.get("encoding") == "choices" and excess * 2 > encoded.answered.sum():
        return None, f"{excess:,} people would have given too many answers, or one of them twice"
    if excess:
        problems = [problem for problem in problems if "gave too many answers" not in problem.found]
    if problems:
        return None, problems[0].found
    if not excess:
        return one, ""
    told = "“none” beside others" if most == float("inf") else f"more than {one.max_choices}, or “none” beside others"
    who = "one person ticked" if excess == 1 else f"{excess:,} people ticked"
    doubt = f"“{one.title}”: {who} {told}; they are left out of its base (excess)"
    return replace(one, rules={**one.rules, "excess": "exclude"}), doubt


class Drafter:
    """Sorts the columns of a file into questions; each column is in one, or left out with the reason.

    Attributes
    ----------
    source : Respondents
        The file, with the labels of the questionnaire.
    design, groups : dict
        What columns are besides questions, as ``wave.yml`` has it.
    fieldwork : tuple of date, optional
        The first and the last day on which people answered.
    drafted : list of tuple
        The questions, each with its columns.
    left_out : dict
        Why a column is no question.
    doubts : list of str
        What whoever knows the survey has to decide.
    """

    def __init__(
        self, source: Respondents, questionnaire: Questionnaire | None = None, codebook: Codebook | None = None
    ) -> None:
        asked, self.doubts, self.told_by = dict[str, Entry](), list[str](), LABEL
        if questionnaire:
            source, asked, self.doubts = lay_over(source, questionnaire)
            self.told_by = f"the questionnaire {Path(questionnaire.name).name}"
        if source.encoding:
            self.doubts.append(f"The file isn't UTF-8 and was read as {source.encoding}: are its accents right?")
        self.source, self.columns = source, list(read_columns(source, asked))
        chosen = [column for column in self.columns if len(column.figures) > 1]
        lists = group_alike(chosen, lambda one: (one.clause.strip(MARKS), *one.labels.items()))
        clauses = Counter(columns[0].clause.strip(MARKS) for columns in lists)
        # "PRE: " before questions with answers of many kinds is no question of them all.
        self.sections = {clause for clause, times in clauses.items() if clause and times > TOGETHER}
        self.doubts += [
            f"“{column.text}”: 1 counts as yes and 0 as no, which no label says"
            for column in self.columns
            if column.labels is YES_OR_NO
        ]
        roles = find_roles(self.columns)
        self.design, self.fieldwork = roles.design, roles.fieldwork
        self.doubts += roles.doubts
        self.drafted: list[tuple[DraftQuestion, list[str]]] = []
        self.unitless = list[str]()
        self.question_names, self.item_names, self.kind_names = Names(), Names(set(RESERVED)), KindNames()
        if codebook is not None:
            self.question_names.taken |= {*codebook.questions.index}
            self.item_names.taken |= {*codebook.items.index}
            self.kind_names.learn(map(codebook.kind, codebook.responses["kind"].unique()))
        others = [column for column in self.columns if column.name not in self.design.values()]
        why = {column.name: roles.spare.get(column.name) or explain_left_out(column) for column in others}
        self.left_out = {name: reason for name, reason in why.items() if reason}
        if states := [told for told in map(tell_finished, others) if told]:
            who = "All rows count in every share, also of tests and of who didn't finish"
            self.doubts.append(f"{who}: {'; '.join(states)}")
        self.free = [column for column in others if not why[column.name]]
        self.groups = find_groups(self.free)
        grouped = {str(rules["column"]) for rules in self.groups.values()}
        self.free = [column for column in self.free if column.name not in grouped]
        if any("ranges" in rules for rules in self.groups.values()):
            self.doubts.append("Are these the bands of age that you publish? They are ours: change ranges of age")
        derived = [column for column in self.free if SIGNS["derived"].search(column.label)]
        self._leave_out(derived, "its label says that it was made from another column")
        self._draft_cells()
        self._leave_out_ranks()
        self._draft_sets()
        self._draft_mentions()
        self._draft_batteries()
        self._draft_numbers()
        self._draft_columns()

    def _add(self, columns: Sequence[DraftColumn], title: str, kind: str, items: Mapping[str, str],
             rules: Mapping[str, Any], why: str, **parts: Any) -> None:  # fmt: skip
        """Add a question and take its columns; one that is called like another has its first item in its name too."""
        if len(items) > 1 and any(one.title == title for one, _ in self.drafted):
            parts = {"wording": title} | parts
            first = name_first(items)
            title = first if first.startswith(title) else f"{title.rstrip(' .:…')}: {first}"
        name = self.question_names.give(title, columns[0].name)
        asked = [column.asked for column in columns if column.asked]
        if len(asked) == len(columns):
            parts |= {"wording_source": self.told_by, "max_choices": asked[0].most or parts.get("max_choices", "")}
        one = DraftQuestion(name, title, kind, items, why, rules={**rules, "base": "answered"}, **parts)
        self.drafted.append((one, [column.name for column in columns]))
        self.free = [column for column in self.free if column not in columns]

    def _leave_out(self, columns: Sequence[DraftColumn], reason: str) -> None:
        """Note why columns are no question."""
        self.left_out |= {column.name: reason for column in columns}
        self.free = [column for column in self.free if column not in columns]

    def _name_items(self, labels: Mapping[str, str], *otherwise: str) -> dict[str, str]:
        """Return an id for each label, or else made of the key, with what stands before it."""
        return {key: self.item_names.give(label, "_".join((*otherwise, key))) for key, label in labels.items()}

    def _draft_cells(self) -> None:
        """Add lists whose answers stand together in one cell."""
        # pandas numbers columns of one name: q1, q1.1.
        named = [one for one in self.free if not one.name.removeprefix(one.stem).isdigit()]
        parents = {one.stem.rstrip("/.") for one in named if one.stem.endswith(("/", "."))}
        for column in [one for one in self.free if not one.is_labelled]:
            if pd.api.types.is_numeric_dtype(column.values):
                continue
            asked = column.asked
            if asked and asked.kind == SEVERAL and column.name in name_alike(asked.variable):
                mark, options = find_mark(column.counts, asked.answers), dict(asked.answers)
            else:
                given = Counter({cell: people for cell, people in column.counts.items() if cell not in column.strays})
                mark, options = split_cells(given, least_shared(self.source))
            if column.name in parents:
                self._leave_out([column], "the same answers stand in a column each")
                continue
            if holds_ranking(column):
                self._leave_out([column], "a ranking in a cell, which no kind of question here holds")
                continue
            if column.lists:
                given = Counter[str]()
                for cell, people in column.lists.items():
                    given.update(dict.fromkeys(cell, people))
                mark, options = "\n", label_texts(given, least_shared(self.source))
            if mark and options:
                rules = {"encoding": "delimited", "separator": mark}
                self._add_list([column], column.text, "multiple", options, rules, "several answers in a cell")

    def _leave_out_ranks(self) -> None:
        """Leave out the ranks that people gave options: their mean says nothing of one that most people gave none."""
        plain = [column for column in self.free if column.is_numeric and not column.worded]
        for columns in list(self._group_columns(plain, attrgetter("stem"))):
            if holds_ranks(columns):
                self._leave_out(columns, "ranks of options, which no kind of question here holds")

    def _draft_sets(self) -> None:
        """Add lists with a column an option: declared sets, and ticked columns that share a name or a question."""
        for members, counted, label in self.source.sets:
            columns = [column for name in members for column in self.free if column.name == name]
            # A mention that nobody has is none.
            columns = [column for column in columns if counted or column.codes]
            if len(columns) < 2:
                continue
            if not counted and repeats_answers(columns):
                self._add_battery(columns, tidy_text(label))
            else:
                add = self._add_options if counted else self._add_choices
                add(columns, "a multiple-response set that the file declares", tidy_text(label))
        for columns in self._group_columns([column for column in self.free if column.is_ticked], name_ticks):
            known = any(match_else(column.text) == "other" for column in columns)
            others = [column for column in self.free if not known and is_written_other(column, columns)]
            self._add_options([*columns, *others[:1]], "columns that share a name or a question, ticked or not")
        for columns in list(self._find_bare_lists()):
            self._add_options(columns, "columns side by side that hold their own names")

    def _find_bare_lists(self) -> Iterator[list[DraftColumn]]:
        """Yield options side by side that no question is told of, with the box "other" that ends their list."""
        there = [column for column in self.columns if column.counts or match_else(column.text) == "other"]
        for is_part, run in groupby(there, lambda one: one in self.free and (one.repeats_name or is_box_other(one))):
            for columns in cut_where_repeated(list(run), at_other=True) if is_part else ():
                if sum(column.repeats_name for column in columns) > 1:
                    yield columns

    def _group_columns(
        self, columns: Sequence[DraftColumn], find_name: Callable[[DraftColumn], str]
    ) -> Iterator[list[DraftColumn]]:
        """Yield columns that are one question's: they share a name or a clause of their labels, and stand together."""
        left = list(columns)
        for find in (find_name, attrgetter("clause")):
            groups: dict[str, list[DraftColumn]] = {}
            for column in left:
                if stem := find(column):
                    groups.setdefault(stem, []).append(column)
            for stem, members in groups.items():
                for run in self._split_runs(members):
                    title = split_texts(run)[0]
                    is_told = title not in self.sections if title else not BARE_STEM.fullmatch(stem)
                    if len(run) > 1 and is_told:
                        left = [column for column in left if column not in run]
                        yield run

    def _split_runs(self, columns: list[DraftColumn]) -> Iterator[list[DraftColumn]]:
        """Yield columns that share a clause of their labels, or that stand together in the file."""
        if split_texts(columns)[0]:
            yield columns
            return
        run: list[DraftColumn] = []
        for column in (*self.free, None):
            if column in columns:
                run.append(column)
            elif run:
                yield run
                run = []

    def _add_options(self, columns: Sequence[DraftColumn], why: str, label: str = "") -> None:
        """Add a list with a column an option; whether 1 or 2 is a choice has to be told."""
        ticks = [column for column in columns if column.is_ticked]
        named = {code: text for column in ticks for code, text in column.labels.items()}
        codes = {code: named.get(code, code) for column in ticks for code in column.codes}
        title, labels = split_texts(columns)
        times = Counter(code for column in ticks for code in column.codes)
        # "None" in the column of the option "None" is a tick.
        own = {code for column in ticks for code in column.codes
               if times[code] == 1 and code == code_text(labels[column.name])}  # fmt: skip
        off = [code for code, text in codes.items() if UNTICKED.fullmatch(text.strip()) and code not in own]
        on = [code for code in codes if code not in off]
        if not on:
            self._leave_out(columns, "nobody ticked any of them")
            return
        if not ticks or ("2" in codes and "2" not in named):
            self._leave_out(columns, "ticked or not? the file doesn't say whether 1 or 2 is a choice")
            return
        told = label or title or name_together(columns)
        asked = " ".join((told, *(column.text for column in columns)))
        words = {read_yes_or_no(text) or text.casefold() for text in named.values()}
        # Who doesn't know was asked about each, though noughts and ones look like ticks.
        given = [column.labels.get(code, "") for column in ticks for code in column.counts]
        is_asked = "dont_know" in map(match_answer, given)
        is_yes_or_no = off and ("0" not in off or is_asked) and (words >= {"yes", "no"} or words >= {"true", "false"})
        is_picked = SIGNS["picked"].search(asked) or (SIGNS["asks"].search(told) and not SIGNS["whether"].search(told))
        if is_yes_or_no and (is_asked or not is_picked) and not why.startswith("a multiple"):
            return  # yes and no to statements
        # "None" or a number in the box of what people wrote ticks nothing.
        boxes = [column for column in columns if column not in ticks]
        lost = {code for column in ticks for code in column.counts if code not in codes}
        lost |= {code for column in boxes for code in column.counts if code not in codes and not is_written(code)}
        targets = {name: match_listed(text, several=True) for name, text in labels.items()}
        targets |= {column.name: "other" for column in columns if is_box(column)}
        items = self._name_items({name: text for name, text in labels.items() if not targets[name]})
        named_items = {item: labels[name] for name, item in items.items()}
        title = told or name_first(named_items)
        blank = not off and any(column.counts.total() < len(self.source.frame) for column in ticks)
        counted = "answered" if off and "none" not in targets.values() else "no_answer"
        rules = {
            "encoding": "columns",
            "columns": targets | items,
            **({"chosen": [plain_code(code) for code in on]} if on != ["1"] else {}),
            **({"not_chosen": [""] if blank else [plain_code(code) for code in off]} if blank or off != ["0"] else {}),
            **state_missing(lost),
            "nothing_chosen": counted,
            **({"dont_know": "in"} if "dont_know" in targets.values() else {}),
        }
        wording = "" if told else f"{sentence(count(len(items)))} options, several of which could be chosen"
        self._add(columns, title, "multiple", named_items, rules, why, max_choices=read_most_choices(asked),
                  **quote_ours(wording))  # fmt: skip
        ticked, left = np.zeros((2, len(self.source.frame)), dtype=bool)
        for column in ticks:
            cells, values = self.source.find_distinct(column.name)
            coded = self.source.coded.get(column.name, {})
            given = [coded.get(code_text(value), code_text(value)) for value in values]
            ticked |= np.isin([*given, ""], on)[cells]
            left |= np.isin([*given, ""], [""] if blank else off)[cells]
        # Who has a code for no answer wasn't asked, which nobody has to take to be so.
        if nobody := int((~ticked & left).sum()):
            who = "one person" if nobody == 1 else f"{nobody:,} people"
            read = "none of it applies to them" if counted == "answered" else "they gave no answer, or weren't asked"
            self.doubts.append(f"“{title}”: {who} ticked nothing; it is taken that {read} (nothing_chosen)")

    def _add_choices(self, columns: Sequence[DraftColumn], why: str, title: str) -> None:
        """Add a list whose answers are codes in several columns, one for each mention."""
        title = title or split_texts(columns)[0] or columns[0].name
        most = read_most_choices(f"{title} {columns[0].text}") or str(len(columns))
        labels = {code: label for column in columns for code, label in column.labels.items()}
        self._add_list(columns, title, "multiple", labels, {"encoding": "choices"}, why, most)

    def _draft_mentions(self) -> None:
        """Add lists whose columns hold one answer after another: "first", "second"; some have codes of their own."""
        told = [
            one for one in self.free if SIGNS["mention"].search(one.text) and len(one.figures) > 1 and not one.is_scale
        ]
        for columns in self._group_columns(told, attrgetter("stem")):
            title, labels = split_texts(columns)
            named = {(code, label) for column in columns for code, label in column.labels.items()}
            is_told = not any(one.is_number or one.lacks_labels for one in columns)
            if is_told and len(named) == len(dict(named)) and all(map(SIGNS["mention"].search, labels.values())):
                self._add_choices(columns, f"{len(columns)} columns of mentions of one list", title)
        listed = [one for one in self.free if one.stem and len(one.figures) >= TOGETHER]
        for columns in group_alike(listed, lambda one: (one.stem, one.text, *one.figures.items())):
            given = [column for column in columns if column.codes]
            if holds_mentions(given):
                self._add_choices(given, f"{len(given)} columns of one question, an answer in each", given[0].text)
            elif ask_others(given):
                who = ", ".join(one.name for one in given)
                self.doubts.append(f"“{given[0].text}”: is it one question? {who} ask it of other people each")

    def _draft_batteries(self) -> None:
        """Add statements with the same answers, each a column; of texts, the longest list that holds them."""
        texts = {frozenset(column.figures): None for column in self.free if not column.is_labelled}
        lists, found = sorted(texts, key=len, reverse=True), dict[object, list[DraftColumn]]()
        for column in [one for one in self.free if one.codes and len(one.figures) > 1]:
            if column.is_number or column.lacks_labels:
                continue
            own = frozenset(column.figures)
            longest = next((listed for listed in lists if own <= listed and 2 * len(own) > len(listed)), own)
            key = tuple(column.figures.items()) if column.is_labelled else longest
            found.setdefault(key, []).append(column)
        for columns in found.values():
            if len(columns[0].figures) > MOST_ORDERED:
                continue  # the same long list in several questions, such as parties
            for members in self._group_columns(columns, attrgetter("stem")):
                apart = [one for one in members if not any(tells_other(one, other) for other in members)]
                if len(apart) > 1 and not ask_others(apart) and not holds_mentions(apart):
                    for part in cut_where_asked(apart):
                        self._add_battery(part)
            left = [column for column in columns if column in self.free]
            runs: Iterable[list[DraftColumn]] = self._split_runs(left) if left else ()
            for cut in (cut_where_repeated, cut_where_named, cut_where_asked):
                runs = chain.from_iterable(map(cut, runs))
            for run in runs:
                is_list = run[0].is_scale or run[0].is_labelled or begin_alike(run)
                if len(run) >= TOGETHER <= len(run[0].figures) and is_list and not holds_mentions(run):
                    self._add_battery(run)

    def _add_battery(self, columns: list[DraftColumn], told: str = "") -> None:
        """Add columns that share their answers, as statements; what the file says of all of them is their question."""
        title, labels = split_texts(columns)
        told, shared, why = told or title, share_words(labels), f"{len(columns)} columns that share their answers"
        named = told or shared or name_together(columns)
        is_ours = not named or (not told and bool(shared))
        wording = f"{sentence(count(len(columns)))} statements with the same answers" if is_ours else ""
        self._add_statements(columns, named or name_first(labels), labels, why, **quote_ours(wording))

    def _draft_numbers(self) -> None:
        """Add what people answered with a number; columns of one question with the same unit are its items.

        A question is told by a name or a clause that its columns share, by words that they begin with, or by standing
        side by side as ratings of one length on a form.
        """
        found = {column: told for column in self.free if (told := read_number_column(column))}
        several = [column for column in self.free if len(column.codes) > 1]
        plain = [column for column in several if column in found or (column.is_numeric and not column.worded)]
        for run in self._group_columns(plain, attrgetter("stem")):
            if sum(column in found for column in run) * 2 > len(run):
                more = {column: read_number_column(column, are_numbers=True) for column in run if column not in found}
                found |= {column: told for column, told in more.items() if told}
        together = list[list[DraftColumn]]()
        for columns in group_alike(found, lambda one: (found[one].unit,)):
            together += self._group_columns(columns, attrgetter("stem"))
        for find in (group_begun, self._split_runs):
            left = [one for one in found if found[one].is_rating and one not in chain.from_iterable(together)]
            # What asks by itself is no item of a question that the file doesn't tell; who knows what names stand for?
            left = [one for one in left if find == group_begun or (one.is_of_form and not one.text.endswith("?"))]
            for columns in group_alike(left, lambda one: (found[one].unit, find_top(one))):
                runs = chain.from_iterable(map(cut_where_repeated, find(columns)))
                together += [run for run in runs if len(run) >= TOGETHER]
        alone = [[column] for column in found if column not in chain.from_iterable(together)]
        for columns in (*together, *alone):
            self._add_numbers(columns, [found[column] for column in columns])
        if self.unitless:
            its = "its" if len(self.unitless) == 1 else "their"
            doubt = f"what do {its} numbers count, and which end is which? (unit)"
            self.doubts.append(f"{listing(self.unitless)}: {doubt}")

    def _add_numbers(self, columns: Sequence[DraftColumn], told: Sequence[NumberColumn]) -> None:
        """Add numbers of one unit that people gave."""
        title, labels = split_texts(columns) if len(columns) > 1 else ("", {columns[0].name: columns[0].text})
        named = title or share_words(labels) or (name_together(columns) if len(columns) > 1 else columns[0].text)
        title = named or name_first(labels)
        items, unit = self._name_items(labels), told[0].unit
        lost = {code for one in told for code in one.missing}
        rules = {**place_columns(columns, items), **state_missing(lost), **({"unit": unit} if unit else {})}
        scales = {one.scale for one in told}
        if len(scales) == 1 and (scale := scales.pop()):
            rules["scale"] = [*map(plain_code, map(code_text, scale))]
        labelled = {items[name]: label for name, label in labels.items()}
        wording = "" if named else f"{sentence(count(len(columns)))} numbers of one kind"
        self._add(columns, title, "number", labelled, rules, "numbers, by their label and their values",
                  **quote_ours(wording))  # fmt: skip
        self.unitless += [] if unit else [f"“{title}”"]

    def _draft_columns(self) -> None:
        """Add what stands in a column of its own."""
        times = Counter(column.text for column in self.columns)
        for column in self.free:
            is_listed = 1 < len(column.figures) <= MOST_CODES and len(column.codes) > 1
            is_named = column.label not in ("", column.name) or not all(map(is_number, column.figures.values()))
            if not is_listed or not is_named or column.is_number or column.lacks_labels:
                self.left_out[column.name] = explain_no_question(column)
                continue
            # SurveyMonkey's question stands before its label: "Rank 1".
            title = column.text
            if column.label and (asked := column.name.removesuffix(plain_text(column.label))).endswith(": "):
                title = f"{asked}{column.text}"
            if times[column.text] > 1:
                title = f"{title} ({column.name.removeprefix(column.text).strip(f'{MARKS}()') or column.name})"
            if column.is_scale:
                statement = {column.name: strip_marks(read_label(column.text)[-1])}
                self._add_statements([column], title, statement, "a column whose answers have an order")
            else:
                rules = {"encoding": "single"}
                self._add_list([column], title, "single", column.labels, rules, "a column of labelled codes")

    def _sort_unnamed(self, columns: Sequence[DraftColumn], title: str) -> tuple[dict[str, list[object]], list[str]]:
        """Return what is made of codes without a label, as rules, and the codes that count as other; each is said."""
        known = {code for column in columns for code in column.labels}
        told = {code for column in columns for code in column.counts if not column.declares_missing(code)}
        is_labelled = any(column.is_labelled for column in columns)
        strays = {code for column in columns for code in column.strays} - known
        lost = sorted(told - known if is_labelled else strays)
        unnamed = sorted(told - known - {*lost})
        people = sum(column.counts[code] for column in columns for code in unnamed)
        missing: dict[str, list[object]] = {}
        if lost:
            without = sum(column.counts[code] for column in columns for code in lost)
            doubt = f"no label says what {', '.join(lost[:5])} stands for ({without} answers); it is left out (missing)"
            self.doubts.append(f"“{title}”: {doubt}")
            missing = {"missing": list(map(plain_code, lost))}
        if not unnamed:
            return missing, []
        rare = "one answer that nobody shares counts" if people == 1 else f"{people} answers that few share count"
        self.doubts.append(f"“{title}”: {rare} as other")
        return missing, [UNNAMED_CODES]

    def _add_list(
        self, columns: Sequence[DraftColumn], title: str, kind: str, labels: Mapping[str, str],
        rules: dict[str, Any], why: str, most: str = "",
    ) -> None:  # fmt: skip
        """Add a list whose items are the codes of columns."""
        several, first = kind == "multiple", columns[0]
        targets = {code: match_listed(label, labels.values(), several=several) for code, label in labels.items()}
        targets |= {code: "no_answer" for code in labels if not targets[code] and first.declares_missing(code)}
        same = {} if first.is_labelled else pair_languages(labels, first.counts)
        items = self._name_items(
            {code: label for code, label in labels.items() if not targets[code] and code not in same}, first.name
        )
        targets |= {code: items.get(one, targets[one]) for code, one in same.items()}
        if rules["encoding"] == "delimited":
            strays = {*first.strays} - {*labels}
            lost, rest = state_missing(strays), self._find_rare_pieces(first, {*labels, *strays}, rules["separator"])
        else:
            lost, rest = self._sort_unnamed(columns, title)
        codes = {plain_code(code): items.get(code) or targets[code] for code in labels} | dict.fromkeys(rest, "other")
        names = [column.name for column in columns]
        where = {"columns": names} if rules["encoding"] == "choices" else {"column": first.name}
        rules = {**rules, **where, "codes": codes, **lost, **decide_unsure(columns, targets)}
        self._add(
            columns, title, kind, {items[code]: labels[code] for code in items}, rules, why,
            max_choices=(most or read_most_choices(title)) if several else "",
        )  # fmt: skip

    def _find_rare_pieces(self, column: DraftColumn, options: set[str], mark: str) -> list[str]:
        """Return the code for what people wrote beside the options of a cell; nothing where all cells hold these."""
        cells = column.lists.items() or (
            (count_pieces(Counter([cell]), options, mark), people) for cell, people in column.counts.items()
        )
        rare = sum(people for cell, people in cells if not options.issuperset(cell))
        if not rare:
            return []
        self.doubts.append(f"“{column.text}”: {rare} people gave answers that few share, taken as other")
        return [UNNAMED_CODES]

    def _add_statements(
        self, columns: Sequence[DraftColumn], title: str, items: Mapping[str, str], why: str, **parts: str
    ) -> None:
        """Add statements that exclusive answers were given to."""
        labels: dict[str, str] = {}
        for column in sorted(columns, key=lambda one: -len(one.labels)):
            labels |= {code: label for code, label in column.labels.items() if code not in labels}
        unsorted = any(column.is_unsorted for column in columns)
        targets = {code: match_answer(label) for code, label in labels.items()}
        declared = {code for column in columns for code in labels if column.declares_missing(code)}
        targets |= {code: targets[code] or "no_answer" for code in declared}
        unsure = decide_unsure(columns, targets)
        counts = sum((column.counts for column in columns), Counter[str]())
        same = {} if columns[0].is_labelled else pair_languages(labels, counts)
        figures = {code: label for code, label in labels.items() if targets[code] not in NO_FIGURE and code not in same}
        told = [label for label in figures.values() if not SIGNS["off_scale"].search(label)] or list(figures.values())
        sides = find_sides(figures, ordered=not unsorted)
        # Without sides, nobody knows with what people agree: "agree with 1" and "agree with 2" are no one answer.
        agree = bool(sides) and all(len(side.answers) == 1 for side in sides)
        agree = agree and all("agree" in label.lower() or UNDECIDED.search(label) for label in told)
        names = Names()
        nets = {names.give(side.name, side.role): side for side in sides if len(side.answers) > 1}
        for code, label in figures.items():
            if agree:
                targets[code] = next((side for side, words in SIDES.items() if words.search(label)), "neither")
            else:
                targets[code] = names.give(label, f"answer {code}")
        targets |= {code: targets[first] for code, first in same.items()}
        answers = {} if agree else {targets[code]: label for code, label in figures.items()}
        answers |= {net: side.label for net, side in nets.items()}
        roles = {} if agree else {side.role: targets[side.answers[0]] for side in sides}
        roles |= {side.role: net for net, side in nets.items()}
        lost, rest = self._sort_unnamed(columns, title)
        collapse: dict[str, list[object]] = {}
        for code, target in (targets | dict.fromkeys(rest, "other")).items():
            collapse.setdefault(target, []).append(plain_code(code))
        ids = self._name_items(items)
        kind = "scale"
        if not agree:
            kind = self.kind_names.give(
                (*answers.items(), *sorted(roles.items())), f"{told[0]} to {told[-1]}", columns[0].name
            )
        counted = [f"“{side.label}” counts {len(side.answers)} answers, by their words" for side in nets.values()]
        why = "; ".join([f"{why}, counted together as agree and disagree" if agree else why, *counted])
        other = {code: one for code, one in same.items() if labels[code] != labels[one]}
        self.doubts += [f"“{title}”: “{labels[code]}” counts as “{labels[one]}”" for code, one in other.items()]
        if unsorted:
            self.doubts.append(f"“{title}”: the file doesn't tell the order of the answers; set it in responses.csv")
        self._add(
            columns, title, kind, {ids[name]: label for name, label in items.items()},
            {"encoding": "scale", **place_columns(columns, ids), "collapse": collapse, **lost, **unsure}, why,
            answers=answers, roles=roles,
            nets={net: tuple(targets[answer] for answer in side.answers) for net, side in nets.items()}, **parts,
        )  # fmt: skip


def tell_finished(column: DraftColumn) -> str:
    """Return how many finished or only tested, by a column in which a platform noted it; "" where all are alike."""
    texts = (column.name.rpartition("/")[2], column.text)
    if not any(map(SIGNS["finished"].fullmatch, texts)) or not explain_left_out(column) or not column.counts:
        return ""
    counts = [(column.labels.get(code, code), people) for code, people in column.counts.most_common()]
    if len(counts) > MOST_STATES:
        counts = [("something", column.counts.total())]
    counts += [("nothing", len(column.values) - column.counts.total())]
    told = [f"{people:,} have {text}" for text, people in counts if people]
    return f"in {column.name} {', '.join(told)}" if len(told) > 1 else ""


def split_texts(columns: Sequence[DraftColumn]) -> tuple[str, dict[str, str]]:
    """Return what the labels of columns share, and what each says besides, by its name.

    Programs cut long labels short: columns that nothing else tells apart have their names behind the labels.
    """
    title, labels = split_labels({column.name: column.text for column in columns})
    # SurveyMonkey writes the question and the option into cells of their own.
    asked = {column.name.removesuffix(plain_text(column.label)) for column in columns if column.label}
    if len(asked) == 1 and (question := asked.pop()).endswith(": "):
        title = question.removesuffix(": ")
    times = Counter(labels.values())
    return title, {name: f"{text} ({name})" if times[text] > 1 else text for name, text in labels.items()}


def cut_where_repeated(columns: Sequence[DraftColumn], *, at_other: bool = False) -> Iterator[list[DraftColumn]]:
    """Yield columns in parts in which no label stands twice, or that end with the box "other".

    A label that comes again begins the same question to others, or another list.
    """
    part: list[DraftColumn] = []
    for column in columns:
        if column.text in [one.text for one in part] or (at_other and part and is_box_other(part[-1])):
            yield part
            part = []
        part.append(column)
    yield part


def name_together(columns: Sequence[DraftColumn]) -> str:
    """Return what all names of several columns begin with; "" where they share nothing, or labels stand in their place.

    A file with labels calls its columns by codes: "T_p9_1".
    """
    stems = {column.stem for column in columns if not column.label}
    if stems == {""} and begin_alike(columns):
        texts = [column.text.split() for column in columns]
        return " ".join(texts[0][: count_same(texts)])
    return stems.pop().strip(f"{MARKS}_./([]") if len(stems) == 1 else ""


def share_words(labels: Mapping[str, str]) -> str:
    """Return the words with which all labels begin, or end too, with dots for what is each one's own; "" for few."""
    texts = [label.split() for label in labels.values()]
    first = count_same(texts)
    last = count_same([words[first:][::-1] for words in texts])
    if not first or first + last < FEWEST_SHARED or len(texts) < TOGETHER:
        return ""
    return " ".join([*texts[0][:first], "…", *texts[0][len(texts[0]) - last :]])


def count_same(texts: Sequence[Sequence[str]]) -> int:
    """Return how many words several texts begin with alike."""
    return sum(1 for _ in takewhile(lambda words: len(set(words)) == 1, zip(*texts, strict=False)))


def name_first(labels: Mapping[str, str]) -> str:
    """Return what stands for a question that no label tells: its first item."""
    return f"{next(iter(labels.values())).rstrip('.')} (and {count(len(labels) - 1)} more)"


def quote_ours(wording: str) -> dict[str, str]:
    """Return the wording of a question that no label tells, which isn't quoted; nothing where a label does."""
    return {"wording": wording, "wording_source": OUR_WORDS} if wording else {}


def name_ticks(column: DraftColumn) -> str:
    """Return what the name of a column that is ticked or not shares with those of its question: "uses_" of uses_bus."""
    spread = re.fullmatch(r"([A-Za-z]\w*_)[A-Za-z]+", column.name) if not column.stem and not column.label else None
    return spread[1] if spread else column.stem


def is_written_other(column: DraftColumn, columns: Sequence[DraftColumn]) -> bool:
    """Return whether a column holds what people wrote beside the ticks of others: the one box "other" of a list."""
    first = columns[0]
    is_asked = column.clause == first.clause or column.text.startswith(first.clause)
    is_near = column.stem == first.stem != "" or (first.clause != "" and is_asked)
    if not is_near or column in columns or column.name.upper().endswith("_TEXT"):
        return False
    return is_box_other(column) or is_box(column)


def is_box_other(column: DraftColumn) -> bool:
    """Return whether a column is called "other" and holds what people wrote."""
    item = ITEM_FIRST.fullmatch(column.text) or re.fullmatch(r".*\[(.+)\]", column.name)
    return not column.labels and match_else(item[1] if item else column.text) == "other"


def tells_other(column: DraftColumn, other: DraftColumn) -> bool:
    """Return whether one of two columns follows from the other: the same thing in more answers and in fewer.

    Labels would tell.
    """
    if column is other or column.label or other.label:
        return False
    pairs = np.column_stack([column.places, other.places])
    pairs = pairs[(pairs >= 0).all(axis=1)]
    # Columns that tell different things show it among the first few people already.
    most = max(len(column.counts), len(other.counts))
    if len(pairs) < FEW_PEOPLE or count_rows(pairs[:FIRST_PEOPLE]) > most:
        return False
    different = [len(np.unique(side)) for side in pairs.T]
    return min(different) > 1 and count_rows(pairs) == max(different)


def repeats_answers(columns: Sequence[DraftColumn]) -> bool:
    """Return whether people gave one answer in several columns, as they do to statements; no list is chosen so from.

    Programs declare the columns of a grid as a set too. Other and none may be said twice.
    """
    labels = {code: label for column in columns for code, label in column.labels.items()}
    plain = {code: at for at, (code, label) in enumerate(labels.items()) if not match_listed(label, several=True)}
    found = np.full((len(columns[0].values), len(columns)), -1)
    for at, column in enumerate(columns):
        values = pd.unique(column.values.replace("", None).dropna())
        codes = pd.Series([plain.get(code_text(value), -1) for value in values], index=values, dtype=int)
        found[:, at] = column.values.map(codes).fillna(-1)
    several = np.sort(found[(found >= 0).sum(axis=1) > 1], axis=1)
    repeated = ((np.diff(several, axis=1) == 0) & (several[:, 1:] >= 0)).any(axis=1)
    return bool(repeated.mean() > SELDOM) if len(repeated) else False


def count_rows(pairs: np.ndarray) -> int:
    """Return how many different pairs of places there are."""
    return len(np.unique(pairs[:, 0].astype(np.int64) * (pairs[:, 1].max(initial=0) + 1) + pairs[:, 1]))


def holds_ranks(columns: Sequence[DraftColumn]) -> bool:
    """Return whether people put options in an order: each number from 1 up to no more than them, and none twice."""
    codes = {code for column in columns for code in column.codes}
    if (
        len(columns) < TOGETHER
        or not codes <= {str(rank) for rank in range(1, len(columns) + 1)}
        or len(codes) < TOGETHER
    ):
        return False
    ranks = list_given(columns).apply(pd.to_numeric).to_numpy(float)
    ranks = np.sort(ranks[(~np.isnan(ranks)).sum(axis=1) > 1], axis=1)
    return len(ranks) >= FEW_PEOPLE and not (np.diff(ranks, axis=1) == 0).any()


def group_alike(
    columns: Iterable[DraftColumn], find_key: Callable[[DraftColumn], tuple[Any, ...]]
) -> list[list[DraftColumn]]:
    """Return columns of one key together, in their order."""
    groups: dict[tuple[Any, ...], list[DraftColumn]] = {}
    for column in columns:
        groups.setdefault(find_key(column), []).append(column)
    return list(groups.values())


def find_top(column: DraftColumn) -> float:
    """Return the length of a scale whose highest number nobody may have given."""
    top = max(map(number_of_code, column.codes))
    return next((end for end in RATINGS if top <= end), top)


def cut_where_named(columns: list[DraftColumn]) -> list[list[DraftColumn]]:
    """Return columns without labels apart where the first word of their names changes, if that makes lists of each."""
    named = groupby(columns, lambda one: "" if one.label else one.text.split()[0])
    parts = [list(part) for _, part in named]
    return parts if all(len(part) >= TOGETHER and begin_alike(part) for part in parts) else [columns]


def begin_alike(columns: Sequence[DraftColumn]) -> bool:
    """Return whether the names of columns are of several words, the first of which is the same: needs_quiet."""
    texts = [column.text.split() for column in columns]
    return min(map(len, texts)) > 1 and count_same(texts) > 0 and not any(" " in column.name for column in columns)


def group_begun(columns: Sequence[DraftColumn]) -> list[list[DraftColumn]]:
    """Return columns together that begin with the same words, as many as `TOGETHER` of them share."""
    texts = {column: tuple(column.text.split()) for column in columns}
    times = Counter(words[:end] for words in texts.values() for end in range(LEAST_SHARED, len(words)))
    begun = {column: [words[:end] for end in range(len(words)) if times[words[:end]] >= TOGETHER]
             for column, words in texts.items()}  # fmt: skip
    return group_alike([column for column in columns if begun[column]], lambda one: begun[one][-1])


def holds_mentions(columns: Sequence[DraftColumn]) -> bool:
    """Return whether columns hold one answer of a list after another: later ones where there are earlier, none twice.

    Of statements many people give the same answer to two.
    """
    given = list_given(columns)
    several = given[given.notna().sum(axis=1) > 1]
    if len(several) < TOGETHER or len(columns[0].figures) < TOGETHER:
        return False
    in_order = ~(several.isna() & several.bfill(axis=1).notna()).any(axis=1)
    twice = several.stack().reset_index(level=0).duplicated().sum()
    return bool(in_order.mean() > MOST and twice <= len(several) * FEWEST_LISTS)


def ask_others(columns: Sequence[DraftColumn]) -> bool:
    """Return whether several columns have one label, and nobody has an answer in two of them."""
    is_alike = len(columns) > 1 and len({one.text for one in columns}) == 1
    return is_alike and bool((list_given(columns).notna().sum(axis=1) <= 1).all())


def cut_where_asked(columns: list[DraftColumn]) -> list[list[DraftColumn]]:
    """Return columns side by side apart where nobody has an answer in both: the same asked of men and of women.

    Not where one of the parts would be a column: each may have been asked about another thing.
    """
    given = list_given(columns).notna().to_numpy()
    ends = [end for end in range(1, len(columns)) if not (given[:, end - 1] & given[:, end]).any()]
    parts = [columns[start:end] for start, end in pairwise([0, *ends, len(columns)])]
    return parts if all(len(part) > 1 for part in parts) else [columns]


def list_given(columns: Iterable[DraftColumn]) -> pd.DataFrame:
    """Return the answers in columns, a row a person: their codes, and nothing for what is no answer."""
    codes = {one.name: one.values.map(code_text) for one in columns}
    return pd.DataFrame({one.name: codes[one.name].where(codes[one.name].isin(one.codes)) for one in columns})


def holds_ranking(column: DraftColumn) -> bool:
    """Return whether nearly all cells name the same options, in one order or another."""
    for mark in CELL_MARKS[:-1]:
        cells = {cell: sorted(filter(None, map(str.strip, cell.split(mark.strip())))) for cell in column.counts}
        same = Counter[tuple[str, ...]]()
        for cell, pieces in cells.items():
            same[tuple(pieces)] += column.counts[cell]
        options, people = max(same.items(), key=lambda pair: pair[1], default=((), 0))
        orders = sum(tuple(pieces) == options for pieces in cells.values())
        if len(options) >= TOGETHER <= orders and people >= MOSTLY * column.counts.total():
            return True
    return False


def is_box(column: DraftColumn) -> bool:
    """Return whether a column has "not selected" where people wrote nothing, and what they wrote elsewhere."""
    is_empty = bool(column.labels) and all(map(SIGNS["not_selected"].fullmatch, column.labels.values()))
    return is_empty and len(column.codes) > 1


def place_columns(columns: Sequence[DraftColumn], items: Mapping[str, str]) -> dict[str, Any]:
    """Return where a question stands, as ``wave.yml`` has it: in its column, or in one for each item."""
    return {"column": columns[0].name} if len(columns) == 1 else {"columns": items}


def state_missing(codes: set[str]) -> dict[str, Any]:
    """Return the rule for codes that are no answer; nothing where there are none."""
    return {"missing": sorted(map(plain_code, codes), key=str)} if codes else {}


def decide_unsure(columns: Sequence[DraftColumn], targets: Mapping[str, str]) -> dict[str, str]:
    """Return the rule for "don't know": out of the base where the file itself declares the code missing."""
    codes = [code for code, target in targets.items() if target == "dont_know"]
    out = all(any(column.declares_missing(code) for column in columns) for code in codes)
    return {"dont_know": "out" if out else "in"} if codes else {}
