"""What is wrong with a file, said so that the person who typed it can mend it.

Settings in YAML files have a model of what each may hold; what is wrong with one becomes problems with their places.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from inspect import isclass
from pathlib import PurePath
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

# In these a place is a key, and so it is in what has no ending; all other files have columns.
KEYED = (".yml", ".yaml", ".json", "")
# Of more figures that are concerned these are named.
MOST_FIGURES = 12


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where.

    Attributes
    ----------
    file : str
        The file, as typed from the project's folder.
    found : str
        What stands there.
    expected : str
        What should, and what to do about it.
    row : int, optional
        The row as a spreadsheet counts it: the header is row 1.
    column : str, optional
        The column's name, or the key in a YAML file.
    """

    file: str
    found: str
    expected: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        """Return the problem as one line."""
        place = [self.file]
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column is not None:
            is_key = self.row is None and PurePath(self.file).suffix in KEYED
            place.append(self.column if is_key else f"column {self.column}")
        return f"{', '.join(place)}: {self.found}; {self.expected}"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with an edition: its data, its chapters, its pages or what is taken away of it.

    Attributes
    ----------
    said : str
        What is wrong, and what was expected.
    file : str
        The file that it is in, as typed from the project's folder or within a site.
    chapter : str
        The chapter that it concerns, where it concerns one.
    figures : tuple of str
        Ids of the survey's figures that it concerns.
    """

    said: str
    file: str = ""
    chapter: str = ""
    figures: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the fault as one line that names file, chapter and figures."""
        place = ", ".join(dict.fromkeys(filter(None, (self.file, self.chapter))))
        further = len(self.figures) - MOST_FIGURES
        named = ", ".join(self.figures[:MOST_FIGURES]) + (f" and {further} more" if further > 0 else "")
        resting = f" (figures: {named})" if named else ""
        return f"{place}{': ' if place else ''}{self.said}{resting}"


class SurveybookError(Exception):
    """Something a person can mend; its text is a sentence for them, and no traceback is needed."""


class DataError(SurveybookError):
    """All that is wrong with the data that were opened.

    Attributes
    ----------
    problems : tuple of Problem
        In the order of the files and rows.
    """

    def __init__(self, subject: str, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f"{subject} has {count} problem{'s' if count != 1 else ''}:"
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))


# What someone writes who means to fill it in later.
PLACEHOLDERS = ("", "...", "…", "todo", "tbd", "fixme", "xxx", "?")


class Settings(BaseModel):
    """A block of settings: unknown keys are refused, values can't change.

    A field's description is what its problems say that was expected; it follows "write".
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _read_words(value: Any) -> str:
    """Return a value of YAML as text: a number may be one, such as the name of a year; a block can't."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise ValueError("should be text")
    return str(value).strip()


def _read_needed_words(value: Any) -> str:
    """Return a value of YAML as text that says something."""
    text = _read_words(value)
    if text.lower() in PLACEHOLDERS:
        raise ValueError("should say something")
    return text


# What pydantic's own words say less well than these.
EXPECTED = {
    **dict.fromkeys(("model_type", "model_attributes_type"), "write its keys below it, one a line"),
    "dict_type": "write its entries below it, one a line",
    **dict.fromkeys(("list_type", "tuple_type"), "write a list"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "write true or false"),
    **dict.fromkeys(("int_type", "int_parsing"), "write a whole number"),
    "invalid_key": "put the key in quotes",
    "too_short": "write at least one",
    "string_too_short": "write a name, or null where there is none",
}
# Of what stands in a file, so much is shown.
LONGEST_SHOWN = 80
# Text, or nothing; and text that has to be there.
Words = Annotated[str, BeforeValidator(_read_words)]
NeededWords = Annotated[str, BeforeValidator(_read_needed_words)]
Model = TypeVar("Model", bound=BaseModel)


def read_settings(
    model: type[Model], content: Any, file: str, problems: list[Problem], place: str = "", context: Any = None
) -> Model | None:
    """Return what a YAML file, or the block at a place in it, holds as its model; checks may look up in the context.

    None with everything that is wrong added to the problems where it isn't one.
    """
    try:
        return model.model_validate(content, context=context)
    except ValidationError as error:
        # Of a list in which every entry is wrong, pydantic says besides that it is too short.
        errors = [one for one in error.errors() if one["type"] != "too_short" or not one["input"]]
        for found in (_make_problem(one, file, model) for one in errors):
            problems.append(replace(found, column=".".join(filter(None, (place, found.column))) or None))
        return None


def _make_problem(found: Any, file: str, model: type[BaseModel]) -> Problem:
    """Return one of pydantic's errors as a problem; its place is the keys with points between, entries from 1."""
    parts, kind, value = found["loc"], found["type"], found["input"]
    block, field = _find_block(model, parts)
    wanted = f"write {field.description}" if field and field.description else ""
    match kind:
        case "extra_forbidden":
            key, names = str(parts[-1]), list(block.model_fields)
            near, parts = get_close_matches(key, names, 1), parts[:-1]
            said = f"the key '{key}' isn't known"
            expected = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(names)}"
        case "missing":
            said, expected = "the key is missing", wanted or "add it"
        case "union_tag_invalid":
            said, kinds = f"the kind '{found['ctx']['tag']}' isn't known", found["ctx"]["expected_tags"]
            expected = f"expected one of {kinds}".replace("'", "")
        case "value_error" if not field or "; " in found["msg"]:  # of a whole block, or with an advice of its own
            said, _, advice = str(found["ctx"]["error"]).partition("; ")
            expected = advice or "correct it"
        case _:
            text = str(value).lower() if isinstance(value, bool) else repr(value)
            shown = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
            said = "nothing stands here" if value in (None, "") else f"{shown} stands here"
            message = found["msg"].removeprefix("Value error, ").removeprefix("Input ")
            expected = wanted or EXPECTED.get(kind) or f"it {message}"
    place = [f"entry {part + 1}" if isinstance(part, int) else part for part in parts if part != "[key]"]
    return Problem(file, said, expected, column=".".join(place) or None)


def _find_block(model: type[BaseModel], parts: Iterable[str | int]) -> tuple[type[BaseModel], FieldInfo | None]:
    """Return the model of the block that a place lies in, and its field there; None for a whole block or no field.

    A block that is of one of several kinds has the name of its kind as a part of the place.
    """
    block, field, is_entry = model, None, False
    kinds: dict[str, type[BaseModel]] = {}
    for part in parts:
        if is_entry:  # the name of an entry of a mapping, or its number in a list
            field, is_entry = None, False
        elif part in kinds:
            block, field, kinds = kinds[str(part)], None, {}
        elif isinstance(part, str):
            field = block.model_fields.get(part)
            inner = _find_models(field.annotation) if field else []
            is_entry = field is not None and bool(inner) and get_origin(field.annotation) in (dict, list, tuple)
            kinds = {one.model_fields["kind"].default: one for one in inner if "kind" in one.model_fields}
            block = inner[0] if inner else block
    return block, field


def _find_models(annotation: Any) -> list[type[BaseModel]]:
    """Return the models that an annotation holds, however deep: several where a block is of one of several kinds."""
    if isclass(annotation) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for one in get_args(annotation) for found in _find_models(one)]
