"""Whether the locks hold packages by exact version and hash and nothing else: ``python tools/locking.py``.

`make` runs this file before anything is installed.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from surveybook.verify.lock import WANTED, find_lock_faults  # noqa: E402 - the package isn't installed yet

INCLUDED = re.compile(r"^-r +(?P<file>[\w.-]+)$", re.MULTILINE)
LARGEST_LOCK = 4_000_000


def check_lock_files(folder: Path) -> list[str]:
    """Return what is wrong with the locks in a project's folder, a sentence each with the name of the file."""
    found = []
    for wanted in sorted({folder / WANTED, *folder.glob("requirements*.in")}):
        lock = wanted.with_suffix(".txt")
        lacking = [path for path in (lock, wanted) if not path.is_file() or path.stat().st_size > LARGEST_LOCK]
        found += [f"{path.name} is {'far too large' if path.is_file() else 'missing'}" for path in lacking]
        if not lacking:
            locked, asked = (path.read_text(encoding="utf-8", errors="replace") for path in (lock, wanted))
            asked = INCLUDED.sub(lambda one: (folder / one["file"]).read_text(encoding="utf-8"), asked)
            found += [f"{lock.name}, {text}" for text in find_lock_faults(locked, asked, wanted.name)]
    return found


def main() -> int:
    """Check the locks of this project; say what is wrong and return 1 if anything is."""
    found = check_lock_files(ROOT)
    if found:
        print("The locks can't be trusted, and nothing was installed:", file=sys.stderr)
        print("\n".join(f"  {line}" for line in found), file=sys.stderr)
        print("Take requirements*.txt from version control, or make them anew with `make lock`.", file=sys.stderr)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
