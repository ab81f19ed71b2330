"""What the extension sets for every report, what it takes from the report and its edition, and its templates.

Templates escape all that comes from data.
"""

import csv
import datetime
import json
import os
import re
from pathlib import Path
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ConfigError
from sphinx.util.osutil import relative_uri
from sphinx.writers.html5 import HTML5Translator

from surveybook.book.storage import ADDRESS_VARIABLE
from surveybook.exhibits import palette
from surveybook.model import paths
from surveybook.model.files import read_beside
from surveybook.model.problems import SurveybookError
from surveybook.model.report import read_report
from surveybook.model.wording import quote

REFERENCES = "data/references.bib"
SITES = ("html", "dirhtml")  # and not one page for printing
# What is the same in every book: settings, the files that readers and programs take away, what exhibits have to say.
BOOK: dict[str, Any] = read_beside(__file__, "book.yml")
THEME = Path(__file__).parent / "theme"
CODE = re.compile("`([^`]+)`")
# How a year, a month and a day are written out.
DATES = ("y", "MMMM y", "d MMMM y")
# How the name of the page ends that tells how to cite the book, what was corrected, and what was verified.
CHECK_PAGE = "-check-and-cite"


def configure_book(app: Sphinx, config: Config) -> None:
    """Set what every book has in common, what the report says of itself, and the edition.

    Raises
    ------
    ConfigError
        When ``report.yml`` can't be read, or the wave of the edition can't be opened.
    """
    try:
        report, config.surveybook_edition = read_report(), read_edition(Path(app.srcdir))
    except SurveybookError as problem:
        raise ConfigError(str(problem)) from problem
    for name, value in BOOK["settings"].items():
        config[name] = value
    config.html_title = config.project = report.full_title
    config.author = report.authors_text
    there = (Path(app.srcdir) / REFERENCES).is_file()
    config.bibtex_bibfiles = [REFERENCES] if there else []
    if address := os.environ.get(ADDRESS_VARIABLE, ""):
        # Only who publishes the site knows it.
        config.html_baseurl = address.rstrip("/") + "/"
    listed = sorted(read_data_rows("codebook/populations.csv"), key=lambda row: int(row["order"]))
    populations = report.colours_of([row["population"] for row in listed])
    config.html_context = {
        "report": dict(report) | {"licence_address": report.licence_address},
        "edition": config.surveybook_edition,
        "citation": cite_edition(config),
        "author": config.author,
        "populations": {name: pair.model_dump() for name, pair in populations.items()},
        "colours": [(colour.light, colour.variable) for colour in palette.COLOURS],
        "running_foot": running_foot(config.surveybook_edition),
    }


def read_edition(book: Path) -> dict[str, Any]:
    """Return which edition a book is: what the build wrote there, or else that of the report's own wave."""
    if (path := book / paths.EDITION_FILE).is_file():
        return dict(json.loads(path.read_text(encoding="utf-8")))
    # Only where no build said it before: opening a wave takes as long as a dozen pages.
    from surveybook.waves import open_wave
    from surveybook.words.asked import describe_edition

    return describe_edition(open_wave(read_report().default_wave))


def leave_out_pages(app: Sphinx, config: Config) -> None:
    """Leave pages out of an edition that have nothing to show there.

    That is the page on change where no other survey is set beside it, and chapters of which nothing was asked.
    """
    edition, contents = config.surveybook_edition, config.external_site_map
    is_compared = read_report().is_compared(edition["wave"], edition.get("baseline", ""))
    unasked = edition.get("unasked", [])

    def is_empty(item: object) -> bool:
        name = Path(str(item)).stem
        return name in unasked or (not is_compared and paths.is_change_page(name))

    for document in contents.values():
        for tree in document.subtrees:
            tree.items = [item for item in tree.items if not is_empty(item)]
    for name in [name for name in contents if is_empty(name)]:
        del contents[name]
        config.exclude_patterns = [*config.exclude_patterns, f"{name.partition('.')[0]}.*"]


