"""The gallery on a filled table: every combination of filters, every page bounded, nothing lost between them."""

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, event, text

from doodle_db import gallery
from doodle_db.contributors import name_contributor
from doodle_db.engine import connect_to
from doodle_db.gallery import WALKED_AT_ONCE, GalleryFilter, list_doodles
from doodle_db.gallery_place import Place
from doodle_db.partitions import ensure_partitions

NUM_DOODLES = 15_000
NUM_SHOWN = 50
DAYS = 100

FILL = text("""
    INSERT INTO doodles (
        id, label, bitmap, height, width, split, source, contributor, status, content_hash, created_at, guess,
        confidence, model_version
    )
    SELECT md5(number::text)::uuid, (ARRAY['bird', 'cat', 'dog', 'fish'])[1 + number % 4], decode('00ff', 'hex'), 1, 2,
        'train', CASE WHEN number % 10 = 9 THEN 'base' ELSE 'user' END,
        CASE WHEN number % 10 = 9 THEN NULL ELSE decode(md5((number % 400)::text), 'hex') END,
        CASE WHEN number % 97 = 0 THEN 'quarantined' WHEN number % 89 = 0 THEN 'rejected' ELSE 'accepted' END,
        sha256(number::text::bytea), :now - number * interval '100 days' / :num,
        CASE number % 7 WHEN 0 THEN NULL WHEN 1 THEN 'dog'
            ELSE (ARRAY['bird', 'cat', 'dog', 'fish'])[1 + number % 4] END,
        CASE WHEN number % 7 = 0 THEN NULL ELSE 0.5 END,
        CASE WHEN number % 7 = 0 THEN NULL ELSE lpad(to_hex(number / 5000), 12, '0') END
    FROM generate_series(1, :num) AS number
""")

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def filled(postgres: Any) -> Iterator[Engine]:
    """Doodles of four months by four hundred contributors, one in ten base data; its statistics are known."""
    url = postgres.create_database("migrated")
    engine = connect_to(url)
    for days in (0, 31, 62, 93):
        ensure_partitions(engine, NOW - timedelta(days=days), months_ahead=0)
    with engine.begin() as connection:
        connection.execute(FILL, {"now": NOW, "num": NUM_DOODLES})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE doodles"))
    yield engine
    engine.dispose()
    postgres.drop_database(url)


CHOICES: dict[str, tuple[Any, ...]] = {
    "label": (None, "cat"),
    "guess": (None, "dog"),
    "is_wrong": (False, True),
    "status": (None, "accepted", "quarantined", "rejected"),
    "version": (None, f"{1:012x}"),
    "since": (None, NOW - timedelta(days=70)),
    "until": (None, NOW - timedelta(days=20)),
    "contributor": (None, name_contributor(bytes.fromhex("c4ca4238a0b923820dcc509a6f75849b"))),
}
"""Each filter not at all, or at a value that occurs; the contributor is that of md5('1')."""


def every_filter() -> list[GalleryFilter]:
    assert set(CHOICES) == {field.name for field in fields(GalleryFilter)}
    return [GalleryFilter(**dict(zip(CHOICES, values, strict=True))) for values in product(*CHOICES.values())]


def explain(connection: Connection, wanted: GalleryFilter, after: Place | None) -> list[dict[str, Any]]:
    """Run a page's statements, and give their plans with what they really read."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        statements.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    list_doodles(connection, wanted, NUM_SHOWN, after)
    event.remove(connection, "before_cursor_execute", note)
    plans = []
    detours, *asked, _ = statements
    connection.exec_driver_sql(detours[0])
    for statement, parameters in asked:
        explained = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters).scalar_one()
        plans.append((explained if isinstance(explained, list) else json.loads(explained))[0]["Plan"])
    return plans


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def num_read(plan: dict[str, Any]) -> float:
    """Count the doodles that a plan's scans have looked at."""
    scans = [node for node in nodes(plan) if str(node.get("Relation Name", "")).startswith("doodles")]
    for node in scans:
        assert node["Node Type"] in {"Index Scan", "Index Only Scan"}, node["Node Type"]
    counted = ((each["Actual Rows"] + each.get("Rows Removed by Filter", 0)) * each["Actual Loops"] for each in scans)
    return float(sum(counted))


@pytest.mark.parametrize("days_deep", [None, 50])
def test_no_page_reads_more_than_it_may(filled: Engine, days_deep: int | None) -> None:
    """Whatever is asked for, and however deep: through an index, in order, at most WALKED_AT_ONCE of each month."""
    after = None if days_deep is None else Place(NOW - timedelta(days=days_deep), UUID(int=0))
    with filled.connect() as connection:
        for wanted in every_filter()[0 if days_deep is None else 1 :: 5]:
            plans = explain(connection, wanted, after)

            for plan in plans:
                assert num_read(plan) <= WALKED_AT_ONCE + 10, wanted
                assert not [node for node in nodes(plan) if node["Node Type"] == "Sort" and too_many(node)], wanted


def too_many(node: dict[str, Any]) -> bool:
    return bool(node["Actual Rows"] > NUM_SHOWN + 1)


def fits(row: Any, wanted: GalleryFilter) -> bool:
    """The same rules, written down a second time."""
    equal = {"label": wanted.label, "guess": wanted.guess, "status": wanted.status, "model_version": wanted.version}
    return (
        all(value is None or getattr(row, name) == value for name, value in equal.items())
        and (not wanted.is_wrong or (row.guess is not None and row.guess != row.label))
        and (wanted.since is None or row.created_at >= wanted.since)
        and (wanted.until is None or row.created_at < wanted.until)
        and (wanted.contributor is None or name_contributor(row.contributor) == wanted.contributor)
    )


def turn(connection: Connection, wanted: GalleryFilter, num: int) -> tuple[list[Any], int]:
    """Turn pages to the last; gives all that was shown, and how many pages that were."""
    found: list[Any] = []
    after, num_pages = None, 0
    while num_pages == 0 or after is not None:
        rows, after = list_doodles(connection, wanted, num, after)
        found += [row.id for row in rows]
        num_pages += 1
    return found, num_pages


def test_every_filter_shows_what_fits_and_nothing_else(filled: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each once, newest first, whatever the pages' size; also where a page ends because it has looked at enough."""
    monkeypatch.setattr(gallery, "WALKED_AT_ONCE", 2_000)
    every = text("SELECT * FROM doodles WHERE source = 'user' ORDER BY created_at DESC, id DESC")
    with filled.connect() as connection:
        rows = connection.execute(every).all()
        for wanted in every_filter()[::13]:
            expected = [row.id for row in rows if fits(row, wanted)]

            found, num_pages = turn(connection, wanted, 200)

            assert found == expected, wanted
            assert num_pages <= len(expected) // 200 + NUM_DOODLES // 2_000 + 2
