"""Sites of several editions: which there are, and what the pages of one say of the others."""

import json
from collections.abc import Iterable
from pathlib import Path

from surveybook.book.making import told_of
from surveybook.book.plans import in_order
from surveybook.book.publishing import EDITIONS as EDITIONS
from surveybook.book.publishing import SHARED as PUBLISHED_ONCE
from surveybook.book.stamping import Several
from surveybook.model.problems import SurveybookError
from surveybook.verify.pages import first_unlike
from surveybook.verify.record import Fault

SEVERAL = "editions.json"
# Of these, one edition's site has one of its own, and a site of several has one for all.
SHARED = ("explorer.html", "search.html", "searchindex.js")
OF_ALL = (*PUBLISHED_ONCE, SEVERAL, "_static/editions-index.js")


def read_several(path: Path, pages: Iterable[str]) -> tuple[Several | None, list[Fault]]:
    """Return the editions of a site as the data know them, and where its own list says something else.

    Parameters
    ----------
    path : Path
        The list, ``editions.json``.
    pages : iterable of str
        The pages that each edition has.
    """
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))
        baselines = {str(one["wave"]): str(one.get("baseline") or "") for one in listed["editions"]}
        waves = in_order(list(baselines))[::-1]  # the latest first
        if not waves:
            raise ValueError("it lists none")
        told = {wave: told_of(wave, baselines[wave]) for wave in waves}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return None, [Fault(f"it can't be read ({error})", SEVERAL)]
    except SurveybookError as error:
        return None, [Fault(f"it lists an edition that the data don't give: {error}", SEVERAL)]
    several = Several(waves[0], told, set(pages))
    expected = several.described()
    return several, [] if listed == expected else [Fault(first_unlike(listed, expected), SEVERAL)]
