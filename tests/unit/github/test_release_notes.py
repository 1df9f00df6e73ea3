"""A release says what changed, and what it is made of."""

from pathlib import Path

import pytest

from doodle_testing.scripts import ROOT, load_script

release_notes = load_script(".github/scripts/release_notes.py")
base_images = load_script(".github/scripts/base_images.py")

CHANGELOG = """\
# Changelog

## Unreleased

## 1.10.0 - 2026-12-24

### Added

* A tree.

## 1.1.0

* Older.
"""


def test_a_section_is_cut_out() -> None:
    """From its heading to the next; 1.1.0 is not 1.10.0."""
    assert release_notes.cut_section(CHANGELOG, "1.10.0") == "### Added\n\n* A tree."
    assert release_notes.cut_section(CHANGELOG, "1.1.0") == "* Older."


@pytest.mark.parametrize("version", ["Unreleased", "2.0.0", "1.1"])
def test_a_release_without_notes_is_refused(version: str) -> None:
    """It ends before an image is built."""
    with pytest.raises(SystemExit, match="says nothing about"):
        release_notes.cut_section(CHANGELOG, version)


def test_the_changelog_has_a_section_to_rename() -> None:
    """What is written down between releases is found when one is made."""
    assert release_notes.cut_section((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), "Unreleased")


def test_notes_name_images_and_bases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever wants to build the same finds every digest."""
    files = {
        "changelog": CHANGELOG,
        "a": "ghcr.io/a/nginx:1.1.0@sha256:12\n",
        "b": "b:1=docker-image://b:1@sha256:3\n\n",
    }
    paths = {name: tmp_path / name for name in files}
    for name, content in files.items():
        paths[name].write_text(content)

    release_notes.main(["1.1.0", str(paths["changelog"]), "--images", str(paths["a"]), "--bases", str(paths["b"])])

    assert capsys.readouterr().out == (
        "* Older.\n\n## Images\n\n* `ghcr.io/a/nginx:1.1.0@sha256:12`\n\nBuilt on, or run with:\n\n* `b:1@sha256:3`\n"
    )


def test_every_base_image_is_found() -> None:
    """Stages and our own images are none; the database's image counts, too."""
    paths = [*sorted(ROOT.glob("*/Dockerfile")), ROOT / "docker-compose.yml"]
    found = base_images.find_base_images(path.read_text(encoding="utf-8") for path in paths)

    assert {"nginx:1.28", "node:24-slim", "postgres:17", "python:3.11-slim"} <= set(found)
    assert [name for name in found if ":" not in name] == []
