"""A wave's figures brought together: published ones, released ones, those that respondents give now; and releasing."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from surveybook.model import paths
from surveybook.model.codebook import Codebook
from surveybook.model.problems import Problem, SurveybookError
from surveybook.model.survey import Survey
from surveybook.model.tables import find_schema, list_columns, read_schemas, read_text_table
from surveybook.waves.definitions import FILE as DEFINITIONS
from surveybook.waves.definitions import write_definitions

if TYPE_CHECKING:
    from surveybook.respondents.population import Population

# The level of the limits in a released file.
RELEASED_CONFIDENCE = 0.95
NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Gathered:
    """All figures of a wave, as text.

    Attributes
    ----------
    figures, covariances, numbers : pandas.DataFrame
        With the columns of ``estimates.csv``, ``covariances.csv`` and ``numbers.csv``; the index numbers rows as they
        do.
    populations : tuple of Population
        Those whose respondents were read just now.
    estimated : bool
        Whether any figure comes from respondents and not from a file of figures.
    recordings : dict
        How answers and groups were recorded in files of respondents, by population.
    """

    figures: pd.DataFrame
    covariances: pd.DataFrame
    numbers: pd.DataFrame
    populations: "tuple[Population, ...]" = ()
    estimated: bool = False
    recordings: dict[str, dict[str, Any]] = field(default_factory=dict)


def gather_figures(
    folder: Path,
    metadata: Mapping[str, Any],
    asked: pd.DataFrame,
    codebook: Codebook,
    problems: list[Problem],
    warn: Callable[[str], None],
    *,
    fresh: bool = False,
) -> Gathered:
    """Return a wave's figures: what its files hold and, where nothing was released, what respondents give.

    Parameters
    ----------
    folder : Path
        The wave's.
    metadata, asked, codebook
        What is known of it; `asked` after its checks.
    problems : list of Problem
        Everything that is wrong is added to it.
    warn : callable
        Called with what looks doubtful.
    fresh : bool
        Whether to estimate from respondents even though there is a release.
    """
    needed = asked[asked["source"] == "responses"]
    kinds = asked["question_id"].isin([name for name, kind in codebook.kinds.items() if not kind.is_number])
    published = bool(((asked["source"] == "published") & kinds).any())
    figures = _read_if_there(folder / "estimates.csv", problems, needed=published)
    covariances, numbers = (_read_if_there(folder / f"{name}.csv", problems) for name in ("covariances", "numbers"))
    if needed.empty and "responses" not in metadata:
        return Gathered(figures, covariances, numbers)
    from surveybook.respondents.population import estimate_wave  # a wave of published figures needs none of it

    keys = pd.MultiIndex.from_frame(needed[["population", "question_id"]])
    from_responses = [
        pd.MultiIndex.from_arrays([table["population"], table["item_id"].map(codebook.items["question_id"])]).isin(keys)
        for table in (figures, numbers)
    ]
    released = {*figures.loc[from_responses[0], "population"], *numbers.loc[from_responses[1], "population"]}
    wanted = [name for name in dict.fromkeys(needed["population"]) if fresh or name not in released]
    found = estimate_wave(folder, metadata, asked, codebook, wanted, problems, warn, already=released)
    read = {population.mapping.population for population in found.populations}
    kept, means = (
        table[~(own & table["population"].isin(read))]
        for table, own in zip((figures, numbers), from_responses, strict=True)
    )
    others = covariances[~covariances["population"].isin(read)]
    tables = (
        _stack_tables(kept, found.figures),
        _stack_tables(others, found.covariances),
        _stack_tables(means, found.numbers),
    )
    return Gathered(*tables, found.populations, bool(read), found.recordings)


def _read_if_there(path: Path, problems: list[Problem], *, needed: bool = False) -> pd.DataFrame:
    """Return a table as text; without rows where there is no file and none is needed."""
    schema = find_schema(path)
    if path.exists() or needed:
        return read_text_table(path, schema, problems, rows_needed=needed)
    return pd.DataFrame(columns=list_columns(schema), dtype=str)


def _stack_tables(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return two tables below each other; rows of the second go on counting."""
    start = int(first.index.max()) + 1 if len(first) else 2
    numbered = second.set_axis(range(start, start + len(second)), axis=0)
    return numbered if first.empty else pd.concat([first, numbered])[list(first.columns)]


