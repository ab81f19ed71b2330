"""Reading and checking one wave of the survey, and making the folder of a new one.

A wave is a folder of plain files. `open_wave` either returns it whole, as one tidy table of estimates and
what is known of how they came about, or raises one error that lists all that is wrong.
"""

import gc
import os
import pickle
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from surveybook.model import paths
from surveybook.model.codebook import Codebook, read_codebook
from surveybook.model.files import fill_beside, find_fieldwork_end, read_yaml, stage_folder
from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.model.report import read_report
from surveybook.model.survey import COLUMNS, Survey
from surveybook.model.tables import list_columns, read_schemas, read_table
from surveybook.stats.comparison import CENSUS
from surveybook.stats.completeness import drop_nets
from surveybook.stats.shares import add_intervals
from surveybook.waves.checks import DISCLOSURE_ITEMS, Checks, state_disclosed
from surveybook.waves.release import (
    Gathered,
    add_released_labels,
    apply_released,
    describe_numbers,
    gather_figures,
    read_choices,
)

WAVE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def check_wave_id(name: str) -> None:
    """Refuse what can't be the id of a wave.

    Raises
    ------
    SurveybookError
        With the waves that there are.
    """
    if not WAVE_ID.fullmatch(name) or ".." in name:
        raise SurveybookError(
            f"{name[:80]!r} can't be the id of a wave: letters, digits, '-', '_' and '.' make one. "
            f"There are: {', '.join(paths.list_waves()) or 'none'}."
        )


def find_wave(wave: str | int) -> Path:
    """Return the folder of a wave.

    Raises
    ------
    SurveybookError
        When the id isn't one, or there is no such wave; the message lists those that there are.
    DataError
        With each link that leads out of the folder of waves: one could bring any file of this machine into a book.
    """
    name = str(wave)
    check_wave_id(name)
    folder = paths.waves() / name
    if not (folder / "wave.yml").is_file():
        there = f"There are: {', '.join(paths.list_waves()) or 'none'}."
        raise SurveybookError(f"There is no wave {name!r} in {paths.shown(paths.waves())}. {there}")
    leading_out = [path for path in (folder, *sorted(folder.rglob("*"))) if not paths.is_inside(path, paths.waves())]
    if leading_out:
        expected = "put the file itself there"
        problems = [Problem(paths.shown(path.absolute()), "a link leads elsewhere", expected) for path in leading_out]
        raise DataError(f"Wave {name}", problems)
    return folder


def make_wave(wave: str) -> list[Path]:
    """Make the folder of a new wave from the codebook, and return its files.

    Its ``asked.csv`` has a row for each population and question that says that it wasn't asked, until somebody fills
    it in.

    Raises
    ------
    SurveybookError
        When the id isn't one or the wave is there already; nothing is written then.
    DataError
        When the codebook is wrong.
    """
    from surveybook.respondents.files import READERS

    name = str(wave)
    check_wave_id(name)
    folder = paths.waves() / name
    if folder.exists() or name.lower() in {there.lower() for there in paths.list_waves()}:
        raise SurveybookError(f"{paths.shown(folder)} is there already; choose another id, or go on with that folder.")
    codebook = read_codebook()
    told = {"wave": name, "populations": codebook.populations["label"].to_dict(), "items": DISCLOSURE_ITEMS}
    with stage_folder(folder) as stage:
        text = fill_beside(__file__, "wave.yml.jinja", {}, **told, formats=READERS)
        (stage / "wave.yml").write_text(text, encoding="utf-8")
        list_unasked(codebook).to_csv(stage / "asked.csv", index=False, lineterminator="\n")
    return sorted(folder.iterdir())


def list_unasked(codebook: Codebook) -> pd.DataFrame:
    """Return an ``asked.csv`` in which no population was asked any question."""
    names = [codebook.questions.index, codebook.populations.index]
    asked = pd.MultiIndex.from_product(names, names=["question_id", "population"]).to_frame(index=False)
    answers = {name: "|".join(kind.answers) for name, kind in codebook.kinds.items()}
    asked = asked.assign(responses=asked["question_id"].map(answers), source="not_asked")
    return asked.reindex(columns=list_columns(read_schemas()["asked"]), fill_value="")


