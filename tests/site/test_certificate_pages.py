"""Readers see what was verified: a badge on each chapter, and a page that tells all."""

from surveybook.book.sphinx_ext.certificates import render_badge, render_certificate
from tests.verify.certificates import CHAPTER, HASH, make_up


def test_a_badge_says_what_was_verified_and_leads_to_the_make_up() -> None:
    html = render_badge(make_up(), "chapters/02-quality", HASH, "../certificate.html")
    assert 'href="../certificate.html#chapter-02-quality"' in html
    assert "Verified by machine: 4 survey figures, 3 outputs" in html
    assert "http" not in html


def test_a_badge_of_a_chapter_that_changed_or_failed_says_so() -> None:
    assert "Changed since it was last verified" in render_badge(make_up(), "chapters/02-quality", "b" * 64, "c.html")
    failed = make_up(chapters=[{**CHAPTER, "result": "failed"}])
    assert "Did not pass" in render_badge(failed, "chapters/02-quality", HASH, "c.html")
    assert render_badge(make_up(), "chapters/97-rerun", HASH, "c.html") == ""
    assert render_badge(None, "chapters/02-quality", HASH, "c.html") == ""


def test_the_page_tells_what_was_checked_and_what_was_not() -> None:
    html = render_certificate(make_up(), {"chapters/02-quality": "chapters/02-quality.html"})
    for said in ("The moon.", 'id="chapter-02-quality"', make_up()["content_sha256"], "1 files", "7 supported"):
        assert said in html
    assert "<script" not in render_certificate(make_up(not_checked=["<script>"]), {})
