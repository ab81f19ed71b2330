"""What a figure passes on: pictures that tell alone what they show, and a small page for other people's pages.

A picture or an embed is seen where nothing else of the book is: each says of whom, when and from where its figures are,
under which licence, and where the figure stands.
"""

import base64
import hashlib
import json
import re
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape
from sphinx.config import Config

from surveybook.book.sphinx_ext import pictures
from surveybook.book.sphinx_ext.templates import THEME, render_part
from surveybook.exhibits import palette

EMBEDS, EDITIONS = "embed", "editions"
# In the units of the picture; pixels are so many that it is as wide as a page of a slide show or of a newspaper wants.
PIXELS, MARGIN, NARROWEST, WIDEST, GROWTH = 1600, 32, 560, 800, 1.5
# Of each text of a picture: size, weight, colour, space above, and how wide a letter of it is on average.
TITLE, PLAIN, SMALL = (
    (25, "bold", palette.TEXT, 0, 0.57),
    (16, "normal", palette.TEXT, 6, 0.53),
    (13, "normal", palette.MUTED, 5, 0.53),
)
LINE = 1.3
ROOT = re.compile(r"<svg[^>]*>")
SIZE = re.compile(r'width="([0-9.]+)" height="([0-9.]+)"')
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


def frame_picture(drawn: str, above: Mapping[str, str], below: Iterable[str]) -> tuple[str, float]:
    """Return a drawing as it leaves the site, on white with all its words, and how wide it is.

    Parameters
    ----------
    drawn : str
        The drawing, as SVG without a title.
    above : mapping
        Its ``title``, and what else stands over it.
    below : iterable of str
        What stands under it: notes, source, licence, address.
    """
    size = SIZE.search(drawn)
    width, height = map(float, size.groups()) if size else (WIDEST, 0.0)
    wide = min(WIDEST, max(NARROWEST, GROWTH * width + 2 * MARGIN))
    factor, lines, y = (wide - 2 * MARGIN) / width, [], float(MARGIN)

    def put(text: str, style: tuple[int, str, str, int, float]) -> None:
        nonlocal y
        letter, weight, colour, space, share = style
        y += space if text else 0
        for line in textwrap.wrap(text, int((wide - 2 * MARGIN) / (letter * share))):
            y += letter * LINE
            lines.append({"text": line, "y": round(y - 0.3 * letter), "size": letter, "weight": weight, "fill": colour})

    for name, text in above.items():
        put(text, TITLE if name == "title" else PLAIN if name == "question" else SMALL)
    top = y = y + 16
    y += height * factor + 10
    for text in below:
        put(text, SMALL)
    sizes = f'width="{width * factor:g}" height="{height * factor:g}" viewBox="0 0 {width:g} {height:g}"'
    placed = f'<svg x="{MARGIN}" y="{top:g}" {sizes}>'
    framed = render_part(
        "frame.svg", width=f"{wide:g}", height=f"{y + MARGIN:.0f}", font=palette.FONT, lines=lines,
        title=above["title"], drawing=Markup(ROOT.sub(placed, drawn, count=1)),
    )  # fmt: skip
    return str(framed), wide


