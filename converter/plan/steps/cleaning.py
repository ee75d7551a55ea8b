"""Deletions: dropped where a stage of its own makes them pointless, kept where something else depends on them."""

from __future__ import annotations

import re

from converter.dockerfile.model import HOLE
from converter.effects.model import PackageAction, Phase, WriteKind
from converter.effects.places import Place, covers, overlaps, within
from converter.graph.model import Step
from converter.knowledge.image_names import is_official
from converter.knowledge.images import Kind
from converter.knowledge.places import is_header, is_home_cache, is_open, is_shared
from converter.plan.copies.arrival import directories_needed, stands
from converter.plan.evidence.ground import Ground
from converter.plan.evidence.provenance import made_in_builder, only_deletes
from converter.plan.marks import Marks
from converter.plan.packages.managers import SHRINKING

CACHES = (
    "/var/lib/apt/lists",
    "/var/cache",
    "/var/log",
    "/tmp",
    "/var/tmp",
    "/root/.cache",
    "/var/lib/dpkg/info",
)


_HIDDEN_IN_HOME = re.compile(r"(?:/root|/home/[^/]+)/\.[^/]+(?:/|$)")
_IN_HOME = re.compile(
    r"(?:/root|/home/[^/]+)/(?!\.?[*?\[]|\.(?:bash|profile|[ct]*csh)|anaconda|original)[^/]+$"
)
"""A path in a home, but for what plain systems have there: settings of shells, and Red Hat's notes on installing."""
_TOP = re.compile(r"/(?!lib|[.*?\[])[^/*?\[]+(?=/|$)")
"""A name in the root directory, but for patterns and what systems link or hide there (`/libx32`, `/.dockerenv`)."""
_NO_NAME = re.compile(rf"/\.?[*?\[{HOLE}]")

DELETERS = frozenset(
    {"rm", "rmdir", "unlink", "shred", "truncate", "find", "xargs", "apt-get", "apt", "apk", "yum", "dnf"}
)


def _plainly_deletes(step: Step) -> bool:
    """Whether a step runs nothing but the programs whose only work is to delete."""
    return all(i.name in DELETERS for i in step.invocations)


def clean_caches(marks: Marks) -> None:
    """Cleaning of caches stays behind what fills them in the same RUN, or, where nothing does, in an earlier one."""
    for step in marks.steps:
        deletes = step.effects.deletes
        if step.index not in marks.final or not step.is_run or not deletes or not only_deletes(step):
            continue
        if not all(is_cache(p) for p in deletes):
            continue
        mates = [s for s in marks.steps if s.ordinal == step.ordinal and not s.state_only]
        served = _cleans_in_run(marks, step, mates)
        if served is None:  # it is for the RUNs before it
            others = [s for s in mates if not only_cleans(s)]
            earlier = (s for s in marks.steps[: step.index] if s.index in marks.final and s.is_run)
            stays = any(s.index in marks.final for s in others) and not all(map(_is_scratch, deletes))
            served = (stays or not others) and any(s.effects.packages for s in earlier)
        if not served and step.index in marks.builder:
            marks.to_builder(step.index, "cleans up what the final stage never has")
        elif not served:
            marks.drop(step.index, "cleans up what the final stage never has")
    _made_anew(marks)


def _cleans_in_run(marks: Marks, step: Step, mates: list[Step]) -> bool | None:
    """Whether what fills caches ahead of a step, or behind it, stays in its RUN; None where nothing there does."""
    removals = {s.index for s in mates if _only_shrinks(s)} - marks.final  # one that left fills nothing there
    filling = [s for s in mates if leaves_caches(s) and not only_cleans(s) and s.index not in removals]
    before = [s for s in filling if s.index < step.index]
    return any(s.index in marks.final for s in before or filling) if filling else None


