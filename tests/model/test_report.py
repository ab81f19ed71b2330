"""What ``report.yml`` may say, and what is said of all that is wrong with it."""

from pathlib import Path

import pytest

from surveybook.model.problems import DataError
from surveybook.model.report import DEFAULT_COLOURS, Report, read_report

PLAIN = "title: Riverside 2031\nfile_name: riverside\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(text: str) -> Report:
    Path("report.yml").write_text(text, encoding="utf-8")
    return read_report()


def test_a_title_and_a_name_of_files_are_enough() -> None:
    report = read(PLAIN)
    assert (report.confidence, report.smallest_change, report.claims_wave, report.default_wave) == (0.95, None, "", "")
    assert (report.authors_text, report.licence_address, report.kinds) == ("", "", {})


def test_everything_that_is_wrong_is_named_with_its_place_and_what_to_write() -> None:
    with pytest.raises(DataError) as refused:
        read(
            "titel: x\nfile_name: A b\nconfidence: 95\nsmallest_change: 0\nwave: [1]\nauthors: [x, {a: b}]\n"
            "colours: {men: {ligt: x, dark: red}, women: 3}\nparts: {a: {number: x}}\nsource_report: {title: TODO}\n"
        )
    said = [str(problem).partition(": ")[0].removeprefix("report.yml, ") for problem in refused.value.problems]
    assert sorted(said) == [
        "authors.entry 2", "colours.men", "colours.men.dark", "colours.men.light", "colours.women", "confidence",
        "file_name", "parts.a.name", "parts.a.number", "report.yml", "smallest_change", "source_report.title",
        "title", "wave",
    ]  # fmt: skip
    text = str(refused.value)
    assert "report.yml: the key 'titel' isn't known; did you mean title?" in text
    assert "colours.men: the key 'ligt' isn't known; did you mean light?" in text
    assert "confidence: 95 stands here; write a share such as 0.95" in text
    assert "colours.women: 3 stands here; write its keys below it, one a line" in text
    assert "source_report.title: 'TODO' stands here; it should say something" in text
    assert "parts.a.number: 'x' stands here; write a whole number" in text


def test_a_file_that_cannot_be_read_is_a_sentence() -> None:
    with pytest.raises(DataError, match=r"report\.yml, row 2: this isn't valid YAML"):
        read("title: [x\n")


def test_a_year_is_the_name_of_a_wave_and_without_one_named_the_last_is_taken() -> None:
    assert read(f"{PLAIN}wave: 2031\n").default_wave == "2031"
    assert read(f'{PLAIN}source_report: {{title: Parks, wave: "2031"}}\n').claims_wave == "2031"
    for name in ("2029", "2030"):
        Path(f"data/waves/{name}").mkdir(parents=True)
        Path(f"data/waves/{name}/wave.yml").touch()
    assert read(PLAIN).default_wave == "2030"


@pytest.mark.parametrize(
    ("licence", "name", "address"),
    [
        ("CC-BY-4.0", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC0-1.0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("OGL-UK-3.0", "OGL-UK-3.0", "https://spdx.org/licenses/OGL-UK-3.0.html"),
    ],
)
def test_a_licence_has_a_name_and_an_address(licence: str, name: str, address: str) -> None:
    report = read(f"{PLAIN}licence: {licence}\n")
    assert (report.licence_name, report.licence_address) == (name, address)


def test_populations_without_a_colour_get_those_that_none_has() -> None:
    report = read(f'{PLAIN}colours: {{men: {{light: "{DEFAULT_COLOURS[0].light}", dark: "#ffffff"}}}}\n')
    colours = report.colours_of(["women", "men", "children"])
    assert colours["men"].dark == "#ffffff"
    assert [colours["women"], colours["children"]] == list(DEFAULT_COLOURS[1:3])
