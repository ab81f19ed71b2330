"""Executes chapters in one process and writes what they put out, to compare interpreters and surroundings.

Run as ``python tests/everywhere.py OUT.json [WAVE BASELINE]``, with the project's folder as the working directory.
"""

import json
import os
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))


def outputs_of(notebook: Path, parameters: dict[str, str]) -> dict[str, Any]:
    """Return a chapter as a notebook stores it: its cells with their outputs."""
    from surveybook.verify.lint.trials import make_shell

    put_out: list[dict[str, Any]] = []
    shell = make_shell(put_out)
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        chosen = parameters if "parameters" in cell["metadata"].get("tags", []) else {}
        source = "\n".join(["".join(cell["source"]), *(f"{name} = {value!r}" for name, value in chosen.items())])
        with redirect_stdout(StringIO()):
            shell.run_cell(source, store_history=False).raise_error()
        cell["outputs"] = [
            {"output_type": "display_data", "metadata": one.get("metadata") or {}, "data": one["data"]}
            for one in json.loads(json.dumps(put_out))
        ]
        put_out.clear()
    return {"cells": cells}


def main(out: str, wave: str = "2004", baseline: str = "") -> None:
    """Write the outputs of all chapters."""
    from surveybook.model import paths

    os.chdir(paths.root())
    parameters = {"wave": wave, "baseline": baseline} if wave != "2004" else {}
    found = {path.stem: outputs_of(path, parameters) for path in paths.chapters()}
    Path(out).write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
