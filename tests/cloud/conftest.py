"""An account of nobody's, and one small installation in it, made once for all that look at it."""

from collections.abc import Iterator
from typing import Any

import pytest

from doodle_testing.cloud import Account, Terraform, make_terraform, running_account


@pytest.fixture(scope="session")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """A fresh account with a zone of ours."""
    with running_account(tmp_path_factory.mktemp("account") / "log") as url:
        bare = Account(url, "")
        zone = bare.client("route53").create_hosted_zone(Name="example.org", CallerReference="once")
        yield Account(url, zone["HostedZone"]["Id"].rsplit("/", 1)[1])


@pytest.fixture(scope="session")
def terraform(account: Account, tmp_path_factory: pytest.TempPathFactory) -> Terraform:
    """Terraform in a copy of deploy/aws; skipped where there is none, unless CI_CLOUD is set."""
    return make_terraform(tmp_path_factory.mktemp("terraform"), account.url)


@pytest.fixture(scope="session")
def installation(account: Account, terraform: Terraform) -> Iterator[dict[str, Any]]:
    """The small installation, applied; its outputs. Destroyed at the end, whatever the tests found."""
    arguments = account.arguments("small")
    terraform.run("apply", "-auto-approve", *arguments)
    try:
        yield {name: output["value"] for name, output in terraform.read_json("output").items()}
    finally:
        terraform.run("destroy", "-auto-approve", *arguments)
        assert terraform.run("state", "list").split() == []
