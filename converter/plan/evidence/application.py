"""Trees that the running container looks into: copied whole, or only what was made in them.

An interpreted application whose tree was built in is copied whole;
one that only got its language packages first is replayed around them; a compiled program comes alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from converter.dockerfile.model import Add, Copy
from converter.effects.model import Phase, Write, WriteKind
from converter.effects.places import Place, covers, overlaps, within
from converter.graph.model import Analysis, Root, RootKind, Step
from converter.knowledge.libraries import COMPILED
from converter.knowledge.places import distribution, scratch_place
from converter.knowledge.programs import makes_one_product
from converter.plan.evidence.trees import NAMED, Tree, fills


def whole_trees(analysis: Analysis, trees: tuple[Tree, ...], seeds: frozenset[int]) -> tuple[str, ...]:
    """Paths of the application trees that are copied as they are at the end of the builder."""
    return tuple(
        tree.path
        for tree in trees
        if tree.application and tree.path != "/" and _is_whole(analysis, tree, seeds)
    )


def _is_whole(analysis: Analysis, tree: Tree, seeds: frozenset[int]) -> bool:
    writers = [
        analysis.steps[i]
        for i in sorted(seeds)
        if any(True for _ in writes_in(analysis.steps[i], tree.place))
    ]
    if not writers:
        return False
    if not tree.copied:
        unread = _is_fetched(analysis, tree) and _is_unread(analysis, tree, writers)
        started = any(clone_around(analysis, tree, root) == tree.path for root in tree.roots)
        return tree.interpreted or unread or started or not _only_products(analysis, tree, writers)
    if tree.interpreted:
        return not _packages_first(analysis, tree, writers)
    if not tree.roots:  # nothing else is there that can run; who knows which of the files
        return any(step.phase is Phase.BUILD and not _root_products(analysis, tree, step) for step in writers)
    return not _only_products(analysis, tree, writers)


def _is_unread(analysis: Analysis, tree: Tree, writers: list[Step]) -> bool:
    """Whether nothing that can be read says which files of a clone are used: then all of them may be.

    So it is where the container starts a script of the clone.
    """
    named = [root for root in tree.roots if root.kind in NAMED]
    return not named or any(
        root.kind is RootKind.COMMAND
        and not _maybe_written(root, writers)
        and not _from_context(analysis, root)
        for root in named
    )


def _is_fetched(analysis: Analysis, tree: Tree) -> bool:
    """Whether a download or clone filled the tree, by its name or by a move to it."""
    return any(
        w.kind in (WriteKind.FETCH, WriteKind.OUTPUT) and w.place == tree.place
        for s in analysis.steps
        if s.is_run
        for w in s.effects.writes
    )


def writes_in(step: Step, place: Place) -> Iterator[Write]:
    """What a step writes inside a place."""
    for write in step.effects.writes:
        if write.kind not in (WriteKind.BOOK, WriteKind.DIRECTORY) and overlaps(write.place, place):
            yield write


def _packages_first(analysis: Analysis, tree: Tree, writers: list[Step]) -> bool:
    """Whether only language packages were installed in the tree, before the application was copied there.

    Without a COPY of the whole tree after them the packages' own directory is enough, too, if the tree's
    other files come one by one from the context.
    """
    filled = [step.index for step in analysis.steps if fills(step, tree.path)]
    if any(step.phase is not Phase.LIBRARY for step in writers):
        return all(
            _root_products(analysis, tree, step) for step in writers if step.phase is not Phase.LIBRARY
        )
    last = max(step.index for step in writers)
    return not any(index < last for index in filled)


def _root_products(analysis: Analysis, tree: Tree, step: Step) -> bool:
    """Whether a build step inside the tree only makes named files."""
    return all(
        w.kind is WriteKind.OUTPUT and w.place.exact and not w.place.tree for w in writes_in(step, tree.place)
    )


def _only_products(analysis: Analysis, tree: Tree, writers: list[Step]) -> bool:
    """Whether every file of the tree that a root names comes from the context, or is one tool's product."""
    named = [root for root in tree.roots if root.kind in NAMED]
    if any(root.kind is RootKind.COMMAND and covers(root.place, tree.place) for root in named):
        return False  # a published .NET program, of which every file counts
    return all(
        product_step(root, writers) is not None
        or _from_context(analysis, root)
        or not _maybe_written(root, writers)
        for root in named
    )


def product_step(root: Root, writers: list[Step]) -> Step | None:
    """The last build step whose product a root names, or None if the file may be anything's."""
    for step in reversed(writers):
        for write in step.effects.writes:
            if write.kind in (WriteKind.BOOK, WriteKind.EDIT) or not overlaps(write.place, root.place):
                continue
            if write.kind is WriteKind.OUTPUT or makes_product(step) or distribution(root.place.path):
                return step
    return None


def clone_around(analysis: Analysis, tree: Tree, root: Root) -> str | None:
    """The directory of a clone that a container starts in, if the program lies there: it may read what is beside it.

    A COPY in place of the clone would be repeated for that.
    """
    start = analysis.final_state.workdir or "/"
    started_there = root.kind is RootKind.COMMAND and within(root.place.path, start)
    cloned = any(
        w.kind is WriteKind.FETCH and covers(w.place, Place(start, tree=True))
        for s in analysis.steps
        if s.is_run
        for w in s.effects.writes
    )
    return start if started_there and cloned and not tree.copied and within(start, tree.path) else None


def makes_product(step: Step) -> bool:
    """Whether a step runs a tool that makes one program or archive; one that packages may need is not run by it."""
    return any(makes_one_product(i.name) for i in step.invocations)


def _maybe_written(root: Root, writers: list[Step]) -> bool:
    return any(overlaps(w.place, root.place) for step in writers for w in step.effects.writes)


def _from_context(analysis: Analysis, root: Root) -> bool:
    """Whether a COPY names the file itself."""
    return any(
        isinstance(step.instruction, (Copy, Add))
        and any(covers(w.place, root.place) and not w.place.tree for w in step.effects.writes)
        for step in analysis.steps
    )


def stands_apart(step: Step, write: Write, tree: Tree) -> bool:
    """Whether language packages go into a directory of their own inside an application tree: node_modules, a venv.

    Caches are none, nor are programs of compiled packages, of which the one that is started is enough.
    """
    cache = scratch_place(write.place.path)
    if not write.place.tree or write.place.path == tree.path:
        return False
    if cache is not None and cache != tree.path and within(cache, tree.path):
        return False
    if any(c.ecosystem in COMPILED for c in step.effects.libraries):
        return not any(r.kind in NAMED and within(r.place.path, write.place.path) for r in tree.roots)
    return write.kind in (WriteKind.TREE, WriteKind.INSTALL)
