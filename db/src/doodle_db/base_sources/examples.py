"""
tf.train.Example without TensorFlow: a map of names to lists of bytes or integers, in protocol buffers' encoding.

Only what our files need is understood: bytes_list and int64_list. Lists of floats are passed over.

Source: tensorflow/core/example/{example,feature}.proto; protobuf.dev, Encoding. tests/parity holds it to TensorFlow's.
"""

from collections.abc import Iterator, Mapping

Value = bytes | int

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_MAX_VARINT_BYTES = 10


def encode(features: Mapping[str, Value]) -> bytes:
    """
    Write features, one value each, in the order of their names: the same features are always the same bytes.

    Args:
        features: by name; integers are not negative.

    >>> encode({"a": 1}).hex()
    '0a0c0a0a0a016112051a030a0101'
    """
    entries = [_field(1, _field(1, name.encode()) + _field(2, _feature(features[name]))) for name in sorted(features)]
    return _field(1, b"".join(entries))


def decode(example: bytes) -> dict[str, Value]:
    """
    Read features that have one value each.

    Returns:
        By name; lists of another length than one, and of floats, are left out.

    Raises:
        ValueError: it is no tf.train.Example.

    >>> decode(encode({"label": b"cat", "height": 300}))
    {'height': 300, 'label': b'cat'}
    """
    features: dict[str, Value] = {}
    for entry in _messages(example, 1, 1):
        names, values = list(_messages(entry, 1)), list(_messages(entry, 2))
        if len(names) != 1 or len(values) > 1:
            raise ValueError("a feature has no name")
        found = [value for feature in values for value in _values(feature)]
        if len(found) == 1:
            features[names[0].decode()] = found[0]
    return features


def _feature(value: Value) -> bytes:
    if isinstance(value, bytes):
        return _field(1, _field(1, value))
    return _field(3, _field(1, _varint(value)))


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | _BYTES) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def _values(feature: bytes) -> Iterator[Value]:
    yield from _messages(feature, 1, 1)
    for numbers in _messages(feature, 3):
        for number, value in _fields(numbers):
            if number != 1:
                continue
            if isinstance(value, int):
                yield value
                continue
            place = 0
            while place < len(value):
                one, place = _read_varint(value, place)
                yield one


def _messages(message: bytes, *path: int) -> Iterator[bytes]:
    """Give the contents of the fields of bytes that lie under these numbers, one in the other."""
    for number, value in _fields(message):
        if number == path[0] and isinstance(value, bytes):
            if len(path) == 1:
                yield value
            else:
                yield from _messages(value, *path[1:])


def _fields(message: bytes) -> Iterator[tuple[int, Value]]:
    """Give number and content of each field: an integer, or bytes."""
    place = 0
    while place < len(message):
        tag, place = _read_varint(message, place)
        kind = tag & 7
        if kind == _VARINT:
            value, place = _read_varint(message, place)
            yield tag >> 3, value
            continue
        if kind == _BYTES:
            size, place = _read_varint(message, place)
        elif kind in {_FIXED64, _FIXED32}:
            size = 8 if kind == _FIXED64 else 4
        else:
            raise ValueError(f"a field is of kind {kind}")
        if place + size > len(message):
            raise ValueError("it ends in the middle of a field")
        yield tag >> 3, message[place : place + size]
        place += size


def _read_varint(message: bytes, place: int) -> tuple[int, int]:
    value = 0
    for index in range(_MAX_VARINT_BYTES):
        if place + index >= len(message):
            raise ValueError("it ends in the middle of a number")
        byte = message[place + index]
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return value, place + index + 1
    raise ValueError("a number is too long")
