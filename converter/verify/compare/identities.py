"""Level 2: users and groups.

An account that the program runs as, or that owns files, is part of what the image promises: volumes of earlier
containers carry its numbers. Accounts that packages made for themselves may leave with their packages, or get other
numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

from converter.verify.compare.accounts import Group, User
from converter.verify.compare.finding import error, judged, note, warning
from converter.verify.compare.pair import Pair
from converter.verify.compare.places import is_state
from converter.verify.compare.renumbered import Renumbered, renumbered
from converter.verify.differences import Difference, LacksId, Level

_LEVEL = Level.IDENTITIES


def compare_identities(pair: Pair) -> Iterator[Difference]:
    """Users, groups, and the name that USER has."""
    uids, gids = _owners(pair)
    named = pair.before.user.partition(":")
    before, after = pair.accounts_before, pair.accounts_after
    moved = renumbered(pair)
    for name, user in sorted(before.users.items()):
        used = user.uid in uids or named[0] in (name, str(user.uid))
        yield from _user(user, after.users.get(name), used, pair, moved)
    for name, group in sorted(before.groups.items()):
        used = group.gid in gids or named[2] in (name, str(group.gid))
        yield from _group(group, after.groups.get(name), used, _acting(pair, group), moved)
    yield from _moved(moved)
    yield from _unknown_user(pair)


def _moved(moved: Renumbered) -> Iterator[Difference]:
    """One difference for all accounts of packages that have other numbers."""
    if not moved.accounts:
        return
    changes = (f"{each.kind} {each.name} ({each.before}, now {each.after})" for each in moved.accounts)
    yield warning(
        _LEVEL,
        "accounts",
        f"packages gave their own accounts other numbers: {', '.join(changes)}; their files follow by name",
        lacks=tuple(LacksId(each.kind, each.name, each.before) for each in moved.accounts),
    )


def _owners(pair: Pair) -> tuple[set[int], set[int]]:
    """The numbers that own a path which both images have and no package brought."""
    uids, gids = {0}, {0}
    for path, entry, _ in pair.in_both():
        if (entry.uid or entry.gid) and path not in pair.owned and not is_state(path):
            uids.add(entry.uid)
            gids.add(entry.gid)
    return uids, gids


def _acting(pair: Pair, group: Group) -> bool:
    """Whether a user that may run the program is a member."""
    users = pair.accounts_before.users
    return any(member in users and users[member].acts for member in group.members)


def _user(
    before: User, after: User | None, used: bool, pair: Pair, moved: Renumbered
) -> Iterator[Difference]:
    subject = f"user {before.name}"
    if after is None:
        if used:
            yield error(
                _LEVEL,
                subject,
                f"the user {before.name} ({before.uid}) is missing and is in use",
                f"Create it in the final stage: useradd --uid {before.uid} {before.name}",
            )
        elif before.acts:
            yield warning(_LEVEL, subject, f"the user {before.name} ({before.uid}) is missing")
        else:
            yield note(_LEVEL, subject, f"the user {before.name} ({before.uid}) is missing; nothing uses it")
        return
    if not (moved.holds("user", before.uid, after.uid) and moved.holds("group", before.gid, after.gid)):
        yield judged(
            used or before.acts,
            _LEVEL,
            subject,
            f"the user {before.name} was {before.uid}:{before.gid} and is {after.uid}:{after.gid}",
            f"Pin the number in the final stage: useradd --uid {before.uid}",
            lacks=(LacksId("user", before.name, before.uid),),
        )
    for what, old, new in (("home", before.home, after.home), ("shell", before.shell, after.shell)):
        if old != new:
            gone = what == "shell" and not pair.converted.exists(old)
            yield judged(
                (used or before.acts) and not gone,
                _LEVEL,
                subject,
                f"the {what} of {before.name} was {old or 'empty'} and is {new or 'empty'}",
                f"Create the user in the final stage as the original does, with its {what}.",
            )


def _group(
    before: Group, after: Group | None, used: bool, acting: bool, moved: Renumbered
) -> Iterator[Difference]:
    subject = f"group {before.name}"
    if after is None:
        if used or acting:
            yield error(
                _LEVEL,
                subject,
                f"the group {before.name} ({before.gid}) is missing and is in use",
                f"Create it in the final stage: groupadd --gid {before.gid} {before.name}",
            )
        else:
            yield note(_LEVEL, subject, f"the group {before.name} ({before.gid}) is missing; nothing uses it")
        return
    if not moved.holds("group", before.gid, after.gid):
        yield judged(
            used or acting,
            _LEVEL,
            subject,
            f"the group {before.name} was {before.gid} and is {after.gid}",
            f"Pin the number in the final stage: groupadd --gid {before.gid}",
            lacks=(LacksId("group", before.name, before.gid),),
        )
    if gone := sorted(set(before.members) - set(after.members)):
        yield judged(
            acting,
            _LEVEL,
            subject,
            f"the group {before.name} lost its members {', '.join(gone)}",
            f"Add them in the final stage: usermod --append --groups {before.name} USER",
        )
    if added := sorted(set(after.members) - set(before.members)):
        yield warning(_LEVEL, subject, f"the group {before.name} has new members: {', '.join(added)}")


def _unknown_user(pair: Pair) -> Iterator[Difference]:
    """USER names a user or group that the conversion does not know: such a container does not start."""
    user, _, group = pair.after.user.partition(":")
    for kind, name, known, knew in (
        ("user", user, pair.accounts_after.users, pair.accounts_before.users),
        ("group", group, pair.accounts_after.groups, pair.accounts_before.groups),
    ):
        if name and not name.isdecimal() and name not in known and name not in knew:
            yield error(_LEVEL, f"{kind} {name}", f"USER names the {kind} {name}, which does not exist")
