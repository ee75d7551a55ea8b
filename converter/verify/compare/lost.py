"""Level 3, second part: data files, templates, modules and settings that the conversion lost.

A conversion leaves much behind on purpose, so a missing path is not yet a difference. What tells a lost file from
a build leftover:

1. Packages. What a package of the distribution brought, or its scripts made beside it, is replaced by the packages
   of the final stage; the levels ELF, scripts and shared data know which of it is needed. So only paths that
   nobody owns are looked at.
2. Place. Caches, scratch space, headers, tool chains and the state of package managers are the builder's.
3. Name. Sources, objects, build files and documentation are what a build reads; a program reads `.html`,
   `.json`, `.ini`, `.py`.
4. Company. A directory of which the conversion kept at least half (of such files as 3 leaves) was meant to be
   there: a gap in it is an error. Where it kept less, the file may be one of those that only the build read: a
   warning. Where it kept nothing, the directory counts as one missing file of its parent.
5. Packages of languages. A whole one that is missing is the level languages' question.
6. Products. A program that lies elsewhere in the conversion was installed from there.
7. Builds. A tree with build files at its top that nothing names is one that something was built in: a warning.
8. Links. A link whose target has left with its package (`/etc/alternatives`) left with it.
9. Working directory. A directory in it that was lost as a whole is a warning even where 3 speaks of its files.

Differences are told for each directory once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from converter.knowledge.places import is_shared
from converter.verify.compare.built import is_built_tree
from converter.verify.compare.finding import LOST, judged, note
from converter.verify.compare.pair import Pair
from converter.verify.compare.places import (
    holds_packages,
    in_builder_place,
    in_distribution,
    is_leftover,
    is_leftover_directory,
    is_optional,
    is_state,
)
from converter.verify.compare.working_place import lost_directories
from converter.verify.differences import Difference, LacksPath, Level
from converter.verify.images.model import Elf, Entry, Kind

_SHOWN = 3
_HALF = 0.5
_CONFIGURATION = "/etc/"


def compare_lost(pair: Pair) -> Iterator[Difference]:
    """One difference for each directory that lost something."""
    candidates = _candidates(pair)
    kept_below, lost_below = _counts(pair, candidates)
    groups: dict[str, list[str]] = defaultdict(list)
    for path in candidates:
        top = _topmost(path, kept_below)
        directory = top.rpartition("/")[0]
        if not holds_packages(directory) and not (is_shared(directory) and in_distribution(top)):
            groups[directory].append(top)
    for directory, tops in sorted(groups.items()):
        names = sorted(set(tops))
        yield from _difference(directory or "/", names, pair, kept_below)
    for directory, names in lost_directories(pair, lost_below).items():
        yield from _difference(directory, names, pair, None)


def _candidates(pair: Pair) -> list[str]:
    """Missing paths that could be missed by the program."""
    return [path for path, entry in pair.lost() if _is_candidate(path, entry, pair)]


def _is_candidate(path: str, entry: Entry, pair: Pair) -> bool:
    if entry.kind not in (Kind.FILE, Kind.LINK) or not _counted(path, pair):
        return False
    if entry.kind is Kind.LINK:
        target = pair.original.real(path)
        return target is not None and pair.converted.exists(target)
    return not (
        pair.came_with_packages(path) or pair.left_with_package(path) or _is_installed(path, entry, pair)
    )


def _is_installed(path: str, entry: Entry, pair: Pair) -> bool:
    """Whether it is a program that `make install` or COPY brought to another place as well."""
    name = path.rpartition("/")[2]
    return isinstance(entry.content, Elf) and any(
        isinstance(pair.converted.entries[other].content, Elf) for other in pair.named_after.get(name, ())
    )


def _counted(path: str, pair: Pair) -> bool:
    """Whether a file of the original is one that this level looks at, kept or not."""
    if path in pair.owned or is_state(path) or is_optional(path) or in_builder_place(path.rpartition("/")[0]):
        return False
    if is_leftover(path):
        return False
    directory = path.rpartition("/")[0]
    while directory and not is_shared(directory):
        directory, _, name = directory.rpartition("/")
        if is_leftover_directory(name):
            return False
    return True


def _counts(pair: Pair, candidates: list[str]) -> tuple[dict[str, int], dict[str, int]]:
    """For each directory, how many of its files at any depth were kept, and how many were lost."""
    kept: dict[str, int] = defaultdict(int)
    lost: dict[str, int] = defaultdict(int)
    for path, entry, _ in pair.in_both():
        if entry.kind in (Kind.FILE, Kind.LINK) and _counted(path, pair):
            _count(path, kept)
    for path in candidates:
        _count(path, lost)
    return kept, lost


def _count(path: str, counts: dict[str, int]) -> None:
    while path:
        path = path.rpartition("/")[0]
        counts[path] += 1


def _topmost(path: str, kept: dict[str, int]) -> str:
    """The file, or the highest directory around it of which nothing was kept."""
    top = path
    directory = path.rpartition("/")[0]
    while directory and not kept.get(directory) and not is_shared(directory):
        top, directory = directory, directory.rpartition("/")[0]
    return top


def _difference(
    directory: str, names: list[str], pair: Pair, kept: dict[str, int] | None
) -> Iterator[Difference]:
    """What a directory lost; `kept` None is for a loss that is never more than a warning."""
    members = [path for path in names if not _is_intended(path, pair)]
    for path in sorted(set(names) - set(members)):
        yield note(Level.PATHS, path, f"{path} was left behind, as intended", code=LOST)
    if not members:
        return
    shown = ", ".join(path.rpartition("/")[2] for path in members[:_SHOWN])
    more = f" and {len(members) - _SHOWN} more" if len(members) > _SHOWN else ""
    yield judged(
        kept is not None
        and _was_meant(directory, len(members), pair, kept)
        and not all(is_built_tree(path, pair) for path in members),
        Level.PATHS,
        members[0] if len(members) == 1 else directory,
        f"{directory} lost {shown}{more}, of which no package takes care",
        f"Copy {members[0]} from the builder if the program reads it.",
        code=LOST,
        lacks=tuple(LacksPath(path) for path in members),
    )


def _was_meant(directory: str, missing: int, pair: Pair, kept: dict[str, int]) -> bool:
    """Whether the conversion kept the directory as a whole, so that the gap is a mistake."""
    stayed = sum(
        1
        for name in pair.converted.children.get(directory, [])
        if (path := f"{directory.rstrip('/')}/{name}") in pair.original.entries
        and (
            kept.get(path)
            or (pair.original.entries[path].kind is not Kind.DIRECTORY and _counted(path, pair))
        )
    )
    if is_shared(directory) and not (directory in pair.promised and directory != "/root"):
        return False
    return stayed > 0 and stayed >= _HALF * (stayed + missing)


def _is_intended(path: str, pair: Pair) -> bool:
    return any(path == place or path.startswith(place + "/") for place in pair.intended.paths)
