"""What is measured on a page in one of its forms: a scheme, a width, scripts on or off, never with a network."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from audits import violations
from playwright.sync_api import Browser, BrowserContext, Page

SCHEMES, WIDTHS, HEIGHT = ("light", "dark"), (320, 768, 1280), 900
SMALLEST_TARGET = 24  # px each way: WCAG 2.2, 2.5.8
OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"
# Colours don't depend on the width; what stands on a page does, between a phone's menu and a desk's sidebar.
WIDTHS_FOR_CONTRAST = (320, 1280)

# Text that its box or its drawing cuts off; boxes that scroll show all there is.
CUT = """() => {
    const boxes = [...document.querySelectorAll('main *, header *, footer *')].filter(e => {
        if (e.closest('svg, .visually-hidden') || !e.checkVisibility()) return false;
        const style = getComputedStyle(e);
        const across = style.overflowX === 'hidden' && e.scrollWidth > e.clientWidth + 1;
        const down = style.overflowY === 'hidden' && e.scrollHeight > e.clientHeight + 1;
        return across || down || style.textOverflow === 'ellipsis' && e.scrollWidth > e.clientWidth + 1;
    });
    const drawn = [...document.querySelectorAll('svg[role=img] text')].filter(e => {
        const [text, whole] = [e, e.closest('svg[role=img]')].map(one => one.getBoundingClientRect());
        return text.width && (text.left < whole.left - 1 || text.right > whole.right + 1
            || text.top < whole.top - 1 || text.bottom > whole.bottom + 1);
    });
    return [...boxes, ...drawn].map(e => e.outerHTML.slice(0, 140));
}"""
# Links in running text are left out, as the rule leaves them out: a line of text has its own height.
SMALL = """least => [...document.querySelectorAll(
    'button, select, summary, input:not([type=hidden]), nav a, li > a:only-child, .chart-files a, .chart-number a, '
    + '.headerlink, [tabindex="0"]')]
    .filter(e => e.checkVisibility({visibilityProperty: true}))
    .map(e => [e.getBoundingClientRect(), e])
    .filter(([box]) => box.width && Math.min(box.width, box.height) < least - 0.05)
    .map(([box, e]) => `${Math.min(box.width, box.height).toFixed(1)} px: ${e.outerHTML.slice(0, 110)}`)"""
# Focused by script after a key was pressed, so that it counts as the keyboard's.
UNSEEN_FOCUS = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, summary, [tabindex="0"]')]
    .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled)
    .filter(e => {
        e.focus({preventScroll: true});
        const style = getComputedStyle(e);
        return document.activeElement !== e || style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2
            || style.outlineColor === getComputedStyle(document.body).backgroundColor;
    }).map(e => e.outerHTML.slice(0, 110))"""
SEEN_TEXT = """() => [...document.querySelectorAll('main article')].map(e => e.innerText).join(' ')"""


@dataclass
class Form:
    """What was found on a page in one form."""

    scheme: str
    width: int
    scripts: bool
    heard: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    small: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return the form in words."""
        return f"{self.scheme}, {self.width} px, scripts {'on' if self.scripts else 'off'}"


@contextmanager
def listening(browser: Browser, **settings: Any) -> Iterator[tuple[BrowserContext, list[str]]]:
    """Give a context without a network, and the list of what its pages complain of and ask other hosts for."""
    context, heard = browser.new_context(offline=True, **settings), list[str]()
    context.on("console", lambda message: heard.append(f"{message.type}: {message.text}"))
    context.on("weberror", lambda problem: heard.append(f"error: {problem.error}"))
    context.on("request", lambda request: hear_foreign(heard, request.url))
    try:
        yield context, heard
    finally:
        context.close()


def hear_foreign(heard: list[str], address: str) -> None:
    """Note a request that leaves the site."""
    if not address.startswith(("file:", "data:", "blob:")):
        heard.append(f"request to {address}")


def forms(path: Path, bare: Path, browser: Browser) -> list[Form]:
    """Return what is found on a page in every form; `bare` is the page as `without_scripts` made it."""
    with_scripts, without = (list(forms_with(path, browser, scripts)) for scripts in (True, False))
    judge(path, browser, with_scripts)
    judge(bare, browser, without)
    return with_scripts + without


def forms_with(path: Path, browser: Browser, scripts: bool) -> Iterator[Form]:
    """Return what is found in all schemes and widths, the page loaded anew for each."""
    with listening(browser, java_script_enabled=scripts) as (context, heard):
        page = context.new_page()
        for scheme, width in product(SCHEMES, WIDTHS):
            heard.clear()
            dress(page, scheme, width)
            page.goto(path.as_uri())
            page.evaluate(OPEN_ALL)
            form = measured(page, Form(scheme, width, scripts))
            form.heard = list(heard)
            yield form


def judge(path: Path, browser: Browser, found: list[Form]) -> None:
    """Let axe-core look at a page in each form, every disclosure open."""
    with listening(browser) as (context, _):
        page = context.new_page()
        page.goto(path.as_uri())
        page.evaluate(OPEN_ALL)
        for form in found:
            dress(page, form.scheme, form.width)
            form.violations = violations(page, contrast=form.scripts and form.width in WIDTHS_FOR_CONTRAST)


def dress(page: Page, scheme: str, width: int) -> None:
    """Give a page its width and its scheme."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.emulate_media(color_scheme=scheme)


def measured(page: Page, form: Form) -> Form:
    """Fill in what can be read off the page as it stands."""
    sideways = page.evaluate("document.documentElement.scrollWidth") - form.width
    form.wide = [f"{sideways} px"] if sideways > 0 else []
    form.cut = page.evaluate(CUT)
    form.small = page.evaluate(SMALL, SMALLEST_TARGET)
    page.keyboard.press("Tab")
    form.unseen = page.evaluate(UNSEEN_FOCUS)
    return form


def without_scripts(site: Path, target: Path) -> Path:
    """Return a copy of a site as it looks with scripts off, in which axe-core, a script itself, can still run."""
    shutil.copytree(site, target, ignore=shutil.ignore_patterns("figures", "downloads", "cards", "vega-*.js"))
    for script in target.rglob("*.js"):
        script.write_text("", encoding="utf-8")
    for style in target.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        style.write_text(text.replace("(scripting: none)", "all").replace("(scripting: enabled)", "not all"), "utf-8")
    return target
