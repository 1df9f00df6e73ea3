"""What to do where something a test needs is not there."""

import os
from typing import NoReturn

import pytest


def skip_or_fail(reason: str, unless: str = "CI") -> NoReturn:
    """
    Skip the test and say why; in CI fail, because there everything that should be tested must be there.

    Args:
        reason: what is missing.
        unless: the variable that tells that it must not be; CI_COMPOSE and CI_CLOUD where only some have what it takes.
    """
    if os.environ.get(unless):
        pytest.fail(reason)
    pytest.skip(reason)
