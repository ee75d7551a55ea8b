"""Other permissions of a directory that change nothing for anybody: COPY makes directories anew with 0755."""

from __future__ import annotations

from collections.abc import Iterator

from converter.verify.compare.accounts import Accounts
from converter.verify.compare.pair import Pair
from converter.verify.images.model import Entry, Kind

_WRITE_OF_GROUP = 0o020
_READ_OF_OTHERS = 0o055
_FIRST_OF_PACKAGES = 100
"""Accounts below this number are the distribution's own, as which nothing runs (Debian Policy 9.2.2)."""


def is_harmless_mode(path: str, before: Entry, after: Entry, pair: Pair) -> bool:
    """Whether only root could use what a directory of root's lost, or reaches what it opens."""
    if before.kind is not Kind.DIRECTORY or any((before.uid, before.gid, after.uid, after.gid)):
        return False
    lost, gained = before.mode & ~after.mode, after.mode & ~before.mode
    if lost == _WRITE_OF_GROUP and not gained:
        return _is_of_root_alone(pair)
    return not lost and not gained & ~_READ_OF_OTHERS and _is_closed(path, pair)


def _is_of_root_alone(pair: Pair) -> bool:
    """Whether nobody but root is in the group root: a number that no account has is, as USER."""
    user, _, group = pair.before.user.partition(":")
    known = pair.accounts_before.user(user) is not None
    if group in ("0", "root") or (user.isdecimal() and int(user[:12]) and not group and not known):
        return False
    return not any(_others(pair.accounts_before))


def _others(accounts: Accounts) -> Iterator[str]:
    """Users in the group root that a program may run as."""
    root = next((group.members for group in accounts.groups.values() if group.gid == 0), ())
    for name, user in accounts.users.items():
        if user.uid and (user.acts or user.uid >= _FIRST_OF_PACKAGES) and (user.gid == 0 or name in root):
            yield name


def _is_closed(path: str, pair: Pair) -> bool:
    """Whether a directory around it, in the conversion, lets nobody in but root."""
    while path := path.rpartition("/")[0]:
        around = pair.converted.entries.get(path)
        if around is not None and not around.uid and not around.mode & 0o077:
            return True
    return False
