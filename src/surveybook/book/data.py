"""The data of some waves as a folder of their own, with estimated figures in the place of respondents."""

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from surveybook.book.contents import PACKAGE_FILE, files_under
from surveybook.model import paths

RESPONSES = "responses_"


def files_of_waves(waves: Iterable[str], estimated: Mapping[str, str] | None = None) -> dict[str, Path]:
    """Return the data files that editions of some waves are made from, by their place under the data folder.

    Parameters
    ----------
    waves : iterable of str
        The waves.
    estimated : mapping, optional
        The files of figures that were estimated; the respondents behind them are left out.
    """
    root, folder = paths.data(), paths.waves()
    without = {Path(place).parent.as_posix() for place in estimated or {}}
    files = {path for path in files_under(root) if folder not in path.parents and path.name != PACKAGE_FILE}
    files |= {path for wave in waves for path in files_under(folder / wave)}
    placed = {path.relative_to(root).as_posix(): path for path in sorted(files)}
    replaced = estimated or {}

    def left_out(place: str, name: str) -> bool:
        return place in replaced or (name.startswith(RESPONSES) and os.path.dirname(place) in without)

    return {place: path for place, path in placed.items() if not left_out(place, path.name)}


def lay_out_data(waves: Iterable[str], estimated: Mapping[str, str], folder: Path) -> None:
    """Write the data of some waves into a folder, with figures in the place of the respondents behind them."""
    for place, path in files_of_waves(waves, estimated).items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / place)
    for place, text in estimated.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(text, encoding="utf-8", newline="")
