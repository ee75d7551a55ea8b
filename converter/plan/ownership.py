"""Owners of copied directories: COPY makes the directory itself root's."""

from __future__ import annotations

from msgspec.structs import replace

from converter.dockerfile.model import HOLE
from converter.effects.places import Place
from converter.graph.model import Analysis, Step
from converter.plan.marks import Marks
from converter.plan.split import Artifact

ROOT = ("", "root", "0", "root:root", "0:0", "root:0")


def with_owners(analysis: Analysis, marks: Marks, artifacts: tuple[Artifact, ...]) -> tuple[Artifact, ...]:
    """Artifacts with the `--chown` that gives the copied directory the owner it had.

    The copy then stands where the owner was set: the account is there by then.
    """
    return tuple(_with_owner(analysis, marks, a) if a.directory else a for a in artifacts)


def _with_owner(analysis: Analysis, marks: Marks, artifact: Artifact) -> Artifact:
    """Set by a `chown` of the very directory or one above it, else by the USER that made it."""
    owner: str | None = None
    place = artifact.producer
    for step in analysis.steps:
        if step.index not in marks.builder or step.index in marks.final:
            continue
        given = _chown_of(step, artifact.source)
        if given is not None:
            owner, place = given, max(artifact.producer, step.index)
    if owner is None:
        owner = _with_group(analysis, analysis.steps[artifact.producer].state.user)
    if owner in ROOT or HOLE in owner or "$" in owner:
        return replace(artifact, producer=place)
    return replace(artifact, chown=owner, producer=place)


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


def _chown_of(step: Step, path: str) -> str | None:
    for invocation in step.invocations:
        if invocation.name != "chown":
            continue
        operands = [w for w in invocation.arguments if not w.startswith("-")]
        if operands and any(p == Place(path) or (p.tree and p.path == path) for p in step.effects.attributes):
            user, _, group = operands[0].replace(".", ":", ":" not in operands[0]).partition(":")
            return f"{user}:{group}" if group else user
    return None
