"""Ports: kept, chosen again when taken, and refused in words."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from doodle_cli.errors import PortTakenError
from doodle_cli.ports import check_public_port, choose_ports, is_free, keep_ports


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_ports_stay_the_same(tmp_path: Path) -> None:
    """A second start uses the ports of the first."""
    first = keep_ports(tmp_path / "ports.json")

    assert keep_ports(tmp_path / "ports.json") == first
    assert len(set(first.values())) == 4


def test_a_taken_port_is_chosen_again(tmp_path: Path, taken_port: int) -> None:
    """Another program may have taken a port while we were away; the others stay."""
    first = keep_ports(tmp_path / "ports.json")
    text = (tmp_path / "ports.json").read_text()
    (tmp_path / "ports.json").write_text(text.replace(str(first["model_server"]), str(taken_port)))

    second = keep_ports(tmp_path / "ports.json")

    assert second["model_server"] != taken_port
    assert second["postgres"] == first["postgres"]
    assert keep_ports(tmp_path / "ports.json") == second


@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"postgres": "5432"}', "null"])
def test_a_damaged_file_is_made_anew(tmp_path: Path, damaged: str) -> None:
    """A power cut must not keep the stack from starting."""
    (tmp_path / "ports.json").write_text(damaged)

    assert all(is_free(port) for port in keep_ports(tmp_path / "ports.json").values())


def test_no_port_is_given_twice() -> None:
    """Not even if the file names one twice, or the system offers one that is about to be used."""
    drawn = iter([1, 3, 3, 4])

    ports = choose_ports(["a", "b", "c"], {"a": 1, "b": 1}, is_free=bool, draw=lambda: next(drawn))

    assert ports == {"a": 1, "b": 3, "c": 4}


def test_a_taken_public_port_is_named(taken_port: int) -> None:
    """The message says which port, and how to choose another."""
    with pytest.raises(PortTakenError, match=rf"Port {taken_port} is taken .*PORT={taken_port + 1}"):
        check_public_port("127.0.0.1", taken_port)


def test_an_address_that_is_not_ours_is_refused() -> None:
    """Any other reason is said, too."""
    with pytest.raises(PortTakenError, match=r"Port 3030 on 192\.0\.2\.1 cannot be used \(Cannot assign"):
        check_public_port("192.0.2.1", 3030)
