"""The compressions that image layers have: none, gzip, zstd. Told by the first bytes, as engines do."""

from __future__ import annotations

import gzip
import io
import zlib
from typing import BinaryIO, cast

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_LARGEST_WINDOW = 128 << 20
"""What `zstd --ultra` uses at most; a frame that asks for more is refused rather than given the memory."""


class Headed(io.RawIOBase):
    """A stream whose first bytes were looked at already."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        """True."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """The bytes that were looked at, then those that follow."""
        if self._head:
            wanted = len(self._head) if size is None or size < 0 else size
            part, self._head = self._head[:wanted], self._head[wanted:]
            return part
        return self._rest.read(-1 if size is None else size)


def is_compressed(head: bytes) -> bool:
    """Whether the first bytes are those of a compressed stream."""
    return head.startswith((_GZIP, _ZSTD))


def unpacked(head: bytes, stream: BinaryIO) -> BinaryIO:
    """The plain bytes of a stream whose first bytes are `head`; reading may raise one of `errors()`."""
    whole = cast(BinaryIO, Headed(head, stream))
    if head.startswith(_GZIP):
        return cast(BinaryIO, gzip.GzipFile(fileobj=whole, mode="rb"))
    if head.startswith(_ZSTD):
        import zstandard

        reader = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW).stream_reader(
            whole, read_across_frames=True
        )
        return cast(BinaryIO, reader)
    return whole


def errors() -> tuple[type[Exception], ...]:
    """What reading a damaged compressed stream raises."""
    import zstandard

    return (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError)
