"""Draws charts without a browser, in a font that no machine changes, and puts the drawings where they are seen.

A drawing is kept under the hash of what made it. A picture or an embed is seen where nothing else of the book is: each
says of whom, when and from where its figures are, under which licence, and where the figure stands.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import struct
import textwrap
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache as remember
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any

from docutils import nodes
from markupsafe import Markup, escape
from sphinx.config import Config
from sphinx.util import logging

from surveybook.book.sphinx_ext.settings import render_part
from surveybook.book.storage import find_kept, keep_content
from surveybook.exhibits import palette
from surveybook.model.files import hash_bytes, hash_object, write_json, write_whole
from surveybook.model.problems import SurveybookError

VEGA_LITE = "6.4"
# The width of a plot where there is room for more than a phone's.
WIDE_WIDTH = 625
# Charts are designed for a phone's width; where there is room they may grow, up to the text's width.
GROWTH, TEXT_WIDTH = 1.4, 620
SIZE = re.compile(r'width="([0-9.]+)" height="([0-9.]+)"')
COLOUR, COLOURLESS = re.compile(r'(?:fill|stroke)="([^"]+)"'), {"none", "transparent"}
# Texts are measured and painted in the font that vl-convert brings along: neither drawings nor pictures in pixels
# depend on what else is installed. Its widths are those of Arial, which pages and files name.
FONT = "Liberation Sans"
# Fonts of the machine are for letters that this one lacks. They are looked up after it, since one that bears its name
# would be taken for it; and one that is a file is opened anew for each letter, which takes as long as all else.
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
FONT_SETTINGS, NO_FONTS = "FONTCONFIG_FILE", Path(__file__).parent / "fonts/none.conf"
# All that the pages call; Vega itself stays inside.
BUNDLE = "window.vegaEmbed = vegaEmbed;"
# What Vega writes for every group and never matters in a picture: about a third of the file.
SUPERFLUOUS = re.compile(
    r'<path class="(?:background|foreground)"[^>]*d="(?:M0,0h0v0h0Z)?"[^>]*/>'
    r'| (?:pointer-events="none"|opacity="1"|aria-hidden="true"|xmlns:xlink="[^"]*"|version="1.1")'
    r'| (?:role|aria-roledescription|aria-label)="[^"]*"'
)
EMBEDS, EDITIONS = "embed", "editions"
# In the units of the picture; pixels are so many that it is as wide as a page of a slide show or of a newspaper wants.
PIXELS, MARGIN, NARROWEST, WIDEST, FRAMED = 1600, 32, 560, 800, 1.5
# Of each text of a picture: size, weight, colour, space above, and how wide a letter of it is on average.
TITLE, PLAIN, SMALL = (
    (25, "bold", palette.TEXT, 0, 0.57),
    (16, "normal", palette.TEXT, 6, 0.53),
    (13, "normal", palette.MUTED, 5, 0.53),
)
LINE, ABOVE_DRAWING, BELOW_DRAWING = 1.3, 16, 10
ROOT = re.compile(r"<svg[^>]*>")
# What only the book's script and Vega need of a drawing, and decimals that nobody sees. The class of an axis's labels
# stays: whoever verifies an embed has to know that they are no figures.
SCRIPTED = r' (?:class|font-family|xmlns|stroke-width|stroke-miterlimit)="(?:1|10|(?![\w -]*axis-label)[a-zA-Z][^"]*)"'
DOT = r'<path transform="translate\(([^,]+),([^)]+)\)" d="M([\d.]+),0A\3,\3,0,1,1,-\3,0A\3,\3,0,1,1,\3,0"'
EMPTY_GROUP = ("<g[^>]*></g>", "")
SLIM = (
    (SCRIPTED, ""), (r"(\.\d\d)\d+", r"\1"), (DOT, r'<circle cx="\1" cy="\2" r="\3"'), *[EMPTY_GROUP] * 3,
)  # fmt: skip
# The height that an embed asks for: its drawing at this width, and the words around it.
SHOWN_WIDE, WORDS_HIGH = 640, 330

PAINTING = Lock()
logger = logging.getLogger(__name__)


def draw_picture(spec: dict[str, Any], cache: Path) -> str:
    """Return a chart as SVG on a transparent ground, without the title that the page shows as text.

    Parameters
    ----------
    spec
        The Vega-Lite specification, as stored in the notebook.
    cache
        The folder that keeps drawings.

    Raises
    ------
    SurveybookError
        When Vega-Lite refuses it, which the schema of a specification doesn't tell.
    """
    bare = strip_spec(spec, titled=False)

    def make() -> bytes:
        # Measured in our font, set in those that a reader has. No addresses allowed: its data are in its specification.
        measured = json.loads(json.dumps(bare).replace(palette.FONT, FONT))
        drawn = load_converter().vegalite_to_svg(measured, vl_version=VEGA_LITE, allowed_base_urls=[])
        return str(drawn).replace(f'font-family="{FONT}"', f'font-family="{palette.FONT}"').encode()

    try:
        return SUPERFLUOUS.sub("", keep_made(bare, cache, make).decode())
    except ValueError as error:
        name = spec.get("usermeta", {}).get("surveybook", {}).get("name", "")
        said = " ".join(str(error).splitlines()[:2])  # what follows is where in Vega-Lite
        advice = "correct its form in exhibits/forms.yml, or the specification that a chapter gives"
        raise SurveybookError(f"The chart '{name}' can't be drawn ({said}): {advice}.") from None


def measure_drawing(drawn: str) -> tuple[float, float]:
    """Return how wide and how high a drawing is."""
    [(width, height), *_] = SIZE.findall(drawn)
    return float(width), float(height)


def name_drawing(drawn: str, alternative: str) -> Markup:
    """Return a drawing with what is told of it to those who can't see it."""
    return Markup(drawn.replace("<svg ", f'<svg role="img" aria-label="{escape(alternative)}" ', 1))


