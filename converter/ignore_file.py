"""The patterns of a `.dockerignore`, by the builders' rules.

They look like git's but differ: a pattern is anchored at the context's root, `*` stops at a slash, what lies
in an excluded folder can be brought back by a later `!` line, and the last pattern that matches a path or
one of its folders decides. Source: the patternmatcher library that docker, BuildKit and buildah share.
"""

from __future__ import annotations

import posixpath
import re
from itertools import takewhile

from pathspec import PathSpec, RegexPattern

_SPECIAL = re.compile(r"[*?\[\]\\]")
_MEMBER = r"(?:\\.|[^\]\\-])"
_CLASS = re.compile(rf"\[(\^?)((?:{_MEMBER}(?:-{_MEMBER})?)+)\]")


class DockerPattern(RegexPattern):
    """One cleaned line; it matches a path and everything below it. A leading `!` makes an exception."""

    @classmethod
    def pattern_to_regex(cls, pattern: str) -> tuple[str | None, bool | None]:  # type: ignore[override]
        """The regular expression for the whole path, and whether a match excludes it from the context."""
        excludes = not pattern.startswith("!")
        try:
            regex = rf"\A(?:{_translate(pattern.removeprefix('!'))})(?:/.*)?\Z"
            re.compile(regex)
        except re.error:  # the builder refuses such a file; here the line has no effect
            return None, None
        return f"(?s){regex}", excludes


class IgnoreFile:
    """What an ignore file takes out of a context; paths are relative to the context's root."""

    def __init__(self, text: str) -> None:
        patterns = _cleaned(text)
        self._spec = PathSpec([DockerPattern(pattern) for pattern in patterns])
        self._exceptions = tuple(pattern[1:] for pattern in patterns if pattern.startswith("!"))

    def excludes(self, path: str) -> bool:
        """Whether the last pattern that matches the path, or a folder above it, excludes it."""
        return self._spec.match_file(path)

    def may_return(self, folder: str) -> bool:
        """Whether an exception could bring back something below an excluded folder: false is certain."""
        parts = folder.split("/")
        for pattern in self._exceptions:
            heads = takewhile(lambda part: not _SPECIAL.search(part), pattern.split("/"))
            if all(head == part for head, part in zip(heads, parts, strict=False)):
                return True
        return False


def _cleaned(text: str) -> list[str]:
    """The patterns without comments, blanks, leading slashes, `.`, `..` and doubled slashes."""
    patterns = []
    for row in text.removeprefix("\ufeff").splitlines():
        if row.startswith("#") or not (pattern := row.strip()):
            continue
        mark = "!" if pattern.startswith("!") else ""
        body = pattern.removeprefix("!").strip()
        if body:
            patterns.append(
                mark + posixpath.normpath("/" + body if body.startswith("/") else body).lstrip("/")
            )
    return patterns


def _translate(pattern: str) -> str:
    if pattern.startswith("**") and not _SPECIAL.search(pattern[2:]):
        rest = pattern[2:]  # compared as a plain ending: `**x` matches `ax` too
        return f"(?:.*/)?{re.escape(rest[1:])}" if rest.startswith("/") else f".*{re.escape(rest)}"
    out, at = [], 0
    while at < len(pattern):
        at, piece = _next(pattern, at)
        out.append(piece)
    return "".join(out)


def _next(pattern: str, at: int) -> tuple[int, str]:
    """The regular expression of the element at an offset, and where the next one starts."""
    if pattern.startswith("**", at):
        after = at + 3 if pattern.startswith("/", at + 2) else at + 2
        return after, ".*" if after >= len(pattern) else "(?:.*/)?"
    match pattern[at]:
        case "*":
            return at + 1, "[^/]*"
        case "?":
            return at + 1, "[^/]"
        case "\\" if at + 1 < len(pattern):
            return at + 2, re.escape(pattern[at + 1])
        case "[" if found := _CLASS.match(pattern, at):
            negated, members = found.groups()
            return found.end(), f"[{negated}{_members(members)}]"
        case "[":
            raise re.error("a class that is no class", pattern, at)
        case other:
            return at + 1, re.escape(other)


def _members(members: str) -> str:
    """The inside of a character class; only `-` and an escape have a meaning in it."""
    return re.sub(r"\\(.)|([\[&~|^])", lambda found: "\\" + (found.group(1) or found.group(2)), members)
