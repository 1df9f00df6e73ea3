"""Erasing a contributor."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from doodle_db.manifest import Version
from doodle_web.openapi import Answer, AnswerBody, Operation, Request
from model_server.erasures import ErasureBody
from model_server.operations.doodles import TIME


class NamedContributor(AnswerBody):
    """Somebody of that name."""

    contributor: str
    """The whole of the name: 64 hex digits, of which pages show the first eight."""
    num_doodles: int
    first_at: AwareDatetime
    last_at: AwareDatetime
    versions: list[Version]
    """Those that may have learnt from the drawings; they stay as they are."""


class NamedContributors(AnswerBody):
    """Rarely more than one."""

    contributors: list[NamedContributor]


class Erasure(AnswerBody):
    """One order to erase a contributor."""

    erasure: int
    state: Literal["open", "finished"]
    num_doodles: int
    """Erased so far."""
    num_pictures: int
    """Taken out of runs' reports so far."""
    versions: list[Version]
    """Those that may have learnt from the drawings, once it is finished."""
    waits_for: list[UUID]
    """Runs that may still hold drawings; it is finished when they have ended."""
    operator: str
    reason: str
    created_at: AwareDatetime
    finished_at: AwareDatetime | None


class Erasures(AnswerBody):
    """The latest first; 50 at most."""

    erasures: list[Erasure]


NAME = "5f1c03aa" + "0" * 56
CONTRIBUTOR = {
    "contributor": NAME,
    "num_doodles": 12,
    "first_at": TIME,
    "last_at": TIME,
    "versions": ["0123456789ab"],
}
ERASURE = {
    "erasure": 1,
    "state": "finished",
    "num_doodles": 12,
    "num_pictures": 3,
    "versions": ["0123456789ab"],
    "waits_for": [],
    "operator": "ada",
    "reason": "asked for by letter",
    "created_at": TIME,
    "finished_at": TIME,
}

OPERATIONS = {
    "erasures.show_contributors": Operation(
        {200: Answer("Who is called so.", NamedContributors, {"contributors": [CONTRIBUTOR]})},
        problems={404: "`contributor`: nobody, or nothing is left of them.", 422: "`contributor`: no name."},
    ),
    "erasures.show_erasures": Operation({200: Answer("What was ordered.", Erasures, {"erasures": [ERASURE]})}),
    "erasures.show_erasure": Operation({200: Answer("How far it is.", Erasure, ERASURE)}),
    "erasures.order": Operation(
        {
            202: Answer(
                "It is ordered, and goes on until it is done; asked again meanwhile, the same order.",
                Erasure,
                {**ERASURE, "state": "open", "num_doodles": 0, "num_pictures": 0, "versions": [], "finished_at": None},
            )
        },
        Request(ErasureBody, {"contributor": "5f1c03aa", "confirm": 12, "reason": "asked for by letter"}),
        problems={
            404: "`contributor`: nobody, or nothing is left of them.",
            409: "`contributor`: several are called so; `confirm`: not as many doodles as there are.",
        },
    ),
}
