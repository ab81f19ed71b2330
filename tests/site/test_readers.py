"""What readers can do: wake up and reorder a chart, filter a table, look up a word, explore, take the data away."""

import csv
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect
from sample import ITEMS

from surveybook.book.publishing import drop_made_up, write_explorer
from surveybook.waves import open_wave
from tests.waves import wave_2004

Open = Callable[..., Page]
Replant = Callable[[Callable[[dict[str, Any]], None]], Path]
NAMES = [item for item, *_ in ITEMS]
MADE_UP = "example-synthetic"


@pytest.fixture
def explore(sample_site: Path, open_page: Open) -> Open:
    """Return a function that opens the explorer with what is chosen in its address."""
    return lambda chosen="": open_page(sample_site / "explorer.html", query=f"#{chosen}" if chosen else "")


@pytest.fixture
def replant(sample_site: Path, extras: Path, tmp_path: Path) -> Replant:
    """Return a function that returns the explorer of a copy of the site whose data it changed."""

    def write_changed(change: Callable[[dict[str, Any]], None]) -> Path:
        shutil.copytree(sample_site, tmp_path / "html", ignore=shutil.ignore_patterns("figures", "vega-*"))
        page = tmp_path / "html" / "explorer.html"
        told = json.loads((extras / "explorer.json").read_text(encoding="utf-8"))
        change(told)
        write_explorer(tmp_path / "html", page.read_text(encoding="utf-8"), told)
        return page

    return write_changed


@pytest.fixture
def rows(sample_site: Path, open_page: Open) -> Page:
    """Return the page whose chart has its items in rows."""
    return open_page(sample_site / "chapters" / "03-order.html")


def item_order(page: Page) -> list[str]:
    """Return the items of the live chart, from the top."""
    labels = page.locator(".chart-live .cell .role-title-text text")
    found = labels.evaluate_all("all => all.map(e => [e.getBoundingClientRect().top, e.textContent])")
    return [text for _, text in sorted(found)]


def live(page: Page) -> None:
    expect(page.locator(".chart-picture")).to_have_attribute("data-state", "live")


@pytest.fixture
def chapter(sample_site: Path) -> Path:
    """Return the sample's page with a chart."""
    return sample_site / "chapters" / "02-quality.html"


def test_a_chart_shows_without_scripts(chapter: Path, open_page: Open) -> None:
    page = open_page(chapter, java_script_enabled=False)
    expect(page.locator(".chart-picture > svg:visible")).to_be_visible()
    page.locator(".chart-data summary").click()
    expect(page.locator(".chart-data").get_by_role("rowheader", name="Staff treat people well")).to_be_visible()


@pytest.mark.parametrize("width", [375, 1280])
def test_a_chart_becomes_interactive_without_moving_the_page(chapter: Path, open_page: Open, width: int) -> None:
    page = open_page(chapter, width=width)
    places = "[...document.querySelectorAll('main *')].filter(e => !e.closest('.chart-picture'))" \
        ".map(e => e.getBoundingClientRect().top + scrollY)"  # fmt: skip
    page.locator(".chart-picture").scroll_into_view_if_needed()
    before, still = page.evaluate(places), page.locator(".chart-picture > svg:visible").bounding_box()
    page.locator(".chart-picture").hover()
    expect(page.locator(".chart-picture")).to_have_attribute("data-state", "live")
    live = page.locator(".chart-live svg").bounding_box()
    assert page.evaluate(places) == before
    for side in ("x", "y", "width", "height"):
        assert live[side] == pytest.approx(still[side], abs=1), side


