"""Every chart is a complete figure, says nothing that its estimates don't, and holds data that somebody can restyle."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import altair
import pandas as pd
import pytest

from surveybook import cards, charts, claims, findings
from surveybook.book.sphinx_ext.pictures import draw_picture
from surveybook.exhibits import palette
from surveybook.exhibits.cards import find_highlights
from surveybook.exhibits.exhibit import CHART, Exhibit
from surveybook.exhibits.figure_charts import EXACT, count_bases
from surveybook.exhibits.forms import Series, draw_rows
from surveybook.exhibits.invariants import find_spec_faults
from surveybook.model.problems import SurveybookError
from surveybook.model.survey import Survey
from surveybook.words import results
from tests.exhibits import records_of
from tests.waves import of_two_answers, synthetic, wave_2004
from tests.words import frequency_survey, make_survey, rate
from whyict import chart_channels

ACCESS = [f"public.{item}.agree" for item in ("enough_choice", "more_online", "out_of_hours_access")]


def after(survey: Survey, wave: str = "later") -> Survey:
    """Return a wave with the same figures as another, which is its baseline."""
    return replace(survey, wave=wave, metadata={**survey.metadata, "label": wave}, baseline=survey)


def habits(kind: str = "frequency") -> Survey:
    """Return a survey of a kind that only its codebook knows, with a place where each figure is printed."""
    survey = frequency_survey(kind)
    return replace(survey, estimates=survey.estimates.assign(locator="page 1"))


def risen(survey: Survey) -> Survey:
    """Return the survey with 20 points more for whatever was under one half."""
    shares = survey.estimates["share"]
    moved = survey.estimates.assign(share=shares.where(shares > 0.5, shares + 0.2))
    ends = {end: (moved["share"] + by).where(moved[end].notna()) for end, by in (("low", -0.03), ("high", 0.03))}
    return replace(survey, estimates=moved.assign(**ends))


def ratings() -> Survey:
    """Return a survey of ratings of two services, of which the second has no interval."""
    survey = frequency_survey()
    rows = [
        {"statistic": "mean", "value": 6.82, "low": 6.6, "high": 7.04, "item_id": "going"},
        {"statistic": "median", "value": 7.0, "low": 7.0, "high": 7.0, "item_id": "going"},
        {"statistic": "mean", "value": 5.1, "item_id": "paying"},
        *({"statistic": "share", "value": share, "lowest": place, "highest": place, "item_id": "going"}
          for place, share in ((6, 0.38), (7, 0.42), (8, 0.2))),
    ]  # fmt: skip
    told = {"population": "residents", "question_id": "habits", "domain": "", "status": "number", "base": 900}
    numbers = pd.DataFrame([row | told | {"unit": "out of 10", "method": "Taylor", "note": ""} for row in rows])
    numbers = numbers.join(survey.codebook.items[["label", "short_label", "order"]], on="item_id")
    numbers = numbers.assign(standard_error=float("nan"), degrees_of_freedom=float("nan"))
    codebook = replace(survey.codebook, questions=survey.codebook.questions.assign(kind="number"))
    return replace(survey, codebook=codebook, numbers=numbers)


DRAW: dict[str, Callable[[Survey], Exhibit]] = {
    "compare_populations": lambda s: charts.compare_populations(s, "quality_indicators"),
    "ranked": lambda s: charts.ranked(s, "quality_enablers", "frontline"),
    "shares": lambda s: charts.shares(s, ACCESS, "access", "Reaching services"),
    "answers": lambda s: charts.answers(s, "enough_choice"),
    "samples": lambda s: charts.samples(s),
    "series": lambda s: charts.series([s, after(s)], ACCESS, "access-series", "Reaching services"),
    "every_wave": lambda s: charts.every_wave(after(after(s, "2014"), "2024")),
    "results": lambda s: charts.results(s, "quality_indicators"),
    "stacked": lambda _: charts.stacked(habits("scale"), "habits"),
    "changes": lambda s: charts.changes(risen(after(s))),
    "means": lambda _: charts.means(ratings(), "habits"),
    "distribution": lambda _: charts.distribution(ratings(), "habits"),
    # Not of the room, but made of its parts.
    "channels": chart_channels,
    "verdicts": lambda s: claims.chart_verdicts(s),
}
# What stands in rows, of one question or some figures: it has intervals, and can be missing.
ROWS = ("compare_populations", "ranked", "shares", "answers", "channels")


@cache
def draw(name: str) -> Exhibit:
    return DRAW[name](wave_2004())


def lacking(spec: dict[str, Any]) -> list[str]:
    """Return what a chart lacks of a complete figure."""
    story, shown = spec["usermeta"]["surveybook"], spec.get("title", {})
    parts = ["title", "subtitle", "base", "alternative", "source", "name", "code"]
    missing = [part for part in parts if not story.get(part)]
    missing += [] if story.get("table", {}).get("rows") else ["table"]
    words = " ".join([*shown.get("text", []), *shown.get("subtitle", [])])
    missing += ["finding in the picture"] if not story.get("title") or story["title"].split()[0] not in words else []
    missing += ["base in the picture"] if (story.get("base") or "?").split(".")[0][:20] not in words else []
    return missing


@pytest.mark.parametrize("name", DRAW)
def test_every_chart_is_a_complete_figure_with_honest_scales_that_can_be_drawn(name: str, tmp_path: Path) -> None:
    spec = draw(name).full_spec()
    stored = json.loads(json.dumps(spec, allow_nan=False))
    assert lacking(spec) == []
    assert find_spec_faults(spec) == []
    drawing = draw_picture(stored, tmp_path)
    assert "<svg" in drawing
    assert not [said for said in ("undefined", "NaN", "null") if f">{said}<" in drawing]


@pytest.mark.slow
@pytest.mark.parametrize("name", DRAW)
def test_every_chart_is_valid_to_altair_which_gives_it_to_who_wants_to_restyle_it(name: str) -> None:
    restyled = draw(name).to_altair().properties(background="white").to_dict()
    assert restyled["background"] == "white"
    assert restyled["usermeta"] == json.loads(json.dumps(draw(name).full_spec()))["usermeta"]


def test_a_chart_of_answers_without_an_order_says_all_that_it_shows() -> None:
    for chart in (charts.ranked(habits(), "habits", "residents"), charts.compare_populations(habits(), "habits")):
        assert "Going online. Residents: “Daily” 60%" in chart.alternative
        assert chart.title != chart.subtitle


def test_a_change_that_is_not_tested_has_no_range_and_the_decimals_of_its_shares(tmp_path: Path) -> None:
    survey = replace(of_two_answers(60, "2026"), baseline=of_two_answers(50, "2025"))
    chart = charts.answers(survey, "services_improved")
    agree, disagree = (one for one in records_of(chart) if one["series"] == "The public" and "aside" in one)
    assert (agree["aside"], agree["range"][:1]) == ("10", "5")
    assert (disagree["aside"], disagree.get("range")) == ("−10", None)
    assert "undefined" not in draw_picture(chart.full_spec(), tmp_path)


def test_every_answer_beside_a_baseline_stays_a_part_of_a_bar_and_its_change_stands_in_the_table() -> None:
    before = habits("scale")
    chart = charts.stacked(replace(before, baseline=before), "habits")
    assert {record["status"] for record in records_of(chart)} == {"part"}
    assert "Change (points)" in chart.full_spec()["usermeta"]["surveybook"]["table"]["columns"]
    assert find_spec_faults(chart.full_spec()) == []


def test_of_very_many_changes_the_largest_are_drawn_and_the_table_has_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two waves of Afrobarometer had 141, on a phone a picture of 22 screens."""
    survey = risen(after(wave_2004()))
    monkeypatch.setattr("surveybook.exhibits.charts.MOST_CHANGES", 1000)
    whole = charts.changes(survey)
    monkeypatch.setattr("surveybook.exhibits.charts.MOST_CHANGES", 2)
    cut = charts.changes(survey)
    things = len({record["label"] for record in records_of(whole)})
    assert things > 2
    assert [record["label"] for record in records_of(cut)] == [
        record["label"] for record in records_of(whole) if record["label"] in {one["label"] for one in records_of(cut)}
    ]
    assert len({record["label"] for record in records_of(cut)}) == 2
    assert cut.rows == whole.rows
    assert cut.subtitle == f"{whole.subtitle}: here 2 of {things}, under “Data” all of them"
    assert find_spec_faults(cut.full_spec()) == []


