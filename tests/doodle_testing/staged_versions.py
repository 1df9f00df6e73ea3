"""A small version in a folder, as an export leaves it before it is stored."""

import hashlib
from pathlib import Path

from doodle_db.manifest import Manifest, VersionFile
from doodle_testing.builders import manifest

WEIGHTS = b"weights" * 1_000
REPORT = b"{}"
NUM_WRITES = 3
"""Of a version as build_version makes it: two files and the manifest."""


def build_version(
    folder: Path, weights: bytes = WEIGHTS, report: bytes = REPORT, version: str = "0123456789ab"
) -> Manifest:
    """Write a version's folder as an export does."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for role, path, content in [("weights", "weights.npz", weights), ("report", "report.json", report)]:
        (folder / path).write_bytes(content)
        sha256 = hashlib.sha256(content).hexdigest()
        files.append(VersionFile(role=role, path=path, size_bytes=len(content), sha256=sha256))  # type: ignore[arg-type]
    made = manifest(version, files=[file.model_dump() for file in files])
    (folder / "manifest.json").write_text(made.model_dump_json())
    return made
