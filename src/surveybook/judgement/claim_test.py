"""What every test of a claim is, and the evidence that it is judged by: one wave's figures, and comparisons of them.

A test is written as a mapping of plain values with a ``kind``. Each kind is a class, and the types of its fields say
what each may hold. Nothing in a test is evaluated, and a field that isn't known is a problem with a place.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from math import isnan
from typing import Annotated, Any, ClassVar

import pandas as pd
from pydantic import AfterValidator, Field, ValidationInfo

from surveybook.model.codebook import Codebook
from surveybook.model.problems import Settings
from surveybook.model.survey import KEY, Survey, find_key_fault
from surveybook.model.wording import band, in_sentence, listing, number, per_cent, round_number, sentence, span
from surveybook.stats.comparison import Compare, choose_test, compare_printed
from surveybook.stats.shares import Difference, survives_rounding
from surveybook.words.naming import among, people

CONTRADICTED = "contradicted"
NOT_CHECKABLE = "not checkable"
WITHIN_ERROR = "within sampling error"
BY_ROUNDING = "supported by rounding"
SUPPORTED = "supported"
WORST_FIRST = (CONTRADICTED, NOT_CHECKABLE, WITHIN_ERROR, BY_ROUNDING, SUPPORTED)
VERDICTS = (SUPPORTED, BY_ROUNDING, WITHIN_ERROR, CONTRADICTED, NOT_CHECKABLE)
HOLDS = (SUPPORTED, BY_ROUNDING)
# A verdict has room beside it for one figure, or for two that are held against each other.
MOST_MEASURED = 2
Rule = Callable[[Difference], str]
NAMED_IN_FULL = 2
SMALL_P = 0.001
AGREEMENT_MARGIN = 0.05
# The decimals of a limit of what words allow, which nobody rounded.
FINE = 4
# A row of a wave's estimates with what claims need besides: its ``key``; the ``name`` of its item and, where the
# response isn't the headline of its kind (``is_headline``), of the ``answer``; ``who`` gave it, and the same as it
# stands after what they answered, ``among``; and the number as it is ``printed``, in exact per cent, None where there
# is none.
Figure = Any


@dataclass(frozen=True)
class Judgement:
    """The outcome of a test.

    Attributes
    ----------
    verdict : str
        One of `VERDICTS`.
    secure : bool or None
        Whether what the verdict says holds statistically: the interval of the difference excludes 0, or the
        interval of the share lies wholly on the side that the verdict puts it. Never for a verdict within
        sampling error; None where no sampling is involved or no interval is known.
    survives_rounding : bool or None
        Whether the verdict would be the same, or hold equally, for all shares that print as these do.
    reason : str
        One sentence with the figures and the statistic.
    figures : tuple of str
        Ids of the figures that were used.
    """

    verdict: str
    secure: bool | None = None
    survives_rounding: bool | None = None
    reason: str = ""
    figures: tuple[str, ...] = ()


def describe_share(figure: Any) -> str:
    """Return a figure's number as printed."""
    return per_cent(figure.share, 0 if isnan(figure.decimals) else int(figure.decimals))


