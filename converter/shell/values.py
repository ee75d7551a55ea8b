"""What words become: parameter expansion, known substitutions, quote removal and field splitting.

Values are plain texts in which HOLE stands for whatever cannot be known. Nothing is run and no file is
looked at: patterns and a leading tilde stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

from converter.dockerfile.model import HOLE
from converter.shell import operators
from converter.shell.braces import TooManyWords, expand_braces
from converter.shell.model import Arithmetic, Literal, Parameter, Part, Substitution, Word
from converter.shell.patterns import Piece
from converter.shell.substitutions import output

MAX_LENGTH = 65_536
"""Characters of a value; a longer one is unknown."""

_BLANKS = " \t\n"


def expand(word: Word, variables: Mapping[str, str], dialect: str = "sh") -> tuple[str, ...]:
    """The fields that a word becomes as part of a command.

    A name that is missing in `variables` may come from outside and is unknown; the caller gives '' for a
    name that is known to be empty. An unknown unquoted expansion is one field, though it may be several.
    """
    parts = word.parts
    if (
        len(parts) == 1
        and isinstance(only := parts[0], Literal)
        and (dialect != "bash" or "{" not in only.text)
    ):
        return (only.text,)
    try:
        choices = expand_braces(parts) if dialect == "bash" else (parts,)
    except TooManyWords:
        return (HOLE,)
    fields: list[str] = []
    for choice in choices:
        splitter = _Splitter(variables.get("IFS", _BLANKS))
        _Expansion(variables, dialect).into(splitter, choice)
        fields.extend(splitter.finish())
    return tuple(_bounded(field) for field in fields)


def expand_one(word: Word, variables: Mapping[str, str], dialect: str = "sh") -> str:
    """The one text that a word becomes where fields are not split: assignments, redirects, `case`."""
    return _bounded(_Expansion(variables, dialect).text(word.parts))


def expand_all(words: Iterable[Word], variables: Mapping[str, str], dialect: str = "sh") -> tuple[str, ...]:
    """The fields of several words, in order."""
    return tuple(field for word in words for field in expand(word, variables, dialect))


def expand_pattern(word: Word, variables: Mapping[str, str], dialect: str = "sh") -> tuple[Piece, ...]:
    """The pieces of a pattern (`case`, `[[ == ]]`), each with whether it is quoted."""
    return _Expansion(variables, dialect).pieces(word.parts)


def _bounded(text: str) -> str:
    return text if len(text) <= MAX_LENGTH else HOLE


class _Splitter:
    """Collects text into fields; `None` is no field begun, '' one that is empty so far."""

    def __init__(self, separators: str) -> None:
        self._fields: list[str] = []
        self._current: str | None = None
        self._separators = _BLANKS if HOLE in separators else separators

    def literal(self, text: str, quoted: bool) -> None:
        if text or quoted:
            self._current = (self._current or "") + text

    def split(self, text: str) -> None:
        """Adds the value of an unquoted expansion."""
        for char in text:
            if char not in self._separators:
                self._current = (self._current or "") + char
            elif char in _BLANKS:
                self._close()
            else:
                self._current = self._current or ""
                self._close()

    def _close(self) -> None:
        if self._current is not None:
            self._fields.append(self._current)
            self._current = None

    def finish(self) -> list[str]:
        self._close()
        return self._fields


class _Expansion:
    def __init__(self, variables: Mapping[str, str], dialect: str) -> None:
        self._variables = variables
        self._dialect = dialect

    def into(self, splitter: _Splitter, parts: tuple[Part, ...]) -> None:
        """Adds the parts of an unquoted word to a splitter."""
        for part in parts:
            if isinstance(part, Literal):
                splitter.literal(part.text, part.quoted)
            elif (
                isinstance(part, Parameter)
                and not part.quoted
                and (chosen := self._argument(part)) is not None
            ):
                self._default_into(splitter, chosen)
            elif isinstance(part, Parameter | Substitution) and part.quoted:
                splitter.literal(self.value(part), True)
            else:
                splitter.split(self.value(part))

    def _default_into(self, splitter: _Splitter, parts: tuple[Part, ...]) -> None:
        for part in parts:
            if isinstance(part, Literal) and not part.quoted:
                splitter.split(part.text)
            else:
                self.into(splitter, (part,))

    def text(self, parts: tuple[Part, ...]) -> str:
        """The parts as one text, not split."""
        return "".join([self.value(part) for part in parts])

    def pieces(self, parts: tuple[Part, ...]) -> tuple[Piece, ...]:
        """The parts as pieces of a pattern."""
        return tuple((self.value(part), not isinstance(part, Arithmetic) and part.quoted) for part in parts)

    def value(self, part: Part) -> str:
        """The value of one part."""
        match part:
            case Literal(text=text):
                return text
            case Parameter():
                return _bounded(self._parameter(part))
            case Substitution(script=script, process=process):
                return (
                    HOLE if process else _bounded(output(script, self._words, self._variables, self._dialect))
                )
            case Arithmetic(text=text):
                return text.strip() if text.strip().isdecimal() else HOLE
            case _:
                assert_never(part)

    def _words(self, words: tuple[Word, ...]) -> tuple[str, ...]:
        return expand_all(words, self._variables, self._dialect)

    def _argument(self, parameter: Parameter) -> tuple[Part, ...] | None:
        """The parts of the argument that an operator such as `:-` takes instead of the value."""
        if parameter.argument is None or parameter.operator[-1:] not in ("-", "=", "+"):
            return None
        wanted = operators.default_wanted(parameter.operator, self._variables.get(parameter.name, HOLE))
        return parameter.argument.parts if wanted else None

    def _parameter(self, parameter: Parameter) -> str:
        operator = parameter.operator
        value = self._variables.get(parameter.name, HOLE)
        if not operator:
            return value
        if operator == "length":
            return HOLE if HOLE in value else str(len(value))
        if operator == "indirect":
            return self._variables.get(value, HOLE)
        argument = parameter.argument.parts if parameter.argument else ()
        if operator[-1] in "-=+?":
            return self._default(operator, value, argument)
        if operator in ("#", "##", "%", "%%"):
            return operators.strip(operator, value, self.pieces(argument))
        if operator in ("/", "//"):
            pattern, replacement = self._replacement(argument)
            return operators.replace(operator, value, pattern, replacement)
        if operator == ":":
            return operators.substring(value, self.text(argument))
        if operator in ("^", "^^", ",", ",,"):
            return operators.change_case(operator, value, self.text(argument))
        return HOLE

    def _default(self, operator: str, value: str, argument: tuple[Part, ...]) -> str:
        wanted = operators.default_wanted(operator, value)
        if wanted is None or (wanted and operator[-1] == "?"):
            return HOLE
        if wanted:
            return self.text(argument)
        return "" if operator[-1] == "+" else value

    def _replacement(self, argument: tuple[Part, ...]) -> tuple[tuple[Piece, ...], str]:
        """Pattern and replacement of `${name/pattern/replacement}`: the first plain slash divides them."""
        for index, part in enumerate(argument):
            if isinstance(part, Literal) and not part.quoted and "/" in part.text[(index == 0) :]:
                at = part.text.index("/", 1 if index == 0 else 0)
                before = (*argument[:index], Literal(part.text[:at]))
                after = (Literal(part.text[at + 1 :]), *argument[index + 1 :])
                return self.pieces(before), self.text(after)
        return self.pieces(argument), ""
