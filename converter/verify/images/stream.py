"""Bytes that are read once, from front to back: what tar archives are read from, with bounds."""

from __future__ import annotations

import io
from typing import BinaryIO

from msgspec import Struct

from converter.verify.errors import broken_archive

CHUNK = 1 << 18


class Budget(Struct):
    """Bytes that all layers of an image may still unpack to."""

    left: int

    def spend(self, count: int) -> None:
        """Take off what was read; raises VerifyError when nothing is left."""
        self.left -= count
        if self.left < 0:
            raise broken_archive("it unpacks to more than the limit")


class ForwardStream(io.RawIOBase):
    """A stream as `tarfile` wants it: it tells its position and seeks forward only.

    A request for more than `request` bytes is refused: such a one comes from a header that lies. The last
    full block stays at hand in `last`, since `tarfile` takes a broken header for the end of an archive.
    """

    def __init__(self, source: BinaryIO, request: int, budget: Budget | None = None) -> None:
        self._source = source
        self._request = request
        self._budget = budget
        self._position = 0
        self.last = b""

    def readable(self) -> bool:
        """True."""
        return True

    def tell(self) -> int:
        """Bytes read so far."""
        return self._position

    def read(self, size: int | None = -1) -> bytes:
        """Exactly `size` bytes, fewer at the end of the source. Raises VerifyError above the bounds."""
        if size is None or size < 0 or size > self._request:
            raise broken_archive("a header names an impossible length")
        parts = []
        missing = size
        while missing and (part := self._source.read(missing)):
            parts.append(part)
            missing -= len(part)
        content = parts[0] if len(parts) == 1 else b"".join(parts)
        self._position += len(content)
        if self._budget is not None:
            self._budget.spend(len(content))
        self.last = content
        return content

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Read on to an absolute position ahead; short at the end of the source."""
        if whence != io.SEEK_SET or offset < self._position:
            raise broken_archive("its parts overlap")
        while self._position < offset and self.read(min(CHUNK, offset - self._position)):
            pass
        return self._position