@dataclass(frozen=True)
class Contrast:
    """The difference between two figures with numbers, or None where the two can't be tested against each other."""

    first: Figure
    second: Figure
    difference: Difference | None
    compare: Compare | None
    survivals: dict[tuple[Rule, str], bool] = field(default_factory=dict)

    @property
    def ids(self) -> tuple[str, str]:
        """The ids of both figures."""
        return self.first.figure_id, self.second.figure_id

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval of the difference excludes 0."""
        return self.difference is not None and self.difference.excludes_zero

    def survives(self, rule: Rule, verdict: str) -> bool:
        """Return whether a rule gives the same verdict at all shares that print as these do."""
        compare, kept = self.compare, (rule, verdict)
        if compare is None:
            return False
        if kept not in self.survivals:
            self.survivals[kept] = survives_rounding(
                lambda shares: rule(compare(float(shares[0]), float(shares[1]))) == verdict,
                [self.first.share, self.second.share],
                [self.first.decimals, self.second.decimals],
            )
        return self.survivals[kept]

    def describe(self) -> str:
        """Return the two figures beside each other, with their difference, its interval and p-value, as a sentence."""
        one, other = self.first, self.second
        share, against = describe_share(one), describe_share(other)
        if one.item_id == other.item_id and one.response == other.response:
            both = f"“{one.name}”: {share} of {one.who} against {against} of {other.who}"
        elif one.item_id == other.item_id and one.who == other.who:
            name = one.name.partition(",")[0]
            both = f"“{name}” {one.among}: {share} {one.answer} against {against} {other.answer}"
        elif one.who == other.who:
            both = f"{sentence(one.among)}, {share} for “{one.name}” against {against} for “{other.name}”"
        else:
            both = f"{share} of {one.who} for “{one.name}” against {against} of {other.who} for “{other.name}”"
        gap = abs(one.printed - other.printed)
        size = "no difference" if gap == 0 else f"a difference of {format_exact_points(gap)}"
        if self.difference is None:
            return f"{both}: {size}, which can't be tested."
        if self.difference.low == self.difference.high:
            return f"{both}: {size}, exactly, for everybody was asked."
        tested = f"({describe_interval(self.difference)}), {describe_p_value(self.difference.p_value)}"
        return f"{both}: {size} {tested}."

    def report_untestable(self) -> Judgement:
        """Return that the two numbers can't be held against each other, and why."""
        unknown = sum(pd.isna(figure.effective_base) for figure in (self.first, self.second))
        overlapping = self.first.population == self.second.population
        apart = "the one is part of the other" if overlapping else "the two populations were asked different things"
        why = (apart, "a base is unknown", "their bases are unknown")[unknown]
        return Judgement(NOT_CHECKABLE, reason=f"{self.describe()[:-1]}: {why}.", figures=self.ids)


@dataclass(frozen=True)
class Evidence:
    """A wave's figures by key, with the contrasts worked out so far.

    Each contrast is used by several claims, and judging is several times faster when none is made twice.
    """

    survey: Survey
    figures: dict[str, Figure]
    contrasts: dict[tuple[str, str], Contrast] = field(default_factory=dict)

    def contrast(self, first: Figure, second: Figure) -> Contrast:
        """Return the difference between two figures of the wave."""
        pair = (first.key, second.key)
        if pair not in self.contrasts:
            numbers = first.printed is not None and second.printed is not None
            test = choose_test(self.survey, first, second) if numbers else None
            difference = compare_printed(test, first, second) if test else None
            self.contrasts[pair] = Contrast(first, second, difference, test)
        return self.contrasts[pair]

    def find_ends(self, figure: Figure | None) -> tuple[Figure, ...]:
        """Return the figures that what is known of one allows: itself, or those at both ends of what its words allow.

        None where it is unpublished, or its words hold no number.
        """
        if figure is None or figure.printed is not None:
            return () if figure is None else (figure,)
        limits = band(self.survey.codebook, figure.verbal) if figure.status == "words" else None
        return tuple(
            figure._replace(share=end, printed=Fraction(f"{100 * end:.4f}"), decimals=FINE) for end in limits or ()
        )

    def rank_items(self, population: str, question: str) -> list[Figure]:
        """Return the figures that rank the items of a question in one population, largest share first."""
        found = [
            figure
            for figure in self.figures.values()
            if (figure.population, figure.domain, figure.question_id) == (population, "", question)
            and figure.is_headline
        ]
        return sorted(found, key=lambda figure: -(figure.printed if figure.printed is not None else 0))

    def report_lacks(self, keys: Iterable[str]) -> Judgement | None:
        """Return that figures are lacking that a test needs, the first two by name, and why; None where none is.

        Of several, the ids are given of those that the wave does list.
        """
        needed = list(dict.fromkeys(keys))
        lacks = [lack for key in needed if (lack := self._describe_lack(key))]
        if not lacks:
            return None
        more = [f"{len(lacks) - NAMED_IN_FULL} more"] if len(lacks) > NAMED_IN_FULL else []
        named = listing([*lacks[:NAMED_IN_FULL], *more])
        what = "a number" if len(lacks) == 1 else "numbers"
        listed = [self.figures[key].figure_id for key in needed if key in self.figures] if len(needed) > 1 else []
        reason = f"It needs {what} that this survey doesn't have: {named}."
        return Judgement(NOT_CHECKABLE, reason=reason, figures=tuple(dict.fromkeys(listed)))

    def report_unasked(self, question: str, *populations: str) -> Judgement:
        """Return that a test needs a question which this survey didn't ask, and of whom."""
        codebook = self.survey.codebook
        lacking = [who for who in populations if (who, question) not in self.survey.asked_rows] or populations
        title, who = codebook.questions.loc[question, "title"], listing(codebook.populations.loc[[*lacking], "people"])
        reason = f"It needs the question “{title}”, which this survey did not ask {who}: no item measures it."
        return Judgement(NOT_CHECKABLE, reason=reason)

    def _describe_lack(self, key: str) -> str:
        """Return the name of a figure without a number, and why it has none; nothing where it has one."""
        figure = self.figures.get(key)
        if figure is None:
            match = KEY.fullmatch(key)
            assert match  # keys were checked when the claims were read
            item = self.survey.codebook.items.loc[match["item"]]
            asked = (match["population"], item["question_id"]) in self.survey.asked_rows
            why = "no item measures it" if asked else "not asked, so no item measures it"
            return f"“{item['short_label']}” {among(self.survey, match['population'], match['domain'] or '')} ({why})"
        if figure.printed is not None:
            return ""
        why = f"given only as “{figure.verbal}”" if figure.status == "words" else "unpublished"
        return f"“{figure.name}” {figure.among} ({why})"


