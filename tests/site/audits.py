"""axe-core and Lighthouse, which `make test-site` installs, and a server that sends pages as a host does."""

import gzip
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

TOOLS = Path(__file__).parent / "node_modules"
AXE = TOOLS / "axe-core" / "axe.min.js"
LIGHTHOUSE = TOOLS / "lighthouse" / "cli" / "index.js"
COMPRESSED = {".html", ".css", ".js", ".json", ".svg", ".xml"}
# WCAG 2.2, levels A and AA, and what axe holds to be good practice besides.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


def asked_for() -> None:
    """Skip a whole module of audits where nobody asked for them."""
    if not os.environ.get("SURVEYBOOK_AUDITS"):
        said = "AUDITS NOT RUN: `make test-site` installs axe-core and Lighthouse and runs them."
        pytest.skip(said, allow_module_level=True)


def need(tool: Path) -> None:
    """Skip where audits aren't asked for; fail where they are and a tool isn't there."""
    asked_for()
    if not tool.is_file():
        pytest.fail(f"{tool.parent.name} isn't installed. Run `make test-site`, which does that.")


def violations(page: Page, contrast: bool = True) -> list[str]:
    """Return what axe-core finds wrong with a page as it stands: the rule, and the first place of each.

    The contrast of colours takes four fifths of its time, so it may be left out where it can't differ.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "([rules, enabled]) => axe.run(document, {runOnly: {type: 'tag', values: rules}, preload: false, "
        "resultTypes: ['violations'], rules: {'color-contrast': {enabled}}})",
        [RULES, contrast],
    )
    return [
        f"{rule['id']} ({len(rule['nodes'])}): {rule['nodes'][0]['html'][:160]} — {rule['nodes'][0]['failureSummary']}"
        for rule in found["violations"]
    ]


class Handler(SimpleHTTPRequestHandler):
    """Files, compressed where a host would compress them."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file() or path.suffix not in COMPRESSED:
            super().do_GET()
            return
        body = gzip.compress(path.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Keep the test's output to itself."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a site on this machine while the block runs; give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *args: Handler(*args, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def lighthouse(address: str, browser: str, report: Path) -> dict[str, Any]:
    """Return Lighthouse's report on a page, as a phone sees it."""
    flags = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    command = [
        shutil.which("node") or "node", str(LIGHTHOUSE), address, "--output=json", f"--output-path={report}", "--quiet",
        f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={flags}", "--no-enable-error-reporting",
    ]  # fmt: skip
    process = subprocess.run(
        command, env={**os.environ, "CHROME_PATH": browser}, capture_output=True, text=True, check=False
    )
    assert process.returncode == 0, f"Lighthouse failed on {address}.\n{process.stderr[-2000:]}"
    return json.loads(report.read_text(encoding="utf-8"))


def scores(report: dict[str, Any]) -> dict[str, int]:
    """Return the score of each category, out of 100."""
    return {name: round(100 * report["categories"][name]["score"]) for name in CATEGORIES}


def shortcomings(report: dict[str, Any]) -> list[str]:
    """Return the audits that cost a category something."""
    weighed = {
        audit["id"] for name in CATEGORIES for audit in report["categories"][name]["auditRefs"] if audit["weight"]
    }
    found = (report["audits"][name] for name in sorted(weighed))
    return [
        f"{audit['id']}: {audit['title']}"
        for audit in found
        if (audit["score"] or 0) < 0.9 and audit["score"] is not None
    ]
