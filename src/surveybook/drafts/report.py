"""The files of a whole report, written from what was drafted: settings and pages from templates, tables of its data.

And how each question of a file was read, in words: what whoever knows the survey goes through first.
"""

import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

import surveybook
from surveybook.drafts.chapters import (
    Chapter,
    calm_question,
    capitalise,
    find_names,
    is_background,
    list_chapters,
    shorten_labels,
    title_questions,
)
from surveybook.drafts.labels import NO_FIGURE, SIGNS, make_id
from surveybook.drafts.records import POPULATION, Draft, DraftQuestion, list_kind_answers, name_range, read_targets
from surveybook.drafts.related_columns import merge_labels, split_texts
from surveybook.drafts.roles import UNPROTECTED, count_unweighted, name_fieldwork
from surveybook.model import paths
from surveybook.model.files import fill_beside, stage_folder, write_whole
from surveybook.model.kinds import Kind
from surveybook.model.problems import SurveybookError
from surveybook.model.report import read_report
from surveybook.model.survey import is_bare_number, label_wave
from surveybook.model.tables import list_columns, read_schemas
from surveybook.respondents.encoding import UNNAMED_CODES
from surveybook.respondents.files import PREFIX, find_format
from surveybook.waves.checks import NOT_KNOWN, UNDISCLOSED

ASSUMED = "assumed: no label says how many"
# Pages that every drafted report has after its chapters, and the one on change before them.
ABOUT, CHECK, CHANGES = "90-about", "96-check-and-cite", "80-changes"
# Files by name, each with its template.
FILES = {
    ".gitignore": "gitignore",
    ".github/workflows/publish.yml": "publish.yml",
    "CITATION.cff": "CITATION.cff",
    "index.ipynb": "index.ipynb",
} | {name: name for name in ("Makefile", "README.md", "report.yml", "_config.yml", "_toc.yml")}
LOCK = "requirements.txt"
CELL = re.compile(r"^%% (\w+)(.*)\n", re.MULTILINE)
# What wave.yml says of people before anybody has: this for what pages can't do without, and nothing for the rest.
NEEDED = ("fieldwork", "conducted_by", "mode", "universe")
UNSTATED = ("fieldwork_start", "fieldwork_end", "sponsor", "frame", "response_rate", "weighting", "sample_size")


AS_TEXT: dict[str, Any] = {"dtype": str, "keep_default_na": False}


def write_report(folder: Path, draft: Draft, file: Path, *, title: str, wave: str) -> list[Path]:
    """Write a whole report of a file of respondents, which is copied, and return the report's files.

    Parameters
    ----------
    folder : Path
        Where it goes; it may not be there yet, or be empty.
    draft : Draft
        What the file asks.
    file : Path
        The file of respondents.
    title : str
        Of the report.
    wave : str
        The id of its first wave.

    Raises
    ------
    SurveybookError
        When the folder holds anything.
    """
    answers, ending = list_kind_answers(draft.questions), find_format(file)
    asked = [describe_asked(one, answers.get(one.kind, ())) for one in draft.questions]
    data = {
        "wave.yml": write_wave(draft, title, wave, ending),
        "asked.csv": write_table("asked", asked),
        "reading.md": write_reading(draft, file.name),
    }
    return write_files(
        folder, draft.questions, list_chapters(draft.questions), {wave: data},
        {f"data/waves/{wave}/{PREFIX}{POPULATION}{ending}": file}, title=title, wave=wave, published=False,
        groups=bool(draft.groups),
    )  # fmt: skip


