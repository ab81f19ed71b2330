"""Which edition the pages belong to, and how to cite it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.errors import ConfigError

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

MUST_HAVE = ("name", "wave", "fieldwork", "licence")
PRINT_STYLE = "_static/edition.css"


def read_edition(app: Sphinx, config: Config) -> None:
    """Put the edition that the build wrote into `surveybook_edition`, over the default in _config.yml.

    Raises
    ------
    ConfigError
        When the file isn't a JSON object, or the edition lacks a name, wave, fieldwork or licence.
    """
    edition = dict(config.surveybook_edition)
    path = Path(app.srcdir) / config.surveybook_edition_file
    if config.surveybook_edition_file and path.is_file():
        try:
            edition |= json.loads(path.read_text(encoding="utf-8"))
        except (ValueError, TypeError) as problem:
            raise ConfigError(
                f"{config.surveybook_edition_file} should be a JSON object that describes the edition "
                f"({problem}). Delete it and build again."
            ) from problem
    if missing := [key for key in MUST_HAVE if not edition.get(key)]:
        raise ConfigError(
            f"The edition lacks {', '.join(missing)}. State it under sphinx: config: surveybook_edition in _config.yml."
        )
    config.surveybook_edition = edition


def citation(config: Config, title: str = "", anchor: str = "", docname: str = "") -> str:
    """Return how to cite the edition, or one figure of it when a title is given."""
    edition = config.surveybook_edition
    what = f"“{title.rstrip('.')}”, in " if title else ""
    base = config.html_baseurl.rstrip("/")
    # An address only where the book has one: a copy on a disk shouldn't cite itself.
    address = f" {base}/{docname}.html#{anchor}" if base and anchor else f" {base}" if base else ""
    return f"{config.author}. {what}{config.html_title}, {edition['name']} ({edition['licence']}).{address}"


def running_foot(edition: dict[str, str]) -> str:
    """Return the style that puts edition, fieldwork and page number at the foot of every printed sheet."""
    made_up = "Made-up data. " if edition.get("synthetic") else ""
    said = f"{made_up}{edition['name']}. Fieldwork: {edition['fieldwork']}"
    # As JSON it can't leave the quotation marks; CSS escapes them likewise.
    quoted = json.dumps(" ".join(said.split()).replace("\\", ""), ensure_ascii=False)
    small = "font: 8pt Arial, sans-serif; color: #56606b;"
    return (
        f"@page {{ margin: 18mm 16mm; @bottom-left {{ content: {quoted}; white-space: nowrap; {small} }} "
        f"@bottom-right {{ content: counter(page); {small} }} }}\n"
    )


def write_running_foot(app: Sphinx, problem: Exception | None) -> None:
    """Write that style into the site."""
    if not problem and app.builder.name in ("html", "dirhtml"):
        style = Path(app.outdir) / PRINT_STYLE
        style.parent.mkdir(parents=True, exist_ok=True)
        style.write_text(running_foot(app.config.surveybook_edition), encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Read the edition as soon as the settings are known; tell it on paper too."""
    app.connect("config-inited", read_edition)
    app.connect("build-finished", write_running_foot)
