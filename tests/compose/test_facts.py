"""What docs/containers.md says about the containers, asked of the engine."""

import json
import re
import subprocess
from typing import Any

import pytest

from doodle_testing.compose import ONE_SHOTS, POSTGRES, ROOT, SERVICES, ComposeStack, docker

OURS = ("nginx", "model_server", "training_server", "worker")
MODEL_SERVER_MB = 400
GRACE_SECONDS = 10

pytestmark = pytest.mark.timeout(900)


def only(containers: list[dict[str, Any]]) -> dict[str, Any]:
    """Give the one container of a service that is not scaled."""
    (container,) = containers
    return container


@pytest.mark.parametrize("service", SERVICES)
def test_nobody_is_root(stack: ComposeStack, service: str) -> None:
    """A hole in a service is no hole in the machine."""
    assert stack.execute(service, "id", "-u").strip() != "0"


@pytest.mark.parametrize("service", [*SERVICES, *ONE_SHOTS])
def test_a_container_may_do_no_more_than_it_must(stack: ComposeStack, service: str) -> None:
    """Nothing is written but to volumes and tmpfs; no capabilities, no new privileges, no memory without end."""
    host = only(stack.containers(service))["HostConfig"]

    assert host["ReadonlyRootfs"]
    assert host["CapDrop"] == ["ALL"]
    assert (service == "prepare") == bool(host["CapAdd"])
    assert host["SecurityOpt"] == ["no-new-privileges:true"]
    assert host["Memory"] > 0
    assert host["PidsLimit"] > 0
    assert host["Init"]
    assert host["LogConfig"] == {"Type": "json-file", "Config": {"max-file": "3", "max-size": "10m"}}


def test_nobody_is_forgotten(stack: ComposeStack) -> None:
    """What runs only when it is asked for, with a profile, may do no more than the rest."""
    services = json.loads(stack.compose("--profile", "*", "config", "--format", "json"))["services"]
    bounds = (
        "read_only",
        "cap_drop",
        "security_opt",
        "mem_limit",
        "pids_limit",
        "init",
        "logging",
        "stop_grace_period",
    )

    assert set(services) > {*SERVICES, *ONE_SHOTS}
    assert {name: bound for name, each in services.items() for bound in bounds if not each.get(bound)} == {}
    assert {name for name, each in services.items() if each.get("privileged") or each["cap_drop"] != ["ALL"]} == set()
    assert {name for name, each in services.items() if each.get("restart") != "no"} == {
        name for name, each in services.items() if "healthcheck" in each
    }


