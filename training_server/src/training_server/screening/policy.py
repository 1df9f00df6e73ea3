"""The numbers a screening goes by, and the version of its rules."""

from dataclasses import dataclass

SCREENER = 1
"""Version of the rules; stored with every decision, and raised whenever the same doodles would be decided otherwise."""


@dataclass(frozen=True)
class ScreeningPolicy:
    """
    When a doodle is not used; chosen in docs/decisions/0029 on held-back drawings of the train split.

    Attributes:
        num_neighbours: drawings asked about a label.
        max_label_share: share of them, in [0, 1], that may have the doodle's own label where it looks mislabelled.
        least_share, enough_share: what another label's share must be, in [0, 1], is what that label usually has, but
            between these. With less than half of its neighbours a doodle looks like nothing much; and were it all of
            them, one accomplice among twenty could hide a lie.
        max_stranger_share: the same where it looks like nothing known: two neighbours of twenty, smoothed.
        max_strange: share of the new doodles, in [0, 1], that may look like nothing known: what most people draw is a
            new habit, not noise.
        min_known: trusted drawings of a label needed to judge doodles of that label at all.
        min_contributors: with fewer, one's own other doodles may speak for one, and there is no share to keep to.
        min_ink_pixels: pixels with ink a drawing has at least.
        min_suspects: mislabelled doodles of one contributor before all of theirs are put aside.
        suspect_share: share of one contributor's doodles, in [0, 1], that must look mislabelled for that.
        min_likeness: of two drawings' prints, in [0, 1], from which on the later one repeats the earlier.
        min_share: doodles that any one contributor may give to a run, of each split.
        max_share: share of the new doodles of a split, in [0, 1], one contributor may give if that is more.
    """

    num_neighbours: int = 20
    max_label_share: float = 0.2
    least_share: float = 0.5
    enough_share: float = 0.8
    max_stranger_share: float = 0.11
    max_strange: float = 0.5
    min_known: int = 50
    min_contributors: int = 3
    min_ink_pixels: int = 12
    min_suspects: int = 10
    suspect_share: float = 0.5
    min_likeness: float = 0.998
    min_share: int = 200
    max_share: float = 0.2
