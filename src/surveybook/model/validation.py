"""Files of settings: pydantic models of what they may hold, and what pydantic finds as problems with a place."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from surveybook.model.problems import Problem

Model = TypeVar("Model", bound=BaseModel)


class Settings(BaseModel):
    """A block of settings: unknown keys are refused, values can't change."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, coerce_numbers_to_str=True)


def read_settings(model: type[Model], content: Mapping[str, Any], file: str, problems: list[Problem]) -> Model | None:
    """Return the content of a file as a model; None where it isn't one, with each reason added to `problems`.

    Parameters
    ----------
    model : type
        What the file may hold.
    content : mapping
        What it holds.
    file : str
        The file, as a person would type it.
    problems : list of Problem
        One is added for each key that is missing, isn't known or holds what it can't.
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        problems += [make_problem(found, model, file) for found in error.errors()]
    return None


def make_problem(found: Any, model: type[BaseModel], file: str) -> Problem:
    """Return one finding of pydantic as a problem: the key's place, what stands there, what was expected.

    A validator that raises "what is found; what to do" is quoted as it stands.
    """
    place = ".".join(str(part) for part in found["loc"]) or None
    key, kind = str(found["loc"][-1]) if found["loc"] else "", found["type"]
    if kind == "value_error":
        what, _, todo = str(found["ctx"]["error"]).partition("; ")
        return Problem(file, what, todo or "correct it", column=place)
    if kind == "missing":
        return Problem(file, "the key is missing", "add it", column=place)
    if kind == "extra_forbidden":
        known = list_keys(model, found["loc"][:-1])
        near = get_close_matches(key, known, 1)
        expected = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(known)}"
        return Problem(file, f"the key '{key}' isn't known", expected, column=place)
    if kind.startswith("string"):
        return Problem(file, f"'{key}' isn't a text that fits", f"{found['msg'].removeprefix('String ')}", column=place)
    shown = found["input"] if isinstance(found["input"], (str, int, float)) else type(found["input"]).__name__
    message = found["msg"].removeprefix("Input ").removeprefix("Value ")
    return Problem(file, f"'{shown}' stands there", f"it {message}", column=place)


def list_keys(model: type[BaseModel], place: tuple[Any, ...]) -> list[str]:
    """Return the keys that a model knows at a place in it."""
    here: Any = model
    for part in place:
        fields = getattr(here, "model_fields", {})
        annotation = fields[part].annotation if part in fields else here
        here = find_model(annotation) or here
    return list(getattr(here, "model_fields", {}))


def find_model(annotation: Any) -> type[BaseModel] | None:
    """Return the model in an annotation such as ``dict[str, Part]`` or ``Part | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(find_model, getattr(annotation, "__args__", ()))), None)