def draw_framed(cache: Path, drawn: str, about: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the SVG and the PNG of a figure as readers take them away."""
    meta = about["meta"]
    above = {"title": meta["title"], "question": meta.get("subtitle", ""), "base": meta.get("base", "")}
    framed, wide = frame_picture(drawn, above, [*filter(None, about["notes"]), meta["source"], about["told"]])
    return {"svg": framed.encode(), "png": pictures.paint_png(framed, cache, scale=PIXELS / wide)}


def find_addresses(config: Config, name: str) -> tuple[str, str]:
    """Return where the embed of a figure stands: that of the latest edition, and that of this one for ever.

    Both begin at the site's own folder where nobody has said yet what its address will be.
    """
    place = f"{EDITIONS}/{config.surveybook_edition['wave']}/"
    root = str(config.html_baseurl).removesuffix(place)
    return f"{root}{EMBEDS}/{name}.html", f"{root}{place}{EMBEDS}/{name}.html"


def describe_embed(config: Config, meta: Mapping[str, Any], drawn: str) -> dict[str, Any]:
    """Return what there is to say of the embed of a figure: its size, and the code to copy for each address."""
    size = SIZE.search(drawn)
    width, height = map(float, size.groups()) if size else (WIDEST, 0.0)
    high = round(height * min(GROWTH, SHOWN_WIDE / width) + WORDS_HIGH, -1)
    codes = [
        f'<iframe src="{escape(address)}" title="{escape(meta["title"])}" width="100%" height="{high:.0f}" '
        'style="border:0" loading="lazy"></iframe>'
        for address in find_addresses(config, meta["name"])
    ]
    return {"codes": codes, "height": int(high), "widest": round(width * GROWTH)}


def slim_drawing(drawn: str, alternative: str) -> Markup:
    """Return a drawing for an embed: as small as it can be, with its alternative."""
    for pattern, instead in SLIM:
        drawn = pattern.sub(instead, drawn)
    return Markup(drawn.replace("<svg ", f'<svg role="img" aria-label="{escape(alternative)}" ', 1))


def write_style(drawn: str, colours: Mapping[str, str], widest: int) -> tuple[str, str]:
    """Return the stylesheet of an embed, which recolours what is in its drawing for a dark page, and its hash."""
    used = {light: dark for light, dark in colours.items() if f'"{light}"' in drawn}
    dark = "".join(f'[fill="{a}"]{{fill:{b}}}[stroke="{a}"]{{stroke:{b}}}' for a, b in used.items())
    sheet = (THEME / "parts/embed.css").read_text(encoding="utf-8")
    sheet = re.sub(r"\s*\n\s*", "", sheet).replace("WIDEST", f"{widest}px").replace("RECOLOURED{}", dark)
    return sheet, base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()


def write_embed(site: Path, config: Config, about: Mapping[str, Any], drawn: str, **context: Any) -> None:
    """Write the page of a figure that other people's pages show, and the oEmbed file that it names."""
    meta, embed, html = about["meta"], about["embed"], config.html_context
    colours = {one.light: one.dark for one in palette.COLOURS}
    colours |= {pair["light"]: pair["dark"] for pair in html["populations"].values()}
    drawing = slim_drawing(drawn, meta["alternative"])
    style, style_hash = write_style(drawing, colours, embed["widest"])
    base, latest = str(config.html_baseurl), find_addresses(config, meta["name"])[0]
    page = render_part(
        "embed.html", exhibit=about, drawing=drawing, style=Markup(style), style_hash=style_hash,
        book=config.html_title, edition=config.surveybook_edition, report=html["report"], language=config.language,
        oembed=f"{latest.removesuffix('.html')}.json" if base else f"{meta['name']}.json", **context,
    )  # fmt: skip
    told = {
        "version": "1.0", "type": "rich", "title": meta["title"], "author_name": config.author,
        "provider_name": config.html_title, "provider_url": base, "html": embed["codes"][0], "width": SHOWN_WIDE,
        "height": embed["height"],
    }  # fmt: skip
    (site / EMBEDS).mkdir(exist_ok=True)
    (site / EMBEDS / f"{meta['name']}.html").write_text(f"{page}\n", encoding="utf-8")
    text = json.dumps({key: value for key, value in told.items() if value}, ensure_ascii=False, indent=1)
    (site / EMBEDS / f"{meta['name']}.json").write_text(f"{text}\n", encoding="utf-8")


def keep_embeds(site: Path, config: Config) -> None:
    """Put each embed where it stays when a later edition takes its first address, with links that lead back here."""
    wave = config.surveybook_edition["wave"]
    folder = site / EDITIONS / wave / EMBEDS
    for file in sorted((site / EMBEDS).glob("*")):
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".html":
            text = text.replace('="../', '="../../../')
        latest, lasting = (address.removesuffix("html") for address in find_addresses(config, file.stem))
        text = text.replace(f'\\"{latest}', f'\\"{lasting}').replace(f'"{latest}json"', f'"{lasting}json"')
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file.name).write_text(text, encoding="utf-8")
