"""The files of a whole report, written from what was drafted of a file of respondents."""

import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd
import yaml

from surveybook.drafts.chapters import (
    ABOUT,
    CHANGES,
    CHECK,
    Chapter,
    draft_about,
    draft_changes,
    draft_chapter,
    draft_check,
    draft_landing,
    is_background,
    list_chapters,
)
from surveybook.drafts.folder import check_folder, write_files, write_folder
from surveybook.drafts.labels import make_id
from surveybook.drafts.questions import list_answers
from surveybook.drafts.records import Draft, DraftQuestion
from surveybook.model import paths
from surveybook.model.report import read_report
from surveybook.model.tables import list_columns, read_schemas
from surveybook.respondents.files import PREFIX, find_format
from surveybook.respondents.roles import MOST_GROUPS, name_group
from surveybook.waves.metadata import NOT_KNOWN, UNDISCLOSED

POPULATION = "respondents"
ASSUMED = "assumed: no label says how many"
SETTINGS = {
    "_config.yml": {
        "only_build_toc_files": True,
        "exclude_patterns": ["_build", ".*", "data", "README.md", "requirements.txt"],
        "execute": {"execute_notebooks": "off"},
        "html": {"use_multitoc_numbering": False},
        "latex": {"use_jupyterbook_latex": False},
        "sphinx": {"config": {"extensions": ["surveybook.book.sphinx_ext"]}},
    }
}
INSTRUCTION = re.compile(
    r"\s*[(\[]?\b(please\s+)?(select|choose|tick|check|mark)\s+(all|any|one|up to|as many|the)\b[^.?!)\]]*[.!)\]]*\s*$",
    re.IGNORECASE,
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
    check_folder(folder)
    chapters = list_chapters(draft.questions)
    texts = {
        **write_folder(title, wave),
        **write_settings(title, wave, draft.questions, chapters),
        **write_codebook(
            draft.questions, {one.question: chapter.name for chapter in chapters for one in chapter.questions}
        ),
        f"data/waves/{wave}/wave.yml": write_wave(draft, title, wave, find_format(file)),
        f"data/waves/{wave}/asked.csv": write_table("asked", list_asked(draft)),
        "index.ipynb": draft_landing(title, wave, chapters),
        f"chapters/{ABOUT}.ipynb": draft_about(wave),
        f"chapters/{CHECK}.ipynb": draft_check(wave),
    }
    for chapter in chapters:
        texts[f"chapters/{chapter.name}.ipynb"] = draft_chapter(wave, chapter, groups=bool(list_drafted_groups(draft)))
    made = write_files(folder, texts)
    shutil.copyfile(file, folder / f"data/waves/{wave}/{PREFIX}{POPULATION}{find_format(file)}")
    return made


def write_settings(
    title: str, wave: str, drafted: Sequence[DraftQuestion], chapters: Sequence[Chapter], *more: str
) -> dict[str, str]:
    """Return the settings of the report and of its book, and how to cite it; `more` are pages after the chapters."""
    report = {
        "title": title, "publisher": "", "authors": [], "licence": "",
        "file_name": make_id(title).replace("_", "-") or "report", "wave": wave, "confidence": 0.95,
        "decimals": 0, "names": find_names(drafted),
    }  # fmt: skip
    pages = [*(chapter.name for chapter in chapters), *more, ABOUT, CHECK]
    files = [{"file": f"chapters/{name}"} for name in pages]
    settings = {**SETTINGS, "report.yml": report, "_toc.yml": {"format": "jb-book", "root": "index", "chapters": files}}
    made = {name: dump_yaml(content) for name, content in settings.items()}
    return {**made, "CITATION.cff": cite(title, wave)}


def cite(title: str, wave: str) -> str:
    """Return ``CITATION.cff``: who wrote a report, nobody has stated yet."""
    content = {
        "cff-version": "1.2.0",
        "message": "Please cite this edition.",
        "type": "software",
        "title": f"{title}, {wave} edition",
        "authors": [{"name": "Authors not stated"}],
    }
    return dump_yaml(content)


def find_names(questions: Iterable[DraftQuestion]) -> list[str]:
    """Return the first words of options that are names: those of a list where some have capitals on every word.

    A list of places or parties is one; its names of one word look like any other label.
    """
    found: dict[str, None] = {}
    for one in questions:
        options = [label.split() for label in one.items.values()] if one.kind == "single" else []
        if any(len(words) > 1 and all(word[:1].isupper() for word in words) for words in options):
            found |= dict.fromkeys(words[0] for words in options if len(words) == 1 and words[0][:1].isupper())
    return list(found)


def write_codebook(drafted: Sequence[DraftQuestion], pages: Mapping[str, str]) -> dict[str, str]:
    """Return the tables of the codebook."""
    questions = [
        {
            "question_id": one.question,
            "chapter": pages[one.question],
            "title": name_question(one.title),
            "kind": one.kind,
        }
        for one in drafted
    ]
    items = [
        {"item_id": item, "question_id": one.question, "label": label, "short_label": label, "order": place}
        for one in drafted
        for place, (item, label) in enumerate(one.items.items(), start=1)
    ]
    made_of = {(one.kind, net): "|".join(parts) for one in drafted for net, parts in one.nets.items()}
    roles = {(one.kind, response): role for one in drafted for role, response in one.roles.items()}
    responses = [
        {"kind": kind, "response": response, "label": label}
        | {"made_of": made_of.get((kind, response), ""), "role": roles.get((kind, response), "")}
        for kind, answers in list_answers(drafted).items()
        for response, label in answers.items()
    ]
    people = [{"population": POPULATION, "label": "Respondents", "people": "respondents", "order": 1}]
    tables: dict[str, Sequence[Mapping[str, object]]] = {"questions": questions, "items": items, "responses": responses}
    tables |= {"populations": people, "words": []}
    return {f"data/codebook/{name}.csv": write_table(name, rows) for name, rows in tables.items()}


def list_drafted_groups(draft: Draft) -> dict[str, Mapping[str, object]]:
    """Return the groups of a wave: those that the draft found, and each question that tells who somebody is."""
    found: dict[str, Mapping[str, object]] = dict(draft.groups)
    names = find_names(draft.questions)
    taken = {str(rules["column"]) for rules in found.values()}
    for one in draft.questions:
        if not is_background(one) or one.kind != "single" or not 1 < len(one.items) <= MOST_GROUPS:
            continue
        column, labels = (
            str(one.rules["column"]),
            {code: one.items.get(item) for code, item in one.rules["codes"].items()},
        )
        values = {code: label if label in names else name_group(label) for code, label in labels.items() if label}
        # What names a grouping in a figure's id is words alone: "country_code_iso" of "Country code - ISO 3166".
        variable = "_".join(re.findall(r"[a-z]+", make_id(one.title)))
        if column not in taken and variable and variable not in found:
            found[variable] = {"column": column, "values": values}
    return found


def add_changes_page(wave: str) -> Path | None:
    """Add a page on change to a drafted report that gets its second wave, and return it; None where there is one.

    The contents of a report that was made otherwise are left alone.
    """
    root = paths.root()
    contents, page = root / "_toc.yml", root / f"chapters/{CHANGES}.ipynb"
    text = contents.read_text(encoding="utf-8") if contents.is_file() else ""
    before = re.search(rf"^ *- file: chapters/{ABOUT}$", text, re.MULTILINE)
    if before is None or read_report().claims_wave or any((root / "chapters").glob("*change*")):
        return None
    page.write_text(draft_changes(wave), encoding="utf-8")
    line = before[0].replace(ABOUT, CHANGES)
    contents.write_text(f"{text[: before.start()]}{line}\n{text[before.start() :]}", encoding="utf-8")
    return page


def name_question(title: str) -> str:
    """Return what pages call a question: its label without what it tells people to do."""
    return INSTRUCTION.sub("", title).strip(" :-–") or title


def list_asked(draft: Draft) -> list[dict[str, str]]:
    """Return the rows of ``asked.csv``: a label is quoted as a label, and no wording made up."""
    answers = list_answers(draft.questions)
    return [
        {
            "population": POPULATION,
            "question_id": one.question,
            "wording": one.title,
            "wording_source": one.wording_source,
            "responses": "|".join(answer for answer in answers.get(one.kind, ()) if answer not in one.nets),
            **(state_choices(one) if one.kind == "multiple" else {}),
            "source": "responses",
            "note": f"Drafted from {one.why}.",
        }
        for one in draft.questions
    ]


def state_choices(one: DraftQuestion) -> dict[str, str]:
    """Return how many options of a list people could choose, and how that is known."""
    if one.max_choices:
        return {"max_choices": one.max_choices, "max_choices_source": one.wording_source}
    return {"max_choices": "unlimited", "max_choices_source": ASSUMED}


def write_wave(draft: Draft, title: str, wave: str, ending: str) -> str:
    """Return ``wave.yml``: what the file says, and null or "not known" for what no file can say."""
    unstated = ("fieldwork_start", "fieldwork_end", "sponsor", "frame", "response_rate", "weighting")
    unknown: dict[str, object] = dict.fromkeys(("fieldwork", "conducted_by", "mode", "universe"), NOT_KNOWN)
    block: dict[str, object] = {"label": "Respondents", **unknown, **dict.fromkeys(unstated)}
    block |= {"sample_size": draft.source.size, "base_status": "stated"}
    rules = {
        "file": f"{PREFIX}{POPULATION}{ending}", **draft.design,
        "ignore": list(draft.left_out),
        "domains": list_drafted_groups(draft),
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
