"""Makes a copy of the project in which functions can be exchanged for mutants of themselves."""

import difflib
import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
COPY = PROJECT / "_build" / "mutation"
# Which tests have to notice a change of which package.
TESTS = {
    "inference": ("tests/inference",),
    "claims": ("tests/claims",),
    "estimation": ("tests/estimation", "tests/reference"),
}
NEEDED = ("src", "tests", "data", "chapters", "index.ipynb", "pyproject.toml", "_config.yml", "_toc.yml")


@dataclass(frozen=True)
class Mutant:
    """One change to one function.

    Attributes
    ----------
    name : str
        Module and function, with a number.
    package : str
        The package that it is of.
    before, after : str
        The lines that differ, as they stand and as they are changed.
    """

    name: str
    package: str
    before: str
    after: str

    @property
    def function(self) -> str:
        """The function's module and name, without the number."""
        module, _, function = self.name.partition("__mutmut_")[0].rpartition(".")
        return f"{module}.{function.removeprefix('x_').replace('xǁ', '').replace('ǁ', '.')}"

    @property
    def lot(self) -> str:
        """What the sample is drawn by: the same for the same change, whatever changes elsewhere."""
        return hashlib.sha256(f"{self.function}\n{self.before}\n{self.after}".encode()).hexdigest()


def copy_project() -> None:
    """Copy what the tests need; a copy of before is taken away."""
    shutil.rmtree(COPY, ignore_errors=True)
    COPY.mkdir(parents=True)
    for name in NEEDED:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, COPY / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules", "_build"))
        else:
            shutil.copy2(source, COPY / name)


def mutate(package: str) -> Iterator[Mutant]:
    """Put every mutant of a package into the copy's source, dormant, and yield them."""
    from mutmut.mutation.file_mutation import mutate_file_contents

    for path in sorted((COPY / "src/surveybook" / package).glob("*.py")):
        mutated = mutate_file_contents(str(path), path.read_text(encoding="utf-8"))
        path.write_text(mutated.code, encoding="utf-8")
        lines = mutated.code.splitlines()
        spans = mutated.line_span_by_function_name
        for short in mutated.mutant_names:
            original = short.partition("__mutmut_")[0] + "__mutmut_orig"
            texts = [lines[spans[name].start - 1 : spans[name].end] for name in (original, short)]
            changed = [line for line in difflib.unified_diff(*texts, n=0) if "__mutmut_" not in line][2:]
            before, after = (" ".join(line[1:].strip() for line in changed if line[0] == sign) for sign in "-+")
            yield Mutant(f"surveybook.{package}.{path.stem}.{short}", package, before, after)
