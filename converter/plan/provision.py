"""Whether the final stage has what the container starts: the last look before a plan is used.

A program that neither the base, a package, a copy nor a kept step is known to bring may come from a build
step whose writes are only guessed; then the conversion is refused rather than believed.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from converter.dockerfile.model import HOLE, Add, Copy
from converter.effects.model import WriteKind
from converter.effects.package_names import is_file
from converter.effects.places import Place, join, overlaps
from converter.graph.model import Program
from converter.knowledge.images import BaseImage, Kind, has_command
from converter.knowledge.libraries import ECOSYSTEM_LANGUAGE
from converter.knowledge.packages import PackageKind, kind, programs, tool_class
from converter.knowledge.programs import interpreter_of, is_builtin, is_shell, is_system_init
from converter.knowledge.search_path import DEFAULT_PATH
from converter.plan.copies.artifacts import Copies
from converter.plan.evidence.ground import Ground
from converter.plan.marks import Marks

_BARE = ("-filesystem", "-common", "-data", "-doc", "-dev", "-devel")
"""Ends of names of packages that bring directories and data, but no programs."""


def unprovided(ground: Ground, marks: Marks, copies: Copies, final: BaseImage) -> Iterator[Program]:
    """Programs of ENTRYPOINT, CMD and HEALTHCHECK that only an unknown write of a step in the builder can bring."""
    analysis = ground.analysis
    if final.kind in (Kind.UNKNOWN, Kind.SERVICE) or final.family == "unknown":
        return
    built = [
        s for s in analysis.steps if s.index in marks.builder and s.index not in marks.final and s.is_run
    ]
    if not built:
        return
    entered = any(p.label.startswith("ENTRYPOINT") for p in analysis.runtime.programs)
    for program in analysis.runtime.programs:
        if program.label.startswith("HEALTHCHECK") or (entered and program.label.startswith("CMD")):
            continue  # a tool that is added where the base loses it, or arguments of the entrypoint
        if ", run by" in program.label or HOLE in program.text or _is_plain(program, final):
            continue
        if (
            not any(
                overlaps(wanted, have)
                for wanted in _places(ground, program)
                for have in _provided(ground, marks, copies)
            )
            and not _of_a_package(ground, marks, copies, program)
            and not _of_a_language(ground, final, program)
        ):
            yield program


def _is_plain(program: Program, final: BaseImage) -> bool:
    name = program.name
    if is_builtin(name) or is_shell(name) or has_command(final, name) or is_system_init(program.text):
        return True
    language = interpreter_of(name)
    return language is not None and (language in final.languages or "/" not in program.text)


def _places(ground: Ground, program: Program) -> list[Place]:
    state = ground.analysis.final_state
    if "/" in program.text:
        return [Place(join(state.workdir or "/", program.text))]
    path = state.env.get("PATH", DEFAULT_PATH)
    return [Place(join(d, program.name)) for d in path.split(":") if d.startswith("/") and HOLE not in d]


def _provided(ground: Ground, marks: Marks, copies: Copies) -> Iterator[Place]:
    for artifact in copies.artifacts:
        yield Place(artifact.destination, tree=artifact.directory)
    for difference in copies.differences:
        yield Place(difference.prefix, tree=True)
    for step in ground.analysis.steps:
        if step.index in marks.final or isinstance(step.instruction, (Copy, Add)):
            yield from (w.place for w in step.effects.writes if w.kind is not WriteKind.BOOK)


def _of_a_package(ground: Ground, marks: Marks, copies: Copies, program: Program) -> bool:
    """Whether a package of the file is called like it, brings it, or is not known by its programs."""
    name = program.name.rstrip("0123456789.")
    for step in ground.analysis.steps:
        for change in step.effects.packages:
            if not change.complete and step.index in marks.final:
                return True
            for package in change.names:
                brought = programs(change.manager, package.name)
                if (
                    is_file(package.name)
                    and step.index in marks.final
                    and not _is_copied(copies, package.name)
                ):
                    return True  # a file that the final stage gets itself brings whatever it holds
                if program.name in brought or (name in package.name and not package.name.endswith(_BARE)):
                    return True
                if interpreter_of(program.name) in tool_class(change.manager, package.name):
                    return True
                builds = kind(change.manager, package.name) is PackageKind.BUILD
                if package.name in program.name and not builds:  # `gcc` brings no `m68k-gcc`
                    return True
    return False


def _is_copied(copies: Copies, file: str) -> bool:
    return any(posixpath.basename(a.destination) == posixpath.basename(file) for a in copies.artifacts)


def _of_a_language(ground: Ground, final: BaseImage, program: Program) -> bool:
    """Whether packages of a language may bring it, which are copied with their programs."""
    spoken = {
        ECOSYSTEM_LANGUAGE.get(c.ecosystem)
        for s in ground.analysis.steps
        for c in s.effects.libraries
        if c.global_
    }
    return "/" not in program.text and bool(spoken - {None})
