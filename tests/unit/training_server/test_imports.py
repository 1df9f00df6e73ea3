"""What must start quickly does not load TensorFlow."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["app", "migrate", "job_loop", "worker", "pipeline"])
def test_no_tensorflow(module: str) -> None:
    """The API, the migration and a worker's refusal to start answer at once, in little memory."""
    script = f"import sys, training_server.{module}; sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
