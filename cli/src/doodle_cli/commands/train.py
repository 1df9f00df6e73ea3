"""train: ordering a run by hand."""

import json
from pathlib import Path
from typing import Any

import click

from doodle_cli.commands.options import find_server, json_option, server_options, show_json
from doodle_cli.run_follower import follow

DATASETS = ("new", "base", "users", "all")


@click.command()
@click.option("--dataset", type=click.Choice(DATASETS), help="What to train on.  [default: new, or all with --network]")
@click.option("--network", help="Train this network from its first weights.  [default: go on from the live version]")
@click.option("--network-arg", "network_args", multiple=True, metavar="NAME=VALUE", help="An argument of the network.")
@click.option("--epochs", type=click.IntRange(1), help="How often to go through the drawings.")
@click.option("--batch-size", type=click.IntRange(1), help="Drawings per step.")
@click.option(
    "--learning-rate", type=click.FloatRange(0, min_open=True), help="How far each step goes, at its highest."
)
@click.option("--seed", type=click.IntRange(0), help="The same seed and drawings give the same candidate.")
@click.option("--weight-decay", type=click.FloatRange(0), help="How strongly weights are drawn to zero.")
@click.option("--label-smoothing", type=click.FloatRange(0), help="Share of each target spread over all labels.")
@click.option(
    "--augment/--no-augment", default=None, help="Whether drawings are turned, bent and moved while training."
)
@click.option(
    "--max-doodles", type=click.IntRange(1), help="How many drawings to train on at most, alike of each label."
)
@click.option("--priority", type=click.IntRange(-10, 10), help="The higher, the sooner.  [default: 0]")
@click.option("--reason", default="", help="Why, for those who read the list of runs.")
@click.option("--worker", help="The only worker that may take it, by name.")
@click.option("--wait", is_flag=True, help="Show the progress, and end when the run has ended.")
@server_options
@json_option
def train(wait: bool, url: str | None, home: Path | None, as_json: bool, **asked: Any) -> None:
    """Queue a run: on new doodles from the live version, or of a network from scratch; see --network and --dataset."""
    with find_server(url, home).connect() as client:
        queued = client.post("/api/v1/train", make_order(**asked))
        if words := explain_queued(queued, asked["worker"]):
            click.echo(words, err=True)
        if wait:
            follow(client, queued["key"], as_json=as_json)
        elif as_json:
            show_json(queued)
        else:
            click.echo(f"{queued['key']} is {queued['state']}; `doodle run {queued['key']} --wait` follows it.")


ABOUT_THE_RUN = ("dataset", "network", "max_doodles", "priority", "reason", "worker")


def make_order(network_args: tuple[str, ...] = (), **asked: Any) -> dict[str, Any]:
    """
    Write an order for a run; what was not asked for is left to the server.

    Args:
        network_args: as NAME=VALUE.
        asked: by the option's name; None: not asked for.

    >>> make_order(reason="", worker="colab-1", epochs=3, seed=None, network="mlp", network_args=("dropout=0.2",))
    {'network': 'mlp', 'worker': 'colab-1', 'network_args': {'dropout': 0.2}, 'train_args': {'epochs': 3}}
    """
    given = {name: value for name, value in asked.items() if value is not None and name not in ABOUT_THE_RUN}
    about = {name: asked.get(name) for name in ABOUT_THE_RUN}
    order = {**about, "network_args": dict(map(read_argument, network_args)), "train_args": given}
    return {name: value for name, value in order.items() if value}


def read_argument(words: str) -> tuple[str, Any]:
    """
    Read NAME=VALUE; the value is a number or true and false where it looks like one.

    Raises:
        click.BadParameter: it has no equals sign.

    >>> read_argument("dense_units=64"), read_argument("kind=wide")
    (('dense_units', 64), ('kind', 'wide'))
    """
    name, equals, value = words.partition("=")
    if not name or not equals:
        raise click.BadParameter(f"{words!r} is no NAME=VALUE.", param_hint="--network-arg")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value


def explain_queued(queued: dict[str, Any], worker: str | None) -> str | None:
    """
    Say what is not as it was ordered; None if all is.

    Args:
        queued: what the API answered.
        worker: the one that was asked for; None: any.

    >>> explain_queued({"sent_to": None, "note": None}, "colab-1")
    'A run waits already, for any worker; this order changed nothing.'
    """
    if worker is not None and queued.get("sent_to") != worker:
        return f"A run waits already, for {queued.get('sent_to') or 'any worker'}; this order changed nothing."
    note: str | None = queued.get("note")
    return note
