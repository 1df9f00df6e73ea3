"""What teachers answer to base drawings, kept in files: one teacher one file, plain arrays."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from training_server.errors import ExamplesError


def write_answers(path: Path, ids: Sequence[UUID], answers: NDArray[np.float32]) -> None:
    """
    Write a teacher's answers; whoever reads the file finds all of them or no file.

    Args:
        path: of the .npz file.
        ids: of the drawings.
        answers: float32, shape (num_drawings, num_labels), each row a distribution.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_name(f".{path.name}.part")
    with written.open("wb") as file:
        np.savez_compressed(file, ids=_to_bytes(ids), answers=answers)
    written.rename(path)


def read_answers(paths: Sequence[Path], ids: Sequence[UUID], num_labels: int) -> NDArray[np.float32]:
    """
    Read the mean of several teachers' answers.

    Args:
        paths: of their files, at least one.
        ids: of the drawings in the order wanted.
        num_labels: of the label set.

    Returns:
        float32, shape (num_drawings, num_labels), each row a distribution.

    Raises:
        ExamplesError: a file has no answers to one of the drawings, or answers to other labels.
    """
    return np.asarray(np.mean([_read(path, ids, num_labels) for path in paths], axis=0), np.float32)


def _read(path: Path, ids: Sequence[UUID], num_labels: int) -> NDArray[np.float32]:
    with np.load(path, allow_pickle=False) as arrays:
        known, answers = arrays["ids"], np.asarray(arrays["answers"], np.float32)
    if answers.shape != (len(known), num_labels):
        raise ExamplesError(f"{path} has answers of shape {answers.shape}; ({len(known)}, {num_labels}) was expected.")
    row_of = {name.tobytes(): row for row, name in enumerate(known)}
    missing = sum(each.bytes not in row_of for each in ids)
    if missing:
        raise ExamplesError(f"{path} has no answer to {missing:,} of {len(ids):,} drawings; it is of other base data.")
    return answers[[row_of[each.bytes] for each in ids]]


def _to_bytes(ids: Sequence[UUID]) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(each.bytes for each in ids), np.uint8).reshape(-1, 16)
