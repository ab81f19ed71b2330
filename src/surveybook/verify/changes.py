"""The figures that changed since a commit, old and new, with the chapters that show them, as Markdown."""

import csv
import io
import json
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from surveybook.book.notebooks import compare_notebooks, find_story, name_output
from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.model.wording import write_markdown_table
from surveybook.verify.chapters import walk_outputs

COMPARED = (
    "population", "domain", "item_id", "response", "status", "percent", "verbal", "base", "base_status", "deff",
    "low", "high",
)  # fmt: skip
FIGURE_HEADS = ("Wave", "Figure", "What", "Was", "Is", "Shown in")
OUTPUT_HEADS = ("Chapter", "Output", "Was", "Is")
MOST_ROWS, MOST_NAMED = 100, 6
MARK = "<!-- surveybook: figures that changed -->"
Notebooks = Mapping[str, dict[str, Any]]


def ask_git(*words: str) -> str | None:
    """Return what git answers in the project's folder; None where it refuses."""
    run = subprocess.run(["git", *words], cwd=paths.root(), capture_output=True, check=False)
    return run.stdout.decode("utf-8", "replace") if run.returncode == 0 else None


def find_commit(reference: str) -> str:
    """Return the commit that a branch, tag or commit names.

    Raises
    ------
    SurveybookError
        When git knows none, or there is no git.
    """
    words = ("rev-parse", "--verify", "--quiet", f"{reference}^{{commit}}")
    try:
        found = None if reference.startswith("-") else ask_git(*words)
    except OSError as error:
        raise SurveybookError(f"git is needed to read what the figures were: {error}.") from None
    if not found:
        raise SurveybookError(
            f"git knows no commit '{reference}'. In a shallow clone, fetch it first: git fetch --depth=1 origin NAME."
        )
    return found.strip()


def list_changes(reference: str) -> str:
    """Return what changed since a commit as Markdown: figures in the data, then outputs of chapters.

    Parameters
    ----------
    reference : str
        A branch, tag or commit.

    Raises
    ------
    SurveybookError
        When git doesn't know it.
    """
    commit = find_commit(reference)
    listed = (ask_git("ls-tree", "-r", "--name-only", commit) or "").splitlines()
    then = {name: text for name in sorted(listed) if is_chapter(name) and (text := read_notebook_then(commit, name))}
    now = {paths.shown(path): json.loads(path.read_text(encoding="utf-8")) for path in paths.chapters()}
    figures = list(list_moved_figures(commit, listed, find_chapters({**then, **now})))
    outputs = list(list_changed_outputs(then, now))
    return "\n".join(
        [
            MARK,
            f"### Figures that changed since {reference}",
            "",
            *write_part(
                f"{len(figures)} in the data.", "No figure of any wave changed in the data.", FIGURE_HEADS, figures
            ),
            "",
            *write_part(
                f"{len(outputs)} outputs of chapters.", "No output of any chapter changed.", OUTPUT_HEADS, outputs
            ),
            "",
        ]
    )


def write_part(counted: str, none: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of one table, at most as many as a comment can hold; the rest are counted."""
    if not rows:
        return [none]
    rest = ["", f"… and {len(rows) - MOST_ROWS} more, not listed here."] if len(rows) > MOST_ROWS else []
    return [counted, "", *write_markdown_table(heads, rows[:MOST_ROWS]), *rest]


def is_chapter(name: str) -> bool:
    """Return whether a file of a commit is a notebook of the book."""
    return name == "index.ipynb" or (name.startswith("chapters/") and name.endswith(".ipynb"))


def read_notebook_then(commit: str, name: str) -> dict[str, Any]:
    """Return a notebook as it was at a commit; nothing for one that can't be read."""
    try:
        return json.loads(ask_git("show", f"{commit}:{name}") or "{}")
    except ValueError:
        return {}


def find_chapters(notebooks: Notebooks) -> dict[str, list[str]]:
    """Return the chapters that show each figure, by its id."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for chapter, notebook in notebooks.items():
        for output in walk_outputs(notebook):
            for figure in find_story(output)[0]:
                found[figure][chapter] = None
    return {figure: list(chapters) for figure, chapters in found.items()}


def list_moved_figures(
    commit: str, listed: Sequence[str], chapters: Mapping[str, list[str]]
) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Yield a row for each figure of a wave that isn't what it was at a commit."""
    folder = paths.root() / "data" / "waves"
    before = {
        Path(name).parent.name for name in listed if name.startswith("data/waves/") and name.endswith("/estimates.csv")
    }
    for wave in sorted(before | {path.parent.name for path in folder.glob("*/estimates.csv")}):
        path = folder / wave / "estimates.csv"
        then = read_figures(ask_git("show", f"{commit}:data/waves/{wave}/estimates.csv") if wave in before else None)
        now = read_figures(path.read_text(encoding="utf-8") if path.is_file() else None)
        for figure in dict.fromkeys([*now, *then]):
            old, new = then.get(figure), now.get(figure)
            if old is None or new is None or any((old.get(key) or "") != (new.get(key) or "") for key in COMPARED):
                row = new or old or {}
                what = ".".join(filter(None, (row["population"], row["domain"], row["item_id"], row["response"])))
                where = ", ".join(chapters.get(figure, ())) or "no committed chapter"
                yield wave, figure, what, write_figure(old), write_figure(new), where


def read_figures(text: str | None) -> dict[str, dict[str, str]]:
    """Return the rows of a table of figures by id."""
    rows = csv.DictReader(io.StringIO((text or "").removeprefix("\ufeff")))
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


def list_changed_outputs(then: Notebooks, now: Notebooks) -> Iterator[tuple[str, str, str, str]]:
    """Yield a row for each output of a chapter that isn't what it was: what data alone don't explain shows here."""
    for name in sorted({*then, *now}):
        if name not in then or name not in now:
            yield name, "the chapter", "there" if name in then else "–", "there" if name in now else "–"
            continue
        before, after = name_outputs(then[name]), name_outputs(now[name])
        for key in dict.fromkeys([*after, *before]):
            if key not in before or key not in after:
                yield name, key, "there" if key in before else "–", "new" if key in after else "–"
                continue
            old, new = ({"cells": [{"outputs": [one[key]]}]} for one in (before, after))
            for change in compare_notebooks(name, old, new):
                figures = f" ({', '.join(change.figures[:MOST_NAMED])})" if change.figures else ""
                yield name, f"{key}{figures}", change.before, change.after


def name_outputs(notebook: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the outputs of a chapter that have names, so that a cell which moved is no change."""
    return {name: output for output in walk_outputs(notebook) if (name := name_output(output)) and "'" in name}
