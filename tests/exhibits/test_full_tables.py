"""Full tables: a question by all groups side by side, on pages and in the workbook, with letters and marks."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from scipy import stats

from surveybook.exhibits.documents import CONTENTS, FIGURES, write_workbook
from surveybook.exhibits.exhibit import Exhibit
from surveybook.exhibits.full_tables import UNWEIGHTED, WEIGHTED, fill_cell, lay_out_table, tabulate_survey
from surveybook.exhibits.tables import by_group
from surveybook.model import paths
from surveybook.model.survey import Survey
from surveybook.stats.comparison import BOUND, contrast_means, find_covariance, find_grouping
from surveybook.verify.downloads import check_tables
from surveybook.waves import examine_wave, open_wave
from surveybook.waves.release import release_wave
from tests.exhibits import with_net
from tests.waves import synthetic, wave_2004
from tests.waves.test_numbers import add_ratings, add_wave, make_people
from tests.words import make_survey, rate

QUESTION = "preferred_channel"
PROTECTED = "suppressed: a smaller group could be worked out from it"


@pytest.fixture(scope="module")
def survey() -> Survey:
    return synthetic()


@pytest.fixture(scope="module")
def book(survey: Survey, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return openpyxl.load_workbook(write_workbook(survey, tmp_path_factory.mktemp("book") / "tables.xlsx"))


def changed(survey: Survey, domain: str, **values: Any) -> Survey:
    """Return a wave with figures of the preferred channel and a group changed."""
    figures = survey.estimates.copy()
    figures.loc[(figures["question_id"] == QUESTION) & (figures["domain"] == domain), list(values)] = [*values.values()]
    return replace(survey, estimates=figures)


def shown(survey: Survey, question: str = QUESTION) -> tuple[Exhibit, dict[str, dict[str, str]]]:
    """Return a table, and its cells by row and column."""
    table = by_group(survey, question)
    return table, {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}


def test_a_table_has_every_figure_of_a_question_once(survey: Survey) -> None:
    for question, figures in survey.estimates.groupby("question_id"):
        cells = tabulate_survey(survey)[str(question)]
        assert sorted(cells["figure_id"]) == sorted(figures["figure_id"])
        own = figures.set_index("figure_id").loc[cells["figure_id"]]
        for column in ("share", "base", "weighted_base"):
            np.testing.assert_array_equal(cells[column], own[column])


def test_both_bases_stand_above_the_answers_and_letters_beside_them(survey: Survey) -> None:
    table, cells = shown(survey)
    assert [row[0] for row in table.rows[:2]] == [UNWEIGHTED, WEIGHTED]
    assert cells[UNWEIGHTED]["Sex: male (A)"] == "449"
    assert cells["Telephone hotline"]["Age: 55+ (C)"] == "41.2 A B"
    assert " " not in "".join(row["All"] for row in cells.values())
    assert "by Holm’s method" in table.notes[0]
    assert "at 5%" in table.notes[0]


def test_a_withheld_cell_has_a_mark_with_its_reason_and_is_compared_with_nothing(survey: Survey) -> None:
    lost = dict.fromkeys(("share", "base", "weighted_base", "effective_base", "standard_error"), np.nan)
    hidden = changed(survey, "age=16-34", status="unpublished", note=PROTECTED, **lost)
    table, cells = shown(hidden)
    assert {row["Age: 16-34 (A)"] for row in cells.values()} == {"[1]"}
    assert "[1] Suppressed: a smaller group could be worked out from it." in table.notes
    assert cells["Telephone hotline"]["Age: 55+ (C)"] == "41.2 B"
    before = tabulate_survey(survey)[QUESTION].set_index("figure_id")["letters"]
    assert before.str.contains("C").any(), "the youngest were compared while they had shares"


def test_a_small_base_is_marked(survey: Survey) -> None:
    table, cells = shown(changed(survey, "age=16-34", note="small base: fewer than 100 answers", base=84))
    assert cells[UNWEIGHTED]["Age: 16-34 (A)"] == "84*"
    assert "* Small base: fewer than 100 answers." in table.notes


def test_groups_whose_covariances_were_not_released_say_so(survey: Survey) -> None:
    bare = replace(survey, covariances=survey.covariances.head(0))
    assert "least favourable" in " ".join(shown(bare)[0].notes)
    assert "least favourable" not in " ".join(shown(survey)[0].notes)


def test_items_with_bases_of_their_own_have_them_above_each(survey: Survey) -> None:
    figures = survey.estimates.copy()
    first = figures.index[figures["question_id"] == "channel_attributes"][0]
    figures.loc[figures["item_id"] == figures.loc[first, "item_id"], "base"] -= 7
    _, cells = shown(replace(survey, estimates=figures), "channel_attributes")
    bases = [row["All"] for name, row in cells.items() if name.endswith("unweighted base")]
    assert bases == ["993", "1,000"], "the second goes for all that follow it"


def test_a_net_is_a_row_that_says_what_it_is_made_of(survey: Survey) -> None:
    table, cells = shown(with_net(survey), "enough_choice")
    assert cells["Took a side (net)"]["All"] == "80.0"
    assert "Nets: took a side: agree and disagree." in table.notes


def test_two_populations_are_told_apart_and_words_stay_words() -> None:
    table, cells = shown(wave_2004(), "quality_indicators")
    assert table.columns == ["%", "The public (A)", "Frontline staff (B)"]
    assert cells["Value for money"]["The public (A)"] == "56 B"
    assert not any("weighted" in row and row != UNWEIGHTED for row in cells)
    _, cells = shown(wave_2004())
    assert "a third" in {row["All"] for row in cells.values()}


def test_without_groups_there_is_no_table_by_group() -> None:
    assert by_group(wave_2004(), "enough_choice") is None


def test_a_sheet_has_the_wording_and_the_correction(book: Any) -> None:
    sheet = next(name for name in book.sheetnames if "Preferred way" in str(book[name]["A1"].value))
    text = [str(row[0]) for row in book[sheet].iter_rows(values_only=True) if row[0]]
    assert "“Which of these three ways of access would you prefer?”" in text[1]
    assert any("Holm" in line for line in text)


def test_the_contents_link_to_every_sheet(book: Any) -> None:
    links = {cell.hyperlink.location for row in book[CONTENTS].iter_rows() for cell in row if cell.hyperlink}
    assert links == {f"'{name}'!A1" for name in book.sheetnames if name != CONTENTS}
    assert FIGURES in book.sheetnames


def test_a_group_whose_name_holds_commas_is_of_one_grouping() -> None:
    assert find_grouping("staff", "income=$25,000 to $49,999") == find_grouping("staff", "income=under $25,000")
    assert fill_cell({}, "share", {}) == ("", None, "")


@pytest.fixture
def ratings(tiny: Path) -> Survey:
    """Return a wave of ratings and hours by sex, women's ratings of water three points above men's."""
    people = make_people()
    people.loc[:59, "sex"] = 3
    people.loc[(people["sex"] == 2) & (people["q2"] != 99), "q2"] = 10
    add_ratings(tiny)
    add_wave(tiny, "2032", people)
    return open_wave("2032")


def test_numbers_have_their_means_and_medians_by_group_and_classes_in_the_full_tables(ratings: Survey) -> None:
    table, cells = shown(ratings, "ratings")
    assert table.columns[0] == "Numbers"
    means = {name: row for name, row in cells.items() if "mean" in name}
    assert list(means) == ["Snow removal: mean (out of 10)", "Water: mean (out of 10)"]
    known = ratings.numbers.query("item_id == 'water' and statistic == 'mean'").set_index("domain")["value"]
    water = means["Water: mean (out of 10)"]
    assert water["All"] == f"{known['']:.1f}"
    assert water["Sex: female (B)"] == f"{known['sex=female']:.1f} A C"
    assert means["Snow removal: mean (out of 10)"]["Sex: female (B)"].count(" ") == 0
    assert "least favourable" not in " ".join(table.notes)
    assert table.figures == []
    rows = {name.partition(": ")[2].partition(" (")[0] for name in cells if name.startswith("Water: ")}
    assert rows == {"unweighted base", "weighted base", "mean", "median"}
    full = lay_out_table(ratings, "ratings", tabulate_survey(ratings)["ratings"])
    assert full.head == "Numbers, and % of people"
    shares = [row for row in full.rows if row.what == "share" and row.label.startswith("Water: ")]
    classes = [row for row in shares if row.label[7].isdigit()]
    assert sum(100 * row.cells[0]["share"] for row in classes) == pytest.approx(100, abs=0.6)


def test_a_table_without_letters_says_that_no_groups_differ() -> None:
    same = {f"tenure={name}": {"Parks": rate(60)} for name in ("own", "rent")}
    apart = {f"tenure={name}": {"Parks": rate(share)} for name, share in (("own", 80), ("rent", 60))}
    surveys = (make_survey("content", {"Parks": rate(60)}, groups=groups) for groups in (same, apart))
    assert [by_group(survey, "services").notes[0].partition(" (")[0] for survey in surveys] == [
        "No two groups differ beyond sampling",
        "A letter marks a share larger than that of the column with the letter, beyond sampling",
    ]


@pytest.mark.parametrize("is_released", [True, False])
def test_means_of_groups_are_compared_by_how_they_vary_together_and_cautiously_where_nobody_says(
    ratings: Survey, is_released: bool
) -> None:
    ratings = ratings if is_released else replace(ratings, covariances=ratings.covariances.head(0))
    rows = ratings.numbers.assign(response=ratings.numbers["statistic"], share=ratings.numbers["value"].astype(float))
    pairs = contrast_means(ratings, rows)
    own = pairs[(pairs["item_id"] == "water") & pairs["p_value"].notna()].iloc[0]
    first, second = (rows.loc[own[side]] for side in ("first", "second"))
    errors = first["standard_error"], second["standard_error"]
    covariance = find_covariance(ratings, first, second) if is_released else -errors[0] * errors[1]
    error = np.sqrt(errors[0] ** 2 + errors[1] ** 2 - 2 * covariance)
    freedom = min(first["degrees_of_freedom"], second["degrees_of_freedom"])
    assert own["standard_error"] == pytest.approx(error)
    assert own["p_value"] == pytest.approx(2 * stats.t.sf(abs(first["share"] - second["share"]) / error, freedom))
    assert (own["method"] == BOUND) is not is_released
    assert set(rows.loc[pairs["first"], "statistic"]) == {"mean"}


@pytest.mark.slow
def test_the_workbook_of_ratings_holds_up_against_their_file(ratings: Survey, tmp_path: Path) -> None:
    release_wave(*examine_wave("2032"))
    site = tmp_path / "site"
    (site / "_static/downloads").mkdir(parents=True)
    path = write_workbook(ratings, site / "_static/downloads/a-tables.xlsx")
    done = check_tables(site, "2032")
    assert done.counts == {"tables": 2}
    assert [str(fault) for fault in done.faults] == []
    # Two questions may be called alike.
    questions = paths.data() / "codebook/questions.csv"
    questions.write_text(questions.read_text().replace(",Time,", ",How people rate services,"))
    path = write_workbook(open_wave("2032"), path)
    done = check_tables(site, "2032")
    assert (done.counts, done.faults) == ({"tables": 2}, ())
    book = openpyxl.load_workbook(path)
    means = next(row for row in book["Table 1"].iter_rows() if "mean" in str(row[0].value).casefold())
    means[1].value += 0.01
    book.save(path)
    assert "Snow removal: mean (out of 10)" in str(check_tables(site, "2032").faults)


def test_a_battery_on_a_page_names_its_answer_once_and_has_the_smallest_base_of_each_group() -> None:
    groups = {f"tenure={name}": {"Parks": rate(60), "Roads": rate(30)} for name in ("own", "rent")}
    survey = make_survey("content", {"Parks": rate(60), "Roads": rate(30)}, groups=groups)
    bases = survey.estimates["item_id"].map({"parks": 900.0, "roads": 1000.0})
    bases[survey.estimates["domain"] == "tenure=own"] -= 500
    survey = replace(survey, estimates=survey.estimates.assign(base=bases, weighted_base=bases))
    table, short = (by_group(survey, "services", headlines=is_short) for is_short in (False, True))
    assert [row[0] for row in table.rows if "base" in row[0]] == ["Parks: unweighted base", "Roads: unweighted base"]
    assert short.rows == [
        ["Smallest unweighted base", "900", "400", "900"],
        ["Parks", "60.0", "60.0", "60.0"],
        ["Roads", "30.0", "30.0", "30.0"],
    ]
    said = "Question: “Services?” Shown: the share who answered “very satisfied” or “fairly satisfied”."
    assert short.subtitle == said
    shared = make_survey("content", {"Parks": rate(60), "Roads": rate(30)}, groups=groups)
    assert by_group(shared, "services", headlines=True).rows[0] == ["Unweighted base", "1,000", "1,000", "1,000"]
