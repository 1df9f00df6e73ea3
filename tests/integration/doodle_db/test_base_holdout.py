"""Which base drawings a candidate is judged on, where there are more than it is asked about."""

from sqlalchemy import Engine

from doodle_db.base_data import base_id
from doodle_db.doodles import store_doodles
from doodle_db.splits import split_of
from doodle_db.training_sets import select_holdout
from doodle_testing.builders import LABEL_SET, doodle

NUM_PER_LABEL = 100


def import_label(engine: Engine, label: str) -> None:
    """Store a label's drawings as an import does: in a transaction of their own, after the labels before it."""
    ids = (base_id(label, number.to_bytes(2)) for number in range(10 * NUM_PER_LABEL))
    held_out = [each for each in ids if split_of(each) == "test"][:NUM_PER_LABEL]
    with engine.begin() as connection:
        store_doodles(connection, [doodle(each, label, contributor=None) for each in held_out])


def test_the_base_holdout_has_drawings_of_every_label_however_they_were_imported(engine: Engine) -> None:
    """A label that was imported first is judged like the last: the newest drawings would be of one label alone."""
    for label in LABEL_SET.names:
        import_label(engine, label)

    with engine.connect() as connection:
        base = select_holdout(connection, LABEL_SET, "base", 60)

    assert len(base) == 60
    assert set(base.labels) == set(range(len(LABEL_SET.names)))
