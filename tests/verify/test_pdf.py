"""The figures in a PDF are those of the chapters; `pdftotext` is stood in for by what it would say."""

from collections.abc import Callable
from pathlib import Path

import pytest

from surveybook.book.notebooks import Shown
from surveybook.verify.chapters import Expected
from surveybook.verify.downloads import check_pdf
from surveybook.verify.record import Check

EDITION = "2031 edition. Fieldwork: May 2031"
PAGE = f'<main><p class="edition">{EDITION}</p><article><p>It is 68%. It\'s 83%.</p></article></main>'
TABLE = {"columns": ["Item", "Share"], "rows": [["Money", "68"], ["Staff that is well trained", "83"]]}
EXPECTED = {
    "chapters/a": Expected(
        "chapters/a",
        (Shown("leader", ("f1",), "It is 68%."),),
        {"bars": Shown("bars", ("f2",), content={"usermeta": {"surveybook": {"title": "It's 83%"}}}, kind="chart")},
        {"shares": Shown("shares", ("f3", "f4"), content=TABLE)},
        (Shown("Money", ("f5",), content={"says": "Money comes first."}),),
    )
}
PROSE = "Words without a figure. " * 20
SHEETS = (
    f"Money comes\nfirst. {PROSE} As seen: It is\n{EDITION}\n1\n",
    f"68%.\nIt’s 83%\n20% 68%\n{PROSE}\nItem Share\nMoney 68\n{PROSE}\n"
    f"• Staff that is\nwell trained\n{EDITION} Quality\n2\n",
    f"Item Share\n83\n{PROSE}\n3\n",
)
Look = Callable[[str], Check]


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Look:
    """Return a function that checks a text as that of a PDF."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_text(PAGE.replace("</p></article>", " Axis: 20% 68%</p></article>"))
    reader = tmp_path / "bin/pdftotext"
    reader.parent.mkdir()
    reader.write_text('#!/bin/sh\ncat "$2"\n')
    reader.chmod(0o755)
    monkeypatch.setenv("PATH", f"{reader.parent}:/usr/bin:/bin")

    def check(text: str) -> Check:
        (tmp_path / "book.pdf").write_text(text, encoding="utf-8")
        return check_pdf(tmp_path / "book.pdf", tmp_path / "site", EXPECTED)

    return check


def test_an_honest_text_has_no_fault_though_sheets_part_its_sentences_and_rows(look: Look) -> None:
    done = look("\f".join(SHEETS))
    assert [str(fault) for fault in done.faults] == []
    assert done.counts == {"texts with figures": 5, "percentages": 4}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("68%.\n", "86%.\n", "it lacks, or has otherwise: 'It is 68%.' (figures: f1)"),
        ("It’s 83%", "It’s 38%", "'38%' stands in it, and on no page"),
        ("It’s 83%", "It’s 20%", "it lacks, or has otherwise: 'It's 83%' (figures: f2)"),
        ("Money 68\n", "Money 86\n", "it lacks, or has otherwise: 'Money 68' (figures: f3)"),
        ("Share\n83", "Share\n38", "'Staff that is well trained 83' (figures: f4)"),
        ("Money comes", "Staff comes", "it lacks, or has otherwise: 'Money comes first.' (figures: f5)"),
        ("20% 68%", "20% 68% 97% of nobody", "'97%' stands in it, and on no page"),
    ],
)
def test_a_figure_that_was_changed_is_named(look: Look, old: str, new: str, said: str) -> None:
    text = "\f".join(SHEETS)
    assert old in text
    faults = [str(fault) for fault in look(text.replace(old, new, 1)).faults]
    assert any(said in fault for fault in faults), faults
    assert all(fault.startswith("book.pdf") for fault in faults)


def test_without_the_reader_the_figures_are_said_to_be_unchecked(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert "isn't installed" in look("").skipped[0]


def test_what_the_reader_cannot_read_is_a_fault(look: Look, tmp_path: Path) -> None:
    (tmp_path / "bin/pdftotext").write_text("#!/bin/sh\necho broken >&2\nexit 1\n")
    assert "it can't be read: broken" in str(look("").faults[0])
