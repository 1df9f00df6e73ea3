"""
Roll a release out on AWS: migrate, one service after the other, try it, and take everything back if it does not work.

    python3 roll_out.py --outputs outputs.json --version 1.2.3 --smoke "doodle smoke --url SITE_URL"

outputs.json is what `terraform output -json` prints in deploy/aws. Needed: Python 3.11, the `aws` command with the role
`deploy_role_arn`, and the release's images in ECR. Nothing is rolled out if the migration fails; a migration works with
the release before it, so what has been migrated stays when a release is taken back.
"""

import argparse
import json
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

POLL_SECONDS = 10.0

PATIENCE_SECONDS = 20 * 60
"""A service that is not steady by then will not be: a task starts in two minutes, and ECS gives up by itself before."""

COPIED = (
    "family", "taskRoleArn", "executionRoleArn", "networkMode", "volumes", "placementConstraints",
    "requiresCompatibilities", "cpu", "memory", "runtimePlatform", "ephemeralStorage",
)  # fmt: skip
"""What a task definition is registered with; the rest of a description is ECS's own."""

Aws = Callable[..., Any]
"""Asks AWS: service, operation, then options by name; gives the answer's JSON. Tests give one that answers alike."""


class RollOutError(Exception):
    """The release did not get through; the message says where, and what runs now."""


@dataclass(frozen=True)
class Site:
    """
    What there is to roll out, as Terraform's outputs tell.

    Attributes:
        url: where people draw.
        cluster: of ECS.
        images: each image's repository.
        services: in order, each with the family of its task definition.
        migrate: the one-shot's family, logs and network.
    """

    url: str
    cluster: str
    images: Mapping[str, str]
    services: Sequence[Mapping[str, str]]
    migrate: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """What a service ran before, and what it is to run."""

    service: str
    before: str
    after: str