def dress_picture(config: Config, node: nodes.Element, drawn: str, kind: str) -> Markup:
    """Return a chart's drawing as it stands on a page: with its alternative, its size, and names of its own.

    Of two drawings, in two widths, the stylesheet shows the one that there is room for.
    """
    name, populations = f"{node['meta']['name']}-{kind}", config.html_context["populations"].values()
    known = {colour.light for colour in palette.COLOURS} | {one["light"] for one in populations} | COLOURLESS
    # The stylesheet can't change others for a dark page.
    if unknown := {colour for colour in COLOUR.findall(drawn) if colour.lower() not in known and "url(" not in colour}:
        logger.warning(
            "The chart %r uses %s, which would stay as it is on a dark page. "
            "Use the colours of surveybook.exhibits.palette, or of report.yml.",
            name, ", ".join(sorted(unknown)), location=node,
        )  # fmt: skip
    # Several drawings share a page, so what they refer to inside themselves needs names of its own.
    drawn = re.sub(r'(\bid="|url\(#)', rf"\g<1>{name}-", drawn)
    width, height = measure_drawing(drawn)
    factor = max(1, min(GROWTH, TEXT_WIDTH / width))
    drawn = SIZE.sub(f'width="{width * factor:g}" height="{height * factor:g}"', drawn, count=1)
    return name_drawing(drawn.replace('class="marks"', f'class="marks {kind}"', 1), node["meta"]["alternative"])


def widen(spec: dict[str, Any]) -> dict[str, Any]:
    """Return the specification of a chart of rows for a wide page, which differs in nothing but the width of a row."""
    return {**spec, "spec": {**spec["spec"], "width": WIDE_WIDTH}} if "width" in spec.get("spec", {}) else spec


def strip_spec(spec: dict[str, Any], *, titled: bool) -> dict[str, Any]:
    """Return the specification that is drawn: without our own description, and without labels on every single mark.

    The picture on a page isn't `titled`: what the page says in text is left out.
    """
    left_out = ("usermeta",) if titled else ("usermeta", "title", "description")
    without = {key: value for key, value in spec.items() if key not in left_out}
    ground = {} if titled else {"background": "transparent"}
    return {**without, "config": {**spec.get("config", {}), "aria": False}, **ground}


