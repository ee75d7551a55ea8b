"""What an archive of unknown content put into a shared directory: the names that later commands work with.

`tar xzf app.tgz && cd app-1.0 && make` unpacks `app-1.0`. Without a name the unpacking may have put anything
into the directory, which several programs share.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from msgspec.structs import replace

from converter.dockerfile.model import HOLE, Workdir
from converter.effects.model import Member, Phase, Write, WriteKind
from converter.effects.places import Place, covers, join, overlaps, within
from converter.graph.model import Step
from converter.knowledge.forges import top_directory
from converter.knowledge.places import is_shared, toolchain_home
from converter.knowledge.programs import clones

_ARCHIVE = re.compile(r"(?:^|[/=])([\w.+~-]+?)\.(?:tar(?:\.\w+)?|t[gbx]z2?|zip)(?=$|[?&/])")
_MOVING = ("--strip", "--transform", "--xform")
_ELSEWHERE = re.compile(r"-?\w*C|-C.*|-d.*|--directory.*")
_MOVERS = frozenset({"mv", "cp", "ln", "install"})

Work: TypeAlias = Member | Step


def named_contents(members: tuple[Member, ...], made: Sequence[Place]) -> tuple[Member, ...]:
    """Members whose unpacking into shared directories writes what later members name there.

    `made` is what earlier instructions wrote: a name of theirs is none of the archive's.
    """
    out: list[Member] = []
    before = list(made)
    for at, member in enumerate(members):
        effects = member.effects
        if any(map(_is_unnamed, effects.writes)) and not any(clones(i.name) for i in member.invocations):
            writes: list[Write] = []
            for write in effects.writes:
                found = _names(write, member, members[at + 1 :], tuple(before)) if _is_unnamed(write) else ()
                writes += found or (write,)
            member = replace(member, effects=effects.with_(writes=tuple(writes)))
        out.append(member)
        before += [w.place for w in member.effects.writes if not _is_unnamed(w)]
    return tuple(out)


def named_by_archives(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Steps whose unpacking into shared directories writes the directory that the archive is called like.

    A later instruction has to work there: `RUN curl -L …/app-1.0.tar.gz | tar xz` and then `WORKDIR /app-1.0`. What
    another command makes by that name is none of the archive's. Or it is the home of a tool chain, which PATH or
    another variable names, or whose programs are run by their path.
    """
    made = {
        w.place.path
        for step in steps
        if step.is_run
        for w in step.effects.writes
        if w.kind in (WriteKind.DIRECTORY, WriteKind.OUTPUT, WriteKind.FETCH)
    }
    for step in steps[:1]:
        made.update(_homes(step.state.env.values()))  # tool chains of the base
    return tuple(
        _named_by_archive(step, steps[: step.index], steps[step.index + 1 :], made) for step in steps
    )


def _named_by_archive(step: Step, earlier: tuple[Step, ...], later: tuple[Step, ...], made: set[str]) -> Step:
    unnamed = [write for write in step.effects.writes if _is_unnamed(write)]
    words = _words(step)
    if not step.is_run or len(unnamed) != 1 or any(word.startswith(_MOVING) for word in words):
        return step
    directory = unnamed[0].place.path
    downloaded = [word for other in _brought_by(step, earlier) for word in _words(other) if "://" in word]
    named = _called_like_it(directory, words, later, made) or _called_like_it(
        directory, downloaded, later, made
    )
    if not named:
        homes = {home for s in (step, *later) for home in _homes(_mentioned(s))}
        homes = {home for home in homes - made if posixpath.dirname(home) == directory}
        homes = {home for home in homes if _is_called_like(home, words)}
        named = [Place(home, tree=True) for home in homes]
        if len(named) != 1:
            named = _named_later(step, unnamed[0], earlier, later)
        if not named:
            return step
    writes = [w for w in step.effects.writes if w is not unnamed[0]]
    writes += (replace(unnamed[0], place=place) for place in named)
    return replace(step, effects=step.effects.with_(writes=tuple(writes)))


def _words(step: Step) -> list[str]:
    return [word for invocation in step.invocations for word in invocation.arguments]


def _called_like_it(directory: str, words: list[str], later: tuple[Step, ...], made: set[str]) -> list[Place]:
    """The directories that archives among the words are called like, if later steps work in one of each."""
    found: list[Place] = []
    for stem in sorted({stem for word in words for stem in _stems(word)}):
        places = (Place(join(directory, name), tree=True) for name in _names_of(stem))
        place = next((p for p in places if p.exact and p.path not in made and _is_worked_in(p, later)), None)
        if place is None:
            return []
        found.append(place)
    return found


def _stems(word: str) -> Iterator[str]:
    """What the archives that a word names are called, without their endings; what a forge calls the directory in it."""
    told = top_directory(word)
    yield from (match[1] for match in _ARCHIVE.finditer(word)) if told is None else (told,)


def _names_of(stem: str) -> Iterator[str]:
    """What the directory in an archive may be called: like it, or like its part up to the version (`app-1.0-linux`)."""
    yield stem
    for cut in reversed(list(re.finditer(r"[-_]", stem))):
        if re.search(r"\d", stem[: cut.start()]):
            yield stem[: cut.start()]