def write_files(
    folder: Path,
    questions: Sequence[DraftQuestion],
    chapters: Sequence[Chapter],
    waves: Mapping[str, Mapping[str, str]],
    copied: Mapping[str, Path],
    words: Sequence[Mapping[str, object]] = (),
    **told: Any,
) -> list[Path]:
    """Write a report into a folder and return its files.

    Parameters
    ----------
    folder : Path
        Where it goes; it may not be there yet, or be empty.
    questions : sequence of DraftQuestion
        All that was asked, in the order of the codebook.
    chapters : sequence of Chapter
        In which chapters that is shown.
    waves : dict of dict of str
        The files of each wave, by their names.
    copied : dict of Path
        What is copied into it from elsewhere, by its place.
    words : sequence of dict
        What figures that are given in words say, as the codebook has them.
    told : Any
        What templates need besides: title, wave, whether shares are published ones, and whether there are groups.

    Raises
    ------
    SurveybookError
        When the folder holds anything.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SurveybookError(f"{folder} is there already and isn't an empty folder; name another.")
    pages = {CHANGES: "changes", ABOUT: "about", CHECK: "check"}
    if len(waves) == 1:
        del pages[CHANGES]
    told |= {
        "chapters": chapters,
        "pages": [*(chapter.name for chapter in chapters), *pages],
        "background": [one.question for chapter in chapters for one in chapter.questions if is_background(one)],
        "file_name": make_id(told["title"]).replace("_", "-") or "report",
        "names": find_names(questions),
    }
    texts = {name: render(template, **told) for name, template in FILES.items()}
    texts |= {f"chapters/{name}.ipynb": render(f"{page}.ipynb", **told) for name, page in pages.items()}
    texts |= {f"chapters/{one.name}.ipynb": render("chapter.ipynb", chapter=one, **told) for one in chapters}
    texts |= write_codebook(questions, chapters, words)
    texts |= {f"data/waves/{wave}/{name}": text for wave, files in waves.items() for name, text in files.items()}
    if lock := find_lock():
        texts[LOCK] = lock.read_text(encoding="utf-8")
    # A report that isn't whole is nowhere that one is looked for.
    with stage_folder(folder) as stage:
        for name, text in texts.items():
            write_whole(stage / name, text)
        for name, path in copied.items():
            shutil.copyfile(path, stage / name)
    return [folder / name for name in texts]


def find_lock() -> Path | None:
    """Return the lock of what the engine needs; None where it was installed without its repository."""
    lock = Path(surveybook.__file__).parents[2] / LOCK
    return lock if lock.is_file() and (lock.parent / "pyproject.toml").is_file() else None


def render(name: str, **told: Any) -> str:
    """Return a file made from its template; a notebook's is of cells, each after a line of its kind and tags."""
    filters = {"json": partial(json.dumps, ensure_ascii=False), "yaml": lambda content: dump_yaml(content).rstrip()}
    text = fill_beside(__file__, f"templates/{name}.jinja", filters, **told)
    if not name.endswith(".ipynb"):
        return text
    _, *parts = CELL.split(text)
    cells = zip(parts[::3], map(str.split, parts[1::3]), map(str.strip, parts[2::3]), strict=True)
    return write_notebook(cells)


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


def dump_yaml(content: object, *, flow: bool | None = False) -> str:
    """Return settings as a file has them; without `flow` being false, what is short stands in one line."""
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120, default_flow_style=flow)


def write_table(name: str, rows: Sequence[Mapping[str, object]] | pd.DataFrame) -> str:
    """Return rows as the CSV file of a schema."""
    columns = list_columns(read_schemas()[name])
    return pd.DataFrame(rows, columns=columns, dtype=object).fillna("").to_csv(index=False, lineterminator="\n")


def write_codebook(
    questions: Sequence[DraftQuestion], chapters: Sequence[Chapter], words: Sequence[Mapping[str, object]] = ()
) -> dict[str, str]:
    """Return the tables of the codebook."""
    questions = [calm_question(one) for one in questions]
    pages = {one.question: chapter.name for chapter in chapters for one in chapter.questions}
    made_of = {(one.kind, net): "|".join(parts) for one in questions for net, parts in one.nets.items()}
    titles = title_questions(questions)
    short = {one.question: shorten_labels(one.items) for one in questions}
    roles = {(one.kind, response): role for one in questions for role, response in one.roles.items()}
    tables: dict[str, Sequence[Mapping[str, object]]] = {
        "questions": [
            {"question_id": one.question, "chapter": pages[one.question], "title": titles[one.question],
             "kind": one.kind}
            for one in questions
        ],
        "items": [
            {"item_id": item, "question_id": one.question, "label": capitalise(label),
             "short_label": titles[one.question] if label == one.title else short[one.question][item], "order": place}
            for one in questions
            for place, (item, label) in enumerate(one.items.items(), start=1)
        ],
        "responses": [
            {"kind": kind, "response": response, "label": capitalise(label),
             "made_of": made_of.get((kind, response), ""), "role": roles.get((kind, response), "")}
            for kind, answers in list_kind_answers(questions).items()
            for response, label in answers.items()
        ],
        "populations": [{"population": POPULATION, "label": "Respondents", "people": "respondents", "order": 1}],
        "words": words,
    }  # fmt: skip
    return {f"data/codebook/{name}.csv": write_table(name, rows) for name, rows in tables.items()}


