"""One schema a CSV file and one gate: what it refuses, a check of a wave, of the data and a build refuse alike."""

import json
from pathlib import Path

import pytest

from surveybook.model.problems import DataError, Problem, SurveybookError
from surveybook.model.tables import check_package, read_descriptor, read_table, seal_package
from surveybook.waves import open_wave

ESTIMATES = "data/waves/2031/estimates.csv"


@pytest.fixture
def sealed(tiny: Path) -> Path:
    """Return the folder of the smallest report, whose data are sealed."""
    seal_package()
    return tiny


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (ESTIMATES, "number,61,", "number,101,", "row 2, column percent: the percent is 101; expected 0 to 100"),
        (ESTIMATES, ",61,0,", ",61,-1,", "row 2, column decimals: the decimals is -1; expected 0 or more"),
        ("data/codebook/items.csv", "Swimming,2", "Swimming,two", "'two' isn't a whole number"),
        ("data/codebook/populations.csv", "residents,R", "The residents,R", "write it as residents"),
        ("data/codebook/populations.csv", "residents,R", "../residents,R", "write it as residents"),
        ("data/waves/2031/asked.csv", ",published,", ",printed,", "expected one of published, responses, not_asked"),
        (
            "data/waves/2031/asked.csv",
            "\nresidents,park_satisfied,",
            "\nresidents,park_uses,",
            "stands in row 2 already",
        ),
        (
            "data/codebook/responses.csv",
            "disagree,Disagree",
            "disagree,Agree",
            "scale, Agree stands in row 3 already; keep one of the rows, or correct one",
        ),
    ],
)
def test_what_one_check_refuses_the_other_refuses_with_the_same_words(
    sealed: Path, file: str, old: str, new: str, said: str
) -> None:
    change(sealed / file, old, new)
    assert any(said in str(problem) for problem in check_package())
    with pytest.raises(DataError) as refused:
        open_wave("2031")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("level;example\na;b\n", "row 1: the columns are separated by semicolons; save it with commas"),
        ("level\texample\na\tb\n", "row 1: the columns are separated by tabs; save it with commas"),
        ("level,exmple\na,b\n", "column example: the column is missing; add it to the header"),
        ("level,example,\na,b,\n", "column without a name: the column isn't known; expected only level, example"),
        ("level,example,level\na,b,c\n", "column level: the column stands twice"),
        ("level,example\na\n", "row 2: 1 fields stand in a row of 2 columns"),
        ("level,example\n,b\n", "row 2, column level: the level is missing; write what belongs here"),
        ("level,example\n\na,2031-02-30\n", "row 3, column example: '2031-02-30' isn't a date; expected"),
        ("level,example\n", "a header and no rows"),
    ],
)
def test_a_table_that_only_a_report_has_is_read_by_the_schema_in_its_data_package(
    sealed: Path, text: str, said: str
) -> None:
    path = sealed / "data/typology.csv"
    fields = [
        {"name": "level", "type": "string", "constraints": {"required": True}},
        {"name": "example", "type": "date", "example": "2031-01-31"},
    ]
    descriptor = read_descriptor()
    descriptor["resources"].append({"name": "typology", "path": "typology.csv", "schema": {"fields": fields}})
    (sealed / "data/datapackage.json").write_text(json.dumps(descriptor))
    path.write_text(text)
    problems: list[Problem] = []
    read_table(path, problems)
    assert [said in str(problem) for problem in problems].count(True) == 1
    path.write_text("level,example\nlow,2031-01-02\n")
    assert list(read_table(path, [])["level"]) == ["low"]


def test_a_table_that_nothing_describes_is_refused(sealed: Path) -> None:
    with pytest.raises(SurveybookError, match=r"typology\.csv has no schema: describe its columns"):
        read_table(sealed / "data/typology.csv", [])


def test_a_report_may_ask_more_of_a_column_than_the_engine_does(sealed: Path) -> None:
    package = sealed / "data/datapackage.json"
    descriptor = read_descriptor()
    (estimates,) = [one for one in descriptor["resources"] if one["path"] == "waves/2031/estimates.csv"]
    (locator,) = [field for field in estimates["schema"]["fields"] if field["name"] == "locator"]
    locator["constraints"]["pattern"] = "Table [1-9]"
    package.write_text(json.dumps(descriptor))
    assert open_wave("2031").warnings == ()
    change(sealed / ESTIMATES, "Table 2", "Tabel 2")
    with pytest.raises(DataError, match="the locator is 'Tabel 2'; write where it is printed"):
        open_wave("2031")


def test_a_schema_that_differs_from_what_is_read_is_named_until_it_is_sealed(sealed: Path) -> None:
    package = sealed / "data/datapackage.json"
    change(package, '"maximum": 100', '"maximum": 1000')
    assert "estimates.csv is described otherwise than it is read" in str(check_package()[0])
    seal_package()
    assert check_package() == []


def test_sealing_keeps_what_a_report_says_of_its_files_and_forgets_files_that_went(sealed: Path) -> None:
    package = sealed / "data/datapackage.json"
    change(package, '"path": "codebook/words.csv",', '"path": "codebook/words.csv", "title": "How shares are worded",')
    (sealed / "data/waves/2031/responses_residents.csv").write_text("id\n1\n")
    (sealed / "data/notes.md").write_text("Private.")
    (sealed / "data/codebook/words.csv").rename(sealed / "data/codebook/items.bak")
    assert "data/codebook/words.csv" in seal_package()
    listed = [resource["path"] for resource in read_descriptor()["resources"]]
    assert not {"codebook/words.csv", "notes.md", "waves/2031/responses_residents.csv"} & set(listed)
    (sealed / "data/codebook/items.bak").rename(sealed / "data/codebook/words.csv")
    seal_package()
    assert {"codebook/words.csv", "waves/2031/wave.yml"} <= {one["path"] for one in read_descriptor()["resources"]}


@pytest.mark.slow
@pytest.mark.parametrize("whose", ["this report", "the smallest"])
def test_a_sealed_package_is_valid_to_a_library_that_knows_nothing_of_us(
    request: pytest.FixtureRequest, whose: str
) -> None:
    import frictionless

    from surveybook.model import paths

    if whose == "the smallest":
        request.getfixturevalue("sealed")
    package = frictionless.Package.from_descriptor(read_descriptor(), basepath=str(paths.data()))
    report = package.validate()
    assert report.valid, report.flatten(["title", "note"])
