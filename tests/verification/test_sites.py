"""A copy of the site is held against a build, file by file: what changed, came or went is named."""

import gzip
import io
import os
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from surveybook.book.sphinx_ext.certificates import place_certificate
from surveybook.verify.certificate import written
from surveybook.verify.copies import address_of, is_address
from surveybook.verify.fetching import fetch_site, safe
from surveybook.verify.record import Check
from surveybook.verify.sites import Owner, certificate_said, compare_sites, files_of, held, site_hashes

BUILD_INFO = (
    "# Sphinx build info version 1\n"
    "# This file hashes the configuration used when building these files. When it is not found, a rebuild is done.\n"
)
PNG = b"\x89PNG\r\n\x1a\n"
BELONGING = {"_static/figures/a.csv": Owner("chapters/02-quality", ("t1p_custsat",))}


def site(folder: Path, badge: str = "") -> Path:
    files = {
        "index.html": f"<p>one</p>{place_certificate(badge)}", "_static/figures/a.csv": "x,68\n",
        "certificate.json": "{}",
        "_static/app.js": "go()", ".buildinfo": f"{BUILD_INFO}config: {len(str(folder)):x}\ntags: 0a\n",
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
    (other / "index.html").write_text(f"<p>one</p>{place_certificate('<b>better badge</b>')}")
    assert "doesn't show what its certificate says" in str(compared(own, other).faults[0])


def test_files_that_came_or_went_are_named(own: Path, other: Path) -> None:
    (other / "extra.html").write_text("")
    (other / "_static/app.js").unlink()
    found = {fault.file: fault.said for fault in compared(own, other).faults}
    assert found == {
        "extra.html": "the file is no part of the book", "_static/app.js": "the file is missing from the site",
    }  # fmt: skip


def painted(shade: int = 0, text: str = "") -> bytes:
    """Return a small picture in pixels, with a word in its properties if one is given."""
    told = PngInfo()
    if text:
        told.add_text("Comment", text)
    written = io.BytesIO()
    Image.new("RGBA", (8, 4), (shade, shade, shade, 255)).save(written, "PNG", pnginfo=told)
    return written.getvalue()


def test_pictures_may_differ_by_what_machines_round_and_by_no_more(own: Path, other: Path) -> None:
    for site in (own, other):
        for name in ("a", "b"):
            (site / f"_static/figures/{name}.png").write_bytes(painted(100))
    (other / "_static/figures/a.png").write_bytes(painted(103))
    assert compared(own, other).faults == ()
    (other / "_static/figures/a.png").write_bytes(painted(120))
    assert [fault.file for fault in compared(own, other).faults] == ["_static/figures/a.png"]


@pytest.mark.parametrize(
    "picture",
    [painted(120), painted(100, "Nobody was asked."), painted(100) + b"more", painted(100)[:-6], b"GIF89a", b""],
    ids=["another shade", "with a comment", "with more behind it", "cut short", "of another kind", "empty"],
)
def test_pictures_that_all_changed_are_caught_as_one_is(own: Path, other: Path, picture: bytes) -> None:
    files = ["_static/figures/a.png", "_static/figures/b.png"]
    for file in files:
        (own / file).write_bytes(painted(100))
        (other / file).write_bytes(picture)
    assert [fault.file for fault in compared(own, other).faults] == files


def test_a_link_is_no_file_of_a_site_and_is_named(own: Path, other: Path) -> None:
    for name in ("passwd", "page.html"):
        (other / name).symlink_to("/etc/passwd")
    (other / "more").symlink_to("/etc")
    assert not {"passwd", "page.html", "more"} & set(files_of(other))
    assert {fault.file for fault in compared(own, other).faults} == {"passwd", "page.html", "more"}


@pytest.mark.parametrize(
    "file", ["CNAME.html", "robots.txt.html", ".nojekyll.js", "_headers/a.html", "chapters/.buildinfo", "a/CNAME"]
)
def test_a_file_named_almost_as_hosts_want_is_no_part_of_the_book(own: Path, other: Path, file: str) -> None:
    (other / file).parent.mkdir(exist_ok=True)
    (other / file).write_text("<p>97 per cent</p>")
    assert [str(fault) for fault in compared(own, other).faults] == [f"{file}: the file is no part of the book"]


def test_what_is_for_the_host_is_named_as_not_checked(own: Path, other: Path) -> None:
    (other / "_redirects").write_text("# old addresses\n/report.pdf /index.html 301\n")
    (other / "_headers").write_text("/*\n  X-Frame-Options: DENY\n  Link: </_static/app.js>; rel=preload\n")
    (other / ".well-known").mkdir()
    (other / ".well-known/security.txt").write_text("Contact: nobody")
    (other / ".nojekyll").write_text("")
    done = compared(own, other)
    assert done.faults == ()
    assert done.skipped[0].startswith(".well-known/security.txt, _headers, _redirects of the copy: for the host")


@pytest.mark.parametrize(
    ("file", "line", "said"),
    [
        ("_redirects", "/index.html https://example.org/", "line 1 sends readers of index.html elsewhere"),
        ("_redirects", "/ https://example.org/ 302", "line 1 sends readers of index.html elsewhere"),
        ("_redirects", "# no\n/_static/* /b/:splat 200!", "line 2 sends readers of _static/app.js elsewhere"),
        ("_redirects", "/_static/figures/:name /b", "line 1 sends readers of _static/figures/a.csv elsewhere"),
        ("_headers", "/*\n  Refresh: 0; url=https://example.org/", "line 2 makes browsers show something else"),
        ("_headers", "/*\n  Link: </a.css>; rel=stylesheet", "line 2 makes browsers show something else"),
        (".buildinfo", "97 per cent agreed", "it holds more than Sphinx writes into it"),
        (".buildinfo", f"{BUILD_INFO}config: 0\ntags: 0\n97 per cent", "it holds more than Sphinx writes into it"),
    ],
)
def test_what_a_host_is_told_may_not_lead_away_from_the_book(
    own: Path, other: Path, file: str, line: str, said: str
) -> None:
    (other / file).write_text(line)
    (fault,) = compared(own, other).faults
    assert (fault.file, fault.said.partition(":")[0]) == (file, said)


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ("\u200bone", "ZERO WIDTH SPACE, U+200B"),
        ("\u00a0one", "NO-BREAK SPACE, U+00A0"),
        ("\x00one", "a control character, U+0000"),
        ("оne", "CYRILLIC SMALL LETTER O, U+043E"),
        ("one ", "SPACE, U+0020"),
    ],
)
def test_what_cannot_be_told_by_sight_is_named(own: Path, other: Path, there: str, said: str) -> None:
    for site, text in ((own, "one\n"), (other, f"{there}\n")):
        (site / "_static/app.js").write_text(text)
    (fault,) = compared(own, other).faults
    assert said in fault.said


