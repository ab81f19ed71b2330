"""How to cite the edition and the report that it rests on."""

from typing import Any

from surveybook.exhibits.tables.context import NO_SURVEY
from surveybook.exhibits.tables.record import Table
from surveybook.model import paths
from surveybook.model.problems import DataError, Problem
from surveybook.model.reading import read_yaml
from surveybook.model.survey import Survey
from surveybook.model.wording import listing


def read_citation() -> dict[str, Any]:
    """Return what ``CITATION.cff`` says.

    Raises
    ------
    DataError
        When the file can't be read, or lacks its title, its authors or the report.
    """
    problems: list[Problem] = []
    path = paths.citation()
    content = read_yaml(path, problems)
    missing = [key for key in ("title", "authors", "references") if content and not content.get(key)]
    problems += [Problem(paths.shown(path), f"'{key}' is missing", "add it: citations need it") for key in missing]
    if problems:
        raise DataError("The citation", problems)
    return content


def names(authors: list[dict[str, str]]) -> str:
    """Return authors as a citation lists them."""
    return listing(
        author["name"] if "name" in author else f"{author['family-names']}, {author['given-names']}"
        for author in authors
    )


def how_to_cite(survey: Survey, name: str = "how-to-cite") -> Table:
    """Return how to cite this edition, the wave's data in it, and the report."""
    content = read_citation()
    report = content["references"][0]
    # The file names the edition that is committed; chapters run with another wave make another edition.
    title = str(content["title"]).rpartition(",")[0]
    edition = f"{names(content['authors'])}. {title}, {survey.metadata.get('label', survey.wave)} edition"
    version = f"version {content['version']}" if content.get("version") else ""
    rows = [
        ["This edition", f"{edition}{', ' + version if version else ''}."],
        ["The data of this wave", f"{names(content['authors'])}. {survey.metadata['title']}. In {title}, {version}."],
        [
            "The report",
            f"{names(report['authors'])} ({report['year']}). {report['title']}. {report['institution']['name']}. "
            f"ISBN {report['isbn']}.",
        ],
    ]
    return Table(
        name,
        "How to cite",
        ["What", "As"],
        rows,
        source="Source: CITATION.cff and the wave’s own wave.yml.",
        subtitle="The edition, its data and the report that it rests on.",
        base=NO_SURVEY,
    )
