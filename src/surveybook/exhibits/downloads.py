"""What readers take away of whole waves: the explorer’s data, and the files beside it.

Programs read of an edition every figure with all that belongs to it. Beside each number stand its base, its interval
and the words of its question, and what it mustn't be compared with: a program that takes a number away takes these too.
"""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from surveybook.change.changes import changes_of
from surveybook.change.comparability import CAUTION, COMPARABLE, list_deciding_parts
from surveybook.exhibits.ddi import write_ddi
from surveybook.exhibits.documents import write_topline_document, write_workbook
from surveybook.exhibits.records import (
    LEFT,
    PER_CENT,
    add_remainders,
    format_share,
    list_rows,
    order_figures,
    round_percents,
)
from surveybook.model import paths
from surveybook.model.files import find_fieldwork_end
from surveybook.model.kinds import Kind
from surveybook.model.report import read_report
from surveybook.model.survey import Survey, label_of, list_censuses, list_records
from surveybook.model.wording import band, count, has_interval, listing, quote_wording, round_number, sentence
from surveybook.waves import name_baselines
from surveybook.waves.release import define_question
from surveybook.words.findings import base_line, intervals_mean, people

# The fields of the explorer, and what they are in `order_figures`.
EXPLORED = {
    "wave": "wave", "question": "question_id", "population": "population", "domain": "said_part", "label": "label",
    "answer": "said_answer", "status": "status", "value": "said_share", "share": "percent", "low": "percent_low",
    "high": "percent_high", "base": "said_base", "locator": "said_locator", "item": "key", "from": "from", "to": "to",
}  # fmt: skip
MADE = (2000, 1, 1, 0, 0, 0)


def write_extras(survey: Survey, book: Path, explored: dict[str, Any]) -> Path:
    """Write what the explorer holds, and what readers take away of one wave, under a book's folder; return where."""
    folder = book / paths.EXTRAS_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    content = json.dumps(explored, ensure_ascii=False, separators=(",", ":"))
    (folder / "explorer.json").write_text(content, encoding="utf-8")
    for name, write in WRITERS.items():
        write(survey, folder / name)
    return folder


def explorer_data(survey: Survey) -> dict[str, Any]:
    """Return what the explorer's page holds of one wave.

    Returns
    -------
    dict
        ``waves`` (this one, with the populations of whom it asked everybody), ``populations``, ``questions`` (with
        their waves, and whether any has a percentage), ``fields``, and by question ``answers``: ``asked`` (wording,
        base, deciding parts, mode and what is left to 100 by wave and population: two waves can be compared where no
        part that both state differs, and with caution where the modes aren't the same), and ``figures`` as rows of the
        ``fields``; shares and bounds in per cent, None where there is none.
    """
    codebook, figures, left = survey.codebook, _explore_figures(survey), _explore_remainders(survey)
    by_question = dict(list(figures.groupby(figures.pop("question"), sort=False)))
    answers: dict[str, dict[str, Any]] = {
        str(name): {"asked": {}, "figures": list_rows(rows)} for name, rows in by_question.items()
    }
    for row in survey.asked[survey.asked["source"] != "not_asked"].itertuples():
        if row.population in survey.metadata["populations"] and row.question_id in answers:
            answers[row.question_id]["asked"][f"{survey.wave}|{row.population}"] = [
                quote_wording(row.wording, row.wording_source),
                base_line(survey, [row.population]),
                list_deciding_parts(define_question(survey, str(row.population), str(row.question_id))),
                str(row.mode),
                left.get((row.question_id, row.population), []),
            ]
    # Names of chapters may begin with their numbers: "02-pay".
    places = codebook.questions["chapter"].str.extract(r"^(\d+)-", expand=False).astype(float)
    in_reading_order = codebook.questions.loc[places.sort_values(kind="stable").index]
    return {
        "confidence": round(100 * survey.confidence),
        "waves": [
            {
                "id": survey.wave,
                "label": label_of(survey),
                "ended": find_fieldwork_end(survey.metadata),
                "synthetic": bool(survey.metadata.get("synthetic")),
                "source": str(survey.metadata["title"]),
                "intervals": intervals_mean(survey).text,
                "censuses": list_censuses(survey),
            }
        ],
        "populations": [{"id": name, "label": row["label"]} for name, row in codebook.populations.iterrows()],
        "questions": [
            {
                "id": name,
                "title": row["title"],
                "chapter": sentence(row["chapter"].lstrip("0123456789-").replace("-", " ")),
                "waves": [survey.wave],
                "measured": bool((own["status"] == "number").any()),
            }
            for name, row in in_reading_order.iterrows()
            if (own := by_question.get(name)) is not None
        ],
        "fields": list(figures.columns),
        "answers": answers,
    }


