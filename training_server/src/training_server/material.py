"""What a run reads from the database: its new doodles, replay of older ones, and the holdouts it is judged on."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from uuid import UUID

import numpy as np
from sqlalchemy import Connection

from doodle_db.training_counts import read_last_verdict
from doodle_db.training_sets import (
    LabelledBitmaps,
    count_fresh,
    select_held_out_of_label,
    select_holdout,
    select_new,
    select_of_label,
    select_replay,
)
from training_server.claims import ClaimedRun
from training_server.dataset import join, num_replay_for
from training_server.label_plan import LabelPlan

NUM_RECENT = 2_000
"""The users' newest held-out doodles: enough to see a difference of one percent, few enough to be recent."""

NUM_BASE = 4_000
"""Held-out base drawings: all that 20,000 base drawings hold back, with room; of more, a random sample."""

NUM_GROWN = 3_000
"""Drawings of a new label: as many as there are of an old one in a large base; more would drown the others."""

NUM_GROWN_RECENT = 300
"""Held-out drawings of a new label: recent or not, no verdict was made on them while no candidate knew it."""


@dataclass(frozen=True)
class Material:
    """
    Drawings for one run.

    Attributes:
        new: of the train split, recorded since the live version's watermark (MAX_NEW at most); of labels it does not
            know, whenever.
        replay: of the train split: first base data, then users' older doodles.
        recent: held-out doodles of users, newest first; then those of labels the live version does not know.
        base: held-out base drawings.
        num_fresh: recent ones that no verdict was made on before; None: all.
        num_base_replay: how many of replay are base data: the first ones.
    """

    new: LabelledBitmaps
    replay: LabelledBitmaps
    recent: LabelledBitmaps
    base: LabelledBitmaps
    num_fresh: int | None = None
    num_base_replay: int = 0


def read_material(connection: Connection, labels: LabelPlan, run: ClaimedRun, seed: int) -> Material:
    """
    Read everything a run needs.

    Args:
        connection: in one transaction of its own, REPEATABLE READ, so that all parts are of one moment.
        labels: which labels and shape.
        run: its watermarks say what is new.
        seed: of the draw of replay.
    """
    known, grown = labels.known, labels.grown
    # However old they are: while there were too few of a label, runs went past its drawings and moved the watermark on.
    learnt = [select_of_label(connection, labels.label_set, name, NUM_GROWN, run.watermark_to) for name in grown]
    new = select_new(connection, known, run.watermark_from, run.watermark_to, run.last_too_old)
    new = join(new, *learnt)
    pivot = UUID(bytes=np.random.default_rng(seed).bytes(16))
    trusted, older = draw_both(
        lambda num_per_label: select_replay(connection, known, run.watermark_from, num_per_label, pivot, "base"),
        lambda num_per_label: select_replay(connection, known, run.watermark_from, num_per_label, pivot, "user"),
        num_wanted=num_replay_for(len(new)) if len(new) else 0,
        num_labels=len(known.names),
    )
    # What came in since the run was claimed has not been screened.
    before = run.watermark_to
    recent = select_holdout(connection, known, "user", NUM_RECENT, before)
    num_fresh = count_fresh(connection, known, "user", NUM_RECENT, read_last_verdict(connection), before)
    unseen = [select_held_out_of_label(connection, labels.label_set, name, NUM_GROWN_RECENT, before) for name in grown]
    base = select_holdout(connection, known, "base", NUM_BASE)
    return Material(
        new=new,
        replay=join(trusted, older),
        recent=join(recent, *unseen),
        base=base,
        num_fresh=num_fresh + sum(map(len, unseen)),
        num_base_replay=len(trusted),
    )


Select = Callable[[int], LabelledBitmaps]
"""Reads at most so many rows of each label, always the first of a fixed order."""


def draw_both(
    select_base: Select, select_older: Select, num_wanted: int, num_labels: int
) -> tuple[LabelledBitmaps, LabelledBitmaps]:
    """
    Draw replay from base data and from users' older doodles, at least half of it from base data if there is as much.

    Otherwise users' doodles, of which there are more every day, would crowd out what holds the ground.

    Args:
        select_base, select_older: read either.
        num_wanted: rows in all, up to rounding.
        num_labels: of the label set.

    Returns:
        Rows of base data, and of older doodles.
    """
    older = draw_replay(select_older, num_wanted // 2, num_labels)
    trusted = draw_replay(select_base, num_wanted - len(older), num_labels)
    if len(trusted) + len(older) < num_wanted:
        older = draw_replay(select_older, num_wanted - len(trusted), num_labels)
    return trusted, older


def draw_replay(select: Select, num_wanted: int, num_labels: int) -> LabelledBitmaps:
    """
    Draw replay evenly over the labels; what a scarce label lacks, the others make up for.

    Args:
        select: reads at most so many rows of each label, the first of a fixed order.
        num_wanted: rows in all, up to rounding.
        num_labels: of the label set.
    """
    num_per_label = ceil(num_wanted / num_labels)
    while True:
        rows = select(num_per_label)
        more = share_out(np.bincount(rows.labels, minlength=num_labels).tolist(), num_per_label, num_wanted)
        if more == num_per_label:
            return rows
        num_per_label = more


def share_out(counts: list[int], num_per_label: int, num_wanted: int) -> int:
    """
    Decide how many rows of each label to ask for next.

    Args:
        counts: rows each label gave.
        num_per_label: what was asked for.
        num_wanted: in all.

    Returns:
        The same number if there are enough rows or no label has more; a larger one otherwise.

    >>> share_out([100, 100, 10], num_per_label=100, num_wanted=300)
    145
    >>> share_out([145, 145, 10], num_per_label=145, num_wanted=300)
    145
    """
    exhausted = [count for count in counts if count < num_per_label]
    num_left = len(counts) - len(exhausted)
    if sum(counts) >= num_wanted or not num_left:
        return num_per_label
    return ceil((num_wanted - sum(exhausted)) / num_left)
