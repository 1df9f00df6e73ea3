"""The whole product, as a user starts it: for the end-to-end tests and the benchmarks."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from doodle_cli.database import find_database_url
from doodle_cli.home import Home
from doodle_cli.postgres import free_port

DOODLE = str(Path(sys.executable).with_name("doodle"))
START_SECONDS = 120


@dataclass
class Stack:
    """A running `doodle up`."""

    home: Path
    url: str
    process: subprocess.Popen[str]
    printed: list[str] = field(default_factory=list)

    @property
    def client(self) -> httpx.Client:
        """A client of the public, through nginx."""
        return httpx.Client(base_url=self.url, timeout=20)

    @property
    def operator(self) -> httpx.Client:
        """A client with the operator's token."""
        token = (self.home / "secrets" / "operator_token").read_text().strip()
        return httpx.Client(base_url=self.url, timeout=20, headers={"Authorization": f"Bearer {token}"})

    @property
    def database_url(self) -> str:
        """The address of its database."""
        home = Home(self.home)
        return find_database_url(home, json.loads(home.ports.read_text()))

    def sign_in_link(self) -> str:
        """Ask for a fresh one-time link, as the operator would."""
        command = [DOODLE, "sign-in", "--home", str(self.home)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return str(re.findall(r"http\S+#sign-in=\S+", done.stdout)[0])

    def processes(self, *words: str) -> list[psutil.Process]:
        """Find the processes it started whose command line holds all these words."""
        started = psutil.Process(self.process.pid).children(recursive=True)
        return [each for each in started if all(word in " ".join(_command_line(each)) for word in words)]

    def stop(self) -> None:
        """Press Ctrl-C and wait."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=60)


def _command_line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


@contextmanager
def running_stack(home: Path, **settings: str) -> Iterator[Stack]:
    """
    Run `doodle up` until the block ends.

    Args:
        home: its data; may be one that was used before.
        settings: environment variables of the stack.
    """
    port = free_port()
    process = subprocess.Popen(
        [DOODLE, "up", "--home", str(home), "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **settings},
        start_new_session=True,
    )
    stack = Stack(home, f"http://localhost:{port}", process)
    reader = threading.Thread(target=_collect, args=(process, stack.printed))
    reader.start()
    try:
        wait_until(lambda: any("#sign-in=" in line for line in stack.printed), START_SECONDS, stack)
        yield stack
    finally:
        if process.poll() is None:
            stack.stop()
        reader.join()


def _collect(process: subprocess.Popen[str], lines: list[str]) -> None:
    assert process.stdout is not None
    with process.stdout:
        lines.extend(process.stdout)


def is_worker_idle(stack: Stack) -> bool:
    """Tell whether the worker has started: while it loads TensorFlow, it takes a core."""
    with stack.operator as client:
        return any(worker["state"] == "idle" for worker in client.get("/api/v1/workers").json()["workers"])


def wait_until(condition: Callable[[], bool], seconds: float, stack: Stack | None = None) -> None:
    """
    Look again and again until something has come about; fail with what the stack printed if it does not.

    Args:
        condition: what to look at.
        seconds: how long to look.
        stack: whose end would make waiting pointless.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        printed = "".join(stack.printed) if stack else ""
        assert time.monotonic() < deadline, f"did not come about in {seconds} s\n{printed}"
        assert stack is None or stack.process.poll() is None, f"the stack has ended\n{printed}"
        time.sleep(0.1)
