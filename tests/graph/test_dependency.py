"""What depends on what, against networkx's answers on graphs that nobody drew."""

from __future__ import annotations

import networkx
from hypothesis import given
from hypothesis import strategies as st

from converter.dockerfile.pragmas import pragmas
from converter.dockerfile.reader import read
from converter.graph.analysis import analyse
from converter.graph.connecting import dependency_graph
from converter.graph.dependency import DependencyGraph, Edge
from converter.graph.model import Runtime
from converter.span import SourceText

STEPS = 12
PAIRS = st.tuples(st.integers(0, STEPS - 1), st.integers(0, STEPS - 1)).filter(lambda pair: pair[0] < pair[1])


def graph_of(pairs: list[tuple[int, int]]) -> DependencyGraph:
    return DependencyGraph((), Runtime(), tuple(Edge(*pair, "/path") for pair in dict.fromkeys(pairs)))


@given(st.lists(PAIRS, max_size=40), st.sets(st.integers(0, STEPS - 1), max_size=4))
def test_needs_are_the_ancestors(pairs: list[tuple[int, int]], targets: set[int]) -> None:
    plain: networkx.DiGraph[int] = networkx.DiGraph(pairs)
    plain.add_nodes_from(range(STEPS))
    expected = set().union(*(networkx.ancestors(plain, target) for target in targets)) - targets
    assert graph_of(pairs).needs(targets) == expected


@given(st.lists(PAIRS, max_size=40))
def test_a_drawing_has_the_edges_that_no_longer_way_stands_for(pairs: list[tuple[int, int]]) -> None:
    graph = graph_of(pairs)
    drawn = graph_of([(edge.source, edge.target) for edge in graph.reduced()])
    for step in range(STEPS):
        assert drawn.needs({step}) == graph.needs({step})
    for edge in drawn.edges:
        rest = graph_of([(e.source, e.target) for e in drawn.edges if e != edge])
        assert edge.source not in rest.needs({edge.target})


def test_edges_by_either_end() -> None:
    graph = graph_of([(0, 2), (1, 2), (2, 3)])
    assert [edge.source for edge in graph.uses(2)] == [0, 1]
    assert [edge.target for edge in graph.used_by(2)] == [3]
    assert graph.uses(0) == ()


def test_a_configure_needs_what_it_is_told_to_build_with() -> None:
    dockerfile = read(
        SourceText(
            "FROM php:7.0-apache\nCOPY sdk.zip /opt/oci8/\nRUN cd /opt/oci8 && unzip sdk.zip\n"
            "RUN cd /tmp/oci8 && ./configure --with-oci8=shared,instantclient,/opt/oci8/client/ --prefix=/opt/oci8/x\n"
        )
    )
    analysis = analyse(dockerfile, pragmas(dockerfile), None, {})
    unzip, configure = (
        step.index
        for step in analysis.steps
        if any(i.name in ("unzip", "configure") for i in step.invocations)
    )
    graph = dependency_graph(analysis.steps, analysis.runtime)
    assert unzip in graph.needs({configure})
