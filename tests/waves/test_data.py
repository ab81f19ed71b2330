"""The data of 2004: valid and sealed, with words kept as words."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from surveybook.model import paths
from surveybook.waves import open_wave

Edit = Callable[[str, str, str], Path]


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