def test_of_a_census_no_interval_is_drawn_which_its_charts_say() -> None:
    shares = habits().estimates["share"]
    exact = replace(habits(), estimates=habits().estimates.assign(low=shares, high=shares))
    followed = charts.series([exact, after(exact)], ["residents.going.daily"], "going", "Going online")
    for chart in (charts.compare_populations(exact, "habits"), followed):
        assert EXACT in (chart.interval_note, *chart.notes, *chart.reading, chart.subtitle)
        assert not [record for record in records_of(chart) if "low" in record]
        assert find_spec_faults(chart.full_spec()) == []


def test_shares_that_are_named_are_followed_over_all_waves_or_those_that_changed_most() -> None:
    third = after(after(wave_2004(), "2014"), "2024")
    named = charts.every_wave(third, keys=ACCESS[:2])
    labels = wave_2004().codebook.items["short_label"]
    shown = {f"“{labels[key.split('.')[1]]}” (agree), the public" for key in ACCESS[:2]}
    assert {record["label"] for record in records_of(named)} == shown
    few = replace(third, estimates=third.estimates[third.estimates["question_id"] == "quality_indicators"])
    assert "left out" not in " ".join(charts.every_wave(few, most=16).notes)


def test_a_question_that_is_put_once_is_one_stacked_bar_and_a_list_is_none() -> None:
    """An author who asked for another form of a drafted chart had no chart at all."""
    survey = wave_2004()
    chart = charts.stacked(survey, "services_improved")
    assert (chart.folded, len({record["label"] for record in records_of(chart)})) == ("", 1)
    assert charts.stacked(habits(), "habits") is None, "no answer speaks for its statements: all stand in its chart"
    with pytest.raises(SurveybookError, match=r"'quality_indicators' is a list of options .* charts\.results"):
        charts.stacked(survey, "quality_indicators")


