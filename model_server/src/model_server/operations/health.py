"""Whether the service is well, and how many doodles there are."""

from typing import Literal

from doodle_web.openapi import Answer, AnswerBody, Operation


class Health(AnswerBody):
    """The process answers."""

    status: Literal["alive"]


class Readiness(AnswerBody):
    """The process could do its work."""

    status: Literal["ready"]


class Stats(AnswerBody):
    """Numbers for everybody."""

    num_doodles: int
    """The users' accepted doodles, in all."""
    labels: dict[str, int]
    """The same by label; every label there is to draw is among them."""
    num_waiting: int
    """Those that no run has read yet."""
    delta_min_doodles: int
    """How many of them it takes for a run."""


OPERATIONS = {
    "health.show_health": Operation({200: Answer("It answers.", Health, {"status": "alive"})}),
    "health.show_readiness": Operation(
        {200: Answer("It could do its work.", Readiness, {"status": "ready"})},
        problems={503: "The database does not answer, or lacks the schema this version expects."},
    ),
    "stats.show_stats": Operation(
        {
            200: Answer(
                "The numbers.",
                Stats,
                {"num_doodles": 251, "labels": {"bird": 120, "cat": 131}, "num_waiting": 42, "delta_min_doodles": 200},
            )
        }
    ),
    "events.open_stream": Operation(
        {
            200: Answer(
                "A stream that lasts; docs/http.md lists its events.",
                example='event: deployment\nid: 12\ndata: {"deployment":12,"version":"0123456789ab"}\n\n',
                media_type="text/event-stream",
            )
        },
        problems={503: "Too many streams are open."},
    ),
}
