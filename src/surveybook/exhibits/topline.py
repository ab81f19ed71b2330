"""The topline of a wave as a Word document: each question, its answers in per cent, bases, notes.

The file is the same bytes on every machine; python-docx would stamp the time into it, and needs XML for captions and
repeated header rows all the same.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from surveybook.exhibits.full_tables import lay_out_table, quote_wordings, tabulate_survey
from surveybook.model.report import read_report
from surveybook.model.survey import Survey, populations_asked
from surveybook.words.findings import base_line

TEMPLATE = Path(__file__).with_name("topline.docx.jinja")
# What parts the template's parts: a character that no text holds.
MARK = "\x1c"
# Styles: id, name, size in half points, bold, level of a heading.
STYLES = (
    ("Title", "Title", 36, True, 0),
    ("Heading1", "heading 1", 26, True, 1),
    ("Head", "Table head", 21, True, 0),
    ("Note", "Note", 18, False, 0),
)
# The width of the text, in twentieths of a point, and of a column of shares.
WIDTH, SHARES = 9000, 1500


def write_topline_document(survey: Survey, path: Path) -> Path:
    """Write the topline of a wave, of whole populations, as a ``.docx`` file, and return it.

    Parameters
    ----------
    survey : Survey
        The wave.
    path : pathlib.Path
        The file.
    """
    import jinja2

    report, metadata = read_report(), survey.metadata
    opening = [
        "Made-up data: no figure comes from a survey." if metadata.get("synthetic") else "",
        f"{metadata['title']}.",
        base_line(survey, list(metadata["populations"])),
        f"Licence of the compilation: {report.licence_name}." if report.licence_name else "",
    ]
    template = jinja2.Environment(autoescape=True).from_string(TEMPLATE.read_text(encoding="utf-8"))
    text = template.render(
        title=f"{report.short_title or report.title}: topline, {metadata.get('label', survey.wave)}",
        opening=opening,
        questions=list(_list_questions(survey)),
        styles=STYLES,
        mark=MARK,
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        for part in text.split(MARK):
            name, _, content = part.partition("\n")
            file.writestr(zipfile.ZipInfo(name), f'<?xml version="1.0" encoding="UTF-8"?>\n{content}')
    return path


def _list_questions(survey: Survey) -> Iterator[dict[str, Any]]:
    """Yield each question as the document shows it: title, wording, base, rows of the table, notes."""
    for number, (question, cells) in enumerate(tabulate_survey(survey).items(), start=1):
        # Letters are about groups, of which a topline has none.
        whole = cells[cells["domain"] == ""].assign(letters="", letter="")
        whole["tests"] = [frozenset()] * len(whole)
        table = lay_out_table(survey, question, whole)
        headings = list(table.columns["heading"])
        heads = [table.head, *headings] if len(headings) > 1 else ["Answer", table.head]
        yield {
            "title": f"{number}. {survey.codebook.questions.loc[question, 'title']}",
            "wordings": quote_wordings(survey, question),
            "base": base_line(survey, populations_asked(survey, question)),
            "rows": [heads, *table.write_rows()],
            "widths": [max(WIDTH - SHARES * len(headings), WIDTH // 3), *[SHARES] * len(headings)],
            "notes": table.notes,
        }
