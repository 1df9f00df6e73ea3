"""What was really made, asked of the account itself, not of Terraform."""

import json
from pathlib import Path
from typing import Any

import pytest

from doodle_testing.cloud import DOMAIN, Account, Terraform

Outputs = dict[str, Any]


def document(text: str | dict[str, Any]) -> dict[str, Any]:
    return json.loads(text) if isinstance(text, str) else text


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def policies_of_roles(account: Account) -> dict[str, list[dict[str, Any]]]:
    """Read every statement of every role of ours, by the role's name."""
    iam = account.client("iam")
    found: dict[str, list[dict[str, Any]]] = {}
    for role in iam.list_roles()["Roles"]:
        name = role["RoleName"]
        names = iam.list_role_policies(RoleName=name)["PolicyNames"]
        read = [iam.get_role_policy(RoleName=name, PolicyName=each)["PolicyDocument"] for each in names]
        found[name] = [statement for each in read for statement in as_list(document(each)["Statement"])]
    return found


def containers_of(account: Account, family: str) -> dict[str, Any]:
    """Read the containers of a family's newest task definition."""
    described = account.client("ecs").describe_task_definition(taskDefinition=family)["taskDefinition"]
    return {container["name"]: container for container in described["containerDefinitions"]}


def test_versions_are_kept_and_closed(account: Account, installation: Outputs) -> None:
    """Old contents come back, everything is encrypted, nothing is public, nothing goes without TLS."""
    s3, bucket = account.client("s3"), installation["versions_bucket"]
    rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    closed = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]

    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    assert rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert set(closed.values()) == {True}
    assert {each["Sid"]: each["Effect"] for each in policy} == {
        "OnlyTls": "Deny",
        "ManifestsAreWrittenOnce": "Deny",
        "OurDistributionReads": "Allow",
    }


def test_plain_http_is_redirected(account: Account, installation: Outputs) -> None:
    """Port 80 answers with nothing but the way to TLS; TLS is 1.2 or later; only our name is served."""
    elb = account.client("elbv2")
    balancer = elb.describe_load_balancers()["LoadBalancers"][0]["LoadBalancerArn"]
    listeners = {each["Port"]: each for each in elb.describe_listeners(LoadBalancerArn=balancer)["Listeners"]}
    redirect = listeners[80]["DefaultActions"][0]
    rules = elb.describe_rules(ListenerArn=listeners[443]["ListenerArn"])["Rules"]
    forward = next(rule for rule in rules if rule["Priority"] != "default")

    assert (redirect["Type"], redirect["RedirectConfig"]["Protocol"]) == ("redirect", "HTTPS")
    assert listeners[443]["SslPolicy"].startswith("ELBSecurityPolicy-TLS13-1-2")
    assert listeners[443]["DefaultActions"][0]["Type"] == "fixed-response"
    assert forward["Conditions"][0]["HostHeaderConfig"]["Values"] == [DOMAIN]


def test_only_cloudfront_reaches_the_load_balancer(account: Account, installation: Outputs) -> None:
    """No security group lets an address of the internet in."""
    groups = account.client("ec2").describe_security_groups(
        Filters=[{"Name": "group-name", "Values": ["doodle-loop-*"]}]
    )
    ways_in = [way for group in groups["SecurityGroups"] for way in group["IpPermissions"]]

    assert len(groups["SecurityGroups"]) == 5
    assert [way["IpRanges"] + way["Ipv6Ranges"] for way in ways_in if way["IpRanges"] or way["Ipv6Ranges"]] == []


def test_nobody_may_do_everything(account: Account, installation: Outputs) -> None:
    """No role of ours has an action with a star in it, and a star for a resource only where AWS knows no other."""
    statements = [(role, each) for role, found in policies_of_roles(account).items() for each in found]
    stars = {action for _, each in statements for action in as_list(each["Action"]) if "*" in action}
    anywhere = {
        action for _, each in statements if "*" in as_list(each["Resource"]) for action in as_list(each["Action"])
    }

    assert len(statements) > 15
    assert stars == set()
    assert anywhere == {"ecr:GetAuthorizationToken", "ecs:DescribeTaskDefinition"}


def test_only_the_worker_writes_versions(account: Account, installation: Outputs) -> None:
    """The site cannot change what pages download; nobody can delete a version."""
    actions = {
        role: {action for each in found for action in as_list(each["Action"]) if action.startswith("s3:")}
        for role, found in policies_of_roles(account).items()
    }

    assert {role for role, found in actions.items() if "s3:PutObject" in found} == {"doodle-loop-worker"}
    assert {action for found in actions.values() for action in found} == {
        "s3:GetObject",
        "s3:ListBucket",
        "s3:PutObject",
    }


def test_only_our_workflows_take_the_roles_for_them(account: Account, installation: Outputs) -> None:
    """Images come from tags, rollouts from the environment with its reviewers, both from this repository."""
    roles = {
        each["RoleName"]: document(each["AssumeRolePolicyDocument"])
        for each in account.client("iam").list_roles()["Roles"]
    }

    def subject(role: str) -> str:
        return str(roles[role]["Statement"][0]["Condition"]["StringLike"]["token.actions.githubusercontent.com:sub"])

    assert subject("doodle-loop-github-release") == "repo:somebody/doodles:ref:refs/tags/v*"
    assert subject("doodle-loop-github-deploy") == "repo:somebody/doodles:environment:production"


def test_the_database_can_be_brought_back(account: Account, installation: Outputs) -> None:
    """Encrypted, out of reach from outside, backed up every day."""
    instance = account.client("rds").describe_db_instances()["DBInstances"][0]

    assert instance["StorageEncrypted"] is True
    assert instance["PubliclyAccessible"] is False
    assert instance["BackupRetentionPeriod"] == 7
    assert instance["CopyTagsToSnapshot"] is True