def test_a_question_that_the_wave_before_did_not_ask_is_said_so_once_by_its_chart() -> None:
    asked = habits("scale")
    before = replace(asked, asked=asked.asked.iloc[:0], estimates=asked.estimates.iloc[:0])
    survey = replace(asked, wave="2032", baseline=before)
    assert findings.changes(survey, "habits").text == ""
    notes = charts.stacked(survey, "habits").full_spec()["usermeta"]["surveybook"]["notes"]
    assert "Not asked in 2031." in notes


def test_why_questions_are_not_simply_compared_is_said_once_for_all_that_share_the_reason() -> None:
    """A chart of all changes had a sentence for each question, which made one long paragraph."""
    then, now = wave_2004(), after(wave_2004())
    asked = now.asked.assign(mode="online")
    notes = charts.changes(replace(risen(now), asked=asked, baseline=then)).full_spec()["usermeta"]["surveybook"][
        "notes"
    ]
    told = [note for note in notes if note.startswith("With caution beside")]
    assert len(told) == len({note.partition(" (“")[0] for note in told})
    assert any(" more)." in note for note in told)


def test_shares_of_almost_nobody_have_an_axis() -> None:
    """Its end was rounded to 0%, and the book could not be built."""
    few = {"label": "Few", "series": "All", "status": "number", "share": 0.003, "text": "0%", "tip": ""}
    drawing = draw_rows([few], [Series("All", "#1d4f91")])
    assert drawing["spec"]["encoding"]["x"]["scale"]["domain"] == [0, 0.06]


def with_numbers(survey: Survey, **columns: Any) -> Survey:
    return replace(survey, numbers=survey.numbers.assign(**columns))


