"""A wave's figures brought together, published, released and those that respondents give now; and releasing them.

What each question and group of a wave is made of, part by part, is what another wave has to share to be compared. It is
worked out from the wave's own files and released beside its figures, as ``definitions.json``, for those who have the
figures alone. What a wave doesn't say stays unsaid: None.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from surveybook.model import paths
from surveybook.model.codebook import Codebook, WaveFolder
from surveybook.model.problems import SurveybookError
from surveybook.model.survey import NUMBERS, Survey, drawn_by_chance
from surveybook.model.tables import list_columns, read_schemas
from surveybook.stats.comparison import CENSUS

if TYPE_CHECKING:
    from surveybook.respondents.population import Population

DEFINITIONS = "definitions.json"
# Words for a number of choices. People could choose as many as they liked; or nobody says how many.
UNLIMITED, UNKNOWN = "unlimited", "unknown"
# The level of the limits in a released file; others are worked out from the standard errors.
CONFIDENCE = 0.95
NUMBER = re.compile(r"\d+(?:\.\d+)?")
TABLES = ("estimates", "covariances", "numbers")

Definition = dict[str, Any]


def read_choices(written: pd.Series) -> pd.Series:
    """Return how many answers people could choose: infinitely many for "unlimited", missing where nobody says."""
    return pd.to_numeric(written.replace({UNLIMITED: np.inf, UNKNOWN: np.nan, "": np.nan}), errors="coerce")


def define_question(survey: Survey, population: str, question: str) -> Definition:
    """Return what a question that a wave put to a population is made of.

    Returns
    -------
    dict
        ``wording``, ``kind`` with what hangs on it (``is_several``, ``responses``, and ``nets`` where responses are
        made of others), ``items`` (id to label, of lists), ``answers`` (each with its codes and their labels),
        ``columns``, ``encoding``, ``base``, ``dont_know``, ``none``, ``choices``, ``universe``, ``routing``, ``mode``
        and ``drawn``; None for each part that the wave doesn't state.
    """
    row = survey.asked_rows[population, question]
    kind = survey.codebook.kind_of(question)
    recorded = survey.recording_of(population, question)
    items = survey.items_asked.get((population, question), {}) if kind.is_list else None
    choices = row["max_choices"]
    stated = {part: str(row.get(part) or "") or None for part in ("wording", "base", "dont_know", "none", "universe")}
    return {
        "kind": kind.name,
        "is_several": kind.is_several,
        "responses": list(kind.responses),
        **({"nets": {net: list(parts) for net, parts in kind.nets.items()}} if kind.nets else {}),
        "items": items,
        "answers": split_answers(row["responses"]),
        "columns": None,
        "encoding": None,
        "routing": {},
        "choices": (UNLIMITED if np.isinf(choices) else None if pd.isna(choices) else int(choices))
        if kind.is_several
        else None,
        "mode": row["mode"] or None,
        "drawn": "at random" if drawn_by_chance(survey, population) else "not at random",
        **stated,
        **{part: value for part, value in recorded.items() if value is not None},
    }


def split_answers(written: str) -> dict[str, dict[str, str | None]] | None:
    """Return the answers that ``asked.csv`` lists, each with what it is made of where that is written after a colon.

    "agree: strongly agree, tend to agree|disagree" gives two answers, the first of which is made of two.
    """
    found: dict[str, dict[str, str | None]] = {}
    for part in str(written or "").split("|"):
        answer, _, made_of = (text.strip() for text in part.partition(":"))
        if answer:
            found[answer] = {one.strip(): one.strip() for one in made_of.split(",") if one.strip()}
    return found or None


def define_groups(survey: Survey, population: str) -> dict[str, dict[str, Any]]:
    """Return what each group of a population is made of, by variable and name; None where the wave doesn't say."""
    recorded = survey.recordings.get(population, {}).get("groups", {})
    domains = survey.estimates.loc[survey.estimates["population"] == population, "domain"].unique()
    found: dict[str, dict[str, Any]] = {variable: dict(groups) for variable, groups in recorded.items()}
    for domain in filter(None, domains):
        variable, _, name = domain.partition("=")
        found.setdefault(variable, {}).setdefault(name, None)
    return found


