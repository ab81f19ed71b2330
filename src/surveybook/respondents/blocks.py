"""Taking values of the right kind from blocks of ``wave.yml``."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from surveybook.model.problems import Problem
from surveybook.respondents.files import code_text


class Block:
    """Takes values of the right kind from a block of ``wave.yml``; what is wrong becomes a problem."""

    def __init__(self, block: object, place: str, file: str, keys: tuple[str, ...], problems: list[Problem]) -> None:
        self.place, self.file, self.problems = place, file, problems
        self.block: Mapping[Any, Any] = block if isinstance(block, Mapping) else {}
        if not isinstance(block, Mapping):
            self.wrong("it isn't a block of keys and values", "see the template that `surveybook wave new` writes")
        for key in self.block:
            if key not in keys:
                near = get_close_matches(str(key), keys, 1)
                hint = f"did you mean {near[0]}? " if near else ""
                self.wrong(f"the parameter '{key}' isn't known", f"{hint}expected one of {', '.join(keys)}")

    def wrong(self, found: str, expected: str, key: str = "") -> None:
        """Add a problem at this block, or at one of its keys."""
        self.problems.append(Problem(self.file, found, expected, column=".".join(filter(None, (self.place, key)))))

    def text(self, key: str) -> str | None:
        """Return a text, or None where nothing stands."""
        value = self.block.get(key)
        if value is None:
            return None
        if isinstance(value, (Mapping, list, bool)):
            self.wrong("it isn't a text", "write one name", key)
            return None
        return str(value)

    def choice(self, key: str, allowed: tuple[str, ...], default: str | None) -> str:
        """Return one of a few words; where there is no default it has to be there."""
        value = self.block.get(key, default)
        if value not in allowed:
            found = "it is missing" if value is None else f"'{value}' isn't known"
            self.wrong(found, f"write {' or '.join(allowed)}", key)
            return allowed[0]
        return str(value)

    def flag(self, key: str, default: bool) -> bool:
        """Return true or false."""
        value = self.block.get(key, default)
        if not isinstance(value, bool):
            self.wrong(f"'{value}' is neither true nor false", "write true or false", key)
            return default
        return value

    def number(self, key: str) -> float | None:
        """Return a number above 0, or None where nothing stands."""
        value = self.block.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < float("inf"):
            self.wrong(f"'{value}' isn't a number above 0", "write a number, or take the line out", key)
            return None
        return float(value)

    def code(self, value: object, key: str) -> str:
        """Return a code as text; blocks, lists and the words true and false without quotes are none."""
        if isinstance(value, (bool, Mapping, list)) or value is None:
            self.wrong(f"'{value}' isn't a code", "write a number, or text in quotes", key)
            return ""
        return code_text(value)

    def many(self, key: str) -> tuple[str, ...]:
        """Return a list of codes or names; one alone needs no brackets."""
        value = self.block.get(key)
        listed = [] if value is None else value if isinstance(value, list) else [value]
        return tuple(self.code(entry, key) for entry in listed)

    def pairs(self, key: str) -> dict[str, str]:
        """Return a mapping of code or column to a name."""
        value = self.block.get(key)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.wrong("it isn't a list of pairs", "write lines such as '1: agree'", key)
            return {}
        found: dict[str, str] = {}
        for code, target in value.items():
            text = self.code(code, key)
            if text in found:
                self.wrong(f"'{text}' stands twice", "keep one", key)
            found[text] = self.code(target, key)
        return found
