"""What charts and tables of figures are made of: figures in words, tidy records, what is shown of an earlier wave."""

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
import pandas as pd

from surveybook.change.changes import changes_of
from surveybook.change.meaning import BEYOND_CHANCE, explain_change, is_exact
from surveybook.exhibits import HOMES
from surveybook.exhibits.bars import divide_bars, pick_parts, shade_parts
from surveybook.exhibits.drawing import Series, finish_spec, list_series
from surveybook.exhibits.exhibit import Exhibit, of_survey
from surveybook.exhibits.forms import draw_bars, draw_rows
from surveybook.exhibits.remainders import LEFT, UNKNOWN, add_remainders, tell_remainders
from surveybook.judgement.headlines import headline
from surveybook.model.survey import Survey, find_figure, find_part_asked, key_of, label_of
from surveybook.model.wording import (
    Phrase,
    band,
    has_interval,
    in_sentence,
    number,
    per_cent,
    round_number,
    sentence,
    share_text,
    shown_decimals,
    span,
    with_interval,
)
from surveybook.stats.intervals import METHOD as PUBLISHED
from surveybook.words.contrasts import Gap, further_up
from surveybook.words.findings import base_line, changed_items, people
from surveybook.words.naming import name_domain

UP, DOWN = "▲", "▼"
HEADS = {"label": "Item", "population": "Population", "response": "Answer"}
SHOWN = {"share": "Share (%)", "low": "Interval from", "high": "to", "base": "Base", "locator": "Printed in"}
GAP_COLUMNS = ("Gap (points)", "Gap from", "Gap to")
CHANGE_COLUMNS = ("share (%)", "Change (points)", "Change from", "to", "What the change means")
BANDS = "A band shows what the source’s words allow; it printed no number."
EXACT = "Everybody was asked: shares have no sampling error, and no intervals."
Table = tuple[list[str], list[list[str]]]


def format_bound(share: float) -> str:
    """Return a bound of an interval (0-1) in per cent with one decimal; nothing where there is none."""
    return "" if pd.isna(share) else number(100 * share, 1)


def format_share(figure: pd.Series) -> str:
    """Return a share in per cent as printed; words where the source has only words, and why where it has none."""
    return share_text(figure) if pd.isna(figure["share"]) else number(100 * figure["share"], figure["decimals"])


def write_share(figure: pd.Series) -> str:
    """Return a share (0-1) as it stands beside its mark, in per cent: '68', '68.3'."""
    return number(100 * figure["share"], shown_decimals(figure))


def word_figures(survey: Survey, figures: pd.DataFrame) -> pd.DataFrame:
    """Return figures as all tables and downloads word them, by the index of `figures`.

    Columns are ``label``, ``population`` (who it is about), ``part`` (of them), ``group`` (both), ``response`` (the
    answer's label), ``answer`` (the same; empty for having chosen an item, which says no more than the item), ``share``
    as it is printed, ``low`` and ``high`` in per cent, ``base`` with how it is known where that isn't stated:
    '500 (assumed)', ``locator`` and ``figure_id``.
    """
    kinds = {question: survey.codebook.kind_of(question) for question in figures["question_id"].unique()}
    called = {population: sentence(people(survey, population)) for population in figures["population"].unique()}
    rows = []
    # Dictionaries, since a column of each row as a Series takes longer than all else.
    for figure in figures.to_dict("records"):
        who, part = called[figure["population"]], name_domain(figure["domain"])
        answer = kinds[figure["question_id"]].label_of(figure["response"])
        known = "" if figure["base_status"] == "stated" else f" ({figure['base_status']})"
        base = "unknown" if pd.isna(figure["base"]) else f"{number(figure['base'])}{known}"
        rows.append(
            {
                "label": figure["label"],
                "population": who,
                "part": part,
                "group": f"{who} ({part})" if part else who,
                "response": answer,
                "answer": "" if figure["response"] == "chosen" else answer,
                "share": format_share(figure),
                "low": format_bound(figure["low"]) if has_interval(figure) else "",
                "high": format_bound(figure["high"]) if has_interval(figure) else "",
                "base": "" if figure["status"] == LEFT else base,
                "locator": figure["locator"],
                "figure_id": figure["figure_id"],
            }
        )
    columns = ["label", "population", "part", "group", "response", "answer", *SHOWN, "figure_id"]
    return pd.DataFrame(rows, figures.index, columns, dtype=object)