@pytest.mark.parametrize(
    ("service", "networks"),
    [
        ("nginx", {"edge", "front"}),
        ("model_server", {"front", "back"}),
        ("training_server", {"front", "back"}),
        ("worker", {"back"}),
        ("db", {"back"}),
    ],
)
def test_who_sees_whom(stack: ComposeStack, service: str, networks: set[str]) -> None:
    """nginx never sees the database, and only nginx sees the world."""
    settings = only(stack.containers(service))["NetworkSettings"]

    assert {name.removeprefix(f"{stack.project}_") for name in settings["Networks"]} == networks
    published = {port: bound for port, bound in settings["Ports"].items() if bound}
    expected = {"8080/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(stack.port)}]} if service == "nginx" else {}
    assert published == expected


@pytest.mark.parametrize("service", [*SERVICES, *ONE_SHOTS])
def test_no_volume_is_left_without_a_name(stack: ComposeStack, service: str) -> None:
    """A volume that an image asks for and nobody names stays behind at every `down`."""
    volumes = [mount["Name"] for mount in only(stack.containers(service))["Mounts"] if mount["Type"] == "volume"]

    assert [name for name in volumes if not name.startswith(f"{stack.project}_")] == []


def test_only_nginx_has_a_way_out(stack: ComposeStack) -> None:
    """Nobody else sees the drawings."""
    internal = {name: docker("network", "inspect", "--format", "{{.Internal}}", f"{stack.project}_{name}").strip()
                for name in ("edge", "front", "back")}  # fmt: skip

    assert internal == {"edge": "false", "front": "true", "back": "true"}


def test_model_servers_image_is_small(stack: ComposeStack) -> None:
    """What answers the public starts quickly anywhere, and holds no TensorFlow."""
    size = int(docker("image", "inspect", "--format", "{{.Size}}", stack.image("model_server")))
    found = stack.execute(
        "model_server", "python", "-c", "from importlib.util import find_spec; print(find_spec('tensorflow'))"
    )

    assert size < MODEL_SERVER_MB * 1_000_000
    assert found.strip() == "None"


@pytest.mark.parametrize("service", OURS)
def test_no_compiler_no_cache_no_tests(stack: ComposeStack, service: str) -> None:
    """What is only needed to build stays where it was built."""
    compilers = "for each in gcc cc clang make npm uv; do command -v $each || true; done"
    leftovers = (
        "find /opt /srv /root -name tests -o -name .cache -o -name node_modules -o -name '*.h' 2> /dev/null || true"
    )

    assert stack.execute(service, "sh", "-c", f"{compilers}; {leftovers}").split() == []


@pytest.mark.parametrize("service", [*SERVICES, *ONE_SHOTS])
def test_no_secret_stands_in_a_containers_description(stack: ComposeStack, service: str) -> None:
    """Whoever may ask the engine about a container does not learn from it what opens the stack."""
    secrets = [
        stack.read_secret("model_server", "contributor_key"),
        stack.read_secret("model_server", "operator_token"),
        stack.read_secret("db", "postgres_password"),
    ]

    described = docker("inspect", only(stack.containers(service))["Id"])
    assert [secret for secret in secrets if secret in described or len(secret) != 64] == []


@pytest.mark.parametrize(
    ("service", "others"), [("training_server", ["model_server", "db", "all"]), ("db", ["model_server", "all"])]
)
def test_a_program_reads_its_own_secrets_only(stack: ComposeStack, service: str, others: list[str]) -> None:
    """The one that trains does not know what the addresses of contributors are hashed with."""
    readable = 'for each in "$@"; do ls /run/doodle/$each 2> /dev/null || true; done'

    assert stack.execute(service, "sh", "-c", readable, "sh", *others).split() == []


@pytest.mark.parametrize("service", [*SERVICES, *ONE_SHOTS])
def test_no_secret_is_baked(stack: ComposeStack, service: str) -> None:
    """Neither how an image was made nor what it sets says what opens a stack, and nothing in it is a default."""
    secrets = [stack.read_secret("model_server", name) for name in ("contributor_key", "operator_token")]
    image = stack.image(service)
    (inspected,) = json.loads(docker("image", "inspect", image))
    names = {setting.partition("=")[0] for setting in inspected["Config"]["Env"]}

    made = docker("history", "--no-trunc", "--format", "{{.CreatedBy}} {{.Comment}}", image) + json.dumps(inspected)
    assert [secret for secret in secrets if secret in made] == []
    assert [
        name for name in names if re.search("PASSWORD|SECRET|TOKEN|KEY|DATABASE_URL", name) and "GPG" not in name
    ] == []


def test_a_secret_can_be_given(stack: ComposeStack) -> None:
    """From the environment or from a file; it takes the place of one that would be made."""
    given = ["--env", "POSTGRES_PASSWORD=pass-word", "--env", "CONTRIBUTOR_KEY=ab12",
             "--env", "OPERATOR_TOKEN_FILE=/etc/hostname", "--hostname", "token-from-a-file"]  # fmt: skip
    show = "sh /prepare && cd /secrets/all && cat database_url contributor_key operator_token"

    assert prepare(*given, show=show).split() == [
        "postgresql://doodle:pass-word@db:5432/doodle",
        "ab12",
        "token-from-a-file",
    ]


def test_a_password_that_cannot_stand_in_an_address_is_refused(stack: ComposeStack) -> None:
    """Better at the start than as a database that cannot be found."""
    with pytest.raises(AssertionError, match="POSTGRES_PASSWORD may hold only letters"):
        prepare("--env", "POSTGRES_PASSWORD=p@ss", show="sh /prepare")


def prepare(*options: str, show: str) -> str:
    """Run the first one-shot on volumes of its own; give what it printed."""
    volumes = ["--volume", f"{ROOT}/containers/prepare:/prepare:ro", "--volume", "/secrets"]
    return docker("run", "--rm", "--network", "none", *volumes, *options, "--entrypoint", "sh", POSTGRES, "-c", show)


@pytest.mark.parametrize("service", SERVICES)
def test_everybody_says_how_it_is(stack: ComposeStack, service: str) -> None:
    """`up --wait` waits for all of them, workers too."""
    container = only(stack.containers(service))

    assert container["Config"]["Healthcheck"]["Test"][0] == "CMD"
    assert container["State"]["Health"]["Status"] == "healthy"


def test_a_worker_without_a_pulse_is_not_well(stack: ComposeStack) -> None:
    """One that hangs is told from one that works; asking costs no Python."""
    container = only(stack.containers("worker"))["Id"]
    look = ["docker", "exec", container, "sh", "-c"]

    assert subprocess.run([*look, "is_beating"], check=False).returncode == 0
    assert subprocess.run(
        [*look, "touch -d '1 minute ago' /tmp/old; PULSE_FILE=/tmp/old is_beating"], check=False
    ).returncode
    assert "python" not in stack.execute("worker", "sh", "-c", "cat $(command -v is_beating) | head -1")


def test_a_worker_with_a_gpu_is_asked_for(stack: ComposeStack) -> None:
    """The override gives workers, and nobody else, an image and a device of their own."""
    files = ("-f", "docker-compose.yml", "-f", "docker-compose.gpu.yml")
    services = json.loads(stack.compose(*files, "config", "--format", "json"))["services"]
    devices = {name: each.get("deploy", {}).get("resources", {}).get("reservations") for name, each in services.items()}

    assert [name for name, reserved in devices.items() if reserved] == ["worker"]
    assert devices["worker"]["devices"] == [{"driver": "nvidia", "count": 1, "capabilities": ["gpu"]}]
    assert [name for name, each in services.items() if "cuda" in each["image"]] == ["worker"]
    assert services["worker"]["build"]["args"] == {"TENSORFLOW": "cuda"}


@pytest.mark.parametrize("service", ["worker", "training_server", "model_server", "nginx", "db"])
def test_everything_stops_in_time_and_comes_back(stack: ComposeStack, service: str) -> None:
    """Each ends by itself when asked to: killed containers would show exit code 137."""
    docker("stop", "--time", str(GRACE_SECONDS), only(stack.containers(service))["Id"])

    assert only(stack.containers(service))["State"]["ExitCode"] == 0
    stack.compose("up", "--detach", "--wait")
