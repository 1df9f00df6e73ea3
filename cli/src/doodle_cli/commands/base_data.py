"""import, teach, pretrain: trusted drawings for the database, and a first version made of them."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from doodle_cli.base_import import import_base_data
from doodle_cli.commands.options import home_option, open_home
from doodle_cli.config import Settings, read_settings
from doodle_cli.counter import Counter
from doodle_cli.database import find_database_url
from doodle_cli.errors import CliError
from doodle_cli.home import Home, read_json
from doodle_cli.programs import find_node
from doodle_db.base_sources.bitmaps_over_http import fetch_bitmaps, is_address
from doodle_db.base_sources.download_bar import DownloadBar
from doodle_db.base_sources.npy import label_of
from doodle_db.engine import connect_to
from doodle_db.label_sets import LabelSet, load_label_set
from doodle_db.labels import read_label_set


@click.command("import")
@click.argument("place", required=False)
@click.option("--label-set", help="Which labels to import.  [default: LABEL_SET, or animals]")
@click.option("--recognized-only", is_flag=True, help="Leave out what Quick, Draw! did not recognize (ndjson).")
@home_option
def import_(place: str | None, label_set: str | None, recognized_only: bool, home: Path | None) -> None:
    """Import base data from PLACE: <label>.npy, MNIST's .npz, TFRecords, Quick, Draw!'s .ndjson, or an address.

    From an address, by default BASE_DATA_URL, full_numpy_bitmap_<label>.npy are fetched into the home first. Importing
    again stores only what is not there yet.
    """
    settings = read_settings()
    shipped = load_label_set(label_set or settings.label_set)
    folder = open_home(home, settings)
    address = settings.database_url or find_database_url(folder, read_json(folder.ports))
    engine = connect_to(address, application_name="doodle-import")
    source = find_place(place or settings.base_data_url, shipped, folder)
    with engine.connect() as connection:
        labels = choose_labels(source, shipped, read_label_set(connection, shipped))
    with Counter("drawings read") as counter:
        done = import_base_data(engine, source, labels, recognized_only=recognized_only, report=counter.show)
    for imported in done:
        known = imported.num_drawings - imported.num_stored
        click.echo(f"{imported.label:<12} {imported.num_stored:>8} stored {known:>8} already there")
    engine.dispose()


def choose_labels(place: Path, shipped: LabelSet, present: LabelSet) -> LabelSet:
    """
    Choose the labels to import: those of the label set's file, and added ones that there may be drawings of.

    Args:
        place: a file or folder; a folder of bitmaps has a file for every label of the label set's file, and need have
            none for an added one.
        shipped: the label set as its file has it.
        present: with the added labels.
    """
    names = [path.name for path in place.glob("*.npy")] if place.is_dir() else []
    has_file = {label_of(Path(name), present) for name in names}
    added = [label for label in present.labels[len(shipped.labels) :] if not names or label.name in has_file]
    return replace(present, labels=(*shipped.labels, *added))


def find_place(place: str, label_set: LabelSet, home: Home) -> Path:
    """
    Give the file or folder that base data lies in; from an address it is fetched into the home first.

    Raises:
        NotFoundError: the server has no file for a label.
        InvalidError: a file is not what it should be, or the server cannot be reached.
    """
    if not is_address(place):
        return Path(place)
    # Made here, it is only its owner's, as `doodle up` makes it.
    home.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return fetch_bitmaps(place, label_set, home.base_data, DownloadBar(sys.stderr).show)


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def teach(arguments: tuple[str, ...]) -> None:
    """Train a teacher for `doodle pretrain --answers`; `doodle teach --help` lists the arguments."""
    _run_training("teach", [*_name_data(read_settings()), *arguments])


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def pretrain(arguments: tuple[str, ...]) -> None:
    """Train a base version from base data; `doodle pretrain --help` lists the arguments."""
    settings = read_settings()
    cache = ["--cache", str(open_home(None, settings).base_data)]
    _run_training("pretrain", ["--node", str(find_node()), *cache, *_name_data(settings), *arguments])


def _name_data(settings: Settings) -> list[str]:
    """What the user gives comes later, and wins."""
    return ["--data", str(settings.data_dir)] if settings.data_dir else []


def _run_training(name: str, arguments: Sequence[str]) -> None:
    done = subprocess.run([sys.executable, "-m", f"training_server.{name}", *arguments], check=False)
    if done.returncode != 0:
        raise CliError(f"`doodle {name}` failed with exit code {done.returncode}; what it said stands above.")
