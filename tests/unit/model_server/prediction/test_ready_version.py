"""A version is asked only after it has answered its manifest's sample as its trainer saw it answer."""

from pathlib import Path

import numpy as np
import pytest

from doodle_db.manifest import Manifest
from doodle_testing.builders import LABEL_SET
from doodle_testing.paper_networks import CERTAINTY, build_paper_version, make_paper_network
from model_server.prediction.errors import VersionUnusableError
from model_server.prediction.ready_version import prepare


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    """Of a version that guesses cats."""
    return build_paper_version(tmp_path, "0123456789ab", "cat")


def test_a_version_that_passes_is_asked(manifest: Manifest) -> None:
    """One row of logits a drawing, in the order of the labels."""
    ready = prepare(manifest, make_paper_network("cat"))

    logits = ready.ask(np.zeros((3, 28, 28), np.uint8))

    assert (logits.shape, logits.dtype.name) == ((3, len(LABEL_SET.names)), "float32")
    assert logits[0].tolist() == [CERTAINTY * (name == "cat") for name in LABEL_SET.names]
    assert ready.version == manifest.version


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "cannot be run"),
        (b"spoilt", "cannot be run"),
        (make_paper_network("cat")[:200], "cannot be run"),
        (make_paper_network("dog"), "does not pass its self-check"),
        (make_paper_network("cat", height=20), "cannot be run"),
        (make_paper_network("cat", num_labels=7), r"shape \(1, 7\)"),
    ],
)
def test_what_is_not_the_version_is_not_asked(manifest: Manifest, content: bytes, words: str) -> None:
    """Broken, another's, of another input or of other labels: each is refused in words."""
    with pytest.raises(VersionUnusableError, match=words):
        prepare(manifest, content)


def test_another_preprocessing_is_refused(manifest: Manifest) -> None:
    """What makes other numbers of a bitmap would give other answers without a word."""
    newer = manifest.model_copy(update={"input": manifest.input.model_copy(update={"preprocessing": 2})})

    with pytest.raises(VersionUnusableError, match="preprocessing 2"):
        prepare(newer, make_paper_network("cat"))


def test_an_answer_that_is_no_number_does_not_pass(manifest: Manifest) -> None:
    """NaN is near to nothing."""
    network = make_paper_network("cat", certainty=float("nan"))

    with pytest.raises(VersionUnusableError, match="self-check"):
        prepare(manifest, network)
