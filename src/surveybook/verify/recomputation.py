"""The survey's figures recomputed from the files, with nothing of the code that makes the book.

The numbers in texts and tables are held against these. Intervals are worked out by statsmodels, not by
`surveybook.stats`.
"""

import csv
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from pathlib import Path
from typing import Any

from surveybook.book.notebooks import Shown
from surveybook.model import paths
from surveybook.model.files import read_yaml
from surveybook.model.problems import Fault
from surveybook.model.report import read_report
from surveybook.verify.record import Found

NUMBER = r"−?\d[\d,]*(?:\.\d+)?"
SPAN = rf"(?: \((?P<low>{NUMBER}) to (?P<high>{NUMBER})\))?"
PER_CENT = re.compile(rf"(?P<value>{NUMBER})%{SPAN}")
POINTS = re.compile(rf"(?P<value>{NUMBER}) points?{SPAN}")
ANY_NUMBER = re.compile(NUMBER)
# Beyond so many figures, nearly any number is the share of one or the difference of two of them.
MOST_BEHIND = 30
SHORT = 2
SHARE, LOW, HIGH, RANGE, BASE = "Share (%)", "Interval from", "to", "Interval", "Base"
# The base in tables of charts, whose pages say once which are assumed.
COUNT = "Respondents"
GAP, POPULATION, PRINTED = ("Gap (points)", "Gap from", "Gap to"), "Population", "Where from"
# What stands in a table of shares in place of a figure's place in print, where a row is what the others leave.
LEFT = "What is left to 100"
# Kinds of question of whose items people chose several, or one.
SEVERAL, ONE_OF_A_LIST = "multiple", "single"
RECOMPUTED, TRACED = "numbers recomputed from the data", "numbers traced to an executed cell"


