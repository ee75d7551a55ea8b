"""Real shell RUNs: how many are read, and that both readers agree wherever both read."""

from __future__ import annotations

import pytest

from converter.shell.reader import read
from converter.shell.walk import children, descendants
from tests.dockerfile.corpus import STEP
from tests.shell.agreement import EXPLAINED, Body, bodies, compare

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def results() -> list[Body]:
    return [compare(name, text) for name, text in bodies(STEP)]


def test_nearly_all_are_read(results: list[Body]) -> None:
    unread = [result.name for result in results if not result.read]
    assert len(unread) <= len(results) * 0.001, unread


def test_the_readers_agree(results: list[Body]) -> None:
    both = [result for result in results if result.first and result.second]
    different = [result for result in both if result.difference]
    assert len(both) >= len(results) * 0.98
    assert len(different) <= len(both) * 0.001
    unexplained = [each for each in different if each.difference not in EXPLAINED]
    assert unexplained == []


def test_spans_nest_in_real_files(results: list[Body]) -> None:
    for result in results[::10]:
        for node in descendants(read(result.text)):
            for child in children(node):
                inside = child.span in node.span or child.span.start == child.span.end
                assert inside or child is getattr(node, "body", None)
