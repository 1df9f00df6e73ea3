"""Every command, its options and its arguments are documented; so is every target of make."""

import re
import subprocess
from pathlib import Path

import click
import pytest

from doodle_cli.main import cli

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
SECTIONS = {part.partition("\n")[0]: part for part in PAGE.split("\n## doodle ")[1:]}


def test_every_command_is_documented() -> None:
    """In the order in which the command lists them, and no other."""
    assert list(SECTIONS) == list(cli.commands)


@pytest.mark.parametrize("name", [name for name in cli.commands if name not in ("teach", "pretrain")])
def test_a_commands_options_and_arguments_are_documented(name: str) -> None:
    """The usage line shows what a command takes, and nothing that it does not; some are other programs'."""
    taken = {word for parameter in parameters_of(cli.commands[name]) for word in words_of(parameter)}
    usage = SECTIONS[name].split("```")[1]

    assert set(re.findall(r"--[a-z-]+|\b(?:NAME|IDS|KEY|VERSION|FOLDER|PLACE|FILE|CONTRIBUTOR)\b", usage)) == taken


def parameters_of(command: click.Command) -> list[click.Parameter]:
    """Give what a command takes; a group takes what its commands do."""
    if isinstance(command, click.Group):
        return [parameter for each in command.commands.values() for parameter in parameters_of(each)]
    return command.params


def words_of(parameter: click.Parameter) -> list[str]:
    """Give what a parameter is called in a usage line."""
    if isinstance(parameter, click.Argument):
        return [str(parameter.name).upper()]
    return [text for text in parameter.opts if text.startswith("--")]


def test_make_help_explains_every_target() -> None:
    """A target without an explanation is one nobody finds."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.findall(r"^\.PHONY:((?:.*\\\n)*.*)", text, re.MULTILINE)[0].replace("\\\n", " ").split()
    help_text = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert [target for target in phony if f"make {target} " not in help_text] == []
