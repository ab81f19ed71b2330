"""How a question stands in a respondent file: its columns, their codes, and the rules for its base."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from surveybook.model.codebook import Codebook
from surveybook.model.problems import Problem
from surveybook.respondents.blocks import Block

ENCODINGS = ("columns", "choices", "delimited", "single", "scale")
# Answers that are no item of the codebook: they count for the base, and get no figure of their own.
OTHER, NEITHER, NONE, DONT_KNOW, NO_ANSWER = "other", "neither", "none", "dont_know", "no_answer"
LISTED = (OTHER, NONE, DONT_KNOW, NO_ANSWER)
FITTING = {
    "multiple": ("columns", "choices", "delimited", "single"),
    "single": ("single", "columns"),
    "scale": ("scale",),
    "channel": ("scale",),
}
QUESTION_KEYS = (
    "encoding", "column", "columns", "separator", "codes", "collapse", "chosen", "not_chosen", "nothing_chosen",
    "excess", "base", "dont_know", "missing", "universe", "net",
)  # fmt: skip


@dataclass(frozen=True)
class Routing:
    """Who was asked: those with one of these codes in this column."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class QuestionMapping:
    """How one question stands in a file.

    Attributes
    ----------
    question : str
        The question of the codebook.
    kind : str
        Its kind there.
    encoding : str
        One of `ENCODINGS`.
    columns : dict of str
        For `columns` and `scale` each column with its item (or `LISTED`); otherwise each column with "".
    codes : dict of str
        Each code with its item, response or one of the answers that are no item.
    chosen, not_chosen : tuple of str
        What a column per option holds; only for `columns`.
    nothing_chosen : str
        Whether a row without any choice answered ("answered") or not ("no_answer"); empty where not declared.
    separator : str
        What stands between answers; only for `delimited`.
    excess : str
        What becomes of people with too many answers: "error", "exclude" or "keep".
    base : str
        Whether a share is of those "asked" or of those who "answered".
    dont_know : str
        Whether "don't know" is "in" the base or "out" of it.
    missing : tuple of str
        Codes that are no answer, besides those of the whole file.
    universe : Routing, optional
        Who was asked; everybody where it is None.
    reported : tuple of str
        The responses that get a figure of their own; only for `scale`.
    net : bool
        Whether the check prints agreement less disagreement.
    labels : dict of tuple
        What the codebook calls each item.
    """

    question: str
    kind: str
    encoding: str
    columns: dict[str, str]
    codes: dict[str, str] = field(default_factory=dict)
    chosen: tuple[str, ...] = ("1",)
    not_chosen: tuple[str, ...] = ("0",)
    nothing_chosen: str = ""
    separator: str = ";"
    excess: str = "error"
    base: str = "answered"
    dont_know: str = "in"
    missing: tuple[str, ...] = ()
    universe: Routing | None = None
    reported: tuple[str, ...] = ()
    net: bool = False
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_question(
    question: str, block: object, place: str, codebook: Codebook, file: str, problems: list[Problem]
) -> QuestionMapping:
    """Return how one question stands in the file, after checking it against the codebook."""
    reader = Block(block, place, file, QUESTION_KEYS, problems)
    kind = str(codebook.questions.loc[question, "kind"])
    encoding = reader.choice(
        "encoding", FITTING.get(kind, ENCODINGS), "scale" if kind in ("scale", "channel") else None
    )
    items = tuple(codebook.items.index[codebook.items["question_id"] == question])
    codes = reader.pairs("codes") | inverted(reader)
    columns = read_columns(reader, encoding, items)
    targets = [*columns.values()] if encoding == "columns" else [*codes.values()]
    if encoding == "columns" and codes:
        reader.wrong("codes stand beside a column an option", "map each column in columns", "codes")
    if encoding != "columns" and not codes:
        reader.wrong("no code is mapped", "write codes (code: item), or collapse (response: [codes])", "codes")
    answers = codebook.responses.loc[codebook.responses["kind"] == kind, "response"]
    allowed = (*answers, OTHER, NEITHER, NO_ANSWER) if encoding == "scale" else (*items, *LISTED)
    for target in dict.fromkeys(targets):
        if target not in allowed:
            near = get_close_matches(target, allowed, 1)
            hint = f"did you mean {near[0]}? " if near else ""
            reader.wrong(f"'{target}' is no answer of this question", f"{hint}expected one of {', '.join(allowed)}")
    return QuestionMapping(
        question,
        kind,
        encoding,
        columns,
        codes,
        chosen=reader.many("chosen") or ("1",),
        not_chosen=reader.many("not_chosen") or ("0",),
        nothing_chosen=reader.choice("nothing_chosen", ("", "answered", "no_answer"), ""),
        separator=reader.text("separator") or ";",
        excess=reader.choice("excess", ("error", "exclude", "keep"), "error"),
        base=reader.choice("base", ("asked", "answered"), None),
        dont_know=reader.choice("dont_know", ("in", "out"), None if DONT_KNOW in targets else "in"),
        missing=reader.many("missing"),
        universe=read_universe(reader),
        reported=tuple(target for target in dict.fromkeys(targets) if target in set(answers)),
        net=reader.flag("net", False),
        labels={item: tuple(codebook.items.loc[item, ["label", "short_label"]]) for item in items},
    )


