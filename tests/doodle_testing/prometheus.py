"""A real Prometheus: Debian's package, on a port of its own, asking a running stack every second."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from doodle_cli.postgres import free_port
from doodle_testing.missing import skip_or_fail
from doodle_testing.stack import wait_until

ROOT = Path(__file__).parents[2]
RULES = ROOT / "observability/prometheus/rules.yml"


def program_or_skip(name: str) -> str:
    """Find `prometheus` or `promtool`; where there is none the test is skipped, but never in CI."""
    found = shutil.which(name)
    if found is None:
        skip_or_fail(f"needs {name}: install Debian's package `prometheus`")
    return found


@dataclass(frozen=True)
class Prometheus:
    """One that runs."""

    url: str

    def get(self, path: str, **parameters: str) -> Any:
        """Ask its API; gives what it calls data."""
        answer = httpx.get(f"{self.url}/api/v1/{path}", params=parameters, timeout=10, trust_env=False)
        assert answer.status_code == 200, f"{parameters}: {answer.text}"
        return answer.json()["data"]

    def query(self, expression: str) -> list[float]:
        """Evaluate an expression now; gives the values of its series."""
        data = self.get("query", query=expression)
        series = [data] if data["resultType"] == "scalar" else data["result"]
        return [float(each["value"][1]) for each in series]


@contextmanager
def running_prometheus(folder: Path, targets: Mapping[str, str]) -> Iterator[Prometheus]:
    """
    Run Prometheus until the block ends, with the alert rules we ship.

    Args:
        folder: for its data and its log.
        targets: host:port by job.
    """
    program, address = program_or_skip("prometheus"), f"127.0.0.1:{free_port()}"
    configuration = folder / "prometheus.yml"
    # JSON is YAML.
    configuration.write_text(json.dumps(describe_targets(targets)))
    command = [program, f"--config.file={configuration}", f"--storage.tsdb.path={folder / 'data'}"]
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen([*command, f"--web.listen-address={address}"], stdout=log, stderr=log)
    try:
        wait_until(lambda: is_ready(f"http://{address}"), 30)
        yield Prometheus(f"http://{address}")
    finally:
        process.terminate()
        process.wait(timeout=30)


def describe_targets(targets: Mapping[str, str]) -> dict[str, Any]:
    """Describe what to ask: the jobs of the configuration we ship, at the addresses of a test."""
    jobs = [{"job_name": job, "static_configs": [{"targets": [target]}]} for job, target in targets.items()]
    pace = {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}
    return {"global": pace, "rule_files": [str(RULES)], "scrape_configs": jobs}


def is_ready(url: str) -> bool:
    """Tell whether it answers."""
    try:
        return httpx.get(f"{url}/-/ready", timeout=1, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
