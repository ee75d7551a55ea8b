"""Level 3: paths that both images have: type, owner, mode, capabilities, and content where it is no ELF file.

ELF files are built anew, stripped, or come from another patch level; whether they fit is the level ELF's question.
Files with time stamps or random content differ between any two builds: their content is worth a warning; that of
byte code and of what tools note for themselves (the index of git) is worth nothing, and neither are zip archives
with the same members.
"""

from __future__ import annotations

from collections.abc import Iterator

from converter.knowledge.places import is_shared
from converter.knowledge.volatile import is_bookkeeping, is_volatile
from converter.verify.compare.finding import error, judged, warning
from converter.verify.compare.modes import is_harmless_mode
from converter.verify.compare.name_services import NAME_SERVICES, same_services
from converter.verify.compare.pair import Pair
from converter.verify.compare.places import in_builder_place, is_application, is_leftover, is_state
from converter.verify.compare.renumbered import Renumbered, renumbered
from converter.verify.differences import Difference, Level
from converter.verify.images.model import Elf, Entry, Kind, Members, Text

_LEVEL = Level.PATHS
_SET_ID = 0o7000
_READ_BY_ALL = frozenset(("/etc/passwd", "/etc/group"))
"""Their content is the level identities' question, but every program must be able to read them."""


def compare_paths(pair: Pair) -> Iterator[Difference]:
    """All differences at paths that both have; links are their own level."""
    moved = renumbered(pair)
    for path, before, after in pair.in_both():
        if path in _READ_BY_ALL:
            yield from _owner(path, before, after, True, pair, moved)
            yield from _mode(path, before, after, True)
        if before.kind is Kind.LINK or (is_state(path) and not pair.is_promised(path)):
            continue
        if before.kind is not after.kind:
            if _is_delivered(path, pair):
                continue
            yield judged(
                is_application(path, pair),
                _LEVEL,
                path,
                f"{path} was a {before.kind} and is a {after.kind}",
                "Copy the path from the builder by its own name, or its parent directory.",
            )
            continue
        serious = _serious(path, before, pair)
        yield from _owner(path, before, after, serious, pair, moved)
        yield from _mode(path, before, after, serious and not is_harmless_mode(path, before, after, pair))
        yield from _capabilities(path, before, after)
        if before.sha256 != after.sha256 and not _is_delivered(path, pair):
            yield from _content(path, before, after, serious and not pair.is_made_at_random(path))


def _serious(path: str, entry: Entry, pair: Pair) -> bool:
    if pair.is_promised(path):
        return True
    if entry.kind is Kind.DIRECTORY and is_shared(path):
        return False
    return is_application(path, pair) and not in_builder_place(path) and not is_leftover(path)


def _is_delivered(path: str, pair: Pair) -> bool:
    """Whether the distribution's packages explain the difference: nobody changed what they deliver."""
    return pair.is_delivered(path) or (not path.startswith("/etc/") and pair.of_other_version(path))


def _owner(
    path: str, before: Entry, after: Entry, serious: bool, pair: Pair, moved: Renumbered
) -> Iterator[Difference]:
    if moved.holds("user", before.uid, after.uid) and moved.holds("group", before.gid, after.gid):
        return
    old, new = pair.accounts_before, pair.accounts_after
    names = f"{old.user_name(before.uid)}:{old.group_name(before.gid)}"
    same_names = names == f"{new.user_name(after.uid)}:{new.group_name(after.gid)}"
    numbers = f"{before.uid}:{before.gid}"
    yield judged(
        serious and not same_names,
        _LEVEL,
        path,
        f"{path} belonged to {numbers} ({names}) and belongs to {after.uid}:{after.gid}",
        f"Copy it with --chown={numbers}, or repeat the chown in the final stage.",
    )


def _mode(path: str, before: Entry, after: Entry, serious: bool) -> Iterator[Difference]:
    if before.mode == after.mode:
        return
    yield judged(
        serious or bool((before.mode ^ after.mode) & _SET_ID and before.kind is Kind.FILE),
        _LEVEL,
        path,
        f"the mode of {path} was {before.mode:04o} and is {after.mode:04o}",
        f"Repeat it in the final stage: chmod {before.mode:04o} {path}",
    )


def _capabilities(path: str, before: Entry, after: Entry) -> Iterator[Difference]:
    if before.capabilities == after.capabilities:
        return
    if not before.capabilities:
        yield warning(_LEVEL, path, f"{path} has file capabilities that the original has not")
        return
    what = "other" if after.capabilities else "no"
    yield error(
        _LEVEL,
        path,
        f"{path} had file capabilities and has {what} ones",
        "Run setcap again in the final stage: the legacy builder drops capabilities when it copies.",
    )


def _content(path: str, before: Entry, after: Entry, serious: bool) -> Iterator[Difference]:
    if before.kind is not Kind.FILE or is_bookkeeping(path):
        return
    if isinstance(before.content, Members) and before.content == after.content:
        return
    if path == NAME_SERVICES and isinstance(before.content, Text) and isinstance(after.content, Text):
        serious = serious and not same_services(before.content.text, after.content.text)
    if isinstance(before.content, Elf):
        if not isinstance(after.content, Elf):
            yield error(
                _LEVEL, path, f"{path} was a program or library and is none", "Copy it from the builder."
            )
        elif before.content.machine != after.content.machine:
            change = f"{before.content.machine} and is for {after.content.machine}"
            yield error(_LEVEL, path, f"{path} was for {change}", "Build both stages for one platform.")
        return
    yield judged(
        serious and not is_volatile(path),
        _LEVEL,
        path,
        f"the content of {path} differs ({before.size} and {after.size} bytes)",
        "Copy the file from the builder, or repeat the step that changes it in the final stage.",
    )
