"""One simple command to effects: functions, builtins, tables with their handlers, scripts, or opaque."""

from __future__ import annotations

import posixpath

from msgspec.structs import replace

from converter.dockerfile.model import HOLE
from converter.effects.arguments import Argument, assign, select
from converter.effects.builtins import BUILTINS
from converter.effects.call import Call, Learned, Rerun, RunScript
from converter.effects.facts import Facts, place_of
from converter.effects.handlers import handler
from converter.effects.memory import home_of, in_fetched_tree, learn, state_after
from converter.effects.model import (
    Effects,
    Invocation,
    Phase,
    ShellState,
)
from converter.effects.places import Place
from converter.effects.redirects import Feed
from converter.effects.rules import table_effects, variant
from converter.effects.scripts import script_of
from converter.effects.session import MAX_DEPTH, Session
from converter.knowledge.schema import Command

_NO_FEED = Feed()


def run(
    arguments: tuple[Argument, ...],
    state: ShellState,
    session: Session,
    feed: Feed = _NO_FEED,
) -> ShellState:
    """Collects what a command does and gives the state of the shell after it."""
    if not arguments:
        return state
    first = arguments[0]
    program = first.text
    name = posixpath.basename(program.rstrip("/")) or program
    if HOLE in name:
        session.invocations.append(_invocation(name, arguments, state))
        session.opaque("runs a command whose name is not known")
        return state
    local = "/" in program
    if not local:
        if name in state.functions:
            return _call_function(name, arguments, state, session)
        builtin = BUILTINS.get(name)
        if builtin is not None:
            session.invocations.append(_invocation(name, arguments, state))
            return builtin(arguments, state, session)
    session.invocations.append(_invocation(name, arguments, state))
    if session.depth >= MAX_DEPTH:
        session.opaque(f"{name} is nested too deep")
        return state
    command = _entry(program, name, session.facts)
    if local or command is None:
        path = place_of(state.directory, program) if local else None
        if not (local and command is not None and command.name in _OWN_SCRIPTS):
            script = script_of(name, path, arguments, state, session.facts)
            if script is not None:
                itself = () if path is None else (Effects(reads=(Place(path),)),)
                return _run_parts((*itself, script), state, session, Effects())
    if command is None and local:
        command = _fetched(place_of(state.directory, program), state, session)
    if command is None:
        if len(arguments) == 2 and arguments[1].text in _QUERIES:
            session.add(Effects(tools=(name,)))
        else:
            session.add(_unknown(name, arguments, state))
        return state
    return _run_table(command, program, arguments, state, session, feed)


_AMBIGUOUS = frozenset({"install", "test", "link", "split", "join", "service", "set", "time", "watch"})
_SERVICE_SCRIPTS = ("/etc/init.d/", "/etc/rc.d/init.d/")
_OWN_SCRIPTS = frozenset({"configure"})


_QUESTIONS = frozenset({"--version", "--help"})
"""Words that ask any program about itself."""
_QUERIES = _QUESTIONS | {"-version", "-V", "-h", "version", "help"}
"""Words that ask an unknown program about itself; to a known one they may mean something else (`ls -h`)."""


def _fetched(path: str, state: ShellState, session: Session) -> Command | None:
    """The entry of a program by its address, by its folder and name, or as a script of a tree that was fetched."""
    for source in state.learned.get(f"url:{path}", ()):
        if (command := session.facts.tables.find(source)) is not None:
            return command
    folder, name = posixpath.split(path)
    if (command := session.facts.tables.find(f"{posixpath.basename(folder)}/{name}")) is not None:
        return command
    if in_fetched_tree(path, state):
        return session.facts.tables.find(f"source-tree/{name}")
    return None


def _entry(program: str, name: str, facts: Facts) -> Command | None:
    """The table of a program: by its address, as a service, or by its base name."""
    tables = facts.tables
    if "/" not in program:
        return tables.find(name)
    if program.startswith(_SERVICE_SCRIPTS):
        return tables.find("service")
    if program[0] not in "/.~" and (command := tables.find(program)) is not None:
        return command
    command = tables.find(name)
    if command is not None and name in _AMBIGUOUS and not posixpath.dirname(program).endswith("bin"):
        return None
    return command


