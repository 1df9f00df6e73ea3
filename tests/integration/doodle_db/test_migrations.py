"""The migrations make exactly the schema that doodle_db.tables describes."""

from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, text

from doodle_db.engine import connect_to
from doodle_db.migrate import find_differences, is_migrated, migrate
from doodle_db.partitions import ensure_partitions
from doodle_db.tables import metadata

CATALOGUE = {
    "columns": """
        SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'""",
    "indexes": """
        SELECT indexname, indexdef FROM pg_indexes
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'""",
    "functions": "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "partitions": """
        SELECT relname, pg_get_expr(relpartbound, oid), pg_get_partkeydef(oid) FROM pg_class
        WHERE relispartition AND relkind IN ('r', 'p')""",
    "triggers": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}


def read_catalogue(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    return {name: sorted(tuple(row) for row in connection.execute(text(query))) for name, query in CATALOGUE.items()}


def test_migrated_is_freshly_created(engine: Engine, empty_database_url: str) -> None:
    """A database that was migrated step by step has the same columns, rules, indexes and triggers as a new one."""
    fresh = connect_to(empty_database_url)
    metadata.create_all(fresh)
    ensure_partitions(fresh, datetime.now(UTC))

    with engine.connect() as migrated, fresh.connect() as created:
        kept, new = read_catalogue(migrated), read_catalogue(created)
        for each in kept:
            assert kept[each] == new[each], [set(kept[each]) ^ set(new[each])]
        assert find_differences(migrated) == []
    fresh.dispose()


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    """Every start migrates; a database that is up to date stays as it is."""
    migrate(engine)

    with engine.connect() as connection:
        assert is_migrated(connection)


def test_an_empty_database_is_not_migrated(empty_database_url: str) -> None:
    """Readiness tells a database that still lacks its schema."""
    engine = connect_to(empty_database_url)

    with engine.connect() as connection:
        assert not is_migrated(connection)
    engine.dispose()
