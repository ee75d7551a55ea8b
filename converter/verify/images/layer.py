"""One layer: what it adds, and what it hides of the layers below."""

from __future__ import annotations

import sys
from typing import BinaryIO

from msgspec import Struct, field

from converter.verify.errors import broken_archive
from converter.verify.images.limits import Limits
from converter.verify.images.model import Entry, Kind
from converter.verify.images.reading import FileReader
from converter.verify.images.stream import Budget
from converter.verify.images.tar import Member, members

_WHITEOUT = ".wh."
_OPAQUE = ".wh..wh..opq"
_PRIVATE = ".wh..wh."


class Layer(Struct):
    """Paths without a leading slash. `hard_links` name a file that this layer does not hold itself."""

    entries: dict[str, Entry] = field(default_factory=dict)
    hard_links: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    opaque: set[str] = field(default_factory=set)


def read_layer(stream: BinaryIO, limits: Limits, budget: Budget, reader: FileReader) -> Layer:
    """The layer of an unpacked tar stream. Raises VerifyError for a broken one."""
    layer = Layer()
    for member in members(stream, limits, budget):
        if member.path:
            _take(layer, member, reader)
    return layer


def _take(layer: Layer, member: Member, reader: FileReader) -> None:
    directory, slash, name = member.path.rpartition("/")
    if name.startswith(_WHITEOUT):
        if name == _OPAQUE:
            layer.opaque.add(directory)
        elif not name.startswith(_PRIVATE):
            layer.hidden.add(directory + slash + name.removeprefix(_WHITEOUT))
        return
    if member.hard_link is not None:
        known = layer.entries.get(member.hard_link)
        if known is None:
            layer.hard_links[member.path] = member.hard_link
        else:
            layer.entries[member.path] = known
        return
    sha256, md5, content = b"", b"", None
    if member.content is not None:
        sha256, md5, content = reader.read(member.path, member.size, member.content)
    if member.kind is Kind.LINK and not member.target:
        raise broken_archive("a link in it leads nowhere")
    layer.entries[member.path] = Entry(
        kind=member.kind,
        mode=member.mode,
        uid=member.uid,
        gid=member.gid,
        size=member.size,
        target=sys.intern(member.target),
        sha256=sha256,
        md5=md5,
        capabilities=member.capabilities,
        content=content,
    )
