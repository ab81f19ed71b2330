"""Tests of one share against another: orders, ranks, leading items, differences and agreements."""

from surveybook.claims.evidence import Contrast, Evidence, Figure, contrast, items_of, missing_text, what_is_missing
from surveybook.claims.judgement import (
    AGREEMENT_MARGIN,
    CONTRADICTED,
    NO,
    NOT_APPLICABLE,
    NOT_CHECKABLE,
    SUPPORTED,
    WITHIN_ERROR,
    YES,
    Judgement,
    contrast_words,
    lower_first,
    share_words,
    yes_no,
)
from surveybook.claims.vocabulary import Test
from surveybook.model.wording import count, listing, sentence
from surveybook.stats import Difference

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def order_verdict(difference: Difference) -> str:
    """Return the verdict on "the first is higher" (rule 4)."""
    if difference.difference < 0:
        return CONTRADICTED
    return SUPPORTED if difference.low > 0 else WITHIN_ERROR


def difference_verdict(difference: Difference) -> str:
    """Return the verdict on "the two differ" (rule 4), for which no order is printed that could be reversed."""
    return SUPPORTED if difference.excludes_zero else WITHIN_ERROR


def agreement_verdict(difference: Difference) -> str:
    """Return the verdict on "the two are the same" (rule 5): the interval inside, outside or across ±5 points."""
    if difference.low > -AGREEMENT_MARGIN and difference.high < AGREEMENT_MARGIN:
        return SUPPORTED
    apart = difference.low >= AGREEMENT_MARGIN or difference.high <= -AGREEMENT_MARGIN
    return CONTRADICTED if apart else WITHIN_ERROR


def judge_order(test: Test, evidence: Evidence) -> Judgement:
    """Return whether one share is higher than another (rules 1 and 4)."""
    keys = [test["higher"], test["lower"]]
    if lacks := what_is_missing(evidence, keys):
        return _lacking(lacks, evidence, keys)
    pair = contrast(evidence, *(evidence.figures[key] for key in keys))
    reversed_in_print = pair.first.share < pair.second.share
    if pair.difference is None and reversed_in_print:
        return Judgement(CONTRADICTED, NOT_APPLICABLE, YES, contrast_words(pair), _ids(pair))
    if pair.difference is None:
        return _untestable(pair)
    verdict = order_verdict(pair.difference)
    return Judgement(
        verdict,
        yes_no(pair.difference.excludes_zero and verdict != WITHIN_ERROR),
        yes_no(pair.survives(order_verdict, verdict)),
        contrast_words(pair),
        _ids(pair),
    )


def judge_difference(test: Test, evidence: Evidence) -> Judgement:
    """Return whether two shares differ, whichever is higher (rules 1 and 4)."""
    found = _two_figures(test, evidence)
    if isinstance(found, Judgement):
        return found
    pair, difference = found
    verdict = difference_verdict(difference)
    survives = pair.survives(difference_verdict, verdict)
    return Judgement(verdict, yes_no(verdict == SUPPORTED), yes_no(survives), contrast_words(pair), _ids(pair))


def judge_agreement(test: Test, evidence: Evidence) -> Judgement:
    """Return whether two shares are the same to within 5 points (rules 1 and 5)."""
    found = _two_figures(test, evidence)
    if isinstance(found, Judgement):
        return found
    pair, difference = found
    verdict = agreement_verdict(difference)
    side = {SUPPORTED: "inside", CONTRADICTED: "outside", WITHIN_ERROR: "neither inside nor outside"}[verdict]
    reason = f"{contrast_words(pair)[:-1]}; the interval is {side} 5 points either way."
    survives = pair.survives(agreement_verdict, verdict)
    return Judgement(verdict, yes_no(verdict != WITHIN_ERROR), yes_no(survives), reason, _ids(pair))


def _two_figures(test: Test, evidence: Evidence) -> tuple[Contrast, Difference] | Judgement:
    """Return the two figures of a test, the larger first, with their difference; or why they can't be judged."""
    keys = [test["figure_a"], test["figure_b"]]
    if lacks := what_is_missing(evidence, keys):
        return _lacking(lacks, evidence, keys)
    pair = _larger_first(contrast(evidence, *(evidence.figures[key] for key in keys)), evidence)
    return _untestable(pair) if pair.difference is None else (pair, pair.difference)


def judge_rank(test: Test, evidence: Evidence) -> Judgement:
    """Return whether an item stands at a place among the items of its question (rules 1 and 4).

    A printed rank other than the stated one contradicts it; a tie that covers the stated rank, or a
    difference to any other item that sampling alone could have made, leaves it within sampling error.
    """
    figures, item = items_of(evidence, test["population"], test["question"]), test["item"]
    if lacking := _ranking_lacks(test, evidence, figures, [item]):
        return lacking
    target = next(figure for figure in figures if figure.item == item)
    others = [figure for figure in figures if figure.item != item]
    above = [other for other in others if _printed(other) > _printed(target)]
    equal = [other for other in others if _printed(other) == _printed(target)]
    pairs = [contrast(evidence, *((other, target) if other in above else (target, other))) for other in others]
    place = f"“{target.name}” is {_ordinal(len(above) + 1)} of {count(len(figures))} among {target.who}"
    if len(above) + 1 <= test["rank"] <= len(above) + 1 + len(equal):
        return _ordered(pairs, place)
    firmly_above = [pair for pair in pairs if pair.first in above and _excludes(pair)]
    firmly_below = [pair for pair in pairs if pair.first == target and _excludes(pair)]
    secure = len(firmly_above) >= test["rank"] or len(firmly_below) > len(figures) - test["rank"]
    nearest = listing(f"“{other.name}” ({share_words(other)})" for other in (above or others)[:3])
    reason = (
        f"{place}, not {_ordinal(test['rank'])}: {share_words(target)}, {'after' if above else 'before'} {nearest}."
    )
    # Different printed values can't cross by rounding, and the place of equal ones was allowed for.
    return Judgement(CONTRADICTED, yes_no(secure), YES, reason, tuple(figure.figure_id for figure in figures))


