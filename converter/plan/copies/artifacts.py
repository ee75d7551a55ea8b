"""The smallest set of paths that covers the live, needed files of the builder."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from converter.dockerfile.model import Add, Copy
from converter.effects.model import Basis, Phase, Write, WriteKind
from converter.effects.places import Place, covers, join, within
from converter.graph.model import Step
from converter.knowledge.images import BaseImage
from converter.knowledge.places import (
    distribution,
    is_header,
    is_keyring,
    is_one_of_several,
    is_open,
)
from converter.knowledge.programs import interpreter_of
from converter.plan.copies.prefixes import Difference, is_of_base, is_uncertain, placed_at
from converter.plan.evidence.application import (
    clone_around,
    makes_product,
    product_step,
    stands_apart,
    writes_in,
)
from converter.plan.evidence.ground import Ground
from converter.plan.evidence.inputs import is_input
from converter.plan.evidence.listings import has_no_listing
from converter.plan.evidence.provenance import (
    is_absent,
    is_named,
    is_setting,
    only_deletes,
    only_refreshes,
    run_in_builder,
    undone,
)
from converter.plan.evidence.relinks import only_relinks
from converter.plan.evidence.trees import NAMED
from converter.plan.evidence.unmade import is_unlikely
from converter.plan.evidence.unpacked import is_unpacked
from converter.plan.marks import Marks
from converter.plan.split import Artifact

PRESUMED = "it is there when the container starts"


class Copies(Struct, frozen=True):
    """What is copied, which prefixes are staged, and places that cannot be named."""

    artifacts: tuple[Artifact, ...]
    differences: tuple[Difference, ...] = ()
    unnamed: tuple[tuple[int, Place], ...] = ()

    @property
    def first(self) -> int:
        """The step behind which the first copy stands; 0 if nothing is copied."""
        producers = [a.producer for a in self.artifacts] + [d.producer for d in self.differences]
        return min(producers, default=0)


class _Item(Struct, frozen=True):
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
    as_before = {index for pair in undone(steps) for index in pair}
    built = [s for s in steps if s.index in marks.builder and s.index not in marks.final and not s.state_only]
    for path in ground.whole:
        inside = [s.index for s in built if any(True for _ in _touches(s, path))]
        if inside:
            items.append(_Item(path, max(inside), True, Basis.CONVENTION, "the program runs in this tree"))
    items += _products(ground, built)
    for step in built:
        if (
            isinstance(step.instruction, (Copy, Add))
            or step.phase is Phase.RUNTIME
            or step.index in as_before
            or only_relinks(ground, step)
            or only_refreshes(step)
        ):
            continue  # it is in the builder for the build alone; accounts and services are no files to copy
        for write in ground.analysis.live_writes[step.index]:
            place = write.place
            if write.kind is WriteKind.DIRECTORY or ground.in_whole(place) or _is_gone(ground, step, write):
                continue
            if write.basis is Basis.CONVENTION and (
                is_absent(ground.analysis, base, step, place.path)
                or has_no_listing(ground.analysis, step, place)
            ):
                continue
            if is_unlikely(ground.analysis, step, write):
                continue
            built_along = write.kind is WriteKind.EDIT and step.phase in (Phase.BUILD, Phase.LIBRARY)
            if built_along and not is_setting(marks, step, write):
                continue  # a lock file, say: nothing proves that it is there
            if write.kind is WriteKind.EDIT and not place.exact and run_in_builder(marks, step, place):
                continue  # what the pattern finds is copied itself
            if _in_application(ground, step, write) or _only_installs(ground, built, step, write):
                continue
            if _written_again_in_final(marks, steps, step, place) or is_unpacked(
                ground.analysis, marks, step, write
            ):
                continue
            placed = placed_at(place, base, is_uncertain(step, base))
            if isinstance(placed, str) and is_of_base(base, steps, step, write):
                placed = Difference(placed)
            if isinstance(placed, str) and write.basis is Basis.CONVENTION and is_one_of_several(placed):
                roots = ground.analysis.runtime.roots
                if not any(within(r.place.path, placed) for r in roots) and not is_named(steps, placed):
                    placed = Difference(placed)
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
    items = _with_inner(items, differences)
    for prefix, made_by in differences.items():
        covered = [
            i for i in items if within(i.path, prefix) and (i.path == prefix or not is_keyring(i.path))
        ]
        items = [i for i in items if i not in covered]
        # the stamp comes before them too; modes and owners are set, and files deleted, before what is new is gathered
        whole = [i.path for i in covered if i.path in ground.whole]
        filling = {s.index for s in built if any(True for path in whole for _ in _touches(s, path))}
        making = {*made_by, *(i.step for i in covered), *filling}
        gone = (s for s in steps if s.index in marks.builder & marks.final and only_deletes(s))
        later = {s.index for s in (*built, *gone) if s.index > min(making) and _changes(ground, s, prefix)}
        differences[prefix] = sorted(making | later)
    smallest = _smallest(items)
    unnamed += [
        (i.step, Place(i.path))
        for i in smallest
        if not Place(i.path).known or not Place(posixpath.dirname(i.path)).exact
    ]
    chosen = tuple(_artifact(ground, item) for item in smallest)
    return Copies(
        chosen,
        tuple(_difference(steps, p, tuple(dict.fromkeys(i))) for p, i in sorted(differences.items())),
        tuple(unnamed),
    )


def _difference(steps: tuple[Step, ...], prefix: str, made_by: tuple[int, ...]) -> Difference:
    """A difference whose copy stands behind the last step that adds something: those behind it only delete."""
    last = max((i for i in made_by if not only_deletes(steps[i])), default=made_by[-1])
    return Difference(prefix, made_by, None if last == made_by[-1] else last)


def _changes(ground: Ground, step: Step, prefix: str) -> bool:
    """Whether a step writes or deletes what stays in a prefix, or sets modes or owners there; or may do so."""
    if step.effects.opaque:
        return True
    written = (
        w.place
        for w in step.effects.writes
        if w.kind is WriteKind.EDIT or (w.kind is not WriteKind.BOOK and not ground.gone(w.place))
    )
    touched = (*written, *step.effects.attributes, *step.effects.deletes)
    return any(within(place.path, prefix) for place in touched)


def _only_installs(ground: Ground, built: list[Step], step: Step, write: Write) -> bool:
    """Whether a downloaded file is an installer: a step of the builder runs it, and nothing else names it."""
    path = write.place.path
    installed = posixpath.dirname(path).endswith("bin")
    if (
        write.kind is not WriteKind.FETCH
        or write.place.tree
        or installed
        or ground.graph.explain(write.place)
    ):
        return False
    used = {edge.target for edge in ground.graph.used_by(step.index)}
    users = [other for other in built if other.index in used]
    return len(users) == len(used) and any(
        path in (join(i.directory or "/", word) for word in (i.program, *i.arguments[:1]))
        for other in users
        for i in other.invocations
        if "/" in i.program or interpreter_of(i.name) is not None
    )


def _with_inner(items: list[_Item], differences: dict[str, list[int]]) -> list[_Item]:
    """The items, those copied as a whole with the differences that lie in them, which are none any more."""
    for prefix in sorted(differences):
        around = next((i for i in items if i.directory and within(prefix, i.path) and i.path != prefix), None)
        if around is not None:
            step = max(around.step, *differences.pop(prefix))
            items = [replace(i, step=step) if i is around else i for i in items]
    return items


def _is_gone(ground: Ground, step: Step, write: Write) -> bool:
    """Whether a write is build time only; what an install puts somewhere never is, but headers and `/tmp`."""
    path = write.place.path
    if write.kind is WriteKind.INSTALL and not any(t.holds(path) for t in ground.trees):
        return is_header(path) or within(path, "/tmp") or within(path, "/var/tmp")
    return ground.gone(write.place) and not is_input(ground.analysis, write.place)


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
                    last = max(s.index for s in built if any(True for _ in _touches(s, root.place.path)))
                    if _brought_later(ground, built, last, root.place):
                        continue
                    folder = distribution(root.place.path) or clone_around(ground.analysis, tree, root)
                    path, directory = (folder, True) if folder else (root.place.path, root.place.tree)
                    last = max(s.index for s in built if any(True for _ in _touches(s, path)))
                    yield _Item(path, last, directory, Basis.PROVEN, f"{root.label} names it")


def _brought_later(ground: Ground, built: list[Step], last: int, place: Place) -> bool:
    """Whether a COPY behind the build fills the place, of which no build step is known to make just this file."""
    if any(w.place.path == place.path for step in built for w in step.effects.writes):
        return False
    return any(
        isinstance(step.instruction, (Copy, Add)) and any(covers(w.place, place) for w in step.effects.writes)
        for step in ground.analysis.steps[last + 1 :]
    )


def _in_application(ground: Ground, step: Step, write: Write) -> bool:
    """A write into an application tree that is not copied whole.

    Only separate directories of packages count there, and files that are named as outputs where no root
    names the tree's one product.
    """
    for tree in ground.trees:
        if not tree.application or tree.path in ground.whole or not tree.holds(write.place.path):
            continue
        if is_open(tree.path) and write.kind is WriteKind.OUTPUT and write.place.exact:
            continue  # what is moved there by its name stands beside the application
        if step.phase is Phase.LIBRARY:
            return not stands_apart(step, write, tree)
        product = not tree.interpreted and makes_product(step) and any(r.kind in NAMED for r in tree.roots)
        return product or write.kind is not WriteKind.OUTPUT or not write.place.exact or write.place.tree
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


def _smallest(items: list[_Item]) -> list[_Item]:
    """Items that no other one covers; several below a prefix of their own become that prefix."""
    items = [_under_prefix(item, items) for item in items]
    last: dict[str, _Item] = {}
    for item in items:
        known = last.get(item.path)
        if known is None or item.step > known.step:
            directory = item.directory or (known is not None and known.directory)
            last[item.path] = replace(item, directory=directory)
    kept = []
    for item in last.values():
        if any(o.path != item.path and within(item.path, o.path) for o in last.values()):
            continue
        inner = [i.step for i in last.values() if within(i.path, item.path)]
        kept.append(replace(item, step=max([item.step, *inner])))
    return sorted(kept, key=lambda i: (i.step, i.path))


def _under_prefix(item: _Item, items: list[_Item]) -> _Item:
    """The item itself, or `/opt/NAME` around it if more than one thing was installed there."""
    match = re.match(r"/(?:opt|srv)/[^/]+(?=/)", item.path)
    if match is None:
        return item
    mates = [i for i in items if within(i.path, match.group()) and i.path != item.path]
    return replace(item, path=match.group(), directory=True) if mates else item


def _artifact(ground: Ground, item: _Item) -> Artifact:
    needed = ground.graph.explain(Place(item.path, tree=item.directory))
    named = Place(item.path).exact
    return Artifact(
        source=item.path,
        destination=item.path if named else posixpath.dirname(item.path),
        producer=item.step,
        needed_by=needed or (PRESUMED,),
        reason=item.reason,
        basis=Basis.CONVENTION if item.basis is Basis.UNKNOWN else item.basis,
        directory=item.directory and named,
    )
