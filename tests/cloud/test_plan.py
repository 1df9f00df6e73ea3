"""What Terraform says before it does anything: in form, valid, without a finding, and right for every size."""

import re
import subprocess
from typing import Any

import pytest

from doodle_testing.cloud import AWS, ENVIRONMENT, Account, Terraform, make_environment, make_terraform


@pytest.fixture(scope="module")
def terraform(account: Account, tmp_path_factory: pytest.TempPathFactory) -> Terraform:
    """Terraform in a copy of its own, where nothing has been applied."""
    return make_terraform(tmp_path_factory.mktemp("plans"), account.url)


def plan(terraform: Terraform, account: Account, size: str, *more: str) -> dict[str, Any]:
    """Plan an installation; give the values of all resources by address."""
    terraform.run("plan", f"-out={size}.plan", *account.arguments(size), *more)
    planned = terraform.read_json("show", f"{size}.plan")["planned_values"]["root_module"]["resources"]
    return {resource["address"]: resource["values"] for resource in planned if "values" in resource}


def test_it_is_in_form(terraform: Terraform) -> None:
    """One form for everybody."""
    assert terraform.run("fmt", "-check", "-recursive").split() == []


def test_it_is_valid(terraform: Terraform) -> None:
    """Nothing deprecated, nothing misspelt."""
    validation = terraform.read_json("validate")

    assert (validation["valid"], validation["warning_count"]) == (True, 0)


def test_the_linter_finds_nothing() -> None:
    """What a linter of policies finds is put right, or passed over in place with a reason."""
    make_environment()
    command = [
        str(ENVIRONMENT / "bin/checkov"),
        "--directory",
        str(AWS),
        "--framework",
        "terraform",
        "--quiet",
        "--compact",
    ]
    done = subprocess.run([*command, "--skip-download"], capture_output=True, text=True, timeout=240, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_whatever_is_passed_over_has_a_reason() -> None:
    """A suppression without a reason is a finding."""
    lines = [line for file in AWS.glob("*.tf") for line in file.read_text().splitlines() if "checkov:skip" in line]

    assert lines != []
    assert [line for line in lines if not re.search(r"checkov:skip=CKV\w+:\S.{15,}", line)] == []


@pytest.mark.parametrize(
    ("size", "ways"),
    [("small", (2, 0, 0, True)), ("middle", (2, 2, 0, False)), ("large", (3, 0, 4, False))],
)
def test_each_size_has_its_way_out(
    terraform: Terraform, account: Account, size: str, ways: tuple[int, int, int, bool]
) -> None:
    """The three ways of variable egress: addresses of their own, gateways, nothing but AWS."""
    planned = plan(terraform, account, size)

    def count(name: str) -> int:
        return sum(address.startswith(f"{name}[") for address in planned)

    site = planned["aws_ecs_service.site"]["network_configuration"][0]
    counts = [count(name) for name in ("aws_subnet.private", "aws_nat_gateway.zone", "aws_vpc_endpoint.service")]
    assert (*counts, site["assign_public_ip"]) == ways


def test_nothing_runs_before_the_first_release(terraform: Terraform, account: Account) -> None:
    """A first apply makes the place images are pushed to; nothing tries to start, and nobody is woken for it."""
    planned = plan(terraform, account, "small", "-var=image_tag=")

    assert planned["aws_ecs_service.site"]["desired_count"] == 0
    assert planned["aws_appautoscaling_target.site"]["max_capacity"] == 0
    assert [address for address in planned if address.startswith("aws_cloudwatch_metric_alarm.this")] == []


def test_a_real_installation_cannot_be_deleted_by_mistake(terraform: Terraform, account: Account) -> None:
    """With is_protected, which is the default, the database and what leads to it stay."""
    planned = plan(terraform, account, "small", "-var=is_protected=true")

    assert planned["aws_db_instance.this"]["deletion_protection"] is True
    assert planned["aws_db_instance.this"]["skip_final_snapshot"] is False
    assert planned["aws_lb.this"]["enable_deletion_protection"] is True
    assert planned["aws_s3_bucket.versions"]["force_destroy"] is False


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("-var=zone_id=", "Give zone_id"),
        ("-var=image_tag=latest", "Tags never move"),
        ("-var=egress=somehow", "public, nat or endpoints"),
        ("-var=num_zones=1", "2 or 3"),
    ],
)
def test_a_wrong_variable_is_refused(terraform: Terraform, account: Account, wrong: str, words: str) -> None:
    """A refusal before anything is made, in words that tell what would be right."""
    with pytest.raises(AssertionError, match=words):
        plan(terraform, account, "small", wrong)
