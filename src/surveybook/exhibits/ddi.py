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
from surveybook.respondents.codes import is_declared_missing, listed_values
from surveybook.respondents.design import CHOSEN
from surveybook.respondents.mapping import TICKS, list_uncounted
from surveybook.waves.checks import NOT_KNOWN
from surveybook.words.findings import intervals_mean, people

TEMPLATE = Path(__file__).with_name("ddi.xml.jinja")
NAMESPACE = "ddi:codebook:2_5"
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
        groups=list(_group_variables(survey, variables)),
        variables=variables,
    )
    ElementTree.register_namespace("", NAMESPACE)
    root = ElementTree.fromstring(text)
    _leave_out_unknown(root)
    ElementTree.indent(root, " ")
    text = ElementTree.tostring(root, encoding="unicode")
    path.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n', encoding="utf-8")
    return path


def _leave_out_unknown(element: Element) -> None:
    """Take out all in an element that says nothing, or that something isn't known, and join broken lines."""
    for child in list(element):
        _leave_out_unknown(child)
        child.text = " ".join((child.text or "").split())
        if not len(child) and not child.attrib and child.text in ("", NOT_KNOWN):
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
    for question in map(str, survey.codebook.questions.index):
        own, kind = figures[figures["question_id"] == question], survey.codebook.kind_of(question)
        columns = survey.recording_of(population, question).get("columns") or {}
        # A list of which people chose one answer is one variable; so is a column that holds codes of any option.
        is_whole = kind.is_list and ("" in columns or not (columns or kind.is_several))
        own = own.assign(variable="" if is_whole else own["item_id"])
        parts = {str(item): rows for item, rows in own.groupby("variable", sort=False)}
        # An option that is no item of the codebook, such as "other", has a column, and no figures.
        unfigured = [item for item in columns if kind.is_list and parts and item not in parts]
        parts |= {item: own.assign(label=sentence(item.replace("_", " "))) for item in unfigured}
        for item, rows in parts.items():
            yield from _describe_asked_variables(survey, population, question, rows, item)
    numbers = pick_rows(survey.numbers, population=population, domain="")
    for item, own in numbers[numbers["statistic"] != "share"].groupby("item_id", sort=False):
        yield from _describe_asked_variables(survey, population, str(own["question_id"].iloc[0]), own, str(item))
    recording = survey.recordings.get(population, {})
    for variable, groups in recording.get("groups", {}).items():
        yield _describe_grouping(survey, population, variable, groups)
    for weight, label in recording.get("weight", {}).items():
        attributes = {"ID": f"{population}.weight", "name": str(weight), "wgt": "wgt"}
        yield {"attributes": attributes, "label": label or "Weight"}


def _describe_asked_variables(
    survey: Survey, population: str, question: str, figures: pd.DataFrame, item: str
) -> Iterator[dict[str, Any]]:
    """Yield the variables of a statement or an option of a list, of a whole list, or of a number: one for a column."""
    kind, asked = survey.codebook.kind_of(question), survey.asked_rows[population, question]
    recorded = survey.recording_of(population, question)
    label = str(figures["label"].iloc[0]) if item else str(survey.codebook.questions.loc[question, "title"])
    is_battery = not kind.is_list and len(survey.items_asked.get((population, question), ())) > 1
    most, choices = asked["max_choices"], ""
    if kind.is_several and pd.notna(most):
        choices = ", as many as apply" if most == float("inf") else f", up to {int(most)}"
    bases = zip(("not-wgtd", "wgtd"), figures[["base", "weighted_base"]].max(), strict=True)
    scale = (
        {"intrvl": "contin", "measUnit": figures["unit"].iloc[0] or None} if kind.is_number else {"nature": "nominal"}
    )
    categories = _list_categories(survey, population, question, figures, item)
    described = {
        "question": (population, question),
        "before": asked["wording"] if is_battery else "",
        "wording": label if is_battery else asked["wording"],
        "instruction": f"{sentence(kind.how_listed)}{choices}.",
        "declared": recorded.get("missing"),
        "universe": asked["universe"] or survey.metadata["populations"][population].get("universe"),
        "bases": [(weighted, f"{round_number(base, 4):.10g}") for weighted, base in bases if pd.notna(base)],
        "note": f"Wording known from: {asked['wording_source']}." if asked["wording_source"] else "",
    }
    name = item if item in survey.codebook.items_by_question[question] else f"{question}.{item}".rstrip(".")
    columns: Mapping[str, str | None] = (recorded.get("columns") or {}).get(item) or {"": None}
    for number, (column, said) in enumerate(columns.items(), 1):
        own_labels = (recorded.get("relabelled") or {}).get(column, {})
        yield described | {
            "attributes": {"ID": f"{population}.{name}{f'.{number}' if number > 1 else ''}", "name": column or name,
                           "files": "figures", **scale},
            "label": said or label,
            "categories": [one | {"label": own_labels.get(one["code"], one["label"])} for one in categories],
        }  # fmt: skip


def _list_categories(
    survey: Survey, population: str, question: str, figures: pd.DataFrame, item: str
) -> list[dict[str, Any]]:
    """Return answers with their codes and labels, then other codes. A net whose answers stand there is none.

    Options that were ticked have no codes of their own; of a code that the file labels it is known that it says so.
    """
    kind, recorded = survey.codebook.kind_of(question), survey.recording_of(population, question)
    rules, answers = _read_rules(survey, population, "questions", question), recorded.get("answers") or {}
    others = list(_describe_unmapped(recorded, rules["missing"]))
    if kind.is_number:
        return others
    is_ticked, by_item = kind.is_list and item, kind.is_list and not item
    chosen = tuple(map(str, listed_values(rules.get("chosen", TICKS))))
    ticks = {one["code"]: one["label"] for one in others if is_ticked and one["code"] in chosen}
    labels = {
        str(row["item_id" if by_item else "response"]): str(row["label"]) if by_item else kind.label_of(row["response"])
        for row in list_records(figures)
    }
    # An answer without codes is one category.
    codes = {CHOSEN: ticks} if is_ticked else {name: answers.get(name) for name in {**labels, **answers}}
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
    return [*categories, *(one for one in others if one["code"] not in ticks)]


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
        "declared": told.get("missing"),
        "categories": [*categories, *_describe_unmapped(told, left_out)],
    }


def _group_variables(survey: Survey, variables: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield a group for each question of several variables: the columns of a list, or the statements of a battery."""
    names: dict[tuple[str, str], list[str]] = {}
    for one in variables:
        names.setdefault(one.get("question", ("", "")), []).append(one["attributes"]["ID"])
    for (population, question), own in names.items():
        if population and len(own) > 1:
            kind = "multipleResp" if survey.codebook.kind_of(question).is_several else "grid"
            label = survey.codebook.questions.loc[question, "title"]
            yield {"id": f"{population}.{question}.group", "type": kind, "refs": own, "label": label}
