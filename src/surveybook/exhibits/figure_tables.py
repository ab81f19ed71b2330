"""Figures as rows of tables: how a share, its bounds and its base are printed, and the tables that list them."""

import math
from collections.abc import Sequence

import pandas as pd

from surveybook.exhibits.exhibit import Exhibit, of_survey
from surveybook.model.kinds import Kind
from surveybook.model.survey import Survey, is_suppressed
from surveybook.model.wording import in_sentence, number, points, sentence, share_text, span
from surveybook.stats.robustness import examine_findings, samples_for_changes
from surveybook.words.corrections import find_disagreements
from surveybook.words.findings import intervals_mean, people
from surveybook.words.naming import name_domain

HEADS = {"label": "Item", "population": "Population", "response": "Answer"}
SMALL_P = 0.001
NO_SAMPLE = "no sample"


def format_bound(share: float) -> str:
    """Return a bound of an interval (0-1) in per cent with one decimal; nothing where there is none."""
    return "" if pd.isna(share) else number(100 * share, 1)


def format_share(figure: pd.Series) -> str:
    """Return a share in per cent as printed; words where the source has only words, and why where it has none."""
    return number(100 * figure["share"], figure["decimals"]) if figure["status"] == "number" else share_text(figure)


def format_base(figure: pd.Series) -> str:
    """Return the base of a figure, with how it is known where the source doesn't state it: '500 (assumed)'."""
    if pd.isna(figure["base"]):
        return "unknown"
    known = "" if figure["base_status"] == "stated" else f" ({figure['base_status']})"
    return f"{number(figure['base'])}{known}"


def format_p(p_value: float) -> str:
    """Return a p-value with three decimals."""
    if pd.isna(p_value):
        return ""
    return f"<\u00a0{SMALL_P}" if p_value < SMALL_P else f"{p_value:.3f}"


def format_effect(effect: float) -> str:
    """Return the design effect at which a finding is lost, rounded down so that it never promises too much."""
    if math.isnan(effect):
        return "not shown at all"
    if math.isinf(effect):
        return "at none"
    decimals = 2 if effect < 10 else 0
    return number(math.floor(effect * 10**decimals) / 10**decimals, decimals)


def format_sample(needed: float) -> str:
    """Return the size of a sample, or that none is large enough."""
    return "" if math.isnan(needed) else NO_SAMPLE if math.isinf(needed) else number(needed)


def name_group(survey: Survey, figure: pd.Series) -> str:
    """Return the population of a figure, with the part of it that the figure is about."""
    who = sentence(people(survey, figure["population"]))
    return f"{who} ({name_domain(figure['domain'])})" if figure["domain"] else who


def find_kinds(survey: Survey, figures: pd.DataFrame) -> dict[str, Kind]:
    """Return the kind of each question that figures belong to, looked up once."""
    return {question: survey.codebook.kind_of(question) for question in figures["question_id"].unique()}


def name_answer(kind: Kind, response: str) -> str:
    """Return the label of an answer; nothing for having chosen an item, which says no more than the item."""
    return "" if response == "chosen" else kind.labels.get(response, response)


def tabulate_figures(
    survey: Survey, figures: pd.DataFrame, heads: Sequence[str] = ("label", "population")
) -> tuple[list[str], list[list[str]]]:
    """Return columns and rows for figures, as a chart carries them: heads, share, interval, base, place in the source.

    Parameters
    ----------
    survey : Survey
        The wave.
    figures : pandas.DataFrame
        Rows of its estimates.
    heads : sequence of str
        What names a row: "label", "population", "response".
    """
    kinds, rows = find_kinds(survey, figures), []
    for _, figure in figures.iterrows():
        texts = {
            "label": figure["label"],
            "population": sentence(people(survey, figure["population"])),
            "response": kinds[figure["question_id"]].labels.get(figure["response"], figure["response"]),
        }
        bounds = (format_bound(figure["low"]), format_bound(figure["high"]))
        rows.append(
            [*(texts[head] for head in heads), format_share(figure), *bounds, format_base(figure), figure["locator"]]
        )
    return [*(HEADS[head] for head in heads), "Share (%)", "Interval from", "to", "Base", "Printed in"], rows


def all_figures(survey: Survey, name: str = "all-figures") -> Exhibit:
    """Return every figure of a wave: a number, words, or not published though the source implies it.

    One row a figure, in the order of its data, with a box to filter it by.
    """
    again, kinds, rows = _find_mentions(survey), find_kinds(survey, survey.estimates), []
    for _, figure in survey.estimates.iterrows():
        kind, label, share = kinds[figure["question_id"]], figure["label"], format_share(figure)
        answer = name_answer(kind, figure["response"])
        bounds = [format_bound(figure[end]) for end in ("low", "high")]
        rows.append(
            [
                f"{label}: {in_sentence(answer)}" if answer else label,
                name_group(survey, figure),
                f"“{share}” (in words)" if figure["status"] == "words" else share,
                " to ".join(bounds) if bounds[0] else "",
                format_base(figure),
                figure["locator"],
                again.get(figure["figure_id"], ""),
                figure["figure_id"],
            ]
        )
    return Exhibit(
        name,
        f"All {number(len(rows))} figures of the {survey.metadata.get('label', survey.wave)} wave",
        ["Item and answer", "Of whom", "Share (%)", "Interval", "Base", "Printed in", "Repeated in", "Id"],
        rows,
        interval_note=_explain_intervals(survey),
        subtitle="Every answer to every question: its share as published, its interval and its base.",
        **of_survey(survey),
        source=f"Source: data/waves/{survey.wave}/estimates.csv and mentions.csv.",
        figures=list(survey.estimates["figure_id"]),
        filter=True,
        anchors={"column": "Id", "prefix": "figure-"},
    )


