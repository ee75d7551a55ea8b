"""The plan: what each stage holds and why, frozen and serialisable."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Verdict(StrEnum):
    """Where a step goes."""

    BUILD = "build"
    RUNTIME = "runtime"
    BOTH = "both"
    DROPPED = "dropped"


class StepReport(Struct, frozen=True):
    """One step with its verdict; `basis` as in `effects.model.Basis`."""

    line: int
    end_line: int
    command: str
    verdict: Verdict
    code: str
    reason: str
    basis: str


class CopyReport(Struct, frozen=True):
    """One path that the final stage takes from the builder."""

    source: str
    destination: str
    chown: str | None
    needed_by: tuple[str, ...]
    reason: str
    basis: str


class PackageReport(Struct, frozen=True):
    """Operating-system packages: of the builder, of the final stage, and those the author did not name."""

    build: tuple[str, ...] = ()
    final: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    discovered_at_build: bool = False


class Estimate(Struct, frozen=True):
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


class GraphReport(Struct, frozen=True):
    """The dependency graph for people: nodes (id, label, kind) and edges (from, to, label)."""

    nodes: tuple[tuple[str, str, NodeKind], ...] = ()
    edges: tuple[tuple[str, str, str], ...] = ()


class Plan(Struct, frozen=True):
    """Everything that was decided about one file."""

    builder_base: str
    final_base: str
    steps: tuple[StepReport, ...] = ()
    copies: tuple[CopyReport, ...] = ()
    packages: PackageReport = PackageReport()
    estimate: Estimate | None = None
    graph: GraphReport | None = None
    schema: int = 1
