"""The figures that changed since a commit, old and new, with the chapters that show them, as Markdown."""

import csv
import io
import json
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surveybook.book.comparing import compare_notebooks, shared_story
from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.verify.expected import outputs

SAID = (
    "population",
    "domain",
    "item_id",
    "response",
    "status",
    "percent",
    "verbal",
    "base",
    "base_status",
    "deff",
    "low",
    "high",
)
MOST_LINES = 100
MARK = "<!-- surveybook: figures that changed -->"


@dataclass(frozen=True)
class Moved:
    """One figure that isn't what it was.

    Attributes
    ----------
    wave, figure, name : str
        Whose it is, its id, and what it is the share of.
    before, after : str
        What stood and what stands there.
    chapters : tuple of str
        The chapters that show it.
    """

    wave: str
    figure: str
    name: str
    before: str
    after: str
    chapters: tuple[str, ...]


def git(*words: str) -> str | None:
    """Return what git answers in the project's folder; None where it refuses."""
    run = subprocess.run(["git", *words], cwd=paths.root(), capture_output=True, check=False)
    return run.stdout.decode("utf-8", "replace") if run.returncode == 0 else None


def commit_of(reference: str) -> str:
    """Return the commit that a branch, tag or commit names.

    Raises
    ------
    SurveybookError
        When git knows none, or there is no git.
    """
    try:
        found = (
            None if reference.startswith("-") else git("rev-parse", "--verify", "--quiet", f"{reference}^{{commit}}")
        )
    except OSError as error:
        raise SurveybookError(f"git is needed to read what the figures were: {error}.") from None
    if not found:
        raise SurveybookError(
            f"git knows no commit '{reference}'. In a shallow clone, fetch it first: git fetch --depth=1 origin NAME."
        )
    return found.strip()


def file_then(commit: str, path: Path) -> str | None:
    """Return a file as it was at a commit; None where it wasn't."""
    return git("show", f"{commit}:{path.relative_to(paths.root()).as_posix()}")


def figures_in(text: str | None) -> dict[str, dict[str, str]]:
    """Return the rows of a table of figures by id."""
    rows = csv.DictReader(io.StringIO((text or "").removeprefix("\ufeff")))
    return {row["figure_id"]: row for row in rows if row.get("figure_id")}


def shown(row: Mapping[str, str] | None) -> str:
    """Return what a figure says, as a reader would read it; what it lacks is left out."""
    if row is None:
        return "–"
    value = (
        f"{row['percent']} %" if row.get("percent") else f"“{row['verbal']}”" if row.get("verbal") else row["status"]
    )
    limits = f" ({row['low']} to {row['high']})" if row.get("low") and row.get("high") else ""
    base = f", base {row['base']}" if row.get("base") else ""
    deff = f", design effect {row['deff']}" if row.get("deff") else ""
    return f"{value}{limits}{base}{deff}"


def chapters_by_figure(notebooks: Iterable[tuple[str, dict[str, Any]]]) -> dict[str, list[str]]:
    """Return the chapters that show each figure, by its id."""
    found: dict[str, list[str]] = defaultdict(list)
    for chapter, notebook in notebooks:
        for output in outputs(notebook):
            for figure in shared_story(output)[0]:
                if chapter not in found[figure]:
                    found[figure].append(chapter)
    return found


def notebooks_now() -> dict[str, dict[str, Any]]:
    """Return the committed chapters by the name that a person would use."""
    return {paths.shown(path): json.loads(path.read_text(encoding="utf-8")) for path in paths.chapters()}


def notebooks_then(commit: str) -> dict[str, dict[str, Any]]:
    """Return the chapters as they were at a commit."""
    listed = (git("ls-tree", "-r", "--name-only", commit) or "").splitlines()
    names = [
        name for name in listed if name == "index.ipynb" or (name.startswith("chapters/") and name.endswith(".ipynb"))
    ]
    found = {}
    for name in sorted(names):
        try:
            found[name] = json.loads(git("show", f"{commit}:{name}") or "")
        except ValueError:
            continue
    return found


