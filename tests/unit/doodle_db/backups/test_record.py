"""backup.json: what goes into SQL or into paths is checked when it is read."""

import json
from typing import Any

import pytest

from doodle_db.backups.record import parse_record
from doodle_db.errors import BackupError

RECORD: dict[str, Any] = {
    "format_version": 1,
    "name": "20260102T030405Z",
    "created_at": "2026-01-02T03:04:05Z",
    "schema_revision": "0001",
    "postgres_version": "17.2",
    "transactions_before": 900,
    "tables": [{"table": "doodles", "columns": ["id"], "transaction_columns": [], "parts": []}],
    "partitions": [{"name": "a", "parent": "doodles", "bound": "DEFAULT"}],
    "counters": [],
    "versions": ["0123456789ab"],
    "missing_versions": [],
    "contributor_key_check": None,
}


def test_a_record_is_read() -> None:
    """What make_backup writes, restore_backup understands."""
    assert parse_record(json.dumps(RECORD).encode()).transactions_before == 900


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tables", [{"table": "doodles; DROP", "columns": [], "transaction_columns": [], "parts": []}]),
        ("tables", [{"table": "doodles", "columns": ['"id"'], "transaction_columns": [], "parts": []}]),
        ("partitions", [{"name": "a", "parent": "doodles", "bound": "DEFAULT; DROP TABLE doodles"}]),
        ("versions", ["../../etc"]),
        ("name", "../20260102T030405Z"),
        ("format_version", 2),
        ("surprise", 1),
    ],
)
def test_nothing_strange_gets_in(field: str, value: object) -> None:
    """Whoever can write to a place of backups cannot run SQL or leave the place by a name."""
    with pytest.raises(BackupError, match=r"backup\.json: "):
        parse_record(json.dumps({**RECORD, field: value}).encode())
