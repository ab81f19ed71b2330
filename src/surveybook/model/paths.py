"""Where things are: the only module that knows.

The report that is worked on is the folder at or above the current one that holds a ``report.yml``, as git finds its
repository: the engine may be installed anywhere, and a chapter's kernel runs in a folder of its own.
"""

import os
from pathlib import Path

from surveybook.model.problems import SurveybookError

DATA_VARIABLE = "SURVEYBOOK_DATA"
# Set where that names a build's copy of the data of the report, which nobody knows by its place.
COPIED_VARIABLE = "SURVEYBOOK_COPIED"
# A file that a build leaves for its own tasks: the surveys of the edition, opened once for all chapters.
OPENED_VARIABLE = "SURVEYBOOK_OPENED"
OPENED_FILE = "opened.pickle"
# Below `root`.
REPORT_FILE = "report.yml"
CHAPTERS_FOLDER = "chapters"
LANDING_PAGE = "index.ipynb"
# What a page is called, behind its number, that tells what changed since another survey: 07-change.
CHANGE_PAGES = ("change", "changes")
CONFIG_FILE = "_config.yml"
CONTENTS_FILE = "_toc.yml"
CERTIFICATES_FOLDER = "certificate"
CODECHECK_FILE = "codecheck.yml"
# Below `data`.
PACKAGE_FILE = "datapackage.json"
# Below `build`: the site, and drawn charts by the hash of what each was made from.
SITE_FOLDER = "html"
DRAWN_FOLDER = ".charts"
# Below the folder that a book is laid out in: which edition it is, that it is for a site of several, its certificate,
# what lies beside its chapters, and its drawings.
EDITION_FILE = "_build/edition.json"
SEVERAL_MARK = "_build/told.json"
ISSUED_FILE = "_build/certificate.json"
EXTRAS_FOLDER = "_build/extras"
DRAWINGS_FOLDER = f"_build/{DRAWN_FOLDER}"


def root() -> Path:
    """Return the folder of the report that is worked on; raises what `find_root` does."""
    return Path(find_root())


def find_root() -> str:
    """Return the path of the folder of the report that is worked on.

    Raises
    ------
    SurveybookError
        When neither the current folder nor one above it holds a ``report.yml``.
    """
    # A large survey asks tens of thousands of times a build; pathlib would take several times as long.
    here = place = os.getcwd()
    while not os.path.isfile(os.path.join(place, REPORT_FILE)):
        place, last = os.path.dirname(place), place
        if place == last:
            break
    else:
        return place
    raise SurveybookError(
        f"There is no {REPORT_FILE} in {here} or above it; go to the folder of a report, and type it again."
    )


def build() -> Path:
    """Return the folder of everything that is made and not committed."""
    return root() / "_build"


def data() -> Path:
    """Return the folder of the codebook and the waves.

    The environment variable ``SURVEYBOOK_DATA`` may name another one, so that a trial copy of the data runs
    through the same chapters as the real ones.
    """
    return Path(os.environ.get(DATA_VARIABLE) or root() / "data").absolute()


def claims() -> Path:
    """Return the file of what a source report claims; a report that rests on none has no such file."""
    return data() / "claims.yml"


def waves() -> Path:
    """Return the folder that holds one folder a wave."""
    return data() / "waves"


def list_waves() -> list[str]:
    """Return the ids of the waves that there are, in alphabetical order."""
    return sorted(entry.parent.name for entry in waves().glob("*/wave.yml"))


def shown(path: Path) -> str:
    """Return `path` as a person in the project's folder would type it."""
    if os.environ.get(COPIED_VARIABLE) and path.is_relative_to(data()):
        return f"data/{path.relative_to(data()).as_posix()}"
    try:
        return path.resolve().relative_to(root()).as_posix()
    except (ValueError, OSError, RuntimeError, SurveybookError):
        return (path.name or str(path)) if not path.is_absolute() else "/".join(path.parts[1:][-3:])


def is_inside(path: Path, folder: Path) -> bool:
    """Return whether a path lies in a folder, wherever links lead; one that leads to itself leads nowhere else."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def chapters(*, change: bool = True) -> list[Path]:
    """Return the notebooks of the book in reading order: the landing page, then the chapters.

    Without `change` those of an edition that has no other survey to be set beside.
    """
    found = [root() / LANDING_PAGE, *sorted((root() / CHAPTERS_FOLDER).glob("[0-9]*.ipynb"))]
    return [path for path in found if change or not is_change_page(path.stem)]


def is_change_page(name: str) -> bool:
    """Return whether a page of that name tells what changed since another survey, as "07-change" does."""
    return name.rpartition("/")[2].lstrip("0123456789").removeprefix("-") in CHANGE_PAGES


def pages() -> list[Path]:
    """Return the pages of the book that hold no code, such as the list of references."""
    return sorted((root() / CHAPTERS_FOLDER).glob("[0-9]*.md"))


def find_chapter(name: str) -> Path:
    """Return a chapter by its path, its file name, or a part of it such as 'quality'.

    Raises
    ------
    SurveybookError
        When none or several fit; the message lists the chapters.
    """
    if Path(name).is_file():
        return Path(name).resolve()
    found = [path for path in chapters() if path.stem == name]
    found = found or [path for path in chapters() if name.removesuffix(".ipynb") in path.stem]
    if len(found) != 1:
        what = "Several chapters fit" if found else "There is no chapter"
        raise SurveybookError(f"{what} '{name}'. There are: {', '.join(path.stem for path in chapters())}.")
    return found[0]


def name_edition(wave: str, baseline: str = "") -> str:
    """Return the name of an edition, as folders are called: its wave, and those that it is compared with."""
    return "-against-".join(filter(None, (wave, baseline.replace(" ", "").replace(",", "-"))))


def certificate(wave: str, baseline: str = "") -> Path:
    """Return where the certificate of an edition is kept."""
    return root() / CERTIFICATES_FOLDER / name_edition(wave, baseline) / "certificate.json"
