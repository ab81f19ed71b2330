"""A small book that uses every kind of block of the site, for checks that don't depend on the chapters."""

import json
import shutil
from pathlib import Path
from typing import Any

import nbformat
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from surveybook.book.publishing import merge_explored
from surveybook.exhibits.downloads import explorer_data, write_extras
from surveybook.exhibits.forms import Series, draw_rows, finish_spec
from surveybook.model import paths
from surveybook.waves import open_wave

REPOSITORY = Path(__file__).parents[2]
CHART = "application/vnd.vegalite.v6+json"
TABLE = "application/vnd.surveybook.table+json"

PUBLIC, FRONTLINE = "#1d4f91", "#b8471a"
EDITION = {
    "name": "2004 edition",
    "wave": "2004",
    "fieldwork": "November and December 2004",
    "licence": "CC BY 4.0",
    "synthetic": False,
}
ITEMS = (
    ("Staff treat people well", 68, 61),
    ("Questions are answered the first time", 54, 48),
    ("Services are open outside office hours", 40, 22),
    ("Information stays confidential", 33, 41),
)


def chart_meta(name: str) -> dict[str, Any]:
    """Return what a chart says about itself."""
    return {
        "name": name,
        "title": "Good manners matter most to both, and the two disagree about opening hours",
        "subtitle": "“Which of these make a good service?” Two answers.",
        "base": "1,000 adults by telephone, November 2004; 500 frontline staff by post, December 2004.",
        "alternative": "Dot plot. 68% of the public and 61% of staff chose being treated well; shares of the "
        "other three items run from 22% to 54%.",
        "source": "Source: invented for the tests of this site.",
        "interval_note": "Lines are 95% intervals, as if simple random.",
        "wave": "2004",
        "question_id": "sample",
        "table": {
            "columns": ["Item", "Public %", "Lower", "Upper", "Frontline %"],
            "rows": [[item, a, a - 3, a + 3, b] for item, a, b in ITEMS],
        },
        "figures": ["sample_a", "sample_b"],
        "notes": ["People chose two, so columns add to more than 100."],
        "code": {"module": "surveybook.exhibits.charts", "function": "compare_populations"},
    }


def chart_spec(name: str = "sample-quality") -> dict[str, Any]:
    """Return a chart drawn as the book draws them: items in rows, two groups, intervals, one figure in words."""
    groups = (Series("Public", PUBLIC), Series("Frontline staff", FRONTLINE, "square"))
    records: list[dict[str, Any]] = [
        {"label": item, "series": group.name, "status": "number", "share": share / 100, "low": share / 100 - 0.03,
         "high": share / 100 + 0.03, "text": f"{share}%",
         "tip": f"{group.name}: {share}% ({share - 3} to {share + 3})"}
        for item, *shares in ITEMS
        for group, share in zip(groups, shares, strict=True)
    ]  # fmt: skip
    records[-2] = {"label": ITEMS[-1][0], "series": "Public", "status": "unpublished", "text": "Public: not published"}
    spec = finish_spec(draw_rows(records, groups), "Good manners first")
    return {**spec, "usermeta": {"surveybook": chart_meta(name)}}


def output(mime: str, content: Any, text: str = "alternative", **metadata: Any) -> Any:
    """Return one output of a cell."""
    return new_output("display_data", data={mime: content, "text/plain": text}, metadata=metadata)


def glued(name: str, text: str) -> Any:
    """Return an output as `glue` stores it."""
    prefix = "application/papermill.record/"
    metadata = {"scrapbook": {"name": name, "mime_prefix": prefix}}
    return new_output("display_data", data={f"{prefix}text/plain": repr(text)}, metadata=metadata)


