"""The services: brought to what they are to run, and back."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from roll_out.aws import Aws
from roll_out.errors import RollOutError
from roll_out.site import Site
from roll_out.waiting import Clock, wait_for


@dataclass(frozen=True)
class Change:
    """What a service ran before, and what it is to run."""

    service: str
    before: str
    after: str


def describe_service(aws: Aws, cluster: str, service: str) -> dict[str, Any]:
    """
    Ask what a service runs.

    Raises:
        RollOutError: there is no such service.
    """
    found = aws("ecs", "describe-services", cluster=cluster, services=service)
    if not found["services"]:
        raise RollOutError(f"There is no service {service} in {cluster}.")
    return dict(found["services"][0])


def bring(site: Site, service: str, definition: str, aws: Aws, clock: Clock) -> None:
    """
    Let a service run something, and wait until nothing else runs.

    Raises:
        RollOutError: it does not become healthy.
    """
    print(f"{service}: {definition.rpartition('/')[2]}", flush=True)
    aws("ecs", "update-service", cluster=site.cluster, service=service, task_definition=definition)

    def find_outcome() -> str | None:
        # After its circuit breaker has taken it back, the deployment that failed is not the primary one any more.
        deployments = describe_service(aws, site.cluster, service)["deployments"]
        return next((outcome_of(each) for each in deployments if each["taskDefinition"] == definition), "FAILED")

    outcome = wait_for(find_outcome, f"service {service}", clock)
    if outcome != "COMPLETED":
        raise RollOutError(f"Service {service} does not become healthy with it.")


def outcome_of(deployment: Mapping[str, Any]) -> str | None:
    """Tell how a deployment of a service ended; None: it has not."""
    state = deployment.get("rolloutState", "IN_PROGRESS")
    return None if state == "IN_PROGRESS" else str(state)


def take_back(site: Site, changes: Sequence[Change], aws: Aws, clock: Clock) -> None:
    """
    Let every service that was touched run what it ran before, the last one first.

    Raises:
        RollOutError: one of them does not come back; the others were still brought back.
    """
    print("taking it back", flush=True)
    stuck = [change.service for change in reversed(changes) if not _comes_back(site, change, aws, clock)]
    if stuck:
        raise RollOutError(f"Taking it back failed for {', '.join(stuck)}: somebody has to look at it now.")


def _comes_back(site: Site, change: Change, aws: Aws, clock: Clock) -> bool:
    try:
        bring(site, change.service, change.before, aws, clock)
    except (RollOutError, subprocess.CalledProcessError) as failure:
        print(f"{change.service}: {failure}", file=sys.stderr, flush=True)
        return False
    return True
