"""A copy of the site is held against a build by its hashes: what changed, came or went is named."""

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from surveybook.book.notebooks import Shown
from surveybook.book.storage import MANIFEST, describe_site, hash_site, read_manifest, write_manifest
from surveybook.model import paths
from surveybook.verify import sites
from surveybook.verify.chapters import Expected
from surveybook.verify.recomputation import DataFigures
from surveybook.verify.record import Check, make_check
from surveybook.verify.sites import Book, check_copies, compare_sites, fetch_site, hash_portable
from tests.verify import said

PAGE = '<html><body><p class="edition">The edition</p><article><p>{} people</p></article></body></html>'
FILES = {
    "index.html": PAGE.format("Many"),
    "chapters/a.html": PAGE.format("Few"),
    "_static/figures/bars.csv": "x,68\n",
    "_static/app.js": "go()",
    ".buildinfo": "config: 0a",
}
EXPECTED = {"chapters/a": Expected("chapters/a", charts={"bars": Shown("bars", ("f1",))})}


def make_site(folder: Path) -> Path:
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    write_manifest(folder)
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return make_site(tmp_path / "own")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return make_site(tmp_path / "copy")


def book_of(own: Path) -> Book:
    return Book("2004", "", own, own, EXPECTED, DataFigures([]))


def compared(own: Path, copy: Path) -> Check:
    return make_check("site", "the copy", "x", compare_sites(own, copy, book_of(own)))


def test_an_honest_copy_is_the_same_and_what_is_for_its_host_is_not_checked(own: Path, copy: Path) -> None:
    for name in (".nojekyll", "CNAME", "certificate.attestation.jsonl", "_redirects", ".well-known/security.txt"):
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text("for the host")
    (copy / ".buildinfo").write_text("config: another")
    done = compared(own, copy)
    assert done.faults == ()
    assert done.counts == {"files": 4}
    assert "_redirects" in done.skipped[0]


def test_what_changed_is_named_with_its_place_chapter_and_figures(own: Path, copy: Path) -> None:
    (copy / "_static/figures/bars.csv").write_text("x,69\n")
    (copy / "index.html").write_text(FILES["index.html"].replace("people", "p\u0435ople"))
    (copy / "_static/app.js").unlink()
    assert sorted(said(compared(own, copy))) == [
        "_static/app.js: the file is missing from the site",
        "_static/figures/bars.csv, chapters/a: it was changed: 'x,69\\n' where the build has 'x,68\\n' (figures: f1)",
        "index.html: it was changed: ' edition</p><article><p>Many p\\u0435ople</p></article></body></html>' "
        "where the build has ' edition</p><article><p>Many people</p></article></body></html>'",
    ]


@pytest.mark.parametrize(
    "name", ["extra.html", "_static/added.js", "a/CNAME", "robots.txt.html", ".hidden", "a/manifest.json"]
)
def test_a_file_that_is_no_part_of_the_book_is_named(own: Path, copy: Path, name: str) -> None:
    (copy / name).parent.mkdir(exist_ok=True)
    (copy / name).write_text("97%")
    assert said(compared(own, copy)) == [f"{name}: the file is no part of the book"]


def test_a_link_is_no_file_of_a_site_and_is_named(own: Path, copy: Path) -> None:
    for name, target in {"page.html": "/etc/passwd", "more": "/etc"}.items():
        (copy / name).symlink_to(target)
    assert not {"page.html", "more"} & set(hash_site(copy))
    assert {fault.file for fault in compared(own, copy).faults} == {"page.html", "more"}


def test_a_manifest_that_was_changed_alone_is_caught(own: Path, copy: Path) -> None:
    text = (copy / MANIFEST).read_text()
    (copy / MANIFEST).write_text(text.replace('"files": {', '"files": {\n  "other.html": "0",'))
    assert [fault.file for fault in compared(own, copy).faults] == [MANIFEST]


