"""What a comparison of both images found missing, put into the final stage: variables and ids of accounts."""

from __future__ import annotations

from collections.abc import Mapping

from converter.graph.model import Analysis, Step
from converter.plan.marks import Marks
from converter.plan.split import Edit, Insertion, Stage
from converter.span import Span

_USERS = {"useradd": "--uid", "adduser": "--uid"}
_GROUPS = {"groupadd": "--gid", "addgroup": "--gid"}


def environment(analysis: Analysis) -> tuple[Insertion, ...]:
    """ENV lines right after FROM."""
    lines = [f"ENV {name}={_quoted(value)}" for name, value in sorted(analysis.observed.env.items())]
    return (Insertion(Stage.FINAL, -1, "\n".join(lines)),) if lines else ()


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
