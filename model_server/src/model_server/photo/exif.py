"""How a camera was held, as it wrote into the picture's Exif."""

from struct import Struct

UPRIGHT = 1

ORIENTATION_TAG = 0x0112

ORDERS = {b"II*\0": "<", b"MM\0*": ">"}


def find_orientation(exif: bytes) -> int:
    """
    Find the orientation among the first directory's entries.

    Args:
        exif: a TIFF file's beginning, without "Exif" before it; anything else is taken as saying nothing.

    Returns:
        1 to 8; 1, upright, where none is written down.
    """
    order = ORDERS.get(exif[:4])
    if order is None or len(exif) < 8:
        return UPRIGHT
    number, entry = Struct(f"{order}H"), Struct(f"{order}HHIHxx")
    (begin,) = Struct(f"{order}I").unpack_from(exif, 4)
    (num_entries,) = number.unpack(exif[begin : begin + 2].rjust(2, b"\0"))
    entries = exif[begin + 2 : begin + 2 + num_entries * entry.size]
    for tag, _, _, value in entry.iter_unpack(entries[: len(entries) // entry.size * entry.size]):
        if tag == ORIENTATION_TAG:
            return value if value in range(1, 9) else UPRIGHT
    return UPRIGHT
