"""Whether pictures are what their specifications give: each is drawn anew, and compared shape by shape.

A bar that ends elsewhere, a label at another row, a colour of another group: no number need be wrong for that.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag

from surveybook.book.sphinx_ext.pictures import FONT, load_converter
from surveybook.exhibits import palette
from surveybook.verify import markup
from surveybook.verify.expected import Expected, Shown
from surveybook.verify.pictures import same_picture
from surveybook.verify.record import Check, Fault, check

FOLDER = "_static/figures"
VEGA_LITE = "6.4"
SAID_ON_PAGE = ("title", "description")
# How a drawing is named and announced, which pages do in their own way.
SILENT = {"id", "class", "role", "xmlns", "xmlns:xlink", "version", "pointer-events", "display"}
NOTHING = ("", "M0,0h0v0h0Z")
PAPER = ("rect", (("fill", "#ffffff"), ("height", "100%"), ("width", "100%")), "")
BY = "vl-convert, from the specifications in the executed chapters"

Shape = tuple[str, tuple[tuple[str, str], ...], str]


def drawn_anew(spec: Mapping[str, Any], *, titled: bool) -> str:
    """Return a specification as SVG, with its title or without."""
    kept = {key: value for key, value in spec.items() if key != "usermeta" and (titled or key not in SAID_ON_PAGE)}
    kept |= {"config": {**spec.get("config", {}), "aria": False}, "background": "transparent"}
    measured = json.loads(json.dumps(kept).replace(palette.FONT, FONT))
    return str(load_converter().vegalite_to_svg(measured, vl_version=VEGA_LITE, allowed_base_urls=[]))


def painted_anew(svg: str) -> bytes:
    """Return a drawing as PNG, as large as downloads are."""
    return bytes(load_converter().svg_to_png(svg.replace(palette.FONT, FONT), scale=2))


def shapes(drawing: Tag) -> list[Shape]:
    """Return the shapes and texts of a drawing in their order: the kind of each, how it is placed, what it says."""
    return [shape for tag in drawing.find_all(True) if (shape := shape_of(tag)) is not None]


def shape_of(tag: Tag) -> Shape | None:
    """Return one element of a drawing; None for one that draws nothing."""
    kept = {
        name: "url" if str(value).startswith("url(") else str(value).replace(FONT, "").strip()
        for name, value in tag.attrs.items()
        if name not in SILENT and not name.startswith("aria-") and (name, value) != ("opacity", "1")
    }
    if "font-family" in kept:
        kept["font-family"] = ""
    text = "".join(part for part in tag.find_all(string=True, recursive=False)).strip()
    if tag.name == "path" and str(kept.get("d", "")) in NOTHING:
        return None
    return (tag.name, tuple(sorted(kept.items())), text) if kept or text or tag.name not in ("g", "svg") else None


def drawing_of(svg: str) -> Tag | None:
    """Return the drawing in a text."""
    found = BeautifulSoup(svg, "lxml").find("svg")
    return found if isinstance(found, Tag) else None


def unlike(found: Tag | None, spec: Mapping[str, Any], *, titled: bool) -> str:
    """Return where a picture isn't what its specification gives; empty where it is.

    Parameters
    ----------
    found : Tag or None
        The picture, an ``svg`` element.
    spec : mapping
        The specification, as the chapter stored it.
    titled : bool
        Whether the picture bears its title: those that are downloaded do, those on pages don't.
    """
    wanted = drawing_of(drawn_anew(spec, titled=titled))
    if found is None or wanted is None:
        return "it has no picture"
    there, due = shapes(found), shapes(wanted)
    if titled and there[:1] == [PAPER]:
        there = there[1:]
    if there == due and found.get("viewbox") == wanted.get("viewbox"):
        return ""
    pair = next((pair for pair in zip(there, due, strict=False) if pair[0] != pair[1]), None)
    if pair is None:
        return f"it has {len(there)} shapes where {len(due)} are drawn, or another size"
    return f"its picture has {told(*pair)} where its specification gives {told(*reversed(pair))}"


def told(shape: Shape, other: Shape) -> str:
    """Return a shape as a person would tell it, by what distinguishes it from another."""
    if shape[2] != other[2]:
        return f"'{shape[2]}'" if shape[2] else f"a {shape[0]}"
    placed = [f'{name}="{value}"' for name, value in shape[1] if (name, value) not in other[1]]
    return f"a {shape[0]} with {', '.join(placed) or 'nothing else'}" + (f" for '{shape[2]}'" if shape[2] else "")


def check_drawings(site: Path, expected: Mapping[str, Expected]) -> Check:
    """Draw every chart anew, and hold its pictures against that: on its page, and as files."""
    counts: Counter[str] = Counter()
    faults: list[Fault] = []
    for name, chapter in expected.items():
        page = site / f"{name}.html"
        if not chapter.charts or not page.is_file():
            continue
        tree = markup.parse(page.read_text(encoding="utf-8", errors="replace"))
        for shown in chapter.charts.values():
            picture = tree.select_one(f"#fig-{shown.name} .chart-picture > svg")
            counts["pictures"] += 1
            if said := unlike(picture, shown.content, titled=False):
                faults.append(Fault(f"the chart '{shown.name}': {said}", f"{name}.html", name, shown.figures))
            for file, wrong in file_faults(site / FOLDER, shown):
                faults.append(Fault(wrong, f"{FOLDER}/{file}", name, shown.figures))
            counts["pictures"] += 2
    return check("site", "Pictures", BY, counts, faults)


def file_faults(folder: Path, shown: Shown) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the pictures of a chart that are downloaded, with the file's name."""
    vectors, pixels = folder / f"{shown.name}.svg", folder / f"{shown.name}.png"
    if not vectors.is_file() or not pixels.is_file():
        return  # the check of downloads says so
    svg = vectors.read_text(encoding="utf-8", errors="replace")
    if said := unlike(drawing_of(svg), shown.content, titled=True):
        yield vectors.name, said
    elif not same_picture(painted_anew(svg), pixels.read_bytes()):
        yield pixels.name, "it isn't the picture that its specification gives"
