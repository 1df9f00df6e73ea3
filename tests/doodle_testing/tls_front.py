"""TLS in front of a PostgreSQL that was built without it: what a client's drivers see is a server that speaks it."""

import asyncio
import contextlib
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from doodle_cli.config import TlsSettings

SSL_REQUEST, GSS_REQUEST = 80877103, 80877104
"""What a client asks for before anything else: PostgreSQL's documentation, "Message Formats"."""


@dataclass
class TlsFront:
    """
    Passes on what comes over TLS, and hangs up on everything else.

    Attributes:
        certificate: its own.
        server_port: of the server behind it, on 127.0.0.1.
        num_encrypted: connections that were passed on.
        num_plain: clients that wanted no TLS.
        num_refused: clients that did not take the certificate.
    """

    certificate: TlsSettings
    server_port: int
    num_encrypted: int = 0
    num_plain: int = 0
    num_refused: int = 0

    @property
    def port(self) -> int:
        """Where it listens on 127.0.0.1."""
        return self.certificate.port

    async def serve(self, ready: threading.Event, stop: asyncio.Event) -> None:
        """Serve until asked to stop."""
        server = await asyncio.start_server(self._greet, "127.0.0.1", self.port)
        async with server:
            ready.set()
            await stop.wait()

    async def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if await self._agree_on_tls(reader, writer):
                await self._pass_on(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def _agree_on_tls(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        _, code = struct.unpack("!II", await reader.readexactly(8))
        if code == GSS_REQUEST:
            writer.write(b"N")
            return await self._agree_on_tls(reader, writer)
        if code != SSL_REQUEST:
            self.num_plain += 1
            return False
        writer.write(b"S")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate.certificate, self.certificate.key)
        try:
            await writer.start_tls(context)
        except (ssl.SSLError, ConnectionError):
            self.num_refused += 1
            return False
        return True

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind_reader, behind_writer = await asyncio.open_connection("127.0.0.1", self.server_port)
        self.num_encrypted += 1
        there = asyncio.create_task(_relay(reader, behind_writer))
        back = asyncio.create_task(_relay(behind_reader, writer))
        try:
            await asyncio.wait([there, back], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (there, back):
                task.cancel()
            behind_writer.close()


async def _relay(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        while content := await source.read(65_536):
            target.write(content)
            await target.drain()


@contextmanager
def running_tls_front(certificate: TlsSettings, server_port: int) -> Iterator[TlsFront]:
    """
    Run a front until the block ends.

    Args:
        certificate: its own, and where it listens.
        server_port: of the server behind it.
    """
    front = TlsFront(certificate, server_port)
    loop, ready, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(front.serve(ready, stop),), name="TLS front")
    thread.start()
    assert ready.wait(timeout=10)
    try:
        yield front
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=10)
        loop.run_until_complete(_end_tasks())
        loop.close()


async def _end_tasks() -> None:
    """Cut the connections that clients have left open."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
