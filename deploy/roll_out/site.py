"""The site: what Terraform has made, as far as a rollout must know it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from roll_out.errors import RollOutError


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
