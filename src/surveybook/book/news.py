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
from surveybook.claims.claim import JudgedClaim, record_claim
from surveybook.claims.pages import NOTE, judge_all
from surveybook.exhibits.downloads import record_figure
from surveybook.exhibits.records import list_numbers
from surveybook.judgement.status import BECAME, NO_LONGER, NOW_HOLDS
from surveybook.model import paths
from surveybook.model.files import fill_beside, find_fieldwork_end, write_json, write_whole
from surveybook.model.report import read_report
from surveybook.model.survey import Survey, key_of, label_of
from surveybook.model.wording import YEAR, sentence, share_text, with_interval
from surveybook.words.findings import largest_changes, people
from surveybook.words.naming import among, name_answer, name_share
from surveybook.words.results import write_number

CLAIMS, CHANGES, FEED = "claims.json", "changes.json", "changes.atom"
ANCHORS = {"chart": "fig", "table": "tab"}


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
        What ``changes.json`` holds; figures are told as in ``figures.json``. ``changes`` are those that sampling
        doesn't explain, in percentage points, of the answer that speaks for each item, in whole populations and in
        groups; ``means`` are such changes of numbers that people gave, in their unit, by the size of what stands to
        its error;
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
        "changes": list(_list_shares(survey, found.baseline, moved, places)),
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


def _list_shares(
    survey: Survey, baseline: Survey, moved: pd.DataFrame, places: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Yield the shares that moved by more than sampling explains, in their order."""
    for _, row in moved.iterrows():
        key = tuple(row[["population", "domain", "item_id", "response"]])
        now, before = (wave.estimates.iloc[wave.rows_by_key[key]] for wave in (survey, baseline))
        who, way = among(survey, row["population"], row["domain"]), "up" if row["change"] > 0 else "down"
        yield {
            "title": sentence(f"{name_share(survey, row)} {who}: {share_text(now)}, {way} from {share_text(before)}"),
            "key": key_of(row),
            "answer": name_answer(survey, row),
            "now": record_figure(survey, now) | {"text": with_interval(now)},
            "before": record_figure(baseline, before) | {"text": with_interval(before)},
            **_record_move(row, 100),
            "meaning": explain_change(row),
            "page": places.get(row["figure_id"], ""),
        }


def _list_means(changes: Changes) -> Iterator[dict[str, Any]]:
    """Yield the means that moved by more than sampling explains, those first that moved most for their error."""
    found, waves = compare_means(changes), (changes.survey, changes.baseline)
    found = found.assign(size=found["change"].abs() / found["standard_error"])
    numbers = [list_numbers(wave).query("statistic == 'mean'") for wave in waves]
    keyed = [rows.set_index(["population", "domain", "item_id"], drop=False) for rows in numbers]
    for _, row in found[found["shown"]].sort_values("size", ascending=False, kind="stable").iterrows():
        now, before = (rows.loc[tuple(row[["population", "domain", "item_id"]])] for rows in keyed)
        who, unit = people(waves[0], row["population"], row["domain"]), f" {now['unit']}" if now["unit"] else ""
        moved = f"{'up' if row['change'] > 0 else 'down'} from {write_number(row['baseline_value'])}"
        yield {
            "title": f"{now['label']}, mean of {who}: {write_number(row['value'])}{unit}, {moved}",
            "key": now["figure_id"],
            **{side: record_figure(*of) for side, *of in zip(("now", "before"), waves, (now, before), strict=True)},
            **_record_move(row, 1),
        }


def _record_move(row: pd.Series, factor: int) -> dict[str, Any]:
    """Return by how much a share or a mean moved, in points or its unit, and how far the two may be compared."""
    told = {
        "by": factor * row["change"],
        **{end: factor * row[end] for end in ("low", "high")},
        "p_holm": row["p_holm"],
    }
    return {
        "is_group": bool(row["domain"]),
        "change": {name: None if pd.isna(value) else float(f"{value:.6g}") for name, value in told.items()},
        "comparability": row["comparability"],
        "reason": row["reason"],
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