@dataclass(frozen=True)
class Clock:
    """Time, as the waiting needs it."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def read_site(outputs: str) -> Site:
    """
    Read `terraform output -json`.

    Raises:
        RollOutError: it is no JSON, or lacks an output.
    """
    try:
        values = {name: output["value"] for name, output in json.loads(outputs).items()}
        return Site(values["site_url"], values["cluster"], values["image_urls"], values["services"], values["migrate"])
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise RollOutError(
            f"The outputs are not what `terraform output -json` prints in deploy/aws: {wrong!r}"
        ) from wrong


def roll_out(site: Site, version: str, smoke: Callable[[], bool], aws: Aws, clock: Clock | None = None) -> None:
    """
    Bring a site to a release, or leave it as it was.

    Args:
        site: what there is.
        version: the tag of its images.
        smoke: tries the site; whether it works.
        aws: see Aws.
        clock: for tests.

    Raises:
        RollOutError: the release did not get through.
    """
    time_ = clock or Clock()
    images = {repository: find_image(aws, repository, version) for repository in site.images.values()}
    migrate(site, register(aws, site.migrate["family"], images), aws, time_)
    changes: list[Change] = []
    try:
        for entry in site.services:
            change = Change(
                entry["service"],
                before=describe_service(aws, site.cluster, entry["service"])["taskDefinition"],
                after=register(aws, entry["family"], images),
            )
            changes.append(change)
            bring(site, change.service, change.after, aws, time_)
        print("trying it", flush=True)
        if not smoke():
            raise RollOutError("The site does not work with it.")
    except (RollOutError, subprocess.CalledProcessError) as failure:
        take_back(site, changes, aws, time_)
        raise RollOutError(f"{failure} Everything runs again as before.") from failure


def find_image(aws: Aws, repository: str, version: str) -> str:
    """
    Find an image by its tag, and name it by its digest, which nobody can move.

    Raises:
        RollOutError: there is none.
    """
    name = repository.partition("/")[2]
    try:
        found = aws("ecr", "describe-images", repository_name=name, image_ids=f"imageTag={version}")
    except subprocess.CalledProcessError as missing:
        raise RollOutError(f"There is no {repository}:{version}; the workflow Release pushes it.") from missing
    return f"{repository}@{found['imageDetails'][0]['imageDigest']}"


def register(aws: Aws, family: str, images: Mapping[str, str]) -> str:
    """
    Register a task definition like the family's newest, with other images.

    Args:
        aws: see Aws.
        family: of task definitions.
        images: what runs from now on, by repository.

    Returns:
        The new one's ARN.
    """
    newest = aws("ecs", "describe-task-definition", task_definition=family)["taskDefinition"]
    definition = with_images(newest, images)
    return str(aws("ecs", "register-task-definition", cli_input_json=definition)["taskDefinition"]["taskDefinitionArn"])


def with_images(definition: Mapping[str, Any], images: Mapping[str, str]) -> dict[str, Any]:
    """
    Give a task definition other images.

    Args:
        definition: as ECS describes it.
        images: what each repository's image becomes; an image of another repository stays.

    >>> with_images({"family": "site", "revision": 3, "containerDefinitions": [{"image": "ecr/nginx:1"}]},
    ...     {"ecr/nginx": "ecr/nginx@sha256:12"})
    {'family': 'site', 'containerDefinitions': [{'image': 'ecr/nginx@sha256:12'}]}
    """
    containers = [
        {**container, "image": images.get(_repository_of(container["image"]), container["image"])}
        for container in definition["containerDefinitions"]
    ]
    copied = {name: definition[name] for name in COPIED if definition.get(name)}
    return {**copied, "containerDefinitions": containers}


def _repository_of(image: str) -> str:
    """Give an image's name without tag and digest; a registry's port is no tag."""
    name = image.partition("@")[0]
    return name.rpartition(":")[0] if ":" in name.rpartition("/")[2] else name


def migrate(site: Site, definition: str, aws: Aws, clock: Clock) -> None:
    """
    Run the migration, and wait for its end.

    Raises:
        RollOutError: it did not start, or failed; with the end of what it said.
    """
    print("migrating", flush=True)
    started = aws(
        "ecs", "run-task", cluster=site.cluster, task_definition=definition, launch_type="FARGATE",
        network_configuration=site.migrate["network"],
    )  # fmt: skip
    if not started["tasks"]:
        raise RollOutError(f"The migration did not start: {started['failures']}. Nothing was rolled out.")
    arn = started["tasks"][0]["taskArn"]

    def find_end() -> dict[str, Any] | None:
        task: dict[str, Any] = aws("ecs", "describe-tasks", cluster=site.cluster, tasks=arn)["tasks"][0]
        return task if task["lastStatus"] == "STOPPED" else None

    ended = wait_for(find_end, "the migration", clock)
    failed = {each["name"]: each.get("exitCode") for each in ended["containers"] if each.get("exitCode") != 0}
    if failed:
        reason = f"{ended.get('stoppedReason', '')} {read_logs(aws, site.migrate['logs'], arn)}".strip()
        raise RollOutError(f"The migration failed {failed}: {reason}. Nothing was rolled out.")


def read_logs(aws: Aws, group: str, task_arn: str) -> str:
    """Give the end of what a task said; its streams end with the task's id."""
    task = task_arn.rpartition("/")[2]
    events = aws("logs", "filter-log-events", log_group_name=group, filter_pattern="")["events"]
    return " | ".join(event["message"] for event in events if event["logStreamName"].endswith(task))[-2000:]


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


def wait_for(find: Callable[[], T | None], what: str, clock: Clock) -> T:
    """
    Ask again and again until there is an answer.

    Raises:
        RollOutError: there is none for too long.
    """
    until = clock.now() + PATIENCE_SECONDS
    while clock.now() < until:
        if (found := find()) is not None:
            return found
        clock.sleep(POLL_SECONDS)
    raise RollOutError(f"After {PATIENCE_SECONDS // 60} minutes, {what} has come to no end.")


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


def ask_aws(service: str, operation: str, /, **options: Any) -> Any:
    """
    Ask AWS by its command, which knows where its credentials are.

    Raises:
        CalledProcessError: it was refused; why stands on stderr.
    """
    words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", _as_word(value))]
    command = ["aws", service, operation, *words, "--output", "json", "--no-cli-pager"]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout or "null")


def _as_word(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def main(arguments: Sequence[str] | None = None) -> int:
    """Roll out as the command line says; give the exit status."""
    parser = argparse.ArgumentParser(description="Roll a release out on AWS.")
    parser.add_argument("--outputs", type=Path, required=True, help="what `terraform output -json` printed")
    parser.add_argument("--version", required=True, help="the tag of the release's images")
    parser.add_argument("--smoke", required=True, help="command that tries the site; SITE_URL in it is its address")
    given = parser.parse_args(arguments)
    try:
        site = read_site(given.outputs.read_text(encoding="utf-8"))
        command = [site.url if word == "SITE_URL" else word for word in shlex.split(given.smoke)]
        roll_out(site, given.version, lambda: subprocess.run(command, check=False).returncode == 0, ask_aws)
    except RollOutError as failure:
        print(failure, file=sys.stderr)
        return 1
    print(f"{given.version} runs at {site.url}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
