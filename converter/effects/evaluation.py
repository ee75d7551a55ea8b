"""Walks shell commands of every shape and collects their effects: from AST to simple commands to effects.

Branches are united: after an `if` a variable keeps its value only where all branches agree. A loop over a
literal list is walked once an element, another one once with its variables unknown.
"""

from __future__ import annotations

from msgspec.structs import replace

from converter.dockerfile.model import HOLE, ShellText
from converter.effects.arguments import Argument
from converter.effects.builtins import SPECIAL_BUILTINS
from converter.effects.call import RunScript
from converter.effects.command import as_user, run
from converter.effects.feeds import piped, printed_text
from converter.effects.memory import home_of, written_text
from converter.effects.model import ShellState
from converter.effects.positional import nothing_left, parameters, restored, with_parameters
from converter.effects.redirects import Feed, one_text, redirect_effects, written_file
from converter.effects.session import MAX_DEPTH, Session
from converter.shell.model import (
    Assignment,
    Case,
    Command,
    For,
    Function,
    Group,
    If,
    Item,
    Literal,
    Opaque,
    Parameter,
    Pipeline,
    Redirect,
    Script,
    Simple,
    Subshell,
    Substitution,
    Test,
    While,
    Word,
)
from converter.shell.names import names_set
from converter.shell.reader import read
from converter.shell.substitutions import on_condition
from converter.shell.values import expand

MAX_UNROLLED = 64
"""Most rounds of a loop, with those of the loops around it, that are walked one by one."""

_NO_FEED = Feed()


def walk_script(script: Script, state: ShellState, session: Session) -> ShellState:
    """Walks a list; the state after it. What `&&` and `||` skip is not followed: everything may run."""
    before: ShellState | None = None
    for item in script.items:
        after = walk_item(item, state, session)
        state = after if before is None else join_states(before, after)
        # the operand after || need not have run
        before = state if item.operator == "||" else None
    return state


def walk_item(item: Item, state: ShellState, session: Session) -> ShellState:
    """Walks one member of a list; a background command leaves the state alone."""
    after = walk(item.command, state, session)
    return replace(state, learned=after.learned) if item.operator == "&" else after


def walk(command: Command, state: ShellState, session: Session, feed: Feed = _NO_FEED) -> ShellState:
    """Walks one command; `feed` is its standard input."""
    match command:
        case Simple():
            return _simple(command, state, session, feed)
        case Pipeline():
            return _pipeline(command, state, session, feed)
        case Group():
            feed = _redirects(command.redirects, state, session, feed)
            return walk_script(command.body, state, session)
        case Subshell():
            _redirects(command.redirects, state, session, feed)
            after = walk_script(command.body, state, session)
            return replace(state, learned=after.learned)
        case If():
            return _if(command, state, session, feed)
        case For():
            return _for(command, state, session, feed)
        case While():
            _redirects(command.redirects, state, session, feed)
            if nothing_left(command.condition, state):
                return state
            inner = _unknown_variables(state, command)
            inner = walk_script(command.condition, inner, session)
            return join_states(state, walk_script(command.body, inner, session))
        case Case():
            return _case(command, state, session, feed)
        case Function():
            return replace(state, functions={**state.functions, command.name: command.body})
        case Test():
            for word in command.words:
                _substitutions(word, state, session)
            return state
        case Opaque():
            session.opaque(command.reason)
            return state


def _simple(command: Simple, state: ShellState, session: Session, feed: Feed) -> ShellState:
    inner = state
    for assignment in command.assignments:
        inner = assign_variable(assignment, inner, session)
    if not command.words:
        if command.redirects:
            _redirects(command.redirects, state, session, feed)
        return inner
    if command.assignments:
        inner = replace(inner, exported=inner.exported | {a.name for a in command.assignments})
    arguments: list[Argument] = []
    for word in command.words:
        arguments.extend(expand_word(word, state, session))  # expanded before the assignments count
    feed = _redirects(command.redirects, state, session, feed)
    after = run(tuple(arguments), inner, session, feed)
    if command.redirects and (target := written_file(command.redirects, inner, session.dialect)) is not None:
        printed = printed_text(tuple(argument.text for argument in arguments), feed, session.dialect)
        after = written_text(target[0], printed, target[1], after, session.facts)
    if not command.assignments:
        return after
    names = frozenset(assignment.name for assignment in command.assignments)
    if session.dialect != "bash" and arguments and arguments[0].text in SPECIAL_BUILTINS:
        return after
    return replace(
        after,
        variables=_restored(after, state, names),
        exported=after.exported - (names - state.exported),
    )


