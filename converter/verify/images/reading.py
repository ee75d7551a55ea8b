"""One file of a layer: its digest, and what is kept of its content."""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections import OrderedDict
from types import TracebackType
from typing import IO

from converter.verify.images import zips
from converter.verify.images.elf import is_loadable, read_elf
from converter.verify.images.keeping import SCRIPT, names_limit, text_limit
from converter.verify.images.limits import Limits
from converter.verify.images.model import Content, Elf, Members, Script, Text
from converter.verify.images.naming import names_of
from converter.verify.images.stream import CHUNK

_IN_MEMORY = 8 << 20
_LONGEST_LINE = 256
_REMEMBERED = 20_000


class FileReader:
    """Reads files one at a time. An ELF file or a zip lies in memory, a large one in a temporary file, meanwhile.

    What is known of an ELF file is remembered by its digest: the two images of a comparison share most of
    theirs, so one reader serves both. `kept` bounds the texts of one image; a file beyond it keeps none.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._left = limits.kept
        self._elf: OrderedDict[bytes, Elf] = OrderedDict()
        self._spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115

    def __enter__(self) -> FileReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._spool.close()

    def next_image(self) -> None:
        """Start to count the kept texts anew."""
        self._left = self._limits.kept

    def read(self, path: str, size: int, file: IO[bytes]) -> tuple[bytes, bytes, Content | None]:
        """The SHA-256 of the file's content, its MD5 below etc/, and what is kept; `path` has no leading slash."""
        head = file.read(CHUNK)
        if head.startswith(b"\x7fELF") and is_loadable(head):
            key, elf = self._read_elf(head, size, file)
            return key, b"", elf
        if head.startswith(zips.BEGIN) and size <= zips.LARGEST and not path.startswith("etc/"):
            key = self._read_whole(head, size, file, True)
            return key, b"", self._members()
        digest = hashlib.sha256(head)
        known_by = hashlib.md5(head, usedforsecurity=False) if path.startswith("etc/") else None
        keep = self._wanted(path, size, head)
        parts = [head] if keep else []
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            if known_by is not None:
                known_by.update(chunk)
            if keep:
                parts.append(chunk)
        text = b"".join(parts).decode("utf-8", "backslashreplace") if keep else ""
        return digest.digest(), known_by.digest() if known_by else b"", self._content(path, head, text)

    def _wanted(self, path: str, size: int, head: bytes) -> bool:
        if size > self._left:
            return False
        if head.startswith(b"#!") and size <= SCRIPT:
            return True
        return size <= max(text_limit(path), names_limit(path))

    def _content(self, path: str, head: bytes, text: str) -> Content | None:
        if head.startswith(b"#!"):
            line = head[2:_LONGEST_LINE].split(b"\n", 1)[0].decode("utf-8", "backslashreplace").strip()
            text = text if len(text) <= SCRIPT else ""
            self._left -= len(text)
            return Script(line, text)
        if not text:
            return None
        if text_limit(path):
            self._left -= len(text)
            return Text(text)
        found = names_of(path, text)
        if found is None:
            return None
        names = tuple(map(sys.intern, found.names))
        self._left -= 8 * len(names)
        return type(found)(found.language, names)

    def _read_elf(self, head: bytes, size: int, file: IO[bytes]) -> tuple[bytes, Content]:
        fits = size <= self._limits.elf
        key = self._read_whole(head, size, file, fits)
        known = self._elf.get(key)
        if known is None:
            self._spool.seek(0)
            known = read_elf(self._spool) if fits else Elf(problem="too large to be read")
            self._elf[key] = known
            if len(self._elf) > _REMEMBERED:
                self._elf.popitem(last=False)
        self._spool.seek(0, 2)
        return key, known

    def _members(self) -> Members | None:
        found = zips.members(self._spool)
        self._spool.seek(0, 2)
        return Members(found) if found else None

    def _read_whole(self, head: bytes, size: int, file: IO[bytes], fits: bool) -> bytes:
        """The SHA-256 of a file, which lies in `_spool` then if it fits there."""
        digest = hashlib.sha256(head)
        spool = self._spool
        if spool.tell() or size > _IN_MEMORY:
            spool.close()
            spool = self._spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        if fits:
            spool.write(head)
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            if fits:
                spool.write(chunk)
        return digest.digest()
