"""Whatever is changed unseen before the book is built is caught: data, stored outputs, code, lock.

The committed chapters stand for executed ones: that a fresh execution gives them is tested elsewhere.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from surveybook.book.comparing import CHART, GLUED, TABLE
from surveybook.model import paths
from surveybook.verify.certificate import compare_certificates, inputs
from surveybook.verify.data import check_seals, check_transcription, check_wave
from surveybook.verify.environment import check_environment
from surveybook.verify.executing import Run
from surveybook.verify.record import Fault
from surveybook.verify.stages import check_outputs

pytestmark = pytest.mark.slow

QUALITY = "chapters/02-quality"
FIGURES = "_static/figures"
CHART_NAME = "quality-indicators"


def lines(faults: Iterator[Fault] | tuple[Fault, ...]) -> str:
    return "\n".join(map(str, faults))


# The data.


def test_one_cell_of_data_is_caught_three_times(edit: Any) -> None:
    edit(
        "waves/2004/estimates.csv",
        "customer_satisfaction,chosen,number,68,0,,1000",
        "customer_satisfaction,chosen,number,69,0,,1000",
    )
    assert "estimates.csv: the file isn't the one that was sealed" in lines(check_seals().faults)
    said = lines(check_transcription("2004").faults)
    assert "customer_satisfaction" in said
    assert "t1p_custsat" in said
    assert "69" in said


@pytest.mark.parametrize(
    "file", ["claims.yml", "codebook/items.csv", "waves/2004/asked.csv", "waves/2004/wave.yml", "evidence.csv"]
)
def test_any_other_file_of_data_is_sealed_too(trial_data: Path, file: str) -> None:
    path = trial_data / file
    path.write_bytes(path.read_bytes() + b"\n")
    assert Path(file).name in lines(check_seals().faults)


def test_a_base_that_changed_is_caught_by_the_rules_or_by_its_seal(edit: Any) -> None:
    edit(
        "waves/2004/estimates.csv",
        "customer_satisfaction,chosen,number,68,0,,1000",
        "customer_satisfaction,chosen,number,68,0,,-5",
    )
    assert "estimates.csv" in lines(check_wave("2004", "").faults)


# What chapters store.


def spoilt(tmp_path: Path, change: Callable[[dict[str, Any]], None]) -> list[Fault]:
    """Return what the comparison says of a chapter when it is stored changed."""
    stored = json.loads((paths.root() / f"{QUALITY}.ipynb").read_text(encoding="utf-8"))
    change(stored)
    path = tmp_path / "02-quality.ipynb"
    path.write_text(json.dumps(stored), encoding="utf-8")
    run = Run(path, paths.root() / f"{QUALITY}.ipynb", (), 1.0)
    return list(check_outputs([run], "2004", "", 0.0).faults)


def outputs(notebook: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [out for cell in notebook["cells"] for out in cell.get("outputs", []) if kind in out.get("data", {})]


def chart_of(notebook: dict[str, Any], name: str = CHART_NAME) -> dict[str, Any]:
    specs = [out["data"][CHART] for out in outputs(notebook, CHART)]
    return next(spec for spec in specs if spec["usermeta"]["surveybook"]["name"] == name)


def test_an_honest_chapter_has_no_fault(tmp_path: Path) -> None:
    assert spoilt(tmp_path, lambda notebook: None) == []


def test_a_glued_number_is_caught_with_its_figure(tmp_path: Path) -> None:
    def change(notebook: dict[str, Any]) -> None:
        out = next(out for out in outputs(notebook, GLUED) if out["metadata"]["surveybook"]["figures"])
        out["data"][GLUED] = re.sub(r"\d|a|e", "7", "".join(out["data"][GLUED]), count=1)

    faults = spoilt(tmp_path, change)
    assert len(faults) == 1
    assert "02-quality.ipynb" in str(faults[0])
    assert "glued text '" in str(faults[0])
    assert faults[0].chapter == "02-quality"
    assert faults[0].figures


def test_a_value_drawn_in_a_chart_is_caught_with_its_figure(tmp_path: Path) -> None:
    def change(notebook: dict[str, Any]) -> None:
        rows = chart_of(notebook)["usermeta"]["surveybook"]["table"]["rows"]
        rows[0][1] = 99

    faults = spoilt(tmp_path, change)
    assert f"chart '{CHART_NAME}'" in str(faults[0])
    assert faults[0].figures in (("t1p_custsat",), ("t1f_custsat",))


@pytest.mark.parametrize("key", ["title", "layer", "hconcat", "vconcat", "config", "data"])
def test_a_part_of_a_specification_is_caught(tmp_path: Path, key: str) -> None:
    def change(notebook: dict[str, Any]) -> None:
        spec = chart_of(notebook)
        spec[key] = {"tampered": True}

    assert f"chart '{CHART_NAME}'" in lines(tuple(spoilt(tmp_path, change)))


def test_a_verdict_in_a_stored_table_is_caught(tmp_path: Path) -> None:
    def change(notebook: dict[str, Any]) -> None:
        table = next(
            out["data"][TABLE] for out in outputs(notebook, TABLE) if out["data"][TABLE]["name"].startswith("claims")
        )
        place = table["columns"].index("Verdict")
        row = next(row for row in table["rows"] if row[place] == "contradicted")
        row[place] = "supported"

    said = lines(tuple(spoilt(tmp_path, change)))
    assert "table 'claims-quality'" in said
    assert "02-quality.ipynb" in said


def test_an_output_that_was_taken_out_is_caught(tmp_path: Path) -> None:
    def change(notebook: dict[str, Any]) -> None:
        next(cell for cell in notebook["cells"] if cell.get("outputs"))["outputs"] = []

    assert "its outputs" in lines(tuple(spoilt(tmp_path, change)))


# What is executed: a copy of the project, in which a chapter is executed anew and compared with what is stored.


EXECUTE = """
import sys
from pathlib import Path
from surveybook import paths
from surveybook.verify.executing import run_chapters
from surveybook.verify.stages import check_outputs
runs = run_chapters("2004", "", Path(sys.argv[1]), chapters=[paths.chapters_folder() / "02-quality.ipynb"], jobs=1)
for run in runs:
    print(run.fault)
