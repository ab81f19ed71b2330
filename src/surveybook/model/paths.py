"""Where things are: the only module that knows.

The report that is worked on is the folder at or above the current one that holds a ``report.yml``, as git finds its
repository: the engine may be installed anywhere, and a chapter's kernel runs in a folder of its own.
"""

import os
from functools import lru_cache
from pathlib import Path

from surveybook.model.problems import SurveybookError

REPORT_FILE = "report.yml"
DATA_VARIABLE = "SURVEYBOOK_DATA"


def root() -> Path:
    """Return the folder of the report that is worked on.

    Raises
    ------
    SurveybookError
        When neither the current folder nor one above it holds a ``report.yml``.
    """
    return _root_above(Path.cwd())


@lru_cache(maxsize=64)
def _root_above(folder: Path) -> Path:
    """Return the nearest folder at or above one that holds a report."""
    for place in (folder, *folder.parents):
        if (place / REPORT_FILE).is_file():
            return place
    raise SurveybookError(
        f"There is no {REPORT_FILE} in {folder} or above it; go to the folder of a report, and type it again."
    )


def report() -> Path:
    """Return the file of the report's settings."""
    return root() / REPORT_FILE


def chapters_folder() -> Path:
    """Return the folder of the chapters."""
    return root() / "chapters"


def build() -> Path:
    """Return the folder of everything that is made and not committed."""
    return root() / "_build"


def built_site() -> Path:
    """Return where a build leaves the site."""
    return build() / "html"


def charts_kept() -> Path:
    """Return where drawn charts are kept, by the hash of what each was made from."""
    return build() / ".charts"


def landing_page() -> Path:
    """Return the notebook of the landing page."""
    return root() / "index.ipynb"


def config() -> Path:
    """Return the settings of Jupyter Book."""
    return root() / "_config.yml"


def contents() -> Path:
    """Return the table of contents of Jupyter Book."""
    return root() / "_toc.yml"


def citation() -> Path:
    """Return the file that says how to cite the report's repository."""
    return root() / "CITATION.cff"


def certificates() -> Path:
    """Return the folder of the certificates that are committed."""
    return root() / "certificate"


def codecheck() -> Path:
    """Return the manifest of what a reviewer reproduces."""
    return root() / "codecheck.yml"


def data() -> Path:
    """Return the folder of the codebook and the waves.

    The environment variable ``SURVEYBOOK_DATA`` may name another one, so that a trial copy of the data runs
    through the same chapters as the real ones.
    """
    return Path(os.environ.get(DATA_VARIABLE) or root() / "data").absolute()


def codebook() -> Path:
    """Return the folder of the codebook."""
    return data() / "codebook"


def waves() -> Path:
    """Return the folder that holds one folder a wave."""
    return data() / "waves"


def shown(path: Path) -> str:
    """Return `path` as a person in the project's folder would type it."""
    try:
        return path.resolve().relative_to(root()).as_posix()
    except (ValueError, OSError, RuntimeError):
        return path.name if not path.is_absolute() else "/".join(path.parts[1:][-3:])


def chapters() -> list[Path]:
    """Return the notebooks of the book in reading order: the landing page, then the chapters."""
    return [landing_page(), *sorted(chapters_folder().glob("[0-9]*.ipynb"))]


def pages() -> list[Path]:
    """Return the pages of the book that hold no code, such as the list of references."""
    return sorted(chapters_folder().glob("[0-9]*.md"))


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


def edition_name(wave: str, baseline: str = "") -> str:
    """Return the name of an edition, as folders are called: its wave, and those that it is compared with."""
    return "-against-".join(filter(None, (wave, baseline.replace(" ", "").replace(",", "-"))))


def certificate(wave: str, baseline: str = "") -> Path:
    """Return where the certificate of an edition is kept."""
    return certificates() / edition_name(wave, baseline) / "certificate.json"


def verification(wave: str, baseline: str = "") -> Path:
    """Return the folder that the verification of an edition works in."""
    return build() / "verify" / edition_name(wave, baseline)
