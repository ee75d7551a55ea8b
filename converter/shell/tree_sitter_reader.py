"""The second reader: tree-sitter-bash for what bashlex rejects.

Its tree is taken for words and compound commands only. How redirects, pipelines and lists bind is decided by
`assembly.py`, from the order of their pieces, because the tree puts a redirect around a whole list. Where a
command holds an error, that command alone is opaque; an error between commands makes their list opaque.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from converter.dockerfile.model import ShellText
from converter.shell import scanning
from converter.shell.assembly import Broken, CommandPiece, Operator, Piece, SimplePiece, assemble
from converter.shell.commands import CommandReader, Element, RedirectPlace, WordPlace
from converter.shell.heredocs import Masked
from converter.shell.model import (
    Case,
    Command,
    For,
    Function,
    Group,
    If,
    Item,
    Opaque,
    Script,
    Subshell,
    Test,
    While,
    Word,
)
from converter.shell.nesting import TooDeep
from converter.shell.words import Nested
from converter.span import Span

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Tree

_REMEMBERED = 64

_FLATTENED = frozenset(
    {"list", "pipeline", "redirected_statement", "negated_command", "variable_assignments"}
)
_OPERATORS = frozenset({"&&", "||", ";", "&", "|", "|&", "!", "\n"})
_SIMPLE = frozenset({"command", "declaration_command", "unset_command", "variable_assignment"})
_REDIRECTS = frozenset({"file_redirect", "herestring_redirect"})
_SUBSTITUTIONS = frozenset({"command_substitution", "process_substitution"})
_WORDS = frozenset(
    {
        "ansi_c_string",
        "arithmetic_expansion",
        "brace_expression",
        "command_substitution",
        "concatenation",
        "expansion",
        "extglob_pattern",
        "number",
        "process_substitution",
        "raw_string",
        "regex",
        "simple_expansion",
        "string",
        "translated_string",
        "word",
    }
)
_WITHOUT_SUBSTITUTIONS = frozenset(
    {"ansi_c_string", "number", "raw_string", "simple_expansion", "variable_name", "word"}
)
_GAP = re.compile(r"(?:[ \t]|\\\n)*")
_RESERVED = frozenset(
    {"{", "}", "case", "do", "done", "elif", "else", "esac", "fi", "for", "function"}
    | {"if", "in", "select", "then", "until", "while", "[[", "!"}
)


def read(text: ShellText, masked: Masked, nested: Nested, depth: int) -> Script:
    """The script; what the tree holds as an error is opaque in it."""
    converter = _Converter(CommandReader(text, masked, nested, depth), depth)
    root = _tree(masked.text).root_node
    try:
        if root.is_error:
            raise Broken
        return converter.script(root.children, 0)
    except Broken:
        return converter.opaque_script(0, len(text.text))


@lru_cache(maxsize=1)
def _language() -> Language:
    import tree_sitter
    import tree_sitter_bash

    return tree_sitter.Language(tree_sitter_bash.language())


@lru_cache(maxsize=_REMEMBERED)
def _tree(text: str) -> Tree:
    from tree_sitter import Parser

    return Parser(_language()).parse(text.encode("utf-8", "surrogatepass"))


def _offsets(text: str) -> list[int] | None:
    """The character at each byte of the encoded text, or None where they are the same."""
    if text.isascii():
        return None
    offsets: list[int] = []
    for index, char in enumerate(text):
        offsets.extend([index] * len(char.encode("utf-8", "surrogatepass")))
    offsets.append(len(text))
    return offsets


class _Converter:
    __slots__ = ("_commands", "_level", "_offsets", "_text", "_words")

    def __init__(self, commands: CommandReader, depth: int) -> None:
        self._commands = commands
        self._words = commands.words
        self._text = commands.text
        self._offsets = _offsets(commands.text)
        self._level = depth

    def script(self, nodes: Sequence[Node], begin: int) -> Script:
        """The list that these nodes make up; it begins behind whatever opens it."""
        items = assemble(self._pieces(nodes), self._commands, begin)
        if not items:
            return Script(self._commands.span(begin, begin), ())
        return Script(Span(items[0].command.span.start, items[-1].command.span.end), items)

    def opaque_script(self, start: int, end: int) -> Script:
        command = self._opaque(start, end)
        return Script(command.span, (Item(command, ""),))

    def _opaque(self, start: int, end: int) -> Opaque:
        return Opaque(self._commands.span(start, end), self._text[start:end], "a syntax error")

    def _start(self, node: Node) -> int:
        return self._offsets[node.start_byte] if self._offsets else node.start_byte

    def _end(self, node: Node) -> int:
        return self._offsets[node.end_byte] if self._offsets else node.end_byte

    def _text_of(self, node: Node) -> str:
        return self._text[self._start(node) : self._end(node)]

    def _inside(self, nodes: Sequence[Node], last: int | None = -1) -> Script:
        """The list behind the first of these nodes, up to the last."""
        return self.script(nodes[1:last], self._end(nodes[0]))

    def _pieces(self, nodes: Sequence[Node]) -> Iterator[Piece]:
        for node in nodes:
            kind = node.type
            if kind in _OPERATORS and not node.is_missing:
                yield Operator(kind, self._start(node))
            elif kind == "comment":
                continue
            elif kind in _FLATTENED:
                yield from self._pieces(node.children)
            elif kind in _REDIRECTS:
                yield from self._redirect(node)
            elif node.is_error or node.is_missing or not node.is_named:
                raise Broken
            else:
                yield from self._member(node)

    def _member(self, node: Node) -> Iterator[Piece]:
        """A command; opaque as a whole where the tree has an error in it."""
        self._level += 1
        if self._level > TooDeep.LIMIT:
            raise TooDeep
        start, end = self._start(node), self._end(node)
        try:
            pieces = tuple(self._command(node))
        except Broken:
            pieces = (CommandPiece(self._opaque(start, end), start, end),)
        self._level -= 1
        if pieces and isinstance(first := pieces[0], SimplePiece) and self._misread(first):
            raise Broken
        yield from pieces

    def _misread(self, piece: SimplePiece) -> bool:
        """Whether a reserved word stands where a command's name does: the tree has lost the structure."""
        names = [each for each in piece.elements if isinstance(each, WordPlace)][:2]
        words = [self._text[name.start : name.end] for name in names]
        return any(word in _RESERVED for word in words[: 2 if words[:1] in (["time"], ["coproc"]) else 1])

    def _command(self, node: Node) -> Iterator[Piece]:
        kind = node.type
        if kind in _SIMPLE:
            yield from self._simple(node)
            return
        start, end = self._start(node), self._end(node)
        if kind == "test_command" and node.children[0].type == "[":
            if node.children[-1].type != "]" or node.children[-1].is_missing:
                raise Broken
            self._remember_substitutions(node)
            yield SimplePiece(tuple(WordPlace(*place) for place in scanning.words(self._text, start, end)))
            return
        yield CommandPiece(self._compound(node, self._commands.span(start, end)), start, end)

    def _simple(self, node: Node) -> Iterator[Piece]:
        elements: list[Element] = []
        nodes = [node] if node.type == "variable_assignment" else node.children
        for child in nodes:
            if child.type == "subshell":  # `time ( … )`
                if [self._text[each.start : each.end] for each in elements] != ["time"]:
                    raise Broken
                yield from self._member(child)
                return
            if child.type in _REDIRECTS:
                for place in self._redirect(child):
                    self._append(elements, place)
            else:
                self._extend(elements, child)
        if not elements:
            raise Broken
        yield SimplePiece(tuple(elements))

    def _place(self, node: Node) -> WordPlace:
        """Where a word stands; raises Broken if the tree has an error in it, outside its substitutions."""
        if _has_error(node):
            raise Broken
        self._remember_substitutions(node)
        array = None
        if node.type == "variable_assignment" and node.children[-1].type == "array":
            places: list[Element] = []
            for child in node.children[-1].children:
                if child.is_named and child.type != "comment":
                    self._extend(places, child, gaps=False)
            array = tuple((place.start, place.end) for place in places)
        return WordPlace(self._start(node), self._end(node), array)

    def _extend(self, elements: list[Element], node: Node, gaps: bool = True) -> None:
        """Adds a word; backquotes with blanks between them, one word in the tree, are split again."""
        place = self._place(node)
        if "`" not in self._text_of(node) or place.array is not None:
            self._append(elements, place, gaps)
            return
        for start, end in scanning.words(self._text, place.start, place.end):
            self._append(elements, WordPlace(start, end), gaps)

    def _append(self, elements: list[Element], place: Element, gaps: bool = True) -> None:
        """Adds an element; pieces that touch are one word, and nothing but blanks may lie between others."""
        if elements:
            last = elements[-1]
            if last.end == place.start and isinstance(last, WordPlace) and isinstance(place, WordPlace):
                elements[-1] = WordPlace(last.start, place.end, last.array)
                return
            if gaps and not _GAP.fullmatch(self._text, last.end, place.start):
                raise Broken
        elements.append(place)

    def _redirect(self, node: Node) -> Iterator[RedirectPlace | WordPlace]:
        """A redirect; the tree counts the words behind its target to it as well."""
        words: list[Element] = []
        end = self._end(node.children[0])
        for child in node.children:
            if child.is_error or child.is_missing:
                raise Broken
            if child.is_named and child.type != "file_descriptor":
                self._extend(words, child)
            else:
                end = self._end(child)
        closes = self._text[:end].endswith("-")
        if not closes:
            if not words:
                raise Broken
            end = words.pop(0).end
        yield RedirectPlace(self._start(node), end)
        yield from words

    def _remember_substitutions(self, node: Node) -> None:
        """Reads the scripts in a word from the tree, so that they are not parsed again."""
        if node.type in _WITHOUT_SUBSTITUTIONS:
            return
        if node.type not in _SUBSTITUTIONS:
            for child in node.children:
                self._remember_substitutions(child)
            return
        opening = node.children[0]
        if node.has_error or opening.type == "`":
            return
        if opening.type == "$(" and node.children[1].type in _REDIRECTS:  # $(<file)
            return
        self._level += 1
        if self._level > TooDeep.LIMIT:
            raise TooDeep
        try:
            script = self._inside(node.children)
        except Broken:
            return
        finally:
            self._level -= 1
        self._words.known[self._start(node)] = (self._end(node), script)

    def _word(self, nodes: Sequence[Node]) -> Word:
        """The one word that these nodes make up."""
        places: list[Element] = []
        for node in nodes:
            self._extend(places, node)
        if len(places) != 1:
            raise Broken
        return self._words.word(places[0].start, places[0].end)

    def _compound(self, node: Node, span: Span) -> Command:
        children = [child for child in node.children if child.type != "comment"]
        if any(child.is_error or child.is_missing for child in children):
            raise Broken
        match node.type:
            case "subshell":
                return Subshell(span, self._inside(children))
            case "compound_statement" if children[0].type == "{":
                return Group(span, self._inside(children))
            case "compound_statement" | "test_command":
                return Test(span, self._text_of(node), tuple(self._test_words(node)))
            case "if_statement":
                return self._if(children, span)
            case "while_statement":
                return While(span, self._inside(children), self._do_group(children[-1]))
            case "for_statement":
                return self._for(children, span)
            case "c_style_for_statement":
                opening = next(child for child in children if child.type == "((")
                closing = next(child for child in children if child.type == "))")
                header = self._text[self._end(opening) : self._start(closing)]
                return For(span, "", None, self._do_group(children[-1]), arithmetic=header)
            case "case_statement":
                return self._case(children, span)
            case "function_definition":
                return self._function(children, span)
            case _:
                raise Broken

    def _do_group(self, node: Node) -> Script:
        children = node.children
        if any(child.is_error or child.is_missing for child in children):
            raise Broken
        if node.type not in ("do_group", "compound_statement"):
            raise Broken
        return self._inside(children)

    def _if(self, children: list[Node], span: Span) -> If:
        branches: list[tuple[Script, Script]] = []
        otherwise: Script | None = None
        head: list[Node] = []
        for child in children[:-1]:
            if child.type in ("elif_clause", "else_clause"):
                if head:
                    branches.append(self._branch(head))
                    head = []
                if any(each.is_error or each.is_missing for each in child.children):
                    raise Broken
                if child.type == "elif_clause":
                    branches.append(self._branch(child.children))
                else:
                    otherwise = self._inside(child.children, None)
            else:
                head.append(child)
        if head:
            branches.append(self._branch(head))
        return If(span, tuple(branches), otherwise)

    def _branch(self, nodes: Sequence[Node]) -> tuple[Script, Script]:
        for index, node in enumerate(nodes):
            if node.type == "then":
                return self._inside(nodes, index), self._inside(nodes[index:], None)
        raise Broken

    def _for(self, children: list[Node], span: Span) -> For:
        words: list[Element] | None = None
        for child in children[2:-1]:
            if child.type == "in" and words is None:
                words = []
            elif child.type not in (";", "\n", "&"):
                self._extend(words if words is not None else [], child)
        values = None if words is None else tuple(self._words.word(each.start, each.end) for each in words)
        return For(span, self._text_of(children[1]), values, self._do_group(children[-1]))

    def _case(self, children: list[Node], span: Span) -> Case:
        items = [child for child in children if child.type == "case_item"]
        inside = next((index for index, child in enumerate(children) if child.type == "in"), 0)
        if inside < 2:
            raise Broken
        subject = self._word(children[1:inside])
        return Case(span, subject, tuple(self._case_item(item) for item in items))

    def _case_item(self, item: Node) -> tuple[tuple[Word, ...], Script]:
        children = [child for child in item.children if child.type != "comment"]
        if any(child.is_error or child.is_missing for child in children):
            raise Broken
        closing = next((index for index, child in enumerate(children) if child.type == ")"), -1)
        if closing < 0:
            raise Broken
        patterns: list[list[Node]] = [[]]
        for child in children[:closing]:
            if child.type == "|":
                patterns.append([])
            elif child.type != "(" or patterns != [[]]:
                patterns[-1].append(child)
        body = [child for child in children[closing + 1 :] if child.type not in (";;", ";&", ";;&")]
        script = self.script(body, self._end(children[closing]))
        return tuple(self._word(pattern) for pattern in patterns), script

    def _function(self, children: list[Node], span: Span) -> Function:
        name = next(child for child in children if child.type == "word")
        body_at = next(
            (index for index, child in enumerate(children) if child.is_named and child.type != "word"), -1
        )
        if body_at < 0:
            raise Broken
        begin = self._start(children[body_at])
        (item,) = assemble(self._pieces(children[body_at:]), self._commands, begin)
        return Function(span, self._text_of(name), item.command)

    def _test_words(self, node: Node) -> Iterator[Word]:
        for child in node.children:
            if child.type in _WORDS:
                self._remember_substitutions(child)
                yield self._words.word(self._start(child), self._end(child))
            else:
                yield from self._test_words(child)


def _has_error(node: Node) -> bool:
    """Whether the tree has an error in a word, its substitutions apart."""
    if not node.has_error:
        return False
    if node.is_error or node.is_missing:
        return True
    return node.type not in _SUBSTITUTIONS and any(_has_error(child) for child in node.children)
