"""The smallest set of paths that covers the live, needed files of the builder; decisions.md, section 6."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from converter.effects.model import Basis, Phase, Write, WriteKind
from converter.effects.places import Place, within
from converter.graph.model import Step
from converter.knowledge.images import BaseImage
from converter.knowledge.places import is_header, is_open, is_shared, is_small
from converter.plan.application import product_step, writes_in
from converter.plan.placement import Ground, Marks
from converter.plan.split import Artifact
from converter.plan.trees import NAMED, live_writes

PRESUMED = "live when the container starts"


@dataclass(frozen=True, slots=True)
class Difference:
    """A populated prefix of which only what some steps add is copied, through a folder of the builder."""

    prefix: str
    steps: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Copies:
    """What is copied, which prefixes are staged, and places that cannot be named."""

    artifacts: tuple[Artifact, ...]
    differences: tuple[Difference, ...] = ()
    unnamed: tuple[tuple[int, Place], ...] = ()


@dataclass(frozen=True, slots=True)
class _Item:
    path: str
    step: int
    directory: bool
    basis: Basis
    reason: str


def choose_artifacts(ground: Ground, marks: Marks, base: BaseImage) -> Copies:
    """The paths to copy, in the order of the steps that produce them."""
    items: list[_Item] = []
    differences: dict[str, list[int]] = {}
    unnamed: list[tuple[int, Place]] = []
    steps = ground.analysis.steps
    built = [s for s in steps if s.index in marks.builder and s.index not in marks.final and not s.state_only]
    for path in ground.whole:
        inside = [s.index for s in built if any(True for _ in _touches(s, path))]
        if inside:
            items.append(_Item(path, max(inside), True, Basis.CONVENTION, "the program runs in this tree"))
    items += _products(ground, built)
    for step in built:
        for write in live_writes(steps, step.index):
            place = write.place
            if write.kind is WriteKind.DIRECTORY or ground.in_whole(place) or _is_gone(ground, step, write):
                continue
            if write.kind is WriteKind.EDIT and step.phase in (Phase.BUILD, Phase.LIBRARY):
                continue  # a lock file, say: nothing proves that it is there
            if _in_application(ground, step, write):
                continue
            if _written_again_in_final(marks, steps, step, place):
                continue
            placed = _placed(place, write, base, ground)
            match placed:
                case None:
                    if write.basis is not Basis.UNKNOWN:
                        unnamed.append((step.index, place))
                case Difference(prefix=prefix):
                    differences.setdefault(prefix, []).append(step.index)
                case str():
                    directory = place.tree or placed != place.path
                    items.append(
                        _Item(
                            placed,
                            step.index,
                            directory,
                            write.basis,
                            f"{_verb(write)} by line {_line(ground, step)}",
                        )
                    )
    outer = [d for d in differences if not any(within(d, o) and d != o for o in differences)]
    for inner in sorted(set(differences) - set(outer)):
        around = next(o for o in outer if within(inner, o))
        differences[around] = sorted({*differences[around], *differences.pop(inner)})
    for prefix in differences:
        items = [
            i
            for i in items
            if not (within(i.path, prefix) and i.path != prefix and not i.path.startswith("/opt"))
        ]
    chosen = tuple(_artifact(ground, item) for item in _smallest(items, base))
    return Copies(chosen, tuple(Difference(p, tuple(dict.fromkeys(i))) for p, i in sorted(differences.items())), tuple(unnamed))


def _is_gone(ground: Ground, step: Step, write: Write) -> bool:
    """Whether a write is build time only; what a package manager of a language installs never is, but headers."""
    installed = step.phase is Phase.LIBRARY and write.kind is WriteKind.INSTALL
    if installed and not any(within(write.place.path, t.path) for t in ground.trees):
        return is_header(write.place.path)
    return ground.gone(write.place)


def _line(ground: Ground, step: Step) -> int:
    return ground.analysis.dockerfile.source.line(step.span.start)


def _verb(write: Write) -> str:
    match write.kind:
        case WriteKind.INSTALL:
            return "installed"
        case WriteKind.FETCH:
            return "fetched"
        case _:
            return "made"


def _touches(step: Step, path: str) -> Iterator[Write]:
    return writes_in(step, Place(path, tree=True))


def _products(ground: Ground, built: list[Step]) -> Iterator[_Item]:
    """Files that roots name inside trees which are not copied whole."""
    for tree in ground.trees:
        if tree.path in ground.whole:
            continue
        for root in ground.analysis.runtime.roots:
            if root.kind in NAMED and within(root.place.path, tree.path) and root.place.path != tree.path:
                step = product_step(root, built)
                if step is not None:
                    yield _Item(
                        root.place.path, step.index, root.place.tree, Basis.PROVEN, f"{root.label} names it"
                    )


def _in_application(ground: Ground, step: Step, write: Write) -> bool:
    """A write into an application tree that is not copied whole: only separate directories of packages count."""
    for tree in ground.trees:
        if tree.application and tree.path not in ground.whole and within(write.place.path, tree.path):
            if step.phase is Phase.LIBRARY and write.place.path != tree.path and write.place.tree:
                return False
            return write.kind is not WriteKind.OUTPUT or not write.place.exact or write.place.tree
    return False


def _written_again_in_final(marks: Marks, steps: tuple[Step, ...], step: Step, place: Place) -> bool:
    """Whether a later step of the final stage makes the same file anew."""
    return (
        place.exact
        and not place.tree
        and any(
            other.index in marks.final
            and any(w.place == place and w.kind is WriteKind.OUTPUT for w in other.effects.writes)
            for other in steps[step.index + 1 :]
        )
    )


def _placed(place: Place, write: Write, base: BaseImage, ground: Ground) -> str | Difference | None:
    """The path to copy for a written place: itself, the directory that covers it, a difference, or None."""
    if place.exact and not (place.tree and is_shared(place.path)):
        return place.path
    prefix = _prefix(place)
    if prefix is None:
        return None
    if prefix == "/usr/local" and base.usr_local_empty:
        if place.exact or not place.tree or place.path.startswith("/usr/local/lib/") or "*" in place.path:
            return prefix if place.exact else _fixed_directory(place) if not place.tree else prefix
        return prefix
    if is_open(prefix):
        return prefix
    if not is_shared(prefix):
        return prefix
    named = place.path if place.exact else _fixed_directory(place)
    if is_small(named, base.languages):
        return named
    return Difference(named)


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


def _smallest(items: list[_Item], base: BaseImage) -> list[_Item]:
    """Items that no other one covers; of one path the last producer counts."""
    last: dict[str, _Item] = {}
    for item in items:
        known = last.get(item.path)
        if known is None or item.step > known.step:
            last[item.path] = _Item(
                item.path,
                item.step,
                item.directory or (known is not None and known.directory),
                item.basis,
                item.reason,
            )
    kept = []
    for item in last.values():
        outer = [
            o for o in last.values() if o.path != item.path and o.directory and within(item.path, o.path)
        ]
        if not outer:
            inner = [i.step for i in last.values() if item.directory and within(i.path, item.path)]
            kept.append(_Item(item.path, max([item.step, *inner]), item.directory, item.basis, item.reason))
    return sorted(kept, key=lambda i: (i.step, i.path))


def _artifact(ground: Ground, item: _Item) -> Artifact:
    needed = ground.graph.explain(Place(item.path, tree=item.directory))
    return Artifact(
        source=item.path,
        destination=item.path,
        producer=item.step,
        needed_by=needed or (PRESUMED,),
        reason=item.reason,
        basis=item.basis,
        directory=item.directory,
    )
