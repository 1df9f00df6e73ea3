"""Who may teach what: the rules of a screening, on doodles whose features a test lays out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from training_server.errors import ExamplesError
from training_server.screening import (
    KnownDoodles,
    NewDoodles,
    Screening,
    ScreeningPolicy,
    describe_counts,
    screen,
)
from training_server.screening.decisions import Reason

NAMES = ("cat", "dog", "fish")
CAT, DOG, FISH = range(3)
NUM_KNOWN = 200
NUM_FEATURES = 8
STRANGE = 10.0
"""An energy above what is usual; 0 is below."""

POLICY = ScreeningPolicy()


def features(rng: np.random.Generator, places: NDArray[np.int64]) -> NDArray[np.float32]:
    """Lay out features: a heap at each axis, as a network leaves what it tells apart."""
    return np.asarray(4 * np.eye(NUM_FEATURES)[places] + rng.normal(size=(len(places), NUM_FEATURES)) / 2, np.float32)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(3)


@pytest.fixture
def known(rng: np.random.Generator) -> KnownDoodles:
    """Trusted drawings: cats, dogs and fish, each where they belong."""
    labels = np.repeat(np.arange(3), NUM_KNOWN)
    return KnownDoodles(labels, features(rng, labels), NAMES, max_energy=1.0)


def make(
    rng: np.random.Generator,
    labels: list[int],
    *,
    places: list[int] | None = None,
    contributors: list[int] | None = None,
) -> NewDoodles:
    """Make new doodles that look like `places`, and are said to be `labels`; bitmaps are all different."""
    num = len(labels)
    return NewDoodles(
        bitmaps=(rng.random((num, 28, 28)) < 0.3).astype(np.uint8) * np.uint8(255),
        labels=np.array(labels, np.int64),
        contributors=np.arange(num) if contributors is None else np.array(contributors, np.int64),
        is_test=np.zeros(num, bool),
        embeddings=features(rng, np.array(places or labels, np.int64)),
        energies=np.zeros(num),
        is_reviewed=np.zeros(num, bool),
    )


def between_dogs_and_fish(new: NewDoodles, row: int) -> None:
    """Let a doodle look as much like the one as like the other, and like no cat."""
    new.embeddings[row] = 0
    new.embeddings[row, [DOG, FISH]] = 2


def reasons(screening: Screening) -> dict[int, Reason]:
    return {row: decision.reason for row, decision in screening.decisions.items()}


def test_what_looks_like_its_label_is_used(rng: np.random.Generator, known: KnownDoodles) -> None:
    """Nearly all of them: quarantine is for the few."""
    screening = screen(make(rng, [CAT, DOG, FISH] * 50), known)

    assert screening.is_used.mean() > 0.95


def test_a_dog_called_cat_is_put_aside_with_a_suggestion(rng: np.random.Generator, known: KnownDoodles) -> None:
    """In quarantine, with words and numbers for whoever looks at it."""
    screening = screen(make(rng, [CAT] * 9 + [CAT], places=[CAT] * 9 + [DOG]), known)

    decision = screening.decisions[9]
    assert (decision.reason, decision.outcome, decision.suggestion) == ("label", "quarantined", DOG)
    assert decision.numbers["suggestion_share"] > 0.9 > decision.numbers["label_share"]
    assert "“dog”" in decision.words
    assert screening.count()["label"] == 1


def test_a_new_way_of_drawing_is_learnt_from_many(rng: np.random.Generator, known: KnownDoodles) -> None:
    """Where no trusted drawing lies, others who draw it that way speak for it."""
    screening = screen(make(rng, [CAT] * 40 + [DOG] * 40, places=[5] * 40 + [DOG] * 40), known)

    assert screening.is_used[:40].mean() > 0.9


def test_nobody_is_a_witness_in_their_own_case(rng: np.random.Generator, known: KnownDoodles) -> None:
    """Dogs called cats by one contributor, as many as they like: all they sent is put aside, good and bad."""
    lies = make(
        rng,
        [CAT] * 60 + [DOG] * 20 + [FISH] * 30,
        places=[DOG] * 80 + [FISH] * 30,
        contributors=[7] * 80 + list(range(100, 130)),
    )

    screening = screen(lies, known)

    assert not screening.is_used[:80].any()
    assert "contributor" in reasons(screening).values()
    assert screening.is_used[80:].mean() > 0.9


def test_honest_mistakes_do_not_cost_a_contributor_the_rest(rng: np.random.Generator, known: KnownDoodles) -> None:
    """A school behind one address has a few who lie."""
    screening = screen(
        make(
            rng,
            [CAT] * 15 + [DOG] * 60 + [FISH] * 5,
            places=[DOG] * 75 + [FISH] * 5,
            contributors=[7] * 75 + [8, 9, 10, 11, 12],
        ),
        known,
    )

    assert not screening.is_used[:15].any()
    assert screening.is_used[15:75].mean() > 0.9


def test_what_looks_like_nothing_known_is_put_aside(rng: np.random.Generator, known: KnownDoodles) -> None:
    """Strange to the network, and not among its likes; strange alone is no crime."""
    new = make(rng, [CAT, CAT, CAT, CAT])
    between_dogs_and_fish(new, 0)

    screening = screen(replace(new, energies=np.array([STRANGE, STRANGE, 0, 0])), known)

    assert reasons(screening) == {0: "unknown"}
    assert screening.decisions[0].numbers["energy"] == STRANGE


def test_what_most_people_draw_is_not_strange(rng: np.random.Generator, known: KnownDoodles) -> None:
    """A finer pen looks like no ink to a network that has not seen one; it is a new habit, not noise."""
    new = make(rng, [CAT] * 20)
    between_dogs_and_fish(new, 0)

    screening = screen(replace(new, energies=np.full(20, np.inf)), known)

    assert screening.is_used.all()


def test_numbers_are_finite(rng: np.random.Generator, known: KnownDoodles) -> None:
    """What is no ink at all has an infinite score, and JSON no word for that."""
    new = make(rng, [CAT, CAT])
    between_dogs_and_fish(new, 0)

    decision = screen(replace(new, energies=np.array([np.inf, 0])), known).decisions[0]

    assert decision.reason == "unknown"
    assert np.isfinite(list(decision.numbers.values())).all()


def test_a_dot_is_no_drawing(rng: np.random.Generator, known: KnownDoodles) -> None:
    """Hardly any ink, whatever the network makes of it."""
    new = make(rng, [CAT, CAT])
    new.bitmaps[0] = 0
    new.bitmaps[0, 10:13, 10:13] = 255

    assert reasons(screen(new, known)) == {0: "unknown"}


def test_the_same_drawing_counts_once(rng: np.random.Generator, known: KnownDoodles) -> None:
    """By one contributor or by many, shifted or with a pixel changed: the first is used, the others are not."""
    new = make(rng, [CAT] * 5)
    new.bitmaps[:, :, :4] = new.bitmaps[:, :, -4:] = new.bitmaps[:, :4] = new.bitmaps[:, -4:] = 0
    new.bitmaps[2] = new.bitmaps[1]
    new.bitmaps[3] = np.roll(new.bitmaps[1], 2, axis=1)
    new.bitmaps[4] = new.bitmaps[1]
    new.bitmaps[4, 14, 14] ^= 255

    screening = screen(new, known)

    assert reasons(screening) == {2: "duplicate", 3: "duplicate", 4: "duplicate"}
    assert screening.decisions[2].outcome == "unused"


def test_repeats_are_no_witnesses(rng: np.random.Generator, known: KnownDoodles) -> None:
    """One lie sent from a hundred addresses is one lie."""
    new = make(rng, [CAT] * 40, places=[DOG] * 40)
    new.bitmaps[:] = new.bitmaps[0]
    new.embeddings[:] = new.embeddings[0]

    screening = screen(new, known)

    assert reasons(screening) == {0: "label"} | dict.fromkeys(range(1, 40), "duplicate")


def test_a_contributor_has_a_share(rng: np.random.Generator, known: KnownDoodles) -> None:
    """The first of each split are used, the surplus is not; nobody needs to look at it."""
    policy = replace(POLICY, min_share=10, max_share=0.2)
    new = make(rng, [CAT, DOG, FISH] * 20, contributors=[7] * 30 + list(range(10, 40)))
    new = replace(new, is_test=np.arange(60) % 5 == 0)

    screening = screen(new, known, policy)

    surplus = [row for row, reason in reasons(screening).items() if reason == "share"]
    theirs = [row for row in range(30) if not new.is_test[row] and row not in screening.decisions]
    assert len(theirs) == 10
    assert max(theirs) < min(row for row in surplus if not new.is_test[row])
    assert not any(new.is_test[row] for row in surplus)
    assert all(screening.decisions[row].outcome == "unused" for row in surplus)


def test_a_household_keeps_to_no_share(rng: np.random.Generator, known: KnownDoodles) -> None:
    """Where hardly anybody draws, nobody takes anything from anybody."""
    new = make(rng, [CAT] * 30, contributors=[1] * 29 + [2])

    assert screen(new, known, replace(POLICY, min_share=10)).is_used.all()


def test_a_label_the_live_version_does_not_know_is_not_judged(rng: np.random.Generator) -> None:
    """There is nothing to judge it by: what is new looks like something else to a network that has not learnt it."""
    labels = np.repeat([CAT, DOG], NUM_KNOWN)
    known = KnownDoodles(labels, features(rng, labels), NAMES, max_energy=1.0)

    screening = screen(make(rng, [FISH] * 30, places=[DOG] * 30), known)

    assert screening.is_used.all()


def test_nothing_known_judges_nobody(rng: np.random.Generator) -> None:
    """An installation without base data has repeats and shares to go by, and the gate."""
    known = KnownDoodles(np.zeros(0, np.int64), np.zeros((0, NUM_FEATURES), np.float32), NAMES, max_energy=1.0)

    assert screen(make(rng, [CAT] * 30, places=[DOG] * 30), known).is_used.all()


def test_what_an_operator_accepted_is_not_decided_about(rng: np.random.Generator, known: KnownDoodles) -> None:
    """A person has looked at it; it may even repeat another."""
    new = make(rng, [CAT] * 4, places=[DOG] * 4)
    new.bitmaps[3] = new.bitmaps[2]
    new.is_reviewed[1:] = True

    assert reasons(screen(new, known)) == {0: "label"}


def test_the_same_doodles_give_the_same_decisions(known: KnownDoodles) -> None:
    """A run that is taken up again decides as before."""
    made = [make(np.random.default_rng(9), [CAT, DOG] * 30, places=[DOG, DOG] * 30) for _ in range(2)]

    assert screen(made[0], known) == screen(made[1], known)


def test_nothing_new_is_nothing_to_decide(rng: np.random.Generator, known: KnownDoodles) -> None:
    """No doodle, no decision, no error."""
    screening = screen(make(rng, []), known)

    assert (screening.decisions, len(screening.is_used)) == ({}, 0)


def test_arrays_that_do_not_belong_together_are_refused(rng: np.random.Generator) -> None:
    """A row of one and no row of another would shift every decision by one."""
    with pytest.raises(ExamplesError, match="one row a doodle"):
        replace(make(rng, [CAT, DOG]), labels=np.zeros(1, np.int64))


def test_counts_in_words() -> None:
    """What an operator reads: how many, and why."""
    counts: dict[Reason, int] = {"label": 1_200, "share": 3}

    words = describe_counts(counts, 10_000)

    assert words == (
        "Of 10,000 new doodles 1,203 are not used: 1,200 look mislabelled, 3 are more than one contributor's share."
    )