def test_a_file_that_is_no_text_any_more_is_named_with_its_place(own: Path, other: Path) -> None:
    (other / "_static/figures/a.csv").write_bytes("x,68\n".encode("utf-16"))
    (fault,) = compared(own, other).faults
    assert "line 1" in fault.said
    assert "REPLACEMENT CHARACTER" in fault.said


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="to root every file can be read")
def test_a_file_that_nobody_may_read_is_named(own: Path, other: Path) -> None:
    (other / "index.html").chmod(0)
    assert "it can't be read" in str(compared(own, other).faults[0])


@pytest.mark.parametrize(
    "added",
    [
        '<p class="editions-notice">Nobody was ever asked.</p>\n',
        '<p class="editions-notice"><script>alert(1)</script></p>\n',
        place_certificate("<b>badge</b>"),
        "<!-- certificate -->97<!-- /certificate -->",
        "\ufeff", "\x00", "\u200b",
    ],
)  # fmt: skip
def test_nothing_may_be_added_to_a_page_whatever_it_calls_itself(own: Path, other: Path, added: str) -> None:
    page = other / "index.html"
    page.write_text(page.read_text().replace("<p>", f"{added}<p>", 1))
    assert [fault.file for fault in compared(own, other).faults] == ["index.html"]


def test_a_file_of_ten_gigabytes_is_named_and_not_read(own: Path, other: Path) -> None:
    for name in ("index.html", "_static/figures/a.png"):
        os.truncate(other / name, 10_000_000_000)
    found = compared(own, other).faults
    assert {fault.file for fault in found} == {"index.html", "_static/figures/a.png"}
    assert all("over 100 MB" in fault.said for fault in found)


def test_an_inventory_with_something_behind_it_is_another(tmp_path: Path) -> None:
    inventory = b"a\nb\nc\nd\n" + zlib.compress(b"names")
    assert held("objects.inv", inventory) == b"a\nb\nc\nd\nnames"
    assert held("objects.inv", inventory + b"97") != held("objects.inv", inventory)


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
    mine = {"format": "1.0", "tolerance": 0}
    path = own / "certificate.json"
    path.write_text(written(mine))
    assert certificate_said(own, mine) == []
    assert "isn't the certificate of this edition" in str(certificate_said(own, {"format": "2.0"})[0])
    assert "isn't the certificate of this edition" in str(certificate_said(own, None)[0])
    twice = written(mine).replace("{", '{"format": "97",', 1)
    for broken in (written(mine).replace("0\n", "false\n"), twice, "{", "[" * 100_000, "\udcff", ""):
        path.write_text(broken, errors="surrogateescape")
        assert "isn't the certificate of this edition" in str(certificate_said(own, mine)[0])
    path.unlink()
    assert "offers no certificate" in str(certificate_said(own, mine)[0])
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


