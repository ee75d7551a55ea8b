"""What is in force before each instruction: ENV, ARG, WORKDIR, USER and SHELL replayed as in BuildKit."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping

from msgspec.structs import replace

from converter.dockerfile.expansion import Lookup, expand
from converter.dockerfile.model import (
    HOLE,
    AnyInstruction,
    Arg,
    Dockerfile,
    Env,
    From,
    Shell,
    State,
    User,
    Workdir,
)

PLATFORM_ARGS = (
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETARCH",
    "TARGETVARIANT",
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDARCH",
    "BUILDVARIANT",
)
"""Set by BuildKit in the global scope; a stage sees them after `ARG NAME`."""

PROXY_ARGS = ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
"""Predefined: they may be given without any ARG instruction, in upper or lower case."""

DEFAULT_SHELL = ("/bin/sh", "-c")


def states(
    dockerfile: Dockerfile,
    base: Callable[[str], State],
    build_args: Mapping[str, str] | None = None,
) -> tuple[State, ...]:
    """The state before each instruction, and one more after the last.

    The state before a FROM is the one that the stage above ends with. `base` says what an image starts with;
    a stage that is built FROM an earlier one starts with what that one ends with, its ARGs left out.
    """
    given = dict(build_args or {})
    global_args, global_unset = _global_args(dockerfile, given)
    proxies = {name: value for name, value in given.items() if name.upper() in PROXY_ARGS}
    ended: dict[str, State] = {}
    stage_name: str | None = None
    state = State(args=global_args, unset_args=global_unset)
    in_stage = False
    out = []
    for each in dockerfile.instructions:
        out.append(state)
        if isinstance(each, From):
            if stage_name is not None:
                ended[stage_name] = state
            image = _expanded_image(each, global_args, global_unset, dockerfile.escape)
            start = ended.get(image.lower()) or base(image)
            state = replace(start, args=dict(proxies), unset_args=frozenset())
            stage_name, in_stage = each.name, True
        elif in_stage:
            state = _after(state, each, given, global_args, global_unset, dockerfile.escape)
    out.append(state)
    return tuple(out)


def image_reference(dockerfile: Dockerfile, from_: From, build_args: Mapping[str, str] | None = None) -> str:
    """The image of a FROM with global ARGs expanded; HOLE where a value is not known."""
    values, unset = _global_args(dockerfile, dict(build_args or {}))
    return _expanded_image(from_, values, unset, dockerfile.escape)


def lookup(state: State) -> Lookup:
    """What a variable stands for in a state: ENV beats ARG; None where it is not set as far as is known.

    So says the Dockerfile reference. BuildKit lets an ARG win that stands after an ENV of the same name.
    """

    def value(name: str) -> str | None:
        if name in state.env:
            return state.env[name]
        return None if name in state.unset_args else state.args.get(name)

    return value


def expand_in(state: State, text: str, escape: str = "\\") -> str:
    """`text` expanded in a state; a plain `$x` that nothing sets is HOLE: the base or a build may set it."""
    return expand(text, lookup(state), escape, HOLE)


def _global_args(dockerfile: Dockerfile, given: Mapping[str, str]) -> tuple[dict[str, str], frozenset[str]]:
    values = {name: given.get(name, HOLE) for name in PLATFORM_ARGS}
    unset: set[str] = set()
    for each in dockerfile.instructions:
        if not isinstance(each, Arg):
            break
        for name_word, default in each.pairs:
            name = name_word.text
            if name in given:
                values[name] = given[name]
            elif default is not None:
                values[name] = expand(default.text, _lookup_args(values, unset), dockerfile.escape, HOLE)
            elif name not in values:
                values[name] = ""
                unset.add(name)
                continue
            unset.discard(name)
    return values, frozenset(unset)


def _lookup_args(values: Mapping[str, str], unset: set[str] | frozenset[str]) -> Lookup:
    return lambda name: None if name in unset else values.get(name)


def _expanded_image(from_: From, values: Mapping[str, str], unset: frozenset[str], escape: str) -> str:
    return expand(from_.image.text, _lookup_args(values, unset), escape, HOLE)


def _after(
    state: State,
    each: AnyInstruction,
    given: Mapping[str, str],
    global_args: Mapping[str, str],
    global_unset: frozenset[str],
    escape: str,
) -> State:
    match each:
        case Env():
            added = {
                expand_in(state, name.text, escape): expand_in(state, value.text, escape)
                for name, value in each.pairs
            }
            return replace(state, env={**state.env, **added})
        case Arg():
            return _with_args(state, each, given, global_args, global_unset, escape)
        case Workdir():
            path = expand_in(state, each.path.text, escape)
            return replace(state, workdir=_directory(state.workdir, path), declared_workdir=True)
        case User():
            return replace(state, user=expand_in(state, each.name.text, escape))
        case Shell():
            return replace(state, shell=each.words)
        case _:
            return state


def _with_args(
    state: State,
    each: Arg,
    given: Mapping[str, str],
    global_args: Mapping[str, str],
    global_unset: frozenset[str],
    escape: str,
) -> State:
    args = dict(state.args)
    unset = set(state.unset_args)
    for name_word, default in each.pairs:
        name = expand_in(state, name_word.text, escape)
        if name in given:
            args[name] = given[name]
        elif default is not None:
            so_far = replace(state, args=args, unset_args=frozenset(unset))
            args[name] = expand_in(so_far, default.text, escape)
        elif name in global_args and name not in global_unset:
            args[name] = global_args[name]
        elif name not in args:
            args[name] = ""
            unset.add(name)
            continue
        else:
            continue
        unset.discard(name)
    return replace(state, args=args, unset_args=frozenset(unset))


def _directory(current: str | None, path: str) -> str | None:
    if HOLE in path:
        return None
    if not path.startswith("/"):
        if current is None:
            return None
        path = posixpath.join(current, path)
    return "/" + posixpath.normpath(path).lstrip("/")
