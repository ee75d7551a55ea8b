"""How much of a stranger's image is read before it is called broken. Bytes, unless a name says otherwise."""

from __future__ import annotations

from msgspec import Struct


class Limits(Struct, frozen=True):
    """Bounds for one image.

    Real images stay far below: the largest public ones have some tens of GB and half a million files.
    `request` bounds one read of a header: archives name the length of long names and attributes themselves.
    """

    unpacked: int = 96 << 30
    entries: int = 2_000_000
    layers: int = 1_000
    path: int = 4_096
    request: int = 4 << 20
    document: int = 8 << 20
    documents: int = 32 << 20
    elf: int = 1 << 30
    kept: int = 48 << 20


LIMITS = Limits()
