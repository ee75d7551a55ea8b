"""Lines that one of the stages lacks otherwise.

What a comparison of both images found missing (variables, ids of accounts), and directories that a VOLUME
of the final stage makes.
"""

from __future__ import annotations

from collections.abc import Mapping

from converter.dockerfile.model import Volume
from converter.effects.model import WriteKind
from converter.effects.places import within
from converter.graph.dependency import DependencyGraph
from converter.graph.model import Analysis, Step
from converter.plan.discovery import as_root
from converter.plan.marks import Marks
from converter.plan.split import Edit, Insertion, Stage
from converter.span import Span

_USERS = {"useradd": "--uid", "adduser": "--uid"}
_GROUPS = {"groupadd": "--gid", "addgroup": "--gid"}


def environment(analysis: Analysis) -> tuple[Insertion, ...]:
    """ENV lines right after FROM."""
    lines = [f"ENV {name}={_quoted(value)}" for name, value in sorted(analysis.observed.env.items())]
    return (Insertion(Stage.FINAL, -1, "\n".join(lines)),) if lines else ()


def volume_directories(analysis: Analysis, graph: DependencyGraph, marks: Marks) -> tuple[Insertion, ...]:
    """`mkdir` in the builder for VOLUMEs that a RUN there works in: the instruction itself is the final stage's."""
    found: list[Insertion] = []
    for step in analysis.steps:
        if not isinstance(step.instruction, Volume):
            continue
        users = [e.target for e in graph.used_by(step.index) if e.target in marks.builder]
        wanted = [
            w.place.path
            for w in step.effects.writes
            if w.place.exact and any(_first_uses(analysis, marks, w.place.path, step.index, u) for u in users)
        ]
        if wanted:
            text = as_root(analysis, step.index, f"RUN mkdir -p {' '.join(wanted)}")
            found.append(Insertion(Stage.BUILDER, step.index, text))
    return tuple(found)


def _first_uses(analysis: Analysis, marks: Marks, path: str, volume: int, user: int) -> bool:
    """Whether a RUN of the builder uses a directory that nothing else makes there before."""
    step = analysis.steps[user]
    written = [w.place for w in step.effects.writes if w.kind is not WriteKind.DIRECTORY]
    inside = any(within(p.path, path) for p in written) or any(
        i.directory not in (None, step.state.workdir) and within(i.directory or "/", path)
        for i in step.invocations
    )
    made = any(
        s.index in marks.builder and any(within(w.place.path, path) for w in s.effects.writes)
        for s in analysis.steps[:user]
        if s.index != volume
    )
    return step.is_run and inside and not made


def _quoted(value: str) -> str:
    """A value as ENV takes it; what a builder would expand is escaped."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
    return f'"{escaped}"' if not value or any(c in value for c in " \t\"'$\\") else value


def pinned_ids(analysis: Analysis, marks: Marks) -> Mapping[int, tuple[Edit, ...]]:
    """Edits that give accounts the ids they had: packages that left the image had taken ids before them."""
    observed = analysis.observed
    found: dict[int, tuple[Edit, ...]] = {}
    for step in analysis.steps:
        if step.index not in marks.final:
            continue
        edits = _edits(step, observed.users, observed.groups, analysis.base.family == "alpine")
        if edits:
            found[step.index] = edits
    return found


def _edits(
    step: Step, users: Mapping[str, int], groups: Mapping[str, int], busybox: bool
) -> tuple[Edit, ...]:
    """The option behind each command that makes an account without saying its id."""
    edits: list[Edit] = []
    for account in step.effects.accounts:
        ids, commands = (users, _USERS) if account.kind == "user" else (groups, _GROUPS)
        if account.id is not None or account.name not in ids:
            continue
        for invocation in step.invocations:
            option = commands.get(invocation.name)
            if option is None or account.name not in invocation.arguments:
                continue
            if busybox and invocation.name.startswith("add"):
                option = option[1:3]  # busybox's applets have short options alone
            at = invocation.span.end
            edits.append(Edit(Span(at, at), f" {option} {ids[account.name]}"))
    return tuple(edits)
