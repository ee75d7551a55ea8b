"""What is copied for a place that a step wrote: the path itself, a directory around it, or only what is new there."""

from __future__ import annotations

import posixpath
import re

from msgspec import Struct

from converter.dockerfile.model import Workdir
from converter.effects.model import Basis, Phase, Write, WriteKind
from converter.effects.places import Place, covers, overlaps, within
from converter.graph.model import Step
from converter.knowledge.images import BaseImage, Kind
from converter.knowledge.libraries import ECOSYSTEM_LANGUAGE
from converter.knowledge.places import is_given, is_open, is_shared, is_small

STAMP = "/before"
"""The builder's file that tells what was there before; no author empties the root, as many do /tmp."""


class Difference(Struct, frozen=True):
    """A populated prefix of which only what some steps add is copied, through a folder of the builder.

    `early` is the step behind which the copy stands where it has to come before the last of them.
    """

    prefix: str
    steps: tuple[int, ...] = ()
    early: int | None = None

    @property
    def producer(self) -> int:
        """The step behind which the final stage has the copy."""
        return self.steps[-1] if self.early is None else self.early


def placed_at(place: Place, base: BaseImage, uncertain: bool) -> str | Difference | None:
    """The path to copy for a written place: itself, the directory that covers it, a difference, or None."""
    if place.exact and not (place.tree and is_shared(place.path)) and not uncertain:
        return place.path
    prefix = _prefix(place)
    if prefix is None:
        return place.path if _is_named_in_root(place) else None
    if within(prefix, "/usr/local") and (uncertain or prefix == "/usr/local") and base.usr_local_empty:
        if not place.exact and not place.tree and not uncertain:
            return _fixed_directory(place)
        return "/usr/local"
    if uncertain:
        own = re.match(r"/opt/[^/]+", prefix)
        if own is not None:
            return own.group()
        top = next((p for p in ("/usr/local", "/usr") if within(prefix, p)), None)
        if top is None and is_given(prefix) and not is_open(prefix):
            return Difference(prefix)
        return Difference(top) if top else prefix
    if is_open(prefix) or not is_shared(prefix):
        return prefix
    named = place.path if place.exact else _fixed_directory(place)
    return named if is_small(named, base.languages) else Difference(named)


def _is_named_in_root(place: Place) -> bool:
    """Whether it is a pattern for files of the root directory that says how they end: COPY takes it as it is."""
    return place.known and not place.tree and re.fullmatch(r"/\*\.\w+", place.path) is not None


def is_uncertain(step: Step, base: BaseImage) -> bool:
    """Whether the places of an install are alternatives: packages of a language whose own image the base is not."""
    spoken = {ECOSYSTEM_LANGUAGE.get(c.ecosystem) for c in step.effects.libraries if c.global_}
    return bool(spoken) and not spoken & set(base.languages)


def is_of_base(base: BaseImage, steps: tuple[Step, ...], step: Step, write: Write) -> bool:
    """Whether packages go into a tree that the base must have: nothing in the file makes conda's prefix, say."""
    conda = any(change.ecosystem == "conda" for change in step.effects.libraries)
    return (
        (conda or base.kind is Kind.UNKNOWN or _is_on_path(base, write.place.path))
        and step.phase is Phase.LIBRARY
        and write.place.tree
        and write.basis is not Basis.PROVEN
        and not (write.kind is WriteKind.TREE and _is_project(steps[: step.index], write.place))
        and not any(
            (other.phase is not Phase.LIBRARY or (w.basis is Basis.PROVEN and covers(w.place, write.place)))
            and w.kind not in (WriteKind.BOOK, WriteKind.EDIT)
            and overlaps(w.place, write.place)
            for other in steps[: step.index]
            for w in other.effects.writes
        )
    )


def _is_project(earlier: tuple[Step, ...], place: Place) -> bool:
    """Whether the file itself puts something beside a folder of packages, as a project has them (`vendor`)."""
    around = posixpath.dirname(place.path)
    return not is_shared(around) and any(
        w.kind is not WriteKind.BOOK and within(w.place.path, around)
        for step in earlier
        if not isinstance(step.instruction, Workdir)  # which may have been there
        for w in step.effects.writes
    )


def _is_on_path(base: BaseImage, prefix: str) -> bool:
    """Whether the base itself finds programs in a prefix of its own (`/opt/conda/bin`)."""
    return within(prefix, "/opt") and f"{prefix}/bin" in base.env.get("PATH", "").split(":")


def _prefix(place: Place) -> str | None:
    """The directory that certainly holds everything of a place; None for the root of the file system."""
    directory = place.path if place.exact else _fixed_directory(place)
    if within(directory, "/usr/local"):
        return "/usr/local" if is_shared(directory) else directory
    return None if directory == "/" else directory


def _fixed_directory(place: Place) -> str:
    """The part of a pattern's path before the first name with a pattern or an unknown piece."""
    parts = []
    for name in place.path.split("/"):
        if not Place(name).exact:
            break
        parts.append(name)
    return "/".join(parts) or "/"
