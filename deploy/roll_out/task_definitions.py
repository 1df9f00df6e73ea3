"""Task definitions: what a container is run with; each release has its own, which differ in their images only."""

import subprocess
from collections.abc import Mapping
from typing import Any

from roll_out.aws import Aws
from roll_out.errors import RollOutError

COPIED = (
    "family", "taskRoleArn", "executionRoleArn", "networkMode", "volumes", "placementConstraints",
    "requiresCompatibilities", "cpu", "memory", "runtimePlatform", "ephemeralStorage",
)  # fmt: skip
"""What a task definition is registered with; the rest of a description is ECS's own."""


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
