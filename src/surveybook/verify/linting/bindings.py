"""Which glued name rests on which wave, read from a chapter's code without running it."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from surveybook.model.report import read_report
from surveybook.verify.linting.chapters import CodeCell

REPORT, SURVEY = "report", "survey"
ANYTHING = ".+"

Known = dict[str, frozenset[str]]


@dataclass(frozen=True)
class Binding:
    """What one `glue` call stores.

    Attributes
    ----------
    pattern : str
        A regular expression for the name, since a comprehension makes several.
    written : int
        How many of the name's characters are written out: the more, the surer that the name is this one's.
    origins : frozenset of str
        The waves behind it: ``report`` for the one that the report printed, ``survey`` for any other.
    """

    pattern: str
    written: int
    origins: frozenset[str]


@dataclass(frozen=True)
class Unreadable:
    """A `glue` call whose names can't be told without running it: its cell, line and code."""

    cell: int
    line: int
    code: str


def origins_of(bindings: Iterable[Binding], name: str) -> frozenset[str] | None:
    """Return the waves behind a glued name, or None where nothing glues it."""
    fitting = [binding for binding in bindings if re.fullmatch(binding.pattern, name)]
    most = max((binding.written for binding in fitting), default=0)
    chosen = [binding.origins for binding in fitting if binding.written == most]
    return frozenset().union(*chosen) if chosen else None


def read_bindings(cells: Iterable[CodeCell]) -> tuple[list[Binding], list[Unreadable]]:
    """Return what a chapter's cells glue, and the calls that can't be read. A cell that isn't Python is passed over."""
    known: Known = {}
    tables: dict[str, ast.expr] = {}
    bindings: list[Binding] = []
    unreadable: list[Unreadable] = []
    for cell in cells:
        try:
            statements = ast.parse(cell.source).body
        except SyntaxError:
            continue
        for call, waves in walk(statements, known, tables):
            found = [(key, value) for keyword in call.keywords for key, value in pairs_of(keyword, tables)]
            if call.args or not all(key is not None for key, _ in found):
                unreadable.append(Unreadable(cell.number, call.lineno, ast.unparse(call).split("\n")[0]))
            bindings += [bind(key, value, waves) for key, value in found if key is not None]
    return bindings, unreadable


def walk(statements: list[ast.stmt], known: Known, tables: dict[str, ast.expr]) -> Iterator[tuple[ast.Call, Known]]:
    """Yield each `glue` call in the order of the code, with what is known of the variables by then.

    `known` (variable to waves) and `tables` (variable to the dictionary written for it) are filled on the way.
    """
    for statement in statements:
        if isinstance(statement, ast.For):
            learn(statement.target, frozenset(waves_in(statement.iter, known)), known)
        inner = [part for name in ("body", "orelse", "finalbody") for part in getattr(statement, name, [])]
        if inner:
            yield from walk(inner, known, tables)
            continue
        yield from ((call, known) for call in ast.walk(statement) if is_call(call, "glue"))  # type: ignore[misc]
        if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)) and statement.value is not None:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            waves = frozenset(waves_in(statement.value, known))
            for target in targets:
                learn(target, waves, known)
                if isinstance(target, ast.Name) and isinstance(statement.value, (ast.Dict, ast.DictComp)):
                    tables[target.id] = statement.value


def learn(target: ast.expr, waves: frozenset[str], known: Known) -> None:
    """Remember which waves stand behind the variables of an assignment's or a loop's target."""
    known.update({part.id: waves for part in ast.walk(target) if isinstance(part, ast.Name)})


def waves_in(value: ast.expr, known: Known) -> set[str]:
    """Return the waves that an expression draws on; `open_report` takes a survey, and only its level from it."""
    if is_call(value, "open_report"):
        return {REPORT}
    inside = dict(known)
    for part in ast.walk(value):
        for loop in getattr(part, "generators", []):
            learn(loop.target, frozenset(waves_in(loop.iter, inside)), inside)
    found: set[str] = set()
    for part in ast.walk(value):
        if isinstance(part, ast.Name):
            found |= inside.get(part.id, frozenset())
        elif is_call(part, "open_wave"):
            found.add(wave_opened(part))  # type: ignore[arg-type]
    return found


def wave_opened(call: ast.Call) -> str:
    """Return whether a call opens the report's own wave or the one that the chapter runs with."""
    given = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "wave")]
    constant = given[0].value if given and isinstance(given[0], ast.Constant) else None
    return REPORT if str(constant) == read_report().claims_wave else SURVEY


def is_call(node: ast.AST, name: str) -> bool:
    """Return whether a node calls a function of that name, by itself or as a module's."""
    if not isinstance(node, ast.Call):
        return False
    return getattr(node.func, "id", getattr(node.func, "attr", "")) == name


def pairs_of(keyword: ast.keyword, tables: dict[str, ast.expr]) -> list[tuple[ast.expr | None, ast.expr]]:
    """Return the names and values that an argument of `glue` stands for; None for names that can't be told."""
    if keyword.arg is not None:
        return [(ast.Constant(keyword.arg), keyword.value)]
    value = keyword.value
    if isinstance(value, ast.Name):
        value = tables.get(value.id, value)
    if isinstance(value, ast.Dict):
        return list(zip(value.keys, value.values, strict=True))
    if isinstance(value, ast.DictComp):
        # The whole comprehension is the value: what it loops over counts too.
        return [(value.key, value)]
    return [(None, value)]


def bind(key: ast.expr, value: ast.expr, known: Known) -> Binding:
    """Return the binding of one name, or of the names that an f-string makes."""
    waves = frozenset(waves_in(value, known))
    parts = key.values if isinstance(key, ast.JoinedStr) else [key]
    texts = [str(part.value) if isinstance(part, ast.Constant) else None for part in parts]
    pattern = "".join(ANYTHING if text is None else re.escape(text) for text in texts)
    return Binding(pattern, sum(len(text) for text in texts if text), waves)