def test_ratings_stand_on_their_scale_and_other_numbers_start_at_nought() -> None:
    """A mean of 3 of 5 was drawn at three fifths, where nobody could answer 0."""
    survey, shares = ratings(), ratings().numbers["statistic"] == "share"
    scale = {end: survey.numbers[end].where(~shares, [0, 0, 0, 1, 3, 5]) for end in ("lowest", "highest")}
    rated = charts.means(with_numbers(survey, **scale, value=3.0, low=2.8, high=3.2, unit=""), "habits")
    plain = charts.means(survey, "habits")
    axes = [chart.spec["spec"]["encoding"]["x"] for chart in (rated, plain)]
    assert [axis["scale"]["domain"] for axis in axes] == [[1, 5], [0, 8]]
    assert [axis["axis"]["values"] for axis in axes] == [[1, 3, 5], [0, 2, 4, 6, 8]]
    # On a scale from 1 a line from nought to the mean would be a length of nothing.
    stems = [[layer for layer in chart.spec["spec"]["layer"] if "datum" in layer["encoding"].get("x2", {})]
             for chart in (rated, plain)]  # fmt: skip
    assert [len(found) for found in stems] == [0, 1]
    assert [find_spec_faults(chart.spec) for chart in (rated, plain)] == [[], []]


def test_means_with_a_line_from_nought_may_not_leave_it_out() -> None:
    chart = charts.means(ratings(), "habits")
    chart.spec["spec"]["encoding"]["x"]["scale"]["domain"] = [2, 8]
    assert any("nought isn't on the axis x, which goes from 2 to 8" in said for said in find_spec_faults(chart.spec))


def test_a_mean_of_ratings_whose_ends_have_names_is_told_on_its_scale() -> None:
    survey = with_numbers(ratings(), unit="")
    row = survey.numbers.iloc[0]
    labels = {"6": "Not at all", "8": "Completely"}
    named = replace(survey, recordings={"residents": {"questions": {"habits": {"labels": labels}}}})
    assert results.name_scale(survey, row) == ""
    assert results.name_scale(named, row) == " on a scale of 6 to 8"


def test_a_mean_far_beyond_all_others_stands_beside_the_axis_of_these() -> None:
    """One mean of 1,451 days, raised by a few, left the others without room."""
    survey = ratings()
    mean = survey.numbers[survey.numbers["statistic"] == "mean"].iloc[:1]
    items = {"going": 9.0, "paying": 7.0, "reading": 8.0, "staying": 1451.0}
    rows = [
        mean.assign(item_id=name, label=name, value=value, low=value - 1, high=value + 1)
        for name, value in items.items()
    ]
    chart = charts.means(replace(survey, numbers=pd.concat(rows, ignore_index=True)), "habits")
    assert chart.spec["spec"]["encoding"]["x"]["scale"]["domain"] == [0, 10]
    far, *near = sorted(chart.spec["data"]["values"], key=lambda one: "mean" in one)
    assert (far["label"], far["text"]) == ("staying", "1,451: far beyond this axis")
    assert "mean" not in far
    assert all("mean" in one for one in near)


def test_classes_of_numbers_stand_below_each_other_with_name_and_share() -> None:
    chart = charts.distribution(ratings(), "habits")
    bars, names, shares = chart.spec["spec"]["layer"]
    assert bars["encoding"]["x"]["field"] == "share"
    assert (names["encoding"]["text"]["field"], shares["encoding"]["text"]["field"]) == ("series", "text")
    assert chart.spec["data"]["values"][0]["text"] == "38%"


def test_a_chart_of_shares_that_did_not_move_says_once_what_it_shows() -> None:
    story = charts.every_wave(after(after(wave_2004(), "2014"), "2024")).full_spec()["usermeta"]["surveybook"]
    assert story["title"].startswith("Shares over all surveys, ")
    assert story["subtitle"].startswith("A line joins surveys")


def test_a_chart_that_cannot_be_drawn_is_named(tmp_path: Path) -> None:
    spec = draw("ranked").full_spec()
    # From a datum to a field: the schema allows what Vega-Lite can't draw.
    spec["spec"]["layer"] = [{"mark": "rule", "encoding": {"x": {"datum": 0}, "x2": {"field": "share"}}}]
    with pytest.raises(SurveybookError, match="The chart 'quality-enablers' can't be drawn"):
        draw_picture(spec, tmp_path)


