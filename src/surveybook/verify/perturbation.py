"""What chapters say whatever the data: the same directions and figures in waves that have nothing in common.

All chapters run with the wave of the report, with its rankings reversed and with everything equal. Outside the
blocks, a sentence, chart title or text alternative that holds a directional word is then different in at least
one of them, and no figure of the report's wave is left in the last.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import yaml

from surveybook.book.notebooks import walk_shown
from surveybook.book.running import execute_chapter, open_executor
from surveybook.model import paths
from surveybook.model.codebook import Codebook
from surveybook.model.problems import SurveybookError
from surveybook.model.report import read_report
from surveybook.model.survey import Survey
from surveybook.model.tables import list_columns, read_schemas
from surveybook.verify.lint import PERTURBATION, ExceptionRow, Finding, apply_exceptions, read_advice
from surveybook.verify.prose import PLACEHOLDER, Chapter, Words, match_any, read_chapter, read_word_lists, straighten
from surveybook.waves import open_wave

SENTENCE_END = re.compile(r"(?<=[.!?])[”’\")\]]*\s+(?=[^\sa-z])")
# Printed with a decimal, which no whole percentage of the real wave has: such a one then comes from somewhere else.
TENTHS = 0.3
VALUE = ["status", "percent", "decimals", "verbal"]
# The function that draws figures from other sources, which no wave changes.
OTHER_SOURCES = "evidence"


@dataclass(frozen=True)
class Rehearsal:
    """What a chapter said when run with a wave.

    Attributes
    ----------
    glued : mapping of str
        The text of each glued name.
    charts : tuple of tuple
        Of each chart: the number of its cell, its title and its text alternative; of each card its title and its
        sentence. Charts of figures from other sources are left out.
    """

    glued: Mapping[str, str]
    charts: tuple[tuple[int, str, str], ...]


def check_perturbed(
    files: Sequence[Path] | None = None, *, exceptions: Sequence[ExceptionRow] | None = None, fresh: bool = True
) -> list[Finding]:
    """Return what chapters say whatever the data, after executing them with three waves.

    Parameters
    ----------
    files : sequence of Path, optional
        Notebooks; all of the book otherwise.
    exceptions : sequence of ExceptionRow, optional
        What is allowed; ``data/lint/exceptions.csv`` otherwise.
    fresh : bool
        Whether they are executed with the report's wave too; otherwise what they store of it is taken.

    Returns
    -------
    list of Finding
        By chapter, then by place; exceptions that nothing needs come last. Empty when all is well.

    Raises
    ------
    SurveybookError
        When a chapter doesn't run through with one of the waves, which names all that don't, or a list can't be read.
    """
    notebooks = [path.resolve() for path in files if path.suffix == ".ipynb"] if files is not None else paths.chapters()
    wave = read_report().claims_wave or read_report().default_wave
    marks, waves = read_marks(read_word_lists(), open_wave(wave)), [wave, *list_trials(wave)]
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        write_trial_waves(data, wave)
        said = rehearse_all(notebooks, waves if fresh else waves[1:], data)
    if not fresh:
        said |= {(path, wave): read_rehearsal(path) for path in notebooks}
    findings = [
        finding
        for path in notebooks
        for finding in check_said(read_chapter(path), marks, *(said[path, name] for name in waves))
    ]
    names = None if files is None else {path.stem for path in notebooks}
    return apply_exceptions(findings, exceptions, PERTURBATION, names)


def rehearse_all(notebooks: Iterable[Path], waves: Sequence[str], data: Path) -> dict[tuple[Path, str], Rehearsal]:
    """Execute chapters with each of several waves of a folder of data; return what they said, by chapter and wave.

    Raises
    ------
    SurveybookError
        When a chapter fails; the message names all that do.
    """
    execute = partial(execute_chapter, environment={paths.DATA_VARIABLE: str(data.resolve())})
    with tempfile.TemporaryDirectory() as folder, open_executor() as (submit, _):
        results = {pair: Path(folder) / f"{place}.ipynb" for place, pair in enumerate(product(notebooks, waves))}
        runs = {
            (notebook, wave): submit(execute, notebook, result, {"wave": wave, "baseline": ""})
            for (notebook, wave), result in results.items()
        }
        failed = {pair: error for pair, run in runs.items() if (error := run.exception())}
        if failed:
            told = [f"  {error} (with wave {wave})" for (_, wave), error in failed.items()]
            raise SurveybookError("\n".join(["These chapters did not run through:", *told]))
        return {pair: read_rehearsal(result) for pair, result in results.items()}


def read_rehearsal(executed: Path) -> Rehearsal:
    """Return what an executed chapter says."""
    cells = json.loads(executed.read_text(encoding="utf-8"))["cells"]
    own = [cell for cell in cells if "injected-parameters" not in cell["metadata"].get("tags", [])]
    glued: dict[str, str] = {}
    charts: list[tuple[int, str, str]] = []
    for number, cell in enumerate(own, start=1):
        for shown in walk_shown({"cells": [cell]}):
            if shown.kind == "glued text":
                glued[shown.name] = shown.text
            elif shown.kind == "card":
                charts.append((number, shown.name, shown.content["says"]))
            elif shown.kind == "chart" and shown.story and shown.story.get("code", {}).get("function") != OTHER_SOURCES:
                charts.append((number, shown.story["title"], shown.story["alternative"]))
    return Rehearsal(glued, tuple(charts))


def list_trials(wave: str) -> list[str]:
    """Return the ids of a wave's two trial waves: reversed, and equal."""
    return [f"{wave}-reversed", f"{wave}-equal"]


