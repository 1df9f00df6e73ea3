"""GET /production: how the live model really does, by hour or by day."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, cast

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import Connection

from doodle_db.errors import InvalidError
from doodle_db.labels import read_label_set
from doodle_db.manifest import VERSION_PATTERN
from doodle_db.model_registry import find_live, list_deployments
from doodle_db.production import LENGTHS, Production, Span, Step, Tally, read_production
from doodle_db.production_figures import find_calibration_error, find_share
from doodle_web.context import current_context
from doodle_web.operator_auth import operator_only
from model_server.parts import current_parts

production = Blueprint("production", __name__)

DEFAULT_STEPS: dict[Step, int] = {"hour": 48, "day": 30}
MAX_STEPS: dict[Step, int] = {"hour": 14 * 24, "day": 400}
"""A fortnight by hour, a year and a bit by day: what is read and sent stays small."""

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
NUM_BINS = 10


@production.get("/production")
@operator_only
def show_production() -> Response:
    """Show how guesses did in a span of time."""
    span, version = read_span(current_context().clock()), read_version()
    with current_context().engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        found = read_production(connection, span, version)
        labels = read_label_set(connection, current_parts().settings.label_set).names
        live = find_live(connection)
        marks = _list_deployments(connection, span)
    return jsonify(
        by=span.step,
        version=version,
        live=live.version if live else None,
        deployments=marks,
        **{"from": span.begins.isoformat(), "to": span.ends.isoformat()},
        **_as_json(found, labels),
    )


def read_span(now: datetime) -> Span:
    """
    Read `by`, `from` and `to` of the request's query; the span is widened to whole steps.

    Args:
        now: the time, up to which a request asks that does not say.

    Raises:
        InvalidError: one of them is not what it should be; its field says which.
    """
    by = request.args.get("by", "day")
    if by not in LENGTHS:
        raise InvalidError("Expected hour or day.", field="by")
    step = cast(Step, by)
    ends = _round_up(_read_time("to") or now, step)
    begins = _read_time("from")
    begins = ends - DEFAULT_STEPS[step] * LENGTHS[step] if begins is None else _round_down(begins, step)
    span = Span(step, begins, ends)
    if not 1 <= span.num_steps <= MAX_STEPS[step]:
        raise InvalidError(f"Expected from before to, and at most {MAX_STEPS[step]} {step}s of them.", field="from")
    return span


def _read_time(name: str) -> datetime | None:
    value = request.args.get(name)
    if value is None:
        return None
    try:
        read = datetime.fromisoformat(value)
        moment = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError) as invalid:
        raise InvalidError("Expected a date or a time like 2026-11-21T14:00:00Z.", field=name) from invalid
    if not EARLIEST <= moment < LATEST:
        raise InvalidError(f"Expected a time from {EARLIEST.year} to {LATEST.year - 1}.", field=name)
    return moment


def _round_down(moment: datetime, step: Step) -> datetime:
    hour = moment.replace(minute=0, second=0, microsecond=0)
    return hour if step == "hour" else hour.replace(hour=0)


def _round_up(moment: datetime, step: Step) -> datetime:
    down = _round_down(moment, step)
    return down if down == moment else down + LENGTHS[step]


def read_version() -> str | None:
    """
    Read `version` of the request's query.

    Raises:
        InvalidError: it is no name of a version.
    """
    version = request.args.get("version")
    if version is not None and not VERSION_PATTERN.fullmatch(version):
        raise InvalidError("Expected a version: 12 digits of 0-9, a-f.", field="version")
    return version


def _list_deployments(connection: Connection, span: Span) -> list[dict[str, Any]]:
    """List what went live in the span, oldest first."""
    lines = [line for line in list_deployments(connection) if span.begins <= line.created_at < span.ends]
    return [
        {name: asdict(line)[name] for name in ("deployment", "version", "kind")}
        | {"created_at": line.created_at.isoformat()}
        for line in reversed(lines)
    ]


def _as_json(found: Production, labels: tuple[str, ...]) -> dict[str, Any]:
    # What was a label once, or is one of another label set, comes last.
    seen = {*found.labels, *(guess for _, guess in found.confusion)}
    named = (*labels, *sorted(seen - set(labels)))
    return {
        "total": _tell(found.total),
        "statuses": {name: found.statuses.get(name, 0) for name in ("accepted", "quarantined", "rejected")},
        "times": [{"begins": begins.isoformat(), **_tell(tally)} for begins, tally in sorted(found.times.items())],
        "versions": [{"version": name or None, **_tell(tally)} for name, tally in found.versions.items()],
        "labels": [{"label": name, **_tell(found.labels.get(name, Tally()))} for name in named],
        "confusion": {
            "labels": list(named),
            "counts": [[found.confusion.get((label, guess), 0) for guess in named] for label in named],
        },
        "calibration": {"error": find_calibration_error(found.bins), "bins": _tell_bins(found)},
    }


def _tell(tally: Tally) -> dict[str, Any]:
    num_told = tally.num_known + tally.num_unknown
    return {
        "num_doodles": tally.num_doodles,
        "accuracy": _share(tally.num_right, tally.num_guessed),
        "accuracy_known": _share(tally.num_known_right, tally.num_known),
        "unknown": _share(tally.num_unknown, num_told),
    }


def _share(num: int, of: int) -> dict[str, Any] | None:
    share = find_share(num, of)
    if share is None:
        return None
    return {
        "num": share.num,
        "of": share.of,
        **{name: round(getattr(share, name), 4) for name in ("value", "low", "high")},
    }


def _tell_bins(found: Production) -> list[dict[str, Any]]:
    bins = {each.number: each for each in found.bins}
    return [
        {
            "low": number / NUM_BINS,
            "high": (number + 1) / NUM_BINS,
            "confidence": round(bins[number].confidence, 4) if number in bins else None,
            "accuracy": _share(bins[number].num_right, bins[number].num_doodles) if number in bins else None,
        }
        for number in range(NUM_BINS)
    ]
