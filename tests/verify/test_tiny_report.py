"""The verification knows no report: one with nothing but two questions is verified, and bears no word of another."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tiny_report import write_tiny_report

OF_ANOTHER = re.compile(r"\b2004\b|\bpublic\b|frontline|Why ICT|whyict|why-ict", re.IGNORECASE)


def surveybook(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", "from surveybook.cli import main; main()"]
    return subprocess.run([*program, *words], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_a_report_of_two_questions_is_verified_and_its_certificate_is_its_own(tmp_path: Path) -> None:
    report = write_tiny_report(tmp_path / "report")
    stored = surveybook(report, "chapter", "store")
    assert stored.returncode == 0, stored.stdout + stored.stderr
    issued = surveybook(report, "verify", "--issue")
    assert (issued.returncode, issued.stderr) == (0, ""), issued.stdout
    texts = [
        (report / name).read_text(encoding="utf-8") for name in ("certificate/2031/certificate.json", "codecheck.yml")
    ]
    assert not [line for text in texts for line in text.splitlines() if OF_ANOTHER.search(line)]
    chapter = report / "chapters/01-parks.ipynb"
    chapter.write_text(chapter.read_text(encoding="utf-8").replace("72%", "27%"), encoding="utf-8")
    tampered = surveybook(report, "verify")
    said = " ".join(tampered.stdout.split())
    assert tampered.returncode == 6
    assert said.index("chapters/01-parks.ipynb, chapters/01-parks: the file isn't that of") < said.index("is now '72%")
