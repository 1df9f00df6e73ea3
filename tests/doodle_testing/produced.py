"""Doodles with guesses as months of drawing leave them, made by the database itself: many, and always the same."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, text

from doodle_db.model_registry import deploy, find_live
from doodle_db.partitions import ensure_partitions
from doodle_testing.builders import LABEL_SET, manifest
from doodle_testing.first_release import REGISTER

VERSIONS = ("a" * 12, "b" * 12, "c" * 12)
"""One after the other, each for a third of the time, each better than the one before."""

# Of a hundred drawings of the first version 80 are guessed right, of the last 90; a guess is surer than it is right.
_FILL = text("""
    WITH drawn AS (
        SELECT number, number % :num_labels AS label, least(3 * (number - :first) / :num, 2) AS age,
            abs(hashint8extended(number, 1)) % 10000 / 10000.0 AS luck,
            abs(hashint8extended(number, 2)) % 10000 / 10000.0 AS doubt,
            abs(hashint8extended(number, 3)) AS other
        FROM generate_series(CAST(:first AS bigint), CAST(:first AS bigint) + :num - 1) AS number
    ), guessed AS (
        SELECT *, luck < 0.8 + 0.05 * age AS is_right,
            CASE WHEN luck < 0.8 + 0.05 * age THEN 1 - 0.4 * doubt * doubt ELSE 0.3 + 0.65 * doubt END AS confidence
        FROM drawn
    )
    INSERT INTO doodles (
        id, label, bitmap, height, width, split, source, contributor, content_hash, created_at, status,
        guess, confidence, model_version, known
    )
    SELECT md5('produced ' || number)::uuid, (CAST(:labels AS text[]))[1 + label],
        decode(repeat(md5(number::text), :num_pixels / 16), 'hex'), :height, :width,
        CASE WHEN number % 10 = 0 THEN 'test' ELSE 'train' END, 'user', decode(md5((number % 1000)::text), 'hex'),
        sha256(number::text::bytea),
        CAST(:begins AS timestamptz) + (number - :first) * CAST(:apart AS interval),
        CASE WHEN number % 50 = 7 THEN 'quarantined' WHEN number % 200 = 11 THEN 'rejected' ELSE 'accepted' END,
        CASE WHEN number % 40 > 0 THEN
            (CAST(:labels AS text[]))[1 + (label + CASE WHEN is_right THEN 0 ELSE 1 + other % 2 END) % :num_labels]
        END,
        CASE WHEN number % 40 > 0 THEN confidence END,
        CASE WHEN number % 40 > 0 THEN (CAST(:versions AS text[]))[1 + age] END,
        CASE WHEN number % 40 > 0 THEN confidence > 0.4 END
    FROM guessed
""")


def produce(connection: Connection, num: int, begins: datetime, ends: datetime, first: int = 1) -> None:
    """
    Store doodles, spread evenly over a stretch of time, whose guesses are by VERSIONS; all triggers see them.

    Args:
        connection: with an open transaction.
        num: how many.
        begins, ends: when the first and (nearly) the last were drawn.
        first: number of the first one; others give other doodles.
    """
    connection.execute(
        _FILL,
        {
            "num": num,
            "first": first,
            "labels": list(LABEL_SET.names),
            "num_labels": len(LABEL_SET.names),
            "height": LABEL_SET.height,
            "width": LABEL_SET.width,
            "num_pixels": LABEL_SET.height * LABEL_SET.width,
            "begins": begins,
            "apart": (ends - begins) / num,
            "versions": list(VERSIONS),
        },
    )


def deploy_versions(connection: Connection, begins: datetime, ends: datetime) -> None:
    """Make VERSIONS live one after the other, each for a third of a stretch of time, as `produce` has it."""
    for number, version in enumerate(VERSIONS):
        made = manifest(version)
        row = {"version": version, "label_set": made.label_set, "manifest": made.model_dump_json()}
        connection.execute(text(REGISTER), row)
        moment = begins + number * (ends - begins) / len(VERSIONS) - timedelta(seconds=1)
        connection.execute(_DEPLOY, {"version": version, "created_at": moment})


_DEPLOY = text("""
    INSERT INTO deployments (version, previous_deployment, kind, actor, reason, created_at)
    SELECT :version, max(deployment), 'publish', 'run', 'Better on recent drawings.', :created_at FROM deployments
""")


def fill_installation(engine: Engine, num: int, now: datetime, ago: timedelta) -> None:
    """
    Fill an installation in use with drawings that end now; what is live stays live.

    Args:
        engine: of its database.
        num: how many drawings.
        now: the time.
        ago: how long ago the first one was drawn.
    """
    # Else the worker's tick would move them into their months later, under the test's eyes.
    ensure_partitions(engine, now - ago, ago // timedelta(days=28) + 1)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        live = find_live(connection)
        assert live is not None
        deploy_versions(connection, now - ago, now)
        deploy(connection, live.version, kind="deploy", actor="test", reason="a test", expected_live=VERSIONS[-1])
        produce(connection, num, now - ago, now)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
