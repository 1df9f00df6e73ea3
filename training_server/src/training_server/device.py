"""What a worker trains on."""

import os

import tensorflow as tf


def name_device() -> str:
    """Name TensorFlow's GPUs, or the processor if it sees none."""
    gpus = [gpu.name.removeprefix("/physical_device:") for gpu in tf.config.list_physical_devices("GPU")]
    return ", ".join(gpus) or f"CPU ({os.cpu_count()} cores)"


def name_gpus() -> str | None:
    """
    Say what the graphics processors are called that TensorFlow can use; None if there are none.

    Their driver may be silent about a name; such a one is just a GPU.
    """
    gpus = tf.config.list_physical_devices("GPU")
    names = [tf.config.experimental.get_device_details(gpu).get("device_name", "GPU") for gpu in gpus]
    return describe_gpus(names)


def describe_gpus(names: list[str]) -> str | None:
    """
    Put several of a name together.

    >>> describe_gpus(["H100", "H100", "T4"])
    '2 x H100, T4'
    """
    counts = {name: names.count(name) for name in names}
    return ", ".join(name if count == 1 else f"{count} x {name}" for name, count in counts.items()) or None
