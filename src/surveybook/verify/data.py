"""Whether the data are whole: sealed, within their schemas, transcribed twice, disclosed, and released as estimated."""

import csv
import math
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from surveybook.model import paths
from surveybook.model.datapackage import changed_files, check_package, descriptor_path, read_descriptor
from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.model.reading import read_yaml
from surveybook.verify.disclosing import check_disclosed
from surveybook.verify.record import Check, Fault, check

KEY = ("population", "domain", "item_id", "response")
PLACE = (*KEY, "locator")
# Estimates are sums over respondents: machines differ in their last digits.
SAME_ESTIMATE = 1e-9
# Texts are among the files of the certificate.
OF_TEXTS, ANSWERS = ".md", "responses_"


def fault(problem: Problem) -> Fault:
    """Return a problem of a data file as a fault."""
    place = str(problem).partition(": ")[0].partition(", ")[2]
    return Fault(f"{place}{': ' if place else ''}{problem.found}; {problem.expected}", problem.file)


def check_seals() -> Check:
    """Hold every data file against the hash that it was sealed with."""
    by = "SHA-256, data/datapackage.json"
    try:
        count = len(read_descriptor()["resources"])
        found = [*map(fault, changed_files()), *unlisted()]
    except DataError as error:
        return check("data", "Data files", by, {}, map(fault, error.problems))
    return check("data", "Data files", by, {"files": count}, found)


def unlisted() -> list[Fault]:
    """Return a fault for each file of data that the data package doesn't describe."""
    known = {resource["path"] for resource in read_descriptor()["resources"]} | {descriptor_path().name}
    there = [path for path in paths.data().rglob("*") if path.is_file() and not is_beside(path)]
    names = sorted(path.relative_to(paths.data()).as_posix() for path in there)
    said = (
        "the file isn't in data/datapackage.json, so nothing seals it; describe it there and run `surveybook data seal`"
    )
    return [Fault(said, paths.shown(paths.data() / name)) for name in names if name not in known]


def is_beside(path: Path) -> bool:
    """Return whether a file of the data's folder is no data to seal: hidden, a text, or answers that stay private."""
    if path.name.startswith(".") or path.suffix == OF_TEXTS:
        return True
    return path.name.startswith(ANSWERS) and bool(read_yaml(path.parent / "wave.yml", []).get("responses"))


def check_schemas() -> Check:
    """Let the frictionless library hold the tables against the data package."""
    by = "the frictionless library, Data Package v2"
    try:
        tables = [one for one in read_descriptor()["resources"] if "schema" in one]
        found = list(map(fault, check_package()))
    except DataError as error:
        return check("data", "Data package", by, {}, map(fault, error.problems))
    return check("data", "Data package", by, {"tables": len(tables)}, found)


def check_wave(wave: str, baseline: str) -> Check:
    """Open the wave, and those it is compared with, under all rules that waves have to keep."""
    from surveybook.waves import open_wave

    by = "the rules of surveybook.waves"
    try:
        survey = open_wave(wave, baseline=baseline)
    except DataError as error:
        return check("data", f"Wave {wave}", by, {}, map(fault, error.problems))
    except SurveybookError as error:
        return check("data", f"Wave {wave}", by, {}, [Fault(str(error))])
    return check("data", f"Wave {wave}", by, {"figures": len(survey.estimates)})


def check_transcription(wave: str) -> Check:
    """Hold the figures of a wave against a second transcription of its source, where there is one."""
    folder = paths.waves() / wave
    path = folder / "transcription.csv"
    name, by = "Second transcription", "transcription.csv, typed from the source a second time"
    if not path.is_file():
        skipped = [f"The figures of wave {wave} against their source: it was transcribed once, or not printed at all."]
        return check("data", name, by, {}, (), skipped)
    try:
        first, second = printed_places(folder), transcribed_places(path)
    except (OSError, ValueError, KeyError) as error:
        return check("data", name, by, {}, [Fault(f"it can't be read ({error})", paths.shown(path))])
    faults = [
        Fault(
            f"{'.'.join(filter(None, place[:4]))} at {place[4]}: estimates.csv and mentions.csv have "
            f"{shown(first.get(place))}, the second transcription has {shown(second.get(place))}",
            paths.shown(folder / "estimates.csv"),
            figures=tuple(sorted(first[place][1])) if place in first else (),
        )
        for place in sorted({*first, *second})
        if first.get(place, (None,))[0] != second.get(place, (None,))[0]
    ]
    skipped = [f"The two transcriptions of wave {wave} against the printed report: nothing here can read it."]
    return check("data", name, by, {"printed places": len(first)}, faults, skipped)


Places = dict[tuple[str, ...], tuple[tuple[tuple[str, ...], tuple[str, ...]], set[str]]]


