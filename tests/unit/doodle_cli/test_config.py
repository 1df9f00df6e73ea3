"""Settings: read once, checked, and nothing of the user's environment leaks into the children."""

from pathlib import Path

import pytest

from doodle_cli.config import read_settings
from doodle_cli.errors import SettingsError


def test_nothing_has_to_be_set() -> None:
    """A first `doodle up` needs no environment."""
    settings = read_settings({})

    assert (settings.home, settings.label_set, settings.data_dir) == (Path(".doodle"), "animals", None)
    assert (settings.url, settings.token, settings.database_url) == (None, None, None)


def test_set_to_nothing_is_not_set() -> None:
    """Compose files pass on empty values for what nobody gave."""
    settings = read_settings({"DOODLE_URL": "", "DOODLE_DATA_DIR": "", "DOODLE_WRITES_BURST": ""})

    assert (settings.url, settings.data_dir, settings.front.writes_burst) == (None, None, 100)


def test_children_learn_of_the_system_and_of_what_is_theirs() -> None:
    """What the user has lying about in the environment is nobody's business."""
    settings = read_settings(
        {"PATH": "/bin", "LC_ALL": "C", "DELTA_MIN_DOODLES": "7", "AWS_SECRET_ACCESS_KEY": "x", "PYTHONPATH": "/home"}
    )

    assert dict(settings.system) == {"PATH": "/bin", "LC_ALL": "C"}
    assert dict(settings.services) == {"DELTA_MIN_DOODLES": "7"}
    assert dict(settings.store) == {"AWS_SECRET_ACCESS_KEY": "x"}


@pytest.mark.parametrize("count", ["0", "-1", "many", "1.5", "²", "1000001"])
def test_a_limit_is_a_count(count: str) -> None:
    """What nginx would stumble over is refused by name."""
    with pytest.raises(SettingsError, match=r"DOODLE_WRITES_PER_SECOND=.* is no count"):
        read_settings({"DOODLE_WRITES_PER_SECOND": count})
