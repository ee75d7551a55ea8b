"""The first reader: bashlex finds commands and words, this module turns its nodes into our AST.

bashlex is asked not to expand words (`expansionlimit=-1`): their parts are read by `words.py`, so that what
stands inside a substitution is a text of its own and never makes the whole body unreadable.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from converter.dockerfile.model import ShellText
from converter.shell import bashlex_import
from converter.shell.commands import CommandReader, Element, RedirectPlace, WordPlace
from converter.shell.heredocs import Masked
from converter.shell.model import (
    Command,
    For,
    Function,
    Group,
    If,
    Item,
    Pipeline,
    Redirect,
    Script,
    Subshell,
    While,
    Word,
)
from converter.shell.nesting import TooDeep
from converter.shell.words import Nested
from converter.span import Span

_BLANK = re.compile(r"(?:[ \t\n]+|\\\n|#[^\n]*)*")
_REST_OF_LINE = re.compile(r"(?:[ \t]|\\\n)*(?:#[^\n]*)?(?:\n|$)")

_REMEMBERED = 256


def read(text: ShellText, masked: Masked, nested: Nested, depth: int) -> Script | None:
    """The script, or None where bashlex does not accept the text."""
    trees = _trees(masked.ascii)
    if trees is None:
        return None
    try:
        return _Converter(CommandReader(text, masked, nested, depth), depth).script(trees)
    except _Unknown:
        return None


@lru_cache(maxsize=_REMEMBERED)
def _trees(text: str) -> tuple[tuple[int, Any], ...] | None:
    """The nodes of each line with the offset that their positions count from."""
    parser = bashlex_import.parser()
    trees = []
    at = _skip(text, 0)
    try:
        while at < len(text):
            tree = parser.parsesingle(text[at:], expansionlimit=-1)
            if tree is None:
                return None
            trees.append((at, tree))
            match = _REST_OF_LINE.match(text, at + tree.pos[1])
            if match is None:
                return None
            at = _skip(text, match.end())
    except (
        parser.errors.ParsingError,
        # bashlex raises these on texts that it has no rules for
        AssertionError,
        AttributeError,
        IndexError,
        KeyError,
        NameError,
        NotImplementedError,
        RecursionError,
        TypeError,
        ValueError,
    ):
        return None
    return tuple(trees)


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


class _Unknown(ValueError):
    """A node of bashlex that stands where none is expected, such as the end of the line behind `!`."""


class _Converter:
    __slots__ = ("_base", "_commands", "_level", "_words")

    def __init__(self, commands: CommandReader, depth: int) -> None:
        self._commands = commands
        self._words = commands.words
        self._base = 0
        self._level = depth

    def script(self, trees: tuple[tuple[int, Any], ...]) -> Script:
        items: list[Item] = []
        for base, tree in trees:
            self._base = base
            if items and not items[-1].operator:
                items[-1] = Item(items[-1].command, "\n")
            items.extend(self._items(tree))
        return self._script(items)

    def _script(self, items: list[Item]) -> Script:
        if not items:
            return Script(self._words.span(0, 0), ())
        span = Span(items[0].command.span.start, items[-1].command.span.end)
        return Script(span, tuple(items))

    def _items(self, node: Any) -> list[Item]:
        if node.kind != "list":
            return [Item(self._command(node), "")]
        items: list[Item] = []
        for part in node.parts:
            if part.kind == "operator":
                items[-1] = Item(items[-1].command, part.op)
            else:
                items.append(Item(self._command(part), ""))
        if items[-1].operator == "\n":
            items[-1] = Item(items[-1].command, "")
        return items

    def _body(self, node: Any) -> Script:
        return self._script(self._items(node))

    def _command(self, node: Any) -> Command:
        self._level += 1
        if self._level > TooDeep.LIMIT:
            raise TooDeep
        kind = node.kind
        command: Command
        if kind == "command":
            command = self._commands.simple([self._element(part) for part in node.parts])
        elif kind == "pipeline":
            command = self._pipeline(node)
        elif kind == "compound":
            command = self._compound(node)
        elif kind == "function":
            command = self._function(node)
        else:
            raise _Unknown(kind)
        self._level -= 1
        return command

    def _element(self, node: Any) -> Element:
        start, end = node.pos[0] + self._base, node.pos[1] + self._base
        if node.kind != "redirect":
            return WordPlace(start, end)
        return RedirectPlace(start, end)

    def _word(self, node: Any) -> Word:
        return self._words.word(node.pos[0] + self._base, node.pos[1] + self._base)

    def _pipeline(self, node: Any) -> Pipeline:
        bangs = sum(part.kind == "reservedword" for part in node.parts)
        commands = tuple(self._command(part) for part in node.parts[bangs:] if part.kind != "pipe")
        start = node.parts[0].pos[0] + self._base
        span = Span(self._words.span(start, start).start, commands[-1].span.end)
        return Pipeline(span, commands, bangs % 2 == 1)

    def _compound(self, node: Any) -> Command:
        redirects = tuple(self._redirect(part) for part in node.redirects)
        first = node.list[0]
        last = (node.redirects or node.list)[-1]
        span = self._words.span(first.pos[0] + self._base, last.pos[1] + self._base)
        if first.kind == "reservedword":
            body = self._body(node.list[1])
            return Subshell(span, body, redirects) if first.word == "(" else Group(span, body, redirects)
        parts = _flat(first.parts)
        if first.kind == "if":
            return self._if(span, parts, redirects)
        if first.kind == "for":
            return self._for(span, parts, redirects)
        if first.kind in ("while", "until"):
            return While(span, self._body(parts[1]), self._body(parts[3]), redirects)
        raise _Unknown(first.kind)

    def _redirect(self, node: Any) -> Redirect:
        element = self._element(node)
        assert isinstance(element, RedirectPlace)
        return self._commands.redirect(element)

    def _if(self, span: Span, parts: list[Any], redirects: tuple[Redirect, ...]) -> If:
        branches: list[tuple[Script, Script]] = []
        otherwise: Script | None = None
        condition: Script | None = None
        keyword = ""
        for part in parts:
            if part.kind == "reservedword":
                keyword = part.word
            elif keyword in ("if", "elif"):
                condition = self._body(part)
            elif keyword == "then":
                assert condition is not None
                branches.append((condition, self._body(part)))
            else:
                otherwise = self._body(part)
        return If(span, tuple(branches), otherwise, redirects)

    def _for(self, span: Span, parts: list[Any], redirects: tuple[Redirect, ...]) -> For:
        variable = self._word(parts[1]).text
        words: tuple[Word, ...] | None = None
        keyword = ""
        for index, part in enumerate(parts):
            if part.kind == "reservedword":
                keyword = part.word
                if keyword == "in" and words is None:
                    words = ()
                if keyword in ("do", "{"):
                    return For(span, variable, words, self._body(parts[index + 1]), redirects)
            elif keyword == "in":
                words = (*(words or ()), self._word(part))
        raise _Unknown("for")

    def _function(self, node: Any) -> Function:
        start, end = node.pos[0] + self._base, node.pos[1] + self._base
        body = self._command(node.body)
        span = self._words.span(start, end)
        return Function(Span(span.start, body.span.end), self._word(node.name).text, body)


def _flat(parts: list[Any]) -> list[Any]:
    """The parts of `if`: bashlex hides an `elif` behind another one as a list inside a reserved word."""
    flat: list[Any] = []
    waiting = [iter(parts)]
    while waiting:
        part = next(waiting[-1], None)
        if part is None:
            waiting.pop()
        elif part.kind == "reservedword" and isinstance(part.word, list):
            waiting.append(iter(part.word))
        else:
            flat.append(part)
    return flat
