"""dataset: drawings from one format, or from the database, into another."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from doodle_cli.commands.base_data import find_place
from doodle_cli.commands.options import home_option, open_home
from doodle_cli.config import Settings, read_settings
from doodle_cli.counter import Counter
from doodle_cli.database import find_database_url
from doodle_cli.home import Home, read_json
from doodle_db.base_sources import Drawings, read_drawings
from doodle_db.base_sources.stored import Whose, read_stored
from doodle_db.base_sources.writing import ROWS_PER_SHARD, write_dataset
from doodle_db.engine import connect_to
from doodle_db.label_sets import LabelSet, load_label_set
from doodle_db.labels import read_label_set

DATABASE = "database"
"""What stands for the database where a place is expected."""

SORT_TIMEOUT_MS = 600_000
"""Millions of doodles are sorted by id on disk, before the first comes."""


@click.command()
@click.argument("place")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["tfrecord", "npy", "npz", "ndjson"]), default="tfrecord")
@click.option("--label-set", help="Which labels.  [default: LABEL_SET, or animals]")
@click.option("--whose", type=click.Choice(["all", "base", "user"]), default="all", help="Which of the database's.")
@click.option("--rows-per-shard", type=click.IntRange(min=1), default=ROWS_PER_SHARD, show_default=True)
@home_option
def dataset(place: str, folder: Path, label_set: str | None, whose: Whose, home: Path | None, **how: Any) -> None:
    """Write the drawings of PLACE, a place as for import or `database`, into a new FOLDER.

    Same drawings, same files. TFRecords hold all that is known, npy and npz bitmaps, ndjson strokes.
    """
    settings = read_settings()
    shipped = load_label_set(label_set or settings.label_set)
    with (
        _open(place, shipped, whose, settings, open_home(home, settings)) as (labels, drawings),
        Counter("drawings read") as counter,
    ):
        num_rows = write_dataset(_count(drawings, counter), folder, label_set=labels, **how)
    click.echo(f"{num_rows} drawings in {len(list(folder.iterdir()))} files of {folder}")


@contextmanager
def _open(
    place: str, label_set: LabelSet, whose: Whose, settings: Settings, home: Home
) -> Iterator[tuple[LabelSet, Iterator[Drawings]]]:
    if place != DATABASE:
        yield label_set, read_drawings(find_place(place, label_set, home), label_set)
        return
    address = settings.database_url or find_database_url(home, read_json(home.ports))
    engine = connect_to(address, application_name="doodle-dataset", statement_timeout_ms=SORT_TIMEOUT_MS)
    try:
        with engine.connect() as connection:
            present = read_label_set(connection, label_set)
            yield present, read_stored(connection, present, whose)
    finally:
        engine.dispose()


def _count(batches: Iterator[Drawings], counter: Counter) -> Iterator[Drawings]:
    num_read = 0
    for batch in batches:
        yield batch
        num_read += len(batch)
        counter.show(num_read)
