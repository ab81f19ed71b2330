"""Reading plain files: every fault becomes a problem with a place, none a traceback. Writing them whole."""

import contextlib
import hashlib
import json
import os
import re
import shutil
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import yaml

from surveybook.model import paths
from surveybook.model.problems import Problem

PARTIAL = ".partial"
LARGEST_TEXT_FILE = 50_000_000
# Control and format characters: they turn text round, part words or hide between letters, and nobody sees them.
HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
LARGEST_YAML_FILE = 5_000_000
# The C loader reads the same as the safe one, ten times faster; it isn't built everywhere.
SAFE_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# A parser that calls itself for each block within a block crashes on thousands of them.
DEEPEST_YAML = 50


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


class UnreadableError(Exception):
    """A file that isn't read: what stands there, what should, row and column where known, as in a `Problem`."""


def read_text_file(path: Path, problems: list[Problem]) -> str | None:
    """Return the text of a UTF-8 file of no more than `LARGEST_TEXT_FILE` bytes, or None with a problem added.

    A byte order mark and Windows line ends are read past: neither leaves any doubt about the text.
    """
    try:
        return read_whole_text(path, LARGEST_TEXT_FILE)
    except UnreadableError as refused:
        problems.append(Problem(paths.shown(path), *refused.args))
        return None


def read_whole_text(path: Path, largest: int) -> str:
    """Return the text of a UTF-8 file, or raise why it isn't read."""
    if not path.is_file():
        raise UnreadableError("the file is missing", "make it, or restore it from version control")
    if path.stat().st_size > largest:
        raise UnreadableError(
            f"the file is over {largest // 1_000_000} MB", "expected a small text file; check what it is"
        )
    content = path.read_bytes()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableError("the file is UTF-16", "save it as UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"byte 0x{content[error.start]:02x} isn't UTF-8 (the file may be Latin-1)"
        raise UnreadableError(found, "save the file as UTF-8", content[: error.start].count(b"\n") + 1) from None
    if "\x00" in text:
        raise UnreadableError("the file holds a null character", "expected text; save it as UTF-8")
    refuse_hidden(text, 1)
    if not text.strip():
        raise UnreadableError("the file is empty", "fill it in, or restore it from version control")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def refuse_hidden(text: str, row: int) -> None:
    """Raise the first character that nobody sees in a text which begins in a row."""
    if hidden := HIDDEN.search(text):
        called = unicodedata.name(hidden[0], f"U+{ord(hidden[0]):04X}").lower()
        found = f"a character stands there that nobody sees ({called})"
        raise UnreadableError(found, "take it out, or type the text anew", row + text.count("\n", 0, hidden.start()))


def refuse_events(text: str) -> None:
    """Raise what YAML text holds that isn't read: an alias, a tag, or blocks within blocks that nobody writes by hand.

    A few lines of aliases can stand for gigabytes; what nobody sees can be written as an escape.
    """
    depth = 0
    for event in yaml.parse(text, Loader=SAFE_LOADER):
        row = event.start_mark.line + 1 if event.start_mark else None
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        refuse_hidden(getattr(event, "value", ""), row or 1)
        if isinstance(event, yaml.AliasEvent):
            raise UnreadableError("an alias (*name) is used", "write the value out", row)
        if getattr(event, "tag", None):
            raise UnreadableError("a tag (!name) is used", "write plain values; text in quotes stays text", row)
        if depth > DEEPEST_YAML:
            raise UnreadableError(f"more than {DEEPEST_YAML} blocks lie within each other", "close brackets", row)


def read_yaml(path: Path, problems: list[Problem]) -> dict[str, Any]:
    """Return a YAML mapping of plain values; empty, with a problem added, when it can't be read."""
    try:
        text = read_whole_text(path, LARGEST_YAML_FILE)
        refuse_events(text)
        content = yaml.load(text, Loader=PlainLoader)
        if isinstance(content, dict):
            return content
        refused = UnreadableError("the file isn't a list of keys and values", "write lines such as 'title: …'")
    except UnreadableError as error:
        refused = error
    except yaml.YAMLError as error:
        mark, what = getattr(error, "problem_mark", None), getattr(error, "problem", None) or "it can't be read"
        row = mark.line + 1 if mark else None
        refused = UnreadableError(f"this isn't valid YAML ({what})", "check indentation, colons and quotes", row)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        refused = UnreadableError("this isn't valid YAML (a value can't be read)", "check dates and nesting")
    problems.append(Problem(paths.shown(path), *refused.args))
    return {}


def read_beside(module: str, name: str) -> Any:
    """Return what a list of the engine's own holds, which lies beside the module that reads it."""
    return yaml.load(Path(module).with_name(name).read_text(encoding="utf-8"), Loader=SAFE_LOADER)


def fill_beside(module: str, name: str, filters: Mapping[str, Any], /, **context: Any) -> str:
    """Return a template of the engine's own filled in, as plain text; it lies beside the module that asks for it."""
    path = Path(module).parent / name
    environment = open_templates(path.parent)
    environment.filters |= filters
    return str(environment.get_template(path.name).render(context))


@cache
def open_templates(folder: Path) -> Any:
    """Return the templates of a folder, each of which is compiled once however many pages it fills."""
    import jinja2  # much is read without it

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        trim_blocks=True, keep_trailing_newline=True, undefined=jinja2.StrictUndefined,
    )  # fmt: skip


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


def write_json(content: Any) -> str:
    """Return plain values as JSON that people can read too, as files for programs hold it."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file that is there whole or not at all, in a folder that is made where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Threads of one process may write the same file at once: each moves its own. The process stands last, by which
    # what a killed one left is told from what is being written.
    partial = path.with_name(f".{path.name}.{threading.get_ident()}.{os.getpid()}{PARTIAL}")
    try:
        partial.write_bytes(content.encode() if isinstance(content, str) else content)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


@contextlib.contextmanager
def stage_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to write into that takes another's place once it is whole; one that is there is written into."""
    stage = folder if folder.exists() else folder.with_name(f".{folder.name}.new")
    if stage != folder:
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir(parents=True)
    yield stage
    stage.rename(folder)