def describe_asked(one: DraftQuestion, responses: Iterable[str], **told: str) -> dict[str, str]:
    """Return a row of ``asked.csv``, with what is told otherwise: a label is quoted as one, and no wording made up.

    The number of a question is none of its words. Of the responses nets are left out, which nobody is asked.
    """
    row = {
        "population": POPULATION,
        "question_id": one.question,
        "wording": SIGNS["question_number"].sub("", one.wording or one.title),
        "wording_source": one.wording_source,
        "responses": "|".join(response for response in responses if response not in one.nets),
        "source": "responses",
        "note": f"Drafted from {one.why}.",
    }
    if one.kind == "multiple":
        source = one.wording_source if one.max_choices else ASSUMED
        row |= {"max_choices": one.max_choices or "unlimited", "max_choices_source": source}
    return row | told


def describe_wave(wave: str, title: str, people: Mapping[str, object], label: str | None, **more: object) -> str:
    """Return settings of ``wave.yml``: what is known of the people, and null or "not known" for what no file says."""
    block = {"label": "Respondents", **dict.fromkeys(NEEDED, NOT_KNOWN), **dict.fromkeys(UNSTATED), **people}
    head = {"id": wave, "title": title, "label": label, "synthetic": False, "source": None, "baseline": None}
    return dump_yaml(head | {"populations": {POPULATION: block}} | more | {"disclosure": UNDISCLOSED}).rstrip()


def write_wave(draft: Draft, title: str, wave: str, ending: str) -> str:
    """Return ``wave.yml`` of a file of respondents, with the reason for each question, and what no file says."""
    lost = count_unweighted(draft.source, draft.design.get("weight"))
    rules = {
        "file": f"{PREFIX}{POPULATION}{ending}", "encoding": draft.source.encoding, **draft.design,
        **draft.exceptions,
        "ignore": list(draft.left_out),
        "domains": draft.groups,
        "questions": {one.question: dict(one.rules) for one in draft.questions},
    }  # fmt: skip
    told = {POPULATION: {name: value for name, value in rules.items() if value}}
    people = {"sample_size": draft.source.size - lost, "base_status": "stated", **name_fieldwork(draft.fieldwork)}
    reasons = {f"      {one.question}:": one.why for one in draft.questions}
    reasons[f"        {dump_yaml(UNPROTECTED).strip()}"] = "protected, if not stating it tells who somebody is"
    lines = describe_wave(wave, title, people, None if is_bare_number(wave) else wave, responses=told).splitlines()
    settings = "\n".join(f"{line}  # {reasons[line]}" if line in reasons else line for line in lines)
    unknown = list_open_questions(draft.questions, has_fieldwork=draft.fieldwork is not None)
    return render("wave.yml", settings=settings, open_questions=unknown)


def list_open_questions(questions: Iterable[DraftQuestion], *, has_fieldwork: bool) -> tuple[str, ...]:
    """Return what a file doesn't say, as questions to whoever knows the survey."""
    assumes = any(one.kind == "multiple" and not one.max_choices for one in questions)
    return tuple(render("open_questions", has_fieldwork=has_fieldwork, assumes_any_number=assumes).splitlines())


def add_changes_page(wave: str) -> Path | None:
    """Add a page on change to a drafted report that gets its second wave, and return it; None where there is one."""
    if read_report().claims_wave or any(paths.is_change_page(path.stem) for path in paths.chapters()):
        return None
    return add_page(CHANGES, render("changes.ipynb", wave=wave), ABOUT)


def add_page(name: str, notebook: str, *before: str) -> Path | None:
    """Add a page to a drafted report before the first of some others, and return it.

    None where the contents hold none of these: a report that was made otherwise is left alone.
    """
    contents, page = paths.root() / "_toc.yml", paths.root() / f"chapters/{name}.ipynb"
    text = contents.read_text(encoding="utf-8") if contents.is_file() else ""
    found = re.search(rf"^ *- file: chapters/({'|'.join(before)})$", text, re.MULTILINE)
    if found is None:
        return None
    write_whole(page, notebook)
    line = found[0].replace(found[1], name)
    write_whole(contents, f"{text[: found.start()]}{line}\n{text[found.start() :]}")
    return page


def list_headings() -> list[str]:
    """Return the headings of the chapters that are there."""
    first = [json.loads(path.read_text(encoding="utf-8"))["cells"][:1] for path in paths.chapters()]
    return ["".join(cell["source"]).split("\n")[0].removeprefix("# ") for cells in first for cell in cells]


