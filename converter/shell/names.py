"""Which variables shell text expands and sets, and what it calls: what must go along when a RUN is cut."""

from __future__ import annotations

import re
from collections.abc import Iterator

from converter.shell.model import (
    Arithmetic,
    Assignment,
    For,
    Literal,
    Opaque,
    Parameter,
    Pipeline,
    Simple,
    Subshell,
    Test,
    Word,
)
from converter.shell.walk import Node, children, descendants, simple_commands

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_IN_TEXT = re.compile(r"\$\{?[#!]?([A-Za-z_][A-Za-z0-9_]*)")
_ARITHMETIC_SET = re.compile(r"([A-Za-z_]\w*)\s*(?:(?:[-+*/%&|^]|<<|>>)?=(?!=)|\+\+|--)", re.ASCII)
_DECLARING = frozenset({"export", "declare", "typeset", "local", "readonly"})
_NAMING = frozenset({"read", "unset", "mapfile", "readarray", "getopts", "let"})


def names_used(node: Node) -> frozenset[str]:
    """The variables that are expanded anywhere in a node, and those that `export NAME` hands on."""
    return frozenset(name for inner in descendants(node) for name in _used(inner))


def names_set(node: Node) -> frozenset[str]:
    """The variables that are set or unset for what follows; a subshell or pipeline keeps its own inside."""
    return frozenset(_set(node))


def names_called(node: Node) -> frozenset[str]:
    """The first words of all commands in a node, substitutions included: functions are among them."""
    return frozenset(c.words[0].text for c in simple_commands(node) if c.words)


def _used(node: Node) -> Iterator[str]:
    match node:
        case Word(parts=(Literal(),)):
            return
        case Word(parts=parts):
            for part in parts:
                if isinstance(part, Parameter):
                    yield from _NAME.findall(part.name)
                elif isinstance(part, Arithmetic):
                    yield from _NAME.findall(part.text)
        case Opaque(text=text) | Test(text=text) | For(arithmetic=text):
            yield from _IN_TEXT.findall(text)
            if isinstance(node, For) or text.startswith("(("):
                yield from _NAME.findall(text)
        case Simple(words=words) if words and words[0].text == "export":
            yield from (word.text for word in words[1:] if _NAME.fullmatch(word.text))
        case Assignment(name=name, append=True):
            yield name
        case _:
            pass


def _set(node: Node) -> Iterator[str]:
    match node:  # the commonest first
        case Word(parts=(Literal(),)) | Subshell() | Pipeline(commands=(_, _, *_)):
            return
        case Simple(words=(), assignments=assignments):
            yield from (assignment.name for assignment in assignments)
        case Simple(words=words):
            yield from _by_builtin(words)
        case For(variable=variable, arithmetic=arithmetic):
            if variable:
                yield variable
            yield from _arithmetic(arithmetic)
        case Test(text=text) if text.startswith("(("):
            yield from _arithmetic(text)
        case Word(parts=parts):
            for part in parts:
                if isinstance(part, Parameter) and part.operator in ("=", ":="):
                    yield part.name
                elif isinstance(part, Arithmetic):
                    yield from _arithmetic(part.text)
            return  # substitutions run in a subshell
        case _:
            pass
    for child in children(node):
        yield from _set(child)


def _arithmetic(text: str) -> Iterator[str]:
    for match in _ARITHMETIC_SET.finditer(text):
        yield match[1]


def _by_builtin(words: tuple[Word, ...]) -> Iterator[str]:
    name = words[0].text
    if name in _DECLARING or name in _NAMING:
        for word in words[1:]:
            match = _NAME.match(word.text)
            if match and (name == "let" or word.text[match.end() : match.end() + 1] in ("", "=", "[", "+")):
                yield match.group()
    elif name == "printf" and len(words) > 2 and words[1].text == "-v":
        yield words[2].text
