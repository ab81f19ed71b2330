"""The files of a whole report, written from what was drafted of a file of respondents."""

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd
import yaml

from surveybook.drafts.labels import make_id
from surveybook.drafts.questions import Draft, DraftQuestion, list_answers
from surveybook.model.problems import SurveybookError
from surveybook.model.tables import list_columns, read_schemas
from surveybook.respondents.files import PREFIX, find_format
from surveybook.waves.metadata import NOT_KNOWN, UNDISCLOSED

POPULATION = "respondents"
# A chapter holds so many items at most, unless one question alone has more.
MOST_ITEMS = 16
ASSUMED = "assumed: no label says how many"
SETTINGS = {
    "_config.yml": {
        "only_build_toc_files": True,
        "exclude_patterns": ["_build", ".*", "data", "README.md"],
        "execute": {"execute_notebooks": "off"},
        "html": {"use_multitoc_numbering": False},
        "latex": {"use_jupyterbook_latex": False},
        "sphinx": {"config": {"extensions": ["surveybook.book.sphinx_ext"]}},
    }
}
# Respondents' answers stay private: only released aggregates are shared.
IGNORED = "_build/\n.venv/\n__pycache__/\n.ipynb_checkpoints/\ndata/waves/*/responses_*\n"
SETUP = "from surveybook import charts, findings, glue, open_wave, tables\n\nsurvey = open_wave(wave, baseline)"
ABOUT = (
    "# About the survey\n\nWhat is known of this survey, and what whoever described it did not state.",
    "tables.survey_facts(survey)",
    "## What was disclosed",
    "tables.disclosure(survey)",
    "## All figures",
    "tables.all_figures(survey)",
)
OPEN_QUESTIONS = (
    "Who publishes the report, who wrote it, and under which licence (in report.yml)",
    "When people were asked (fieldwork), by whom (conducted_by) and how (mode)",
    "Whom the sample stands for (universe), how people were drawn (frame), and how many did not answer (response_rate)",
    "Whether people were drawn at random (probability), and whether weights were made to fit known totals (weighting)",
    "How many options people could choose, where asked.csv assumes any number (max_choices)",
    "Who was asked each question (universe in asked.csv), and in which words (wording: labels of the file stand there)",
)


