"""What an instruction or a command does to the image: the vocabulary of the whole analysis."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from converter.effects.places import Place, covers
from converter.shell.model import Command, Function
from converter.shell.names import names_called, names_set, names_used
from converter.span import Span


class Basis(StrEnum):
    """What a fact rests on."""

    PROVEN = "proven"
    CONVENTION = "convention"
    OBSERVED = "observed"
    UNKNOWN = "unknown"


class Phase(StrEnum):
    """What kind of work a command is, before the graph decides."""

    BUILD = "build"  # compiles, bundles, tests: never needed in the final stage by itself
    RUNTIME = "runtime"  # system state of the final image: accounts, services, locales, caches of the loader
    BOTH = "both"  # changes the system for every later step: upgrade, repositories
    PACKAGE = "package"  # installs or removes operating-system packages
    LIBRARY = "library"  # installs language packages (pip, npm, gem, composer…)
    FETCH = "fetch"  # downloads, clones, unpacks
    FOLLOW = "follow"  # a file operation: goes where its input comes from and its output is needed
    CLEAN = "clean"  # removes caches and leftovers
    NONE = "none"  # changes nothing that lasts (echo, test, set -e, version checks)
    OPAQUE = "opaque"  # not known


class WriteKind(StrEnum):
    """How a path came to be written."""

    OUTPUT = "output"  # a named product: -o x, cp, mv, install, ln, a redirect
    DIRECTORY = "directory"  # mkdir: the directory itself, empty
    INSTALL = "install"  # files under a prefix: make install, pip, npm -g, gem
    TREE = "tree"  # inside a working tree: make, configure, npm ci, bundlers
    FETCH = "fetch"  # download, clone, unpacked archive
    EDIT = "edit"  # changed in place: sed -i, >>, patch, chown, chmod
    BOOK = "book"  # databases, logs, caches: no later stage needs them


class Write(Struct, frozen=True):
    """A written place with how and on what basis."""

    place: Place
    kind: WriteKind
    basis: Basis = Basis.CONVENTION


class PackageAction(StrEnum):
    """What is done with operating-system packages."""

    UPDATE = "update"  # lists only
    INSTALL = "install"
    REMOVE = "remove"
    PURGE = "purge"  # with its configuration, or `apk del`
    AUTOREMOVE = "autoremove"
    UPGRADE = "upgrade"
    CLEAN = "clean"  # downloaded archives, lists
    MARK_AUTO = "mark-auto"
    MARK_MANUAL = "mark-manual"


class PackageName(Struct, frozen=True):
    """One operand: bare name (no version, suite or architecture), operand as evaluated, where it stands.

    `span` is that of the shell word; several names share it where a variable was split. `literal` is true
    if the word is the operand itself, written out.
    """

    name: str
    text: str
    span: Span
    literal: bool = True


class PackageChange(Struct, frozen=True):
    """One package manager call; `manager` is apt, apk, yum, dnf, microdnf, zypper, pacman, dpkg or rpm.

    `group` is apk's `--virtual` name. `complete` is false if some operands are not known.
    `autoremove` is true for `purge --auto-remove` and `apt-get autoremove`.
    """

    manager: str
    action: PackageAction
    names: tuple[PackageName, ...] = ()
    group: str | None = None
    autoremove: bool = False
    complete: bool = True


class LibraryChange(Struct, frozen=True):
    """Language packages; `ecosystem` is pypi, npm, gem, composer, cargo, go, php, cpan, nuget, conda, cran.

    `global_` is true where they go to an interpreter's own prefix. `native` is None if it cannot be told
    whether anything is compiled, false where the names are known to be pure.
    """

    ecosystem: str
    names: tuple[str, ...] = ()
    global_: bool = False
    native: bool | None = None


class AccountChange(Struct, frozen=True):
    """A user or group that is made or changed; `group` is a user's primary group, where it is named."""

    kind: str  # "user" or "group"
    name: str
    system: bool = False
    id: str | None = None
    home: str | None = None
    group: str | None = None


class Effects(Struct, frozen=True):
    """Everything a command, a step or an instruction does, as far as it is known.

    `tools` are the programs it runs by name, implicit ones included (composer runs git and unzip).
    `settings` are places of configuration that its programs look at if there is any.
    `attributes` are places whose owner or mode changes; `recursive` says whether whole trees do.
    `opaque` is the reason why effects are unknown, or None. A step with a reason may also have known parts.
    """

    phase: Phase = Phase.NONE
    reads: tuple[Place, ...] = ()
    writes: tuple[Write, ...] = ()
    deletes: tuple[Place, ...] = ()
    attributes: tuple[Place, ...] = ()
    owners: tuple[str, ...] = ()  # accounts named by chown, su, --chown…
    packages: tuple[PackageChange, ...] = ()
    libraries: tuple[LibraryChange, ...] = ()
    accounts: tuple[AccountChange, ...] = ()
    tools: tuple[str, ...] = ()
    network: bool = False
    capabilities: bool = False  # setcap
    opaque: str | None = None
    settings: tuple[Place, ...] = ()

    def with_(self, **changes: object) -> Effects:
        """A copy with some fields replaced."""
        return replace(self, **changes)


