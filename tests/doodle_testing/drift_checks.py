"""What a worker may have found about drift, without looking."""

from datetime import datetime, timedelta
from uuid import UUID

from doodle_db.drift import SIDES, DriftCheck, Level, Measure

INK = {"steady": 0.1, "watch": 0.5, "alert": 3.0}


def drift_check(
    now: datetime,
    finding: Level = "steady",
    state: Level = "steady",
    *,
    version: str | None = None,
    drawn_now: tuple[UUID, ...] = (),
    drawn_before: tuple[UUID, ...] = (),
) -> DriftCheck:
    """
    Make a check that speaks of ink alone.

    Args:
        now: when it was made.
        finding: what it says by itself.
        state: what holds from then on.
        version: which looked.
        drawn_now, drawn_before: drawings to look at.
    """
    histogram = {"edges": [0.0, 0.5, 1.0], "now": [50, 50], "before": [150, 50]}
    return DriftCheck(
        state=state,
        finding=finding,
        version=version,
        num_present=100,
        num_reference=200,
        present_from=now - timedelta(hours=1),
        present_to=now,
        reference_from=now - timedelta(days=2),
        reference_to=now - timedelta(hours=2),
        measures=(Measure("ink", INK[finding], 0.02, 0.001, 0.0025, 0.25, 2.0, finding),),
        pictures={
            "labels": {"names": ["cat", "dog"], "now": [40, 60], "before": [100, 100]},
            "ink": histogram,
            "confidence": histogram,
            "samples": {
                "chosen_by": "difference",
                **{
                    side: [str(each) for each in drawn]
                    for side, drawn in zip(SIDES, (drawn_now, drawn_before), strict=True)
                },
            },
        },
        created_at=now,
    )