def mark_change(change: Any) -> str:
    """Return the arrow of a change that sampling doesn't explain; nothing where it may."""
    return (UP if change["change"] > 0 else DOWN) if change["shown"] else ""


def number_labels(labels: Sequence[str], things: Sequence[Any]) -> list[str]:
    """Return labels of which each stands for one thing: where several things share one, the later are numbered."""
    places: dict[str, dict[Any, int]] = {}
    numbered = []
    for label, thing in zip(labels, things, strict=True):
        own = places.setdefault(label, {})
        place = own.setdefault(thing, len(own) + 1)
        numbered.append(label if place == 1 else f"{label} ({place})")
    return numbered


def chart_figures(
    survey: Survey,
    figures: pd.DataFrame,
    name: str,
    title: str,
    alternative: str,
    function: str,
    *,
    heads: Sequence[str] = ("label", "population"),
    draw: Callable[[pd.DataFrame], alt.FacetChart] | None = None,
    populations: Sequence[str],
    notes: Sequence[str] = (),
    reading: Sequence[str] = (),
    whole: bool = True,
    gaps: Sequence[Gap] = (),
    in_bars: bool = False,
    **told: Any,
) -> Exhibit:
    """Return a chart of figures with the table behind it: rows of dots with intervals, or bars that they make up.

    Beside a baseline it is always rows: the two surveys' shares joined, with the change at the right.

    Parameters
    ----------
    survey : Survey
        The wave.
    figures : pandas.DataFrame
        Rows of its estimates in the order of the table. Columns of their own may say how each is drawn: ``row``, the
        label of its row (missing for a figure that is in the table alone; by default its item, with the answer where
        `heads` has it), ``series``, its group (its population), ``rank``, and what stands ``beside`` its value.
    name : str
        The chart's name.
    title, alternative : str
        The finding, and what someone who can't see the chart is told.
    function : str
        The function that chapters call.
    heads : sequence of str
        What names a row of the table: "label", "population", "response".
    draw : callable, optional
        What returns another picture of the figures and what they leave to 100%.
    populations : sequence of str
        Whose answers these are.
    notes : sequence of str
        Sentences to read beside them.
    reading : sequence of str
        How to read them: sentences that a page says once.
    whole : bool
        Whether what the answers leave to 100 per cent is shown too; another chart has it where this one doesn't.
    gaps : sequence of tuple
        Two populations' figures and their difference: drawn as pairs on one line, with the gap at the right.
    in_bars : bool
        Whether answers to a statement are drawn as parts of one bar.
    **told
        What else `finish_chart` takes.
    """
    answers, labels, things = word_figures(survey, figures)["response"], figures["label"], figures["item_id"]
    if "response" in heads:
        labels, things = labels + ": " + answers.map(in_sentence), things + "." + figures["response"]
    names = survey.codebook.populations["label"]
    by_default = {"row": number_labels(labels, things), "series": figures["population"].map(names), "beside": ""}
    figures = figures.assign(**{column: by for column, by in by_default.items() if column not in figures})
    shown = add_remainders(survey, figures, is_behind=in_bars and changes_of(survey) is None)
    shown = shown if whole else shown[shown["status"] != LEFT]
    drawn = shown[shown["row"].notna()]
    drawing = draw(drawn) if draw else _draw_figures(survey, drawn, list_series(survey, populations), gaps, in_bars)
    words, left = word_figures(survey, shown), shown[shown["status"] == LEFT]
    if "response" not in heads:
        words.loc[left.index, "label"] = [
            label if label == answer else f"{label}: {in_sentence(answer)}"
            for label, answer in zip(left["label"], left["response"], strict=True)
        ]
    # Where all was answered in one file, no figure is printed anywhere.
    held = [name for name in SHOWN if name != "locator" or whole]
    # A page says once which bases are assumed.
    words["base"] = words["base"].str.partition(" (")[0]
    table = words[[*heads, *held]].rename(columns=HEADS | SHOWN | {"base": "Respondents"})
    if gaps:
        # In the row of the second population's figure, which has the first one's above it.
        cells = {key_of(other): [*map(format_bound, (gap.difference, gap.low, gap.high))] for _, other, gap in gaps}
        table[[*GAP_COLUMNS]] = [cells.get(key_of(figure), [""] * 3) for _, figure in shown.iterrows()]
    columns, rows = _add_baseline(survey, shown, table)
    if "rank" in figures:
        columns, ranks = [*columns, "Rank, as far as sampling tells"], shown["rank"].mask(shown["status"] == LEFT, "")
        rows = [[*row, rank] for row, rank in zip(rows, ranks, strict=True)]
    said, marks = tell_remainders(survey, shown)
    # A legend names the rest of a bar.
    is_named = draw is not None or (in_bars and changes_of(survey) is None)
    unknown = [UNKNOWN] if marks and (shown["status"].eq("words") & shown["whole"].ne("")).any() else []
    alternative = f"{alternative} {said}".rstrip()
    told |= {"populations": populations}
    reading, marks = [*reading, *unknown], "" if is_named else marks
    told |= tell_figures(survey, figures, alternative, notes, reading=reading, marks=marks, has_hollow=draw is None)
    return finish_chart(survey, drawing, name, title, (columns, rows), function, **told)


