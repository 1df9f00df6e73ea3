"""The code of the first release, as far as it writes doodles: what a migration meets while it is rolled out."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from uuid import UUID, uuid4

import psycopg2
from psycopg2.extensions import connection as PostgresConnection  # noqa: N812  # psycopg2's name for a class
from sqlalchemy import Connection, text

from doodle_db.doodles import Doodle, content_hash
from doodle_db.manifest import Manifest
from doodle_db.splits import split_of

REGISTER = """
    INSERT INTO models (version, label_set, manifest, watermark)
    VALUES (:version, :label_set, cast(:manifest AS jsonb), 0)
"""

DEPLOY = """
    INSERT INTO deployments (version, kind, actor, reason) VALUES (:version, 'publish', 'installation', 'start')
"""

FILL = """
    INSERT INTO doodles (
        id, label, bitmap, height, width, split, source, contributor, status, content_hash, created_at
    )
    SELECT gen_random_uuid(), (ARRAY['bird', 'cat', 'dog', 'fish', 'horse', 'rabbit'])[1 + number % 6],
        decode(repeat(md5(number::text), 49), 'hex'), 28, 28,
        CASE WHEN number % 7 = 0 THEN 'test' ELSE 'train' END,
        CASE WHEN number % 10 = 0 THEN 'base' ELSE 'user' END,
        CASE WHEN number % 10 = 0 THEN NULL ELSE decode(md5((number % 1000)::text), 'hex') END,
        CASE WHEN number % 31 = 0 THEN 'quarantined' ELSE 'accepted' END,
        sha256(number::text::bytea), now() - (:last - number) * interval '200 days' / :last
    FROM generate_series(:first, :last) AS number
"""
"""Doodles of the last 200 days, one in ten of them base data."""

STORE = """
    INSERT INTO doodles (
        id, label, bitmap, height, width, strokes, guess, confidence, model_version, split, source, contributor,
        content_hash
    ) VALUES (
        %(id)s, 'cat', %(bitmap)s, 28, 28, '[[[0, 255], [3, 4]]]', 'dog', 0.5, '0123456789ab', 'train', 'user',
        %(contributor)s, %(hash)s
    ) ON CONFLICT DO NOTHING RETURNING doodles.id
"""

CORRECT = """
    UPDATE doodles SET label = 'dog', recorded_xid = (pg_current_xact_id()::text::bigint)
    WHERE id = %(id)s AND contributor = %(contributor)s AND label <> 'dog'
"""

COUNT = "SELECT label, count(*) FROM doodles WHERE source = 'user' AND status = 'accepted' GROUP BY label"

CONTRIBUTOR = bytes(range(16))

STORED_THEN = (
    *("id", "label", "bitmap", "height", "width", "guess", "confidence", "model_version"),
    *("split", "source", "contributor", "content_hash"),
)


@dataclass
class Writer:
    """
    Stores doodles one after the other, corrects every fifth, and sends every seventh again, until the block ends.

    Attributes:
        acknowledged: label by id of what was committed.
        longest_seconds: the longest a single store or correction took.
        failure: what ended it before its time.
    """

    url: str
    acknowledged: dict[UUID, str] = field(default_factory=dict)
    longest_seconds: float = 0.0
    failure: Exception | None = None

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Writer":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            self._write()
        except psycopg2.Error as failure:
            self.failure = failure

    def _write(self) -> None:
        connection = psycopg2.connect(self.url, options="-c statement_timeout=30000 -c timezone=UTC")
        number = 0
        while not self._stop.is_set():
            number += 1
            doodle_id = uuid4()
            values = {"id": str(doodle_id), "bitmap": bytes(784), "contributor": CONTRIBUTOR, "hash": bytes(32)}
            self._do(connection, STORE, values)
            self.acknowledged[doodle_id] = "cat"
            if number % 7 == 0:
                self._do(connection, STORE, values)
            if number % 5 == 0:
                self._do(connection, CORRECT, values)
                self.acknowledged[doodle_id] = "dog"
        connection.close()

    def _do(self, connection: PostgresConnection, statement: str, values: dict[str, Any]) -> None:
        began = time.perf_counter()
        with connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
        self.longest_seconds = max(self.longest_seconds, time.perf_counter() - began)


def register_then(connection: Connection, manifest: Manifest, *, is_live: bool = False) -> None:
    """Register a version as every release before v0008 did; today's own function asks a table that is not there yet."""
    row = {"version": manifest.version, "label_set": manifest.label_set, "manifest": manifest.model_dump_json()}
    connection.execute(text(REGISTER), row)
    if is_live:
        connection.execute(text(DEPLOY), row)


def store_then(connection: Connection, sent: Iterable[Doodle]) -> None:
    """Store doodles by the columns every release has had; today's own function fills others, too."""
    for doodle in sent:
        values = {**vars(doodle), "split": split_of(doodle.id), "content_hash": content_hash(doodle)}
        row = {name: values[name] for name in STORED_THEN}
        columns, places = ", ".join(row), ", ".join(f":{name}" for name in row)
        connection.execute(text(f"INSERT INTO doodles ({columns}) VALUES ({places})"), row)
