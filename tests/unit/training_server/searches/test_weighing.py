"""Which properties matter, from few trials or many, of one network or several."""

from itertools import product
from random import Random

from training_server.searches.combinations import Params
from training_server.searches.weighing import weigh_properties


def grid() -> list[tuple[Params, float]]:
    """Eight trials in which the learning rate decides, the window a little, the seed nothing."""
    return [
        ({"NETWORK": "cnn", "LEARNING_RATE": rate, "KERNEL_SIZE": window, "SEED": seed}, 100 * rate + window / 100)
        for rate, window, seed in product((0.001, 0.002), (3, 5), (0, 1))
    ]


def test_what_decides_weighs_most() -> None:
    """Shares of 1 over the properties that had more than one value."""
    weights = weigh_properties(grid())

    assert weights is not None
    assert set(weights) == {"LEARNING_RATE", "KERNEL_SIZE", "SEED"}
    assert max(weights, key=lambda name: weights[name]) == "LEARNING_RATE"
    assert abs(sum(weights.values()) - 1) < 0.01


def test_too_little_says_nothing() -> None:
    """Three trials, one value each, or one accuracy for all: no answer is better than any."""
    assert weigh_properties(grid()[:3]) is None
    assert weigh_properties([({"NETWORK": "cnn"}, accuracy / 10) for accuracy in range(5)]) is None
    assert weigh_properties([(params, 0.5) for params, _ in grid()]) is None


def test_networks_of_different_properties_are_weighed_together() -> None:
    """A property of one network weighs beside those of all."""
    random = Random(1)
    trials: list[tuple[Params, float]] = []
    for _ in range(40):
        rate, network = 10 ** random.uniform(-4, -1), random.choice(["cnn", "mlp"])
        window: Params = {"KERNEL_SIZE": random.choice([3, 5])} if network == "cnn" else {}
        trials.append(({"NETWORK": network, "LEARNING_RATE": rate, **window}, (network == "cnn") - rate))

    weights = weigh_properties(trials)

    assert weights is not None
    assert set(weights) == {"NETWORK", "LEARNING_RATE", "KERNEL_SIZE"}
