"""Steps that depend on where others went: what only looks follows its RUN, what no copy can bring comes back."""

from __future__ import annotations

from itertools import groupby

from converter.effects.model import Basis, PackageAction, Phase, WriteKind
from converter.effects.places import overlaps, within
from converter.graph.model import Step
from converter.graph.seekers import directories_met
from converter.knowledge.images import Kind, has_command, has_user
from converter.knowledge.packages import programs
from converter.knowledge.programs import is_builtin, only_checks, removes_accounts, talks, waits
from converter.plan.copies.arrival import directories_needed, stands
from converter.plan.evidence.ground import Ground
from converter.plan.evidence.provenance import has_maker, only_deletes, only_looks, only_refreshes, undone
from converter.plan.evidence.removal import GONE
from converter.plan.marks import Marks
from converter.plan.packages.discovery import marked_list


def settle(ground: Ground, marks: Marks, seeds: frozenset[int]) -> None:
    """Place the steps that follow others; `seeds` are the steps that build."""
    _move_undone(marks)
    followers = _neighbours(ground, marks)
    restored = _restore(ground, marks, seeds)
    _take_back(ground, marks, followers, restored)
    _return_checks(ground, marks)
    _leave_accounts_of_packages(ground, marks)
    _leave_refreshing(ground, marks)


def _neighbours(ground: Ground, marks: Marks) -> set[int]:
    """Moves steps without an effect to where the rest of their RUN goes; those that went to the builder."""
    moved = set()
    for step in marks.steps:
        if step.index not in marks.final or not step.is_run or step.state_only or not only_looks(step):
            continue
        plain = all(is_builtin(i.name) for i in step.invocations) and not step.effects.reads
        fed = set() if plain else {edge.source for edge in ground.graph.uses(step.index)}
        if fed and not fed & (marks.builder - marks.final):
            continue
        if _waits(step) and _follows_final(marks, step):
            continue
        if _has_built_mates(marks, step):
            marks.to_builder(step.index, "changes nothing, and stands among build steps")
            moved.add(step.index)
    return moved


def _waits(step: Step) -> bool:
    return bool(step.invocations) and all(waits(i.name) for i in step.invocations)


def _follows_final(marks: Marks, step: Step) -> bool:
    """Whether what stands before a step in its RUN is in the final stage: a wait is for that."""
    before = [s for s in marks.steps[: step.index] if s.ordinal == step.ordinal and not s.state_only]
    return bool(before) and before[-1].index in marks.final


def _move_undone(marks: Marks) -> None:
    """An edit with a backup that is put back behind build steps of the same RUN is made for these alone."""
    for first, last in undone(marks.steps):
        between = [s.index for s in marks.steps[first + 1 : last] if not s.state_only]
        if first in marks.final and between and {*between} <= marks.builder - marks.final:
            for index in (first, last):
                marks.to_builder(index, "is undone behind the build steps that it is made for")


def _leave_accounts_of_packages(ground: Ground, marks: Marks) -> None:
    """Removals of accounts that neither the base nor a step makes: packages of the builder brought them."""
    base = ground.analysis.base
    for step in marks.steps:
        names = {word for i in step.invocations for word in i.arguments if not word.startswith("-")}
        if (
            (base.kind is Kind.UNKNOWN and not _follows_removal(marks, step))
            or step.index not in marks.final
            or not names
            or not all(removes_accounts(i.name) for i in step.invocations)
        ):
            continue
        made = {a.name for s in marks.steps[: step.index] for a in s.effects.accounts}
        if not any(name in made or has_user(base, name) for name in names):
            marks.to_builder(step.index, "removes an account that a package of the builder brought")


def _leave_refreshing(ground: Ground, marks: Marks) -> None:
    """What prepares files of a package that its RUN purges again leaves, unless another step there uses them."""
    for step in marks.steps:
        if step.index not in marks.final or not only_refreshes(step):
            continue
        mates = [s for s in marks.steps if s.ordinal == step.ordinal]
        loading = any(s.index in marks.final and s.effects.network and not s.effects.packages for s in mates)
        tools = {i.name for i in step.invocations}
        there = any(has_command(ground.analysis.base, name) for name in tools)
        if not loading and not there and all(_passes(marks, step, name) for name in tools):
            marks.to_builder(step.index, "prepares what its RUN removes again")


