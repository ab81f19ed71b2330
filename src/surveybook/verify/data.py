"""Whether the data are whole: sealed, within their schemas, transcribed twice, disclosed, and released as estimated.

What is transcribed twice: a wave's ``transcription.csv`` has a row for every place at which the source has a figure.
Any other file may have one beside it, named as it is with ``_transcription``: ``evidence_transcription.csv`` for
``evidence.csv``, and ``wave_transcription.csv``, with a row for each population and one for the wave itself, for
``wave.yml``.

What is recomputed from what was released beside it, with nothing of the code that estimates: a net is the sum of the
answers that it is made of, and its variance the sum of all variances and covariances of these. A mean has the limits
that its standard error gives. Where each number was released with its share, the mean is the sum of numbers times
shares, and the median the smallest number that at least half gave up to.
"""

import csv
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, combinations
from operator import itemgetter
from pathlib import Path
from typing import TypeVar

from surveybook.judgement.headlines import find_headline_problems
from surveybook.model import paths
from surveybook.model.files import read_yaml
from surveybook.model.problems import Fault, Problem
from surveybook.model.tables import check_package, find_changed_files, find_schema, read_descriptor
from surveybook.verify.recomputation import read_nets, read_number, read_rows
from surveybook.verify.record import Check, Found, checks

# Estimates are sums over respondents: machines differ in their last digits.
SAME_ESTIMATE = 1e-9
TEXTS, ANSWERS, ESTIMATES, COVARIANCES, NUMBERS = ".md", "responses_", "estimates.csv", "covariances.csv", "numbers.csv"
OF_PAIRS = ("population", "domain", "item_a", "response_a", "item_b", "response_b", "domain_b")
# Of second transcriptions: where a population stands elsewhere, what they are called, what names a place in the source,
# and what each transcriber says in their own words.
ITSELF = "the wave itself"
PLACES = "transcription.csv"
SUFFIX = "_transcription"
PLACE = ("population", "domain", "item_id", "response", "locator")
REMARKS = ("note",)
# Limits are released at this level; what the last digits of sums leave, of variances as a part of them.
RELEASED, SAME = 0.95, 1e-6
CENSUS = "census: no sampling error"

Cells = Mapping[str, str]
OneRow = TypeVar("OneRow", bound=Cells)


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


def check_data(wave: str, baseline: str) -> list[Check]:
    """Return all checks of the data that an edition rests on."""
    waves = list(dict.fromkeys([wave, *filter(None, (part.strip() for part in baseline.split(",")))]))
    return [
        check_seals(),
        check_schemas(),
        check_wave(wave, baseline),
        check_transcriptions(waves),
        *(recompute_nets(name) for name in waves if read_nets()),
        *(recompute_limits(name) for name in waves if any(list_released(name))),
        *(recompute_numbers(name) for name in waves if (paths.waves() / name / NUMBERS).is_file()),
        *(check_release(name) for name in waves),
    ]


@checks("data", "Data files", "SHA-256, data/datapackage.json")
def check_seals() -> Iterator[Found]:
    """Hold every data file against the hash that it was sealed with; a file that nothing seals is wrong too."""
    package = paths.data() / paths.PACKAGE_FILE
    if not package.is_file():
        yield f"The data files against what they were sealed as: there is no {paths.shown(package)}."
        return
    yield {"files": len(read_descriptor()["resources"])}
    yield from find_changed_files()
    yield from find_unsealed()


def find_unsealed() -> list[Problem]:
    """Return a problem for each data file that nothing seals."""
    known = {paths.data() / resource["path"] for resource in read_descriptor()["resources"]}
    found, expected = (
        "the file isn't in datapackage.json, so nothing seals it",
        "run `surveybook data seal`, or take it out",
    )
    strays = [path for path in data_files() if path not in known and path.suffix != TEXTS]
    return [Problem(paths.shown(path), found, expected) for path in strays if path.name != paths.PACKAGE_FILE]


def data_files() -> list[Path]:
    """Return the files of the data's folder, but for hidden ones and answers that stay private."""
    files = [path for path in sorted(paths.data().rglob("*")) if path.is_file() and not path.name.startswith(".")]
    answers = {path for path in files if path.name.startswith(ANSWERS)}
    private = {path for path in answers if read_yaml(path.parent / "wave.yml", []).get("responses")}
    return [path for path in files if path not in private]