def test_no_training_machine_stands_about(account: Account, installation: Outputs) -> None:
    """None at the start; a run that waits starts one; none is stopped while a run is open or nobody counts."""
    ecs, scaling = account.client("ecs"), account.client("application-autoscaling")
    services = {
        each["serviceName"]: each
        for each in ecs.describe_services(
            cluster=installation["cluster"], services=["site", "training_server", "worker"]
        )["services"]
    }
    targets = scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
    capacity = {each["ResourceId"]: (each["MinCapacity"], each["MaxCapacity"]) for each in targets}
    policies = {
        each["PolicyName"]: each
        for each in scaling.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"]
    }
    alarms = {each["AlarmName"]: each for each in account.client("cloudwatch").describe_alarms()["MetricAlarms"]}
    wake, rest = alarms["doodle-loop-run-waits"], alarms["doodle-loop-no-run-open"]

    assert (services["worker"]["desiredCount"], services["site"]["desiredCount"]) == (0, 1)
    assert capacity == {"service/doodle-loop/site": (1, 2), "service/doodle-loop/worker": (0, 1)}
    assert (wake["MetricName"], wake["AlarmActions"]) == (
        "RunsWaiting",
        [policies["doodle-loop-worker-wake"]["PolicyARN"]],
    )
    assert (rest["MetricName"], rest["TreatMissingData"]) == ("RunsOpen", "notBreaching")
    assert rest["AlarmActions"] == [policies["doodle-loop-worker-rest"]["PolicyARN"]]


def test_metrics_are_made_of_what_training_server_logs(account: Account, installation: Outputs) -> None:
    """The names stand in training_server/run_counts.py, too; a test there holds them."""
    filters = account.client("logs").describe_metric_filters(logGroupName="/doodle-loop/training_server")[
        "metricFilters"
    ]
    values = {each["filterName"]: each["metricTransformations"][0]["metricValue"] for each in filters}

    assert values == {
        "RunsWaiting": "$.num_waiting",
        "RunsOpen": "$.num_open",
        "OldestWaitingSeconds": "$.oldest_waiting_seconds",
    }
    assert {each["filterPattern"] for each in filters} == {'{ $.event = "runs_counted" }'}


@pytest.mark.parametrize("family", ["site", "training-server", "worker", "migrate"])
def test_containers_are_as_hardened_as_at_home(account: Account, installation: Outputs, family: str) -> None:
    """Read-only, without capabilities; only `prepare` is root, for a moment; no secret stands among the variables."""
    containers = containers_of(account, f"doodle-loop-{family}")

    assert {name for name, each in containers.items() if not each["readonlyRootFilesystem"]} == set()
    assert {tuple(each["linuxParameters"]["capabilities"]["drop"]) for each in containers.values()} == {("ALL",)}
    assert {name for name, each in containers.items() if each.get("user") == "0"} == {"prepare"}
    assert not containers["prepare"]["essential"]
    for each in containers.values():
        variables = {variable["name"]: variable["value"] for variable in each.get("environment", [])}
        assert {"PGPASSWORD", "OPERATOR_TOKEN", "CONTRIBUTOR_KEY"} & set(variables) == set()
        assert variables.get("DATABASE_URL", "postgresql://doodle@").startswith("postgresql://doodle@")


def test_no_secret_is_in_the_state(account: Account, installation: Outputs, terraform: Terraform) -> None:
    """Who can read the state cannot sign in anywhere; and the secrets are what the services take."""
    secrets = account.client("secretsmanager")
    values = {
        name: secrets.get_secret_value(SecretId=secret)["SecretString"]
        for name, secret in installation["secret_names"].items()
    }
    state = (Path(terraform.folder) / "terraform.tfstate").read_text()

    assert len(set(values.values())) == 3
    assert len(bytes.fromhex(values["contributor_key"])) == 32
    assert min(map(len, values.values())) >= 48
    assert [name for name, value in values.items() if value in state] == []


def test_versions_come_from_the_bucket_by_cloudfront(account: Account, installation: Outputs) -> None:
    """/models/* from S3, everything else from the load balancer, nothing without TLS, only GET where it is cached."""
    cloudfront = account.client("cloudfront")
    listed = cloudfront.list_distributions()["DistributionList"]["Items"][0]
    config = cloudfront.get_distribution_config(Id=listed["Id"])["DistributionConfig"]
    behaviors = {each["PathPattern"]: each for each in config["CacheBehaviors"]["Items"]}

    assert behaviors["/models/*"]["TargetOriginId"] == "versions"
    assert config["DefaultCacheBehavior"]["TargetOriginId"] == "site"
    assert {each["ViewerProtocolPolicy"] for each in [*behaviors.values(), config["DefaultCacheBehavior"]]} == {
        "redirect-to-https"
    }


def test_somebody_is_told(account: Account, installation: Outputs) -> None:
    """Every alarm that is a fault goes to the topic, and the budget has its limit."""
    topic = account.client("sns").list_topics()["Topics"][0]["TopicArn"]
    # Those that target tracking makes for itself are called otherwise.
    alarms = account.client("cloudwatch").describe_alarms(AlarmNamePrefix="doodle-loop-")["MetricAlarms"]
    faults = [each for each in alarms if "Not a fault" not in each["AlarmDescription"]]
    budget = account.client("budgets").describe_budget(AccountId="123456789012", BudgetName="doodle-loop")["Budget"]

    assert len(faults) == 9
    assert {tuple(each["AlarmActions"]) for each in faults} == {(topic,)}
    assert float(budget["BudgetLimit"]["Amount"]) == 120
