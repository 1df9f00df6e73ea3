"""What an image installs is what the lock names, hash by hash; nothing gets in beside it."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[3]

LOCK = """\
flask==3.1 \\
    --hash=sha256:01
numpy==2.4 ; python_full_version < '3.12' \\
    --hash=sha256:02 \\
    --hash=sha256:03
numpy==2.5 ; python_full_version >= '3.12' \\
    --hash=sha256:04
unhashed==1
"""


@pytest.fixture(scope="module")
def image_lock() -> ModuleType:
    """The script, which is part of no package."""
    spec = spec_from_file_location("image_lock", ROOT / "containers" / "image_lock.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_name_keeps_all_its_versions_and_hashes(image_lock: ModuleType) -> None:
    """The lock is for every platform, and an image may be built for any."""
    selected = image_lock.select(["numpy"], image_lock.read_entries(LOCK))

    assert selected == LOCK[LOCK.index("numpy") : LOCK.index("unhashed")]


@pytest.mark.parametrize("name", ["absent", "unhashed"])
def test_what_is_not_locked_ends_the_build(image_lock: ModuleType, name: str) -> None:
    """A dependency that somebody forgot to lock is not fetched unseen."""
    with pytest.raises(SystemExit, match=f"does not hold {name}; `make lock`"):
        image_lock.select(["flask", name], image_lock.read_entries(LOCK))


def test_the_projects_own_lock_is_read_as_a_whole(image_lock: ModuleType) -> None:
    """No entry is lost between two others."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = image_lock.read_entries(lock)

    assert "".join(entries.values()) == lock
    assert {"flask", "numpy", "tensorflow-cpu"} <= entries.keys()
    assert image_lock.select(entries, entries).count("--hash=") == lock.count("--hash=")
