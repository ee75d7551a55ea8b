"""Owners of copied directories: COPY makes the directory itself root's."""

from __future__ import annotations

from msgspec.structs import replace

from converter.dockerfile.model import HOLE
from converter.effects.model import WriteKind
from converter.effects.places import Place, within
from converter.graph.model import Analysis, Step
from converter.knowledge.places import is_shared
from converter.knowledge.programs import is_builtin
from converter.plan.discovery import as_root
from converter.plan.marks import Marks
from converter.plan.split import Artifact, Insertion, Stage

ROOT = ("", "root", "0", "root:root", "0:0", "root:0")


def with_owners(
    analysis: Analysis, marks: Marks, artifacts: tuple[Artifact, ...]
) -> tuple[tuple[Artifact, ...], tuple[Insertion, ...]]:
    """Artifacts with the `--chown` that gives the copied directory the owner it had, and lines for what it cannot.

    The copy then stands where the owner was set: the account is there by then. A `chown` of the directory alone,
    which root fills, is done behind the copy.
    """
    found = [_with_owner(analysis, marks, a) if a.directory else (a, None) for a in artifacts]
    lines = (
        Insertion(
            Stage.FINAL, a.producer, as_root(analysis, a.producer, f"RUN chown {owner} {a.destination}")
        )
        for a, owner in found
        if owner
    )
    return tuple(a for a, _ in found), tuple(lines)


def _with_owner(analysis: Analysis, marks: Marks, artifact: Artifact) -> tuple[Artifact, str | None]:
    """Set by a `chown` of the very directory or one above it, else by the USER that made it.

    The second is the owner of the directory alone.
    """
    owner: str | None = None
    whole = True
    place = artifact.producer
    for step in analysis.steps:
        if step.index not in marks.builder or step.index in marks.final:
            continue
        given = _chown_of(step, artifact.source)
        if given is not None:
            owner, whole = given
            place = max(artifact.producer, step.index)
    if owner is None:
        maker = _user_of(analysis.steps[artifact.producer])
        owner = "" if is_shared(artifact.destination) else _with_group(analysis, maker)
    if owner in ROOT or HOLE in owner or "$" in owner:
        return replace(artifact, producer=place), None
    if not whole and _filled_by_root(analysis, marks, artifact):
        return replace(artifact, producer=place), owner
    return replace(artifact, chown=owner, producer=place), None


def _filled_by_root(analysis: Analysis, marks: Marks, artifact: Artifact) -> bool:
    """Whether root puts files into the directory that is copied."""
    return any(
        step.state.user.partition(":")[0] in ROOT
        and any(
            w.kind not in (WriteKind.BOOK, WriteKind.DIRECTORY) and within(w.place.path, artifact.source)
            for w in step.effects.writes
        )
        for step in analysis.steps
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
        whole = any(p.tree and p.path == path for p in step.effects.attributes)
        if operands and (whole or Place(path) in step.effects.attributes):
            user, colon, group = operands[0].replace(".", ":", ":" not in operands[0]).partition(":")
            # COPY gives a user without a group the group of the same number; chown leaves the group, which is root's
            unchanged = "" if colon or _user_of(step) not in ROOT else "root"
            return (f"{user}:{group or unchanged}" if group or unchanged else user), whole
    return None
