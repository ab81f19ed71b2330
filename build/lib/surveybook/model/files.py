"""Reading plain files: every fault becomes a problem with a place, none a traceback."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import yaml

from surveybook.model import paths
from surveybook.model.problems import Problem

LARGEST_TEXT_FILE = 50_000_000
# Control and format characters: they turn text round, part words or hide between letters, and nobody sees them.
HIDDEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
LARGEST_YAML_FILE = 5_000_000
# The C loader reads the same as the safe one, ten times faster; it isn't built everywhere.
SAFE_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# A parser that calls itself for each block within a block crashes on thousands of them.
DEEPEST_YAML = 50
OPENING = (
    yaml.FlowSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.BlockMappingStartToken,
)
CLOSING = (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken, yaml.BlockEndToken)


class PlainLoader(SAFE_LOADER):
    """Reads YAML as people write it: yes and no are words, 010 is ten, and a date is text.

    That is the core schema of YAML 1.2. By that of 1.1, which PyYAML follows, the answer "yes" becomes true, the
    code 010 becomes 8, and the time 1:30 becomes 90.
    """

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return a mapping; a key that stands twice is an error, or one of its values would be lost unsaid."""
        found = super().construct_mapping(node, deep=deep)
        if len(found) < len(node.value):
            seen: set[Any] = set()
            for key, _ in node.value:
                value = self.construct_object(key, deep=True)
                if value in seen:
                    raise yaml.constructor.ConstructorError(None, None, f"'{value}' stands twice", key.start_mark)
                seen.add(value)
        return found


for tag, plain, starts in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        "-+0123456789.",
    ),
):
    PlainLoader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"(?:{plain})\\Z"), starts)
PlainLoader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node)))


def read_text_file(path: Path, problems: list[Problem], largest: int = LARGEST_TEXT_FILE) -> str | None:
    """Return the text of a UTF-8 file of no more than the largest size in bytes, or None with a problem added.

    A byte order mark and Windows line ends are read past: neither leaves any doubt about the text.
    """
    name = paths.shown(path)
    if not path.is_file():
        problems.append(Problem(name, "the file is missing", "make it, or restore it from version control"))
        return None
    if path.stat().st_size > largest:
        found = f"the file is over {largest // 1_000_000} MB"
        problems.append(Problem(name, found, "expected a small text file; check what it is"))
        return None
    content = path.read_bytes()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        problems.append(Problem(name, "the file is UTF-16", "save it as UTF-8"))
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        found = f"byte 0x{content[error.start]:02x} isn't UTF-8 (the file may be Latin-1)"
        problems.append(Problem(name, found, "save the file as UTF-8", row=row))
        return None
    if "\x00" in text:
        problems.append(Problem(name, "the file holds a null character", "expected text; save it as UTF-8"))
        return None
    if hidden := HIDDEN.search(text):
        row, called = text.count("\n", 0, hidden.start()) + 1, unicodedata.name(hidden[0], f"U+{ord(hidden[0]):04X}")
        found = f"a character stands there that nobody sees ({called.lower()})"
        problems.append(Problem(name, found, "take it out, or type the text anew", row=row))
        return None
    if not text.strip():
        problems.append(Problem(name, "the file is empty", "expected a header and rows"))
        return None
    return text.replace("\r\n", "\n")


def find_refused_token(text: str, name: str) -> Problem | None:
    """Return what YAML text holds that isn't read: an alias, or blocks within blocks that nobody writes by hand."""
    depth = 0
    for token in yaml.scan(text, Loader=SAFE_LOADER):
        row = token.start_mark.line + 1
        if isinstance(token, yaml.AliasToken):
            return Problem(name, "an alias (*name) is used", "write the value out", row=row)
        if isinstance(token, yaml.TagToken):
            return Problem(name, "a tag (!name) is used", "write plain values; text in quotes stays text", row=row)
        depth += isinstance(token, OPENING) - isinstance(token, CLOSING)
        if depth > DEEPEST_YAML:
            return Problem(name, f"more than {DEEPEST_YAML} blocks lie within each other", "close brackets", row=row)
    return None


def read_yaml(path: Path, problems: list[Problem]) -> dict[str, Any]:
    """Return a YAML mapping of plain values; empty, with a problem added, when it can't be read.

    Aliases are refused: a few lines of them can stand for gigabytes.
    """
    name = paths.shown(path)
    text = read_text_file(path, problems, LARGEST_YAML_FILE)
    if text is None:
        return {}
    try:
        if refused := find_refused_token(text, name):
            problems.append(refused)
            return {}
        content = yaml.load(text, Loader=PlainLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = str(getattr(error, "problem", None) or "it can't be read")
        problems.append(
            Problem(
                name,
                f"this isn't valid YAML ({what})",
                "check indentation, colons and quotes",
                row=mark.line + 1 if mark else None,
            )
        )
        return {}
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        problems.append(Problem(name, "this isn't valid YAML (a value can't be read)", "check dates and nesting"))
        return {}
    if not isinstance(content, dict):
        problems.append(Problem(name, "the file isn't a list of keys and values", "write lines such as 'title: …'"))
        return {}
    return content


def find_fieldwork_end(metadata: Mapping[str, Any]) -> str:
    """Return when a wave's fieldwork ended, such as ``2031-12``: the last of its populations."""
    populations = metadata.get("populations")
    entries = populations.values() if isinstance(populations, dict) else ()
    return max((str(entry.get("fieldwork_end") or "") for entry in entries if isinstance(entry, dict)), default="")


def hash_bytes(content: bytes) -> str:
    """Return the SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces: one of data may be larger than memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_object(content: Any) -> str:
    """Return the SHA-256 of what JSON can hold, whatever the order in which keys were written."""
    return hash_bytes(json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())
