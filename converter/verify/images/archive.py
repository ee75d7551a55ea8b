"""Reads what `docker save`, `podman save` and OCI layouts write, in one pass and without unpacking it.

The manifest says which members are the image's layers and in which order, but may come last, and layers may
come in any order. So each member that can be a layer is read to entries at once, and the layers are put on top
of each other at the end: entries are small, contents are not kept.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import IO, BinaryIO, cast

from msgspec import Struct, field

from converter.verify.errors import VerifyError, broken_archive
from converter.verify.images.compression import is_compressed, unpacked
from converter.verify.images.documents import History, configuration_of, find_manifest, history_of
from converter.verify.images.flattening import flatten
from converter.verify.images.layer import Layer, read_layer
from converter.verify.images.limits import LIMITS, Limits
from converter.verify.images.model import Image, Kind
from converter.verify.images.reading import FileReader
from converter.verify.images.stream import Budget, ForwardStream
from converter.verify.images.tar import Member, members

_BLOCK = 512
_LINKS = 8


class _Parts(Struct):
    """What was found so far; `broken` are members that look like layers and are none."""

    layers: dict[str, Layer] = field(default_factory=dict)
    documents: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    broken: dict[str, VerifyError] = field(default_factory=dict)


def read_image(stream: BinaryIO, limits: Limits = LIMITS, reader: FileReader | None = None) -> Image:
    """The image of an archive. Raises VerifyError for a damaged or hostile one.

    A `reader` that is given for both images of a comparison reads the ELF files they share once.
    """
    return read_layered(stream, limits, reader).image


class Layered(Struct, frozen=True):
    """An image with its layers from the lowest to the topmost, and what made each of them."""

    image: Image
    layers: tuple[Layer, ...]
    history: tuple[History, ...]


def read_layered(stream: BinaryIO, limits: Limits = LIMITS, reader: FileReader | None = None) -> Layered:
    """The image of an archive as `read_image` gives it, with its layers."""
    if reader is None:
        with FileReader(limits) as own:
            return read_layered(stream, limits, own)
    reader.next_image()
    parts = _Parts()
    budget = Budget(limits.unpacked)
    head = ForwardStream(stream, _BLOCK).read(_BLOCK)
    source = unpacked(head, stream)  # a compressed archive is read as well
    for member in members(source, limits):
        _take(parts, member, limits, budget, reader)
    return _image(parts, limits)


def _take(parts: _Parts, member: Member, limits: Limits, budget: Budget, reader: FileReader) -> None:
    if member.kind is Kind.LINK:
        parts.links[member.path] = posixpath.normpath(
            posixpath.join(posixpath.dirname(member.path), member.target)
        )
    if member.hard_link is not None:
        parts.links[member.path] = member.hard_link
    if member.content is None:
        return
    head = member.content.read(_BLOCK)
    if is_compressed(head) or _is_tar(head):
        if len(parts.layers) + len(parts.broken) >= limits.layers:
            raise broken_archive("it has more layers than the limit")
        try:
            layer = read_layer(unpacked(head, cast(BinaryIO, member.content)), limits, budget, reader)
        except VerifyError as error:
            if budget.left < 0:
                raise
            parts.broken[member.path] = error
        else:
            parts.layers[member.path] = layer
    elif member.size <= limits.document:
        _keep(parts, member, head, member.content, limits.documents)


def _keep(parts: _Parts, member: Member, head: bytes, content: IO[bytes], most: int) -> None:
    kept = sum(map(len, parts.documents.values()))
    if kept + member.size > most:
        raise broken_archive("its documents are larger than the limit")
    parts.documents[member.path] = head + content.read()


def _is_tar(head: bytes) -> bool:
    """Whether a block is a tar header, or the zeros that end an empty archive."""
    return len(head) == _BLOCK and (head[257:262] == b"ustar" or not head.strip(b"\0"))


def _image(parts: _Parts, limits: Limits) -> Layered:
    manifest = find_manifest(parts.documents)
    document = parts.documents.get(_followed(manifest.configuration, parts))
    if document is None:
        raise broken_archive("the image's configuration is not in it")
    if len(manifest.layers) > limits.layers:
        raise broken_archive("it has more layers than the limit")
    layers = tuple(_layer(name, parts) for name in manifest.layers)
    if _total(layers) > limits.entries:
        raise broken_archive("it has more files than the limit")
    image = Image(configuration_of(document), flatten(layers), len(layers))
    return Layered(image, layers, history_of(document))


def _layer(name: str, parts: _Parts) -> Layer:
    followed = _followed(name, parts)
    if followed in parts.layers:
        return parts.layers[followed]
    if followed in parts.broken:
        raise parts.broken[followed]
    raise broken_archive("a layer that its manifest names is not in it")


def _followed(name: str, parts: _Parts) -> str:
    """The member that a name leads to: layers that are equal are written once and linked."""
    for _ in range(_LINKS):
        if name not in parts.links:
            break
        name = parts.links[name]
    return name


def _total(layers: Iterable[Layer]) -> int:
    return sum(len(layer.entries) for layer in {id(layer): layer for layer in layers}.values())