def paint_png(svg: str, cache: Path, scale: float = 2) -> bytes:
    """Return a drawing as PNG, in so many times the size that it states."""

    def make() -> bytes:
        with PAINTING:
            picture = bytes(load_converter().svg_to_png(svg.replace(palette.FONT, FONT), scale=scale))
        return pack_png(picture)

    return keep_made([svg, scale, "packed"], cache, make)


def pack_png(picture: bytes) -> bytes:
    """Return a picture with its pixels packed closely: vl-convert packs them fast, into four times the size."""
    head, place, pixels = picture[:33], 33, b""
    while place < len(picture):
        length, kind = struct.unpack(">I4s", picture[place : place + 8])
        pixels += picture[place + 8 : place + 8 + length] if kind == b"IDAT" else b""
        place += 12 + length
    packed = b"IDAT" + zlib.compress(zlib.decompress(pixels))
    data = struct.pack(">I", len(packed) - 4) + packed + struct.pack(">I", zlib.crc32(packed))
    return head + data + b"\x00\x00\x00\x00IEND\xaeB`\x82"


def make_bundle(cache: Path) -> tuple[str, bytes]:
    """Return the file name and the content of the script that makes charts interactive.

    It holds Vega, Vega-Lite and vega-embed as vl-convert carries them, so no network is needed; wrapped, so that its
    thousands of names stay its own.
    """
    content = keep_made(
        BUNDLE,
        cache,
        lambda: f"(()=>{{{load_converter().javascript_bundle(BUNDLE, vl_version=VEGA_LITE)}\n}})();\n".encode(),
    )
    return f"vega-{hash_bytes(content)[:10]}.js", content


def keep_made(made_from: Any, cache: Path, make: Callable[[], bytes]) -> bytes:
    """Return what is kept for this content, or make and keep it."""
    key = hash_object([version("vl-convert-python"), VEGA_LITE, FONT, made_from])[:32]
    folder = cache / key[:2]  # a part of them in each, because all are looked through
    return (find_kept(key, folder) or keep_content(key, make(), folder)).read_bytes()


@remember
def load_converter() -> Any:
    """Return vl-convert with its own font first; slow to load, and not needed when everything is kept."""
    import vl_convert

    given = os.environ.get(FONT_SETTINGS)
    os.environ[FONT_SETTINGS] = str(NO_FONTS)
    for folder in FONT_FOLDERS:
        vl_convert.register_font_directory(os.path.expanduser(folder))
    del os.environ[FONT_SETTINGS]
    if given is not None:
        os.environ[FONT_SETTINGS] = given
    return vl_convert


def set_lines(
    texts: Sequence[tuple[str, tuple[int, str, str, int, float]]], wide: float, y: float
) -> Iterator[dict[str, Any]]:
    """Yield the lines of some texts as they stand from a height on, each with its style and how far down it goes."""
    for text, (letter, weight, colour, space, share) in texts:
        y += space if text else 0
        for line in textwrap.wrap(text, int((wide - 2 * MARGIN) / (letter * share))):
            y += letter * LINE
            style = {"size": letter, "weight": weight, "fill": colour}
            yield {"text": line, "y": round(y - 0.3 * letter), "end": y, **style}


def frame_drawing(drawn: str, about: Mapping[str, Any]) -> str:
    """Return the SVG of a figure as readers take it away: on white, with all its words.

    Parameters
    ----------
    drawn : str
        The drawing, as SVG without a title.
    about : mapping
        What stands over and under it: title, question; notes, base, source, licence, address.
    """
    meta, (width, height) = about["meta"], measure_drawing(drawn)
    wide = min(WIDEST, max(NARROWEST, FRAMED * width + 2 * MARGIN))
    factor = (wide - 2 * MARGIN) / width
    heads = [(meta["title"], TITLE), (meta.get("subtitle", ""), PLAIN)]
    above = list(set_lines(heads, wide, MARGIN))
    # Somebody who is writing a chart may have nothing yet to say over it.
    top = max([MARGIN, *(line["end"] for line in above)]) + ABOVE_DRAWING
    feet = [(text, SMALL) for text in (*filter(None, about["notes"]), meta["foot"], about["told"])]
    below = list(set_lines(feet, wide, top + height * factor + BELOW_DRAWING))
    sizes = f'width="{width * factor:g}" height="{height * factor:g}" viewBox="0 0 {width:g} {height:g}"'
    # To clip it at its edge, where nothing is, takes longer than to paint it.
    drawing = Markup(ROOT.sub(f'<svg x="{MARGIN}" y="{top:g}" {sizes} overflow="visible">', drawn, count=1))
    return render_part(
        "frame.svg", width=f"{wide:g}", height=f"{below[-1]['end'] + MARGIN:.0f}", font=palette.FONT,
        lines=[*above, *below], title=meta["title"], drawing=drawing,
    )  # fmt: skip


