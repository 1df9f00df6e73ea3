"""The `doodle` command: its parts are joined here."""

from typing import Any

import click
from sqlalchemy.exc import OperationalError

from doodle_cli.commands import (
    backups,
    base_data,
    dataset,
    drift,
    erasures,
    exports,
    labels,
    models,
    predict,
    production,
    prune,
    report,
    reviews,
    rotate,
    runs,
    searches,
    shadow,
    sign_in,
    smoke,
    stack,
    status,
    train,
    versions,
    workers,
)
from doodle_cli.errors import CliError
from doodle_db.errors import DoodleError


class Commands(click.Group):
    """Commands whose errors are one line, whichever package they come from."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except DoodleError as error:
            raise CliError(str(error)) from error
        except OperationalError as error:
            raise CliError(f"The database does not answer; is `doodle up` running? {error.orig}".strip()) from error

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """List the commands in the order of a day's work, not of the alphabet."""
        return list(self.commands)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
def cli() -> None:
    """Draw, guess, store, train, gate, publish, hot reload, roll back: everything an operator does by hand."""


for command in (
    stack.up,
    stack.down,
    stack.logs,
    sign_in.sign_in,
    status.status,
    smoke.smoke,
    predict.predict,
    models.models,
    models.deployments,
    models.deploy,
    models.rollback,
    versions.pin,
    versions.unpin,
    versions.compare,
    shadow.shadow,
    versions.download,
    versions.delete,
    labels.labels,
    reviews.review,
    exports.export,
    erasures.erase,
    erasures.list_,
    production.production,
    drift.drift,
    train.train,
    runs.runs,
    runs.run,
    report.report,
    runs.cancel,
    searches.search,
    searches.searches,
    workers.workers,
    workers.worker,
    base_data.import_,
    base_data.teach,
    base_data.pretrain,
    dataset.dataset,
    backups.backup,
    backups.backups,
    backups.restore,
    prune.prune,
    rotate.rotate,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line."""
    cli()
