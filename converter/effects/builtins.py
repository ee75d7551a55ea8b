"""Commands of the shell itself: they change its state, run text in it, or do nothing that lasts."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from msgspec.structs import replace

from converter.dockerfile.model import HOLE
from converter.effects.arguments import Argument
from converter.effects.call import RunScript
from converter.effects.facts import place_of
from converter.effects.memory import home_of, known_text
from converter.effects.model import Effects, Phase, ShellState
from converter.effects.places import Place
from converter.effects.positional import parameters, with_parameters
from converter.effects.session import MAX_DEPTH, Session

Builtin = Callable[[tuple[Argument, ...], ShellState, Session], ShellState]

SPECIAL_BUILTINS = frozenset(
    [":", ".", "eval", "exec", "export", "readonly", "set", "shift", "times", "trap", "unset"]
)
"""Builtins of POSIX before which an assignment is one of the shell itself (not in bash's own mode)."""

STATE_ONLY = frozenset(
    [
        "cd",
        "chdir",
        "pushd",
        "popd",
        "set",
        "export",
        "unset",
        "shopt",
        "declare",
        "typeset",
        "readonly",
        "local",
        "alias",
        "unalias",
        "umask",
        "ulimit",
        "trap",
        "hash",
        "shift",
        ":",
    ]
)
"""Builtins that start no process and touch no file."""


def with_variable(state: ShellState, name: str, value: str, exported: bool = False) -> ShellState:
    """The state with one variable set."""
    return replace(
        state,
        variables={**state.variables, name: value},
        exported=state.exported | {name} if exported else state.exported,
    )


def _nothing(arguments: tuple[Argument, ...], state: ShellState, session: Session) -> ShellState:
    return state


def _cd(arguments: tuple[Argument, ...], state: ShellState, session: Session) -> ShellState:
    targets = [a.text for a in arguments[1:] if not a.text.startswith("-") or a.text == "-"]
    if not targets:
        home = state.variables.get("HOME") or home_of(state.user, state, session.facts)
        return change_directory(state, home)
    if targets[0] == "-" or targets[0] == "":
        return replace(
            state, directory=state.variables.get("OLDPWD") if targets[0] == "-" else state.directory
        )
    return change_directory(state, targets[0])


def change_directory(state: ShellState, target: str) -> ShellState:
    """The state after `cd target`."""
    directory: str | None = place_of(state.directory, target)
    if directory is not None and (directory == HOLE or not directory.startswith(("/", HOLE))):
        directory = None
    variables = {**state.variables, "PWD": directory or HOLE, "OLDPWD": state.directory or HOLE}
    return replace(state, directory=directory, variables=variables)


_STACK = "directory-stack"


def _pushd(arguments: tuple[Argument, ...], state: ShellState, session: Session) -> ShellState:
    stack = (*state.learned.get(_STACK, ()), state.directory or HOLE)
    after = _cd(arguments, state, session)
    return replace(after, learned={**after.learned, _STACK: stack})


def _popd(arguments: tuple[Argument, ...], state: ShellState, session: Session) -> ShellState:
    stack = state.learned.get(_STACK, ())
    if not stack:
        return replace(state, directory=None)
    after = change_directory(state, stack[-1])
    return replace(after, learned={**after.learned, _STACK: stack[:-1]})


def _set(arguments: tuple[Argument, ...], state: ShellState, session: Session) -> ShellState:
    errexit = state.errexit
    words = [argument.text for argument in arguments[1:]]
    for index, word in enumerate(words):
        if word == "--" or word[:1] not in "-+":
            values = words[index + 1 :] if word == "--" else words[index:]
            if index and words[index - 1] in ("-o", "+o") and word != "--":
                continue
            return replace(with_parameters(state, values), errexit=errexit)
        if word in ("-o", "+o"):
            following = words[index + 1] if index + 1 < len(words) else ""
            if following == "errexit":
                errexit = word == "-o"
        elif "e" in word[1:]:
            errexit = word[0] == "-"
        if word[0] == "-" and word.endswith("o") and index + 1 < len(words) and words[index + 1] == "errexit":
            errexit = True
    return replace(state, errexit=errexit)


def _shift(arguments: tuple[Argument, ...], state: ShellState, session: Session) -> ShellState:
    count = int(arguments[1].text) if len(arguments) > 1 and arguments[1].text.isdigit() else 1
    return with_parameters(state, parameters(state.variables)[count:])


def _export(arguments: tuple[Argument, ...], state: ShellState, session: Session) -> ShellState:
    exports = arguments[0].text == "export" or any(
        a.text.startswith("-") and "x" in a.text for a in arguments[1:]
    )
    variables = dict(state.variables)
    exported = set(state.exported)
    for argument in arguments[1:]:
        if argument.text.startswith("-"):
            continue
        name, equals, value = argument.text.partition("=")
        if name.endswith("+"):
            name, value = name[:-1], variables.get(name[:-1], "") + value
        if equals:
            variables[name] = value
        if exports:
            exported.add(name)
    return replace(state, variables=variables, exported=frozenset(exported))


def _unset(arguments: tuple[Argument, ...], state: ShellState, session: Session) -> ShellState:
    names = {argument.text for argument in arguments[1:]}
    return replace(
        state,
        variables={name: value for name, value in state.variables.items() if name not in names},
        functions={name: body for name, body in state.functions.items() if name not in names},
    )


def _read(arguments: tuple[Argument, ...], state: ShellState, session: Session) -> ShellState:
    names = [a.text for a in arguments[1:] if not a.text.startswith("-")] or ["REPLY"]
    return replace(state, variables={**state.variables, **dict.fromkeys(names, HOLE)})


def _eval(arguments: tuple[Argument, ...], state: ShellState, session: Session) -> ShellState:
    text = " ".join(argument.text for argument in arguments[1:])
    if text.strip(f" {HOLE}") == "" or session.depth >= MAX_DEPTH:
        if HOLE in text and not _prints_environment(session):
            session.opaque("evaluates text that is not known")
        return state
    return session.run_script(session, RunScript(text, arguments[0].span, same_shell=True), state)


def _prints_environment(session: Session) -> bool:
    """Whether the text to evaluate was printed by a known command that does nothing else (`rbenv init -`)."""
    if len(session.invocations) < 2 or not session.effects:
        return False
    last = session.effects[-1]
    silent = last.phase is Phase.NONE and last.opaque is None and not (last.reads or last.network)
    return silent and session.invocations[-2].name in last.tools


def _source(arguments: tuple[Argument, ...], state: ShellState, session: Session) -> ShellState:
    if len(arguments) < 2:
        return state
    path = place_of(state.directory, arguments[1].text)
    session.add(Effects(phase=Phase.NONE, reads=(Place(path),)))
    directory, name = posixpath.split(path)
    if name.startswith("activate") and posixpath.basename(directory) == "bin":
        environment = posixpath.dirname(directory)
        search = f"{directory}:{state.variables.get('PATH', '')}".rstrip(":")
        variables = {**state.variables, "PATH": search, "VIRTUAL_ENV": environment}
        return replace(state, variables=variables, exported=state.exported | {"PATH", "VIRTUAL_ENV"})
    text = known_text(path, state, session.facts)
    if text is not None and session.depth < MAX_DEPTH:
        return session.run_script(session, RunScript(text, arguments[0].span, path, same_shell=True), state)
    return state


def _deactivate(arguments: tuple[Argument, ...], state: ShellState, session: Session) -> ShellState:
    """The function that `activate` of a virtual environment defines."""
    environment = state.variables.get("VIRTUAL_ENV")
    if environment is None:
        return state
    search = state.variables.get("PATH", "").removeprefix(f"{environment}/bin:")
    kept = {name: value for name, value in state.variables.items() if name != "VIRTUAL_ENV"}
    return replace(state, variables={**kept, "PATH": search})


_IDLE = [
    ":",
    "true",
    "false",
    "exit",
    "return",
    "break",
    "continue",
    "wait",
    "trap",
    "umask",
    "ulimit",
    "alias",
    "unalias",
    "hash",
    "type",
    "shopt",
    "let",
    "getopts",
    "jobs",
    "fg",
    "bg",
    "disown",
    "times",
    "enable",
    "complete",
    "compgen",
    "bind",
    "dirs",
    "caller",
    "history",
    "fc",
    "logout",
    "suspend",
]

BUILTINS: dict[str, Builtin] = {
    **dict.fromkeys(("cd", "chdir"), _cd),  # dash and BusyBox know both
    "pushd": _pushd,
    "popd": _popd,
    "set": _set,
    **dict.fromkeys(("export", "declare", "typeset", "readonly", "local"), _export),
    "unset": _unset,
    "read": _read,
    "mapfile": _read,
    "shift": _shift,
    "eval": _eval,
    ".": _source,
    "source": _source,
    "deactivate": _deactivate,
    **dict.fromkeys(_IDLE, _nothing),
}
