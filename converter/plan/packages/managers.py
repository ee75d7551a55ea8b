"""Where the steps of package managers go: installs, the updates they need, removals and cleaning."""

from __future__ import annotations

from collections.abc import Sequence

from converter.effects.model import PackageAction, Phase
from converter.effects.package_names import name_in_file
from converter.graph.model import Analysis, Step
from converter.knowledge.programs import asks_for_packages
from converter.plan.evidence.provenance import only_deletes, only_looks
from converter.plan.evidence.removal import GONE, is_group_removed
from converter.plan.marks import Marks
from converter.shell.model import Pipeline, Simple

SHRINKING = (*GONE, PackageAction.AUTOREMOVE, PackageAction.MARK_AUTO, PackageAction.MARK_MANUAL)


def mark_package_steps(
    analysis: Analysis, marks: Marks, kept_installs: set[int], cut_installs: set[int], names: set[str]
) -> None:
    """Set the marks of every step of a package manager.

    `kept_installs` are the installs that the final stage has, `cut_installs` those of which it lacks something,
    `names` the author's packages that stay there.
    """
    upgrades = {
        s.index for s in analysis.steps if any(c.action is PackageAction.UPGRADE for c in s.effects.packages)
    }
    # behind the last build step only what stays in part: nothing that the author installed gets lost
    last_built = max((i for i in marks.builder if not analysis.steps[i].effects.packages), default=-1)
    last_cut = max(cut_installs, default=-1)
    unnamed = {
        s.index
        for s in analysis.steps
        if any(
            c.action is PackageAction.INSTALL and not is_group_removed(analysis, s, c)
            for c in s.effects.packages
        )
        and not any(c.names for c in s.effects.packages)
        and (s.phase in (Phase.PACKAGE, Phase.CLEAN) or s.index in marks.final)
        and not _is_taken_back(marks, s)
        and not _only_repairs(s, kept_installs)
    }
    kept_installs = kept_installs | unnamed
    for step in analysis.steps:
        actions = {c.action for c in step.effects.packages}
        if not actions or step.phase not in (Phase.PACKAGE, Phase.CLEAN):
            continue
        if PackageAction.INSTALL in actions:
            marks.put(
                step.index,
                step.index < last_built or step.index in cut_installs,
                step.index in kept_installs,
                "installs packages",
            )
        elif PackageAction.UPDATE in actions:
            marks.put(
                step.index,
                step.index < max(last_built, last_cut),
                _update_serves(analysis, step, kept_installs | upgrades),
                "fetches the package lists",
            )
        elif actions & set(GONE):
            targets = {p.name for c in step.effects.packages for p in c.names}
            groups = _groups(analysis, kept_installs)
            mates = {s.index for s in analysis.steps if s.ordinal == step.ordinal}
            if targets & (names | groups) or (
                targets and not any(_installed_here(analysis, t) for t in targets)
            ):
                marks.put(step.index, False, True, "removes what the final stage has")
            elif (
                not targets
                and mates & kept_installs
                and (
                    not any(_marks_auto(s) for s in analysis.steps if s.index in mates)
                    or any(
                        _may_install(s)
                        for s in analysis.steps[: step.index]
                        if s.index in mates & marks.final
                    )
                )
            ):
                marks.put(step.index, False, True, "removes what nothing needs any more")
            else:
                marks.drop(step.index, "removes packages that the final stage never has")
        elif actions <= {PackageAction.CLEAN, PackageAction.AUTOREMOVE}:
            if any(i < step.index for i in kept_installs | upgrades):
                marks.put(step.index, False, True, "cleans up after the packages that stay")
            else:
                marks.drop(step.index, "cleans up what the final stage never has")
        elif actions & {PackageAction.MARK_AUTO, PackageAction.MARK_MANUAL}:
            marks.drop(step.index, "marks packages for a removal that is not needed any more")
    _keep_for_checks(marks)


def _is_taken_back(marks: Marks, step: Step) -> bool:
    """Whether its RUN removes again what an install is told by variables, and uses nothing of it before that.

    Which packages those are does not have to be known: the removal is told by the same variables.
    """
    told = _variables(step)
    for other in marks.steps[step.index + 1 :]:
        if not told or other.ordinal != step.ordinal:
            return False
        if any(c.action in GONE for c in other.effects.packages) and _variables(other) == told:
            return True
        sets = frozenset(name for member in other.members for name in member.sets)
        works = other.index in marks.final and not (other.state_only or only_deletes(other))
        if works or sets & told:
            return False
    return False


def _variables(step: Step) -> frozenset[str]:
    """The variables that say alone for which packages a package manager is called."""
    if any(c.names or c.complete for c in step.effects.packages):
        return frozenset()
    return frozenset(name for member in step.members for name in member.uses)


def _only_repairs(step: Step, kept_installs: set[int]) -> bool:
    """Whether an install without names (`apt-get -f install`) stands behind none that it could complete."""
    plain = all(change.manager == "apt" and change.complete for change in step.effects.packages)
    return plain and not any(index < step.index for index in kept_installs)


def _keep_for_checks(marks: Marks) -> None:
    """Removals that a check of the builder looks at (`! dpkg -l | grep ruby`) happen there too, marks before them."""
    for step in marks.steps:
        if (
            step.is_run
            and any(c.action in SHRINKING for c in step.effects.packages)
            and is_checked(marks.steps, step)
            and step.phase in (Phase.PACKAGE, Phase.CLEAN)
        ):
            marks.to_both(step.index, "a check behind it looks at what is left")


def is_checked(steps: Sequence[Step], step: Step) -> bool:
    """Whether a later part of the same RUN only looks which packages are there."""
    return any(
        other.ordinal == step.ordinal
        and only_looks(other)
        and any(asks_for_packages(i.name, i.arguments) for i in other.invocations)
        for other in steps[step.index + 1 :]
    )


def _may_install(step: Step) -> bool:
    """Whether a branch or loop installs packages, for a build of its own, say."""
    installs = any(c.action is PackageAction.INSTALL for c in step.effects.packages)
    return installs and not all(isinstance(m.command, (Simple, Pipeline)) for m in step.members)


def _groups(analysis: Analysis, kept: set[int]) -> set[str]:
    return {c.group for i in kept for c in analysis.steps[i].effects.packages if c.group}


def _marks_auto(step: Step) -> bool:
    return any(c.action is PackageAction.MARK_AUTO for c in step.effects.packages)


def _installed_here(analysis: Analysis, name: str) -> bool:
    return any(
        c.action is PackageAction.INSTALL
        and (c.group == name or any(name in (p.name, name_in_file(p.name)) for p in c.names))
        for s in analysis.steps
        for c in s.effects.packages
    )


def _update_serves(analysis: Analysis, update: Step, kept: set[int]) -> bool:
    """Whether a kept install or an upgrade comes before the next update."""
    for step in analysis.steps[update.index + 1 :]:
        if step.index in kept:
            return True
        if (
            any(c.action is PackageAction.UPDATE for c in step.effects.packages)
            and step.phase is Phase.PACKAGE
        ) and not any(c.action is PackageAction.INSTALL for c in step.effects.packages):
            return False
    return False