def _brought_by(step: Step, earlier: tuple[Step, ...]) -> Iterator[Step]:
    """The steps that downloaded what a step unpacks: their words have the archive's full name."""
    for other in earlier if any(map(_is_unnamed, step.effects.writes)) else ():
        if other.effects.network and any(
            Place(w.place.path) in step.effects.reads for w in other.effects.writes
        ):
            yield other


def _named_later(step: Step, write: Write, earlier: tuple[Step, ...], later: tuple[Step, ...]) -> list[Place]:
    """The trees in the root directory, of which no copy has the name, that later instructions work with.

    Who says that an archive goes to `/` may spread it over the system, unless they are called like the archive.
    """
    if write.place.path != "/":
        return []
    before = tuple(w.place for s in earlier for w in s.effects.writes if not _is_unnamed(w))
    named = [w.place for w in _names(write, step, tuple(map(_plain, later)), before)]
    words = _words(step)
    told = any(map(_ELSEWHERE.fullmatch, words))
    return [] if told and not all(_is_called_like(p.path, words) for p in named) else named


def _plain(step: Step) -> Step:
    """A step of which only directories count unless it moves files: a program may look for what is not there."""
    moves = any(i.name in _MOVERS for i in step.invocations)
    return step if moves else replace(step, effects=step.effects.with_(reads=()))


def _is_called_like(home: str, words: list[str]) -> bool:
    """Whether a word of a command is a file or an address whose name begins like a directory, its version apart."""
    name = re.split(r"[-_]?v?\d", posixpath.basename(home), maxsplit=1)[0].lower()
    return any(posixpath.basename(word).lower().startswith(name) for word in words)


def _mentioned(step: Step) -> Iterator[str]:
    """The variables of a step, and the programs that it runs as they are called."""
    yield from step.state.env.values()
    for member in step.members:
        yield from member.before.variables.values()
    yield from (i.program for i in step.invocations)


def _homes(values: Iterable[str]) -> Iterator[str]:
    """The homes of tool chains in values that are paths, or lists of them."""
    for path in {path for value in values for path in value.split(":")}:
        home = toolchain_home(path) if path.startswith("/") and HOLE not in path else None
        if home is not None:
            yield home


def _is_worked_in(place: Place, steps: tuple[Step, ...]) -> bool:
    """Whether a step works in a directory or one below it."""
    return any(
        within(directory, place.path)
        for step in steps
        for directory in (
            *(i.directory for i in step.invocations if i.directory is not None),
            *(w.place.path for w in step.effects.writes if isinstance(step.instruction, Workdir)),
        )
    )


def _is_unnamed(write: Write) -> bool:
    place = write.place
    return write.kind is WriteKind.FETCH and place.tree and place.exact and is_shared(place.path)


def _names(write: Write, member: Work, later: Sequence[Work], before: tuple[Place, ...]) -> tuple[Write, ...]:
    """The trees that an unpacking made, or nothing where later members name none or too few of them.

    Only names that are worked with count, and of those no one else made: what is deleted may be any part of
    what was unpacked, and an archive without its leading directory spreads itself over the shared one.
    """
    if any(word.startswith(_MOVING) for i in member.invocations for word in i.arguments):
        return ()
    directory = write.place.path
    found: dict[str, None] = {}
    for other in later:
        if any(_is_unnamed(w) and w.place.path == directory for w in other.effects.writes):
            break  # what is named from here on may be the next archive's
        for place in _worked_with(other, {i.directory for i in member.invocations}):
            name = _child(place, directory)
            if name is None or is_shared(name):
                continue
            tree = Place(name, tree=True)
            if any(overlaps(tree, p) and not within(directory, p.path) for p in before):
                continue
            found[name] = None
        before += tuple(w.place for w in other.effects.writes)
    return tuple(replace(write, place=Place(name, tree=True)) for name in _plainest(list(found)))


def _worked_with(member: Work, stood: set[str | None]) -> Iterator[Place]:
    """What a member reads, moves or works in; plain deletions and looks at what is there do not count.

    Nor does the directory where the unpacking itself stood: that was there before.
    """
    if member.effects.phase in (Phase.FOLLOW, Phase.BUILD, Phase.LIBRARY, Phase.FETCH):
        yield from (place for place in member.effects.reads if not _is_own_setting(place, member))
        for invocation in member.invocations:
            if invocation.directory is not None and invocation.directory not in stood:
                yield Place(invocation.directory)


def _is_own_setting(place: Place, member: Work) -> bool:
    """Whether a program looks for a hidden file by itself (`~/.wgetrc`): no word of the command names it."""
    hidden = next((name for name in place.path.split("/") if name.startswith(".")), None)
    words = (word for i in member.invocations for word in i.arguments)
    return hidden is not None and not any(hidden in word for word in words)


def _child(place: Place, directory: str) -> str | None:
    """The path of the first name below a directory that leads to a place."""
    start = directory.rstrip("/") + "/"
    if not place.known or not place.path.startswith(start) or place.path == directory:
        return None
    return start + place.path[len(start) :].split("/", 1)[0]


def _plainest(names: list[str]) -> list[str]:
    """Names without the patterns that stand for another one of them."""
    return [
        n for n in names if Place(n).exact or not any(m != n and covers(Place(n), Place(m)) for m in names)
    ]