def test_the_manifest_says_what_sha256sum_says_and_where_the_site_was_built_for(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SURVEYBOOK_BASEURL", "https://example.org/book/")
    write_manifest(own)
    told = read_manifest(own)
    assert told["address"] == "https://example.org/book"
    assert list(told["files"]) == ["_static/app.js", "_static/figures/bars.csv", "chapters/a.html", "index.html"]
    assert describe_site(own, told["address"]) == (own / MANIFEST).read_text()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": []}', "[" * 100_000])
def test_a_copy_without_a_manifest_that_can_be_read_is_refused(own: Path, copy: Path, text: str) -> None:
    (copy / MANIFEST).write_text(text)
    (done,) = check_copies(book_of(own), str(copy))
    assert [fault.file for fault in done.faults] == [MANIFEST]
    assert "`surveybook build` writes it" in done.faults[0].said


def test_a_site_of_another_edition_that_lies_here_is_not_held_against_this_one(
    own: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (copy / "index.html").write_text(FILES["index.html"].replace("The edition", "Another edition"))
    monkeypatch.setattr(paths, "build", lambda: copy.parent)
    monkeypatch.setattr(paths, "SITE_FOLDER", copy.name)
    (done,) = check_copies(book_of(own))
    assert (done.faults, done.skipped[0].partition(": ")[2]) == ((), "it is of another edition.")


def test_what_machines_paint_or_compress_in_ways_of_their_own_is_in_no_certificate(own: Path) -> None:
    for name in ("a.png", "a.xlsx", "a.pdf"):
        (own / name).write_bytes(b"x")
    assert set(hash_portable(own)) == {name for name in FILES if name != ".buildinfo"}


def test_a_copy_is_held_against_a_build_for_its_own_address(
    own: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {}

    def build_site(wave: str, baseline: str, stage: Path, **words: object) -> Check:
        asked.update(words)
        shutil.copytree(own, stage / sites.PAGES)
        return make_check("site", "built", "x")

    monkeypatch.setattr(sites, "build_site", build_site)
    (copy / MANIFEST).write_text(describe_site(copy, "https://example.org"))
    (done,) = check_copies(book_of(own), str(copy))
    assert done.faults == ()
    assert asked == {"certified": True, "address": "https://example.org", "pdf": ""}
    assert "built for https://example.org" in done.by


def test_a_site_of_several_editions_is_held_against_the_one_that_was_built_here_and_its_pages_are_read(
    tmp_path: Path, own: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (tmp_path / "_build/site", tmp_path / "several"):
        make_site(folder)
        make_site(folder / "editions/2004")
        (folder / "editions.json").write_text("{}")
        write_manifest(folder)
    (tmp_path / "report.yml").write_text("title: Made up\nfile_name: made-up\n")
    monkeypatch.chdir(tmp_path)
    book = Book("2004", "", own, own, {}, DataFigures([]))
    assert said(*check_copies(book, "several")) == []
    page = tmp_path / "several/editions/2004/chapters/a.html"
    page.write_text(page.read_text().replace("Few", "97"))
    files, pages = check_copies(book, "several")
    assert "editions/2004/chapters/a.html" in str(files.faults[0])
    assert "'97 people'" in str(pages.faults[0])
    files, _ = check_copies(book, "_build/site")
    assert "there is no other build of them here" in files.skipped[0]


@pytest.fixture
def served(copy: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            if self.path.endswith("moved.html"):
                self.send_response(301)
                self.send_header("Location", f"http://localhost:{server.server_port}/index.html")
                self.end_headers()
            else:
                super().do_GET()

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(copy)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def test_each_file_that_a_published_manifest_names_is_fetched(served: str, copy: Path, tmp_path: Path) -> None:
    done = fetch_site(served, tmp_path / "fetched")
    assert done.faults == ()
    assert done.counts == {"files": 4}
    assert hash_site(tmp_path / "fetched") == hash_site(copy)
    assert "nobody can list them" in done.skipped[0]


def test_what_a_site_does_not_answer_or_answers_from_elsewhere_is_named(
    served: str, copy: Path, tmp_path: Path
) -> None:
    (copy / "moved.html").touch()
    write_manifest(copy)
    text = (copy / MANIFEST).read_text()
    (copy / MANIFEST).write_text(text.replace('"files": {', '"files": {\n  "../../escaped": "0",\n  "gone.html": "0",'))
    done = fetch_site(served, tmp_path / "fetched")
    assert {fault.file: fault.said for fault in done.faults} == {
        "gone.html": "it could not be fetched (File not found)",
        "moved.html": "the site leads elsewhere, to localhost",
    }
    assert any("1 files in the manifest" in text for text in done.skipped)
    assert not (tmp_path.parent / "escaped").exists()


def test_what_is_too_large_to_fetch_is_named(served: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites, "LARGEST_FILE", 1_000)
    page = tmp_path / "copy/index.html"
    page.write_text(page.read_text() + " " * 1_000)
    done = fetch_site(served, tmp_path / "fetched")
    assert [(fault.file, fault.said[:10]) for fault in done.faults] == [("index.html", "it is over")]


def test_an_address_that_answers_with_no_manifest_is_a_sentence(served: str, copy: Path, own: Path) -> None:
    (copy / MANIFEST).unlink()
    (done,) = check_copies(book_of(own), served)
    assert "the right address, and was the site built by `surveybook build`?" in str(done.faults[0])
    (nobody,) = check_copies(book_of(own), "http://127.0.0.1:9/")
    assert "could not be fetched" in str(nobody.faults[0])
    (nowhere,) = check_copies(book_of(own), str(copy.parent))
    assert "neither a folder with an index.html nor an address" in str(nowhere.faults[0])
