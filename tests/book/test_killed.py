"""Whenever a build is killed, the last site is whole and the next build is right."""

from pathlib import Path

import pytest

from book.project import kill_at_random, make_project

pytestmark = [pytest.mark.slow, pytest.mark.over_again]
KILLS = 3  # benchmarks/editions.py does it twenty times


def test_a_build_that_is_killed_harms_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    project = make_project(tmp_path, [("w1-synthetic", 39)])
    for number, found in enumerate(kill_at_random(project, "w1-synthetic", KILLS), start=1):
        assert found["intact"] == found["right"] == number
        assert found["left"] == []