@checks("data", "Data package", "the schema of each file, as the data package describes it")
def check_schemas() -> Iterator[Found]:
    """Hold the tables against their schemas, the data package against those, and headlines against the codebook."""
    yield from find_headline_problems()
    if (paths.data() / paths.PACKAGE_FILE).is_file():
        yield {"tables": sum("schema" in one for one in read_descriptor()["resources"])}
        yield from check_package()


@checks("data", "Wave {0}", "the rules of surveybook.waves, the items of the AAPOR Transparency Initiative among them")
def check_wave(wave: str, baseline: str) -> Iterator[Found]:
    """Open the wave, and those it is compared with, under all rules that waves have to keep."""
    from surveybook.waves import open_wave
    from surveybook.waves.checks import NOT_DISCLOSED

    survey = open_wave(wave, baseline=baseline)
    closed = [one["item"] for one in survey.metadata["disclosure"]["items"] if one["status"] == NOT_DISCLOSED]
    yield {"figures": len(survey.estimates), "items not disclosed by the source": len(closed)}


@checks("data", "From respondents to figures", "a new estimation from respondents")
def check_release(wave: str) -> Iterator[Found]:
    """Estimate a wave anew where its respondents are here, and hold the released figures against that."""
    from surveybook.waves import examine_wave

    asked = [row for row in read_rows(paths.waves() / wave / "asked.csv") if row["source"] == "responses"]
    if not asked:
        yield f"Wave {wave} from respondents to percentages: its source published percentages alone."
        return
    _, now = examine_wave(wave, fresh=True)
    read = {population.mapping.population for population in now.populations}
    if private := sorted({row["population"] for row in asked} - read):
        left = "are private and not here, so that the released aggregates were taken as they are."
        yield f"Wave {wave}, from respondents to figures: the answers of {' and '.join(private)} {left}"
        return
    yield {"figures estimated anew": len(now.tables["estimates"])}
    folder = paths.waves() / wave
    if not (folder / ESTIMATES).is_file():
        said = "nothing is released, and pages can't be held against answers that stay private; run `surveybook "
        yield Fault(f"{said}wave check {wave} --release` and `surveybook data seal`", paths.shown(folder))
        return
    advice = f"run `surveybook wave check {wave} --release` if the respondents are right"
    for file, name_row, table in (
        (ESTIMATES, itemgetter("figure_id"), now.tables["estimates"]),
        (NUMBERS, name_number, now.tables["numbers"]),
        (COVARIANCES, itemgetter(*OF_PAIRS), now.tables["covariances"]),
    ):
        sides = (read_rows(folder / file), table.to_dict("records"))
        released, estimated = ({name_row(row): row for row in side} for side in sides)
        for name in sorted({*released, *estimated}):
            if said := compare_estimates(released.get(name), estimated.get(name)):
                called = name if isinstance(name, str) else ".".join(filter(None, name))
                where, figures = ("", (called,)) if file == ESTIMATES else (f"{called}: ", ())
                yield Fault(f"{where}{said}; {advice}", paths.shown(folder / file), figures=figures)


def compare_estimates(released: dict[str, str] | None, estimated: dict[str, str] | None) -> str:
    """Return how a released figure differs from what respondents give; empty where it doesn't."""
    if released is None or estimated is None:
        return f"the figure {'is not released' if released is None else 'is released and no respondents give it'}"
    for column, value in estimated.items():
        written = released.get(column) or ""
        numbers = read_number(written), read_number(value)
        near = None not in numbers and math.isclose(*numbers, rel_tol=SAME_ESTIMATE, abs_tol=SAME_ESTIMATE)  # type: ignore[arg-type]
        if written != value and not near:
            return f"{column} is {written or 'empty'} where respondents give {value or 'nothing'}"
    return ""


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
        second = read_typed_rows(path)
        if path.name == PLACES:
            yield from compare_rows(read_places(path.parent), second, PLACE)
        elif first.stem == "wave":
            yield from compare_rows(read_wave_blocks(first.with_suffix(".yml"), second), second, ("population",))
        else:
            yield from compare_rows(read_typed_rows(first), second, tuple(find_schema(first)["primaryKey"]))
        yield {"places in the source" if path.name == PLACES else "rows of other tables": len(second)}
    except (OSError, ValueError, KeyError, csv.Error) as error:
        yield Problem(paths.shown(path), f"it can't be read ({error})", "restore it from version control")