@pytest.mark.slow
def test_an_author_s_own_altair_chart_is_stored_as_any_other() -> None:
    bars = altair.Chart(pd.DataFrame({"share": [0.4], "label": ["Parks"]})).mark_bar().encode(x="share:Q", y="label:N")
    stored = replace(draw("ranked"), spec=bars)._repr_mimebundle_()[CHART]
    assert stored["encoding"]["x"]["field"] == "share"
    assert lacking(stored)[-1] == "base in the picture"


def test_every_chart_function_is_tried_here() -> None:
    # `draw_new_questions` returns several charts, made by functions that are tried.
    assert set(charts.find_homes()) - {"draw_new_questions"} <= set(DRAW), "add the new chart to DRAW"


@pytest.mark.parametrize("name", ROWS)
def test_data_are_shares_with_labels_and_limits_that_somebody_can_restyle(name: str) -> None:
    numbers = [record for record in records_of(draw(name)) if "share" in record]
    assert numbers
    assert all(record["low"] < record["share"] < record["high"] for record in numbers)
    assert all(isinstance(record["label"], str) and "\n" not in record["label"] for record in numbers)


def test_a_long_label_is_broken_in_the_picture_alone() -> None:
    label = "Has enough choice between one-stop shops, telephone hotlines and interactive websites"
    record = {"label": label, "series": "a", "status": "number", "share": 0.4, "text": "40%", "tip": "a"}
    spec = draw_rows([record], [Series("a", palette.OTHER)])
    assert spec["data"]["values"][0]["label"] == label
    assert 'one-stop shops,", "telephone' in spec["facet"]["row"]["header"]["labelExpr"]


def test_two_items_of_one_label_stand_in_rows_of_their_own_also_where_one_population_lacks_the_first() -> None:
    estimates = wave_2004().estimates
    absent = estimates["population"].eq("public") & estimates["item_id"].eq("performance_targets")
    same = estimates["item_id"].isin(["performance_targets", "value_for_money"])
    estimates = estimates.assign(label=estimates["label"].mask(same, "Twice"))[~absent]
    records = records_of(DRAW["compare_populations"](replace(wave_2004(), estimates=estimates)))
    rows = [(record["label"], record["series"]) for record in records if record["label"].startswith("Twice")]
    rows = [row for row in rows if row[1]]  # a pair of one row has its gap as a record too
    assert rows == [("Twice", "The public"), ("Twice", "Frontline staff"), ("Twice (2)", "Frontline staff")]


def test_words_are_a_band_with_the_word_and_what_has_no_number_is_said() -> None:
    (words,) = (record for record in records_of(draw("shares")) if record["status"] == "words")
    assert (words["from"], words["to"], words["text"]) == (0.75, 1.0, "“more than three-quarters”")
    assert "share" not in words
    estimates = wave_2004().estimates.copy()
    estimates.loc[estimates["item_id"] == "out_of_hours_access", "verbal"] = "widespread"
    vague = records_of(DRAW["shares"](replace(wave_2004(), estimates=estimates)))
    assert "“widespread”, no number" in [record.get("text") for record in vague]
    assert "not published" in {row[3] for row in draw("answers").rows}


@pytest.mark.parametrize("name", ROWS)
def test_a_question_that_was_not_asked_has_no_figure(name: str) -> None:
    survey = wave_2004()
    empty = replace(survey, estimates=survey.estimates.head(0), asked=survey.asked.head(0))
    assert DRAW[name](empty) is None
    assert charts.draw_new_questions(survey) == []
    unasked = replace(ratings(), asked=ratings().asked.head(0), numbers=ratings().numbers.head(0))
    without = [charts.means(unasked, "habits"), charts.distribution(unasked, "habits")]
    without += [charts.results(empty, "quality_indicators"), charts.stacked(empty, "services_improved")]
    without += [charts.changes(survey), charts.changes(after(survey))]
    assert without == [None] * 6


def test_questions_that_only_this_survey_put_to_these_people_have_a_chart_each_by_their_kind() -> None:
    survey, swapped = wave_2004(), {"public": "frontline", "frontline": "public"}
    own = ["quality_enablers", "taxes_spent_efficiently"]

    def swap(table: pd.DataFrame) -> pd.DataFrame:
        moved = table["question_id"].isin(own)
        return table.assign(population=table["population"].where(~moved, table["population"].map(swapped)))

    later = replace(survey, wave="later", asked=swap(survey.asked), estimates=swap(survey.estimates))
    drawn = charts.draw_new_questions(later)
    assert [chart.name for chart in drawn] == ["new-quality-enablers", "new-taxes-spent-efficiently"]
    assert [find_spec_faults(chart.full_spec()) for chart in drawn] == [[], []]


