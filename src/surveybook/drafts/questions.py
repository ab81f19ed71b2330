"""What a file of respondents asks, drafted from its names and labels alone: questions, items, answers, and why."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import chain
from operator import attrgetter
from pathlib import Path

import pandas as pd

from surveybook.drafts.cells import find_mark, holds_ranking, split_cells
from surveybook.drafts.column_reading import (
    has_worded_answers,
    label_texts,
    least_shared,
    mean_nothing_below,
    read_columns,
    tidy_text,
)
from surveybook.drafts.columns import (
    BARE_CODE,
    YES_OR_NO,
    DraftColumn,
    explain_left_out,
    explain_no_question,
    group_alike,
    is_number,
    keep_most,
)
from surveybook.drafts.doubtful_answers import doubt_below
from surveybook.drafts.labels import MARKS, MOST_ORDERED, SIGNS, match_answer, match_else, strip_marks
from surveybook.drafts.number_columns import is_small, read_number_column
from surveybook.drafts.questionnaires import SEVERAL, Entry, Questionnaire, lay_over
from surveybook.drafts.records import LABEL, Draft, DraftQuestion, tell_people
from surveybook.drafts.related_columns import (
    TOGETHER,
    ask_others,
    begin_alike,
    cut_where_asked,
    cut_where_named,
    cut_where_numbered,
    cut_where_repeated,
    find_bare_lists,
    find_copies,
    find_rows,
    find_sections,
    find_top,
    find_written,
    group_begun,
    group_columns,
    holds_mentions,
    holds_ranks,
    is_written_other,
    name_ticks,
    part_repeated,
    repeats_answers,
    split_runs,
    split_texts,
    tells_other,
)
from surveybook.drafts.roles import choose_groupings, doubt_weightless, find_exceptions, find_groups, find_roles
from surveybook.drafts.rules import DECLARED, QuestionMaker
from surveybook.drafts.second_look import doubt_pooled, doubt_unfinished, look_again
from surveybook.model.codebook import Codebook
from surveybook.model.kinds import KINDS, Kind
from surveybook.model.problems import DataError, Problem
from surveybook.model.wording import list_first, listing, sentence
from surveybook.respondents.codes import read_label
from surveybook.respondents.columns import Columns
from surveybook.respondents.encoding import encode_question
from surveybook.respondents.files import Respondents
from surveybook.respondents.mapping import PopulationMapping, PopulationRules, QuestionMapping

# What pandas puts behind the name of all columns of one name but the first.
NUMBER_BEHIND = re.compile(r"(\.?\d+)?")


def draft_questions(
    source: Respondents,
    questionnaire: Questionnaire | None = None,
    codebook: Codebook | None = None,
    sift: Callable[[Sequence[DraftQuestion]], Sequence[DraftQuestion]] = lambda questions: questions,
) -> Draft:
    """Return what a file of respondents asks, each question as it was tried on the file.

    Parameters
    ----------
    source : Respondents
        The file, or a sample of it.
    questionnaire : Questionnaire, optional
        What the columns of a file without labels mean.
    codebook : Codebook, optional
        What a report has already: ids that are taken, and kinds of question. Then the file is of columns that a wave
        brings: it is no error if nothing is drafted, and nothing is asked of the file as a whole.
    sift : callable, optional
        What takes the questions that a report has already out of those of the file, before these are looked at again.

    Raises
    ------
    DataError
        When the questionnaire is of another file, or no column is a question with answers to choose from.
    """
    drafter = Drafter(source, questionnaire, codebook)
    place = {column: at for at, column in enumerate(source.frame.columns)}
    drafted = sorted(drafter.made.drafted, key=lambda pair: min(place[column] for column in pair[1]))
    tried_questions, left_out, doubts = list[DraftQuestion](), dict(drafter.made.left_out), list[str]()
    for one, columns in drafted:
        tried, told, people = try_question(drafter.source, one)
        if tried is None:
            left_out |= dict.fromkeys(columns, told)
            continue
        tried_questions.append(tried)
        if told:
            drafter.made.note(told, one.title, people)
    questions = sift(tried_questions)
    if not questions and codebook is None:
        expected = (
            "give a file with value labels, or with answers that many people share, or a --questionnaire; of a table of"
            " shares write one a row, under question, response, percent and, of groups, group"
        )
        raise DataError("The file", [Problem(source.name, "no column is a question with answers", expected)])
    exceptions = find_exceptions(source, drafter.design)
    if codebook is None:
        doubts = [*drafter.doubts, *doubts, *(doubt for _, doubt in exceptions.values())]
        doubts += doubt_weightless(source, drafter.design.get("weight"), questions)
    if source.rows:
        doubts.insert(0, f"The draft rests on {len(source.frame):,} of {source.rows:,} respondents, a sample")
    groups, more = choose_groupings(drafter.source, drafter.groups, questions)
    rules = {name: rule for name, (rule, _) in exceptions.items()}
    draft = Draft(drafter.source, drafter.columns, drafter.design, groups, tuple(questions), left_out,
                  fieldwork=drafter.fieldwork, exceptions=rules)  # fmt: skip
    doubts += [f"{listing(titles)}: {about}" for about, titles in drafter.made.notes.items()]
    return replace(draft, doubts=(*doubts, *more, *look_again(draft)))


def try_question(source: Respondents, one: DraftQuestion) -> tuple[DraftQuestion | None, str, str]:
    """Return a question as the file bears it, and what whoever knows the survey has to decide.

    Returns
    -------
    tuple of DraftQuestion, str, str
        The question, where some gave too many answers with the rule that leaves them out, what is said of that and how
        many they are; None with the reason where its answers can't be read. Texts are empty where nothing is said.
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
    are_mentions = one.rules.get("encoding") == "choices"
    if are_mentions and excess * 2 > encoded.answered.sum():
        return None, f"{excess:,} people would have given too many answers, or one of them twice", ""
    if excess:
        problems = [problem for problem in problems if "gave too many answers" not in problem.found]
    if problems:
        return None, problems[0].found, ""
    if not excess:
        return one, "", ""
    # Who names nothing more after a first answer says "none" in place of a second.
    told = "“none” beside others"
    if are_mentions:
        told = f"{told}, or one answer twice"
    elif most < float("inf"):
        told = f"more than {one.max_choices}, or {told}"
    rule, what = ("keep", "stay in") if are_mentions else ("exclude", "are left out of")
    tried = replace(one, rules={**one.rules, "excess": rule})
    return tried, f"some ticked {told}; they {what} its base (excess)", tell_people(excess)


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
    doubts : list of str
        What has to be decided of the file as a whole, as sentences.
    made : QuestionMaker
        The questions, what was left out, and what has to be decided of them.
    """

    def __init__(self, source: Respondents, questionnaire: Questionnaire | None, codebook: Codebook | None) -> None:
        asked, doubts, told_by = dict[str, Entry](), list[str](), LABEL
        if questionnaire:
            source, asked, doubts = lay_over(source, questionnaire)
            told_by = f"the questionnaire {Path(questionnaire.name).name}"
        if source.encoding:
            doubts.append(f"The file isn't UTF-8 and was read as {source.encoding}: are its accents right?")
        doubts += [f"The sheet {one} of what people have several of isn't read" for one in source.repeats]
        self.source, self.columns = source, read_columns(source, asked)
        self.sections = find_sections(self.columns)
        doubts += doubt_pooled(self.columns)
        doubts += doubt_below(self.columns) if mean_nothing_below(source) else []
        doubts += [
            f"“{column.text}”: 1 counts as yes and 0 as no, which no label says"
            for column in self.columns
            if column.labels is YES_OR_NO
        ]
        roles = find_roles(self.columns)
        self.design, self.fieldwork = roles.design, roles.fieldwork
        doubts += roles.doubts
        self.made = QuestionMaker(told_by, codebook)
        others = [column for column in self.columns if column.name not in self.design.values()]
        for column in others:
            if why := roles.spare.get(column.name) or explain_left_out(column):
                self.made.leave_out([column], why)
        copies = find_copies(one for one in others if one.name not in self.made.left_out)
        for column, first in copies.items():
            self.made.leave_out([column], f"the same answers as in {first.name}")
        doubts += doubt_unfinished(others)
        self.doubts = doubts
        kept = [column for column in others if column.name not in self.made.left_out]
        ticks = Counter(one.stem for one in kept if one.stem.endswith("/") and {*one.codes} <= set(YES_OR_NO))
        plain = [one for one in kept if not (one.is_labelled or pd.api.types.is_numeric_dtype(one.values))]
        self.cells = {one: found for one in plain if (found := find_answers_in_cells(one, least_shared(source)))[0]}
        self.groups = find_groups([one for one in kept if one not in self.cells and ticks[one.stem] < 2])
        if any("ranges" in rules for rules in self.groups.values()):
            doubts.append("Are these the bands of age that you publish? They are ours: change ranges of age")
        written = find_written(self.free, self.columns)
        self.made.leave_out(written, "what people wrote beside the answers of another column")
        derived = [column for column in self.free if SIGNS["derived"].search(column.label)]
        self.made.leave_out(derived, "its label says that it was made from another column")
        self._draft_cells()
        self._leave_out_ranks()
        self._draft_sets()
        self._draft_mentions()
        self._draft_batteries()
        self._draft_numbers()
        self._draft_columns()

    @property
    def free(self) -> list[DraftColumn]:
        """The columns that may be questions and are in none yet."""
        grouped = {str(rules["column"]) for rules in self.groups.values()}
        drafted = chain.from_iterable(columns for _, columns in self.made.drafted)
        taken = grouped.union(self.made.left_out, drafted, self.design.values())
        return [column for column in self.columns if column.name not in taken]

    def _group(
        self, columns: Sequence[DraftColumn], find_name: Callable[[DraftColumn], str] = attrgetter("stem")
    ) -> list[list[DraftColumn]]:
        """Return columns that are one question's, by their names or labels and their places; see `group_columns`."""
        return list(group_columns(columns, find_name, self.free, self.sections))

    def _draft_cells(self) -> None:
        """Add lists whose answers stand together in one cell."""
        named = [one for one in self.free if not NUMBER_BEHIND.fullmatch(one.name.removeprefix(one.stem.rstrip(".")))]
        parents = {one.stem.rstrip("/.") for one in named if one.stem.endswith(("/", "."))}
        cells = dict[DraftColumn, tuple[str, dict[str, str]]]()
        for column in [one for one in self.free if not one.is_labelled]:
            if pd.api.types.is_numeric_dtype(column.values):
                continue
            if column.name in parents:
                self.made.leave_out([column], "the same answers stand in a column each")
                continue
            if holds_ranking(column.counts, column.lists):
                self.made.leave_out([column], "a ranking in a cell, which no kind of question here holds")
                continue
            mark, options = self.cells.get(column, ("", {}))
            are_names = any(not (BARE_CODE.fullmatch(one) or match_answer(one)) for one in options)
            if options and (column.asked or are_names):
                cells[column] = mark, options
        rows = find_rows(self.free, cells)
        for column, (mark, options) in (cells | rows).items():
            rules = {"encoding": "delimited", "separator": mark}
            asked = SIGNS["question_number"].sub("", column.clause)
            title = f"{strip_marks(column.text.removeprefix(column.clause))}: {asked}".strip()
            title = title if column in rows else column.text
            self.made.add_list([column], title, "multiple", options, rules, "several answers in a cell")

    def _leave_out_ranks(self) -> None:
        """Leave out ranks that people gave options, and options by rank: most people gave one none, or each has all."""
        for columns in self._group([column for column in self.free if len(column.codes) > 1]):
            if holds_ranks(columns):
                self.made.leave_out(columns, "ranks of options, which no kind of question here holds")

    def _draft_sets(self) -> None:
        """Add lists with a column an option: declared sets, and ticked columns that share a name or a question."""
        times = Counter(label for _, _, label in self.source.sets)
        for members, counted, named in self.source.sets:
            # A loop over several things has one label for all: the columns tell of which each is.
            label = named if times[named] == 1 else ""
            free = {column.name: column for column in self.free}
            # A mention that nobody has is none.
            columns = [free[name] for name in members if name in free and (counted or free[name].codes)]
            if len(columns) < 2:
                continue
            if not counted and repeats_answers(columns):
                self.made.add_battery(columns, tidy_text(label))
            else:
                add = self.made.add_options if counted else self.made.add_choices
                add(columns, DECLARED, tidy_text(label))
        ticked = [column for column in self.free if column.is_ticked]
        # "uses_app" led to uses_app_maps and the like, and is none of them.
        starts = Counter(one.name[: found.start()] for one in ticked for found in re.finditer("_", one.name))
        ticked = [one for one in ticked if one.label or starts[one.name] < 2]
        names = name_ticks([one for one in ticked if "_" in one.name and not (one.stem or one.label)])
        grouped = self._group(ticked, lambda one: names.get(one, "" if one.repeats_name else one.stem))
        for columns in chain.from_iterable(map(part_repeated, grouped)):
            known = any(match_else(column.text) == "other" for column in columns)
            others = [column for column in self.free if not known and is_written_other(column, columns)]
            self.made.add_options([*columns, *others[:1]], "columns that share a name or a question, ticked or not")
        for columns in [*find_bare_lists(self.columns, self.free)]:
            self.made.add_options(columns, "columns side by side that hold their own names")
            self.made.note("no question stands over these options; are they one list?",
                           f"{columns[0].text}” to “{columns[-1].text}")  # fmt: skip

    def _draft_mentions(self) -> None:
        """Add lists whose columns hold one answer after another: "first", "second"; some have codes of their own."""
        told = [one for one in self.free if counts_mention(one.text) and len(one.figures) > 1 and not one.is_scale]
        for columns in self._group(told):
            title, labels = split_texts(columns)
            named = {(code, label) for column in columns for code, label in column.labels.items()}
            is_told = not any(one.is_number or one.lacks_labels for one in columns)
            asked = {take_place_off(one.text) for one in columns}
            # Who was named in both rounds of a vote was chosen twice, and from no list.
            is_told &= len(asked) == 1 or bool(title) or not repeats_answers(columns)
            if is_told and len(named) == len(dict(named)) and all(map(counts_mention, labels.values())):
                title = title or (asked.pop() if len(asked) == 1 else "")
                self.made.add_choices(columns, f"{len(columns)} columns of mentions of one list", title.rstrip("_"))
        listed = [one for one in self.free if one.stem and len(one.figures) >= TOGETHER]
        for columns in group_alike(listed, lambda one: (one.stem, take_place_off(one.text), *one.figures.items())):
            given = [column for column in columns if column.codes]
            if holds_mentions(given):
                title = take_place_off(given[0].text)
                self.made.add_choices(given, f"{len(given)} columns of one question, an answer in each", title)
            elif ask_others(given):
                who = list_first([one.name for one in given])
                self.made.note("is it one question, which columns ask of other people each?", given[0].text, who)

    def _draft_batteries(self) -> None:
        """Add statements with the same answers, each a column; of texts, the longest list that holds them.

        The rows of one grid have one list, though among few people no row may have all of it.
        """
        bare = [column for column in self.free if not column.is_labelled]
        grids = group_alike(bare, lambda one: (one.is_scale and one.clause) or one)
        rows = [[frozenset(column.figures) for column in grid] for grid in grids]
        texts = dict.fromkeys(
            chain.from_iterable([frozenset.union(*own)] if frozenset.intersection(*own) else own for own in rows)
        )
        lists, found = sorted(texts, key=len, reverse=True), dict[object, list[DraftColumn]]()
        for column in [one for one in self.free if one.codes and len(one.figures) > 1]:
            if column.is_number or column.lacks_labels:
                continue
            own = frozenset(column.figures)
            longest = next((listed for listed in lists if own <= listed and 2 * len(own) >= len(listed)), own)
            key = tuple(column.figures.items()) if column.is_labelled else longest
            found.setdefault(key, []).append(column)
        for columns in found.values():
            labels = columns[0].figures.values()
            if len(labels) > MOST_ORDERED and sum(map(is_number, labels)) * 2 <= len(labels):
                continue  # the same long list in several questions, such as parties
            for members in self._group(columns):
                bare = [one for one in members if not one.label]
                apart = [one for one in members if one.label or not any(tells_other(one, other) for other in bare)]
                if len(apart) > 1 and not ask_others(apart) and not holds_mentions(apart):
                    for part in cut_where_asked(apart):
                        self.made.add_battery(part)
            free = self.free
            left = [column for column in columns if column in free]
            runs: Iterable[list[DraftColumn]] = split_runs(left, free) if left else ()
            for cut in (cut_where_numbered, cut_where_repeated, cut_where_named, cut_where_asked):
                runs = chain.from_iterable(map(cut, runs))
            for run in runs:
                is_list = run[0].is_scale or run[0].is_labelled or begin_alike(run)
                if len(run) >= TOGETHER <= len(run[0].figures) and is_list and not holds_mentions(run):
                    self.made.add_battery(run)

    def _draft_numbers(self) -> None:
        """Add what people answered with a number; columns of one question with the same unit are its items.

        A question is told by a name or a clause that its columns share, by words that they begin with, or by standing
        side by side as ratings of one length on a form. Where choices are words, small numbers in a grid are no codes.
        """
        found = {column: told for column in self.free if (told := read_number_column(column))}
        are_words = has_worded_answers(self.source)
        several = [column for column in self.free if len(column.codes) > 1]
        bare = [column for column in several if all(map(is_number, column.codes)) and not column.worded]
        plain = [column for column in self.free if column in found or column in bare]
        # Nobody may have given the lowest number of a scale that others beside it have.
        rated = [one for one in plain if one.is_of_form and is_small(one) and len(one.codes) > 2]
        for run in (*self._group(plain), *(split_runs(rated, self.free) if rated else ())):
            is_grid = are_words and len(run) >= TOGETHER and all(map(is_small, run))
            if is_grid or sum(column in found for column in run) * 2 > len(run):
                more = {column: read_number_column(column, are_numbers=True) for column in run if column not in found}
                found |= {column: told for column, told in more.items() if told}
        together = list[list[DraftColumn]]()
        for columns in group_alike(found, lambda one: (found[one].unit, *list_worded_ends(one))):
            together += self._group(columns)
        for by_words in (True, False):
            left = [one for one in found if found[one].is_rating and one not in chain.from_iterable(together)]
            # What asks by itself is no item of a question that the file doesn't tell; who knows what names stand for?
            left = [one for one in left if by_words or (one.is_of_form and not one.text.endswith("?"))]
            for columns in group_alike(left, lambda one: (found[one].unit, find_top(one), *list_worded_ends(one))):
                runs = group_begun(columns) if by_words else split_runs(columns, self.free)
                together += [run for run in chain.from_iterable(map(cut_where_repeated, runs)) if len(run) >= TOGETHER]
        alone = [[column] for column in found if column not in chain.from_iterable(together)]
        for columns in (*together, *alone):
            self.made.add_numbers(columns, [found[column] for column in columns])

    def _draft_columns(self) -> None:
        """Add what stands in a column of its own."""
        times = Counter(column.text for column in self.columns)
        for column in self.free:
            is_listed = len(keep_most(column.figures, column.counts)) > 1 and len(column.codes) > 1
            is_written = not column.is_labelled and not column.is_numeric and match_else(column.text) == "other"
            is_named = column.label not in ("", column.name) or not all(map(is_number, column.figures.values()))
            if is_written or not is_listed or not is_named or column.is_number or column.lacks_labels:
                self.made.left_out[column.name] = explain_no_question(column)
                continue
            title = f"{column.question}: {column.text}" if column.question else column.text
            if column.clause.isupper() and column.clause.strip(MARKS) in self.sections:
                title = title.removeprefix(column.clause)  # "PRE: ", which says when it was asked
            if times[column.text] > 1:
                title = f"{title} ({column.name.removeprefix(column.text).strip(f'{MARKS}().') or column.name})"
            if column.is_scale:
                statement = {column.name: strip_marks(read_label(column.text)[-1])}
                self.made.add_statements([column], title, statement, "a column whose answers have an order")
            else:
                rules = {"encoding": "single"}
                self.made.add_list([column], title, "single", column.labels, rules, "a column of labelled codes")