def write_notebook(*cells: Any) -> Any:
    """Return an executed notebook of some cells."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=list(cells), metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def code(source: str, count: int, *outputs: Any) -> Any:
    """Return an executed cell whose code is hidden."""
    return new_code_cell(source, execution_count=count, outputs=list(outputs), metadata={"tags": ["hide-input"]})


def table_of(name: str, title: str, columns: list[str], rows: list[list[Any]], **more: Any) -> dict[str, Any]:
    """Return a table as chapters store it."""
    told = {"subtitle": "Which way people take for which task.", "base": "1,000 adults by telephone, November 2004."}
    source = "Source: invented for the tests of this site."
    return {"name": name, "title": title, **told, "columns": columns, "rows": rows, "source": source, **more}


def sample_notebook() -> Any:
    """Return an executed notebook with a chart, a table, glued text and both kinds of block."""
    rows = [["Ask a question", "Telephone", 62], ["Pay <a bill>", "Post", 31]]
    more = {"note": "The report prints winners only.", "figures": ["sample_c"], "filter": True}
    columns = ["Task", "Channel", "Per cent"]
    table = table_of("sample-channels", "The phone wins where it matters", columns, rows, **more)
    return write_notebook(
        new_markdown_cell(
            "# Quality\n\nSatisfied customers come first: {glue:text}`lead` of the public say so, "
            "and staff agree ({numref}`fig-sample-quality`, {numref}`tab-sample-channels`).\n\n"
            "## What was asked\n\n"
            "Both groups saw one list of items and chose two of them. The public answered by telephone; "
            "staff filled in a form at home or at work."
        ),
        code("survey = open_wave(wave)  # checks everything\nglue('lead', '68%')", 1, glued("lead", "68%")),
        new_markdown_cell("## What the wave shows"),
        code("charts.compare_populations(survey, 'quality_indicators')", 2, output(CHART, chart_spec())),
        code("tables.channels(survey)", 3, output(TABLE, table)),
        new_markdown_cell(
            "### What the report made of it\n\n:::{report} 2.1\n:claims: quality-first, hours-gap\n"
            "It put manners above speed for {printed}`quality-first`, of the public.\n:::\n\n"
            ":::{our-note}\nIts own table says otherwise.\n:::\n\n"
            ":::{background}\nOpening hours had been a target since 1998.\n:::\n\n"
            "| a | b |\n|---|--:|\n| one | 1 |\n| two | 2 |\n\n## A formula\n\nThe variance is $p(1-p)/n$."
        ),
    )


def rows_notebook() -> Any:
    """Return an executed notebook with a chart in rows, and a long table whose rows no page links to."""
    rows = [[f"Item {number}", f"the_long_name_of_item_{number}"] for number in range(25)]
    table = table_of("sample-long", "Everything that was compared", ["Compared", "Id"], rows, filter=True)
    return write_notebook(
        new_markdown_cell("# Order\n\nWhat comes first for whom."),
        code("charts.compare(survey)", 1, output(CHART, chart_spec("sample-rows"))),
        code("tables.all(survey)", 2, output(TABLE, table)),
    )


def claims_notebook() -> Any:
    """Return an executed notebook with a list of claims."""
    reading = {"reading": "Of all asked.", "verdict": "contradicted", "reason": "54% of the public: above half (50)."}
    about = {"chapter": "quality", "section": "2.1", "locator": "2.1, first line", "counts_as": "finding"}
    first = {
        **about, "id": "quality-first", "statement": "Half put manners first.", "verdict": "contradicted",
        "chip": "contradicted: 68%", "strict": "not checkable", "figures": ["sample_a"],
        "printed": [{"phrase": "half", "verdict": "contradicted", "chip": "contradicted: 68%"}],
        "parts": [{"readings": [reading, {**reading, "verdict": "not checkable"}]}],
    }  # fmt: skip
    second = {
        **about, "id": "hours-gap", "statement": "There are four ways.", "verdict": "supported", "chip": "supported: 4",
        "counts_as": "count", "parts": [{"readings": [{"verdict": "supported", "reason": "4 are counted."}]}],
    }  # fmt: skip
    rows = [[one["verdict"], one["statement"], one["id"]] for one in (first, second)]
    columns, entries = ["Verdict", "Statement", "Id"], [first, second]
    return write_notebook(
        new_markdown_cell("# What the report said, tested\n\nStatement by statement.\n\n## All of them"),
        code("claims.all_claims(survey)", 1, output(TABLE, table_of("claims", "All", columns, rows, entries=entries))),
    )


def write_sample_extras(folder: Path) -> None:
    """Write the explorer's data and the workbook of a real wave, which every sample book has."""
    surveys = [open_wave("2004"), open_wave("example-synthetic")]
    explored = merge_explored([explorer_data(survey) for survey in surveys])
    write_extras(surveys[0], folder, explored)


def write_sample_book(folder: Path, extras: Path) -> Path:
    """Write the sample book with the settings of the real one, and with extras that are made already."""
    folder.mkdir(parents=True, exist_ok=True)
    config = yaml.safe_load((REPOSITORY / "_config.yml").read_text(encoding="utf-8"))
    config["sphinx"]["local_extensions"] = {"surveybook.book.sphinx_ext": str(REPOSITORY / "src")}
    (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data/references.bib").write_text(
        "@misc{jones2005why, author={Jones, Alexandra and Williams, Laura}, title={Why ICT?}, year={2005}}\n"
    )
    (folder / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nchapters:\n- file: chapters/02-quality\n- file: chapters/03-order\n"
        "- file: chapters/07-change\n- file: chapters/94-claims\n"
        "- file: references\n- file: glossary\n"
    )
    (folder / "index.md").write_text(
        "# Why ICT?\n\nA survey of 2004, computed again.\n\n"
        "## Read it\n\nFrom the start.\n\n## Check it\n\nEvery figure.\n"
    )
    (folder / "references.md").write_text(
        "# References\n\nThe report {cite}`jones2005why` and the {term}`base` of others. It takes IT and IDs.\n\n"
        "```{bibliography}\n```\n"
    )
    (folder / "glossary.md").write_text(
        "# Glossary\n\nWhat words mean.\n\n:::{fold} All of them\n"
        "```{glossary}\nbase\n  The number of people asked.\n\n"
        "ID\n  Proof of who one is.\n\nIT\n  Information technology.\n```\n:::\n"
    )
    shutil.copytree(extras, folder / paths.EXTRAS_FOLDER, dirs_exist_ok=True)
    (folder / paths.EDITION_FILE).write_text(json.dumps(EDITION))
    (folder / "chapters").mkdir(exist_ok=True)
    nbformat.write(sample_notebook(), folder / "chapters" / "02-quality.ipynb")
    (folder / "chapters/07-change.md").write_text("# What changed\n\nNothing, in the only survey that there is.\n")
    nbformat.write(claims_notebook(), folder / "chapters" / "94-claims.ipynb")
    nbformat.write(rows_notebook(), folder / "chapters" / "03-order.ipynb")
    return folder