def moved_figures(commit: str, chapters: Mapping[str, list[str]]) -> Iterator[Moved]:
    """Yield each figure of a wave that isn't what it was at a commit."""
    folder = paths.root() / "data" / "waves"
    listed = (git("ls-tree", "-r", "--name-only", commit, "data/waves") or "").splitlines()
    before = {Path(name).parent.name for name in listed if name.endswith("/estimates.csv")}
    for wave in sorted(before | {path.parent.name for path in folder.glob("*/estimates.csv")}):
        path = folder / wave / "estimates.csv"
        then = figures_in(file_then(commit, path))
        now = figures_in(path.read_text(encoding="utf-8-sig") if path.is_file() else None)
        for figure in dict.fromkeys([*now, *then]):
            old, new = then.get(figure), now.get(figure)
            if old is None or new is None or any((old.get(key) or "") != (new.get(key) or "") for key in SAID):
                row = new or old or {}
                name = ".".join(filter(None, (row["population"], row["domain"], row["item_id"], row["response"])))
                yield Moved(wave, figure, name, shown(old), shown(new), tuple(chapters.get(figure, ())))


def changed_outputs(then: Mapping[str, dict[str, Any]], now: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    """Yield a row for each output of a chapter that isn't what it was: what data alone don't explain shows here."""
    for name in sorted({*then, *now}):
        if name not in then or name not in now:
            yield f"| {name} | the chapter | {'there' if name in then else '–'} | {'there' if name in now else '–'} |"
            continue
        for key, output in outputs_by_name(now[name]).items():
            before = outputs_by_name(then[name]).get(key)
            if before is None:
                yield f"| {name} | {key} | – | new |"
                continue
            old, new = ({"cells": [{"outputs": [one]}]} for one in (before, output))
            for change in compare_notebooks(name, old, new):
                figures = f" ({', '.join(change.figures[:6])})" if change.figures else ""
                yield f"| {name} | {key}{figures} | {cell(change.before)} | {cell(change.after)} |"
        for key in outputs_by_name(then[name]):
            if key not in outputs_by_name(now[name]):
                yield f"| {name} | {key} | there | – |"


def outputs_by_name(notebook: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the outputs of a chapter that have names, so that a cell which moved is no change."""
    from surveybook.book.comparing import named

    return {name: output for output in outputs(notebook) if (name := named(output)) and "'" in name}


def cell(text: str) -> str:
    """Return a text as a cell of a Markdown table, in which no markup of its own counts."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("`", "\\`")


def changes_since(reference: str) -> str:
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
    commit = commit_of(reference)
    then, now = notebooks_then(commit), notebooks_now()
    chapters = chapters_by_figure([*now.items(), *then.items()])
    moved = list(moved_figures(commit, chapters))
    changed = list(changed_outputs(then, now))
    lines = [MARK, f"### Figures that changed since {cell(reference)}", ""]
    if moved:
        rows = [
            f"| {one.wave} | `{one.figure}` | {cell(one.name)} | {cell(one.before)} | {cell(one.after)} | "
            f"{cell(', '.join(one.chapters)) or 'no committed chapter'} |"
            for one in moved
        ]
        lines += [
            f"{len(moved)} in the data.",
            "",
            "| Wave | Figure | What | Was | Is | Shown in |",
            "| --- " * 6 + "|",
            *cut(rows),
        ]
    else:
        lines.append("No figure of any wave changed in the data.")
    lines.append("")
    if changed:
        lines += [
            f"{len(changed)} outputs of chapters.",
            "",
            "| Chapter | Output | Was | Is |",
            "| --- " * 4 + "|",
            *cut(changed),
        ]
    else:
        lines.append("No output of any chapter changed.")
    return "\n".join(lines) + "\n"


def cut(rows: list[str]) -> list[str]:
    """Return at most as many rows as a comment can hold; the rest are counted."""
    if len(rows) <= MOST_LINES:
        return rows
    return [*rows[:MOST_LINES], "", f"… and {len(rows) - MOST_LINES} more, not listed here."]
