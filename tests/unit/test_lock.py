"""requirements.lock holds what the pyproject.toml files ask for: checked against what is installed, not a registry."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
MEMBERS = ("db", "web", "model_server", "training_server", "cli")
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
REMEDY = "run `make lock`"


def read_pins() -> dict[str, Requirement]:
    """Read the lock's packages that are meant for this machine."""
    lines = re.findall(r"^(\S+==.*?)(?: \\)?$", LOCK, re.MULTILINE)
    pins = [Requirement(line) for line in lines]
    return {canonicalize_name(pin.name): pin for pin in pins if pin.marker is None or pin.marker.evaluate()}


def read_wishes() -> list[Requirement]:
    """Read what every pyproject.toml asks for, our own packages left out."""
    projects = [tomllib.loads((ROOT / member / "pyproject.toml").read_text()) for member in MEMBERS]
    root = tomllib.loads((ROOT / "pyproject.toml").read_text())
    ours = {canonicalize_name(project["project"]["name"]) for project in projects}
    texts = [text for project in [root, *projects] for text in project["project"]["dependencies"]]
    extras = [project["project"].get("optional-dependencies", {}) for project in projects]
    texts += [text for extra in extras for wishes in extra.values() for text in wishes]
    wishes = [Requirement(text) for text in texts + root["dependency-groups"]["dev"]]
    return [wish for wish in wishes if canonicalize_name(wish.name) not in ours]


def follow(wish: Requirement, seen: set[tuple[str, str]]) -> Iterator[Requirement]:
    """Give a wish that concerns this machine, and what its package asks for in turn, from the installed metadata."""
    for extra in ("", *sorted(wish.extras)):
        name = canonicalize_name(wish.name)
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        for text in _find_wishes_of(name):
            further = Requirement(text)
            if further.marker is None or further.marker.evaluate({"extra": extra}):
                yield further
                yield from follow(further, seen)


def list_all_wishes() -> list[Requirement]:
    """List every wish, direct and indirect, that concerns this machine."""
    direct = [wish for wish in read_wishes() if wish.marker is None or wish.marker.evaluate()]
    seen: set[tuple[str, str]] = set()
    return [each for wish in direct for each in (wish, *follow(wish, seen))]


def test_every_wish_is_locked_in_a_version_it_allows() -> None:
    """A dependency added or raised in a pyproject.toml does not go unlocked."""
    pins = read_pins()
    unlocked = {wish.name for wish in list_all_wishes() if canonicalize_name(wish.name) not in pins}
    assert unlocked == set(), REMEDY

    refused = {
        str(wish)
        for wish in list_all_wishes()
        if not wish.specifier.contains(_pinned_version(pins[canonicalize_name(wish.name)]), prereleases=True)
    }
    assert refused == set(), REMEDY


def test_nothing_is_locked_that_nobody_wishes_for() -> None:
    """A dependency removed from a pyproject.toml does not stay in the lock."""
    wished = {canonicalize_name(wish.name) for wish in list_all_wishes()}

    assert set(read_pins()) - wished == set(), REMEDY


def test_what_is_installed_is_what_is_locked() -> None:
    """Tests say something about the versions that everybody else will get."""
    installed = {name: _find_version(name) for name in read_pins()}

    assert {name: _pinned_version(pin) for name, pin in read_pins().items()} == installed, "run `make env`"


@pytest.mark.parametrize("pin", re.findall(r"^\S+==.*(?:\n    .*)*", LOCK, re.MULTILINE), ids=lambda pin: pin[:30])
def test_every_package_is_locked_by_its_content(pin: str) -> None:
    """A package is known by its hashes, from wherever it comes; no address stands in the lock (decision 0001)."""
    assert "--hash=sha256:" in pin
    assert "://" not in pin


def _find_wishes_of(name: str) -> list[str]:
    """Find what an installed package asks for; nothing if it is not installed, which another test tells."""
    try:
        return requires(name) or []
    except PackageNotFoundError:
        return []


def _pinned_version(pin: Requirement) -> str:
    return str(pin.specifier).removeprefix("==")


def _find_version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
