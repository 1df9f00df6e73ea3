"""predict: what pictures of drawings show."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import click

from doodle_cli.commands.options import find_server, json_option, server_options, show_json
from doodle_cli.errors import CliError
from doodle_cli.table import format_percent, format_table

PREDICT = "/api/v1/predict"

MAX_BYTES = 20 * 1024 * 1024
"""More the server does not take."""


@click.command()
@click.argument("file", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--top", type=click.IntRange(1, 100), default=3, show_default=True, help="How many labels to list.")
@click.option("--version", help="Who is to say it.  [default: the live version]")
@server_options
@json_option
def predict(
    file: tuple[Path, ...], top: int, version: str | None, url: str | None, home: Path | None, as_json: bool
) -> None:
    """Say what each FILE shows: a photo, a scan or a picture of a drawing, as PNG, JPEG or WebP."""
    query = urlencode({"top_k": top, **({"version": version} if version else {})})
    told = []
    with find_server(url, home).connect() as client:
        for each in file:
            content = _read(each)
            answer = client.send(f"{PREDICT}?{query}", content, media_type_of(each, content))
            told.append({"file": str(each), **answer})
    if as_json:
        show_json(told)
    else:
        click.echo(format_predictions(told))


def media_type_of(path: Path, content: bytes) -> str:
    """
    Tell which kind of picture a file is, by how it begins.

    Args:
        path: for the error.
        content: of the file.

    Raises:
        CliError: it is none that the server reads.

    >>> media_type_of(Path("cat.png"), bytes.fromhex("89504e470d0a1a0a"))
    'image/png'
    """
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    raise CliError(f"{path} is no picture that can be read here; a PNG, JPEG or WebP file was expected.")


def format_predictions(told: list[dict[str, Any]]) -> str:
    """
    Set predictions in a table.

    Args:
        told: as the API tells them, each with its file.
    """
    rows = [
        [
            each["file"],
            each["prediction"],
            format_percent(each["probability"]),
            "yes" if each["known"] else "no",
            ", ".join(f"{other['label']} {format_percent(other['probability'])}" for other in each["top"][1:]) or None,
            each["version"],
        ]
        for each in told
    ]
    return format_table(["file", "shows", "probability", "known", "or else", "version"], rows)


def _read(path: Path) -> bytes:
    if path.stat().st_size > MAX_BYTES:
        raise CliError(f"{path} has {path.stat().st_size / 2**20:.0f} MB; 20 MB at most are taken.")
    return path.read_bytes()