def test_the_live_chart_keeps_the_alternative_and_stands_under_what_is_read_out(chapter: Path, open_page: Open) -> None:
    page = open_page(chapter)
    said = page.locator(".chart-picture > svg:visible").get_attribute("aria-label") or "missing"
    page.locator(".chart-picture").focus()
    page.keyboard.press("ArrowDown")
    live(page)
    expect(page.locator(".chart-live svg")).to_have_attribute("aria-label", said)
    readout = page.locator(".chart-readout")
    expect(readout).to_contain_text("Staff treat people well")
    on_top = "e => { const b = e.getBoundingClientRect(); " \
        "return e.contains(document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2)) }"  # fmt: skip
    assert readout.evaluate(on_top), "the live chart hides the values"
    page.keyboard.press("Escape")
    expect(readout).to_be_empty()
    assert page.heard == []


def test_the_static_chart_stays_when_its_script_cannot_be_had(chapter: Path, open_page: Open, tmp_path: Path) -> None:
    site = chapter.parents[1]
    shutil.copytree(site, tmp_path / "html")
    bundles = list((tmp_path / "html").rglob("vega-*.js"))
    assert bundles
    for bundle in bundles:
        bundle.unlink()
    page = open_page(tmp_path / "html" / chapter.relative_to(site))
    page.locator(".chart-picture").hover()
    expect(page.locator('script[src*="vega-"]')).to_have_count(1)
    expect(page.locator(".chart-picture > svg:visible")).to_be_visible()
    expect(page.locator(".chart-live")).to_have_count(0)


def test_items_can_be_ordered_by_either_group(rows: Page) -> None:
    height = rows.evaluate("document.documentElement.scrollHeight")
    for group, column in (("Frontline staff", 1), ("Public", 0)):
        rows.get_by_label("Order").select_option(group)
        # An item without a figure comes last.
        shares = {item[0]: item[1 + column] if column or item[0] != NAMES[-1] else -1 for item in ITEMS}
        wanted = sorted(shares, key=lambda item: -shares[item])
        for _ in range(50):
            if (found := item_order(rows)) == wanted:
                break
            rows.wait_for_timeout(100)
        assert found == wanted, group
    assert rows.evaluate("document.documentElement.scrollHeight") == height


def test_intervals_can_be_left_out(rows: Page) -> None:
    rows.locator(".chart-picture").hover()
    live(rows)
    drawn = rows.locator('.chart-live line[stroke-width="7"], .chart-live path[stroke-width="7"]')
    expect(drawn).to_have_count(7)
    rows.get_by_label("Intervals").uncheck()
    expect(drawn).to_have_count(0)


def test_pointing_at_an_item_marks_it_and_tells_its_values_for_both(rows: Page) -> None:
    rows.locator(".chart-picture").hover()
    live(rows)
    rows.locator(".chart-live .cell .role-title-text text").nth(1).hover(force=True)
    expect(rows.locator(".chart-row")).to_be_visible()
    readout = rows.locator(".chart-readout")
    expect(readout).to_contain_text("Public: 54% (51 to 57)")
    expect(readout).to_contain_text("Frontline staff: 48% (45 to 51)")


def test_the_same_values_come_by_keyboard_in_the_order_shown(rows: Page) -> None:
    rows.get_by_label("Order").select_option("Frontline staff")
    live(rows)
    rows.locator(".chart-picture").focus()
    rows.keyboard.press("ArrowDown")
    rows.keyboard.press("ArrowDown")
    rows.keyboard.press("ArrowDown")
    expect(rows.locator(".chart-readout strong")).to_have_text("Information stays confidential")
    expect(rows.locator(".chart-readout")).to_contain_text("Public: not published")


def test_a_term_tells_its_meaning_on_focus_and_goes_away_on_escape(sample_site: Path, open_page: Open) -> None:
    page = open_page(sample_site / "references.html")
    tip = page.get_by_role("tooltip")
    page.locator(".skip").focus()
    link = page.get_by_role("link", name="base", exact=True)
    while not link.evaluate("e => e === document.activeElement"):
        page.keyboard.press("Tab")
    expect(tip).to_have_text("The number of people asked.")
    expect(link).to_have_attribute("aria-describedby", "term-tip")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    page.get_by_role("link", name=re.compile("Jones")).first.hover()
    expect(tip).to_contain_text("Alexandra Jones and Laura Williams")
    tip.hover()  # it can be reached, so that its text can be selected
    expect(tip).to_be_visible()


