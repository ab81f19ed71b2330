"""What each finding can bear, and the samples that a new wave would need, as tables."""

import math

import pandas as pd

from surveybook.exhibits.tables.context import of_survey
from surveybook.exhibits.tables.figures import base_text, value
from surveybook.exhibits.tables.listing import of_whom
from surveybook.exhibits.tables.record import Table
from surveybook.model.survey import Survey
from surveybook.model.wording import in_sentence, number, points, sentence, span
from surveybook.stats.robustness import examine_findings, samples_for_changes
from surveybook.words.findings import people

SMALL_P = 0.001
NO_SAMPLE = "no sample"


def lost_text(effect: float) -> str:
    """Return the design effect at which a finding is lost, rounded down so that it never promises too much."""
    if math.isnan(effect):
        return "not shown at all"
    if math.isinf(effect):
        return "at none"
    decimals = 2 if effect < 10 else 0
    return number(math.floor(effect * 10**decimals) / 10**decimals, decimals)


def p_text(p_value: float) -> str:
    """Return a p-value with three decimals."""
    if pd.isna(p_value):
        return ""
    return f"<\u00a0{SMALL_P}" if p_value < SMALL_P else f"{p_value:.3f}"


def describe_finding(survey: Survey, row: pd.Series) -> tuple[str, str]:
    """Return what a row of `examine_findings` compares, and of whom."""
    labels, who = survey.codebook.items["short_label"], people(survey, row["population"])
    item = labels[row["item_id"]]
    if row["kind"] == "populations":
        return f"{item}: {who} against {people(survey, row['other_population'])}", "Both"
    if row["kind"] == "order":
        return f"{item} before {in_sentence(str(labels[row['other_item_id']]))}", sentence(who)
    against = "agree against disagree" if row["kind"] == "answers" else "share who agree against one half"
    return f"{item}: {against}", sentence(who)


def design_effects(survey: Survey, name: str = "design-effects") -> Table:
    """Return every finding of a wave with the design effect at which it would be lost."""
    rows = []
    for _, row in examine_findings(survey).iterrows():
        survives = row["survives_rounding"]
        rows.append(
            [
                *describe_finding(survey, row),
                number(100 * row["difference"]),
                span(row["low"], row["high"], 1),
                p_text(row["p_holm"]),
                "yes" if row["secure"] else "no",
                "" if pd.isna(survives) else "yes" if survives else "no",
                lost_text(row["lost_at_design_effect"]),
            ]
        )
    columns = ["Compared", "Of whom", "Points", "Interval", "p (Holm)", "Shown", "Survives rounding"]
    level = number(100 * survey.confidence)
    return Table(
        name,
        "What each finding can bear",
        [*columns, "Lost at design effect"],
        rows,
        note="Where there is a family of tests, p is adjusted by Holm’s method and decides whether the difference "
        "shows; elsewhere the interval decides. A design effect of two means that the sample tells as much as a simple "
        "random one of half its size.",
        interval_note=f"Points are the one figure minus the other, with the {level} per cent interval, unadjusted.",
        subtitle="Every difference that the chapters speak of, and the design effect at which it would be lost.",
        **of_survey(survey),
        source=f"Source: {survey.metadata['title']}; computed by surveybook.stats.robustness.",
        filter=True,
    )


def sample_text(needed: float) -> str:
    """Return the size of a sample, or that none is large enough."""
    return "" if math.isnan(needed) else NO_SAMPLE if math.isinf(needed) else number(needed)


def samples_needed(survey: Survey, name: str = "samples-by-figure") -> Table:
    """Return, figure by figure, the sample of a new wave that would detect each change."""
    found = samples_for_changes(survey)
    changes = list(dict.fromkeys(found["change"]))
    rows, figures = [], []
    for figure_id, same in found.groupby("figure_id", sort=False):
        figure = same.iloc[0]
        needed = same.set_index("change")["sample_needed"]
        answer = "" if figure["response"] == "chosen" else f" ({figure['response'].replace('_', ' ')})"
        texts = [sample_text(needed[change]) for change in changes]
        rows.append([figure["label"] + answer, of_whom(survey, figure), value(figure), base_text(figure), *texts])
        figures.append(str(figure_id))
    columns = ["Figure", "Of whom", "Share (%)", "Base", *(f"For {points(change)}" for change in changes)]
    return Table(
        name,
        "The answers that a new wave needs to detect a change, figure by figure",
        columns,
        rows,
        note=f"“{sentence(NO_SAMPLE)}” means that none is large enough: this wave’s base is too small for that.",
        source=f"Source: {survey.metadata['title']}; computed by surveybook.stats.robustness.",
        figures=figures,
        subtitle="How many people a wave has to ask, to detect that a share rose or fell by so many points.",
        **of_survey(survey),
        filter=True,
    )
