"""What a step may need of others: files, directories, programs, settings and accounts."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from msgspec import Struct

from converter.effects.model import Phase, WriteKind
from converter.effects.places import Place, ancestors, within
from converter.graph.makers import makes_parents
from converter.graph.model import Step
from converter.knowledge.packages import data_directories
from converter.knowledge.places import is_shared
from converter.knowledge.search_path import DEFAULT_FOLDERS

_PATH = re.compile(r"(?:^|[=:,@])(/[^=:,@\s'\"]+)")

_ROOT = frozenset({"", "root", "0"})


class Seeker(Struct):
    """A step that may need others.

    The places that must be there before it, those of configuration that it looks at, the directories it works in
    with all that they lie in, the same of all paths that it touches, the directories that `mkdir -p` of others may
    have made on the way to another, what a user other than root (`su app -c`) must be allowed to write to or read,
    the files that it moves with their modes, and the accounts that it names.
    """

    step: Step
    needs: tuple[Place, ...]
    settings: tuple[Place, ...]
    around_work: frozenset[str]
    around_touched: frozenset[str]
    passed: tuple[str, ...]
    opened: tuple[str, ...]
    carried: set[str]
    owners: set[str]


def named_paths(step: Step) -> Iterator[str]:
    """Absolute paths in the arguments of a step that builds: `make EMBED=/tmp/boot.ipxe`."""
    if step.phase in (Phase.BUILD, Phase.LIBRARY):
        for invocation in step.invocations:
            for argument in invocation.arguments:
                yield from (path.rstrip("/") for path in _PATH.findall(argument))


def seeker_of(step: Step, named: tuple[str, ...]) -> Seeker:
    """What a step may need; `named` are those of the paths in its arguments where earlier steps put something."""
    effects = step.effects
    places = (*effects.reads, *effects.attributes, *effects.deletes)
    edited = (w.place for w in effects.writes if w.kind is WriteKind.EDIT)
    written = (w.place for w in effects.writes if w.kind is not WriteKind.BOOK)
    files = (w for w in effects.writes if w.kind is WriteKind.OUTPUT and w.place.known)
    directories = tuple(dict.fromkeys(i.directory for i in step.invocations if i.directory is not None))
    unpacked = (w for w in effects.writes if w.kind is WriteKind.FETCH and w.place.tree and w.place.known)
    filled = tuple(
        dict.fromkeys([*(posixpath.dirname(w.place.path) for w in files), *(w.place.path for w in unpacked)])
    )
    trees = tuple(
        w.place.path
        for w in effects.writes
        if w.kind in (WriteKind.TREE, WriteKind.INSTALL) and w.place.tree and w.place.exact
    )
    user = step.state.user.split(":")[0]
    users = {user, *(i.user.split(":")[0] for i in step.invocations)}
    read = (p.path for p in effects.reads if p.exact and not p.tree)
    here = step.state.workdir or "/"
    worked = dict.fromkeys((*directories, *(filled if step.is_run else ())))
    told = (Place(path, tree=True) for tool in effects.tools for path in data_directories("apt", tool))
    return Seeker(
        step,
        tuple(dict.fromkeys((*places, *edited, *map(Place, named), *told))),
        effects.settings,
        frozenset(folder for path in directories for folder in ancestors(path)),
        frozenset(
            folder for p in (*places, *effects.settings, *written) for folder in (*ancestors(p.path), "/")
        ),
        tuple(path for path in worked if not within(here, path) and not is_shared(path)),
        (*directories, *filled, *trees, *read) if step.is_run and users - _ROOT else (),
        {p.path for p in effects.reads if p in effects.deletes},
        {*effects.owners, user} - {""},
    )


def directories_met(step: Step) -> Iterator[str]:
    """Directories that have to be there: those whose owner or mode is set, and those around what `mkdir` makes."""
    if step.is_run:
        yield from (place.path for place in step.effects.attributes if place.exact)
        if any(i.name == "mkdir" for i in step.invocations) and not makes_parents(step):
            made = (w.place for w in step.effects.writes if w.kind is WriteKind.DIRECTORY)
            yield from (posixpath.dirname(place.path) for place in made if place.exact)


def looked_into(step: Step) -> tuple[str, ...]:
    """Where a step that builds looks for its tools and for what it builds with; the system's folders left out."""
    if step.phase not in (Phase.BUILD, Phase.LIBRARY):
        return ()
    paths = [member.before.variables.get("PATH", "") for member in step.members]
    paths += [a.replace(",", ":") for i in step.invocations for a in i.arguments if a.startswith("--with-")]
    parts = (part.rpartition("=")[2].rstrip("/") for path in paths for part in path.split(":"))
    folders = dict.fromkeys(part for part in parts if part.startswith("/"))
    return tuple(f for f in folders if f not in DEFAULT_FOLDERS)
