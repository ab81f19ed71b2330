"""A file of five claims instead of the real one, so that whole tables of them can be stated."""

import json

import pytest

from surveybook.model import paths
from tests.claims.waves import fraction, rank
from tests.waves import INTERNET, SATISFACTION, wave_2004

AT = {"chapter": "quality", "locator": "first paragraph"}
FIVE = [
    {
        **AT,
        "id": "half",
        "section": "2.2",
        "printed": "more than half",
        "statement": "Most find it easier.",
        "readings": [
            {"reading": "Of all asked.", "figures": [INTERNET], "test": fraction(INTERNET, "more_than", "1/2")}
        ],
    },
    {
        **AT,
        "id": "reference",
        "section": "2.3",
        "statement": "Section 3 has more.",
        "counts_as": "reference",
        "readings": [{"test": {"kind": "cross_reference", "stated": "Section 3", "actual": "Section 4"}}],
    },
    {
        **AT,
        "id": "first",
        "section": "2.4",
        "statement": "Satisfaction comes first.",
        "readings": [{"figures": [SATISFACTION], "test": rank("customer_satisfaction", 1)}],
    },
    {
        **AT,
        "id": "trust",
        "section": "2.5",
        "statement": "Trust is high.",
        "readings": [{"test": {"kind": "not_checkable", "needs": "an item on trust"}}],
    },
    {
        **AT,
        "id": "quarter",
        "chapter": "foreword",
        "section": "Foreword",
        "statement": "A quarter find it easier.",
        "readings": [{"figures": [INTERNET], "test": fraction(INTERNET, "bare", "1/4")}],
    },
]


@pytest.fixture
def five_claims(tmp_path, monkeypatch):
    """Let the file of claims be these five; the waves are opened before, and forget what came of others meanwhile."""
    survey = wave_2004()
    known = dict(survey.worked_out)
    survey.worked_out.clear()
    monkeypatch.setenv(paths.DATA_VARIABLE, str(tmp_path))
    (tmp_path / "claims.yml").write_text(json.dumps({"claims": FIVE}), encoding="utf-8")
    yield
    survey.worked_out.clear()
    survey.worked_out.update(known)
