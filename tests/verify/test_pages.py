"""A page or an embed that doesn't show what its chapter says, or what the data give, is caught, with its figure."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from surveybook.book.notebooks import Shown
from surveybook.verify import pages as verified
from surveybook.verify.chapters import Expected, find_printed, resolve_document
from surveybook.verify.pages import check_embeds, check_page, list_pages
from surveybook.verify.recomputation import DataFigures
from surveybook.verify.record import Check

FIGURE = "t1p_custsat"
TABLE = {
    "name": "shares", "title": "Shares", "columns": ["Item", "Share (%)", "Base"],
    "rows": [["Satisfaction", "68", "1,000"]], "source": "The survey", "figures": [FIGURE],
}  # fmt: skip
STORY = {
    "name": "picture", "title": "It is 68%", "subtitle": "What counts", "base": "1,000 adults",
    "alternative": "68% (65 to 71)", "interval_note": "Bands are intervals.", "source": "The survey",
    "notes": [], "reading": ["Who answered: 1,000 adults."], "foot": "Base: 1,000. The survey", "figures": [FIGURE],
    "table": TABLE,
}  # fmt: skip
SPEC = {"data": {"values": [{"text": "68%", "value": 68.0}]}, "usermeta": {"surveybook": STORY}, "config": {}}
EXPECTED = Expected(
    "chapters/x",
    (Shown("leader", (FIGURE,), "It's named by 68% (65 to 71)."),),
    {"picture": Shown("picture", (FIGURE,), content=SPEC, kind="chart")},
    {"shares": Shown("shares", (FIGURE,), content=TABLE)},
)
ROWS = "<table><thead><tr><th>Item</th><th>Share (%)</th><th>Base</th></tr></thead><tbody><tr><th>Satisfaction</th>" \
    "<td>68</td><td>1,000</td></tr></tbody>"  # fmt: skip
PAGE = f"""<html><body><article><p><span class="pasted-text">It’s named by 68% (65 to 71).</span></p>
<details class="how-to-read"><p>Bands are intervals.</p><p>Who answered: 1,000 adults.</p></details>
<figure class="chart" id="fig-picture"><p class="chart-title">It is 68%</p>
<p class="chart-question">What counts</p>
<div class="chart-picture"><svg aria-label="68% (65 to 71)">
<g class="role-axis-label"><text>100</text></g><text>68%</text></svg></div>
<script type="application/json" class="chart-spec">
{{"data":{{"values":[{{"text":"68%","value":68.0}}]}},"config":{{"aria":false}}}}</script>
<div class="chart-notes"><p>Base: 1,000. The survey</p></div>
<details class="chart-data">{ROWS}</table></details></figure>
<div class="data-table" id="tab-shares">{ROWS}<caption><span class="chart-title">Shares</span></caption></table>
<div class="chart-notes"><p>The survey</p></div></div></article></body></html>"""


@pytest.fixture(scope="module")
def known() -> DataFigures:
    return DataFigures(["2004"])


def faults(page: str, known: DataFigures, expected: Expected | None = EXPECTED) -> list[str]:
    return [str(fault) for fault in check_page("chapters/x.html", page, expected, known).faults]


def test_a_page_that_shows_what_it_should_has_no_fault(known: DataFigures) -> None:
    found = check_page("chapters/x.html", PAGE, EXPECTED, known)
    assert [str(fault) for fault in found.faults] == []
    assert found.counts["numbers recomputed from the data"] == 11


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("named by 68%", "named by 69%", "the glued text 'leader' reads"),
        ("named by 68%", "ignored by 68%", "the glued text 'leader' reads"),
        ("<td>68</td>", "<td>69</td>", "row 'Satisfaction', Share (%): '69' where the executed chapter has '68'"),
        ('"value":68.0', '"value":69.0', "its specification: data.values[0].value is '69.0' where"),
        ('"data":{"values"', '"data":{"values', "its specification: it can't be read"),
        ('aria-label="68', 'aria-label="86', "its alternative reads"),
        ("1,000 adults", "10,000 adults", "how to read its charts reads"),
        ("Base: 1,000", "Base: 10,000", "its notes reads"),
        ("It is 68", "It is 67", "its title reads"),
        ("Bands are", "Bands aren't", "how to read its charts reads 'Bands aren't"),
        ('id="tab-shares"', 'id="tab-other"', "the table 'shares' is missing"),
        ('id="tab-shares"', 'id="tab-other"', "the table 'other' is of no executed cell"),
        ("<tbody>", "<tbody><tr><th>Speed</th><td>6</td><td>9</td></tr>", "it has 2 rows where the executed"),
        ("</article>", '<div class="data-table" id="tab-shares"></div></article>', "the table 'shares' stands 2 times"),
        ("</article>", "<p>About 70 in all.</p></article>", "a number stands in 'About 70 in all.'"),
        ("</article>", "<p>Nearly ¾ of them.</p></article>", "a number stands in 'Nearly ¾ of them.'"),
        ("</article>", "<p>⁹⁷ in Ⅽ agreed.</p></article>", "a number stands in '⁹⁷ in Ⅽ agreed.'"),
        ("</article>", "<p>𝟗𝟕 or ९७ agreed.</p></article>", "a number stands in '𝟗𝟕 or ९७ agreed.'"),
        ("<body>", "<head><title>86% – Why</title></head><body>", "its head tells '86%'"),
        (
            "<body>", '<head><meta name="description" content="Named by 86%…"></head><body>',
            "its head tells 'Named by 86%…', which its text doesn't",
        ),
        (
            "<body>", '<head><meta property="og:description" content="Named by 86%"></head><body>',
            "its head tells 'Named by 86%'",
        ),
        (
            "<body>", '<head><script type="application/ld+json">{"about": ["86%"]}</script></head><body>',
            "its head tells '86%'",
        ),
        ("</article>", '<i class="pasted-text">70</i></article>', "2 glued texts where the executed chapter has 1"),
        ("<article>", "<section>", "the page has no text"),
    ],
)  # fmt: skip
def test_a_change_is_caught(known: DataFigures, old: str, new: str, said: str) -> None:
    page = PAGE.replace(old, new).replace("</article>", "</section>" if "section" in new else "</article>")
    assert any(said in fault for fault in faults(page, known)), faults(page, known)


def test_what_typesetting_does_to_labels_is_no_change(known: DataFigures) -> None:
    said = 'named by 68% -- "just one..."'
    expected = replace(EXPECTED, pasted=(Shown("leader", (FIGURE,), f"It's {said} (65 to 71)."),))
    assert faults(PAGE.replace("named by 68%", "named by 68% – “just one…”", 1), known, expected) == []


def test_headings_may_have_the_numbers_of_questions_and_waves_and_no_others(
    known: DataFigures, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles = [{"title": "Should the state do more to fight COVID-19?"}]
    monkeypatch.setattr(verified, "read_codebook_rows", lambda table: titles if table == "questions" else [])
    page = PAGE.replace("<article>", "<article><h1>Fight COVID-19<a>#</a></h1><h2>New in 2004</h2>")
    assert faults(page, known) == []
    assert any("COVID-20" in fault for fault in faults(page.replace("COVID-19", "COVID-20"), known))
    assert any("in 'New in 2005'" in fault for fault in faults(page.replace("2004<", "2005<"), known))
    assert any("in '2004'" in fault for fault in faults(page.replace("</article>", "<p>2004</p></article>"), known))


def test_what_stands_above_the_heads_of_a_table_is_what_they_begin_with(known: DataFigures) -> None:
    columns = ["%", "All", "Sex: women (A)", "Sex: men (B)", "Age: 55+ (A)"]
    table = {**TABLE, "columns": columns, "rows": [["Base", "2", "1", "1", "1"]]}
    expected = Expected("chapters/x", tables={"shares": Shown("shares", (), content=table)})
    heads, cells = ("".join(f"<th>{one}</th>" for one in row) for row in (columns, table["rows"][0]))
    groupings = '<tr class="groupings"><td></td><td colspan="2">Sex</td><td>Age</td></tr>'
    page = f"""<article><div class="data-table" id="tab-shares"><span class="chart-title">Shares</span>
    <table>{groupings}<tr>{heads}</tr><tr>{cells}</tr></table>
    <div class="chart-notes"><p>The survey</p></div></div></article>"""
    assert faults(page, known, expected) == []
    (fault,) = faults(page.replace("<td>Age", "<td>Sex"), known, expected)
    assert "what stands above its heads reads ', Sex, Sex' where the executed chapter has ', Sex, Age'" in fault


def test_a_chapter_that_says_what_the_data_do_not_is_caught_even_where_its_page_agrees(known: DataFigures) -> None:
    wrong: dict[str, Any] = {**TABLE, "rows": [["Satisfaction", "67", "1,000"]]}
    expected = Expected(
        "chapters/x", EXPECTED.pasted, EXPECTED.charts, {"shares": Shown("shares", (FIGURE,), content=wrong)}
    )
    page = PAGE[::-1].replace("<td>68</td>"[::-1], "<td>67</td>"[::-1], 1)[::-1]
    assert any("Share (%) shows '67' where the data give '68'" in fault for fault in faults(page, known, expected))


def test_a_page_without_a_notebook_shows_no_number(known: DataFigures) -> None:
    page = "<article><p>Nothing here, {}.</p><pre>make 2</pre><p><math><mn>2</mn></math></p></article>"
    assert faults(page.format("really"), known, None) == []
    assert "'Nothing here, 12 times.'" in faults(page.format("12 times"), known, None)[0]


@pytest.mark.parametrize(
    ("page", "document"),
    [(None, "chapters/02-quality"), ("03-focus", "chapters/03-focus"), ("../index", "index"), ("/index", "index")],
)
def test_a_text_pasted_from_another_page_is_looked_up_there(page: str | None, document: str) -> None:
    assert resolve_document("chapters/02-quality", page) == document


CLAIM = {
    "id": "first", "statement": "Satisfaction comes first.", "locator": "2.2", "verdict": "supported",
    "chip": "supported: 68%", "printed": [{"phrase": "two-thirds", "verdict": "supported", "chip": "supported: 68%"}],
    "parts": [{"readings": [{"verdict": "supported", "reason": "It is first of five."}]}], "figures": [FIGURE],
}  # fmt: skip
LISTED = """<article><p><span class="printed"><em>two-thirds</em> <a class="chip">supported: 68%</a></span></p>
<div class="data-table claims" id="tab-claims"><p class="chart-title">Claims</p>
<li class="claim" id="claim-first"><span class="chip">supported: 68%</span> Satisfaction comes first.
<details>It is first of five. 2.2</details></li><div class="chart-notes"><p>The survey</p></div></div></article>"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", ""),
        ("<em>two-thirds", "<em>most", "the printed phrase 'first' reads"),
        ('<a class="chip">supported', '<a class="chip">contradicted', "the printed phrase 'first' reads"),
        ('<span class="chip">supported', '<span class="chip">mixed', "doesn't say 'supported: 68%'"),
        ("first of five", "second of five", "doesn't say 'It is first of five.'"),
        ('id="claim-first"', 'id="claim-other"', "the claim 'claim-first' is on the page or in"),
        ('<span class="printed">', "<span>", "0 printed phrases where the executed chapter has 1"),
    ],
)
def test_claims_and_printed_phrases_are_held_against_what_the_list_of_claims_stores(
    known: DataFigures, old: str, new: str, said: str
) -> None:
    table = {"name": "claims", "title": "Claims", "columns": [], "rows": [], "source": "The survey", "entries": [CLAIM]}
    expected = Expected(
        "chapters/x", tables={"claims": Shown("claims", (FIGURE,), content=table, kind="table")},
        printed=(find_printed({"first": CLAIM}, "first", None),),
    )  # fmt: skip
    found = faults(LISTED.replace(old, new), known, expected)
    assert any(said in fault for fault in found) if said else found == []


