"""Whether there is anything to gain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from converter.dockerfile.model import Add, Copy, Run
from converter.effects.model import Member, PackageAction, Phase, WriteKind
from converter.effects.places import covers
from converter.graph.model import Analysis, Step
from converter.knowledge.images import BaseImage
from converter.knowledge.installed_sizes import holding, installed, is_sized
from converter.knowledge.libraries import COMPILED
from converter.knowledge.package_kinds import BUILDING
from converter.knowledge.packages import kind
from converter.knowledge.places import scratch_place, toolchain_home
from converter.knowledge.programs import leaves_out_development, only_checks
from converter.plan.copies.artifacts import Copies
from converter.plan.evidence.ground import Ground
from converter.plan.evidence.provenance import only_deletes
from converter.plan.evidence.removal import GONE, removed_later
from converter.plan.evidence.trees import Tree, fills
from converter.plan.marks import Marks
from converter.plan.split import Packages
from converter.shell.model import Assignment
from converter.shell.walk import descendants

WORTH = 1_000
"""Kilobytes for which two stages are worth it."""


def gains(
    analysis: Analysis,
    marks: Marks,
    trees: tuple[Tree, ...],
    packages: Packages,
    narrowed: bool,
    whole: tuple[str, ...],
    copies: Copies,
) -> tuple[str, ...]:
    """What gets better, as short phrases; none means that the file is left alone."""
    found: list[str] = []
    built = [
        s
        for s in analysis.steps
        if s.index in marks.builder and s.index not in marks.final and not s.state_only
    ]
    if not any(
        s.phase in (Phase.BUILD, Phase.LIBRARY, Phase.FETCH, Phase.FOLLOW, Phase.OPAQUE) or s.pragmas.build
        for s in built
    ):
        return ()
    if narrowed:
        found.append("the final base is smaller")
    leaving = {*live_build_packages(analysis, in_layers=True)} & {*packages.leaving}
    if leaving and not (analysis.base.build_libraries and _is_in_base(analysis.base, leaving)):
        found.append("compilers and build tools stay in the builder")
    building = (s for s in built if s.phase in (Phase.BUILD, Phase.LIBRARY))
    if not all(only_checks(s.effects.tools) for s in building) and _live_source(
        analysis, marks, trees, whole
    ):
        found.append("sources and build products stay in the builder")
    if any(_is_taken_away(analysis, built, trees, s) for s in built if _has_own_directory(s)):
        found.append("packages that later steps take away stay in the builder")
    unsqueezed = [s for s in built if squeezed(analysis, s)]
    if any(_compiles(s) for s in unsqueezed) or (
        not copies.differences
        and any(_has_own_directory(s) and _installs_tools(analysis, s) for s in unsqueezed)
    ):
        found.append("build steps need not clean up after themselves")
    return tuple(found)


def _is_in_base(base: BaseImage, names: Iterable[str]) -> bool:
    """Whether packages bring next to nothing that an image with a tool chain of its own does not have already."""
    held = holding(base)
    if held is None or not all(is_sized(name) for name in names):
        return False
    return sum(installed(names, held.packages).values()) < WORTH


def live_build_packages(analysis: Analysis, in_layers: bool = False) -> tuple[str, ...]:
    """Compilers, build tools and -dev packages that are in the original's last state.

    With `in_layers` those count too that only a later RUN removes: it hides them, and the image stays as large.
    """
    return tuple(
        dict.fromkeys(
            package.name
            for step in analysis.steps
            for change in step.effects.packages
            if change.action is PackageAction.INSTALL
            for package in change.names
            if kind(change.manager, package.name) in BUILDING
            and removed_later(analysis, step, change, package.name, same_layer=in_layers) is None
        )
    )


def _live_source(analysis: Analysis, marks: Marks, trees: tuple[Tree, ...], whole: tuple[str, ...]) -> bool:
    """Whether a source tree stays in the original's layers: a later RUN that deletes it hides it."""
    for tree in trees:
        if tree.application:
            if tree.path not in whole and any(
                s.index not in marks.final and isinstance(s.instruction, (Copy, Add)) and fills(s, tree.path)
                for s in analysis.steps
            ):
                return True
            continue
        for step in analysis.steps:
            if any(
                w.place.tree and w.place.path.startswith(tree.path) for w in analysis.layer_writes[step.index]
            ):
                return True
    return False


