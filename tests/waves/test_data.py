"""The data of 2004: valid and sealed, with words kept as words."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from surveybook.model import paths
from surveybook.model.datapackage import check_package, find_changed_files, read_descriptor, seal_package
from surveybook.model.problems import DataError
from surveybook.waves import open_wave

Edit = Callable[[str, str, str], Path]


def test_the_data_package_is_valid() -> None:
    assert [str(problem) for problem in check_package()] == []


def test_every_data_file_belongs_to_the_package() -> None:
    listed = {resource["path"] for resource in read_descriptor()["resources"]}
    folder = paths.data()
    there = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.suffix in (".csv", ".yml", ".bib", ".json")
        if path.name != "datapackage.json"
    }
    assert there == listed


def test_the_data_are_those_that_were_sealed() -> None:
    assert [str(problem) for problem in find_changed_files()] == []


def test_a_changed_file_is_named_until_it_is_sealed_again(edit: Edit) -> None:
    edit("waves/2004/estimates.csv", "chosen,number,68,0,,1000", "chosen,number,69,0,,1000")
    assert ["estimates.csv" in str(problem) for problem in find_changed_files()] == [True]
    assert [name.endswith("estimates.csv") for name in seal_package()] == [True]
    assert find_changed_files() == []


def test_a_fault_against_the_schema_is_found_by_the_library(edit: Edit) -> None:
    edit("waves/2004/estimates.csv", "chosen,number,68,0,,1000", "chosen,figure,68,0,,1000")
    assert any("estimates.csv" in str(problem) for problem in check_package())


def test_a_package_that_cannot_be_read_is_a_sentence(trial_data: Path) -> None:
    (trial_data / "datapackage.json").write_text("{")
    with pytest.raises(DataError, match="it can't be read"):
        find_changed_files()


def test_words_never_became_numbers() -> None:
    estimates = open_wave("2004").estimates
    words = estimates[estimates["status"] == "words"]
    assert len(words)
    assert set(words["verbal"]) <= set(open_wave("2004").codebook.words.index)


def test_table_cells_of_the_telephone_stay_unpublished() -> None:
    estimates = open_wave("2004").estimates
    telephone = estimates[estimates["response"] == "telephone"]
    assert len(telephone) == 8
    assert set(telephone["status"]) == {"unpublished"}


def test_every_citation_key_in_the_data_is_in_the_references() -> None:
    from pybtex.database import parse_file

    keys = set(parse_file(str(paths.data() / "references.bib")).entries)
    evidence = pd.read_csv(paths.data() / "evidence.csv", dtype=str, keep_default_na=False)
    assert set(evidence["source"]) <= keys
    assert open_wave("2004").metadata["source"] in keys
