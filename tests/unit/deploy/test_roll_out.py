"""A release gets through whole, or the site runs what it ran before."""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from doodle_testing.scripts import ROOT
from roll_out.errors import RollOutError
from roll_out.release import roll_out
from roll_out.site import Site, read_site
from roll_out.waiting import Clock

SERVICES = ("training_server", "site", "worker")
IMAGES = {"nginx": "ecr/shop/nginx", "training_server": "ecr/shop/training_server"}
SITE = Site(
    url="https://draw.example",
    cluster="shop",
    images=IMAGES,
    services=[{"service": name, "family": f"shop-{name}"} for name in SERVICES],
    migrate={"family": "shop-migrate", "logs": "/shop/migrate", "network": {"awsvpcConfiguration": {}}},
)


def passing_time() -> Clock:
    """Time that passes only by sleeping."""
    slept = [0.0]
    return Clock(now=lambda: sum(slept), sleep=slept.append)


@dataclass
class FakeAws:
    """
    ECS, ECR and logs, as far as a rollout asks them.

    Attributes:
        sick: services that no new definition makes healthy.
        migration_exit: how the migration ends.
        running: what each service runs.
        registered: every definition, by its ARN.
        story: what was changed, in order.
    """

    sick: tuple[str, ...] = ()
    stubborn: bool = False
    migration_exit: int = 0
    running: dict[str, str] = field(default_factory=lambda: {name: f"arn/shop-{name}:1" for name in SERVICES})
    registered: dict[str, dict[str, Any]] = field(default_factory=dict)
    story: list[str] = field(default_factory=list)
    polls: int = 0

    def __call__(self, service: str, operation: str, /, **options: Any) -> Any:
        return getattr(self, f"{service}_{operation}".replace("-", "_"))(**options)

    def ecr_describe_images(self, repository_name: str, image_ids: str) -> Any:
        if image_ids != "imageTag=1.2.3":
            raise subprocess.CalledProcessError(254, "aws")
        return {"imageDetails": [{"imageDigest": f"sha256:{repository_name}"}]}

    def ecs_describe_task_definition(self, task_definition: str) -> Any:
        containers = [
            {"name": "ours", "image": "ecr/shop/training_server:1.2.2"},
            {"name": "theirs", "image": "registry:5000/sidecar"},
        ]
        described = {"family": task_definition, "revision": 1, "status": "ACTIVE", "cpu": "512"}
        return {"taskDefinition": {**described, "containerDefinitions": containers}}

    def ecs_register_task_definition(self, cli_input_json: dict[str, Any]) -> Any:
        arn = f"arn/{cli_input_json['family']}:2"
        self.registered[arn] = cli_input_json
        return {"taskDefinition": {"taskDefinitionArn": arn}}

    def ecs_run_task(self, task_definition: str, **_: Any) -> Any:
        self.story.append(f"run {task_definition}")
        return {"tasks": [{"taskArn": "arn/task/1"}], "failures": []}

    def ecs_describe_tasks(self, **_: Any) -> Any:
        self.polls += 1
        status = "RUNNING" if self.polls < 3 else "STOPPED"
        containers = [{"name": "migrate", "exitCode": self.migration_exit}]
        return {
            "tasks": [{"lastStatus": status, "stoppedReason": "Essential container exited", "containers": containers}]
        }

    def logs_filter_log_events(self, **_: Any) -> Any:
        return {"events": [{"logStreamName": "task/migrate/1", "message": "no such column"}]}

    def ecs_describe_services(self, services: str, **_: Any) -> Any:
        running = self.running[services]
        deployments = [{"taskDefinition": running, "rolloutState": "COMPLETED"}]
        if services in self.sick and running.endswith(":2"):
            deployments[0]["rolloutState"] = "IN_PROGRESS" if self.stubborn else "FAILED"
        return {"services": [{"taskDefinition": running, "deployments": deployments}]}

    def ecs_update_service(self, service: str, task_definition: str, **_: Any) -> Any:
        self.running[service] = task_definition
        self.story.append(f"{service} {task_definition.rpartition(':')[2]}")


def run(aws: FakeAws, works: bool = True, version: str = "1.2.3") -> None:
    roll_out(SITE, version, lambda: works, aws, passing_time())


def test_a_release_gets_through() -> None:
    """First the schema, then one service after the other."""
    aws = FakeAws()

    run(aws)

    assert aws.story == ["run arn/shop-migrate:2", "training_server 2", "site 2", "worker 2"]
    assert aws.running == {name: f"arn/shop-{name}:2" for name in SERVICES}


def test_a_definition_changes_in_nothing_but_our_images() -> None:
    """What runs is named by digest; another's image stays, and ECS's own fields are not sent back."""
    aws = FakeAws()

    run(aws)

    assert aws.registered["arn/shop-site:2"] == {
        "family": "shop-site",
        "cpu": "512",
        "containerDefinitions": [
            {"name": "ours", "image": "ecr/shop/training_server@sha256:shop/training_server"},
            {"name": "theirs", "image": "registry:5000/sidecar"},
        ],
    }


def test_a_failed_migration_changes_no_service() -> None:
    """What it said stands in the message; nobody has to look for a log that is gone."""
    aws = FakeAws(migration_exit=1)

    with pytest.raises(RollOutError, match=r"no such column\. Nothing was rolled out"):
        run(aws)

    assert aws.story == ["run arn/shop-migrate:2"]


@pytest.mark.parametrize("stubborn", [False, True])
def test_a_service_that_does_not_become_healthy_takes_everything_back(stubborn: bool) -> None:
    """Whether ECS gives up or comes to no end: what was touched runs as before, the last one first."""
    aws = FakeAws(sick=("site",), stubborn=stubborn)

    with pytest.raises(RollOutError, match="Everything runs again as before"):
        run(aws)

    assert aws.story[1:] == ["training_server 2", "site 2", "site 1", "training_server 1"]


def test_a_site_that_does_not_work_takes_everything_back() -> None:
    """Healthy is not enough: somebody has to be able to draw."""
    aws = FakeAws()

    with pytest.raises(RollOutError, match="does not work"):
        run(aws, works=False)

    assert aws.running == {name: f"arn/shop-{name}:1" for name in SERVICES}


def test_a_release_without_images_changes_nothing() -> None:
    """A typing error in the version ends before the migration."""
    aws = FakeAws()

    with pytest.raises(RollOutError, match=r"There is no ecr/shop/nginx:1\.2\.4"):
        run(aws, version="1.2.4")

    assert aws.story == []


def test_terraforms_outputs_are_read() -> None:
    """The workflow gets them as they are printed."""
    outputs = {"site_url": SITE.url, "cluster": "shop", "image_urls": IMAGES, "services": [], "migrate": {}}
    printed = json.dumps({name: {"sensitive": False, "value": value} for name, value in outputs.items()})

    assert read_site(printed) == Site(SITE.url, "shop", IMAGES, [], {})
    with pytest.raises(RollOutError, match="terraform output -json"):
        read_site("{}")


def test_it_is_run_as_a_folder(tmp_path: Path) -> None:
    """From anywhere, and with nothing installed."""
    command = [sys.executable, "-I", "-S", str(ROOT / "deploy/roll_out"), "--help"]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)

    assert "Roll a release out on AWS" in done.stdout
