"""Ordering runs and watching them, as it is typed, in front of a server that answers from a table."""

from typing import Any

import pytest

from doodle_testing.table_server import TableServer

KEY = "0b8f6a52-0000-4000-8000-000000000001"


def make_run(state: str, **facts: Any) -> dict[str, Any]:
    """Make a run as the API shows it."""
    return {
        "key": KEY,
        "state": state,
        "kind": "delta",
        "dataset": "new",
        "network": "doodlenet",
        "network_args": {},
        "train_args": {},
        "arguments": {},
        "priority": 0,
        "notes": "",
        "metrics": None,
        "trigger": "operator",
        "requested_by": "operator",
        "reason": "",
        "worker": "worker-1",
        "progress": None,
        "num_new_doodles": 250,
        "num_replay_doodles": 250,
        "parent_version": "000000000001",
        "candidate_version": None,
        "verdict": None,
        "error": None,
        "created_at": "2026-11-21T11:58:00+00:00",
        **facts,
    }


def test_training_is_queued_with_what_was_given(server: TableServer) -> None:
    """Only what was given: the rest has the server's defaults."""
    server.answer("POST /api/v1/train", {"key": KEY, "state": "waiting"}, status=202)

    result = server.run("train", "--epochs", "3", "--learning-rate", "0.001", "--reason", "why not")

    assert server.asked[0][1] == {"train_args": {"epochs": 3, "learning_rate": 0.001}, "reason": "why not"}
    assert result.output == f"{KEY} is waiting; `doodle run {KEY} --wait` follows it.\n"


def test_training_without_arguments_sends_none(server: TableServer) -> None:
    """An empty object is not the same as nothing."""
    server.answer("POST /api/v1/train", {"key": KEY, "state": "waiting"}, status=202)

    server.run("train")

    assert server.asked[0][1] == {}


def test_a_network_is_ordered_from_scratch(server: TableServer) -> None:
    """Network, data set and arguments go along; what is no NAME=VALUE is refused before anything is sent."""
    server.answer("POST /api/v1/train", {"key": KEY, "state": "waiting"}, status=202)

    server.run(
        *("train", "--network", "mlp", "--dataset", "base", "--network-arg", "dropout=0.2", "--no-augment"),
        *("--max-doodles", "500", "--priority", "-3", "--weight-decay", "0.01"),
    )
    refused = server.run("train", "--network-arg", "dropout")

    assert server.asked[0][1] == {
        "network": "mlp",
        "dataset": "base",
        "network_args": {"dropout": 0.2},
        "train_args": {"weight_decay": 0.01, "augment": False},
        "max_doodles": 500,
        "priority": -3,
    }
    assert (refused.exit_code, len(server.asked)) == (2, 1)


EPOCH = {
    "epoch": 1,
    "loss": 0.5,
    "accuracy": 0.75,
    "validation_loss": None,
    "validation_accuracy": None,
    "seconds": 1.5,
}


def test_waiting_shows_progress_and_the_verdict(server: TableServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each stage and each epoch is a line, each once; the end is the verdict in words."""
    monkeypatch.setattr("doodle_cli.run_follower.POLL_SECONDS", 0)
    progress = {"stage": "training", "epoch": 1, "num_epochs": 2, "step": 9, "num_steps": 18}
    verdict = {"outcome": "published", "summary": "Better.", "checks": []}
    server.answer("POST /api/v1/train", {"key": KEY, "state": "waiting"}, status=202)
    server.answer(f"GET /api/v1/train/{KEY}/curve?after=2147483647", {"points": [], "epochs": [EPOCH]})
    server.answer(
        f"GET /api/v1/train/{KEY}",
        make_run("waiting"),
        make_run("running", progress=progress | {"epoch": 0}),
        make_run("running", progress=progress),
        make_run("running", progress=progress),
        make_run("finished", verdict=verdict),
    )

    result = server.run("train", "--wait")

    assert result.stderr.splitlines() == [
        "waiting",
        "running: training",
        "epoch 1/2  loss 0.500  accuracy 0.750  1.5 s",
        "finished",
    ]
    assert "verdict    published: Better." in result.stdout
    assert result.exit_code == 0


def test_a_runs_log_is_a_line_an_event(server: TableServer) -> None:
    """Time, level, event, fields."""
    line = {"line": 1, "at": "2026-11-21T11:00:00+00:00", "level": "info", "event": "stage_entered", "fields": {"a": 1}}
    server.answer(f"GET /api/v1/train/{KEY}/log", {"lines": [line], "next": 1})

    assert server.run("run", KEY, "--log").output == "11:00:00  info     stage_entered  a=1\n"


def test_notes_and_priority_are_written(server: TableServer) -> None:
    """And the run is shown as it is then."""
    for name in ("notes", "priority"):
        server.answer(f"PUT /api/v1/train/{KEY}/{name}", make_run("waiting"))
    server.answer(f"GET /api/v1/train/{KEY}", make_run("waiting", notes="wide", priority=4))

    result = server.run("run", KEY, "--notes", "wide", "--priority", "4")

    assert [asked[:2] for asked in server.asked[:2]] == [
        (f"PUT /api/v1/train/{KEY}/notes", {"notes": "wide"}),
        (f"PUT /api/v1/train/{KEY}/priority", {"priority": 4}),
    ]
    assert "notes      wide" in result.output


def test_runs_are_filtered_and_sorted(server: TableServer) -> None:
    """What was asked for stands in the address."""
    server.answer("GET /api/v1/train?kind=scratch&sort=-accuracy", {"runs": [make_run("failed")], "next": None})

    assert f"{KEY}  failed" in server.run("runs", "--sort", "-accuracy", "--kind", "scratch").output


def test_waiting_for_a_run_that_fails_fails(server: TableServer) -> None:
    """A script that waits must notice."""
    server.answer(f"GET /api/v1/train/{KEY}", make_run("failed", error="Its worker was lost 2 times."))

    result = server.run("run", KEY, "--wait")

    assert result.exit_code == 1
    assert "The run has failed: Its worker was lost 2 times." in result.stderr


def test_a_run_is_sent_to_one_worker(server: TableServer) -> None:
    """A worker that is not there is told of at once, beside the answer that programs read."""
    words = "colab-1 is lost: the run waits until it comes back, or is cancelled."
    queued = {"key": KEY, "state": "waiting", "sent_to": "colab-1", "note": words}
    server.answer("POST /api/v1/train", queued, status=202)

    result = server.run("train", "--worker", "colab-1")

    assert server.asked[-1][1] == {"worker": "colab-1"}
    assert words in result.stderr


def test_cancelling_asks(server: TableServer) -> None:
    """The run stops at its next step, so asking is all that is promised."""
    server.answer(f"DELETE /api/v1/train/{KEY}", {"state": "running"}, status=202)

    assert server.run("cancel", KEY).output == f"Asked {KEY} to stop.\n"


def test_runs_are_listed(server: TableServer) -> None:
    """What each is, and what came of it."""
    server.answer("GET /api/v1/train", {"runs": [make_run("cancelled")], "next": None})

    assert f"{KEY}  cancelled  delta  doodlenet  operator" in server.run("runs").output
