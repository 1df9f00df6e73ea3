"""A real browser in front of the whole product."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from doodle_testing.chromium import browser_or_skip
from doodle_testing.material import Material
from doodle_testing.stack import Stack, running_stack


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium; where there is none the test is skipped, but never in CI."""
    yield from browser_or_skip()


@pytest.fixture(scope="session")
def material() -> Material:
    """Real drawings where there are any, our own in any fresh clone."""
    return Material.at_hand()


@pytest.fixture
def data_settings(tmp_path: Path, material: Material) -> dict[str, str]:
    """What an installation is told, so that it has its base data."""
    return {"DOODLE_DATA_DIR": str(material.base_data(tmp_path / "data"))}


@pytest.fixture
def delta_min_doodles() -> int:
    """So many new doodles start a run; where only an operator is to start one, a file of tests says more."""
    return 200


@pytest.fixture
def stack(tmp_path: Path, data_settings: dict[str, str], delta_min_doodles: int) -> Iterator[Stack]:
    """A new installation with its base data."""
    with running_stack(tmp_path / "home", **data_settings, DELTA_MIN_DOODLES=str(delta_min_doodles)) as running:
        yield running
