"""Asks two versions about the same held-out drawings, those of this moment."""

import threading
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine

from doodle_db.artifacts import ArtifactStore
from doodle_db.doodles import Source
from doodle_db.errors import InvalidError, UnknownVersionError
from doodle_db.label_sets import Label, LabelSet
from doodle_db.manifest import Manifest
from doodle_db.model_registry import get_manifest
from doodle_db.training_sets import LabelledBitmaps, select_holdout
from training_server.comparison import HoldoutComparison, compare_answers
from training_server.errors import ComparerBusyError
from training_server.onnx_answers import guess

NUM_ROWS = {"recent": 2_000, "base": 4_000}
"""As many as the gate decides on (material.NUM_RECENT, NUM_BASE), which cannot be imported without TensorFlow."""

SOURCES: dict[str, Source] = {"recent": "user", "base": "base"}

PATIENCE_SECONDS = 20.0
"""How long a comparison waits for the one before; each takes a second or two."""


class VersionComparer:
    """
    Compares two versions on held-out drawings, which no version was trained on.

    Any number of threads may ask; one comparison is computed at a time, so that a page full of curious operators does
    not take the machine from a run.
    """

    def __init__(self, engine: Engine, store: ArtifactStore, label_set: LabelSet) -> None:
        """
        Args:
            engine: the database, with the drawings.
            store: the versions' files.
            label_set: its name and the shape of a drawing.
        """
        self._engine = engine
        self._store = store
        self._label_set = label_set
        self._one_at_a_time = threading.Lock()

    def compare(self, first: str, second: str) -> list[HoldoutComparison]:
        """
        Compare two versions.

        Args:
            first, second: registered versions.

        Returns:
            A comparison for each holdout that has a drawing.

        Raises:
            UnknownVersionError: there is no such version.
            InvalidError: it cannot be compared: it is of another label set, or takes drawings of another shape.
            ComparerBusyError: others are being compared.
            ArtifactStoreError: the store cannot be used.
        """
        with self._engine.connect() as connection:
            manifests = [self._find(connection, first, "version"), self._find(connection, second, "with")]
        if not self._one_at_a_time.acquire(timeout=PATIENCE_SECONDS):
            raise ComparerBusyError
        try:
            return self._compare(manifests)
        finally:
            self._one_at_a_time.release()

    def _find(self, connection: Connection, version: str, field: str) -> Manifest:
        try:
            manifest = get_manifest(connection, version)
        except UnknownVersionError as unknown:
            raise UnknownVersionError(str(unknown), field=field) from unknown
        shape = (manifest.input.height, manifest.input.width)
        if manifest.label_set != self._label_set.name or shape != (self._label_set.height, self._label_set.width):
            raise InvalidError(
                f"Version {version} is of label set {manifest.label_set}, for drawings of {shape[0]} by {shape[1]}; "
                f"this installation draws {self._label_set.name}.",
                field=field,
            )
        return manifest

    def _compare(self, manifests: Sequence[Manifest]) -> list[HoldoutComparison]:
        label_set = join_labels(self._label_set, manifests)
        models = [self._store.read_file(each, each.file_of("onnx").path) for each in manifests]
        found: list[HoldoutComparison] = []
        for name in SOURCES:
            rows = self._read(label_set, name)
            if not len(rows):
                continue
            first, second = (
                place_guesses(guess(model, rows.bitmaps), manifest.label_names, label_set.names)
                for model, manifest in zip(models, manifests, strict=True)
            )
            found.append(compare_answers(name, label_set.names, rows.labels, first, second))
        return found

    def _read(self, label_set: LabelSet, name: str) -> LabelledBitmaps:
        with self._engine.connect() as connection:
            return select_holdout(connection, label_set, SOURCES[name], NUM_ROWS[name])


def join_labels(label_set: LabelSet, manifests: Sequence[Manifest]) -> LabelSet:
    """Give a label set with every label that one of some versions knows: about other drawings none can be right."""
    labels = {each.name: Label(each.name, each.prompt, each.emoji) for made in manifests for each in made.labels}
    return replace(label_set, labels=tuple(labels.values()))


def place_guesses(guesses: NDArray[np.int64], known_names: Sequence[str], names: Sequence[str]) -> NDArray[np.int64]:
    """
    Put guesses in the order of other labels.

    Args:
        guesses: int64, shape (num_rows,); index into known_names.
        known_names: the version's labels, all of them among names.
        names: the labels wanted.

    Returns:
        int64, shape (num_rows,); index into names.

    >>> place_guesses(np.array([0, 1]), ["cat", "dog"], ["bird", "cat", "dog"]).tolist()
    [1, 2]
    """
    places = np.array([list(names).index(name) for name in known_names], np.int64)
    return np.asarray(places[guesses])
