"""A copy of the site is held against a build, file by file: what changed, came or went is named."""

import json
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from whyict.sphinx_ext.certificates import placed
from whyict.verification.copies import address_of, fetch_site, is_address, safe
from whyict.verification.record import Check
from whyict.verification.sites import Owner, certificate_said, compare_sites, files_of, held, site_hashes

PNG = b"\x89PNG\r\n\x1a\n"
BELONGING = {"_static/figures/a.csv": Owner("chapters/02-quality", ("t1p_custsat",))}


def site(folder: Path, badge: str = "") -> Path:
    files = {
        "index.html": f"<p>one</p>{placed(badge)}", "_static/figures/a.csv": "x,68\n", "certificate.json": "{}",
        "_static/app.js": "go()", ".buildinfo": str(folder),
    }  # fmt: skip
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "_static/figures/a.png").write_bytes(PNG + b"mine")
    (folder / "_static/figures/b.png").write_bytes(PNG + b"mine")
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return site(tmp_path / "own")


@pytest.fixture
def other(tmp_path: Path) -> Path:
    return site(tmp_path / "copy", "<b>badge</b>")


def compared(own: Path, other: Path) -> Check:
    return compare_sites(own, other, BELONGING, lambda _: ["<b>badge</b>"], "the copy", ["book.pdf"])


def test_a_copy_that_shows_its_certificate_is_the_same(own: Path, other: Path) -> None:
    (other / "book.pdf").write_bytes(b"")
    (other / ".nojekyll").write_text("")
    done = compared(own, other)
    assert [str(fault) for fault in done.faults] == []
    assert done.counts == {"files": 6}


def test_a_changed_download_is_named_with_chapter_and_figure(own: Path, other: Path) -> None:
    (other / "_static/figures/a.csv").write_text("x,69\n")
    (fault,) = compared(own, other).faults
    assert str(fault) == (
        "_static/figures/a.csv, chapters/02-quality: it was changed, line 1: 'x,69' where the build of the verified "
        "chapters has 'x,68' (figures: t1p_custsat)"
    )


@pytest.mark.parametrize("name", ["index.html", "_static/app.js"])
def test_any_change_is_caught(own: Path, other: Path, name: str) -> None:
    path = other / name
    path.write_text(path.read_text().replace("o", "0", 1))
    assert [fault.file for fault in compared(own, other).faults] == [name]


def test_a_badge_that_says_something_else_is_caught(own: Path, other: Path) -> None:
    (other / "index.html").write_text(f"<p>one</p>{placed('<b>better badge</b>')}")
    assert "doesn't show what its certificate says" in str(compared(own, other).faults[0])


def test_files_that_came_or_went_are_named(own: Path, other: Path) -> None:
    (other / "extra.html").write_text("")
    (other / "_static/app.js").unlink()
    found = {fault.file: fault.said for fault in compared(own, other).faults}
    assert found == {
        "extra.html": "the file is no part of the book", "_static/app.js": "the file is missing from the site",
    }  # fmt: skip


def test_one_changed_picture_is_a_fault_and_all_of_them_are_another_machine(own: Path, other: Path) -> None:
    (other / "_static/figures/a.png").write_bytes(PNG + b"yours")
    assert [fault.file for fault in compared(own, other).faults] == ["_static/figures/a.png"]
    (other / "_static/figures/b.png").write_bytes(PNG + b"yours")
    done = compared(own, other)
    assert done.faults == ()
    assert "2 pictures in pixels of the copy" in done.skipped[0]


def test_a_link_that_leads_elsewhere_is_no_file_of_the_site(own: Path) -> None:
    (own / "passwd").symlink_to("/etc/passwd")
    assert "passwd" not in files_of(own)


def test_the_hashes_of_a_site_leave_out_pictures_in_pixels_and_the_certificate(own: Path, other: Path) -> None:
    assert site_hashes(own) == site_hashes(other)
    assert set(site_hashes(own)) == {"index.html", "_static/figures/a.csv", "_static/app.js"}


def test_a_workbook_is_compared_by_what_is_in_it(tmp_path: Path) -> None:
    contents = []
    for place, packing in enumerate((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)):
        with zipfile.ZipFile(tmp_path / f"{place}.xlsx", "w", packing) as book:
            book.writestr("a.xml", "<a/>" * 100)
        contents.append((tmp_path / f"{place}.xlsx").read_bytes())
    assert contents[0] != contents[1]
    assert held("a.xlsx", contents[0]) == held("a.xlsx", contents[1])
    assert held("a.xlsx", b"no zip") == b"no zip"


def test_the_certificate_that_a_site_offers_has_to_be_this_one(own: Path) -> None:
    (own / "certificate.json").write_text(json.dumps({"format": "1.0"}))
    assert certificate_said(own, {"format": "1.0"}) == []
    assert "isn't the certificate of this edition" in str(certificate_said(own, {"format": "2.0"})[0])
    (own / "certificate.json").write_text("{")
    assert "can't be read" in str(certificate_said(own, {})[0])
    (own / "certificate.json").unlink()
    assert "offers no certificate" in str(certificate_said(own, {})[0])
    assert certificate_said(own, None) == []


@pytest.fixture
def address(other: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(other)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_published_site_is_fetched_and_compared(own: Path, address: str, tmp_path: Path) -> None:
    fetched = fetch_site(address, sorted(files_of(own)), tmp_path / "fetched")
    assert fetched.passed
    assert fetched.counts == {"files": 6}
    assert compared(own, tmp_path / "fetched").passed


def test_a_page_that_only_the_published_site_lists_is_fetched_too(
    own: Path, other: Path, address: str, tmp_path: Path
) -> None:
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    listed = "".join(f"<url><loc>{address}/{name}</loc></url>" for name in ("index.html", "extra.html", "../x.html"))
    (other / "sitemap.xml").write_text(f'<urlset xmlns="{space}">{listed}</urlset>')
    (other / "extra.html").write_text("")
    fetch_site(address, sorted(files_of(own)), tmp_path / "fetched")
    assert {"extra.html", "sitemap.xml"} <= set(files_of(tmp_path / "fetched"))
    assert address_of(tmp_path / "fetched") == f"{address}/"


def test_an_address_that_has_no_book_is_said_to_have_none(own: Path, address: str, tmp_path: Path) -> None:
    fetched = fetch_site(f"{address}/nowhere", sorted(files_of(own)), tmp_path / "fetched")
    assert "answers with none of the book's files" in str(fetched.faults[0])


def test_what_is_an_address_and_what_stays_in_its_folder() -> None:
    assert is_address("https://example.org/book")
    assert not is_address("_build/html")
    assert not is_address("file:///etc")
    assert safe("chapters/a-b.html")
    assert not any(map(safe, ("../a", "/etc/passwd", "a/../../b", "a b")))
