"""Compound commands of tree-sitter-bash's tree: `if`, `for`, `while`, `case`, groups, functions, tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from converter.shell.assembly import Broken
from converter.shell.model import (
    Case,
    Command,
    For,
    Function,
    Group,
    If,
    Item,
    Script,
    Subshell,
    Test,
    While,
    Word,
)
from converter.shell.source import Spanner
from converter.shell.syntax_tree import Node

_WORDS = frozenset(
    {"ansi_c_string", "arithmetic_expansion", "brace_expression", "command_substitution", "concatenation"}
    | {"expansion", "extglob_pattern", "number", "process_substitution", "raw_string", "regex"}
    | {"simple_expansion", "string", "translated_string", "word"}
)


class Lists(Protocol):
    """What reads the lists and words inside a compound command."""

    span: Spanner

    def text_of(self, node: Node) -> str:
        """The text that a node covers."""

    def items(self, nodes: Sequence[Node], begin: int) -> tuple[Item, ...]:
        """The members of a list."""

    def script(self, nodes: Sequence[Node], begin: int) -> Script:
        """A list."""

    def inside(self, nodes: Sequence[Node], last: int | None = -1) -> Script:
        """The list between the first and the last of these nodes."""

    def word(self, nodes: Sequence[Node]) -> Word:
        """The one word that these nodes make up."""

    def words(self, nodes: Sequence[Node]) -> tuple[Word, ...]:
        """The words that these nodes make up."""

    def remember_substitutions(self, node: Node) -> None:
        """Takes the scripts in a word from the tree."""


def compound(node: Node, lists: Lists) -> Command:
    """The command that a node is, without redirects; raises Broken if the node itself holds an error."""
    span = lists.span(node.start, node.end)
    children = _sound(node)
    match node.kind:
        case "subshell" if not lists.text_of(node).startswith("{"):
            return Subshell(span, lists.inside(children))
        case "subshell":
            return Group(span, lists.inside(children))
        case "compound_statement" if children[0].kind == "{":
            return Group(span, lists.inside(children))
        case "compound_statement" | "test_command":
            return Test(span, lists.text_of(node), tuple(_test_words(node, lists)))
        case "if_statement":
            branches, otherwise = _branches(children, lists)
            return If(span, branches, otherwise)
        case "while_statement":
            return While(span, lists.inside(children), _body(children[-1], lists))
        case "for_statement":
            words = None
            if children[2].kind == "in":
                values = [child for child in children[3:-1] if child.kind not in (";", "\n", "&")]
                words = lists.words(values)
            return For(span, lists.text_of(children[1]), words, _body(children[-1], lists))
        case "c_style_for_statement":
            header = lists.text_of(node)
            header = header[header.index("((") + 2 : _named(children, "))").start - node.start]
            return For(span, "", None, _body(children[-1], lists), arithmetic=header)
        case "case_statement":
            inside = children.index(_named(children, "in"))
            items = [child for child in children[inside:] if child.kind == "case_item"]
            subject = lists.word(children[1:inside])
            return Case(span, subject, tuple(_case_item(item, lists) for item in items))
        case "function_definition":
            return _function(children, lists, node)
        case _:
            raise Broken


def _sound(node: Node) -> list[Node]:
    """The children without comments; raises Broken if one of them is an error."""
    if any(child.broken for child in node.children):
        raise Broken
    return [child for child in node.children if child.kind != "comment"]


def _named(children: Sequence[Node], kind: str) -> Node:
    for child in children:
        if child.kind == kind:
            return child
    raise Broken


def _body(node: Node, lists: Lists) -> Script:
    if node.kind not in ("do_group", "compound_statement"):
        raise Broken
    return lists.inside(_sound(node))


def _branches(children: list[Node], lists: Lists) -> tuple[tuple[tuple[Script, Script], ...], Script | None]:
    clauses = [child for child in children if child.kind in ("elif_clause", "else_clause")]
    end = children.index(clauses[0]) if clauses else -1
    branches = [_branch(children[:end], lists)]
    otherwise: Script | None = None
    for clause in clauses:
        inner = _sound(clause)
        if clause.kind == "elif_clause":
            branches.append(_branch(inner, lists))
        else:
            otherwise = lists.inside(inner, None)
    return tuple(branches), otherwise


def _branch(nodes: list[Node], lists: Lists) -> tuple[Script, Script]:
    then = nodes.index(_named(nodes, "then"))
    return lists.inside(nodes, then), lists.inside(nodes[then:], None)


def _case_item(item: Node, lists: Lists) -> tuple[tuple[Word, ...], Script]:
    children = _sound(item)
    closing = children.index(_named(children, ")"))
    patterns: list[list[Node]] = [[]]
    for child in children[:closing]:
        if child.kind == "|":
            patterns.append([])
        elif child.kind != "(" or patterns != [[]]:
            patterns[-1].append(child)
    body = [child for child in children[closing + 1 :] if child.kind not in (";;", ";&", ";;&")]
    script = lists.script(body, children[closing].end)
    return tuple(lists.word(pattern) for pattern in patterns), script


def _function(children: list[Node], lists: Lists, node: Node) -> Function:
    name = _named(children, "word")
    body = [child for child in children if child.named and child is not name]
    if not body:
        raise Broken
    items = lists.items(body, body[0].start)
    return Function(lists.span(node.start, node.end), lists.text_of(name), items[0].command)


def _test_words(node: Node, lists: Lists) -> Iterator[Word]:
    for child in node.children:
        if child.kind in _WORDS:
            lists.remember_substitutions(child)
            yield lists.word((child,))
        else:
            yield from _test_words(child, lists)