def _draw_figures(
    survey: Survey, shown: pd.DataFrame, series: Sequence[Series], gaps: Sequence[Gap], in_bars: bool
) -> alt.FacetChart:
    """Return the picture of figures that each have the ``row`` that they are drawn in."""
    has_baseline = changes_of(survey) is not None
    if in_bars and not has_baseline:
        parts = pick_parts(survey, shown)
        return draw_bars(divide_bars(survey, parts), shade_parts(survey, parts))
    places = [one.name for one in series]
    drawn = shown.assign(line=pd.factorize(shown["row"])[0], place=shown["series"].map(places.index))
    drawn = drawn.sort_values(["line", "place"], kind="stable")
    records = [_make_chart_record(survey, figure) for _, figure in drawn.iterrows()]
    legend = len(series) > 1
    if has_baseline:
        column = "Change, points" if any("aside" in record for record in records) else ""
        return draw_rows(records, series, legend=legend, column=column)
    if not gaps:
        return draw_rows(records, series, legend=legend)
    rows = {key_of(figure): figure["row"] for _, figure in drawn.iterrows()}
    for first, second, gap in gaps:
        row = rows[key_of(first)]
        ends = sorted(
            (record for record in records if record["label"] == row and "share" in record), key=lambda one: one["share"]
        )
        # How far apart the two are, whoever is ahead; to either side of nought where that isn't certain.
        limits = [abs(limit) if gap.excludes_zero else limit for limit in (gap.low, gap.high)]
        for record, side in zip(ends, ("right", "left"), strict=True):
            record["side"] = side
        records.append(
            {
                "label": row, "series": None, "status": "gap",
                **dict(zip(("near", "far"), (one["share"] for one in ends), strict=True)),
                "aside": number(100 * abs(gap.difference)),
                "range": span(min(limits), max(limits)),
                "leader": ends[1]["series"] if gap.excludes_zero else None,
                "tip": sentence(further_up(survey, first, second, gap)),
            }
        )  # fmt: skip
    return draw_rows(records, series, legend=legend, column="Gap, points", is_joined=True)