NOTHING = Effects()


def merge(effects: tuple[Effects, ...]) -> Effects:
    """The union of what several commands do; the phase is that of the strongest."""
    if not effects:
        return NOTHING
    if len(effects) == 1:
        return effects[0]

    def union(name: str) -> tuple[object, ...]:
        return tuple(dict.fromkeys(item for effect in effects for item in getattr(effect, name)))

    order = list(Phase)
    rank = [
        Phase.OPAQUE,
        Phase.BUILD,
        Phase.LIBRARY,
        Phase.PACKAGE,
        Phase.BOTH,
        Phase.RUNTIME,
        Phase.FETCH,
        Phase.FOLLOW,
        Phase.CLEAN,
        Phase.NONE,
    ]
    assert len(rank) == len(order)
    reasons = [effect.opaque for effect in effects if effect.opaque]
    return Effects(
        phase=min((effect.phase for effect in effects), key=rank.index),
        reads=union("reads"),  # type: ignore[arg-type]
        writes=_left(effects),
        deletes=union("deletes"),  # type: ignore[arg-type]
        attributes=union("attributes"),  # type: ignore[arg-type]
        owners=union("owners"),  # type: ignore[arg-type]
        packages=union("packages"),  # type: ignore[arg-type]
        libraries=union("libraries"),  # type: ignore[arg-type]
        accounts=union("accounts"),  # type: ignore[arg-type]
        tools=union("tools"),  # type: ignore[arg-type]
        network=any(effect.network for effect in effects),
        capabilities=any(effect.capabilities for effect in effects),
        opaque=reasons[0] if reasons else None,
        settings=union("settings"),  # type: ignore[arg-type]
    )


def _left(effects: tuple[Effects, ...]) -> tuple[Write, ...]:
    """What is written and not deleted again by a later one of the commands: a file by name or pattern, a whole tree."""
    left: dict[Write, None] = {}
    for effect in effects:
        for place in effect.deletes:
            for write in [w for w in left if w.kind is not WriteKind.BOOK and covers(place, w.place)]:
                del left[write]
        left |= dict.fromkeys(effect.writes)
    return tuple(left)


class ShellState(Struct, frozen=True):
    """What the shell knows at a point of a RUN.

    `variables` are shell variables over the instruction's ENV and ARG (values with HOLE for unknown
    pieces; a name that is missing is unset). `directory` is None if it is not known. `errexit` is `set -e`.
    `learned` is what earlier commands taught (install prefixes of build directories, virtual environments,
    moved package prefixes): hand it on from RUN to RUN, and nothing else does.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    exported: frozenset[str] = frozenset()
    directory: str | None = "/"
    user: str = ""
    errexit: bool = False
    functions: Mapping[str, Command] = field(default_factory=dict)
    learned: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Invocation(Struct, frozen=True):
    """One evaluated simple command, wrappers (sudo, env, sh -c…) taken off.

    It is started in `directory`; an option may tell it to work in another (`composer --working-dir=DIR`).
    """

    name: str  # base name of the program
    arguments: tuple[str, ...]  # evaluated, HOLE for what is unknown
    span: Span
    directory: str | None
    user: str
    program: str = ""  # the program word as evaluated: "./server", "/entrypoint.sh", "nginx"
    told: str | None = None

    @property
    def works_in(self) -> str | None:
        """Where it does its work."""
        return self.told or self.directory


class Member(Struct, frozen=True):
    """One member of a RUN's top-level list: what becomes a step of its own.

    `operator` is what follows it (`&&`, `;`, …). `before` is the shell state it starts in. Effects that only
    change shell state (`cd`, `set`, an assignment) leave `effects` NOTHING and show in the next `before`.
    """

    command: Command
    span: Span
    operator: str
    before: ShellState
    effects: Effects
    invocations: tuple[Invocation, ...] = ()
    state_only: bool = False  # set, cd, export, assignments, shopt: no process, no file

    @property
    def sets(self) -> frozenset[str]:
        """The shell variables that it assigns or exports, and `name()` for a function that it defines."""
        names = names_set(self.command)
        return names | {f"{self.command.name}()"} if isinstance(self.command, Function) else names

    @property
    def uses(self) -> frozenset[str]:
        """The shell variables that it expands, and `name()` for each function of the RUN that it calls."""
        names, functions = names_used(self.command), self.before.functions
        if not functions:
            return names
        return names | {f"{name}()" for name in names_called(self.command) if name in functions}
