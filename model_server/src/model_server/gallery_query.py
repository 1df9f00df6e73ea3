"""Which doodles a request asks for: the gallery's filters, as they stand in a query."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import cast, get_args

from werkzeug.datastructures import MultiDict

from doodle_db.contributors import check_name
from doodle_db.doodles import Status
from doodle_db.errors import InvalidError
from doodle_db.gallery import GalleryFilter
from doodle_db.label_sets import LabelSet
from doodle_db.moments import parse_moment

STATUSES: tuple[str, ...] = (*get_args(Status), "any")

FILTERS = ("label", "guess", "wrong", "status", "version", "from", "to", "contributor")

_VERSION = re.compile(r"[0-9a-f]{12}")

_NO_TIME = "Expected a day as 2026-11-21, or a time as 2026-11-21T10:00:00+00:00."


def read_filter(query: MultiDict[str, str], label_set: LabelSet) -> GalleryFilter:
    """
    Read the filters of a query; what is not there does not matter, but only accepted doodles are shown unasked.

    Args:
        query: of the request.
        label_set: the labels there are.

    Raises:
        InvalidError: one is not what it should be; its field is the filter's name.
    """
    status = query.get("status", "accepted")
    if status not in STATUSES:
        raise InvalidError(f"Expected one of {', '.join(STATUSES)}.", field="status")
    return GalleryFilter(
        label=_read_label(query, "label", label_set),
        guess=_read_label(query, "guess", label_set),
        is_wrong=_read_flag(query, "wrong"),
        status=None if status == "any" else cast(Status, status),
        version=_read_version(query),
        since=_read_time(query, "from", timedelta()),
        # A day is meant with all its hours.
        until=_read_time(query, "to", timedelta(days=1)),
        contributor=check_name(query["contributor"]) if "contributor" in query else None,
    )


def _read_label(query: MultiDict[str, str], name: str, label_set: LabelSet) -> str | None:
    label = query.get(name)
    if label is not None and label not in label_set.names:
        raise InvalidError(f"Expected a label; one of {', '.join(label_set.names)}.", field=name)
    return label


def _read_flag(query: MultiDict[str, str], name: str) -> bool:
    if query.get(name, "0") not in {"0", "1"}:
        raise InvalidError("Expected 1, or 0.", field=name)
    return query.get(name) == "1"


def _read_version(query: MultiDict[str, str]) -> str | None:
    version = query.get("version")
    if version is not None and not _VERSION.fullmatch(version):
        raise InvalidError("Expected a version: 12 digits of 0-9a-f.", field="version")
    return version


def _read_time(query: MultiDict[str, str], name: str, day_more: timedelta) -> datetime | None:
    text = query.get(name)
    if text is None:
        return None
    try:
        if len(text) == len("2026-11-21"):
            day = date.fromisoformat(text)
            return datetime(day.year, day.month, day.day, tzinfo=UTC) + day_more
        return parse_moment(text)
    except (ValueError, OverflowError) as invalid:
        raise InvalidError(_NO_TIME, field=name) from invalid
