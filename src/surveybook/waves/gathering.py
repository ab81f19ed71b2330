"""Bringing a wave's figures together: those that were published, those released, those estimated now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from surveybook.model.codebook import Codebook
from surveybook.model.problems import Problem
from surveybook.model.survey import COVARIANCES
from surveybook.model.tables import find_schema, list_columns, read_rows, read_schemas

if TYPE_CHECKING:
    from surveybook.respondents.estimating import Population


@dataclass(frozen=True)
class Gathered:
    """All figures of a wave, as text.

    Attributes
    ----------
    figures, covariances : pandas.DataFrame
        With the columns of ``estimates.csv`` and ``covariances.csv``; the index numbers rows as they do.
    populations : tuple of Population
        Those whose respondents were read just now.
    estimated : bool
        Whether any figure comes from respondents and not from a file of figures.
    """

    figures: pd.DataFrame
    covariances: pd.DataFrame
    populations: "tuple[Population, ...]" = ()
    estimated: bool = False


def gather(
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
    path = folder / "estimates.csv"
    figures = pd.DataFrame(columns=list_columns(read_schemas()["estimates"]), dtype=str)
    if path.exists() or (asked["source"] == "published").any():
        figures = read_rows(path, find_schema(path), problems)
    covariances = pd.DataFrame(columns=COVARIANCES, dtype=str)
    if (folder / "covariances.csv").exists():
        covariances = read_rows(folder / "covariances.csv", read_schemas()["covariances"], problems, rows_needed=False)
    if needed.empty and "responses" not in metadata:
        return Gathered(figures, covariances)
    from surveybook.respondents import estimate_wave

    from_responses = rows_of(figures, needed, codebook)
    released = set(figures.loc[from_responses, "population"])
    wanted = [name for name in dict.fromkeys(needed["population"]) if fresh or name not in released]
    found = estimate_wave(folder, metadata, asked, codebook, wanted, problems, warn, already=released)
    read = {population.mapping.population for population in found.populations}
    kept = figures[~(from_responses & figures["population"].isin(read))]
    kept_covariances = covariances[~covariances["population"].isin(read)]
    return Gathered(
        below(kept, found.figures), below(kept_covariances, found.covariances), found.populations, bool(read)
    )


def rows_of(figures: pd.DataFrame, needed: pd.DataFrame, codebook: Codebook) -> pd.Series:
    """Return which figures are of questions that come from respondents."""
    keys = set(zip(needed["population"], needed["question_id"], strict=True))
    questions = figures["item_id"].map(codebook.items["question_id"])
    own = [key in keys for key in zip(figures["population"], questions, strict=True)]
    return pd.Series(own, index=figures.index, dtype=bool)


def below(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return two tables below each other; rows of the second go on counting."""
    start = int(first.index.max()) + 1 if len(first) else 2
    numbered = second.set_axis(range(start, start + len(second)), axis=0)
    return numbered if first.empty else pd.concat([first, numbered])[list(first.columns)]