def write_report(folder: Path, draft: Draft, file: Path, *, title: str, wave: str) -> list[Path]:
    """Write a whole report and return its files.

    Parameters
    ----------
    folder : Path
        Where it goes; it may not be there yet, or be empty.
    draft : Draft
        What the file asks.
    file : Path
        The file of respondents, which is copied.
    title : str
        Of the report.
    wave : str
        The id of its first wave.

    Raises
    ------
    SurveybookError
        When the folder holds anything.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SurveybookError(f"{folder} is there already and isn't an empty folder; name another.")
    chapters = list(name_chapters(draft.questions))
    texts = {
        **write_settings(title, wave, [name for name, _, _ in chapters]),
        **write_codebook(draft, {one.question: name for name, _, questions in chapters for one in questions}),
        f"data/waves/{wave}/wave.yml": write_wave(draft, title, wave, find_format(file)),
        f"data/waves/{wave}/asked.csv": write_table("asked", list_asked(draft)),
        "index.ipynb": make_notebook(wave, list_opening(title, draft.questions)),
        "chapters/90-about.ipynb": make_notebook(wave, ABOUT),
    }
    for name, heading, questions in chapters:
        texts[f"chapters/{name}.ipynb"] = make_notebook(wave, list_cells(heading, questions))
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copyfile(file, folder / f"data/waves/{wave}/{PREFIX}{POPULATION}{find_format(file)}")
    return [folder / name for name in texts]


def name_chapters(questions: Iterable[DraftQuestion]) -> Iterator[tuple[str, str, list[DraftQuestion]]]:
    """Yield the chapters: name of the page, heading, questions. A list or battery of many items has one of its own."""
    parts: list[list[DraftQuestion]] = []
    for one in questions:
        items = sum(len(question.items) for question in parts[-1]) if parts else MOST_ITEMS
        if items + len(one.items) > MOST_ITEMS or (parts and len(parts[-1][-1].items) > MOST_ITEMS // 4):
            parts.append([])
        parts[-1].append(one)
    for number, part in enumerate(parts, start=1):
        heading = part[0].title if len(part) == 1 else f"Questions, part {number}"
        yield f"{number:02d}-{make_id(heading).replace('_', '-')}", heading, part


def write_settings(title: str, wave: str, chapters: Sequence[str]) -> dict[str, str]:
    """Return the settings of the report and of its book."""
    report = {
        "title": title, "publisher": "", "authors": [], "licence": "",
        "file_name": make_id(title).replace("_", "-") or "report", "wave": wave, "confidence": 0.95,
    }  # fmt: skip
    files = [{"file": f"chapters/{name}"} for name in (*chapters, "90-about")]
    settings = {**SETTINGS, "report.yml": report, "_toc.yml": {"format": "jb-book", "root": "index", "chapters": files}}
    made = {name: dump_yaml(content) for name, content in settings.items()}
    readme = (
        f"# {title}\n\nA living report, drafted from a file of respondents. Edit its chapters, then:\n\n```\n"
        f"surveybook wave check {wave}\nsurveybook build\n```\n"
    )
    return {**made, ".gitignore": IGNORED, "README.md": readme}


def write_codebook(draft: Draft, pages: Mapping[str, str]) -> dict[str, str]:
    """Return the tables of the codebook."""
    questions = [
        {"question_id": one.question, "chapter": pages[one.question], "title": one.title, "kind": one.kind}
        for one in draft.questions
    ]
    items = [
        {"item_id": item, "question_id": one.question, "label": label, "short_label": label, "order": place}
        for one in draft.questions
        for place, (item, label) in enumerate(one.items.items(), start=1)
    ]
    made_of = {(one.kind, net): "|".join(parts) for one in draft.questions for net, parts in one.nets.items()}
    roles = {(one.kind, response): role for one in draft.questions for role, response in one.roles.items()}
    responses = [
        {"kind": kind, "response": response, "label": label}
        | {"made_of": made_of.get((kind, response), ""), "role": roles.get((kind, response), "")}
        for kind, answers in list_answers(draft.questions).items()
        for response, label in answers.items()
    ]
    people = [{"population": POPULATION, "label": "Respondents", "people": "respondents", "order": 1}]
    tables: dict[str, Sequence[Mapping[str, object]]] = {"questions": questions, "items": items, "responses": responses}
    tables |= {"populations": people, "words": []}
    return {f"data/codebook/{name}.csv": write_table(name, rows) for name, rows in tables.items()}


def list_asked(draft: Draft) -> list[dict[str, str]]:
    """Return the rows of ``asked.csv``: a label is quoted as a label, and no wording made up."""
    answers = list_answers(draft.questions)
    return [
        {
            "population": POPULATION,
            "question_id": one.question,
            "wording": one.title,
            "wording_source": "the label in the file",
            "responses": "|".join(answer for answer in answers[one.kind] if answer not in one.nets),
            **(state_choices(one) if one.kind == "multiple" else {}),
            "source": "responses",
            "note": f"Drafted from {one.why}.",
        }
        for one in draft.questions
    ]


def state_choices(one: DraftQuestion) -> dict[str, str]:
    """Return how many options of a list people could choose, and how that is known."""
    if one.max_choices:
        return {"max_choices": one.max_choices, "max_choices_source": "the label in the file"}
    return {"max_choices": "unlimited", "max_choices_source": ASSUMED}


def write_wave(draft: Draft, title: str, wave: str, ending: str) -> str:
    """Return ``wave.yml``: what the file says, and null or "not known" for what no file can say."""
    unstated = ("fieldwork_start", "fieldwork_end", "sponsor", "frame", "response_rate", "weighting")
    unknown: dict[str, object] = dict.fromkeys(("fieldwork", "conducted_by", "mode", "universe"), NOT_KNOWN)
    block: dict[str, object] = {"label": "Respondents", **unknown, **dict.fromkeys(unstated)}
    block |= {"sample_size": len(draft.source.frame), "base_status": "stated"}
    rules = {
        "file": f"{PREFIX}{POPULATION}{ending}", **draft.design,
        "ignore": list(draft.left_out),
        "domains": draft.groups,
        "questions": {one.question: dict(one.rules) for one in draft.questions},
    }  # fmt: skip
    head = {"id": wave, "title": title, "label": wave, "synthetic": False, "source": None, "baseline": None}
    content = {
        **head,
        "populations": {POPULATION: block},
        "responses": {POPULATION: {name: value for name, value in rules.items() if value}},
        "disclosure": UNDISCLOSED,
    }
    lines = dump_yaml(content).splitlines()
    reasons = {f"      {one.question}:": one.why for one in draft.questions}
    lines = [f"{line}  # {reasons[line]}" if line in reasons else line for line in lines]
    left = [f"# Left out: {column}: {why}." for column, why in draft.left_out.items()]
    asked = [f"# - {question}." for question in OPEN_QUESTIONS]
    doubts = [f"# - {doubt}." for doubt in draft.doubts]
    decide = ["", "# What was taken to be so; look whether it is:", *doubts] if doubts else []
    return "\n".join([*lines, "", "# What no file says; fill it in above:", *asked, *decide, "", *left]) + "\n"


def dump_yaml(content: object) -> str:
    """Return settings as a file has them."""
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)


def write_table(name: str, rows: Sequence[Mapping[str, object]]) -> str:
    """Return rows as the CSV file of a schema."""
    columns = list_columns(read_schemas()[name])
    return pd.DataFrame(rows, columns=columns, dtype=object).fillna("").to_csv(index=False, lineterminator="\n")


def list_opening(title: str, questions: Sequence[DraftQuestion]) -> list[str]:
    """Return the cells of the landing page: what people were asked, and the first question's answers."""
    first = questions[0]
    text = f"# {title}\n\n{{glue:text}}`changed`\n\n{{glue:text}}`base`\n\n## {first.title}"
    glued = "glue(base=findings.who_answered(survey), changed=findings.largest_changes(survey))"
    return [glued, text, *show_question(first, "opening")]


