"""The plan: what each stage holds and why, frozen and serialisable."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """Where a step goes."""

    BUILD = "build"
    RUNTIME = "runtime"
    BOTH = "both"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class StepReport:
    """One step with its verdict; `basis` as in `effects.model.Basis`."""

    line: int
    end_line: int
    command: str
    verdict: Verdict
    code: str
    reason: str
    basis: str


@dataclass(frozen=True, slots=True)
class CopyReport:
    """One path that the final stage takes from the builder."""

    source: str
    destination: str
    chown: str | None
    needed_by: tuple[str, ...]
    reason: str
    basis: str


@dataclass(frozen=True, slots=True)
class PackageReport:
    """Operating-system packages: of the builder, of the final stage, and those the author did not name."""

    build: tuple[str, ...] = ()
    final: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    discovered_at_build: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """Bytes that leave the image, and where the figure comes from."""

    removed_bytes: int
    source: str


class NodeKind(StrEnum):
    """What a node of the drawn graph is: a step by its verdict, a copied path, or what the container starts."""

    BUILD = "build"
    RUNTIME = "runtime"
    BOTH = "both"
    DROPPED = "dropped"
    PATH = "path"
    ROOT = "root"


@dataclass(frozen=True, slots=True)
class GraphReport:
    """The dependency graph for people: nodes (id, label, kind) and edges (from, to, label)."""

    nodes: tuple[tuple[str, str, NodeKind], ...] = ()
    edges: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that was decided about one file."""

    builder_base: str
    final_base: str
    steps: tuple[StepReport, ...] = ()
    copies: tuple[CopyReport, ...] = ()
    packages: PackageReport = PackageReport()
    estimate: Estimate | None = None
    graph: GraphReport | None = None
    schema: int = 1
