"""The linter finds each kind of loose number that is planted, and nothing in a chapter that has none."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from planting import BLOCKS, CLAIMS, GLUE, GLUED, PARAMETERS, PROSE, write_notebook

from surveybook import findings, glue, open_report
from surveybook.book.notebooks import read_notebook
from surveybook.claims.claim import read_claims
from surveybook.cli.book import lint_command
from surveybook.model import paths
from surveybook.model.codebook import read_codebook
from surveybook.model.files import read_yaml
from surveybook.model.problems import DataError, SurveybookError
from surveybook.model.wording import together
from surveybook.verify.lint import ExceptionRow, Finding, lint, read_exceptions
from surveybook.verify.prose import read_chapter, read_word_lists
from tests.waves import synthetic, wave_2004

REPORT = ":::{report} 2.2\n:claims: q-one\n"
# By the rule that they break, what is planted and what is found of it.
PLANTED = read_yaml(Path(__file__).with_name("planted.yml"), [])


def found(path: Path, exceptions: Sequence[ExceptionRow] = ()) -> list[Finding]:
    return lint([path], claims=CLAIMS, exceptions=exceptions)


def planted(tmp_path: Path, text: str, **parts: Any) -> list[tuple[str, str]]:
    """Return rule and text of what is found in a clean chapter with `text` added to it."""
    path = write_notebook(tmp_path / "02-planted.ipynb", prose=(PROSE, BLOCKS, text), **parts)
    return [(finding.rule, finding.found) for finding in found(path)]


# Each text with the rule that it breaks, if any, and the words that are found; the first stands in the sixth cell.
TEXTS = [(text, None, "") for text in PLANTED["no-finding"]]
TEXTS += [(text, rule, words) for rule in PLANTED if rule != "no-finding" for text, words in PLANTED[rule]]


@pytest.fixture(scope="module")
def found_of_all(tmp_path_factory):
    """Return what is found in a clean chapter with all texts added to it, a cell each; linting takes its time."""
    path = tmp_path_factory.mktemp("lint") / "02-planted.ipynb"
    return found(write_notebook(path, prose=(PROSE, BLOCKS, *(text for text, *_ in TEXTS))))


@pytest.mark.parametrize(("cell", "rule", "words"), [(cell, *one[1:]) for cell, one in enumerate(TEXTS, start=6)])
def test_what_is_typed_or_stands_in_the_wrong_block_is_found_and_what_is_bound_is_not(found_of_all, cell, rule, words):
    wanted = [] if rule is None else [(rule, words)]
    assert [(one.rule, one.found) for one in found_of_all if one.cell == cell] == wanted, TEXTS[cell - 6][0]


def test_nothing_else_is_found(found_of_all):
    assert [str(one) for one in found_of_all if one.cell < 6] == []


def test_a_text_may_break_two_rules(tmp_path):
    assert planted(tmp_path, "<p>Some 44</p>") == [("foreign-markup", "<p>Some 44</p>"), ("digit", "44")]
    text = f"{{glue:text}}`both`\n\n{REPORT}{{glue:text}}`both`\n:::"
    both = planted(tmp_path, text, glued=GLUED | {"both": ["", "2004"]})
    assert both == [("glue-outside", "both"), ("report-glue", "both")]


def test_a_finding_names_file_cell_line_text_and_what_to_do(tmp_path):
    text = f"A line.\n\nAnother,\nwith 68.\n\n{REPORT}Words,\nthen 68.\n:::"
    path = write_notebook(tmp_path / "02-planted.ipynb", prose=(PROSE, text))
    finding, in_block = found(path)
    assert [(one.cell, one.line) for one in (finding, in_block)] == [(5, 4), (5, 9)]
    assert str(finding).startswith(f"{paths.shown(path)}, cell 5, line 4: “68” (digit): no digit is typed: glue it")


def test_glue_stores_the_wave_of_what_the_report_said_and_of_nothing_else(monkeypatch):
    survey = synthetic()
    key = "public.value_for_money.chosen"
    now, then = (findings.share(one, key) for one in (survey, open_report(survey)))
    assert (now.waves, then.waves) == (("",), ("2004",))
    assert findings.share(open_report(wave_2004()), key).waves == ("2004",)
    assert together(now, then).waves == ("", "2004")
    assert findings.who_was_asked(open_report(survey)).waves == ("2004",)
    stored = []
    monkeypatch.setattr("IPython.display.display", lambda _, raw, metadata: stored.append(metadata["surveybook"]))
    glue(now=now, then=then)
    assert [one.get("waves") for one in stored] == [None, ["2004"]]


@pytest.mark.parametrize(
    ("parts", "rule"),
    [
        ({"code": (GLUE, 'findings.share(open_wave("2004"), key)')}, "typed-wave"),
        ({"code": (GLUE, "def f():\n    return survey")}, "definition"),
        ({"code": (GLUE, 'glue(typed=Phrase("so it is"))')}, "typed-phrase"),
        ({"code": (GLUE, 'charts.shares(survey, [], "a-name", "The 68 of them")')}, "code-digit"),
        ({"code": (GLUE, 'charts.shares(survey, [], "a-name", "The web is ahead")')}, "code-direction"),
        ({"code": (GLUE, "\n".join(["x = 1"] * 13))}, "cell-length"),
        ({"code": (GLUE, "x = (")}, "code-unreadable"),
        ({"tags": ()}, "parameters"),
        ({"parameters": f"{PARAMETERS}\nlabel = wave + baseline"}, "parameters"),
        ({"parameters": f"import sys\n{PARAMETERS}"}, "parameters"),
        ({"executed": False}, "not-executed"),
    ],
)
def test_code_that_breaks_a_rule_is_found(tmp_path, parts, rule):
    assert [name for name, _ in planted(tmp_path, "", **parts)] == [rule]


def test_a_page_without_code_is_read_too(tmp_path):
    page = tmp_path / "96-page.md"
    page.write_text("---\ntitle: 68\n---\n\n# A page\n\nwith 68 on it\n", encoding="utf-8")
    (finding,) = found(page)
    assert (finding.rule, finding.cell, finding.line) == ("digit", 0, 7)


def test_an_exact_phrase_may_be_allowed_in_its_chapter(tmp_path):
    path = write_notebook(tmp_path / "02-planted.ipynb", prose=(PROSE, "A quarter of\nan hour, a quarter past."))
    allowed = ExceptionRow(2, "source", "02-planted", "quarter of an hour", "a time and no share")
    assert [(finding.rule, finding.start) for finding in found(path, [allowed])] == [("fraction", 24)]
    elsewhere = ExceptionRow(2, "source", "03-other", "quarter of an hour", "a time and no share")
    assert len(found(path, [elsewhere])) == 2


def test_an_exception_that_nothing_needs_is_a_finding(tmp_path):
    path = write_notebook(tmp_path / "02-clean.ipynb")
    (finding,) = found(path, [ExceptionRow(2, "source", "02-clean", "no such phrase", "once needed")])
    assert (finding.rule, finding.line, finding.found) == ("exception-unused", 2, "no such phrase")


def test_no_exception_allows_a_wrong_wave_in_a_block(tmp_path):
    path = write_notebook(tmp_path / "02-planted.ipynb", prose=(PROSE, "It was {glue:text}`then_value`."))
    rules = [finding.rule for finding in found(path, [ExceptionRow(2, "source", "02-planted", "then_value", "why")])]
    assert rules == ["glue-outside", "exception-unused"]


def test_a_cell_may_be_allowed_to_be_a_little_long_and_no_longer(tmp_path):
    row = ExceptionRow(2, "source", "02-planted", "x = 1", "a list that reads as one")
    for lines, rules in ((15, []), (16, ["cell-length", "exception-unused"])):
        code = (GLUE, "\n".join(["x = 1"] * lines))
        path = write_notebook(tmp_path / "02-planted.ipynb", code=code)
        assert [finding.rule for finding in found(path, [row])] == rules


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("source,02-quality,a phrase,", "column reason: the reason is missing"),
        ("prose,02-quality,a phrase,why", "'prose' isn't known; expected one of source, perturbation"),
        ("source,02-quality,a phrase,why\nsource,02-quality,a phrase,why", "stands in row 2 already"),
    ],
)
def test_a_faulty_row_of_the_exceptions_is_named(tmp_path, row, problem):
    file = tmp_path / "exceptions.csv"
    file.write_text(f"check,chapter,phrase,reason\n{row}\n", encoding="utf-8")
    with pytest.raises(DataError, match=problem):
        read_exceptions(file)


def test_a_list_of_words_that_holds_something_else_is_named(tmp_path):
    file = tmp_path / "words.yml"
    file.write_text("directions: [[more, most]]\nfractions: [half, true]\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"fractions\.entry 2: true stands here; it should be a valid string"):
        read_word_lists(file)


def test_a_report_without_words_of_its_own_has_those_of_the_engine(tmp_path):
    found = read_word_lists(tmp_path / "words.yml")
    assert [rule for rule, _ in found.find(["direction", "fraction"], "more than half of them")] == [
        "direction",
        "fraction",
    ]


def test_a_file_that_is_no_chapter_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(SurveybookError, match="neither a notebook"):
        lint([tmp_path / "missing.ipynb"])


def test_the_command_lists_findings_and_fails(tmp_path, capsys):
    page = tmp_path / "96-page.md"
    page.write_text("with 68 on it\n", encoding="utf-8")
    with pytest.raises(SurveybookError, match=r"“68” \(digit\)[\s\S]*1 finding\."):
        lint_command([page])
    page.write_text("with nothing on it\n", encoding="utf-8")
    lint_command([page])
    assert "No loose number in 1 file." in capsys.readouterr().out


def test_the_book_has_no_loose_number():
    assert [str(finding) for finding in lint()] == []


ABBREVIATION = re.compile(r"\b\w*[A-Z]{2}\w*\b")
TERM = re.compile(r"^(\S.*)\n  \S", re.MULTILINE)


def read_terms() -> set[str]:
    """Return the words of all terms of the glossary."""
    cells = read_notebook(paths.find_chapter("methods")).cells
    glossary = next(cell.source for cell in cells if "{glossary}" in cell.source)
    return {word for term in TERM.findall(glossary) for word in term.split()}


def list_texts() -> list[str]:
    """Return what stands on pages: their prose, the names of what was asked, and what is claimed."""
    chapters = [read_chapter(path) for path in (*paths.chapters(), *paths.pages())]
    codebook = read_codebook()
    return [
        *(passage.text for chapter in chapters for passage in chapter.passages),
        *codebook.items["label"],
        *codebook.questions["title"],
        *(claim.statement for claim in read_claims()),
    ]


def test_the_glossary_explains_every_abbreviation_of_the_pages() -> None:
    used = {found.removesuffix("s") for text in list_texts() for found in ABBREVIATION.findall(text)}
    assert {"ICT", "PCS", "NASUWT"} <= used
    assert used - read_terms() == set()
