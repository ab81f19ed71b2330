"""The one hash of files, bytes and plain values: SHA-256, in hexadecimal."""

import hashlib
import json
from pathlib import Path
from typing import Any


def hash_bytes(content: bytes) -> str:
    """Return the SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces: one of data may be larger than memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_object(content: Any) -> str:
    """Return the SHA-256 of what JSON can hold, whatever the order in which keys were written."""
    return hash_bytes(json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())
