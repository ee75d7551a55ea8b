"""A RUN's script to its members: what can become a step of its own, each with effects and shell state.

A member is one command of the top-level list. An and-or list that holds `||` is one member up to the last
operand that `||` guards: in `a && b || c && d` the failure of `a` or `b` leads to `c`, so cutting inside
would change what runs; `d` runs only after success, so it stands alone. Compounds, pipelines and whole
background lists (`a && b &`) are one member each.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from converter.dockerfile.model import HOLE, State
from converter.effects.arguments import Argument
from converter.effects.builtins import STATE_ONLY
from converter.effects.command import run as run_command
from converter.effects.evaluation import run_script, walk_item
from converter.effects.evaluation import walk_script as walk_list
from converter.effects.facts import Facts
from converter.effects.memory import home_of
from converter.effects.model import NOTHING, Effects, Invocation, Member, ShellState, merge
from converter.effects.redirects import Feed
from converter.effects.session import Session
from converter.shell.dialects import shell_command
from converter.shell.model import Command, Function, Group, Item, Literal, Script, Simple
from converter.span import Span

_NO_FEED = Feed()
_SHELLS = {"rpm": "bash", "debian": "dash"}
"""What `sh` is in a family of distributions, where they agree about it."""


def shell_state(state: State, before: ShellState | None = None) -> ShellState:
    """The state a RUN's shell starts in; `before` is the state that the preceding RUN ended in."""
    command = shell_command(state.shell)
    return ShellState(
        variables={**state.args, **state.env} if state.args else state.env,
        exported=frozenset(state.env) | frozenset(state.args),
        directory=state.workdir,
        user=state.user,
        errexit=bool(command and command.errexit),
        learned=before.learned if before is not None else {},
    )


def members(
    script: Script, state: ShellState, facts: Facts, dialect: str = "sh"
) -> tuple[tuple[Member, ...], ShellState]:
    """The members of a script in order, and the state of the shell at its end.

    Hand the result's `learned` on to the next RUN (`shell_state(state, before)`).
    """
    if dialect == "sh":
        dialect = _SHELLS.get(facts.family, dialect)
    known = {"HOME": home_of(state.user, state, facts), "PWD": state.directory or HOLE, **facts.printed}
    if known.keys() - state.variables.keys():
        state = replace(state, variables={**known, **state.variables})
    found: list[Member] = []
    for items in groups(script.items):
        session = Session(facts, run_script, dialect)
        before = state
        if len(items) == 1:
            state = walk_item(items[0], state, session)
            command: Command = items[0].command
        else:
            span = Span(items[0].command.span.start, items[-1].command.span.end)
            body = Script(span, items)
            state = walk_list(body, state, session)
            command = Group(span, body)
            if items[-1].operator == "&":
                state = before
        found.append(
            Member(
                command,
                command.span,
                items[-1].operator,
                before,
                _united(session.effects),
                tuple(session.invocations),
                _state_only(command, session),
            )
        )
    return tuple(found), state


def invocation_effects(invocation: Invocation, facts: Facts, feed: Feed = _NO_FEED) -> Effects:
    """What one evaluated command does, outside of any RUN; `feed` is its standard input."""
    session = Session(facts, run_script)
    state = ShellState(
        variables={"HOME": facts.home(invocation.user)}, directory=invocation.directory, user=invocation.user
    )
    words = (invocation.program or invocation.name, *invocation.arguments)
    run_command(tuple(Argument(word, invocation.span, False) for word in words), state, session, feed)
    return _united(session.effects)


def groups(items: tuple[Item, ...]) -> Iterator[tuple[Item, ...]]:
    """The items of a list that belong together, in order."""
    at = 0
    while at < len(items):
        end = at
        while items[end].operator in ("&&", "||") and end + 1 < len(items):
            end += 1
        chain = items[at : end + 1]
        if chain[-1].operator == "&":
            yield chain
        else:
            guarded = max((i for i, item in enumerate(chain) if item.operator == "||"), default=-1)
            if guarded >= 0:
                yield chain[: guarded + 2]
            for item in chain[guarded + 2 if guarded >= 0 else 0 :]:
                yield (item,)
        at = end + 1


def _united(effects: list[Effects]) -> Effects:
    return merge(tuple(effects)) if effects else NOTHING


def _state_only(command: Command, session: Session) -> bool:
    """Whether a member starts no process and touches no file."""
    if isinstance(command, Function):
        return True
    if not isinstance(command, Simple) or command.redirects or session.effects:
        return False
    if not command.words:
        return True
    first = command.words[0].parts
    return len(first) == 1 and isinstance(first[0], Literal) and first[0].text in STATE_ONLY
