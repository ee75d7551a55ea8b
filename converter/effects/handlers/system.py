"""System state: alternatives and locales."""

from __future__ import annotations

import posixpath

from msgspec.structs import replace

from converter.effects.call import Call, Handler, Part
from converter.effects.model import Basis, Effects, Write, WriteKind
from converter.effects.places import Place


def alternatives(call: Call, base: Effects) -> tuple[Part, ...]:
    """--install LINK NAME PATH PRIORITY and --slave LINK NAME PATH: link, entry and path go together."""
    words = [argument.text for argument in call.arguments]
    reads, writes = list(base.reads), list(base.writes)
    at = 0
    while at < len(words):
        word = words[at]
        if word in ("--install", "--slave") and at + 3 < len(words):
            link, name, path = words[at + 1 : at + 4]
            reads.append(call.place(path))
            writes.append(Write(call.place(link), WriteKind.OUTPUT, Basis.PROVEN))
            writes.append(
                Write(Place(posixpath.join("/etc/alternatives", name)), WriteKind.OUTPUT, Basis.PROVEN)
            )
            at += 3
        elif word in ("--set", "-s") and at + 2 < len(words):
            reads.append(call.place(words[at + 2]))
            writes.append(Write(Place(f"/etc/alternatives/{words[at + 1]}"), WriteKind.OUTPUT, Basis.PROVEN))
            at += 2
        elif word in ("--auto", "--config", "--remove-all", "--remove") and at + 1 < len(words):
            writes.append(Write(Place(f"/etc/alternatives/{words[at + 1]}"), WriteKind.EDIT, Basis.PROVEN))
            writes.append(Write(Place(f"/usr/bin/{words[at + 1]}"), WriteKind.EDIT))
            at += 1
        at += 1
    return (replace(base, reads=tuple(reads), writes=tuple(writes)),)


def localedef(call: Call, base: Effects) -> tuple[Part, ...]:
    """A name goes to the archive; a path is a directory of its own."""
    target = call.operands[-1].text if call.operands else ""
    if "/" in target:
        return (replace(base, writes=(*base.writes, Write(call.place(target, True), WriteKind.OUTPUT))),)
    return (base,)


HANDLERS: dict[str, Handler] = {"alternatives": alternatives, "localedef": localedef}
