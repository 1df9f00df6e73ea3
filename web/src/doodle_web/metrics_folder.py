"""
The folder in which the processes of one gunicorn keep their metrics, so that any of them can tell those of all.

prometheus_client decides while it is imported whether to do so, by an environment variable. gunicorn sets that before
it starts the processes that import a service (its `raw_env`). So neither this module nor a gunicorn_conf may import
anything that imports prometheus_client; a test looks after that.
"""

import os
import shutil
import tempfile
from pathlib import Path


class MetricsFolder:
    """
    One gunicorn's folder among the temporary files; for its gunicorn_conf.

    It is made anew at every start and removed at the end, because what the last start counted is no longer true.
    """

    def __init__(self, service: str) -> None:
        """
        Args:
            service: whose; nothing is made yet.
        """
        self._path = Path(tempfile.gettempdir()) / f"doodle-metrics-{service}-{os.getpid()}"

    @property
    def setting(self) -> str:
        """What tells prometheus_client of it; for gunicorn's `raw_env`."""
        return f"PROMETHEUS_MULTIPROC_DIR={self._path}"

    def make(self) -> None:
        """
        Make the folder, empty and for nobody else.

        Raises:
            FileExistsError: something else of that name is there that is not ours to remove.
        """
        self.remove()
        self._path.mkdir(mode=0o700)

    def forget(self, pid: int) -> None:
        """Forget the gauges of a process that has ended; what it counted still counts."""
        for left in self._path.glob(f"gauge_live*_{pid}.db"):
            left.unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self._path, ignore_errors=True)