def find_earlier(survey: Survey) -> str:
    """Return the wave that a check compares one with: the baseline that it names, or else the last before it.

    Empty where it is the first. What was in the field earlier came before; where nobody says when, names tell. Nothing
    is compared with a made-up wave unless it says so.
    """
    if named := str(survey.metadata.get("baseline") or "").split(",")[-1].strip():
        return named
    ended = {}
    for wave in paths.list_waves():
        told = read_yaml(paths.waves() / wave / "wave.yml", [])
        if wave == survey.wave or told.get("synthetic") is not True:
            ended[wave] = (find_fieldwork_end(told), wave)
    own = ended[survey.wave]
    dated = own[0] and all(end for end, _ in ended.values())
    before = sorted(end for end in ended.values() if (end < own if dated else end[1] < own[1]))
    return before[-1][1] if before else ""


def open_wave(wave: str | int, baseline: str | int = "", *, confidence: float | None = None) -> Survey:
    """Return a wave after checking all of it.

    Parameters
    ----------
    wave : str or int
        The id; a number, which is what papermill makes of a year, is taken as text.
    baseline : str or int
        The id of the earlier wave to compare with; none when it is empty. Several make a series, the earliest
        first and commas between them: each is the baseline of the next.
    confidence : float, optional
        The level of the intervals, between 0 and 1; that of ``report.yml`` otherwise.

    Returns
    -------
    Survey
        The wave with its estimates, and with its baseline where one is named.

    Raises
    ------
    SurveybookError
        When there is no such wave, the level isn't one, or the baseline is the wave itself.
    DataError
        When anything in the files is wrong; it lists everything that is.
    """
    return _find_opened(wave, baseline, confidence) or examine_wave(wave, baseline, confidence=confidence)[0]


def check_order(first: Survey, then: Survey) -> None:
    """Refuse a series of baselines in which a survey follows one that was asked later.

    Raises
    ------
    SurveybookError
        With what to write.
    """
    ends = [find_fieldwork_end(one.metadata) for one in (first, then)]
    if ends[0] > ends[1] > "":
        said = f"Among the baselines {then.wave} follows {first.wave}, and was asked before it"
        raise SurveybookError(f"{said}: name them from the earliest to the latest.")


def name_baselines(survey: Survey) -> str:
    """Return the waves that a wave is compared with, the earliest first, as an edition is asked for."""
    if survey.baseline is None:
        return ""
    return ",".join(filter(None, (name_baselines(survey.baseline), survey.baseline.wave)))


def _find_opened(wave: str | int, baseline: str | int, confidence: float | None) -> Survey | None:
    """Return the wave as the build that this process belongs to has opened it, or that by itself; None for any other.

    Tens of thousands of figures and covariances take seconds to check, and each chapter would check them again. Only a
    build sets the variable, for its own tasks and a file that it has just written: what lies beside data is never read.
    """
    named = os.environ.get(paths.OPENED_VARIABLE)
    if not named:
        return None
    gc.disable()  # or it looks through all that was read, over and over while more is, for half of the time
    try:
        surveys: list[Survey] = pickle.loads(Path(named).read_bytes())
    finally:
        gc.enable()
    asked = (str(wave), confidence or read_report().confidence)
    found = {name_baselines(one): one for one in surveys if asked == (one.wave, one.confidence)}
    alone = (replace(one, baseline=None) for one in found.values() if not baseline)
    return found.get(str(baseline).replace(" ", "")) or next(alone, None)


