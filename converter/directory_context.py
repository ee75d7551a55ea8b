"""A build context that is a folder on disk: the port of `context.py` with the file system behind it.

Nothing outside the folder is read, whatever a symlink says, and no file larger than 1 MiB.
"""

from __future__ import annotations

import os
import posixpath
import stat
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from converter.ignore_file import IgnoreFile

MAX_TEXT = 1 << 20
MAX_DEPTH = 64


Found: TypeAlias = list[str]


class DirectoryContext:
    """Read access to a folder, through its ignore file.

    `dockerfile` is the Dockerfile's path on disk: an ignore file named after it, `NAME.dockerignore` beside
    it, beats the folder's `.dockerignore`. A folder that does not exist is an empty context.
    """

    def __init__(
        self, path: str | os.PathLike[str], dockerfile: str | os.PathLike[str] | None = None
    ) -> None:
        self._root = os.path.realpath(path)
        self._dockerfile = os.fspath(dockerfile) if dockerfile else os.path.join(self._root, "Dockerfile")

    def __repr__(self) -> str:
        return f"DirectoryContext({self._root!r})"

    def read_text(self, path: str) -> str | None:
        """The text of a file, or None if it is absent, binary or larger than 1 MiB."""
        place = self._place(path)
        data = None if place is None else _read(place)
        if data is None or b"\0" in data:
            return None
        return data.decode("utf-8", "surrogateescape")

    def exists(self, path: str) -> bool:
        """Whether a file or directory is there."""
        return self._place(path) is not None

    def is_directory(self, path: str) -> bool:
        """Whether it is a directory."""
        place = self._place(path)
        return place is not None and os.path.isdir(place)

    def list(self, path: str = "") -> tuple[str, ...]:
        """Names directly in a directory, sorted; empty if it is none."""
        return tuple(name for name, _ in self._entries(path))

    def walk(self, path: str = "", limit: int = 10_000) -> tuple[str, ...]:
        """Relative paths of all files below, sorted, `limit` at most; symlinks to folders are not entered."""
        found: Found = []
        self._walk(_normal(path), found, limit, MAX_DEPTH)
        return tuple(sorted(found))

    def _walk(self, folder: str, found: Found, limit: int, depth: int) -> None:
        for name, is_folder in self._entries(folder):
            if len(found) >= limit:
                return
            below = posixpath.join(folder, name)
            if not is_folder:
                found.append(below)
            elif depth > 0:
                self._walk(below, found, limit, depth - 1)

    def _entries(self, folder: str) -> tuple[tuple[str, bool], ...]:
        """Names in a directory, sorted, and whether each is a directory (a symlink is none)."""
        relative = _normal(folder)
        place = self._inside(relative)
        if place is None:
            return ()
        try:
            with os.scandir(place) as entries:
                rows = sorted((e.name, e.is_dir(follow_symlinks=False), e.is_symlink()) for e in entries)
        except OSError:
            return ()
        return tuple(
            (name, is_folder)
            for name, is_folder, is_link in rows
            if self._visible(posixpath.join(relative, name), is_folder, is_link)
        )

    def _visible(self, path: str, is_folder: bool, is_link: bool) -> bool:
        """Whether an entry of a folder counts; only a link may lead out of the context."""
        if is_link:
            return self._place(path) is not None
        return not self._excluded(path) or (is_folder and self._has_visible(path))

    def _place(self, path: str) -> str | None:
        """The real place of a path on disk, or None for what counts as absent."""
        relative = _normal(path)
        if self._excluded(relative) and not self._has_visible(relative):
            return None
        return self._inside(relative)

    def _has_visible(self, folder: str) -> bool:
        """Whether an excluded directory has something in it that a `!` line brings back."""
        if self._ignored is None or not self._ignored.may_return(folder):
            return False
        found: Found = []
        self._walk(folder, found, 1, MAX_DEPTH)
        return bool(found)

    def _inside(self, relative: str) -> str | None:
        place = os.path.realpath(os.path.join(self._root, relative))
        if place != self._root and not place.startswith(self._root.rstrip(os.sep) + os.sep):
            return None
        return place if os.path.exists(place) else None

    def _excluded(self, relative: str) -> bool:
        return bool(relative) and self._ignored is not None and self._ignored.excludes(relative)

    @cached_property
    def _ignored(self) -> IgnoreFile | None:
        own = self._dockerfile + ".dockerignore"
        data = _read(own if os.path.isfile(own) else os.path.join(self._root, ".dockerignore"))
        if not data:
            return None
        from converter.ignore_file import IgnoreFile

        return IgnoreFile(data.decode("utf-8", "surrogateescape"))


def _normal(path: str) -> str:
    """A path as the context names it, "" for its root; `..` stops there, as in builders."""
    return posixpath.normpath("/" + path.replace("\0", "")).lstrip("/")


def _read(place: str) -> bytes | None:
    """At most 1 MiB of a regular file."""
    try:
        with open(place, "rb", opener=_opener) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_TEXT:
                return None
            data = file.read(MAX_TEXT + 1)
    except (OSError, ValueError):
        return None
    return data if len(data) <= MAX_TEXT else None


def _opener(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # a pipe must not stop the reader