def shown(place: tuple[tuple[tuple[str, ...], tuple[str, ...]], set[str]] | None) -> str:
    """Return what a transcription has at a place, as text."""
    return "nothing" if place is None else " or ".join(value for values in place[0] for value in values if value)


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def printed_places(folder: Path) -> Places:
    """Return what is printed at each place, as ``estimates.csv`` and ``mentions.csv`` have it together."""
    figures = {row["figure_id"]: row for row in rows(folder / "estimates.csv")}
    said = [row for row in figures.values() if row["status"] != "unpublished"]
    mentions = rows(folder / "mentions.csv") if (folder / "mentions.csv").is_file() else []
    said += [{**figures[row["figure_id"]], **row} for row in mentions if row["figure_id"] in figures]
    return gathered(said)


def transcribed_places(path: Path) -> Places:
    """Return what the second transcription has at each place."""
    return gathered(row for row in rows(path) if row["status"] != "unpublished")


def gathered(said: Iterable[dict[str, str]]) -> Places:
    """Return the percentages and words at each place, with the ids of their figures."""
    found: dict[tuple[str, ...], tuple[set[str], set[str], set[str]]] = defaultdict(lambda: (set(), set(), set()))
    for row in said:
        for values, column in zip(found[tuple(row[name] for name in PLACE)], ("percent", "verbal", ""), strict=True):
            values.add(row[column] if column else row.get("figure_id", ""))
    return {
        place: ((tuple(sorted(percents)), tuple(sorted(verbals))), {one for one in ids if one})
        for place, (percents, verbals, ids) in found.items()
    }


def check_release(wave: str) -> Check:
    """Estimate a wave anew where its respondents are here, and hold the released figures against that."""
    from surveybook.waves import examine_wave

    name, by = "From respondents to figures", "a new estimation from respondents"
    asked = [row for row in rows(paths.waves() / wave / "asked.csv") if row["source"] == "responses"]
    populations = sorted({row["population"] for row in asked})
    if not asked:
        skipped = [f"Wave {wave} from respondents to percentages: its source published percentages alone."]
        return check("data", name, by, {}, (), skipped)
    private = [population for population in populations if not has_respondents(wave, population)]
    skipped = [
        f"Wave {wave}, {population}, from respondents to figures: the answers are private and not here, so that the "
        "released aggregates were taken as they are."
        for population in private
    ]
    if private:
        others = [population for population in populations if population not in private]
        skipped += [
            f"Wave {wave}, {one}, from respondents to figures: only a whole wave is estimated." for one in others
        ]
        return check("data", name, by, {}, (), skipped)
    try:
        _, now = examine_wave(wave, fresh=True)
    except (SurveybookError, OSError) as error:
        return check("data", name, by, {}, [Fault(str(error))])
    path = paths.waves() / wave / "estimates.csv"
    if not path.is_file():
        skipped = [f"Wave {wave}, released figures against respondents: nothing is released yet."]
        return check("data", name, by, {"figures estimated anew": len(now.figures)}, (), skipped)
    released = {row["figure_id"]: row for row in rows(path)}
    estimated = {row["figure_id"]: row for row in now.figures.to_dict("records")}
    faults = [
        Fault(
            f"{said}; run `surveybook wave check {wave} --release` if the respondents are right",
            paths.shown(path),
            figures=(figure,),
        )
        for figure in sorted({*released, *estimated})
        if (said := unlike(released.get(figure), estimated.get(figure)))
    ]
    return check("data", name, by, {"figures estimated anew": len(estimated)}, faults)


def has_respondents(wave: str, population: str) -> bool:
    """Return whether the answers of a population are on this machine."""
    folder = paths.waves() / wave
    block = read_yaml(folder / "wave.yml", []).get("responses")
    entry = block.get(population) if isinstance(block, dict) else None
    named = entry.get("file") if isinstance(entry, dict) else None
    return (folder / str(named)).is_file() if named else any(folder.glob(f"responses_{population}.*"))


def unlike(released: dict[str, str] | None, estimated: dict[str, str] | None) -> str:
    """Return how a released figure differs from what respondents give; empty where it doesn't."""
    if released is None or estimated is None:
        return f"the figure {'is not released' if released is None else 'is released and no respondents give it'}"
    for column, value in estimated.items():
        written = released.get(column) or ""
        if written != value and not near(written, value):
            return f"{column} is {written or 'empty'} where respondents give {value or 'nothing'}"
    return ""


def near(one: str, other: str) -> bool:
    """Return whether two texts are the same number, but for what arithmetic differs by between machines."""
    try:
        return math.isclose(float(one), float(other), rel_tol=SAME_ESTIMATE, abs_tol=SAME_ESTIMATE)
    except ValueError:
        return False


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