def examine_wave(
    wave: str | int, baseline: str | int = "", *, confidence: float | None = None, fresh: bool = False
) -> tuple[Survey, Gathered]:
    """Return a wave as `open_wave` does, and what it was gathered from.

    With `fresh`, figures are estimated from respondents wherever these are there, released or not.
    """
    confidence = read_report().confidence if confidence is None else confidence
    if not isinstance(confidence, (int, float)) or not 0.5 <= confidence < 1:
        raise SurveybookError(f"The confidence is {confidence!r}; expected a share such as 0.95.")
    folder = find_wave(wave)
    name = folder.name
    *before, nearest = [part.strip() for part in str(baseline).split(",")]
    if name in (nearest, *before):
        raise SurveybookError(f"Wave {name} can't be its own baseline; name an earlier wave, or none.")
    earlier = open_wave(nearest, ",".join(before), confidence=confidence) if nearest else None
    if earlier and earlier.baseline:
        check_order(earlier.baseline, earlier)
    codebook = earlier.codebook if earlier else read_codebook()
    checks = Checks(folder, codebook)
    metadata, asked = read_yaml(folder / "wave.yml", checks.problems), read_table(folder / "asked.csv", checks.problems)
    if not metadata:
        # Everything else would be said to be missing, because this file couldn't be read.
        raise DataError(f"Wave {name}", checks.problems)
    metadata = checks.check_metadata(metadata)
    checks.check_asked(asked)
    asked = asked.drop_duplicates(["population", "question_id"]).assign(max_choices=read_choices(asked["max_choices"]))
    checks.check_asked_populations(metadata, asked)
    gathered = gather_figures(checks, metadata, asked, fresh=fresh)
    figures = checks.check_estimates(gathered.tables["estimates"])
    numbers = checks.check_numbers(gathered.tables["numbers"])
    if len(asked) and (len(figures) or len(numbers)):
        given = {"estimates.csv": figures, "numbers.csv": numbers}
        checks.check_questions(given, asked)
        checks.check_sample_sizes(given, metadata)
    covariances = checks.check_covariances(gathered.tables["covariances"], figures, numbers)
    mentions = checks.check_mentions(checks.read_text("mentions.csv"), figures["figure_id"])
    described = join_codebook(figures, codebook).assign(share=figures["percent"] / 100)
    checks.check_nets(described)
    checks.check_sums(drop_nets(described, codebook), asked)
    if checks.problems:
        raise DataError(f"Wave {name}", checks.problems)
    published = mark_census(add_intervals(make_estimates(described, name, metadata), confidence), metadata)
    survey = Survey(
        name,
        state_disclosed(metadata),
        asked.reset_index(drop=True),
        apply_released(published, figures, confidence)[COLUMNS],
        mentions.reset_index(drop=True),
        codebook,
        float(confidence),
        tuple(checks.warnings),
        covariances,
        earlier,
        add_released_labels(gathered.recordings, folder),
        describe_numbers(numbers, codebook, float(confidence)),
    )
    return survey, gathered


def open_report(survey: Survey) -> Survey:
    """Return the wave that the source report rests on, at the level of another wave's intervals.

    Chapters take what they say of the report from it, whichever wave they show themselves. Its estimates have one
    column more, ``pinned``: the wave's id, so that what rests on them can be told from what follows the chapter's wave.
    """
    wave = read_report().claims_wave
    if not wave:
        raise SurveybookError("report.yml names no wave that the report rests on: give source_report a wave.")
    found = survey if survey.wave == wave else open_wave(wave, confidence=survey.confidence)
    return replace(found, baseline=None, pinned=wave, estimates=found.estimates.assign(pinned=wave))


def join_codebook(figures: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return the figures with their item's question, labels and order, and whether it stands in a list."""
    kinds = codebook.kinds_of_items.values()
    items = codebook.items[["question_id", "label", "short_label", "order"]].assign(
        is_list=[kind.is_list for kind in kinds], is_several=[kind.is_several for kind in kinds]
    )
    return figures.join(items, on="item_id")


def make_estimates(figures: pd.DataFrame, wave: str, metadata: dict[str, Any]) -> pd.DataFrame:
    """Return published percentages as estimates: shares from 0 to 1 and the base that they stand on.

    A figure without a design effect of its own has its population's, as ``wave.yml`` gives it. One that isn't
    known is taken as 1, as if the sample were simple random; what depends on it says so, and `base_status` tells
    whether the base itself is stated, assumed or unknown.
    """
    overall = {name: entries.get("design_effect") for name, entries in metadata["populations"].items()}
    deff = figures["deff"].fillna(figures["population"].map(overall).astype(float)).fillna(1.0)
    return figures.assign(
        wave=wave,
        share=figures["percent"] / 100,
        weighted_base=np.nan,
        design_effect=deff,
        effective_base=figures["base"] / deff,
        degrees_of_freedom=np.nan,
        decimals=figures["decimals"].fillna(0).astype(int),
    ).reset_index(drop=True)


def mark_census(estimates: pd.DataFrame, metadata: dict[str, Any]) -> pd.DataFrame:
    """Return estimates in which shares of populations that were asked whole are exact, whatever their base."""
    whole = [name for name, entries in metadata["populations"].items() if entries.get("census")]
    rows = estimates["population"].isin(whole) & estimates["share"].notna()
    exact = {"standard_error": 0.0, "low": estimates["share"], "high": estimates["share"], "method": CENSUS}
    return estimates.assign(**{name: estimates[name].mask(rows, value) for name, value in exact.items()})
