"""Environments of their own for what we are compared with: never in requirements.lock, made on the first run."""

import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[3]
ENVIRONMENTS = ROOT / ".comparisons"


def make_environment(name: str, requirements: Sequence[str], size: str) -> Path:
    """
    Install what a comparison needs, unless that has been done.

    Args:
        name: of the folder.
        requirements: as pip takes them, with versions.
        size: on disk, in words: whoever starts this should know.

    Returns:
        The environment's Python.
    """
    folder = ENVIRONMENTS / name
    done = folder / "installed"
    if not (done.is_file() and done.read_text(encoding="utf-8") == "\n".join(requirements)):
        print(
            f"installing {', '.join(requirements)} in {folder.relative_to(ROOT)}: {size}", file=sys.stderr, flush=True
        )
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([folder / "bin/python", "-m", "pip", "install", "--quiet", *requirements], check=True)
        done.write_text("\n".join(requirements), encoding="utf-8")
    return folder / "bin/python"