def test_without_scripts_a_term_keeps_its_meaning_as_title(sample_site: Path, open_page: Open) -> None:
    page = open_page(sample_site / "references.html", java_script_enabled=False)
    expect(page.get_by_title("The number of people asked.")).to_have_text("base")
    expect(page.get_by_title("Information technology.")).to_have_text("IT")
    expect(page.get_by_title("Proof of who one is.")).to_have_text("IDs")


def test_the_explorer_follows_what_is_chosen_and_its_address(explore: Open) -> None:
    page = explore()
    page.get_by_label("Question").select_option("customer_focus_indicators")
    page.get_by_role("checkbox", name="Frontline staff").uncheck()
    expect(page).to_have_url(re.compile("#question=customer_focus_indicators&wave=2004&of=public$"))
    survey = wave_2004()
    shown = survey.estimates
    shown = shown[(shown["question_id"] == "customer_focus_indicators") & (shown["population"] == "public")]
    expect(page.locator("#explore-table tbody tr")).to_have_count(len(shown[shown["domain"] == ""]))
    expect(page.locator("#explore-chart svg")).to_have_attribute("aria-label", re.compile("The public"))
    page.go_back()
    expect(page.get_by_role("checkbox", name="Frontline staff")).to_be_checked()
    assert page.heard == []


def test_waves_can_be_compared_where_the_same_was_asked(explore: Open) -> None:
    page = explore(f"question=quality_indicators&wave={MADE_UP}")
    expect(page.locator("#explore-synthetic")).to_be_visible()
    page.get_by_label("Compare with").select_option("2004")
    expect(page).to_have_url(re.compile("against=2004"))
    expect(page.get_by_role("columnheader", name=re.compile("^Share in "))).to_be_visible()
    expect(page.locator("#explore-note")).to_contain_text("does not show that opinion changed")
    expect(page.get_by_role("status").last).to_contain_text("Made-up data")
    page.get_by_label("Order").select_option("public")
    shares = page.locator("#explore-table tbody tr").evaluate_all(
        "all => all.map(row => [...row.cells].map(cell => cell.textContent))"
        ".filter(cells => cells[1] === 'The public').map(cells => parseFloat(cells[2]))"
    )
    assert shares == sorted(shares, reverse=True)
    address = page.url
    shown = page.locator("#explore-table").inner_text()
    again = explore(address.partition("#")[2])
    assert again.locator("#explore-table").inner_text() == shown
    assert page.heard + again.heard == []


def test_the_earlier_survey_is_what_a_share_was_whichever_is_chosen_first(explore: Open) -> None:
    pages = [
        explore(f"question=quality_indicators&wave={one}&against={other}")
        for one, other in (("2004", MADE_UP), (MADE_UP, "2004"))
    ]
    for page in pages:
        expect(page.get_by_role("columnheader", name="Share in 2004 (%)")).to_be_visible()
        expect(page.locator("#explore-note")).to_contain_text("sampling")
    assert pages[0].locator("#explore-table").inner_text() == pages[1].locator("#explore-table").inner_text()


def test_another_question_begins_with_everyone_and_one_without_numbers_says_so(explore: Open) -> None:
    page = explore("question=quality_indicators&wave=2004&of=public&order=public")
    page.get_by_label("Question").select_option("customer_focus_indicators")
    expect(page).to_have_url(re.compile("#question=customer_focus_indicators&wave=2004$"))
    numbers = set(wave_2004().estimates.query("status == 'number'")["question_id"])
    numbers |= set(open_wave(MADE_UP).estimates.query("status == 'number'")["question_id"])
    options = page.get_by_label("Question").locator("option").evaluate_all("all => all.map(e => [e.value, e.text])")
    assert {name for name, text in options if "no percentages" not in text} == numbers


