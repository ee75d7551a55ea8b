"""Copying, moving, linking: where the result lies depends on what the destination is."""

from __future__ import annotations

import posixpath
import re

from msgspec.structs import replace

from converter.dockerfile.model import HOLE
from converter.effects.call import Call, Handler, Learned, Part
from converter.effects.memory import followed, is_known_directory
from converter.effects.model import Basis, Effects, Phase, Write, WriteKind
from converter.effects.places import Place

_FILE_NAME = re.compile(r"\.(?!d$)[A-Za-z0-9]{1,8}$")
_DIRECTORIES = frozenset(
    {
        "bin",
        "sbin",
        "lib",
        "lib64",
        "etc",
        "include",
        "share",
        "tmp",
        "opt",
        "src",
        "conf.d",
        "init.d",
        "cron.d",
        "sites-enabled",
        "sites-available",
        "mods-enabled",
        "apt.conf.d",
        "sources.list.d",
        "fonts",
        "man1",
    }
)


def is_directory(text: str) -> bool | None:
    """Whether a destination is a directory, judged by its spelling: True, False or None for either."""
    if text.endswith(("/", "/.", "/..")) or text in (".", ".."):
        return True
    name = posixpath.basename(text)
    if name in _DIRECTORIES:
        return True
    if _FILE_NAME.search(name) and HOLE not in name[-2:]:
        return False
    if posixpath.basename(posixpath.dirname(text)) in ("bin", "sbin"):
        return False
    return None


def destinations(
    call: Call, sources: tuple[str, ...], target: str, inside: bool | None, trees: bool
) -> tuple[Place, ...]:
    """Where copies of `sources` come to lie; `inside` says that the target is a directory (None: perhaps)."""
    if inside is None and (len(sources) > 1 or is_known_directory(call.path(target), call.state)):
        inside = True
    if inside is None:
        inside = is_directory(target)
        same = posixpath.basename(sources[0].rstrip("/")) == posixpath.basename(target) if sources else False
        if inside is None and same and not trees:
            inside = False
    if inside is False:
        return (Place(followed(call.path(target), call.state), trees),)
    if inside is None:
        path = call.path(target)
        return tuple(Place(each, True) for each in dict.fromkeys((path, followed(path, call.state))))
    found = []
    for source in sources:
        name = posixpath.basename(source.rstrip("/"))
        if name in ("", ".", "..") or name == HOLE:
            found.append(call.place(target, True))
        else:
            directory = followed(call.path(target), call.state)
            found.append(Place(posixpath.join(directory, name), trees))
    return tuple(dict.fromkeys(found))


def _ends(call: Call) -> tuple[tuple[str, ...], str | None, bool | None]:
    """Sources, target and whether the target is a directory for sure."""
    operands = tuple(argument.text for argument in call.operands)
    target = call.parsed.value("-t")
    if target is not None:
        return operands, target, True
    if not operands:
        return (), None, None
    if len(operands) == 1:
        return operands, None, None
    return operands[:-1], operands[-1], False if call.parsed.has("-T") else None


def _written(places: tuple[Place, ...], kind: WriteKind = WriteKind.OUTPUT) -> tuple[Write, ...]:
    return tuple(Write(place, kind, Basis.PROVEN) for place in places if not place.path.startswith("/dev/"))


def _with_backups(call: Call, writes: tuple[Write, ...]) -> tuple[Write, ...]:
    if not call.parsed.has("-b", "--backup", "-S"):
        return writes
    suffix = call.parsed.value("-S") or "~"
    return writes + tuple(
        Write(replace(w.place, path=w.place.path + suffix), WriteKind.BOOK, Basis.PROVEN) for w in writes
    )


def _with_texts(call: Call, sources: tuple[str, ...], places: tuple[Place, ...]) -> Learned:
    """The texts of the copies, of what can be read."""
    pairs = zip(sources, places, strict=False) if len(sources) == len(places) else ()
    texts = ((place.path, call.text(call.path(source))) for source, place in pairs if place.exact)
    return Learned({f"text:{path}": (text,) for path, text in texts if text is not None})


