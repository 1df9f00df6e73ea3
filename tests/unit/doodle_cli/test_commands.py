"""The commands, as they are typed, in front of a server that answers from a table."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from doodle_cli.main import cli
from doodle_testing.table_server import TableServer

KEY = "0b8f6a52-0000-4000-8000-000000000001"
DEPLOYMENT = {
    "deployment": 2,
    "version": "000000000001",
    "previous_version": "000000000002",
    "kind": "rollback",
    "actor": "operator",
    "reason": "Too many cats.",
    "created_at": "2026-11-21T11:00:00+00:00",
}


def test_models_are_a_table_or_json(server: TableServer) -> None:
    """People read columns, programs what the API said."""
    version = {
        "version": "000000000001",
        "live": True,
        "network": {"name": "cnn", "arguments": {}},
        "num_parameters": 9,
        "parent_version": None,
        "metrics": None,
        "created_at": "2026-11-21T11:00:00+00:00",
    }
    page = {"models": [version], "next": "2026-11-21T11:00:00+00:00_000000000001"}
    server.answer("GET /api/v1/models", page)

    shown = server.run("models").output
    assert "live  000000000001  cnn" in shown
    assert shown.endswith("list them, too.\n")
    assert json.loads(server.run("models", "--json").output) == page
    assert server.asked[0][2] == "Bearer t0ken"


def test_a_report_is_a_runs_or_a_versions(server: TableServer) -> None:
    """A key asks the service; a version's name, twelve hex digits, asks for its public files."""
    report = json.loads((Path(__file__).parents[2] / "doodle_testing" / "report.json").read_bytes())
    server.answer(f"GET /api/v1/train/{KEY}/report", report)
    server.answer("GET /models/0123456789ab/report.json", {**report, "run": None, "verdict": None})
    server.answer("GET /models/0123456789ab/manifest.json", {"metrics": {}})

    assert f"run         {report['run']}" in server.run("report", KEY).output
    assert "run         -" in server.run("report", "0123456789ab").output


def test_deploying_says_what_is_live_now(server: TableServer) -> None:
    """Version and reason go to the server, the line of the history comes back."""
    server.answer("POST /api/v1/deployments", DEPLOYMENT, status=201)

    result = server.run("deploy", "000000000001", "--reason", "Too many cats.")

    assert result.output == "000000000001 is live, in place of 000000000002 (rollback).\n"
    assert server.asked[0][1] == {"version": "000000000001", "reason": "Too many cats."}


def test_deploying_needs_a_reason(server: TableServer) -> None:
    """The history is for those who were not there."""
    result = server.run("deploy", "000000000001")

    assert (result.exit_code, server.asked) == (2, [])
    assert "--reason" in result.output


def test_rolling_back_needs_none(server: TableServer) -> None:
    """At three in the morning one word is enough."""
    server.answer("POST /api/v1/deployments", DEPLOYMENT, status=201)

    assert server.run("rollback").exit_code == 0
    assert server.asked[0][1] == {"version": "previous", "reason": "Rolled back by hand."}


def test_the_history_says_who_when_and_why(server: TableServer) -> None:
    """Every line of it."""
    server.answer("GET /api/v1/deployments", {"deployments": [DEPLOYMENT]})

    line = server.run("deployments").output.splitlines()[1]

    assert all(word in line for word in ("000000000001", "rollback", "operator", "Too many cats."))


SCREENED_OUT = {
    "id": KEY,
    "label": "cat",
    "split": "train",
    "status": "quarantined",
    "contributor": "5f1c03aa",
    "created_at": "2026-11-21T11:00:00+00:00",
    "reason": "label",
    "words": "Looks like a dog.",
    "review": None,
}


def test_what_was_screened_out_is_listed_with_the_reason(server: TableServer) -> None:
    """And how many there are, and what leads to the next page."""
    counts = {"label": 31, "unknown": 0}
    page = {"reviews": [SCREENED_OUT], "next": "2026_1", "counts": counts}
    server.answer("GET /api/v1/reviews?state=open&reason=label&limit=5", page)

    result = server.run("review", "list", "--reason", "label", "--limit", "5")

    assert result.exit_code == 0, result.output
    for expected in (KEY, "label: Looks like a dog.", "In all: 31 label.", "--cursor 2026_1"):
        assert expected in result.output


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        (["accept"], {"action": "accept"}),
        (["reject"], {"action": "reject"}),
        (["relabel", "--as", "dog"], {"action": "relabel", "label": "dog"}),
        (["undo"], {"action": "undo"}),
    ],
)
def test_a_review_sends_what_was_decided(server: TableServer, words: list[str], wish: dict[str, str]) -> None:
    """And says what became of each doodle."""
    decided = {"id": KEY, "status": "accepted", "label": "dog", "review": None}
    server.answer("POST /api/v1/reviews", {"reviews": [decided]})

    result = server.run("review", *words, KEY, "--reason", "clear")

    assert result.output == f"{KEY} is accepted, as dog.\n"
    assert server.asked[0][1] == {**wish, "reason": "clear", "ids": [KEY]}