def _made_anew(marks: Marks) -> None:
    """A directory of caches that is made anew behind its deletion goes where that goes: elsewhere it still exists."""
    for step in marks.steps:
        written = [w.place for w in step.effects.writes]
        if not written or any(w.kind is not WriteKind.DIRECTORY for w in step.effects.writes):
            continue
        for other in marks.steps[: step.index]:
            deletes = [p for p in other.effects.deletes if is_cache(p)]
            if other.ordinal == step.ordinal and deletes and only_deletes(other):
                if all(any(covers(d, p) for d in deletes) for p in written):
                    for stage in (marks.builder, marks.final):
                        (stage.add if other.index in stage else stage.discard)(step.index)
                    if other.index in marks.reasons:
                        marks.reasons[step.index] = marks.reasons[other.index]


def _temporary(marks: Marks, step: Step, place: Place) -> bool:
    """Whether a deleted path is a value that the same RUN got from `mktemp`."""
    names = {name for member in step.members for name in member.uses}
    return not place.known and any(
        "mktemp" in s.effects.tools and any(m.sets & names for m in s.members)
        for s in marks.steps
        if s.ordinal == step.ordinal
    )


def only_cleans(step: Step) -> bool:
    """Whether a step does nothing but empty caches."""
    if _only_empties(step) and not step.effects.deletes:
        return True
    return only_deletes(step) and all(is_cache(p) for p in step.effects.deletes)


def _only_shrinks(step: Step) -> bool:
    """Whether all that a step has a package manager do is to remove packages, or to mark them for it."""
    return bool(step.effects.packages) and all(c.action in SHRINKING for c in step.effects.packages)


def _only_empties(step: Step) -> bool:
    """Whether all that a step has a package manager do is to empty its caches (`apt-get clean`)."""
    changes = step.effects.packages
    return bool(changes) and all(c.action is PackageAction.CLEAN for c in changes)


def leaves_caches(step: Step) -> bool:
    """Whether a step may fill caches: it installs something, fetches, or is not known."""
    effects = step.effects
    changes = bool(effects.packages) and not _only_empties(step)
    return bool(changes or effects.libraries or effects.network or effects.opaque)


def is_cache(place: Place) -> bool:
    """Whether a deleted place is a cache as a whole, or all that lies in one (`/tmp/*`, not `/tmp/source`)."""
    if place.path in CACHES:
        return True
    inside = next((cache for cache in CACHES if within(place.path, cache)), None)
    if inside not in ("/tmp", "/var/tmp"):
        return inside is not None
    # a pattern that begins with a name (`/tmp/source-*`) stands for what this file put there
    return not place.exact and _NO_NAME.match(place.path.removeprefix(inside)) is not None


def _is_scratch(place: Place) -> bool:
    return within(place.path, "/tmp") or within(place.path, "/var/tmp")


def _inside_copied(ground: Ground, marks: Marks, step: Step, place: Place) -> bool:
    """Whether a deleted place lies strictly inside a tree that the final stage gets from the builder."""
    if ground.gone(place):
        return False
    for other in marks.steps[: step.index]:
        if other.index not in marks.builder or other.index in marks.final:
            continue
        for write in ground.analysis.live_writes[other.index]:
            if write.place.path != place.path and write.place.tree and covers(write.place, place):
                return True
    return False


def _is_missed(marks: Marks, step: Step, place: Place) -> bool:
    """Whether a later build step would find what is deleted: a header, or a file where it works.

    An archive or another file that this file itself put there by name is a leftover.
    """
    if is_cache(place) or any(
        w.place.path == place.path and w.kind is not WriteKind.EDIT
        for s in marks.steps[: step.index]
        for w in s.effects.writes
    ):
        return False
    for other in marks.steps[step.index + 1 :]:
        if other.index in marks.builder and other.phase in (Phase.BUILD, Phase.LIBRARY):
            if is_header(place.path) or any(
                i.directory not in (None, "/", place.path) and within(place.path, i.directory or "/")
                for i in other.invocations
            ):
                return True
    return False


def _lies_in_final(marks: Marks, step: Step, place: Place) -> bool:
    """Whether an earlier step of the final stage put what is deleted there, under a name."""
    return any(
        w.kind in (WriteKind.OUTPUT, WriteKind.FETCH) and w.place.exact and covers(place, w.place)
        for s in marks.steps[: step.index]
        if s.index in marks.final and s.is_run
        for w in s.effects.writes
    )


