"""Files that commands only append to, and that were not there before: what is appended is all of their text."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from converter.effects.model import Member, WriteKind
from converter.effects.places import Place, overlaps
from converter.graph.model import Step
from converter.knowledge.places import is_shared
from converter.shell.model import Pipeline, Simple


def new_files(added: Mapping[str, str], steps: tuple[Step, ...]) -> dict[str, str]:
    """Of the files with what was appended to them those that the base has not, and nothing else makes."""
    return {path: text for path, text in added.items() if _is_new(path, steps)}


def _is_new(path: str, steps: tuple[Step, ...]) -> bool:
    folder, name = posixpath.split(path)
    if name.startswith(".") or (folder != "/" and is_shared(folder)):
        return False  # settings, which images bring
    place = Place(path)
    for step in steps:
        touching = [w for w in step.effects.writes if overlaps(w.place, place)]
        touching = [w for w in touching if w.kind not in (WriteKind.BOOK, WriteKind.DIRECTORY)]
        if any(w.kind is not WriteKind.EDIT or w.place.path != path for w in touching):
            return False
        if touching and not all(_appends_plainly(member) for member in step.members if _writes(member, path)):
            return False
    return True


def _writes(member: Member, path: str) -> bool:
    return any(w.place.path == path for w in member.effects.writes)


def _appends_plainly(member: Member) -> bool:
    """Whether no redirect of a whole group brings a text that nobody can tell."""
    return isinstance(member.command, (Simple, Pipeline))