def inverted(reader: Block) -> dict[str, str]:
    """Return collapse rules (response: codes) as codes with their response."""
    block = reader.block.get("collapse")
    if block is None:
        return {}
    if not isinstance(block, Mapping):
        reader.wrong("it isn't a list of responses with their codes", "write agree: [1, 2]", "collapse")
        return {}
    found: dict[str, str] = {}
    for response, codes in block.items():
        for code in codes if isinstance(codes, list) else [codes]:
            text = reader.code(code, "collapse")
            if text in found:
                reader.wrong(f"the code {text} stands under two responses", "keep one", "collapse")
            found[text] = str(response)
    return found


def read_columns(reader: Block, encoding: str, items: tuple[str, ...]) -> dict[str, str]:
    """Return the columns of a question, each with its item where a column has one."""
    column, several = reader.text("column"), reader.block.get("columns")
    if (column is None) == (several is None):
        reader.wrong("it has neither or both of column and columns", "write one of them")
        return {}
    if encoding in ("columns", "scale") and column is None:
        columns = reader.pairs("columns")
        if encoding == "scale":
            for name, item in columns.items():
                if item not in items:
                    found = f"the column {name} has the item '{item}'"
                    reader.wrong(found, f"expected one of {', '.join(items)}", "columns")
        shared = [target for target in dict.fromkeys(columns.values()) if target in items
                  and list(columns.values()).count(target) > 1]  # fmt: skip
        for target in shared:
            reader.wrong(f"two columns have the item '{target}'", "keep one", "columns")
        return columns
    if encoding == "columns":
        reader.wrong("a column an option needs a list", "write columns: {name: item}", "columns")
        return {}
    if encoding == "scale":
        if len(items) != 1:
            reader.wrong(f"the question has {len(items)} items", "write columns: {name: item}", "column")
        return {str(column): items[0]} if items else {}
    if encoding == "choices":
        names = reader.many("columns") if column is None else (column,)
        if len(set(names)) < len(names):
            reader.wrong("a column stands twice", "name each once", "columns")
        return dict.fromkeys(names, "")
    if column is None:
        reader.wrong("this encoding has one column", "write column: name", "columns")
        return {}
    return {column: ""}


def read_universe(reader: Block) -> Routing | None:
    """Return who was asked, or None for everybody."""
    block = reader.block.get("universe")
    if block is None:
        return None
    inner = Block(block, f"{reader.place}.universe", reader.file, ("column", "values"), reader.problems)
    column, values = inner.text("column"), inner.many("values")
    if column is None or not values:
        inner.wrong("it names no column, or no values", "write {column: name, values: [1]}")
        return None
    return Routing(column, values)
