"""The installed packages are those of the lock, and the lock is whole."""

import base64
import hashlib
import os
from pathlib import Path

import pytest

from surveybook.model import paths
from surveybook.verify import environment, installed
from surveybook.verify.certificate import inputs
from surveybook.verify.environment import LOCK, check_environment, installed_packages, read_lock

HASH = "--hash=sha256:" + "0" * 64


def faults(tmp_path: Path, lock: str, wanted: str = "", installed: dict[str, str] | None = None) -> list[str]:
    (tmp_path / "lock.txt").write_text(lock)
    (tmp_path / "wanted.in").write_text(wanted)
    there = {"pandas": "3.0.1"} if installed is None else installed
    return [str(one) for one in check_environment(tmp_path / "lock.txt", tmp_path / "wanted.in", there).faults]


def test_this_environment_is_that_of_the_lock() -> None:
    done = check_environment()
    assert done.faults == ()
    assert done.counts["packages"] > 100


@pytest.mark.parametrize(
    ("lock", "said"),
    [
        (f"pandas==3.0.2 {HASH}", "pandas is 3.0.1 here and 3.0.2 in the lock"),
        (f"numpy==2.0 {HASH}", "numpy 2.0 isn't installed"),
        (f"pandas>=3 {HASH}", "pandas isn't pinned to one version"),
        ("pandas==3.0.1", "pandas has no hash"),
        (f"pandas==3.0.1 {HASH} --hash=md5:12", "pandas has no hash, or one that isn't SHA-256"),
        ("pandas @ file:///somewhere", "pandas isn't pinned"),
        ("!!", "'!!' isn't a pinned package"),
    ],
)
def test_a_lock_that_is_not_kept_is_named(tmp_path: Path, lock: str, said: str) -> None:
    assert any(said in fault for fault in faults(tmp_path, lock)), faults(tmp_path, lock)


def test_a_lock_that_is_kept_has_no_fault(tmp_path: Path) -> None:
    older = f"old==1.0 ; python_version < '3' \\\n    {HASH}\n"
    lock = f"pandas==3.0.1 \\\n    {HASH} \\\n    {HASH}\n    # via other\n{older}"
    assert faults(tmp_path, lock, "pandas>=3  # tables\n") == []


def test_what_was_asked_for_has_to_be_in_the_lock(tmp_path: Path) -> None:
    found = faults(tmp_path, f"pandas==3.0.1 {HASH}", "pandas<3\nscipy\n")
    assert "pandas<3 is asked for in requirements.in and the lock has 3.0.1" in found[0]
    assert "scipy is asked for in requirements.in and the lock has none" in found[1]


def test_every_direct_dependency_of_the_lock_can_be_read() -> None:
    pins, wrong = read_lock(LOCK.read_text())
    assert wrong == []
    assert {pin.name for pin in pins if pin.needed} <= set(installed_packages())


def test_a_missing_lock_is_a_sentence(tmp_path: Path) -> None:
    done = check_environment(tmp_path / "none.txt", tmp_path / "none.in", {})
    assert "restore it from version control" in str(done.faults[0])


