"""The whole book as one tagged PDF, from the single page that Sphinx makes of the executed chapters.

Run with ``python -m surveybook.book.pdf``; ``make pdf`` does.
"""

import base64
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
from html import escape, unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from bs4 import BeautifulSoup, Tag

from surveybook.book.chapters import execute_all
from surveybook.book.site import commit_time, describe, lay_out
from surveybook.model import paths
from surveybook.model.problems import SurveybookError
from surveybook.model.report import read_report
from surveybook.model.survey import Survey
from surveybook.waves import open_wave

STYLE = Path(__file__).with_name("pdf.css")
VARIANT = "pdf/ua-1"
DRAWING = re.compile(r'<svg role="img" aria-label="([^"]*)" (.*?)</svg>', re.DOTALL)
FORMULA = re.compile(r"<math ([^>]*)>.*?</math>", re.DOTALL)
SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)"')
NUMBERED = re.compile(r"id\d+")
LONG_ID = re.compile(r"\S*_\S*_\S*|\S+_\S{8,}")
# What a page on a screen needs and a printed one doesn't.
LEFT_OUT = (
    "header, footer, script, meta[http-equiv], nav, .skip, .without-script, .chart-tools, .chart-more, .chart-data, "
    ".code, .table-filter, .scale, .statement-claims, .folded, .table-rows > summary"
)
LONGEST_UNBROKEN = 5
# The site lets charts grow to the width of its text; paper shows them at this part of that.
CHART_SCALE = 0.72
PRINT_FLAG = 4


def image(svg: str, alternative: str, kind: str, extra: str = "") -> str:
    """Return a drawing as an image element, which keeps its vectors and carries an alternative."""
    source = base64.b64encode(svg.encode()).decode()
    return f'<img class="{kind}" {extra} alt="{escape(alternative)}" src="data:image/svg+xml;base64,{source}">'


def as_image(found: re.Match[str]) -> str:
    """Return a chart of the page as an image."""
    alternative, rest = found.groups()
    size = SIZE.search(rest)
    extra = f'style="width: {CHART_SCALE * float(size[1]):.0f}px"' if size else ""
    return image(f"<svg {rest}</svg>", unescape(alternative), "picture", extra)


def as_formula(found: re.Match[str]) -> str:
    """Return a formula as an image; its source is the alternative."""
    import ziamath  # only here: the rest of the package has no use for it

    ziamath.config.svg2 = False
    tex = re.search(r'alttext="([^"]*)"', found[1])
    source = unescape(tex[1]) if tex else ""
    block = 'display="block"' in found[1]
    drawn = ziamath.Latex(source, size=13 if block else 12, inline=not block)
    shift = "" if block else f'style="vertical-align: {drawn.getyofst():.2f}px"'
    return image(drawn.svg(), f"Formula: {source}", "formula-image", shift)


