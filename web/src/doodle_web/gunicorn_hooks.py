"""What gunicorn does around either service: before its first process, after one has ended, and at the end."""

import sys
from collections.abc import Callable
from typing import Any

from doodle_db.errors import SettingsError
from doodle_web.metrics_folder import MetricsFolder


class ServiceHooks:
    """Settings checked before anything starts, and a folder of metrics that goes with the service."""

    def __init__(self, service: str, check_settings: Callable[[], object]) -> None:
        """
        Prepare, without doing anything yet.

        Args:
            service: its name, for its folder and its last words.
            check_settings: reads the service's settings; raises SettingsError where they cannot be used.
        """
        self._service = service
        self._check_settings = check_settings
        self._metrics = MetricsFolder(service)

    @property
    def raw_env(self) -> list[str]:
        """What every process finds in its environment."""
        return [self._metrics.setting]

    def on_starting(self, _: Any) -> None:
        """Refuse to start with settings that cannot be used, before any process is."""
        try:
            self._check_settings()
        except SettingsError as refusal:
            sys.exit(f"{self._service} does not start. {refusal}")
        self._metrics.make()

    def child_exit(self, _: Any, worker: Any) -> None:
        """Forget what a process that has ended was doing."""
        self._metrics.forget(worker.pid)

    def on_exit(self, _: Any) -> None:
        """Leave nothing behind."""
        self._metrics.remove()
