"""Archives of the zip format, known by what is in them: their own bytes hold the times of their members."""

from __future__ import annotations

import hashlib
import struct
import zipfile
from typing import IO

BEGIN = b"PK\x03\x04"
LARGEST = 256 << 20
"""Larger ones are known by their bytes alone."""

_LARGEST_DIRECTORY = 4 << 20
_END = b"PK\x05\x06"
_END_OF_LARGE = b"PK\x06\x07"
_TAIL = 22 + 0xFFFF
"""The longest end of an archive: its record and a comment (APPNOTE.TXT 4.3.16)."""


def members(file: IO[bytes]) -> bytes:
    """The SHA-256 of all members' names, sizes and check sums, sorted; b"" where they cannot be read."""
    if not _is_bounded(file):
        return b""
    try:
        with zipfile.ZipFile(file) as archive:
            found = sorted((each.filename, each.file_size, each.CRC) for each in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error):
        return b""
    return hashlib.sha256(repr(found).encode("utf-8", "backslashreplace")).digest()


def _is_bounded(file: IO[bytes]) -> bool:
    """Whether the list of members is small: a stranger's archive names its length itself."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    end = tail.rfind(_END)
    if end < 0 or _END_OF_LARGE in tail[max(0, end - 20) : end]:
        return False
    return int.from_bytes(tail[end + 12 : end + 16], "little") <= _LARGEST_DIRECTORY
