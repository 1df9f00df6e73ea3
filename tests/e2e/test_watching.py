"""A real Prometheus beside the whole product: what it is told, the dashboard's queries, the alerts."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from doodle_cli.postgres import free_port
from doodle_db.doodles import Doodle
from doodle_testing.installation import latest_run, live_version, post_all
from doodle_testing.material import Material
from doodle_testing.prometheus import Prometheus, program_or_skip, running_prometheus
from doodle_testing.stack import Stack, running_stack, wait_until

DASHBOARD = Path(__file__).parents[2] / "observability/grafana/dashboards/doodle-loop.json"
NUM_DOODLES = 320
"""Some more than drift is told of."""

RUN_SECONDS = 240

pytestmark = pytest.mark.timeout(600)


@dataclass(frozen=True)
class Watched:
    """
    A stack that has lived a little, and the Prometheus that watched it.

    Attributes:
        stack: runs.
        prometheus: asks it every second.
        run: the one that the doodles started, finished.
    """

    stack: Stack
    prometheus: Prometheus
    run: dict[str, Any]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """Doodles with guesses, right and wrong, and the run they start; more of them when it has ended."""
    program_or_skip("prometheus")
    folder = tmp_path_factory.mktemp("watching")
    material = Material.at_hand()
    worker = f"127.0.0.1:{free_port()}"
    settings = {"DOODLE_DATA_DIR": str(material.base_data(folder / "data")), "METRICS_BIND": worker}
    with running_stack(folder / "home", **settings, DELTA_MIN_DOODLES="100", DRIFT_SECONDS="1") as stack:
        ports = json.loads((stack.home / "ports.json").read_text())
        targets = {name: f"127.0.0.1:{ports[name]}" for name in ("model_server", "training_server")}
        with running_prometheus(folder, {**targets, "worker": worker}) as prometheus:
            doodles = with_guesses(material.by_a_new_habit(NUM_DOODLES, seed=7), live_version(stack))
            post_all(stack, doodles)
            wait_until(lambda: latest_run(stack).get("state") == "finished", RUN_SECONDS, stack)
            draw_more(stack, doodles, prometheus)
            yield Watched(stack, prometheus, latest_run(stack))


def with_guesses(doodles: list[Doodle], version: str) -> list[Doodle]:
    """Let a version have guessed them: two in three rightly."""
    return [
        replace(
            each,
            guess=each.label if number % 3 else "dog" if each.label == "cat" else "cat",
            confidence=(number % 97) / 100,
            model_version=version,
        )
        for number, each in enumerate(doodles)
    ]


def draw_more(stack: Stack, doodles: list[Doodle], prometheus: Prometheus) -> None:
    """Send single doodles, guessed by what is live now, until Prometheus has seen rates, drift and the run."""
    version = live_version(stack)
    again = (replace(each, id=uuid4(), model_version=version) for each in doodles)

    def is_seen() -> bool:
        post_all(stack, list(islice(again, 2)))
        asked = (
            f'rate(doodle_guesses_total{{version="{version}"}}[1m]) > 0',
            "doodle_drift_index",
            "doodle_recent_accuracy_ratio",
            "rate(doodle_run_epoch_duration_seconds_sum[1h]) > 0",
            "doodle_last_run_finished_timestamp_seconds",
        )
        return all(prometheus.query(each) for each in asked)

    wait_until(is_seen, 60, stack)


def queries_of_the_dashboard() -> list[tuple[str, str]]:
    """Give every query with its panel's title; what Grafana puts in is put in."""
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    return [
        (f"{panel['title']}: {target['legendFormat']}", target["expr"].replace("$__rate_interval", "1m"))
        for panel in panels
        for target in panel.get("targets", [])
    ]


def test_every_query_of_the_dashboard_returns_data(watched: Watched) -> None:
    """A panel that stays empty looks like a system that is well."""
    found = {name: watched.prometheus.query(query) for name, query in queries_of_the_dashboard()}

    assert len(found) > 50
    assert [name for name, values in found.items() if not any(map(isfinite, values))] == []


def test_every_alert_can_be_evaluated(watched: Watched) -> None:
    """An alert on a series nobody tells would be silent for ever."""
    groups = watched.prometheus.get("rules")["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    series = {name for rule in rules for name in re.findall(r"\b(?:doodle_\w+|up)\b", rule["query"])}

    assert [rule["name"] for rule in rules if rule["health"] != "ok"] == []
    assert [name for name in series if not watched.prometheus.query(f"{name}")] == []
    assert [rule["name"] for rule in rules if rule["state"] == "firing"] == []


def test_what_is_told_is_true(watched: Watched) -> None:
    """The figures are those of the installation, once, however many processes count."""
    ask = watched.prometheus.query
    with watched.stack.operator as client:
        num_stored = client.get("/api/v1/stats").json()["num_doodles"]
        num_stored += sum(client.get("/api/v1/reviews").json()["counts"].values())
    wait_until(lambda: ask('sum(doodle_doodles_total{outcome="stored"})') == [num_stored], 10, watched.stack)

    assert ask("count(up == 1)") == [3]
    assert ask(f'doodle_live_info{{version="{live_version(watched.stack)}"}}') == [1]
    assert ask('max(doodle_runs_last_day{state="finished"})') == ask("sum(doodle_verdicts_last_day)")
    assert ask('sum(doodle_worker_runs_total{end="finished"})') == ask('max(doodle_runs_last_day{state="finished"})')
    assert ask("sum(doodle_event_streams)") == [0]


def test_routes_are_told_by_their_templates(watched: Watched) -> None:
    """No address a client makes up becomes a series."""
    with watched.stack.client as client:
        client.get(f"/api/v1/no-such-thing-{uuid4()}")
        client.put(f"/api/v1/doodles/{uuid4()}/label", json={"label": "cat"})
    name = "doodle_http_request_duration_seconds_count"
    wait_until(lambda: watched.prometheus.query(f'{name}{{route="unmatched"}}') != [], 10, watched.stack)

    routes = {each["metric"]["route"] for each in watched.prometheus.get("query", query=name)["result"]}
    assert "/api/v1/doodles/<uuid:doodle_id>/label" in routes
    assert [route for route in routes if not re.fullmatch(r"(/[a-z0-9]+|/<[a-z]+(:[a-z_]+)?>)+|unmatched", route)] == []


def lines_with(stack: Stack, log: str, request_id: str) -> list[dict[str, Any]]:
    """Give the lines of a log that carry a request's id."""
    lines = (stack.home / "logs" / f"{log}.log").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.startswith("{") and f'"{request_id}"' in line]


def test_one_id_leads_from_the_proxy_to_the_workers_lines(watched: Watched) -> None:
    """What a run did is found from the request that started it, and the other way round."""
    request_id = watched.run["request_id"]

    (asked,) = lines_with(watched.stack, "nginx", request_id)
    assert asked["path"] == "/api/v1/doodles"
    assert "training_asked_for" in {each["event"] for each in lines_with(watched.stack, "model_server", request_id)}
    assert "run_queued" in {each["event"] for each in lines_with(watched.stack, "training_server", request_id)}
    done = {each["event"]: each["run"] for each in lines_with(watched.stack, "worker", request_id)}
    assert done["run_claimed"] == done["run_finished"] == watched.run["key"]
