"""A wave as archives harvest it: DDI-Codebook 2.5, with the study, the questions, their answers and bases.

Variables are those of the file of respondents where there is one: codes, labels and missing codes are its own.
Published figures have the answers of the codebook. The figures themselves stand in the files beside it. The elements,
in the order of the schema, are in the template.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pandas as pd

from surveybook.model.report import read_report
from surveybook.model.survey import Survey, drawn_by_chance, list_records, pick_rows
from surveybook.model.wording import round_number, sentence
from surveybook.respondents.codes import is_declared_missing
from surveybook.respondents.design import CHOSEN
from surveybook.respondents.mapping import TICKS, list_uncounted
from surveybook.waves.checks import NOT_KNOWN
from surveybook.words.findings import intervals_mean, people

TEMPLATE = Path(__file__).with_name("ddi.xml.jinja")
NAMESPACE = "ddi:codebook:2_5"
SCHEMA = "http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
ROOT = {
    "xmlns": NAMESPACE,
    "version": "2.5",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:schemaLocation": f"{NAMESPACE} {SCHEMA}",
    "xml:lang": "en",
}
WEIGHTED, UNWEIGHTED = "wgtd", "not-wgtd"
# What the study says of its populations.
TOLD = ("sponsor", "universe", "conducted_by", "frame", "mode", "weighting", "response_rate")


def write_ddi(survey: Survey, path: Path) -> Path:
    """Write a wave as DDI-Codebook 2.5, the same bytes each time, and return the file.

    Parameters
    ----------
    survey : Survey
        The wave.
    path : pathlib.Path
        The file, whose name ends in ``.xml``.
    """
    import jinja2

    metadata, report, populations = survey.metadata, read_report(), survey.metadata["populations"]
    variables = [one for population in populations for one in _list_variables(survey, population)]
    dates = {
        event: sorted(str(one[key]) for one in populations.values() if one.get(key := f"fieldwork_{event}"))
        for event in ("start", "end")
    }
    environment = jinja2.Environment(autoescape=True, finalize=lambda value: "" if value is None else value)
    text = environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        metadata=metadata,
        report=report,
        name=f"{report.file_name}-{survey.wave}",
        told={key: _tell_of_populations(survey, key) for key in TOLD},
        dates=[(event, found[0 if event == "start" else -1]) for event, found in dates.items() if found],
        not_by_chance=[people(survey, one) for one in populations if not drawn_by_chance(survey, one)],
        level=f"{100 * survey.confidence:g}",
        intervals=intervals_mean(survey).text,
        licence=metadata.get("licence") or report.licence,
        figures=len(survey.estimates),
        groups=list(_group_variables(survey, {one["attributes"]["ID"] for one in variables})),
        variables=variables,
    )
    root = ElementTree.fromstring(text)
    _leave_out_unknown(root)
    root.attrib = ROOT
    ElementTree.indent(root, " ")
    text = ElementTree.tostring(root, encoding="unicode")
    path.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n', encoding="utf-8")
    return path


def _leave_out_unknown(element: Element) -> None:
    """Take out all in an element that says nothing, or that something isn't known, and join broken lines."""
    for child in list(element):
        _leave_out_unknown(child)
        child.text = " ".join((child.text or "").split())
        if not len(child) and child.text in ("", NOT_KNOWN):
            element.remove(child)


def _tell_of_populations(survey: Survey, key: str) -> list[str]:
    """Return what a wave states of its populations, with whom it is of where they differ; nothing of the unknown."""
    entries = survey.metadata["populations"]
    said = {
        name: " ".join(str(entry[key]).split())
        for name, entry in entries.items()
        if entry.get(key) and entry[key] != NOT_KNOWN
    }
    if len(set(said.values())) == 1 and len(said) == len(entries):
        return [next(iter(said.values()))]
    return [f"{sentence(people(survey, name))}: {text}" for name, text in said.items()]