def apply_released(estimates: pd.DataFrame, figures: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Return estimates in which those from respondents have the precision that their design gave them.

    Parameters
    ----------
    estimates : pandas.DataFrame
        One row a figure, with the intervals that a published percentage would have.
    figures : pandas.DataFrame
        The same rows, with the released columns as numbers.
    confidence : float
        The level of the intervals.
    """
    own = figures["standard_error"].notna().to_numpy()
    if not own.any():
        return estimates
    *numbers, method = read_schemas()["estimates"]["optional"]
    changed = estimates.copy()
    for column in (*numbers, method):
        changed[column] = np.where(own, figures[column].to_numpy(), changed[column].to_numpy())
    changed[numbers] = changed[numbers].astype(float)
    if abs(confidence - RELEASED_CONFIDENCE) > 1e-12:
        changed.loc[own, ["low", "high"]] = np.transpose(compute_limits(changed[own], confidence))
    return changed


def compute_limits(rows: pd.DataFrame, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits of estimated shares (0-1) at a level, by the method that each row names."""
    from surveybook.respondents.estimates import korn_graubard_limits, logit_limits

    share, error, base = (rows[column].to_numpy(dtype=float) for column in ("share", "standard_error", "base"))
    degrees = rows["degrees_of_freedom"].fillna(np.inf).to_numpy(dtype=float)
    effective = rows["effective_base"].to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        binomial = np.where(error > 0, share * (1 - share) / error**2, effective)
        logit = logit_limits(share, error, degrees, confidence)
        exact = korn_graubard_limits(share, binomial, base, degrees, confidence)
    method = rows["method"].astype(str)
    census, plain = method.str.startswith("census").to_numpy(), method.str.startswith("logit").to_numpy()
    low, high = (
        np.where(census, share, np.where(plain, inner, outer)) for inner, outer in zip(logit, exact, strict=True)
    )
    return low, high


def make_release(survey: Survey, gathered: Gathered) -> dict[str, str]:
    """Return what is released of a wave that was read from respondents: its files' names, each with its text."""
    tables = {"estimates": gathered.figures, "covariances": gathered.covariances}
    tables |= {"numbers": gathered.numbers} if len(gathered.numbers) else {}
    return {
        f"{name}.csv": table.to_csv(columns=list_columns(read_schemas()[name]), index=False, lineterminator="\n")
        for name, table in tables.items()
    } | {DEFINITIONS: write_definitions(survey)}


def release_wave(survey: Survey, gathered: Gathered) -> list[Path]:
    """Write the figures of a wave that was read from respondents, their covariances and their definitions.

    Published figures that stand in ``estimates.csv`` stay there. All files are written beside the old ones and
    then put in their place.

    Raises
    ------
    SurveybookError
        When no respondents were read, so that there is nothing to release.
    """
    if not gathered.estimated:
        raise SurveybookError(
            f"Wave {survey.wave} has no respondent file here, so there is nothing to release; "
            "its figures are those that stand in estimates.csv."
        )
    texts = {paths.waves() / survey.wave / name: text for name, text in make_release(survey, gathered).items()}
    for path, text in texts.items():
        path.with_name(f".{path.name}.new").write_text(text, encoding="utf-8", newline="")
    for path in texts:
        os.replace(path.with_name(f".{path.name}.new"), path)
    return list(texts)


def find_stale_release(survey: Survey, gathered: Gathered) -> str:
    """Return what to say where the released figures aren't those that the respondents give now; empty otherwise."""
    folder = paths.waves() / survey.wave
    if not gathered.estimated or not (folder / "estimates.csv").exists():
        return ""
    now = make_release(survey, gathered)
    there = {name: folder / name for name in ("estimates.csv", DEFINITIONS, "numbers.csv") if name in now}
    stale = [path for name, path in there.items() if not path.exists() or not _is_same(path, now[name])]
    if not stale:
        return ""
    command = f"surveybook wave check {survey.wave} --release"
    return f"{paths.shown(stale[0])} isn't what the respondents give now; run `{command}`"


def _is_same(path: Path, text: str) -> bool:
    """Return whether a file holds a text but for the last digits of numbers: those of a sum differ between machines."""
    there = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    numbers = [np.array(NUMBER.findall(one), dtype=float) for one in (there, text)]
    same_words = NUMBER.sub("0", there) == NUMBER.sub("0", text)
    return same_words and np.allclose(numbers[0], numbers[1], rtol=1e-9, atol=1e-12)
