"""The live version and its shadow on the same doodles: how often they agree, who is right, how sure either is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, Subquery, case, func, select, union_all

from doodle_db.mcnemar import two_sided_p
from doodle_db.shadows import ShadowDecision
from doodle_db.tables import doodles

WINDOW = 10_000
"""
The newest so many doodles are looked at: some 30 ms, and enough to tell versions apart of which one is right about one
in a hundred more.
"""

_READ = (
    doodles.c.created_at,
    doodles.c.label,
    doodles.c.model_version,
    doodles.c.guess,
    doodles.c.confidence,
    doodles.c.shadow_version,
    doodles.c.shadow_guess,
    doodles.c.shadow_confidence,
)


@dataclass(frozen=True)
class Answers:
    """
    Doodles of one label about which both said the same things.

    Attributes:
        label: what they show, as corrected.
        live_guess, shadow_guess: what either said.
        num_doodles: how many.
        live_confidence, shadow_confidence: sums over them of how sure either was.
    """

    label: str
    live_guess: str
    shadow_guess: str
    num_doodles: int
    live_confidence: float
    shadow_confidence: float

    @property
    def is_live_right(self) -> bool:
        """Whether the live version is right about them."""
        return self.live_guess == self.label

    @property
    def is_shadow_right(self) -> bool:
        """Whether the shadow is."""
        return self.shadow_guess == self.label


@dataclass(frozen=True)
class PairTally:
    """
    How often either is right: the live version first, the shadow second.

    Attributes:
        num_doodles: drawings.
        num_agreed: both say the same, right or wrong.
        num_both: both are right.
        num_first, num_second: only the live version, only the shadow is.
        num_neither: none is.
        p_value: how likely so uneven a split of those that only one is right about is, were both equally good: exact
            McNemar, two-sided; 1 where there are none.
    """

    num_doodles: int
    num_agreed: int
    num_both: int
    num_first: int
    num_second: int
    num_neither: int
    p_value: float


@dataclass(frozen=True)
class Sureness:
    """
    How sure a version is on average, in [0, 1].

    Attributes:
        right, wrong: where it is right, where it is wrong; None where it never is.
    """

    right: float | None
    wrong: float | None


@dataclass(frozen=True)
class ShadowComparison:
    """
    What has come in since the shadow began.

    Attributes:
        live: the version it is compared with: the one that is live now.
        num_seen: accepted doodles that were looked at, the newest since then; WINDOW at most.
        num_elsewhere: of those, answered by the shadow while another version was live.
        all: of those that both have answered.
        labels: of each label's, by name.
        live_sureness, shadow_sureness: of either.
    """

    live: str
    num_seen: int
    num_elsewhere: int
    all: PairTally
    labels: dict[str, PairTally]
    live_sureness: Sureness
    shadow_sureness: Sureness


def read_comparison(
    connection: Connection, shadow: ShadowDecision, live: str, *, window: int = WINDOW
) -> ShadowComparison:
    """
    Compare the shadow with the live version, in a time that does not grow with the doodles there are.

    Only accepted doodles count: what was put aside may show anything.

    Args:
        connection: any.
        shadow: the decision that made it the shadow.
        live: the version that is live.
        window: doodles that are looked at.
    """
    newest = _newest_since(shadow, window)
    is_answered = newest.c.shadow_version == shadow.version
    is_paired = is_answered & (newest.c.model_version == live) & newest.c.guess.is_not(None)
    place = case((is_paired, "paired"), (is_answered, "elsewhere"), else_="unanswered").label("place")
    keys = [case((is_paired, column)) for column in (newest.c.label, newest.c.guess, newest.c.shadow_guess)]
    sums = (func.count(), func.sum(newest.c.confidence), func.sum(newest.c.shadow_confidence))
    rows = connection.execute(select(place, *keys, *sums).group_by(place, *keys)).all()
    paired = [Answers(*row[1:5], row[5] or 0.0, row[6]) for row in rows if row.place == "paired"]
    num_elsewhere = sum(row[4] for row in rows if row.place == "elsewhere")
    return summarise(live, paired, num_seen=sum(row[4] for row in rows), num_elsewhere=num_elsewhere)


def _newest_since(shadow: ShadowDecision, window: int) -> Subquery:
    """Choose the newest accepted doodles since the shadow began, by the index that has each split's in that order."""
    splits = (_newest_of(split, shadow, window).subquery() for split in ("train", "test"))
    both = union_all(*(select(each) for each in splits)).subquery()
    return select(both).order_by(both.c.created_at.desc()).limit(window).subquery()


def _newest_of(split: str, shadow: ShadowDecision, window: int) -> Select[Any]:
    theirs = (doodles.c.source == "user", doodles.c.status == "accepted", doodles.c.split == split)
    newest = select(*_READ).where(*theirs, doodles.c.created_at >= shadow.created_at)
    return newest.order_by(doodles.c.created_at.desc()).limit(window)


def summarise(live: str, answers: Sequence[Answers], *, num_seen: int, num_elsewhere: int) -> ShadowComparison:
    """
    Sum up what both said.

    Args:
        live: the live version.
        answers: of both, any number of groups.
        num_seen: doodles looked at.
        num_elsewhere: of those, answered by the shadow beside another version.
    """
    names = sorted({each.label for each in answers})
    return ShadowComparison(
        live,
        num_seen,
        num_elsewhere,
        count_pairs(answers),
        {name: count_pairs([each for each in answers if each.label == name]) for name in names},
        _sureness((each.is_live_right, each.num_doodles, each.live_confidence) for each in answers),
        _sureness((each.is_shadow_right, each.num_doodles, each.shadow_confidence) for each in answers),
    )


def count_pairs(answers: Iterable[Answers]) -> PairTally:
    """
    Count who is right.

    >>> count_pairs([Answers("cat", "cat", "dog", 5, 4.0, 3.0)])
    PairTally(num_doodles=5, num_agreed=0, num_both=0, num_first=5, num_second=0, num_neither=0, p_value=0.0625)
    """
    known = list(answers)

    def count(rule: Callable[[Answers], bool]) -> int:
        return sum(each.num_doodles for each in known if rule(each))

    num_first = count(lambda each: each.is_live_right and not each.is_shadow_right)
    num_second = count(lambda each: each.is_shadow_right and not each.is_live_right)
    return PairTally(
        num_doodles=count(lambda _: True),
        num_agreed=count(lambda each: each.live_guess == each.shadow_guess),
        num_both=count(lambda each: each.is_live_right and each.is_shadow_right),
        num_first=num_first,
        num_second=num_second,
        num_neither=count(lambda each: not each.is_live_right and not each.is_shadow_right),
        p_value=two_sided_p(num_first, num_second),
    )


def _sureness(told: Iterable[tuple[bool, int, float]]) -> Sureness:
    sums = {True: [0, 0.0], False: [0, 0.0]}
    for is_right, num_doodles, confidence in told:
        sums[is_right][0] += num_doodles
        sums[is_right][1] += confidence
    right, wrong = ((total / num if num else None) for num, total in (sums[True], sums[False]))
    return Sureness(right, wrong)