def judge_top(test: Test, evidence: Evidence) -> Judgement:
    """Return whether some items, in any order, have the highest shares of their question (rules 1 and 4)."""
    figures = items_of(evidence, test["population"], test["question"])
    if lacking := _ranking_lacks(test, evidence, figures, test["items"]):
        return lacking
    leading = [figure for figure in figures if figure.item in test["items"]]
    rest = [figure for figure in figures if figure.item not in test["items"]]
    if not rest:
        return Judgement(
            SUPPORTED,
            NOT_APPLICABLE,
            YES,
            "The question has no other items.",
            tuple(figure.figure_id for figure in figures),
        )
    pairs = [contrast(evidence, one, other) for one in leading for other in rest]
    reversed_pairs = [pair for pair in pairs if _printed(pair.first) < _printed(pair.second)]
    if reversed_pairs:
        widest = max(reversed_pairs, key=lambda pair: _printed(pair.second) - _printed(pair.first))
        return Judgement(
            CONTRADICTED,
            yes_no(_excludes(widest)),
            YES,
            contrast_words(widest),
            tuple(figure.figure_id for figure in figures),
        )
    named = listing(f"“{figure.name}”" for figure in leading)
    return _ordered(pairs, f"{named} lead{'s' if len(leading) == 1 else ''} among {leading[0].who}")


def _ordered(pairs: list[Contrast], place: str) -> Judgement:
    """Return the verdict where all pairs are printed in the claimed order or tied: the least sure pair decides."""
    ids = tuple(dict.fromkeys(figure for pair in pairs for figure in _ids(pair)))
    untested = [pair for pair in pairs if pair.difference is None]
    if untested:
        return _untestable(untested[0])
    decisive = max(pairs, key=lambda pair: pair.difference.p_value if pair.difference else 1.0)
    reason = f"{sentence(place)}; the least sure step: {lower_first(contrast_words(decisive))}"
    doubtful = [pair for pair in pairs if pair.difference and order_verdict(pair.difference) != SUPPORTED]
    if doubtful:
        survives = any(pair.survives(order_verdict, WITHIN_ERROR) for pair in doubtful)
        tied = any(_printed(pair.first) == _printed(pair.second) for pair in doubtful)
        return Judgement(WITHIN_ERROR, NO, yes_no(survives and not tied), reason, ids)
    survives = all(pair.survives(order_verdict, SUPPORTED) for pair in pairs)
    return Judgement(SUPPORTED, YES, yes_no(survives), reason, ids)


def _ranking_lacks(test: Test, evidence: Evidence, figures: list[Figure], items: list[str]) -> Judgement | None:
    """Return that a ranking can't be made, where a figure of the question isn't a number, or None."""
    population, question = test["population"], test["question"]
    if not figures or (population, question) not in evidence.asked:
        title = evidence.survey.codebook.questions.loc[question, "title"]
        who = evidence.survey.codebook.populations.loc[population, "people"]
        return Judgement(
            NOT_CHECKABLE,
            reason=f"It needs the question “{title}”, which this wave did not ask {who}: no item measures it.",
        )
    response = figures[0].response
    keys = [f"{population}.{item}.{response}" for item in items] + [figure.key for figure in figures]
    lacks = what_is_missing(evidence, keys)
    return _lacking(lacks, evidence, keys) if lacks else None


def _lacking(lacks: tuple[str, ...], evidence: Evidence, keys: list[str]) -> Judgement:
    """Return that a figure is missing, with the ids of those that the wave does list."""
    ids = tuple(dict.fromkeys(evidence.figures[key].figure_id for key in keys if key in evidence.figures))
    return Judgement(NOT_CHECKABLE, reason=missing_text(lacks), figures=ids)


def _untestable(pair: Contrast) -> Judgement:
    """Return that two numbers can't be held against each other, and why."""
    bases = [figure for figure in (pair.first, pair.second) if figure.base != figure.base]
    why = (
        "their bases are unknown"
        if len(bases) > 1
        else "a base is unknown"
        if bases
        else (
            "the one is part of the other"
            if pair.first.population == pair.second.population
            else "the two populations were asked different things"
        )
    )
    return Judgement(NOT_CHECKABLE, reason=f"{contrast_words(pair)[:-1]}: {why}.", figures=_ids(pair))


def _larger_first(pair: Contrast, evidence: Evidence) -> Contrast:
    """Return the same contrast with the larger share first, so that the difference isn't negative."""
    return pair if pair.first.share >= pair.second.share else contrast(evidence, pair.second, pair.first)


def _excludes(pair: Contrast) -> bool:
    """Return whether the interval of a contrast excludes 0."""
    return pair.difference is not None and pair.difference.excludes_zero


def _printed(figure: Figure) -> float:
    """Return a figure's share; rounded shares of equal print are equal numbers."""
    return figure.share


def _ordinal(place: int) -> str:
    """Return a place as a word: 'second'."""
    return ORDINALS[place - 1] if place <= len(ORDINALS) else f"number {place}"


def _ids(pair: Contrast) -> tuple[str, ...]:
    """Return the ids of both figures."""
    return pair.first.figure_id, pair.second.figure_id
