"""Whether a wave says, item by item, what its source discloses of how it was made."""

from surveybook.model import paths
from surveybook.model.problems import Problem
from surveybook.model.reading import read_yaml
from surveybook.verify.record import Check, Fault, check
from surveybook.waves.metadata import DISCLOSURE_ITEMS, NOT_DISCLOSED, find_undisclosed, list_disclosed


def check_disclosed(wave: str) -> Check:
    """Hold ``wave.yml`` against the 11 items of the AAPOR Transparency Initiative."""
    file = paths.waves() / wave / "wave.yml"
    problems: list[Problem] = []
    metadata = read_yaml(file, problems)
    lacking = find_undisclosed(metadata) if metadata else []
    closed = sum(isinstance(one, dict) and one.get("status") == NOT_DISCLOSED for one in list_disclosed(metadata))
    name, by = f"Disclosure, wave {wave}", "the 11 items of the AAPOR Transparency Initiative"
    faults = [Fault(f"{problem.found}; {problem.expected}", problem.file) for problem in problems]
    faults += [Fault(f"disclosure item {lack}", paths.shown(file)) for lack in lacking]
    return check(
        "data", name, by, {"items": len(DISCLOSURE_ITEMS), "items not disclosed by the source": closed}, faults
    )
