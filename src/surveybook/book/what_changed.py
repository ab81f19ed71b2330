"""What changed as a thing of its own: findings and claims that are otherwise than in the wave before, by size.

``changes.json`` is for programs, ``changes.atom`` for readers of feeds. All dates are those of the waves' fieldwork, so
that the same waves give the same bytes.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

import nbformat
import pandas as pd

from surveybook.book.notebooks import list_shown
from surveybook.change.changes import changes_of, compare_means
from surveybook.change.comparability import NOT_COMPARABLE
from surveybook.change.meaning import explain_change
from surveybook.claims.claim import read_claims
from surveybook.claims.verdicts import judge_claims
from surveybook.judgement.status import BECAME, NO_LONGER, NOW_HOLDS
from surveybook.model import paths
from surveybook.model.files import find_fieldwork_end
from surveybook.model.report import read_report
from surveybook.model.survey import Survey, key_of, label_of
from surveybook.model.wording import has_interval, round_number, sentence, share_text, with_interval
from surveybook.words.findings import largest_changes, people
from surveybook.words.naming import among, name_answer, name_share
from surveybook.words.numbers import write_number

CHANGES, FEED = "changes.json", "changes.atom"
ATOM = "http://www.w3.org/2005/Atom"
ANCHORS = {"chart": "fig", "table": "tab"}
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def describe_changes_since(survey: Survey, places: Mapping[str, str]) -> dict[str, Any] | None:
    """Return what changed since a wave's baseline, the largest first; None where it has none.

    Parameters
    ----------
    survey : Survey
        The wave.
    places : mapping
        Where on the pages each figure is shown, by its id; see `find_places`.

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
    rows, now, then = found.figures, survey, found.baseline
    tested = rows[(rows["untested"] == "") & rows["headline"]]
    moved = tested[tested["shown"]].sort_values("change", key=abs, ascending=False, kind="stable")
    apart = found.questions[(found.questions["status"] == NOT_COMPARABLE) & (found.questions["only_in"] == "")]
    return {
        "report": read_report().full_title,
        "wave": {"id": now.wave, "label": label_of(now), "fieldwork_ended": find_fieldwork_end(now.metadata)},
        "baseline": {"id": then.wave, "label": label_of(then), "fieldwork_ended": find_fieldwork_end(then.metadata)},
        "synthetic": bool(now.metadata.get("synthetic") or then.metadata.get("synthetic")),
        "level": round(100 * now.confidence, 4),
        "tested": len(tested),
        "summary": largest_changes(survey).text,
        "changes": [_describe_moved(survey, row, places) for _, row in moved.iterrows()],
        "means": list(_list_means(survey)),
        "claims": list(_list_flipped(survey, places)),
        "not_compared": [
            {"question": row.title, "population": sentence(people(survey, row.population)), "reason": row.reason}
            for row in apart.itertuples()
        ],
    }


def _describe_moved(survey: Survey, row: pd.Series, places: Mapping[str, str]) -> dict[str, Any]:
    """Return one change with the figures of both waves, how each was asked, and where it is shown."""
    baseline = survey.baseline
    assert baseline is not None
    sides = [
        wave.estimates.set_index("figure_id").loc[row[name]]
        for wave, name in ((survey, "figure_id"), (baseline, "baseline_figure_id"))
    ]
    asked = [wave.asked_rows[row["population"], row["question_id"]]["wording"] for wave in (survey, baseline)]
    direction = "up" if row["change"] > 0 else "down"
    who = among(survey, row["population"], row["domain"])
    title = f"{name_share(survey, row)} {who}: {share_text(sides[0])}, {direction} from {share_text(sides[1])}"
    return {
        "title": sentence(title),
        "key": key_of(row),
        "question": str(survey.codebook.questions.loc[row["question_id"], "title"]),
        "item": row["label"],
        "answer": name_answer(survey, row),
        "people": people(survey, row["population"], row["domain"]),
        "is_group": bool(row["domain"]),
        "now": _describe_side(sides[0], asked[0]),
        "before": _describe_side(sides[1], asked[1]),
        "change": {name: round_number(100 * row[column], 2)
                   for name, column in (("points", "change"), ("low", "low"), ("high", "high"))}
        | {"p_holm": None if pd.isna(row["p_holm"]) else float(f"{row['p_holm']:.4g}")},
        "meaning": explain_change(row),
        "comparability": row["comparability"],
        "reason": row["reason"],
        "page": places.get(row["figure_id"], ""),
    }  # fmt: skip


def _describe_side(figure: pd.Series, wording: str) -> dict[str, Any]:
    """Return a figure of one wave, in per cent, with how it was asked."""
    told = ("share", "low", "high") if has_interval(figure) else ("share",)
    numbers = {
        name: round_number(100 * figure[column], 2) if column in told and pd.notna(figure[column]) else None
        for name, column in (("percent", "share"), ("low", "low"), ("high", "high"))
    }
    return {
        "figure": figure.name,
        **numbers,
        "base": None if pd.isna(figure["base"]) else int(figure["base"]),
        "text": with_interval(figure),
        "wording": wording,
    }


