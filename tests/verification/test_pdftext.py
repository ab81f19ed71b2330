"""The text of a PDF is that of the pages, in both directions; `pdftotext` is stood in for by what it would say."""

from collections.abc import Callable
from pathlib import Path

import pytest

from surveybook.verify.expected import Expected, Shown
from surveybook.verify.pdftext import check_pdf
from surveybook.verify.record import Check

FOOT = "2004 edition. Fieldwork: November 2004"
INDEX = f"""<main><p class="edition">{FOOT}</p><article><h1>The report</h1><p>What do people want?</p>
<ol class="findings"><li><p>One of them.</p></li></ol></article></main>"""
CHAPTER = f"""<main><p class="edition">{FOOT}</p><article><h1>Quality<a class="headerlink">#</a></h1>
<p>As seen: <span class="pasted-text">It is 68 per cent.</span></p>
<figure class="chart" id="fig-bars"><p class="chart-title">Bars</p><div class="chart-picture"><svg><text>0%</text>
<text>Money</text><text>68%</text></svg></div><details class="chart-data">68</details></figure>
<div class="data-table" id="tab-shares"><table><thead><tr><th>Item</th><th>Share</th></tr></thead>
<tbody><tr><th>Money</th><td>68</td></tr><tr><th>Staff that is well trained</th><td>83</td></tr></tbody></table></div>
<ul><li>a list</li></ul><pre class="code">97</pre></article></main>"""
EXPECTED = {
    "chapters/a": Expected(
        "chapters/a",
        (Shown("leader", ("f1",), "It is 68 per cent."),),
        {"bars": Shown("bars", ("f2",))},
        {"shares": Shown("shares", ("f3", "f4"))},
    )
}
SHEETS = (
    "The report\n2004 edition\nFieldwork: November 2004\n",
    "Contents\nQuality . . . 3\n",
    f"The report\nWhat do people\nwant?\n1\nOne of them.\n{FOOT}\n3\n",
    f"Quality\nAs seen: It is 68 per\ncent.\nBars\nItem Share\nMoney 68\n0%\nMoney\n68%\n{FOOT} Quality\n4\n",
    f"Item Share\nStaff that is well trained\n83\na list\n•\n{FOOT} Quality\n5\n",
)
Look = Callable[[str], Check]


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Look:
    """Return a function that checks a text as that of a PDF of two pages."""
    for name, page in {"index": INDEX, "chapters/a": CHAPTER}.items():
        (tmp_path / f"site/{name}.html").parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / f"site/{name}.html").write_text(page, encoding="utf-8")
    reader = tmp_path / "bin/pdftotext"
    reader.parent.mkdir()
    reader.write_text('#!/bin/sh\ncat "$2"\n')
    reader.chmod(0o755)
    monkeypatch.setenv("PATH", f"{reader.parent}:/usr/bin:/bin")

    def check(text: str) -> Check:
        (tmp_path / "book.pdf").write_text(text, encoding="utf-8")
        return check_pdf(tmp_path / "book.pdf", EXPECTED, tmp_path / "site")

    return check


def test_an_honest_text_has_no_fault(look: Look) -> None:
    done = look("\f".join(SHEETS))
    assert [str(fault) for fault in done.faults] == []
    assert done.counts == {"sheets": 5, "charts": 1, "paragraphs and rows": 10, "words": 36}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("It is 68", "It is 86", "it lacks, or has otherwise: 'As seen: It is 68 per cent.' (figures: f1)"),
        ("As seen", "As said", "'said' stands 1 times more in it than on the pages, on sheet 4"),
        ("Money 68\n", "Money 86\n", "'Money68' (figures: f3)"),
        ("83\n", "38\n", "'38' stands 1 times more in it than on the pages, on sheet 5"),
        ("68%\n", "86%\n", "it lacks the words in the chart 'bars', or has others (figures: f2)"),
        ("Money\n68%", "68%\nMoney", "it lacks the words in the chart 'bars', or has others (figures: f2)"),
        ("a list", "a list. Nobody was asked", "'Nobody' stands 1 times more"),
        ("a list", "a list, 97", "'97' stands 1 times more"),
        ("well trained\n83", "83\nwell trained", "'Staff that is well trained83'"),
        ("One of them.\n", "", "'One of them.'"),
        (f"{FOOT} Quality\n5", f"{FOOT} Quality\n5\nAsked of 12 people", "'12' stands 1 times more"),
    ],
)  # fmt: skip
def test_what_was_changed_is_named(look: Look, old: str, new: str, said: str) -> None:
    text = "\f".join(SHEETS)
    assert old in text
    faults = [str(fault) for fault in look(text.replace(old, new, 1)).faults]
    assert any(said in fault for fault in faults), faults
    assert all(fault.startswith("book.pdf") for fault in faults)


def test_a_paragraph_that_stands_twice_has_to_be_there_twice(look: Look, tmp_path: Path) -> None:
    page = tmp_path / "site/chapters/a.html"
    page.write_text(CHAPTER.replace("<ul>", "<p>One of them.</p><ul>"))
    twice = [*SHEETS[:4], SHEETS[4].replace("a list", "One of them.\na list")]
    assert look("\f".join(twice)).faults == ()
    assert any("One of them." in fault.said for fault in look("\f".join(SHEETS)).faults)


def test_a_row_that_goes_over_to_the_next_sheet_is_found_in_its_parts(look: Look) -> None:
    parted = [*SHEETS[:3], SHEETS[3].replace("Money 68\n", "Money 68\n83\n"), SHEETS[4].replace("83\n", "")]
    assert [str(fault) for fault in look("\f".join(parted)).faults] == []


def test_without_the_reader_the_text_is_said_to_be_unchecked(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert "isn't installed" in look("").skipped[0]


def test_what_the_reader_cannot_read_is_a_fault(look: Look, tmp_path: Path) -> None:
    (tmp_path / "bin/pdftotext").write_text("#!/bin/sh\necho broken >&2\nexit 1\n")
    assert "it can't be read: broken" in str(look("").faults[0])
