"""What earlier commands of the file taught: `ShellState.learned`, its keys, and how they are read.

`prefix:DIR` install places of a build directory · `venv:DIR` an environment · `dir:PATH` a directory that was
made · `link:PATH` what a symbolic link points to · `text:PATH` the text of a file that was written out ·
`url:PATH` where a file was downloaded from · `fetched:DIR` a tree that was cloned or unpacked ·
`home:ACCOUNT` · `package:NAME` one that was installed · `apk-group:NAME` · names of places that a setting moved.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from msgspec.structs import replace

from converter.dockerfile.model import HOLE
from converter.effects.facts import Facts
from converter.effects.model import Effects, PackageAction, ShellState, WriteKind

MAX_TEXT = 65_536
"""Characters of a written-out file that are remembered."""


def learn(state: ShellState, places: Mapping[str, tuple[str, ...]]) -> ShellState:
    """The state with more known."""
    return replace(state, learned={**state.learned, **places})


def known_text(path: str, state: ShellState, facts: Facts) -> str | None:
    """The text of a file: written out by an earlier command, or brought from the context."""
    texts = state.learned.get(f"text:{path}")
    if texts is not None:
        return texts[0] if len(texts) == 1 else None
    return facts.read_text(path)


def written_text(path: str, text: str | None, append: bool, state: ShellState, facts: Facts) -> ShellState:
    """The state after text was written to a file by a redirect; None is text that is not known."""
    before = known_text(path, state, facts) if append and text is not None else ""
    key = f"text:{path}"
    if text is None or before is None or HOLE in text or len(text) > MAX_TEXT:
        return learn(state, {key: ()}) if key in state.learned or facts.origins else state
    return learn(state, {key: (before + text,)})


def written_texts(state: ShellState) -> dict[str, str]:
    """The texts of files that commands wrote out, by path."""
    texts = ((key.partition(":"), text) for key, text in state.learned.items())
    return {path: text[0] for (kind, _, path), text in texts if kind == "text" and text}


def outdated(effects: Effects, state: ShellState) -> ShellState:
    """The state without texts of files that a command changed."""
    if not effects.writes:
        return state
    gone = {
        key: ()
        for write in effects.writes
        if (key := f"text:{write.place.path}") in state.learned and state.learned[key]
    }
    return learn(state, gone) if gone else state


def home_of(user: str, state: ShellState, facts: Facts) -> str:
    """The home directory of an account (root's for ''): as the file made it, else as the base has it."""
    known = state.learned.get(f"home:{user.partition(':')[0]}")
    return known[-1] if known else facts.home(user)


def state_after(effects: Effects, state: ShellState) -> ShellState:
    """The state after a command: what it installed, homes of the accounts it made, texts it changed forgotten."""
    homes = {
        f"home:{account.name}": (account.home,)
        for account in effects.accounts
        if account.kind == "user" and account.home
    }
    fetched = {
        f"fetched:{write.place.path}": ()
        for write in effects.writes
        if write.kind is WriteKind.FETCH and write.place.tree
    }
    packages = {
        f"package:{package.name}": ()
        for change in effects.packages
        if change.action is PackageAction.INSTALL
        for package in change.names
    }
    known = {**homes, **fetched, **packages}
    return outdated(effects, learn(state, known) if known else state)


def installed_packages(state: ShellState) -> tuple[str, ...]:
    """The packages of the system that earlier commands installed by name."""
    return tuple(key.partition(":")[2] for key in state.learned if key.startswith("package:"))


def in_fetched_tree(path: str, state: ShellState) -> bool:
    """Whether a path lies in a tree that was cloned or unpacked, not in one of the build context."""
    while path not in ("", "/"):
        path = posixpath.dirname(path)
        if f"fetched:{path}" in state.learned:
            return True
    return False


def followed(path: str, state: ShellState) -> str:
    """The path that a symbolic link made earlier leads to, or the path itself."""
    for _ in range(8):
        targets = state.learned.get(f"link:{path}", ())
        if len(targets) != 1:
            return path
        path = posixpath.normpath(posixpath.join(posixpath.dirname(path), targets[0]))
    return path


def is_known_directory(path: str, state: ShellState) -> bool:
    """Whether an earlier command made a directory of this path, or a link to one."""
    return f"dir:{followed(path, state)}" in state.learned
