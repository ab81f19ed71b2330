"""A published topline becomes a report with a wave a period; what differs between periods is found, not typed."""

import json
from pathlib import Path

import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from surveybook.book.news import describe_changes_since
from surveybook.change.changes import compare_waves
from surveybook.change.comparability import CAUTION, COMPARABLE, NOT_COMPARABLE
from surveybook.cli import make_app
from surveybook.drafts.published_table import sort_periods
from surveybook.drafts.records import open_respondents
from surveybook.drafts.topline import Topline, divide_topline, read_topline, write_topline_report
from surveybook.model.problems import DataError
from surveybook.respondents.files import Respondents
from surveybook.waves import open_wave

HEAD = ["period", "section", "code", "question", "item", "response", "percent", "base"]
ROWS = [
    ("2030", "Work", "B1", "", "My work interests me", "Agree or strongly agree", "81.5", "1,000"),
    ("2031", "Work", "B1", "", "My work interests me", "Agree or strongly agree", "84.5", "1,100"),
    ("2030", "Work", "B2", "", "The board has a clear plan", "Agree or strongly agree", "41", "1000"),
    ("2031", "Work", "B2", "", "Senior managers have a clear plan", "Agree or strongly agree", "52", "1100"),
    ("2030", "Plans", "C1", "What will you do next year?", "", "Leave", "10", "1000"),
    ("2030", "Plans", "C1", "What will you do next year?", "", "Stay", "90", "1000"),
    ("2031", "Plans", "C1", "What will you do next year?", "", "Leave", "12", "1100"),
    ("2031", "Plans", "C1", "What will you do next year?", "", "Stay", "[c]", "1100"),
    ("2030", "Plans", "C2", "Why would you leave?", "Pay", "", "40", "100"),
    ("2030", "Plans", "C2", "Why would you leave?", "Workload", "", "55", "100"),
    ("2031", "Plans", "C2", "Why would you leave?", "Pay", "", "41", "132"),
    ("2031", "Plans", "C2", "Why would you leave?", "Workload", "", "50", "132"),
    ("2031", "Plans", "C2", "Why would you leave?", "Culture", "", "33", "132"),
]


def write_rows(path: Path, rows: list[tuple[str, ...]], head: list[str] = HEAD) -> Path:
    """Write a topline."""
    pd.DataFrame(rows, columns=head).to_csv(path, index=False)
    return path


def read_rows(folder: Path, rows: list[tuple[str, ...]], head: list[str] = HEAD) -> Topline:
    """Return a topline of rows as it is read."""
    topline = read_topline(open_respondents(write_rows(folder / "topline.csv", rows, head)))
    assert topline is not None
    return topline


def change_row(place: int, column: str, value: str) -> list[tuple[str, ...]]:
    """Return the rows with one cell that holds something else."""
    return [
        tuple(value if (at, name) == (place, column) else cell for name, cell in zip(HEAD, row, strict=True))
        for at, row in enumerate(ROWS)
    ]


def test_what_a_topline_takes_no_part_in_is_said(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "topline.csv", ROWS)
    done = CliRunner().invoke(make_app(), ["new", str(tmp_path / "a"), "--from", str(source), "--wave", "7"])
    assert "--wave changed nothing: the file is a published topline" in done.output


