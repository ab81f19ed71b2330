"""What a lock may hold: packages by exact version and hash, and nothing else.

`make` runs this file before anything is installed, so that it uses the standard library alone. What pip itself
doesn't mind is refused: an address to install from, another index, an option, a package that nobody asked for.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = re.compile(
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(\[[\w,-]+\])?==(?P<version>[A-Za-z0-9.!+_-]+)"
    r"(?P<marker>\s*;\s*[^#\\@/]+?)?(?P<hashes>(\s+--hash=\S+)*)\s*"
)
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
ADVICE = "take requirements.txt from version control, or make it anew with `make lock`"
WANTED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def canonical(name: str) -> str:
    """Return a package's name as the index writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def entries(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Yield each entry of a lock: its row, the entry on one line, and what it says that it is there for."""
    row, entry, reasons = 0, "", []
    for number, line in enumerate([*text.splitlines(), "end"], start=1):
        bare = line.strip()
        if bare.startswith("#"):
            reasons += [part for part in bare.lstrip("# ").removeprefix("via").split() if part]
        elif bare and (line[:1].isspace() or entry.endswith("\\")):
            entry = entry.removesuffix("\\") + " " + bare
        elif bare or number > 1:
            if entry:
                yield row, entry.removesuffix("\\").strip(), reasons
            row, entry, reasons = number, "" if line == "end" else bare, []


def problems_of(lock: str, wanted: str) -> list[str]:
    """Return what a lock holds that it shouldn't, a sentence each.

    Parameters
    ----------
    lock, wanted : str
        The contents of ``requirements.txt`` and of ``requirements.in``.

    Returns
    -------
    list of str
        With the row of each; empty when all is in order.
    """
    found: list[str] = []
    direct = {canonical(match[0]) for line in wanted.splitlines() if (match := WANTED.match(line))}
    reasons: dict[str, tuple[int, set[str]]] = {}
    everywhere: set[str] = set()  # packages that one entry names for every Python and system
    for row, entry, why in entries(lock):
        match = PACKAGE.fullmatch(entry)
        hashes = match["hashes"].split() if match else []
        if not match:
            found.append(f"row {row}: '{entry[:60]}' isn't a package with its exact version and hashes")
        elif not hashes:
            found.append(f"row {row}: {match['name']} has no hash, so that any file would do")
        elif any(not HASH.fullmatch(one) for one in hashes):
            found.append(f"row {row}: a hash of {match['name']} isn't a SHA-256")
        elif (name := canonical(match["name"])) in everywhere or (name in reasons and not match["marker"]):
            found.append(f"row {row}: {name} is there twice")
        else:
            everywhere |= set() if match["marker"] else {name}
            reasons[name] = row, {canonical(one) for one in why}
    for name, (row, reason) in reasons.items():
        if name not in direct and not reason.intersection(reasons):
            found.append(f"row {row}: nothing in requirements.in asks for {name}")
    found += [f"{name} is asked for in requirements.in and isn't there" for name in sorted(direct - set(reasons))]
    return found


def check_lock(folder: Path) -> list[str]:
    """Return what is wrong with the lock of a project's folder, a sentence each."""
    texts = []
    for name in ("requirements.txt", "requirements.in"):
        path = folder / name
        if not path.is_file() or path.stat().st_size > 2_000_000:
            return [f"{name} {'is far too large' if path.is_file() else 'is missing'}"]
        texts.append(path.read_text(encoding="utf-8", errors="replace"))
    return problems_of(*texts)


def main() -> int:
    """Check the lock beside which this project lies; say what is wrong and return 1 if anything is."""
    found = check_lock(Path(__file__).resolve().parents[1])
    if found:
        print("requirements.txt can't be trusted, and nothing was installed:", file=sys.stderr)
        print("\n".join(f"  {line}" for line in found) + f"\n{ADVICE[0].upper()}{ADVICE[1:]}.", file=sys.stderr)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