def test_a_measured_figure_that_the_data_do_not_give_is_caught(known: DataFigures) -> None:
    wrong = CLAIM | {"printed": [{"phrase": "two-thirds", "verdict": "supported", "chip": "supported: 67%"}]}
    expected = Expected("chapters/x", printed=(find_printed({"first": wrong}, "first", "two-thirds"),))
    page = '<article><p><span class="printed">two-thirds supported: 67%</span></p></article>'
    assert "'67%' is the share of none of the figures behind it" in faults(page, known, expected)[0]


CARD = {
    "title": "Money", "says": "It is 68%", "figures": [FIGURE],
    "shown": [{"population": "public", "who": "The public", "what": "satisfied", "value": "68%",
               "interval": "65 to 71", "share": 68.0, "low": 64.54, "high": 71.31}],
}  # fmt: skip
ON_PAGE = """<article><ol class="findings"><li><p class="finding-says">It is 68%</p>
<p class="finding-topic">Money</p><dl class="finding-figures"><div><dt>Satisfied</dt>
<dd><strong>68%</strong>
<span class="finding-interval">interval 65 to 71</span><svg><rect x="64.54%"/><circle cx="68.0%"/></svg></dd></div></dl>
</li></ol><p class="findings-note">How to read</p></article>"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", ""),
        ("<strong>68%", "<strong>86%", "what it tells of figures reads"),
        ("interval 65", "interval 64", "what it tells of figures reads"),
        ('cx="68.0%"', 'cx="86.0%"', "its bands and dots reads '64.54% 86.0%' where"),
        ("Money</p>", "Work</p>", "its topic reads 'Work' where the executed chapter has 'Money'"),
        ("How to read", "Do not read", "the note on the cards reads 'Do not read'"),
        ('<dl class="finding-figures"><div>', "<dl><div>", "what it tells of figures reads ''"),
        ("<li>", "<li></li><li>", "2 cards where the executed chapter has 1"),
    ],
)
def test_a_card_shows_what_its_chapter_says(known: DataFigures, old: str, new: str, said: str) -> None:
    expected = Expected("chapters/x", cards=(Shown("Money", (FIGURE,), content=CARD),), card_notes=("How to read",))
    found = faults(ON_PAGE.replace(old, new, 1) if old else ON_PAGE, known, expected)
    assert any(said in fault for fault in found) if said else found == [], found


def test_cards_of_several_populations_say_whose_figures_they_are(known: DataFigures) -> None:
    staff = {**CARD["shown"][0], "population": "frontline", "who": "Staff"}
    cards = tuple(Shown("Money", (FIGURE,), content={**CARD, "shown": [one]}) for one in (*CARD["shown"], staff))
    listed = ON_PAGE.partition("<li>")[2].partition("</li>")[0]
    page = ON_PAGE.replace("</li>", f"</li><li>{listed}</li>").replace("<dt>S", "<dt>The public: s", 1)
    expected = Expected("chapters/x", cards=cards, card_notes=("How to read",))
    assert faults(page.replace("<dt>S", "<dt>Staff: s"), known, expected) == []
    assert any("where the executed chapter has 'Staff: satisfied" in one for one in faults(page, known, expected))


def test_a_card_that_says_what_the_data_do_not_is_caught_even_where_its_page_agrees(known: DataFigures) -> None:
    words = {key: value for key, value in CARD["shown"][0].items() if key not in ("share", "low", "high")}
    for shown in ({**CARD["shown"][0], "share": 69.0}, words):
        wrong: dict[str, Any] = {**CARD, "shown": [shown]}
        expected = Expected("chapters/x", cards=(Shown("Money", (FIGURE,), content=wrong),))
        found = faults(ON_PAGE.replace("68.0%", "69.0%"), known, expected)
        assert any(f"isn't what the data give for {FIGURE}" in fault for fault in found), found


def test_a_ring_stands_where_a_wave_had_the_share(known: DataFigures) -> None:
    pages = {was: ON_PAGE.replace("<circle", f'<circle cx="{was}%"/><circle') for was in (68.0, 50.0)}
    found = {}
    for was, page in pages.items():
        card = {**CARD, "shown": [{**CARD["shown"][0], "was": was}]}
        expected = Expected("chapters/x", cards=(Shown("Money", (FIGURE,), content=card),), card_notes=("How to read",))
        found[was] = faults(page, known, expected)
        assert any("its bands and dots" in fault for fault in faults(ON_PAGE, known, expected))
    assert found[68.0] == []
    assert "the ring at 50.0 isn't what the data of any wave give" in found[50.0][0]


# An embed says by itself what a page says once for all its charts.
TOLD = '<div class="how-to-read"><p>Bands are intervals.</p><p>Who answered: 1,000 adults.</p></div></figure>'
EMBEDDED = PAGE[PAGE.index("<figure") : PAGE.index("</figure>")] + TOLD
PLACES = ("embed/picture.html", "editions/2004/embed/picture.html")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for place in PLACES:
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).write_text(f"<html><body><main>{EMBEDDED}</main></body></html>", encoding="utf-8")
    return tmp_path


def look_at(site: Path, known: DataFigures) -> Check:
    return check_embeds(site, {"chapters/x": EXPECTED}, known)


def test_an_embed_is_no_page_of_the_book() -> None:
    pages = ["index.html", "chapters/embed.html"]
    assert list_pages([*pages, *PLACES, "embed/picture.json"]) == pages


def test_embeds_that_say_what_their_figure_says_have_no_fault(site: Path, known: DataFigures) -> None:
    checked = look_at(site, known)
    assert (checked.faults, checked.counts["embeds"]) == ((), 2)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<text>68%</text>", "<text>86%</text>", "its drawing says '86%'"),
        ("It is 68", "It is 86", "its title reads"),
        ("1,000 adults.</p></div>", "9,000 adults.</p></div>", "how to read its charts"),
        ("Bands are", "Bands aren't", "how to read its charts"),
        ("<td>68</td>", "<td>86</td>", "'86' where the executed chapter has '68'"),
        ("<main>", "<div>", "it has no text"),
    ],
)
def test_a_change_to_an_embed_is_caught(
    site: Path, known: DataFigures, place: str, old: str, new: str, said: str
) -> None:
    text = (site / place).read_text(encoding="utf-8")
    (site / place).write_text(text.replace(old, new), encoding="utf-8")
    assert any(fault.file == place and said in fault.said for fault in look_at(site, known).faults)


def test_a_missing_embed_and_one_of_no_figure_are_named(site: Path, known: DataFigures) -> None:
    (site / PLACES[0]).rename(site / "embed/other.html")
    assert [str(fault) for fault in look_at(site, known).faults] == [
        "embed/picture.html: the embed is missing",
        "embed/other.html: the embed is of no figure",
    ]
