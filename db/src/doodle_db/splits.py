"""Which doodles train and which test: fixed for ever by the id, so that no version has seen the holdout."""

import hashlib
from typing import Literal
from uuid import UUID

Split = Literal["train", "test"]

TEST_SHARE_PERCENT = 15
"""Held out of training: 200 new doodles leave about 30 to test on, 20,000 base drawings about 3,000."""


def split_of(doodle_id: UUID) -> Split:
    """
    Tell the split a doodle belongs to.

    The first four bytes of the id's SHA-256, as a big-endian number modulo 100, stand below TEST_SHARE_PERCENT
    for the test split.

    >>> split_of(UUID(int=0)), split_of(UUID(int=8))
    ('train', 'test')
    """
    digest = hashlib.sha256(doodle_id.bytes).digest()
    return "test" if int.from_bytes(digest[:4], "big") % 100 < TEST_SHARE_PERCENT else "train"
