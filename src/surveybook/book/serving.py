"""A server for authors: the built site on this machine, whose pages reload when it is built anew.

Run with ``python -m surveybook.book.serving``; ``make serve`` does. It builds nothing by itself: ``make book``
in another window does, and the browser follows.
"""

import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from surveybook.model import paths

HOST, PORT = "127.0.0.1", 8000
MOMENT, SCRIPT = "/_surveybook/moment", "/_surveybook/reload.js"
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
  }}, 1000);
}})();
"""


class Handler(SimpleHTTPRequestHandler):
    """Files of the site; pages get a script that looks for a newer build."""

    def do_GET(self) -> None:
        """Answer a request."""
        path = Path(self.translate_path(self.path.partition("?")[0]))
        path = path / "index.html" if path.is_dir() else path
        if self.path == MOMENT:
            self._send(built_at(Path(self.directory)).encode(), "text/plain")
        elif self.path == SCRIPT:
            self._send(RELOADING.encode(), "text/javascript")
        elif path.suffix == ".html" and path.is_file():
            self._send(with_reloading(path.read_text(encoding="utf-8")).encode(), "text/html; charset=utf-8")
        else:
            super().do_GET()

    def end_headers(self) -> None:
        """Keep browsers from keeping: an author wants what is there now."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing of each request."""

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def built_at(site: Path) -> str:
    """Return when the site was built, as text that changes with each build; empty while there is none."""
    page = site / "index.html"
    return str(page.stat().st_mtime_ns) if page.is_file() else ""


def with_reloading(page: str) -> str:
    """Return a page with the script that reloads it."""
    return page.replace("</head>", f'<script src="{SCRIPT}" defer></script>\n</head>', 1)


def serve(site: Path, port: int = PORT) -> ThreadingHTTPServer:
    """Return a server of a site, to this machine alone; ``serve_forever`` starts it."""
    return ThreadingHTTPServer((HOST, port), partial(Handler, directory=str(site)))


if __name__ == "__main__":
    site = Path(sys.argv[1]) if len(sys.argv) > 1 else paths.built_site()
    if not (site / "index.html").is_file():
        sys.exit(f"There is no site in {paths.shown(site)} yet. `make book` builds it.")
    server = serve(site)
    print(f"The book is at http://{HOST}:{server.server_port}/ until you press Ctrl+C. `make book` renews it.")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print()
