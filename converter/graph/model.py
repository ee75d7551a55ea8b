"""Steps, roots and resources: what the dependency graph is made of."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property

from msgspec import Struct

from converter.dockerfile.model import AnyInstruction, Dockerfile, From, Run, State
from converter.dockerfile.pragmas import Pragmas
from converter.effects.model import Effects, Invocation, Member, PackageAction, Phase, Write, WriteKind
from converter.effects.places import Place, covers
from converter.knowledge.images import BaseImage
from converter.observed import NOTHING_OBSERVED, Observed
from converter.shell.model import Simple
from converter.span import Span


class Step(Struct, frozen=True, dict=True):
    """An instruction, or one or more members of a RUN's list that cannot be parted.

    `ordinal` is the instruction's index in the file, `members` what a shell-form RUN gives (empty for other
    instructions, and for a RUN that no reader understands). `state` is the State before the instruction.
    `state_only`: it only changes the state of the shell (`set`, `cd`, an assignment, whatever gives the value).
    """

    index: int
    ordinal: int
    instruction: AnyInstruction
    state: State
    effects: Effects
    span: Span
    members: tuple[Member, ...] = ()
    pragmas: Pragmas = Pragmas()
    state_only: bool = False

    @property
    def is_run(self) -> bool:
        """Whether it belongs to a RUN."""
        return isinstance(self.instruction, Run)

    @property
    def phase(self) -> Phase:
        """The phase of its effects."""
        return self.effects.phase

    @cached_property
    def invocations(self) -> tuple[Invocation, ...]:
        """Its evaluated commands."""
        return tuple(i for member in self.members for i in member.invocations)


def carries_state(member: Member) -> bool:
    """Whether a member goes along with those that need the state it sets; `x="$(…)"` may run commands for it."""
    command = member.command
    if member.state_only:
        return True
    if not isinstance(command, Simple) or command.redirects:
        return False
    declares = not command.words or command.words[0].text in ("export", "readonly", "declare", "local")
    return declares and bool(member.sets)


def reads_into_shell(member: Member) -> bool:
    """Whether it reads a file for what follows in its RUN: `. /etc/os-release`."""
    command, effects = member.command, member.effects
    return (
        isinstance(command, Simple)
        and bool(command.words)
        and command.words[0].text in (".", "source")
        and not (effects.deletes or effects.attributes or effects.packages or effects.accounts)
        and all(write.kind is WriteKind.BOOK for write in effects.writes)
    )


class RootKind(StrEnum):
    """Why something is needed when the container runs."""

    COMMAND = "command"  # named by ENTRYPOINT, CMD or HEALTHCHECK
    SCRIPT = "script"  # named by a script that a root runs
    ENVIRONMENT = "environment"  # an ENV value that is a path
    DIRECTORY = "directory"  # WORKDIR, VOLUME, a home: the directory, not its content
    CONTENT = "content"  # the content of a directory: the work directory of an interpreter
    COMPANION = (
        "companion"  # the work directory of a program that this file may have built: what lies beside it
    )
    PRAGMA = "pragma"  # the user says so


class Root(Struct, frozen=True):
    """A place the running container can reach by name; `label` says where that stands ("CMD line 14")."""

    place: Place
    kind: RootKind
    label: str


class Program(Struct, frozen=True):
    """A program the running container starts: its name as written, its base name and its arguments."""

    text: str
    name: str
    arguments: tuple[str, ...]
    label: str


class UnreadScript(Struct, frozen=True):
    """A script that the container starts and whose text is not known; `label` says what starts it."""

    path: str
    label: str

    def __str__(self) -> str:
        return f"the entry script {self.path} ({self.label})"


class UnreadConfiguration(Struct, frozen=True):
    """A program that starts what its configuration names: a supervisor, cron."""

    launcher: str
    label: str

    def __str__(self) -> str:
        return f"what {self.launcher} starts ({self.label})"


Unread = UnreadScript | UnreadConfiguration


class Runtime(Struct, frozen=True):
    """Everything known of what the container does when it starts.

    `scripts` holds the entry scripts that were read; `unreadable` says what could not be.
    `names` are the words of all commands (a program is used if its name occurs). `opaque` is true if the
    container may run anything (a script nobody can read, what a supervisor's configuration names).
    """

    programs: tuple[Program, ...] = ()
    roots: tuple[Root, ...] = ()
    names: frozenset[str] = frozenset()
    unreadable: tuple[Unread, ...] = ()
    directory: str | None = "/"
    user: str = ""
    inherited: bool = False

    @property
    def opaque(self) -> bool:
        """Whether the container starts something that could not be read."""
        return bool(self.unreadable)

    def program_names(self) -> frozenset[str]:
        """Base names of the programs."""
        return frozenset(program.name for program in self.programs)


class Analysis(Struct, frozen=True, dict=True):
    """One file, analysed: what the plan is made from."""

    dockerfile: Dockerfile
    stage: From
    base: BaseImage
    steps: tuple[Step, ...]
    final_state: State
    runtime: Runtime
    observed: Observed = NOTHING_OBSERVED

    @cached_property
    def removing(self) -> tuple[Step, ...]:
        """The steps that remove packages, or mark them for it."""
        return tuple(
            step
            for step in self.steps
            if "apt-mark" in step.effects.tools
            or any(
                c.action not in (PackageAction.INSTALL, PackageAction.UPDATE) for c in step.effects.packages
            )
        )

    @cached_property
    def live_writes(self) -> tuple[tuple[Write, ...], ...]:
        """For each step what it wrote and no later step deleted, databases and caches left out."""
        return tuple(_remaining(step, self.steps[step.index + 1 :]) for step in self.steps)

    @cached_property
    def layer_writes(self) -> tuple[tuple[Write, ...], ...]:
        """For each step what it wrote and its own instruction did not delete again."""
        layers: dict[int, list[Step]] = {}
        for step in self.steps:
            layers.setdefault(step.ordinal, []).append(step)
        return tuple(
            _remaining(step, layer[at + 1 :]) for layer in layers.values() for at, step in enumerate(layer)
        )


def _remaining(step: Step, later: Sequence[Step]) -> tuple[Write, ...]:
    deleted = [place for other in later for place in other.effects.deletes]
    return tuple(
        write
        for write in step.effects.writes
        if write.kind is not WriteKind.BOOK and not any(_removes(place, write.place) for place in deleted)
    )


def _removes(deleted: Place, written: Place) -> bool:
    if written.path == deleted.path and (deleted.tree or not written.tree):
        return True
    if deleted.path == f"{written.path}/*":
        return written.tree
    return covers(deleted, written)
