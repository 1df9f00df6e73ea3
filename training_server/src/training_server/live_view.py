"""New doodles as the live version sees them, handed to the rules of the screening: by a worker, or by a drill."""

from dataclasses import dataclass

import keras
import numpy as np

from doodle_db.manifest import Rejection
from doodle_db.rejection import measure_strangeness
from doodle_db.screening_sets import ScreenedDoodles
from doodle_db.training_sets import LabelledBitmaps
from training_server.dataset import take
from training_server.embedding import embed
from training_server.screening import Decision, KnownDoodles, NewDoodles, Screening, ScreeningPolicy, screen

NUM_TRUSTED_PER_LABEL = 1_000
"""Trusted drawings of each label: with twice as many, decisions differed on one doodle in a hundred."""

MAX_AT_ONCE = 10_000
"""Doodles that are compared with each other; more are screened in parts, in the order in which they came."""


@dataclass(frozen=True)
class LiveView:
    """
    What a screening asks of the live version, which has been trained on none of the new drawings.

    Attributes:
        network: ends in logits; only to be asked.
        label_names: in the order of the logits.
        rejection: of its manifest.
    """

    network: keras.Model
    label_names: tuple[str, ...]
    rejection: Rejection


def screen_by(
    live: LiveView,
    new: ScreenedDoodles,
    trusted: LabelledBitmaps,
    label_names: tuple[str, ...],
    policy: ScreeningPolicy,
) -> Screening:
    """
    Decide which new doodles are used.

    Args:
        live: the version that is live.
        new: the doodles.
        trusted: drawings to compare them with, at most NUM_TRUSTED_PER_LABEL of each label.
        label_names: what labels of both are indices into; the live version may know fewer.
        policy: the limits.
    """
    known = _look_at_trusted(live, trusted, label_names)
    decisions: dict[int, Decision] = {}
    for start in range(0, len(new), MAX_AT_ONCE):
        part = new.take(slice(start, start + MAX_AT_ONCE))
        found = screen(_look_at(live, part), known, policy).decisions
        decisions.update({start + row: decision for row, decision in found.items()})
    return Screening(decisions, len(new))


def _look_at_trusted(live: LiveView, trusted: LabelledBitmaps, label_names: tuple[str, ...]) -> KnownDoodles:
    # What the live version has not learnt looks to it like something else: there is nothing to judge such doodles by.
    learnt = np.array([name in live.label_names for name in label_names])
    rows = take(trusted, np.flatnonzero(learnt[trusted.labels]))
    embeddings = embed(live.network, rows.bitmaps).embeddings
    return KnownDoodles(rows.labels, embeddings, label_names, live.rejection.threshold)


def _look_at(live: LiveView, new: ScreenedDoodles) -> NewDoodles:
    embedded = embed(live.network, new.bitmaps)
    return NewDoodles(
        bitmaps=new.bitmaps,
        labels=new.labels,
        contributors=new.contributors,
        is_test=new.is_test,
        embeddings=embedded.embeddings,
        energies=measure_strangeness(live.rejection.ink, embedded.logits, new.bitmaps),
        is_reviewed=new.is_reviewed,
    )
