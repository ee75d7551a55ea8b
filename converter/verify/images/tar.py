"""The members of a tar archive, one after the other, in bounded memory: the one module that uses tarfile."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from typing import IO, BinaryIO, cast

from msgspec import Struct

from converter.verify.errors import VerifyError, broken_archive
from converter.verify.images.compression import errors as compression_errors
from converter.verify.images.limits import Limits
from converter.verify.images.model import Kind
from converter.verify.images.stream import Budget, ForwardStream

_KINDS = {
    tarfile.DIRTYPE: Kind.DIRECTORY,
    tarfile.SYMTYPE: Kind.LINK,
    tarfile.CHRTYPE: Kind.CHARACTER_DEVICE,
    tarfile.BLKTYPE: Kind.BLOCK_DEVICE,
    tarfile.FIFOTYPE: Kind.PIPE,
}
_BLOCK = 512
_CAPABILITIES = "SCHILY.xattr.security.capability"


class Member(Struct, frozen=True):
    """One member: its path without a leading `/` or `./`, `""` for the root; `hard_link` is such a path too.

    `content` is there for a file only and can be read until the next member is asked for.
    """

    path: str
    kind: Kind
    mode: int
    uid: int
    gid: int
    size: int
    target: str
    hard_link: str | None
    capabilities: bytes
    content: IO[bytes] | None


class _Content:
    """What `tarfile` gives to read a member with; what it raises for a damaged archive becomes VerifyError."""

    __slots__ = ("_file",)

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        """As of a file."""
        try:
            return self._file.read(size)
        except _damage() as error:
            raise _broken(error) from None


def members(source: BinaryIO, limits: Limits, budget: Budget | None = None) -> Iterator[Member]:
    """All members in the archive's order. Raises VerifyError for an archive that is damaged or hostile."""
    stream = ForwardStream(source, limits.request, budget)
    try:
        archive = tarfile.TarFile(fileobj=cast(IO[bytes], stream), mode="r", errors="surrogateescape")
        count = 0
        while (info := archive.next()) is not None:
            setattr(archive, "members", [])  # noqa: B010 - it keeps them all, and its stubs hide the list
            count += 1
            if count > limits.entries:
                raise broken_archive("it has more files than the limit")
            yield _member(archive, info, limits)
    except _damage() as error:
        raise _broken(error) from None
    except (ValueError, OverflowError, RecursionError, UnicodeError):
        raise broken_archive("a header makes no sense") from None
    if stream.last.strip(b"\0"):
        raise broken_archive("a header is damaged")


def _damage() -> tuple[type[Exception], ...]:
    return (tarfile.TarError, *compression_errors())


def _broken(error: Exception) -> VerifyError:
    return broken_archive(str(error) or "it ends too early")


def _member(archive: tarfile.TarFile, info: tarfile.TarInfo, limits: Limits) -> Member:
    if info.size < 0:
        raise broken_archive("a header names a negative length")
    regular = info.isreg()
    kind = Kind.FILE if regular or info.islnk() else _KINDS.get(info.type, Kind.PIPE)
    capabilities = info.pax_headers.get(_CAPABILITIES, "")
    return Member(
        path=_path(info.name, limits),
        kind=kind,
        mode=info.mode & 0o7777,
        uid=info.uid,
        gid=info.gid,
        size=info.size if regular else 0,
        target=_text(info.linkname, limits) if info.issym() else "",
        hard_link=_path(info.linkname, limits) if info.islnk() else None,
        capabilities=capabilities.encode("utf-8", "surrogateescape") if capabilities else b"",
        content=_content(archive, info) if regular else None,
    )


def _content(archive: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes] | None:
    file = archive.extractfile(info)
    return None if file is None else cast(IO[bytes], _Content(file))


def _path(name: str, limits: Limits) -> str:
    """The name as a path below the root; one that climbs above it is refused, as engines do."""
    text = _text(name, limits)
    if "//" in text or "./" in text or text.endswith(("/", ".")) or text.startswith("/"):
        parts = [part for part in text.split("/") if part not in ("", ".")]
        if ".." in parts:
            raise broken_archive("a name in it leaves its folder")
        return "/".join(parts)
    return text


def _text(name: str, limits: Limits) -> str:
    if len(name) > limits.path or "\0" in name:
        raise broken_archive("a name in it is impossible")
    return (
        name
        if name.isascii()
        else name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    )
