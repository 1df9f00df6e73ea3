"""gunicorn's gevent worker, which also ends the open event streams when it is asked to stop."""

from types import FrameType

import gevent
from gunicorn.workers.ggevent import GeventWorker


class StreamingWorker(GeventWorker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn waits for requests to end by themselves, which an event stream never does."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop on SIGTERM: no new requests, no more events, what is being answered is answered."""
        super().handle_exit(sig, frame)
        app = getattr(self, "wsgi", None)
        if app is None:  # asked to stop while the service was still being loaded
            return
        # Not through model_server.parts: gunicorn's parent loads this module before gevent has changed anything.
        gevent.spawn(app.extensions["model_server"].streams.close)