def _make_chart_record(survey: Survey, figure: pd.Series) -> dict[str, Any]:
    """Return one figure as charts draw it: a share with its interval, what words allow, or a note that it is missing.

    Where it was compared with the baseline, the earlier share stands beside it.
    """
    series, status = figure["series"], figure["status"]
    if status == LEFT:
        text, ends = write_share(figure), {end: round_number(figure[end], 4) for end in ("start", "end")}
        share = per_cent(figure["share"], shown_decimals(figure))
        tip = f"{series}: {in_sentence(figure['response'])}, {share}, which is what is left to 100"
        beside = {} if figure["start"] else {"text": f"{text}%{figure['beside']}"}
        return {"label": figure["row"], "series": series, "status": status, **ends, "tip": tip, **beside}
    record = {"label": figure["row"], "series": series, "status": status}
    limits = band(survey.codebook, figure["verbal"]) if status == "words" else None
    if status == "number":
        record |= {"share": round_number(figure["share"], 4), "text": f"{write_share(figure)}%"}
        if has_interval(figure):
            record |= {end: round_number(figure[end], 3) for end in ("low", "high")}
        record["tip"] = f"{series}: {with_interval(figure)}"
    elif limits:
        record |= {"from": round_number(limits[0], 3), "to": round_number(limits[1], 3)}
        record["text"] = f"“{figure['verbal']}”"
        record["tip"] = f"{series}: {figure['verbal']} (no number was published)"
    else:
        record["text"] = f"{series}: " + ("not published" if status != "words" else f"“{figure['verbal']}”, no number")
    changes = changes_of(survey)
    if changes and (change := changes.by_key.get(key_of(figure))):
        before = with_interval(find_figure(changes.baseline, key_of(figure)))
        then = f"{label_of(changes.baseline)}: {before}. {explain_change(change)}"
        record["tip"] = f"{record.get('tip', record['text'])}. {then}"
        if "share" in record and pd.notna(change["baseline_share"]):
            record["was"] = round_number(change["baseline_share"], 4)
            record["text"] = f"{record['text']} {mark_change(change)}".rstrip()
            is_certain = pd.isna(change["low"]) or change["low"] == change["high"]
            record["aside"] = number(100 * change["change"], int(is_certain))
            record |= {} if is_certain else {"range": span(change["low"], change["high"])}
            record |= {"leader": figure["series"]} if change["shown"] else {}
    if "share" in record:
        record["tip"] += f"; {figure['rank']}" if figure.get("rank") else ""
        record["text"] += figure["beside"]
    return record


def _add_baseline(survey: Survey, figures: pd.DataFrame, table: pd.DataFrame) -> Table:
    """Return columns and rows of a table of figures, with the baseline's share and the change where there is one."""
    changes, columns, rows = changes_of(survey), list(table.columns), table.to_numpy().tolist()
    if changes is None:
        return columns, rows
    for row, (_, figure) in zip(rows, figures.iterrows(), strict=True):
        if figure["status"] == LEFT:
            row += [""] * len(CHANGE_COLUMNS)
            continue
        change = changes.by_key.get(key_of(figure))
        before = find_figure(changes.baseline, key_of(figure))
        if change is None or before is None:
            row += ["", "", "", "", "Not compared"]
            continue
        bounds = [format_bound(change[of]) for of in ("change", "low", "high")]
        row += [format_share(before), *bounds, explain_change(change)]
    return [*columns, f"{label_of(changes.baseline)} {CHANGE_COLUMNS[0]}", *CHANGE_COLUMNS[1:]], rows


def finish_chart(
    survey: Survey,
    drawing: alt.TopLevelMixin,
    name: str,
    title: str,
    table: Table,
    function: str,
    *,
    populations: Sequence[str] = (),
    question: str = "",
    subtitle: str = "",
    legend: str = "",
    module: str = "",
    **told: Any,
) -> Exhibit:
    """Return a drawing of a wave's figures as an exhibit: titled, with source and bases, in the picture as beside it.

    A headline that was written for it, and that the wave bears out, takes the place of the computed title.

    Parameters
    ----------
    survey : Survey
        The wave.
    drawing : altair chart
        The picture.
    name, title : str
        As the exhibit's.
    table : tuple of list
        Columns and rows of the figures in it.
    function, module : str
        What chapters call to draw it, and where it is: among the engine's charts where nothing is said.
    populations : sequence of str
        Whose answers these are; all of the wave where none is named.
    question, subtitle : str
        What was asked, or what the figures have in common.
    legend : str
        A line of the picture about its marks.
    **told
        What else the exhibit has.
    """
    subtitle, context = subtitle or survey.codebook.questions.loc[question, "title"], of_survey(survey, populations)
    told |= {
        "question_id": question,
        "subtitle": subtitle,
        "code": {"module": module or HOMES[function], "function": function},
    }
    people_asked = list(populations or survey.metadata["populations"])
    told["reading"] = [*told.get("reading", []), f"Who answered: {tell_everybody(survey)}"]
    source, label = str(survey.metadata["title"]), str(survey.metadata.get("label", survey.wave))
    told["source"] = f"Source: {source if label in source else f'{source}, {label}'}."
    title = headline(survey, name, Phrase(title)).text.rstrip(".")
    told["foot"] = f"Base: {count_bases(survey, people_asked, question)}. {told['source']}"
    spec = finish_spec(drawing, title, subtitle, context["base"], legend)
    return Exhibit(name, title, *table, spec=spec, **context, **told)


