"""The dependency graph for drawing programs: Graphviz's dot, and Mermaid as Markdown viewers show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from converter.plan.model import NodeKind
from converter.report.lines import printable

if TYPE_CHECKING:
    from converter.plan.model import GraphReport

_DOT = {
    NodeKind.BUILD: "shape=box, style=filled",
    NodeKind.RUNTIME: "shape=box",
    NodeKind.BOTH: "shape=box, peripheries=2",
    NodeKind.DROPPED: "shape=box, style=dashed",
    NodeKind.PATH: "shape=ellipse",
    NodeKind.ROOT: "shape=doubleoctagon",
}
_MERMAID = {
    NodeKind.BUILD: ('[/"', '"/]'),
    NodeKind.RUNTIME: ('["', '"]'),
    NodeKind.BOTH: ('[["', '"]]'),
    NodeKind.DROPPED: ('>"', '"]'),
    NodeKind.PATH: ('(["', '"])'),
    NodeKind.ROOT: ('{{"', '"}}'),
}


def dot(graph: GraphReport) -> str:
    """A digraph; the shape says a node's kind: filled boxes are built, plain ones run, dashed ones dropped."""
    rows = ["digraph multistage {", "  rankdir=LR;"]
    for name, label, kind in graph.nodes:
        rows.append(f"  {_quoted(name)} [label={_quoted(label)}, {_DOT[kind]}];")
    for start, end, label in graph.edges:
        rows.append(f"  {_quoted(start)} -> {_quoted(end)} [label={_quoted(label)}];")
    return "\n".join((*rows, "}", ""))


def mermaid(graph: GraphReport) -> str:
    """A flow chart; nodes are numbered, since Mermaid takes few characters in names."""
    number = {name: f"n{at}" for at, (name, _, _) in enumerate(graph.nodes)}
    rows = ["flowchart LR"]
    for name, label, kind in graph.nodes:
        opening, closing = _MERMAID[kind]
        rows.append(f"  {number[name]}{opening}{_entities(label)}{closing}")
    for start, end, label in graph.edges:
        arrow = f'-->|"{_entities(label)}"|' if label else "-->"
        rows.append(f"  {number[start]} {arrow} {number[end]}")
    return "\n".join((*rows, ""))


def _quoted(text: str) -> str:
    return '"' + printable(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _entities(text: str) -> str:
    """Text inside Mermaid's quotes, where entities are `#name;`."""
    shown = printable(text).replace("#", "#35;").replace('"', "#quot;")
    return shown.replace("<", "#lt;").replace(">", "#gt;")
