"""The tools beside the package: locks are checked, releases deposited, newest packages reported, commits stopped."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from surveybook.model import paths
from surveybook.model.problems import Fault, SurveybookError
from tools import drift
from tools.deposit import SUMS, collect, zip_folder


def test_make_installs_nothing_from_a_tampered_lock(tmp_path: Path) -> None:
    for path in (*paths.root().glob("requirements*"), *map(paths.root().joinpath, ("pyproject.toml", "Makefile"))):
        shutil.copy(path, tmp_path)
    for folder in ("tools", "src"):
        leave = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(paths.root() / folder, tmp_path / folder, ignore=leave)
    for lock in (locks := list(tmp_path.glob("requirements*.txt"))):
        lock.write_text(f"--index-url https://example.org/simple\n{lock.read_text(encoding='utf-8')}", encoding="utf-8")
    run = subprocess.run(
        ["make", f"PYTHON={sys.executable}", ".venv/.ready"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode != 0
    assert len(locks) == 3
    for lock in locks:
        assert f"{lock.name}, row 1: '--index-url https://example.org/simple' isn't a package" in run.stderr
    assert not (tmp_path / ".venv").exists()


MOMENT = 1_700_000_000


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "html"
    (folder / "chapters").mkdir(parents=True)
    (folder / "index.html").write_text("first", encoding="utf-8")
    (folder / "chapters" / "one.html").write_text("second", encoding="utf-8")
    return folder


def test_an_archive_is_the_same_whenever_and_from_whichever_copy_it_is_made(site: Path, tmp_path: Path) -> None:
    zip_folder(site, tmp_path / "site.zip", MOMENT)
    first = (tmp_path / "site.zip").read_bytes()
    (site / "index.html").unlink()
    (site / "index.html").write_text("first", encoding="utf-8")
    os.utime(site / "chapters" / "one.html", (1, 1))
    (site / "chapters" / "one.html").chmod(0o600)
    zip_folder(site, tmp_path / "site.zip", MOMENT)
    assert (tmp_path / "site.zip").read_bytes() == first
    with zipfile.ZipFile(tmp_path / "site.zip") as archive:
        assert archive.namelist() == ["site/chapters/one.html", "site/index.html"]
        assert archive.read("site/index.html") == b"first"


def test_the_hashes_are_those_of_the_files(site: Path, tmp_path: Path) -> None:
    (tmp_path / "book.pdf").write_bytes(b"%PDF")
    found = {"site.zip": (site, ""), "why.pdf": (tmp_path / "book.pdf", "")}
    files = collect(found, tmp_path / "deposit", MOMENT)
    assert [file.name for file in files] == ["site.zip", "why.pdf", SUMS]
    checked = subprocess.run(
        ["sha256sum", "--check", SUMS], cwd=tmp_path / "deposit", capture_output=True, text=True, check=True
    )
    assert checked.stdout.splitlines() == ["site.zip: OK", "why.pdf: OK"]


def test_all_that_is_missing_is_named_with_what_makes_it_and_the_last_deposit_stays(tmp_path: Path) -> None:
    (tmp_path / "deposit").mkdir()
    (tmp_path / "deposit" / "old").touch()
    found = {"a": (tmp_path / "no.pdf", "make pdf"), "b": (tmp_path / "no.json", "make certificate")}
    with pytest.raises(SurveybookError, match=r"no\.pdf \(made by: make pdf\).*no\.json \(made by: make certificate\)"):
        collect(found, tmp_path / "deposit", MOMENT)
    assert (tmp_path / "deposit" / "old").exists()


LOCK = """altair==6.0.0 \\
    --hash=sha256:aa
    # via -r requirements.in
numpy==2.3.0 ; python_full_version < '3.12' \\
    --hash=sha256:bb
numpy==2.4.0 ; python_full_version >= '3.12' \\
    --hash=sha256:cc
