"""The GitHub workflows do what .ci/run does, with the same make targets, few rights and a limit on time."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from surveybook.model import paths

FOLDER = paths.root() / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
NAMES = [path.name for path in WORKFLOWS]
# What steps may do besides calling make: no rule about the project is written here.
BESIDES = {"cat", "cp", "gh", "number=$(gh", "if", "else", "fi", ".ci/run"}
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")


def read(path: Path) -> dict[str, Any]:
    # BaseLoader, because YAML 1.1 reads the key `on` as true.
    return yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)


def commands(path: Path) -> list[list[str]]:
    """Return each line that a workflow's steps run, as words."""
    steps = [step for job in read(path)["jobs"].values() for step in job["steps"]]
    return [line.split() for step in steps for line in step.get("run", "").splitlines() if line.strip()]


def make_targets(path: Path) -> set[str]:
    return {word for words in commands(path) if words[0] == "make" for word in words[1:] if "=" not in word}


def ci_targets() -> set[str]:
    lines = (paths.root() / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    called = {word for line in lines if line.startswith("make ") for word in line.split()[1:]}
    return called | ({"system"} if ".ci/prepare" in lines else set())


@pytest.mark.parametrize("path", WORKFLOWS, ids=NAMES)
def test_a_workflow_calls_make_targets_that_exist_and_little_else(path: Path) -> None:
    targets = make_targets(path)
    assert targets or [".ci/run"] in commands(path)
    done = subprocess.run(["make", "--dry-run", *targets], cwd=paths.root(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert {words[0] for words in commands(path)} <= {"make", *BESIDES}


def test_all_that_ci_runs_is_run_on_pull_requests_and_for_every_supported_python() -> None:
    assert ci_targets() <= make_targets(FOLDER / "tests.yml")
    pythons = read(FOLDER / "tests.yml")["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert pythons == ["3.11", "3.12", "3.13"]
    assert 'requires-python = ">=3.11"' in (paths.root() / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", WORKFLOWS, ids=NAMES)
def test_a_workflow_may_read_and_only_named_jobs_may_write(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    writing = {
        (path.name, right)
        for job in workflow["jobs"].values()
        for right, level in job.get("permissions", {}).items()
        if level == "write"
    }
    assert writing <= {
        ("pages.yml", "pages"),
        *((name, right) for name in ("pages.yml", "release.yml") for right in ("id-token", "attestations")),
        ("drift.yml", "issues"),
        ("release.yml", "contents"),
        ("tests.yml", "pull-requests"),
    }


@pytest.mark.parametrize("path", WORKFLOWS, ids=NAMES)
def test_a_workflow_has_limits_and_pinned_actions(path: Path) -> None:
    workflow = read(path)
    assert workflow["concurrency"]["group"]
    assert all(int(job["timeout-minutes"]) <= 90 for job in workflow["jobs"].values())
    used = [
        line.strip().removeprefix("- ") for line in path.read_text(encoding="utf-8").splitlines() if "uses:" in line
    ]
    assert [line for line in used if not PINNED.match(line)] == []


def test_the_script_for_the_machine_refuses_what_it_does_not_know() -> None:
    done = subprocess.run([paths.root() / ".ci" / "prepare", "bowser"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "not 'bowser'" in done.stderr


def test_on_a_bare_machine_all_that_is_missing_is_installed_at_once(tmp_path: Path) -> None:
    """Prepare one that has nothing but a shell, and that notes what it is asked to install."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("bash", "grep", "env"):
        (programs / name).symlink_to(shutil.which(name) or "")
    for name, does in {
        "apt-get": f'echo "$@" >> {tmp_path}/asked',
        "ldconfig": "true",
        "id": "echo 0",
        "python3": "exit 1",
    }.items():
        (programs / name).write_text(f"#!{shutil.which('bash')}\n{does}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    script = [str(programs / "bash"), str(paths.root() / ".ci" / "prepare")]
    done = subprocess.run(script, env={"PATH": str(programs)}, capture_output=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0
    update, install = (tmp_path / "asked").read_text(encoding="utf-8").splitlines()
    assert update.split()[0] == "update"
    needed = "make python3-venv chromium-headless-shell fonts-liberation libpangoft2-1.0-0 nodejs npm"
    assert set(needed.split()) <= set(install.split())
