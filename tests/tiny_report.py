"""A report as small as one can be: two questions, one population, one wave of published percentages, and nothing else.

It has no claims, no evidence, no glossary, no references and no report that it rests on, so that whatever the engine
takes for granted shows.
"""

from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from surveybook.drafts.report import write_notebook
from surveybook.waves.checks import DISCLOSURE_ITEMS

FILES = {
    "report.yml": """
        title: Riverside residents 2031
        publisher: Riverside Council
        authors: [Riverside Council]
        licence: CC-BY-4.0
        file_name: riverside
        """,
    "_config.yml": """
        title: Riverside residents 2031
        author: Riverside Council
        execute: {execute_notebooks: "off"}
        sphinx:
          local_extensions: {surveybook.book.sphinx_ext: src}
          config:
            html_theme: surveybook
            extensions: [myst_nb, jupyter_book, sphinx_external_toc, sphinxcontrib.bibtex, surveybook.book.sphinx_ext]
        """,
    "_toc.yml": """
        format: jb-book
        root: index
        chapters:
          - file: chapters/01-parks
        """,
    "data/codebook/populations.csv": """
        population,label,people,order
        residents,Residents,residents,1
        """,
    "data/codebook/questions.csv": """
        question_id,chapter,title,kind,concept
        park_uses,parks,What people do in the park,multiple,
        park_satisfied,parks,Content with the park,scale,
        """,
    "data/codebook/items.csv": """
        item_id,question_id,label,short_label,order
        walk,park_uses,Take a walk,Walking,1
        swim,park_uses,Swim in the lake,Swimming,2
        rest,park_uses,Sit and rest,Resting,3
        content,park_satisfied,I am content with the park,Content,4
        """,
    "data/codebook/responses.csv": """
        kind,response,label
        multiple,chosen,Chosen
        scale,agree,Agree
        scale,disagree,Disagree
        """,
    "data/codebook/words.csv": """
        phrase,relation,fraction,reading
        half,bare,0.5,one half
        """,
    "data/waves/2031/wave.yml": """
        id: "2031"
        title: Survey of Riverside residents, 2031
        label: "2031"
        synthetic: false
        source: null
        populations:
          residents:
            label: Residents
            fieldwork: May 2031
            fieldwork_start: "2031-05"
            fieldwork_end: "2031-05"
            conducted_by: Riverside Council
            sponsor: null
            mode: online
            frame: null
            universe: adults living in Riverside
            sample_size: 800
            base_status: stated
            sampling: null
            response_rate: null
            weighting: null
            design_effect: null
            note: null
        disclosure:
          standard: AAPOR Transparency Initiative
          items:
        """
    + "".join(
        f"    - {{item: {number}, title: {title}, status: not disclosed, text: Not told.}}\n"
        for number, title in enumerate(DISCLOSURE_ITEMS, start=1)
    ),
    "data/waves/2031/asked.csv": """
        population,question_id,wording,wording_source,responses,max_choices,max_choices_source,universe,mode,source,note
        residents,park_uses,What do you do in the park?,questionnaire,chosen,3,questionnaire,adults living in Riverside,online,published,
        residents,park_satisfied,Are you content with the park?,questionnaire,agree|disagree,,,adults living in Riverside,online,published,
        """,
    "data/waves/2031/estimates.csv": """
        figure_id,population,domain,item_id,response,status,percent,decimals,verbal,base,base_status,deff,locator,note
        walk,residents,,walk,chosen,number,61,0,,800,stated,,Table 1,
        swim,residents,,swim,chosen,number,24,0,,800,stated,,Table 1,
        rest,residents,,rest,chosen,number,47,0,,800,stated,,Table 1,
        content_agree,residents,,content,agree,number,72,0,,800,stated,,Table 2,
        content_disagree,residents,,content,disagree,number,28,0,,800,stated,,Table 2,
        """,
}
PARAMETERS = 'wave = "2031"\nbaseline = ""'
INDEX = [
    ("markdown", [], "# Riverside residents 2031\n\n{glue:text}`leader`"),
    ("code", ["parameters", "remove-cell"], PARAMETERS),
    (
        "code",
        ["remove-cell"],
        "from surveybook import charts, findings, glue, open_wave\n\nsurvey = open_wave(wave, baseline)\n"
        'glue(leader=findings.first_places(survey, "park_uses"))',
    ),
    ("code", ["hide-input"], 'charts.ranked(survey, "park_uses", "residents", name="uses")'),
]
PARKS = [
    ("markdown", [], "# Parks\n\nContent with the park: {glue:text}`content`"),
    ("code", ["parameters", "remove-cell"], PARAMETERS),
    (
        "code",
        ["remove-cell"],
        "from surveybook import charts, findings, glue, open_wave\n\nsurvey = open_wave(wave, baseline)\n"
        'glue(content=findings.reply(survey, "residents.content.agree"))',
    ),
    ("code", ["hide-input"], 'charts.shares(survey, ["residents.content.agree"], "content", "The park")'),
]


def lay_out(text: str) -> str:
    """Return a file as it is written: without the margin that it has here."""
    margin = text[: len(text) - len(text.lstrip())].lstrip("\n")
    return "".join(line.removeprefix(margin) for line in text.lstrip("\n").splitlines(keepends=True) if line.strip())


def write_tiny_report(folder: Path) -> Path:
    """Write the report into a folder, its chapters not executed yet, and return the folder."""
    notebooks = {"index.ipynb": write_notebook(INDEX), "chapters/01-parks.ipynb": write_notebook(PARKS)}
    for name, text in {**FILES, **notebooks}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(lay_out(text) if name in FILES else text, encoding="utf-8")
    return folder


def add_respondents(
    report: Path, wave: str, people: pd.DataFrame, questions: dict[str, Any], *, answers: str = "", **design: Any
) -> None:
    """Add a wave of respondents, with how each question is mapped, the answers offered and what the design has."""
    first = report / "data/waves/2031"
    told = yaml.safe_load((first / "wave.yml").read_text(encoding="utf-8")) | {"id": wave, "label": wave}
    told["populations"]["residents"]["sample_size"] = len(people)
    told["responses"] = {"residents": {"id": "id", "weight": "wt", **design, "questions": questions}}
    folder = first.with_name(wave)
    folder.mkdir(exist_ok=True)
    (folder / "wave.yml").write_text(yaml.safe_dump(told), encoding="utf-8")
    head = (first / "asked.csv").read_text(encoding="utf-8").splitlines()[0]
    who = "adults living in Riverside,online,responses"
    rows = [f"residents,{name},How satisfied are you?,questionnaire,{answers},,,{who}," for name in questions]
    (folder / "asked.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    people.to_csv(folder / "responses_residents.csv", index=False)