def write_definitions(survey: Survey) -> str:
    """Return ``definitions.json``: every question that was asked, every group, and what else the file said.

    All of it by population.
    """
    questions: dict[str, dict[str, Definition]] = {}
    for population, question in survey.asked_rows:
        questions.setdefault(population, {})[question] = define_question(survey, population, question)
    groups = {population: define_groups(survey, population) for population in questions}
    told = {
        "ungrouped": {
            name: {variable: said for variable, said in one.get("ungrouped", {}).items() if any(said.values())}
            for name, one in survey.recordings.items()
        },
        "weight": {name: one["weight"] for name, one in survey.recordings.items() if any(one["weight"].values())},
    }
    released = {
        "wave": survey.wave,
        "questions": questions,
        "groups": groups,
        **{part: own for part, own in told.items() if any(own.values())},
    }
    return json.dumps(released, ensure_ascii=False, indent=1) + "\n"


def add_released_labels(recordings: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return recordings with the labels that the released definitions give to the same codes and columns.

    The labels of codes stand in the file of respondents, which is private: whoever has the release alone has them
    from there.
    """
    path = folder / DEFINITIONS
    try:
        released = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (ValueError, RecursionError):
        released = {}  # what is sealed is checked by its hash
    parts = ("questions", "groups", "ungrouped", "weight")
    by_part = {part: {name: own[part] for name, own in recordings.items()} for part in parts}
    filled = _fill_labels(by_part, released)
    return {name: {part: filled[part][name] for part in filled} for name in recordings}


def _fill_labels(own: Any, released: Any) -> Any:
    """Return a tree of settings with released labels where nothing stands and the places are the same."""
    if isinstance(own, dict) and isinstance(released, dict):
        return {key: _fill_labels(value, released.get(key)) for key, value in own.items()}
    return released if own is None and isinstance(released, (str, dict)) else own


@dataclass(frozen=True)
class Gathered:
    """All figures of a wave, as text.

    Attributes
    ----------
    tables : dict of DataFrame
        By the names of the files that hold them, `TABLES`; the index numbers rows as they do.
    populations : tuple of Population
        Those whose respondents were read just now.
    recordings : dict
        How answers and groups were recorded in files of respondents, by population.
    """

    tables: dict[str, pd.DataFrame]
    populations: "tuple[Population, ...]" = ()
    recordings: dict[str, dict[str, Any]] = field(default_factory=dict)


def gather_figures(
    folder: WaveFolder, metadata: Mapping[str, Any], asked: pd.DataFrame, *, fresh: bool = False
) -> Gathered:
    """Return a wave's figures: what its files hold and, where nothing was released, what respondents give.

    Parameters
    ----------
    folder : WaveFolder
        The wave's. What is wrong is added to its problems, and what looks doubtful to its warnings; where anything is
        wrong, respondents give no figures.
    metadata, asked
        What is known of it; `asked` after its checks.
    fresh : bool
        Whether to estimate from respondents even though there is a release.
    """
    needed, codebook, problems = asked[asked["source"] == "responses"], folder.codebook, folder.problems
    kinds = asked["question_id"].isin([name for name, kind in codebook.kinds.items() if not kind.is_number])
    published = bool(((asked["source"] == "published") & kinds).any())
    tables = {name: folder.read_text(f"{name}.csv", needed=published and name == "estimates") for name in TABLES}
    if needed.empty and "responses" not in metadata:
        return Gathered(tables)
    from surveybook.respondents.files import Respondents
    from surveybook.respondents.mapping import describe_recording, read_mapping
    from surveybook.respondents.population import find_population, release_population

    keys = pd.MultiIndex.from_frame(needed[["population", "question_id"]])
    of_people = {name: _are_of(table, keys, codebook) for name, table in tables.items() if name != "covariances"}
    released = {one for name, own in of_people.items() for one in tables[name].loc[own, "population"]}
    before = len(problems)
    mappings = read_mapping(folder, metadata, asked)
    wanted = [name for name in dict.fromkeys(needed["population"]) if fresh or name not in released]
    wanted = wanted if len(problems) == before else []
    found = [find_population(folder, mappings[name], metadata, asked, needed=name not in released) for name in wanted]
    read = [one for one in found if one is not None and len(problems) == before]
    estimated = [release_population(folder, population, CONFIDENCE) for population in read]
    read, estimated = (read, estimated) if len(problems) == before else ([], [])
    names = {population.mapping.population for population in read}
    of_people["covariances"] = np.ones(len(tables["covariances"]), dtype=bool)
    joined = {
        name: _stack_tables(
            table[~(of_people[name] & table["population"].isin(names))], [own[name] for own in estimated if name in own]
        )
        for name, table in tables.items()
    }
    absent = Respondents("", pd.DataFrame())
    recordings = {name: describe_recording(mapping, absent) for name, mapping in mappings.items()}
    recordings |= {one.mapping.population: one.recording for one in read}
    return Gathered(joined, tuple(read), recordings)


def _are_of(table: pd.DataFrame, keys: pd.MultiIndex, codebook: Codebook) -> np.ndarray:
    """Return whether each figure is of one of these populations and questions."""
    questions = table["item_id"].map(codebook.items["question_id"])
    return np.asarray(pd.MultiIndex.from_arrays([table["population"], questions]).isin(keys))


def _stack_tables(first: pd.DataFrame, others: list[pd.DataFrame]) -> pd.DataFrame:
    """Return tables below each other; rows of the others go on counting as a spreadsheet does."""
    others = [table for table in others if len(table)]
    if not others:
        return first
    start = int(first.index.max()) + 1 if len(first) else 2
    second = pd.concat(others, ignore_index=True)[list(first.columns)]
    numbered = second.set_axis(range(start, start + len(second)), axis=0)
    return numbered if first.empty else pd.concat([first, numbered])


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
    changed = estimates.assign(
        **{name: np.where(own, figures[name].to_numpy(), estimates[name].to_numpy()) for name in (*numbers, method)}
    )
    changed[numbers] = changed[numbers].astype(float)
    if confidence != CONFIDENCE:
        from surveybook.respondents.estimates import INTERVALS, limit_shares

        rows = changed[own]
        exact = ~rows["method"].str.startswith(INTERVALS["logit"])
        settled = rows["method"].str.startswith(CENSUS) | (rows["low"] == rows["high"])
        rows = rows.assign(degrees_of_freedom=rows["degrees_of_freedom"].fillna(np.inf))
        changed.loc[own, ["low", "high"]] = np.transpose(limit_shares(rows, exact, settled, confidence))
    return changed


def describe_numbers(numbers: pd.DataFrame, codebook: Codebook, confidence: float) -> pd.DataFrame:
    """Return checked numbers with their question, labels and order, and limits at a level.

    At another level than the released one, limits come from standard errors, and those of shares are left out.
    """
    items = codebook.items[["question_id", "label", "short_label", "order"]]
    found = numbers.join(items, on="item_id").reset_index(drop=True)[NUMBERS]
    degrees = found["degrees_of_freedom"].fillna(np.inf)
    if confidence == CONFIDENCE or not (found["standard_error"].notna() & degrees.gt(0)).any():
        return found
    from surveybook.respondents.estimates import student_limits

    low, high = student_limits(found["value"], found["standard_error"], degrees, confidence)
    shares = found["statistic"] == "share"
    return found.assign(low=np.where(shares, np.nan, low), high=np.where(shares, np.nan, high))


def make_release(survey: Survey, gathered: Gathered) -> dict[str, str]:
    """Return what is released of a wave that was read from respondents: its files' names, each with its text."""
    return {
        f"{name}.csv": table.to_csv(columns=list_columns(read_schemas()[name]), index=False, lineterminator="\n")
        for name, table in gathered.tables.items()
        if name != "numbers" or len(table)
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
    if not gathered.populations:
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
    if not gathered.populations or not (folder / "estimates.csv").exists():
        return ""
    for name, text in make_release(survey, gathered).items():
        if not _holds_text(folder / name, text):
            command = f"surveybook wave check {survey.wave} --release"
            return f"{paths.shown(folder / name)} isn't what the respondents give now; run `{command}`"
    return ""


def _holds_text(path: Path, text: str) -> bool:
    """Return whether a file holds a text but for the last digits of numbers: those of a sum differ between machines."""
    if not path.exists():
        return False
    there = path.read_text(encoding="utf-8-sig", errors="replace").replace("\r\n", "\n")
    numbers = [np.array(NUMBER.findall(one), dtype=float) for one in (there, text)]
    same_words = NUMBER.sub("0", there) == NUMBER.sub("0", text)
    return same_words and np.allclose(numbers[0], numbers[1], rtol=1e-9, atol=1e-12)
