"""Waves that never were: the 2004 figures with every ranking reversed, and with everything equal.

What a chapter says of both and of the real wave alike doesn't depend on the data.
"""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
import yaml

from surveybook.model import paths
from surveybook.model.codebook import Codebook, read_codebook
from surveybook.model.problems import DataError, Problem
from surveybook.model.tables import read_rows, read_schemas

REVERSED, EQUAL = "reversed", "equal"
# Printed with a decimal, which no figure of the report has: a whole percentage then comes from somewhere else.
TENTHS = 0.3


def trial_names(wave: str) -> dict[str, str]:
    """Return the ids of a wave's two trial waves, by kind."""
    return {kind: f"{wave}-{kind}" for kind in (REVERSED, EQUAL)}


def write_trial_waves(folder: Path, wave: str = "2004") -> dict[str, str]:
    """Copy the data into a new folder and put the two trial waves beside the real one.

    Parameters
    ----------
    folder : Path
        Where the data go; it must not exist.
    wave : str
        The wave to turn round.

    Returns
    -------
    dict of str
        The ids of the trial waves by kind.

    Raises
    ------
    DataError
        When the wave's tables can't be read.
    """
    shutil.copytree(paths.data(), folder, ignore=shutil.ignore_patterns("responses_*"))
    source = folder / "waves" / wave
    problems: list[Problem] = []
    figures = read_rows(source / "estimates.csv", read_schemas()["estimates"], problems)
    asked = read_rows(source / "asked.csv", read_schemas()["asked"], problems)
    if problems:
        raise DataError(f"Wave {wave}", problems)
    codebook = read_codebook(folder / "codebook")
    makers: dict[str, Callable[[], pd.DataFrame]] = {
        REVERSED: lambda: reverse_figures(figures, codebook),
        EQUAL: lambda: equal_figures(figures, asked, codebook),
    }
    for kind, name in trial_names(wave).items():
        target = folder / "waves" / name
        shutil.copytree(source, target)
        changed = yaml.safe_load((source / "wave.yml").read_text(encoding="utf-8")) | {"id": name}
        (target / "wave.yml").write_text(yaml.safe_dump(changed, allow_unicode=True), encoding="utf-8")
        makers[kind]().to_csv(target / "estimates.csv", index=False)
    return trial_names(wave)


def kinds_of(figures: pd.DataFrame, codebook: Codebook) -> pd.Series:
    """Return the kind of question of each figure."""
    return figures["item_id"].map(codebook.items["question_id"]).map(codebook.questions["kind"])


def reverse_figures(figures: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return figures with every order reversed, so that sums stay what they were.

    Within a question, population and response the largest share changes place with the smallest, and so on.
    A statement's answers change places (those who agree with those who disagree); where one answer alone is
    printed, it becomes what is left of 100. Ways of access change places at each attribute. A share in words
    gets other words.

    Parameters
    ----------
    figures : pandas.DataFrame
        ``estimates.csv`` as text.
    codebook : Codebook
        Which item is of which question, and of which kind.
    """
    turned = figures.copy()
    kinds = kinds_of(figures, codebook)
    questions = figures["item_id"].map(codebook.items["question_id"])
    number = figures["status"] == "number"
    listed = number & kinds.isin(["multiple", "single"])
    for _, rows in figures[listed].groupby([questions, "population", "domain", "response"], sort=False):
        order = rows["percent"].astype(float).sort_values(kind="stable").index
        turned.loc[order, ["percent", "decimals"]] = figures.loc[order[::-1], ["percent", "decimals"]].to_numpy()
    for _, rows in figures[number & (kinds == "scale")].groupby(["item_id", "population", "domain"], sort=False):
        if len(rows) > 1:
            turned.loc[rows.index, "percent"] = rows["percent"].to_numpy()[::-1]
        else:
            turned.loc[rows.index, "percent"] = f"{100 - float(rows['percent'].iloc[0]):g}"
    value = ["status", "percent", "decimals", "verbal"]
    ways = list(codebook.responses.loc[codebook.responses["kind"] == "channel", "response"])
    for _, rows in figures[kinds == "channel"].groupby(["item_id", "population", "domain"], sort=False):
        order = rows["response"].map(ways.index).sort_values().index
        turned.loc[order, value] = figures.loc[order[::-1], value].to_numpy()
    return other_words(turned, figures, codebook, "fewer_than")


def equal_figures(figures: pd.DataFrame, asked: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return figures that are all one number, low enough for every question's choices; words get other words.

    Parameters
    ----------
    figures, asked : pandas.DataFrame
        ``estimates.csv`` and ``asked.csv`` as text.
    codebook : Codebook
        Which item is of which question.
    """
    level = figures.copy()
    number = figures["status"] == "number"
    level.loc[number, "percent"] = f"{equal_percent(figures[number], asked, codebook):g}"
    level.loc[number, "decimals"] = "1"
    return other_words(level, figures, codebook, "bare")


def equal_percent(numbers: pd.DataFrame, asked: pd.DataFrame, codebook: Codebook) -> float:
    """Return the largest percentage that every item may have at once and that rounds to none of the wave's."""
    questions = numbers["item_id"].map(codebook.items["question_id"])
    choices = asked.set_index(["population", "question_id"])["max_choices"].replace("", "1").astype(int)
    limits = [
        100 * choices[(population, question)] / len(rows)
        for (population, question, _), rows in numbers.groupby(["population", questions, "domain"], sort=False)
    ]
    printed = set(numbers["percent"].astype(float))
    whole = int(min(limits) - TENTHS)
    return next(value for value in range(whole, -1, -1) if value not in printed or value == 0) + TENTHS


def other_words(changed: pd.DataFrame, figures: pd.DataFrame, codebook: Codebook, relation: str) -> pd.DataFrame:
    """Return figures whose words, where they have any, are some that the wave doesn't use, of one relation."""
    replaced = changed.copy()
    replaced.loc[changed["status"] == "words", "verbal"] = unused_words(codebook, set(figures["verbal"]), relation)
    return replaced


def unused_words(codebook: Codebook, used: Iterable[str], relation: str) -> str:
    """Return the codebook's first words of a relation that none of those used are, or are part of."""
    words = codebook.words.index[codebook.words["relation"] == relation]
    present = [verbal for verbal in used if verbal]
    return next((str(phrase) for phrase in words if not any(verbal in phrase for verbal in present)), str(words[0]))