def test_the_title_of_single_statements_tells_the_largest_share_of_each_population_and_its_reply() -> None:
    keys = ["frontline.own_service_vfm.agree", "public.taxes_spent_efficiently.agree"]
    choice = "public.enough_choice.agree"
    one, both = (charts.shares(wave_2004(), own, "without-headline", "Value") for own in ([choice], keys))
    said = "78% of the public agree with “There is enough choice between the three ways of access” (our words)"
    assert one.title == said
    assert both.title.startswith("65% of frontline staff agree with “")
    assert " and 25% of the public agree with “" in both.title


def test_what_holds_for_all_charts_of_a_page_is_said_apart_from_what_stands_beside_one() -> None:
    chart = draw("ranked")
    assert {row[chart.columns.index("Respondents")] for row in chart.rows} == {"500"}
    source = "Source: Surveys of the public and of frontline staff for Why ICT?, 2004."
    assert chart.foot == f"Base: 500 frontline staff. {source}"
    assert chart.notes == []
    assert any("Who answered" in text and "500 (assumed)" in text for text in chart.reading)
    assert "A band shows what the source’s words allow; it printed no number." in draw("shares").notes
    assert draw("compare_populations").notes == []


def test_answers_of_a_kind_that_only_a_report_has_are_drawn_in_its_own_order_and_never_ranked_as_items() -> None:
    drawn = charts.compare_populations(habits(), "habits"), charts.ranked(habits(), "habits", "residents")
    for chart in (*drawn, charts.results(habits(), "habits")):
        assert lacking(chart.full_spec()) == []
        assert "ahead of" not in chart.alternative
        assert "comes first" not in f"{chart.title} {chart.alternative}"
        assert not {"rank 1"} & {cell for row in chart.rows for cell in row}
    labels = list(dict.fromkeys(record["label"] for record in records_of(drawn[0])))
    assert labels[:3] == ["Going online: daily", "Going online: weekly", "Going online: never"]
    assert set(labels) == {record["label"] for record in records_of(drawn[1])}
    answers = [record["series"] for record in records_of(charts.answers(habits(), "going"))]
    assert answers[:3] == ["Daily: residents", "Weekly: residents", "Never: residents"]


def test_who_was_asked_otherwise_and_has_no_published_answer_has_no_empty_row() -> None:
    chart = charts.answers(wave_2004(), "services_improved")
    assert {record["label"] for record in records_of(chart)} == {"The public"}
    assert chart.foot.startswith("Base: the public 1,000. Source:")


def test_a_question_put_to_a_part_of_a_population_says_so_and_makes_no_news() -> None:
    survey = wave_2004()
    news = find_highlights(survey)[0].question
    universe = survey.asked["universe"].mask(survey.asked["question_id"] == news, "those who went online")
    survey = replace(survey, asked=survey.asked.assign(universe=universe))
    chart = charts.results(survey, news)
    assert chart.foot.startswith("Base: those who went online, of the public 1,000")
    assert news not in {one.question for one in find_highlights(survey)}


def test_ranks_say_where_the_overlap_of_answers_had_to_be_bounded() -> None:
    survey = synthetic()
    assert (survey.estimates["standard_error"] > 0).any()
    for own, is_said in ((survey, False), (replace(survey, covariances=survey.covariances.iloc[:0]), True)):
        chart = charts.ranked(own, "quality_indicators", "public")
        assert any("hold however the answers overlap" in text for text in chart.reading) == is_said


def test_a_chart_of_respondents_says_that_its_intervals_are_by_design() -> None:
    survey = synthetic()
    designed = replace(survey, estimates=survey.estimates.assign(method="logit, Taylor"))
    note = DRAW["compare_populations"](designed).interval_note
    assert "by the design of each sample." in note
    some = designed.estimates["method"].where(designed.estimates["population"] == "public", "Wilson")
    mixed = replace(survey, estimates=survey.estimates.assign(method=some))
    assert "or Wilson where percentages were published" in DRAW["compare_populations"](mixed).interval_note


