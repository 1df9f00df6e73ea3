"""The stack in containers, and a real browser in front of it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser

from doodle_testing.builders import LABEL_SET
from doodle_testing.chromium import browser_or_skip
from doodle_testing.compose import ComposeStack, running_compose, why_no_engine
from doodle_testing.material import Material
from doodle_testing.missing import skip_or_fail


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium; where there is none the test is skipped, but never in CI."""
    yield from browser_or_skip()


@pytest.fixture(scope="session")
def material() -> Material:
    """Real drawings where there are any, our own in any fresh clone."""
    return Material.at_hand()


@pytest.fixture(scope="session")
def stack(material: Material, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ComposeStack]:
    """Everything built and started, with its base data; skipped where no engine answers, unless CI_COMPOSE is set."""
    missing = why_no_engine()
    if missing:
        skip_or_fail(f"needs an engine for containers: {missing}", unless="CI_COMPOSE")
    with running_compose(f"doodle-test-{uuid4().hex[:8]}") as running:
        import_base_data(running, material.base_data(tmp_path_factory.mktemp("data")) / LABEL_SET.base_data)
        yield running


def import_base_data(stack: ComposeStack, folder: Path) -> None:
    """Import base data as docs/containers.md says."""
    stack.compose("run", "--rm", "-T", "-v", f"{folder}:/data:ro", "model_server", "doodle", "import", "/data")
