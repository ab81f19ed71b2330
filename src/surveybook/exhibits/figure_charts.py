"""One chart of any figures of a survey: drawn from tidy records, with the table behind it, explained and finished."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from surveybook.change.changes import BEYOND_CHANCE, changes_of, explain_change, is_exact
from surveybook.exhibits.exhibit import Exhibit, of_survey
from surveybook.exhibits.forms import Spec, draw_bars, draw_rows, finish_spec, map_series
from surveybook.exhibits.records import (
    DOWN,
    LEFT,
    SHOWN,
    UNKNOWN,
    UP,
    add_changes,
    add_remainders,
    divide_bars,
    find_before,
    format_bound,
    format_share,
    join_pair,
    make_record,
    number_labels,
    pick_parts,
    shade_parts,
    tell_remainders,
    word_figures,
)
from surveybook.judgement.headlines import headline
from surveybook.model.survey import (
    Survey,
    find_part_asked,
    key_of,
    label_of,
    list_records,
    populations_asked,
    stands_alone,
)
from surveybook.model.wording import Phrase, has_interval, in_sentence, list_first, number, per_cent, quote
from surveybook.stats.shares import METHOD as PUBLISHED
from surveybook.words.asked import count_people
from surveybook.words.findings import changed_items, people
from surveybook.words.shares import Gap

# What names a row of the table.
BY_ITEM, BY_ANSWER = ("label", "population"), ("label", "response", "population")
HEADS = {"label": "Item", "population": "Population", "response": "Answer"}
GAP_COLUMNS = ["Gap (points)", "Gap from", "Gap to"]
CHANGE_COLUMNS = ["Change (points)", "Change from", "to", "What the change means"]
BANDS = "A band shows what the source’s words allow; it printed no number."
EXACT = "Everybody was asked: shares have no sampling error, and no intervals."
# Of more questions with one reason these are named.
MOST_LISTED = 4
Table = tuple[list[str], list[list[str]]]


def chart_figures(
    survey: Survey,
    figures: pd.DataFrame,
    name: str,
    title: str,
    alternative: str,
    made_by: Callable[..., Any],
    *,
    heads: Sequence[str] = BY_ITEM,
    draw: Callable[[pd.DataFrame], Spec] | None = None,
    question: str = "",
    populations: Sequence[str] = (),
    notes: Sequence[str] = (),
    reading: Sequence[str] = (),
    whole: bool = True,
    gaps: Sequence[Gap] = (),
    in_bars: bool = False,
    **told: Any,
) -> Exhibit:
    """Return a chart of figures with the table behind it: rows of dots with intervals, or bars that they make up.

    Beside a baseline rows have the two surveys' shares joined, with the change at the right; bars stay those of this
    survey, and their table has what changed.

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
    made_by : callable
        The function that chapters call.
    heads : sequence of str
        What names a row of the table: "label", "population", "response".
    draw : callable, optional
        What returns another picture of the figures and what they leave to 100%.
    question, populations
        What was asked of whom, as for `finish_chart`.
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
    populations = populations or populations_asked(survey, question)
    shown = add_remainders(survey, _name_rows(survey, figures, heads), is_behind=in_bars)
    shown = add_changes(survey, shown if whole else shown[shown["status"] != LEFT])
    drawn = shown[shown["row"].notna()]
    if draw:
        drawing = draw(drawn)
    elif in_bars:
        parts = pick_parts(survey, drawn)
        drawing = draw_bars(divide_bars(survey, parts), shade_parts(survey, parts))
    else:
        drawing = _draw_figures(survey, drawn, populations, gaps)
    said, marks = tell_remainders(survey, shown)
    is_unknown = marks and (shown["status"].eq("words") & shown["whole"].ne("")).any()
    own, baseline = shown[shown["status"] != LEFT], survey.baseline
    moved = pd.DataFrame([change for change in own["change"] if change])
    legend, then, changed = list[str](), list[str](), list[str]()
    if baseline and len(moved):
        changed = [changed_items(survey, rows).text for _, rows in moved.groupby("population", sort=False)]
        then = [f"Who answered in {label_of(baseline)}: {of_survey(baseline)['base']}"]
        if draw is None and not in_bars and moved["baseline_share"].notna().any():
            legend.append(f"Filled: {label_of(survey)}. Hollow: {label_of(baseline)}.")
            shows = moved[moved["shown"]]
            legend += [f"{UP} {DOWN}: a change{BEYOND_CHANCE[is_exact(shows)]}."] if len(shows) else []
    # A legend names the rest of a bar.
    legend += [marks] if marks and draw is None and not in_bars else []
    bands = [BANDS] if own["status"].eq("words").any() else []
    return finish_chart(
        survey,
        drawing,
        name,
        title,
        _tabulate_figures(survey, shown, heads, whole, gaps),
        made_by,
        question=question,
        populations=populations,
        legend=" ".join(legend),
        interval_note=_explain_bands(survey, own),
        notes=[*filter(None, notes), *bands, *_explain_comparison(survey, own)],
        reading=[*legend, *reading, *([UNKNOWN] if is_unknown else []), *then],
        figures=list(own["figure_id"]),
        alternative=" ".join(dict.fromkeys([f"{alternative} {said}".rstrip(), *changed])),
        **told,
    )