for fault in check_outputs(runs, "2004", "", 0.0).faults:
    print(fault)
"""


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "src/surveybook/stats/intervals.py",
            "squared = critical_value(confidence) ** 2",
            "squared = 1.05 * critical_value(confidence) ** 2",
            "chart 'quality-indicators'",
        ),
        ("data/claims.yml", None, None, "table 'claims-quality'"),
        (
            "data/waves/2004/estimates.csv",
            "customer_satisfaction,chosen,number,68,0,,1000",
            "customer_satisfaction,chosen,number,69,0,,1000",
            "t1p_custsat",
        ),
    ],
    ids=["a function of the package", "a claim's test", "data, sealed anew"],
)
def test_what_changes_an_answer_is_caught_when_the_chapter_runs(
    tmp_path: Path, file: str, old: str | None, new: str | None, said: str
) -> None:
    project = tmp_path / "project"
    ignored = shutil.ignore_patterns(".git", ".venv", "_build", "node_modules", ".*", "tests")
    shutil.copytree(paths.root(), project, ignore=ignored)
    path = project / file
    text = path.read_text(encoding="utf-8")
    if old is None:
        # The first claim of the chapter that is tested by an order: the other way round.
        start = text.index("chapter: quality")
        match = re.search(r"higher: (\S+?),? +lower: (\S+?)(?=[,}\s])|higher: (\S+)\n(\s+)lower: (\S+)", text[start:])
        assert match
        turned = match[0].replace("higher:", "#").replace("lower:", "higher:").replace("#", "lower:")
        text = text[:start] + text[start:].replace(match[0], turned, 1)
    else:
        assert old in text
        text = text.replace(old, str(new), 1)
    path.write_text(text, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(project / "src")}
    run = subprocess.run(
        [sys.executable, "-c", EXECUTE, str(tmp_path / "out")],
        cwd=project, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said in run.stdout
    assert "chapters/02-quality.ipynb" in run.stdout


# What goes in: code, chapters, data, lock, held against a certificate.


def certificate(**parts: Any) -> dict[str, Any]:
    return {"content": {**inputs(), "chapters": [], "site": {"files": {}}, **parts}}


@pytest.mark.parametrize(
    ("part", "file"),
    [
        ("code", "src/surveybook/stats/overlap.py"),
        ("data", "data/claims.yml"),
        ("book", "_config.yml"),
        ("settings", ".github/workflows/tests.yml"),
        ("lock", "requirements.txt"),
    ],
)
def test_a_file_that_a_certificate_doesnt_know_is_named(part: str, file: str) -> None:
    then = certificate()
    now = json.loads(json.dumps(then))
    if part == "lock":
        now["content"]["lock"]["sha256"] = "0" * 64
    else:
        now["content"][part]["files"][file] = "0" * 64
    assert compare_certificates(then, then, "the certificate") == []
    assert file in lines(tuple(compare_certificates(now, then, "the certificate")))


def test_a_version_in_the_lock_is_caught_with_its_package(tmp_path: Path) -> None:
    text = (paths.root() / "requirements.txt").read_text(encoding="utf-8")
    assert check_environment().passed
    tampered = tmp_path / "requirements.txt"
    tampered.write_text(re.sub(r"^numpy==\S+", "numpy==1.0.0", text, flags=re.MULTILINE), encoding="utf-8")
    assert "numpy" in lines(check_environment(tampered).faults)
