"""TLS to the database: a worker from elsewhere speaks it with both its drivers, and takes no other server for ours."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
import pytest
from sqlalchemy import Engine, make_url

from doodle_db.engine import connect_to
from doodle_testing.certificates import make_certificate
from doodle_testing.tls_front import TlsFront, running_tls_front
from doodle_testing.training_server import make_live, order, running_worker, wait_for_state, wait_until, worker_states
from training_server.queue import TrainingQueue


@pytest.fixture
def front(queue_url: str, tmp_path: Path) -> Iterator[TlsFront]:
    """A server of the name `localhost` that lets nobody in without TLS."""
    port = make_url(queue_url).port
    assert port is not None
    with running_tls_front(make_certificate(tmp_path / "server", "localhost"), port) as running:
        yield running


def url(queue_url: str, front: TlsFront, mode: str, authority: Path | None = None, host: str = "localhost") -> str:
    """Write the address as an operator would; libpq is told where a host of that name is."""
    behind: Any = make_url(queue_url)
    root = f"&sslrootcert={quote(str(authority), safe='/')}" if authority else ""
    place = f"{host}:{front.port}/{behind.database}?hostaddr=127.0.0.1&sslmode={mode}{root}"
    return f"postgresql://{behind.username}:{behind.password}@{place}"


def test_a_worker_works_over_tls(queue_url: str, queue_engine: Engine, front: TlsFront, tmp_path: Path) -> None:
    """It registers, takes a run through the queue, and ends it: all its sessions are encrypted, whichever driver's."""
    make_live(queue_engine)
    key = order(queue_engine, TrainingQueue(queue_engine))
    address = url(queue_url, front, "verify-full", front.certificate.certificate)
    with running_worker(address, tmp_path / "log", name="far-away"):
        run = wait_for_state(queue_engine, key, "finished", seconds=60)

    assert run.worker == "far-away"
    assert (front.num_plain, front.num_refused) == (0, 0)
    assert front.num_encrypted >= 3


def test_without_tls_nobody_gets_in(queue_url: str, front: TlsFront) -> None:
    """Otherwise the test above would show nothing."""
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(url(queue_url, front, "disable"), connect_timeout=5)

    assert (front.num_plain, front.num_encrypted) == (1, 0)


def test_services_speak_it_too(queue_url: str, front: TlsFront) -> None:
    """They take the same address: without an authority, encrypted only."""
    engine = connect_to(url(queue_url, front, "require"))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1
    engine.dispose()

    assert front.num_encrypted == 1


@pytest.mark.parametrize(
    ("is_other", "host", "words"),
    [
        pytest.param(True, "localhost", "certificate verify failed", id="another authority's"),
        pytest.param(False, "db.example", "does not match host name", id="another host's"),
    ],
)
def test_another_server_is_refused(
    queue_url: str, queue_engine: Engine, front: TlsFront, tmp_path: Path, *, is_other: bool, host: str, words: str
) -> None:
    """The worker does not enter itself, goes on trying, and its log says why, without the password."""
    certificate = make_certificate(tmp_path / "other", "localhost") if is_other else front.certificate
    log = tmp_path / "log"
    with running_worker(url(queue_url, front, "verify-full", certificate.certificate, host), log, name="misled"):
        wait_until(lambda: log.exists() and "database_unreachable" in log.read_text(), "the reason", seconds=60)

    assert words in log.read_text()
    assert "only-for-tests" not in log.read_text()
    assert worker_states(queue_engine) == {}