def list_new_chapters(questions: Sequence[DraftQuestion], wave: str) -> list[Chapter]:
    """Return the chapters of questions that a wave brings, behind those that are there."""
    numbers = [int(page.name[:2]) for page in (paths.root() / "chapters").glob("[0-7][0-9]-*.ipynb")]
    new = f": new in {label_wave(wave)}"
    return [
        replace(
            one, place=max(numbers, default=0) + one.place, heading=f"{one.heading}{new if one.is_background else ''}"
        )
        for one in list_chapters(questions, list_headings())
    ]


def add_questions(questions: Sequence[DraftQuestion], wave: str, *, groups: bool) -> None:
    """Add questions that a wave brings to the codebook, and pages that show them.

    In a report that wasn't drafted they are filed under the page of the codebook's last question.
    """
    chapters = list_new_chapters(questions, wave)
    pages = [
        add_page(chapter.name, render("chapter.ipynb", chapter=chapter, wave=wave, groups=groups), CHANGES, ABOUT)
        for chapter in chapters
    ]
    if None not in pages:
        add_to_landing(chapters)
    written = write_codebook(questions, chapters)
    for name in ("questions", "items", "responses"):
        table, rows = read_cells(name), pd.read_csv(StringIO(written[f"data/codebook/{name}.csv"]), **AS_TEXT)
        if name == "questions" and None in pages:
            rows["chapter"] = table["chapter"].iloc[-1]
        keys = ["kind", "response"] if name == "responses" else [str(rows.columns[0])]
        whole = pd.concat([table, rows]).drop_duplicates(keys).fillna("")
        empty = [column for column in rows.columns if column not in table and not whole[column].any()]
        write_cells(name, whole.drop(columns=empty))


