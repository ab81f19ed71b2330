"""What is wrong with the data is found, and named with its file and figure."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from surveybook.cli.waves import check_data_command
from surveybook.model.problems import DataError
from surveybook.model.tables import seal_package
from surveybook.verify.data import check_data, check_release, check_schemas, check_seals, check_wave, recompute_limits
from surveybook.waves import examine_wave
from surveybook.waves.release import release_wave
from tests.tiny_report import add_respondents
from tests.verify import said

Edit = Callable[[str, str, str], Path]
ESTIMATES = "waves/2004/estimates.csv"
FIGURE = "customer_satisfaction,chosen,number,68,0,,1000"


def test_the_data_as_committed_have_no_fault_and_what_cannot_be_checked_is_said() -> None:
    checks = check_data("2004", "")
    assert said(*checks) == []
    left_out = [text for done in checks for text in done.skipped]
    assert left_out == [
        "The two transcriptions of wave 2004 against the printed report: nothing here can read it.",
        "Wave 2004 from respondents to percentages: its source published percentages alone.",
    ]


def test_a_changed_cell_breaks_the_seal_and_once_sealed_the_transcription(edit: Edit) -> None:
    edit(ESTIMATES, FIGURE, FIGURE.replace("68", "69"))
    assert any("estimates.csv: the file isn't the one that was sealed" in one for one in said(check_seals()))
    seal_package()
    assert said(check_seals()) == []
    (fault,) = [one for done in check_data("2004", "") if done.name == "Second transcription" for one in said(done)]
    assert "estimates.csv: row 2, column percent: the percent of public.customer_satisfaction" in fault


def test_every_file_of_data_that_nothing_seals_is_named_wherever_it_is(trial_data: Path) -> None:
    files = [
        "waves/2004/answers.sav", "codebook/more.yml", "extra.json", "waves/2003/wave.yml", "notes.txt",
        "waves/2004/more.csv", "waves/2004/estimates.CSV", "waves/2004/estimates.xlsx", "waves/2004/estimates.csv.gz",
        "waves/2004/responses_public.csv",
    ]  # fmt: skip
    for file in files:
        (trial_data / file).parent.mkdir(exist_ok=True)
        (trial_data / file).touch()
    found = [one for one in said(check_seals()) if "so nothing seals it" in one]
    assert [sum(file in one.partition(": ")[0] for one in found) for file in files] == [1] * len(files)
    with pytest.raises(DataError, match="so nothing seals it"):
        check_data_command()


def test_a_sealed_file_that_is_gone_is_named(trial_data: Path) -> None:
    (trial_data / "evidence.csv").unlink()
    (fault,) = said(check_seals())
    assert fault.endswith("data/evidence.csv: the file is missing; restore it from version control")


def test_texts_hidden_files_and_answers_that_stay_private_need_no_seal(trial_data: Path) -> None:
    for file in ("read-me.md", ".DS_Store", "waves/example-synthetic/responses_public.sav"):
        (trial_data / file).touch()
    assert said(check_seals()) == []


@pytest.mark.parametrize("digits", ["６８", "६८", "6\u200b8"])
def test_digits_that_only_python_takes_for_digits_are_named_with_their_row(edit: Edit, digits: str) -> None:
    edit(ESTIMATES, FIGURE, FIGURE.replace("68", digits))
    found = said(check_wave("2004", ""))
    named = "zero width space" if "\u200b" in digits else digits
    assert any("estimates.csv: row 2" in one and named in one for one in found), found


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "{}", lambda text: "[]", lambda text: '{"resources": [{}]}', lambda text: "[" * 100_000,
        lambda text: text.replace("codebook/items.csv", "../README.md", 1),
        lambda text: text.replace("codebook/items.csv", "codebook/questions.csv", 1),
    ],
    ids=["nothing", "a list", "no paths", "deep", "a file from elsewhere", "a file twice"],
)  # fmt: skip
def test_a_data_package_that_is_none_is_a_sentence(trial_data: Path, spoil: Callable[[str], str]) -> None:
    path = trial_data / "datapackage.json"
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
    for done in (check_seals(), check_schemas()):
        (fault,) = said(done)
        assert "datapackage.json" in fault
        assert "restore it from version control" in fault


def test_what_respondents_would_show_is_said_to_be_unchecked_where_they_are_private(trial_data: Path) -> None:
    for path in trial_data.glob("waves/example-synthetic/responses_*"):
        path.unlink()
    done = check_release("example-synthetic")
    assert done.passed
    assert "from respondents to figures: the answers of frontline and public are private" in done.skipped[0]


def test_limits_that_a_released_share_and_its_error_do_not_give_are_named(trial_data: Path) -> None:
    done = recompute_limits("example-synthetic")
    assert (done.faults, done.counts["numbers recomputed"] > 1000) == ((), True)
    path = trial_data / "waves/example-synthetic/estimates.csv"
    figures = pd.read_csv(path, dtype=str)
    factors = {"percent": 0.99, "standard_error": 0.99, "low": 0.99, "high": 0.99, "degrees_of_freedom": 0.1}
    for row, (column, factor) in enumerate(factors.items()):
        figures.loc[row, column] = str(float(figures.loc[row, column]) * factor)
    figures.loc[len(factors), "high"] = ""
    figures.to_csv(path, index=False)
    *faults, last = recompute_limits("example-synthetic").faults
    assert [fault.figures for fault in faults] == [(name,) for name in figures["figure_id"].head(len(factors))]
    assert all("where its share and error give" in fault.said for fault in faults)
    assert last.said == "a limit or its degrees of freedom are missing"


@pytest.mark.slow
def test_released_figures_have_to_be_those_that_respondents_give(tiny: Path) -> None:
    people = pd.DataFrame({"id": range(120), "wt": [1.0, 1.5, 2.0] * 40, "park": [1, 2, 1, 3] * 30})
    rated = {"column": "park", "collapse": {"agree": [1], "disagree": [2], "neither": [3]}, "base": "answered"}
    add_respondents(tiny, "2032", people, {"park_satisfied": rated})
    release_wave(*examine_wave("2032", fresh=True))
    assert said(check_release("2032")) == []
    path = tiny / "data/waves/2032/estimates.csv"
    pairs = path.with_name("covariances.csv")
    for file, column, name in ((path, "percent", "agree"), (pairs, "covariance", "disagree")):
        text = file.read_text(encoding="utf-8")
        changed = pd.read_csv(file, dtype=str, keep_default_na=False)
        changed.loc[0, column] = "0.5"
        changed.to_csv(file, index=False)
        (fault,) = check_release("2032").faults
        assert f"{column} is 0.5" in str(fault)
        assert name in str(fault)
        file.write_text(text, encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(text.splitlines()[1] + "\n", ""), encoding="utf-8")
    assert "the figure is not released" in str(check_release("2032").faults)
    path.unlink()
    (fault,) = said(check_release("2032"))
    assert "nothing is released" in fault
    assert "wave check 2032 --release" in fault


def test_a_report_without_a_data_package_says_that_nothing_was_sealed(trial_data: Path) -> None:
    (trial_data / "datapackage.json").unlink()
    assert "there is no" in check_seals().skipped[0]
    assert (check_schemas().counts, check_schemas().faults) == ({}, ())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("evidence.csv", b"\x1f\x8b\x08\x00"),
        ("typology.csv", b"x" * 200_000),
        (ESTIMATES, b"figure_id,population\n"),
        ("waves/2004/transcription.csv", b"population\n"),
        ("waves/2004/asked_transcription.csv", b'population,question_id,mode\npublic,"quality\n'),
        ("waves/2004/wave.yml", b"populations: {public: 7}\n"),
    ],
)
def test_what_cannot_be_read_is_told_by_every_check_and_ends_none(
    trial_data: Path, file: str, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (trial_data / file).write_bytes(content)
    assert any(Path(file).name in one for one in said(*check_data("2004", "")))
    seal_package()
    with pytest.raises(DataError, match=Path(file).name):
        check_data_command()


def test_a_check_that_finds_something_else_than_a_table_says_so_and_the_others_go_on(trial_data: Path) -> None:
    (trial_data / "waves/2004/numbers.csv").write_text("population,domain\nnobody,\n")
    told = {done.name: said(done) for done in check_data("2004", "")}
    assert told["Numbers of wave 2004"] == ["what it looks at can't be read (KeyError: 'status')"]
    assert any("numbers.csv" in one for one in told["Wave 2004"])
    assert told["Second transcription"] == []