def write_trial_waves(folder: Path, wave: str) -> None:
    """Copy the data into a new folder and put the two trial waves beside the real one, as if they were published.

    Parameters
    ----------
    folder : Path
        Where the data go; it must not exist.
    wave : str
        The wave to turn round.

    Raises
    ------
    DataError
        When the wave can't be opened.
    """
    survey, source = open_wave(wave), paths.waves() / wave
    shutil.copytree(paths.data(), folder, ignore=shutil.ignore_patterns("responses_*"))
    columns = list_columns(read_schemas()["estimates"], with_optional=False)
    figures = published_figures(survey)
    made = (reverse_figures(figures, survey.codebook), equal_figures(figures, survey.asked, survey.codebook))
    for name, changed in zip(list_trials(wave), made, strict=True):
        target = folder / "waves" / name
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("responses_*", "covariances.csv"))
        metadata = yaml.safe_load((source / "wave.yml").read_text(encoding="utf-8")) | {"id": name}
        metadata.pop("responses", None)
        (target / "wave.yml").write_text(yaml.safe_dump(metadata, allow_unicode=True), encoding="utf-8")
        asked = pd.read_csv(source / "asked.csv", dtype=str, keep_default_na=False)
        asked.replace({"source": {"responses": "published"}}).to_csv(target / "asked.csv", index=False)
        changed[columns].to_csv(target / "estimates.csv", index=False)


def published_figures(survey: Survey) -> pd.DataFrame:
    """Return the figures of a wave in the columns of ``estimates.csv``, with their question and kind."""
    rows = survey.estimates
    decimals = rows["decimals"].fillna(1).astype(int)
    percents = [f"{100 * share:.{places}f}" for share, places in zip(rows["share"], decimals, strict=True)]
    number = rows["status"] == "number"
    return rows.assign(
        percent=pd.Series(percents, rows.index).where(number, ""),
        decimals=decimals.astype(str).where(number, ""),
        base=rows["base"].map(lambda base: "" if pd.isna(base) else f"{base:.0f}"),
        deff=rows["design_effect"].clip(lower=1),
        kind=rows["question_id"].map(survey.codebook.questions["kind"]),
    )


