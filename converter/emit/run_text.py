"""A RUN with some members of its list: the author's text, continuation style and comments."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from converter.dockerfile.model import Run
from converter.effects.directories import cares_about_directory
from converter.effects.environment import may_read_any
from converter.effects.model import Member
from converter.effects.places import within
from converter.graph.model import carries_state, reads_into_shell
from converter.knowledge.programs import is_not_owned, is_read_everywhere, own_variables
from converter.plan.edits import edited, uses_left
from converter.plan.split import Edit
from converter.shell.model import Simple
from converter.shell.names import names_called

_ENDS_LIST = re.compile(r"[ \t]*[\\`][ \t]*\r?\n[ \t]*(?P<operator>;|&&)(?=[ \t]*[\\`][ \t]*\r?\n)")
"""An operator on a line of its own."""


class Part(Struct, frozen=True):
    """A member of a RUN's list with its place in the text and what is changed in it."""

    member: Member
    edits: tuple[Edit, ...] = ()


def run_text(
    source: str,
    run: Run,
    members: tuple[Member, ...],
    kept: frozenset[int],
    edits: Mapping[int, tuple[Edit, ...]],
    final: bool,
    absent: frozenset[str] = frozenset(),
) -> str:
    """The RUN with the members at the indices `kept`, and the state changes that these need.

    All members kept and nothing edited gives the author's text byte for byte. An empty string means that
    nothing is left. `final` says that directories of the builder may be absent, `absent` which ones certainly are.
    """
    wanted = with_state(members, kept, edits, final, absent)
    if all(carries_state(members[i]) or (not final and reads_into_shell(members[i])) for i in wanted):
        return ""
    head = source[run.span.start : members[0].span.start]
    tail = source[members[-1].span.end : run.span.end]
    if len(wanted) == len(members):
        body = "".join(
            edited(source, members[i].span, edits.get(i, ()))
            + (source[members[i].span.end : members[i + 1].span.start] if i + 1 < len(members) else "")
            for i in wanted
        )
        return head + body + tail
    lifted = ""
    out: list[str] = []
    previous: int | None = None
    for index in wanted:
        text = edited(source, members[index].span, edits.get(index, ()))
        if previous is None:
            if index > 0 and not _leads_elsewhere(members, wanted, index):
                lifted = _comments(source[members[index - 1].span.end : members[index].span.start])
            if index > 0:
                head = head if run.flags else _single_line(head)
            out.append(text)
        else:
            gap = source[members[index - 1].span.end : members[index].span.start]
            if _leads_elsewhere(members, wanted, index):
                gap = _without_comments(gap)
            if index - previous > 1 and not _ends_list(source, members, previous):
                gap = _ENDS_LIST.sub(_plain_operator, gap, count=1)
            out += [_gap(gap, members, previous, index), text]
        previous = index
    assert previous is not None
    if previous == len(members) - 1:
        out.append(tail)
    else:
        if _ignored(members[previous]):
            out.append(" || true")
        if run.heredocs and "\n" in tail:
            out.append(tail[tail.index("\n") :] if tail.lstrip(" \t").startswith("\n") else tail)
    return lifted + head + "".join(out)


def with_state(
    members: tuple[Member, ...],
    kept: frozenset[int],
    edits: Mapping[int, tuple[Edit, ...]],
    final: bool,
    absent: frozenset[str] = frozenset(),
) -> tuple[int, ...]:
    """The kept members, edited, with the `set`, `cd`, assignments and exports before them that they need."""
    chosen = {i for i in kept if not carries_state(members[i])}
    if not chosen:
        return ()
    if not final and all(carries_state(m) for i, m in enumerate(members) if i not in chosen):
        return tuple(range(len(members)))  # the author's text, with what it sets for nobody
    last = max(chosen)
    chosen |= _directories(members, chosen, edits, final, absent)
    needed: set[str] = {"IFS"}  # it says how the shell splits words, whoever uses them
    for index in range(last, -1, -1):
        member = members[index]
        if index in chosen:
            needed |= uses_left(member, edits.get(index, ()))
        elif carries_state(member) and _changes_variables(member):
            if (
                member.sets & needed
                or _reaches_programs(members, index, chosen, final)
                or any(_reads_text(members[i]) for i in chosen)
            ):
                chosen.add(index)
                needed |= uses_left(member, edits.get(index, ()))
        elif member.sets & needed:
            chosen.add(index)  # a branch or loop that sets a variable which a kept member uses
            needed |= uses_left(member, edits.get(index, ()))
        elif (carries_state(member) and _is_options(member)) or (not final and reads_into_shell(member)):
            chosen.add(index)
            needed |= uses_left(member, edits.get(index, ()))
    return tuple(sorted(chosen))


def _reaches_programs(members: tuple[Member, ...], index: int, chosen: set[int], final: bool) -> bool:
    """Whether it sets what programs see; of the final stage's only those count that a program there may look at.

    A project's own code may look at all that no word of the RUN shows.
    """
    member = members[index]
    later = [members[i] for i in chosen if i > index]
    exports = isinstance(member.command, Simple) and member.command.words[:1] and member.command.words[0].text
    handed = member.sets if exports == "export" else member.sets & member.before.exported
    named = {name for m in later for i in m.invocations for name in own_variables(i.name)}
    if any(may_read_any(m.effects, m.invocations) for m in later):
        named |= handed - {name for m in members for name in m.uses}
    anybody = is_read_everywhere if final else is_not_owned
    return any(name in named or anybody(name) for name in handed)


