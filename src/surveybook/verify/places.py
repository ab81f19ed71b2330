"""Which figures of the survey a place in a page shows: those of the chart, the table or the glued text there."""

import re

from surveybook.verify.expected import Expected

# From where a chart or table begins to where its downloads end.
SHOWN = re.compile(
    r'<(?:figure|div) class="(?:chart|data-table)" id="(?P<kind>fig|tab)-(?P<name>[^"]+)".*?'
    r'<details class="chart-more">.*?</details>',
    re.DOTALL,
)
PASTED = re.compile(r'<span class="pasted-text">.*?</span>', re.DOTALL)


def figures_at(page: str, place: int, chapter: Expected) -> tuple[str, ...]:
    """Return the ids of the figures behind what stands at a place of a page; none where nothing of the survey does.

    Parameters
    ----------
    page : str
        The page as it was built.
    place : int
        How many characters stand before it.
    chapter : Expected
        What the page has to show.
    """
    for found in SHOWN.finditer(page):
        if found.start() <= place <= found.end():
            shown = (chapter.charts if found["kind"] == "fig" else chapter.tables).get(found["name"])
            return shown.figures if shown else ()
    for number, found in enumerate(PASTED.finditer(page)):
        if found.start() <= place <= found.end():
            return chapter.pasted[number].figures if number < len(chapter.pasted) else ()
    return ()
