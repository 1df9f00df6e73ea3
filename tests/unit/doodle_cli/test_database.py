"""A server that was killed does not keep the next one from starting."""

import os
import subprocess
from pathlib import Path

import pytest

from doodle_cli.database import clear_stale_pid_file, find_database_url
from doodle_cli.errors import CliError
from doodle_cli.home import Home
from doodle_cli.secret_files import make_secrets


def write_pid(cluster: Path, pid: int) -> Path:
    file = cluster / "postmaster.pid"
    file.write_text(f"{pid}\n{cluster}\n1700000000\n5432\n")
    return file


def test_a_pid_file_that_names_another_program_goes(tmp_path: Path) -> None:
    """After a reboot the number may be anybody's; PostgreSQL would take that for a running server."""
    file = write_pid(tmp_path, os.getpid())

    clear_stale_pid_file(tmp_path)

    assert not file.exists()


def test_a_pid_file_of_a_server_that_runs_stays(tmp_path: Path) -> None:
    """Two servers on one cluster would destroy it; a server works in its data folder."""
    with subprocess.Popen(["sleep", "60"], cwd=tmp_path) as server:
        file = write_pid(tmp_path, server.pid)

        clear_stale_pid_file(tmp_path)

        assert file.exists()
        server.kill()


def test_a_pid_file_of_nobody_is_postgresqls_to_judge(tmp_path: Path) -> None:
    """It looks for what else a dead server may have left, which we cannot."""
    with subprocess.Popen(["true"]) as process:
        process.wait()
    file = write_pid(tmp_path, process.pid)

    clear_stale_pid_file(tmp_path)

    assert file.exists()


@pytest.mark.parametrize("content", [None, "", "damaged"])
def test_no_pid_file_is_no_problem(tmp_path: Path, content: str | None) -> None:
    """Nor is one that was cut off."""
    if content is not None:
        (tmp_path / "postmaster.pid").write_text(content)

    clear_stale_pid_file(tmp_path)


def test_a_home_without_a_database_says_so(tmp_path: Path) -> None:
    """`doodle import` before the first `up` names the remedy."""
    with pytest.raises(CliError, match=r"There is no database in .*make up"):
        find_database_url(Home(tmp_path), None)


def test_a_homes_database_is_found_by_its_port_and_password(tmp_path: Path) -> None:
    """Commands on the same machine need nobody to tell them."""
    home = Home(tmp_path)
    home.prepare()
    password = make_secrets(home.secrets).postgres_password

    assert find_database_url(home, {"postgres": 5433}) == f"postgresql://doodle:{password}@127.0.0.1:5433/doodle"
