"""The rollout asks AWS in words that AWS understands, about what Terraform made."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from doodle_testing.cloud import Account
from roll_out.services import describe_service
from roll_out.site import Site, read_site
from roll_out.task_definitions import COPIED, find_image, register

pytestmark = pytest.mark.timeout(1_200)

VERSION = "9.9.9"

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


def asking(account: Account) -> Callable[..., Any]:
    """Ask as the `aws` command does, which takes lists as words and a whole request as one option."""

    def ask(service: str, operation: str, /, **options: Any) -> Any:
        request = dict(options.pop("cli_input_json", {}))
        request |= {camel_case(name): as_listed(name, value) for name, value in options.items()}
        return getattr(account.client(service), operation.replace("-", "_"))(**request)

    return ask


def camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


def as_listed(name: str, value: Any) -> Any:
    """Give a list where the command takes a word for one."""
    if name == "image_ids":
        key, _, word = value.partition("=")
        return [{key: word}]
    return [value] if name in ("services", "tasks") else value


@pytest.fixture(scope="module")
def site(account: Account, installation: Mapping[str, Any]) -> Site:
    """The installation, with a release's images in its registry."""
    printed = {name: {"value": value} for name, value in installation.items()}
    found = read_site(json.dumps(printed))
    for repository in found.images.values():
        manifest = json.dumps(
            {"schemaVersion": 2, "mediaType": MANIFEST, "layers": [], "config": {"digest": repository}}
        )
        account.client("ecr").put_image(
            repositoryName=repository.partition("/")[2], imageManifest=manifest, imageTag=VERSION
        )
    return found


def test_every_service_takes_a_release(account: Account, site: Site) -> None:
    """Every family is registered anew with nothing but other images, and its service can be pointed at it and back."""
    ask = asking(account)
    images = {repository: find_image(ask, repository, VERSION) for repository in site.images.values()}

    for entry in [*site.services, site.migrate]:
        before = ask("ecs", "describe-task-definition", task_definition=entry["family"])["taskDefinition"]
        after = ask("ecs", "describe-task-definition", task_definition=register(ask, entry["family"], images))[
            "taskDefinition"
        ]
        assert after["revision"] == before["revision"] + 1
        assert {each["image"] for each in after["containerDefinitions"]} <= set(images.values())
        for name in COPIED:
            assert after.get(name) == before.get(name)
        for old, new in zip(before["containerDefinitions"], after["containerDefinitions"], strict=True):
            assert {**old, "image": ""} == {**new, "image": ""}


def test_services_can_be_pointed_elsewhere(account: Account, site: Site) -> None:
    """In the order of the rollout; what ran before is known, to go back to."""
    ask = asking(account)

    for entry in site.services:
        before = describe_service(ask, site.cluster, entry["service"])["taskDefinition"]
        for definition in (register(ask, entry["family"], {}), before):
            ask("ecs", "update-service", cluster=site.cluster, service=entry["service"], task_definition=definition)
            # What the stand-in says of deployments stays as it was at first; how they are waited for is a unit test.
            assert describe_service(ask, site.cluster, entry["service"])["taskDefinition"] == definition


def test_the_migration_has_a_network(site: Site) -> None:
    """It is run as Terraform's output says, in the network that workers have."""
    assert set(site.migrate["network"]["awsvpcConfiguration"]) == {"subnets", "securityGroups", "assignPublicIp"}
    assert site.url.startswith("https://")
