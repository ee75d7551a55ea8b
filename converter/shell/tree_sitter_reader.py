"""The second reader: tree-sitter-bash for what bashlex rejects.

Its tree is taken for words and compound commands only. How redirects, pipelines and lists bind is decided by
`assembly.py`, from the order of their pieces, because the tree puts a redirect around a whole list. Where a
command holds an error, that command alone is opaque; an error between commands makes their list opaque.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from converter.dockerfile.model import ShellText
from converter.shell import scanning
from converter.shell.assembly import Broken, CommandPiece, Operator, Piece, SimplePiece, assemble
from converter.shell.commands import CommandReader, Element, RedirectPlace, WordPlace
from converter.shell.heredocs import Masked
from converter.shell.model import Item, Opaque, Script, Word
from converter.shell.nesting import TooDeep
from converter.shell.simplified import simplified
from converter.shell.syntax_tree import Node, parse
from converter.shell.tree_compounds import compound
from converter.shell.words import Nested
from converter.span import Span

_FLATTENED = frozenset({"list", "pipeline", "redirected_statement", "negated_command"})
_OPERATORS = frozenset({"&&", "||", ";", "&", "|", "|&", "!", "\n"})
_SIMPLE = frozenset(
    {"command", "declaration_command", "unset_command", "variable_assignment", "variable_assignments"}
)
_REDIRECTS = frozenset({"file_redirect", "herestring_redirect"})
_SUBSTITUTIONS = frozenset({"command_substitution", "process_substitution"})
_GAP = re.compile(r"(?:[ \t]|\\\n)*")
_LINE_END = re.compile(r"[ \t]*(?:#[^\n]*)?\n(?:[ \t\n]|\\\n|#[^\n]*\n)*")
_RESERVED = frozenset(
    {"!", "[[", "case", "do", "done", "elif", "else", "esac", "fi", "for", "function", "if", "in", "select"}
    | {"then", "until", "while", "{", "}"}
)


def read(text: ShellText, masked: Masked, nested: Nested, depth: int) -> Script:
    """The script; what the tree holds as an error is opaque in it."""
    return _script(text, masked.ascii, CommandReader(text, masked, nested, depth), depth)


def read_structure(text: ShellText, masked: Masked, nested: Nested, depth: int) -> Script | None:
    """The same from a tree of the simplified text, which fails less often; None if there is no such text."""
    structure = simplified(masked.ascii)
    if structure is None:
        return None
    return _script(text, structure, CommandReader(text, masked, nested, depth), depth)


def _script(text: ShellText, parsed: str, commands: CommandReader, depth: int) -> Script:
    reader = TreeReader(commands, depth)
    root = parse(parsed)
    try:
        if root.broken:
            raise Broken
        return reader.script(root.children, 0)
    except Broken:
        command = reader.opaque(0, len(text.text))
        return Script(command.span, (Item(command, ""),))


class TreeReader:
    """Turns the nodes of one text into our AST; raises Broken where they hold an error."""

    __slots__ = ("_commands", "_level", "_words", "span", "text")

    def __init__(self, commands: CommandReader, depth: int) -> None:
        self.text = commands.text
        self.span = commands.span
        self._commands = commands
        self._words = commands.words
        self._level = depth

    def text_of(self, node: Node) -> str:
        """The text that a node covers."""
        return self.text[node.start : node.end]

    def opaque(self, start: int, end: int) -> Opaque:
        """A command in which neither reader finds its way."""
        return Opaque(self.span(start, end), self.text[start:end], "a syntax error")

    def script(self, nodes: Sequence[Node], begin: int) -> Script:
        """The list that these nodes make up; it begins behind whatever opens it."""
        items = self.items(nodes, begin)
        if not items:
            return Script(self.span(begin, begin), ())
        return Script(Span(items[0].command.span.start, items[-1].command.span.end), items)

    def inside(self, nodes: Sequence[Node], last: int | None = -1) -> Script:
        """The list behind the first of these nodes, up to the last."""
        return self.script(nodes[1:last], nodes[0].end)

    def items(self, nodes: Sequence[Node], begin: int) -> tuple[Item, ...]:
        """The members of that list."""
        self._level += 1
        if self._level > TooDeep.LIMIT:
            raise TooDeep
        items = assemble(self._pieces(nodes), self._commands, begin)
        self._level -= 1
        return items

    def word(self, nodes: Sequence[Node]) -> Word:
        """The one word that these nodes make up."""
        words = self.words(nodes)
        if len(words) != 1:
            raise Broken
        return words[0]

    def words(self, nodes: Sequence[Node]) -> tuple[Word, ...]:
        """The words that these nodes make up."""
        places: list[Element] = []
        for node in nodes:
            self._extend(places, node)
        return tuple(self._words.word(place.start, place.end) for place in places)

    def _pieces(self, nodes: Sequence[Node]) -> Iterator[Piece]:
        waiting = [iter(nodes)]
        while waiting:
            node = next(waiting[-1], None)
            if node is None:
                waiting.pop()
            elif node.kind in _OPERATORS and not node.broken:
                written = self.text.startswith(node.kind, node.start)  # or put there to help the grammar
                yield Operator(node.kind if written else "\n", node.start)
            elif node.kind == "comment":
                continue
            elif node.kind in _FLATTENED:
                waiting.append(iter(node.children))
            elif node.kind in _REDIRECTS:
                yield from self._redirect(node)
            elif node.broken or not node.named:
                raise Broken
            else:
                yield from self._member(node)

    def _member(self, node: Node) -> tuple[Piece, ...]:
        """A command; opaque as a whole where the tree has an error in it."""
        level = self._level
        try:
            pieces = tuple(self._command(node))
        except Broken:
            self._level = level
            pieces = (CommandPiece(self.opaque(node.start, node.end), node.start, node.end),)
        if any(isinstance(piece, SimplePiece) and self._misread(piece) for piece in pieces):
            raise Broken
        return pieces

    def _misread(self, piece: SimplePiece) -> bool:
        """Whether a reserved word stands where a command's name does: the tree has lost the structure."""
        places = [each for each in piece.elements if isinstance(each, WordPlace)][:2]
        words = [self.text[place.start : place.end] for place in places]
        return any(word in _RESERVED for word in words[: 2 if words[:1] in (["time"], ["coproc"]) else 1])

    def _command(self, node: Node) -> Iterator[Piece]:
        if node.kind in _SIMPLE:
            yield from self._simple(node)
        elif node.kind == "test_command" and node.children[0].kind == "[":
            if node.children[-1].kind != "]" or node.children[-1].broken:
                raise Broken
            self.remember_substitutions(node)
            places = scanning.words(self.text, node.start, node.end)
            yield SimplePiece(tuple(WordPlace(start, end) for start, end in places))
        else:
            yield CommandPiece(compound(node, self), node.start, node.end)

    def _simple(self, node: Node) -> Iterator[Piece]:
        elements: list[Element] = []
        for child in (node,) if node.kind == "variable_assignment" else node.children:
            if child.kind == "comment":
                continue
            if child.kind == "subshell":  # `time ( … )`
                if [self.text[each.start : each.end] for each in elements] != ["time"]:
                    raise Broken
                for piece in self._member(child):
                    assert isinstance(piece, CommandPiece)
                    yield CommandPiece(piece.command, node.start, piece.end)
                return
            if elements and _LINE_END.fullmatch(self.text, elements[-1].end, child.start):
                yield SimplePiece(tuple(elements))  # assignments and the command of the next line
                elements = []
            if child.kind in _REDIRECTS:
                for place in self._redirect(child):
                    self._append(elements, place)
            else:
                self._extend(elements, child)
        if not elements:
            raise Broken
        yield SimplePiece(tuple(elements))

    def _redirect(self, node: Node) -> Iterator[RedirectPlace | WordPlace]:
        """A redirect; the tree counts the words behind its target to it as well."""
        words: list[Element] = []
        children = node.children
        start, end = node.start, children[0].end
        if children[0].kind == "file_descriptor" and not self._is_descriptor(start, end):
            yield WordPlace(start, end)  # `-f2>x` and `-2>x` have no descriptor
            start = end
            children = children[1:]
        for child in children:
            if child.broken:
                raise Broken
            if child.named and child.kind != "file_descriptor":
                self._extend(words, child)
            else:
                end = child.end
        if not self.text.startswith("-", end - 1):  # `>&-` has no target of its own
            if not words:
                raise Broken
            end = words.pop(0).end
        yield RedirectPlace(start, end)
        for word in words:
            assert isinstance(word, WordPlace)
            yield word

    def _is_descriptor(self, start: int, end: int) -> bool:
        before = self.text[start - 1 : start]
        return self.text[start:end].isdigit() and (not before or before in " \t\n;&|()")

    def _extend(self, elements: list[Element], node: Node) -> None:
        """Adds a word; backquotes with blanks between them, one word in the tree, are split again."""
        place = self._place(node)
        if "`" not in self.text_of(node) or node.kind in ("variable_assignment", "word"):
            self._append(elements, place)
            return
        for start, end in scanning.words(self.text, place.start, place.end):
            self._append(elements, WordPlace(start, end))

    def _append(self, elements: list[Element], place: Element) -> None:
        """Adds an element; pieces that touch are one word, and nothing but blanks may lie between others."""
        if elements:
            last = elements[-1]
            if last.end == place.start and isinstance(last, WordPlace) and isinstance(place, WordPlace):
                elements[-1] = WordPlace(last.start, place.end)
                return
            if not _GAP.fullmatch(self.text, last.end, place.start):
                raise Broken
        elements.append(place)

    def _place(self, node: Node) -> WordPlace:
        """Where a word stands; raises Broken if the tree has an error in it, outside its substitutions."""
        if _error_outside_substitutions(node):
            raise Broken
        self.remember_substitutions(node)
        return WordPlace(node.start, node.end)

    def remember_substitutions(self, node: Node) -> None:
        """Reads the scripts in a word from the tree, so that they are not parsed again.

        Not those in backquotes, whose text the shell changes before it reads it, and none with an error.
        """
        if node.kind not in _SUBSTITUTIONS:
            for child in node.children:
                self.remember_substitutions(child)
            return
        if node.errors or node.children[0].kind == "`" or node.children[1].kind in _REDIRECTS:
            return
        level = self._level
        try:
            script = self.inside(node.children)
        except Broken:
            self._level = level
            return
        self._words.known[node.start] = (node.end, script)


def _error_outside_substitutions(node: Node) -> bool:
    if not node.errors or node.broken:
        return node.broken
    return node.kind not in _SUBSTITUTIONS and any(map(_error_outside_substitutions, node.children))
