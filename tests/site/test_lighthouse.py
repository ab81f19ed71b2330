"""What Lighthouse says of the pages as a phone sees them, served as a host serves them."""

import shutil
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest
from audits import LIGHTHOUSE, asked_for, lighthouse, need, scores, served, shortcomings
from conftest import BROWSERS

asked_for()

# The landing page, the heaviest chapters, a long table, and the page that draws for itself.
JUDGED = ("index", "chapters/02-quality", "chapters/03-customer-focus", "chapters/94-claims", "explorer")
FULL = {"accessibility": 100, "best-practices": 100, "seo": 100}
FAST = 98


@pytest.mark.parametrize("name", JUDGED)
def test_lighthouse_gives_full_marks(
    built_site: Path, tmp_path: Path, name: str, record_property: Callable[[str, object], None]
) -> None:
    """Performance is a measurement, and noisy on a shared machine: where the first run falls short, two more follow.

    Then the median of the three counts. The other marks are not noisy: each run has to give them in full.
    """
    need(LIGHTHOUSE)
    browser = next(filter(None, map(shutil.which, BROWSERS)))
    speeds: list[int] = []
    with served(built_site) as address:
        while not speeds or (speeds[0] < FAST and len(speeds) < 3):
            report = lighthouse(f"{address}/{name}.html", browser, tmp_path / "report.json")
            found = scores(report)
            assert {kind: found[kind] for kind in FULL} == FULL, shortcomings(report)
            speeds.append(found["performance"])
    record_property("measured", ("Lighthouse performance", name, median(speeds)))
    assert median(speeds) >= FAST, (speeds, shortcomings(report))