def _is_taken_away(analysis: Analysis, built: list[Step], trees: tuple[Tree, ...], step: Step) -> bool:
    """Whether a later RUN hides packages of a language: it deletes them, or those that only development needs."""
    places = [
        w.place
        for w in analysis.layer_writes[step.index]
        if w.place.tree
        and (
            scratch_place(w.place.path) is None or any(t.application and t.holds(w.place.path) for t in trees)
        )
    ]
    later = [s for s in analysis.steps if s.ordinal > step.ordinal]
    deleted = [place for s in later if only_deletes(s) for place in s.effects.deletes]
    if any(covers(gone, place) for gone in deleted for place in places):
        return True
    return not _leaves_out_development(step) and any(
        _leaves_out_development(s) and any(w.place in places for w in s.effects.writes)
        for s in built
        if s.ordinal > step.ordinal
    )


def _leaves_out_development(step: Step) -> bool:
    """Whether it installs or prunes packages for production."""
    return step.phase is Phase.LIBRARY and any(
        leaves_out_development(invocation.name, invocation.arguments, _environment(member))
        for member in step.members
        for invocation in member.invocations
    )


def _environment(member: Member) -> Mapping[str, str]:
    """The variables of a member of a RUN, those among them that stand before a command."""
    assigned = (node for node in descendants(member.command) if isinstance(node, Assignment))
    return {**member.before.variables, **{a.name: a.values[0].text for a in assigned if len(a.values) == 1}}


def only_removes(analysis: Analysis, marks: Marks) -> bool:
    """Whether the author's own lines remove the tools of every step that compiles, or else of every build step."""
    built = [
        s
        for s in analysis.steps
        if s.index in marks.builder and s.index not in marks.final and s.phase in (Phase.BUILD, Phase.LIBRARY)
    ]
    compiling = [s for s in built if s.phase is Phase.BUILD]
    removals = [s.index for s in analysis.removing if any(c.action in GONE for c in s.effects.packages)]
    last = max(removals, default=-1)
    return bool(built) and all(squeezed(analysis, s) or s.index < last for s in compiling or built)


def loses_toolchain(ground: Ground, marks: Marks) -> bool:
    """Whether an unpacked tool chain that is there at the end of the original would stay in the builder."""
    return any(
        toolchain_home(w.place.path) is not None and ground.gone(w.place)
        for step in ground.analysis.steps
        if step.index in marks.builder and step.index not in marks.final
        for w in ground.analysis.live_writes[step.index]
        if w.kind is not WriteKind.BOOK
    )


def squeezed(analysis: Analysis, step: Step) -> bool:
    """Whether a build step stands in a RUN that installs and removes its own tools."""
    if not isinstance(step.instruction, Run):
        return False
    mates = [s for s in analysis.steps if s.ordinal == step.ordinal]
    actions = {c.action for s in mates for c in s.effects.packages}
    return PackageAction.INSTALL in actions and bool(actions & {PackageAction.PURGE, PackageAction.REMOVE})


def _compiles(step: Step) -> bool:
    """Whether a step makes programs: of sources at hand, or of packages of a language that has no interpreter."""
    builds = step.phase is Phase.BUILD and not only_checks(step.effects.tools)
    return builds or any(c.ecosystem in COMPILED for c in step.effects.libraries)


def _installs_tools(analysis: Analysis, step: Step) -> bool:
    """Whether its RUN installs a compiler, a build tool or a -dev package."""
    return any(
        kind(change.manager, package.name) in BUILDING
        for mate in analysis.steps
        if mate.ordinal == step.ordinal
        for change in mate.effects.packages
        if change.action is PackageAction.INSTALL
        for package in change.names
    )


def _has_own_directory(step: Step) -> bool:
    """Whether packages of a language go to a directory of their own (venv, node_modules) that is copied as it is."""
    return any(not c.global_ for c in step.effects.libraries)
