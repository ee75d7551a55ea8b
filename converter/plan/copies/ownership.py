"""Owners and modes of copied directories: COPY makes the directory itself anew, as root's and with mode 755."""

from __future__ import annotations

import posixpath
import re

from msgspec.structs import replace

from converter.dockerfile.model import HOLE
from converter.effects.model import WriteKind
from converter.effects.places import Place, within
from converter.graph.model import Analysis, Step
from converter.knowledge.places import is_shared
from converter.knowledge.programs import is_builtin
from converter.plan.copies.arrival import stands
from converter.plan.insertions import as_root
from converter.plan.marks import Marks
from converter.plan.split import Artifact, Insertion, Stage

_WHOLE = re.compile(r"0*[0-7]*[1357][0-7]*|[1-7]\d{3}")
"""Modes that are a directory's whatever it had before: one that says nothing of execution is that of files."""
_AS_COPIED = re.compile(r"0?755|0?[0246]{3}|u?\+[rwxX]+|(?:[ugoa]*\+[rxX]+,?)+|[go]*-\w+")
"""Modes that leave a directory as COPY makes it, and those of files."""
_FROM_THE_TOP = re.compile(r"\S+( -type d)?( -exec .*| -print0?)?")
"""What `find` is told where the directory it starts in is among what it finds."""

ROOT = ("", "root", "0", "root:root", "0:0", "root:0")


def with_owners(
    analysis: Analysis, marks: Marks, artifacts: tuple[Artifact, ...]
) -> tuple[tuple[Artifact, ...], tuple[Insertion, ...]]:
    """Artifacts with the `--chown` that gives the copied directory the owner it had, and lines for what it cannot.

    The copy then stands where the owner was set: the account is there by then. A `chown` of the directory alone,
    which root fills, is done behind the copy, and so is that of a tree which root fills later: copies keep the
    owners of what lies in it. So is the `chmod` of a directory.
    """
    found = [_with_owner(analysis, marks, a) if a.directory else (a, None) for a in artifacts]
    lines = []
    for artifact, owner in found:
        program = posixpath.dirname(artifact.source).endswith("bin")
        modes = _modes_of(marks, artifact.source) if artifact.directory and not program else ()
        given = [f"chown {_with_login_group(owner)}"] if owner else []
        given += [f"chmod {mode}" for mode in dict.fromkeys(modes)]
        if given:
            text = "RUN " + " && ".join(f"{command} {artifact.destination}" for command in given)
            at = artifact.producer
            lines.append(Insertion(Stage.FINAL, at, as_root(analysis, at, text)))
    return tuple(a for a, _ in found), tuple(lines)


def _with_login_group(owner: str) -> str:
    """An owner as chown takes it: COPY gives an account without a group the group of the same number."""
    return owner if ":" in owner or owner.isdigit() else f"{owner}:"


def _modes_of(marks: Marks, path: str) -> tuple[str, ...]:
    """The modes that `chmod` gives a directory in the builder alone, as far as COPY gives it others."""
    found: list[str] = []
    for step in marks.steps:
        if step.index in marks.builder and step.index not in marks.final:
            for invocation in step.invocations:
                operands = [w for w in invocation.arguments if not re.match(r"-[A-Za-z-]*$", w)]
                if invocation.name == "chmod" and operands and _sets(step, path):
                    mode = operands[0]
                    found = [*([] if _WHOLE.fullmatch(mode) else found), mode]
    return (
        () if any(HOLE in mode for mode in found) else tuple(m for m in found if not _AS_COPIED.fullmatch(m))
    )


def _sets(step: Step, path: str) -> bool:
    """Whether a step sets the mode of a directory: by name, or as where `find` starts."""
    finds = [i.arguments for i in step.invocations if i.name == "find"]
    whole = all(_FROM_THE_TOP.fullmatch(" ".join(words)) for words in finds)
    found = {Place(f"{path}/{HOLE}")} if finds and whole else set()
    return any(p in {Place(path), Place(path, tree=True), *found} for p in step.effects.attributes)


