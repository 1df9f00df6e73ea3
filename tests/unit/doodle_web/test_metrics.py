"""What every service tells Prometheus of its requests."""

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask, abort
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from doodle_web.metrics import SampledGauges, expose, metrics_blueprint, register_request_metrics
from doodle_web.metrics_folder import MetricsFolder

NAME = "doodle_http_request_duration_seconds_count"
LOAD_BOTH = "import sys, model_server.gunicorn_conf, training_server.gunicorn_conf; print(*sys.modules)"


@pytest.fixture
def registry() -> CollectorRegistry:
    """Where a test's metrics are entered."""
    return CollectorRegistry()


@pytest.fixture
def app(registry: CollectorRegistry) -> Flask:
    """A service with a few routes."""
    app = Flask("test", static_folder=None)
    register_request_metrics(app, registry)
    app.register_blueprint(metrics_blueprint(registry, SampledGauges(registry)))
    app.add_url_rule("/things/<int:number>", view_func=lambda number: f"thing {number}", endpoint="thing")
    app.add_url_rule("/closed", view_func=lambda: abort(503), endpoint="closed")
    return app


def count_requests(app: Flask) -> dict[tuple[str, str, str], float]:
    """Ask the app as Prometheus does: requests by method, route, status."""
    families = text_string_to_metric_families(app.test_client().get("/metrics").get_data(as_text=True))
    samples = [sample for family in families for sample in family.samples if sample.name == NAME]
    return {(each.labels["method"], each.labels["route"], each.labels["status"]): each.value for each in samples}


def test_requests_are_counted_by_template(app: Flask) -> None:
    """A thousand things are one series."""
    for number in range(5):
        app.test_client().get(f"/things/{number}")
    app.test_client().get("/closed")

    assert count_requests(app) == {("GET", "/things/<int:number>", "200"): 5, ("GET", "/closed", "503"): 1}


def test_what_clients_make_up_is_one_series(app: Flask) -> None:
    """Neither addresses nor methods nobody knows make a series of their own."""
    client = app.test_client()
    for number in range(3):
        client.get(f"/nowhere/{number}")
        client.open("/things/1", method=f"METHOD{number}")

    assert count_requests(app) == {("GET", "unmatched", "404"): 3, ("other", "unmatched", "405"): 3}


def test_gauges_are_read_when_asked(registry: CollectorRegistry) -> None:
    """What is in use is told as it is now, not as it was a second ago."""
    sampled, open_things = SampledGauges(registry), ["one", "two"]
    sampled.add("things_open", "Open things.", lambda: len(open_things))

    sampled.sample()

    assert "things_open 2.0" in expose(registry).decode()


def test_a_folder_is_new_at_every_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an earlier gunicorn of the same number left is gone, and nobody else may look in."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = MetricsFolder("test")
    path = Path(folder.setting.partition("=")[2])
    path.mkdir()
    (path / "counter_1.db").touch()

    folder.make()
    assert list(path.iterdir()) == []
    assert path.stat().st_mode & 0o777 == 0o700

    folder.remove()
    assert not path.exists()


def test_a_process_that_ended_is_doing_nothing_but_has_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its gauges are forgotten, its counters go on counting."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = MetricsFolder("test")
    folder.make()
    path = Path(folder.setting.partition("=")[2])
    for name in ("gauge_livesum_7.db", "gauge_livesum_8.db", "counter_7.db"):
        (path / name).touch()

    folder.forget(7)

    assert sorted(each.name for each in path.iterdir()) == ["counter_7.db", "gauge_livesum_8.db"]


def test_gunicorns_parent_does_not_import_prometheus() -> None:
    """prometheus_client decides at its import how it counts, and the setting for that comes later."""
    environment = {"DATABASE_URL": "postgresql://nowhere/none", "CONTRIBUTOR_KEY": "00" * 16}
    loaded = subprocess.run(
        [sys.executable, "-c", LOAD_BOTH], env=environment, capture_output=True, text=True, check=True, timeout=60
    )

    assert [name for name in loaded.stdout.split() if name.startswith("prometheus_client")] == []
