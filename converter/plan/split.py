"""The decisions in full, as the emitter needs them; `report.py` of this package tells them to people."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from converter.diagnostics import Diagnostic
from converter.effects.model import Basis
from converter.graph.dependency import DependencyGraph
from converter.plan.model import Verdict
from converter.span import Span


class Placement(Struct, frozen=True):
    """Where one step goes, and why; neither stage means dropped."""

    builder: bool
    final: bool
    reason: str
    code: str = "MS521"
    basis: Basis = Basis.CONVENTION

    @property
    def verdict(self) -> Verdict:
        """The verdict that users see."""
        match self.builder, self.final:
            case True, True:
                return Verdict.BOTH
            case True, False:
                return Verdict.BUILD
            case False, True:
                return Verdict.RUNTIME
            case _:
                return Verdict.DROPPED


class Operands(Struct, frozen=True):
    """What a COPY names, in its own words."""

    source: str
    destination: str
    chown: str | None = None


class Artifact(Struct, frozen=True):
    """A path that the final stage takes from the builder, at the place of step `producer`.

    `staged` is a folder of the builder that holds only the difference (then `source` lies in it). `spelled` has the
    author's variables for what a build argument decides.
    """

    source: str
    destination: str
    producer: int
    needed_by: tuple[str, ...]
    reason: str
    basis: Basis = Basis.CONVENTION
    chown: str | None = None
    directory: bool = True
    covers: tuple[str, ...] = ()
    spelled: Operands | None = None


class Edit(Struct, frozen=True):
    """Replace a span of the author's text."""

    span: Span
    text: str


class Stage(StrEnum):
    """The two stages."""

    BUILDER = "builder"
    FINAL = "final"


class Insertion(Struct, frozen=True):
    """Lines that the author did not write: put after step `after` of a stage (-1: right after FROM)."""

    stage: Stage
    after: int
    text: str
    comment: str | None = None
    before: bool = False  # before step `after` instead


class Bases(Struct, frozen=True):
    """Base images of the two stages; `drops` are commands that only the author's base has.

    `libraries` are files that programs load and a bare final base does not have.
    """

    builder: str
    final: str
    reason: str
    narrowed: bool = False
    other_repository: bool = False
    drops: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()


class Addition(Struct, frozen=True):
    """A package that the final stage gets beside the author's, and the first step there that is known to need it."""

    name: str
    needed_by: int | None = None


class Packages(Struct, frozen=True):
    """What becomes of the packages: names of each stage, edits of the final stage's installs."""

    build: tuple[str, ...] = ()
    final: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    homeless: tuple[str, ...] = ()  # added names that no install of the author can take
    marked: tuple[str, ...] = ()  # the same for names that the author marks so that they stay
    discovered: bool = False
    loaded: tuple[str, ...] = ()  # patterns for packages whose libraries programs load by name
    listed_at: int | None = None  # the author's install that takes what the builder lists
    edits: Mapping[int, tuple[Edit, ...]] = field(default_factory=dict)
    joined: frozenset[int] = frozenset()  # updates that the install behind them takes in
    dropped_steps: frozenset[int] = frozenset()


class Split(Struct, frozen=True):
    """A whole conversion, decided."""

    bases: Bases
    placements: tuple[Placement, ...]
    artifacts: tuple[Artifact, ...]
    packages: Packages
    insertions: tuple[Insertion, ...] = ()
    builder_edits: Mapping[int, tuple[Edit, ...]] = field(default_factory=dict)
    notes: tuple[Diagnostic, ...] = ()
    builder_name: str = "builder"
    graph: DependencyGraph | None = None
