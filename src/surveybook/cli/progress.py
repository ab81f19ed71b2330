"""How far an edition has come, on the screen: a bar for each chapter, or a line where there is no terminal."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from surveybook.book.editions import Step

Report = Callable[[Step], None]


@contextmanager
def show_progress(console: Console | None = None, *, fold: bool = False) -> Iterator[Report]:
    """Give what shows the steps of editions for as long as the block lasts; threads may call it.

    Parameters
    ----------
    console : Console, optional
        Where it is shown; standard error otherwise, so that what a command prints can be piped on.
    fold : bool
        Whether the bars of what is through go away, as they should where many editions are made.
    """
    console = console or Console(stderr=True)
    known: dict[tuple[str, str], TaskID] = {}
    began: dict[tuple[str, str], float] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    adding = threading.Lock()

    def move_bar(step: Step) -> None:
        key = (step.edition, step.name)
        with adding:
            if key not in known:
                known[key] = progress.add_task("")
        said = escape(f"{step.edition}: {step.name}")
        progress.update(
            known[key],
            total=step.parts,
            completed=step.done,
            description=f"[red]{said} failed[/]" if step.failed else said,
            visible=not (fold and step.ended and not step.failed),
        )
        if step.ended:
            progress.stop_task(known[key])

    def print_line(step: Step) -> None:
        start = began.setdefault((step.edition, step.name), time.monotonic())
        if step.ended:
            how = f"failed after {step.done} of {step.parts}" if step.failed else f"{step.parts} of {step.parts}"
            said = f"{step.edition}: {step.name}, {how}, {time.monotonic() - start:.1f} s"
            console.print(said, markup=False, highlight=False, soft_wrap=True)

    if not console.is_terminal:
        yield print_line
        return
    with Progress(*columns, console=console) as progress:
        yield move_bar