def _only_in_builder(marks: Marks, step: Step) -> str | None:
    """The directory that a cleaning step has to be in and that only the builder makes, or None."""
    for place in directories_needed(step):
        if step.index in marks.final and made_in_builder(marks, step, place):
            if not stands(marks, step, place.path):
                return place.path
    return None


def _left_by_build(marks: Marks, step: Step) -> str | None:
    """A hidden directory of a home that has to be there (`rm` without `-f`) and that no step of the final stage makes.

    Images come without such directories, so some program of an earlier step left it.
    """
    if any("f" in word for i in step.invocations for word in i.arguments if word.startswith("-")):
        return None
    for place in step.effects.deletes:
        if place.exact and _HIDDEN_IN_HOME.match(place.path):
            written = [
                s.index in marks.final and s.is_run
                for s in marks.steps[: step.index]
                for w in s.effects.writes
                if overlaps(w.place, place)
            ]
            if marks.builder and not any(written):
                return place.path
    return None


def _never_there(ground: Ground, marks: Marks, step: Step, place: Place) -> bool:
    """Whether a plain system has no such file (in a home, right below the root), and the final stage makes none."""
    base = ground.analysis.base
    if base.kind not in (Kind.OS, Kind.LANGUAGE):
        return False
    plain = is_official(base.repository) and _is_strange(place.path)  # others put something there
    if not plain and not _IN_HOME.match(place.path):
        return False
    return bool(marks.builder) and not any(
        other.effects.opaque or any(overlaps(w.place, place) for w in other.effects.writes)
        for other in marks.steps[: step.index]
        if other.index in marks.final
    )


def _is_strange(path: str) -> bool:
    """Whether a path leads through a name in the root directory that systems have nothing by."""
    top = _TOP.match(path)
    return top is not None and not is_shared(top[0])


def _only_builders(marks: Marks, step: Step, place: Place) -> bool:
    """Whether only the builder fills a directory that images leave empty (`/go`, `/opt`)."""
    fillers = [
        s.index in marks.builder and s.index not in marks.final
        for s in marks.steps[: step.index]
        if any(w.kind is not WriteKind.BOOK and overlaps(w.place, place) for w in s.effects.writes)
    ]
    return is_open(place.path) and bool(fillers) and all(fillers)


def drop_cleaning(ground: Ground, marks: Marks) -> None:
    """Deletions that a stage of its own makes pointless are dropped; one inside what is copied stays."""
    for step in marks.steps:
        if (
            not only_deletes(step)
            or not step.is_run
            or step.phase not in (Phase.CLEAN, Phase.FOLLOW, Phase.NONE)
        ):
            continue
        deletes = step.effects.deletes
        if any(ground.in_whole(p) for p in deletes):
            continue
        left = _left_by_build(marks, step)
        if left is None and all(is_cache(p) for p in deletes):
            marks.builder.discard(step.index)
            marks.final.add(step.index)
            continue
        if not any(_lies_in_final(marks, step, p) for p in deletes) and all(
            ground.gone(p)
            or made_in_builder(marks, step, p)
            or is_cache(p)
            or is_home_cache(p.path)
            or _only_builders(marks, step, p)
            or _temporary(marks, step, p)
            or (left is None and _never_there(ground, marks, step, p))
            for p in deletes
        ):
            inside = [p for p in deletes if _inside_copied(ground, marks, step, p)]
            missed = next((p for p in deletes if _is_missed(marks, step, p)), None)
            if missed is not None:
                marks.to_builder(step.index, f"deletes {missed}, which a later build step would find")
            elif not _plainly_deletes(step):
                marks.to_builder(step.index, "deletes what only the builder has")
            elif inside:
                marks.to_builder(step.index, f"deletes {inside[0]} inside what is copied")
            else:
                marks.drop(step.index, "cleans up what the final stage never has")
        elif (nowhere := _only_in_builder(marks, step)) is not None:
            marks.to_builder(step.index, f"cleans up in {nowhere}, which only the builder has")
        elif left is not None:
            marks.to_builder(step.index, f"deletes {left}, which something in the builder left")