@dataclass(frozen=True)
class DataFigure:
    """One figure of the survey, as ``estimates.csv`` has it.

    Attributes
    ----------
    figure, wave, population, domain, item, response : str
        Its id, and what it is the share of.
    status : str
        ``number``, ``words`` or ``unpublished``.
    percent : float or None
        The share in per cent.
    decimals : int
        To how many decimals it was published.
    verbal : str
        The words that it was published in.
    base : int or None
        How many answers it rests on.
    base_status : str
        How that is known: ``stated``, ``assumed`` or ``unknown``.
    effective : float or None
        How many they are worth, after the design effect.
    released : tuple of float
        The limits in per cent that were released with an estimate; empty for a published percentage.
    """

    figure: str
    wave: str
    population: str
    domain: str
    item: str
    response: str
    status: str
    percent: float | None
    decimals: int
    verbal: str
    base: int | None
    base_status: str
    effective: float | None
    released: tuple[float, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """What it is the share of, in whichever wave."""
        return self.population, self.domain, self.item, self.response

    @property
    def text(self) -> str:
        """The share in per cent, as it is printed."""
        return "" if self.percent is None else print_number(self.percent, self.decimals)

    @property
    def in_words(self) -> str:
        """The share in per cent, as sentences print it: with as many decimals as the report wants at most."""
        most = read_report().decimals
        wanted = self.decimals if most is None else min(self.decimals, most)
        return "" if self.percent is None else print_number(self.percent, wanted)

    @property
    def base_text(self) -> str:
        """The base as it is printed, with how it is known where the source doesn't state it."""
        if self.base is None:
            return "unknown"
        return print_number(self.base) + ("" if self.base_status == "stated" else f" ({self.base_status})")

    @cached_property
    def half_unit(self) -> float:
        """Half of the last printed unit of the share, in per cent."""
        return 0.5 / 10**self.decimals

    @cached_property
    def limits(self) -> tuple[float, float] | None:
        """The limits of the interval in per cent: as released, or Wilson's at both ends of what prints so.

        None where there is no base, and of a census, whose shares are exact.
        """
        if self.released:
            low, high = self.released
            return (low, high) if low < high else None
        if self.percent is None or not self.effective:
            return None
        from statsmodels.stats.proportion import proportion_confint

        ends = max(self.percent - self.half_unit, 0), min(self.percent + self.half_unit, 100)
        counts, alpha = [end / 100 * self.effective for end in ends], 1 - read_report().confidence
        low, high = (proportion_confint(count, self.effective, alpha, method="wilson") for count in counts)
        return max(100 * float(low[0]), 0.0), min(100 * float(high[1]), 100.0)

    def state(self, decimals: int, of_limits: int) -> tuple[float | None, ...]:
        """Return the share and its limits, rounded as a file has them; nothing of a figure without a number."""
        values = (self.percent, *(self.limits or (None, None))) if self.status == "number" else (None,) * 3
        rounded = zip(values, (decimals, of_limits, of_limits), strict=True)
        return tuple(value if value is None else round_printed(value, places) for value, places in rounded)

    def has_limits(self, low: str, high: str) -> bool:
        """Return whether these are its limits, to the decimals that they are shown with."""
        return [print_number(limit, count_decimals(low)) for limit in self.limits or ()] == [low, high]


def round_printed(value: float, decimals: int = 0) -> float:
    """Return a number as pages round it, halves up, whatever a float is off by in its tenth decimal."""
    return math.copysign(math.floor(round(round(abs(value), 9) * 10**decimals, 6) + 0.5) / 10**decimals, value)


def print_number(value: float, decimals: int = 0) -> str:
    """Return a number as pages print it: thousands separated, a true minus sign."""
    text = f"{round_printed(abs(value), decimals):,.{decimals}f}"
    return f"−{text}" if value < 0 and float(text.replace(",", "")) else text


def recompute_gap(one: DataFigure, other: DataFigure) -> Iterator[float]:
    """Yield the gap between two figures of different people, in points, and Newcombe's limits with their rounding.

    There are no limits without bases, and none of estimates, which are of one design.
    """
    yield (one.percent or 0) - (other.percent or 0)
    pairs = [(figure.percent, figure.effective) for figure in (one, other) if not figure.released]
    counts = [number for share, size in pairs if share is not None and size for number in (share / 100 * size, size)]
    if len(counts) < 4:
        return
    from statsmodels.stats.proportion import confint_proportions_2indep

    level = 1 - read_report().confidence
    low, high = confint_proportions_2indep(*counts, method="newcomb", compare="diff", alpha=level)
    rounding = math.hypot(one.half_unit, other.half_unit)
    yield max(100 * float(low) - rounding, -100.0)
    yield min(100 * float(high) + rounding, 100.0)


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file; none where there is no such file."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, restval=""))


def read_data_figures(wave: str) -> list[DataFigure]:
    """Return every figure of a wave's ``estimates.csv``; one that holds no number where one belongs has none."""
    blocks = read_yaml(paths.waves() / wave / "wave.yml", []).get("populations") or {}
    found = []
    for row in read_rows(paths.waves() / wave / "estimates.csv"):
        base, deff, low, high = (read_number(row.get(name)) for name in ("base", "deff", "low", "high"))
        # A census has no sampling error.
        counted = None if blocks.get(row["population"], {}).get("census") else base
        found.append(
            DataFigure(
                row["figure_id"], wave, row["population"], row["domain"], row["item_id"], row["response"],
                row["status"], read_number(row["percent"]), int(read_number(row["decimals"]) or 0), row["verbal"],
                None if base is None else int(base), row.get("base_status", ""), counted and counted / (deff or 1),
                () if low is None or high is None else (100 * low, 100 * high),
            )
        )  # fmt: skip
    return found


def read_codebook_rows(table: str) -> list[dict[str, str]]:
    """Return the rows of a table of the codebook: ``items``, ``questions``, ``populations`` or ``responses``."""
    return read_rows(paths.data() / "codebook" / f"{table}.csv")


def read_labels(table: str) -> dict[str, str]:
    """Return the labels of a table of the codebook by id, which is its first column: ``items`` or ``populations``."""
    return {next(iter(row.values())): row["label"] for row in read_codebook_rows(table)}


def read_wordings() -> list[str]:
    """Return all that the codebook calls questions, items and answers, the longest first."""
    columns = {"questions": ("title",), "items": ("label", "short_label"), "responses": ("label",)}
    named = {row[name] for table, names in columns.items() for row in read_codebook_rows(table) for name in names}
    return sorted(named, key=len, reverse=True)


@dataclass(frozen=True)
class Remainder:
    """What the answers to one statement, or the items of a list that one is chosen from, leave to 100 per cent.

    Attributes
    ----------
    population, item : str
        Whose answers these are, and the statement's label; empty for the items of a list.
    percent : float
        What is left.
    decimals : int
        Those that all the shares have.
    """

    population: str
    item: str
    percent: float
    decimals: int

    @property
    def told(self) -> tuple[str, str, str]:
        """Whose remainder it is of which statement, and how much, as it is printed."""
        return self.population, self.item, print_number(self.percent, self.decimals)

    def is_row(self, places: Mapping[str, int], row: Sequence[Any]) -> bool:
        """Return whether a row of a table says this, and claims neither an interval nor a base."""
        population = row[places[POPULATION]] if POPULATION in places else self.population
        blank = not any(row[places[name]] for name in (LOW, HIGH, RANGE, BASE, COUNT) if name in places)
        named = population.casefold() == self.population.casefold() and str(row[0]).startswith(self.item)
        return blank and named and row[places[SHARE]] == self.told[2]


def read_nets() -> dict[str, dict[str, list[str]]]:
    """Return the responses that the codebook makes of others, each with these, by question."""
    made: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for row in read_codebook_rows("responses"):
        if row.get("made_of"):
            made[row["kind"]][row["response"]] = [part.strip() for part in row["made_of"].split("|")]
    kinds = {row["question_id"]: row["kind"] for row in read_codebook_rows("questions")}
    return {question: made[kind] for question, kind in kinds.items() if kind in made}


def leave_out_nets(whole: Sequence[DataFigure], nets: Mapping[str, Sequence[str]]) -> list[DataFigure]:
    """Return answers to one statement without nets; a net that is more than its printed answers stays instead."""
    kept = {one.response: one for one in whole}
    for net in (net for net in nets if net in kept):
        parts = [kept[part] for part in nets[net] if part in kept]
        more = (kept[net].percent or 0) - sum(part.percent or 0 for part in parts)
        if parts and more <= sum(part.half_unit for part in (kept[net], *parts)):
            del kept[net]
        else:
            kept = {response: one for response, one in kept.items() if response not in nets[net]}
    return list(kept.values())


def recompute_remainders(figures: Iterable[DataFigure]) -> list[Remainder]:
    """Return what figures leave to 100 per cent, wave by wave, beyond rounding; nothing beside a share in words."""
    kinds = {row["question_id"]: row["kind"] for row in read_codebook_rows("questions")}
    items = {row["item_id"]: row for row in read_codebook_rows("items")}
    populations, wholes = read_labels("populations"), defaultdict[tuple[str, ...], list[DataFigure]](list)
    for one in figures:
        question = items.get(one.item, {}).get("question_id", "")
        if kinds.get(question, SEVERAL) != SEVERAL:
            item = "" if kinds[question] == ONE_OF_A_LIST else items[one.item]["label"]
            wholes[one.wave, one.population, one.domain, question, item].append(one)
    found, nets = [], read_nets()
    for (_, population, _, question, item), everything in wholes.items():
        whole = leave_out_nets(everything, nets.get(question, {})) if item else everything
        numbers = [one for one in whole if one.percent is not None]
        left = 100 - sum(one.percent or 0 for one in numbers)
        rounding = sum(one.half_unit for one in numbers) + 1e-4
        if numbers and left > rounding and all(one.status != "words" for one in whole):
            decimals = min(one.decimals for one in numbers)
            found.append(Remainder(populations.get(population, population), item, left, decimals))
    return found


def read_number(text: str | None) -> float | None:
    """Return a number that is written in a table; None where none is."""
    try:
        return float(text) if text else None
    except ValueError:
        return None


class DataFigures:
    """The figures of the waves that an edition may show, found by id.

    An id can be one of several waves: a number on a page is right when it is one of those that bear the id.
    """

    def __init__(self, waves: Iterable[str]) -> None:
        self.by_id: dict[str, list[DataFigure]] = defaultdict(list)
        self.by_key: dict[tuple[str, ...], list[DataFigure]] = defaultdict(list)
        for wave in dict.fromkeys(waves):
            for one in read_data_figures(wave):
                self.by_id[one.figure].append(one)
                self.by_key[one.key].append(one)
        # An answer may be "90 to 100%": that is no share. One of a word or two with one number could be taken for one,
        # but in quotation marks.
        held = list(filter(PER_CENT.search, read_wordings()))
        is_plain = [len(label.split()) <= SHORT and len(ANY_NUMBER.findall(label)) == 1 for label in held]
        self.labels = [f"“{label}”" if plain else label for label, plain in zip(held, is_plain, strict=True)]

    def drop_labels(self, text: str) -> str:
        """Return a text without the labels of the codebook that hold percentages."""
        for label in self.labels:
            text = re.sub(re.escape(label).replace("'", "['’]"), "", text, flags=re.IGNORECASE)
        return text

    def of(self, figures: Iterable[str]) -> list[DataFigure]:
        """Return the figures with these ids, in any wave."""
        return [one for figure in figures for one in self.by_id.get(figure, ())]

    def in_all_waves(self, figures: Iterable[str]) -> list[DataFigure]:
        """Return the figures with these ids, and the same shares in the other waves: what a change is said of."""
        return [same for one in self.of(figures) for same in self.by_key[one.key]]

    def beside(self, figures: Iterable[DataFigure]) -> list[DataFigure]:
        """Return all figures of the populations and parts of them that some figures are of, in their waves."""
        places = {(one.wave, one.population, one.domain) for one in figures}
        every = (one for same in self.by_key.values() for one in same)
        return [one for one in every if (one.wave, one.population, one.domain) in places]


def recompute_words(text: str, figures: tuple[str, ...], known: DataFigures) -> Iterator[Found]:
    """Hold the numbers of a computed text against the figures that it says it rests on.

    Each percentage has to be that of one of the figures, in one of the waves, and an interval behind it that
    figure's. Points that are the difference of two of the figures count as recomputed too.

    Parameters
    ----------
    text : str
        The text.
    figures : tuple of str
        The figures.
    known : DataFigures
        All figures of the data.
    """
    yield {TRACED: len(ANY_NUMBER.findall(text))}
    if not 0 < len(figures) <= MOST_BEHIND:
        return
    behind = known.in_all_waves(figures)
    for found in PER_CENT.finditer(known.drop_labels(text)):
        # Sentences have the decimals that the report wants, verdicts those that were published.
        same = [one for one in behind if found["value"] in (one.in_words, one.text)]
        if not same and not is_remainder(found["value"], behind, known):
            yield Fault(f"'{found[0]}' is the share of none of the figures behind it", figures=figures)
            continue
        is_right = bool(found["low"]) and any(one.has_limits(found["low"], found["high"]) for one in same)
        yield count_recomputed(3 if is_right else 1)
        if found["low"] and not is_right and any(one.limits for one in same):
            named = " or ".join(one.figure for one in same)
            yield Fault(f"'{found[0]}' isn't the interval of {named}", figures=figures)
    shares = [one.percent for one in behind if one.percent is not None]
    for points in (found["value"] for found in POINTS.finditer(text)):
        apart = (print_number(one - other, count_decimals(points)) for one, other in permutations(shares, 2))
        yield count_recomputed(points in apart)


def count_recomputed(numbers: int) -> dict[str, int]:
    """Return how many numbers were recomputed: so many fewer are only traced to the cell that gave them."""
    return {RECOMPUTED: numbers, TRACED: -numbers}


def count_decimals(text: str) -> int:
    """Return how many decimals a number is printed with."""
    return len(text.partition(".")[2])


def is_remainder(value: str, behind: Sequence[DataFigure], known: DataFigures) -> bool:
    """Return whether a number is what the figures, or all answers to the same, leave to 100 per cent."""
    items = {one.item for one in behind}
    whole = [one for one in known.beside(behind) if one.item in items]
    left = [*recompute_remainders(behind), *recompute_remainders(whole)]
    return any(print_number(one.percent, count_decimals(value)) == value for one in left)


def recompute_table(shown: Shown, known: DataFigures) -> Iterator[Found]:
    """Hold the data of a chart, or a table, against the figures of its rows, or of its rows and columns.

    What they don't give, such as weighted bases and letters, is only traced to the cell that gave it.
    """
    columns, rows = shown.table.get("columns", []), shown.table.get("rows", [])
    # Of two columns of a name, such as the upper limits of a share and of its change, the share's comes first.
    places = {name: columns.index(name) for name in columns}
    left = [row for row in rows if PRINTED in places and row[places[PRINTED]] == LEFT]
    own = [row for row in rows if row not in left]
    yield {TRACED: sum(len(ANY_NUMBER.findall(str(cell))) for row in own for cell in row if cell is not None)}
    if SHARE in places and len(shown.figures) == len(own):
        for figure, row in zip(shown.figures, own, strict=True):
            verdicts = (check_share_row(one, places, row) for one in known.of([figure]))
            yield from take_nearest(verdicts, Fault("the data have no such figure", figures=(figure,)))
            if GAP[0] in places:
                yield from check_gap(figure, places, row, known.of(shown.figures), known)
    if "across" in shown.story:
        yield from check_across(shown.story["across"], rows, known)
    if shown.kind == "chart" and {SHARE, PRINTED} <= places.keys():
        behind = known.of(shown.figures)
        waves = dict.fromkeys(one.wave for one in behind)
        of_waves = ([one for one in behind if one.wave == wave] for wave in waves)
        yield from take_nearest(check_remainders(places, left, figures) for figures in of_waves)


def take_nearest(verdicts: Iterable[Iterable[Found]], *otherwise: Found) -> Sequence[Found]:
    """Return the verdict that finds least wrong: a figure's id can be one of several waves, and one of them counts."""
    return min(map(list, verdicts), key=lambda seen: sum(isinstance(one, Fault) for one in seen), default=otherwise)


def check_remainders(
    places: Mapping[str, int], rows: Sequence[Sequence[Any]], behind: Sequence[DataFigure]
) -> Iterator[Found]:
    """Hold the rows that say what is left to 100 per cent against what the figures of a wave leave: all of it."""
    due = recompute_remainders(behind)
    for row in rows:
        right = next((one for one in due if one.is_row(places, row)), None)
        if right:
            due.remove(right)
            yield {RECOMPUTED: 1}
        else:
            share = row[places[SHARE]]
            yield Fault(f"the row '{row[0]}' says that {share} is left to 100; the figures don't")
    for one in due:
        yield Fault(f"no row says what is left to 100: {one.told[2]} of {one.population}")


def check_across(
    across: Mapping[str, Sequence[str]], rows: Sequence[Sequence[Any]], known: DataFigures
) -> Iterator[Found]:
    """Hold the cells of a table that is read across against the figures of its rows and columns."""
    for name, (head, *cells) in zip(across["rows"], rows, strict=True):
        item, response, what = name.split(".") if name else ("", "", "weighted_base")
        for place, cell in zip(across["columns"], cells, strict=True):
            population, domain = place.removesuffix("]").split("[", 1)
            behind = known.by_key.get((population, domain, item, response), [])
            allowed = {one.text if what == "share" else one.base_text.split()[0] for one in behind}
            shown = str(cell).partition(" ")[0].removesuffix("*")
            if what == "weighted_base" or not ANY_NUMBER.fullmatch(shown):
                continue
            if shown in allowed:
                yield count_recomputed(1)
                continue
            wanted = " or ".join(sorted(allowed))
            yield Fault(
                f"'{head}' shows '{cell}' where the data give '{wanted}'",
                figures=tuple(one.figure for one in behind[:1]),
            )


def check_share_row(one: DataFigure, places: Mapping[str, int], row: Sequence[Any]) -> Iterator[Found]:
    """Hold share, limits and base in a row against those of a figure."""
    is_number = one.status == "number"
    limits = [print_number(limit, 1) for limit in one.limits or ()] if is_number else []
    low, high = limits or ("", "")
    due = {SHARE: one.text, LOW: low, HIGH: high, RANGE: " to ".join(limits), BASE: one.base_text}
    due[COUNT] = one.base_text.partition(" (")[0]
    for name, value in due.items():
        cell = str(row[places[name]] or "") if name in places else value
        if name == SHARE and not is_number:
            # What has no number may show words, and no number but those in them.
            if ANY_NUMBER.search(cell) and one.verbal not in cell:
                yield Fault(f"{name} shows '{cell}' for a figure without a number", figures=(one.figure,))
        elif cell != value:
            yield Fault(f"{name} shows '{cell}' where the data give '{value}'", figures=(one.figure,))
        elif name in places:
            yield count_recomputed(len(ANY_NUMBER.findall(value)))


def check_gap(
    figure: str, places: Mapping[str, int], row: Sequence[Any], behind: Sequence[DataFigure], known: DataFigures
) -> Iterator[Found]:
    """Hold the gap between two populations, with its limits, against the data in the row of the second one's figure."""
    shown = [str(row[places[name]] or "") for name in GAP]
    due = [
        [print_number(gap, 1) for gap in recompute_gap(first, second)]
        for second in known.of([figure])
        for first in behind
        if (first.wave, first.item, first.response) == (second.wave, second.item, second.response)
        and first.population != second.population
    ]
    if any(shown[: len(texts)] == texts for texts in due):
        yield count_recomputed(max(map(len, due)))
    elif any(shown):
        wanted = " or ".join(f"{texts[0]} ({' to '.join(texts[1:])})" for texts in due)
        has = f"{shown[0]} ({' to '.join(shown[1:])})"
        yield Fault(f"the row '{row[0]}' has a gap of {has}, not {wanted}", figures=(figure,))
