"""What changed since the baseline, in words; nothing for a wave without one."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from surveybook.change.changes import changes_of
from surveybook.change.comparability import CAUTION, COMPARABLE, NOT_COMPARABLE
from surveybook.model.survey import Survey, find_figure, key_of, label_of
from surveybook.model.wording import COUNTS, Phrase, count, listing, number, phrase, sentence, share_text, together
from surveybook.words.naming import among, name_share, name_told

MOST_NAMED = 2
# A reason of more letters isn't told over the chart whose note has it.
LONGEST_REASON = 80


def find_change(survey: Survey, figure: pd.Series) -> pd.Series | None:
    """Return how a figure changed since the baseline; None where no change shows."""
    found = changes_of(survey)
    row = found.find(key_of(figure)) if found else None
    return pd.Series(row) if row and row["shown"] else None


def _write_end(row: Any, of: str = "") -> str:
    """Return a share of a row of changes as it is printed: that of now, or with ``baseline_`` the one before."""
    return share_text(pd.Series({"status": "number", "share": row[f"{of}share"], "decimals": row[f"{of}decimals"]}))


def _tell_from(row: Any) -> str:
    """Return from where a share moved: 'up from 49%'."""
    return f"{'up' if row['change'] > 0 else 'down'} from {_write_end(row, 'baseline_')}"


def tell_before(survey: Survey, figure: pd.Series) -> str:
    """Return from where a share came, to follow it: ', up from 49%'; empty where no change shows."""
    row = find_change(survey, figure)
    return "" if row is None else f", {_tell_from(row)}"


def change(survey: Survey, key: str, *, named: bool = False) -> Phrase:
    """Return how one figure compares with the baseline, in a sentence of its own; empty without a baseline.

    With `named` it says whose answer it is, for use where several figures were just spoken of.
    """
    figure, found = find_figure(survey, key), changes_of(survey)
    if found is None or figure is None:
        return Phrase("")
    then = label_of(found.baseline)
    verdict, row = found.verdict_on(figure["population"], figure["question_id"]), found.find(key)
    who = among(survey, figure["population"], figure["domain"])
    what = f"{figure['short_label']} {who}: " if named else ""
    if not verdict.allows_tests:
        return Phrase(sentence(f"{what}not comparable with {then}: {verdict.reason}."))
    if row is None or find_figure(found.baseline, key) is None:
        return Phrase("")
    if row["untested"]:
        told = f"not tested against {then}: {row['untested']}"
    elif row["shown"]:
        told = f"{_tell_from(row)} in {then}"
    else:
        told = (
            f"{'little changed' if row['small'] else 'no clear change'} from {_write_end(row, 'baseline_')} in {then}"
        )
    return phrase(sentence(f"{what}{told}{_warn(pd.DataFrame([row]))}."), figure)


def _warn(rows: pd.DataFrame) -> str:
    """Return the caution that comparisons call for, to follow them; the reasons stand where all changes are listed."""
    return "; compare with caution" if (rows["comparability"] == CAUTION).any() else ""


def changes(survey: Survey, question: str, population: str | None = None) -> Phrase:
    """Return what changed over one question since the baseline, a sentence a population; empty without a baseline.

    Parameters
    ----------
    survey : Survey
        The wave.
    question : str
        A question of the codebook.
    population : str, optional
        One population; all of them otherwise.
    """
    found = changes_of(survey)
    if found is None:
        return Phrase("")
    rows = found.figures[(found.figures["question_id"] == question) & (found.figures["domain"] == "")]
    parts = []
    for verdict in found.verdicts.values():
        # That only one of the waves asked is said by the chart, which has the figures.
        if verdict.question_id != question or population not in (None, verdict.population) or verdict.only_in:
            continue
        whose = _name_whose(survey, verdict.population)
        why = f": {verdict.reason}" if len(verdict.reason) <= LONGEST_REASON else ", for the reasons under the chart"
        apart = Phrase(f"Not comparable with {label_of(found.baseline)}{whose}{why}.")
        own = rows[rows["population"] == verdict.population]
        parts.append(changed_items(survey, own) if verdict.allows_tests else apart)
    return together(*parts)


def _name_whose(survey: Survey, population: str) -> str:
    """Return whose answers are spoken of, with a space before it; nothing where a survey has one population alone."""
    return f" {among(survey, population)}" if len(survey.codebook.populations) > 1 else ""


def changed_items(survey: Survey, rows: pd.DataFrame) -> Phrase:
    """Return which answers of one population rose and which fell beyond sampling, and how many did neither."""
    tested = rows[(rows["untested"] == "") & rows["headline"]]
    assert survey.baseline is not None
    then = label_of(survey.baseline)
    if tested.empty:
        return phrase(f"No change since {then} can be tested.", rows)
    whose, warned = _name_whose(survey, tested["population"].iloc[0]), _warn(tested)
    still = int((~tested["shown"]).sum())
    if still == len(tested):
        return phrase(f"No clear change{whose} since {then}{warned}.", tested)
    rest = f" The other {'one shows' if still == 1 else f'{count(still)} show'} no clear change." if still else ""
    told = _tell_moves(survey, tested)
    return phrase(f"Since {then}{f',{whose},' if whose else ','} {told}{warned}.{rest}", tested)


def list_moves(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield which changes are a rise, and which a fall, beyond sampling, each with its verb and the largest first."""
    moved = rows[rows["shown"]].sort_values("change", key=abs, ascending=False, kind="stable")
    for verb, sign in (("rose", 1), ("fell", -1)):
        if (own := moved[sign * moved["change"] > 0]).size:
            yield verb, own


