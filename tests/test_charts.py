"""Every chart is a complete figure, and says nothing that its estimates don't."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from surveybook.exhibits import charts, palette
from surveybook.exhibits.charts.render import MIME, Story, render, story_of
from surveybook.model import paths
from surveybook.model.survey import Survey
from surveybook.waves import open_wave

ACCESS = [f"public.{item}.agree" for item in ("enough_choice", "more_online", "out_of_hours_access")]


def after(survey: Survey, wave: str = "later") -> Survey:
    """Return a wave with the same figures as another, which is its baseline."""
    return replace(survey, wave=wave, metadata={**survey.metadata, "label": wave}, baseline=survey)


DRAW: dict[str, Callable[[Survey], Any]] = {
    "compare_populations": lambda s: charts.compare_populations(s, "quality_indicators"),
    "gap": lambda s: charts.gap(s, "quality_indicators"),
    "ranked": lambda s: charts.ranked(s, "quality_enablers", "frontline"),
    "shares": lambda s: charts.shares(s, ACCESS, "access", "Reaching services"),
    "channels": lambda s: charts.channels(s),
    "answers": lambda s: charts.answers(s, "enough_choice"),
    "samples": lambda s: charts.samples(s),
    "verdicts": lambda s: charts.verdicts(s),
    "slopes": lambda s: charts.slopes(after(s), "public"),
    "series": lambda s: charts.series([s, after(s)], ACCESS, "access-series", "Reaching services"),
    "every_wave": lambda s: charts.every_wave(after(after(s, "2014"), "2024")),
    "evidence": lambda _: charts.evidence(["never_internet", "internet_grades_de"], "divide", "The digital divide"),
}
# Drawn from other sources, of a wave as a whole or of several: no dots in rows, no question that can be missing.
NO_SHARES = {"evidence", "samples", "verdicts", "slopes", "series", "every_wave"}


def spec_of(name: str, survey: Survey | None = None) -> dict[str, Any]:
    return DRAW[name](survey or open_wave("2004")).to_dict()


def lacking(spec: dict[str, Any]) -> list[str]:
    """Return what a chart lacks of a complete figure."""
    story = story_of(spec)
    parts = ["title", "subtitle", "base", "alternative", "source", "name", "code"]
    missing = [part for part in parts if not story.get(part)]
    missing += [] if story.get("table", {}).get("rows") else ["table"]
    title = spec.get("title", {})
    shown = " ".join([*title.get("text", []), *title.get("subtitle", [])])
    missing += ["finding in the picture"] if not story.get("title") or story["title"].split()[0] not in shown else []
    missing += ["base in the picture"] if (story.get("base") or "?").split(".")[0][:20] not in shown else []
    return missing


@pytest.mark.parametrize("name", DRAW)
def test_every_chart_function_returns_a_complete_figure(name: str) -> None:
    assert lacking(spec_of(name)) == []


def test_every_chart_function_is_tried_here() -> None:
    functions = {name for name in charts.__all__ if callable(getattr(charts, name)) and name.islower()}
    # `new_questions` returns several charts, made by functions that are tried.
    functions -= {"story_of", "new_questions"}
    assert functions == set(DRAW), "add the new chart to DRAW"


@pytest.mark.parametrize("part", ["title", "base", "alternative", "source", "table"])
def test_a_chart_without_a_part_is_noticed(part: str) -> None:
    spec = spec_of("compare_populations")
    spec["usermeta"]["surveybook"][part] = "" if part != "table" else {}
    assert part in lacking(spec)


@pytest.mark.parametrize("path", paths.chapters(), ids=lambda path: path.stem)
def test_every_stored_chart_is_complete_and_named_once(path: Path) -> None:
    outputs = [output for cell in json.loads(path.read_text())["cells"] for output in cell.get("outputs", [])]
    specs = [output["data"][MIME] for output in outputs if MIME in output.get("data", {})]
    assert [lacking(spec) for spec in specs] == [[]] * len(specs)
    assert not [output for output in outputs if "application/vnd.vegalite.v6.json" in output.get("data", {})]


def test_chart_names_are_unique_in_the_book() -> None:
    names = [
        story_of(output["data"][MIME])["name"]
        for path in paths.chapters()
        for cell in json.loads(path.read_text())["cells"]
        for output in cell.get("outputs", [])
        if MIME in output.get("data", {})
    ]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", sorted(set(DRAW) - NO_SHARES))
def test_intervals_are_drawn_wherever_a_number_has_a_base(name: str) -> None:
    records = spec_of(name)["data"]["values"]
    numbers = [record for record in records if record.get("dot")]
    assert numbers
    assert all(record["low"] < record["value"] < record["high"] for record in numbers)


@pytest.mark.parametrize("name", DRAW)
def test_the_same_chart_has_the_same_specification_in_another_process_and_seed(name: str) -> None:
    program = (
        "import sys, json; sys.path[:0] = ['src', 'tests']; from test_charts import spec_of; "
        f"print(json.dumps(spec_of('{name}'), sort_keys=True))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=paths.root(),
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_only_colours_of_the_palette_are_used() -> None:
    known = {colour.light for colour in palette.COLOURS}
    for name in DRAW:
        text = json.dumps(spec_of(name))
        used = {
            text[i : i + 7]
            for i in range(len(text))
            if text[i] == "#" and all(c in "0123456789abcdef" for c in text[i + 1 : i + 7])
        }
        assert used <= known, name


def test_words_are_a_band_with_the_word_and_no_dot() -> None:
    records = [r for r in spec_of("shares")["data"]["values"] if "from" in r]
    assert [(r["from"], r["to"], r["text"]) for r in records] == [(75.0, 100.0, "“more than three-quarters”")]
    assert "dot" not in records[0]


def test_the_wave_decides_what_the_title_says(trial_data: Path) -> None:
    path = trial_data / "waves/2004/estimates.csv"
    before = story_of(spec_of("compare_populations"))["title"]
    text = path.read_text()
    for old, new in (
        ("customer_satisfaction,chosen,number,68", "customer_satisfaction,chosen,number,20"),
        ("customer_satisfaction,chosen,number,83", "customer_satisfaction,chosen,number,30"),
    ):
        text = text.replace(old, new)
    path.write_text(text)
    after = story_of(spec_of("compare_populations"))["title"]
    assert before == "Customer satisfaction comes first, for the public and frontline staff alike"
    assert after == "Value for money leads among the public; staff job satisfaction leads among frontline staff"


@pytest.mark.parametrize("name", sorted(set(DRAW) - NO_SHARES))
def test_a_question_that_was_not_asked_has_no_figure(trial_data: Path, name: str) -> None:
    asked, estimates = (trial_data / f"waves/2004/{file}.csv" for file in ("asked", "estimates"))
    dropped = {
        "quality_indicators": "t1",
        "quality_enablers": "t3",
        "channel_attributes": "t2",
        "enough_choice": "",
        "more_online": "",
        "out_of_hours_access": "",
    }
    items = {item for item, question in open_wave("2004").codebook.items["question_id"].items() if question in dropped}
    asked.write_text(
        "\n".join(line for line in asked.read_text().splitlines() if line.split(",")[1] not in dropped) + "\n"
    )
    kept = [line for line in estimates.read_text().splitlines() if line.split(",")[3] not in items]
    estimates.write_text("\n".join(kept) + "\n")
    (trial_data / "waves/2004/mentions.csv").unlink()
    assert DRAW[name](open_wave("2004")) is None


def test_the_title_of_single_statements_tells_the_largest_share_and_who_gave_which_reply() -> None:
    title = story_of(charts.shares(open_wave("2004"), ACCESS, "access", "Reaching services").to_dict())["title"]
    assert title == "78 per cent of the public agree with “There is enough choice between the three ways of access”"


def test_single_statements_of_two_populations_are_each_told_in_the_title() -> None:
    keys = ["frontline.own_service_vfm.agree", "public.taxes_spent_efficiently.agree"]
    title = story_of(charts.shares(open_wave("2004"), keys, "value", "Value").to_dict())["title"]
    assert title.startswith("65 per cent of frontline staff agree with “")
    assert " and 25 per cent of the public agree with “" in title


def test_a_chart_of_other_sources_is_titled_with_its_first_figure() -> None:
    title = story_of(charts.evidence(["crb_paper", "crb_expected_low"], "crb", "Checks").to_dict())["title"]
    assert title == "Share of criminal-record checks in fact requested on paper: over 80 per cent"


def test_a_base_that_is_assumed_is_called_so_in_the_data_of_a_chart() -> None:
    table = story_of(spec_of("ranked"))["table"]
    assert {row[table["columns"].index("Base")] for row in table["rows"]} == {"500 (assumed)"}


def test_a_chart_says_what_a_band_is_only_where_it_has_one() -> None:
    notes = {name: " ".join(story_of(spec_of(name))["notes"]) for name in ("shares", "compare_populations")}
    assert "drawn as a band" in notes["shares"]
    assert "drawn as a band" not in notes["compare_populations"]


def test_the_renderer_stores_the_specification_and_its_alternative_alone() -> None:
    spec = spec_of("gap")
    bundle = render(spec)
    assert set(bundle) == {MIME, "text/plain"}
    assert bundle["text/plain"] == spec["usermeta"]["surveybook"]["alternative"]


def test_a_story_has_the_fields_that_a_page_needs() -> None:
    assert {"title", "alternative", "table", "figures", "notes"} <= set(Story.__dataclass_fields__)
