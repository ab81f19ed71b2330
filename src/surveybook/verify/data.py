"""Whether the data are whole: sealed, within their schemas, transcribed twice, disclosed, and released as estimated."""

import math
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from surveybook.model import paths
from surveybook.model.datapackage import check_package, find_changed_files, read_descriptor
from surveybook.model.files import read_yaml
from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.verify.recomputation import read_csv_rows
from surveybook.verify.record import Check, Fault, make_check

PLACE = ("population", "domain", "item_id", "response", "locator")
# Estimates are sums over respondents: machines differ in their last digits.
SAME_ESTIMATE = 1e-9
TEXTS, ANSWERS = ".md", "responses_"

# At each place of a source: the percentages and the words there, and the ids of their figures.
Places = dict[tuple[str, ...], tuple[set[str], set[str], set[str]]]


def fault_of(problem: Problem) -> Fault:
    """Return a problem of a data file as a fault."""
    place = str(problem).partition(": ")[0].partition(", ")[2]
    return Fault(f"{place}{': ' if place else ''}{problem.found}; {problem.expected}", problem.file)


def check_data(wave: str, baseline: str) -> list[Check]:
    """Return all checks of the data that an edition rests on."""
    waves = list(dict.fromkeys([wave, *filter(None, (part.strip() for part in baseline.split(",")))]))
    return [
        check_seals(),
        check_schemas(),
        check_wave(wave, baseline),
        *(check_disclosed(name) for name in waves),
        *(check_transcription(name) for name in waves),
        *(check_release(name) for name in waves),
    ]


def check_seals() -> Check:
    """Hold every data file against the hash that it was sealed with; a file that nothing seals is wrong too."""
    name, by = "Data files", "SHA-256, data/datapackage.json"
    package = paths.data() / paths.PACKAGE_FILE
    if not package.is_file():
        skipped = [f"The data files against what they were sealed as: there is no {paths.shown(package)}."]
        return make_check("data", name, by, {}, (), skipped)
    try:
        known = {resource["path"] for resource in read_descriptor()["resources"]}
        faults = list(map(fault_of, find_changed_files()))
    except DataError as error:
        return make_check("data", name, by, {}, map(fault_of, error.problems))
    there = {path.relative_to(paths.data()).as_posix() for path in data_files() if path.suffix != TEXTS}
    said = (
        "the file isn't in data/datapackage.json, so nothing seals it; describe it there and run `surveybook data seal`"
    )
    strays = sorted(there - known - {package.name})
    faults += [Fault(said, paths.shown(paths.data() / stray)) for stray in strays]
    return make_check("data", name, by, {"files": len(known)}, faults)


def data_files() -> list[Path]:
    """Return the files of the data's folder, but for hidden ones and answers that stay private."""
    return [
        path
        for path in sorted(paths.data().rglob("*"))
        if path.is_file() and not path.name.startswith(".") and not is_private(path)
    ]


def is_private(path: Path) -> bool:
    """Return whether a file holds respondents' answers, of which only aggregates are released."""
    return path.name.startswith(ANSWERS) and bool(read_yaml(path.parent / "wave.yml", []).get("responses"))


def check_schemas() -> Check:
    """Hold the tables against their schemas, and the data package against those."""
    by = "the schema of each file, as the data package describes it"
    if not (paths.data() / paths.PACKAGE_FILE).is_file():
        return make_check("data", "Data package", by)
    try:
        tables = [one for one in read_descriptor()["resources"] if "schema" in one]
        found = list(map(fault_of, check_package()))
    except DataError as error:
        return make_check("data", "Data package", by, {}, map(fault_of, error.problems))
    return make_check("data", "Data package", by, {"tables": len(tables)}, found)


def check_wave(wave: str, baseline: str) -> Check:
    """Open the wave, and those it is compared with, under all rules that waves have to keep."""
    from surveybook.waves import open_wave

    name, by = f"Wave {wave}", "the rules of surveybook.waves"
    try:
        survey = open_wave(wave, baseline=baseline)
    except DataError as error:
        return make_check("data", name, by, {}, map(fault_of, error.problems))
    except SurveybookError as error:
        return make_check("data", name, by, {}, [Fault(str(error))])
    return make_check("data", name, by, {"figures": len(survey.estimates)})


def check_disclosed(wave: str) -> Check:
    """Hold ``wave.yml`` against the 11 items of the AAPOR Transparency Initiative."""
    from surveybook.waves.metadata import DISCLOSURE_ITEMS, NOT_DISCLOSED, check_disclosure

    file = paths.waves() / wave / "wave.yml"
    problems: list[Problem] = []
    disclosure = check_disclosure(read_yaml(file, problems), paths.shown(file), problems)
    faults = [fault_of(problem) for problem in problems]
    closed = sum(one.status == NOT_DISCLOSED for one in disclosure.items) if disclosure else 0
    name, by = f"Disclosure, wave {wave}", "the 11 items of the AAPOR Transparency Initiative"
    counts = {"items": len(DISCLOSURE_ITEMS), "items not disclosed by the source": closed}
    return make_check("data", name, by, counts, faults)


