"""The alerts: valid, played, and explained to the one who is woken by them."""

import re
import subprocess
from pathlib import Path

import pytest

from doodle_testing.prometheus import RULES, program_or_skip

ROOT = Path(__file__).parents[3]
PLAYED = RULES.with_name("rules_test.yml")
CONFIGURATION = RULES.with_name("prometheus.yml")
ALERTS = re.findall(r"^ +- alert: (\w+)$", RULES.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "rules", RULES),
        ("check", "config", "--syntax-only", CONFIGURATION),
        ("test", "rules", PLAYED),
    ],
    ids=["rules", "configuration", "played"],
)
def test_promtool_agrees(arguments: tuple[str | Path, ...]) -> None:
    """Prometheus reads the files, and every alert fires when it should and not otherwise."""
    command = [program_or_skip("promtool"), *map(str, arguments)]

    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_is_played() -> None:
    """rules_test.yml makes each of them fire once."""
    fired = re.findall(r"- alertname: (\w+)\n +eval_time: \w+\n +exp_alerts:\n", PLAYED.read_text(encoding="utf-8"))

    assert sorted(set(fired)) == sorted(ALERTS)


def test_every_alert_says_what_to_do() -> None:
    """Each leads to a section of its own in docs/operations.md, and no section is about an alert that is gone."""
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    section = page.partition("## What each alert means and what to do\n")[2].partition("\n## ")[0]
    links = re.findall(r"runbook_url: docs/operations\.md#(\w+)$", RULES.read_text(encoding="utf-8"), re.MULTILINE)

    assert re.findall(r"^### (\w+)$", section, re.MULTILINE) == ALERTS
    assert links == [alert.lower() for alert in ALERTS]
