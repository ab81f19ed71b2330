"""What could bring something foreign onto a page: outputs that the book doesn't make, HTML, files from elsewhere."""

import re
from collections.abc import Iterator

from surveybook.verify.linting.finding import Finding
from surveybook.verify.linting.pages import DIRECTIVE, parser, split_options

# What puts HTML of anybody's, or any file of the machine that builds, onto a page.
DIRECTIVES = {"raw", "eval-rst", "include", "literalinclude", "csv-table", "iframe", "video", "audio"}
ROLES = {"raw", "download", "eval", "raw-html"}
COMMENT = re.compile(r"\s*<!--.*?-->\s*", re.DOTALL)
SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.IGNORECASE)
SCHEMES = {"http", "https", "mailto"}
OUTPUT_ADVICE = "clear it, and let the chapter make it anew: surveybook chapter store"
MARKUP_ADVICE = "write it in Markdown; HTML, and files from elsewhere, have no place in a chapter"


def foreign_markup(text: str, line: int = 1) -> Iterator[tuple[int, str]]:
    """Yield what is foreign in a markdown text, those parts too that stand inside directives, by its line."""
    start = line
    for token in parser().parse(text, {}):
        start = line + token.map[0] if token.map else start
        if token.type == "html_block" and not COMMENT.fullmatch(token.content):
            yield start, token.content.strip()
        elif token.type == "inline":
            yield from ((start, found) for found in _foreign_inline(token))
        elif token.type in ("fence", "colon_fence"):
            match = DIRECTIVE.fullmatch(token.info.strip())
            if match and match[1] in DIRECTIVES:
                yield start, f"{{{match[1]}}} {match[2]}".strip()
            elif match:
                _, body, skipped = split_options(token.content)
                yield from foreign_markup(f"{match[2]}\n{body}", start + skipped)
            elif token.type == "colon_fence":
                yield from foreign_markup(token.content, start + 1)


def _foreign_inline(token: "object") -> Iterator[str]:
    """Yield what is foreign in a line: HTML, roles that bring files, addresses that aren't a page's."""
    for part in token.children or []:  # type: ignore[attr-defined]
        if part.type == "html_inline" and not COMMENT.fullmatch(part.content):
            yield part.content
        elif part.type == "myst_role" and part.meta["name"] in ROLES:
            yield f"{{{part.meta['name']}}}`{part.content}`"
        address = str(part.attrs.get("href") or part.attrs.get("src") or "")
        scheme = SCHEME.match(address)
        if (scheme and scheme[1].lower() not in SCHEMES) or (part.type == "image" and (scheme or ".." in address)):
            yield address


def check_foreign(name: str, file: str, texts: list[tuple[int, str]], outputs: list[tuple[int, str]]) -> list[Finding]:
    """Return a finding for each foreign output and piece of markup of one chapter; no exception may allow one."""
    found = [
        Finding("foreign-output", name, file, cell, 0, what, OUTPUT_ADVICE, what, excusable=False)
        for cell, what in outputs
    ]
    return found + [
        Finding("foreign-markup", name, file, cell, line, what, MARKUP_ADVICE, what, excusable=False)
        for cell, text in texts
        for line, what in foreign_markup(text)
    ]
