"""What a figure passes on: pictures that tell alone what they show, and a small page for other people's pages.

A picture or an embed is seen where nothing else of the book is: each says of whom, when and from where its figures are,
under which licence, and where the figure stands.
"""

import base64
import hashlib
import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape
from sphinx.config import Config

from surveybook.book.sphinx_ext.pictures import measure_drawing, name_drawing, paint_png
from surveybook.book.sphinx_ext.templates import THEME, render_part
from surveybook.exhibits import palette

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
# What only the book's script and Vega need of a drawing, and decimals that nobody sees.
SLIM = (
    # The class of an axis's labels stays: whoever verifies an embed has to know that they are no figures.
    (
        re.compile(
            r' (?:class|font-family|xmlns|stroke-width|stroke-miterlimit)="(?:1|10|(?![\w -]*axis-label)[a-zA-Z][^"]*)"'
        ),
        "",
    ),
    (re.compile(r"(\.\d\d)\d+"), r"\1"),
    (
        re.compile(
            r'<path transform="translate\(([^,]+),([^)]+)\)" d="M([\d.]+),0A\3,\3,0,1,1,-\3,0A\3,\3,0,1,1,\3,0"'
        ),
        r'<circle cx="\1" cy="\2" r="\3"',
    ),
    *[(re.compile(r"<g[^>]*></g>"), "")] * 3,
)
# The height that an embed asks for: its drawing at this width, and the words around it.
SHOWN_WIDE, WORDS_HIGH = 640, 330


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


def draw_framed(cache: Path, drawn: str, about: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the SVG and the PNG of a figure as readers take them away: on white, with all its words.

    Parameters
    ----------
    cache : Path
        The folder that keeps drawings.
    drawn : str
        The drawing, as SVG without a title.
    about : mapping
        What stands over and under it: title, question, base; notes, source, licence, address.
    """
    meta, (width, height) = about["meta"], measure_drawing(drawn)
    wide = min(WIDEST, max(NARROWEST, FRAMED * width + 2 * MARGIN))
    factor = (wide - 2 * MARGIN) / width
    heads = [(meta["title"], TITLE), (meta.get("subtitle", ""), PLAIN), (meta.get("base", ""), SMALL)]
    above = list(set_lines(heads, wide, MARGIN))
    top = above[-1]["end"] + ABOVE_DRAWING
    feet = [(text, SMALL) for text in (*filter(None, about["notes"]), meta["source"], about["told"])]
    below = list(set_lines(feet, wide, top + height * factor + BELOW_DRAWING))
    sizes = f'width="{width * factor:g}" height="{height * factor:g}" viewBox="0 0 {width:g} {height:g}"'
    drawing = Markup(ROOT.sub(f'<svg x="{MARGIN}" y="{top:g}" {sizes}>', drawn, count=1))
    framed = render_part(
        "frame.svg", width=f"{wide:g}", height=f"{below[-1]['end'] + MARGIN:.0f}", font=palette.FONT,
        lines=[*above, *below], title=meta["title"], drawing=drawing,
    )  # fmt: skip
    return {"svg": framed.encode(), "png": paint_png(str(framed), cache, scale=PIXELS / wide)}


def write_style(drawn: str, colours: Mapping[str, str], widest: int) -> tuple[str, str]:
    """Return the stylesheet of an embed, which recolours what is in its drawing for a dark page, and its hash."""
    used = {light: dark for light, dark in colours.items() if f'"{light}"' in drawn}
    dark = "".join(f'[fill="{a}"]{{fill:{b}}}[stroke="{a}"]{{stroke:{b}}}' for a, b in used.items())
    sheet = (THEME / "parts/embed.css").read_text(encoding="utf-8")
    sheet = re.sub(r"\s*\n\s*", "", sheet).replace("WIDEST", f"{widest}px").replace("RECOLOURED{}", dark)
    return sheet, base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()


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
        drawn = pattern.sub(instead, drawn)
    drawing = name_drawing(drawn, meta["alternative"])
    style, style_hash = write_style(drawing, colours, round(width * FRAMED))
    high = int(round(height * min(FRAMED, SHOWN_WIDE / width) + WORDS_HIGH, -1))
    codes = [
        f'<iframe src="{escape(address)}.html" title="{escape(meta["title"])}" width="100%" height="{high}" '
        'style="border:0" loading="lazy"></iframe>'
        for address in addresses.values()
    ]
    for (place, address), code in zip(addresses.items(), codes, strict=True):
        page = render_part(
            "embed.html", exhibit={**about, "codes": codes}, drawing=drawing, style=Markup(style),
            style_hash=style_hash, figure=f"{'../' * (place.count('/') + 1)}{figure}", book=config.html_title,
            edition=config.surveybook_edition, report=html["report"], language=config.language,
            oembed=f"{address}.json" if base else f"{name}.json", **context,
        )  # fmt: skip
        told = {
            "version": "1.0", "type": "rich", "title": meta["title"], "author_name": config.author,
            "provider_name": config.html_title, "provider_url": base, "html": code, "width": SHOWN_WIDE,
            "height": high,
        }  # fmt: skip
        folder = site / place / EMBEDS
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.html").write_text(f"{page}\n", encoding="utf-8")
        text = json.dumps({key: value for key, value in told.items() if value}, ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")
    return codes
