"""Tables in Markdown, for what people paste elsewhere and machines comment."""

from collections.abc import Iterable, Sequence


def escape_cell(value: object) -> str:
    """Return a value as a cell of a Markdown table, in which no markup of its own counts."""
    text = " ".join(str(value).split())
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("`", "\\`")


def write_markdown_table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return the lines of a table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return [f"| {' | '.join(map(escape_cell, line))} |" for line in lines]
