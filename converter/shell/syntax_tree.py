"""tree-sitter-bash's tree of a text as plain nodes: the only module that knows the package.

Offsets are characters of the text.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    import tree_sitter

_REMEMBERED = 64


class Node(Struct, frozen=True):
    """A node; `kind` is the grammar's name for it, or the text of a token that has none (`named` is false).

    `broken` says that the node itself is an error or was missing, `errors` that it or one below it is.
    """

    kind: str
    start: int
    end: int
    named: bool
    broken: bool
    errors: bool
    children: tuple[Node, ...]


@lru_cache(maxsize=_REMEMBERED)
def parse(text: str) -> Node:
    """The root of the tree; tree-sitter always makes one, however broken the text is.

    The text must be ASCII: offsets are bytes, and the grammar's scanner crashes on some other characters.
    """
    from tree_sitter import Parser

    return _plain(Parser(_language()).parse(text.encode("ascii")).root_node)


@lru_cache(maxsize=1)
def _language() -> tree_sitter.Language:
    import tree_sitter
    import tree_sitter_bash

    return tree_sitter.Language(tree_sitter_bash.language())


def _plain(root: tree_sitter.Node) -> Node:
    """Copies the tree without recursion: a list of a thousand commands is a thousand levels deep."""
    found: list[tuple[tree_sitter.Node, int]] = []
    waiting = [(root, 0)]
    while waiting:
        node, parent = waiting.pop()
        index = len(found)
        found.append((node, parent))
        waiting.extend((child, index) for child in node.children)
    below: list[list[Node]] = [[] for _ in found]
    plain = None
    for index in range(len(found) - 1, -1, -1):
        node, parent = found[index]
        plain = Node(
            node.type,
            node.start_byte,
            node.end_byte,
            node.is_named,
            node.is_error or node.is_missing,
            node.has_error,
            tuple(below[index]),
        )
        if index:
            below[parent].append(plain)
    assert plain is not None
    return plain
