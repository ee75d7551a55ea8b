"""Accounts that packages made for themselves and that have other numbers, since another package's account is absent.

Each package takes the next free number of its range when it is installed. What it makes for its account follows by
name, so that nothing changes in a container. That does not hold for an account of the author's own, for one that
acts, for a number that the Dockerfile says, for volumes (those of earlier containers carry the old number), and for
files that kept the old number because they were copied.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from converter.knowledge.places import is_shared
from converter.verify.compare.pair import Pair
from converter.verify.compare.places import in_distribution, is_state
from converter.verify.images.lookup import Tree
from converter.verify.images.model import Entry, Script, Text

_ALLOTTED = range(100, 1000)
"""What packages get by themselves: Debian Policy 9.2.2."""
_MAKES = re.compile(r"\badd(?:user|group)\b|\b(?:user|group)add\b|\bsysusers\b")
_SCRIPT = re.compile(r"/var/lib/dpkg/info/([^/:]+)(?::[^/]+)?\.(?:preinst|postinst)")
_SYSUSERS = re.compile(r"/usr/lib/sysusers\.d/[^/]+\.conf")


class Moved(Struct, frozen=True):
    """One account; `kind` is "user" or "group"."""

    kind: str
    name: str
    before: int
    after: int


class Renumbered(Struct, frozen=True):
    """All such accounts, sorted."""

    accounts: tuple[Moved, ...] = ()

    def holds(self, kind: str, before: int, after: int) -> bool:
        """Whether a number is the same, or that of such an account in both images."""
        return before == after or any(
            (each.kind, each.before, each.after) == (kind, before, after) for each in self.accounts
        )


def renumbered(pair: Pair) -> Renumbered:
    """The accounts whose other numbers change nothing."""
    return Renumbered(tuple(each for each in _moved(pair) if _is_harmless(each, pair)))


def _moved(pair: Pair) -> Iterator[Moved]:
    """Accounts of both images with other numbers, all of them in the range that packages get theirs from."""
    before, after = pair.accounts_before, pair.accounts_after
    groups = (
        (name, old.gid, after.groups[name].gid) for name, old in before.groups.items() if name in after.groups
    )
    users = (
        (name, old.uid, after.users[name].uid) for name, old in before.users.items() if name in after.users
    )
    for kind, accounts in (("group", groups), ("user", users)):
        for name, old, new in sorted(accounts):
            if old != new and old in _ALLOTTED and new in _ALLOTTED:
                yield Moved(kind, name, old, new)


def _is_harmless(account: Moved, pair: Pair) -> bool:
    named = {account.name, str(account.before)}
    return (
        named.isdisjoint((*pair.intended.accounts, *pair.before.user.split(":")))
        and not _acts(account, pair)
        and bool(_makers(account.name, pair.original) & _makers(account.name, pair.converted))
        and all(_follows(account, *found, pair) for found in pair.in_both())
    )


def _acts(account: Moved, pair: Pair) -> bool:
    """Whether the program may run as it, or a user as which it may is a member of it."""
    users = pair.accounts_before.users
    if account.kind == "user":
        return users[account.name].acts
    return any(
        user.acts
        for name, user in users.items()
        if user.gid == account.before or name in pair.accounts_before.groups[account.name].members
    )


def _follows(account: Moved, path: str, before: Entry, after: Entry, pair: Pair) -> bool:
    """Whether a path is not the account's, or a package's own which follows by name."""
    number: Callable[[Entry], int] = _uid if account.kind == "user" else _gid
    if number(before) != account.before:
        return True
    volume = any(path == place or path.startswith(place.rstrip("/") + "/") for place in pair.before.volumes)
    return number(after) == account.after and not volume and _is_of_packages(path, pair)


def _uid(entry: Entry) -> int:
    return entry.uid


def _gid(entry: Entry) -> int:
    return entry.gid


def _is_of_packages(path: str, pair: Pair) -> bool:
    """Whether packages brought a path or the directory that is one program's, or put there what they make."""
    if in_distribution(path) or is_state(path):
        return True
    while path and not is_shared(path):
        if path in pair.owned:
            return True
        path = path.rpartition("/")[0]
    return False


def _makers(name: str, tree: Tree) -> frozenset[str]:
    """The packages that make an account by their scripts or by sysusers.d(5)."""
    word = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])")
    return frozenset(package for package, text in _making(tree) if word.search(text) is not None)


def _making(tree: Tree) -> Iterator[tuple[str, str]]:
    """What may make accounts: the package or the file of sysusers.d, and its text."""
    for path, entry in tree.entries.items():
        match entry.content:
            case Script(text=text) if (found := _SCRIPT.fullmatch(path)) and _MAKES.search(text):
                yield found[1], text
            case Text(text=text) if _SYSUSERS.fullmatch(path):
                yield path, text
            case _:
                pass
