"""What a caller can choose; the command line, environment and config file end up here."""

from __future__ import annotations

from msgspec import Struct


class Options(Struct, frozen=True):
    """Options of one conversion.

    `final_base` is auto, same, slim, smallest, distroless, scratch or an image reference. `build_args` are
    pairs as given to `docker build`. `optimize` holds "strip" and "prune-dev". `strict` uses proven facts
    only.
    """

    final_base: str = "auto"
    build_args: tuple[tuple[str, str], ...] = ()
    optimize: frozenset[str] = frozenset()
    strict: bool = False
    graph: bool = False