def read_data_rows(file: str) -> list[dict[str, str]]:
    """Return the rows of a file of the data, which the commands that check data look at more closely."""
    with (paths.data() / file).open(encoding="utf-8-sig", newline="") as table:
        return list(csv.DictReader(table))


def cite_edition(config: Config, title: str = "", anchor: str = "", docname: str = "") -> str:
    """Return how to cite the edition, or one figure of it when a title is given."""
    edition = config.surveybook_edition
    what = f"{quote(title)}, in " if title else ""
    base = config.html_baseurl.rstrip("/")
    # An address only where the book has one: a copy on a disk shouldn't cite itself.
    address = f" {base}/{docname}.html#{anchor}" if base and anchor else f" {base}" if base else ""
    authors = f"{config.author}. " if config.author else ""
    licence = f" ({edition['licence']})" if edition["licence"] else ""
    return f"{authors}{what}{config.html_title}, {edition['name']}{licence}.{address}"


def running_foot(edition: dict[str, Any]) -> str:
    """Return what stands at the foot of every printed sheet, as a string of CSS."""
    made_up = "Made-up data. " if edition.get("synthetic") else ""
    said = f"{made_up}{edition['name']}. Fieldwork: {edition['fieldwork']}"
    # As JSON it can't leave the quotation marks; CSS escapes them likewise.
    return json.dumps(" ".join(said.split()).replace("\\", ""), ensure_ascii=False)


def format_json(value: object) -> Markup:
    """Return JSON that can stand inside a script element, whatever the text in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))


def break_name(value: object) -> Markup:
    """Return the text of a cell so that a long name, such as a figure's id, can break where its words meet."""
    text = escape(value)
    return text if " " in text else Markup(text.replace("_", Markup("_<wbr>")))


def quote_code(text: str) -> Markup:
    """Return text without markup as HTML, with what stands in back-quotes as code."""
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))


def date_text(date: str) -> str:
    """Return an ISO date, month or year in words: '2005-03' is 'March 2005'.

    Raises
    ------
    ValueError
        When it is none.
    """
    parts = [int(part) for part in date.split("-")]
    if len(parts) > len(DATES):
        raise ValueError(f"{date!r} is no date")
    return format_date(datetime.date(*[*parts, 1, 1][:3]), DATES[len(parts) - 1], locale="en")


def class_verdict(verdict: str) -> str:
    """Return the class of a verdict: 'is-not-checkable'."""
    return "is-" + verdict.replace(" ", "-")


_PARTS = Environment(
    loader=FileSystemLoader(THEME / "parts"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)
_PARTS.filters |= {"island": format_json, "breakable": break_name, "code_quotes": quote_code, "slug": class_verdict}


def render_part(name: str, **context: Any) -> Markup:
    """Return a template of the theme's folder ``parts``, filled in."""
    return Markup(_PARTS.get_template(name).render(context))


def file_address(translator: HTML5Translator, path: str) -> str:
    """Return the address of a file of the site, relative to the page that is being written."""
    builder = translator.builder
    return relative_uri(builder.get_target_uri(builder.current_docname).partition("#")[0], path)


def find_page(env: BuildEnvironment, ending: str) -> str:
    """Return the page whose name ends so: ``-claims`` for the list of claims; empty where there is none."""
    return next((name for name in sorted(env.all_docs) if name.endswith(ending)), "")


def setup(app: Sphinx) -> None:
    """Declare the settings that a report may have, and set the others once they are known."""
    app.add_config_value("surveybook_edition", {}, "html", types=(dict,))
    # Jupyter Book always sets it; only the extension that we leave out would declare it.
    app.add_config_value("comments_config", {}, "", types=(dict,))
    # Before all others that look at the settings.
    app.connect("config-inited", configure_book, priority=1)
    # After the table of contents has been read.
    app.connect("config-inited", leave_out_pages, priority=950)