def _name_rows(survey: Survey, figures: pd.DataFrame, heads: Sequence[str]) -> pd.DataFrame:
    """Return figures with the columns that say how each is drawn, where they don't have them."""
    labels, things = figures["label"], figures["item_id"]
    if "response" in heads:
        answers = word_figures(survey, figures)["response"]
        labels, things = labels + ": " + answers.map(in_sentence), things + "." + figures["response"]
    names = survey.codebook.populations["label"]
    by_default = {"row": number_labels(labels, things), "series": figures["population"].map(names), "beside": ""}
    return figures.assign(**{column: by for column, by in by_default.items() if column not in figures})


def _draw_figures(survey: Survey, drawn: pd.DataFrame, populations: Sequence[str], gaps: Sequence[Gap]) -> Spec:
    """Return rows of dots: beside a baseline with the change at the right, of pairs with their gap."""
    series = list(map_series(survey, populations).values())
    places = [one.name for one in series]
    drawn = drawn.assign(line=pd.factorize(drawn["row"])[0], place=drawn["series"].map(places.index))
    drawn = drawn.sort_values(["line", "place"], kind="stable")
    records = [make_record(survey, figure) for figure in list_records(drawn)]
    if changes_of(survey) is not None:
        column, gaps = "Change, points" if any("aside" in record for record in records) else "", ()
    else:
        column = "Gap, points" if gaps else ""
    by_key = {key_of(figure): figure["row"] for figure in list_records(drawn)}
    for pair in gaps:
        own = [record for record in records if record["label"] == by_key[key_of(pair[0])]]
        records.append(join_pair(survey, own, pair))
    return draw_rows(records, series, column=column)


def _tabulate_figures(
    survey: Survey, shown: pd.DataFrame, heads: Sequence[str], whole: bool, gaps: Sequence[Gap]
) -> Table:
    """Return columns and rows of the table behind a chart: the figures, their gaps, their changes, their ranks."""
    words, is_left = word_figures(survey, shown), shown["status"] == LEFT
    if "response" not in heads:
        words.loc[is_left, "label"] = [
            label if label == answer else f"{label}: {in_sentence(answer)}"
            for label, answer in shown.loc[is_left, ["label", "response"]].to_numpy()
        ]
    # A page says once which bases are assumed.
    words["base"] = words["base"].str.partition(" (")[0]
    is_printed = whole and words["locator"].any()
    held = [name for name in SHOWN if name != "locator" or is_printed]
    tables = [words[[*heads, *held]].rename(columns=HEADS | SHOWN | {"base": "Respondents"})]
    if gaps:
        # In the row of the second population's figure, which has the first one's above it.
        cells = {key_of(other): [*map(format_bound, (gap.difference, gap.low, gap.high))] for _, other, gap in gaps}
        rows = [cells.get(key_of(figure), [""] * 3) for figure in list_records(shown)]
        tables.append(pd.DataFrame(rows, shown.index, GAP_COLUMNS))
    if changes := changes_of(survey):
        columns = [f"{label_of(changes.baseline)} share (%)", *CHANGE_COLUMNS]
        rows = [_tell_change(survey, change, left) for change, left in zip(shown["change"], is_left, strict=True)]
        tables.append(pd.DataFrame(rows, shown.index, columns))
    if "rank" in shown:
        tables.append(shown["rank"].mask(is_left, "").to_frame("Rank, as far as sampling tells"))
    table = pd.concat(tables, axis=1)
    return list(table.columns), table.to_numpy().tolist()


def _tell_change(survey: Survey, change: Any, is_left: bool) -> list[str]:
    """Return the cells of a figure's change since the baseline: what was before, by how much it moved, in words."""
    if not change:
        return [*[""] * len(CHANGE_COLUMNS), "" if is_left else "Not compared"]
    bounds = [format_bound(change[of]) for of in ("change", "low", "high")]
    return [format_share(find_before(survey, change)), *bounds, explain_change(change)]


