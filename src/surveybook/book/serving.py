"""A server for authors: the book on this machine, built anew page by page as its sources change, and reloaded.

Run with ``python -m surveybook.book.serving [WAVE]``; ``make serve`` does.
"""

import signal

if __name__ == "__main__":
    # Until there is something to end in order, Ctrl+C ends this at once: what is imported below takes a second.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import contextlib
import os
import shutil
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from surveybook.book.editions import Options, execute_plan, gather_data
from surveybook.book.plans import Plan, choose_baseline, plan_edition
from surveybook.book.processes import call_apart
from surveybook.book.running import Bundle, Submit, open_executor, work_on
from surveybook.book.site import build_pages, lay_out
from surveybook.model import paths
from surveybook.model.files import hash_bytes, write_whole
from surveybook.model.problems import SurveybookError
from surveybook.model.report import read_report

HOST, PORT, LOOK_SECONDS = "127.0.0.1", 8000, 0.5
VERSION, SCRIPT = "/_surveybook/version/", "/_surveybook/reload.js"


class Handler(SimpleHTTPRequestHandler):
    """Files of the site; pages get a script that asks whether they are still the same.

    Attributes
    ----------
    in_view : str
        The page that somebody looked at last, by its name in the book: ``chapters/01-parks``.
    built : int
        When the last build ended, in nanoseconds; what is newer isn't finished.
    """

    in_view: ClassVar[str] = ""
    built: ClassVar[int] = 0

    def do_GET(self) -> None:
        """Answer a request."""
        asked = self.path.partition("?")[0]
        path = Path(self.translate_path(f"/{asked.removeprefix(VERSION)}"))
        path = path / "index.html" if path.is_dir() else path
        if asked.startswith(VERSION):
            Handler.in_view = path.relative_to(self.directory).with_suffix("").as_posix()
            whole = path.is_file() and path.stat().st_mtime_ns <= Handler.built
            text, kind = hash_bytes(path.read_bytes()) if whole else "", "text/plain"
        elif self.path == SCRIPT:
            text, kind = Path(__file__).with_name("reload.js").read_text(encoding="utf-8"), "text/javascript"
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


def write_chapters(made: Mapping[str, Path], stage: Path) -> int:
    """Put those executed chapters into a book that it doesn't hold as they are, and return how many they were."""
    contents = {stage / name: path.read_bytes() for name, path in made.items()}
    fresh = [page for page, content in contents.items() if not page.is_file() or page.read_bytes() != content]
    for page in fresh:
        write_whole(page, contents[page])
    return len(fresh)


def build_anew(
    plan: Plan, data: Bundle, submit: Submit, executing: Future[Any], stage: Path, *, beside_chapters: bool
) -> None:
    """Build the pages that change with chapters that are being executed; what lies beside them too, where asked to."""
    laying_out = work_on, data, call_apart, lay_out, plan.wave, plan.baseline, stage
    laid_out = None
    # It tells where figures are shown: as the chapters of the last time do, where there are any.
    if beside_chapters and (stage / paths.LANDING_PAGE).is_file():
        laid_out = submit(*laying_out)
    try:
        fresh = write_chapters(executing.result()[0], stage)
    except (SurveybookError, OSError):
        if laid_out:
            wait([laid_out])  # or the next build would lay out the same book beside it
        raise
    if beside_chapters:
        (laid_out or submit(*laying_out)).result()
    if fresh or beside_chapters:
        build_pages(stage, strict=False)
        Handler.built = time.time_ns()


def keep_up(wave: str, stage: Path) -> None:
    """Build the pages that show what has changed whenever sources have; begin anew when the code has.

    The page in view comes first, as soon as its own chapter is through; then all others at once.

    Parameters
    ----------
    wave : str
        The edition.
    stage : Path
        The folder of the book, kept from one time to the next: Sphinx knows what it has read and written there.
    """
    seen: Plan | None = None
    gathered: Plan | None = None
    built: Plan | None = None
    data = Bundle()
    # What waits for chapters ends once these have been ended.
    with ThreadPoolExecutor(1) as waiting, open_executor() as (submit, _):
        while True:
            plan = plan_edition(wave, choose_baseline(wave))
            if seen is None or plan.key != seen.key:
                changed = ", ".join(plan.find_changed(seen)) if seen else "everything"
                if "src/" in changed:
                    os.execv(sys.executable, [sys.executable, "-m", "surveybook.book.serving", wave])
                start, seen = time.monotonic(), plan
                try:
                    if is_beside_chapters(plan, gathered):
                        data, gathered = gather_data(plan, submit, Options()), plan
                    name = f"{Handler.in_view}.ipynb"
                    in_view = replace(plan, runs={name: plan.runs[name]} if built and name in plan.runs else {})
                    first = waiting.submit(execute_plan, in_view, data, submit, Options())
                    first.result()
                    executing = waiting.submit(execute_plan, plan, data, submit, Options())
                    if in_view.runs:
                        # What lies beside it, the workbook above all, can wait until the rest is made.
                        build_anew(plan, data, submit, first, stage, beside_chapters=False)
                        print(f"In view after {time.monotonic() - start:.1f} s: {Handler.in_view}", flush=True)
                    build_anew(plan, data, submit, executing, stage, beside_chapters=is_beside_chapters(plan, built))
                    built = plan
                    print(f"Built in {time.monotonic() - start:.1f} s: {changed}", flush=True)
                except (SurveybookError, OSError) as error:
                    print(error, file=sys.stderr, flush=True)
            time.sleep(LOOK_SECONDS)


def is_beside_chapters(plan: Plan, last: Plan | None) -> bool:
    """Return whether anything but chapters changed since another plan."""
    return any(name not in plan.runs for name in plan.find_changed(last))


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
        signal.signal(signal.SIGINT, signal.default_int_handler)
        keep_up(wave, stage)


if __name__ == "__main__":
    main()