def test_what_the_explorer_shows_can_be_taken_away_as_a_picture(explore: Open) -> None:
    page = explore("question=quality_indicators&wave=2004")
    address = str(page.get_by_role("link", name="Picture (SVG)").get_attribute("href"))
    drawing = unquote(address.partition(",")[2])
    for words in ("Most important indicators", "1,000 by telephone", "68%", "Source: Surveys of the public"):
        assert words in drawing, words
    assert page.heard == []


def test_a_question_that_was_put_otherwise_is_not_compared(replant: Replant, open_page: Open) -> None:
    def newer_version(data: dict[str, Any]) -> None:
        for answers in data["answers"].values():
            for key, asked in answers["asked"].items():
                if key.startswith(f"{MADE_UP}|"):
                    asked[2][1] = "somebody else"

    page = open_page(replant(newer_version), query="#question=quality_indicators&wave=2004")
    expect(page.get_by_label("Compare with")).to_be_disabled()
    expect(page.get_by_label("Compare with")).to_contain_text("none can be compared")


def test_what_is_shown_can_be_taken_away_as_data(explore: Open) -> None:
    page = explore("question=quality_indicators&wave=2004")
    address = str(page.get_by_role("link", name="Data shown here").get_attribute("href"))
    rows = list(csv.reader(unquote(address.partition(",")[2]).splitlines()))
    assert rows[0][:3] == ["Item", "Population", "Share (%)"]
    assert len(rows) - 1 == page.locator("#explore-table tbody tr").count()


def test_figures_in_words_are_drawn_as_the_band_that_they_allow(explore: Open) -> None:
    figures = wave_2004().estimates
    words = figures[(figures["status"] == "words") & (figures["domain"] == "")].iloc[0]
    page = explore(f"question={words['question_id']}&wave=2004")
    expect(page.locator("#explore-chart svg")).to_contain_text(f"“{words['verbal']}”")
    assert page.locator("#explore-chart rect[stroke='#94692f']").count()
    expect(page.locator("#explore-table")).to_contain_text(words["verbal"])


def test_labels_of_the_explorer_never_become_markup(replant: Replant, open_page: Open) -> None:
    hostile = "</script><img src=x onerror=alert(1)><a href='javascript:alert(1)'>=cmd()</a>"

    def planted(data: dict[str, Any]) -> None:
        for key in ("label", "answer", "base", "locator"):
            place = data["fields"].index(key)
            for answers in data["answers"].values():
                for row in answers["figures"]:
                    row[place] = hostile
        for answers in data["answers"].values():
            for asked in answers["asked"].values():
                asked[:2] = [hostile, hostile]
        for named in (*data["waves"], *data["populations"]):
            named["label"] = hostile
        for question in data["questions"]:
            question["title"] = question["chapter"] = hostile

    page = open_page(replant(planted))
    expect(page.locator("#explore-title")).to_have_text(hostile)
    assert page.locator("main img, main a[href^='javascript']").count() == 0
    assert page.heard == []


def test_of_a_census_the_explorer_says_that_everybody_was_asked(replant: Replant, open_page: Open) -> None:
    def ask_everybody(data: dict[str, Any]) -> None:
        for wave in data["waves"]:
            wave["censuses"] = [one["id"] for one in data["populations"]]
        bounds = [data["fields"].index(name) for name in ("low", "high")]
        for answers in data["answers"].values():
            for row in answers["figures"]:
                row[bounds[0]] = row[bounds[1]] = None

    query = f"#question=quality_indicators&wave={MADE_UP}&against=2004"
    note = open_page(replant(ask_everybody), query=query).locator("#explore-note")
    expect(note).to_contain_text("No intervals: everybody was asked.")
    expect(note).to_contain_text("Everybody was asked in both")
    expect(note).not_to_contain_text("sampling explains")


