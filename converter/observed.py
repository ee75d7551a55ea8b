"""What was seen by building: facts that replace what reading alone cannot tell."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field


class Observed(Struct, frozen=True):
    """What a build of the original wrote, and what a conversion of it lacked.

    `built` says that the original was built, so that the conversion will be compared with it. `writes` are the
    absolute paths that an instruction wrote, by its index in the file; one that ends in `/` is a whole tree.
    They are believed where the text alone is opaque or guesses. `keeps` are indices of instructions that have
    to stay in the final stage if they are opaque, since they install packages there.

    `starts` are the programs that the container starts. `programs` has the files that the dynamic linker
    loads for each program which no package brought: empty for a static one; a program that may load or start
    more than that is not there. `links` are links of folders on the way to the linkers. `shared` are files and
    directories of the original that libraries open by a fixed name. `unfit` are bases that a comparison showed
    not to be enough.

    The rest is added to the final stage: `paths` that are copied whatever needs them, by the instruction that
    wrote them, `packages` that are installed, `env` that is set, and numeric ids of `users` and `groups` that
    the file's own commands create.
    """

    built: bool = False
    writes: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    keeps: frozenset[int] = frozenset()
    starts: tuple[str, ...] = ()
    programs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    shared: frozenset[str] = frozenset()
    unfit: frozenset[str] = frozenset()
    paths: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    packages: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    users: Mapping[str, int] = field(default_factory=dict)
    groups: Mapping[str, int] = field(default_factory=dict)


NOTHING_OBSERVED = Observed()