def find_answers_in_cells(column: DraftColumn, least: int) -> tuple[str, dict[str, str]]:
    """Return what stands between several answers in the cells of a column, and the answers; "" where nothing does.

    Parameters
    ----------
    column : DraftColumn
        A column of texts, or of lists.
    least : int
        How many people have to share an answer that no questionnaire tells.
    """
    asked, given = column.asked, Counter[str]()
    if column.lists:
        for cell, people in column.lists.items():
            given.update(dict.fromkeys(cell, people))
        return "\n", label_texts(given, least)
    if asked and asked.kind == SEVERAL:
        return find_mark(column.counts, asked.answers), dict(asked.answers)
    given.update({cell: people for cell, people in column.counts.items() if cell not in column.strays})
    return split_cells(given, least)


def list_worded_ends(column: DraftColumn) -> list[str]:
    """Return what the labels call the numbers of a rating: of other ends it is another one."""
    return [label for code, label in column.figures.items() if code in column.worded] if column.names_ends else []


def counts_mention(text: str) -> bool:
    """Return whether a label tells which of several answers to one question its column holds."""
    return bool(SIGNS["mention"].search(text) or SIGNS["ordinal"].search(text))


def take_place_off(text: str) -> str:
    """Return what a column asks without the word that counts it: "First problem"."""
    rest = " ".join(SIGNS["ordinal"].sub("", text).split())
    return sentence(rest.strip(f"{MARKS}(),.")) or text
