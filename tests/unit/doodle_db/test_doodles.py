"""What a doodle is told apart by."""

import hashlib
import json
from dataclasses import replace
from uuid import UUID

import pytest

from doodle_db.doodles import Doodle, content_hash
from doodle_testing.builders import doodle

PLAIN = doodle(UUID(int=1))


@pytest.mark.parametrize(
    "sent",
    [
        PLAIN,
        replace(PLAIN, strokes=[[[0, 255], [3, 4]], [[1], [2]]]),
        replace(PLAIN, label='caf\u00e9 "au lait"', guess="dog", confidence=1e-7, model_version="0" * 12),
        replace(PLAIN, confidence=1.0),
    ],
)
def test_the_hash_is_that_of_everything_the_client_sent(sent: Doodle) -> None:
    """A doodle stored by an earlier release is known again: the hash is of all of it as JSON, and of the bitmap."""
    said = [sent.label, sent.height, sent.width, sent.strokes]
    guessed = [sent.guess, sent.confidence, sent.model_version]
    text = json.dumps([said, guessed], separators=(",", ":"))

    assert content_hash(sent) == hashlib.sha256(text.encode() + sent.bitmap).digest()