def _reads_text(member: Member) -> bool:
    """Whether it runs a text that may use any variable."""
    return bool(names_called(member.command) & {"eval", ".", "source"})


def _directories(
    members: tuple[Member, ...],
    chosen: set[int],
    edits: Mapping[int, tuple[Edit, ...]],
    final: bool,
    absent: frozenset[str],
) -> set[int]:
    """The `cd`s that bring each kept member into the directory it ran in.

    Where that was deleted or moved, a new one of its name is another directory: the shell has to go there again.
    """
    moves = [
        i
        for i, m in enumerate(members)
        if carries_state(m) and not _is_options(m) and not _changes_variables(m)
    ]
    taken: set[int] = set()
    here, arrived = members[0].before.directory, -1
    kept = sorted(i for i in chosen if not carries_state(members[i]))
    for index in kept:
        member = members[index]
        wanted = member.before.directory
        lost = max((i for i in kept if i < index and _takes_away(members[i], wanted)), default=-1)
        cares = not (final or wanted in absent) or _cares(member, edits.get(index, ()))
        if cares and (wanted != here or lost > arrived):
            way = _way(members, [m for m in moves if lost < m < index], here, wanted)
            taken.update(way)
            here, arrived = (wanted, way[-1]) if way else (here, arrived)
    return taken


def _takes_away(member: Member, directory: str | None) -> bool:
    """Whether a member deletes or moves a directory, or one around it."""
    return directory is not None and any(
        p.exact and within(directory, p.path) for p in member.effects.deletes
    )


def _way(members: tuple[Member, ...], moves: list[int], here: str | None, wanted: str | None) -> list[int]:
    """The last of the `cd`s that lead to a directory, as few as will do; all of them where none do."""
    after = {i: members[i + 1].before.directory if i + 1 < len(members) else None for i in moves}
    for first in range(len(moves) - 1, -1, -1):
        start = moves[first]
        if members[start].before.directory == here or _absolute(members[start], after[start]):
            for end in range(first, len(moves)):
                if after[moves[end]] == wanted:
                    return moves[first : end + 1]
    return moves


def _cares(member: Member, edits: tuple[Edit, ...]) -> bool:
    """Whether it matters in which directory an edited member runs: a deletion only if a name from there is left."""
    command, effects = member.command, member.effects
    if edits and isinstance(command, Simple) and effects.deletes and not (effects.reads or effects.writes):
        left = [w for w in command.words[1:] if not any(w.span in edit.span for edit in edits)]
        return not all(w.text.startswith(("/", "-")) for w in left)
    return cares_about_directory(member)


def _absolute(member: Member, after: str | None) -> bool:
    """Whether a `cd` goes to a whole path, wherever it starts; a variable whose value is below the start may not."""
    words = member.command.words if isinstance(member.command, Simple) else ()
    text = words[1].text.strip("\"'") if len(words) > 1 else ""
    start = member.before.directory
    below = after is None or start is None or within(after, start)
    return text.startswith("/") or (text.startswith("$") and not below)


def _is_options(member: Member) -> bool:
    words = member.command.words if isinstance(member.command, Simple) else ()
    return bool(words) and words[0].text in ("set", "shopt", "umask", "ulimit", "trap")


def _changes_variables(member: Member) -> bool:
    return bool(member.sets)


def _ignored(member: Member) -> bool:
    """Whether the shell goes on when it fails."""
    return member.operator in (";", "\n") and not member.before.errexit


def _gap(gap: str, members: tuple[Member, ...], previous: int, index: int) -> str:
    """What stands between two kept members: the text before the second, with an operator that keeps the meaning."""
    between = range(previous, index)
    if (
        len(between) > 1
        and any(_ignored(members[i]) for i in between)
        and members[index - 1].operator == "&&"
    ):
        return gap.replace(" &&", ";", 1) if gap.startswith(" &&") else gap.replace("&&", ";", 1)
    return gap


def _ends_list(source: str, members: tuple[Member, ...], index: int) -> bool:
    """Whether the operator behind a member stands on a line of its own, as behind a list of many lines."""
    gap = source[members[index].span.end : members[index + 1].span.start]
    return _ENDS_LIST.match(gap) is not None


def _plain_operator(found: re.Match[str]) -> str:
    """An operator as it stands behind a command of one line, in place of one that ended a list."""
    return ("" if found["operator"] == ";" else " ") + found["operator"]


def _leads_elsewhere(members: tuple[Member, ...], wanted: tuple[int, ...], index: int) -> bool:
    """Whether a `cd` or an assignment is repeated without what it led to: a comment above it tells of that."""
    if not carries_state(members[index]):
        return False
    led = next((i for i in range(index + 1, len(members)) if not carries_state(members[i])), None)
    return led not in wanted


def _without_comments(gap: str) -> str:
    return "".join(line for line in gap.splitlines(keepends=True) if not line.lstrip().startswith("#"))


def _comments(gap: str) -> str:
    """Comment lines of a gap, as lines of their own."""
    return "".join(f"{line.strip()}\n" for line in gap.splitlines() if line.lstrip().startswith("#"))


def _single_line(head: str) -> str:
    """A RUN's head without the continuation that led to a first member which is gone."""
    return re.sub(r"[ \t]*[\\`][ \t]*\r?\n[\s\S]*$", " ", head)