def test_the_foot_tells_how_many_answered_where_more_were_asked() -> None:
    survey = make_survey("content", {"Parks": rate(82), "Pools": rate(40)})
    estimates = survey.estimates
    by_item = estimates["label"].map({"Parks": 700.0, "Pools": 650.0})
    fewer = [estimates.assign(base=826.0), estimates.assign(base=by_item), estimates.assign(base=float("nan"))]
    told = [count_bases(replace(survey, estimates=own), ["residents"], "services") for own in (estimates, *fewer)]
    assert told[:3] == ["1,000 residents", "826 of 1,000 residents", "650 to 700 of 1,000 residents"]
    assert told[3] == "not published, of 1,000 residents"


@pytest.mark.parametrize(
    ("kind", "answers", "asked"), [("content", rate(82), "Services"), ("scale", {"agree": 90.0, "disagree": 10.0}, "")]
)
def test_a_card_has_its_question_over_it_unless_it_quotes_that(
    kind: str, answers: dict[str, float], asked: str
) -> None:
    (card,) = cards.show_highlights(make_survey(kind, {"Work pays": answers}), most=1).cards
    assert card["link"] == asked


def test_a_chapter_opens_with_what_is_borne_best_of_its_own_questions() -> None:
    """Chapters of several questions began with charts, and no sentence said what was found."""
    survey = make_survey("content", {"Parks": rate(82), "Pools": rate(40)})
    (best, *_) = find_highlights(survey)
    assert cards.tell_highlights(survey, "services").text == f"Services – {best.says.text}"
    # Where nothing is borne well, it is what the landing page says of the chapter.
    even = make_survey("content", {"Parks": rate(50), "Pools": rate(50)})
    first = findings.chapter_headline(even, "services", named=True).text
    assert cards.tell_highlights(even, "services").text == f"{first}."


def test_a_share_near_nought_is_drawn_within_its_interval() -> None:
    """A party that one of 2,000 named stopped the build: its interval was drawn to 0.0%, its share at 0.01%."""
    survey = make_survey("single", {"Red": {"chosen": 60.0}, "Grey": {"chosen": 0.01}})
    rows = survey.estimates.assign(low=survey.estimates["share"] * 0.5, high=survey.estimates["share"] * 1.5)
    chart = charts.results(replace(survey, estimates=rows), "services")
    assert find_spec_faults(chart.full_spec()) == []


@pytest.mark.parametrize(("then", "rings"), [(60, [60.0]), (81, [])])
def test_a_card_has_a_ring_where_a_share_that_changed_was_and_says_what_it_is(then: int, rings: list[float]) -> None:
    before = replace(make_survey("content", {"Parks": rate(then), "Pools": rate(30)}), wave="2025")
    survey = replace(make_survey("content", {"Parks": rate(82), "Pools": rate(30)}), baseline=before)
    shown = cards.show_highlights(survey, most=1)
    assert [one["was"] for card in shown.cards for one in card["shown"] if "was" in one] == rings
    assert ("A ring is where a share was in 2025." in shown.notes) == bool(rings)


@pytest.mark.parametrize(
    ("labels", "drawn"),
    [
        (["1 to 3 years", "10 years or more", "Less than 1 year", "4 to 9 years"], [2, 0, 3, 1]),
        (["£1,000 to £1,999", "None", "Over £2,000", "Up to £1,000"], [1, 3, 0, 2]),
        (["Bus 10", "Tram", "1 horse", "2 feet"], [0, 1, 2, 3]),
    ],
)
def test_options_that_are_amounts_stand_in_their_order_and_others_by_share(labels: list[str], drawn: list[int]) -> None:
    shares = {label: {"chosen": 40.0 - 10 * place} for place, label in enumerate(labels)}
    chart = charts.results(make_survey("single", shares), "services")
    assert [row[0] for row in chart.rows] == [labels[place] for place in drawn]
    several = charts.results(make_survey("multiple", shares), "services")
    assert [row[0] for row in several.rows] == labels
