"""Files on S3, or on a store that speaks like it. Needs the package obstore: doodle-db[s3]; see decision 0022."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from doodle_db.errors import ArtifactStoreError
from doodle_db.stored_files import media_type_of

if TYPE_CHECKING:
    from obstore import Attributes
    from obstore.store import ClientConfig, RetryConfig

# Who asks, where and for which region, obstore reads from AWS_* by itself, or from the task's or machine's role.
# http is allowed because only an endpoint somebody has set can be one.
READING: "ClientConfig" = {"allow_http": True, "connect_timeout": "5s", "timeout": "20s"}
"""A silent store is given up after 20 s, which is less than nginx waits for us (30 s)."""

WRITING: "ClientConfig" = {**READING, "timeout": "120s"}
"""Enough for 16 MB, a part of a backup, over 1 Mbit/s."""

RETRIES: "RetryConfig" = {"max_retries": 3, "retry_timeout": timedelta(seconds=15)}
"""A refused connection or a 503 is tried again for that long; what has timed out is not."""

_CAUSES = (
    (
        r"169\.254\.|/v\d/credentials|[Mm]issing credentials",
        "nobody is signed in: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine or task a role",
    ),
    (
        r"InvalidAccessKeyId|SignatureDoesNotMatch|Expired|InvalidToken|TokenRefreshRequired|InvalidClientTokenId",
        "the credentials are wrong or have expired: look at AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    ),
    (
        r"PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint|redirect",
        "the bucket is in another region: set AWS_REGION to its own",
    ),
    (
        r"AccessDenied|AllAccessDisabled|40[13] (Forbidden|Unauthorized)",
        "this is not allowed: the role needs s3:GetObject and s3:PutObject on its objects, s3:ListBucket on itself, "
        "and s3:DeleteObject where versions are deleted",
    ),
    (
        r"error sending request|operation timed out|dns error|kind: (Connect|Timeout)",
        "it does not answer: look at the network, AWS_REGION and AWS_ENDPOINT_URL",
    ),
)
"""What a refusal looks like, and what to do about it; the first that fits."""


class S3Files:
    """
    Files below `s3://bucket/prefix`. A PUT is a file as a whole or not at all; `If-None-Match: *` makes it exclusive.

    A PUT whose answer was lost is sent again, and then finds its own file: FileExistsError can mean "by ourselves".
    """

    def __init__(self, url: str) -> None:
        """
        Args:
            url: s3://bucket/prefix.

        Raises:
            ArtifactStoreError: the address, or one of AWS_*, cannot be used.
        """
        parts = urlsplit(url)
        self._bucket = parts.netloc
        if not self._bucket:
            raise ArtifactStoreError(f"{url} names no bucket; expected s3://bucket/prefix.")
        prefix = parts.path.strip("/") or None
        with self._explained():
            try:
                self._reading = S3Store(self._bucket, prefix=prefix, client_options=READING, retry_config=RETRIES)
                self._writing = S3Store(self._bucket, prefix=prefix, client_options=WRITING, retry_config=RETRIES)
            except ValueError as wrong:
                raise ArtifactStoreError(f"{url} cannot be used: {_first_line(wrong)}") from None

    def create(self, name: str, content: bytes) -> None:
        """Write a file that is not there yet."""
        with self._explained():
            try:
                obstore.put(self._writing, name, content, mode="create", attributes=_attributes_of(name))
                return
            except AlreadyExistsError:
                raise FileExistsError(name) from None
            except NotImplementedError:
                pass  # AWS_CONDITIONAL_PUT=disabled, for a store that has none
        if self.exists(name):
            raise FileExistsError(name)
        self.replace(name, content)

    def replace(self, name: str, content: bytes) -> None:
        """Write a file, whether it is there or not."""
        with self._explained():
            obstore.put(self._writing, name, content, use_multipart=False, attributes=_attributes_of(name))

    def read(self, name: str) -> bytes:
        """Read a file."""
        with self._explained():
            return bytes(obstore.get(self._reading, name).bytes())

    def exists(self, name: str) -> bool:
        """Tell whether a file is there."""
        with self._explained():
            try:
                obstore.head(self._reading, name)
            except FileNotFoundError:
                return False
            return True

    def remove(self, name: str) -> None:
        """Remove a file; S3 does not tell whether there was one."""
        with self._explained():
            obstore.delete(self._writing, name)

    def list_names(self, folder: str) -> list[str]:
        """List the files of a folder."""
        with self._explained():
            return sorted(found["path"] for some in obstore.list(self._reading, prefix=folder) for found in some)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Say what to do. The cause is left out on purpose: it repeats the store's answer, with ids of keys in it."""
        try:
            yield
        except FileNotFoundError as missing:
            if "NoSuchBucket" in str(missing):
                raise ArtifactStoreError(self._no_bucket()) from None
            raise FileNotFoundError(_first_line(missing)) from None
        except BaseError as refused:
            raise ArtifactStoreError(self._explain(str(refused))) from None

    def _explain(self, answer: str) -> str:
        if "NoSuchBucket" in answer:
            return self._no_bucket()
        for pattern, cause in _CAUSES:
            if re.search(pattern, answer):
                return f"The bucket {self._bucket} cannot be used: {cause}."
        code = re.search(r"<Code>(\w{1,60})</Code>|status code: (\d{3})", answer)
        said = f"it says {code[1] or code[2]}" if code else "the reason is unknown"
        return f"The bucket {self._bucket} cannot be used: {said}."

    def _no_bucket(self) -> str:
        return f"There is no bucket {self._bucket}: make it, or correct the address, AWS_REGION or AWS_ENDPOINT_URL."


def _attributes_of(name: str) -> "Attributes":
    """Let a CDN in front of the bucket serve and compress what it is."""
    return {"Content-Type": media_type_of(name)}


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].partition(": Error performing")[0]
