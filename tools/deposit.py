"""What a release deposits of an edition: ``python -m tools.deposit WAVE``, as `make deposit` runs it.

The site in one archive, the PDF, the certificate and its ``codecheck.yml``, with the SHA-256 of each. Two deposits of
one commit hold the same bytes.
"""

import shutil
import sys
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from surveybook.book.publishing import RECORD
from surveybook.book.site import commit_time
from surveybook.model import paths
from surveybook.model.files import hash_file
from surveybook.model.problems import SurveybookError
from surveybook.model.report import read_report

SUMS = "SHA256SUMS"
EARLIEST = 315532800  # 1980-01-01: what zip archives count from


def zip_folder(folder: Path, destination: Path, moment: int) -> None:
    """Write a folder into an archive whose bytes depend on nothing but the files and a moment.

    Parameters
    ----------
    folder : Path
        What goes in, under its own name.
    destination : Path
        The archive.
    moment : int
        The time that every file is given, in seconds since 1970.
    """
    when = datetime.fromtimestamp(max(moment, EARLIEST), UTC).timetuple()[:6]
    with zipfile.ZipFile(destination, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != RECORD):
            entry = zipfile.ZipInfo(f"{destination.stem}/{path.relative_to(folder).as_posix()}", when)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())


def pieces(wave: str) -> dict[str, tuple[Path, str]]:
    """Return what a deposit of a wave's edition is made of: by name, where it is and the command that makes it."""
    name = read_report().file_name
    return {
        f"{name}-{wave}-site.zip": (paths.build() / paths.SITE_FOLDER, "make book"),
        f"{name}-{wave}.pdf": (paths.build() / f"{name}.pdf", "make pdf"),
        "certificate.json": (paths.certificate(wave), "make certificate"),
        "codecheck.yml": (paths.root() / paths.CODECHECK_FILE, "make certificate"),
        "CITATION.cff": (paths.root() / "CITATION.cff", "git"),
    }


def collect(found: Mapping[str, tuple[Path, str]], destination: Path, moment: int) -> list[Path]:
    """Put a deposit together and return its files, the list of hashes last.

    Raises
    ------
    SurveybookError
        When pieces are missing: all of them are named, with what makes them. Nothing is written then.
    """
    missing = [f"{paths.shown(path)} (made by: {how})" for path, how in found.values() if not path.exists()]
    if missing:
        raise SurveybookError("A deposit lacks " + ", ".join(missing) + ".")
    shutil.rmtree(destination, ignore_errors=True)
    destination.mkdir(parents=True)
    files = [destination / name for name in found]
    for file, (path, _) in zip(files, found.values(), strict=True):
        if path.is_dir():
            zip_folder(path, file, moment)
        else:
            shutil.copyfile(path, file)
    sums = destination / SUMS
    lines = [f"{hash_file(file)}  {file.name}\n" for file in files]
    sums.write_text("".join(lines), encoding="utf-8")
    return [*files, sums]


def main(wave: str) -> None:
    """Put the deposit of one wave's edition together, and list it."""
    try:
        for file in collect(pieces(wave), paths.build() / "deposit", int(commit_time() or 0)):
            print(paths.shown(file))
    except SurveybookError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else read_report().default_wave)
