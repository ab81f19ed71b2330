"""A build gives the same bytes each time, wherever it is made."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import built
from fontTools.ttLib import TTFont
from sample import chart_spec, write_sample_book

from surveybook.book.pdf import FONTS


def test_two_builds_give_the_same_files_wherever_they_are_made(
    sample_site: Path, extras: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7"}.items():
        monkeypatch.setenv(name, value)
    again = built(write_sample_book(tmp_path / "else where" / "böok", extras), tmp_path)
    # Sphinx writes into .buildinfo how it was called; nobody reads it.
    files = [
        path.relative_to(again) for path in sorted(again.rglob("*")) if path.is_file() and path.name != ".buildinfo"
    ]
    assert {file.suffix for file in files} >= {".html", ".svg", ".png", ".css", ".js", ".csv", ".xlsx"}
    assert [file for file in files if (again / file).read_bytes() != (sample_site / file).read_bytes()] == []


DRAW = """
import hashlib, json, pathlib, sys
from surveybook.book.sphinx_ext.pictures import draw_picture, paint_png
spec, cache = json.loads(sys.stdin.read()), pathlib.Path(sys.argv[1])
drawn = draw_picture(spec, cache)
drawn = (drawn.encode(), paint_png(drawn, cache))
print(*(hashlib.sha256(one).hexdigest() for one in drawn))
"""


@pytest.mark.slow
def test_drawings_and_pictures_depend_on_no_font_of_the_machine(tmp_path: Path) -> None:
    """Draw with the fonts that are installed, with none, and where another passes for those that charts name."""
    drawn = set()
    for name, families in {"none": [], "others": ["Arial", "Liberation Sans", "Helvetica"]}.items():
        settings = write_fonts(tmp_path / name / ".fonts", families)
        around = {"FONTCONFIG_FILE": str(settings), "HOME": str(tmp_path / name)}
        drawn.add(hashes_of_drawings(tmp_path / name, around))
    drawn.add(hashes_of_drawings(tmp_path / "installed", {}))
    assert len(drawn) == 1


def write_fonts(folder: Path, families: list[str]) -> Path:
    """Write a folder of fonts that all are our serif font under other names; return the settings that know only it."""
    folder.mkdir(parents=True)
    for place, family in enumerate(families):
        font = TTFont(FONTS / "SurveybookSerif-Bold.ttf")
        for name in font["name"].names:
            if name.nameID in (1, 4, 6):
                name.string = family if name.nameID == 1 else family.replace(" ", "")
        font["OS/2"].usWeightClass = 400
        font.save(folder / f"{place}.ttf")
    settings = folder / "fonts.conf"
    settings.write_text(
        f'<?xml version="1.0"?>\n<fontconfig><dir>{folder}</dir><cachedir>{folder}/cache</cachedir></fontconfig>\n'
    )
    return settings


def hashes_of_drawings(cache: Path, environment: dict[str, str]) -> str:
    """Return the hashes of a chart's drawings, made in an interpreter of its own."""
    command = [sys.executable, "-c", DRAW, str(cache / "drawn")]
    around = {**os.environ, **environment}
    return subprocess.run(
        command, input=json.dumps(chart_spec()), env=around, capture_output=True, text=True, check=True
    ).stdout
