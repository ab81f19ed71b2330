"""What programs read of an edition: every figure with all that belongs to it, and the data package as one file.

Beside each number stand its base, its interval and the words of its question, and what it mustn't be compared with: a
program that takes a number away takes these too.
"""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from surveybook.change.changes import changes_of
from surveybook.change.comparability import CAUTION, COMPARABLE
from surveybook.exhibits.records import word_figures
from surveybook.exhibits.workbook import sort_figures
from surveybook.model import paths
from surveybook.model.kinds import Kind
from surveybook.model.report import read_report
from surveybook.model.survey import Survey, label_of
from surveybook.model.wording import count, has_interval, listing, round_number
from surveybook.words.findings import base_line, intervals_mean, people
from surveybook.words.naming import name_domain

# As written in a file of figures; a wave has answers to a question as shares, or as numbers that people gave.
PER_CENT = "per cent"
MADE = (2000, 1, 1, 0, 0, 0)


def describe_figures(survey: Survey) -> dict[str, Any]:
    """Return every figure of a survey, each with what it rests on.

    Returns
    -------
    dict
        What the edition is, and its ``figures``.
    """
    report, figures = read_report(), sort_figures(survey, "order", "response")
    words = word_figures(survey, figures)
    entries = [
        record_share(survey, figure, words.loc[place].to_dict())
        for place, figure in zip(figures.index, figures.to_dict("records"), strict=True)
    ]
    apart = {
        place: [{"with": other, "how": how, "why": why} for other, how, why in list_incomparable(survey, *place)]
        for place in survey.asked_rows
    }
    return {
        "title": report.full_title,
        "edition": label_of(survey),
        "made_up": bool(survey.metadata.get("synthetic")),
        "licence": report.licence_name,
        "licence_address": report.licence_address,
        "source": str(survey.metadata["title"]),
        "who_was_asked": base_line(survey, list(survey.metadata["populations"])),
        "confidence": survey.confidence,
        "intervals": intervals_mean(survey).text,
        "figures": [
            one | {"not_comparable_with": apart.get((one["population"], one["question"]), [])}
            for one in (*entries, *map(describe_number, survey.numbers.to_dict("records")))
        ],
    }


def record_share(survey: Survey, figure: dict[str, Any], words: dict[str, str]) -> dict[str, Any]:
    """Return one share with what it rests on; no value where the source has words alone, or nothing."""
    asked = survey.asked_rows.get((figure["population"], figure["question_id"]), {})
    known = figure["status"] == "number"
    interval = [round_number(100 * figure[end], 1) for end in ("low", "high")] if has_interval(figure) else None
    who = people(survey, figure["population"])
    return {
        "id": figure["figure_id"],
        "question": figure["question_id"],
        "population": figure["population"],
        "of": f"{who} ({words['part']})" if words["part"] else who,
        "item": figure["label"],
        "answer": words["response"],
        "value": round_number(100 * figure["share"], 6) if known else None,
        "unit": PER_CENT,
        "printed": words["share"],
        "status": figure["status"],
        "base": None if pd.isna(figure["base"]) else int(figure["base"]),
        "base_is": figure["base_status"],
        "interval": interval,
        "wording": str(asked.get("wording", "")),
        "wording_is": str(asked.get("wording_source", "")),
        "printed_in": figure["locator"],
    }


def describe_number(figure: dict[str, Any]) -> dict[str, Any]:
    """Return one mean, median or class of numbers with what it rests on."""
    is_share, known = figure["statistic"] == "share", not pd.isna(figure["value"])
    factor = 100 if is_share else 1
    bounds = [None if pd.isna(figure[end]) else float(f"{factor * figure[end]:.6g}") for end in ("low", "high")]
    part = name_domain(figure["domain"])
    return {
        "id": f"{figure['population']}[{figure['domain']}].{figure['item_id']}.{figure['statistic']}",
        "question": figure["question_id"],
        "population": figure["population"],
        "of": f"{figure['population']} ({part})" if part else figure["population"],
        "item": figure["label"],
        "answer": f"{figure['lowest']} to {figure['highest']}" if is_share else figure["statistic"],
        "value": float(f"{factor * figure['value']:.6g}") if known else None,
        "unit": PER_CENT if is_share else str(figure["unit"]),
        "status": figure["status"],
        "base": None if pd.isna(figure["base"]) else int(figure["base"]),
        "interval": None if None in bounds else bounds,
    }


def list_incomparable(survey: Survey, population: str, question: str) -> Iterator[tuple[str, str, str]]:
    """Yield what answers to a question mustn't be compared with, or with caution alone: with what, how, and why."""
    own, kind = survey.asked_rows[population, question], survey.codebook.kind_of(question)
    yield from list_of_kind(kind, own.get("max_choices"))
    for other in survey.metadata["populations"]:
        asked = survey.asked_rows.get((other, question))
        if other != population and asked:
            parts = ("universe", "mode", "wording")
            unlike = [f"{part}: {own[part]}; {asked[part]}" for part in parts if own[part] != asked[part]]
            if unlike:
                yield f"{people(survey, other)}, same question", CAUTION, " | ".join(unlike)
    if changed := changes_of(survey):
        for judged in changed.questions.itertuples():
            if (judged.population, judged.question_id) == (population, question) and judged.status != COMPARABLE:
                yield f"{label_of(changed.baseline)} survey, same question", judged.status, judged.reason


def list_of_kind(kind: Kind, choices: Any) -> Iterator[tuple[str, str, str]]:
    """Yield what shares of a kind of question are never comparable with."""
    if kind.is_several:
        limit = f"at most {count(int(choices))} answers" if pd.notna(choices) and choices < 100 else "several answers"
        why = f"people could choose {limit} from one list, so a low share says that others came first"
        yield "shares of people who agree with a statement", "not comparable", why
    elif kind.relation == "statements" and not kind.is_number:
        answers = listing([f"“{kind.label_of(one)}”" for one in kind.answers])
        yield "shares chosen from a list", "not comparable", f"each statement was answered by itself with {answers}"


def write_figures(survey: Survey, path: Path) -> Path:
    """Write every figure of a survey for programs; return the file."""
    path.write_text(json.dumps(describe_figures(survey), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def write_package(survey: Survey, path: Path) -> Path:
    """Write the data package of an edition as one file, without the surveys that the edition doesn't show; return it.

    A report whose data aren't sealed has none.
    """
    described = paths.data() / "datapackage.json"
    if not described.is_file():
        return path
    waves, shown = set[str](), [survey]
    for one in shown:
        waves.add(one.wave)
        shown += [one.baseline] if one.baseline else []
    package = json.loads(described.read_text(encoding="utf-8"))
    listed = [str(resource["path"]) for resource in package["resources"]]
    kept = [name for name in listed if not name.startswith("waves/") or name.split("/")[1] in waves]
    package["resources"] = [one for one in package["resources"] if one["path"] in kept]
    contents = {"datapackage.json": (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()}
    contents |= {name: (paths.data() / name).read_bytes() for name in kept if (paths.data() / name).is_file()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name, MADE), content, zipfile.ZIP_DEFLATED)
    return path