def test_workers_are_listed(server: TableServer) -> None:
    """Who is there, and at what."""
    server.answer(
        "GET /api/v1/workers",
        {
            "workers": [
                {
                    "name": "worker-1",
                    "host": "h",
                    "device": "CPU",
                    "gpu": None,
                    "num_cores": 2,
                    "version": "0.1.0",
                    "state": "busy",
                    "run": KEY,
                    "progress": {"stage": "fit", "epoch": 1, "num_epochs": 2},
                    "asked_to": "drain",
                    "num_sent": 1,
                    "heartbeat_at": "2026-11-21T11:00:00+00:00",
                }
            ]
        },
    )

    listed = server.run("workers", "list").output
    assert listed.splitlines()[1].split()[:6] == ["worker-1", "h", "CPU", "2", "0.1.0", "busy"]
    assert f"{KEY}, fit, epoch 1/2, asked to drain, 1 waiting for it" in listed


@pytest.mark.parametrize(("wish", "words"), [("drain", "finishes its run"), ("stop", "gives its run back")])
def test_workers_are_asked_to_end(server: TableServer, wish: str, words: str) -> None:
    """What becomes of the run is said; whether the worker is there, too."""
    server.answer(f"POST /api/v1/workers/colab-1/{wish}", {"name": "colab-1", "state": "lost"}, status=202)

    said = server.run("workers", wish, "colab-1").output

    assert said.startswith("Asked colab-1, which is lost. It ")
    assert words in said


def test_a_refusal_ends_with_one_line_and_exit_code_1(server: TableServer) -> None:
    """The field at fault is named."""
    problem = {"detail": "Another is live.", "errors": [{"field": "expected_live", "detail": "Another is live."}]}
    server.answer("POST /api/v1/deployments", problem, status=409)

    result = server.run("rollback")

    assert (result.exit_code, result.stderr) == (1, "Error: Another is live. [expected_live] (409 Conflict)\n")


def test_nobody_there_says_what_to_do(server: TableServer) -> None:
    """A server that is not running is the most frequent failure of all."""
    result = CliRunner().invoke(cli, ["models", "--url", "http://127.0.0.1:9"])

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: No server answers at http://127.0.0.1:9")
    assert "make up" in result.stderr


@pytest.mark.parametrize("command", ["up", "down", "logs", "sign-in", "import", "train", "models"])
def test_every_command_explains_itself(command: str) -> None:
    """--help works without a server, a home or a database."""
    result = CliRunner().invoke(cli, [command, "--help"])

    assert (result.exit_code, result.output.startswith(f"Usage: cli {command}")) == (0, True)


def test_stopping_what_does_not_run_says_so(tmp_path: Path) -> None:
    """`doodle down` stops nobody else."""
    result = CliRunner().invoke(cli, ["down", "--home", str(tmp_path)])

    assert (result.exit_code, result.stderr) == (1, f"Error: No `doodle up` runs on {tmp_path}.\n")


def test_logs_are_listed_and_shown(tmp_path: Path) -> None:
    """The last lines of one, or which there are; a name is never a path."""
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "nginx.log").write_text("one\ntwo\n")
    (tmp_path / "secret.log").write_text("secret")
    runner = CliRunner()

    assert runner.invoke(cli, ["logs", "--home", str(tmp_path)]).output.split() == ["nginx", "8", "bytes"]
    assert runner.invoke(cli, ["logs", "nginx", "-n", "1", "--home", str(tmp_path)]).output == "two\n"
    refused = runner.invoke(cli, ["logs", "../secret", "--home", str(tmp_path)])
    assert (refused.exit_code, "secret\n" in refused.output) == (1, False)


def test_a_database_that_is_away_is_said(tmp_path: Path) -> None:
    """No traceback of a driver, and no address with a password."""
    result = CliRunner().invoke(
        cli, ["sign-in", "--home", str(tmp_path)], env={"DATABASE_URL": "postgresql://u:pass-word@127.0.0.1:9/d"}
    )

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: The database does not answer; is `doodle up` running?")
    assert "pass-word" not in result.output


def test_pretraining_hands_its_arguments_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was typed comes last and wins; Node and the data's folder are known already."""
    typed: list[list[str]] = []

    def run(command: list[str], check: bool) -> subprocess.CompletedProcess[str]:
        typed.append(command)
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr(subprocess, "run", run)
    result = CliRunner().invoke(cli, ["pretrain", "--out", "models", "--help"], env={"DOODLE_DATA_DIR": str(tmp_path)})

    assert typed[0][1:3] == ["-m", "training_server.pretrain"]
    assert typed[0][5] == "--cache"
    assert typed[0][7:] == ["--data", str(tmp_path), "--out", "models", "--help"]
    assert (result.exit_code, "exit code 3" in result.output) == (1, True)


def test_teaching_hands_its_arguments_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As pretraining does; a teacher is exported nowhere, so it needs no Node."""
    typed: list[list[str]] = []

    def run(command: list[str], check: bool) -> subprocess.CompletedProcess[str]:
        typed.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    result = CliRunner().invoke(cli, ["teach", "--out", "one.npz"], env={"DOODLE_DATA_DIR": str(tmp_path)})

    assert typed[0][1:] == ["-m", "training_server.teach", "--data", str(tmp_path), "--out", "one.npz"]
    assert result.exit_code == 0