def finish_chart(
    survey: Survey,
    drawing: Spec,
    name: str,
    title: str,
    table: Table,
    made_by: Callable[..., Any],
    *,
    populations: Sequence[str] = (),
    question: str = "",
    subtitle: str = "",
    legend: str = "",
    reading: Sequence[str] = (),
    **told: Any,
) -> Exhibit:
    """Return a drawing of a wave's figures as an exhibit: titled, with source and bases, in the picture as beside it.

    A headline that was written for it, and that the wave bears out, takes the place of the computed title.

    Parameters
    ----------
    survey : Survey
        The wave.
    drawing : dict
        The picture, as the forms draw it.
    name, title : str
        As the exhibit's; where it has no name of its own, the question's, with hyphens.
    table : tuple of list
        Columns and rows of the figures in it.
    made_by : callable
        What chapters call to draw it.
    populations : sequence of str
        Whose answers these are; where none is named, all that were asked the question, or that the wave has.
    question, subtitle : str
        What was asked, or what the figures have in common.
    legend : str
        A line of the picture about its marks.
    reading : sequence of str
        How to read it, beside who answered.
    **told
        What else the exhibit has.
    """
    asked = populations_asked(survey, question) if question else list(survey.metadata["populations"])
    populations, subtitle = populations or asked, subtitle or survey.codebook.questions.loc[question, "title"]
    context, name = of_survey(survey, populations), name or question.replace("_", "-")
    source, label = str(survey.metadata["title"]), label_of(survey)
    source = f"Source: {source if label in source or stands_alone(survey) else f'{source}, {label}'}."
    title = headline(survey, name, Phrase(title)).text.rstrip(".")
    columns, rows = table
    return Exhibit(
        name,
        title,
        columns,
        rows,
        spec=finish_spec(drawing, title, subtitle, context["base"], legend),
        question_id=question,
        subtitle=subtitle,
        code={"module": made_by.__module__, "function": made_by.__name__},
        reading=[*reading, f"Who answered: {of_survey(survey)['base']}"],
        source=source,
        foot=f"Base: {count_bases(survey, populations, question)}. {source}",
        **context,
        **told,
    )


def count_bases(survey: Survey, populations: Sequence[str], question: str = "") -> str:
    """Return how many answered, population by population: 'residents 1,000, tenants 500'; and what part was asked.

    Where fewer people of a sample answered a question than were asked, both are told: 'residents 826 of 1,000'; and
    where it is kept back how many they are, 'residents not published, of 1,000'.
    """
    figures, bases = pd.concat([survey.estimates, survey.numbers])[["population", "question_id", "domain", "base"]], []
    figures = figures[(figures["question_id"] == question) & (figures["domain"] == "")]
    for population in populations:
        size = count_people(survey, population)
        part = find_part_asked(survey, population, question)
        told, who = number(size) if size else "(number unknown)", people(survey, population)
        stated = figures.loc[figures["population"] == population, "base"]
        answered = stated.dropna()
        if part:
            bases.append(f"{part}, of {who} {told}")
            continue
        if size and len(stated) and answered.empty:
            told = f"not published, of {told}"
        elif size and len(answered) and answered.max() < size:
            ends = [number(base) for base in dict.fromkeys((answered.min(), answered.max()))]
            told = f"{' to '.join(ends)} of {told}"
        alone = len(populations) == 1 and size and not who.startswith("the ")
        bases.append(f"{told} {who}" if alone else f"{who} {told}")
    return ", ".join(bases)


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
        return f"{text}, by the design of each sample{published}."
    return f"{text} ({PUBLISHED}), as if each sample were simple random."


def _explain_comparison(survey: Survey, figures: pd.DataFrame) -> list[str]:
    """Return why a chart's questions are not compared with the baseline, or with caution: a sentence a reason."""
    changes = changes_of(survey)
    if changes is None:
        return []
    then, told = label_of(changes.baseline), dict[str, list[str]]()
    asked = set(zip(figures["population"], figures["question_id"], strict=True))
    several = len({population for population, _ in asked}) > 1
    for question in figures["question_id"].unique():
        for place, verdict in changes.verdicts.items():
            if verdict.question_id == question and place in asked and verdict.reason:
                verb = "With caution beside" if verdict.allows_tests else "Not compared with"
                is_new = verdict.only_in == survey.wave
                why = f"Not asked in {then}" if is_new else f"{verb} {then}: {verdict.reason}"
                whose = f" of {people(survey, verdict.population)}" if several else ""
                told.setdefault(why, []).append(f"{quote(verdict.title)}{whose}")
    # What a chart of one question is of, its head says.
    return [f"{why}{f' ({list_first(own, MOST_LISTED)})' if len(asked) > 1 else ''}." for why, own in told.items()]
