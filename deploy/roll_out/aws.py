"""AWS, asked by its command."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

Aws = Callable[..., Any]
"""Asks AWS: service, operation, then options by name; gives the answer's JSON. Tests give one that answers alike."""


def ask_aws(service: str, operation: str, /, **options: Any) -> Any:
    """
    Ask AWS by its command, which knows where its credentials are.

    Raises:
        CalledProcessError: it was refused; why stands on stderr.
    """
    words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", _as_word(value))]
    command = ["aws", service, operation, *words, "--output", "json", "--no-cli-pager"]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout or "null")


def _as_word(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
