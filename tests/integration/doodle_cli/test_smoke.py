"""`doodle smoke` against what `doodle up` starts: through nginx, with the real model in TensorFlow.js."""

import subprocess
from pathlib import Path

from doodle_testing.stack import DOODLE, running_stack


def test_a_fresh_stack_works(tmp_path: Path) -> None:
    """Each step says that it worked; the drawing is stored and counted, and the model knows a fish."""
    with running_stack(tmp_path / "home") as stack:
        done = subprocess.run([DOODLE, "smoke", "--url", stack.url], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "it takes our fish for: fish" in done.stdout
    assert done.stdout.endswith("it is stored, and counted: 1 doodles\n")


def test_nobody_there(tmp_path: Path) -> None:
    """A site that does not answer is told of in one line, with exit code 1."""
    done = subprocess.run(
        [DOODLE, "smoke", "--url", "http://127.0.0.1:1", "--home", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "No server answers at http://127.0.0.1:1" in done.stderr
