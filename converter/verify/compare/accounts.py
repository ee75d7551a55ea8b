"""Users and groups of an image."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from converter.verify.images.lookup import Tree

_FIRST_PERSON = 1000
_NOBODY = 65534


class User(Struct, frozen=True):
    """A line of /etc/passwd."""

    name: str
    uid: int
    gid: int
    home: str
    shell: str
    acts: bool
    """Whether the program may run as it: USER names it, or it is root or a user that a person made."""


class Group(Struct, frozen=True):
    """A line of /etc/group."""

    name: str
    gid: int
    members: tuple[str, ...]


class Accounts(Struct, frozen=True):
    """All users and groups, by name in the files' order; the first line of a name counts, as in getpwnam(3)."""

    users: Mapping[str, User]
    groups: Mapping[str, Group]

    def user(self, text: str) -> User | None:
        """The user that a name or number means."""
        found = self.users.get(text)
        if found is None and text.isdecimal():
            found = next((user for user in self.users.values() if user.uid == int(text[:12])), None)
        return found

    def user_name(self, uid: int) -> str:
        """The name of a number, or the number."""
        return next((user.name for user in self.users.values() if user.uid == uid), str(uid))

    def group_name(self, gid: int) -> str:
        """The name of a number, or the number."""
        return next((group.name for group in self.groups.values() if group.gid == gid), str(gid))


def accounts(tree: Tree) -> Accounts:
    """The accounts of /etc/passwd and /etc/group; lines that are none are left out."""
    named = tree.image.configuration.user.partition(":")[0]
    users: dict[str, User] = {}
    for fields in _lines(tree.text("/etc/passwd"), 7):
        name, uid, gid = fields[0], int(fields[2]), int(fields[3])
        person = _FIRST_PERSON <= uid < _NOBODY
        acts = uid == 0 or person or named in (name, str(uid))
        users.setdefault(name, User(name, uid, gid, fields[5], fields[6], acts))
    groups: dict[str, Group] = {}
    for fields in _lines(tree.text("/etc/group"), 4):
        members = tuple(sorted(filter(None, fields[3].split(","))))
        groups.setdefault(fields[0], Group(fields[0], int(fields[2]), members))
    return Accounts(users, groups)


def _lines(text: str, count: int) -> list[list[str]]:
    """The fields of each line that has `count` of them and numbers where they belong."""
    numbers = slice(2, 4) if count == 7 else slice(2, 3)
    found = []
    for line in text.splitlines():
        fields = line.split(":")
        if len(fields) == count and all(f.isdecimal() and len(f) < 12 for f in fields[numbers]):
            found.append(fields)
    return found
