"""Where things are: the only module that knows."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = ROOT / "chapters"
BUILD = ROOT / "_build"
BUILT_SITE = BUILD / "html"
LANDING_PAGE = ROOT / "index.ipynb"
CONFIG = ROOT / "_config.yml"
CONTENTS = ROOT / "_toc.yml"
CITATION = ROOT / "CITATION.cff"
CERTIFICATES = ROOT / "certificate"
CERTIFICATE_SCHEMA = CERTIFICATES / "schema.json"
CODECHECK = ROOT / "codecheck.yml"
DATA_VARIABLE = "WHYICT_DATA"


def data() -> Path:
    """Return the folder of the codebook and the waves.

    The environment variable ``WHYICT_DATA`` may name another one, so that a trial copy of the data runs
    through the same chapters as the real ones.
    """
    return Path(os.environ.get(DATA_VARIABLE) or ROOT / "data")


def codebook() -> Path:
    """Return the folder of the codebook."""
    return data() / "codebook"


def waves() -> Path:
    """Return the folder that holds one folder a wave."""
    return data() / "waves"


def shown(path: Path) -> str:
    """Return `path` as a person in the project's folder would type it."""
    try:
        return path.resolve().relative_to(ROOT).as_posix()
    except (ValueError, OSError, RuntimeError):
        return path.name if not path.is_absolute() else "/".join(path.parts[1:][-3:])


def chapters() -> list[Path]:
    """Return the notebooks of the book in reading order: the landing page, then the chapters."""
    return [LANDING_PAGE, *sorted(CHAPTERS.glob("[0-9]*.ipynb"))]


def pages() -> list[Path]:
    """Return the pages of the book that hold no code, such as the list of references."""
    return sorted(CHAPTERS.glob("[0-9]*.md"))


def edition_name(wave: str, baseline: str = "") -> str:
    """Return the name of an edition, as folders are called: its wave, and those that it is compared with."""
    return "-against-".join(filter(None, (wave, baseline.replace(" ", "").replace(",", "-"))))


def certificate(wave: str, baseline: str = "") -> Path:
    """Return where the certificate of an edition is kept."""
    return CERTIFICATES / edition_name(wave, baseline) / "certificate.json"


def verification(wave: str, baseline: str = "") -> Path:
    """Return the folder that the verification of an edition works in."""
    return BUILD / "verify" / edition_name(wave, baseline)