def test_whatever_a_page_leads_to_is_fetched_and_what_nothing_leads_to_is_said_to_be_unseen(
    own: Path, other: Path, address: str, tmp_path: Path
) -> None:
    (other / "index.html").write_text('<a href="more/">more</a> <a href="https://example.org/">elsewhere</a>')
    (other / "more").mkdir()
    (other / "more/index.html").write_text('<script src="../_static/added.js?v=1"></script> <a href="../../x">up</a>')
    (other / "_static/added.js").write_text("alert(1)")
    (other / "_static/card.png").write_bytes(PNG)
    card = f'<meta name="a" content="width=1"><meta property="og:image" content="{address}/_static/card.png">'
    (other / "index.html").write_text(card + (other / "index.html").read_text())
    (other / "alone.html").write_text("97")
    done = fetch_site(address, sorted(files_of(own)), tmp_path / "fetched")
    assert {"more/index.html", "_static/added.js", "_static/card.png"} <= set(files_of(tmp_path / "fetched"))
    assert "alone.html" not in files_of(tmp_path / "fetched")
    assert "no page leads to: over the network nobody can list them" in done.skipped[0]
    assert {"more/index.html", "_static/added.js"} <= {one.file for one in compared(own, tmp_path / "fetched").faults}


def test_of_a_site_of_several_editions_the_one_that_is_verified_is_fetched_too(
    own: Path, other: Path, address: str, tmp_path: Path
) -> None:
    (other / "editions.json").write_text("{}")
    for wave in ("2004", "2005"):
        site(other / "editions" / wave)
    (other / "index.html").write_text('<a href="editions/2005/index.html">2005</a>')
    fetch_site(address, sorted(files_of(own)), tmp_path / "fetched", "2004")
    fetched = set(files_of(tmp_path / "fetched"))
    assert {"editions.json", "index.html", "editions/2004/index.html"} <= fetched
    assert not any(file.startswith("editions/2005/") for file in fetched)


def test_a_site_that_sends_on_to_another_host_is_not_taken_for_that_one(
    own: Path, address: str, tmp_path: Path
) -> None:
    class Sending(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", f"{address}{self.path}")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Sending)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    done = fetch_site(f"http://localhost:{server.server_port}", sorted(files_of(own)), tmp_path / "fetched")
    server.shutdown()
    server.server_close()
    assert "answers with none of the book's files" in str(done.faults[0])
    assert files_of(tmp_path / "fetched") == {}


@pytest.fixture
def answering(other: Path) -> Iterator[Callable[[dict[str, str], bool], str]]:
    """Return a function that serves the copy with headers besides, and packed or not; it returns the address."""
    servers = []

    def serve(headers: dict[str, str], packed: bool) -> str:
        class Answering(SimpleHTTPRequestHandler):
            def do_GET(self) -> None:
                path = other / self.path.lstrip("/")
                content = path.read_bytes() if path.is_file() else b""
                self.send_response(200 if path.is_file() else 404)
                for name, value in headers.items():
                    self.send_header(name, value)
                if packed and "gzip" in self.headers.get("Accept-Encoding", ""):
                    content = gzip.compress(content)
                    self.send_header("Content-Encoding", "gzip")
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), Answering))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    "headers", [{"Refresh": "0; url=https://example.org/"}, {"Link": '</other.css>; rel="stylesheet"'}]
)
def test_headers_that_make_browsers_show_something_else_are_named(
    own: Path, tmp_path: Path, answering: Callable[[dict[str, str], bool], str], headers: dict[str, str]
) -> None:
    harmless = answering({"Link": "</_static/app.js>; rel=preload", "X-Frame-Options": "DENY"}, False)
    assert fetch_site(harmless, sorted(files_of(own)), tmp_path / "honest").passed
    done = fetch_site(answering(headers, False), sorted(files_of(own)), tmp_path / "fetched")
    assert any(fault.file == "index.html" and next(iter(headers)) in fault.said for fault in done.faults)


def test_what_is_sent_packed_is_looked_at_as_browsers_see_it(
    own: Path, tmp_path: Path, answering: Callable[[dict[str, str], bool], str]
) -> None:
    done = fetch_site(answering({}, True), sorted(files_of(own)), tmp_path / "fetched")
    assert done.passed
    assert compared(own, tmp_path / "fetched").passed
    assert any("answers to others, or at another time" in one for one in done.skipped)


def test_an_address_that_has_no_book_is_said_to_have_none(own: Path, address: str, tmp_path: Path) -> None:
    fetched = fetch_site(f"{address}/nowhere", sorted(files_of(own)), tmp_path / "fetched")
    assert "answers with none of the book's files" in str(fetched.faults[0])


def test_what_is_an_address_and_what_stays_in_its_folder() -> None:
    assert is_address("https://example.org/book")
    assert not is_address("_build/html")
    assert not is_address("file:///etc")
    assert safe("chapters/a-b.html")
    assert not any(map(safe, ("../a", "/etc/passwd", "a/../../b", "a b")))
