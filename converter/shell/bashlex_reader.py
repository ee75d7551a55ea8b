"""The first reader: bashlex finds how commands nest, this module turns its nodes into our AST.

bashlex sees the skeleton of the text alone. Where words end is found by `scanning.py` and what they consist
of by `words.py`, so that what stands inside a substitution is a text of its own and never makes the whole
body unreadable.
"""

from __future__ import annotations

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
from converter.shell.skeleton import Skeleton, skeleton
from converter.shell.words import Nested
from converter.span import Span

_REMEMBERED = 4096


def read(text: ShellText, masked: Masked, nested: Nested, depth: int) -> Script | None:
    """The script, or None where bashlex does not accept the text."""
    structure = skeleton(masked.ascii)
    trees = None if structure is None else _trees(structure.text)
    if structure is None or trees is None:
        return None
    try:
        return _Converter(CommandReader(text, masked, nested, depth), structure, depth).script(trees)
    except _Unknown:
        return None


@lru_cache(maxsize=_REMEMBERED)
def _trees(structure: str) -> tuple[tuple[int, Any], ...] | None:
    """The nodes of each line with the offset that their positions count from."""
    parser = bashlex_import.parser()
    trees = []
    rest = structure.lstrip()
    try:
        while rest:
            tree = parser.parsesingle(rest, expansionlimit=-1)
            if tree is None:
                return None
            trees.append((len(structure) - len(rest), tree))
            rest = rest[tree.pos[1] :].lstrip(" ")
            if rest and rest[0] != "\n":
                return None
            rest = rest.lstrip()
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


class _Unknown(ValueError):
    """A node of bashlex that stands where none is expected, such as the end of the line behind `!`."""


class _Converter:
    __slots__ = ("_base", "_commands", "_level", "_skeleton", "_words")

    def __init__(self, commands: CommandReader, structure: Skeleton, depth: int) -> None:
        self._commands = commands
        self._skeleton = structure
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
            command = self._commands.simple([each for part in node.parts for each in self._elements(part)])
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

    def _start(self, node: Any) -> int:
        start: int = node.pos[0]
        return self._skeleton.starts[self._base + start]

    def _end(self, node: Any) -> int:
        end: int = node.pos[1]
        return self._skeleton.ends[self._base + end - 1]

    def _elements(self, node: Any) -> list[Element]:
        """A redirect, or the words that a node stands for."""
        if node.kind == "redirect":
            return [RedirectPlace(self._start(node), self._end(node))]
        run = self._skeleton.runs.get(self._base + node.pos[0])
        if run is None:
            return [WordPlace(self._start(node), self._end(node))]
        return [WordPlace(start, end) for start, end in run]

    def _all_words(self, node: Any) -> tuple[Word, ...]:
        return tuple(self._words.word(place.start, place.end) for place in self._elements(node))

    def _word(self, node: Any) -> Word:
        words = self._all_words(node)
        if len(words) != 1:
            raise _Unknown("several words")
        return words[0]

    def _pipeline(self, node: Any) -> Pipeline:
        bangs = sum(part.kind == "reservedword" for part in node.parts)
        commands = tuple(self._command(part) for part in node.parts[bangs:] if part.kind != "pipe")
        start = self._start(node.parts[0])
        span = Span(self._words.span(start, start).start, commands[-1].span.end)
        return Pipeline(span, commands, bangs % 2 == 1)

    def _compound(self, node: Any) -> Command:
        redirects = tuple(self._redirect(part) for part in node.redirects)
        first = node.list[0]
        last = (node.redirects or node.list)[-1]
        span = self._words.span(self._start(first), self._end(last))
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
        return self._commands.redirect(RedirectPlace(self._start(node), self._end(node)))

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
                words = (*(words or ()), *self._all_words(part))
        raise _Unknown("for")

    def _function(self, node: Any) -> Function:
        body = self._command(node.body)
        span = self._words.span(self._start(node), self._end(node))
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
