"""Who uses what: the programs of builder steps, of steps that stay, and of the running container."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from msgspec import Struct

from converter.dockerfile.model import Add, Copy
from converter.effects.model import PackageAction, Phase, WriteKind
from converter.effects.places import Place, ancestors
from converter.graph.model import Analysis, Step
from converter.knowledge.image_contents import has_command
from converter.knowledge.libraries import ECOSYSTEM_LANGUAGE, is_never_compiled
from converter.knowledge.packages import PackageKind, kind, programs, tool_class
from converter.knowledge.programs import interpreter_of, is_builtin, lists_libraries, service_places
from converter.knowledge.search_path import DEFAULT_FOLDERS
from converter.plan.evidence.apt_lists import adds_archive
from converter.plan.evidence.provenance import is_packaged
from converter.plan.marks import Marks

TOOLS = (PackageKind.BUILD, PackageKind.DEVELOPMENT, PackageKind.VCS, PackageKind.DOC)
COMMANDS = tuple(folder for folder in DEFAULT_FOLDERS if not folder.startswith("/usr/local"))
"""Where packages put their programs."""
COMPILING = ("compile", "doc", "test", "packaging", "repository")
"""Kinds of work that a build does: it compiles, makes manuals, runs tests, and installs the tools for that."""


class Outlook(Struct, dict=True):
    """Who uses what: tools of builder steps, of steps that stay, and names that the running container uses."""

    built_with: frozenset[str]
    kept_tools: frozenset[str]
    runtime: frozenset[str]
    work: frozenset[str]  # kinds of work that builder steps do, as `tool_class` names them
    opaque: bool
    unsure: bool = (
        False  # something unread may be started, among it a script of what COPY puts over the system
    )
    kept_in_run: Mapping[int, frozenset[str]] = {}  # the tools of steps that stay, by the RUN they stand in
    languages: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()  # programs of packages that are not tools of a build
    whole: frozenset[int] = frozenset()  # steps of the final stage that install and build in one
    adds_archive: bool = False  # a step of the final stage names another source of packages
    strict: bool = False  # a package leaves only where the author says so
    idle: frozenset[str] = frozenset()  # tools that nobody names, where the smallest image is asked for


def outlook_of(
    analysis: Analysis,
    marks: Marks,
    languages: frozenset[str],
    strict: bool,
    idle: frozenset[str] = frozenset(),
) -> Outlook:
    """The uses of programs, given where steps are; `strict` as the option says."""
    steps = analysis.steps
    built = [s for s in steps if s.index in marks.builder and s.index not in marks.final]
    kept = [s for s in steps if s.index in marks.final and s.phase is not Phase.PACKAGE and not s.state_only]
    return Outlook(
        built_with=frozenset(t for s in built for t in _tools(s)),
        kept_tools=frozenset(t for s in kept for t in _used(s))
        - frozenset(t for s in kept if not s.is_run for t in s.effects.tools),
        runtime=analysis.runtime.names | analysis.runtime.program_names(),
        work=_work(analysis, [s for s in built if not _only_managers(s)]),
        opaque=analysis.runtime.opaque,
        unsure=analysis.runtime.opaque or _may_start_a_script(analysis),
        kept_in_run=_by_run(analysis, marks),
        languages=languages,
        named=frozenset(
            program
            for step in steps
            for change in step.effects.packages
            if change.action is PackageAction.INSTALL
            for package in change.names
            if kind(change.manager, package.name) not in TOOLS
            for program in programs(change.manager, package.name)
        ),
        whole=frozenset(s.index for s in kept if s.phase in (Phase.BUILD, Phase.LIBRARY)),
        adds_archive=any(s.is_run and adds_archive(s) for s in analysis.steps if s.index in marks.final),
        strict=strict,
        idle=idle,
    )


def _may_start_a_script(analysis: Analysis) -> bool:
    """Whether nothing is known to bring what is started, and it may lie in a folder that COPY puts over `/`."""
    over = any(
        isinstance(step.instruction, (Copy, Add))
        and Place("/", tree=True) in (w.place for w in step.effects.writes)
        for step in analysis.steps
    )
    return over and not all(_is_known(analysis, program.name) for program in analysis.runtime.programs)


def _is_known(analysis: Analysis, program: str) -> bool:
    """Whether a program is the shell's, an interpreter's, a service, the base's, a package's or made by a RUN."""
    return (
        is_builtin(program)
        or interpreter_of(program) is not None
        or service_places(program) is not None
        or has_command(analysis.base, program) is True
        or is_packaged(analysis, program)
        or any(
            w.place.path.endswith(f"bin/{program}")
            for s in analysis.steps
            if s.is_run
            for w in s.effects.writes
        )
    )


def _by_run(analysis: Analysis, marks: Marks) -> Mapping[int, frozenset[str]]:
    """What is used by what stays of each RUN, package managers among it.

    What only sorts the names of libraries does that with the programs of the base.
    """
    found: dict[int, set[str]] = {}
    for step in analysis.steps:
        if step.is_run and step.index in marks.final and not step.state_only:
            lists = any(map(lists_libraries, step.effects.tools))
            used = (t for t in _used(step) if not (lists and has_command(analysis.base, t)))
            found.setdefault(step.ordinal, set()).update(used)
    return {ordinal: frozenset(tools) for ordinal, tools in found.items()}


def _used(step: Step) -> Iterator[str]:
    """What packages may bring for a step: programs, by name, that it runs or moves, directories that it works in."""
    yield from step.effects.tools
    if all(i.name == "ln" for i in step.invocations):
        return  # a link to a program needs nothing of it
    effects = step.effects
    for place in (*effects.reads, *effects.attributes):
        if place.exact:
            folder, name = posixpath.split(place.path)
            yield from (name,) if folder in COMMANDS else ancestors(place.path)
    for write in effects.writes:
        if write.kind in (WriteKind.OUTPUT, WriteKind.EDIT) and write.place.exact:
            yield from ancestors(write.place.path)


def _only_managers(step: Step) -> bool:
    """Whether a step installs package managers alone, which compiles nothing."""
    changes = step.effects.libraries
    return (
        step.phase is Phase.LIBRARY
        and bool(changes)
        and all(is_never_compiled(c.ecosystem, c.names, c.native) for c in changes)
    )


def _tools(step: Step) -> Iterator[str]:
    """The programs that a step runs: of an install that compiles nothing those it calls, and their interpreter."""
    if not _only_managers(step):
        yield from step.effects.tools
        return
    called = {i.name for i in step.invocations}
    spoken = {ECOSYSTEM_LANGUAGE.get(change.ecosystem) for change in step.effects.libraries} - {None}
    yield from (t for t in step.effects.tools if t in called or interpreter_of(t) in spoken)


def _work(analysis: Analysis, built: list[Step]) -> frozenset[str]:
    """The kinds of work that builder steps do: of a build, and of each package whose programs they run."""
    tools = {t for s in built for t in s.effects.tools}
    found: set[str] = set()
    if any(s.phase in (Phase.BUILD, Phase.LIBRARY) for s in built):
        found.update(COMPILING)
    if any("java" in tool_class("apt", tool) for tool in tools):  # a build tool that a download brought
        found.add("java")
    for step in analysis.steps:
        for change in step.effects.packages:
            for package in change.names:
                brings = programs(change.manager, package.name)
                if tools & set(brings) and kind(change.manager, package.name) in TOOLS:
                    found |= tool_class(change.manager, package.name)
    return frozenset(found)