def reverse_figures(figures: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return figures with every order reversed, so that sums stay what they were.

    Within a list, population and response the largest share changes place with the smallest, and so on. A
    statement's answers change places, in the codebook's order; where one answer alone is printed of a kind that has a
    headline, it becomes what is left of 100. A share in words gets other words.

    Parameters
    ----------
    figures : pandas.DataFrame
        As `published_figures` returns them.
    codebook : Codebook
        Which answers each kind of question has.
    """
    turned, is_list = figures.copy(), figures["kind"].map(lambda kind: codebook.kind(kind).is_list)
    # The items of a list are set against each other response by response, and the answers to each statement.
    whole, response = figures["question_id"].where(is_list, figures["item_id"]), figures["response"].where(is_list, "")
    for _, rows in figures.groupby([whole, response, figures["population"], figures["domain"]], sort=False):
        kind, numbers = codebook.kind(rows["kind"].iloc[0]), rows[rows["status"] == "number"]
        if not kind.is_list and kind.headline and len(numbers) == 1:
            turned.loc[numbers.index, "percent"] = f"{100 - float(numbers['percent'].iloc[0]):g}"
            continue
        answers = rows.loc[~rows["response"].isin(list(kind.nets)), "response"].map(kind.responses.index)
        order = (numbers["percent"].astype(float) if kind.is_list else answers).sort_values(kind="stable").index
        turned.loc[order, VALUE] = figures.loc[order[::-1], VALUE].to_numpy()
    return replace_words(add_up_nets(turned, codebook), figures, codebook, "fewer_than")


def add_up_nets(changed: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return figures whose nets are what their answers add up to, where these are numbers."""
    added = changed.copy()
    for _, rows in changed.groupby(["item_id", "population", "domain"], sort=False):
        places = {response: row for row, response in rows["response"].items()}
        for net, parts in codebook.kind(rows["kind"].iloc[0]).nets.items():
            own = rows[rows["response"].isin(parts)]
            if net in places and len(own) and own["status"].eq("number").all():
                percent = f"{sum(map(Decimal, own['percent']))}"
                added.loc[places[net], VALUE] = ["number", percent, own["decimals"].max(), ""]
    return added


def equal_figures(figures: pd.DataFrame, asked: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return figures that are all one number, low enough for every question's choices; words get other words.

    Parameters
    ----------
    figures : pandas.DataFrame
        As `published_figures` returns them.
    asked : pandas.DataFrame
        How many each could choose.
    codebook : Codebook
        What words there are.
    """
    numbers = figures[figures["status"] == "number"]
    most = pd.to_numeric(asked["max_choices"], errors="coerce").fillna(1)
    choices = dict(zip(zip(asked["population"], asked["question_id"], strict=True), most, strict=True))
    groups = numbers.groupby(["population", "question_id", "domain"], sort=False).size()
    limit = min(100 * choices[population, question] / size for (population, question, _), size in groups.items())
    printed = set(numbers["percent"])
    # The largest percentage that every item may have at once, and that is printed as none of the wave's.
    lower = range(int(limit - TENTHS), 1, -1)
    whole = next((value for value in lower if not {f"{value}", f"{value + TENTHS:g}"} & printed), 1)
    level = figures.copy()
    level.loc[numbers.index, ["percent", "decimals"]] = [f"{whole + TENTHS:g}", "1"]
    return replace_words(add_up_nets(level, codebook), figures, codebook, "bare")


def replace_words(changed: pd.DataFrame, figures: pd.DataFrame, codebook: Codebook, relation: str) -> pd.DataFrame:
    """Return figures whose words, where they have any, are some of one relation that the wave doesn't use."""
    used = {verbal for verbal in figures["verbal"] if verbal}
    words = codebook.words.index[codebook.words["relation"] == relation]
    unused = [str(phrase) for phrase in words if not any(verbal in phrase for verbal in used)] or list(words[:1])
    return changed.assign(verbal=changed["verbal"].where(changed["status"] != "words", next(iter(unused), "")))


class Statement(NamedTuple):
    """A sentence, chart title or sentence of a text alternative, as a reader gets it, and where."""

    text: str
    cell: int
    line: int
    kind: str = "sentence"


def read_marks(words: Words, survey: Survey) -> Words:
    """Return what to look for in statements, given the lists of words and the wave of the report.

    For directions, that is a directional word or a part of a whole, but not in labels of items, titles and wordings of
    questions: names, whatever words they are made of; for figures, one of that wave as it is printed there.
    """
    figures, items = published_figures(survey), survey.codebook.items
    percents = set(figures["percent"]) - {""}
    printed = "|".join(re.escape(percent) for percent in sorted(percents, key=len, reverse=True))
    phrases = {verbal for verbal in figures.loc[figures["status"] == "words", "verbal"] if len(verbal.split()) > 1}
    figure = rf"(?<![\d.,])(?:{printed})(?:\s*%|\s+per\s+cent\b)|{match_any(phrases).pattern}"
    names = {*items["label"], *items["short_label"], *survey.codebook.questions["title"], *survey.asked["wording"]}
    innocent = [*(straighten(name.rstrip(".?")) for name in names if name), *words.lists.not_directions]
    directions = [*words.lists.directions, *words.lists.fractions]
    patterns = {
        "unmoved-direction": (match_any(directions), match_any(innocent)),
        "unmoved-figure": (re.compile(figure, re.IGNORECASE), match_any(())),
    }
    return Words(words.lists, patterns)


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text, spaces evened out."""
    return [" ".join(part.split()) for part in SENTENCE_END.split(text) if part.strip()]


def list_statements(chapter: Chapter, said: Rehearsal) -> Iterator[Statement]:
    """Yield what a chapter says outside its blocks, sentence by sentence, then its charts' titles and alternatives.

    What is glued stands in its places; other roles stay placeholders.
    """
    for passage in (one for one in chapter.passages if not one.kind):
        pieces = iter([said.glued.get(role.glued, PLACEHOLDER) for role in passage.roles])
        text = re.sub(PLACEHOLDER, lambda _, pieces=pieces: next(pieces, ""), passage.text)  # type: ignore[misc]
        yield from (Statement(one, passage.cell, passage.line) for one in split_sentences(text))
    for cell, title, alternative in said.charts:
        yield Statement(" ".join(title.split()), cell, 0, "chart title")
        yield from (Statement(text, cell, 0, "text alternative") for text in split_sentences(alternative))


def check_said(chapter: Chapter, marks: Words, *said: Rehearsal) -> Iterator[Finding]:
    """Yield what one chapter says in all three runs with a directional word, and report figures in the equal one.

    Parameters
    ----------
    chapter : Chapter
        Its source.
    marks : Words
        What to look for: see `read_marks`.
    *said : Rehearsal
        What it said with the report's wave, with rankings reversed, and with everything equal.
    """
    real, reverse, equal = (dict.fromkeys(list_statements(chapter, one)) for one in said)
    others = [{statement.text for statement in one} for one in (reverse, equal)]
    unmoved = [statement for statement in real if all(statement.text in texts for texts in others)]
    for rule, statements in (("unmoved-direction", unmoved), ("unmoved-figure", equal)):
        for text, cell, line, kind in statements:
            reads = text.replace(PLACEHOLDER, "…")
            advice = f"this {kind} {read_advice()[rule]}. It reads: {reads}"
            # The whole statement is its context, since it stands nowhere in the source.
            for _, match in marks.find([rule], text):
                yield Finding(rule, cell, line, match[0], advice, text, match.start(), chapter.file)