def count_bases(survey: Survey, populations: Sequence[str], question: str = "") -> str:
    """Return how many answered, population by population: 'residents 1,000, tenants 500'; and what part was asked."""
    bases = []
    for population in populations:
        size = survey.metadata["populations"].get(population, {}).get("sample_size")
        part = find_part_asked(survey, population, question)
        told = f"{people(survey, population)} {number(size) if size else '(number unknown)'}"
        bases.append(f"{part}, of {told}" if part else told)
    return ", ".join(bases)


def tell_figures(
    survey: Survey,
    figures: pd.DataFrame,
    alternative: str,
    notes: Sequence[str],
    reading: Sequence[str] = (),
    marks: str = "",
    has_hollow: bool = True,
) -> dict[str, Any]:
    """Return what `finish_chart` tells of figures: their ids, what their intervals mean, how they moved since.

    Parameters
    ----------
    survey : Survey
        The wave.
    figures : pandas.DataFrame
        Rows of its estimates.
    alternative : str
        The figures in words.
    notes, reading : sequence of str
        Sentences to read beside them, and what a page says once; some of them empty.
    marks : str
        What the picture says of marks that stand for no figure.
    has_hollow : bool
        Whether shares of the baseline are drawn, as hollow marks.
    """
    found, keys, legend = changes_of(survey), [key_of(figure) for _, figure in figures.iterrows()], list[str]()
    moved = pd.DataFrame([found.by_key[key] for key in keys if key in found.by_key] if found else [])
    changed = []
    if found and len(moved):
        for _, own in moved.groupby("population", sort=False):
            changed.append(changed_items(survey, own).text)
        if has_hollow and moved["baseline_share"].notna().any():
            legend.append(f"Filled: {label_of(survey)}. Hollow: {label_of(found.baseline)}.")
            shown = moved[moved["shown"]]
            legend += [f"{UP} {DOWN}: a change{BEYOND_CHANCE[is_exact(shown)]}."] if len(shown) else []
    legend += [marks] if marks else []
    bands = [BANDS] if figures["status"].eq("words").any() else []
    if found and len(moved):
        reading = [*reading, f"Who answered in {label_of(found.baseline)}: {tell_everybody(found.baseline)}"]
    return {
        "legend": " ".join(legend),
        "interval_note": _explain_bands(survey, figures),
        "notes": [*filter(None, notes), *bands, *_explain_comparison(survey, figures)],
        "reading": [*legend, *reading],
        "figures": list(figures["figure_id"]),
        "alternative": " ".join(dict.fromkeys([alternative, *changed])),
    }


def _explain_bands(survey: Survey, figures: pd.DataFrame) -> str:
    """Return what the intervals of a chart mean, and what they leave out.

    Published percentages have intervals as if each sample were simple random; estimates from respondents name
    the method that allowed for their design.
    """
    if figures["low"].notna().any() and not has_interval(figures).any():
        return EXACT
    text = f"Shaded bands, and lines under bars, are {per_cent(survey.confidence)} intervals"
    of_design = [name for name in dict.fromkeys(figures["method"]) if name and name != PUBLISHED]
    if of_design:
        published = f", or {PUBLISHED} where percentages were published" if PUBLISHED in set(figures["method"]) else ""
        return f"{text}, by the design of each sample ({'; '.join(of_design)}){published}."
    return f"{text} ({PUBLISHED}), as if each sample were simple random."


def tell_everybody(survey: Survey) -> str:
    """Return who answered a survey, population by population, how and when."""
    return base_line(survey, list(survey.metadata["populations"]))


def _explain_comparison(survey: Survey, figures: pd.DataFrame) -> list[str]:
    """Return which of a chart's questions are not compared with the baseline, or with caution, and why."""
    changes = changes_of(survey)
    if changes is None:
        return []
    then, notes = label_of(changes.baseline), []
    asked = set(zip(figures["population"], figures["question_id"], strict=True))
    for question in figures["question_id"].unique():
        for place, verdict in changes.verdicts.items():
            if verdict.question_id == question and place in asked and verdict.reason:
                verb = "With caution beside" if verdict.allows_tests else "Not compared with"
                about = f"{people(survey, verdict.population)}: {verdict.title}"
                notes.append(f"{verb} {then} ({about}): {verdict.reason}.")
    return notes