@pytest.mark.parametrize(
    ("rows", "more", "said"),
    [
        (change_row(0, "percent", "815"), [], "row 2, column percent: '815' is no percentage"),
        (change_row(0, "percent", "about 80"), [], "row 2, column percent: 'about 80' is no percentage"),
        (change_row(4, "question", ""), [], "row 6, column question: no question stands here"),
        (change_row(4, "response", ""), [], "row 6, column response: neither an item nor a response"),
        (change_row(3, "base", "many"), [], "row 5, column base: 'many' is no number of people"),
        (change_row(6, "period", ""), [], "row 8, column period: no period stands here"),
        (change_row(8, "item", "Workload"), [], "row 11: the same figure as in row 10"),
        ([*ROWS, ("2030!", *ROWS[0][1:])], [], "the period '2030!' can't be told from '2030'"),
        ([(*row, "north") for row in ROWS], ["group"], "'north' names no grouping"),
        ([(*row[:6], "0.4", row[7]) for row in ROWS], [], "write per cent: 48, not 0.48"),
        ([(*row, "online" if place else "by post") for place, row in enumerate(ROWS)], ["mode"],
         "'online' stands here, and 'by post' before for 2030"),
    ],
)  # fmt: skip
def test_what_a_topline_cannot_mean_is_named_with_its_place(
    tmp_path: Path, rows: list[tuple[str, ...]], more: list[str], said: str
) -> None:
    with pytest.raises(DataError) as error:
        read_rows(tmp_path, rows, [*HEAD, *more])
    assert said in " ".join(str(error.value).split())


def test_a_topline_without_periods_is_of_one_wave_whose_period_nobody_states(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(*row[1:], "yes") for row in ROWS if row[0] == "2031"]
    source = write_rows(tmp_path / "topline.csv", rows, [*HEAD[1:], "checked"])
    done = CliRunner().invoke(make_app(), ["new", str(tmp_path / "a"), "--from", str(source), "--wave", "spring"])
    assert "Drafted 4 questions of one wave" in done.output
    assert "Left out: checked (no part of a topline" in done.output
    assert "no column is called period" in done.output
    assert "changed nothing" not in done.output
    monkeypatch.chdir(tmp_path / "a")
    population = open_wave("spring").metadata["populations"]["respondents"]
    assert (population["fieldwork"], population["fieldwork_start"]) == ("not known", None)


def test_figures_of_groups_are_shown_in_their_chapters_and_countries_keep_their_names(tmp_path: Path) -> None:
    rows = [(*row, group) for group in ("country: Austria", "country: Spain", "sex: Men") for row in ROWS]
    topline = read_rows(tmp_path, rows, [*HEAD, "group"])
    assert {*topline.rows["domain"]} == {"country=Austria", "country=Spain", "sex=men"}
    write_topline_report(tmp_path / "report", topline, title="Staff survey")
    assert "tables.by_group" in (tmp_path / "report/chapters/02-plans.ipynb").read_text(encoding="utf-8")


def test_figures_that_a_column_tells_apart_which_is_no_part_are_one_problem(tmp_path: Path) -> None:
    rows = [(*row, brand, "here") for brand in ("Ours", "Theirs") for row in ROWS]
    with pytest.raises(DataError) as error:
        read_rows(tmp_path, rows, [*HEAD, "brand", "place"])
    said = " ".join(str(error.value).split())
    assert "row 15, column brand: the same figure as in row 2 but for brand" in said
    assert "where it holds groups of people, call it “group: brand”" in said
    assert "has 1 problem" in said
    topline = read_rows(tmp_path, rows, [*HEAD, "group: brand", "country"])
    assert {*topline.rows["domain"]} == {"brand=ours", "brand=theirs"}


