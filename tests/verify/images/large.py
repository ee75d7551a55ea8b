"""Reads an image of many gigabytes that is made while it is read, and prints what that took.

python -m tests.verify.images.large GIGABYTES
"""

from __future__ import annotations

import io
import re
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from converter.verify.images.archive import read_image

_FILE = 1 << 30
_BLOCK = 512
_PART = bytes(range(256)) * 4096


def stream(gigabytes: int) -> Iterator[bytes]:
    """An archive as `docker save` writes it: one layer with a file for each gigabyte."""
    yield _header("c.json", 14) + b'{"config": {}}'.ljust(_BLOCK, b"\0")
    manifest = b'[{"Config": "c.json", "Layers": ["l.tar"]}]'
    yield _header("manifest.json", len(manifest)) + manifest.ljust(_BLOCK, b"\0")
    yield _header("l.tar", gigabytes * (_BLOCK + _FILE) + 2 * _BLOCK)
    for index in range(gigabytes):
        yield _header(f"data/{index}", _FILE)
        yield from (_PART for _ in range(_FILE // len(_PART)))
    yield bytes(4 * _BLOCK)


def _header(name: str, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size = size
    return member.tobuf(tarfile.GNU_FORMAT)


class Pipe(io.RawIOBase):
    """What comes out of an iterator, as a pipe gives it."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = memoryview(next(self._parts, b""))
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def peak() -> int:
    """The most memory that this process ever had, in megabytes; `getrusage` would count its parent's too."""
    match = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert match is not None
    return int(match[1]) // 1024


if __name__ == "__main__":
    image = read_image(cast(BinaryIO, io.BufferedReader(Pipe(stream(int(sys.argv[1]))))))
    print(len(image.entries), peak())
