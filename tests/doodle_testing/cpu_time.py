"""Which part of an installation has used how much CPU time, and how much of a core is to be had."""

import time

import psutil

PARTS = {
    "nginx": "nginx",
    "model_server": "model_server.wsgi",
    "PostgreSQL": "postgres",
    "training_server and worker": "training_server",
}
GENERATOR = "load generator"


PROBE_SECONDS = 0.15
"""Of work; others' turns on a core are some milliseconds long."""


def measure_crowding() -> float:
    """
    Measure how many times as long work takes as it would on a core of its own; 1.0 on a machine that is idle.

    For budgets of time: where others take the cores, too, what is measured is mostly them.
    """
    began, worked = time.perf_counter(), time.thread_time()
    while time.thread_time() - worked < PROBE_SECONDS:
        pass
    return (time.perf_counter() - began) / (time.thread_time() - worked)


def cpu_seconds(supervisor: int) -> dict[str, float]:
    """
    Give the seconds each part has used so far, and this process as the load generator.

    Args:
        supervisor: process number of `doodle up`.
    """
    used = dict.fromkeys([*PARTS, GENERATOR], 0.0)
    used[GENERATOR] = _seconds(psutil.Process())
    for process in psutil.Process(supervisor).children(recursive=True):
        try:
            words = " ".join(process.cmdline())
            part = next((name for name, word in PARTS.items() if word in words), None)
            if part is not None:
                used[part] += _seconds(process)
        except psutil.NoSuchProcess:
            continue
    return used


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
