"""The data held against a second transcription of their source, cell by cell.

A wave's ``transcription.csv`` has a row for every place at which the source has a figure. Any other file may have one
beside it, named as it is with ``_transcription``: ``evidence_transcription.csv`` for ``evidence.csv``, and
``wave_transcription.csv``, with a row for each population and one for the wave itself, for ``wave.yml``.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from surveybook.model import paths
from surveybook.model.files import read_yaml
from surveybook.model.problems import Problem
from surveybook.model.tables import find_schema
from surveybook.verify.recomputation import read_rows
from surveybook.verify.record import Found, checks
from surveybook.verify.released import gather_rows

# Where a population stands elsewhere.
ITSELF = "the wave itself"
PLACES = "transcription.csv"
SUFFIX = "_transcription"
PLACE = ("population", "domain", "item_id", "response", "locator")
# What each transcriber says in their own words.
REMARKS = ("note",)


class Row(dict[str, str]):
    """What stands in each column of a row as one transcription has it.

    Attributes
    ----------
    file : str
        The file, as typed from the project's folder.
    row : int or None
        The row as a spreadsheet counts it; none in a YAML file.
    block : str
        The keys that lead to it in a YAML file, each with a full stop after it.
    """

    def __init__(self, cells: Mapping[str, str], file: str, row: int | None = None, block: str = "") -> None:
        super().__init__(cells)
        self.file, self.row, self.block = file, row, block


@checks("data", "Second transcription", "what was typed from the source a second time")
def check_transcriptions(waves: Sequence[str]) -> Iterator[Found]:
    """Hold waves, and what the report has beside them, against a second transcription of their source."""
    transcribed = [wave for wave in waves if (paths.waves() / wave / PLACES).is_file()]
    for wave in sorted({*waves} - {*transcribed}):
        yield f"The figures of wave {wave} against their source: it was transcribed once, or not printed at all."
    for wave in transcribed:
        yield f"The two transcriptions of wave {wave} against the printed report: nothing here can read it."
    for path in list_transcriptions(transcribed):
        yield from compare_transcription(path)


def find_differences() -> list[Problem]:
    """Return each difference between the two transcriptions, of the report and of all waves transcribed twice."""
    waves = [path.parent.name for path in sorted(paths.waves().glob(f"*/{PLACES}"))]
    found = [one for path in list_transcriptions(waves) for one in compare_transcription(path)]
    return [one for one in found if isinstance(one, Problem)]


def list_transcriptions(waves: Iterable[str]) -> list[Path]:
    """Return the second transcriptions of waves, and of the tables that belong to the report."""
    folders = (paths.data(), paths.data() / "codebook", *(paths.waves() / wave for wave in waves))
    return [path for folder in folders for path in sorted(folder.glob("*transcription.csv"))]


def compare_transcription(path: Path) -> Iterator[Problem | dict[str, int]]:
    """Yield how many rows a second transcription has, and each difference from the first."""
    first = path.with_name(f"{path.stem.removesuffix(SUFFIX)}.csv")
    try:
        second = read_cells(path)
        if path.name == PLACES:
            yield from compare_rows(read_places(path.parent), second, PLACE)
        elif first.stem == "wave":
            yield from compare_rows(read_wave_blocks(first.with_suffix(".yml"), second), second, ("population",))
        else:
            yield from compare_rows(read_cells(first), second, tuple(find_schema(first)["primaryKey"]))
        yield {"places in the source" if path.name == PLACES else "rows of other tables": len(second)}
    except (OSError, ValueError, KeyError, csv.Error) as error:
        yield Problem(paths.shown(path), f"it can't be read ({error})", "restore it from version control")


def read_cells(path: Path) -> list[Row]:
    """Return the rows of a CSV file."""
    return [Row(cells, paths.shown(path), number) for number, cells in enumerate(read_rows(path), start=2)]


def read_places(folder: Path) -> list[Row]:
    """Return every place of every figure, as ``estimates.csv`` and ``mentions.csv`` have them together."""
    found = read_cells(folder / "estimates.csv")
    by_id = {one["figure_id"]: one for one in found}
    for one in read_cells(folder / "mentions.csv"):
        if known := by_id.get(one["figure_id"]):
            in_figures = bool(one["percent"])
            own = {"status": "number" if in_figures else "words", "decimals": known["decimals"] if in_figures else ""}
            found.append(Row({**known, **one, **own}, one.file, one.row))
    return found


def read_wave_blocks(path: Path, second: Sequence[Row]) -> list[Row]:
    """Return what ``wave.yml`` says of the wave itself and of each population, in the columns of the second."""
    wave, columns = read_yaml(path, []), second[0] if second else {"population": ""}
    populations = wave.get("populations")
    found = []
    for name, block in {ITSELF: wave, **(populations if isinstance(populations, dict) else {})}.items():
        if not isinstance(block, dict):
            continue
        values = {key: str(value) for key, value in block.items() if value is not None} | {"population": name}
        cells = {column: values.get(column, "") for column in columns}
        found.append(Row(cells, paths.shown(path), block="" if name == ITSELF else f"populations.{name}."))
    return found


def compare_rows(first: Sequence[Row], second: Sequence[Row], key: tuple[str, ...]) -> Iterator[Problem]:
    """Yield a problem for each row that only one transcription has, and for each column in which they differ.

    Several rows at one place are compared as all that stands there, in whichever order.
    """
    left_out = {*key, *REMARKS}
    columns = [name for one in second[:1] for name in one if first and name in first[0] and name not in left_out]
    sides = gather_rows(first, *key), gather_rows(second, *key)
    for place in sorted({*sides[0], *sides[1]}):
        here, there = (side.get(place, []) for side in sides)
        what = ".".join(filter(None, place))
        if not here or not there:
            lone = (here or there)[0]
            expected = f"the {'second' if here else 'first'} transcription has no such row: look it up in the source"
            yield Problem(lone.file, f"{what} stands here", expected, lone.row, f"{lone.block}{key[-1]}")
            continue
        for column in columns:
            values = [write_values(side, column) for side in (here, there)]
            if values[0] != values[1]:
                stands = f"the {column} of {what} is {values[0]}"
                expected = f"{there[0].file} has {values[1]} in row {there[0].row}: look it up in the source"
                yield Problem(here[0].file, stands, expected, here[0].row, f"{here[0].block}{column}")


def write_values(rows: Sequence[Row], column: str) -> str:
    """Return all that stands in a column at one place."""
    return " and ".join(f"'{value}'" if value else "empty" for value in sorted(row[column] for row in rows))