def list_cells(heading: str, questions: Sequence[DraftQuestion]) -> list[str]:
    """Return the cells of a chapter: for each question what the answers show, in words and drawn."""
    phrases = [f'    said_{one.question}=findings.leaders(survey, "{one.question}"),' for one in questions]
    cells = ["\n".join(["glue(", *phrases, ")"])]
    for place, one in enumerate(questions):
        titles = [f"# {heading}"] if not place else []
        titles += [f"## {one.title}"] if len(questions) > 1 else []
        cells.append("\n\n".join([*titles, f"{{glue:text}}`said_{one.question}`"]))
        cells += show_question(one, one.question.replace("_", "-"))
    return cells


def show_question(one: DraftQuestion, name: str) -> list[str]:
    """Return the cells that draw a question's answers: a list or a battery as one chart, else a chart an item."""
    if one.kind in ("multiple", "single") or ((one.kind == "scale" or one.roles) and len(one.items) > 1):
        return [f'charts.ranked(survey, "{one.question}", "{POPULATION}", name="{name}")']
    return [f'charts.answers(survey, "{item}", name="{name}-{place}")' for place, item in enumerate(one.items, start=1)]


def make_notebook(wave: str, cells: Iterable[str]) -> str:
    """Return a notebook, not executed: text begins with a heading, a link or glued words, everything else is code."""
    parameters = f'wave = "{wave}"       # a folder under data/waves\nbaseline = ""  # an earlier wave to compare with'
    parts = [("code", ["parameters", "remove-cell"], parameters), ("code", ["remove-cell"], SETUP)]
    for cell in cells:
        is_text = cell.startswith(("#", "{glue"))
        tags = ["remove-cell"] if cell.startswith("glue(") else ["hide-input"]
        parts.append(("markdown", [], cell) if is_text else ("code", tags, cell))
    return write_notebook(parts)


def write_notebook(cells: Iterable[tuple[str, list[str], str]]) -> str:
    """Return the text of a notebook, not executed, of cells: markdown or code, tags, source."""
    made = [
        {
            "cell_type": kind,
            "id": f"cell-{place:02d}",
            "metadata": {"tags": tags} if tags else {},
            "source": source.splitlines(keepends=True),
            **({"execution_count": None, "outputs": []} if kind == "code" else {}),
        }
        for place, (kind, tags, source) in enumerate(cells)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"
