"""What the old base gave and the new one does not: environment, entrypoint, certificates, commands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from msgspec import Struct

from converter.dockerfile.model import HOLE, Arg, Cmd, Entrypoint, Env, Stopsignal
from converter.effects.places import within
from converter.graph.model import Analysis
from converter.knowledge.images import BaseImage, has_command, install_for
from converter.knowledge.package_kinds import CERTIFICATES
from converter.knowledge.search_path import DEFAULT_PATH
from converter.plan.evidence.provenance import asks_apt, only_deletes
from converter.plan.marks import Marks
from converter.plan.split import Addition, Bases, Insertion, Stage

VARIABLE = re.compile(r"\$\{?([A-Za-z_]\w*)", re.ASCII)
CARRIED = ("LANG", "LC_ALL", "JAVA_HOME", "NODE_ENV", "GEM_HOME", "BUNDLE_PATH", "PYTHONIOENCODING")


class Restated(Struct, frozen=True):
    """Lines after the final FROM, packages to install, and commands that nothing can bring."""

    insertions: tuple[Insertion, ...]
    packages: tuple[Addition, ...]


def restate(
    analysis: Analysis,
    marks: Marks,
    bases: Bases,
    final: BaseImage,
    destinations: tuple[str, ...],
) -> Restated:
    """Everything of the old base that the running container or a kept step can notice."""
    lines = list(_configuration(analysis, bases, final, destinations, _variables(analysis, marks)))
    wanted = tuple(dict.fromkeys(_packages(analysis, marks, bases, final)))
    insertions = (Insertion(Stage.FINAL, -1, "\n".join(lines)),) if lines else ()
    return Restated(insertions, wanted)


def _configuration(
    analysis: Analysis,
    bases: Bases,
    final: BaseImage,
    destinations: tuple[str, ...],
    used_names: frozenset[str],
) -> Iterator[str]:
    if not bases.other_repository:
        return
    old = analysis.base
    workdir = analysis.final_state.workdir or "/"
    used = [
        p for p in _lost_folders(analysis, final) if any(within(d, p) or within(p, d) for d in destinations)
    ]
    if used and not set(old.languages) & set(final.languages):
        yield f"ENV PATH {':'.join([*used, '$PATH'])}"
    for name in sorted(old.env):
        value = old.env[name]
        if name == "PATH" or HOLE in value or final.env.get(name) == value:
            continue
        kept = name in used_names or (name == "GOPATH" and within(workdir, value))
        if kept or (name in CARRIED and name not in final.env):
            yield f"ENV {name} {value}" if " " not in value else f'ENV {name}="{value}"'
    kinds = {type(step.instruction) for step in analysis.steps}
    if Entrypoint not in kinds and old.entrypoint != final.entrypoint:
        if old.entrypoint and not old.pass_through_entrypoint:
            yield f"ENTRYPOINT {json.dumps(list(old.entrypoint))}"
        elif final.entrypoint:
            yield "ENTRYPOINT []"
    if Cmd not in kinds and Entrypoint not in kinds and old.cmd and old.cmd != final.cmd:
        yield f"CMD {json.dumps(list(old.cmd))}"
    if Stopsignal not in kinds and old.stopsignal and old.stopsignal != final.stopsignal:
        yield f"STOPSIGNAL {old.stopsignal}"
    if (
        analysis.final_state.workdir == old.workdir
        and old.workdir != final.workdir
        and not analysis.final_state.declared_workdir
    ):
        yield f"WORKDIR {old.workdir or '/'}"


def _lost_folders(analysis: Analysis, final: BaseImage) -> Iterator[str]:
    """Folders of the old base's PATH that the new base lacks and that the author's own ENV does not add again."""
    new = final.env.get("PATH", DEFAULT_PATH).split(":")
    end = analysis.final_state.env.get("PATH", "").split(":")
    for folder in analysis.base.env.get("PATH", "").split(":"):
        if folder and HOLE not in folder and folder not in new and end.count(folder) < 2:
            yield folder


def _variables(analysis: Analysis, marks: Marks) -> frozenset[str]:
    """The variables that instructions of the final stage expand before the file itself sets them."""
    text = analysis.dockerfile.source.text
    found: set[str] = set()
    own: set[str] = set()
    for step in analysis.steps:
        if step.index in marks.final and not step.state_only and not only_deletes(step):
            shown = step.span.of(text) if step.is_run else step.instruction.span.of(text)
            found |= set(VARIABLE.findall(shown)) - own
        if isinstance(step.instruction, (Env, Arg)):
            own |= {key.text for key, _ in step.instruction.pairs}
    return frozenset(found)


def takes_bundle(analysis: Analysis, final: BaseImage) -> bool:
    """Whether the file of certificates is enough, and no package: Go's programs read it, and nobody asks apt."""
    old = analysis.base
    return (
        old.languages == ("go",)
        and old.certificates
        and not final.certificates
        and final.family in ("debian", "ubuntu")
        and not asks_apt(analysis)
    )


def _packages(analysis: Analysis, marks: Marks, bases: Bases, final: BaseImage) -> Iterator[Addition]:
    """Packages for certificates, time zones and commands that only the old base had."""
    old = analysis.base
    if final.family not in ("debian", "ubuntu", "alpine", "rpm"):
        return
    running = [step for step in analysis.steps if step.index in marks.final and step.is_run]
    if (
        old.certificates
        and not final.certificates
        and "node" not in old.languages
        and not takes_bundle(analysis, final)
    ):
        loading = (s.index for s in running if s.effects.network and not s.effects.packages)
        yield Addition(CERTIFICATES, next(loading, None))
    if old.tzdata and not final.tzdata:
        yield Addition("tzdata")
    started = {*analysis.runtime.names, *analysis.runtime.program_names()}
    for command in bases.drops:
        if has_command(final, command) is True:
            continue
        first = next((s.index for s in running if command in s.effects.tools), None)
        package = install_for(command, final.family)
        if package is not None and (first is not None or command in started):
            yield Addition(package, first)