def _list_means(survey: Survey) -> Iterator[dict[str, Any]]:
    """Yield the means that moved by more than sampling explains, those first that moved most for their error."""
    baseline = survey.baseline
    assert baseline is not None
    found = compare_means(survey, baseline)
    found = found.assign(size=found["change"].abs() / found["standard_error"])
    waves = [
        wave.numbers[wave.numbers["statistic"] == "mean"].set_index(["population", "domain", "item_id"])
        for wave in (survey, baseline)
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


def _list_flipped(survey: Survey, places: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the claims that hold in one of the two waves alone, by more than sampling explains."""
    claims = read_claims(codebook=survey.codebook) if (paths.data() / "claims.yml").is_file() else ()
    for one in judge_claims(claims, survey):
        if one.status not in (NO_LONGER, NOW_HOLDS):
            continue
        yield {
            "claim": one.claim.id,
            "statement": one.claim.statement,
            "title": f"{BECAME[one.status][0]}: {one.claim.statement}",
            "status": one.status,
            "meaning": one.turning.status_reason,
            "figures": list(one.figures),
            "page": next((places[figure] for figure in one.figures if figure in places), ""),
        }


def find_places(book: Path) -> dict[str, str]:
    """Return where each figure is shown, by its id: the first chart in reading order, or the first table without one.

    Parameters
    ----------
    book : Path
        The folder of the executed chapters.
    """
    found: dict[str, dict[str, str]] = {kind: {} for kind in ANCHORS}
    for source in paths.chapters():
        name = paths.shown(source)
        if not (book / name).is_file():
            continue
        notebook = nbformat.read(book / name, as_version=4)
        for shown in (one for cell in notebook.cells for out in cell.get("outputs", []) for one in list_shown(out)):
            for figure in shown.figures if shown.kind in ANCHORS else ():
                address = f"{name.removesuffix('.ipynb')}.html#{ANCHORS[shown.kind]}-{shown.name}"
                found[shown.kind].setdefault(figure, address)
    return found["table"] | found["chart"]


def write_changes(survey: Survey, book: Path, folder: Path) -> list[Path]:
    """Write what changed since a wave's baseline into a folder, and return the files: none where it has no baseline.

    Parameters
    ----------
    survey : Survey
        The wave.
    book : Path
        The folder of the executed chapters.
    folder : Path
        Where the files go.
    """
    found = describe_changes_since(survey, find_places(book)) if survey.baseline else None
    if found is None:
        return []
    texts = {CHANGES: json.dumps(found, ensure_ascii=False, indent=1) + "\n"}
    if moment := find_moment(found["wave"]["fieldwork_ended"] or survey.wave):
        texts[FEED] = write_feed(found, moment)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


def find_moment(when: str) -> str:
    """Return the moment that a feed gives for a date such as ``2031-12``, or for a wave's name with a year in it.

    It is the first of what isn't stated; empty where there is no year, for a feed can't be without.
    """
    year, *rest = when.split("-") if re.fullmatch(r"\d{4}(-\d\d){0,2}", when) else [""]
    if not year:
        year, rest = next(iter(YEAR.findall(when)), ""), []
    return "-".join([year, *rest, "01", "01"][:3]) + "T00:00:00Z" if year else ""


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
    made_up = "Made-up data. " if found["synthetic"] else ""
    feed = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": "en"})

    def add(parent: ElementTree.Element, name: str, title: str, page: str, text: str = "") -> None:
        """Add what a feed and an entry both have."""
        ElementTree.SubElement(parent, "title").text = title
        ElementTree.SubElement(parent, "id").text = f"urn:uuid:{uuid5(NAMESPACE_URL, f'{base}/{name}')}"
        ElementTree.SubElement(parent, "updated").text = moment
        ElementTree.SubElement(parent, "link", {"rel": "alternate", "href": page or "index.html"})
        if text:
            ElementTree.SubElement(parent, "content", {"type": "text"}).text = made_up + text

    title = f"{found['report']}: what changed from {found['baseline']['label']} to {found['wave']['label']}"
    add(feed, "feed", title, "")
    ElementTree.SubElement(feed, "link", {"rel": "self", "href": FEED})
    author = ElementTree.SubElement(feed, "author")
    ElementTree.SubElement(author, "name").text = report.authors_text or report.full_title
    add(ElementTree.SubElement(feed, "entry"), "summary", title, "", found["summary"] or title)
    for one in found["changes"]:
        if not one["is_group"]:
            add(ElementTree.SubElement(feed, "entry"), one["key"], one["title"], one["page"], _tell_change(found, one))
    for one in found["means"]:
        if not one["is_group"]:
            limits = [write_number(one["change"][name], of=one["now"]["value"]) for name in ("change", "low", "high")]
            text = f"A change of {limits[0]} ({limits[1]} to {limits[2]})."
            text += f" {sentence(one['comparability'])}{': ' if one['reason'] else ''}{one['reason']}."
            add(ElementTree.SubElement(feed, "entry"), one["key"], one["title"], "", text)
    for one in found["claims"]:
        add(ElementTree.SubElement(feed, "entry"), one["claim"], sentence(one["title"]), one["page"], one["meaning"])
    ElementTree.indent(feed, " ")
    return ElementTree.tostring(feed, encoding="unicode", xml_declaration=False) + "\n"


def _tell_change(found: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    """Return a change as an entry of the feed says it: both figures, what it means, and how both waves asked."""
    sides = [(found[wave]["label"], one[side]) for wave, side in (("wave", "now"), ("baseline", "before"))]
    figures = "; ".join(f"{label}: {side['text']}" for label, side in sides)
    wordings = [f"{label}: “{side['wording']}”" for label, side in sides if side["wording"]]
    same = one["now"]["wording"] == one["before"]["wording"]
    asked = f"Asked in both: “{one['now']['wording']}”" if same else f"Asked in {'; in '.join(wordings)}"
    # What calls for caution, and why, stands in what the change means.
    compared = "" if one["reason"] else f" {sentence(one['comparability'])}."
    return f"{figures}. {one['meaning']} {asked.rstrip('.')}.{compared}"
