"""Pieces of a list in source order to its members: which `!`, `|`, `&&` or redirect belongs where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias, assert_never

from msgspec import Struct
from msgspec.structs import replace

from converter.shell.commands import CommandReader, Element, RedirectPlace, WordPlace
from converter.shell.model import (
    Command,
    Function,
    Group,
    Item,
    Opaque,
    Pipeline,
    Redirect,
    Script,
    Simple,
    Test,
)
from converter.span import Span

_GAP = re.compile(r"(?:[ \t\n]|\\\n|#[^\n]*)*")


class Broken(ValueError):
    """The pieces do not make up a list: what they are in becomes opaque."""


class Operator(Struct, frozen=True):
    """`&&`, `||`, `;`, `&`, newline, `|`, `|&` or `!`."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


class CommandPiece(Struct, frozen=True):
    """A whole command that may still get redirects."""

    command: Command
    start: int
    end: int


class SimplePiece(Struct, frozen=True):
    """The elements of a simple command, which may still get more."""

    elements: tuple[Element, ...]

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.elements[0].start

    @property
    def end(self) -> int:
        """Where it ends so far."""
        return self.elements[-1].end


Loose: TypeAlias = RedirectPlace | WordPlace
Piece: TypeAlias = Operator | CommandPiece | SimplePiece | Loose


def assemble(pieces: Iterable[Piece], commands: CommandReader, begin: int) -> tuple[Item, ...]:
    """The members of the list that begins at an offset.

    Raises Broken where the pieces do not fit together, or leave out text that is neither blank nor a comment.
    """
    assembler = _Assembler(commands)
    for piece in pieces:
        if not _GAP.fullmatch(commands.text, begin, piece.start):
            raise Broken
        assembler.add(piece)
        begin = piece.end
    return assembler.finish()


class _Assembler:
    def __init__(self, commands: CommandReader) -> None:
        self._commands = commands
        self._items: list[Item] = []
        self._pipe: list[Command] = []
        self._negated = False
        self._bang: int | None = None
        self._elements: list[Element] = []
        self._command: Command | None = None
        self._redirects: list[Redirect] = []
        self._end = 0

    def add(self, piece: Piece) -> None:
        match piece:
            case Operator(text="|" | "|&"):
                self._close_command()
            case Operator(text="!", start=start):
                self._newline_before(start)
                self._negated = not self._negated
                self._bang = start if self._bang is None else self._bang
            case Operator(text="\n"):
                if self._open:
                    self._close_item("\n")
            case Operator(text=text):
                self._close_item(text)
            case CommandPiece():
                self._newline_before(piece.start)
                if self._open_command:
                    raise Broken
                self._command = piece.command
                self._end = piece.end
            case SimplePiece():
                self._newline_before(piece.start)
                if self._command is not None or any(isinstance(each, WordPlace) for each in self._elements):
                    raise Broken
                self._elements.extend(piece.elements)
                self._end = piece.end
            case WordPlace():
                self._newline_before(piece.start)
                if self._command is not None:
                    raise Broken
                self._elements.append(piece)
                self._end = piece.end
            case RedirectPlace():
                self._newline_before(piece.start)
                if self._command is not None:
                    self._redirects.append(self._commands.redirect(piece))
                else:
                    self._elements.append(piece)
                self._end = piece.end
            case _:
                assert_never(piece)

    def finish(self) -> tuple[Item, ...]:
        if self._open:
            self._close_item("")
        elif self._items and self._items[-1].operator in ("&&", "||"):
            raise Broken
        if self._items and self._items[-1].operator == "\n":
            self._items[-1] = Item(self._items[-1].command, "")
        return tuple(self._items)

    @property
    def _open_command(self) -> bool:
        return self._command is not None or bool(self._elements)

    @property
    def _open(self) -> bool:
        return self._open_command or bool(self._pipe) or self._bang is not None

    def _newline_before(self, start: int) -> None:
        """The tree does not hold line ends: one between two commands ends the first."""
        if self._open_command and "\n" in self._commands.text[self._end : start].replace("\\\n", ""):
            self._close_item("\n")

    def _close_command(self) -> None:
        if self._command is not None:
            self._pipe.append(_with_redirects(self._command, tuple(self._redirects)))
        elif self._elements:
            self._pipe.append(self._commands.simple(self._elements))
        else:
            raise Broken
        self._command = None
        self._elements = []
        self._redirects = []

    def _close_item(self, operator: str) -> None:
        self._close_command()
        first, last = self._pipe[0].span, self._pipe[-1].span
        command = self._pipe[0]
        if self._bang is not None or len(self._pipe) > 1:
            start = first.start if self._bang is None else self._commands.span(self._bang, self._bang).start
            command = Pipeline(Span(start, last.end), tuple(self._pipe), self._negated)
        self._items.append(Item(command, operator))
        self._pipe = []
        self._negated = False
        self._bang = None


def _with_redirects(command: Command, redirects: tuple[Redirect, ...]) -> Command:
    if not redirects:
        return command
    span = Span(command.span.start, redirects[-1].span.end)
    match command:
        case Simple() | Pipeline():
            raise Broken
        case Test():
            return Group(span, Script(command.span, (Item(command, ""),)), redirects)
        case Opaque():
            return Opaque(span, command.text, command.reason)
        case Function():
            return Function(span, command.name, _with_redirects(command.body, redirects))
        case _:
            return replace(command, span=span, redirects=redirects)
