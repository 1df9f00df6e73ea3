"""The open event streams of one process: who listens, and what each has still to be told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from gevent.queue import Empty, Full, Queue

from model_server.event_messages import GREETING, HEARTBEAT, Message

QUEUE_LENGTH = 64
"""Messages a client may lag behind: more than a dozen seconds of a run's progress."""

HEARTBEAT_SECONDS = 15.0
"""Shorter than the idle time after which proxies cut a connection, often 60 s."""


@dataclass(eq=False)
class Stream:
    """
    One open stream.

    Attributes:
        hang_up: cuts the connection, whatever it is waiting for.
        is_operator: may be told of runs.
        waiting: what is still to be told; None ends the stream.
    """

    hang_up: Callable[[], None]
    is_operator: bool
    waiting: "Queue[Message | None]" = field(default_factory=lambda: Queue(QUEUE_LENGTH))


class EventStreams:
    """
    Passes messages on to every open stream, and lets no slow client hold up another.

    A client that lags too far behind is cut off: its browser opens a new stream and is told what is live then. All
    greenlets of one process may use it; other processes have their own.

    Attributes:
        max_streams: how many may be open at once.
    """

    def __init__(self, max_streams: int) -> None:
        self.max_streams = max_streams
        self._streams: set[Stream] = set()
        self._is_closed = False

    def __len__(self) -> int:
        return len(self._streams)

    @property
    def has_operators(self) -> bool:
        """Whether anybody may be told of runs."""
        return any(stream.is_operator for stream in self._streams)

    def open(self, *, is_operator: bool, hang_up: Callable[[], None]) -> Stream | None:
        """Open a stream; None: there are as many as may be, or the process is about to end."""
        if self._is_closed or len(self._streams) >= self.max_streams:
            return None
        stream = Stream(hang_up, is_operator)
        self._streams.add(stream)
        return stream

    def leave(self, stream: Stream) -> None:
        """Forget a stream; doing so twice changes nothing."""
        self._streams.discard(stream)

    def tell(self, message: Message, *, operators_only: bool = False) -> None:
        """Pass a message on to every stream that may know of it."""
        for stream in [*self._streams]:
            if stream.is_operator or not operators_only:
                self._put(stream, message)

    def close(self) -> None:
        """End all streams, because the process ends."""
        self._is_closed = True
        for stream in [*self._streams]:
            self._put(stream, None)

    def _put(self, stream: Stream, message: Message | None) -> None:
        try:
            stream.waiting.put_nowait(message)
        except Full:
            self.leave(stream)
            stream.hang_up()

    def follow(self, stream: Stream, first: Message | None) -> Iterator[bytes]:
        """
        Give what is to be sent, until the stream ends.

        Args:
            stream: an open one; whoever sends leaves it in the end.
            first: what its client is told at once.

        Yields:
            Messages, and a heartbeat whenever nothing happened for a while.
        """
        yield GREETING.text + (first.text if first else b"")
        newest = first.number if first and first.number is not None else -1
        while stream in self._streams and (message := _next(stream)) is not None:
            if message.number is None:
                yield message.text
            elif message.number > newest:
                # A deployment may have been both read at the start and heard of; it is told once.
                newest = message.number
                yield message.text


def _next(stream: Stream) -> Message | None:
    try:
        message: Message | None = stream.waiting.get(timeout=HEARTBEAT_SECONDS)
    except Empty:
        return HEARTBEAT
    return message
