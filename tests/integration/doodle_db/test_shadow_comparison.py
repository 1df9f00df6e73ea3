"""The live version and its shadow are compared on what both were asked about, by the labels as they stand now."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import Engine, insert, update
from sqlalchemy.exc import IntegrityError

from doodle_db.doodle_content import ShadowAnswer
from doodle_db.doodles import correct_label, store_doodles
from doodle_db.model_registry import deploy, register_version
from doodle_db.shadow_comparison import PairTally, ShadowComparison, Sureness, read_comparison
from doodle_db.shadow_order import set_shadow
from doodle_db.shadows import find_shadow
from doodle_db.tables import doodles
from doodle_testing.builders import SOMEBODY, doodle, manifest

LIVE, TRIED, FORMER = "a" * 12, "b" * 12, "c" * 12


@pytest.fixture
def registry(engine: Engine) -> Engine:
    """A live version with a shadow."""
    with engine.begin() as connection:
        for version in (LIVE, TRIED):
            register_version(connection, manifest(version))
        deploy(connection, LIVE, kind="publish", actor="test", reason="the first", expected_live=None)
        set_shadow(connection, TRIED, label_set="animals", actor="ada", reason="a test")
    return engine


def draw(
    engine: Engine,
    number: int,
    label: str,
    live: str | None,
    shadow: str | None,
    versions: tuple[str, str] = (LIVE, TRIED),
) -> UUID:
    """Store a doodle with what both said: the live version 0.5 sure, the shadow 0.75."""
    answer = ShadowAnswer(versions[1], shadow, 0.75) if shadow else None
    drawn = replace(
        doodle(UUID(int=number), label),
        guess=live,
        confidence=0.5 if live else None,
        model_version=versions[0] if live else None,
        shadow=answer,
    )
    with engine.begin() as connection:
        store_doodles(connection, [drawn])
    return drawn.id


def compare(engine: Engine, window: int = 100) -> ShadowComparison:
    with engine.connect() as connection:
        shadow = find_shadow(connection)
        assert shadow is not None
        return read_comparison(connection, shadow, LIVE, window=window)


def test_nothing_has_come_in(registry: Engine) -> None:
    """No pair, no difference, no sureness."""
    nothing = PairTally(0, 0, 0, 0, 0, 0, 1.0)

    assert compare(registry) == ShadowComparison(LIVE, 0, 0, nothing, {}, Sureness(None, None), Sureness(None, None))


def test_pairs_are_counted_by_label(registry: Engine) -> None:
    """Agreement, right and wrong, how sure; what only one was asked about, or beside another version, is no pair."""
    draw(registry, 1, "cat", "cat", "cat")
    draw(registry, 2, "cat", "dog", "cat")
    draw(registry, 3, "dog", "dog", "cat")
    draw(registry, 4, "dog", "fish", "fish")
    draw(registry, 5, "dog", "dog", None)
    draw(registry, 6, "dog", None, "dog")
    draw(registry, 7, "dog", "dog", "dog", versions=(FORMER, TRIED))
    draw(registry, 8, "dog", "dog", "dog", versions=(LIVE, FORMER))

    found = compare(registry)

    assert (found.num_seen, found.num_elsewhere) == (8, 2)
    assert found.all == PairTally(4, 2, 1, 1, 1, 1, 1.0)
    assert found.labels == {"cat": PairTally(2, 1, 1, 0, 1, 0, 1.0), "dog": PairTally(2, 1, 0, 1, 0, 1, 1.0)}
    assert (found.live_sureness, found.shadow_sureness) == (Sureness(0.5, 0.5), Sureness(0.75, 0.75))


def test_corrections_and_reviews_count_at_once(registry: Engine) -> None:
    """Labels are those of now; what was put aside, or is gone, is not asked."""
    first = draw(registry, 1, "cat", "dog", "cat")
    second, third = draw(registry, 2, "cat", "cat", "cat"), draw(registry, 3, "cat", "cat", "cat")
    with registry.begin() as connection:
        correct_label(connection, first, "dog", SOMEBODY)
        connection.execute(update(doodles).where(doodles.c.id == second).values(status="quarantined"))
        connection.execute(doodles.delete().where(doodles.c.id == third))

    assert compare(registry).labels == {"dog": PairTally(1, 0, 0, 1, 0, 0, 1.0)}


def test_only_the_newest_are_looked_at(registry: Engine) -> None:
    """However many there are, over both splits."""
    for number in range(1, 41):
        draw(registry, number, "cat", "cat", "cat" if number > 10 else "dog")

    found = compare(registry, window=30)

    assert (found.num_seen, found.all.num_doodles, found.all.num_agreed) == (30, 30, 30)


def test_what_came_before_the_shadow_is_not_looked_at(registry: Engine) -> None:
    """A version tried a second time begins anew."""
    draw(registry, 1, "cat", "cat", "cat")
    for version in (None, TRIED):
        with registry.begin() as connection:
            set_shadow(connection, version, label_set="animals", actor="ada", reason="a test")
    draw(registry, 2, "cat", "cat", "cat")

    assert compare(registry).num_seen == 1


def test_sent_again_the_first_answer_stays(registry: Engine) -> None:
    """The shadow's answer is no part of what tells doodles apart."""
    draw(registry, 1, "cat", "cat", "cat")
    draw(registry, 1, "cat", "cat", "dog")
    draw(registry, 1, "cat", "cat", None)

    assert compare(registry).all == PairTally(1, 1, 1, 0, 0, 0, 1.0)


@pytest.mark.parametrize(
    "answer",
    [
        {"shadow_guess": "cat"},
        {"shadow_version": TRIED, "shadow_guess": "cat"},
        {"shadow_version": "tried", "shadow_guess": "cat", "shadow_confidence": 0.5},
        {"shadow_version": TRIED, "shadow_guess": "", "shadow_confidence": 0.5},
        {"shadow_version": TRIED, "shadow_guess": "cat", "shadow_confidence": 1.5},
    ],
)
def test_half_an_answer_is_none(registry: Engine, answer: dict[str, object]) -> None:
    """The database itself refuses one that is not whole, or not within bounds."""
    plain = doodle(UUID(int=1))
    row = {name: getattr(plain, name) for name in ("id", "label", "bitmap", "height", "width", "contributor", "source")}

    with registry.begin() as connection, pytest.raises(IntegrityError, match="shadow_answer_is_whole"):
        connection.execute(insert(doodles).values(**row, split="train", content_hash=bytes(32), **answer))
