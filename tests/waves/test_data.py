"""The data of 2004: valid, sealed, and transcribed twice with the same result."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from surveybook.model import paths
from surveybook.model.datapackage import check_package, find_changed_files, read_descriptor, seal_package
from surveybook.model.problems import DataError
from surveybook.waves import open_wave

KEY = ["population", "domain", "item_id", "response"]
Edit = Callable[[str, str, str], Path]


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(paths.waves() / "2004" / name, dtype=str, keep_default_na=False)


def places() -> pd.DataFrame:
    """Return every printed place of every figure, as estimates.csv and mentions.csv have them together."""
    estimates = read("estimates.csv")
    mentions = read("mentions.csv").merge(estimates[["figure_id", *KEY]], on="figure_id")
    columns = [*KEY, "locator", "percent", "verbal"]
    printed = estimates[estimates["status"] != "unpublished"]
    return pd.concat([printed[columns], mentions[columns]])


def disagreements() -> list[str]:
    """Return each place at which the two transcriptions differ, as a sentence."""
    first = places()
    second = read("transcription.csv").query("status != 'unpublished'")[[*KEY, "locator", "percent", "verbal"]]
    tables = [
        table.groupby([*KEY, "locator"])[["percent", "verbal"]].agg(lambda v: sorted(set(v)))
        for table in (first, second)
    ]
    both = tables[0].join(tables[1], how="outer", suffixes=("_first", "_second"))
    ids = read("estimates.csv").set_index(KEY)["figure_id"]
    found = []
    for place, row in both.iterrows():
        for what in ("percent", "verbal"):
            if str(row[f"{what}_first"]) != str(row[f"{what}_second"]):
                name = ids.get(place[:4], "no figure")
                found.append(
                    f"{name} ({'.'.join(filter(None, place[:4]))}) at {place[4]}: estimates.csv and mentions.csv "
                    f"have {row[f'{what}_first']}, the second transcription has {row[f'{what}_second']}"
                )
    return found


def test_two_independent_transcriptions_agree_at_every_place() -> None:
    assert disagreements() == []


def test_a_typing_error_is_caught_by_the_second_transcription(edit: Edit) -> None:
    edit(
        "waves/2004/estimates.csv",
        "customer_satisfaction,chosen,number,68,0,,1000",
        "customer_satisfaction,chosen,number,69,0,,1000",
    )
    found = disagreements()
    assert len(found) == 1
    assert "t1p_custsat" in found[0]
    assert "['69']" in found[0]
    assert "['68']" in found[0]


def test_what_the_second_transcription_calls_unpublished_has_no_value_in_the_first() -> None:
    unpublished = read("transcription.csv").query("status == 'unpublished'")
    status = read("estimates.csv").set_index(KEY)["status"]
    assert {status.get(tuple(key), "missing") for key in unpublished[KEY].to_numpy()} == {"unpublished"}


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
