"""nginx's configuration: every name filled in, nothing smuggled in, and nginx itself content with every variant."""

import itertools
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from doodle_cli.config import FrontSettings
from doodle_cli.errors import CliError
from doodle_cli.nginx import NginxAddresses, nginx_command, write_configuration
from doodle_cli.programs import find_nginx
from doodle_testing.certificates import make_certificate
from doodle_testing.missing import skip_or_fail

ROOT = Path(__file__).parents[3]
TEMPLATES = ROOT / "nginx"
FRONT = FrontSettings()
HOSTS = ("doodles.example", "*.doodles.example", "localhost", "doodles.example")
PROXIES = ("10.0.0.0/8", "fd00::/8", "192.0.2.1", "192.0.2.1")


def addresses(folder: Path) -> NginxAddresses:
    return NginxAddresses(
        "127.0.0.1:1",
        "127.0.0.1:2",
        "127.0.0.1:3",
        folder / "dist",
        folder / "artifacts",
        tls_listen="127.0.0.1:4",
        inner_listen="127.0.0.1:5",
    )


def write(folder: Path, front: FrontSettings = FRONT) -> str:
    write_configuration(folder / "nginx", TEMPLATES, find_nginx(), addresses(folder), front)
    return "".join((folder / "nginx" / name).read_text() for name in ("nginx.conf", "doodle.conf"))


@pytest.mark.parametrize(
    ("has_tls", "hosts", "proxies"), list(itertools.product([False, True], [(), HOSTS], [(), PROXIES]))
)
def test_nginx_accepts_every_variant(
    tmp_path: Path, has_tls: bool, hosts: tuple[str, ...], proxies: tuple[str, ...]
) -> None:
    """Whatever is set, nginx has nothing to object to, nor to warn of, and nothing of the template is left."""
    tls = make_certificate(tmp_path, "doodles.example") if has_tls else None
    filled = write(tmp_path, FrontSettings(hosts=hosts, trusted_proxies=proxies, tls=tls))

    checked = subprocess.run(
        [*nginx_command(find_nginx(), tmp_path / "nginx"), "-t"], capture_output=True, text=True, check=True
    )
    assert [line for line in checked.stderr.splitlines() if "is successful" not in line and "is ok" not in line] == []
    assert re.findall(r"\$\{|^ *#(?:if|unless|end)\b", filled, re.MULTILINE) == []
    assert ("ssl_certificate" in filled) == has_tls
    assert all(name in filled for name in (*hosts, *proxies))