def test_without_a_lock_what_was_found_can_still_be_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "LOCK", tmp_path / "requirements.txt")
    monkeypatch.setenv(paths.DATA_VARIABLE, str(paths.data()))
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    assert environment.describe_machine()["packages"] == {}
    assert inputs()["lock"] == {"file": "requirements.txt", "sha256": hashlib.sha256(b"").hexdigest()}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with one installed package, as pip leaves it."""
    (tmp_path / "fair.py").write_text("answer = 42\n")
    (tmp_path / "fair-1.0.dist-info").mkdir()
    (tmp_path / "fair-1.0.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: fair\nVersion: 1.0\n")
    digest = base64.urlsafe_b64encode(hashlib.sha256(b"answer = 42\n").digest()).rstrip(b"=").decode()
    record = f"fair.py,sha256={digest},12\nfair-1.0.dist-info/METADATA,,\n__pycache__/fair.pyc,,\n"
    (tmp_path / "fair-1.0.dist-info/RECORD").write_text(record)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(installed, "homes", lambda: {tmp_path.resolve()})
    monkeypatch.setattr(installed, "OWN", "fair")
    return tmp_path


def test_a_package_that_is_as_it_was_installed_has_no_fault(package: Path) -> None:
    assert installed.check_installed(["fair"]) == (1, [])


@pytest.mark.parametrize(("content", "said"), [("answer = 97\n", "was changed since"), (None, "is missing")])
def test_a_file_of_a_package_that_was_changed_is_named(package: Path, content: str | None, said: str) -> None:
    (package / "fair.py").unlink()
    if content:
        (package / "fair.py").write_text(content)
    count, (fault,) = installed.check_installed(["fair"])
    assert (count, fault.file) == (1, "fair.py")
    assert f"a file of fair {said}" in fault.said


def test_a_missing_file_is_named_whatever_reads_the_lists_of_packages(package: Path) -> None:
    # It takes the place of Python's own reader, and leaves out what is missing.
    importlib_metadata = pytest.importorskip("importlib_metadata")

    assert importlib_metadata.distribution("fair").files
    (package / "fair.py").unlink()
    assert [fault.file for fault in installed.check_installed(["fair"])[1]] == ["fair.py"]


def test_a_list_with_a_hash_that_nobody_can_work_out_is_named(package: Path) -> None:
    record = package / "fair-1.0.dist-info/RECORD"
    record.write_text(record.read_text().replace("sha256=", "rot13="))
    assert "a hash of an unknown kind" in str(installed.check_installed(["fair"])[1][0])


@pytest.mark.parametrize("file", ["fair-1.0.dist-info/entry_points.txt", "theme/layout.html", "kernel.json"])
def test_what_pages_are_made_of_and_what_says_what_runs_is_looked_at_too(package: Path, file: str) -> None:
    record = package / "fair-1.0.dist-info/RECORD"
    digest = base64.urlsafe_b64encode(hashlib.sha256(b"honest").digest()).rstrip(b"=").decode()
    record.write_text(f"{record.read_text()}{file},sha256={digest},6\n")
    (package / file).parent.mkdir(exist_ok=True)
    (package / file).write_text("honest")
    assert installed.check_installed(["fair"])[1] == []
    (package / file).write_text("[pytest11]\nevil = evil")
    assert [fault.file for fault in installed.check_installed(["fair"])[1]] == [file]


@pytest.mark.parametrize(
    "name", ["sitecustomize.py", "usercustomize.py", "added.pth", "numexpr.py", "bottleneck/__init__.py", "numba.pyc"]
)
def test_what_python_would_import_or_run_and_no_package_brought_is_named(package: Path, name: str) -> None:
    (package / name).parent.mkdir(exist_ok=True)
    (package / name).write_text("import os\n")
    for harmless in ("_virtualenv.pth", "_virtualenv.py", "README.txt"):
        (package / harmless).write_text("import _virtualenv\n")
    (package / "__pycache__").mkdir()
    assert [fault.file for fault in installed.check_installed(["fair"])[1]] == [Path(name).parts[0]]


def test_the_list_of_this_project_s_own_package_leads_to_its_code_and_is_looked_at(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (package / "fair.py").write_text("answer = 97\n")
    assert len(installed.check_installed([])[1]) == 1
    monkeypatch.setattr(installed, "OWN", "another")
    assert installed.check_installed([])[1] == []


def test_what_each_kernel_reads_and_no_package_brought_is_named(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed.sys, "prefix", str(package))
    (package / "etc/ipython").mkdir(parents=True)
    (package / "etc/ipython/ipython_kernel_config.py").write_text("c = get_config()\n")
    assert [fault.file for fault in installed.check_installed(["fair"])[1]] == ["etc/ipython/ipython_kernel_config.py"]


@pytest.mark.parametrize("name", ["sitecustomize.py", "fair.py", "json/__init__.py", "surveybook/__init__.py"])
def test_a_module_that_python_is_told_to_take_instead_is_named(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    there = tmp_path / "elsewhere" / name
    there.parent.mkdir(parents=True)
    there.touch()
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'elsewhere'}{os.pathsep}{paths.root() / 'src'}")
    (fault,) = installed.check_installed(["fair"])[1]
    assert fault.file.endswith(f"elsewhere/{name.partition('/')[0]}")
    assert "because PYTHONPATH names its folder; unset it" in fault.said


def test_a_folder_of_other_modules_that_python_is_told_to_look_in_is_no_fault_but_not_checked(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/my_tool.py").touch()
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'elsewhere'}{os.pathsep}{tmp_path / 'nowhere'}")
    assert installed.check_installed(["fair"])[1] == []
    (said,) = [one for one in check_environment(installed={}).skipped if "PYTHONPATH" in one]
    assert "elsewhere, which PYTHONPATH names: no package's." in said
