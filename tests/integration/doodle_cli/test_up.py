"""`doodle up` for real: from an empty folder to an answering address, and back to nothing."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import httpx
import numpy as np
import psutil
import pytest

from doodle_cli.errors import NotInstalledError
from doodle_cli.ports import is_free
from doodle_cli.postgres import free_port
from doodle_cli.project import find_project
from doodle_testing.builders import LABEL_SET
from doodle_testing.drawings import generate_doodles
from doodle_testing.missing import skip_or_fail
from doodle_testing.stack import DOODLE, Stack, running_stack, wait_until
from doodle_testing.wire import as_json

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module", autouse=True)
def built_project() -> None:
    """`doodle up` serves what `make frontend` has built; in CI that is never missing."""
    try:
        find_project().check()
    except NotInstalledError as missing:
        skip_or_fail(str(missing))


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One running stack, for tests that leave it running."""
    with running_stack(tmp_path_factory.mktemp("up") / "home") as running:
        yield running


def run_doodle(*arguments: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Type a command on this machine."""
    command = [DOODLE, *map(str, arguments), "--home", str(home)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def descendants(stack: Stack) -> list[psutil.Process]:
    return psutil.Process(stack.process.pid).children(recursive=True)


def ports_of(stack: Stack) -> list[int]:
    inner = json.loads((stack.home / "ports.json").read_text())
    return [*inner.values(), int(stack.url.rpartition(":")[2])]


def assert_nothing_is_left(processes: list[psutil.Process], ports: list[int]) -> None:
    """No process that was started runs, nobody listens on a port that was used."""
    wait_until(lambda: not any(each.is_running() for each in processes), 15)
    assert [port for port in ports if not is_free(port)] == []


def printed(stack: Stack, text: str) -> bool:
    return any(text in line for line in stack.printed)


def test_it_serves_pages_and_api(stack: Stack) -> None:
    """The address that is printed answers: a page, a live version whose files can be fetched."""
    with stack.client as client:
        page = client.get("/")
        live = client.get("/api/v1/models/live").json()
        manifest = client.get(f"{live['base_url']}manifest.json").json()

    assert page.headers["Content-Type"].startswith("text/html")
    assert manifest["version"] == live["version"]


def test_the_printed_link_signs_in_once(stack: Stack) -> None:
    """One-time means one time; another is a command away."""
    links = [*re.findall(r"#sign-in=(\S+)", "".join(stack.printed)), stack.sign_in_link().partition("#sign-in=")[2]]

    assert len(links) == 2
    for code in links:
        with stack.client as client:
            assert client.post("/api/v1/session", json={"code": code}).status_code == 204
            assert client.get("/api/v1/session").json() == {"operator": "operator"}
        with stack.client as client:
            assert client.post("/api/v1/session", json={"code": code}).status_code >= 400


def test_no_secret_is_shown(stack: Stack) -> None:
    """Not on the screen, not in a log, not on a command line."""
    secrets = [file.read_text().strip() for file in (stack.home / "secrets").iterdir()]
    shown = ["".join(stack.printed), *[log.read_text() for log in (stack.home / "logs").iterdir()]]
    shown += [" ".join(process.cmdline()) for process in descendants(stack)]

    assert len(secrets) == 3
    assert [text for text in shown if any(secret in text for secret in secrets)] == []


def test_two_do_not_share_a_home(stack: Stack) -> None:
    """The second names the first and touches nothing."""
    second = run_doodle("up", "--port", str(free_port()), home=stack.home)

    assert second.returncode == 1
    assert f"in use by another `doodle up` (process {stack.process.pid})" in second.stderr
    assert httpx.get(f"{stack.url}/readyz").status_code == 200


def test_a_taken_port_is_named_before_anything_starts(stack: Stack, tmp_path: Path) -> None:
    """The message says what to do; no database was made for nothing."""
    port = stack.url.rpartition(":")[2]

    second = run_doodle("up", "--port", port, home=tmp_path / "home")

    assert second.returncode == 1
    assert f"Port {port} is taken by another program; choose another: make up PORT=" in second.stderr
    assert not (tmp_path / "home" / "postgres").exists()


def test_commands_find_the_stack_by_its_home(stack: Stack) -> None:
    """No address and no token has to be typed on the machine itself."""
    status = run_doodle("status", home=stack.home)
    models = json.loads(run_doodle("models", "--json", home=stack.home).stdout)["models"]
    first = run_doodle("rollback", home=stack.home)
    unknown = run_doodle("deploy", "000000000000", "--reason", "test", home=stack.home)

    assert status.stdout.startswith(f"server    {stack.url}\nlive      {models[0]['version']}, deployed")
    assert [model["live"] for model in models] == [True]
    assert (first.returncode, unknown.returncode) == (1, 1)
    assert "nothing to roll back to" in first.stderr
    assert "There is no version 000000000000" in unknown.stderr
    assert "postgres" in run_doodle("logs", home=stack.home).stdout


@pytest.mark.parametrize("words", [["nginx: master"], ["model_server.wsgi"], ["training_server.wsgi"]])
def test_a_killed_child_comes_back(stack: Stack, words: list[str]) -> None:
    """Within seconds, with its reason on the screen and in the log; the others do not notice."""
    name = words[0].partition(":")[0].partition(".")[0]
    before = len([line for line in stack.printed if line.startswith(f"{name} died")])
    psutil.Process(min(process.pid for process in stack.processes(*words))).kill()

    wait_until(lambda: len([line for line in stack.printed if line.startswith(f"{name} died")]) > before, 15, stack)
    wait_until(lambda: answers(stack), 30, stack)

    assert printed(stack, f"{name} died (killed by SIGKILL)")
    assert f"{name} died (killed by SIGKILL)" in (stack.home / "logs" / "up.log").read_text()


def answers(stack: Stack) -> bool:
    """Tell whether both services answer through nginx."""
    try:
        with stack.operator as client:
            return [client.get(path).status_code for path in ("/readyz", "/api/v1/workers")] == [200, 200]
    except httpx.TransportError:
        return False


def test_a_second_start_is_quick_and_has_lost_nothing(tmp_path: Path) -> None:
    """Ctrl-C ends everything that was started; the next start goes on where it was, within 15 s."""
    doodle = generate_doodles(LABEL_SET, 1, Random(1))[0]
    with running_stack(tmp_path / "home") as stack:
        with stack.client as client:
            assert client.post("/api/v1/doodles", json=as_json(doodle)).status_code == 201
            live = client.get("/api/v1/models/live").json()
        processes, ports = descendants(stack), ports_of(stack)
        stack.stop()
        assert (stack.process.returncode, len(ports)) == (0, 5)
        assert_nothing_is_left(processes, ports)

    began = time.monotonic()
    with running_stack(tmp_path / "home") as stack:
        seconds = time.monotonic() - began
        with stack.client as client:
            assert client.post("/api/v1/doodles", json=as_json(doodle)).json()["outcome"] == "already_stored"
            assert client.get("/api/v1/models/live").json() == live
        assert ports_of(stack)[:4] == ports[:4]
        processes, ports = descendants(stack), ports_of(stack)
        down = run_doodle("down", home=stack.home)

        assert (down.returncode, down.stdout) == (0, "Stopped.\n")
        assert_nothing_is_left(processes, ports)
    assert seconds < 15


def test_nothing_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    """After kill -9 of `up` itself no process is left, no port taken, and the next start loses nothing."""
    doodle = generate_doodles(LABEL_SET, 1, Random(1))[0]
    with running_stack(tmp_path / "home") as stack:
        with stack.client as client:
            assert client.post("/api/v1/doodles", json=as_json(doodle)).status_code == 201
        processes, ports = descendants(stack), ports_of(stack)
        stack.process.kill()
        stack.process.wait()
        assert_nothing_is_left(processes, ports)

    with running_stack(tmp_path / "home") as stack, stack.client as client:
        assert client.post("/api/v1/doodles", json=as_json(doodle)).json()["outcome"] == "already_stored"


def test_base_data_is_imported_at_the_first_start_only(tmp_path: Path) -> None:
    """Where DOODLE_DATA_DIR is set; what came in once is not read again."""
    folder = tmp_path / "data" / LABEL_SET.base_data
    folder.mkdir(parents=True)
    for label in LABEL_SET.names:
        rows = np.random.default_rng(1).integers(0, 256, (5, LABEL_SET.height * LABEL_SET.width), np.uint8)
        np.save(folder / f"{label}.npy", rows)

    with running_stack(tmp_path / "home", DOODLE_DATA_DIR=str(tmp_path / "data")) as stack:
        assert printed(stack, "Import of base data")
        again = run_doodle("import", str(folder), home=stack.home)
        assert re.findall(r"(\d+) stored +(\d+) already there", again.stdout) == [("0", "5")] * 6
    with running_stack(tmp_path / "home", DOODLE_DATA_DIR=str(tmp_path / "data")) as stack:
        assert not printed(stack, "Import of base data")


@pytest.mark.skipif(os.geteuid() != 0, reason="every test of an ordinary user's shows it already")
def test_it_runs_for_an_ordinary_user(tmp_path: Path) -> None:
    """Inside a user namespace root is nobody: what only root may do is refused, as it is to an ordinary user."""
    port = free_port()
    command = [sys.executable, "-m", "doodle_cli.unprivileged", str(tmp_path), DOODLE]
    process = subprocess.Popen(
        [*command, "up", "--home", str(tmp_path / "home"), "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    lines = _read_until(process, "Stop  ")
    namespaces = [Path(path).readlink() for path in ("/proc/self/ns/user", f"/proc/{process.pid}/ns/user")]
    answer = httpx.get(f"http://localhost:{port}/readyz")
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=60)
    process.stdout.close()

    assert (answer.status_code, process.returncode) == (200, 0), "".join(lines)
    assert namespaces[0] != namespaces[1], "user namespaces are not allowed here, so this showed nothing"
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def _read_until(process: subprocess.Popen[str], text: str) -> list[str]:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if text in line:
            return lines
    raise AssertionError("".join(lines))