def _passes(marks: Marks, step: Step, program: str) -> bool:
    """Whether all packages that bring a program are installed by the RUN of a step, and purged there."""
    purged = [
        {package.name for package in change.names}
        for s in marks.steps[step.index :]
        for change in s.effects.packages
        if s.ordinal == step.ordinal and change.action is PackageAction.PURGE
    ]
    bringing = [
        (s.ordinal, {package.name, change.group})
        for s in marks.steps
        for change in s.effects.packages
        for package in change.names
        if change.action is PackageAction.INSTALL and program in programs(change.manager, package.name)
    ]
    return bool(bringing) and all(
        ordinal == step.ordinal and any(names & gone for gone in purged) for ordinal, names in bringing
    )


def _follows_removal(marks: Marks, step: Step) -> bool:
    """Whether packages were removed before in the same RUN."""
    mates = (s for s in marks.steps[: step.index] if s.ordinal == step.ordinal)
    return any(c.action in GONE for s in mates for c in s.effects.packages)


def _has_built_mates(marks: Marks, step: Step) -> bool:
    """Whether a step with an effect is in its RUN and in the builder alone."""
    return any(
        s.ordinal == step.ordinal
        and s.phase is not Phase.NONE
        and not s.state_only
        and s.index in marks.builder
        and s.index not in marks.final
        for s in marks.steps
    )


def _restore(ground: Ground, marks: Marks, seeds: frozenset[int]) -> set[int]:
    """Bring back what a step of the final stage reads and no copy can bring: a file that is deleted later.

    The author's list of libraries is made in the builder, whatever else comes back.
    """
    own = marked_list(ground.analysis)
    listing = own.step if own is not None else None
    restored: set[int] = set()
    moved = True
    while moved:
        moved = False
        for step in marks.steps:
            if step.index not in marks.final or step.state_only or not step.is_run or only_deletes(step):
                continue
            if step.index == listing:
                continue
            for source in {edge.source for edge in ground.graph.uses(step.index)} - marks.final:
                if source not in marks.builder:
                    continue
                brought = source in seeds or _reaches(ground, marks, source, step)
                if brought and not _imports_keys(marks.steps[source], step):
                    continue
                marks.final.add(source)
                marks.reasons[source] = ("the final stage reads what it makes", "MS522", Basis.CONVENTION)
                restored.add(source)
                moved = True
    return restored


def _imports_keys(step: Step, user: Step) -> bool:
    """Whether a step puts keys, for another, into the keyring of somebody's home, which is not copied."""
    imports = step.effects.network or any("--import" in i.arguments for i in step.invocations)
    changed = (w.kind in (WriteKind.EDIT, WriteKind.BOOK) for w in step.effects.writes)
    return "gpg" in step.effects.tools and "gpg" in user.effects.tools and imports and all(changed)


def _reaches(ground: Ground, marks: Marks, source: int, step: Step) -> bool:
    """Whether what a step reads of a builder step is still there at the end, so that a copy brings it."""
    needed = {place.path for place in directories_needed(step)}
    writes = marks.steps[source].effects.writes
    made = [w.place for w in writes if w.kind is WriteKind.DIRECTORY]
    if any(p.path in needed and ground.gone(p) for p in made):
        return False
    met = [d for d in directories_met(step) if not stands(marks, step, d, homes=False)]
    if any(within(p.path, directory) for p in made for directory in met):
        return False  # a copy may come too late
    labels = {e.label for e in ground.graph.uses(step.index) if e.source == source}
    if marks.steps[source].effects.attributes and _made_in_final(marks, source, labels):
        return False  # the mode of a file that the final stage makes anew
    live = [w for w in ground.analysis.live_writes[source] if not ground.gone(w.place)]
    files = [r for r in step.effects.reads if r.known and not r.tree]
    files = [r for r in files if not has_maker(marks, step, r) or any(w.place.path == r.path for w in writes)]
    read = [w for w in writes if any(overlaps(w.place, r) for r in files)]
    return not read or all(w in live for w in read)


