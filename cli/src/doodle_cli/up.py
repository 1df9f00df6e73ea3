"""`doodle up`: the whole story, from an empty folder to an address, and back."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx

from doodle_cli.children import ChildSpec
from doodle_cli.config import Settings
from doodle_cli.database import DATABASE, enter_operator, make_sign_in_link
from doodle_cli.database_start import START_SECONDS, start_database
from doodle_cli.errors import PortTakenError, PostgresError, StartError, StopRequestedError
from doodle_cli.home import Home, empty_scratch, read_json, write_json
from doodle_cli.home_lock import hold_home
from doodle_cli.nginx import write_configuration
from doodle_cli.ports import check_public_port, keep_ports
from doodle_cli.programs import find_nginx
from doodle_cli.project import Project
from doodle_cli.screen import Screen
from doodle_cli.secret_files import make_secrets
from doodle_cli.stack import (
    RELOAD,
    STOP_ORDER,
    Stack,
    base_import,
    migration,
    model_server_child,
    nginx_child,
    training_server_child,
    worker_child,
)
from doodle_cli.stop_request import StopRequest
from doodle_cli.supervisor import POLL_SECONDS, Supervisor, end_leftovers
from doodle_db.engine import connect_to
from doodle_db.label_sets import load_label_set

TIDY_EVERY_SECONDS = 10
"""Logs may grow, and a renewed certificate may wait, for so long."""


def run_stack(settings: Settings, home: Home, project: Project, address: tuple[str, int], screen: Screen) -> None:
    """
    Start everything, look after it until somebody asks to stop, stop everything.

    Args:
        settings: the user's.
        home: where everything is kept.
        project: built.
        address: host and port for the world.
        screen: shows what happens.

    Raises:
        CliError: it could not be started; nothing of it runs any more.
    """
    host, port = address
    url = public_url(settings, port)
    began = time.monotonic()
    project.check()
    home.prepare()
    with StopRequest() as stop, hold_home(home, url) as note_inner_url:
        end_leftovers(home.processes)
        empty_scratch(home)
        for public_port in find_public_ports(settings, port):
            check_public_port(host, public_port)
        stack = Stack(home, project, settings, make_secrets(home.secrets), keep_ports(home.ports), host, port)
        note_inner_url(stack.inner_url)
        supervisor = Supervisor(home, screen.say)
        try:
            stack = Start(stack, supervisor, stop, screen).run()
            screen.say(_welcome(stack, url, time.monotonic() - began))
            _watch(stack, supervisor, stop)
        except StopRequestedError:
            pass
        finally:
            _stop(supervisor, screen)


def public_url(settings: Settings, port: int) -> str:
    """
    Give the address people open.

    Args:
        settings: the user's.
        port: for plain HTTP.
    """
    if settings.public_url:
        return settings.public_url.rstrip("/")
    if settings.front.tls is None:
        return f"http://localhost:{port}"
    names = [host for host in settings.front.hosts if not host.startswith("*")]
    suffix = "" if settings.front.tls.port == 443 else f":{settings.front.tls.port}"
    return f"https://{(names or ['localhost'])[0]}{suffix}"


def find_public_ports(settings: Settings, port: int) -> list[int]:
    """
    List the ports nginx will listen on for the world.

    Raises:
        PortTakenError: plain HTTP and TLS are to share one.
    """
    if settings.front.tls is None:
        return [port]
    if settings.front.tls.port == port:
        raise PortTakenError(f"Port {port} is to lead to TLS, and cannot serve it, too; choose another TLS_PORT.")
    return [port, settings.front.tls.port]


def _watch(stack: Stack, supervisor: Supervisor, stop: StopRequest) -> None:
    tidied, certificate = time.monotonic(), stack.identify_certificate()
    while not stop.wait(POLL_SECONDS):
        supervisor.look_after()
        if time.monotonic() - tidied > TIDY_EVERY_SECONDS:
            supervisor.rotate_logs()
            if (now := stack.identify_certificate()) != certificate:
                certificate = now
                supervisor.send("nginx", RELOAD)
            tidied = time.monotonic()


def _stop(supervisor: Supervisor, screen: Screen) -> None:
    with screen.step("Stopping"):
        supervisor.stop(STOP_ORDER)


def _welcome(stack: Stack, url: str, seconds: float) -> str:
    engine = connect_to(stack.cluster.url(DATABASE), application_name="doodle-up")
    link = make_sign_in_link(engine, url, datetime.now(UTC))
    engine.dispose()
    lines = [
        "",
        f"Doodle Loop is up after {seconds:.1f} s.",
        "",
        f"  Draw      {url}",
        f"  Operate   {link}",
        "            (signs in once, within 15 minutes; `doodle sign-in` prints another)",
        f"  Logs      {stack.home.logs}",
        "  Stop      Ctrl-C, or `doodle down`",
        "",
    ]
    return "\n".join(lines)


class Start:
    """The steps of starting, in order; each waits until what it started answers."""

    def __init__(self, stack: Stack, supervisor: Supervisor, stop: StopRequest, screen: Screen) -> None:
        """
        Args:
            stack: what to start.
            supervisor: looks after it.
            stop: ends the start between any two looks.
            screen: shows the steps.
        """
        self._stack = stack
        self._supervisor = supervisor
        self._stop = stop
        self._screen = screen

    def run(self) -> Stack:
        """
        Start everything.

        Returns:
            What runs; see start_database.

        Raises:
            StartError: a part does not start.
            StopRequestedError: somebody asked to stop.
        """
        with self._screen.step("PostgreSQL"):
            self._start_postgres()
        with self._screen.step("Schema and base version"):
            self._run(migration(self._stack))
        self._import_base_data()
        self._enter_operator()
        with self._screen.step("Services"):
            self._start_services()
        with self._screen.step("Proxy"):
            self._start_proxy()
        # Loading TensorFlow takes all cores for a while, and nobody has to wait for it.
        self._supervisor.start(worker_child(self._stack))
        return self._stack

    def _start_postgres(self) -> None:
        if not self._stack.cluster.exists():
            self._create_cluster()
        self._stack = start_database(self._stack, self._supervisor, self._pause)

    def _create_cluster(self) -> None:
        try:
            self._stack.cluster.create()
        except PostgresError:
            # A Ctrl-C reaches initdb, too; that is no failure.
            self._stop.check()
            raise
        self._stop.check()

    def _import_base_data(self) -> None:
        settings, done = self._stack.settings, self._stack.home.imported
        if settings.data_dir is None:
            return
        folder = (settings.data_dir / load_label_set(settings.label_set).base_data).absolute()
        if str(folder) in (read_json(done) or {}):
            return
        if not folder.is_dir():
            self._screen.say(f"  ! No base data: DOODLE_DATA_DIR is set, but there is no {folder}")
            return
        with self._screen.step("Import of base data"):
            self._run(base_import(self._stack, folder))
        write_json(done, {**(read_json(done) or {}), str(folder): settings.label_set})

    def _enter_operator(self) -> None:
        engine = connect_to(self._stack.cluster.url(DATABASE), application_name="doodle-up")
        enter_operator(engine, self._stack.secrets.operator_token)
        engine.dispose()

    def _start_services(self) -> None:
        self._supervisor.start(model_server_child(self._stack))
        self._supervisor.start(training_server_child(self._stack))
        for name in ("model_server", "training_server"):
            self._await(f"{self._stack.url_of(name)}/readyz", name)

    def _start_proxy(self) -> None:
        stack = self._stack
        write_configuration(
            stack.home.nginx,
            stack.project.nginx_templates,
            find_nginx(),
            stack.nginx_addresses,
            stack.settings.front,
        )
        self._supervisor.start(nginx_child(stack))
        self._await(f"{stack.inner_url.replace('localhost', '127.0.0.1')}/readyz", "nginx")

    def _run(self, step: ChildSpec) -> None:
        self._supervisor.run(step, self._pause)

    def _await(self, url: str, name: str) -> None:
        await_answer(url, int(START_SECONDS / POLL_SECONDS), self._pause, self._stack.home.log_of(name))

    def _pause(self) -> None:
        self._screen.tick()
        self._supervisor.look_after()
        self._supervisor.refuse_crash_loop()
        self._stop.check(POLL_SECONDS)


def await_answer(url: str, attempts: int, pause: Callable[[], None], log: Path) -> None:
    """
    Wait until an address answers that it is ready.

    Args:
        url: the address.
        attempts: how often to ask.
        pause: waits between two questions; may raise to end the waiting.
        log: of the one that should answer, for the message.

    Raises:
        StartError: it never did.
    """
    said = "nothing"
    for _ in range(attempts):
        try:
            answer = httpx.get(url, trust_env=False, timeout=5)
        except httpx.HTTPError as failure:
            said = f"{type(failure).__name__}: {failure}"
        else:
            if answer.status_code == 200:
                return
            said = f"{answer.status_code} {answer.text[:300]}"
        pause()
    raise StartError(f"{url} is not ready; it last said: {said}. See {log}.")
