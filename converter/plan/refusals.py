"""What cannot be converted without the risk of a broken image, each with the way out."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from converter.diagnostics import Diagnostic, Severity, diagnostic
from converter.dockerfile.model import Run, ShellForm, User
from converter.effects.model import Phase, WriteKind
from converter.effects.places import Place, covers
from converter.graph.model import Analysis, Program, Step, UnreadScript
from converter.knowledge.images import Kind, has_command
from converter.knowledge.places import is_service_data, is_shared
from converter.knowledge.programs import (
    interpreter_of,
    is_building_script,
    is_builtin,
)
from converter.knowledge.search_path import DEFAULT_FOLDERS
from converter.plan.copies.arrival import unarrived
from converter.plan.copies.artifacts import Copies
from converter.plan.evidence.ground import Ground
from converter.plan.evidence.provenance import is_packaged
from converter.plan.evidence.toolbox import runs_toolchain
from converter.plan.marks import Marks
from converter.plan.packages.unnamed import LISTABLE, unnamed_packages
from converter.plan.split import Artifact, Packages
from converter.shell.walk import opaques


def toolchain_at_run_time(analysis: Analysis) -> Iterator[Diagnostic]:
    """Programs that the container starts and that need compilers or build tools there (`cargo run`)."""
    unread_scripts = {
        posixpath.basename(unread.path)
        for unread in analysis.runtime.unreadable
        if isinstance(unread, UnreadScript)
    }
    for program in analysis.runtime.programs:
        if runs_toolchain(program):
            words = " ".join([program.name, *program.arguments[:2]])
            yield Diagnostic(
                "MS402",
                Severity.ERROR,
                f"{program.label} runs '{words}': the tool chain is needed at run time",
                ("build the program in a RUN and start the result",),
            )
        for name in map(posixpath.basename, (program.text, *program.arguments)):
            if is_building_script(name) and name in unread_scripts:
                yield Diagnostic(
                    "MS402",
                    Severity.ERROR,
                    f"{program.label} runs '{name}': it is called like a build, which needs the tool chain",
                    ("give the build context with --context, and the script is read",),
                )


def unknown_builds(analysis: Analysis) -> Iterator[Diagnostic]:
    """Opaque steps that may use compilers which would otherwise leave."""
    for step in analysis.steps:
        if not step.effects.opaque or not step.is_run or step.pragmas.keep:
            continue
        reason = _unread(step)
        if reason is not None:
            yield unread(analysis, step, reason)
        elif _calls_a_script(step):
            yield cannot_tell(analysis, step)


def unread(analysis: Analysis, step: Step, reason: str) -> Diagnostic:
    """The refusal of a text that no reader understands, or of a SHELL that is not known."""
    code, what = (
        ("MS201", "no reader understands this shell text") if step.members else ("MS202", "unknown SHELL")
    )
    return diagnostic(
        code,
        Severity.ERROR,
        f"{what}: {reason}",
        analysis.dockerfile.source,
        step.span,
        ("write the command in plain sh, or put it into a script in the context",),
    )


def _calls_a_script(step: Step) -> bool:
    """Whether a step runs a script or installer that nobody can read, rather than a named program."""
    return any("/" in i.program or interpreter_of(i.name) == "shell" for i in step.invocations)


def cannot_tell(analysis: Analysis, step: Step) -> Diagnostic:
    """The refusal of an opaque step, with the ways out."""
    return diagnostic(
        "MS301",
        Severity.ERROR,
        f"cannot tell what this writes: {step.effects.opaque}",
        analysis.dockerfile.source,
        step.span,
        (
            "say it above the instruction: # multistage: writes=/path[,/path]",
            "or give the build context with --context, so that the script can be read",
        ),
    )


def refusals(ground: Ground, marks: Marks, copies: Copies, packages: Packages) -> Iterator[Diagnostic]:
    """Everything that speaks against a conversion that would be worth it."""
    analysis = ground.analysis
    source = analysis.dockerfile.source
    step = _by_unknown_user(analysis)
    if step is not None:
        yield diagnostic(
            "MS302",
            Severity.ERROR,
            f"cannot tell whose home and rights the steps have: this needs sudo, and the user of "
            f"{analysis.base.reference} is not known",
            source,
            step.span,
            ("say who it is in front of it: USER NAME",),
        )
    step = unnamed_packages(analysis, marks)
    if step is not None and analysis.base.family not in LISTABLE:
        yield diagnostic(
            "MS301",
            Severity.ERROR,
            "cannot tell which packages this installs, whose libraries the container may need",
            source,
            step.span,
            ("install them by name in front of it",),
        )
    for step in analysis.steps:
        if step.is_run and step.phase is Phase.OPAQUE:
            reason = _unread(step)
            if reason is not None and packages.leaving:
                yield unread(analysis, step, reason)
        if (
            step.effects.opaque
            and step.is_run
            and not step.pragmas.keep
            and _involved(ground, marks, copies, step, packages)
        ):
            yield cannot_tell(analysis, step)
        if step.index in marks.builder - marks.final and _fills_a_service(analysis, step):
            yield diagnostic(
                "MS407",
                Severity.ERROR,
                "this builds, and fills the data of a service meanwhile, which no copy brings",
                source,
                step.span,
                ("build in a RUN of its own, and start the service in another one",),
            )
    for step, place in unarrived(analysis, marks, copies):
        yield diagnostic(
            "MS406",
            Severity.ERROR,
            f"this stays, and reads {place.path}, which the builder makes and no copy can bring before it",
            source,
            step.span,
            (
                "move it behind the last step that builds, or into the RUN that makes the file",
                "or keep what makes the file: # multistage: keep",
            ),
        )
    for artifact in copies.artifacts:
        if _rests_on_workdir(analysis, artifact):
            yield diagnostic(
                "MS302",
                Severity.ERROR,
                f"cannot tell where this puts {artifact.source[1:]}: the work directory of "
                f"{analysis.base.reference} is not known",
                source,
                analysis.steps[artifact.producer].span,
                ("say the directory in front of it: WORKDIR /",),
            )
    for index, place in copies.unnamed:
        step = analysis.steps[index]
        yield diagnostic(
            "MS302",
            Severity.ERROR,
            f"cannot name what this puts into {place.path.split(chr(0xFFFC))[0] or '/'}",
            source,
            step.span,
            (
                "unpack into a directory of its own (tar -C DIR --strip-components=1)",
                "or say it: # multistage: writes=/path[,/path]",
            ),
        )


def _unread(step: Step) -> str | None:
    for member in step.members:
        for opaque in opaques(member.command):
            return opaque.reason
    if (
        isinstance(step.instruction, Run)
        and isinstance(step.instruction.form, ShellForm)
        and not step.members
    ):
        return step.effects.opaque or "unknown SHELL"
    return None


def _by_unknown_user(analysis: Analysis) -> Step | None:
    """The first install of packages, if it and those up to the first USER need sudo on a base that nobody knows."""
    found: list[Step] = []
    for step in () if analysis.base.is_known else analysis.steps:
        if isinstance(step.instruction, User):
            break
        if step.effects.packages:
            found.append(step)
    return found[0] if found and all("sudo" in step.effects.tools for step in found) else None


def _rests_on_workdir(analysis: Analysis, artifact: Artifact) -> bool:
    """Whether a path in the root directory comes from a relative one, on a base whose WORKDIR nobody knows."""
    step = analysis.steps[artifact.producer]
    if analysis.base.is_known or step.state.declared_workdir or artifact.source.count("/") > 1:
        return False
    text = analysis.dockerfile.source.text
    named = rf"(?<![\w.}}-]){re.escape(artifact.source)}(?![\w-])|\bcd /(?![\w$])"
    return not is_shared(artifact.source) and re.search(named, text) is None


def _fills_a_service(analysis: Analysis, step: Step) -> bool:
    """Whether a command of a step fills the data of a service, and the rest of its RUN removes none."""
    return any(
        write.kind is WriteKind.EDIT and is_service_data(write.place.path)
        for member in step.members
        if member.effects.phase is Phase.RUNTIME
        for write in member.effects.writes
    ) and not any(
        is_service_data(place.path)
        for other in analysis.steps[step.index :]
        if other.ordinal == step.ordinal
        for place in other.effects.deletes
    )


def _involved(ground: Ground, marks: Marks, copies: Copies, step: Step, packages: Packages) -> bool:
    """Whether an opaque step needs something that leaves: a tree, a build-only package that it may call."""
    touched = [*step.effects.reads, *(w.place for w in step.effects.writes if w.kind is not WriteKind.BOOK)]
    if any(ground.gone(p) or ground.in_whole(p) for p in touched):
        return True
    for invocation in step.invocations:
        directory = invocation.directory
        for tree in ground.trees:
            if (
                directory is not None
                and (directory == tree.path or directory.startswith(tree.path + "/"))
                and (not tree.application or tree.path in ground.whole)
            ):
                return True
    if _is_built(ground.analysis, marks, copies, step):
        return True
    earlier = {
        p.name for s in ground.analysis.steps[: step.index] for c in s.effects.packages for p in c.names
    }
    return _calls_a_script(step) and bool(earlier & set(packages.leaving)) and step.index in marks.final


def _is_built(analysis: Analysis, marks: Marks, copies: Copies, step: Step) -> bool:
    """Whether an opaque step of the final stage runs a program that only a build step can have brought.

    A plain system has no unknown programs, and neither a package, nor a language's, nor a step that stays brings it;
    a recipe may put programs anywhere.
    """
    earlier = marks.steps[: step.index]
    if (
        analysis.base.kind is not Kind.OS
        or step.index not in marks.final
        or not any(_follows_a_recipe(s) for s in earlier if s.index in marks.builder - marks.final)
        or any(s.effects.libraries or (s.effects.opaque and s.index in marks.final) for s in earlier)
    ):
        return False
    unknown = {i.name for i in step.invocations if "/" not in i.program and not is_builtin(i.name)}
    packages = {p.name for s in analysis.steps for c in s.effects.packages for p in c.names}
    brought = [
        *(Place(a.destination, a.directory) for a in copies.artifacts),
        *(Place(d.prefix, tree=True) for d in copies.differences),
        *(w.place for s in earlier if s.index in marks.final for w in s.effects.writes),
    ]
    return any(
        not has_command(analysis.base, name)
        and not is_packaged(analysis, name)
        and not any(name in package or package in name for package in packages)
        and not any(
            covers(place, Place(f"{folder}/{name}")) for place in brought for folder in DEFAULT_FOLDERS
        )
        for name in unknown & set(step.effects.tools)
        if name in (step.effects.opaque or "")
    )


def _follows_a_recipe(step: Step) -> bool:
    """Whether a step builds by the recipe of a tree, not by words that name what comes out."""
    return step.phase is Phase.BUILD and any(w.kind is WriteKind.TREE for w in step.effects.writes)


def no_origin(program: Program) -> Diagnostic:
    """The refusal of a program that nothing in the final stage is known to bring."""
    return Diagnostic(
        "MS405",
        Severity.ERROR,
        f"{program.label} starts {program.text}, and no step is known to make it",
        ("say above the instruction that makes it: # multistage: writes=/path[,/path]",),
    )
