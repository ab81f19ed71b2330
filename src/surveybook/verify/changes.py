"""The figures that changed since a commit, old and new, with the chapters that show them, as Markdown."""

import contextlib
import csv
import io
import json
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from surveybook.book.notebooks import compare_notebooks, name_output, walk_outputs, walk_shown
from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.model.wording import write_markdown_table

COMPARED = (
    "population", "domain", "item_id", "response", "status", "percent", "verbal", "base", "base_status", "deff",
    "low", "high",
)  # fmt: skip
FIGURE_HEADS = ("Wave", "Figure", "What", "Was", "Is", "Shown in")
OUTPUT_HEADS = ("Chapter", "Output", "Was", "Is")
MOST_ROWS, MOST_NAMED = 100, 6
MARK = "<!-- surveybook: figures that changed -->"
CHAPTER, FIGURES = re.compile(r"index\.ipynb|chapters/[^/]+\.ipynb"), re.compile(r"data/waves/[^/]+/estimates\.csv")
Notebooks = Mapping[str, dict[str, Any]]


def ask_git(*words: str) -> str:
    """Return what git answers in the project's folder; nothing where it refuses.

    Raises
    ------
    SurveybookError
        When there is no git.
    """
    try:
        run = subprocess.run(["git", *words], cwd=paths.root(), capture_output=True, check=False)
    except OSError as error:
        raise SurveybookError(f"git is needed to read what the figures were: {error}.") from None
    return run.stdout.decode("utf-8", "replace") if run.returncode == 0 else ""


def list_changes(reference: str) -> str:
    """Return what changed since a commit as Markdown: figures in the data, then outputs of chapters.

    Parameters
    ----------
    reference : str
        A branch, tag or commit.

    Raises
    ------
    SurveybookError
        When git doesn't know it, or there is no git.
    """
    words = ("rev-parse", "--verify", "--quiet", f"{reference}^{{commit}}")
    commit = "" if reference.startswith("-") else ask_git(*words).strip()
    if not commit:
        raise SurveybookError(
            f"git knows no commit '{reference}'. In a shallow clone, fetch it first: git fetch --depth=1 origin NAME."
        )
    listed = ask_git("ls-tree", "-r", "--name-only", commit).splitlines()
    then = read_notebooks({name: ask_git("show", f"{commit}:{name}") for name in listed if CHAPTER.fullmatch(name)})
    now = read_notebooks({paths.shown(path): path.read_text(encoding="utf-8") for path in paths.chapters()})
    figures = list(list_moved_figures(commit, listed, {**then, **now}))
    outputs = list(list_changed_outputs(then, now))
    lines = [MARK, f"### Figures that changed since {reference}"]
    for counted, none, heads, rows in (
        (f"{len(figures)} in the data.", "No figure of any wave changed in the data.", FIGURE_HEADS, figures),
        (f"{len(outputs)} outputs of chapters.", "No output of any chapter changed.", OUTPUT_HEADS, outputs),
    ):
        table: Iterable[str] = write_markdown_table(heads, rows[:MOST_ROWS]) if rows else ()
        rest = ["", f"… and {len(rows) - MOST_ROWS} more, not listed here."] if len(rows) > MOST_ROWS else []
        lines += ["", *([counted, "", *table, *rest] if rows else [none])]
    return "\n".join([*lines, ""])


def read_notebooks(texts: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return notebooks by name; those that can't be read are left out."""
    found = {}
    for name, text in sorted(texts.items()):
        with contextlib.suppress(ValueError):
            found[name] = json.loads(text)
    return found


def list_moved_figures(commit: str, listed: Iterable[str], notebooks: Notebooks) -> Iterator[tuple[str, ...]]:
    """Yield a row for each figure of a wave that isn't what it was at a commit, with the chapters that show it."""
    chapters: dict[str, dict[str, None]] = defaultdict(dict)
    for name, notebook in notebooks.items():
        for figure in (one for shown in walk_shown(notebook) for one in shown.figures):
            chapters[figure][name] = None
    there = (paths.root() / "data/waves").glob("*/estimates.csv")
    files = {name for name in listed if FIGURES.fullmatch(name)} | {paths.shown(path) for path in there}
    for file in sorted(files):
        path = paths.root() / file
        then = read_figures(ask_git("show", f"{commit}:{file}"))
        now = read_figures(path.read_text(encoding="utf-8") if path.is_file() else "")
        for figure in dict.fromkeys([*now, *then]):
            old, new = then.get(figure), now.get(figure)
            if old is None or new is None or any((old.get(key) or "") != (new.get(key) or "") for key in COMPARED):
                row = new or old or {}
                what = ".".join(filter(None, (row["population"], row["domain"], row["item_id"], row["response"])))
                where = ", ".join(chapters.get(figure, ())) or "no committed chapter"
                yield path.parent.name, figure, what, write_figure(old), write_figure(new), where


def read_figures(text: str) -> dict[str, dict[str, str]]:
    """Return the rows of a table of figures by id."""
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    return {row["figure_id"]: row for row in rows if row.get("figure_id")}


def write_figure(row: Mapping[str, str] | None) -> str:
    """Return what a figure says, as a reader would read it; what it lacks is left out."""
    if row is None:
        return "–"
    value = (
        f"{row['percent']} %" if row.get("percent") else f"“{row['verbal']}”" if row.get("verbal") else row["status"]
    )
    limits = f" ({row['low']} to {row['high']})" if row.get("low") and row.get("high") else ""
    further = [f", {what} {row[key]}" for what, key in (("base", "base"), ("design effect", "deff")) if row.get(key)]
    return f"{value}{limits}{''.join(further)}"


def list_changed_outputs(then: Notebooks, now: Notebooks) -> Iterator[tuple[str, ...]]:
    """Yield a row for each output of a chapter that isn't what it was: what data alone don't explain shows here.

    Outputs are known by their names, so that a cell which moved is no change.
    """
    for chapter in sorted({*then, *now}):
        if chapter not in then or chapter not in now:
            yield chapter, "the chapter", "there" if chapter in then else "–", "there" if chapter in now else "–"
            continue
        before, after = ({name_output(one): one for one in walk_outputs(by[chapter])} for by in (then, now))
        for name in (one for one in dict.fromkeys([*after, *before]) if "'" in one):
            if name not in before or name not in after:
                yield chapter, name, "there" if name in before else "–", "new" if name in after else "–"
                continue
            old, new = ({"cells": [{"outputs": [one[name]]}]} for one in (before, after))
            for change in compare_notebooks(chapter, old, new):
                figures = f" ({', '.join(change.figures[:MOST_NAMED])})" if change.figures else ""
                yield chapter, f"{name}{figures}", change.before, change.after
