"""From what a conversion lacks to what the next one adds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from converter.observed import Observed
from converter.verify.differences import Difference, Lack, LacksId, LacksPath, LacksVariable


class Origins(Struct, frozen=True):
    """Where paths of the original come from: packages by path, and the instruction that wrote one, if any did."""

    owners: Mapping[str, str]
    instruction: Callable[[str], int | None]
    is_directory: Callable[[str], bool]


def repaired(observed: Observed, differences: Iterable[Difference], origins: Origins) -> Observed:
    """The facts with what mends the differences; the same facts where nothing can be added.

    A path that a package brought comes with that package, any other is copied from the builder.
    """
    for difference in differences:
        for lack in difference.lacks:
            observed = _with(observed, lack, origins)
    return observed


def _with(observed: Observed, lack: Lack, origins: Origins) -> Observed:
    match lack:
        case LacksPath(path):
            package = origins.owners.get(path)
            if package is not None:
                return replace(observed, packages=_added(observed.packages, package))
            index = origins.instruction(path)
            if index is None:
                return observed
            known = observed.paths.get(index, ())
            spelled = path + "/" if origins.is_directory(path) else path
            return replace(observed, paths={**observed.paths, index: _added(known, spelled)})
        case LacksVariable(name, value):
            return replace(observed, env={**observed.env, name: value})
        case LacksId("user", name, number):
            return replace(observed, users={**observed.users, name: number})
        case LacksId(_, name, number):
            return replace(observed, groups={**observed.groups, name: number})


def _added(known: tuple[str, ...], one: str) -> tuple[str, ...]:
    return known if one in known else tuple(sorted((*known, one)))


def additions(before: Observed, after: Observed) -> tuple[str, ...]:
    """What a round added, in words: `package libodbc2`, `path /srv/x`, `ENV A`, `user app 998`.

    A base that was not enough is told as `more than BASE`.
    """
    paths = [path for index in sorted(after.paths) for path in after.paths[index]]
    earlier = {path for found in before.paths.values() for path in found}
    return (
        *(f"more than {base}" for base in sorted(after.unfit - before.unfit)),
        *(f"package {name}" for name in after.packages if name not in before.packages),
        *(f"path {path}" for path in paths if path not in earlier),
        *(f"ENV {name}" for name in sorted(after.env) if before.env.get(name) != after.env[name]),
        *(f"user {name} {after.users[name]}" for name in sorted(after.users) if name not in before.users),
        *(f"group {name} {after.groups[name]}" for name in sorted(after.groups) if name not in before.groups),
    )
