"""What a folder needs besides its report to be built on another machine: how to install and how to build."""

from collections.abc import Mapping
from pathlib import Path

import surveybook
from surveybook.model.problems import SurveybookError

# Respondents' answers stay private: only released aggregates are shared.
IGNORED = "_build/\n.venv/\n__pycache__/\n.ipynb_checkpoints/\ndata/waves/*/responses_*\n"
LOCK = "requirements.txt"
MAKEFILE = """\
# `make book` is all that is needed. The engine, surveybook, is on no package index: the first time, say where it is,
# as the folder of its repository or a wheel of it: make book ENGINE=/folder/of/surveybook
PYTHON ?= python3
ENGINE ?=
BIN := .venv/bin

.PHONY: book check
.DEFAULT_GOAL := book

book: .venv/.ready ## Run the chapters and build the site in _build/html
	@$(BIN)/surveybook build --output _build/html

check: .venv/.ready ## Check the data of the first wave
	@$(BIN)/surveybook wave check {wave}

.venv/.ready: requirements.txt
	@test -n "$(ENGINE)" || {{ echo "Say where the engine is: make book ENGINE=/folder/of/surveybook"; exit 1; }}
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {{ echo "Use Python 3.11 or later"; exit 1; }}
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps "$(ENGINE)"
	@touch $@

requirements.txt:
	@test -n "$(ENGINE)" || {{ echo "Say where the engine is: make book ENGINE=/folder/of/surveybook"; exit 1; }}
	@cp "$(ENGINE)/requirements.txt" $@
"""
README = """\
# {title}

A living report, drafted from {source}; its chapters are notebooks to edit.

```
make check ENGINE=/folder/of/surveybook
make book
```

The first command installs into `.venv` what `requirements.txt` names and the engine, from the folder of its
repository (or a wheel): it is on no package index. Where `surveybook` is installed already, `surveybook wave check
{wave}` and `surveybook build` do the same without `make`.
"""
# Said where there is such a file.
PRIVATE_FILE = """
The file of respondents in `data/waves/{wave}` is private, and git ignores it. `surveybook wave check {wave} --release`
writes the figures that may be shown beside it; with these the report builds where the file isn't.
"""


def write_folder(title: str, wave: str, *, published: bool = False) -> dict[str, str]:
    """Return the files, by name, with which somebody else builds a report; of published shares or of respondents."""
    source = "published shares" if published else "a file of respondents"
    made = {
        ".gitignore": IGNORED,
        "Makefile": MAKEFILE.format(wave=wave),
        "README.md": README.format(title=title, wave=wave, source=source)
        + ("" if published else PRIVATE_FILE.format(wave=wave)),
    }
    lock = find_lock()
    return made | ({LOCK: lock.read_text(encoding="utf-8")} if lock else {})


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds anything.

    Raises
    ------
    SurveybookError
        With what to do.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SurveybookError(f"{folder} is there already and isn't an empty folder; name another.")


def write_files(folder: Path, texts: Mapping[str, str]) -> list[Path]:
    """Write texts under their names into a folder, and return the files."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


def find_lock() -> Path | None:
    """Return the lock of what the engine needs; None where it was installed without its repository."""
    lock = Path(surveybook.__file__).parents[2] / LOCK
    return lock if lock.is_file() and (lock.parent / "pyproject.toml").is_file() else None
