"""What model_server counts: nothing a client makes up becomes a series."""

from dataclasses import replace

from prometheus_client import CollectorRegistry

from doodle_db.doodles import Doodle
from doodle_testing.builders import doodle, ids_of_split
from model_server.metrics import KEPT_VERSIONS, Metrics

ID = ids_of_split("train", 1)[0]


def guessed(version: str | None, guess: str | None = "cat") -> Doodle:
    plain = doodle(ID, "cat")
    return Doodle(plain.id, plain.label, plain.bitmap, plain.height, plain.width, None, guess, 0.5, version)


def read_guesses(registry: CollectorRegistry) -> dict[tuple[str, str], float]:
    samples = [sample for metric in registry.collect() for sample in metric.samples]
    return {
        (sample.labels["version"], sample.labels["outcome"]): sample.value
        for sample in samples
        if sample.name == "doodle_guesses_total"
    }


def test_guesses_are_told_apart_by_what_was_live() -> None:
    """A version nobody knows is one of the others, however many of them a client makes up."""
    metrics = Metrics()
    metrics.note_live("0" * 12)
    doodles = [guessed("0" * 12), guessed("0" * 12, "dog"), *(guessed(f"{number:012x}") for number in range(1, 9))]

    metrics.count_doodles([*doodles, guessed(None), guessed("0" * 12, None)], ["stored"] * 12)

    known = {("0" * 12, "right"): 1.0, ("0" * 12, "wrong"): 1.0}
    assert read_guesses(metrics.registry) == {**known, ("other", "right"): 9.0}


def test_a_doodle_sent_again_is_not_guessed_again() -> None:
    """Only what was stored counts for how right the guesses are."""
    metrics = Metrics()

    metrics.count_doodles([guessed(None)] * 2, ["stored", "already_stored"])

    assert read_guesses(metrics.registry) == {("other", "right"): 1.0}
    count = metrics.registry.get_sample_value
    assert count("doodle_doodles_total", {"outcome": "stored", "label": "cat"}) == 1
    assert count("doodle_doodles_total", {"outcome": "already_stored", "label": "cat"}) == 1


def test_what_pages_answered_is_counted() -> None:
    """Whether a page showed its guess; of older pages, which do not say, nothing is counted."""
    metrics = Metrics()
    shown, held_back = (replace(guessed(None), known=known) for known in (True, False))

    metrics.count_doodles([shown, shown, held_back, guessed(None)], ["stored"] * 4)

    count = metrics.registry.get_sample_value
    assert count("doodle_answers_total", {"version": "other", "answer": "guess"}) == 2
    assert count("doodle_answers_total", {"version": "other", "answer": "unknown"}) == 1


def test_few_versions_are_remembered() -> None:
    """A year of deployments does not pile up in a process."""
    metrics = Metrics()
    for number in range(KEPT_VERSIONS + 1):
        metrics.note_live(f"{number:012x}")

    metrics.count_doodles([guessed("0" * 12)], ["stored"])

    assert read_guesses(metrics.registry) == {("other", "right"): 1.0}


def test_writes_are_measured() -> None:
    """How many doodles share a write, and that what it gives is passed on."""
    metrics = Metrics()

    written = metrics.watch_writes(lambda requests: [len(batch) for batch in requests])([["a", "b"], ["c"]])

    assert written == [2, 1]
    assert metrics.registry.get_sample_value("doodle_write_size_doodles_sum") == 3
    assert metrics.registry.get_sample_value("doodle_write_duration_seconds_count") == 1
