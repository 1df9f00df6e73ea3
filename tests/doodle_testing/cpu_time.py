"""Which part of an installation has used how much CPU time."""

import psutil

PARTS = {
    "nginx": "nginx",
    "model_server": "model_server.wsgi",
    "PostgreSQL": "postgres",
    "training_server and worker": "training_server",
}
GENERATOR = "load generator"


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
