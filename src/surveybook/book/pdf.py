"""The whole book as one tagged PDF, from the single page that Sphinx makes of the executed chapters."""

import base64
import logging
import os
import re
import tempfile
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from bs4 import BeautifulSoup, Tag

from surveybook.book.editions import execute_edition
from surveybook.book.plans import choose_baseline
from surveybook.book.site import build_pages, commit_time, lay_out
from surveybook.book.sphinx_ext.settings import read_edition, render_part
from surveybook.exhibits import palette
from surveybook.model.files import write_whole
from surveybook.model.problems import SurveybookError

STYLE = Path(__file__).with_name("pdf.css")
# No machine has them but for this package, so that what else is installed makes no difference.
FONTS, FONT = Path(__file__).parent / "sphinx_ext/fonts", "Surveybook Sans"
VARIANT = "pdf/ua-1"
DRAWING = re.compile(r'<svg role="img" aria-label="([^"]*)" (.*?)</svg>', re.DOTALL)
FORMULA = re.compile(r"<math ([^>]*)>.*?</math>", re.DOTALL)
SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)"')
NUMBERED = re.compile(r"id\d+")
LONG_ID = re.compile(r"\S*_\S*_\S*|\S+_\S{8,}")
# What a page on a screen needs and a printed one doesn't.
LEFT_OUT = (
    "header, footer, script, meta[http-equiv], nav, .skip, .without-script, .chart-tools, .chart-files, .chart-data, "
    ".code, .table-filter, .scale, .statement-claims, .claims-filter, .claim-why, .folded, .table-rows > summary"
)
CHAPTERS = ".toctree-wrapper > section, .toctree-wrapper > div > section, .toctree-wrapper > span + section"
LONGEST_UNBROKEN = 5
# The site lets charts grow to the width of its text; paper shows them at this part of that.
CHART_SCALE = 0.72
PRINT_FLAG = 4


def embed_image(svg: str, alternative: str, kind: str, style: str = "") -> str:
    """Return a drawing as an image element, which keeps its vectors and carries an alternative."""
    source = base64.b64encode(svg.encode()).decode()
    return render_part("image.html", kind=kind, style=style, alternative=alternative, source=source)


def embed_chart(found: re.Match[str]) -> str:
    """Return a chart of the page as an image, its letters in the font that it was measured with."""
    alternative, rest = found.groups()
    size = SIZE.search(rest)
    style = f"width: {CHART_SCALE * float(size[1]):.0f}px" if size else ""
    return embed_image(f"<svg {rest}</svg>".replace(palette.FONT, FONT), unescape(alternative), "picture", style)


def embed_formula(found: re.Match[str]) -> str:
    """Return a formula as an image; its source is the alternative."""
    import ziamath  # only here: the rest of the package has no use for it

    ziamath.config.svg2 = False
    tex = re.search(r'alttext="([^"]*)"', found[1])
    source = unescape(tex[1]) if tex else ""
    block = 'display="block"' in found[1]
    drawn = ziamath.Latex(source, size=13 if block else 12, inline=not block)
    style = "" if block else f"vertical-align: {drawn.getyofst():.2f}px"
    return embed_image(drawn.svg(), f"Formula: {source}", "formula-image", style)


def prepare_page(page: str, edition: dict[str, str], citation: str) -> str:
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
    soup = BeautifulSoup(FORMULA.sub(embed_formula, DRAWING.sub(embed_chart, page)), "html.parser")
    for one in soup.select(LEFT_OUT):
        one.decompose()
    for folded in soup.select("details.table-rows"):
        # Nothing opens on paper: the rows stand under their caption, which says what the heading left out above did.
        del select_required(folded, "caption")["class"]
        folded.unwrap()
    for link in soup.select("head link:not([rel~=stylesheet])"):
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
        fit_table(soup, table)
    style = soup.new_tag("style")
    style.string = STYLE.read_text(encoding="utf-8").replace("url(fonts/", f"url({FONTS.as_uri()}/")
    select_required(soup, "head").append(style)
    title = select_required(soup, "article h1").get_text().rstrip("#").strip()
    select_required(soup, "title").string = f"{title}, {edition['name']}"
    headed = [(section.get("id"), section.find(["h1", "h2"])) for section in soup.select(CHAPTERS)]
    chapters = [(name, heading.get_text().rstrip("#").strip()) for name, heading in headed if name and heading]
    front = render_part("front.html", title=title, edition=edition, citation=citation, contents=chapters)
    select_required(soup, "article").insert(0, BeautifulSoup(front, "html.parser"))
    return str(soup)


