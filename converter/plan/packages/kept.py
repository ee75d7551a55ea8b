"""Which packages the final stage installs, and the edits of the author's package lists that say so.

The builder keeps every install as it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from converter.diagnostics import Diagnostic, Severity, diagnostic
from converter.dockerfile.model import ExecForm, Run
from converter.effects.model import PackageAction, PackageChange, PackageName, Phase
from converter.effects.package_names import name_in_file
from converter.graph.model import Analysis, Step
from converter.knowledge.images import BaseImage, Kind
from converter.knowledge.package_kinds import FAMILIES
from converter.knowledge.packages import (
    PackageKind,
    data_directories,
    dlopened,
    has_unnamed_library,
    kind,
    programs,
    served_programs,
    tool_class,
)
from converter.knowledge.programs import interpreter_of
from converter.plan.evidence.apt_lists import taking_install
from converter.plan.evidence.outlook import TOOLS, Outlook
from converter.plan.evidence.removal import GONE, is_gone_at_end, removed_later
from converter.plan.marks import Marks
from converter.plan.packages.discovery import LIST
from converter.plan.packages.held import held_by_tools, may_hold_libraries
from converter.plan.packages.homes import homes_of
from converter.plan.packages.lists import Operand, list_edits, repeated, without_build_group
from converter.plan.packages.managers import mark_package_steps
from converter.plan.packages.meant_to_stay import is_called_lasting, is_set_apart, spared_packages
from converter.plan.packages.recommended import kept_out
from converter.plan.packages.remaining import is_surplus, remaining
from converter.plan.split import Addition, Edit, Packages

LISTED = ("apt", "apk")
"""Managers whose packages the builder can list; with others, a package whose run-time part is not known stays."""
IDLE = "nothing that starts, stays or is read names it"


class _Choice(Struct, dict=True):
    """What becomes of one operand: kept, or left out and replaced by `parts` (None: to be found in the builder).

    One that is `passing` is kept for a step, and removed again by the author's own line behind it.
    """

    package: PackageName
    manager: str
    step: int
    stays: bool
    proven: bool = False
    parts: tuple[str, ...] | None = ()
    reason: str = ""
    passing: bool = False


class Listed(Struct, frozen=True):
    """Whether the builder lists libraries whatever the packages say, and the step whose copy they precede."""

    wanted: bool
    before: int


def choose_packages(
    analysis: Analysis,
    marks: Marks,
    outlook: Outlook,
    final_base: BaseImage,
    extra: tuple[Addition, ...],
    listed: Listed,
) -> tuple[Packages, tuple[Diagnostic, ...]]:
    """Decide every install of the file; marks of package steps are set on the way. `extra` are packages to add."""
    choices = tuple(_choices(analysis, outlook, final_base))
    running = _package_tools(analysis, marks, choices)
    if running - outlook.kept_tools:
        outlook = replace(outlook, kept_tools=outlook.kept_tools | running)
        choices = tuple(_choices(analysis, outlook, final_base))
    written = tuple(c for c in choices if _is_written(marks, analysis.steps[c.step]))
    lost = tuple(c for c in choices if not _is_written(marks, analysis.steps[c.step]))
    by_step: dict[int, list[_Choice]] = {}
    for choice in written:
        by_step.setdefault(choice.step, []).append(choice)
    kept = {c.package.name for c in written if c.stays and not c.passing}
    extra = (*extra, *map(Addition, _left_in_build(analysis, lost)))
    leaving = [(c.manager, c.package.name, c.proven) for c in written if not c.stays]
    parts = [part for c in written if not c.stays and not c.proven for part in c.parts or ()]
    held = held_by_tools(leaving, [*kept, *parts, *(each.name for each in extra)], final_base)
    for choice in written:
        if choice.package.name in held:
            choice.proven = False  # the package alone: what programs load stayed
    added: list[str] = []
    unknown = [c for c in written if not c.stays and not c.proven and c.parts is None]
    loaded = dict.fromkeys(pattern for c in unknown for pattern in dlopened(c.manager, c.package.name))
    suite = _named_suite(final_base)
    discovered = bool(unknown) or may_hold_libraries(leaving)
    discovered |= any(
        not c.stays and not c.proven and has_unnamed_library(c.manager, c.package.name, suite)
        for c in written
    )
    able = [
        c.step
        for c in written
        if c.stays and c.manager == "apt" and c.package.literal and not is_exec_form(analysis.steps[c.step])
    ]
    takes_list = taking_install(analysis, able, listed.before) if discovered or listed.wanted else None
    out = kept_out(analysis, _brought(written), (name for manager, name, _ in leaving if manager == "apt"))
    edits: dict[int, tuple[Edit, ...]] = {}
    dropped: set[int] = set()
    notes: list[Diagnostic] = []
    staying = [(c.step, c.manager, c.package.name) for c in written if c.stays and not c.passing]
    homes = homes_of(analysis, staying, extra)
    spared = spared_packages(analysis)
    marked = tuple(name for name in spared.names if name not in kept and name not in homes)
    host = taking_install(analysis, able, spared.at) if marked else None
    for index, found in by_step.items():
        here = {c.package.name for c in found if c.stays}
        wanted = [name for name, home in homes.items() if home == index and name not in here]
        wanted += [name for name in marked if index == host and name not in here]
        for choice in found:
            if not choice.stays and not choice.proven and choice.parts is not None:
                known = {*kept, *here, *marked, *added, *wanted}
                wanted += [p for p in dict.fromkeys(choice.parts) if p not in known]
        more = [f"{name}-" for name in out.get(index, ())]
        more += [f"$(cat /tmp{LIST})"] if index == takes_list else []
        if all(c.stays for c in found) and not wanted and not more:
            continue
        if not any(c.stays for c in found) and not wanted:
            dropped.add(index)
            continue
        added += wanted
        again = repeated(analysis.steps[index], frozenset(c.package.span for c in found if c.stays))
        operands = [Operand(c.package, c.stays and c.package.span not in again) for c in found]
        edits[index] = list_edits(analysis.dockerfile.source.text, operands, wanted + more)
        if not any(c.stays for c in found):
            edits[index] += without_build_group(analysis, analysis.steps[index])
    notes += _notes(analysis, choices)
    installs = {c.step for c in written if c.stays} | {c.step for c in choices} - dropped
    cut = {c.step for c in choices if not c.stays}
    mark_package_steps(analysis, marks, installs, cut, {c.package.name for c in choices if c.stays})
    homeless = tuple(name for name, home in homes.items() if home is None)
    marked = () if host is not None else marked
    added += [*homeless, *marked]
    final = tuple(dict.fromkeys([c.package.name for c in written if c.stays] + added))
    return (
        Packages(
            build=tuple(dict.fromkeys(c.package.name for c in choices)),
            final=final,
            added=tuple(dict.fromkeys(added)),
            leaving=tuple(n for n in dict.fromkeys(c.package.name for c in choices) if n not in final),
            homeless=homeless,
            marked=marked,
            discovered=discovered,
            loaded=tuple(loaded),
            listed_at=takes_list,
            edits=edits,
            dropped_steps=frozenset(dropped),
        ),
        tuple(notes),
    )


def _brought(choices: tuple[_Choice, ...]) -> dict[int, tuple[str, ...]]:
    """By install of apt: the packages that it brings to the final stage."""
    found: dict[int, tuple[str, ...]] = {}
    for c in choices:
        if c.manager == "apt" and c.package.literal:
            parts = (c.package.name,) if c.stays else () if c.proven else c.parts or ()
            found[c.step] = (*found.get(c.step, ()), *parts)
    return found


def _is_written(marks: Marks, step: Step) -> bool:
    """Whether the final stage can have an install: one inside a compound that builds goes where that goes."""
    return step.index in marks.final or step.phase in (Phase.PACKAGE, Phase.CLEAN)


def _left_in_build(analysis: Analysis, lost: tuple[_Choice, ...]) -> Iterator[str]:
    """What is left at the end of installs that stand inside a build step, which may remove some of it itself."""
    for choice in lost:
        changes = analysis.steps[choice.step].effects.packages
        removed = {p.name for c in changes if c.action in GONE for p in c.names}
        groups = {c.group for c in changes if any(p.name == choice.package.name for p in c.names)}
        if choice.package.name in removed or groups & removed:
            continue
        if choice.stays and choice.package.literal:
            yield choice.package.name
        elif not choice.stays and not choice.proven and choice.parts is not None:
            yield from choice.parts


def _package_tools(analysis: Analysis, marks: Marks, choices: tuple[_Choice, ...]) -> frozenset[str]:
    """Programs that the package steps of the final stage run: `sudo apt-get install`, aptitude, alien."""
    installs = {c.step for c in choices}
    staying = {c.step for c in choices if c.stays}
    return frozenset(
        tool
        for step in analysis.steps
        if step.phase is Phase.PACKAGE and step.index in marks.final
        if step.index in staying or (step.index not in installs and step.effects.opaque)
        for tool in step.effects.tools
    )


def _choices(analysis: Analysis, outlook: Outlook, final_base: BaseImage) -> Iterator[_Choice]:
    spared = spared_packages(analysis).names
    for step in analysis.steps:
        for change in step.effects.packages:
            for package in change.names if change.action is PackageAction.INSTALL else ():
                if package.name in spared:
                    reason = "the author marks it so that it stays"
                    yield _Choice(package, change.manager, step.index, True, reason=reason)
                else:
                    yield _choose(analysis, outlook, final_base, step, change, package)


def is_exec_form(step: Step) -> bool:
    """Whether its words are strings of JSON, which are not edited."""
    return isinstance(step.instruction, Run) and isinstance(step.instruction.form, ExecForm)


def _choose(
    analysis: Analysis,
    outlook: Outlook,
    final_base: BaseImage,
    step: Step,
    change: PackageChange,
    package: PackageName,
) -> _Choice:
    manager, name = change.manager, package.name
    found = kind(manager, name)
    surplus = is_surplus(final_base, manager, name)
    brings = frozenset(() if surplus else (*programs(manager, name), *data_directories(manager, name)))
    suite = _named_suite(final_base)

    def leaves(reason: str, proven: bool = False) -> _Choice:
        parts = remaining(final_base, manager, name, suite)
        if parts == (name,) and removal is None:
            return _Choice(package, manager, step.index, True, reason="language packages may need it")
        if parts is None and not proven and FAMILIES.get(manager) not in LISTED:
            return _Choice(package, manager, step.index, True, reason="its run-time part is not known")
        if parts:
            parts = tuple(part for part in parts if not is_gone_at_end(analysis, step.index, part))
        return _Choice(package, manager, step.index, False, proven, parts, reason)

    removal = removed_later(analysis, step, change, name)
    if step.pragmas.keep:
        return _Choice(package, manager, step.index, True, reason="the author keeps it")
    if is_exec_form(step):
        return _Choice(package, manager, step.index, True, reason="its RUN is a list of words in JSON")
    if step.index in outlook.whole:
        return _Choice(package, manager, step.index, True, reason="the step that installs it also builds")
    kept_tools = outlook.kept_tools
    if removal and removed_later(analysis, step, change, name, same_layer=True):
        kept_tools = outlook.kept_in_run.get(step.ordinal, frozenset())
    if brings & kept_tools or kept_tools.intersection(served_programs(manager, name)):
        reason = "a step of the final stage runs it"
        return _Choice(package, manager, step.index, True, reason=reason, passing=removal is not None)
    work = tool_class(manager, name_in_file(name) or name)
    if removal is not None and found is PackageKind.RUNTIME and "repository" in work:
        return _Choice(
            package, manager, step.index, True, reason="installs behind it may need its repository"
        )
    if removal is not None:
        return leaves("the author removes it", proven=removal)
    if step.pragmas.build:
        return leaves("the author says that it is build time only")
    if is_called_lasting(step, change):
        reason = "the author says that it is for the container too"
        return _Choice(package, manager, step.index, True, reason=reason)
    if outlook.strict:
        reason = "that only build steps use it is a convention"
        return _Choice(package, manager, step.index, True, reason=reason)
    apart = not surplus and found in (*TOOLS, PackageKind.USE)
    if outlook.unsure and apart and is_set_apart(analysis, step, change, name):
        reason = "its author keeps it apart from what builds, and the entry script cannot be read"
        return _Choice(package, manager, step.index, True, reason=reason)
    if found in TOOLS:
        # What another package brings too (python itself, beside its pip) is no reason for this one,
        # unless it is called like that: its author knew that the other does not bring it (npm, beside nodejs).
        own = brings & {name}
        alone = frozenset() if found is PackageKind.DEVELOPMENT else (brings - outlook.named) | own
        spoken = {interpreter_of(program) for program in alone} & outlook.languages
        left = remaining(final_base, manager, name, suite)
        replaced = {p for part in left or () for p in programs(manager, part)}
        if (alone - (replaced - own)) & outlook.runtime or (spoken and left is None):
            return _Choice(package, manager, step.index, True, reason="the running container uses it")
        if "repository" in work and outlook.adds_archive:
            return _Choice(package, manager, step.index, True, reason="the final stage adds an archive")
        if work & outlook.work or brings & outlook.built_with:
            return leaves("only build steps use it")
        if _is_idle(outlook, name, brings):
            return _Choice(package, manager, step.index, False, reason=IDLE)
        return _Choice(package, manager, step.index, True, reason="no build step uses it")
    if found is PackageKind.USE:
        used = bool(brings & outlook.built_with)
        spoken = {interpreter_of(program) for program in brings} & outlook.languages
        needed = bool(brings & outlook.runtime) or outlook.opaque or bool(spoken)
        if used and not needed:
            return leaves("only build steps use it")
    if _is_idle(outlook, name, brings):
        return _Choice(package, manager, step.index, False, reason=IDLE)
    return _Choice(package, manager, step.index, True)


def _is_idle(outlook: Outlook, name: str, brings: frozenset[str]) -> bool:
    return name in outlook.idle and not brings & outlook.runtime


def _named_suite(base: BaseImage) -> str | None:
    """The release that the tag itself names; a tag that names none moves from one release to the next."""
    named = base.suite is not None and (base.kind is Kind.OS or base.suite in base.tag)
    return base.suite if named else None


def _notes(analysis: Analysis, choices: tuple[_Choice, ...]) -> Iterator[Diagnostic]:
    source = analysis.dockerfile.source
    for choice in choices:
        found = kind(choice.manager, choice.package.name)
        if not choice.stays and not choice.proven and (found is PackageKind.USE or choice.reason == IDLE):
            yield diagnostic(
                "MS504",
                Severity.NOTE,
                f"{choice.package.name} is left out of the final stage: {choice.reason}",
                source,
                choice.package.span,
                ("write '# multistage: keep' above the instruction if the running container needs it",),
            )
        elif choice.stays and found in (*TOOLS, PackageKind.DEBUG):
            yield diagnostic(
                "MS505",
                Severity.NOTE,
                f"{choice.package.name} stays in the final stage: {choice.reason or 'no build step uses it'}",
                source,
                choice.package.span,
            )
