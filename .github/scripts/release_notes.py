"""
Write a release's notes: its section of the changelog, and which images it is made of.

    python3 release_notes.py VERSION CHANGELOG [--images FILE...] [--bases FILE]

An images' file holds `name:tag@digest`, the bases' lines are `name=docker-image://name@digest`.
"""

import argparse
import re
from collections.abc import Sequence
from pathlib import Path


def cut_section(changelog: str, version: str) -> str:
    """
    Cut out what a version changes.

    Args:
        changelog: with a section `## 1.2.3 - 2026-11-30` (the date is optional) for each version.
        version: without a v.

    Raises:
        SystemExit: there is no such section, or nothing stands in it.
    """
    heading = rf"^## \[?{re.escape(version)}\]?(?: [^\n]*)?\n"
    found = re.search(heading + r"(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    if found is None or not found[1].strip():
        raise SystemExit(
            f"CHANGELOG.md says nothing about {version}: a section '## {version}' with at least one line was expected. "
            "Rename 'Unreleased', commit, and tag that commit."
        )
    return found[1].strip()


def list_images(images: Sequence[str], bases: Sequence[str]) -> str:
    """
    Show what was built from what.

    Args:
        images: each `name:tag@digest`.
        bases: each `name=docker-image://name@digest`.

    >>> print(list_images(["ghcr.io/a/nginx:1.0.0@sha256:12"], ["nginx:1.28=docker-image://nginx:1.28@sha256:34"]))
    ## Images
    <BLANKLINE>
    * `ghcr.io/a/nginx:1.0.0@sha256:12`
    <BLANKLINE>
    Built on, or run with:
    <BLANKLINE>
    * `nginx:1.28@sha256:34`
    """
    origins = [base.partition("=docker-image://")[2] for base in bases]
    return "\n".join(
        [
            "## Images",
            "",
            *_bullets(images),
            *(["", "Built on, or run with:", "", *_bullets(origins)] if origins else []),
        ]
    )


def _bullets(names: Sequence[str]) -> list[str]:
    return [f"* `{name}`" for name in sorted(names)]


def _read_lines(paths: Sequence[Path]) -> list[str]:
    return [line.strip() for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the notes."""
    parser = argparse.ArgumentParser(description="Write a release's notes.")
    parser.add_argument("version")
    parser.add_argument("changelog", type=Path)
    parser.add_argument("--images", type=Path, nargs="*", default=[])
    parser.add_argument("--bases", type=Path)
    given = parser.parse_args(arguments)
    print(cut_section(given.changelog.read_text(encoding="utf-8"), given.version))
    images = _read_lines(given.images)
    if images:
        print("", list_images(images, _read_lines([given.bases] if given.bases else [])), sep="\n")


if __name__ == "__main__":
    main()