def _find_mentions(survey: Survey) -> dict[str, str]:
    """Return, by figure, the other places that give it, each as it is worded there."""
    places: dict[str, list[str]] = {}
    for _, mention in survey.mentions.iterrows():
        percent = pd.to_numeric(mention["percent"])
        given = [] if pd.isna(percent) else [f"{percent:g}"]
        given += [f"“{mention['verbal']}”"] if mention["verbal"] else []
        places.setdefault(mention["figure_id"], []).append(f"{mention['locator']}: {', '.join(given)}")
    return {figure: "; ".join(listed) for figure, listed in places.items()}


def _explain_intervals(survey: Survey) -> str:
    """Return what the intervals of all figures are, and which figures have no number."""
    mean = intervals_mean(survey).text
    of = "Wilson’s, " if mean.startswith("as if") else ""
    rows = survey.estimates[survey.estimates["status"] == "unpublished"]
    text = f"Intervals are {of}at {number(100 * survey.confidence)} per cent, {mean}."
    suppressed = sum(map(is_suppressed, rows.itertuples()))
    if suppressed < len(rows) or rows.empty:
        text += " What was not published is listed where the source says or implies that it was asked."
    return text + (" Figures that would tell of a small group are listed without a number." if suppressed else "")


def contradictions(survey: Survey, name: str = "contradictions") -> Exhibit | None:
    """Return the places of a source that repeat one of its figures and don't agree with it; None without any."""
    found = find_disagreements(survey)
    if found.empty:
        return None
    figures = survey.estimates.set_index("figure_id")
    rows = []
    for _, row in found.iterrows():
        figure = figures.loc[row["figure_id"]]
        places = row[["figure", "printed_in", "mention", "mentioned_in", "what"]]
        rows.append([figure["short_label"], name_group(survey, figure), *places])
    return Exhibit(
        name,
        "Places where the source gives a figure otherwise than where it is printed in full",
        ["Item", "Of whom", "Figure", "Printed in", "Given as", "In", "What does not fit"],
        rows,
        notes=["Words fit a number that lies within the band they allow; see the codebook."],
        source=f"Source: data/waves/{survey.wave}/estimates.csv and mentions.csv.",
        figures=list(dict.fromkeys(found["figure_id"])),
        subtitle="Figures that the source gives twice, and not alike.",
        **of_survey(survey),
    )


def design_effects(survey: Survey, name: str = "design-effects") -> Exhibit:
    """Return every finding of a wave with the design effect at which it would be lost."""
    rows = [
        [
            *_describe_finding(survey, row),
            number(100 * row["difference"]),
            span(row["low"], row["high"], 1),
            format_p(row["p_holm"]),
            "yes" if row["secure"] else "no",
            "" if pd.isna(row["survives_rounding"]) else "yes" if row["survives_rounding"] else "no",
            format_effect(row["lost_at_design_effect"]),
        ]
        for _, row in examine_findings(survey).iterrows()
    ]
    columns = ["Compared", "Of whom", "Points", "Interval", "p (Holm)", "Shown", "Survives rounding"]
    level = number(100 * survey.confidence)
    return Exhibit(
        name,
        "What each finding can bear",
        [*columns, "Lost at design effect"],
        rows,
        notes=[
            "Where there is a family of tests, p is adjusted by Holm’s method and decides whether the difference "
            "shows; elsewhere the interval decides. A design effect of two means that the sample tells as much as a "
            "simple random one of half its size."
        ],
        interval_note=f"Points are the one figure minus the other, with the {level} per cent interval, unadjusted.",
        subtitle="Every difference that the chapters speak of, and the design effect at which it would be lost.",
        **of_survey(survey),
        source=f"Source: {survey.metadata['title']}; computed by surveybook.stats.robustness.",
        filter=True,
    )


def _describe_finding(survey: Survey, row: pd.Series) -> tuple[str, str]:
    """Return what a row of `examine_findings` compares, and of whom."""
    labels, who = survey.codebook.items["short_label"], people(survey, row["population"])
    item = labels[row["item_id"]]
    if row["kind"] == "populations":
        return f"{item}: {who} against {people(survey, row['other_population'])}", "Both"
    if row["kind"] == "order":
        return f"{item} before {in_sentence(str(labels[row['other_item_id']]))}", sentence(who)
    against = "agree against disagree" if row["kind"] == "answers" else "share who agree against one half"
    return f"{item}: {against}", sentence(who)


def samples_needed(survey: Survey, name: str = "samples-by-figure") -> Exhibit:
    """Return, figure by figure, the sample of a new wave that would detect each change."""
    found = samples_for_changes(survey)
    changes = list(dict.fromkeys(found["change"]))
    rows, figures = [], []
    for figure_id, same in found.groupby("figure_id", sort=False):
        figure = same.iloc[0]
        needed = same.set_index("change")["sample_needed"]
        answer = f" ({figure['response'].replace('_', ' ')})" if figure["response"] != "chosen" else ""
        sizes = [format_sample(needed[change]) for change in changes]
        cells = [figure["label"] + answer, name_group(survey, figure), format_share(figure), format_base(figure)]
        rows.append([*cells, *sizes])
        figures.append(str(figure_id))
    return Exhibit(
        name,
        "The answers that a new wave needs to detect a change, figure by figure",
        ["Figure", "Of whom", "Share (%)", "Base", *(f"For {points(change)}" for change in changes)],
        rows,
        notes=[f"“{sentence(NO_SAMPLE)}” means that none is large enough: this wave’s base is too small for that."],
        source=f"Source: {survey.metadata['title']}; computed by surveybook.stats.robustness.",
        figures=figures,
        subtitle="How many people a wave has to ask, to detect that a share rose or fell by so many points.",
        **of_survey(survey),
        filter=True,
    )
