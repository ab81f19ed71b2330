"""Many editions as one site: what changed is made anew and nothing else, whatever goes wrong on the way."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from book.project import SHARE, WAVE, Project, make_project
from surveybook.book.storage import hash_site, write_manifest

pytestmark = pytest.mark.slow
WAVES = (("w1-synthetic", 51), ("w2-synthetic", 52), ("w3-synthetic", 53))
# What goes wrong with one wave each, and the seconds after which a chapter counts as one that never ends.
LONGEST = 15
FAULTS = """\
import time
from pathlib import Path
if wave == "w2-synthetic":
    time.sleep(600)
if wave == "w3-synthetic":
    changing = Path("data/waves/w3-synthetic/estimates.csv")
    changing.write_text(changing.read_text() + "\\n")"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a small book whose editions are all built."""
    project = make_project(tmp_path_factory.mktemp("book"), WAVES)
    done = project.build("--jobs", "2")
    assert done.returncode == 0, done.stderr
    assert "4 editions: 4 built. 8 chapters executed. The latest is 2031." in done.stdout
    return project


def keys_of_pages(project: Project) -> dict[str, str]:
    """Return the key that each edition's pages are kept under."""
    pages = project.root.glob("_build/.kept/pages-*/*")
    return {path.parent.name.removeprefix("pages-"): path.name for path in pages}


def test_the_front_page_is_the_latest_survey_and_every_edition_keeps_an_address(built: Project) -> None:
    assert f"{SHARE}%" in built.page("index.html")
    assert "This is the latest edition" in built.page("index.html")
    for wave, share in ((WAVE, SHARE), *WAVES):
        assert f"{share}%" in built.page(f"editions/{wave}/chapters/01-parks.html")
    assert json.loads(built.page("editions.json"))["latest"] == WAVE


def test_an_older_edition_names_the_latest_and_leads_to_the_same_page_of_it(built: Project) -> None:
    page = built.page("editions/w1-synthetic/chapters/01-parks.html")
    assert (
        'This is the Synthetic w1-synthetic edition. The latest is the <a href="../../../chapters/01-parks.html">'
        in page
    )
    assert (built.site / "editions/w1-synthetic/chapters/../../../chapters/01-parks.html").is_file()


def test_the_explorer_is_one_for_all_editions_and_each_has_a_search_of_its_own(built: Project) -> None:
    for name, up in (("index.html", ""), ("editions/2031/index.html", "../../")):
        assert 'action="search.html"' in built.page(name)
        assert f'href="{up}explorer.html"' in built.page(name)
    assert not list((built.site / "editions").rglob("explorer.html"))
    for place, share in (("", str(SHARE)), ("editions/w2-synthetic/", "52")):
        assert f'"{share}":' in built.page(f"{place}searchindex.js")
        assert "search-results" in built.page(f"{place}search.html")
    # Beside a survey stands none that is made up.
    told = [built.page("explorer.html"), *(path.read_text() for path in (built.site / "_static/explorer").glob("*.js"))]
    assert not [one for one in told if "w1-synthetic" in one or '"synthetic":true' in one]
    assert len(told) > 1


def test_nothing_is_made_again_where_nothing_but_dates_changed(built: Project) -> None:
    before = keys_of_pages(built)
    for path in [*built.root.glob("data/**/*"), *built.root.glob("chapters/*")]:
        os.utime(path)
    done = built.build()
    assert "4 editions: 4 unchanged. The latest is 2031." in done.stdout
    assert keys_of_pages(built) == before


