"""Whether the text of a PDF says what the executed chapters say."""

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from whyict.verification.expected import Expected, story
from whyict.verification.markup import typeset
from whyict.verification.numbers import ANY
from whyict.verification.record import Check, Fault, check

READER = "pdftotext"
# Paper breaks lines after these, and hyphenates nowhere else.
BROKEN = re.compile(r"\s+")


def check_pdf(path: Path, expected: Mapping[str, Expected]) -> Check:
    """Look for every glued text, and every number of every chart's and table's data, in the text of a PDF."""
    name, by = f"Text of {path.name}", f"{READER}, against the executed chapters"
    reader = shutil.which(READER)
    if reader is None:
        skipped = [f"The text of {path.name}: {READER} isn't installed (Debian: poppler-utils)."]
        return check("site", name, by, {}, (), skipped, local=True)
    run = subprocess.run([reader, "-raw", str(path), "-"], capture_output=True, text=True, check=False, timeout=120)
    if run.returncode:
        return check(
            "site", name, by, {}, [Fault(f"it can't be read: {run.stderr.strip()[:200]}", path.name)], local=True
        )
    text = squeezed(run.stdout)
    counts: Counter[str] = Counter()
    faults = []
    for chapter in expected.values():
        for shown in chapter.pasted:
            counts["glued texts"] += 1
            if squeezed(shown.text) not in text:
                faults.append(
                    Fault(
                        f"the glued text '{shown.name}' isn't in it: '{shown.text[:80]}'",
                        path.name,
                        chapter.chapter,
                        shown.figures,
                    )
                )
        for shown in chapter.charts.values():
            counts["charts"] += 1
            told = story(shown.content)
            for said in (told.get("title", ""), told.get("base", "")):
                if squeezed(said) not in text:
                    faults.append(
                        Fault(
                            f"the chart '{shown.name}' lacks '{said[:80]}'", path.name, chapter.chapter, shown.figures
                        )
                    )
        for shown in chapter.tables.values():
            counts["tables"] += 1
            rows = shown.content.get("rows", [])
            for number, row in enumerate(rows):
                lost = [
                    cell
                    for cell in row
                    if cell is not None and ANY.search(str(cell)) and squeezed(str(cell)) not in text
                ]
                if lost:
                    figures = (shown.figures[number],) if len(shown.figures) == len(rows) else shown.figures
                    faults.append(
                        Fault(
                            f"the table '{shown.name}' lacks '{str(lost[0])[:80]}'", path.name, chapter.chapter, figures
                        )
                    )
    return check("site", name, by, counts, faults, local=True)


def squeezed(text: str) -> str:
    """Return a text without what paper puts between its words, and as pages set it."""
    return BROKEN.sub("", typeset(text))
