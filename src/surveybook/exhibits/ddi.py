"""A wave as archives harvest it: DDI-Codebook 2.5, with the study, the questions, their answers and the figures.

Variables are those of the file of respondents where there is one: codes, labels and missing codes are its own, and
answers that several codes make up are groups of categories. Published figures have the answers of the codebook. Answers
of single people are in neither.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import pandas as pd

from surveybook.model.kinds import Kind
from surveybook.model.report import read_report
from surveybook.model.survey import Survey, drawn_by_chance
from surveybook.model.wording import round_number, sentence
from surveybook.respondents.mapping import DONT_KNOW, NO_ANSWER
from surveybook.waves.metadata import NOT_KNOWN
from surveybook.words.findings import intervals_mean, people

NAMESPACE = "ddi:codebook:2_5"
SCHEMA = "http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
WEIGHTED, UNWEIGHTED = {"wgtd": "wgtd"}, {"wgtd": "not-wgtd"}
FIGURES = "estimates.csv"


def write_ddi(survey: Survey, path: Path) -> Path:
    """Write a wave as DDI-Codebook 2.5, the same bytes each time, and return the file.

    Parameters
    ----------
    survey : Survey
        The wave.
    path : pathlib.Path
        The file, whose name ends in ``.xml``.
    """
    root = Element("codeBook", {
        "xmlns": NAMESPACE, "version": "2.5", "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "xsi:schemaLocation": f"{NAMESPACE} {SCHEMA}", "xml:lang": "en",
    })  # fmt: skip
    variables = [one for population in survey.metadata["populations"] for one in _list_variables(survey, population)]
    _add_citation(SubElement(root, "docDscr"), survey, "DDI description of ")
    _describe_study(SubElement(root, "stdyDscr"), survey)
    file = SubElement(SubElement(root, "fileDscr", {"ID": "figures"}), "fileTxt")
    _add(file, "fileName", FIGURES)
    _add(file, "fileCont", "Shares with intervals and bases, a row a figure. Answers of single people are not in it.")
    _add(SubElement(file, "dimensns"), "caseQnty", len(survey.estimates))
    _add(file, "fileType", "text/csv")
    data = SubElement(root, "dataDscr")
    for group in _group_variables(survey, variables):
        data.append(group)
    data.extend(variables)
    ElementTree.indent(root, " ")
    text = ElementTree.tostring(root, encoding="unicode")
    path.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n', encoding="utf-8")
    return path


def _add(parent: Element, name: str, text: object, attributes: Mapping[str, str] | None = None) -> None:
    """Add an element with a text; none where nothing is known."""
    said = " ".join(str(text).split()) if text is not None else ""
    if said and said != NOT_KNOWN:
        SubElement(parent, name, dict(attributes or {})).text = said


def _add_citation(parent: Element, survey: Survey, before: str = "") -> None:
    """Add what a description of the study, or of its data, is cited by."""
    metadata, report = survey.metadata, read_report()
    citation = SubElement(parent, "citation")
    titles = SubElement(citation, "titlStmt")
    _add(titles, "titl", before + str(metadata["title"]))
    _add(titles, "IDNo", f"{report.file_name}-{survey.wave}{'-ddi' if before else ''}")
    if before:
        _add(SubElement(citation, "prodStmt"), "producer", report.authors_text or report.full_title)
        return
    known = [("producer", metadata.get("publisher")), *(("fundAg", one) for one in _of_populations(survey, "sponsor"))]
    made = SubElement(citation, "prodStmt") if any(text for _, text in known) else citation
    for name, text in known:
        _add(made, name, text)
    if metadata.get("synthetic"):
        _add(citation, "notes", "Made-up data: no figure comes from a survey.")


def _of_populations(survey: Survey, key: str) -> list[str]:
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


def _describe_study(study: Element, survey: Survey) -> None:
    """Add who was asked, when, how and by whom, as far as it is stated."""
    metadata, report = survey.metadata, read_report()
    _add_citation(study, survey)
    about = SubElement(study, "stdyInfo")
    _add(about, "abstract", f"{metadata['title']}, in {report.full_title}.")
    summary = SubElement(about, "sumDscr")
    for event in ("start", "end"):
        dates = sorted({str(one[f"fieldwork_{event}"]) for one in metadata["populations"].values()
                        if one.get(f"fieldwork_{event}")})  # fmt: skip
        if dates:
            date = dates[0 if event == "start" else -1]
            SubElement(summary, "collDate", {"event": event, "date": date}).text = date
    for universe in _of_populations(survey, "universe"):
        _add(summary, "universe", universe, {"clusion": "I"})
    _add(summary, "dataKind", "Aggregate data of a survey")
    method = SubElement(study, "method")
    collected = SubElement(method, "dataColl")
    for name, key in (("dataCollector", "conducted_by"), ("sampProc", "frame"), ("collMode", "mode")):
        for text in _of_populations(survey, key):
            _add(collected, name, text)
        if name == "sampProc":
            for population in survey.metadata["populations"]:
                if not drawn_by_chance(survey, population):
                    _add(collected, name, f"No random sample of {people(survey, population)}.")
    for text in _of_populations(survey, "weighting"):
        _add(collected, "weight", text)
    analysed = SubElement(method, "anlyInfo")
    for text in _of_populations(survey, "response_rate"):
        _add(analysed, "respRate", text)
    level = f"Intervals at {100 * survey.confidence:g}%, {intervals_mean(survey).text}."
    _add(analysed, "EstSmpErr", level)
    if licence := metadata.get("licence") or report.licence:
        note = f"{licence}. {metadata.get('licence_note') or ''}"
        _add(SubElement(SubElement(study, "dataAccs"), "useStmt"), "conditions", note)


def _list_variables(survey: Survey, population: str) -> Iterator[Element]:
    """Yield the variables of a population: those of its questions, of its groups, and its weight."""
    figures = survey.estimates
    figures = figures[(figures["population"] == population) & (figures["domain"] == "")]
    for question in survey.codebook.questions.index:
        own = figures[figures["question_id"] == question].sort_values("order", kind="stable")
        if own.empty:
            continue
        kind = survey.codebook.kind_of(question)
        if kind.is_list and not kind.is_several:
            yield _make_variable(survey, population, str(question), own, "")
            continue
        for item in own["item_id"].unique():
            yield _make_variable(survey, population, str(question), own[own["item_id"] == item], str(item))
    numbers = survey.numbers[(survey.numbers["population"] == population) & (survey.numbers["domain"] == "")]
    for item, own in numbers[numbers["statistic"] != "share"].groupby("item_id", sort=False):
        yield _make_number_variable(survey, population, str(item), own)
    for variable, groups in survey.recordings.get(population, {}).get("groups", {}).items():
        yield _describe_grouping(population, variable, groups)
    mapped = (survey.metadata.get("responses") or {}).get(population) or {}
    if weight := mapped.get("weight"):
        element = Element("var", {"ID": f"{population}.weight", "name": str(weight), "wgt": "wgt"})
        _add(element, "labl", "Weight")
        yield element


def _make_variable(survey: Survey, population: str, question: str, figures: pd.DataFrame, item: str) -> Element:
    """Return a variable: a statement or an option of a list, or the whole list where people chose one."""
    kind, asked = survey.codebook.kind_of(question), survey.asked_rows[population, question]
    recorded = survey.recordings.get(population, {}).get("questions", {}).get(question, {})
    columns = recorded.get("columns") or {}
    # One column may hold a whole list; where people chose several, that is one of several columns, and no item's own.
    column = next(iter(columns.get(item) or ({} if kind.is_several else columns.get("")) or {}), "")
    title = str(survey.codebook.questions.loc[question, "title"])
    label = str(figures["label"].iloc[0]) if item else title
    element = Element("var", {"ID": f"{population}.{item or question}", "name": column or item or question,
                              "files": "figures", "nature": "nominal"})  # fmt: skip
    _add(element, "labl", label)
    wording, put = asked["wording"], SubElement(element, "qstn")
    is_battery = not kind.is_list and len(survey.items_asked[population, question]) > 1
    if is_battery:
        _add(put, "preQTxt", wording)
    _add(put, "qstnLit", label if is_battery else wording)
    _add(put, "ivuInstr", f"{sentence(kind.how_listed)}{_instruct_choices(asked, kind)}.")
    _add(element, "universe", asked["universe"] or survey.metadata["populations"][population].get("universe"))
    for name, attributes in (("base", UNWEIGHTED), ("weighted_base", WEIGHTED)):
        known = figures[name].dropna()
        if len(known):
            _add(element, "sumStat", f"{round_number(known.max(), 4):.10g}", {"type": "vald", **attributes})
    element.extend(_list_categories(survey, population, question, figures, recorded))
    if asked["wording_source"]:
        _add(element, "notes", f"Wording known from: {asked['wording_source']}.")
    return element


def _make_number_variable(survey: Survey, population: str, item: str, numbers: pd.DataFrame) -> Element:
    """Return the variable of something that people answered with a number: its mean and median, and how many did."""
    first = numbers.iloc[0]
    asked = survey.asked_rows[population, first["question_id"]]
    recorded = survey.recordings.get(population, {}).get("questions", {}).get(first["question_id"], {})
    column = next(iter((recorded.get("columns") or {}).get(item) or {}), "")
    attributes = {"ID": f"{population}.{item}", "name": column or item, "files": "figures", "intrvl": "contin"}
    element = Element("var", attributes | ({"measUnit": str(first["unit"])} if first["unit"] else {}))
    _add(element, "labl", first["label"])
    _add(SubElement(element, "qstn"), "qstnLit", asked["wording"])
    _add(element, "universe", asked["universe"])
    bases = numbers[["base", "weighted_base"]].max()
    counts = [("vald", bases["base"], UNWEIGHTED), ("vald", bases["weighted_base"], WEIGHTED)]
    names = {"mean": "mean", "median": "medn"}
    counts += [(names[row.statistic], row.value, WEIGHTED) for row in numbers.itertuples()]
    for kind, value, attributes in counts:
        _add(element, "sumStat", None if pd.isna(value) else f"{value:.10g}", {"type": kind, **attributes})
    return element


def _instruct_choices(asked: Mapping[str, Any], kind: Kind) -> str:
    """Return how many options people could choose, as an instruction ends; nothing where nobody says."""
    most = asked["max_choices"]
    if not kind.is_several or pd.isna(most):
        return ""
    return ", as many as apply" if most == float("inf") else f", up to {int(most)}"


def _list_categories(
    survey: Survey, population: str, question: str, figures: pd.DataFrame, recorded: Mapping[str, Any]
) -> Iterator[Element]:
    """Yield groups of categories, then categories: answers with their codes, labels and shares, and missing codes.

    An answer of several codes, and a net, is a group of categories, which has the share.
    """
    kind, answers = survey.codebook.kind_of(question), recorded.get("answers") or {}
    by_item = kind.is_list and not kind.is_several
    rows = {str(row["item_id" if by_item else "response"]): row for _, row in figures.iterrows()}
    labels = {name: str(row["label"]) if by_item else kind.label_of(name) for name, row in rows.items()}
    prefix = f"{population}.{question if by_item else figures['item_id'].iloc[0]}"
    # Options that were ticked have no codes of their own.
    codes = {} if kind.is_several else {name: dict(answers.get(name) or {}) for name in {**rows, **answers}}
    refs = {name: [f"{prefix}-{name}-{place}" for place, _ in enumerate(codes.get(name) or [name])] for name in
            {**rows, **codes}}  # fmt: skip
    # A net of answers that stand beside it is a group of theirs; one whose answers nobody printed is a category.
    nets = {
        name: [ref for part in kind.split_net(name) for ref in refs.get(part, ())] for name in rows if name in kind.nets
    }
    nets = {name: behind for name, behind in nets.items() if behind}
    for name, row in rows.items():
        behind = nets.get(name, refs[name])
        if name in nets or len(behind) > 1:
            group = Element("catgryGrp", {"ID": f"{prefix}-{name}", "catgry": " ".join(behind)})
            _add(group, "labl", labels[name])
            group.extend(_list_statistics(row))
            yield group
    left_out = {NO_ANSWER, *([DONT_KNOW] if recorded.get("dont_know") == "out" else [])}
    for name in dict.fromkeys([*rows, *codes]):
        if name in nets:
            continue
        own = codes.get(name) or {name: None}
        for place, (code, label) in enumerate(own.items()):
            is_missing = {"missing": "Y"} if name in left_out else {}
            category = Element("catgry", {"ID": f"{prefix}-{name}-{place}", **is_missing})
            _add(category, "catValu", code)
            _add(category, "labl", label or labels.get(name) or sentence(name.replace("_", " ")))
            if name in rows and len(own) == 1:
                category.extend(_list_statistics(rows[name]))
            yield category
    for code in _list_missing_codes(survey, population, question):
        category = Element("catgry", {"missing": "Y"})
        _add(category, "catValu", code)
        yield category


def _list_missing_codes(survey: Survey, population: str, question: str) -> Iterable[str]:
    """Return the codes of a file that are no answer, as ``wave.yml`` lists them; an empty cell is none."""
    block = (survey.metadata.get("responses") or {}).get(population) or {}
    listed = [*(block.get("missing") or ()), *((block.get("questions", {}).get(question) or {}).get("missing") or ())]
    return dict.fromkeys(str(code) for code in listed if str(code) != "")


def _list_statistics(figure: pd.Series) -> Iterator[Element]:
    """Yield the share of an answer in per cent and, where the weighted base is known, how many answers that is."""
    if pd.isna(figure["share"]):
        return
    weighted = WEIGHTED if pd.notna(figure["weighted_base"]) else {}
    counts = [("percent", 100 * figure["share"])]
    counts += [("freq", figure["share"] * figure["weighted_base"])] if weighted else []
    for kind, value in counts:
        element = Element("catStat", {"type": kind, **weighted})
        element.text = f"{round_number(value, 4):.10g}"
        yield element


def _describe_grouping(population: str, variable: str, groups: Mapping[str, Mapping[str, Any]]) -> Element:
    """Return the variable that groups are made of: codes with their labels, or ranges of numbers."""
    column, label = next(iter(next(iter(groups.values()))["column"].items()))
    element = Element("var", {"ID": f"{population}.group.{variable}", "name": column or variable})
    _add(element, "labl", label or sentence(variable.replace("_", " ")))
    for name, group in groups.items():
        low, high = (("" if end is None else f"{end:g}") for end in group["range"] or (None, None))
        for code, said in group["codes"].items() or {f"{low}-{high}": name}.items():
            category = SubElement(element, "catgry")
            _add(category, "catValu", code)
            _add(category, "labl", said or name)
    return element


def _group_variables(survey: Survey, variables: Iterable[Element]) -> Iterator[Element]:
    """Yield a group for each question of several variables: the options of a list, or the statements of a battery."""
    there = {element.get("ID", "") for element in variables}
    listed = survey.codebook.items.sort_values("order", kind="stable")
    for population in survey.metadata["populations"]:
        for question, title in survey.codebook.questions["title"].items():
            items = listed.index[listed["question_id"] == question]
            own = [f"{population}.{item}" for item in items if f"{population}.{item}" in there]
            if len(own) < 2:
                continue
            several = survey.codebook.kind_of(str(question)).is_several
            attributes = {"ID": f"{population}.{question}.group", "type": "multipleResp" if several else "grid"}
            group = Element("varGrp", {**attributes, "var": " ".join(own)})
            _add(group, "labl", title)
            yield group
