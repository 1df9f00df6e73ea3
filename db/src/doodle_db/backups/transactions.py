"""
Transaction numbers in another cluster.

Doodles and watermarks carry the numbers of transactions (docs/decisions/0011), which mean something in one cluster
only. A restore moves all of them, by the same amount, below every number the new cluster can give: the order of rows
and watermarks stays as it was, so exactly the same doodles are new; and whatever is recorded from then on is newer
than all of them.
"""

from doodle_db.watermark import BEFORE_EVERYTHING

NULL = b"\\N"
"""How COPY writes that there is no value."""


def move_number(number: int, transactions_before: int) -> int:
    """
    Move a transaction number below those of any cluster, whose first is 3.

    Zero and what is before everything are no transactions: as watermarks they say that no doodle has been learnt from,
    and go on saying so.

    Args:
        number: a row's transaction, or a watermark.
        transactions_before: no number that is to be moved is above this one.

    >>> move_number(900, 900), move_number(899, 900), move_number(0, 900), move_number(-5, 900)
    (-1, -2, 0, -906)
    """
    is_none = number == 0 or number <= BEFORE_EVERYTHING
    return number if is_none else number - transactions_before - 1


def move_numbers(rows: bytes, num_columns: int, transactions_before: int) -> bytes:
    r"""
    Move the transaction numbers of rows.

    Args:
        rows: in COPY's text format, each ended by a newline.
        num_columns: so many last columns of each row hold transaction numbers, or nothing.
        transactions_before: see move_number.

    >>> move_numbers(b"cat\t700\nfish\t\\N\n", 1, 900)
    b'cat\t-201\nfish\t\\N\n'
    """
    if not num_columns:
        return rows
    return b"".join(_move(row, num_columns, transactions_before) for row in rows.splitlines(keepends=False))


def _move(row: bytes, num_columns: int, transactions_before: int) -> bytes:
    head, *numbers = row.rsplit(b"\t", num_columns)
    moved = [each if each == NULL else b"%d" % move_number(int(each), transactions_before) for each in numbers]
    return b"\t".join([head, *moved]) + b"\n"
