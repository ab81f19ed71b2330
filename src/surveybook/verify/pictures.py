"""Whether two pictures in pixels are the same, though two machines painted them."""

import io
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
PIXELS, END = b"IDAT", b"IEND"
# The font comes with the program that paints, so that machines differ by how they round and nothing else. Of 255
# shades, a digit moved by a tenth of a pixel differs by more.
NEAR, SHADES = 8, 256


def chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the parts of a PNG file: the name and the content of each.

    Raises
    ------
    ValueError
        When it isn't a PNG file, is damaged, or goes on behind its end.
    """
    if not content.startswith(SIGNATURE):
        raise ValueError("it isn't a PNG")
    place, name = len(SIGNATURE), b""
    while name != END:
        length = int.from_bytes(content[place : place + 4], "big")
        name, data = content[place + 4 : place + 8], content[place + 8 : place + 8 + length]
        proof = content[place + 8 + length : place + 12 + length]
        if len(proof) != 4 or zlib.crc32(name + data) != int.from_bytes(proof, "big"):
            raise ValueError("it isn't a whole PNG")
        yield name, data
        place += 12 + length
    if place != len(content):
        raise ValueError("something stands behind the picture")


def same_picture(one: bytes, other: bytes) -> bool:
    """Return whether two PNG files show the same, but for how machines round shades, and hold nothing besides."""
    if one == other:
        return True
    try:
        parts = [[chunk for chunk in chunks(content) if chunk[0] != PIXELS] for content in (one, other)]
        return parts[0] == parts[1] and apart(one, other) <= NEAR
    except (OSError, ValueError, SyntaxError):
        return False


def apart(one: bytes, other: bytes) -> int:
    """Return by how many shades the two pixels differ that differ most; the pictures are of the same size."""
    from PIL import Image, ImageChops  # slow to load, and needed only where files differ

    pictures = [Image.open(io.BytesIO(content)).convert("RGBA") for content in (one, other)]
    counts = ImageChops.difference(*pictures).histogram()
    # One count a shade, for each of red, green, blue and opacity in turn.
    return max(place % SHADES for place, count in enumerate(counts) if count)