def read_typed_rows(path: Path) -> list[Row]:
    """Return the rows of a CSV file."""
    return [Row(cells, paths.shown(path), number) for number, cells in enumerate(read_rows(path), start=2)]


def read_places(folder: Path) -> list[Row]:
    """Return every place of every figure, as ``estimates.csv`` and ``mentions.csv`` have them together."""
    found = read_typed_rows(folder / "estimates.csv")
    by_id = {one["figure_id"]: one for one in found}
    for one in read_typed_rows(folder / "mentions.csv"):
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
            expected = f"the {'second' if here else 'first'} transcription has no such row: look it up in the source, "
            expected += "and type it there too or take it out"
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


def gather_rows(rows: Iterable[OneRow], *columns: str) -> dict[tuple[str, ...], list[OneRow]]:
    """Return rows by what stands in some columns of them."""
    groups: dict[tuple[str, ...], list[OneRow]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[name] for name in columns)].append(row)
    return groups


@checks("data", "Nets of wave {0}", "sums of answers, and of what data/waves/{0}/covariances.csv has of them")
def recompute_nets(wave: str) -> Iterator[Found]:
    """Add up the answers that each net of a wave is made of, and hold the net against that."""
    nets, folder = read_nets(), paths.waves() / wave
    items = {row["item_id"]: row["question_id"] for row in read_rows(paths.data() / "codebook" / "items.csv")}
    numbers = (row for row in read_rows(folder / "estimates.csv") if row["status"] == "number")
    wholes = gather_rows(numbers, "population", "domain", "item_id")
    pairs = (row for row in read_rows(folder / "covariances.csv") if not row.get("domain_b"))
    together = gather_rows(pairs, "population", "domain", "item_a", "item_b")
    for (*place, item), whole in wholes.items():
        rows = {row["response"]: row for row in whole}
        covariances = {
            frozenset((row["response_a"], row["response_b"])): float(row["covariance"])
            for row in together.get((*place, item, item), ())
        }
        for net, names in nets.get(items.get(item, ""), {}).items():
            if rows.keys() >= {net, *names}:
                between = [covariances.get(frozenset(pair)) for pair in combinations(names, 2)]
                said = list(compare_net(rows[net], [rows[name] for name in names], between))
                yield {"numbers recomputed": said.count("")}
                file, figure = paths.shown(folder / "estimates.csv"), rows[net]["figure_id"]
                yield from (Fault(f"the net is {text}", file, figures=(figure,)) for text in said if text)


def compare_net(net: Cells, parts: Sequence[Cells], between: Sequence[float | None]) -> Iterator[str]:
    """Yield in what share and variance of a net differ from its answers' sum: empty in nothing, none where not known.

    Parameters
    ----------
    net, parts : mapping
        The rows of the net and of its answers.
    between : sequence of float or None
        The covariances of each two answers.
    """
    own, total = float(net["percent"]), sum(float(part["percent"]) for part in parts)
    errors = [read_number(one.get("standard_error")) for one in (net, *parts)]
    # Published shares are rounded, each by itself.
    decimals = [] if errors[0] is not None else [int(read_number(one["decimals"]) or 0) for one in (net, *parts)]
    apart = abs(own - total) > sum(0.5 / 10**one for one in decimals) + SAME
    yield f"{own:g} per cent, and its answers add up to {total:g}" if apart else ""
    known = [error**2 for error in errors if error is not None]
    covariances = [one for one in between if one is not None]
    if (len(known), len(covariances)) == (len(errors), len(between)):
        own, total = known[0], sum(known[1:]) + 2 * sum(covariances)
        apart = abs(own - total) > SAME * max(known)
        yield f"given a variance of {own:g}, and its answers have {total:g}" if apart else ""


def name_number(row: Cells) -> str:
    """Return what a row of ``numbers.csv`` is of, as messages call it."""
    group, ends = f"[{row['domain']}]" if row["domain"] else "", f"{row.get('lowest', '')}-{row.get('highest', '')}"
    return f"{row['population']}{group}.{row['item_id']}.{row['statistic']}{f' {ends}' if len(ends) > 1 else ''}"