def _tell_moves(survey: Survey, rows: pd.DataFrame, *, whose: bool = False) -> str:
    """Return what rose and what fell, from where to where: 'value for money rose from 56% to 68%; targets fell …'."""
    parts = []
    for verb, own in list_moves(rows):
        named = [
            (f"{name_share(survey, row)}{_name_whose(survey, row['population'])}" if whose else name_told(survey, row))
            + f"{'' if place else f' {verb}'} from {_write_end(row, 'baseline_')} to {_write_end(row)}"
            for place, (_, row) in enumerate(own.head(MOST_NAMED).iterrows())
        ]
        named += [f"{count(len(own) - MOST_NAMED)} more"] if len(own) > MOST_NAMED else []
        parts.append(listing(named))
    return "; ".join(parts)


def with_change(survey: Survey, said: Phrase, *keys: str) -> Phrase:
    """Return what was said of some figures, followed by how each compares with the baseline."""
    told = keys if said.text else ()
    return together(said, *(change(survey, key, named=len(keys) > 1) for key in told))


def with_changes(survey: Survey, said: Phrase, question: str, population: str | None = None) -> Phrase:
    """Return what was said of a question, followed by what changed since the baseline."""
    return together(said, changes(survey, question, population)) if said.text else said


def comparable_questions(survey: Survey) -> Phrase:
    """Return how many questions may be compared with the baseline, how many with caution, and how many may not.

    Empty without a baseline.
    """
    changed = changes_of(survey)
    if changed is None:
        return Phrase("")
    found, now, then = changed.questions, label_of(survey), label_of(changed.baseline)
    both, new, dropped = (found[found["only_in"] == wave] for wave in ("", survey.wave, changed.baseline.wave))
    status = both["status"].value_counts()
    named = ((COMPARABLE, "can be compared"), (CAUTION, "can be compared with caution"), (NOT_COMPARABLE, "cannot"))
    parts = [f"{count(int(status[key]))} {words}" for key, words in named if status.get(key)]
    can = " be compared" if len(parts) == 1 and status.get(NOT_COMPARABLE) else ""
    said = f"Of the questions asked in both {now} and {then}, {listing(parts)}{can}."
    if both.empty:
        said = f"{now} and {then} have put no question to the same population."
    apart = [f"{count(len(new))} {'is' if len(new) == 1 else 'are'} new"] if len(new) else []
    were = "was" if len(dropped) == 1 else "were"
    apart += [f"{count(len(dropped))} of {then} {were} not asked again"] if len(dropped) else []
    return Phrase(" ".join([said, *([f"{sentence(listing(apart))}."] if apart else [])]))


def changes_in_brief(survey: Survey) -> Phrase:
    """Return how many shares can be compared with the baseline, and how many rose and fell; empty without one."""
    found = changes_of(survey)
    if found is None:
        return Phrase("")
    then, rows = label_of(found.baseline), found.tested
    if rows.empty:
        return Phrase(f"No change since {then} can be tested.")
    moved = {verb: len(own) for verb, own in list_moves(rows)}
    write = count if max(moved.values(), default=0) < len(COUNTS) else number
    counts = (f"{write(moved[verb]) if verb in moved else 'none'} {verb}" for verb in ("rose", "fell"))
    told = listing(counts) if moved else "none shows a clear change"
    one = "the one share" if len(rows) == 1 else f"the {write(len(rows))} shares"
    return phrase(f"Of {one} that can be compared with {then}, {told}.", rows)


def largest_changes(survey: Survey) -> Phrase:
    """Return how many shares rose and fell since the baseline, and the largest changes; empty without a baseline."""
    said, found = changes_in_brief(survey), changes_of(survey)
    if found is None or found.tested.empty:
        return said
    moved = found.tested[found.tested["shown"]]
    moved = moved.sort_values("change", key=abs, ascending=False, kind="stable").head(MOST_NAMED)
    told = f"{sentence(_tell_moves(survey, moved, whose=True))}{_warn(moved)}."
    return phrase(f"{said} {told}", said, moved) if len(moved) else said
