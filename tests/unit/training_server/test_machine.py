"""Telling machines apart, and living processes from dead ones."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from training_server.machine import identify_machine, is_process_alive


def test_machines_of_one_name_differ(tmp_path: Path) -> None:
    """Two kernels, or two containers on one, are two machines; asked again, it is the same."""
    kernels = [tmp_path / "first", tmp_path / "second"]
    for kernel in kernels:
        kernel.write_text(f"{kernel.name}\n", encoding="ascii")

    names = [identify_machine(host, kernel) for kernel in kernels for host in ("a", "b")]

    assert len(set(names)) == 4
    assert identify_machine("a", kernels[0]) == names[0]


def test_without_a_kernels_file_names_must_do(tmp_path: Path) -> None:
    """Where the system does not tell, a worker starts all the same."""
    assert identify_machine("a", tmp_path / "none") != identify_machine("b", tmp_path / "none")


def test_living_and_dead_processes() -> None:
    """This one lives; one that has ended does not, buried or not."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
    unburied = is_process_alive(ended.pid)
    ended.wait()

    assert (is_process_alive(os.getpid()), unburied, is_process_alive(ended.pid)) == (True, False, False)


@pytest.mark.parametrize(("state", "lives"), [("S", True), ("R", True), ("Z", False), ("X", False)])
def test_a_programs_name_may_hold_anything(tmp_path: Path, state: str, lives: bool) -> None:
    """The state stands after the last bracket."""
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "stat").write_text(f"7 (a) Z (b)) {state} 1 7", encoding="utf-8")

    assert is_process_alive(7, tmp_path) == lives
