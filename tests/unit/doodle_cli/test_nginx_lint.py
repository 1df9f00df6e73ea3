"""nginx's configuration as gixy reads it, in every variant; `make lint` runs this."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from doodle_cli.config import FrontSettings
from doodle_cli.nginx import NginxAddresses, write_configuration
from doodle_cli.programs import find_nginx
from doodle_testing.certificates import make_certificate

TEMPLATES = Path(__file__).parents[3] / "nginx"
NOT_FOR_US = {
    "host_spoofing": "$http_host holds the port, which $host does not; $doodle_is_plain_host holds the two to one name",
    "try_files_is_evil_too": "open_file_cache would go on serving a page that has been built anew",
}

PLANTED = {
    "alias_traversal": ("location /models {", "location /m { alias /srv/; }\n    location /models {"),
    "add_header_redefinition": ("location = /readyz {", "location = /readyz {\n        add_header X-A b;"),
    "http_splitting": ("$request_uri;\n}", "$uri;\n}"),
    "weak_ssl_tls": ("ssl_protocols TLSv1.2", "ssl_protocols TLSv1 TLSv1.2"),
}


def find_faults(configuration: Path) -> list[dict[str, Any]]:
    """Ask gixy."""
    command = [str(Path(sys.executable).with_name("gixy")), "-f", "json", "--skips", ",".join(NOT_FOR_US)]
    done = subprocess.run([*command, str(configuration)], capture_output=True, text=True, check=False)
    assert done.stdout.strip(), done.stderr
    faults: list[dict[str, Any]] = json.loads(done.stdout)
    return faults


def write(folder: Path, front: FrontSettings) -> Path:
    """Fill in the configuration and give its main file."""
    addresses = NginxAddresses(
        "127.0.0.1:1",
        "127.0.0.1:2",
        "127.0.0.1:3",
        folder / "dist",
        folder / "artifacts",
        tls_listen="127.0.0.1:4",
        inner_listen="127.0.0.1:5",
    )
    write_configuration(folder / "nginx", TEMPLATES, find_nginx(), addresses, front)
    return folder / "nginx" / "nginx.conf"


@pytest.mark.parametrize("variant", ["plain", "tls", "all"])
def test_gixy_finds_nothing(tmp_path: Path, variant: str) -> None:
    """No known mistake stands in what nginx is told, whatever is set."""
    tls = None if variant == "plain" else make_certificate(tmp_path, "doodles.example")
    hosts, proxies = (("doodles.example",), ("10.0.0.0/8",)) if variant == "all" else ((), ())

    assert find_faults(write(tmp_path, FrontSettings(hosts=hosts, trusted_proxies=proxies, tls=tls))) == []


def test_gixy_would_find_something(tmp_path: Path) -> None:
    """A linter that finds nothing anywhere is no proof: it sees mistakes planted in this very configuration."""
    main = write(tmp_path, FrontSettings(tls=make_certificate(tmp_path, "doodles.example")))
    served = main.with_name("doodle.conf")
    text = served.read_text()
    for right, wrong in PLANTED.values():
        assert right in text
        text = text.replace(right, wrong, 1)
    served.write_text(text)

    assert PLANTED.keys() - {found["plugin"] for found in find_faults(main)} == set()