def _with_owner(analysis: Analysis, marks: Marks, artifact: Artifact) -> tuple[Artifact, str | None]:
    """Set by a `chown` of the very directory or one above it, else by the USER that made it.

    The second is the owner of the directory alone.
    """
    owner: str | None = None
    filled = False
    place = artifact.producer
    for step in analysis.steps:
        if step.index not in marks.builder or (
            step.index in marks.final and not _is_before(marks, artifact, step)
        ):
            continue
        given = _chown_of(step, artifact.source)
        if given is not None:
            owner, whole = given
            place = max(artifact.producer, step.index)
            filled = _filled_by_root(analysis, marks, artifact, step.index if whole else -1)
    is_set = owner is not None
    if owner is None:
        maker = _user_of(analysis.steps[artifact.producer])
        owner = "" if is_shared(artifact.destination) else _with_group(analysis, maker)
    if owner in ROOT or HOLE in owner or "$" in owner:
        return replace(artifact, producer=place), None
    if filled:
        return replace(artifact, producer=place), owner
    # COPY leaves a directory that is there as it is; one that USER's steps fill has the owner it had before
    there = is_set and stands(marks, marks.steps[place], artifact.destination, homes=False)
    return replace(artifact, chown=owner, producer=place), owner if there else None


def _is_before(marks: Marks, artifact: Artifact, step: Step) -> bool:
    """Whether a step of both stages sets the owner of what the builder alone has by then, and a copy brings later."""
    return (
        step.index < artifact.producer
        and not stands(marks, step, artifact.destination)
        and any(
            w.kind is not WriteKind.BOOK and within(w.place.path, artifact.source)
            for other in marks.steps[: step.index]
            if other.index in marks.builder and other.index not in marks.final
            for w in other.effects.writes
        )
    )


def _filled_by_root(analysis: Analysis, marks: Marks, artifact: Artifact, after: int) -> bool:
    """Whether root puts files into the directory that is copied, behind a step."""
    return any(
        _user_of(step).partition(":")[0] in ROOT
        and any(
            w.kind not in (WriteKind.BOOK, WriteKind.DIRECTORY) and within(w.place.path, artifact.source)
            for w in step.effects.writes
        )
        for step in analysis.steps[after + 1 :]
        if step.index in marks.builder
    )


def _user_of(step: Step) -> str:
    """Who does the work of a step: root, where each command is run by sudo."""
    users = {i.user for i in step.invocations if not is_builtin(i.name)}
    return users.pop() if len(users) == 1 else step.state.user


def _with_group(analysis: Analysis, user: str) -> str:
    """A USER with the group that its files got: the account's primary group, as a rule called like it.

    Of an account that the base image starts with nobody knows the group's name; COPY finds it by itself.
    """
    if ":" in user or user.isdigit() or not user:
        return user
    made = [a for s in analysis.steps for a in s.effects.accounts if a.kind == "user" and a.name == user]
    if not made and user == analysis.base.user:
        return user
    group = next((a.group for a in made if a.group and HOLE not in a.group), user)
    return f"{user}:{group}"


def _chown_of(step: Step, path: str) -> tuple[str, bool] | None:
    """The owner that a step gives a directory, and whether all that is in it."""
    for invocation in step.invocations:
        if invocation.name != "chown":
            continue
        operands = [w for w in invocation.arguments if not w.startswith("-")]
        whole = any(p.tree and within(path, p.path) for p in step.effects.attributes)
        if operands and (whole or Place(path) in step.effects.attributes):
            user, colon, group = operands[0].replace(".", ":", ":" not in operands[0]).partition(":")
            # COPY gives a user without a group the group of the same number; chown leaves the group, which is root's
            unchanged = "" if colon or _user_of(step) not in ROOT else "root"
            return (f"{user}:{group or unchanged}" if group or unchanged else user), whole
    return None