def prepared(page: str, edition: dict[str, str], citation: str) -> str:
    """Return the single page as it is printed: a title page, contents, and images with alternatives.

    Parameters
    ----------
    page : str
        What Sphinx's ``singlehtml`` made.
    edition : dict
        Name and fieldwork of the edition.
    citation : str
        How to cite it.
    """
    soup = BeautifulSoup(FORMULA.sub(as_formula, DRAWING.sub(as_image, page)), "html.parser")
    for one in soup.select(LEFT_OUT):
        one.decompose()
    for folded in soup.select("details.table-rows"):
        # Nothing opens on paper: the rows stand under their caption, which says what the heading left out above did.
        del _required(folded, "caption")["class"]
        folded.unwrap()
    for link in soup.select("head link"):
        # What the site prints at the foot of a sheet is at the head of these pages.
        if "stylesheet" not in (link.get("rel") or []) or link.get("media") == "print":
            link.decompose()
    for link in soup.select("a"):
        # A link whose text is partly in an element of its own loses its place in the tags.
        if not link.find("img"):
            link.string = link.get_text()
        # The single page holds all chapters: what follows the last "#" is enough. With the page's own name before it,
        # it would lead to a file of the machine that made it.
        address = str(link.get("href", ""))
        if address.startswith(("#document-", "index.html#")):
            link["href"] = "#" + address.rpartition("#")[2]
        elif address and not address.startswith(("#", "https:", "http:", "mailto:")):
            # Files that lie beside the page, such as the workbook, don't come with the PDF.
            del link["href"]
    for one in soup.find_all(id=NUMBERED):
        # Every chapter counts its own from one; links lead to those of the works cited.
        if "citation" not in (one.get("class") or []):
            del one["id"]
    for part in soup.select("dl.finding-figures, dl.finding-figures dt, dl.finding-figures dd"):
        # Pairs that stand in groups would be tagged as items without a list.
        part.name = "div"
    for table in soup.select("table"):
        _plain_rows(table)
        _breakable(soup, table)
    style = soup.new_tag("style")
    style.string = STYLE.read_text(encoding="utf-8")
    _required(soup, "head").append(style)
    title = _required(soup, "article h1").get_text().rstrip("#").strip()
    _required(soup, "title").string = f"{title}, {edition['name']}"
    front = front_page(title, edition, citation) + contents(soup)
    article = _required(soup, "article")
    article.insert(0, BeautifulSoup(front, "html.parser"))
    return str(soup)


def _required(soup: Tag, name: str) -> Tag:
    found = soup.select_one(name)
    if found is None:
        raise SurveybookError(f"The single page has no <{name}>. Build it again with the book's own theme.")
    return found


def _plain_rows(table: Tag) -> None:
    """Make the heads of rows plain cells where they could outnumber the data.

    A table that goes over to the next page is tagged there as one of its own, with its columns' heads; with a single
    row left, more cells would be heads than data.
    """
    if len(table.select("tbody tr")) > LONGEST_UNBROKEN or len(table.find_all("th")) > len(table.find_all("td")):
        for head in table.select("tbody th"):
            head.name = "td"


def _breakable(soup: BeautifulSoup, table: Tag) -> None:
    """Let the ids in a table go over to the next line after a hyphen or an underscore, or they would leave the page."""
    for text in table.find_all(string=LONG_ID):
        parts = re.split(r"(?<=[_.])", str(text))
        for part in parts[:-1]:
            text.insert_before(part, soup.new_tag("wbr"))
        text.replace_with(parts[-1])


def front_page(title: str, edition: dict[str, str], citation: str) -> str:
    """Return the title page."""
    made_up = (
        "<p><strong>Made-up data. No figure here comes from a survey.</strong></p>" if edition.get("synthetic") else ""
    )
    return (
        f'<div class="front"><h1 class="front-title">{escape(title)}</h1>'
        f'<p class="front-edition">{escape(edition["name"])}</p>'
        f"<p>Fieldwork: {escape(edition['fieldwork'])}</p>{made_up}"
        f'<p class="front-cite">{escape(citation)}</p></div>'
    )


def contents(soup: BeautifulSoup) -> str:
    """Return the list of chapters with the pages that they begin on."""
    entries = []
    for section in soup.select(
        ".toctree-wrapper > section, .toctree-wrapper > div > section, .toctree-wrapper > span + section"
    ):
        heading = section.find(["h1", "h2"])
        if heading and section.get("id"):
            text = heading.get_text().rstrip("#").strip()
            entries.append(f'<li><a href="#{section["id"]}">{escape(text)}</a></li>')
    return f'<div class="book-contents"><h2>Contents</h2><ul>{"".join(entries)}</ul></div>'


