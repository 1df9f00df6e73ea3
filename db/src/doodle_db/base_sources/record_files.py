"""
TFRecord's framing: a length, its checksum, the record, its checksum; written and read some records at a time.

Source: tensorflow/core/lib/io/record_writer.h: uint64 length, uint32 masked CRC-32C of it, the bytes, uint32 masked
CRC-32C of them, all little-endian.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from doodle_db.base_sources.crc32c import crc32c_of
from doodle_db.errors import InvalidError

MAX_RECORD_BYTES = 1_000_000
"""Ten times a drawing with as many points as are taken."""

MAX_BATCH_BYTES = 8_000_000
"""Of records in memory at a time, each counted as the longest."""

_LENGTH = struct.Struct("<Q")
_CRC = struct.Struct("<I")


def write_records(file: BinaryIO, records: Sequence[bytes]) -> None:
    """
    Append records.

    Args:
        file: open for writing bytes.
        records: a few thousand at most, about equally long.
    """
    lengths = [_LENGTH.pack(len(record)) for record in records]
    for length, length_crc, record, crc in zip(lengths, _checksums(lengths), records, _checksums(records), strict=True):
        file.write(length + length_crc + record + crc)


def read_records(file: BinaryIO, name: str, num_at_once: int) -> Iterator[list[bytes]]:
    """
    Read records up to the file's end.

    Args:
        file: open for reading bytes, at its beginning.
        name: for messages.
        num_at_once: records at a time, at most.

    Raises:
        InvalidError: a checksum is wrong, a record is too long, or the file ends in the middle of one; with its
            number, from 1.
    """
    number = 0
    while batch := _read_some(file, f"{name}, record", number, num_at_once):
        yield batch
        number += len(batch)


def _read_some(file: BinaryIO, where: str, number: int, num_at_once: int) -> list[bytes]:
    records: list[bytes] = []
    told: list[bytes] = []
    longest = 0
    while len(records) < num_at_once and (len(records) + 1) * longest <= MAX_BATCH_BYTES:
        record = _read_one(file, f"{where} {number + len(records) + 1}")
        if record is None:
            break
        records.append(record[0])
        told.append(record[1])
        longest = max(longest, len(record[0]))
    for index, (found, expected) in enumerate(zip(_checksums(records), told, strict=True)):
        if found != expected:
            raise InvalidError(f"{where} {number + index + 1} is damaged: its checksum is wrong. Fetch the file again.")
    return records


def _read_one(file: BinaryIO, where: str) -> tuple[bytes, bytes] | None:
    """Give a record and the checksum that is told for it; None at the file's end."""
    head = file.read(12)
    if not head:
        return None
    if len(head) < 12 or _checksums([head[:8]]) != [head[8:]]:
        raise InvalidError(f"{where} has no sound length; is this a TFRecord file, and not packed?")
    (length,) = _LENGTH.unpack(head[:8])
    if length > MAX_RECORD_BYTES:
        raise InvalidError(f"{where} has {length} bytes; at most {MAX_RECORD_BYTES} are taken.")
    body = file.read(length + 4)
    if len(body) != length + 4:
        raise InvalidError(f"{where} is cut off. Fetch the file again.")
    return body[:length], body[length:]


def _checksums(contents: Sequence[bytes]) -> list[bytes]:
    """Give masked checksums: a CRC of what holds its own CRC would say little, so TensorFlow turns and shifts it."""
    turned = (((crc >> 15) | (crc << 17)) & 0xFFFFFFFF for crc in crc32c_of(contents))
    return [_CRC.pack((crc + 0xA282EAD8) & 0xFFFFFFFF) for crc in turned]
