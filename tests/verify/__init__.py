"""A certificate that tests make up, and what checks say."""

import copy
from typing import Any

from surveybook.verify.certificate import make_certificate
from surveybook.verify.record import Check

HASH = "a" * 64
CHAPTER: dict[str, Any] = {
    "chapter": "chapters/02-quality", "source": "chapters/02-quality.ipynb", "sha256": HASH,
    "cells_executed": 1, "cells_compared": 2, "outputs_compared": 3, "figures": 4,
    "numbers_recomputed": 5, "numbers_traced": 6, "claims": {"supported": 7}, "result": "passed",
}  # fmt: skip
CHECK = {
    "link": "data", "name": "Data", "by": "hand", "counts": {"files": 1}, "passed": True, "faults": [],
    "not_checked": [],
}  # fmt: skip
CONTENT: dict[str, Any] = {
    "edition": {"name": "2004 edition", "wave": "2004", "baseline": "", "synthetic": False}, "result": "passed",
    "code": {"sha256": HASH, "files": {"src/a.py": HASH}},
    "book": {"sha256": HASH, "files": {"chapters/02-quality.ipynb": HASH}},
    "data": {"sha256": HASH, "files": {"data/claims.yml": HASH}},
    "settings": {"sha256": HASH, "files": {"Makefile": HASH}}, "lock": {"file": "requirements.txt", "sha256": HASH},
    "site": {"sha256": HASH, "files": {"index.html": HASH}},
    "checks": [CHECK], "not_checked": ["The moon."], "chapters": [CHAPTER],
}  # fmt: skip
MACHINE = {
    "python": "3.11.2", "implementation": "CPython", "system": "Linux", "architecture": "x86_64",
    "packages": {"pandas": "3.0.1"}, "checks": [],
}  # fmt: skip
TIME = {"began": "2026-01-02T03:04:05+00:00", "seconds": 60.0, "chapters": {"chapters/02-quality": 1.5}}


def make_up(**content: Any) -> dict[str, Any]:
    """Return a certificate with some of its content changed."""
    return make_certificate(copy.deepcopy({**CONTENT, **content}), copy.deepcopy(MACHINE), copy.deepcopy(TIME))


def said(*checks: Check) -> list[str]:
    """Return what checks found wrong."""
    return [str(fault) for done in checks for fault in done.faults]
