"""What earlier commands of the file taught: `ShellState.learned`, its keys, and how they are read.

`prefix:DIR` install places of a build directory · `venv:DIR` an environment · `dir:PATH` a directory that was
made · `link:PATH` what a symbolic link points to · `text:PATH` the text of a file that was written out ·
`added:PATH` what was appended to a file whose text is not known ·
`url:PATH` where a file was downloaded from · `fetched:DIR` a tree that was cloned or unpacked ·
`home:ACCOUNT` · `package:NAME` one that was installed · `apk-group:NAME` · names of places that a setting moved.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping

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
    key, added = f"text:{path}", f"added:{path}"
    if text is None or HOLE in text or len(text) > MAX_TEXT:
        unknown = {name: () for name in (key, added) if name in state.learned or facts.origins}
        return learn(state, {**unknown, added: ()} if append else unknown)
    if before is not None:
        return learn(state, {key: (before + text,)})
    known = state.learned.get(added, ("",))
    unknown = {key: ()} if key in state.learned or facts.origins else {}
    return learn(state, {**unknown, added: tuple(each + text for each in known)})


def texts_of(paths: Iterable[str], state: ShellState) -> dict[str, tuple[str, ...]]:
    """What is known of the texts of some files."""
    keys = (f"{kind}:{path}" for path in paths for kind in ("text", "added"))
    return {key: state.learned[key] for key in keys if key in state.learned}


def written_texts(state: ShellState, facts: Facts) -> dict[str, str]:
    """The texts of files that commands wrote out, and of those that links point to, by path."""
    texts = _texts(state, "text")
    for path in _of_kind(state, "link"):
        text = known_text(followed(path, state), state, facts)
        if text is not None:
            texts[path] = text
    return texts


def added_texts(state: ShellState) -> dict[str, str]:
    """What commands appended to files of which no text is known: all of a file that was not there before."""
    return _texts(state, "added")


def _texts(state: ShellState, kind: str) -> dict[str, str]:
    return {path: text[0] for path, text in _of_kind(state, kind).items() if len(text) == 1}


def _of_kind(state: ShellState, kind: str) -> dict[str, tuple[str, ...]]:
    start = f"{kind}:"
    return {key[len(start) :]: value for key, value in state.learned.items() if key.startswith(start)}


def outdated(effects: Effects, state: ShellState) -> ShellState:
    """The state without texts of files that a command changed."""
    if not effects.writes:
        return state
    gone = {
        key: ()
        for write in effects.writes
        for kind in ("text", "added")
        if (key := f"{kind}:{write.place.path}") in state.learned and state.learned[key]
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
