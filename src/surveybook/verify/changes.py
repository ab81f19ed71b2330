"""The figures that changed since a commit, old and new, with the chapters that show them, as Markdown."""

import csv
import io
import json
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from surveybook.book.notebooks import walk_shown
from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.model.wording import write_markdown_table

COMPARED = (
    "population", "domain", "item_id", "response", "status", "percent", "verbal", "base", "base_status", "deff",
    "low", "high",
)  # fmt: skip
HEADS = ("Wave", "Figure", "What", "Was", "Is", "Shown in")
MOST_ROWS = 100
MARK = "<!-- surveybook: figures that changed -->"
FIGURES = re.compile(r"data/waves/[^/]+/estimates\.csv")


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
    """Return the figures that changed since a commit as Markdown, each with the chapters that show it.

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
    rows = list(list_moved_figures(commit, listed))
    table = [f"{len(rows)} in the data.", "", *write_markdown_table(HEADS, rows[:MOST_ROWS])]
    rest = ["", f"… and {len(rows) - MOST_ROWS} more, not listed here."] if len(rows) > MOST_ROWS else []
    told = [*table, *rest] if rows else ["No figure of any wave changed in the data."]
    return "\n".join([MARK, f"### Figures that changed since {reference}", "", *told, ""])


def list_moved_figures(commit: str, listed: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each figure of a wave that isn't what it was at a commit, with the chapters that show it."""
    chapters: dict[str, dict[str, None]] = defaultdict(dict)
    for path in paths.chapters():
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for figure in (one for shown in walk_shown(notebook) for one in shown.figures):
            chapters[figure][paths.shown(path)] = None
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
