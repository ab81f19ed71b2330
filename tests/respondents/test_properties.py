"""Waves spoilt at random give the same figures or a message: never a traceback, never another number unsaid."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveybook.model.problems import SurveybookError
from surveybook.waves import open_wave
from tests.respondents.waves import WAVE, respondents, write_wave

pytestmark = pytest.mark.slow
PLAN = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SPOILT = ["x", "-7", "99999", "\x00", "=1+1", '"']
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.text(max_size=6), st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2), st.floats(),
)  # fmt: skip


def figures_or_message() -> pd.DataFrame | str:
    try:
        return open_wave(WAVE).estimates
    except SurveybookError as error:
        return str(error)


def places(block: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = block.items() if isinstance(block, dict) else enumerate(block) if isinstance(block, list) else []
    return [p for key, value in inner for p in [(*path, key), *places(value, (*path, key))]]


@PLAN
@given(st.data())
def test_junk_anywhere_in_the_mapping(trial_data: Path, data: st.DataObject) -> None:
    write_wave(trial_data, respondents(60))
    path = trial_data / "waves" / WAVE / "wave.yml"
    metadata = yaml.safe_load(path.read_text())
    where = data.draw(st.sampled_from(places(metadata)))
    target = metadata
    for key in where[:-1]:
        target = target[key]
    target[where[-1]] = data.draw(JUNK)
    path.write_text(yaml.safe_dump(metadata, sort_keys=False, allow_unicode=True))
    figures_or_message()


@PLAN
@given(st.data())
def test_junk_in_a_cell_of_the_answers(trial_data: Path, data: st.DataObject) -> None:
    frame = respondents(60)
    column = data.draw(st.sampled_from([c for c in frame.columns if c not in ("id", "region")]))
    frame.loc[data.draw(st.integers(0, 59)), column] = data.draw(st.sampled_from(SPOILT))
    write_wave(trial_data, frame)
    assert isinstance(figures_or_message(), str) or column in ("sex", "age")


@PLAN
@given(st.data())
def test_bytes_changed_in_the_file(trial_data: Path, data: st.DataObject) -> None:
    write_wave(trial_data, respondents(60))
    path = trial_data / "waves" / WAVE / "responses_public.csv"
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(content))
    figures_or_message()
