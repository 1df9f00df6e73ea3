"""How long a search will take: judged by what was measured, and by sizes where nothing was."""

import pytest

from training_server.multiply_adds import count_multiply_adds
from training_server.network_arguments import network_names
from training_server.networks import build
from training_server.scratch import MAX_DOODLES
from training_server.searches.estimate import Cost, Measured, estimate
from training_server.searches.judging import MAX_ROWS
from training_server.searches.network_sizes import NetworkSize, measure_network

SIZE = NetworkSize(93_062, 2_793_984)
CNN = Cost("cnn", "all", SIZE, 20_000, 3)
MLP = Cost("mlp", "all", NetworkSize(82_000, 81_792), 20_000, 3)


@pytest.mark.parametrize("shape", [(28, 28, 1), (40, 33, 1)])
@pytest.mark.parametrize(
    ("network", "arguments"),
    [
        *((name, {}) for name in network_names()),
        ("cnn", {"kernel_size": 1}),
        ("cnn", {"kernel_size": 2, "dense_units": 8}),
        ("cnn", {"kernel_size": 5, "num_filters": 20, "dense_units": 128}),
        ("mlp", {"first_units": 8}),
    ],
)
def test_a_size_is_that_of_the_network_that_is_built(
    network: str, arguments: dict[str, int], shape: tuple[int, int, int]
) -> None:
    """The formulas and Keras count the same."""
    built = build(network, shape, 6, arguments)

    assert measure_network(network, shape, 6, arguments) == NetworkSize(
        built.count_params(), count_multiply_adds(built)
    )


def test_without_a_measured_run_the_words_say_so() -> None:
    """The number of drawings and the network's size stand for a measurement."""
    judged = estimate([CNN, CNN], [], num_workers=1)

    assert 30 < judged.seconds < 120
    assert "Guessed from the size of cnn" in judged.words


def test_a_measured_run_decides() -> None:
    """A machine on which a run took twice as long as guessed takes twice as long for the search."""
    guessed = estimate([CNN], [], 1).seconds

    judged = estimate([CNN] * 4, [Measured(CNN, 2 * guessed)], 1)

    assert judged.seconds == pytest.approx(8 * guessed, rel=0.01)
    assert judged.words.startswith("Judged by runs of cnn")


def test_runs_of_the_same_data_and_epochs_know_best() -> None:
    """Others count only where there are none."""
    other = Cost("cnn", "base", SIZE, 100, 1)
    guessed = estimate([CNN], [], 1).seconds

    judged = estimate([CNN], [Measured(other, 1_000.0), Measured(CNN, guessed)], 1)

    assert judged.seconds == pytest.approx(guessed, rel=0.01)


def test_each_network_is_judged_by_its_own() -> None:
    """What is known of one says nothing of the other."""
    words = estimate([CNN, MLP], [Measured(CNN, 60.0)], 1).words

    assert "Judged by runs of cnn" in words
    assert "Guessed from the size of mlp" in words


def test_workers_share_the_trials() -> None:
    """But no trial is shared; and nobody there is reckoned as one."""
    one, two, many = (estimate([CNN, CNN], [], workers) for workers in (1, 2, 9))

    assert two.seconds == many.seconds == pytest.approx(one.seconds / 2, abs=0.1)
    assert estimate([CNN, CNN], [], 0).seconds == one.seconds
    assert "none is there now" in estimate([CNN], [], 0).words


def test_a_training_reads_no_more_than_it_is_reckoned_with() -> None:
    """One number, in two modules because the other one loads TensorFlow."""
    assert MAX_ROWS == MAX_DOODLES
