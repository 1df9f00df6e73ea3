"""GET /doodles/export: doodles as one file, sent while they are read."""

from contextlib import ExitStack
from typing import cast, get_args

from flask import Blueprint, Response, request
from werkzeug.exceptions import ServiceUnavailable

from doodle_db.errors import InvalidError
from doodle_db.exports import Export, ExportFormat, open_export, open_snapshot
from doodle_db.labels import read_label_set
from doodle_web.context import current_context
from doodle_web.operator_auth import operator_only
from model_server.gallery_query import read_filter
from model_server.parts import current_parts

exports = Blueprint("exports", __name__)

FORMATS: tuple[str, ...] = get_args(ExportFormat)

MEDIA_TYPE = "application/octet-stream"
"""Of all formats: a file to be kept, which no browser shows."""

MAX_AT_ONCE = 2
"""Exports per process: each holds a connection, of which there are few, for as long as its reader takes."""

RETRY_AFTER_SECONDS = 10


@exports.get("/doodles/export")
@operator_only
def send() -> Response:
    """Send the doodles that fit, oldest first; the gallery's filters hold here, too."""
    form = _read_format()
    with ExitStack() as opened:
        _take_slot(opened)
        connection = opened.enter_context(open_snapshot(current_context().engine))
        label_set = read_label_set(connection, current_parts().settings.label_set)
        wanted = read_filter(request.args, label_set)
        export = open_export(connection, wanted, form, label_set)
        response = Response(export.chunks, mimetype=MEDIA_TYPE)
        # However it ends, and if nobody reads a single byte.
        response.call_on_close(opened.pop_all().close)
    _describe(response, export, f"{wanted.label or 'doodles'}.{form}")
    return response


def _read_format() -> ExportFormat:
    form = request.args.get("format", "ndjson")
    if form not in FORMATS:
        raise InvalidError(f"Expected one of {', '.join(FORMATS)}.", field="format")
    return cast(ExportFormat, form)


def _take_slot(opened: ExitStack) -> None:
    slots = current_parts().export_slots
    if not slots.acquire(blocking=False):
        raise ServiceUnavailable(
            f"{MAX_AT_ONCE} exports are being read already; wait for one to end.", retry_after=RETRY_AFTER_SECONDS
        )
    opened.callback(slots.release)


def _describe(response: Response, export: Export, file_name: str) -> None:
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response.headers["Doodle-Count"] = str(export.num_doodles)
    response.headers["Doodle-Left-Out"] = str(export.num_left_out)
    response.headers["Cache-Control"] = "no-store"
    if export.size_bytes is not None:
        response.content_length = export.size_bytes
