"""A run as the API shows it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row


def run_as_json(run: Row[Any]) -> dict[str, Any]:
    """Show a run as the API does: its row without what only the worker needs, its arguments also one by one."""
    hidden = {"watermark_from", "watermark_to", "heartbeat_at", "traceparent"}
    shown = {name: _as_json(value) for name, value in run._mapping.items() if name not in hidden}
    return {**shown, **{name: run.arguments.get(name) or {} for name in ("network_args", "train_args")}}


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
