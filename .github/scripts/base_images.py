"""
List the images that ours stand on.

    python3 base_images.py FILE [FILE...]

FILEs are Dockerfiles and compose files. The release resolves each tag to a digest, and builds from these.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

_FROM = re.compile(r"^FROM (?:--platform=\S+ )?(\S+)(?: AS (\S+))?$", re.MULTILINE)
_IMAGE = re.compile(r"^ +image: ([^\s$]+)$", re.MULTILINE)
_NO_IMAGE = "scratch"


def find_base_images(files: Iterable[str]) -> list[str]:
    """
    Find the images that come from a registry.

    Args:
        files: contents of Dockerfiles and compose files.

    Returns:
        Names with tags, in alphabetical order; neither stages of a Dockerfile nor images of our own.
    """
    return sorted({name for content in files for name in _from_elsewhere(content)})


def _from_elsewhere(content: str) -> set[str]:
    origins = _FROM.findall(content)
    stages = {stage for _, stage in origins} | {_NO_IMAGE}
    return {name for name, _ in origins if name not in stages} | set(_IMAGE.findall(content))


if __name__ == "__main__":
    print("\n".join(find_base_images(Path(path).read_text(encoding="utf-8") for path in sys.argv[1:])))
