"""Draws charts without a browser, and keeps each drawing under the hash of what it was made from."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from surveybook.book.files import write_whole
from surveybook.exhibits import palette

VEGA_LITE = "6.4"
# vl-convert brings this font, with Arial's metrics, under the SIL Open Font License. Texts are measured and painted
# in it alone, so that neither drawings nor pictures in pixels depend on the fonts of the machine.
BUNDLED_FONT = "Liberation Sans"
# All that the pages call; Vega itself stays inside.
BUNDLE = "window.vegaEmbed = vegaEmbed;"
PAPER = '<rect width="100%" height="100%" fill="#ffffff"/>'

# What Vega writes for every group and never matters in a picture: about a third of the file.
SUPERFLUOUS = (
    re.compile(r'<path class="(?:background|foreground)"[^>]*d="(?:M0,0h0v0h0Z)?"[^>]*/>'),
    re.compile(r' (?:pointer-events="none"|opacity="1"|aria-hidden="true"|xmlns:xlink="[^"]*"|version="1.1")'),
    re.compile(r' (?:role|aria-roledescription|aria-label)="[^"]*"'),
)


def picture(spec: dict[str, Any], cache: Path) -> str:
    """Return a chart as SVG on a transparent ground, without the title that the page shows as text.

    Parameters
    ----------
    spec
        The Vega-Lite specification, as stored in the notebook.
    cache
        The folder that keeps drawings.
    """
    drawn = _kept(bare(spec), "svg", cache, _draw).decode()
    for pattern in SUPERFLUOUS:
        drawn = pattern.sub("", drawn)
    return drawn


def exported(spec: dict[str, Any], cache: Path) -> tuple[bytes, bytes]:
    """Return the SVG and the PNG of a chart as it leaves the site: with its title, on white."""
    whole = {**plain(spec), "background": "transparent"}
    drawn = _kept(whole, "export.svg", cache, _draw).decode()
    on_white = re.sub(r"(<svg[^>]*>)", rf"\1{PAPER}", drawn, count=1).encode()
    return on_white, _kept(whole, "png", cache, lambda _: _paint(on_white))


def bare(spec: dict[str, Any]) -> dict[str, Any]:
    """Return the specification of the picture on the page: what the page says in text is left out."""
    without = {key: value for key, value in plain(spec).items() if key not in ("title", "description")}
    return {**without, "background": "transparent"}


def plain(spec: dict[str, Any]) -> dict[str, Any]:
    """Return the specification without our own description, and without labels on every single mark."""
    without = {key: value for key, value in spec.items() if key != "usermeta"}
    return {**without, "config": {**spec.get("config", {}), "aria": False}}


def painted(svg: str, cache: Path) -> bytes:
    """Return a drawing as PNG, in the size that it states."""
    return _kept({"svg": svg}, "card.png", cache, lambda _: _paint(svg.encode(), scale=1))


def bundle(cache: Path) -> tuple[str, bytes]:
    """Return the file name and the content of the script that makes charts interactive.

    It holds Vega, Vega-Lite and vega-embed as vl-convert carries them, so no network is needed.
    """
    content = _kept({"bundle": BUNDLE}, "js", cache, _bundle)
    return f"vega-{hashlib.sha256(content).hexdigest()[:10]}.js", content


def _kept(made_from: dict[str, Any], kind: str, cache: Path, make: Callable[[dict[str, Any]], bytes]) -> bytes:
    """Return the kept result for this content, or make and keep it."""
    key = json.dumps([version("vl-convert-python"), VEGA_LITE, made_from], sort_keys=True)
    name = hashlib.sha256(key.encode()).hexdigest()[:32]
    # The name holds the hash of the content, so that a damaged drawing isn't taken for a good one.
    folder = cache / name[:2]  # a part of them in each, because all are looked through
    for path in folder.glob(f"{name}-*.{kind}"):
        content = path.read_bytes()
        if path.name == _kept_name(name, content, kind):
            return content
        path.unlink(missing_ok=True)
    content = make(made_from)
    write_whole(folder / _kept_name(name, content, kind), content, sync=False)
    return content


def _kept_name(name: str, content: bytes, kind: str) -> str:
    return f"{name}-{hashlib.sha256(content).hexdigest()[:16]}.{kind}"


def _draw(spec: dict[str, Any]) -> bytes:
    import vl_convert  # slow to load, and not needed when everything is kept

    # No addresses allowed: a chart's data are in its specification.
    measured = json.loads(json.dumps(spec).replace(palette.FONT, BUNDLED_FONT))
    drawn = vl_convert.vegalite_to_svg(measured, vl_version=VEGA_LITE, allowed_base_urls=[])
    return drawn.replace(f'font-family="{BUNDLED_FONT}"', f'font-family="{palette.FONT}"').encode()


def _paint(svg: bytes, scale: float = 2) -> bytes:
    import vl_convert

    return vl_convert.svg_to_png(svg.decode().replace(palette.FONT, BUNDLED_FONT), scale=scale)


def _bundle(_: dict[str, Any]) -> bytes:
    import vl_convert

    # Wrapped, so that its thousands of names stay its own.
    return f"(()=>{{{vl_convert.javascript_bundle(BUNDLE, vl_version=VEGA_LITE)}\n}})();\n".encode()
