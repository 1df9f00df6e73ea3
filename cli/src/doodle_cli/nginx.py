"""nginx as a plain process: its configuration filled in, and everything it writes in one folder."""

import grp
import os
import pwd
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from doodle_cli.errors import CliError

_PLACEHOLDER = re.compile(r"\$\{([A-Z_]+)\}")
_UNQUOTABLE = re.compile(r'["$\\\x00-\x1f]')

_MAIN = """\
daemon off;
pid nginx.pid;
error_log stderr warn;
worker_processes 2;
# Streams of events last; at the end they are cut rather than waited for.
worker_shutdown_timeout 1s;
{user}
events {{ worker_connections 4096; }}
http {{
    client_body_temp_path client_body;
    proxy_temp_path proxy;
    sendfile on;
    tcp_nopush on;
    include doodle.conf;
}}
"""


@dataclass(frozen=True)
class NginxAddresses:
    """
    What is filled into the template.

    Attributes:
        listen: host:port for the world.
        model_server, training_server: host:port.
        pages: folder of the built frontend.
        artifacts: folder of the artifact store.
        writes_per_second, writes_burst: what one client may send.
    """

    listen: str
    model_server: str
    training_server: str
    pages: Path
    artifacts: Path
    writes_per_second: int = 50
    writes_burst: int = 100

    def as_names(self) -> dict[str, str]:
        """Give the template's names and their values."""
        return {
            "DOODLE_LISTEN": self.listen,
            "DOODLE_MODEL_SERVER": self.model_server,
            "DOODLE_TRAINING_SERVER": self.training_server,
            "DOODLE_PAGES": str(self.pages),
            "DOODLE_ARTIFACTS": str(self.artifacts),
            "DOODLE_WRITES_PER_SECOND": str(self.writes_per_second),
            "DOODLE_WRITES_BURST": str(self.writes_burst),
        }


def fill_in(template: str, names: Mapping[str, str]) -> str:
    """
    Fill in a template's names in capitals; nginx's own variables stay as they are.

    Args:
        template: the text.
        names: every name in it and its value.

    Raises:
        CliError: a value cannot stand in a configuration, or a name is unknown.

    >>> fill_in("listen ${DOODLE_LISTEN}; return 200 $uri;", {"DOODLE_LISTEN": "127.0.0.1:80"})
    'listen 127.0.0.1:80; return 200 $uri;'
    """
    wrong = [value for value in names.values() if _UNQUOTABLE.search(value)]
    if wrong:
        raise CliError(f"nginx cannot be told {wrong[0]!r}: choose a path without quotes, dollars and backslashes.")
    unknown = sorted(set(_PLACEHOLDER.findall(template)) - names.keys())
    if unknown:
        raise CliError(f"nginx's template asks for {', '.join(unknown)}, which nobody fills in.")
    return _PLACEHOLDER.sub(lambda found: names[found[1]], template)


def write_configuration(folder: Path, template: Path, addresses: NginxAddresses) -> None:
    """
    Write nginx's configuration.

    Args:
        folder: its prefix; made if need be.
        template: nginx/doodle.conf.template.
        addresses: what is filled in.

    Raises:
        CliError: a path cannot stand in a configuration.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    filled = fill_in(template.read_text(encoding="utf-8"), addresses.as_names())
    (folder / "doodle.conf").write_text(filled, encoding="utf-8")
    (folder / "nginx.conf").write_text(_MAIN.format(user=_user_line()), encoding="utf-8")


def nginx_command(program: Path, folder: Path) -> tuple[str, ...]:
    """
    Give the command that runs nginx in the foreground.

    Args:
        program: its binary.
        folder: its prefix, with the configuration.
    """
    return (str(program), "-p", f"{folder}/", "-c", "nginx.conf", "-e", "stderr")


def _user_line() -> str:
    """Keep root's nginx root, as it keeps an ordinary user's theirs: `nobody` could not read root's folders."""
    if os.geteuid() != 0:
        return ""
    return f"user {pwd.getpwuid(0).pw_name} {grp.getgrgid(os.getegid()).gr_name};"