def add_to_landing(chapters: Sequence[Chapter]) -> None:
    """Add chapters to the list of them on the landing page, with what each says; a page without that list stays."""
    path = paths.root() / "index.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = notebook["cells"]
    if places := [place for place, cell in enumerate(cells) if "- [](chapters/" in "".join(cell["source"])]:
        *told, listed = json.loads(render("more_chapters.ipynb", chapters=chapters))["cells"]
        before, last, after = "".join(cells[places[-1]]["source"]).rpartition("\n- [](chapters/")
        line, end, rest = after.partition("\n")
        text = f"{before}{last}{line}\n\n{''.join(listed['source'])}{end}{rest}"
        cells[places[-1]]["source"] = text.splitlines(keepends=True)
        cells[places[-1] : places[-1]] = [cell | {"id": f"{cell['id']}-{len(cells)}"} for cell in told]
        write_whole(path, json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")


def add_items(added: Mapping[str, tuple[str, str]]) -> None:
    """Add items, by their ids with question and label, to the codebook, each behind those that its question has."""
    table = read_cells("items")
    for item, (question, label) in added.items():
        place = table.loc[table["question_id"] == question, "order"].astype(int).max() + 1
        named = {"item_id": item, "question_id": question, "label": label, "short_label": label, "order": str(place)}
        table = pd.concat([table, pd.DataFrame([named])], ignore_index=True).fillna("")
    write_cells("items", table)


def add_responses(added: Mapping[tuple[str, str], tuple[str, str]], kinds: Mapping[str, Kind]) -> None:
    """Add answers to the codebook.

    Parameters
    ----------
    added : mapping
        Each answer by its question and its id: its label, and the answer that it stands behind; "" for the first.
    kinds : mapping
        The kind of each question.
    """
    table = read_cells("responses")
    for (question, answer), (label, behind) in added.items():
        own = table[table["kind"] == kinds[question].name]
        if answer not in set(own["response"]):
            place = own.index[own["response"] == behind].max() + 1 if behind else own.index.min()
            row = pd.DataFrame([{"kind": kinds[question].name, "response": answer, "label": label}])
            table = pd.concat([table[:place], row, table[place:]], ignore_index=True).fillna("")
    write_cells("responses", table)


def add_names(names: Iterable[str]) -> None:
    """Add names that keep their capital inside a sentence to those that ``report.yml`` has."""
    path, known = paths.root() / paths.REPORT_FILE, read_report().names
    if fresh := [name for name in names if name not in known]:
        text, block = path.read_text(encoding="utf-8"), f"names:\n{dump_yaml([*known, *fresh])}"
        listed = re.compile(r"^names:.*\n([ \t]*- .*\n)*", re.MULTILINE)
        write_whole(path, listed.sub(lambda _: block, text, count=1) if listed.search(text) else f"{text}\n{block}")


def read_cells(name: str) -> pd.DataFrame:
    """Return a table of the codebook as the texts of its cells."""
    return pd.read_csv(paths.data() / f"codebook/{name}.csv", encoding="utf-8-sig", **AS_TEXT)


def write_cells(name: str, table: pd.DataFrame) -> None:
    """Write a table of the codebook."""
    write_whole(paths.data() / f"codebook/{name}.csv", table.to_csv(index=False, lineterminator="\n"))


# How people could answer, by the kind of a question, and where their answers stand.
HOW = {
    "single": "one answer from a list",
    "multiple": "several answers from a list",
    "number": "numbers ({unit})",
    "pair": "one of two answers",
    "scale": "answers in an order",
}
PLACES = {
    "single": {"columns": ", a column an option"},
    "multiple": {
        "columns": ", a column an option",
        "choices": ", a column a mention",
        "delimited": ", parted by “{mark}” in a cell",
    },
}
# What is told of codes that are no answer of their own.
APART = {"other": "other", "none": "none of these", "dont_know": "don’t know", "no_answer": "no answer"}


@dataclass(frozen=True)
class Reading:
    """How one question was read.

    Attributes
    ----------
    columns, title, how : str
        In which columns it stands, what it is called, and how people could answer.
    answered : int
        How many people gave one; what counts as something else, such as “don’t know”, is none.
    things : list of str
        What they gave answers to; empty where that is the question alone, or a list.
    answers : list of str
        Options or answers, each with its code where it has one.
    nets : dict of list of str
        Which answers are counted together, by what they are called then.
    apart : dict of list of str
        Codes that are no answer of their own, with their labels, by what they count as.
    """

    columns: str
    title: str
    how: str
    answered: int
    things: list[str]
    answers: list[str]
    nets: dict[str, list[str]]
    apart: dict[str, list[str]]


def write_reading(draft: Draft | None, file: str, differences: Sequence[str] = (), like: str = "") -> str:
    """Return ``reading.md``: how a file was read, for whoever knows the survey to go through once.

    Of the next wave that is what differs from the wave it is `like`, and how its new columns were read.
    """
    read = [describe_reading(draft, one) for one in draft.questions] if draft else []
    return render("reading.md", file=file, draft=draft, read=read, differences=differences, like=like)


def describe_reading(draft: Draft, one: DraftQuestion) -> Reading:
    """Return how one question of a draft was read."""
    columns, (_, targets) = draft.find_columns(one), read_targets(one.rules)
    labels, is_list = {**merge_labels(columns), UNNAMED_CODES: "whatever else stands there"}, one.kind in PLACES
    answers = list_kind_answers([one]).get(one.kind, {})
    own = one.items if is_list else {answer: label for answer, label in answers.items() if answer not in NO_FIGURE}
    apart: dict[str, list[str]] = {}
    if one.rules.get("encoding") == "columns":
        texts = split_texts(columns)[1]
        options = [(one.items.get(item, texts[name]), item) for name, item in one.rules["columns"].items()]
    else:
        told = {code: labels.get(code, code) for code in targets}
        bare = {code for code, label in told.items() if label.casefold() == code.replace("_", " ").casefold()}
        bare.add(UNNAMED_CODES)
        options = [(told[code] if code in bare else f"{code} {told[code]}", target) for code, target in targets.items()]
    for text, target in dict.fromkeys(options):
        if target not in own:
            apart.setdefault(APART.get(target or "no_answer", target or ""), []).append(text)
    kind = one.kind if one.kind in HOW else "pair" if len(own) == len(("yes", "no")) else "scale"
    how = HOW[kind] + PLACES.get(kind, {}).get(one.rules.get("encoding", ""), "")
    return Reading(
        columns=name_range(columns),
        title=one.title,
        how=how.format(unit=one.rules.get("unit", "nobody says what of"), mark=one.rules.get("separator")),
        answered=int(draft.find_answered(one).sum()),
        things=[] if is_list or len(one.items) < 2 else [*one.items.values()],
        answers=[text for text, target in dict.fromkeys(options) if target in own],
        nets={own[net]: [own[answer] for answer in parts] for net, parts in one.nets.items()},
        apart=apart,
    )
