"""Walking the shell AST: small visitors that later stages share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias, assert_never

from converter.shell.model import (
    Arithmetic,
    Assignment,
    Case,
    Command,
    For,
    Function,
    Group,
    If,
    Literal,
    Opaque,
    Parameter,
    Pipeline,
    Redirect,
    Script,
    Simple,
    Subshell,
    Substitution,
    Test,
    While,
    Word,
)

Node: TypeAlias = "Script | Command | Word | Assignment | Redirect"


def children(node: Node) -> tuple[Node, ...]:
    """What a node holds directly, in source order; the scripts of substitutions belong to their word."""
    match node:  # the commonest first
        case Word(parts=(Literal(),)):
            return ()
        case Word():
            return tuple(inner for part in node.parts for inner in _inside(part))
        case Script(items=items):
            return tuple(item.command for item in items)
        case Simple(words=words, assignments=assignments, redirects=redirects):
            return _ordered((*assignments, *words, *redirects))
        case Pipeline(commands=commands):
            return commands
        case Group(body=body, redirects=redirects) | Subshell(body=body, redirects=redirects):
            return (body, *redirects)
        case If(branches=branches, otherwise=otherwise, redirects=redirects):
            scripts = tuple(script for branch in branches for script in branch)
            return (*scripts, *((otherwise,) if otherwise else ()), *redirects)
        case For(words=words, body=body, redirects=redirects):
            return (*(words or ()), body, *redirects)
        case While(condition=condition, body=body, redirects=redirects):
            return (condition, body, *redirects)
        case Case(subject=subject, branches=branches, redirects=redirects):
            parts: list[Node] = []
            for patterns, body in branches:
                parts += (*patterns, body)
            return (subject, *parts, *redirects)
        case Function(body=body):
            return (body,)
        case Test(words=words):
            return words
        case Assignment(values=values):
            return values
        case Redirect(target=target, body=body):
            return tuple(word for word in (target, body) if word)
        case Opaque():
            return ()
        case _:
            assert_never(node)


def _inside(part: Literal | Parameter | Substitution | Arithmetic) -> tuple[Node, ...]:
    match part:
        case Substitution(script=script):
            return (script,)
        case Parameter(argument=argument):
            return (argument,) if argument else ()
        case Literal() | Arithmetic():
            return ()
        case _:
            assert_never(part)


def _ordered(nodes: tuple[Assignment | Word | Redirect, ...]) -> tuple[Node, ...]:
    return tuple(sorted(nodes, key=lambda node: node.span.start)) if len(nodes) > 1 else nodes


def descendants(node: Node) -> Iterator[Node]:
    """The node and everything below it, parents first, in source order."""
    waiting = [node]
    while waiting:
        inner = waiting.pop()
        yield inner
        waiting.extend(reversed(children(inner)))


def simple_commands(node: Node) -> Iterator[Simple]:
    """All simple commands in order, those inside compounds and substitutions included."""
    for inner in descendants(node):
        if isinstance(inner, Simple):
            yield inner


def opaques(node: Node) -> Iterator[Opaque]:
    """All parts that no reader understands."""
    for inner in descendants(node):
        if isinstance(inner, Opaque):
            yield inner
