"""Where a RUN may be cut: which members of its list stay together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from converter.dockerfile.model import Run
from converter.effects.model import Invocation, Member
from converter.knowledge.programs import ends_services, starts_services
from converter.shell.model import Function, Opaque, Pipeline, Script, Simple
from converter.shell.walk import descendants


def is_cuttable(run: Run, script: Script) -> bool:
    """Whether members of the list can be parted in the text.

    A here-document that belongs to a command lies behind the command line, so such a RUN stays whole,
    as does one with text that no reader understands.
    """
    if any(isinstance(item.command, Opaque) for item in script.items):
        return False
    return not run.heredocs or all(heredoc.body.start <= script.span.start for heredoc in run.heredocs)


def parted(members: Sequence[Member]) -> tuple[tuple[Member, ...], ...]:
    """The groups of members between which a RUN may be cut.

    What follows a list that left the shell in another directory stays with it, and so does what follows a
    program that goes on running (`mysqld &`, `service mysql start`): the rest may ask it something, and at
    the end of its RUN it is gone.
    """
    groups: list[list[Member]] = [[]]
    moved = running = False
    for member, following in zip_longest(members, members[1:]):
        if moved and not running and _goes_elsewhere(member):
            moved = False
            groups.append([])
        groups[-1].append(member)
        moved = moved or (following is not None and _moves_the_shell(member, following))
        running = (running or _starts(member)) and not any(map(_ends, member.invocations))
        if not running and not moved:
            groups.append([])
    return tuple(tuple(group) for group in groups if group)


def _moves_the_shell(member: Member, following: Member) -> bool:
    """Whether a list or branch does its work and leaves the shell in another directory for all that follows."""
    if isinstance(member.command, (Simple, Pipeline)):
        return False
    works = member.effects.writes or member.effects.packages or member.effects.opaque
    return bool(works) and following.before.directory not in (None, member.before.directory)


def _goes_elsewhere(member: Member) -> bool:
    """Whether it is a `cd` to a whole path, which does not depend on where the shell is."""
    words = member.command.words if isinstance(member.command, Simple) and member.state_only else ()
    return len(words) == 2 and words[0].text == "cd" and words[1].text.strip("\"'").startswith("/")


def _starts(member: Member) -> bool:
    """Whether something that it starts may still run when the next member does."""
    if member.operator == "&" or any(starts_services(i.program, i.arguments) for i in member.invocations):
        return True
    if isinstance(member.command, (Simple, Function)):
        return False
    return any(
        item.operator == "&"
        for node in descendants(member.command)
        if isinstance(node, Script)
        for item in node.items
    )


def _ends(invocation: Invocation) -> bool:
    return ends_services(invocation.program, invocation.arguments)