def test_of_two_builds_at_once_one_waits_and_makes_nothing_but_what_was_changed_or_damaged(built: Project) -> None:
    before, good = keys_of_pages(built), built.page("editions/w2-synthetic/index.html")
    built.set_share("w1-synthetic", 57)
    for path in built.root.glob("_build/.kept/pages-w2-synthetic/*"):
        path.write_bytes(path.read_bytes()[:-40])
    (built.site / "chapters/01-parks.html").unlink()
    both = [built.start("build", "--all") for _ in range(2)]
    said = [process.communicate(timeout=600) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("is running; waiting for it to end" in err for _, err in said) == 1
    assert sum("4 editions: 2 built, 2 unchanged. 2 chapters executed." in out for out, _ in said) == 1
    assert sum("4 editions: 4 unchanged." in out for out, _ in said) == 1
    after = keys_of_pages(built)
    keys = [{wave: name.partition("-")[0] for wave, name in pages.items()} for pages in (before, after)]
    assert [wave for wave, key in keys[1].items() if key != keys[0][wave]] == ["w1-synthetic"]
    assert "57%" in built.page("editions/w1-synthetic/index.html")
    assert '"value": 57' in built.page("editions/w1-synthetic/figures.json")
    assert built.page("editions/w2-synthetic/index.html") == good
    assert f"{SHARE}%" in built.page("chapters/01-parks.html")
    assert built.left() == []


def test_a_build_that_is_killed_harms_nothing_and_leaves_nothing(built: Project) -> None:
    """Kill builds of a changed wave when its data are checked, when its chapters have run and when its pages stand."""
    built.set_share("w1-synthetic", 77)
    sites = [hash_site(built.site)]
    for step in ("data", "chapters", "pages"):
        process = built.start("build", "--all")
        assert process.stderr is not None
        assert any(f"w1-synthetic: {step}" in line for line in process.stderr)
        process.kill()
        process.communicate()
        sites.append(hash_site(built.site))
    done = built.build_apart()
    assert done.returncode == 0, done.stderr
    assert "77%" in built.page("editions/w1-synthetic/index.html")
    # The old site to the byte or, where the kill came after it had been exchanged, the new one to the byte.
    assert all(site in (sites[0], hash_site(built.site)) for site in sites)
    assert sites[1] == sites[2] == sites[0]
    assert built.left() == []


@pytest.fixture(scope="module")
def faulty(built: Project) -> tuple[str, str, dict[str, str]]:
    """Return what a build says in which one wave is broken, one never ends and one changes, and the pages before it.

    The wave that is left is in order.
    """
    spoilt, changing = (built.root / f"data/waves/{wave}/estimates.csv" for wave in ("w1-synthetic", "w3-synthetic"))
    good = {path: path.read_text() for path in (spoilt, changing)}
    before = {wave: built.page(f"editions/{wave}/index.html") for wave, _ in WAVES}
    spoilt.write_text("")
    built.set_chapter(FAULTS)
    done = built.build_apart("--timeout", str(LONGEST))
    for path, text in good.items():
        path.write_text(text)
    built.set_chapter()
    assert done.returncode == 1
    return done.stdout, done.stderr, before


def test_waves_that_fail_are_named_with_what_is_wrong_and_the_others_are_made(
    faulty: tuple[str, str, dict[str, str]],
) -> None:
    out, err, _ = faulty
    assert "4 editions: 1 built, 3 failed." in out
    for said in (
        "3 of 4 editions could not be made; the others are in the site.",
        "w1-synthetic (its last good edition stays in the site)",
        "data/waves/w1-synthetic/estimates.csv: the file is empty",
        f"chapters/01-parks.ipynb, cell 4 ('import time'): the chapter took over {LONGEST} seconds",
        "While the edition of wave w3-synthetic was made, this changed: data/waves/w3-synthetic/estimates.csv.",
    ):
        assert err.count(said) == 1, said
    assert "Traceback" not in err


def test_the_last_good_editions_stay_and_nothing_is_left_of_those_that_failed(
    built: Project, faulty: tuple[str, str, dict[str, str]]
) -> None:
    for wave, page in faulty[2].items():
        assert built.page(f"editions/{wave}/index.html") == page
    assert built.left() == []


@pytest.mark.usefixtures("faulty")
def test_a_later_survey_takes_the_front_page_and_older_editions_know_nothing_of_it(built: Project) -> None:
    """The build comes after one in which the chapter was another: it makes the survey of that one again too."""
    before = {wave: key for wave, key in keys_of_pages(built).items() if wave != WAVE}
    built.add_wave("later", 71, synthetic=False, ended="2040-01")
    path = built.root / "data/waves/later/wave.yml"
    whole = path.read_text()
    path.write_text(whole + f'\nbaseline: "{WAVE}"\n')
    done = built.build()
    assert "5 editions: 2 built, 3 unchanged." in done.stdout, done.stderr
    assert "The latest is later." in done.stdout
    assert "71%" in built.page("index.html")
    assert "The latest is the" in built.page(f"editions/{WAVE}/index.html")
    feed = '<link rel="alternate" type="application/atom+xml"'
    assert [feed in built.page(page) for page in ("index.html", f"editions/{WAVE}/index.html")] == [True, False]
    assert json.loads(built.page("editions/later/changes.json"))["baseline"]["id"] == WAVE
    assert "<updated>2040-01-01T00:00:00Z</updated>" in built.page("changes.atom")
    assert before.items() <= keys_of_pages(built).items()
    told = {edition["wave"]: edition["baseline"] for edition in json.loads(built.page("editions.json"))["editions"]}
    assert (told["later"], told["w1-synthetic"]) == (WAVE, "")
    shutil.rmtree(path.parent)


@contextmanager
def mounted(place: Path, options: str) -> Iterator[Path]:
    """Mount a small file system in memory for the block, where this system lets us."""
    place.mkdir()
    if os.geteuid() or os.system(f"mount -t tmpfs -o {options} none {place} 2>/dev/null"):
        pytest.skip("only root can mount a file system")
    try:
        yield place
    finally:
        os.system(f"umount {place}")


def test_a_target_that_can_only_be_read_is_told_before_anything_is_made(built: Project, tmp_path: Path) -> None:
    with mounted(tmp_path / "mounted", "ro,size=1m") as read_only:
        done = built.build("--output", str(read_only / "site"))
    assert done.returncode == 1
    assert "That place can only be read. Choose another with --output" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_full_disk_leaves_the_last_site_and_the_next_build_mends_it(built: Project, tmp_path: Path) -> None:
    with mounted(tmp_path / "small", "size=3m") as small_disk:
        site, ballast = small_disk / "site", small_disk / "ballast"
        site.mkdir()
        (site / "index.html").write_text("the last good one")
        write_manifest(site)
        ballast.write_bytes(b"0" * 2_000_000)
        done = built.build("--output", str(site))
        assert done.returncode == 1
        assert "The disk is full. Free some space, then run the command again" in done.stderr
        assert (site / "index.html").read_text() == "the last good one"
        assert [path.name for path in small_disk.iterdir() if path not in (site, ballast)] == []
        os.system(f"mount -o remount,size=200m {small_disk}")
        assert built.build("--output", str(site)).returncode == 0
        assert (site / "index.html").read_text(encoding="utf-8").lstrip().startswith("<!DOCTYPE html>")
