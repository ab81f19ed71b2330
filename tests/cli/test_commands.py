"""What a person gets who types: how far it has come, and a result, or one sentence and an exit status."""

import io
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from rich.console import Console

from surveybook import cli
from surveybook.book.editions import Step
from surveybook.cli.book import show_progress
from tests.commands import type_in, type_well


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["chapter", "run", "parks", "out.ipynb", "-p", "wvae=1999"], "it has wave, baseline. Did you mean 'wave'?"),
        (["chapter", "run", "parks", "out.ipynb", "-p", "wave"], "'wave' sets nothing: write it as name=value"),
        (["chapter", "run", "nonsense", "out.ipynb"], "There is no chapter 'nonsense'. There are: index, 01-parks."),
        (["chapter", "run", "parks", "chapters/01-parks.ipynb"], "is a chapter of the book"),
        (["chapter", "run", "parks", "report.yml"], "isn't the name of a notebook"),
        (["wave", "check", "1999"], "There is no wave '1999' in data/waves. There are: 2031."),
        (["wave", "check", "../x"], "'../x' can't be the id of a wave"),
        (["wave", "new", "2031"], "data/waves/2031 is there already"),
        (["wave", "describe", "nothing.sav"], "nothing.sav"),
        (["build", "1999"], "There is no wave '1999'"),
        (["build", "2031", "--all"], "Name a wave, or give --all"),
        *(([command, "--wave", "1999"], "There is no wave '1999'") for command in ("build", "verify", "claims")),
        (["verify", "1999"], "There is no wave '1999'"),
        (["claims", "1999"], "There is no wave '1999'"),
        (["build", "2031", "--wave", "2030"], "Two waves are named, 2031 and 2030: name one."),
        (["compare", "2031"], "A comparison needs two waves or more"),
        (["compare", "2031", "2031"], "each named once"),
        (["data", "check"], "datapackage.json: it is missing; run `surveybook data seal`"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_with_what_to_do(tiny: Path, words: list[str], said: str) -> None:
    typed = type_in(tiny, *words)
    assert (typed.returncode, typed.stdout) == (1, "")
    assert said in typed.stderr
    assert "Traceback" not in typed.stderr
    assert not (tiny / "out.ipynb").exists()


def test_outside_of_a_report_each_command_says_so(tmp_path: Path) -> None:
    for words in (["wave", "check", "2031"], ["build"], ["data", "seal"]):
        assert "go to the folder of a report" in type_in(tmp_path, *words).stderr


def test_commands_work_in_any_folder_below_the_report(tiny: Path) -> None:
    assert type_in(tiny / "data/waves/2031", "wave", "check", "2031").returncode == 0


def test_what_readers_take_away_is_written_without_a_site(tiny: Path) -> None:
    said = type_well(tiny, "wave", "export", "2031", "--to", "out/here")
    written = sorted(path.name for path in (tiny / "out/here").iterdir())
    assert written == ["ddi.xml", "figures.json", "tables.xlsx", "topline.docx"]
    assert said.count("Wrote out/here/") == 4


def test_a_new_wave_is_made_from_the_codebook_and_says_what_to_fill_in(tiny: Path) -> None:
    assert "Made data/waves/2032/wave.yml\n" in type_well(tiny, "wave", "new", "2032")
    refused = type_in(tiny, "wave", "check", "2032").stderr
    assert "every question is not_asked; write published or responses where you asked" in refused
    assert "populations.residents.mode: nothing stands here; write how people were asked" in refused


def test_data_are_sealed_and_a_change_is_named_until_they_are_again(tiny: Path) -> None:
    assert "Sealed data/waves/2031/estimates.csv.\n" in type_well(tiny, "data", "seal")
    assert type_well(tiny, "data", "check") == "Every data file fits its schema and is the one that was sealed.\n"
    path = tiny / "data/waves/2031/estimates.csv"
    path.write_text(path.read_text().replace("number,61,", "number,62,"))
    refused = type_in(tiny, "data", "check")
    assert refused.returncode == 1
    assert "estimates.csv: the file isn't the one that was sealed" in refused.stderr
    assert type_well(tiny, "data", "seal") == "Sealed data/waves/2031/estimates.csv.\n"
    assert type_well(tiny, "data", "seal") == "Nothing had changed.\n"


def test_a_terminal_that_lacks_a_character_gets_another_for_it(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tiny / "data/codebook/populations.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Residents", "Résidents → ☂"), encoding="utf-8")
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr(sys, "argv", ["surveybook", "wave", "check", "2031"])
    with pytest.raises(SystemExit):
        cli.main()
    terminal.flush()
    assert b"R\xe9sidents -> \\u2602" in terminal.buffer.getvalue()


def test_a_file_that_may_not_be_written_is_named(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "data/datapackage.json")

    monkeypatch.setattr(os, "replace", refuse)
    assert type_in(tiny, "data", "seal").stderr == "data/datapackage.json: Permission denied.\n"


@pytest.mark.slow
def test_a_build_in_which_nothing_changed_imports_no_pandas() -> None:
    code = 'import sys; from surveybook.cli import make_app; make_app("build"); print("pandas" in sys.modules)'
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout == "False\n"


QUALITY = [Step("2004", "02-quality", done, 3) for done in (0, 1, 3)]
FAILED = Step("2004", "03-customer-focus", 1, 5, failed=True)


def shown(*steps: Step, terminal: bool) -> str:
    console = Console(file=io.StringIO(), force_terminal=terminal, width=100, color_system=None)
    with show_progress(console) as report:
        for step in steps:
            report(step)
    return console.file.getvalue()


@pytest.mark.parametrize("terminal", [True, False])
def test_a_line_stays_of_each_step_that_ended(terminal: bool) -> None:
    said = shown(*QUALITY, FAILED, terminal=terminal)
    lines = [line.rsplit(",", 1)[0] for line in said.splitlines() if line.endswith(" s")]
    assert "2004: 02-quality, 3 of 3" in lines[0]
    assert "2004: 03-customer-focus, failed after 1 of 5" in lines[1]
    assert terminal or "\x1b" not in said, "a log holds no control characters"


@pytest.mark.slow
def test_a_broken_chapter_is_named_with_its_cell_and_cause_and_stays_as_it_was(tiny: Path) -> None:
    path = tiny / "chapters/01-parks.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1] = nbformat.v4.new_code_cell("no_such_name")
    nbformat.write(notebook, path)
    before = path.read_bytes()
    said = type_in(tiny, "chapter", "store").stderr
    assert "These chapters did not run through and stay as they were:\nchapters/01-parks.ipynb, cell " in said
    assert "('no_such_name'): NameError: name 'no_such_name' is not defined" in said
    assert path.read_bytes() == before


def test_ctrl_c_before_a_command_began_ends_it_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(only: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "make_app", interrupt)
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 130
