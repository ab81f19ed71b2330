"""The manifest of a site: the SHA-256 of each of its files, by which a published copy is known for what it is."""

import json
import os
from pathlib import Path
from typing import Any

from surveybook.model.files import hash_file

MANIFEST = "manifest.json"
# What is no part of what readers get: how Sphinx was called, what other projects link to, records of a build.
LEFT_OUT = (MANIFEST, ".buildinfo", "objects.inv", ".edition.json")
ADDRESS_VARIABLE = "SURVEYBOOK_BASEURL"


def hash_site(site: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of a site by its path in it, in the order of the paths; links are no files."""
    files = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if not path.is_symlink()}
    return {
        name: hash_file(path) for name, path in sorted(files.items()) if path.is_file() and path.name not in LEFT_OUT
    }


def describe_site(site: Path, address: str) -> str:
    """Return the manifest of a site as text: where it was built for, and the hashes of its files."""
    content = {"address": address, "files": hash_site(site)}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def write_manifest(site: Path) -> None:
    """Write the manifest of a finished site into it."""
    address = os.environ.get(ADDRESS_VARIABLE, "").rstrip("/")
    (site / MANIFEST).write_text(describe_site(site, address), encoding="utf-8")


def read_manifest(site: Path) -> dict[str, Any] | None:
    """Return the manifest that a site offers; None where it has none that can be read."""
    try:
        read = json.loads((site / MANIFEST).read_text(encoding="utf-8"))
        return read if isinstance(read["address"], str) and isinstance(read["files"], dict) else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
