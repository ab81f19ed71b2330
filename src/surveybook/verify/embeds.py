"""Whether what other people's pages and programs take from a site is what the chapters and the data say."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from surveybook.verify.chapters import Expected
from surveybook.verify.pages import check_exhibits, check_reading, parse_page, read_text, squeeze
from surveybook.verify.recomputation import (
    RECOMPUTED,
    DataFigure,
    DataFigures,
    print_number,
    read_data_figures,
    round_printed,
)
from surveybook.verify.record import Fault, Found, checks

FIGURES_FILE, CLAIMS_FILE = "figures.json", "claims.json"
EMBED = re.compile(r"(?:editions/[^/]+/)?embed/[^/]+\.html")


def list_pages(files: Iterable[str]) -> list[str]:
    """Return the pages among the files of a site: embeds aren't pages of the book."""
    return [file for file in files if file.endswith(".html") and not EMBED.fullmatch(file)]


@checks("site", "Embeds", "each page parsed, against its executed chapter and the data files")
def check_embeds(site: Path, expected: Mapping[str, Expected], known: DataFigures) -> Iterator[Found]:
    """Hold the embed of every figure, wherever it stands, against what its chapter stored and against the data."""
    charts = {name: (page, shown) for page in expected.values() for name, shown in page.charts.items()}
    folders = [folder for folder in (site / "embed", *site.glob("editions/*/embed")) if folder.is_dir()]
    counts = Counter({"embeds": 0})
    for folder in folders:
        there = {path.stem: path for path in sorted(folder.glob("*.html"))}
        for name in {**charts, **there}:
            file = (folder / f"{name}.html").relative_to(site).as_posix()
            if name not in charts or name not in there:
                yield Fault("the embed is of no figure" if name in there else "the embed is missing", file)
                continue
            page, shown = charts[name]
            counts["embeds"] += 1
            main = parse_page(there[name].read_text(encoding="utf-8", errors="replace")).find("main")
            if main is None:
                yield Fault("it has no text", file, page.chapter, shown.figures)
                continue
            base, alone = read_text(main.select_one(".chart-base")), Expected(page.chapter, charts={name: shown})
            if base != squeeze(shown.story.get("base")):
                yield Fault(f"its base reads '{base[:80]}'", file, page.chapter, shown.figures)
            for seen in (*check_exhibits("chart", main, {name: shown}, known), *check_reading(main, alone)):
                if isinstance(seen, Mapping):
                    counts[RECOMPUTED] += seen.get(RECOMPUTED, 0)
                else:
                    yield Fault(seen[0], file, page.chapter, seen[1] or shown.figures)
    yield counts


@checks("site", "Figures for programs", "the data files, read anew")
def check_programs(site: Path, wave: str) -> Iterator[Found]:
    """Hold every share, interval and base of the file that programs read against the data."""
    path = site / FIGURES_FILE
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))["figures"]
        told = {one["id"]: (one["value"], one["interval"], one["base"]) for one in listed}
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield Fault(f"it can't be read ({type(error).__name__}: {error})", path.name)
        return
    yield {"figures": len(told)}
    for one in read_data_figures(wave):
        if told.get(one.figure) != (due := state_figure(one)):
            said = f"{told.get(one.figure)} where the data have {due}"
            yield Fault(said, path.name, "", (one.figure,))


def state_figure(one: DataFigure) -> tuple[float | None, list[float] | None, int | None]:
    """Return value, interval and base of a figure as files for programs have them."""
    known = one.percent if one.status == "number" else None
    limits = [float(print_number(end, 1).replace("−", "-")) for end in one.limits] if known and one.limits else None
    return None if known is None else round_printed(known, 6), limits, one.base


@checks("site", "Claims for programs", "the list of claims, and the data files read anew")
def check_claims_file(site: Path, expected: Mapping[str, Expected], wave: str) -> Iterator[Found]:
    """Hold every verdict that programs read against the list of claims, and the figures of each against the data."""
    tables = [table for page in expected.values() for table in page.tables.values()]
    entries = {entry["id"]: entry for table in tables for entry in table.content.get("entries", ())}
    if not entries:
        yield "The claims for programs: this report lists none."
        return
    path, due = site / CLAIMS_FILE, {one.figure: state_figure(one) for one in read_data_figures(wave)}
    try:
        told = {one["id"]: one for one in json.loads(path.read_text(encoding="utf-8"))["claims"]}
        stated = {
            (name, one["id"]): (one["value"], one["interval"], one["base"])
            for name, claim in told.items()
            for one in claim.get("figures", ())
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield Fault(f"it can't be read ({type(error).__name__}: {error})", path.name)
        return
    yield {"claims": len(told), "figures": len(stated)}
    for name in sorted(told.keys() | entries.keys()):
        one, listed = (every.get(name, {}) for every in (told, entries))
        if any(one.get(key) != listed.get(key) for key in ("verdict", "statement", "printed", "parts")):
            yield Fault(f"the claim '{name}' isn't as the list of claims has it", path.name)
    for (name, figure), found in stated.items():
        if found != due.get(figure):
            said = f"{found} where the data have {due.get(figure)}, under the claim '{name}'"
            yield Fault(said, path.name, "", (figure,))