def _list_variables(survey: Survey, population: str) -> Iterator[dict[str, Any]]:
    """Yield the variables of a population: those of its questions, of its groups, and its weight."""
    figures = pick_rows(survey.estimates, population=population, domain="").sort_values("order", kind="stable")
    for question in survey.codebook.questions.index:
        own, kind = figures[figures["question_id"] == question], survey.codebook.kind_of(question)
        # A list of which people chose one answer is one variable.
        own = own.assign(variable="" if kind.is_list and not kind.is_several else own["item_id"])
        for item, rows in own.groupby("variable", sort=False):
            yield _describe_asked_variable(survey, population, str(question), rows, str(item))
    numbers = pick_rows(survey.numbers, population=population, domain="")
    for item, own in numbers[numbers["statistic"] != "share"].groupby("item_id", sort=False):
        yield _describe_asked_variable(survey, population, str(own["question_id"].iloc[0]), own, str(item))
    recording = survey.recordings.get(population, {})
    for variable, groups in recording.get("groups", {}).items():
        yield _describe_grouping(survey, population, variable, groups)
    for weight, label in recording.get("weight", {}).items():
        attributes = {"ID": f"{population}.weight", "name": str(weight), "wgt": "wgt"}
        yield {"attributes": attributes, "label": label or "Weight"}


def _describe_asked_variable(
    survey: Survey, population: str, question: str, figures: pd.DataFrame, item: str
) -> dict[str, Any]:
    """Return a variable: a statement or an option of a list, the whole list where people chose one, or a number."""
    kind, asked = survey.codebook.kind_of(question), survey.asked_rows[population, question]
    recorded = survey.recording_of(population, question)
    columns = recorded.get("columns") or {}
    # One column may hold a whole list; where people chose several, that is one of several columns, and no item's own.
    own: dict[str, str | None] = columns.get(item) or ({} if kind.is_several else columns.get("")) or {}
    column, said = next(iter(own.items()), ("", None))
    label = str(figures["label"].iloc[0]) if item else str(survey.codebook.questions.loc[question, "title"])
    is_battery = not kind.is_list and len(survey.items_asked.get((population, question), ())) > 1
    most, choices = asked["max_choices"], ""
    if kind.is_several and pd.notna(most):
        choices = ", as many as apply" if most == float("inf") else f", up to {int(most)}"
    bases = zip((UNWEIGHTED, WEIGHTED), figures[["base", "weighted_base"]].max(), strict=True)
    scale: dict[str, Any] = {"nature": "nominal"}
    categories = list(_list_other_codes(survey, population, question))
    if kind.is_number:
        scale = {"intrvl": "contin", "measUnit": figures["unit"].iloc[0] or None}
    else:
        categories = _list_categories(survey, question, figures, recorded, categories)
    own_labels = (recorded.get("relabelled") or {}).get(column, {})
    return {
        "attributes": {"ID": f"{population}.{item or question}", "name": column or item or question,
                       "files": "figures", **scale},
        "label": said or label,
        "before": asked["wording"] if is_battery else "",
        "wording": label if is_battery else asked["wording"],
        "instruction": f"{sentence(kind.how_listed)}{choices}.",
        "universe": asked["universe"] or survey.metadata["populations"][population].get("universe"),
        "bases": [(weighted, f"{round_number(base, 4):.10g}") for weighted, base in bases if pd.notna(base)],
        "categories": [one | {"label": own_labels.get(one["code"], one["label"])} for one in categories],
        "note": f"Wording known from: {asked['wording_source']}." if asked["wording_source"] else "",
    }  # fmt: skip