def gather_evidence(survey: Survey) -> Evidence:
    """Return a wave's figures, by key."""
    rows = survey.estimates
    kinds = [survey.codebook.kind_of(question) for question in rows["question_id"]]
    answers = [in_sentence(kind.labels.get(said, said)) for kind, said in zip(kinds, rows["response"], strict=True)]
    headline = [said == kind.headline for kind, said in zip(kinds, rows["response"], strict=True)]
    domains = rows["domain"].map(lambda domain: f"[{domain}]" if domain else "")
    parts = list(zip(rows["population"], rows["domain"], strict=True))
    names = {part: (people(survey, *part), among(survey, *part)) for part in set(parts)}
    table = rows.assign(
        key=rows["population"] + domains + "." + rows["item_id"] + "." + rows["response"],
        answer=answers,
        is_headline=headline,
        name=[
            label if alone else f"{label}, {answer}"
            for label, alone, answer in zip(rows["short_label"], headline, answers, strict=True)
        ],
        who=[names[part][0] for part in parts],
        among=[names[part][1] for part in parts],
        printed=[
            find_printed_percent(share, decimals) if status == "number" and pd.notna(share) else None
            for share, decimals, status in zip(rows["share"], rows["decimals"], rows["status"], strict=True)
        ],
    )
    return Evidence(survey, {row.key: row for row in table.itertuples()})


def find_printed_percent(share: float, decimals: float) -> Fraction:
    """Return a share (0-1) as the exact percentage that is printed; to ten decimals where nothing was rounded."""
    if pd.isna(decimals):
        return Fraction(f"{100 * share:.10f}")
    return Fraction(f"{round_number(100 * share, int(decimals)):.{int(decimals)}f}")


def format_exact(value: Fraction) -> str:
    """Return an exact number with at most one decimal: '15', '3.7'."""
    return number(float(value), 0 if value.denominator == 1 else 1)


def format_exact_points(value: Fraction) -> str:
    """Return an exact distance in percentage points, without its sign."""
    text = format_exact(abs(value))
    return f"{text} point{'' if text == '1' else 's'}"