def paint_framed(folder: Path, cache: Path) -> None:
    """Paint each framed drawing of a folder beside it, as PNG; while one is painted, others are packed."""

    def paint(path: Path) -> None:
        svg = path.read_text(encoding="utf-8")
        path.with_suffix(".png").write_bytes(paint_png(svg, cache, scale=PIXELS / measure_drawing(svg)[0]))

    with ThreadPoolExecutor() as pool:
        list(pool.map(paint, sorted(folder.glob("*.svg"))))


def write_embeds(
    site: Path, config: Config, about: Mapping[str, Any], drawn: str, figure: str, **context: Any
) -> list[str]:
    """Write the pages of a figure that other people's pages show, and the oEmbed file that each names.

    One stands where the latest edition has it, and one where it stays when a later edition takes that address. Both
    addresses begin at the site's own folder where nobody has said yet what its address will be.

    Parameters
    ----------
    site : Path
        The folder of the site.
    config : Config
        The settings of the book.
    about : mapping
        The figure with all that stands around it.
    drawn : str
        The drawing.
    figure : str
        Where the figure stands in the site.
    **context
        What the template wants besides.

    Returns
    -------
    list of str
        The code to copy for each address.
    """
    meta, html, base = about["meta"], config.html_context, str(config.html_baseurl)
    own = f"{EDITIONS}/{config.surveybook_edition['wave']}/"
    root, name = base.removesuffix(own), meta["name"]
    addresses = {place: f"{root}{place}{EMBEDS}/{name}" for place in ("", own)}
    colours = {one.light: one.dark for one in palette.COLOURS}
    colours |= {pair["light"]: pair["dark"] for pair in html["populations"].values()}
    width, height = measure_drawing(drawn)
    for pattern, instead in SLIM:
        drawn = re.sub(pattern, instead, drawn)
    drawing = name_drawing(drawn, meta["alternative"])
    # The stylesheet recolours what is in the drawing for a dark page.
    used = {light: dark for light, dark in colours.items() if f'"{light}"' in drawing}
    lines = render_part("embed.css", widest=round(width * FRAMED), colours=used).splitlines()
    style = Markup("".join(line.strip() for line in lines))
    style_hash = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    high = int(round(height * min(FRAMED, SHOWN_WIDE / width) + WORDS_HIGH, -1))
    asked = " – ".join(filter(None, (meta["title"], meta["subtitle"])))
    codes = [
        f'<iframe src="{escape(address)}.html" title="{escape(asked)}" width="100%" height="{high}" '
        'style="border:0" loading="lazy"></iframe>'
        for address in addresses.values()
    ]
    for (place, address), code in zip(addresses.items(), codes, strict=True):
        page = render_part(
            "embed.html", exhibit={**about, "codes": codes}, drawing=drawing, style=style,
            style_hash=style_hash, figure=f"{'../' * (place.count('/') + 1)}{figure}", book=config.html_title,
            edition=config.surveybook_edition, report=html["report"], language=config.language,
            oembed=f"{address}.json" if base else f"{name}.json", **context,
        )  # fmt: skip
        told = {
            "version": "1.0", "type": "rich", "title": meta["title"], "author_name": config.author,
            "provider_name": config.html_title, "provider_url": base, "html": code, "width": SHOWN_WIDE,
            "height": high,
        }  # fmt: skip
        write_whole(site / place / EMBEDS / f"{name}.html", f"{page}\n")
        stated = {key: value for key, value in told.items() if value}
        write_whole(site / place / EMBEDS / f"{name}.json", write_json(stated))
    return codes
