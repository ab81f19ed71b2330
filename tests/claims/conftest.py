"""A file of five claims instead of the real one, so that whole tables of them can be stated."""

import shutil
from pathlib import Path

import pytest

from surveybook.model import paths
from tests.waves import wave_2004


@pytest.fixture
def five_claims(tmp_path, monkeypatch):
    """Let the file of claims be these five; the waves are opened before, and forget what came of others meanwhile."""
    survey = wave_2004()
    known = dict(survey.worked_out)
    survey.worked_out.clear()
    monkeypatch.setenv(paths.DATA_VARIABLE, str(tmp_path))
    shutil.copy(Path(__file__).with_name("five.yml"), tmp_path / "claims.yml")
    yield
    survey.worked_out.clear()
    survey.worked_out.update(known)