def check_transcription(wave: str) -> Check:
    """Hold the figures of a wave against a second transcription of its source, where there is one."""
    folder = paths.waves() / wave
    path = folder / "transcription.csv"
    name, by = "Second transcription", "transcription.csv, typed from the source a second time"
    if not path.is_file():
        skipped = [f"The figures of wave {wave} against their source: it was transcribed once, or not printed at all."]
        return make_check("data", name, by, {}, (), skipped)
    try:
        figures = {row["figure_id"]: row for row in read_csv_rows(folder / "estimates.csv")}
        mentions = [row for row in read_csv_rows(folder / "mentions.csv") if row["figure_id"] in figures]
        printed = [*filter(is_published, figures.values()), *({**figures[row["figure_id"]], **row} for row in mentions)]
        first, second = gather_places(printed), gather_places(filter(is_published, read_csv_rows(path)))
    except (OSError, ValueError, KeyError) as error:
        return make_check("data", name, by, {}, [Fault(f"it can't be read ({error})", paths.shown(path))])
    nothing: tuple[set[str], ...] = (set(), set(), set())
    faults = [
        Fault(
            f"{'.'.join(filter(None, place[:4]))} at {place[4]}: estimates.csv and mentions.csv have "
            f"{write_place(first.get(place))}, the second transcription has {write_place(second.get(place))}",
            paths.shown(folder / "estimates.csv"),
            figures=tuple(sorted(first.get(place, nothing)[2] - {""})),
        )
        for place in sorted({*first, *second})
        if first.get(place, nothing)[:2] != second.get(place, nothing)[:2]
    ]
    skipped = [f"The two transcriptions of wave {wave} against the printed report: nothing here can read it."]
    return make_check("data", name, by, {"printed places": len(first)}, faults, skipped)


def gather_places(rows: Iterable[dict[str, str]]) -> Places:
    """Return the percentages, the words and the ids of figures at each place that rows were transcribed from."""
    found: Places = defaultdict(lambda: (set(), set(), set()))
    for row in rows:
        place = found[tuple(row[name] for name in PLACE)]
        for values, column in zip(place, ("percent", "verbal", "figure_id"), strict=True):
            values.add(row.get(column, ""))
    return dict(found)


def is_published(row: dict[str, str]) -> bool:
    """Return whether a figure's source prints it."""
    return row["status"] != "unpublished"


def write_place(place: tuple[set[str], set[str], set[str]] | None) -> str:
    """Return what a transcription has at a place, as text."""
    return "nothing" if place is None else " or ".join(filter(None, (*sorted(place[0]), *sorted(place[1]))))


def check_release(wave: str) -> Check:
    """Estimate a wave anew where its respondents are here, and hold the released figures against that."""
    from surveybook.waves import examine_wave

    name, by = "From respondents to figures", "a new estimation from respondents"
    asked = [row for row in read_csv_rows(paths.waves() / wave / "asked.csv") if row["source"] == "responses"]
    populations = sorted({row["population"] for row in asked})
    if not asked:
        skipped = [f"Wave {wave} from respondents to percentages: its source published percentages alone."]
        return make_check("data", name, by, {}, (), skipped)
    if private := [population for population in populations if not has_respondents(wave, population)]:
        left = "are private and not here, so that the released aggregates were taken as they are."
        skipped = [f"Wave {wave}, from respondents to figures: the answers of {' and '.join(private)} {left}"]
        return make_check("data", name, by, {}, (), skipped)
    try:
        _, now = examine_wave(wave, fresh=True)
    except (SurveybookError, OSError) as error:
        return make_check("data", name, by, {}, [Fault(str(error))])
    path = paths.waves() / wave / "estimates.csv"
    released = {row["figure_id"]: row for row in read_csv_rows(path)}
    estimated = {row["figure_id"]: row for row in now.figures.to_dict("records")}
    counts = {"figures estimated anew": len(estimated)}
    if not path.is_file():
        skipped = [f"Wave {wave}, released figures against respondents: nothing is released yet."]
        return make_check("data", name, by, counts, (), skipped)
    advice = f"run `surveybook wave check {wave} --release` if the respondents are right"
    faults = [
        Fault(f"{said}; {advice}", paths.shown(path), figures=(figure,))
        for figure in sorted({*released, *estimated})
        if (said := compare_estimates(released.get(figure), estimated.get(figure)))
    ]
    return make_check("data", name, by, counts, faults)


def has_respondents(wave: str, population: str) -> bool:
    """Return whether the answers of a population are on this machine."""
    folder = paths.waves() / wave
    block = read_yaml(folder / "wave.yml", []).get("responses")
    entry = block.get(population) if isinstance(block, dict) else None
    named = entry.get("file") if isinstance(entry, dict) else None
    return (folder / str(named)).is_file() if named else any(folder.glob(f"{ANSWERS}{population}.*"))


def compare_estimates(released: dict[str, str] | None, estimated: dict[str, str] | None) -> str:
    """Return how a released figure differs from what respondents give; empty where it doesn't."""
    if released is None or estimated is None:
        return f"the figure {'is not released' if released is None else 'is released and no respondents give it'}"
    for column, value in estimated.items():
        written = released.get(column) or ""
        if written != value and not are_near(written, value):
            return f"{column} is {written or 'empty'} where respondents give {value or 'nothing'}"
    return ""


def are_near(one: str, other: str) -> bool:
    """Return whether two texts are the same number, but for what arithmetic differs by between machines."""
    try:
        return math.isclose(float(one), float(other), rel_tol=SAME_ESTIMATE, abs_tol=SAME_ESTIMATE)
    except ValueError:
        return False
