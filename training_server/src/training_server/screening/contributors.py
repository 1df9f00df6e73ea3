"""What one contributor may weigh: nothing, where most of theirs looks mislabelled; and no more than a share."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from training_server.screening.decisions import Decision
from training_server.screening.policy import ScreeningPolicy


def find_untrusted(
    contributors: NDArray[np.int64],
    is_considered: NDArray[np.bool_],
    judged: Mapping[int, Decision],
    policy: ScreeningPolicy,
) -> dict[int, Decision]:
    """
    Put aside what is left of contributors most of whose doodles look mislabelled.

    Args:
        contributors: int64, shape (num_rows,).
        is_considered: bool, shape (num_rows,): the doodles that count; repeats do not.
        judged: doodles that do not look right, by row.
        policy: how many are too many.

    Returns:
        By row, for doodles that are not judged yet.
    """
    is_suspect = np.zeros(len(contributors), bool)
    is_suspect[list(judged)] = True
    found: dict[int, Decision] = {}
    for contributor in np.unique(contributors[is_suspect]):
        theirs = is_considered & (contributors == contributor)
        num, num_suspect = int(theirs.sum()), int((theirs & is_suspect).sum())
        if num_suspect >= policy.min_suspects and num_suspect >= policy.suspect_share * num:
            words = f"{num_suspect:,} of its contributor's {num:,} new doodles do not look like their label."
            decision = Decision("contributor", words, {"num_suspects": num_suspect, "num_doodles": num})
            found.update(dict.fromkeys(np.flatnonzero(theirs & ~is_suspect).tolist(), decision))
    return found


def find_surplus(
    contributors: NDArray[np.int64], is_left: NDArray[np.bool_], policy: ScreeningPolicy
) -> dict[int, Decision]:
    """
    Put aside what a contributor gave beyond their share: the latest, so that flooding helps nobody.

    An installation that hardly anybody else uses is a household: there, nobody takes anything from anybody.

    Args:
        contributors: int64, shape (num_rows,), in the order in which the doodles came.
        is_left: bool, shape (num_rows,): the doodles of one split that nothing speaks against.
        policy: how large a share is.

    Returns:
        By row.
    """
    names = np.unique(contributors[is_left])
    if len(names) < policy.min_contributors:
        return {}
    limit = share_of(int(is_left.sum()), policy)
    found: dict[int, Decision] = {}
    for contributor in names:
        theirs = np.flatnonzero(is_left & (contributors == contributor))
        words = (
            f"Its contributor gave {len(theirs):,} of {int(is_left.sum()):,} new doodles; the first {limit:,} are used."
        )
        numbers = {"num_doodles": len(theirs), "max_doodles": limit}
        found.update(dict.fromkeys(theirs[limit:].tolist(), Decision("share", words, numbers)))
    return found


def share_of(num_doodles: int, policy: ScreeningPolicy) -> int:
    """
    Tell how many doodles of a split one contributor may give.

    >>> share_of(500, ScreeningPolicy()), share_of(5_000, ScreeningPolicy())
    (200, 1000)
    """
    return max(policy.min_share, int(policy.max_share * num_doodles))
