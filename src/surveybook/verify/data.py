"""Whether the data are whole: sealed, within their schemas, transcribed twice, disclosed, and released as estimated."""

import math
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path

from surveybook.judgement.headlines import find_headline_problems
from surveybook.model import paths
from surveybook.model.datapackage import check_package, find_changed_files, read_descriptor
from surveybook.model.files import read_yaml
from surveybook.verify.recomputation import read_nets, read_number, read_rows
from surveybook.verify.record import Check, Fault, Found, checks
from surveybook.verify.released import NUMBERS, name_number, recompute_nets, recompute_numbers
from surveybook.verify.transcription import check_transcriptions

# Estimates are sums over respondents: machines differ in their last digits.
SAME_ESTIMATE = 1e-9
TEXTS, ANSWERS, ESTIMATES, COVARIANCES = ".md", "responses_", "estimates.csv", "covariances.csv"
OF_PAIRS = ("population", "domain", "item_a", "response_a", "item_b", "response_b", "domain_b")


def check_data(wave: str, baseline: str) -> list[Check]:
    """Return all checks of the data that an edition rests on."""
    waves = list(dict.fromkeys([wave, *filter(None, (part.strip() for part in baseline.split(",")))]))
    return [
        check_seals(),
        check_schemas(),
        check_wave(wave, baseline),
        check_transcriptions(waves),
        *(recompute_nets(name) for name in waves if read_nets()),
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
    known = {resource["path"] for resource in read_descriptor()["resources"]}
    yield {"files": len(known)}
    yield from find_changed_files()
    there = {path.relative_to(paths.data()).as_posix() for path in data_files() if path.suffix != TEXTS}
    for stray in sorted(there - known - {package.name}):
        said = "the file isn't in data/datapackage.json, so nothing seals it; describe it there and run `surveybook "
        yield Fault(f"{said}data seal`", paths.shown(paths.data() / stray))


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
    from surveybook.waves.metadata import NOT_DISCLOSED

    survey = open_wave(wave, baseline=baseline)
    closed = [one["item"] for one in survey.metadata["disclosure"]["items"] if one["status"] == NOT_DISCLOSED]
    yield {"figures": len(survey.estimates), "items not disclosed by the source": len(closed)}


@checks("data", "From respondents to figures", "a new estimation from respondents")
def check_release(wave: str) -> Iterator[Found]:
    """Estimate a wave anew where its respondents are here, and hold the released figures against that."""
    from surveybook.waves import examine_wave

    asked = [row for row in read_rows(paths.waves() / wave / "asked.csv") if row["source"] == "responses"]
    populations = sorted({row["population"] for row in asked})
    if not asked:
        yield f"Wave {wave} from respondents to percentages: its source published percentages alone."
        return
    if private := [population for population in populations if not has_respondents(wave, population)]:
        left = "are private and not here, so that the released aggregates were taken as they are."
        yield f"Wave {wave}, from respondents to figures: the answers of {' and '.join(private)} {left}"
        return
    try:
        _, now = examine_wave(wave, fresh=True)
    except OSError as error:
        yield Fault(str(error))
        return
    yield {"figures estimated anew": len(now.tables["estimates"])}
    folder = paths.waves() / wave
    if not (folder / ESTIMATES).is_file():
        yield f"Wave {wave}, released figures against respondents: nothing is released yet."
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
        numbers = read_number(written), read_number(value)
        near = None not in numbers and math.isclose(*numbers, rel_tol=SAME_ESTIMATE, abs_tol=SAME_ESTIMATE)  # type: ignore[arg-type]
        if written != value and not near:
            return f"{column} is {written or 'empty'} where respondents give {value or 'nothing'}"
    return ""
