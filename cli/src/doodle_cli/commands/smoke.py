"""smoke: does a site work, seen from outside?"""

from pathlib import Path
from uuid import uuid4

import click

from doodle_cli.commands.options import find_server, server_options
from doodle_cli.config import read_settings
from doodle_cli.programs import find_node
from doodle_cli.project import find_project
from doodle_cli.smoke import Chance, Runner, try_site


@click.command()
@server_options
def smoke(url: str | None, home: Path | None) -> None:
    """Try a site as a page does: draw, guess, store. Exit code 0: it works."""
    script = read_settings().tfjs_runner or find_project().tfjs_runner
    with find_server(url, home).connect() as client:
        for line in try_site(client, Runner(str(find_node()), script), Chance(uuid4())):
            click.echo(line)
