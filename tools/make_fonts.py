"""Make the fonts that charts and the PDF are set in, from the Liberation fonts 2.1.5.

Run with ``python tools/make_fonts.py FOLDER``, where the folder holds the ``.ttf`` files of a release of
https://github.com/liberationfonts/liberation-fonts, such as Debian's package fonts-liberation2 brings. Their licence,
the SIL Open Font License, asks that a changed font has a name of its own; that is what makes them useful here: no
machine has a font of that name, so that nothing else is painted with.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

TARGET = Path(__file__).parents[1] / "src/surveybook/book/sphinx_ext/fonts"
FACES = ("Sans-Regular", "Sans-Bold", "Sans-Italic", "Serif-Regular", "Serif-Bold", "Mono-Regular")
# Latin with its accents, Greek and Cyrillic letters, punctuation, arrows, mathematical and geometric signs.
RANGES = ((0x20, 0x250), (0x300, 0x530), (0x1E00, 0x1F00), (0x2000, 0x2400), (0x25A0, 0x2600))
FAMILY, FULL, POSTSCRIPT, UNIQUE = 1, 4, 6, 3


def make_face(source: Path, face: str) -> None:
    """Write one face, without what only matters for screens of few pixels, under its new name."""
    font = TTFont(source / f"Liberation{face}.ttf", recalcTimestamp=False)
    options = subset.Options(hinting=False, name_IDs=["*"], notdef_outline=True)
    options.drop_tables += ["FFTM", "GlyphOrder"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in RANGES for code in range(first, last)])
    subsetter.subset(font)
    family, style = face.split("-")
    names = {
        FAMILY: f"Surveybook {family}",
        FULL: f"Surveybook {family} {style}",
        POSTSCRIPT: f"Surveybook{face}",
        UNIQUE: f"Surveybook {family} {style}, from Liberation {family} 2.1.5",
    }
    font["name"].names = [record for record in font["name"].names if record.nameID not in (7, 16, 17)]
    for record in font["name"].names:
        record.string = names.get(record.nameID, record.toUnicode())
    font.save(TARGET / f"Surveybook{face}.ttf")


if __name__ == "__main__":
    for each in FACES:
        make_face(Path(sys.argv[1]), each)