def describe_p_value(p_value: float) -> str:
    """Return a p-value: 'p < 0.001', 'p = 0.36', with three decimals where two would hide its side of 0.01 or 0.05."""
    if p_value < SMALL_P:
        return "p < 0.001"
    return f"p = {p_value:.3f}" if p_value < 0.0095 or 0.045 <= p_value < 0.055 else f"p = {p_value:.2f}"


def describe_interval(difference: Difference) -> str:
    """Return the interval of a difference in points, larger share first.

    A bound that would print as one of the limits of a verdict, 0 or 5, gets a decimal, so that its side is seen.
    """
    low, high = difference.low, difference.high
    if difference.difference < 0:
        low, high = -high, -low
    limits = (0, AGREEMENT_MARGIN)
    decimals = 1 if any(abs(abs(bound) - limit) < 0.005 for bound in (low, high) for limit in limits) else 0
    return span(low, high, decimals)


def continue_sentence(text: str) -> str:
    """Return a sentence as it goes on after a colon; places of the report and quotations stay as they are."""
    first = text.split(" ", maxsplit=1)[0]
    return text[:1].lower() + text[1:] if first in ("It", "Among", "No", "The", "All", "Of", "Both") else text


def check_field(find_fault: Callable[[Any, Any], str]) -> AfterValidator:
    """Return the check of a field by a function that is given the codebook and says what is wrong with a value."""

    def check(value: Any, info: ValidationInfo) -> Any:
        if fault := find_fault(value, info.context):
            raise ValueError(fault)
        return value

    return AfterValidator(check)


Key = Annotated[str, check_field(lambda key, codebook: find_key_fault(codebook, key))]
Population = Annotated[str, check_field(lambda name, codebook: str(codebook.find_unknown(populations=name)))]
Text = Annotated[str, Field(min_length=1, description="text, in quotation marks where it looks like a number")]


class ClaimTest(Settings):
    """A kind of test.

    Each kind says in `judge` what a wave has to say, and in ``keys`` and the ``name_…`` methods which figures and
    questions it is about.
    """

    kind: str
    # The fields that hold keys of figures: of two, the verdict turns on their distance, the first less the second.
    keys: ClassVar[tuple[str, ...]] = ()
    # A test of the report's own text: no wave changes what comes of it.
    is_textual: ClassVar[bool] = False
    # A test that the first of two figures is the higher, or of several pairs, of which those in the wrong order matter.
    is_order: ClassVar[bool] = False

    def judge(self, evidence: Evidence) -> Judgement:
        """Return what a wave has to say."""
        raise NotImplementedError

    def tell_measured(self, evidence: Evidence) -> str:
        """Return what the wave has in a few words, to stand beside a verdict: '17%'; nothing where that takes more.

        Nobody asks where the verdict is that figures are lacking.
        """
        found = [
            evidence.figures[key] for key in self.name_figures(evidence.survey.codebook) if key in evidence.figures
        ]
        told = [describe_share(figure) for figure in found if figure.printed is not None]
        return " and ".join(told) if len(told) <= MOST_MEASURED else ""

    def list_parts(self) -> "tuple[ClaimTest, ...]":
        """Return the single tests that this one is made of: itself, or the parts of a compound."""
        return (self,)

    def name_figures(self, codebook: Codebook) -> list[str]:
        """Return the keys of the figures that the test names."""
        return [getattr(self, field) for field in self.keys]

    def name_questions(self, codebook: Codebook) -> list[tuple[str, str]]:
        """Return the populations and questions that the test needs, each pair once; none for a test of texts."""
        matches = [KEY.fullmatch(key) for key in self.name_figures(codebook)]
        found = [(m["population"], str(codebook.items.at[m["item"], "question_id"])) for m in matches if m]
        return list(dict.fromkeys(found))

    def name_quantities(self, ordering: Evidence) -> list[tuple[str, ...]]:
        """Return what the verdict turns on: a share by its key, or two by theirs, the one claimed to be higher first.

        Ranks have them by the order of one wave.
        """
        return [tuple(getattr(self, field) for field in self.keys)] if self.keys else []
