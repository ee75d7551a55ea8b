"""Working trees: the directories that are built in, and whether the running container looks into them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from converter.dockerfile.model import Add, Copy
from converter.effects.model import Phase, WriteKind
from converter.effects.places import Place, covers, join, overlaps, within
from converter.graph.model import Analysis, Root, RootKind, Step
from converter.knowledge.places import (
    holds_sources,
    is_one_of_several,
    is_open,
    is_shared,
    may_run_toolchain,
    scratch_place,
    toolchain_home,
)
from converter.plan.evidence.edited import edited_behind_builds
from converter.plan.evidence.lasting_builds import lasting_builds
from converter.plan.evidence.linked import linked_in

NAMED = (RootKind.COMMAND, RootKind.SCRIPT, RootKind.PRAGMA)


class Tree(Struct, frozen=True):
    """A directory that was filled and built in.

    `copied` is true if the build context filled it. `application` is true if the running container looks
    into it; otherwise it is a build-time place. `roots` are the roots that name something in it.
    """

    path: str
    copied: bool
    application: bool
    roots: tuple[Root, ...] = ()

    @property
    def place(self) -> Place:
        """The whole tree."""
        return Place(self.path, tree=True)

    def holds(self, path: str) -> bool:
        """Whether a path is part of it.

        A shared directory of programs below it (`/go/bin` in `/go`) is none, unless roots tell which of them they need.
        """
        programs = f"{self.path}/bin"
        apart = is_shared(programs) and not any(within(r.place.path, programs) for r in self.roots)
        return within(path, self.path) and not (apart and within(path, programs))

    @property
    def interpreted(self) -> bool:
        """Whether an interpreter runs in it, so that all of its content is needed."""
        return any(root.kind is RootKind.CONTENT for root in self.roots)


def work_trees(analysis: Analysis) -> tuple[Tree, ...]:
    """The trees of a file, outermost first; one inside another is part of it."""
    found: dict[str, bool] = {}
    for step in analysis.steps:
        if step.phase in (Phase.BUILD, Phase.LIBRARY):
            for directory in _directories(step, analysis.steps[: step.index]):
                tree = _tree_of(directory, analysis.steps[: step.index])
                if tree is not None:
                    found[tree[0]] = found.get(tree[0], False) or tree[1]
    outer = [p for p in sorted(found) if not any(p != q and within(p, q) for q in found)]
    return tuple(_judge(path, any(found[p] for p in found if within(p, path)), analysis) for path in outer)


def _judge(path: str, copied: bool, analysis: Analysis) -> Tree:
    place = Place(path, tree=True)
    hits = tuple(
        root
        for root in (
            *analysis.runtime.roots,
            *_links_into(path, analysis),
            *linked_in(path, analysis),
            *_started_in(path, copied, analysis),
            *_built_again(path, analysis),
        )
        if (root.kind in NAMED and within(root.place.path, path))
        or (root.kind is RootKind.CONTENT and overlaps(root.place, place))
        or (
            root.kind in (RootKind.COMPANION, RootKind.ENVIRONMENT)
            and copied
            and within(root.place.path, path)
        )
    )
    hits = hits or tuple(edited_behind_builds(path, analysis))
    looked_into = not _is_deleted(place, analysis) and (bool(hits) or _is_the_product(path, analysis))
    return Tree(path, copied, looked_into, hits)


def _is_deleted(place: Place, analysis: Analysis) -> bool:
    """Whether all of a tree is deleted at last, and no file is written there behind it (a VOLUME makes it empty)."""
    for step in reversed(analysis.steps):
        if any(covers(deleted, place) for deleted in step.effects.deletes):
            return True
        files = (w for w in step.effects.writes if w.kind not in (WriteKind.BOOK, WriteKind.DIRECTORY))
        if any(overlaps(w.place, place) for w in files):
            return False
    return False


def _started_in(path: str, copied: bool, analysis: Analysis) -> Iterator[Root]:
    """The tree in which a container starts whose entry script cannot be read: the script may use all of it.

    So it may use what the build context brought to a directory below.
    """
    final = analysis.final_state
    is_build_time = scratch_place(path) is not None and not holds_sources(path)
    if analysis.runtime.opaque and final.declared_workdir and not is_build_time and not is_shared(path):
        start = final.workdir or "/"
        if within(start, path) or (copied and start != "/" and within(path, start)):
            yield Root(
                Place(path, tree=True), RootKind.CONTENT, "WORKDIR, and an entry script that cannot be read"
            )


def _built_again(path: str, analysis: Analysis) -> Iterator[Root]:
    """A tree that its author keeps together with the compilers: an entry script that cannot be read may build in it."""
    if any(within(build.directory, path) for build in lasting_builds(analysis)):
        label = "its author keeps it and its compilers, and an entry script that cannot be read"
        yield Root(Place(path, tree=True), RootKind.CONTENT, label)


def _links_into(path: str, analysis: Analysis) -> Iterator[Root]:
    """Links and written texts outside a tree that name something in it: whoever follows them needs it."""
    if not Place(path).known:
        return  # a value of `mktemp`, say: no one else gets to know it
    for step in analysis.steps:
        outside = any(
            w.kind in (WriteKind.OUTPUT, WriteKind.EDIT) and not within(w.place.path, path)
            for w in step.effects.writes
        )
        if not outside or not step.is_run:
            continue
        line = analysis.dockerfile.source.line(step.span.start)
        for invocation in step.invocations:
            if invocation.name not in ("ln", "echo", "printf", "cat"):
                continue
            for word in invocation.arguments:
                for match in re.finditer(rf"(?<![\w.-]){re.escape(path)}(?:/[\w.@+/-]*|(?![\w.-]))", word):
                    found = Place(join("/", match.group()), tree=True)
                    yield Root(found, RootKind.SCRIPT, f"{invocation.name} line {line}")


def _is_the_product(path: str, analysis: Analysis) -> bool:
    """Whether a tree is still there at the end and nothing that was built in it went elsewhere.

    Then whatever runs can only run from the tree, though nothing that can be read names it.
    """
    if scratch_place(path) is not None and not (holds_sources(path) and toolchain_home(path) is None):
        return False
    place = Place(path, tree=True)
    steps = analysis.steps
    if not any(within(w.place.path, path) for live in analysis.live_writes for w in live):
        return False
    for step in steps:
        works_there = any(i.works_in is not None and within(i.works_in, path) for i in step.invocations)
        if not step.is_run or not (works_there or any(overlaps(r, place) for r in step.effects.reads)):
            continue
        if step.phase is Phase.LIBRARY and not any(r.tree and overlaps(r, place) for r in step.effects.reads):
            continue  # it installs what the tree needs, not what is made of it
        for write in step.effects.writes:
            if write.kind in (WriteKind.OUTPUT, WriteKind.INSTALL) and not within(write.place.path, path):
                if not in_scratch(write.place, analysis) and not within(write.place.path, "/etc"):
                    return False  # what goes to /etc are settings
    return True


def _directories(step: Step, earlier: tuple[Step, ...]) -> Iterator[str]:
    """Where a step works: its commands' directories if it writes there, and whole trees that it reads.

    Where an earlier step installed something is no place of work, nor is a home that gets settings of an account.
    """
    written = [
        w.place
        for w in step.effects.writes
        if w.kind is not WriteKind.BOOK and not is_one_of_several(w.place.path)
    ]
    directories = (d for i in step.invocations for d in (i.directory, i.told))
    for directory in directories:
        if directory is None:
            continue
        here = Place(directory, tree=True)
        if (
            step.phase is Phase.BUILD and (any(overlaps(p, here) for p in (*step.effects.reads, *written)))
        ) or (step.phase is Phase.LIBRARY and any(overlaps(p, here) for p in written)):
            yield directory
    for place in step.effects.reads:
        if (
            place.tree
            and place.exact
            and not is_shared(place.path)
            and not any(
                w.kind is WriteKind.INSTALL and covers(w.place, place)
                for s in earlier
                for w in s.effects.writes
            )
        ):
            yield place.path


def _tree_of(directory: str, earlier: tuple[Step, ...]) -> tuple[str, bool] | None:
    """The outermost directory around `directory` that was fetched or copied, else the nearest that was made."""
    fetched: list[tuple[str, bool]] = []
    made: list[str] = []
    for step in earlier:
        copied = isinstance(step.instruction, (Copy, Add))
        for write in step.effects.writes:
            path = write.place.path
            if (
                not write.place.exact
                or not within(directory, path)
                or (is_shared(path) and not (is_open(path) and path == directory))
            ):
                continue
            if write.kind is WriteKind.DIRECTORY:
                made.append(path)
            elif write.place.tree and (write.kind is WriteKind.FETCH or copied):
                fetched.append((path, copied))
    if fetched:
        shortest = min((path for path, _ in fetched), key=len)
        return shortest, any(copied for path, copied in fetched if path == shortest)
    inside = any(
        isinstance(s.instruction, (Copy, Add))
        and any(within(w.place.path, directory) for w in s.effects.writes)
        for s in earlier
    )
    if made:
        return max(made, key=len), inside
    if is_shared(directory) and not is_open(directory):
        return None
    return directory, inside


def in_scratch(place: Place, analysis: Analysis) -> bool:
    """Whether a place is scratch space that no root names."""
    if scratch_place(place.path) is None:
        return False
    return not any(
        overlaps(root.place, place)
        for root in analysis.runtime.roots
        if root.kind in NAMED or root.kind is RootKind.CONTENT
    )


def idle_toolchains(analysis: Analysis) -> Iterator[str]:
    """Homes of tool chains that a RUN fetches and that nothing behind it builds with: whoever runs the image does."""
    for step in analysis.steps:
        for write in analysis.live_writes[step.index] if step.is_run else ():
            home = toolchain_home(write.place.path)
            if home is not None and write.kind is WriteKind.FETCH and write.place.tree:
                if not any(_may_build_with(home, s) for s in analysis.steps[step.index + 1 :]):
                    yield home


def _may_build_with(home: str, step: Step) -> bool:
    ecosystems = (change.ecosystem for change in step.effects.libraries)
    match step.phase:
        case Phase.BUILD:
            return True
        case Phase.LIBRARY:
            return any(may_run_toolchain(home, ecosystem) for ecosystem in ecosystems)
        case _:
            return False


def fills(step: Step, path: str) -> bool:
    """Whether a COPY or ADD brings a whole folder into a directory (or one around it)."""
    instruction = step.instruction
    if not isinstance(instruction, (Copy, Add)):
        return False
    inside = [w for w in step.effects.writes if within(w.place.path, path)]
    around = any(w.place.tree and within(path, w.place.path) for w in step.effects.writes)
    return around or any(w.place.tree for w in inside) or len(inside) > len(instruction.sources)
