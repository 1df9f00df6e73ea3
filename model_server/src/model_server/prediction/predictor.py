"""A question's way to its answer, beside gevent: what computes runs in a thread, one request of a kind at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

from model_server.prediction.answer import describe
from model_server.prediction.body import find_version, has_images, parse_question, read_question
from model_server.prediction.drawings import draw_all, kind_of
from model_server.prediction.errors import PredictBusyError
from model_server.prediction.lane import Lane
from model_server.prediction.metrics import PredictionMetrics
from model_server.prediction.ready_version import ReadyVersion
from model_server.prediction.version_shelf import VersionShelf
from model_server.version_files import aside

LARGE_BYTES = 256 * 1024
"""From here on a body waits for its turn before it is read, so that a process holds one such body at a time."""


class Predictor:
    """
    Answers questions. What takes long is done in real threads, so that event streams and stores do not wait for it.

    Pictures and large bodies have a lane of their own: one is held and decoded at a time, and nobody who sends a few
    strokes waits behind it.

    Attributes:
        shelf: the versions.
        pictures: the lane of pictures and of large bodies.
        drawings: the lane of everything else.
    """

    def __init__(self, shelf: VersionShelf, metrics: PredictionMetrics, pictures: Lane, drawings: Lane) -> None:
        self.shelf, self.pictures, self.drawings = shelf, pictures, drawings
        self._metrics = metrics

    @contextmanager
    def hold_large(self, num_bytes: int | None) -> Iterator[bool]:
        """
        Wait for a large body's turn before it is read.

        Args:
            num_bytes: its length; None: it may have any.

        Yields:
            Whether it was one.

        Raises:
            PredictBusyError: too many wait.
        """
        if num_bytes is not None and num_bytes < LARGE_BYTES:
            yield False
        else:
            with self._turn(self.pictures):
                yield True

    def parse(self, body: bytes) -> Any:
        """
        Parse a body of JSON.

        Raises:
            InvalidError: it has more parts than a question can have.
            BadRequest: it is no JSON.
        """
        return aside(lambda: parse_question(body))

    def answer(self, content: Any, *, has_turn: bool) -> dict[str, Any]:
        """
        Answer a question.

        Args:
            content: parsed JSON; of a body that is a picture, with its bytes as `image`.
            has_turn: whether it is its turn already, as it was a large one.

        Returns:
            JSON.

        Raises:
            pydantic.ValidationError: it is no question, or its drawings are none.
            PredictBusyError: too many wait.
            UnknownVersionError: of the version that was asked for.
            DoodleError: no version can be asked; see VersionShelf.get.
        """
        ready = self.shelf.get(find_version(content))
        if has_turn:
            return self._answer(ready, content)
        with self._turn(self.pictures if has_images(content) else self.drawings):
            return self._answer(ready, content)

    def _answer(self, ready: ReadyVersion, content: Any) -> dict[str, Any]:
        began = perf_counter()
        told, kinds, is_batch = aside(lambda: _work_out(ready, content))
        self._metrics.count(ready.version, kinds, [each["known"] for each in told], perf_counter() - began)
        return {"version": ready.version, **({"predictions": told} if is_batch else told[0])}

    @contextmanager
    def _turn(self, lane: Lane) -> Iterator[None]:
        try:
            with lane.turn():
                yield
        except PredictBusyError:
            self._metrics.count_refused()
            raise


def _work_out(ready: ReadyVersion, content: Any) -> tuple[list[dict[str, Any]], list[str], bool]:
    """Check, draw, ask and describe; everything that computes, and nothing that waits."""
    drawings, top_k, is_batch = read_question(content, ready.manifest.input)
    bitmaps = draw_all(drawings, ready.manifest.input, is_batch=is_batch)
    told = describe(ready.manifest, ready.ask(bitmaps), bitmaps, top_k)
    return told, [kind_of(drawing) for drawing in drawings], is_batch
