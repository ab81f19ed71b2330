"""Making small chapters to plant faults in."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import nbformat

PARAMETERS = 'wave = "2004"\nbaseline = ""'
SETUP = """import sys

sys.path[:0] = ["src", "../src"]
from surveybook import charts, findings, glue, open_report, open_wave

survey = open_wave(wave, baseline)
report = open_report(survey)"""
GLUE = """parts = {"value": "value_for_money", "targets": "performance_targets"}
glue(leader=findings.leader(survey, "quality_indicators", "public"))
glue(**{f"now_{name}": findings.share(survey, f"public.{item}.chosen") for name, item in parts.items()})
glue(**{f"then_{name}": findings.share(report, f"public.{item}.chosen") for name, item in parts.items()})"""
PROSE = """# What counts

**What the wave shows.** {glue:text}`leader` Set beside it, {item}`performance_targets` had {glue:text}`now_targets`.
In {date}`2005-03` a page in `code 68 %` and [a link](https://example.org/68) said so {cite:p}`jones2005why`.

$$\\frac{a + b}{2n}$$

```python
more = 68
```
"""
BLOCKS = """:::{report} Table 1 and 2.2
:claims: q-one, q-two
The report put {printed}`q-one` first, ahead of most else.
:::

:::{background}
Fewer people wrote letters in {date}`2004`: {evidence}`home_internet` had the internet {cite:p}`jones2005why`.
The public sector was the first to answer.
:::
"""
CLAIMS = {"q-one": ("a fifth", "one in five"), "q-two": ()}
# What the cell of GLUE puts out: names with the waves that they are of, '' for the one that the chapter runs with.
GLUED = {"leader": [""], "now_value": [""], "now_targets": [""], "then_value": ["2004"], "then_targets": ["2004"]}


def output_of(name: str, waves: Sequence[str]) -> nbformat.NotebookNode:
    """Return what `glue` puts out for a name."""
    rests = {"figures": [], **({"waves": list(waves)} if any(waves) else {})}
    metadata = {"scrapbook": {"name": name, "mime_prefix": "application/papermill.record/"}, "surveybook": rests}
    return nbformat.v4.new_output(
        "display_data", {"application/papermill.record/text/plain": "said"}, metadata=metadata
    )


def write_notebook(
    path: Path,
    *,
    prose: Sequence[str] = (PROSE, BLOCKS),
    code: Sequence[str] = (GLUE,),
    parameters: str = PARAMETERS,
    tags: Sequence[str] = ("parameters",),
    executed: bool = True,
    glued: Mapping[str, Sequence[str]] = GLUED,
) -> Path:
    """Write a chapter: parameters, setup and `code`, then `prose`. All cells claim to have been run."""
    cells = [nbformat.v4.new_code_cell(source) for source in (parameters, SETUP, *code)]
    cells[0].metadata["tags"] = list(tags)
    if executed:
        for number, cell in enumerate(cells, start=1):
            cell.execution_count = number
        cells[-1].outputs = [output_of(name, waves) for name, waves in glued.items()]
    notebook = nbformat.v4.new_notebook(cells=[*cells, *map(nbformat.v4.new_markdown_cell, prose)])
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path
