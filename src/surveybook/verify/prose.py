"""Reading a chapter as MyST does: what a reader sees of its prose, what is bound to data, and what it glues.

And the lists of words that say a number or a direction, as patterns to look for in that prose.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

from surveybook.book.notebooks import read_notebook
from surveybook.model import paths
from surveybook.model.codebook import read_codebook
from surveybook.model.files import read_yaml
from surveybook.model.problems import DataError, Problem, Settings, SurveybookError, read_settings
from surveybook.verify.record import LISTS

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# Stands for code and for a role in a text: no word, but where one may be.
PLACEHOLDER = "\ufffc"
REPORT, BACKGROUND, *_ = BLOCKS = ("report", "background", "our-note")
CODE_DIRECTIVES = re.compile("|".join(LISTS["code_directives"]))
DIRECTIVE = re.compile(r"\{([\w:.+-]+)\}\s*(.*)", re.DOTALL)
OPTION = re.compile(r":([\w-]+):\s*(.*)")
TITLE = re.compile(r"(.*?)\s*<[^<>]+>", re.DOTALL)
MARKUP = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
# Where shares and differences end: no figure of any survey.
BOUNDS = ("0", "1", "-1")
# What is no variable in a formula: words set as text, and commands but for those that stand for Greek letters.
WORDING = re.compile(r"\\(?:text\w*|math(?:rm|sf|tt)|mbox|operatorname)\{[^{}]*\}")
COMMAND = re.compile(
    r"\\(?!(?:alpha|beta|gamma|delta|epsilon|theta|kappa|lambda|mu|nu|pi|rho|sigma|tau|phi|chi|psi|omega)\b)[A-Za-z]+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Block:
    """A `{report}`, `{background}` or `{our-note}` block.

    Attributes
    ----------
    kind, argument : str
        Its name, and what stands behind it: a report block's locator.
    options : dict of str
        Its options, such as ``claims``.
    cell, line : int
        Where it begins.
    """

    kind: str
    argument: str
    options: dict[str, str] = field(hash=False)
    cell: int
    line: int


@dataclass(frozen=True)
class Role:
    """Code or a role in a text: its name and contents. ``code`` is a code span."""

    name: str
    content: str

    @property
    def glued(self) -> str:
        """The name that it pastes; empty when it pastes none."""
        if self.name.partition(":")[0] != "glue":
            return ""
        document, separator, name = self.content.rpartition("::")
        return f"{document}{separator}{name.partition(':')[0] if self.name == 'glue:text' else name}".strip()


@dataclass(frozen=True)
class Passage:
    """A paragraph, heading, cell of a table or other piece of text in one go.

    Attributes
    ----------
    text : str
        What a reader sees, with `PLACEHOLDER` for code and for each role.
    roles : tuple of Role
        What the placeholders stand for, in order.
    cell, line : int
        Where it begins.
    block : Block, optional
        The block that it stands in.
    """

    text: str
    roles: tuple[Role, ...]
    cell: int
    line: int
    block: Block | None = None

    @property
    def kind(self) -> str:
        """The kind of block that it stands in; empty outside."""
        return self.block.kind if self.block else ""


@dataclass(frozen=True)
class Chapter:
    """A notebook or page of the book.

    Attributes
    ----------
    file : str
        The file, as typed from the project's folder.
    notebook : nbformat.NotebookNode
        The notebook; a page is one cell of markdown.
    """

    file: str
    notebook: Any

    @property
    def cells(self) -> list[tuple[int, Any]]:
        """Its cells, counted from 1; that of a page is counted as 0."""
        return list(enumerate(self.notebook.cells, start=int(self.file.endswith(".ipynb"))))

    @property
    def code(self) -> list[tuple[int, Any]]:
        """Its code cells."""
        return [(number, cell) for number, cell in self.cells if cell.cell_type == "code"]

    @cached_property
    def passages(self) -> list[Passage]:
        """What a reader sees of its markdown."""
        prose = ((number, cell.source) for number, cell in self.cells if cell.cell_type == "markdown")
        return [passage for number, text in prose for passage in read_passages(text, number)]

    @property
    def is_executed(self) -> bool:
        """Whether any of its code has put out something."""
        return any(cell.outputs for _, cell in self.code)

    @property
    def glued(self) -> dict[str, list[str]]:
        """The names that its outputs glue, with the waves behind each: '' for the one that the chapter runs with."""
        metadata = [output.get("metadata", {}) for _, cell in self.code for output in cell.outputs]
        return {
            one["scrapbook"]["name"]: list(one.get("surveybook", {}).get("waves", [""]))
            for one in metadata
            if "scrapbook" in one
        }


def read_chapter(path: Path) -> Chapter:
    """Return a notebook or a markdown page.

    Raises
    ------
    SurveybookError
        When the file isn't there, isn't one of the two, or can't be read.
    """
    file = paths.shown(path)
    if not path.is_file() or path.suffix not in (".ipynb", ".md"):
        raise SurveybookError(
            f"{file} is neither a notebook (.ipynb) nor a page (.md) that exists; name one of the book's."
        )
    if path.suffix == ".ipynb":
        return Chapter(file, read_notebook(path))
    from nbformat.v4 import new_markdown_cell, new_notebook

    try:
        return Chapter(file, new_notebook(cells=[new_markdown_cell(path.read_text(encoding="utf-8"))]))
    except UnicodeDecodeError:
        raise SurveybookError(f"{file} isn't UTF-8; save it as UTF-8.") from None


@cache
def parser() -> "MarkdownIt":
    """Return the parser that reads a page when the book is built."""
    from myst_parser.config.main import MdParserConfig
    from myst_parser.mdit_to_docutils.base import DocutilsRenderer
    from myst_parser.parsers.mdit import create_md_parser

    from surveybook.book.sphinx_ext.settings import BOOK

    extensions: Any = BOOK["settings"]["myst_enable_extensions"]
    return create_md_parser(MdParserConfig(enable_extensions=set(extensions)), DocutilsRenderer)


def walk_markdown(
    text: str, cell: int = 0, line: int = 1, block: Block | None = None
) -> "Iterator[tuple[Token, tuple[str, str], int, Block | None]]":
    """Yield the parts of a markdown text, those inside directives included, each with its line and what it stands in.

    Of a directive there are its name and argument too; both are empty for all else.

    Parameters
    ----------
    text : str
        The markdown.
    cell, line : int
        Which cell it is of, and on which line of it the text begins.
    block : Block, optional
        What it stands in. A directive that opens a block stands in that block itself.
    """
    start = line
    for token in parser().parse(text, {}):
        start = line + token.map[0] if token.map else start
        is_fence = token.type in ("fence", "colon_fence")
        match = DIRECTIVE.fullmatch(token.info.strip()) if is_fence else None
        name, argument = (match[1], match[2].strip()) if match else ("", "")
        options, body, skipped = split_options(token.content) if match else ({}, token.content, 0)
        inside = Block(name, argument, options, cell, start) if name in BLOCKS else block
        yield token, (name, argument), start, inside
        if is_fence and (match or token.type == "colon_fence") and not CODE_DIRECTIVES.fullmatch(name):
            titles = [] if name in (*BLOCKS, *LISTS["path_directives"]) else [argument]
            for part in [*titles, *(options[key] for key in LISTS["shown_options"] if key in options)]:
                yield from ((*found[:2], start, inside) for found in walk_markdown(part, cell, start, inside))
            yield from walk_markdown(body, cell, start + 1 + skipped, inside)


def read_passages(text: str, cell: int = 0) -> Iterator[Passage]:
    """Yield the passages of a cell's markdown, those inside directives included: nothing of code."""
    for token, (name, argument), line, block in walk_markdown(text, cell):
        if token.type == "inline":
            parts = list(read_inline(token.children or []))
            roles = tuple(role for _, role in parts if role)
            yield Passage("".join(shown for shown, _ in parts), roles, cell, line, block)
        elif name.partition(":")[0] == "glue":
            yield Passage(PLACEHOLDER, (Role(name, argument),), cell, line, block)
        elif name in BLOCKS:
            # A block without text is one too.
            yield Passage("", (), cell, line, block)
        elif token.type == "html_block":
            yield Passage(MARKUP.sub(" ", token.content), (), cell, line, block)
        elif token.type.startswith(("math_block", "amsmath")) and not is_formula(token.content):
            yield Passage(token.content, (), cell, line, block)


