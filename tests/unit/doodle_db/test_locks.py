"""Whoever waits for an advisory lock waits for what it is named after: PostgreSQL tells them apart by number alone."""

import ast
from collections import Counter
from pathlib import Path

from doodle_db import locks

ROOT = Path(__file__).parents[3]
PACKAGES = ("db", "web", "model_server", "training_server", "cli")


def read_numbers() -> list[tuple[str, int]]:
    """List every constant *_LOCK that is a number, wherever our code defines it; read, as importing takes minutes."""
    files = [file for package in PACKAGES for file in (ROOT / package / "src").rglob("*.py")]
    assigned = [node for file in files for node in ast.parse(file.read_text()).body if isinstance(node, ast.Assign)]
    return [
        (target.id, node.value.value)
        for node in assigned
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.endswith("_LOCK")
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, int)
    ]


def test_no_two_locks_have_one_number() -> None:
    """Where one is held for minutes, as by erasing, another of its number would stop whoever publishes or pins."""
    by_number = Counter(number for _, number in read_numbers())

    assert [number for number, times in by_number.items() if times > 1] == []


def test_every_lock_stands_where_the_others_do() -> None:
    """A new one is given a number in sight of all those that are taken."""
    there = {name: number for name, number in vars(locks).items() if name.endswith("_LOCK")}

    assert dict(read_numbers()) == there
