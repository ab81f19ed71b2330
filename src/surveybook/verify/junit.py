"""The result of a verification as JUnit XML, which continuous integration shows by itself."""

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from surveybook.verify.record import Check, named

# What XML 1.0 can't hold.
FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(path: Path, checks: Sequence[Check]) -> None:
    """Write a test case a check: failed with all its faults, skipped where it could look at nothing."""
    suite = ElementTree.Element(
        "testsuite",
        name="surveybook verify",
        tests=str(len(checks)),
        failures=str(sum(not one.passed for one in checks)),
        errors="0",
        skipped=str(sum(left_out(one) for one in checks)),
    )
    for one in checks:
        case = ElementTree.SubElement(suite, "testcase", classname=f"verify.{one.link}", name=clean(one.name))
        if not one.passed:
            failure = ElementTree.SubElement(
                case, "failure", message=clean(f"{len(one.faults)} wrong: {one.faults[0]}"), type=one.link
            )
            failure.text = clean("\n".join(named(one.faults, len(one.faults))))
        elif left_out(one):
            ElementTree.SubElement(case, "skipped", message=clean(" ".join(one.skipped) or "nothing to check"))
        counted = [f"{number} {what}" for what, number in one.counts.items()]
        said = [f"By: {one.by}", f"Looked at: {', '.join(counted)}", *(f"Not checked: {text}" for text in one.skipped)]
        ElementTree.SubElement(case, "system-out").text = clean("\n".join(said))
    path.parent.mkdir(parents=True, exist_ok=True)
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def left_out(one: Check) -> bool:
    """Return whether a check passed because there was nothing that it could look at."""
    return one.passed and not one.counts


def clean(text: str) -> str:
    """Return a text without what XML can't hold."""
    return FORBIDDEN.sub("�", text)
