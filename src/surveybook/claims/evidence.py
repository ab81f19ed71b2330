"""What one wave has to say to the claims: its figures by key, and the comparisons already made of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pandas as pd

from surveybook.claims.claim_test import Names, read_names
from surveybook.model.survey import KEY, Survey
from surveybook.model.wording import in_sentence, listing, round_number
from surveybook.stats.comparison import Compare, choose_test
from surveybook.stats.differences import Difference
from surveybook.stats.intervals import survives_rounding
from surveybook.words.naming import people

Rule = Callable[[Difference], str]
NAMED_IN_FULL = 2
# A row of a wave's estimates with what claims need besides: its ``key``; the ``name`` of its item and, where the
# response isn't the headline of its kind (``is_headline``), of the ``answer``; ``who`` gave it; and the number as it
# is ``printed``, in exact per cent, None where there is none.
Figure = Any


@dataclass(frozen=True)
class Contrast:
    """The difference between two figures, or None where the two can't be tested against each other."""

    first: Figure
    second: Figure
    difference: Difference | None
    compare: Compare | None
    survivals: dict[tuple[str, str], bool] = field(default_factory=dict)

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval of the difference excludes 0."""
        return self.difference is not None and self.difference.excludes_zero

    def survives(self, rule: Rule, verdict: str) -> bool:
        """Return whether a rule gives the same verdict at all shares that print as these do."""
        compare, kept = self.compare, (rule.__name__, verdict)
        if compare is None:
            return False
        if kept not in self.survivals:
            self.survivals[kept] = survives_rounding(
                lambda shares: rule(compare(float(shares[0]), float(shares[1]))) == verdict,
                [self.first.share, self.second.share],
                [self.first.decimals, self.second.decimals],
            )
        return self.survivals[kept]


@dataclass(frozen=True)
class Evidence:
    """A wave's figures by key and its questions by population, with the contrasts worked out so far.

    Each contrast is used by several claims, and judging is several times faster when none is made twice.
    """

    survey: Survey
    names: Names
    figures: dict[str, Figure]
    asked: dict[tuple[str, str], dict[str, Any]]
    contrasts: dict[tuple[str, str], Contrast] = field(default_factory=dict)

    def contrast(self, first: Figure, second: Figure) -> Contrast:
        """Return the difference between two figures of the wave."""
        pair = (first.key, second.key)
        if pair not in self.contrasts:
            test = (
                choose_test(self.survey, first, second)
                if first.printed is not None and second.printed is not None
                else None
            )
            difference = test(first.share, second.share) if test else None
            self.contrasts[pair] = Contrast(first, second, difference, test)
        return self.contrasts[pair]

    def rank_items(self, population: str, question: str) -> list[Figure]:
        """Return the figures that rank the items of a question in one population, largest share first."""
        found = [
            figure
            for figure in self.figures.values()
            if figure.population == population
            and figure.question_id == question
            and not figure.domain
            and figure.is_headline
        ]
        return sorted(found, key=lambda figure: -(figure.printed if figure.printed is not None else 0))


def find_printed_percent(share: float, decimals: float) -> Fraction:
    """Return a share (0-1) as the exact percentage that is printed; to ten decimals where nothing was rounded."""
    places = 10 if pd.isna(decimals) else int(decimals)
    return Fraction(f"{round_number(100 * share, places):.{places}f}")


def gather_evidence(survey: Survey) -> Evidence:
    """Return a wave's figures, by key."""
    names = read_names(survey.codebook)
    rows = survey.estimates
    kinds = [names.kind_of[question] for question in rows["question_id"]]
    answers = [in_sentence(kind.labels.get(said, said)) for kind, said in zip(kinds, rows["response"], strict=True)]
    headline = [said == kind.headline for kind, said in zip(kinds, rows["response"], strict=True)]
    domains = rows["domain"].map(lambda domain: f"[{domain}]" if domain else "")
    table = rows.assign(
        key=rows["population"] + domains + "." + rows["item_id"] + "." + rows["response"],
        answer=answers,
        is_headline=headline,
        name=[
            label if alone else f"{label}, {answer}"
            for label, alone, answer in zip(rows["short_label"], headline, answers, strict=True)
        ],
        who=[
            people(survey, population, domain)
            for population, domain in zip(rows["population"], rows["domain"], strict=True)
        ],
        printed=[
            find_printed_percent(share, decimals) if status == "number" and pd.notna(share) else None
            for share, decimals, status in zip(rows["share"], rows["decimals"], rows["status"], strict=True)
        ],
    )
    asked = {
        (row["population"], row["question_id"]): row
        for row in survey.asked.to_dict("records")
        if row["source"] != "not_asked"
    }
    return Evidence(survey, names, {row.key: row for row in table.itertuples()}, asked)


def find_missing(evidence: Evidence, keys: list[str]) -> tuple[str, ...]:
    """Return for each key without a number what is lacking and why, in words; nothing where all are numbers."""
    return tuple(lack for key in dict.fromkeys(keys) if (lack := _describe_lack(evidence, key)))


def describe_missing(lacks: tuple[str, ...]) -> str:
    """Return what is lacking as one sentence, the first two by name."""
    rest = len(lacks) - NAMED_IN_FULL
    named = [*lacks[:NAMED_IN_FULL], *([f"{rest} more"] if rest > 0 else [])]
    needed = "a number" if len(lacks) == 1 else "numbers"
    return f"It needs {needed} that this wave doesn't have: {listing(named)}."


def _describe_lack(evidence: Evidence, key: str) -> str:
    """Return the name of a figure without a number, and why it has none; nothing where it has one."""
    figure = evidence.figures.get(key)
    if figure is None:
        match = KEY.fullmatch(key)
        assert match  # keys were checked when the claims were read
        codebook = evidence.survey.codebook
        item = codebook.items.loc[match["item"]]
        asked = (match["population"], item["question_id"]) in evidence.asked
        who = people(evidence.survey, match["population"], match["domain"] or "")
        why = "no item measures it" if asked else "not asked, so no item measures it"
        return f"“{item['short_label']}” among {who} ({why})"
    if figure.printed is not None:
        return ""
    why = f"given only as “{figure.verbal}”" if figure.status == "words" else "unpublished"
    return f"“{figure.name}” among {figure.who} ({why})"
