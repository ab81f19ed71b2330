"""A server for authors: the book on this machine, built anew page by page as its sources change, and reloaded.

Run with ``python -m surveybook.book.serving [WAVE]``; ``make serve`` does.
"""

import contextlib
import os
import shutil
import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from surveybook.book.editions import Options, Plan, choose_baseline, execute_plan, gather_data, plan_edition
from surveybook.book.processes import call_apart
from surveybook.book.running import open_executor
from surveybook.book.site import refresh_book
from surveybook.book.storage import write_whole
from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.model.report import read_report

HOST, PORT, LOOK_SECONDS = "127.0.0.1", 8000, 0.5
MOMENT, SCRIPT = "/_surveybook/moment", "/_surveybook/reload.js"
# Each build writes the one or the other anew.
WRITTEN_LAST = ("searchindex.js", "index.html")
# Asks now and then, and only while somebody looks. The page's policy allows scripts of its own site.
RELOADING = f"""\
"use strict";
(() => {{
  let known;
  setInterval(async () => {{
    if (document.hidden) return;
    const now = await fetch("{MOMENT}").then((answer) => answer.text()).catch(() => known);
    if (known && now && now !== known) location.reload();
    known = now || known;
  }}, 500);
}})();
"""


class Handler(SimpleHTTPRequestHandler):
    """Files of the site; pages get a script that looks for a newer build."""

    def do_GET(self) -> None:
        """Answer a request."""
        path = Path(self.translate_path(self.path.partition("?")[0]))
        path = path / "index.html" if path.is_dir() else path
        if self.path == MOMENT:
            files = [path for name in WRITTEN_LAST if (path := Path(self.directory, name)).is_file()]
            text, kind = str(max((path.stat().st_mtime_ns for path in files), default="")), "text/plain"
        elif self.path == SCRIPT:
            text, kind = RELOADING, "text/javascript"
        elif path.suffix == ".html" and path.is_file():
            script = f'<script src="{SCRIPT}" defer></script>\n</head>'
            text, kind = path.read_text(encoding="utf-8").replace("</head>", script, 1), "text/html; charset=utf-8"
        else:
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def end_headers(self) -> None:
        """Keep browsers from keeping: an author wants what is there now."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing of each request."""


def keep_up(wave: str, stage: Path) -> None:
    """Build the pages that show what has changed whenever sources have; begin anew when the code has.

    Parameters
    ----------
    wave : str
        The edition.
    stage : Path
        The folder of the book, kept from one time to the next: Sphinx knows what it has read and written there.
    """
    seen: Plan | None = None
    built: Plan | None = None
    options = Options()
    with open_executor() as (submit, _):
        while True:
            plan = plan_edition(wave, choose_baseline(wave))
            if seen is None or plan.key != seen.key:
                changed = ", ".join(plan.find_changed(seen)) if seen else "everything"
                if "src/" in changed:
                    os.execv(sys.executable, [sys.executable, "-m", "surveybook.book.serving", wave])
                start, seen = time.monotonic(), plan
                try:
                    beside_chapters = any(name not in plan.runs for name in plan.find_changed(built))
                    data = gather_data(plan, submit, options) if beside_chapters else None
                    for name, path in execute_plan(plan, data, submit, options)[0].items():
                        content, page = path.read_bytes(), stage / name
                        if not page.is_file() or page.read_bytes() != content:
                            write_whole(page, content)
                    call_apart(refresh_book, plan.wave, plan.baseline, stage, beside_chapters)
                    built = plan
                    print(f"Built in {time.monotonic() - start:.1f} s: {changed}", flush=True)
                except (SurveybookError, OSError) as error:
                    print(error, file=sys.stderr, flush=True)
            time.sleep(LOOK_SECONDS)


def main() -> None:
    """Serve the book that the current folder belongs to until Ctrl+C."""
    wave = sys.argv[1] if len(sys.argv) > 1 else read_report().default_wave
    stage = paths.build() / "serve"
    shutil.rmtree(stage, ignore_errors=True)
    handler = partial(Handler, directory=str(stage / "_build/html"))
    server = ThreadingHTTPServer((HOST, int(os.environ.get("SURVEYBOOK_PORT", PORT))), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"The book is at http://{HOST}:{server.server_port}/ until you press Ctrl+C.", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        keep_up(wave, stage)


if __name__ == "__main__":
    main()