def test_the_explorer_loads_the_answers_to_a_question_when_it_is_chosen(explore: Open) -> None:
    page = explore("question=quality_indicators&wave=2004")
    loaded = page.locator("script[src^='_static/explorer/']")
    expect(loaded).to_have_count(1)
    page.get_by_label("Question").select_option("customer_focus_indicators")
    expect(page.locator("#explore-table tbody tr")).not_to_have_count(0)
    expect(loaded).to_have_count(2)
    assert page.heard == []


def test_answers_that_are_not_there_are_said_to_be_missing(replant: Replant, open_page: Open) -> None:
    page = replant(lambda data: None)
    (page.parent / "_static/explorer/quality_indicators.js").unlink()
    opened = open_page(page, query="#question=quality_indicators")
    expect(opened.locator("#explore-note")).to_contain_text("could not be loaded")
    opened.get_by_label("Question").select_option("customer_focus_indicators")
    expect(opened.locator("#explore-title")).not_to_be_empty()


def test_the_explorer_draws_and_lists_what_answers_leave_and_counts_it_as_no_figure(explore: Open) -> None:
    page = explore("question=services_improved&wave=2004&of=public")
    expect(page.locator("#explore-chart svg")).to_have_attribute("aria-label", re.compile("16%, what is left to 100"))
    expect(page.locator("#explore-table tbody tr").last).to_contain_text("Don't know or other")
    expect(page.locator("#explore-table tbody tr")).to_have_count(4)
    expect(page.locator("#explore-status")).to_contain_text("3 figures")
    expect(page.locator("#explore-note")).to_contain_text("leave to 100")
    page.goto(page.url.replace("services_improved", "quality_indicators"))
    expect(page.locator("#explore-note")).not_to_contain_text("leave to 100")


def test_the_rows_with_all_words_stay_whatever_their_order_and_case(chapter: Path, open_page: Open) -> None:
    page = open_page(chapter)
    box, rows = page.get_by_label("Show the rows with"), page.locator(".data-table tbody tr:visible")
    box.fill("post PAY")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Pay <a bill>")
    expect(page.locator(".table-filter [role=status]")).to_have_text("1 of 2 rows")
    box.fill("post question")
    expect(rows).to_have_count(0)
    box.fill("")
    expect(rows).to_have_count(2)
    expect(page.locator(".table-filter [role=status]")).to_have_text("")
    assert page.heard == []


def test_a_long_table_that_no_page_links_into_is_folded_with_its_box(sample_site: Path, open_page: Open) -> None:
    page = open_page(sample_site / "chapters" / "03-order.html")
    rows = page.locator(".data-table tbody tr:visible")
    expect(page.locator(".data-table .chart-title").first).to_be_visible()
    expect(rows).to_have_count(0)
    page.get_by_text("All 25 rows").click()
    expect(rows).to_have_count(25)
    page.get_by_label("Show the rows with").fill("item 24")
    expect(rows).to_have_count(1)


def test_the_explorer_says_which_differences_are_more_than_sampling(explore: Open) -> None:
    page = explore("question=quality_indicators&wave=2004")
    note = page.locator("#explore-note").inner_text()
    beyond = note.partition("More than sampling explains")[2].partition("No more than sampling")[0]
    assert "High levels of job satisfaction among staff (31 points)" in beyond


def test_an_edition_of_a_survey_shows_no_made_up_one_beside_it() -> None:
    assert drop_made_up({"2010": False, "rehearsal": True, "2004": False}) == ["2010", "2004"]
    assert drop_made_up({"rehearsal": True, "2010": False, "test": True}) == ["rehearsal", "2010", "test"]


def test_report_and_data_are_described_for_machines(built_site: Path) -> None:
    page = (built_site / "index.html").read_text(encoding="utf-8")
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    kinds = [thing["@type"] for thing in json.loads(found[1])["@graph"]]
    assert kinds == ["Report", "Dataset"]
