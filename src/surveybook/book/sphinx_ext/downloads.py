"""The files that a reader can take away: a figure's data with their description, its picture, its source."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from surveybook.book.sphinx_ext import drawing

FOLDER = "_static/figures"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"


def write_chart(spec: dict[str, Any], meta: dict[str, Any], citation: str, site: Path, cache: Path) -> None:
    """Write the data, their description, both pictures and the specification of a chart into the site."""
    name = meta["name"]
    svg, png = drawing.exported(spec, cache)
    _write(site, f"{name}.svg", svg)
    _write(site, f"{name}.png", png)
    _write(site, f"{name}.vl.json", _json(drawing.plain(spec)))
    write_data(meta, meta["table"], citation, site)


def write_data(meta: dict[str, Any], table: dict[str, Any], citation: str, site: Path) -> None:
    """Write a table as CSV, and beside it what one has to know to use it (CSV on the Web metadata)."""
    name, columns = meta["name"], table.get("columns", [])
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(table.get("rows", []))
    _write(site, f"{name}.csv", text.getvalue().encode())
    described = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": f"{name}.csv",
        "dc:title": meta["title"],
        "dc:description": meta.get("alternative", ""),
        "dc:source": meta["source"],
        "dc:license": CC_BY,
        "dc:bibliographicCitation": citation,
        "surveybook:question": meta.get("subtitle", ""),
        "surveybook:question_id": meta.get("question_id", ""),
        "surveybook:base": meta.get("base", ""),
        "surveybook:wave": meta.get("wave", ""),
        "surveybook:intervals": meta.get("interval_note", ""),
        "surveybook:figures": meta.get("figures", []),
        "surveybook:notes": meta.get("notes", []),
        "tableSchema": {"columns": [{"titles": column} for column in columns]},
    }
    _write(site, f"{name}.csv-metadata.json", _json(described))


def write_bundle(site: Path, cache: Path) -> str:
    """Write the script of the interactive charts into the site, once; return its path in the site."""
    name, content = drawing.bundle(cache)
    path = site / "_static" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return f"_static/{name}"


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _write(site: Path, name: str, content: bytes) -> None:
    path = site / FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