def _made_in_final(marks: Marks, before: int, paths: set[str]) -> bool:
    """Whether an earlier step of the final stage makes one of the files by its name."""
    return any(
        w.place.path in paths and w.kind in (WriteKind.OUTPUT, WriteKind.FETCH)
        for s in marks.steps[:before]
        if s.index in marks.final
        for w in s.effects.writes
    )


def _take_back(ground: Ground, marks: Marks, followers: set[int], restored: set[int]) -> None:
    """Take from the builder what was restored and is not needed there, and the steps that only looked at it."""
    loose = {i for i in followers if not _has_built_mates(marks, marks.steps[i])}
    for source in sorted(restored, reverse=True):
        used = {edge.target for edge in ground.graph.used_by(source)}
        if not used & marks.builder - loose:
            marks.to_final(source)
    for index in sorted(loose):
        if any(edge.source in marks.builder for edge in ground.graph.uses(index)):
            marks.final.add(index)
            marks.reasons[index] = ("looks at what both stages have", "MS522", Basis.CONVENTION)
        else:
            marks.to_final(index)


def _return_checks(ground: Ground, marks: Marks) -> None:
    """Checks of downloads go where the downloads are: nothing comes into the final stage unchecked.

    A RUN that fetches, checks and unpacks stays as it is where what it unpacks cannot be copied.
    """
    for ordinal in {s.ordinal for s in marks.steps if _is_check(s) and _is_built(marks, s)}:
        mates = [
            s for s in marks.steps if s.ordinal == ordinal and not s.state_only and not s.effects.packages
        ]
        fetching = [s for s in mates if s.phase is Phase.FETCH and s.index in marks.final]
        built = [s for s in mates if _is_built(marks, s)]
        if fetching and all(_is_check(s) or s.phase in (Phase.FETCH, Phase.NONE) for s in built):
            for step in built:
                _return(ground, marks, step)


def _return(ground: Ground, marks: Marks, step: Step) -> None:
    """Take a step back, and what it rests on: the keys that were fetched or copied before."""
    marks.to_final(step.index)
    for edge in ground.graph.uses(step.index):
        source = marks.steps[edge.source]
        if not _is_built(marks, source):
            continue
        if _is_check(source):
            _return(ground, marks, source)
        elif source.phase is Phase.FETCH or not source.is_run:
            marks.final.add(source.index)
            marks.reasons[source.index] = ("the final stage reads what it makes", "MS522", Basis.CONVENTION)


def _is_check(step: Step) -> bool:
    return step.phase is Phase.BUILD and only_checks(step.effects.tools)


def _is_built(marks: Marks, step: Step) -> bool:
    return step.index in marks.builder and step.index not in marks.final


def drop_talk(marks: Marks) -> None:
    """What a RUN only says leaves a stage that has nothing else of that RUN, and the final one if builds follow."""
    last_built = max(marks.builder - marks.final, default=-1)
    for _, found in groupby(marks.steps, key=lambda step: step.ordinal):
        run = [s for s in found if s.is_run and not s.state_only]
        talk = {s.index for s in run if _only_talks(s) and not s.pragmas.keep}
        for stage in (marks.builder, marks.final):
            here = {s.index for s in run if s.index in stage}
            whole = len(here) == len(run)
            if here and here <= talk and not (whole and (stage is marks.builder or max(here) > last_built)):
                for index in here:
                    builder, final = index in marks.builder, index in marks.final
                    in_other = (False, final) if stage is marks.builder else (builder or whole, False)
                    marks.put(index, *in_other, "only says what is done elsewhere")


def _only_talks(step: Step) -> bool:
    calls = step.invocations
    return bool(calls) and only_looks(step) and all(talks(i.name) for i in calls)