def select_required(soup: Tag, name: str) -> Tag:
    """Return the first element that a selector finds; `SurveybookError` where there is none."""
    found = soup.select_one(name)
    if found is None:
        raise SurveybookError(f"The single page has no <{name}>. Build it again with the book's own theme.")
    return found


def fit_table(soup: BeautifulSoup, table: Tag) -> None:
    """Make a table fit sheets of paper.

    Heads of rows become plain cells where they could outnumber the data: a table that goes over to the next page is
    tagged there as one of its own, with its columns' heads, and with a single row left more cells would be heads than
    data. Ids go over to the next line after a hyphen or an underscore, or they would leave the page.
    """
    if len(table.select("tbody tr")) > LONGEST_UNBROKEN or len(table.find_all("th")) > len(table.find_all("td")):
        for head in table.select("tbody th"):
            head.name = "td"
    for text in table.find_all(string=LONG_ID):
        parts = re.split(r"(?<=[_.])", str(text))
        for part in parts[:-1]:
            text.insert_before(part, soup.new_tag("wbr"))
        text.replace_with(parts[-1])


def render_pdf(page: str, folder: Path) -> bytes:
    """Return the page as PDF, with a scope on each head of a table and links that print, as its checkers ask."""
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
    with pikepdf.open(BytesIO(made)) as pdf:
        for one in pdf.objects:
            if not isinstance(one, pikepdf.Dictionary):
                continue
            if one.get("/S") == "/TH":
                row: Any = one.get("/P")
                cells: Any = [] if row is None else row.get("/K", [])
                kinds = [cell.get("/S") for cell in cells if isinstance(cell, pikepdf.Dictionary)]
                # A head in a row with data is the row's.
                scope = pikepdf.Name("/Row" if "/TD" in kinds else "/Column")
                one["/A"] = pikepdf.Dictionary(O=pikepdf.Name("/Table"), Scope=scope)
            elif one.get("/Type") == "/Annot" and "/F" not in one:
                one["/F"] = PRINT_FLAG
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def build_pdf(wave: str, destination: Path, stage: Path | None = None) -> Path:
    """Make the PDF of one wave's edition, compared with what ``wave.yml`` names, and return its path.

    Parameters
    ----------
    wave : str
        The wave.
    destination : pathlib.Path
        The file.
    stage : pathlib.Path, optional
        A book that is laid out already, with executed chapters; otherwise those that aren't kept are executed.

    Raises
    ------
    SurveybookError
        When a chapter doesn't run through, or the pages can't be built.
    """
    baseline = choose_baseline(wave)
    # What draws the pages reads it too, so that the file is the same each time.
    os.environ.setdefault("SOURCE_DATE_EPOCH", commit_time() or "0")
    with tempfile.TemporaryDirectory() as name:
        book = stage or Path(name)
        if stage is None:
            for chapter, path in execute_edition(wave, baseline).items():
                write_whole(book / chapter, path.read_bytes())
            lay_out(wave, baseline, book)
        folder = build_pages(book, strict=False, builder="singlehtml")
        page = (folder / "index.html").read_text(encoding="utf-8")
        cited = re.search(r"<p[^>]*>(?:<a [^>]*>How to cite</a>: |Cite as: )(.*?)</p>", page)
        text = prepare_page(page, read_edition(book), unescape(cited[1]) if cited else "")
        write_whole(destination, render_pdf(text, folder))
    return destination