def _restored(after: ShellState, state: ShellState, names: frozenset[str]) -> dict[str, str]:
    """Variables after a command that had assignments of its own before it."""
    variables = dict(after.variables)
    for name in sorted(names):
        if name in state.variables:
            variables[name] = state.variables[name]
        else:
            variables.pop(name, None)
    return variables


def expand_word(word: Word, state: ShellState, session: Session) -> tuple[Argument, ...]:
    """The arguments that a word becomes; commands substituted in it are walked too."""
    parts = word.parts
    span = session.span or word.span
    if len(parts) == 1 and isinstance(part := parts[0], Literal):
        text = part.text
        if part.quoted or ("{" not in text and not text.startswith("~")):
            return (Argument(text, span, session.span is None),)
    literal = session.span is None and all(isinstance(part, Literal) for part in parts)
    if not literal:
        _substitutions(word, state, session)
    fields = expand(word, state.variables, session.dialect)
    if parts and isinstance(start := parts[0], Literal) and not start.quoted and start.text.startswith("~"):
        fields = tuple(_tilde(field, state, session) for field in fields)
    literal = literal and len(fields) == 1
    maybe = on_condition(parts[0].script) if parts and isinstance(parts[0], Substitution) else ""
    return tuple(Argument(field, span, literal, maybe) for field in fields)


def _tilde(text: str, state: ShellState, session: Session) -> str:
    """A leading `~` or `~user` as the home directory it stands for."""
    if not text.startswith("~"):
        return text
    name, slash, rest = text[1:].partition("/")
    home = home_of(name or state.user, state, session.facts)
    home = home if name else state.variables.get("HOME", home)
    return home + slash + rest


def _substitutions(word: Word, state: ShellState, session: Session) -> None:
    for part in word.parts:
        match part:
            case Substitution(script):
                if session.depth >= MAX_DEPTH:
                    session.opaque("commands are nested too deep")
                else:
                    before = len(session.effects)
                    session.depth += 1
                    walk_script(script, state, session)
                    session.depth -= 1
                    session.only_asked(before)
            case Parameter(argument=Word() as argument):
                _substitutions(argument, state, session)
            case _:
                pass


def assign_variable(assignment: Assignment, state: ShellState, session: Session) -> ShellState:
    """The state after an assignment; the commands in its value are walked."""
    values = []
    for word in assignment.values:
        _substitutions(word, state, session)
        values.append(one_text(word, state, session.dialect))
    value = " ".join(values)
    name = assignment.name.partition("[")[0]
    if assignment.append:
        joint = " " if assignment.array else ""
        value = state.variables.get(name, "") + joint + value
    return replace(state, variables={**state.variables, name: value})


def _redirects(redirects: tuple[Redirect, ...], state: ShellState, session: Session, feed: Feed) -> Feed:
    """Collects what redirects read and write; gives the standard input that results."""
    if not redirects:
        return feed
    for redirect in redirects:
        for word in (redirect.target, redirect.body):
            if word is not None:
                _substitutions(word, state, session)
    effects, feed = redirect_effects(redirects, state, session.dialect, feed)
    if effects is not None:
        session.add(effects)
    return feed


def _pipeline(command: Pipeline, state: ShellState, session: Session, feed: Feed) -> ShellState:
    if len(command.commands) == 1:
        return walk(command.commands[0], state, session, feed)
    learned = state.learned
    for part in command.commands:
        here = replace(state, learned=learned) if learned is not state.learned else state
        learned = walk(part, here, session, feed).learned
        feed = piped(part, here, session.dialect, feed)
    return replace(state, learned=learned) if learned is not state.learned else state


