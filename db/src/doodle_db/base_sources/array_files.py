"""NumPy's .npy format, some rows at a time: header and size are checked before anything is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from tokenize import TokenError
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy_format
from numpy.typing import NDArray

from doodle_db.errors import InvalidError

_READ_HEADER = {(1, 0): npy_format.read_array_header_1_0, (2, 0): npy_format.read_array_header_2_0}


@dataclass(frozen=True)
class ArrayFile:
    """
    An array that lies in a file, whose rows have not been read yet.

    Attributes:
        name: for messages.
        file: stands at the first row.
        dtype, shape: as the header says, and as the size confirms.
    """

    name: str
    file: Any
    dtype: np.dtype[Any]
    shape: tuple[int, ...]

    @property
    def row_bytes(self) -> int:
        """How many bytes a row has."""
        return self.dtype.itemsize * prod(self.shape[1:])


def open_array(file: Any, name: str, size_bytes: int) -> ArrayFile:
    """
    Read an array's header.

    Args:
        file: open for reading bytes, at its beginning.
        name: for messages.
        size_bytes: of the whole file; it must be exactly what the header announces.

    Raises:
        InvalidError: it is no .npy, holds Python objects, is in Fortran's order, or has another size.
    """
    try:
        version = npy_format.read_magic(file)
        shape, is_fortran, dtype = _READ_HEADER[version](file)
    except (ValueError, KeyError, TypeError, EOFError, SyntaxError, TokenError) as fault:
        raise InvalidError(f"{name} is no array in NumPy's format 1.0 or 2.0; numpy.save writes one.") from fault
    if dtype.hasobject:
        raise InvalidError(f"{name} holds Python objects (a pickle), which are never loaded; save plain numbers.")
    if is_fortran and len(shape) > 1:
        raise InvalidError(f"{name} lies in Fortran's order; save numpy.ascontiguousarray of it.")
    array = ArrayFile(name, file, dtype, shape)
    expected = file.tell() + array.row_bytes * (shape[0] if shape else 1)
    if not shape or size_bytes != expected:
        raise InvalidError(
            f"{name} has {size_bytes} bytes; {dtype} {shape} makes {expected}. Was it cut off? Fetch it again."
        )
    return array


def read_rows(array: ArrayFile, num_at_once: int) -> Iterator[NDArray[Any]]:
    """
    Read an array from its first row to its last.

    Args:
        array: as open_array gives it; read once.
        num_at_once: rows at a time, at most.

    Returns:
        Arrays of the file's dtype, shape (num_rows, ...).

    Raises:
        InvalidError: the file ends before the array does.
    """
    for start in range(0, array.shape[0], num_at_once):
        num_rows = min(num_at_once, array.shape[0] - start)
        content = array.file.read(num_rows * array.row_bytes)
        if len(content) != num_rows * array.row_bytes:
            raise InvalidError(f"{array.name} ends in the middle of row {start + len(content) // array.row_bytes}.")
        yield np.frombuffer(content, array.dtype).reshape(num_rows, *array.shape[1:])


def require_bitmaps(array: ArrayFile, height: int, width: int) -> None:
    """
    Refuse an array that holds no bitmaps of a shape.

    Args:
        array: any.
        height: of a bitmap, in pixels.
        width: of a bitmap, in pixels.

    Raises:
        InvalidError: it is not uint8 of shape (n, height x width) or (n, height, width).
    """
    if array.dtype != np.uint8 or array.shape[1:] not in {(height * width,), (height, width)}:
        raise InvalidError(
            f"{array.name} is {array.dtype} {array.shape}; uint8 (n, {height * width}) or (n, {height}, {width}) was "
            "expected."
        )


class ArrayWriter:
    """Writes an array row by row, its length last; for one thread, once."""

    def __init__(self, file: BinaryIO, dtype: np.dtype[Any], row_shape: tuple[int, ...]) -> None:
        """
        Args:
            file: open for writing bytes, at its beginning; stays open.
            dtype: of the array.
            row_shape: of one row.
        """
        self._file = file
        self._dtype = dtype
        self._row_shape = row_shape
        self._num_rows = 0
        self._write_header()

    def write(self, rows: NDArray[Any]) -> None:
        """Append rows: of the dtype and shape announced."""
        self._file.write(np.ascontiguousarray(rows, self._dtype).reshape(len(rows), *self._row_shape).tobytes())
        self._num_rows += len(rows)

    def finish(self) -> None:
        """Put in how many rows there are; numpy leaves room for that in every header it writes."""
        self._file.seek(0)
        self._write_header()

    def _write_header(self) -> None:
        header = {
            "descr": npy_format.dtype_to_descr(self._dtype),
            "fortran_order": False,
            "shape": (self._num_rows, *self._row_shape),
        }
        npy_format.write_array_header_1_0(self._file, header)
