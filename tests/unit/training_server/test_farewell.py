"""A worker ends once, for one reason; whether it finishes its run depends on which."""

import asyncio

import pytest

from training_server.farewell import ASKED_STATUS, STATUSES, Farewell, Reason


class Heartbeat:
    """Counts how often the run was asked to stop."""

    num_stops = 0

    def stop_run(self) -> None:
        self.num_stops += 1


async def sleep_for_ever() -> None:
    await asyncio.Event().wait()


def end(*reasons: Reason) -> tuple[Reason, int]:
    """Say reasons one after the other while a session goes on; gives the one that stands, and the stops."""
    heartbeat = Heartbeat()

    async def live() -> Reason:
        farewell = Farewell(heartbeat.stop_run)
        session = asyncio.create_task(sleep_for_ever())
        attending = asyncio.create_task(farewell.attend(session))
        await asyncio.sleep(0)
        for reason in reasons:
            farewell.say(reason)
        return await attending

    return asyncio.run(live()), heartbeat.num_stops


@pytest.mark.parametrize(
    ("reason", "hands_back"), [("drain", False), ("idle", False), ("stop", True), ("signal", True), ("replaced", True)]
)
def test_only_a_drained_worker_finishes_its_run(reason: Reason, hands_back: bool) -> None:
    """All others hand it back."""
    assert end(reason) == (reason, int(hands_back))


def test_what_cannot_wait_outdoes_a_drain() -> None:
    """A signal, or an operator's second thought, ends a run that was to be finished; not the other way round."""
    assert end("drain", "drain", "stop") == ("stop", 1)
    assert end("stop", "drain") == ("stop", 1)


def test_a_word_after_the_end_is_late() -> None:
    """The heartbeat's thread may outlive the loop by a beat."""
    loop = asyncio.new_event_loop()
    loop.close()
    farewell = Farewell(lambda: None)

    farewell.hear(loop, "stop")

    assert farewell.reason is None


def test_only_a_worker_that_was_asked_says_so() -> None:
    """Whoever starts workers again tells by the status that this one is not to be started."""
    assert {reason for reason, status in STATUSES.items() if status == ASKED_STATUS} == {"drain", "stop"}
