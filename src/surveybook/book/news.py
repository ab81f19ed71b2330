"""What programs and readers of feeds get of an edition: its claims, and what changed since the wave before, by size.

``claims.json`` and ``changes.json`` are for programs, ``changes.atom`` for readers of feeds. All dates are those of the
waves' fieldwork, so that the same waves give the same bytes.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape

import pandas as pd

from surveybook.book.notebooks import walk_shown
from surveybook.change.changes import Changes, changes_of, compare_means, explain_change
from surveybook.change.comparability import NOT_COMPARABLE
from surveybook.claims.claim import BECAME, NO_LONGER, NOW_HOLDS, JudgedClaim, record_claim
from surveybook.claims.pages import NOTE, judge_all
from surveybook.exhibits.downloads import record_figure
from surveybook.model import paths
from surveybook.model.files import fill_beside, find_fieldwork_end, write_json, write_whole
from surveybook.model.report import read_report
from surveybook.model.survey import Survey, key_of, label_of
from surveybook.model.wording import has_interval, round_number, sentence, share_text, with_interval
from surveybook.words.findings import largest_changes, people
from surveybook.words.naming import among, name_answer, name_share
from surveybook.words.results import write_number

CLAIMS, CHANGES, FEED = "claims.json", "changes.json", "changes.atom"
ANCHORS = {"chart": "fig", "table": "tab"}
# What is told of a change in points, and the column that has it.
CHANGED = {"points": "change", "low": "low", "high": "high"}
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def write_news(survey: Survey, book: Path, folder: Path) -> list[Path]:
    """Write the claims of a report and what changed since a wave's baseline into a folder, and return the files.

    Where a report makes no claims, or a wave has no baseline, there is no such file.

    Parameters
    ----------
    survey : Survey
        The wave.
    book : Path
        The folder of the executed chapters.
    folder : Path
        Where the files go.
    """
    judged = judge_all(survey) if paths.claims().is_file() else []
    texts = {CLAIMS: write_json(describe_claims(survey, judged))} if judged else {}
    if found := describe_changes_since(survey, find_places(book) if survey.baseline else {}, judged):
        texts[CHANGES] = write_json(found)
        if moment := find_moment(found["wave"]["fieldwork_ended"] or survey.wave):
            texts[FEED] = write_feed(found, moment)
    for name, text in texts.items():
        write_whole(folder / name, text)
    return [folder / name for name in texts]


def describe_claims(survey: Survey, judged: list[JudgedClaim]) -> dict[str, Any]:
    """Return every claim of the report with its verdict on a wave.

    Parameters
    ----------
    survey : Survey
        The wave; with a baseline, each claim says what became of it.
    judged : list of JudgedClaim
        The claims.

    Returns
    -------
    dict
        What the edition is, and its ``claims``: those of `record_claim`, with ``strict`` always there, and of each
        figure its value and interval in per cent, base and wording.
    """
    report = read_report()
    named = survey.estimates[survey.estimates["figure_id"].isin({name for one in judged for name in one.figures})]
    rows = {
        row["figure_id"]: record_figure(survey, row) | {"answer": row["response"], "in_words": row["verbal"]}
        for row in named.to_dict("records")
    }
    return {
        "title": report.full_title,
        "edition": label_of(survey),
        "licence": report.licence_name,
        "licence_address": report.licence_address,
        "how": NOTE,
        "claims": [
            record_claim(one) | {"strict": one.strict, "figures": [rows[name] for name in one.figures if name in rows]}
            for one in judged
        ],
    }


def describe_changes_since(
    survey: Survey, places: Mapping[str, str], judged: list[JudgedClaim]
) -> dict[str, Any] | None:
    """Return what changed since a wave's baseline, the largest first; None where it has none.

    Parameters
    ----------
    survey : Survey
        The wave.
    places : mapping
        Where on the pages each figure is shown, by its id; see `find_places`.
    judged : list of JudgedClaim
        What the report claims.

    Returns
    -------
    dict
        What ``changes.json`` holds; shares and limits in per cent, changes in percentage points. ``changes`` are those
        that sampling doesn't explain, of the answer that speaks for each item, in whole populations and in groups;
        ``means`` are such changes of numbers that people gave, in their unit, by the size of what stands to its error;
        ``claims`` those that hold now and didn't, or the other way round; ``not_compared`` the questions that both
        waves asked and that can't be compared.
    """
    found = changes_of(survey)
    if found is None:
        return None
    rows, waves = found.figures, {"wave": survey, "baseline": found.baseline}
    tested = rows[(rows["untested"] == "") & rows["headline"]]
    moved = tested[tested["shown"]].sort_values("change", key=abs, ascending=False, kind="stable")
    apart = found.questions[(found.questions["status"] == NOT_COMPARABLE) & (found.questions["only_in"] == "")]
    return {
        "report": read_report().full_title,
        **{
            name: {"id": one.wave, "label": label_of(one), "fieldwork_ended": find_fieldwork_end(one.metadata)}
            for name, one in waves.items()
        },
        "synthetic": any(one.metadata.get("synthetic") for one in waves.values()),
        "level": round(100 * survey.confidence, 4),
        "tested": len(tested),
        "summary": largest_changes(survey).text,
        "changes": [_describe_moved(survey, found.baseline, row, places) for _, row in moved.iterrows()],
        "means": list(_list_means(found)),
        "claims": [
            {
                "claim": one.claim.id,
                "statement": one.claim.statement,
                "title": f"{BECAME[one.status][0]}: {one.claim.statement}",
                "status": one.status,
                "meaning": one.turning.status_reason,
                "figures": list(one.figures),
                "page": next((places[figure] for figure in one.figures if figure in places), ""),
            }
            for one in judged
            if one.status in (NO_LONGER, NOW_HOLDS)  # in one of the two waves alone, by more than sampling explains
        ],
        "not_compared": [
            {"question": row.title, "population": sentence(people(survey, row.population)), "reason": row.reason}
            for row in apart.itertuples()
        ],
    }


def _describe_moved(survey: Survey, baseline: Survey, row: pd.Series, places: Mapping[str, str]) -> dict[str, Any]:
    """Return one change with the figures of both waves, how each was asked, and where it is shown."""
    now, before = (
        wave.estimates.iloc[wave.rows_by_key[tuple(row[["population", "domain", "item_id", "response"]])]]
        for wave in (survey, baseline)
    )
    direction = "up" if row["change"] > 0 else "down"
    who = among(survey, row["population"], row["domain"])
    return {
        "title": sentence(f"{name_share(survey, row)} {who}: {share_text(now)}, {direction} from {share_text(before)}"),
        "key": key_of(row),
        "question": str(survey.codebook.questions.loc[row["question_id"], "title"]),
        "item": row["label"],
        "answer": name_answer(survey, row),
        "people": people(survey, row["population"], row["domain"]),
        "is_group": bool(row["domain"]),
        "now": _describe_side(survey, now),
        "before": _describe_side(baseline, before),
        "change": {
            **{name: round_number(100 * row[of], 2) for name, of in CHANGED.items()},
            "p_holm": None if pd.isna(row["p_holm"]) else float(f"{row['p_holm']:.4g}"),
        },
        "meaning": explain_change(row),
        "comparability": row["comparability"],
        "reason": row["reason"],
        "page": places.get(row["figure_id"], ""),
    }


def _describe_side(survey: Survey, figure: pd.Series) -> dict[str, Any]:
    """Return a figure of one wave, in per cent, with how it was asked."""
    told = ("share", "low", "high") if has_interval(figure) else ("share",)
    numbers = {
        name: round_number(100 * figure[column], 2) if column in told and pd.notna(figure[column]) else None
        for name, column in (("percent", "share"), ("low", "low"), ("high", "high"))
    }
    return {
        "figure": figure["figure_id"],
        **numbers,
        "base": None if pd.isna(figure["base"]) else int(figure["base"]),
        "text": with_interval(figure),
        "wording": survey.asked_rows[figure["population"], figure["question_id"]]["wording"],
    }


def _list_means(changes: Changes) -> Iterator[dict[str, Any]]:
    """Yield the means that moved by more than sampling explains, those first that moved most for their error."""
    survey, found = changes.survey, compare_means(changes)
    found = found.assign(size=found["change"].abs() / found["standard_error"])
    waves = [
        wave.numbers[wave.numbers["statistic"] == "mean"].set_index(["population", "domain", "item_id"])
        for wave in (survey, changes.baseline)
    ]
    for row in found[found["shown"]].sort_values("size", ascending=False, kind="stable").itertuples():
        now, before = (wave.loc[(row.population, row.domain, row.item_id)] for wave in waves)
        who, unit = people(survey, row.population, row.domain), f" {now['unit']}" if now["unit"] else ""
        moved = "up" if row.change > 0 else "down"
        yield {
            "title": f"{now['label']}, mean of {who}: {write_number(row.value)}{unit}, {moved} from "
            f"{write_number(row.baseline_value)}",
            "key": f"{row.population}[{row.domain}].{row.item_id}.mean",
            "unit": now["unit"],
            "is_group": bool(row.domain),
            **{
                side: {name: float(f"{own[name]:.6g}") for name in ("value", "low", "high", "base")}
                for side, own in (("now", now), ("before", before))
            },
            "change": {name: float(f"{getattr(row, name):.6g}") for name in ("change", "low", "high", "p_holm")},
            "comparability": row.comparability,
            "reason": row.reason,
        }


def find_places(book: Path) -> dict[str, str]:
    """Return where each figure is shown, by its id: the first chart in reading order, or the first table without one.

    Parameters
    ----------
    book : Path
        The folder of the executed chapters.
    """
    found: dict[str, dict[str, str]] = {kind: {} for kind in ANCHORS}
    for name in map(paths.shown, paths.chapters()):
        if not (book / name).is_file():
            continue
        for shown in walk_shown(json.loads((book / name).read_text(encoding="utf-8"))):
            for figure in shown.figures if shown.kind in ANCHORS else ():
                address = f"{name.removesuffix('.ipynb')}.html#{ANCHORS[shown.kind]}-{shown.name}"
                found[shown.kind].setdefault(figure, address)
    return found["table"] | found["chart"]


def find_moment(when: str) -> str:
    """Return the moment that a feed gives for a date such as ``2031-12``, or for a wave's name with a year in it.

    It is the first of what isn't stated; empty where there is no year, for a feed can't be without.
    """
    if re.fullmatch(r"\d{4}(-\d\d){0,2}", when):
        return f"{when}{'-01-01'[: 10 - len(when)]}T00:00:00Z"
    year = YEAR.search(when)
    return f"{year[0]}-01-01T00:00:00Z" if year else ""


def write_feed(found: Mapping[str, Any], moment: str) -> str:
    """Return what changed as an Atom feed (RFC 4287): an entry for the whole, for each change and for each claim.

    Links are relative to the site, whose address only its publisher knows.

    Parameters
    ----------
    found : mapping
        From `describe_changes_since`.
    moment : str
        The date of all entries.
    """
    report = read_report()
    base = f"{report.file_name}/{found['baseline']['id']}/{found['wave']['id']}"
    # Quotation marks stay in text as they are, which the escaping of HTML wouldn't leave.
    filters = {"xml": escape, "sentence": sentence, "number": write_number}
    filters["urn"] = lambda name: f"urn:uuid:{uuid5(NAMESPACE_URL, f'{base}/{name}')}"
    author = report.authors_text or report.full_title
    return fill_beside(__file__, "changes.atom.jinja", filters, moment=moment, author=author, **found)
