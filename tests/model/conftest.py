"""The shipped version as a network, and real drawings it has never seen."""

from pathlib import Path

import keras
import pytest

from doodle_db.training_sets import LabelledBitmaps
from doodle_testing.shipped_version import ShippedVersion, find_shipped, load_shipped
from training_server.base_material import read_splits


@pytest.fixture(scope="session")
def shipped() -> ShippedVersion:
    """The version a new installation starts with; of animals there is exactly one."""
    (path,) = find_shipped()
    return load_shipped(path)


@pytest.fixture(scope="session")
def network(shipped: ShippedVersion) -> keras.Model:
    """The shipped network; only to be asked, not to be trained."""
    return shipped.build()


@pytest.fixture(scope="session")
def splits(shipped: ShippedVersion, data_dir: Path) -> tuple[LabelledBitmaps, LabelledBitmaps]:
    """All real drawings of the label set: what it was trained on, and what it was not."""
    return read_splits(data_dir / shipped.label_set.base_data, shipped.label_set)


@pytest.fixture(scope="session")
def holdout(splits: tuple[LabelledBitmaps, LabelledBitmaps]) -> LabelledBitmaps:
    """Real drawings the shipped version was not trained on."""
    return splits[1]