def _invocation(name: str, arguments: tuple[Argument, ...], state: ShellState) -> Invocation:
    return Invocation(
        name,
        tuple(argument.text for argument in arguments[1:]),
        arguments[0].span,
        state.directory,
        state.user,
        arguments[0].text,
    )


def _call_function(
    name: str, arguments: tuple[Argument, ...], state: ShellState, session: Session
) -> ShellState:
    if session.depth >= MAX_DEPTH:
        session.opaque(f"function {name} is nested too deep")
        return state
    return session.run_script(
        session,
        RunScript("", arguments[0].span, name, tuple(a.text for a in arguments[1:]), same_shell=True),
        state,
    )


def _unknown(name: str, arguments: tuple[Argument, ...], state: ShellState) -> Effects:
    """An opaque command; what it names as a path is at least read."""
    reads = tuple(
        Place(place_of(state.directory, argument.text))
        for argument in arguments
        if "/" in argument.text and "://" not in argument.text and argument.text[0] in f"/.~{HOLE}"
    )
    return Effects(phase=Phase.OPAQUE, reads=reads, tools=(name,), opaque=f"cannot tell what {name} does")


def _run_table(
    command: Command,
    program: str,
    arguments: tuple[Argument, ...],
    state: ShellState,
    session: Session,
    feed: Feed,
) -> ShellState:
    if len(arguments) == 2 and arguments[1].text in _QUESTIONS:
        session.add(Effects(tools=(posixpath.basename(program),)))
        return state
    chosen, name, parsed = select(command, arguments[1:])
    if chosen.subcommands and parsed.operands:
        asked = f"{command.name} {parsed.operands[0].text}"
        session.add(replace(_unknown(asked, arguments, state), tools=(posixpath.basename(program),)))
        return state
    rule = variant(chosen.rule, parsed)
    directory = state.directory
    for spelling, given in parsed.options.items():
        option = chosen.options.get(spelling)
        if option is not None and option.kind == "d":
            directory = place_of(directory, given[-1].text)
    if directory != state.directory:
        session.invocations[-1] = replace(session.invocations[-1], told=directory)
    roles = assign(parsed.operands, rule.operands)
    call = Call(
        program, name, arguments[0].span, arguments[1:], parsed, rule, roles, directory, state, session.facts,
        feed,
    )  # fmt: skip
    base = table_effects(chosen, call)
    if rule.handler is not None:
        parts = handler(rule.handler)(call, base)
    elif "c" in roles:
        parts = (base, Rerun(roles["c"], directory=directory, feed=feed))
    else:
        parts = (base,)
    return _run_parts(parts, state, session, base)


def _run_parts(
    parts: tuple[Effects | Learned | Rerun | RunScript, ...],
    state: ShellState,
    session: Session,
    base: Effects,
) -> ShellState:
    """Collects what a handler gave back; nested command lines run in a copy of the state."""
    for part in parts:
        match part:
            case Effects():
                session.add(part)
                state = state_after(part, state)
            case Learned(places):
                state = learn(state, places)
            case Rerun():
                inner = replace(
                    as_user(state, part.user, session.facts),
                    directory=part.directory if part.directory is not None else state.directory,
                    functions={},
                )
                if part.env:
                    inner = replace(inner, variables={**inner.variables, **part.env})
                session.depth += 1
                after = run(part.arguments, inner, session, part.feed)
                session.depth -= 1
                state = replace(state, learned=after.learned)
            case RunScript():
                before = len(session.effects)
                session.depth += 1
                state = session.run_script(session, part, state)
                session.depth -= 1
                if part.in_tree:
                    session.effects[before:] = [_in_tree(each) for each in session.effects[before:]]
    return state


def _in_tree(effects: Effects) -> Effects:
    """What a command of a build recipe does: unknown ones work in the tree like the rest."""
    return replace(effects, phase=Phase.BUILD, opaque=None) if effects.opaque else effects


def as_user(state: ShellState, user: str | None, facts: Facts) -> ShellState:
    """The state in which another account runs something: its home too."""
    if user is None or user == state.user:
        return state
    return replace(state, user=user, variables={**state.variables, "HOME": home_of(user, state, facts)})