def _explore_figures(survey: Survey) -> pd.DataFrame:
    """Return the shares of a wave, and how many gave which numbers, item by item."""
    figures = order_figures(survey, "order", "response", with_numbers=True)
    figures = figures[figures["factor"] == PER_CENT].assign(wave=survey.wave)
    in_words = figures["verbal"].where(figures["status"] == "words", "")
    allowed = [band(survey.codebook, verbal) or (None, None) for verbal in in_words]
    for name, limits in zip(("from", "to"), zip(*allowed, strict=True), strict=False):
        figures[name] = round_percents(pd.Series(limits, figures.index, dtype=float), 1)
    return figures.reindex(columns=list(EXPLORED.values())).set_axis(list(EXPLORED), axis=1)


def _explore_remainders(survey: Survey) -> dict[tuple[str, str], list[list[str]]]:
    """Return what answers leave to 100 per cent, by question and population, a list each.

    It holds the part of the population, the last figure's ``item``, the statement (empty for a list), the name and the
    share in per cent.
    """
    figures = order_figures(survey, "order", "response")
    shown = add_remainders(survey, figures.assign(row=figures["figure_id"], series=""))
    items, own = shown["item_id"] + "." + shown["response"], ["whole", "population", "domain"]
    last = items.where(shown["status"] != LEFT).groupby([shown[key] for key in own]).last().to_dict()
    found: dict[tuple[str, str], list[list[str]]] = {}
    for _, row in shown[shown["status"] == LEFT].iterrows():
        statement = "" if row["label"] == row["response"] else row["label"]
        told = [row["domain"], last[tuple(row[own])], statement, row["response"], format_share(row)]
        found.setdefault((row["question_id"], row["population"]), []).append(told)
    return found


def describe_figures(survey: Survey) -> dict[str, Any]:
    """Return every figure of a survey, each with what it rests on.

    Returns
    -------
    dict
        What the edition is, and its ``figures``.
    """
    report = read_report()
    figures = list_records(order_figures(survey, "order", "response", with_numbers=True))
    entries = [record_share(survey, figure) for figure in figures]
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
            one | {"not_comparable_with": apart.get((one["population"], one["question"]), [])} for one in entries
        ],
    }


def record_figure(survey: Survey, figure: dict[str, Any]) -> dict[str, Any]:
    """Return what every file for programs tells of a figure; no value where the source has words alone, or nothing."""
    asked = survey.asked_rows.get((figure["population"], figure["question_id"]), {})
    # A mean's size may be any; shares have the decimals that mean something.
    is_given, factor = isinstance(figure.get("statistic"), str), figure.get("factor", PER_CENT)
    value, *ends = (
        float(f"{factor * figure[name]:.6g}") if is_given else round_number(factor * figure[name], decimals)
        for name, decimals in (("share", 6), ("low", 1), ("high", 1))
    )
    is_known = pd.notna(figure["low"]) if is_given else has_interval(figure)
    return {
        "id": figure["figure_id"],
        "of": people(survey, figure["population"], figure["domain"]),
        "population": figure["population"],
        "item": figure["label"],
        "value": value if figure["status"] == "number" else None,
        "unit": "per cent" if factor == PER_CENT else str(figure["unit"]),
        "base": None if pd.isna(figure["base"]) else int(figure["base"]),
        "base_is": figure["base_status"],
        "interval": ends if is_known else None,
        "wording": str(asked.get("wording", "")),
    }


def record_share(survey: Survey, figure: dict[str, Any]) -> dict[str, Any]:
    """Return one figure with all that it rests on."""
    asked = survey.asked_rows.get((figure["population"], figure["question_id"]), {})
    return record_figure(survey, figure) | {
        "question": figure["question_id"],
        "answer": figure["said_response"],
        "printed": figure["said_share"],
        "status": figure["status"],
        "wording_is": str(asked.get("wording_source", "")),
        "printed_in": figure["locator"],
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
    # One a line, each whole: indented, those of a large survey would be a third larger.
    encode, told = json.JSONEncoder(ensure_ascii=False).encode, describe_figures(survey)
    figures = ",\n".join(map(encode, told.pop("figures")))
    path.write_text(f'{encode(told)[:-1]}, "figures": [\n{figures}\n]}}\n', encoding="utf-8")
    return path


def write_package(survey: Survey, path: Path) -> Path:
    """Write the data package of an edition as one file, without the surveys that the edition doesn't show; return it.

    A report whose data aren't sealed has none.
    """
    described = paths.data() / "datapackage.json"
    if not described.is_file():
        return path
    waves = {survey.wave, *name_baselines(survey).split(",")}
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


# The files that readers take away of a wave: full tables, the topline in words, what archives harvest, what programs
# read, and the data as they are.
WRITERS = {
    "tables.xlsx": write_workbook,
    "topline.docx": write_topline_document,
    "ddi.xml": write_ddi,
    "figures.json": write_figures,
    "data.zip": write_package,
}