@pytest.mark.parametrize("has_tls", [False, True])
def test_the_systems_nginx_accepts_it_too(tmp_path: Path, has_tls: bool) -> None:
    """One template for every nginx from 1.22 on: HTTP/2 is asked for as each of them wants it."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        skip_or_fail("There is no other nginx on this machine; Debian's package is nginx-light.")
    front = FrontSettings(tls=make_certificate(tmp_path, "localhost") if has_tls else None)

    write_configuration(tmp_path / "nginx", TEMPLATES, Path(program), addresses(tmp_path), front)


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("1.22.1", "listen 127.0.0.1:4 ssl http2;"),
        ("1.25.0", "listen 127.0.0.1:4 ssl http2;"),
        ("1.25.1", "http2 on;"),
        ("1.31.3", "http2 on;"),
        ("2.0", "http2 on;"),
    ],
)
def test_http2_is_spelt_as_the_version_wants_it(tmp_path: Path, version: str, words: str) -> None:
    """The directive is unknown before 1.25.1, and the old word is warned about after it."""
    program = tmp_path / "nginx-of-a-version"
    program.write_text(f"#!/bin/sh\n[ \"$1\" = -v ] && echo 'nginx version: nginx/{version} (Debian)' >&2\nexit 0\n")
    program.chmod(0o755)
    front = FrontSettings(tls=make_certificate(tmp_path, "localhost"))

    write_configuration(tmp_path / "nginx", TEMPLATES, program, addresses(tmp_path), front)

    filled = (tmp_path / "nginx" / "doodle.conf").read_text()
    assert [spelling for spelling in ("ssl http2;", "http2 on;") if spelling in filled] == [
        spelling for spelling in ("ssl http2;", "http2 on;") if words.endswith(spelling)
    ]


def test_the_filled_in_configuration_is_shown_by_nothing_but_its_settings(tmp_path: Path) -> None:
    """What the user sets is what stands there."""
    front = replace(FRONT, requests_at_once=7, streams_at_once=8, client_seconds=9, error_log="error")
    filled = write(tmp_path, front)

    assert [
        words
        for words in (
            "limit_conn doodle_requests 7;",
            "limit_conn doodle_streams 8;",
            "client_header_timeout 9s;",
            "client_body_timeout 9s;",
            "send_timeout 9s;",
            "error_log stderr error;",
        )
        if words not in filled
    ] == []


@pytest.mark.parametrize("is_offline_off", [False, True])
def test_the_service_worker_can_be_switched_off(tmp_path: Path, is_offline_off: bool) -> None:
    """Another script takes its place, at the address where every browser looks for it."""
    filled = write(tmp_path, FrontSettings(is_offline_off=is_offline_off))

    assert ("try_files /sw_off.js" in filled) == is_offline_off


@pytest.mark.parametrize("folder", ['a"b', "a$b", "a\\b", "a\nb"])
def test_a_path_nginx_would_misread_is_refused(tmp_path: Path, folder: str) -> None:
    """A folder's name cannot become configuration."""
    wrong = replace(addresses(tmp_path), pages=tmp_path / folder)

    with pytest.raises(CliError, match="choose a path without quotes"):
        write_configuration(tmp_path / "nginx", TEMPLATES, find_nginx(), wrong, FRONT)


@pytest.mark.parametrize("address", ["127.0.0.1:2; return 200", "a b", "a{b", "a\nb", "'a'", "#"])
def test_an_address_cannot_become_configuration(tmp_path: Path, address: str) -> None:
    """In a container the settings come straight from the environment."""
    wrong = replace(addresses(tmp_path), model_server=address)

    with pytest.raises(CliError, match="cannot stand in a configuration"):
        write_configuration(tmp_path / "nginx", TEMPLATES, find_nginx(), wrong, FRONT)


def test_a_path_with_spaces_is_fine(tmp_path: Path) -> None:
    """People keep their projects in all sorts of places."""
    place = tmp_path / "my doodles; no, really {} & more #if"
    filled = write(place)

    assert f'root "{place}/dist";' in filled


def test_a_missing_name_is_refused(tmp_path: Path) -> None:
    """A template and a container of different versions do not run together."""
    done = subprocess.run(
        ["sh", TEMPLATES / "fill_in", tmp_path], env={"PATH": os.defpath}, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (1, "nginx does not start. DOODLE_RUN is missing.\n")
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".conf"] == []


def test_a_key_that_does_not_fit_is_refused_at_once(tmp_path: Path) -> None:
    """Before anything is started in place of what runs, nginx has read both files."""
    tls, other = make_certificate(tmp_path, "localhost"), make_certificate(tmp_path / "other", "localhost")

    with pytest.raises(CliError, match=r"refused.*key values mismatch"):
        write(tmp_path, FrontSettings(tls=replace(tls, key=other.key)))


def test_the_image_brings_what_it_does_not_leave_to_its_user() -> None:
    """Every name of the templates is set by the image or by the script that starts nginx there."""
    names = set(
        re.findall(r"\$\{(?:each )?([A-Z_]+)\}", "".join(path.read_text() for path in TEMPLATES.glob("*.template")))
    )
    given = (TEMPLATES / "Dockerfile").read_text() + (TEMPLATES / "start").read_text()

    optional = {"DOODLE_USER", "DOODLE_GROUP", "DOODLE_HOSTS", "TRUSTED_PROXIES", "TLS_CERTIFICATE", "TLS_KEY"}
    assert {name for name in names - optional if f"{name}=" not in given} == set()