"""
CHANGE = Fault("cell 7, glued text 'leader': '68%' is now '69%'", "chapters/02-quality.ipynb", figures=("t1p_custsat",))


def test_the_report_names_packages_tests_and_outputs() -> None:
    outcome = drift.Outcome(1, 0, {"tests.a: test_b": "68 | 69"})
    report = drift.write_report([("altair", "6.0.0", "6.1.0")], outcome, [CHANGE], [])
    assert "| altair | 6.0.0 | 6.1.0 |" in report
    assert "Tests: 1 passed, 1 failed, 0 skipped." in report
    assert "| tests.a: test_b | 68 \\| 69 |" in report
    assert "| chapters/02-quality.ipynb | cell 7, glued text 'leader': '68%' is now '69%' | t1p_custsat |" in report


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the report goes of a project with nothing but a lock."""
    (tmp_path / "report.yml").write_text("title: Made up\nfile_name: made-up\n", encoding="utf-8")
    (tmp_path / drift.LOCK).write_text(LOCK, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(drift.venv, "create", lambda folder, with_pip: folder.mkdir(parents=True))
    return tmp_path / "_build/drift"


def test_packages_that_do_not_go_together_are_reported_and_fail_nothing(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(python: Path, lock: Path) -> None:
        drift.run(drift.sys.executable, "-c", "import sys; sys.exit('no resolution')")

    monkeypatch.setattr(drift, "resolve", refuse)
    drift.main([])
    report = (elsewhere / "report.md").read_text(encoding="utf-8")
    assert "no resolution" in report
    assert "The tests did not run." in report
    assert "Every chapter gives what is stored." not in report
    assert (elsewhere / "broken").exists()


@pytest.mark.parametrize(("message", "changes", "broken"), [("", [], False), ("", [CHANGE], True), ("bad", [], True)])
def test_a_mark_tells_whether_anything_is_to_be_seen_to(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, message: str, changes: list[Fault], broken: bool
) -> None:
    def run(*words: str, needed: bool = True) -> str:
        fault = f'<failure message="{message}"/>' if message else ""
        (elsewhere / "tests.xml").write_text(f"<s><testcase classname='a' name='b'>{fault}</testcase></s>", "utf-8")
        return ""

    monkeypatch.setattr(drift, "resolve", lambda python, lock: lock.write_text("altair==99\n", "utf-8"))
    monkeypatch.setattr(drift, "run", run)
    monkeypatch.setattr(drift, "execute_chapters", lambda python, folder: ([], changes))
    drift.main([])
    assert "| 99 |" in (elsewhere / "report.md").read_text(encoding="utf-8")
    assert (elsewhere / "broken").exists() is broken


@pytest.mark.slow
def test_the_hooks_of_our_own_stop_private_answers_loose_numbers_and_traces_of_a_run(tmp_path: Path) -> None:
    clone, hooks = tmp_path / "clone", ".pre-commit-config.yaml"
    for folder in ("src", "data", "chapters"):
        shutil.copytree(paths.root() / folder, clone / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (paths.LANDING_PAGE, paths.REPORT_FILE, hooks):
        shutil.copy(paths.root() / name, clone)
    (clone / ".venv").symlink_to(sys.prefix)
    (clone / "data/waves/2004/responses_public.csv").write_text("1\n", encoding="utf-8")
    chapter = clone / "chapters/02-quality.ipynb"
    notebook = json.loads(chapter.read_text(encoding="utf-8"))
    text, code = (next(one for one in notebook["cells"] if one["cell_type"] == kind) for kind in ("markdown", "code"))
    text["source"].append("\n\nIt was 68%.")
    code["execution_count"] = 7
    chapter.write_text(json.dumps(notebook), encoding="utf-8")
    # What a commit under way tells git's children is about another folder than this one.
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    around = {**quiet, "PYTHONPATH": str(clone / "src"), "PRE_COMMIT_HOME": str(tmp_path / "kept")}
    for words in (["init", "-q"], ["add", "--all"]):
        subprocess.run(["git", *words], cwd=clone, check=True, env=around)
    for hook, said in {
        "private-answers": ["Respondents' answers stay private"],
        "chapters": ["02-quality.ipynb", "“68” (digit)", "it was run as 7, not as 1; store it with: surveybook"],
    }.items():
        run = [Path(sys.prefix) / "bin/pre-commit", "run", hook, "--all-files", "--color=never"]
        done = subprocess.run(run, cwd=clone, env=around, capture_output=True, text=True)
        assert done.returncode == 1
        assert [words for words in said if words not in done.stdout] == []
