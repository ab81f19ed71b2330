"""Charts of whole waves: shares over several, and what a new wave would need."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd

from surveybook.change.changes import changes_of, compare_waves, explain_change
from surveybook.exhibits.exhibit import Exhibit
from surveybook.exhibits.figure_charts import EXACT, finish_chart
from surveybook.exhibits.forms import Record, Spec, draw_form, list_groups, map_series
from surveybook.exhibits.records import SHOWN, mark_change, number_labels, place_figure, word_figures
from surveybook.model.survey import Survey, find_figure, key_of, label_of
from surveybook.model.wording import count, listing, number, points, round_number, sentence, with_interval
from surveybook.stats.robustness import CHANGES, POWER, samples_for_changes
from surveybook.words.findings import name_share, people, share

# Series: how many panels and waves, and how many of these have room for their names; samples: powers of ten.
MOST_PANELS, LEAST_WAVES, MOST_NAMED, MOST_TICKS = 8, 3, 6, 6
# Panels span whole tens of points; lines that need more than half the scale are drawn from nought to 100.
STEP, WIDEST = 0.1, 0.5
NOTHING = "This survey has no figure with a number and a base to compare a new one with"


def series(waves: Sequence[Survey], keys: Sequence[str], name: str, topic: str) -> Exhibit | None:
    """Return some shares over several waves, a panel each, the line broken where two waves can't be compared.

    Parameters
    ----------
    waves : sequence of Survey
        The earliest first; each is compared with the one before it.
    keys : sequence of str
        The figures, as ``population.item.response``.
    name : str
        The figure's name.
    topic : str
        What the shares have in common, as a label without numbers or directions.

    Returns
    -------
    Exhibit or None
        Waves stand at the dates of their fieldwork where all are known, at equal distances otherwise. None
        where fewer than two waves are given, or none of the figures is a number in any.
    """
    steps = [step for key in keys for step in _follow_figure(waves, key)] if len(waves) > 1 else []
    if not steps:
        return None
    last, known = waves[-1], waves[-1].codebook.populations["label"]
    panels = number_labels([step["label"] for step in steps], [step["key"] for step in steps])
    steps = [step | {"label": panel} for step, panel in zip(steps, panels, strict=True)]
    told, populations = list[str](), [name for name in known.index if name in {step["population"] for step in steps}]
    for label, group in groupby(steps, itemgetter("label")):
        own = list(group)
        shares = listing(f"{with_interval(step['figure'])} in {step['wave']}" for step in own)
        meant = [f"{step['wave']}: {step['meaning']}" for step in own if step["arrow"]]
        told.append(" ".join([f"{label}: {shares}.", *meant, *(step["broken"] for step in own if step["broken"])]))
    asked = [step for step in steps if step["figure"] is not None]
    present = pd.DataFrame([step["figure"] for step in asked], range(len(asked))).assign(
        panel=[one["label"] for one in asked]
    )
    words = iter(word_figures(last, present)[[*SHOWN][:4]].to_numpy().tolist())
    cells = [next(words) if step["figure"] is not None else ["not asked", "", "", ""] for step in steps]
    span, floors = _find_floors(present[present["status"] == "number"])
    drawn = f"; each panel spans {points(span)}, not 100" if span < 1 else ""
    bars, beyond = "Bars over a line are the intervals of each share.", " beyond sampling error"
    if (present["low"] == present["high"]).all():
        bars, beyond = EXACT, ""
    shown = f"{topic}, {label_of(waves[0])} to {label_of(last)}"
    finding, joined = _find_furthest(waves, keys), f"a line joins surveys that can be compared{drawn}"
    return finish_chart(
        last,
        _draw_series(last, steps, populations, span, floors),
        name,
        finding or shown,
        (
            ["Item", "Survey", "Share (%)", "Interval from", "to", "Base", "Since the survey before"],
            [[step["label"], step["wave"], *own, step["meaning"]] for step, own in zip(steps, cells, strict=True)],
        ),
        series,
        populations=populations,
        subtitle=f"{shown}; {joined}" if finding else sentence(joined),
        interval_note=bars,
        reading=[f"An arrow marks a change from the survey before{beyond}."],
        notes=list(dict.fromkeys(step["broken"] for step in steps if step["broken"])),
        figures=list(present.loc[present["status"] == "number", "figure_id"]),
        alternative=" ".join(told),
    )


def _find_furthest(waves: Sequence[Survey], keys: Sequence[str]) -> str:
    """Return which share moved furthest from the first wave to the last; "" if none did."""
    first, last = waves[0], waves[-1]
    found = compare_waves(last, first)
    moved = [row for key in keys if (row := found.find(key)) and row["shown"]]
    if not moved:
        return ""
    row = max(moved, key=lambda one: abs(one["change"]))
    then, now = (f"{share(wave, key_of(row))} in {label_of(wave)}" for wave in (first, last))
    return f"{sentence(name_share(last, row))}: from {then} to {now}"


def every_wave(
    survey: Survey,
    name: str = "every-wave",
    most: int = MOST_PANELS,
    keys: Sequence[str] = (),
    topic: str = "Shares over all surveys",
) -> Exhibit | None:
    """Return some shares over three waves or more, the last of which is the one shown.

    Parameters
    ----------
    survey : Survey
        The wave; its baseline has a baseline of its own.
    name : str
        The figure's name.
    most : int
        How many shares to show, those that moved furthest, where `keys` names none.
    keys : sequence of str
        The figures, as ``population.item.response``.
    topic : str
        What the shares have in common, as a label without numbers or directions.

    Returns
    -------
    Exhibit or None
        A panel a share, of each item the answer that speaks for it, those that changed since the wave before first,
        and how many are left out; None for fewer than three waves.
    """
    waves, changes = [survey], changes_of(survey)
    while waves[0].baseline is not None:
        waves.insert(0, waves[0].baseline)
    if len(waves) < LEAST_WAVES or changes is None:
        return None
    if keys:
        return series(waves, keys, name, topic)
    rows = changes.tested
    rows = rows.assign(size=rows["change"].abs()).sort_values(["shown", "size"], ascending=False, kind="stable")
    drawn = series(waves, [key_of(row) for _, row in rows.head(most).iterrows()], name, topic)
    if drawn is None or len(rows) <= most:
        return drawn
    left = f"Shown are the {count(most)} shares that changed most since {label_of(changes.baseline)}; "
    left += f"{number(len(rows) - most)} more that can be compared are left out."
    return replace(drawn, notes=[left, *drawn.notes])


def _place_waves(waves: Sequence[Survey]) -> list[float]:
    """Return where waves stand on the axis, from 0 to 1: by fieldwork where known, at equal distances otherwise."""
    dates = []
    for wave in waves:
        starts = [str(entry.get("fieldwork_start") or "") for entry in wave.metadata["populations"].values()]
        began = min((start for start in starts if start[:4].isdecimal()), default="0")
        month = began[5:7]
        dates.append(int(began[:4]) + ((int(month) if month.isdecimal() else 1) - 1) / 12)
    if not all(dates) or dates != sorted(set(dates)):
        dates = list(map(float, range(len(waves))))
    return [(date - dates[0]) / (dates[-1] - dates[0]) for date in dates]


def _follow_figure(waves: Sequence[Survey], key: str) -> Iterator[dict[str, Any]]:
    """Yield one figure in all waves, a step each: its share, and what the step from the wave before means.

    Nothing where it is a number in none of them.
    """
    found = [find_figure(wave, key) for wave in waves]
    numbers = [figure for figure in found if figure is not None and figure["status"] == "number"]
    if not numbers:
        return
    last = numbers[-1]
    who = f", {people(waves[-1], last['population'])}" if len(waves[-1].codebook.populations) > 1 else ""
    shared = {"key": key, "label": f"{sentence(name_share(waves[-1], last))}{who}", "population": last["population"]}
    earlier = zip([None, *waves], [None, *found], strict=True)
    for (before, then), wave, figure, at in zip(earlier, waves, found, _place_waves(waves), strict=False):
        changes, broken = compare_waves(wave, before) if before else None, ""
        change = changes.find(key) if changes else None
        moved = (mark_change(change), explain_change(change)) if change and not change["untested"] else ("", "")
        if changes and figure is not None and then is not None:
            verdict = changes.verdict_on(last["population"], last["question_id"])
            between = f"A break between {label_of(changes.baseline)} and {label_of(wave)} ({last['short_label']})"
            broken = "" if verdict.allows_tests else f"{between}: {verdict.reason}."
        told = dict(zip(("arrow", "meaning"), moved, strict=True)) | {"broken": broken, "begins": figure is numbers[0]}
        yield {**shared, "wave": label_of(wave), "at": at, "figure": figure, **told}


def _find_floors(numbers: pd.DataFrame) -> tuple[float, pd.Series]:
    """Return what part of the scale each panel spans, the same of all, and the share at its foot, by label (0-1).

    Shares that move by a few points would be flat lines between nought and 100.
    """
    ends = numbers[["share", "low", "high"]].groupby(numbers["panel"])
    lows, highs = ends.min().min(axis=1), ends.max().max(axis=1)
    span = max(STEP, round_number(STEP * np.ceil((highs - lows).max() / STEP), 1))
    if span > WIDEST:
        return 1.0, lows * 0.0
    return span, ((lows + highs - span) / 2).clip(0.0, 1.0 - span).map(lambda floor: round_number(floor, 4))


def _draw_series(
    survey: Survey, steps: Sequence[dict[str, Any]], populations: Sequence[str], span: float, floors: pd.Series
) -> Spec:
    """Return a panel for each figure, one below the other, all spanning as much of the scale.

    All waves are named below the panels, with their shares; of many the first and the last, and where a line begins.
    """
    groups, records = map_series(survey, populations), list[Record]()
    waves = list(dict.fromkeys(step["wave"] for step in steps))
    named = waves if len(waves) <= MOST_NAMED else [waves[0], waves[-1]]
    # Names stand in each other's way at neighbouring waves.
    roomy = waves[LEAST_WAVES:-LEAST_WAVES]
    # A line joins what is of one run; another begins where two waves can't be compared.
    for step, run in zip(steps, accumulate(int(not step["meaning"]) for step in steps), strict=True):
        figure, wave, label = step["figure"], step["wave"], step["label"]
        is_named = wave in named or (wave in roomy and step["begins"])
        record = {"label": label, "wave": wave if is_named else "", "at": round_number(step["at"], 4)}
        record |= {"series": groups[step["population"]].name}
        if figure is not None and figure["status"] == "number":
            record |= place_figure(survey, figure, f"{label}, {wave}") | {"run": run, "floor": floors[label]}
            record["text"] = f"{number(100 * figure['share'])}% {step['arrow']}".rstrip() if is_named else ""
        records.append(record)
    # Labels name the panels.
    return draw_form("panels", records, span=span, **list_groups(groups.values()) | {"legend": None})


def samples(survey: Survey, name: str = "samples-needed", changes: Sequence[float] = CHANGES) -> Exhibit:
    """Return the sample that a new wave needs to detect changes against each figure of this one.

    Parameters
    ----------
    survey : Survey
        The wave to compare with.
    name : str
        The figure's name.
    changes : sequence of float
        Sizes of change as shares.

    Returns
    -------
    Exhibit
        A row for each change and population, a mark for each figure, and in words beside them for how many
        figures no sample is large enough: JSON has no infinity.
    """
    found = samples_for_changes(survey, changes).sort_values("change", kind="stable")
    groups, title = map_series(survey, survey.metadata["populations"]), NOTHING
    if len(found):
        title = "A new survey can be made large enough for every change shown"
    for change in found.loc[np.isinf(found["sample_needed"]), "change"].head(1):
        figures, without, _ = _count_sizes(found[found["change"] == change])
        title = f"A change of {points(change)}: for {without} of {figures} figures no sample is large enough"
    cells, told, records = list[list[str]](), list[str](), list[Record]()
    for (moved, population), own in found.groupby(["change", "population"], sort=False):
        who, change = sentence(people(survey, population)), points(moved)
        shared = {"label": f"A change of {change}", "series": groups[population].name}
        figures, without, sized = _count_sizes(own)
        for item, size in zip(sized["short_label"], sized["sample_needed"], strict=True):
            tip = f"{shared['series']}: {item}, {number(size)} answers"
            records.append({**shared, "needed": size, "tip": tip})
        records.append({**shared, "text": "–" if without == "0" else f"{without} of {figures}"})
        ends = [number(end) for end in (sized["sample_needed"].min(), sized["sample_needed"].max()) if pd.notna(end)]
        cells.append([change, who, figures, *(ends or ["", ""]), without])
        answers = f"{' to '.join(dict.fromkeys(ends))} answers"
        if without == "0":
            needed = f"{answers} for all {figures} figures"
        elif ends:
            needed = f"{answers}, and no sample is large enough for {without} of {figures} figures"
        else:
            needed = f"no sample is large enough for any of {figures} figures"
        told.append(f"{who}, a change of {change}: {needed}.")
    if records:
        records[0]["head"] = "No sample is enough for"
    largest = max((record["needed"] for record in records if "needed" in record), default=1000.0)
    ticks = [10**power for power in range(1, MOST_TICKS + 1) if 10**power <= 10 * largest]
    return finish_chart(
        survey,
        draw_form("samples", records, domain=[10, ticks[-1]], ticks=ticks, **list_groups(groups.values())),
        name,
        title,
        (
            ["Change", "Population", "Figures", "Smallest sample needed", "Largest", "No sample is large enough for"],
            cells,
        ),
        samples,
        subtitle="What a new survey needs to detect a change, up or down, in each figure of this one",
        interval_note=f"At {number(100 * survey.confidence)}% confidence, two-sided, with a chance of "
        f"{number(100 * POWER)}% to find the change; both surveys as if simple random.",
        notes=[
            "No sample is large enough where this survey’s own base is too small: its uncertainty stays, however "
            "many people are asked next time."
        ],
        figures=list(dict.fromkeys(found["figure_id"])),
        alternative=" ".join(told) or f"{NOTHING}.",
    )


def _count_sizes(found: pd.DataFrame) -> tuple[str, str, pd.DataFrame]:
    """Return of how many figures it is known what they need, and for how many no sample is enough; and the others."""
    needed = found["sample_needed"]
    return number(needed.count()), number(np.isinf(needed).sum()), found[np.isfinite(needed)]
