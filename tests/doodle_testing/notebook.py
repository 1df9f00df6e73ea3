"""Runs a notebook's cells as they stand, without a kernel: Python, and lines after a `!` as commands of a shell."""

import json
import subprocess
from pathlib import Path
from typing import Any

KEYS = {"code": {"cell_type", "id", "metadata", "source", "execution_count", "outputs"}}
KEYS["markdown"] = KEYS["code"] - {"execution_count", "outputs"}
"""What nbformat 4.5 has in a cell: https://nbformat.readthedocs.io/en/latest/format_description.html"""


def read_cells(notebook: Path) -> list[dict[str, Any]]:
    """Read a notebook's cells; what a reader of nbformat 4.5 would refuse is refused here."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    assert (content["nbformat"], content["nbformat_minor"]) == (4, 5)
    assert set(content) == {"cells", "metadata", "nbformat", "nbformat_minor"}
    cells: list[dict[str, Any]] = content["cells"]
    assert [set(cell) for cell in cells] == [KEYS[cell["cell_type"]] for cell in cells]
    assert len({cell["id"] for cell in cells}) == len(cells)
    return cells


def read_code(notebook: Path) -> list[str]:
    """Give the text of each cell of code; a notebook in the repository holds no outputs."""
    cells = [cell for cell in read_cells(notebook) if cell["cell_type"] == "code"]
    assert [cell["outputs"] for cell in cells] == [[] for _ in cells]
    return ["".join(cell["source"]) for cell in cells]


def run_code(code: str, names: dict[str, Any]) -> list[subprocess.CompletedProcess[bytes]]:
    """
    Run a cell's code line by line.

    Args:
        code: each statement on a line of its own.
        names: what earlier cells have defined; gets what this one defines.

    Returns:
        How the commands ended.
    """
    done = []
    for line in code.splitlines():
        if line.startswith("!"):
            done.append(subprocess.run(line[1:], shell=True, check=False, capture_output=True))  # noqa: S602
        else:
            exec(line, names)  # noqa: S102  # our own notebook's code
    return done
