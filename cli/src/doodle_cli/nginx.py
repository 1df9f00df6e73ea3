"""nginx as a plain process: its configuration filled in, and everything it writes in one folder."""

import grp
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from doodle_cli.config import FrontSettings
from doodle_cli.errors import CliError


@dataclass(frozen=True)
class NginxAddresses:
    """
    Where nginx listens, and where it finds what it serves.

    Attributes:
        listen: host:port for the world; with TLS, it only leads to the other port.
        model_server, training_server: host:port.
        pages: folder of the built frontend.
        artifacts: folder of the artifact store.
        tls_listen: host:port for the world over TLS; used with a certificate only.
        inner_listen: host:port for this machine's commands, without TLS; used with a certificate only.
    """

    listen: str
    model_server: str
    training_server: str
    pages: Path
    artifacts: Path
    tls_listen: str = ""
    inner_listen: str = ""

    def as_names(self) -> dict[str, str]:
        """Give the templates' names and their values."""
        return {
            "DOODLE_LISTEN": self.listen,
            "DOODLE_MODEL_SERVER": self.model_server,
            "DOODLE_TRAINING_SERVER": self.training_server,
            "DOODLE_PAGES": str(self.pages),
            "DOODLE_ARTIFACTS": str(self.artifacts),
            "DOODLE_INNER_LISTEN": self.inner_listen,
        }


def write_configuration(
    folder: Path, templates: Path, program: Path, addresses: NginxAddresses, front: FrontSettings
) -> None:
    """
    Write nginx's configuration, and let nginx check it.

    Args:
        folder: its prefix; made if need be.
        templates: the project's folder nginx/.
        program: nginx's binary.
        addresses: where everything is.
        front: what the user has set.

    Raises:
        CliError: a path cannot stand in a configuration, or nginx refuses it: a certificate that does not fit its key.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = {
        **addresses.as_names(),
        **_front_names(front),
        **_owner_names(),
        "DOODLE_TLS_LISTEN": addresses.tls_listen if front.tls else "",
        "DOODLE_NGINX": str(program),
        "DOODLE_RUN": str(folder),
        # A terminal's Ctrl-C is not to be waited for.
        "DOODLE_SHUTDOWN_SECONDS": "1",
    }
    # `env` adds to what the system knows, above all where its programs lie.
    _run("env", *[f"{name}={value}" for name, value in names.items()], "sh", str(templates / "fill_in"), str(folder))
    _run(*nginx_command(program, folder), "-t", "-q")


def nginx_command(program: Path, folder: Path) -> tuple[str, ...]:
    """
    Give the command that runs nginx in the foreground.

    Args:
        program: its binary.
        folder: its prefix, with the configuration.
    """
    return (str(program), "-p", f"{folder}/", "-c", "nginx.conf", "-e", "stderr")


def _front_names(front: FrontSettings) -> dict[str, str]:
    return {
        "DOODLE_WRITES_PER_SECOND": str(front.writes_per_second),
        "DOODLE_WRITES_BURST": str(front.writes_burst),
        "DOODLE_PREDICTIONS_PER_SECOND": str(front.predictions_per_second),
        "DOODLE_REQUESTS_AT_ONCE": str(front.requests_at_once),
        "DOODLE_STREAMS_AT_ONCE": str(front.streams_at_once),
        "DOODLE_CLIENT_SECONDS": str(front.client_seconds),
        "DOODLE_ERROR_LOG": front.error_log,
        "DOODLE_OFFLINE_OFF": "yes" if front.is_offline_off else "",
        "DOODLE_HOSTS": " ".join(front.hosts),
        "TRUSTED_PROXIES": " ".join(front.trusted_proxies),
        "TLS_CERTIFICATE": str(front.tls.certificate) if front.tls else "",
        "TLS_KEY": str(front.tls.key) if front.tls else "",
        "DOODLE_TLS_PORT": str(front.tls.port) if front.tls else "",
    }


def _owner_names() -> dict[str, str]:
    """Keep root's nginx root, as it keeps an ordinary user's theirs: `nobody` could not read root's folders."""
    if os.geteuid() != 0:
        return {"DOODLE_USER": "", "DOODLE_GROUP": ""}
    return {"DOODLE_USER": pwd.getpwuid(0).pw_name, "DOODLE_GROUP": grp.getgrgid(os.getegid()).gr_name}


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode != 0:
        raise CliError(f"nginx's configuration is refused. {done.stderr.strip()}")
