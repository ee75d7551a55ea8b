"""Sets of paths: the one door that says whether a path is covered.

A path is absolute and normalised. It may hold the pattern characters `*`, `?`, `[` (which stay within
one name, as in the shell) and HOLE, a piece that could not be known (any text, slashes included).
"""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache

from msgspec import Struct

from converter.dockerfile.model import HOLE

_SPECIAL = re.compile(rf"[*?\[{HOLE}]")


class Place(Struct, frozen=True, order=True):
    """One path (or pattern), with everything below it if `tree` is set."""

    path: str
    tree: bool = False

    def __str__(self) -> str:
        return self.path + ("/**" if self.tree else "")

    @property
    def exact(self) -> bool:
        """Whether the path has neither pattern characters nor unknown pieces."""
        return _exact(self.path)

    @property
    def known(self) -> bool:
        """Whether the path has no unknown piece (a pattern is allowed)."""
        return HOLE not in self.path


@lru_cache(maxsize=8192)
def _exact(path: str) -> bool:
    return _SPECIAL.search(path) is None


@lru_cache(maxsize=8192)
def join(directory: str, path: str) -> str:
    """`path` seen from `directory`, normalised, without a trailing slash."""
    joined = posixpath.normpath(posixpath.join(directory, path) if path else directory)
    return "/" + joined.lstrip("/") if joined.startswith("/") else joined


def within(path: str, directory: str) -> bool:
    """Whether `path` is `directory` or lies below it (both plain)."""
    return path == directory or directory == "/" or path.startswith(directory + "/")


@lru_cache(maxsize=8192)
def ancestors(directory: str) -> tuple[str, ...]:
    """A directory and all that it lies in, the root left out."""
    found = []
    while directory not in ("", "/"):
        found.append(directory)
        directory = posixpath.dirname(directory)
    return tuple(found)


@lru_cache(maxsize=4096)
def _pattern(place: Place) -> re.Pattern[str]:
    out = []
    index = 0
    text = place.path
    while index < len(text):
        char = text[index]
        if char == HOLE:
            out.append(".*")
        elif char == "*":
            out.append(f"[^/{HOLE}]*")
        elif char == "?":
            out.append(f"[^/{HOLE}]")
        elif char == "[" and (closing := text.find("]", index + 2)) > 0:
            body = text[index + 1 : closing].replace("\\", "\\\\")
            out.append("[" + ("^" + body[1:] if body[0] in "!^" else body) + "]")
            index = closing
        else:
            out.append(re.escape(char))
        index += 1
    body = "".join(out)
    if place.tree:
        body = body.rstrip("/") + "(/.*)?" if text != "/" else "/.*"
    try:
        return re.compile(body, re.S)
    except re.error:
        return re.compile(re.escape(text) + ("(/.*)?" if place.tree else ""), re.S)


def covers(outer: Place, inner: Place) -> bool:
    """Whether every path of `inner` certainly lies in `outer`; an unknown piece of `outer` proves nothing."""
    if not outer.known:
        return outer == inner
    if inner.tree and not outer.tree:
        return False
    if outer.exact:
        return inner.path == outer.path or (outer.tree and within(inner.path, outer.path))
    return _pattern(outer).fullmatch(inner.path) is not None


def overlaps(one: Place, two: Place) -> bool:
    """Whether the two may have a path in common (unknown pieces may be anything)."""
    first, second = _exact(one.path), _exact(two.path)
    if first and second:
        if one.path == two.path:
            return True
        return (one.tree and within(two.path, one.path)) or (two.tree and within(one.path, two.path))
    if first:
        return _meets(two, one)
    if second:
        return _meets(one, two)
    start, other = _fixed(one.path), _fixed(two.path)
    return start.startswith(other) or other.startswith(start)


def _meets(pattern: Place, plain: Place) -> bool:
    if _pattern(pattern).fullmatch(plain.path):
        return True
    # what the pattern names may lie below the plain tree
    return plain.tree and _reaches(pattern.path, plain.path.rstrip("/") + "/")


@lru_cache(maxsize=4096)
def _reaches(pattern: str, prefix: str) -> bool:
    """Whether something that a pattern names begins with `prefix`: its pieces are tried along the prefix."""
    pieces = _PIECE.findall(pattern)
    alive = _skipped({0}, pieces)
    for char in prefix:
        moved = set()
        for at in alive:
            if at == len(pieces):
                continue
            piece = pieces[at]
            if piece == HOLE or (piece == "*" and char != "/"):
                moved.add(at)
            elif piece == char or ((len(piece) > 1 or piece == "?") and char != "/" and _one(piece, char)):
                moved.add(at + 1)
        alive = _skipped(moved, pieces)
        if not alive:
            return False
    return True


_PIECE = re.compile(r"\[[^\]][^\]]*\]|.", re.S)


def _skipped(states: set[int], pieces: list[str]) -> set[int]:
    """States with those that follow because `*` and HOLE may stand for nothing."""
    found = set(states)
    for at in states:
        while at < len(pieces) and pieces[at] in ("*", HOLE):
            at += 1
            found.add(at)
    return found


def _one(piece: str, char: str) -> bool:
    """Whether `?` or a bracket expression fits one character."""
    return _pattern(Place(piece)).fullmatch(char) is not None


def _fixed(path: str) -> str:
    """The part before the first pattern character or unknown piece."""
    match = _SPECIAL.search(path)
    return path[: match.start()] if match else path