def rendered(page: str, folder: Path) -> bytes:
    """Return the page as PDF, with what the checker of accessible PDF files asks for."""
    try:
        from weasyprint import HTML  # type: ignore[import-untyped]
    except OSError as problem:
        raise SurveybookError(
            f"The PDF needs Pango, which isn't installed here ({problem}). On Debian or Ubuntu: "
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        ) from problem
    # It tells of each property for screens that it leaves out.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    made = HTML(string=page, base_url=f"{folder.as_uri()}/").write_pdf(pdf_variant=VARIANT)
    return finished(made)


def finished(made: bytes) -> bytes:
    """Return the PDF with a scope on each head of a table and with links that print."""
    with pikepdf.open(BytesIO(made)) as pdf:
        for one in pdf.objects:
            if not isinstance(one, pikepdf.Dictionary):
                continue
            if one.get("/S") == "/TH":
                scope = "/Row" if _in_body(one) else "/Column"
                one["/A"] = pikepdf.Dictionary(O=pikepdf.Name("/Table"), Scope=pikepdf.Name(scope))
            elif one.get("/Type") == "/Annot" and "/F" not in one:
                one["/F"] = PRINT_FLAG
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _in_body(head: pikepdf.Dictionary) -> bool:
    """Return whether a head stands in a row with data: such a head is its row's."""
    row = head.get("/P")
    cells: Any = [] if row is None else row.get("/K", [])
    kinds = [cell.get("/S") for cell in cells if isinstance(cell, pikepdf.Dictionary)]
    return "/TD" in kinds


def build_single_page(stage: Path) -> Path:
    """Build a laid-out book as one page and return its folder.

    Raises
    ------
    SurveybookError
        When the build fails.
    """
    charts = stage / "_build/.charts"
    if not charts.exists():
        paths.charts_kept().mkdir(parents=True, exist_ok=True)
        charts.symlink_to(paths.charts_kept(), target_is_directory=True)
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(stage)]
    run = subprocess.run(
        [*command, "--builder", "custom", "--custom-builder", "singlehtml", "--quiet"],
        cwd=paths.root(), env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if run.returncode:
        raise SurveybookError(f"The single page could not be built:\n{(run.stdout + run.stderr)[-2000:]}")
    return stage / "_build/singlehtml"


def environment() -> dict[str, str]:
    """Return the environment with the time of the commit, so that the file is the same each time."""
    moment = os.environ.get("SOURCE_DATE_EPOCH") or commit_time() or "0"
    os.environ["SOURCE_DATE_EPOCH"] = moment
    return {**os.environ}


def build_pdf(wave: str, destination: Path, stage: Path | None = None) -> Path:
    """Make the PDF of one wave's edition and return its path.

    Parameters
    ----------
    wave : str
        The wave.
    destination : pathlib.Path
        The file.
    stage : pathlib.Path, optional
        A book that is laid out already, with executed chapters; otherwise they are executed.
    """
    survey = open_wave(wave)
    with tempfile.TemporaryDirectory() as name:
        folder = build_single_page(stage or executed(survey, Path(name)))
        page = (folder / "index.html").read_text(encoding="utf-8")
        cited = re.search(r"<p[^>]*>(?:<a [^>]*>How to cite</a>: |Cite as: )(.*?)</p>", page)
        text = prepared(page, describe(survey), unescape(cited[1]) if cited else "")
        destination.parent.mkdir(parents=True, exist_ok=True)
        destination.write_bytes(rendered(text, folder))
    return destination


def executed(survey: Survey, stage: Path) -> Path:
    """Return a folder with the executed chapters of a wave, laid out as a book."""
    if failures := execute_all(survey.wave, stage):
        raise SurveybookError("These chapters did not run through:\n" + "\n".join(failures))
    lay_out(survey, stage)
    shutil.rmtree(stage / "_build/singlehtml", ignore_errors=True)
    return stage


if __name__ == "__main__":
    chosen = sys.argv[1] if len(sys.argv) > 1 else read_report().default_wave
    print(f"The PDF is {paths.shown(build_pdf(chosen, paths.build() / f'{read_report().file_name}.pdf'))}.")
