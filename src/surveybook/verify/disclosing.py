"""Whether a wave says, item by item, what its source discloses of how it was made."""

from surveybook.model import paths
from surveybook.model.problems import Problem
from surveybook.model.reading import read_yaml
from surveybook.verify.record import Check, Fault, check
from surveybook.waves.disclosure import NOT_DISCLOSED, TITLES, check_disclosure, entries


def check_disclosed(wave: str) -> Check:
    """Hold ``wave.yml`` against the 11 items of the AAPOR Transparency Initiative."""
    file = paths.waves() / wave / "wave.yml"
    problems: list[Problem] = []
    metadata = read_yaml(file, problems)
    if metadata:
        check_disclosure(metadata, paths.shown(file), problems)
    closed = sum(isinstance(one, dict) and one.get("status") == NOT_DISCLOSED for one in entries(metadata))
    name, by = f"Disclosure, wave {wave}", "the 11 items of the AAPOR Transparency Initiative"
    faults = [Fault(f"{problem.found}; {problem.expected}", problem.file) for problem in problems]
    return check("data", name, by, {"items": len(TITLES), "items not disclosed by the source": closed}, faults)