def split_options(content: str) -> tuple[dict[str, str], str, int]:
    """Return a directive's options, its body, and how many lines the options take."""
    lines, options = content.split("\n"), {}
    for text in lines:
        match = OPTION.fullmatch(text.strip())
        if not match:
            break
        options[match[1]] = match[2].strip()
    return options, "\n".join(lines[len(options) :]), len(options)


def is_formula(content: str) -> bool:
    """Return whether mathematics holds a variable or is a bound of shares: a bare number, or mere text, is none."""
    bare = COMMAND.sub("", WORDING.sub("", content))
    return content.strip() in BOUNDS or any(character.isalpha() for character in bare)


def read_inline(tokens: "list[Token]") -> Iterator[tuple[str, Role | None]]:
    """Yield what a reader sees of a line's parts, and the role that a placeholder stands for."""
    is_address = False
    for token in tokens:
        match token.type:
            case "link_open" | "link_close":
                is_address = token.type == "link_open" and token.markup in ("autolink", "linkify")
                title: Any = token.attrs.get("title")
                yield f" {title} " if title else "", None
            case "softbreak" | "hardbreak":
                yield "\n", None
            case "code_inline":
                yield PLACEHOLDER, Role("code", token.content)
            case "myst_role":
                yield from show_role(Role(token.meta["name"], token.content))
            case "image":
                yield from read_inline(token.children or [])
            case "math_inline" | "math_inline_double" | "math_single" if is_formula(token.content):
                yield PLACEHOLDER, Role("math", token.content)
            case "html_inline":
                pass
            case _:
                yield "" if is_address else token.content, None


