"""What a user may set for nginx: checked before anything is started, and told to those it concerns."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from doodle_cli.config import FrontSettings, Settings, read_settings
from doodle_cli.errors import PortTakenError, SettingsError
from doodle_cli.home import Home
from doodle_cli.home_lock import find_running_up, hold_home
from doodle_cli.project import Project
from doodle_cli.secret_files import Secrets
from doodle_cli.stack import Stack
from doodle_cli.up import find_public_ports, public_url
from doodle_testing.certificates import make_certificate

ROOT = Path(__file__).parents[3]


def read(folder: Path, **environment: str) -> Settings:
    """Read settings with a certificate."""
    tls = make_certificate(folder, "doodles.example")
    return read_settings({"TLS_CERTIFICATE": str(tls.certificate), "TLS_KEY": str(tls.key), **environment})


def test_nothing_has_to_be_set() -> None:
    """Plain HTTP, any name, nobody believed."""
    assert read_settings({}).front == FrontSettings()


def test_lists_are_separated_by_spaces_or_commas() -> None:
    """People write both."""
    front = read_settings(
        {"DOODLE_HOSTS": "a.example, *.b.example c", "TRUSTED_PROXIES": "10.0.0.0/8,fd00::/8  192.0.2.1"}
    ).front

    assert front.hosts == ("a.example", "*.b.example", "c")
    assert front.trusted_proxies == ("10.0.0.0/8", "fd00::/8", "192.0.2.1")


@pytest.mark.parametrize(
    "hosts",
    [
        "https://a.example",
        "a.example:3030",
        "A.example",
        "a..example",
        "-a.example",
        "*",
        "a.*.example",
        "a_b",
        "a;b",
        "default",
        "hostnames",
        "include",
        "~.*",
    ],
)
def test_a_host_is_a_name_and_no_more(hosts: str) -> None:
    """What nginx would read as a pattern, a word of its own or nonsense is refused by name."""
    with pytest.raises(SettingsError, match=r"DOODLE_HOSTS=.* is no name of a host"):
        read_settings({"DOODLE_HOSTS": hosts})


@pytest.mark.parametrize("proxies", ["everybody", "10.0.0.1/8", "10.0.0.0/33", "10.0.0", "10.0.0.0/8;", "a.example"])
def test_a_proxy_is_an_address_or_a_network(proxies: str) -> None:
    """A slip of the pen must not trust half the internet."""
    with pytest.raises(SettingsError, match=r"TRUSTED_PROXIES=.* is no network"):
        read_settings({"TRUSTED_PROXIES": proxies})


@pytest.mark.parametrize("given", ["TLS_CERTIFICATE", "TLS_KEY"])
def test_certificate_and_key_come_together(given: str) -> None:
    """Half of it would silently be none of it."""
    with pytest.raises(SettingsError, match="belong together"):
        read_settings({given: "/etc/x.pem"})


def test_a_certificate_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Before PostgreSQL or anything else is started."""
    with pytest.raises(SettingsError, match=r"no file .*gone\.pem"):
        read(tmp_path, TLS_CERTIFICATE=str(tmp_path / "gone.pem"))


@pytest.mark.parametrize("port", ["0", "65536", "https"])
def test_a_port_is_a_port(tmp_path: Path, port: str) -> None:
    """Whatever TLS is to be served on exists."""
    with pytest.raises(SettingsError, match=f"TLS_PORT={port}"):
        read(tmp_path, TLS_PORT=port)


def test_a_level_nginx_does_not_know_is_refused() -> None:
    """And the message lists those it knows."""
    with pytest.raises(SettingsError, match="DOODLE_ERROR_LOG=loud is no level; one of debug, info"):
        read_settings({"DOODLE_ERROR_LOG": "loud"})


def test_what_is_neither_yes_nor_no_is_refused() -> None:
    """Who wants browsers to forget the page is not misunderstood."""
    assert read_settings({}).front.is_offline_off is False
    assert read_settings({"DOODLE_OFFLINE_OFF": "yes"}).front.is_offline_off is True
    with pytest.raises(SettingsError, match="DOODLE_OFFLINE_OFF=no says neither"):
        read_settings({"DOODLE_OFFLINE_OFF": "no"})


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({}, "https://localhost:3443"),
        ({"TLS_PORT": "443", "DOODLE_HOSTS": "doodles.example"}, "https://doodles.example"),
        ({"DOODLE_HOSTS": "*.doodles.example draw.doodles.example"}, "https://draw.doodles.example:3443"),
        ({"DOODLE_PUBLIC_URL": "https://elsewhere.example/"}, "https://elsewhere.example"),
    ],
)
def test_people_are_led_to_tls(tmp_path: Path, environment: dict[str, str], url: str) -> None:
    """The address that is printed, and that of sign-in links, is one the certificate may know."""
    assert public_url(read(tmp_path, **environment), 3030) == url


def test_without_tls_people_are_led_to_the_port() -> None:
    """As ever."""
    assert public_url(read_settings({}), 3030) == "http://localhost:3030"


def test_both_ports_are_looked_at_before_the_start(tmp_path: Path) -> None:
    """A taken port is told at once; one port cannot lead to itself."""
    settings = read(tmp_path, TLS_PORT="3443")

    assert (find_public_ports(read_settings({}), 3030), find_public_ports(settings, 3030)) == ([3030], [3030, 3443])
    with pytest.raises(PortTakenError, match="choose another TLS_PORT"):
        find_public_ports(settings, 3443)


def test_commands_find_the_inner_port(tmp_path: Path) -> None:
    """`doodle status` asks there; `doodle sign-in` leads people to TLS all the same."""
    home = Home(tmp_path)
    with hold_home(home, "https://doodles.example") as note_inner_url:
        before = find_running_up(home)
        note_inner_url("http://127.0.0.1:1234")
        after = find_running_up(home)

    assert before is not None
    assert after is not None
    assert (before.url, before.inner_url) == ("https://doodles.example", "https://doodles.example")
    assert (after.url, after.inner_url) == ("https://doodles.example", "http://127.0.0.1:1234")


def test_a_renewed_certificate_is_noticed(tmp_path: Path) -> None:
    """By its file and time; one that is away for a moment is no other."""
    settings = read(tmp_path)
    tls = settings.front.tls
    assert tls is not None
    secrets = Secrets("password", "contributor-key", "operator-token")
    ports = dict.fromkeys(("postgres", "model_server", "training_server", "nginx"), 1)
    stack = Stack(Home(tmp_path), Project(ROOT), settings, secrets, ports, "127.0.0.1", 3030)

    first = stack.identify_certificate()
    os.utime(tls.key, (1, 1))
    second = stack.identify_certificate()
    plain = replace(stack, settings=read_settings({}))

    assert len({first, second}) == 2
    assert (stack.identify_certificate(), plain.identify_certificate()) == (second, ())
    assert (stack.inner_url, plain.inner_url) == ("http://127.0.0.1:1", "http://localhost:3030")