def test_a_file_of_respondents_is_no_topline(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,UCL,Low confidence\n1,Yes,0\n2,No,1\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text(",Parks,,Roads\n,Good,Near,Good\nR_ab,1,5,4\nR_cd,3,2,2\n", encoding="utf-8")
    without_day = Respondents("c.dta", pd.DataFrame({"when": pd.to_datetime(["2026-01-01", None])}))
    for source in (open_respondents(tmp_path / "a.csv"), open_respondents(tmp_path / "b.csv"), without_day):
        assert read_topline(source) is None


def test_what_is_drawn_together_has_a_name_apart_from_the_first_question_of_its_chapter(tmp_path: Path) -> None:
    asked = [("Is it used?", "Often", "At times", "Never"), *((name, "Yes", "No") for name in ("Old?", "New?", "Bad?"))]
    rows = [("", "", "", name, "", answer, "33", "") for name, *answers in asked for answer in answers]
    write_topline_report(tmp_path / "report", read_rows(tmp_path, rows), title="Use")
    chapter = (tmp_path / "report/chapters/01-is-it-used.ipynb").read_text(encoding="utf-8")
    assert r"statements, name=\"is-it-used-together\"" in chapter


def test_answers_that_add_up_to_less_than_all_people_are_asked_about(tmp_path: Path) -> None:
    rows = [("2030", "", "", "Smoking", "", *told, "") for told in (("Ever", "48.8"), ("Current", "16.8"))]
    said = "answers to “Smoking” add up to less than 100: does each person give one of them?"
    assert read_rows(tmp_path, rows).doubts == (said,)


@pytest.fixture
def drafted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a report drafted from the rows; it is the current one."""
    folder = tmp_path / "report"
    topline = read_rows(tmp_path, [(*row, "true") for row in ROWS], [*HEAD, "census"])
    write_topline_report(folder, topline, title="Staff survey")
    monkeypatch.chdir(folder)
    return folder


def test_every_figure_stands_in_its_wave_as_it_was_printed_and_what_no_topline_says_stays_unknown(
    drafted: Path,
) -> None:
    for period in ("2030", "2031"):
        figures = pd.read_csv(drafted / f"data/waves/{period}/estimates.csv", dtype=str, keep_default_na=False)
        printed = [row[6] for row in ROWS if row[0] == period]
        assert [one or "[c]" for one in figures["percent"]] == printed
        withheld = figures.loc[figures["percent"] == "", ["status", "note"]].itertuples(index=False, name=None)
        assert set(withheld) <= {("unpublished", "printed as [c]")}
    told = yaml.safe_load((drafted / "data/waves/2031/wave.yml").read_text("utf-8"))
    block = told["populations"]["respondents"]
    assert (told["baseline"], block["mode"], block["census"]) == ("2030", "not known", True)
    assert block["fieldwork_start"] == "2031"


def test_kinds_follow_from_where_answers_stand(drafted: Path) -> None:
    survey = open_wave("2031", "2030")
    kinds = {name: survey.codebook.kind_of(name).name for name in survey.codebook.questions.index}
    assert list(kinds.values()) == ["scale", "scale", "single", "multiple"]


def test_breaks_between_periods_are_found(drafted: Path) -> None:
    changes = compare_waves(open_wave("2031"), open_wave("2030"))
    found = {one.title: (one.status, one.reason) for one in changes.questions.itertuples()}
    assert found["My work interests me"][0] == COMPARABLE
    status, reason = found["Senior managers have a clear plan"]
    assert status == CAUTION
    assert "“The board has a clear plan”" in reason
    assert found["Why would you leave?"] == (NOT_COMPARABLE, "the list of items has gained culture")


def test_statements_of_a_section_are_drawn_together(drafted: Path) -> None:
    notebook = json.loads((drafted / "chapters/01-work.ipynb").read_text("utf-8"))
    sources = ["".join(cell["source"]) for cell in notebook["cells"]]
    assert sum(source.startswith("charts.shares(") for source in sources) == 1
    assert not any(source.startswith("charts.answers(") for source in sources)


def test_changes_of_a_census_are_exact_and_have_no_intervals(drafted: Path) -> None:
    from surveybook import findings

    said = findings.largest_changes(open_wave("2031", "2030")).text
    assert "rose from 41% to 52%" in said
    assert "sampling" not in said
    told = describe_changes_since(open_wave("2031", "2030"), {}, [])
    assert told["changes"]
    for one in told["changes"]:
        assert one["now"]["interval"] is None
        assert "(" not in one["now"]["text"]
    # No number that JSON can't hold.
    json.loads(json.dumps(told, allow_nan=False))


def test_lists_of_answers_that_begin_and_end_alike_are_two_kinds(tmp_path: Path) -> None:
    answers = {"Parks": ("Very good", "Good", "Very bad"), "Roads": ("Very good", "More good than bad", "Very bad")}
    rows = [
        ("2031", "", "", name, "", answer, str(20 + place), "500")
        for name, listed in answers.items()
        for place, answer in enumerate(listed)
    ]
    topline = read_rows(tmp_path, rows)
    first, second = topline.questions
    assert first.kind != second.kind
    assert [list(one.answers.values()) for one in topline.questions] == [list(listed) for listed in answers.values()]


def make_ratings(question: str) -> list[tuple[str, ...]]:
    """Return how many are satisfied with three services, under one question or, without, each by itself."""
    return [
        ("2031", "Services", "", question, service, answer, str(percent), "500")
        for service, satisfied in {"Parks": 70, "Roads": 20, "Libraries": 50}.items()
        for answer, percent in (("Satisfied", satisfied), ("Neither", 10), ("Dissatisfied", 90 - satisfied))
    ]


def test_answers_with_two_sides_have_one_that_speaks_for_statements_which_are_drawn_together(tmp_path: Path) -> None:
    topline = read_rows(tmp_path, make_ratings(""))
    assert {tuple(one.roles.items()) for one in topline.questions} == {
        (("headline", "satisfied"), ("opposite", "dissatisfied"))
    }
    (chapter,) = divide_topline(topline)
    assert [key for keys in chapter.statements.values() for key in keys] == [
        f"respondents.{name}.satisfied" for name in ("parks", "roads", "libraries")
    ]


def test_statements_that_share_their_question_are_its_items_and_it_keeps_its_words(tmp_path: Path) -> None:
    asked = "How satisfied are you with each?"
    topline = read_rows(tmp_path, make_ratings(asked))
    (question,) = topline.questions
    assert (question.title, list(question.items.values())) == (asked, ["Parks", "Roads", "Libraries"])
    assert question.roles == {"headline": "satisfied", "opposite": "dissatisfied"}
    shares = topline.rows.set_index(["item_id", "answer"])["percent"]
    assert shares["roads", "dissatisfied"] == "70"


def test_totals_that_a_table_prints_are_nets_of_the_answers_that_they_add_up(tmp_path: Path) -> None:
    asked = "How satisfied are you with each?"
    scale = {"Very satisfied": (30, 11), "Fairly satisfied": (34, 20), "Fairly dissatisfied": (15, 30),
             "Very dissatisfied": (17, 34), "Don't know": (4, 5)}  # fmt: skip
    # Rounded by themselves: the first is a point more than its rounded parts are together.
    scale |= {"Total satisfied": (65, 31), "Dissatisfied (net)": (32, 64)}
    rows = [
        ("2031", "", "", asked, service, answer, str(percents[place]), "500")
        for place, service in enumerate(("Parks", "Roads"))
        for answer, percents in scale.items()
    ]
    topline = read_rows(tmp_path, rows)
    (question,) = topline.questions
    assert question.nets == {
        "satisfied": ("very_satisfied", "fairly_satisfied"),
        "dissatisfied": ("fairly_dissatisfied", "very_dissatisfied"),
    }
    assert question.roles == {"headline": "satisfied", "opposite": "dissatisfied"}
    # A total that its parts don't make is an answer like the others, which the check of the wave names.
    wrong = [(*row[:6], "80", row[7]) if row[4:6] == ("Parks", "Total satisfied") else row for row in rows]
    topline = read_rows(tmp_path, wrong)
    assert list(topline.questions[0].nets) == ["dissatisfied"]


@pytest.mark.parametrize(
    ("table", "figures"),
    [
        ("Jahr;Frage;Antwort;Prozent;Basis\n2030;Zufrieden?;Ja;62,5;400\n2030;Zufrieden?;Nein;37,5;400",
         {("2030", "", "zufrieden.ja", "62.5", "400"), ("2030", "", "zufrieden.nein", "37.5", "400")}),
        ("Question,Good,Neither,Poor,N\nParks,50,30,20,80\nRoads,20,20,60,80",
         {("", "", f"{name}.{answer}", percent, "80") for name, percents in (("parks", "503020"), ("roads", "202060"))
          for answer, percent in zip(("good", "neither", "poor"), (percents[:2], percents[2:4], percents[4:]),
                                     strict=True)}),
        ("Question,Answer,All,Men,16-24\nUsed it?,Yes,61,60,[c]\n,No,39,40,70\n,Total,100,100,100\n,Base,900,400,90",
         {("", "", "used_it.yes", "61", "900"), ("", "", "used_it.no", "39", "900"),
          ("", "sex=men", "used_it.yes", "60", "400"), ("", "sex=men", "used_it.no", "40", "400"),
          ("", "age=16-24", "used_it.yes", "[c]", "90"), ("", "age=16-24", "used_it.no", "70", "90")}),
        ("question,response,share,breakdown type,breakdown\nUsed it?,Yes,.615,All,All\nUsed it?,No,.385,All,All\n"
         "Used it?,Yes,.5,Tenure,Owners\nUsed it?,No,.5,Tenure,Owners",
         {("", "", "used_it.yes", "61.5", ""), ("", "", "used_it.no", "38.5", ""),
          ("", "tenure=owners", "used_it.yes", "50", ""), ("", "tenure=owners", "used_it.no", "50", "")}),
        ("question,answer,%,sample size\nWhich do you use?,Bus,60,900\nWhich do you use?,Train,55,850",
         {("", "", "bus.chosen", "60", "900"), ("", "", "train.chosen", "55", "850")}),
        ("Question,Answer,2030 (%),2031 (%),2031 base,Difference 2030 to 2031,2031 SE\nUsed it?,Yes,61*,<1,900,60,1\n"
         "Used it?,No,39,99 [note 1],900,60,1\nUsed it?,Unsure,: u,[x],900,,\nUsed it?,Mean (0-10),3.1,3.2,,0,1\n"
         "Used it?,Weighted N,850,880,,,\nUsed it?,Sample size,90,95,,,",
         {("2030", "", "used_it.yes", "61", "90"), ("2030", "", "used_it.no", "39", "90"),
          ("2030", "", "used_it.unsure", ": u", "90"), ("2031", "", "used_it.unsure", "[x]", "95"),
          ("2031", "", "used_it.yes", "<1", "95"), ("2031", "", "used_it.no", "99", "95")}),
        ("Statement,Agree,Disagree,Mean score,Base\nIt works,60,40,3.1,1 200\nIt helps,30,70,2.2,(900)",
         {("", "", "it_works.agree", "60", "1200"), ("", "", "it_works.disagree", "40", "1200"),
          ("", "", "it_helps.agree", "30", "900"), ("", "", "it_helps.disagree", "70", "900")}),
        ("Question,Response,Wave 1,Wave 2\nUsed it?,Yes,61%,62%\nUsed it?,No,39%,38%\nUsed it?,Base,1.000,(950)",
         {("Wave 1", "", "used_it.yes", "61", "1000"), ("Wave 1", "", "used_it.no", "39", "1000"),
          ("Wave 2", "", "used_it.yes", "62", "950"), ("Wave 2", "", "used_it.no", "38", "950")}),
        ("Question,Response,n,%\nUsed it?,Yes,122,61\nUsed it?,No,78,39\nUsed it?,Total,200,100",
         {("", "", "used_it.yes", "61", "200"), ("", "", "used_it.no", "39", "200")}),
        ("ADULTS,,UK adults,Children,\n,,,Some,None\nUsed it?,,,,\n,Yes,61%,60%,[c]\n,No,39%,40%,62%\n"
         "Why? (all that apply),,,,\n,Pay,50%,.5,<1%\n,Time,70%,52%,99+",
         {("", by, key, share, "") for key, told in
          {"used_it.yes": ("61", "60", "[c]"), "used_it.no": ("39", "40", "62"),
           "pay.chosen": ("50", "0.5", "<1"), "time.chosen": ("70", "52", "≥99")}.items()
          for by, share in zip(("", "children=some", "children=none"), told, strict=True)}),
        ("Used it?,,,\n,,Sex,\n,Total,Men,Women\n,,A,B\nBase: All (unwtd),900,400,500\nBase: All (wtd),880,410,470\n"
         "Yes,537,300,237\n,61%,73%,50%\n,,B,\nNo,343,110,233\n,39%,27%,50%\n,,,A\nSigma,880,410,470\n,100%,100%,100%",
         {("", by, f"used_it.{key}", share, base) for by, base, told in
          (("", "900", "6139"), ("sex=men", "400", "7327"), ("sex=women", "500", "5050"))
          for key, share in (("yes", told[:2]), ("no", told[2:]))}),
        ("question,percent,by,group,sex,Low CI\nSmokers,12,National,UK,All,10\nSmokers,~,State,Utah,All,9\n"
         "Drinkers,48 ±2,National,UK,All,46\nDrinkers,under 1,State,Utah,All,0",
         {("", "", "smokers.chosen", "12", ""), ("", "state=utah", "smokers.chosen", "~", ""),
          ("", "", "drinkers.chosen", "48", ""), ("", "state=utah", "drinkers.chosen", "<1", "")}),
    ],
    ids=["another language", "answers beside each other", "groups beside each other",
         "fractions of groups in two columns", "options of which people choose several",
         "notes on shares, means and changes", "statements without a question", "waves beside each other",
         "counts of each answer", "two rows of heads", "shares below numbers of people", "shares without answers"],
)  # fmt: skip
def test_a_table_is_read_however_its_publisher_lays_it_out(
    tmp_path: Path, table: str, figures: set[tuple[str, ...]]
) -> None:
    (tmp_path / "table.csv").write_text(table, encoding="utf-8")
    topline = read_topline(open_respondents(tmp_path / "table.csv"))
    assert topline is not None
    rows = topline.rows.assign(key=topline.rows["item_id"] + "." + topline.rows["answer"])
    assert {*rows[["period", "domain", "key", "percent", "base"]].itertuples(index=False, name=None)} == figures


@pytest.mark.parametrize(
    ("periods", "ordered"),
    [
        (["Autumn 2030", "Spring 2031", "Spring 2030"], ["Spring 2030", "Autumn 2030", "Spring 2031"]),
        (["3 to 14 April 2030", "20 to 31 March 2030"], ["20 to 31 March 2030", "3 to 14 April 2030"]),
        (["Wave 10", "Wave 9"], ["Wave 9", "Wave 10"]),
        (["2030/31", "2029/30"], ["2029/30", "2030/31"]),
    ],
)
def test_periods_stand_in_time_whatever_the_order_of_the_file(periods: list[str], ordered: list[str]) -> None:
    assert sort_periods(periods) == (tuple(ordered), [])


def test_periods_whose_names_tell_no_time_stay_and_are_asked_about() -> None:
    found, (said,) = sort_periods(["Winter 2030", "Summer 2030"])
    assert found == ("Winter 2030", "Summer 2030")
    assert "the first has to be the earliest" in said


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("id,question,answer\n1,Q1,Yes\n1,Q2,No\n", "no column is called percent"),
        ("answer,%\nYes,60\nNo,40\n", "no column is called question"),
        (
            "question,answer,2029,2030,2031\nQ1,Yes,1,60,61\nQ1,No,2,40,few\nQ2,Yes,3,1,2",
            "row 3, column 2031: 'few' is no",
        ),
        ("question,answer,2030,Men 2030\nQ1,Yes,60,61\nQ1,No,40,39", "“Men 2030” is of the same time as another"),
        ("question,answer,all,Con\nQ1,Yes,60,90\nQ1,No,40,10", "the column “Con” doesn't tell what groups people so"),
        ("Indicator,Value,Low CI,High CI\nSmokes,23,22,24\nDrinks,48,46,50", "no column is called question or percent"),
        (
            ",Total,Sex,\n,,Men,Women\nBase,90,40,50\nYes,61,60,62\nNo,39,40,38",
            "row 4, column question: no question stands",
        ),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_what_keeps_it(tmp_path: Path, table: str, said: str) -> None:
    (tmp_path / "table.csv").write_text(table, encoding="utf-8")
    with pytest.raises(DataError, match=said):
        read_topline(open_respondents(tmp_path / "table.csv"))
