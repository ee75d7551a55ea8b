"""Programs that filter or edit text: which operand is a script, which a file, and whether it changes."""

from __future__ import annotations

import posixpath
import re

from msgspec.structs import replace

from converter.dockerfile.model import HOLE
from converter.effects.arguments import Argument
from converter.effects.call import Call, Handler, Learned, Part
from converter.effects.memory import followed, texts_of, written_text
from converter.effects.model import Basis, Effects, Phase, Write, WriteKind
from converter.effects.places import Place

_READS_FILE = re.compile(r"(?:^|[;{}\s/\d])r\s+(/[\w./-]+|[\w./-]+)\s*(?:$|[;}])")
_WRITES_FILE = re.compile(r"(?:^|[;{}\s/\dIgp])w\s+(/?[\w./-]+)\s*(?:$|[;}])")


def sed(call: Call, base: Effects) -> tuple[Part, ...]:
    """The first operand is the script unless -e or -f gave one; with -i the files change in place."""
    parsed = call.parsed
    operands = call.operands
    scripts = parsed.values("-e")
    if not parsed.has("-e", "-f") and operands:
        scripts, operands = (operands[0].text,), operands[1:]
    files = tuple(call.place(argument.text) for argument in operands if argument.text != "-")
    if parsed.has("--follow-symlinks"):
        files = tuple(replace(file, path=followed(file.path, call.state)) for file in files)
    named = tuple(call.place(name) for script in scripts for name in _READS_FILE.findall(script))
    base = replace(base, reads=base.reads + named)
    files = tuple(dict.fromkeys((*files, *(Place(followed(file.path, call.state)) for file in files))))
    written = tuple(
        Write(call.place(name), WriteKind.OUTPUT)
        for script in scripts
        for name in _WRITES_FILE.findall(script)
        if not name.startswith("/dev/")
    )
    if not parsed.has("-i"):
        phase = Phase.FOLLOW if written else Phase.NONE
        return (replace(base, phase=phase, reads=base.reads + files, writes=base.writes + written),)
    edits = tuple(Write(place, WriteKind.EDIT, Basis.PROVEN) for place in files)
    suffix = parsed.value("-i")
    backups = tuple(Write(_backup(place, suffix), WriteKind.BOOK) for place in files) if suffix else ()
    return (replace(base, reads=base.reads + files, writes=base.writes + edits + written + backups),)


def _backup(place: Place, suffix: str) -> Place:
    directory, name = posixpath.split(place.path)
    if "*" in suffix:
        return Place(posixpath.join(directory, suffix.replace("*", name)))
    return Place(posixpath.join(directory, name + suffix))


def filter_(call: Call, base: Effects) -> tuple[Part, ...]:
    """Filters print; operands that can be no file (numbers, `tr` sets) are dropped."""
    program = posixpath.basename(call.program)
    if program == "tr":
        return (replace(base, reads=()),)
    if program == "xxd" and len(call.operands) > 1:
        write = Write(call.place(call.operands[1].text), WriteKind.OUTPUT, Basis.PROVEN)
        return (replace(base, reads=base.reads[:1], writes=(write,), phase=Phase.FOLLOW),)
    return (base,)


def dd(call: Call, base: Effects) -> tuple[Part, ...]:
    """`if=` is read, `of=` written."""
    reads, writes = base.reads, base.writes
    for argument in call.arguments:
        name, _, value = argument.text.partition("=")
        if value.startswith("/dev/") or not value:
            continue
        if name == "if":
            reads += (call.place(value),)
        elif name == "of":
            writes += (Write(call.place(value), WriteKind.OUTPUT, Basis.PROVEN),)
    return (replace(base, reads=reads, writes=writes),)


_FILE_TESTS = frozenset(
    [
        "-e",
        "-f",
        "-d",
        "-x",
        "-s",
        "-r",
        "-w",
        "-L",
        "-h",
        "-b",
        "-c",
        "-p",
        "-S",
        "-u",
        "-g",
        "-k",
        "-O",
        "-G",
        "-N",
    ]
)


def test(call: Call, base: Effects) -> tuple[Part, ...]:
    """Operands of file tests are looked at."""
    words = call.arguments
    reads = tuple(
        call.place(words[at + 1].text)
        for at in range(len(words) - 1)
        if words[at].text in _FILE_TESTS and words[at + 1].text not in ("]", "")
    )
    return (replace(base, reads=base.reads + reads),)


def checksum(call: Call, base: Effects) -> tuple[Part, ...]:
    """With -c the names come from the list, which may stand on standard input."""
    if not call.parsed.has("-c"):
        return (base,)
    text = call.feed.text
    if text is None:
        name = call.operands[0].text if call.operands else "-"
        text = call.text(call.path(name)) if name != "-" else None
    if text is None:
        return (base,)
    names = [
        line.split(None, 1)[1].lstrip("* ") for line in text.splitlines() if len(line.split(None, 1)) == 2
    ]
    return (replace(base, reads=base.reads + tuple(call.place(name) for name in names)),)


def rmdir_parents(call: Call, base: Effects) -> tuple[Part, ...]:
    """`rmdir -p a/b` removes a as well."""
    gone: list[Place] = []
    for argument in call.operands:
        path = argument.text.rstrip("/")
        while path not in ("", "/", "."):
            gone.append(call.place(path))
            path = posixpath.dirname(path)
    return (replace(base, deletes=tuple(gone)),)


def setcap(call: Call, base: Effects) -> tuple[Part, ...]:
    """File capabilities: an attribute that some builders lose in a copy."""
    files = tuple(call.place(argument.text) for argument in _capable(call.operands))
    return (replace(base, capabilities=True, attributes=files, phase=Phase.FOLLOW),)


def _capable(operands: tuple[Argument, ...]) -> tuple[Argument, ...]:
    return tuple(o for o in operands if not re.match(r"(cap_|all[=+]|=|-r$)", o.text) or o.text == HOLE)


def nodes(call: Call, base: Effects) -> tuple[Part, ...]:
    """mknod, mkfifo and fallocate make what they name; the rest of the entry changes no file."""
    if posixpath.basename(call.program) not in ("mknod", "mkfifo", "fallocate", "mkswap"):
        return (base,)
    operands = call.operands[:1]
    writes = tuple(
        Write(call.place(argument.text), WriteKind.OUTPUT, Basis.PROVEN)
        for argument in operands
        if not argument.text.startswith("/dev/")
    )
    return (replace(base, phase=Phase.FOLLOW if writes else base.phase, writes=base.writes + writes),)


def tee(call: Call, base: Effects) -> tuple[Part, ...]:
    """What is on standard input lands in the operands."""
    paths = tuple(call.path(argument.text) for argument in call.operands)
    appends = call.parsed.has("-a")
    state = call.state
    for path in paths:
        state = written_text(path, call.feed.text, appends, state, call.facts)
    return base, Learned(texts_of(paths, state))


HANDLERS: dict[str, Handler] = {
    "tee": tee,
    "sed": sed,
    "filter": filter_,
    "dd": dd,
    "test": test,
    "checksum": checksum,
    "rmdir_parents": rmdir_parents,
    "setcap": setcap,
    "nodes": nodes,
}