def show_role(role: Role) -> Iterator[tuple[str, Role | None]]:
    """Yield a role's title and a placeholder for it where it binds or is code, else the text that it shows."""
    family = role.name.partition(":")[0]
    if family not in (*LISTS["binding_roles"], *LISTS["code_roles"]):
        yield role.content, None
        return
    titled = TITLE.fullmatch(role.content) if family in LISTS["titled_roles"] else None
    if titled and titled[1]:
        yield re.sub(r"%s|\{(?:number|name)\}", "", f"{titled[1]} "), None
    yield PLACEHOLDER, role


def straighten(text: str) -> str:
    """Return a text of the same length with straight apostrophes and plain hyphens, so that spelling decides alone."""
    return text.translate(str.maketrans("’‘‑", "''-"))


def match_any(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for any of some phrases as whole words, the longest that fits; line ends count as spaces."""
    longest_first = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    choices = "|".join(r"\s+".join(re.escape(word) for word in phrase.split()) for phrase in longest_first)
    return re.compile(rf"(?<!\w)(?:{choices})(?!\w)" if choices else r"(?!)", re.IGNORECASE)


def flatten_words(entries: Any) -> Any:
    """Return a list of words whose entries may be lists of the forms that a word takes."""
    if not isinstance(entries, list):
        return entries
    return [word for entry in entries for word in (entry if isinstance(entry, list) else [entry])]


ENGINE_WORDS = Path(__file__).with_name("words.yml")
Word = Annotated[str, StringConstraints(to_lower=True, min_length=1)]
WordList = Annotated[tuple[Word, ...], BeforeValidator(flatten_words), Field(min_length=1)]


class WordLists(Settings):
    """The engine's lists in ``verify/words.yml``, and a report's own in ``data/lint/words.yml``; both explain them."""

    directions: WordList
    not_directions: WordList
    fractions: WordList
    numbers: WordList
    nouns: WordList
    joints: WordList
    populations: WordList = ()
    not_populations: WordList = ()
    everyday_labels: WordList = ()


@dataclass(frozen=True)
class Words:
    """What rules look for in prose.

    Attributes
    ----------
    lists : WordLists
        The words, as they are listed.
    patterns : dict
        By the name of the rule: the pattern that is looked for, and that of what holds it and means something else.
    """

    lists: WordLists
    patterns: dict[str, tuple[re.Pattern[str], re.Pattern[str]]]

    def find(self, rules: Iterable[str], text: str) -> Iterator[tuple[str, re.Match[str]]]:
        """Yield each rule that a text breaks with its place, but for places inside of what means something else."""
        plain = straighten(text)
        for rule in rules:
            wanted, innocent = self.patterns[rule]
            spans = [match.span() for match in innocent.finditer(plain)]
            for match in wanted.finditer(plain):
                if not any(start <= match.start() and match.end() <= end for start, end in spans):
                    yield rule, match


def read_word_lists(path: Path | None = None) -> Words:
    """Return the words of the engine and the report's own, with the codebook's names of populations and items.

    A list in ``data/lint/words.yml`` takes the place of the engine's; a report needs no such file.

    Raises
    ------
    DataError
        When the file can't be read, or a list is unknown or isn't one of words.
    """
    path = path or paths.data() / "lint" / "words.yml"
    codebook, problems = read_codebook(), list[Problem]()
    content = read_yaml(ENGINE_WORDS, problems) | (read_yaml(path, problems) if path.is_file() else {})
    lists = None if problems else read_settings(WordLists, content, paths.shown(path), problems)
    if lists is None:
        raise DataError("The list of words", problems)
    people = [*codebook.populations["label"], *codebook.populations["people"]]
    labels = {*codebook.items["label"], *codebook.items["short_label"]}
    # What stands before a long label's colon is a name of the item too.
    items = {label.lower() for label in labels | {label.partition(":")[0] for label in labels}}
    number, joint = rf"(?:{'|'.join(lists.numbers)})", "|".join(lists.joints)
    word = rf"(?!(?:{joint})\b)[\w'{PLACEHOLDER}]+"
    of = r"(?:\s+(?:out\s+)?of(?:\s+(?:the|these|those|all|our|their))?)?"
    # A number in words before a noun that a survey counts, or 'one in ten'.
    counted = rf"{number}(?:[\s-]+{number})*{of}(?:[\s-]+{word})?[\s-]+(?:{'|'.join(lists.nouns)})"
    one_in_ten = rf"(?:one|{number})(?:\s+{word})?\s+(?:in|out\s+of)\s+(?:every\s+|a\s+)?{number}"
    nothing = match_any(())
    patterns = {
        "digit": (re.compile(r"[\d¹²³½⅓⅔¼¾⅕-⅞]+(?:[.,][\d]+)*"), nothing),
        "per-cent": (re.compile(r"%|‰|\bper\s*cent\b", re.IGNORECASE), nothing),
        "fraction": (match_any(lists.fractions), nothing),
        "count": (re.compile(rf"\b(?:{counted}|{one_in_ten})\b", re.IGNORECASE), nothing),
        "direction": (match_any(lists.directions), match_any(lists.not_directions)),
        "background-population": (match_any([*lists.populations, *people]), match_any(lists.not_populations)),
        "background-item": (match_any(map(straighten, items - set(lists.everyday_labels))), nothing),
    }
    return Words(lists, patterns)
