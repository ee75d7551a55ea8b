"""One simple command to effects: functions, builtins, tables with their handlers, scripts, or opaque."""

from __future__ import annotations

import posixpath
from dataclasses import replace

from converter.dockerfile.model import HOLE
from converter.effects import templates
from converter.effects.arguments import Argument, Parsed, assign, select
from converter.effects.builtins import BUILTINS
from converter.effects.call import Call, Learned, Rerun, RunScript
from converter.effects.facts import Facts, place_of
from converter.effects.handlers import HANDLERS
from converter.effects.memory import learn, outdated
from converter.effects.model import (
    Basis,
    Effects,
    Invocation,
    LibraryChange,
    PackageAction,
    PackageChange,
    Phase,
    ShellState,
    Write,
    WriteKind,
)
from converter.effects.package_names import package_names
from converter.effects.places import Place
from converter.effects.redirects import Feed
from converter.effects.scripts import script_of
from converter.effects.session import MAX_DEPTH, Session
from converter.knowledge.schema import Command, Condition, Rule

_NO_FEED = Feed()
_PHASES = {phase.value: phase for phase in Phase}
_ACTIONS = {action.value: action for action in PackageAction}


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
    tables = session.facts.tables
    command = tables.find(program) if local and program[0] not in "/.~" and "." in program else None
    command = command or tables.find("service" if program.startswith(_SERVICE_SCRIPTS) else name)
    if local and command is not None and command.name in _AMBIGUOUS and not _in_bin(program):
        command = None
    if local or command is None:
        path = place_of(state.directory, program) if local else None
        if not (local and command is not None and command.name in _OWN_SCRIPTS):
            script = script_of(name, path, arguments, state, session.facts)
            if script is not None:
                return _run_parts((script,), state, session, Effects())
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


_QUERIES = frozenset({"--version", "-version", "-V", "--help", "-h", "version", "help"})


def _fetched(path: str, state: ShellState, session: Session) -> Command | None:
    """The entry of the address that a program was downloaded from."""
    for source in state.learned.get(f"url:{path}", ()):
        if (command := session.facts.tables.find(source)) is not None:
            return command
    return None


def _in_bin(program: str) -> bool:
    return posixpath.dirname(program).endswith("bin")


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
    chosen, name, parsed = select(command, arguments[1:])
    if chosen.subcommands and parsed.operands:
        asked = f"{command.name} {parsed.operands[0].text}"
        session.add(replace(_unknown(asked, arguments, state), tools=(posixpath.basename(program),)))
        return state
    rule = _variant(chosen.rule, parsed)
    directory = state.directory
    for option in chosen.options.values():
        if option.kind == "d" and option.name in parsed.options:
            directory = place_of(directory, parsed.options[option.name][-1].text)
    roles = assign(parsed.operands, rule.operands)
    call = Call(
        program, name, arguments[0].span, arguments[1:], parsed, rule, roles, directory, state, session.facts,
        feed,
    )  # fmt: skip
    base = _table_effects(command, chosen, call)
    if rule.handler is not None:
        parts = HANDLERS[rule.handler](call, base)
    elif "c" in roles:
        parts = (base, Rerun(roles["c"], directory=directory, feed=feed))
    else:
        parts = (base,)
    return _run_parts(parts, state, session, base)


def _variant(rule: Rule, parsed: Parsed) -> Rule:
    for condition, variant in rule.variants:
        if _holds(condition, parsed):
            return variant
    return rule


def _holds(condition: Condition, parsed: Parsed) -> bool:
    operands = parsed.operands
    if condition.having and not parsed.has(*condition.having):
        return False
    if condition.lacking and parsed.has(*condition.lacking):
        return False
    if condition.first and not (operands and operands[0].text in condition.first):
        return False
    if len(operands) < condition.low:
        return False
    return condition.high is None or len(operands) <= condition.high


def _table_effects(command: Command, chosen: Command, call: Call) -> Effects:
    """What the table alone says."""
    rule, parsed = call.rule, call.parsed
    reads = templates.places(rule.reads, call)
    writes = templates.writes(rule.writes, call)
    tool = posixpath.basename(call.program)
    if "/" in call.program:
        reads += (
            call.place(call.program)
            if call.directory == call.state.directory
            else Place(place_of(call.state.directory, call.program)),
        )
    for name, given in parsed.options.items():
        option = chosen.options.get(name)
        if option is None or option.kind is None or option.kind in ("?", "d", ""):
            continue
        found = tuple(
            call.place(value.text, option.kind == "t") for value in given if value.text not in ("", "-")
        )
        found = tuple(place for place in found if not place.path.startswith(("/dev/", "/proc/")))
        if option.kind == "r":
            reads += found
        else:
            kind = WriteKind.TREE if option.kind == "t" else WriteKind.OUTPUT
            writes += tuple(Write(place, kind, Basis.PROVEN) for place in found)
    packages: tuple[PackageChange, ...] = ()
    if rule.packages is not None:
        manager = tool if rule.packages.manager == "{program}" else rule.packages.manager
        names, complete = package_names(manager, call.roles.get("p", ()))
        group = next((v for option in rule.packages.group if (v := parsed.value(option))), None)
        packages = (
            PackageChange(
                manager,
                _ACTIONS[rule.packages.action],
                names,
                group,
                parsed.has(*rule.packages.autoremove),
                complete,
            ),
        )
    libraries: tuple[LibraryChange, ...] = ()
    if rule.libraries is not None:
        libraries = (
            LibraryChange(
                rule.libraries.ecosystem,
                tuple(argument.text for argument in call.roles.get("p", ())),
                rule.libraries.always_global or parsed.has(*rule.libraries.globally),
            ),
        )
    owners = tuple(v for option in rule.owners for v in _owners(option, call))
    return Effects(
        phase=_PHASES[rule.phase],
        reads=reads,
        writes=writes,
        deletes=templates.places(rule.deletes, call),
        attributes=templates.places(rule.attributes, call),
        owners=owners,
        packages=packages,
        libraries=libraries,
        tools=(tool, *rule.tools),
        network=rule.network,
        opaque=rule.opaque,
    )


def _owners(source: str, call: Call) -> tuple[str, ...]:
    texts = (
        call.parsed.values(source) if source[0] == "-" else tuple(a.text for a in call.roles.get(source, ()))
    )
    return tuple(
        name for text in texts for name in text.split(":") if name and not name.isdigit() and HOLE not in name
    )


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
                state = outdated(part, state)
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
    return replace(state, user=user, variables={**state.variables, "HOME": facts.home(user)})


def tables_know(name: str, facts: Facts) -> bool:
    """Whether a table or the shell itself says what a program of this name does."""
    return name in BUILTINS or facts.tables.find(name) is not None
