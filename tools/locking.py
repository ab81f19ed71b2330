"""Whether the locks hold packages by exact version and hash and nothing else: ``python tools/locking.py``.

`make` runs this file before anything is installed.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from surveybook.verify.lock import check_lock_files  # noqa: E402 - the package isn't installed yet


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