@checks("data", "Numbers of wave {0}", "Student's distribution, and the distributions that were released")
def recompute_numbers(wave: str) -> Iterator[Found]:
    """Hold the limits of means against their standard errors, and means and medians against the distribution."""
    file = paths.shown(paths.waves() / wave / NUMBERS)
    rows = [row for row in read_rows(paths.waves() / wave / NUMBERS) if row["status"] == "number"]
    shares = (row for row in rows if row["statistic"] == "share")
    classes = gather_rows(shares, "population", "domain", "item_id")
    for row in rows:
        own = classes.get((row["population"], row["domain"], row["item_id"]), [])
        is_mean = row["statistic"] == "mean" and row.get("method") != CENSUS
        said = [*(compare_limits(row, float(row["value"])) if is_mean else ()), *compare_value(row, own)]
        yield {"numbers recomputed": said.count("")}
        yield from (Fault(f"{name_number(row)}: {text}", file) for text in said if text)
    for place, own in classes.items():
        total = sum(float(row["value"]) for row in own)
        if not is_same(total, 1):
            yield Fault(f"{place[0]}.{place[2]}: the shares of its classes add up to {total:g}", file)


def list_released(wave: str) -> Iterator[Cells]:
    """Yield the shares of a wave that were released with a standard error and limits on the logit scale."""
    for row in read_rows(paths.waves() / wave / ESTIMATES):
        if row.get("method", "").startswith("logit") and read_number(row.get("standard_error")):
            yield row


@checks("data", "Limits of wave {0}", "Student's distribution, of the logits of shares")
def recompute_limits(wave: str) -> Iterator[Found]:
    """Hold the limits of released shares against what these and their standard errors give."""
    for row in list_released(wave):
        said = "".join(compare_limits(row, float(row["percent"]) / 100, is_share=True))
        yield {"numbers recomputed": 2}
        if said:
            yield Fault(said, paths.shown(paths.waves() / wave / ESTIMATES), figures=(row["figure_id"],))


def is_same(one: float, other: float) -> bool:
    """Return whether two numbers differ by no more than the last digits of sums do."""
    return math.isclose(one, other, rel_tol=SAME, abs_tol=SAME)


def compare_limits(row: Cells, value: float, *, is_share: bool = False) -> Iterator[str]:
    """Yield in what limits differ from what a standard error gives: empty in nothing.

    Those of a share are worked out of its logit, and none may be missing; of a mean whose error isn't known nothing is.
    """
    from scipy.special import expit, logit
    from scipy.stats import t

    columns = ("standard_error", "low", "high", "degrees_of_freedom")
    error, low, high, degrees = (read_number(row.get(name)) for name in columns)
    if is_share and degrees is None:
        degrees = math.inf
    if error is None or low is None or high is None or not degrees:
        if is_share:
            yield "a limit or its degrees of freedom are missing"
        return
    half, middle = float(t.ppf((1 + RELEASED) / 2, degrees)) * error, value
    if is_share:
        half, middle = half / (value * (1 - value)), float(logit(value))
    due = [float(expit(end)) if is_share else end for end in (middle - half, middle + half)]
    what, right = "share" if is_share else "value", is_same(low, due[0]) and is_same(high, due[1])
    given = f"its {what} and error give {due[0]:g} to {due[1]:g}"
    yield "" if right else f"limits of {low:g} to {high:g} where {given}"


def compare_value(row: Cells, classes: Sequence[Cells]) -> Iterator[str]:
    """Yield in what a mean or median differs from what its distribution gives: empty in nothing, none if not known."""
    ends = [(read_number(one["lowest"]), read_number(one["highest"]), float(one["value"])) for one in classes]
    numbers = sorted((low, share) for low, high, share in ends if low is not None and low == high)
    if row["statistic"] == "share" or not classes or len(numbers) < len(ends):
        return
    # Wide classes have no one number.
    found = sum(number * share for number, share in numbers)
    if row["statistic"] == "median":
        below = zip(numbers, accumulate(share for _, share in numbers), strict=True)
        found = next((number for (number, _), share in below if share >= 0.5 - SAME), numbers[-1][0])
    own = float(row["value"])
    yield "" if is_same(own, found) else f"{own:g}, and its distribution gives {found:g}"
