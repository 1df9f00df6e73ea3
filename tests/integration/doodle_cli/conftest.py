"""nginx in front of echoing services, started once for each file of tests."""

from collections.abc import Iterator

import pytest

from doodle_testing.echo_site import Site, running_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """nginx in front of two echoing services, with generous limits."""
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running
