"""Whether the small pages that other people's pages show of a figure say what its chapter and the data say."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from surveybook.verify.chapters import Expected
from surveybook.verify.pages import check_exhibits, parse_page
from surveybook.verify.recomputation import RECOMPUTED, DataFigures
from surveybook.verify.record import Fault, Found, checks

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
            for seen in check_exhibits("chart", main, {name: shown}, known):
                if isinstance(seen, Mapping):
                    counts[RECOMPUTED] += seen.get(RECOMPUTED, 0)
                else:
                    yield Fault(seen[0], file, page.chapter, seen[1] or shown.figures)
    yield counts
