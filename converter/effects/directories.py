"""Whether it matters in which directory a member of a RUN runs."""

from __future__ import annotations

import re

from converter.effects.model import Member, WriteKind
from converter.effects.places import Place, overlaps, within

_DIRECTORY = re.compile(r"(?:[\w@.+-]+/)+")
"""A word that can only be a directory beside the command."""
_EDITORS = frozenset({"sed", "perl", "awk", "gawk", "grep"})
"""Commands whose words look like paths: `s/a/b/`."""
PACKAGE_FILES = (".deb", ".rpm", ".apk", ".xz", ".zst")


def _is_whole(word: str) -> bool:
    """Whether a word names the same file wherever it stands: a path from the root, or an address."""
    return word.startswith("/") or "://" in word


def cares_about_directory(member: Member) -> bool:
    """Whether anything it does lies below the directory it runs in, or it is not known what it does.

    Relative paths are resolved where effects are evaluated, so the places tell; package managers and
    account tools only look at the directory for files that they are given.
    """
    effects = member.effects
    words = [word for invocation in member.invocations for word in invocation.arguments]
    plain = {word.rstrip("/") for word in words if word.startswith("/")}
    if any(word in (".", "..") or word.startswith(("./", "../")) for word in words):
        return True
    if any(
        _DIRECTORY.fullmatch(word)
        for invocation in member.invocations
        if invocation.name not in _EDITORS
        for word in invocation.arguments
    ):
        return True
    directory = member.before.directory
    if effects.packages or effects.accounts:
        named = [p.path for p in effects.reads if p.path not in plain and within(p.path, directory or "/")]
        files = any(word.endswith(PACKAGE_FILES) and not _is_whole(word) for word in words)
        return files or (directory not in (None, "/") and bool(named))
    if effects.opaque:
        return True
    if directory is None:
        return any(
            not p.known for p in (*effects.reads, *effects.deletes, *(w.place for w in effects.writes))
        )
    if directory == "/":  # where everything lies: only what is put right there tells, by no name of its own
        return any(w.kind is WriteKind.FETCH and w.place.path == "/" for w in effects.writes)
    # what lies around the directory was named from the root, and so may be what is deleted or changed in it
    used = [*effects.reads, *(w.place for w in effects.writes)]
    changed = [p for p in (*effects.deletes, *effects.attributes) if p.path not in plain]
    here = Place(directory, tree=True)
    return any(within(p.path, directory) or (not p.known and overlaps(here, p)) for p in used) or any(
        within(p.path, directory) for p in changed
    )
