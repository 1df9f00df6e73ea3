"""The simulation of the gate decides as the gate does, on holdouts that are what they are said to be."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.gate.answers import Answers
from benchmarks.gate.looks import History, find_first_publications
from benchmarks.gate.many_holdouts import passes, run_tests
from benchmarks.gate.mixtures import Pair, choose_pair, drop_label, pair_up
from benchmarks.gate.rates import Trials, rate_base, rate_kept, rate_labels, rate_recent
from doodle_testing.scripts import load_script
from training_server.gate import GatePolicy, check_recent, spend

NUM_LABELS, NUM_DRAWINGS = 3, 4_000
POLICY = GatePolicy()


def answer(labels: NDArray[np.int64], accuracy: float, seed: int) -> NDArray[np.float32]:
    """Logits of a network that is right on a share of the drawings."""
    random = np.random.default_rng(seed)
    is_right = random.random(len(labels)) < accuracy
    guesses = np.where(is_right, labels, (labels + random.integers(1, NUM_LABELS, len(labels))) % NUM_LABELS)
    noise = random.normal(size=(len(labels), NUM_LABELS))
    return (3 * np.eye(NUM_LABELS)[guesses] + 0.3 * noise).astype(np.float32)


@pytest.fixture(scope="module")
def answers() -> Answers:
    """A live network, one that is worse, and one that is hardly different."""
    labels = np.arange(NUM_DRAWINGS) % NUM_LABELS
    live = answer(labels, 0.85, seed=1)
    delta = np.where(np.arange(NUM_DRAWINGS)[:, np.newaxis] % 10 == 0, answer(labels, 0.95, seed=2), live)
    return Answers(
        ("cat", "dog", "fish"), labels, {"live": live, "worse": answer(labels, 0.75, seed=3), "delta 0": delta}
    )


@pytest.fixture(scope="module")
def pair(answers: Answers) -> Pair:
    """Live and the worse one."""
    return pair_up(answers, "worse", "live")


def test_networks_are_put_in_order(answers: Answers, pair: Pair) -> None:
    """The better one is found by what it is right on; the nearest pair that is far enough apart is taken."""
    near = pair_up(answers, "live", "delta 0")

    assert (pair.better, near.better) == ("live", "delta 0")
    assert 0.05 < pair.gap < 0.15
    assert choose_pair([pair, near], 0.001) == near
    assert choose_pair([pair, near], -0.05) == pair


@pytest.mark.parametrize("difference", [-0.05, 0.0, 0.02])
def test_a_holdout_differs_by_what_was_asked_for(pair: Pair, difference: float) -> None:
    """Who plays the candidate is thrown row by row, so the truth is known."""
    draws = pair.draw(difference, 500, 400, np.random.default_rng(4))

    wins = np.where(draws.is_better, 1, -1) * pair.wins[draws.rows]
    assert wins.mean() == pytest.approx(difference, abs=0.005)


@pytest.mark.parametrize("num_rows", [10, 40, 300])
def test_many_holdouts_get_the_verdicts_the_gate_gives_each(pair: Pair, num_rows: int) -> None:
    """What is computed at once is the gate's rule, but for holdouts whose p is within the throws' chance of alpha."""
    random = np.random.default_rng(5)
    draws = pair.draw(0.06, num_rows, 60, random)
    tests = run_tests(pair, draws, random)
    holdouts = [pair.assign(*each) for each in zip(draws.rows, draws.is_better, strict=True)]
    alpha = spend(POLICY, holdouts[0])

    at_once = passes(tests, POLICY, num_rows, alpha)
    one_by_one = np.array([check_recent(POLICY, each).passed for each in holdouts])

    is_close = np.abs(tests.p_log_loss - alpha) < 0.01
    assert (at_once == one_by_one)[~is_close].all()
    assert is_close.sum() < 20


def test_equals_pass_no_oftener_than_alpha(answers: Answers) -> None:
    """Both ways to be better together, on real disagreement."""
    equals = pair_up(answers, "live", "delta 0")

    rates = rate_recent(Trials(equals, 200, 2_000, np.random.default_rng(6)), POLICY, 0.0)

    assert rates.passed <= POLICY.alpha + 0.01


def test_rates_rise_with_what_is_true(pair: Pair) -> None:
    """A larger loss passes less often, by every check."""
    trials = Trials(pair, 500, 200, np.random.default_rng(7))

    assert rate_base(trials, POLICY, 0.0) > rate_base(trials, POLICY, -0.03)
    assert rate_recent(trials, POLICY, 0.08).passed > rate_recent(trials, POLICY, 0.01).passed
    labels = Trials(pair, 500, 40, np.random.default_rng(8))
    assert rate_labels(labels, POLICY, 0.0) > rate_labels(labels, POLICY, 0.3)
    assert 0 <= rate_kept(labels, POLICY) <= 1


def test_a_label_is_lost_by_as_much_as_asked_for(pair: Pair) -> None:
    """Only drawings of that label change, from right to wrong."""
    whole = pair.whole

    dropped = drop_label(whole, 1, 0.2, np.random.default_rng(9))

    lost = whole.candidate_right & ~dropped.candidate_right
    assert set(whole.labels[lost]) == {1}
    assert lost.sum() / (whole.labels == 1).sum() == pytest.approx(0.2, abs=0.04)


def test_looking_again_and_again_publishes_less_if_alpha_is_spent(answers: Answers) -> None:
    """The gate's rule against the one that forgets how often it has looked."""
    equals = pair_up(answers, "live", "delta 0")
    policy = replace(POLICY, min_recent=5)

    always, spent = find_first_publications([equals], policy, History(200, 10, 12), 60, np.random.default_rng(10))

    assert (spent <= 12).sum() < (always <= 12).sum()


@pytest.mark.needs_data
def test_the_benchmark_runs(
    data_dir: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The script that fills docs/figures.md goes through, in its quick mode."""
    monkeypatch.setenv("DOODLE_DATA_DIR", str(data_dir))

    load_script("tests/benchmarks/gate_rates.py").main(["--quick"])

    told = capsys.readouterr().out
    assert told.count("| recent drawings") == 3
    assert "| 57 verdicts |" in told
