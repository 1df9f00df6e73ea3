"""What a worker trains on."""

import os

import tensorflow as tf


def name_device() -> str:
    """Name TensorFlow's GPUs, or the processor if it sees none."""
    gpus = [gpu.name.removeprefix("/physical_device:") for gpu in tf.config.list_physical_devices("GPU")]
    return ", ".join(gpus) or f"CPU ({os.cpu_count()} cores)"
