"""The profile `watch` as Compose reads it: its images are not started by any test, so at least all around them fits."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
PROMETHEUS = (ROOT / "observability/prometheus/prometheus.yml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def composition() -> dict[str, Any]:
    """What `docker compose --profile watch up` would start; no engine is needed to say."""
    if shutil.which("docker") is None:
        pytest.skip("needs the command `docker` with Compose; no engine")
    command = ["docker", "compose", "--profile", "watch", "config", "--format", "json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    if "is not a docker command" in done.stderr:
        pytest.skip("needs Docker's Compose")
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_it_starts_only_when_asked_for(composition: dict[str, Any]) -> None:
    """Without the profile nothing of it runs, and nothing needs it."""
    services = composition["services"]
    watching = {name for name, service in services.items() if service.get("profiles") == ["watch"]}

    assert watching == {"prometheus", "grafana"}
    others = [service for name, service in services.items() if name not in watching]
    assert all(watching.isdisjoint(service.get("depends_on") or {}) for service in others)


def test_only_this_machine_sees_the_page(composition: dict[str, Any]) -> None:
    """Grafana has no users, so its one port is bound to loopback; Prometheus has none."""
    ports = {name: service.get("ports") for name, service in composition["services"].items()}

    assert ports["prometheus"] is None
    (port,) = ports["grafana"]
    assert (port["host_ip"], port["target"]) == ("127.0.0.1", 3000)


def test_nobody_has_a_password_that_others_know(composition: dict[str, Any]) -> None:
    """There is no first user whose password would be `admin`, and nobody can sign in."""
    told = composition["services"]["grafana"]["environment"]

    assert told["GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION"] == "true"
    assert told["GF_AUTH_DISABLE_LOGIN_FORM"] == "true"
    assert told["GF_AUTH_BASIC_ENABLED"] == "false"
    assert told["GF_AUTH_ANONYMOUS_ORG_ROLE"] == "Viewer"
    assert not any("PASSWORD" in name for name in told)


def test_grafana_sees_prometheus_and_nothing_else(composition: dict[str, Any]) -> None:
    """What is in reach of a browser is out of reach of the database."""
    services = composition["services"]
    reached = set(services["grafana"]["networks"])

    assert [name for name, each in services.items() if reached & set(each.get("networks") or {})] == [
        "grafana",
        "prometheus",
    ]


def test_prometheus_asks_what_is_there(composition: dict[str, Any]) -> None:
    """Its targets are services on a network of its own, each on the port where it answers."""
    services = composition["services"]
    targets = dict(re.findall(r"names: \[(\w+)\], type: A, port: (\d+)", PROMETHEUS))

    assert targets == {"model_server": "8001", "training_server": "8002", "worker": "8003"}
    assert services["worker"]["environment"]["METRICS_BIND"] == "0.0.0.0:8003"
    ours = set(services["prometheus"]["networks"])
    assert all(ours & set(services[name]["networks"]) for name in targets)


@pytest.mark.parametrize("service", ["prometheus", "grafana"])
def test_they_may_do_no_more_than_others(composition: dict[str, Any], service: str) -> None:
    """Read-only, without capabilities, bounded."""
    told = composition["services"][service]

    assert told["read_only"]
    assert told["cap_drop"] == ["ALL"]
    assert int(told["mem_limit"]) > 0