def _list_categories(
    survey: Survey, question: str, figures: pd.DataFrame, recorded: Mapping[str, Any], others: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return answers with their codes and labels, then other codes. A net whose answers stand there is none."""
    kind, answers = survey.codebook.kind_of(question), recorded.get("answers") or {}
    by_item = kind.is_list and not kind.is_several
    labels = {
        str(row["item_id" if by_item else "response"]): str(row["label"]) if by_item else kind.label_of(row["response"])
        for row in list_records(figures)
    }
    # Options that were ticked have no codes of their own; an answer without codes is one category.
    ticks = {one["code"]: one["label"] for one in others if one["ticked"]}
    codes = {CHOSEN: ticks} if kind.is_several else {name: answers.get(name) for name in {**labels, **answers}}
    left_out = list_uncounted(recorded)
    categories = [
        {
            "missing": "Y" if name in left_out else None,
            "code": code,
            "label": label or labels.get(name) or sentence(name.replace("_", " ")),
        }
        for name, own in codes.items()
        if name not in kind.nets or not {*kind.split_net(name)} & {*codes}
        for code, label in (own or {name: None}).items()
    ]
    return [*categories, *(one for one in others if not one["ticked"])]


def _list_other_codes(survey: Survey, population: str, question: str) -> Iterator[dict[str, Any]]:
    """Yield the codes of a question's columns that are no answer.

    Of options that have a column each, one that the file labels may say that the option was ticked.
    """
    recorded = survey.recording_of(population, question)
    rules = _read_rules(survey, population, "questions", question)
    ticks = list(map(str, rules.get("chosen") or TICKS)) if recorded.get("encoding") == "columns" else []
    for category in _describe_unmapped(recorded, rules["missing"]):
        yield category | {"ticked": category["code"] in ticks}


def _read_rules(survey: Survey, population: str, part: str, name: str) -> dict[str, Any]:
    """Return what ``wave.yml`` says of a question or a grouping; missing are also the codes that are so everywhere."""
    block = (survey.metadata.get("responses") or {}).get(population) or {}
    rules = block.get(part, {}).get(name) or {}
    return {**rules, "missing": [*(block.get("missing") or ()), *(rules.get("missing") or ())]}


def _describe_unmapped(recorded: Mapping[str, Any], left_out: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Yield the codes of a column that are no answer: labelled or declared missing in its file, or left out.

    Parameters
    ----------
    recorded : mapping
        What the file says of such codes; see `surveybook.respondents.mapping.describe_others`.
    left_out : iterable
        What ``wave.yml`` calls missing; an empty cell is no code.
    """
    labels, declared = recorded.get("labels") or {}, recorded.get("missing") or {}
    single = [first for first, last in declared.items() if first == last]
    missing = [str(code) for code in left_out if str(code) != ""] + single
    for code in dict.fromkeys([*labels, *missing]):
        is_missing = code in missing or is_declared_missing(code, declared.items())
        yield {"missing": "Y" if is_missing else None, "code": code, "label": labels.get(code)}


def _describe_grouping(
    survey: Survey, population: str, variable: str, groups: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the variable that groups are made of: codes with labels, or ranges of numbers; then other codes."""
    column, label = next(iter(next(iter(groups.values()))["column"].items()))
    categories = []
    for name, group in groups.items():
        ends = ("" if end is None else f"{end:g}" for end in group["range"] or (None, None))
        codes = group["codes"] or {"-".join(ends): name}
        categories += [{"code": code, "label": said or name} for code, said in codes.items()]
    told = survey.recordings[population].get("ungrouped", {}).get(variable, {})
    left_out = _read_rules(survey, population, "domains", variable)["missing"]
    return {
        "attributes": {"ID": f"{population}.group.{variable}", "name": column or variable},
        "label": label or sentence(variable.replace("_", " ")),
        "categories": [*categories, *_describe_unmapped(told, left_out)],
    }


def _group_variables(survey: Survey, there: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield a group for each question of several variables: the options of a list, or the statements of a battery."""
    for population in survey.metadata["populations"]:
        for question, title in survey.codebook.questions["title"].items():
            items = survey.codebook.items_by_question[str(question)]
            own = [name for item in items if (name := f"{population}.{item}") in there]
            kind = "multipleResp" if survey.codebook.kind_of(str(question)).is_several else "grid"
            if len(own) > 1:
                yield {"id": f"{population}.{question}.group", "type": kind, "refs": own, "label": title}