def _if(command: If, state: ShellState, session: Session, feed: Feed) -> ShellState:
    _redirects(command.redirects, state, session, feed)
    outcomes: list[ShellState] = []
    for condition, body in command.branches:
        state = walk_script(condition, state, session)
        outcomes.append(walk_script(body, state, session))
    outcomes.append(walk_script(command.otherwise, state, session) if command.otherwise else state)
    return _joined(outcomes)


def _case(command: Case, state: ShellState, session: Session, feed: Feed) -> ShellState:
    _redirects(command.redirects, state, session, feed)
    _substitutions(command.subject, state, session)
    outcomes = [state]
    for _, body in command.branches:
        outcomes.append(walk_script(body, state, session))
    return _joined(outcomes)


def _for(command: For, state: ShellState, session: Session, feed: Feed) -> ShellState:
    _redirects(command.redirects, state, session, feed)
    values: list[str] | None = None
    if command.words is not None and command.variable:
        values = []
        for word in command.words:
            values.extend(argument.text for argument in expand_word(word, state, session))
        if session.rounds * len(values) > MAX_UNROLLED or any(value == HOLE for value in values):
            values = None
    elif command.words is None and "#" in state.variables and command.variable:
        count = state.variables["#"]
        values = parameters(state.variables) if count.isdigit() else None
    if values is None:
        inner = _unknown_variables(state, command)
        if command.variable:
            inner = replace(inner, variables={**inner.variables, command.variable: HOLE})
        return join_states(state, walk_script(command.body, inner, session))
    before = state
    session.rounds *= max(1, len(values))
    for value in values:
        inner = replace(state, variables={**state.variables, command.variable: value})
        state = walk_script(command.body, inner, session)
    session.rounds //= max(1, len(values))
    return state if values else before


def _unknown_variables(state: ShellState, command: Command) -> ShellState:
    """The state inside a loop that runs any number of times: what it assigns is not known."""
    names = names_set(command)
    return (
        replace(state, variables={**state.variables, **dict.fromkeys(sorted(names), HOLE)})
        if names
        else state
    )


def _joined(states: list[ShellState]) -> ShellState:
    state = states[0]
    for other in states[1:]:
        state = join_states(state, other)
    return state


def join_states(one: ShellState, two: ShellState) -> ShellState:
    """What is known if either may be the case."""
    if one is two:
        return one
    variables = one.variables
    if variables is not two.variables and variables != two.variables:
        merged = dict(one.variables)
        for name, value in two.variables.items():
            if merged.get(name) != value:
                merged[name] = HOLE
        for name in one.variables:
            if name not in two.variables:
                merged[name] = HOLE
        variables = merged
    learned = one.learned
    if learned is not two.learned:
        both = dict(one.learned)
        for name, places in two.learned.items():
            both[name] = tuple(dict.fromkeys((*both.get(name, ()), *places)))
        learned = both
    return ShellState(
        variables,
        one.exported | two.exported,
        one.directory if one.directory == two.directory else None,
        one.user,
        one.errexit and two.errexit,
        {**one.functions, **two.functions} if one.functions != two.functions else one.functions,
        learned,
    )


def run_script(session: Session, part: RunScript, state: ShellState) -> ShellState:
    """Walks text that a command hands to a shell, or the function `part.name` where the text is empty."""
    inner = as_user(state, part.user, session.facts)
    if part.directory is not None:
        inner = replace(inner, directory=part.directory)
    if part.parameters or part.name:
        inner = with_parameters(inner, part.parameters, part.name or "sh")
    if not part.text and part.same_shell and part.name in state.functions:
        session.depth += 1
        after = walk(state.functions[part.name], inner, session)
        session.depth -= 1
        return restored(after, state)
    if not part.same_shell:
        inner = replace(inner, functions={})
    script = read(ShellText(part.text, ((0, 0, len(part.text)),)), session.dialect)
    outer, session.span = session.span, session.span or part.span
    session.depth += 1
    after = walk_script(script, inner, session)
    session.depth -= 1
    session.span = outer
    return after if part.same_shell else replace(state, learned=after.learned)
