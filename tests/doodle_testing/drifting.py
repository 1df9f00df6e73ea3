"""Drawings of many people over a while, and what a worker's watch makes of them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from sqlalchemy import Engine

from doodle_db.artifacts import ArtifactStore
from doodle_db.doodles import Doodle, store_doodles
from doodle_db.model_registry import deploy, register_version
from doodle_testing.builders import LABEL_SET
from doodle_testing.drawings import generate_doodles
from doodle_testing.shipped_version import find_shipped, load_shipped
from training_server.drift_watch import DriftWatch

DRAWINGS_OF_ONE = 4
NUM_PEOPLE = 251

NO_PAUSE_SECONDS = 1e-6


def draw(num: int, seed: int, turn: float = 0.0) -> list[Doodle]:
    """
    Let many people draw, four drawings each before the next comes.

    Args:
        num: how many drawings.
        seed: other seeds give others.
        turn: how far their pads lie askew, in turns.
    """
    drawn = generate_doodles(LABEL_SET, num, Random(seed), turn)
    people = [bytes([(seed + place // DRAWINGS_OF_ONE) % NUM_PEOPLE] * 16) for place in range(num)]
    return [replace(each, contributor=person) for each, person in zip(drawn, people, strict=True)]


def keep(engine: Engine, doodles: Sequence[Doodle]) -> None:
    """Store drawings in the order in which they came, some at a time: each part has a time of its own."""
    for start in range(0, len(doodles), 20):
        with engine.begin() as connection:
            store_doodles(connection, doodles[start : start + 20])


def make_shipped_live(engine: Engine, store: ArtifactStore) -> str:
    """Put the shipped version into a store, and make it live; gives its hash."""
    shipped = load_shipped(find_shipped()[0])
    store.store_version(shipped.folder, shipped.manifest)
    with engine.begin() as connection:
        register_version(connection, shipped.manifest)
        version = shipped.manifest.version
        deploy(connection, version, kind="publish", actor="a test", reason="a test", expected_live=None)
    return version


def watch_of(engine: Engine, folder: Path, seconds: float = NO_PAUSE_SECONDS) -> DriftWatch:
    """Make a watch that need not wait."""
    return DriftWatch(engine, ArtifactStore(str(folder)), LABEL_SET, seconds)