def copy(call: Call, base: Effects) -> tuple[Part, ...]:
    """Cp and mv."""
    sources, target, inside = _ends(call)
    if target is None:
        return (base,)
    moves = call.name == "mv"
    trees = moves or call.parsed.has("-r", "-a", "-R")
    reads = tuple(call.place(source, trees) for source in sources)
    targets = tuple(followed(place.path, call.state) for place in reads)
    linked = tuple(Place(path, trees) for path in targets if f"link:{path}" not in call.state.learned)
    if call.parsed.has("--parents"):
        places: tuple[Place, ...] = (call.place(target, True),)
    else:
        places = destinations(call, sources, target, inside, trees)
    writes = _with_backups(call, _written(places))
    return (
        replace(
            base,
            reads=tuple(dict.fromkeys(base.reads + reads + linked)),
            writes=base.writes + writes,
            deletes=reads if moves else (),
        ),
        _with_texts(call, sources, places),
    )


def link(call: Call, base: Effects) -> tuple[Part, ...]:
    """ln: the link is written, what it points to is needed with it."""
    sources, target, inside = _ends(call)
    if target is None:
        target, inside = ".", True
    if inside is None and call.parsed.has("-n") and len(sources) == 1:
        inside = False if not target.endswith("/") else None
    forced = inside is False
    places = destinations(call, sources, target, inside, False)
    if forced:
        places = (call.place(target),)
    symbolic = call.parsed.has("-s") and not call.parsed.has("-r")
    reads = []
    for source in sources:
        if symbolic and not source.startswith(("/", HOLE)) and places:
            parent = posixpath.dirname(places[0].path)
            reads.append(Place(posixpath.normpath(posixpath.join(parent, source)), True))
        else:
            reads.append(call.place(source, True))
    links = {
        f"link:{place.path}": (source,)
        for place, source in zip(places, sources, strict=False)
        if call.parsed.has("-s") and place.exact and HOLE not in source
    }
    return replace(base, reads=base.reads + tuple(reads), writes=base.writes + _written(places)), Learned(
        links
    )


def make_directory(call: Call, base: Effects) -> tuple[Part, ...]:
    """mkdir: what is made is known as a directory from now on."""
    return base, Learned({f"dir:{call.path(argument.text)}": ("",) for argument in call.operands})


def install(call: Call, base: Effects) -> tuple[Part, ...]:
    """install: directories with -d, else copies."""
    if call.parsed.has("-d"):
        made = tuple(call.place(argument.text) for argument in call.operands)
        known = Learned({f"dir:{place.path}": ("",) for place in made})
        return replace(base, writes=_written(made, WriteKind.DIRECTORY)), known
    sources, target, inside = _ends(call)
    if target is None:
        return (base,)
    reads = tuple(call.place(source) for source in sources if not source.startswith("/dev/"))
    places = destinations(call, sources, target, inside, False)
    writes = _with_backups(call, _written(places))
    return replace(base, reads=base.reads + reads, writes=base.writes + writes), _with_texts(
        call, sources, places
    )


def synchronise(call: Call, base: Effects) -> tuple[Part, ...]:
    """rsync: `D/` copies the content of D; --delete also removes at the destination."""
    operands = tuple(argument.text for argument in call.operands)
    if len(operands) < 2:
        return (base,)
    sources, target = operands[:-1], operands[-1]
    remote = any(":" in operand.split("/")[0] for operand in operands)
    reads = tuple(call.place(source, True) for source in sources if ":" not in source.split("/")[0])
    writes = () if ":" in target.split("/")[0] else _written((call.place(target, True),))
    deletes = tuple(call.place(target.rstrip("/") + "/*", True) for _ in (0,) if _deletes(call))
    return (
        replace(
            base,
            phase=Phase.FETCH if remote else Phase.FOLLOW,
            reads=base.reads + reads,
            writes=base.writes + writes,
            deletes=deletes,
            network=remote,
        ),
    )


def _deletes(call: Call) -> bool:
    return any(name.startswith("--delete") for name in call.parsed.options)


HANDLERS: dict[str, Handler] = {
    "mkdir": make_directory,
    "copy": copy,
    "link": link,
    "install": install,
    "rsync": synchronise,
}
