"""Word expansion by BuildKit's rules: variables, their modifiers, quotes and escapes.

Where a value is not known, the result holds HOLE in its place; text that BuildKit refuses to expand is not
known as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from converter.dockerfile import patterns
from converter.dockerfile.lines import BLANK
from converter.dockerfile.model import HOLE

Lookup: TypeAlias = Callable[[str], str | None]

LENGTH_LIMIT = 1 << 16
"""Characters that variables may add to one text; a longer result counts as not known."""

DEPTH_LIMIT = 64
"""How deep `${a:-${b:-…}}` may nest; deeper text counts as not known."""

_SPECIAL_PARAMETERS = "@*#?-$!0"


class ExpansionError(Exception):
    """Text that BuildKit refuses to expand; the message is for the user."""


def expand(text: str, lookup: Lookup, escape: str = "\\", unset: str = "") -> str:
    """`text` with variables replaced and quotes and escapes removed.

    `lookup` gives a variable's value, None where it is unset; `unset` is what a plain `$x` then stands for
    ("" as in BuildKit, or HOLE where it may still be given when the image is built).
    """
    if "$" not in text and "'" not in text and '"' not in text and escape not in text:
        return text
    try:
        return Lexer(text, lookup, escape, unset).run()[0]
    except ExpansionError:
        return HOLE


def words(text: str, lookup: Lookup, escape: str = "\\", unset: str = "") -> tuple[str, ...]:
    """As `expand`, then split at white space outside quotes, for instructions that split (EXPOSE)."""
    try:
        return tuple(Lexer(text, lookup, escape, unset).run()[1])
    except ExpansionError:
        return (HOLE,)


class _Words:
    """Splits the growing result into words."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.current: list[str] = []

    def add(self, text: str) -> None:
        """Text whose white space separates words."""
        for char in text:
            if char not in BLANK:
                self.current.append(char)
            else:
                self.finish()

    def add_raw(self, text: str) -> None:
        """Text that belongs to one word whatever it holds."""
        if text:
            self.current.append(text)

    def finish(self) -> list[str]:
        """All words so far, empty ones dropped."""
        if self.current:
            self.done.append("".join(self.current))
            self.current.clear()
        return self.done


class Lexer:
    """One expansion. With `raw` quotes, escapes and unset variables stay as written: word splitting alone."""

    def __init__(
        self, text: str, lookup: Lookup, escape: str = "\\", unset: str = "", raw: bool = False
    ) -> None:
        self.text = text
        self.lookup = lookup
        self.escape = escape
        self.unset = unset
        self.raw_quotes = raw
        self.raw_escapes = raw
        self.keep_unset = raw
        self.at = 0
        self.depth = 0
        self.added = 0

    def run(self) -> tuple[str, list[str]]:
        """The expanded text and its words; ExpansionError where BuildKit gives up."""
        return self._until("", self.raw_escapes)

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _next(self) -> str:
        char = self.text[self.at : self.at + 1]
        self.at += 1
        return char

    def _until(self, stop: str, raw_escapes: bool) -> tuple[str, list[str]]:
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise ExpansionError("variables are nested too deep")
        outer, self.raw_escapes = self.raw_escapes, raw_escapes
        result: list[str] = []
        split = _Words()
        while char := self._peek():
            if stop and char == stop:
                self.at += 1
                break
            if char == "$":
                value = self._dollar()
                split.add(value)
                result.append(value)
            elif char in "'\"":
                value = self._single_quoted() if char == "'" else self._double_quoted()
                split.add_raw(value)
                result.append(value)
            elif char == self.escape:
                self.at += 1
                escaped = (char if self.raw_escapes else "") + self._next()
                split.add_raw(escaped)
                result.append(escaped)
            else:
                self.at += 1
                split.add(char)
                result.append(char)
        else:
            if stop:
                raise ExpansionError(f"{stop} is missing")
        self.raw_escapes = outer
        self.depth -= 1
        return "".join(result), split.finish()

    def _single_quoted(self) -> str:
        start = self.at
        end = self.text.find("'", start + 1)
        if end < 0:
            raise ExpansionError("a single quote is not closed")
        self.at = end + 1
        return self.text[start : end + 1] if self.raw_quotes else self.text[start + 1 : end]

    def _double_quoted(self) -> str:
        quote = self._next() if self.raw_quotes else ""
        self.at += not self.raw_quotes
        result = [quote]
        while char := self._peek():
            if char == "$":
                result.append(self._dollar())
                continue
            self.at += 1
            if char == '"':
                return "".join(result) + quote
            if char == self.escape:
                if self.raw_escapes:
                    result.append(char)
                following = self._peek()
                if not following:
                    break
                if following in ('"', "$", self.escape):
                    char = self._next()
            result.append(char)
        raise ExpansionError("a double quote is not closed")

    def _dollar(self) -> str:
        self.at += 1
        if self._peek() != "{":
            name = self._name()
            if not name:
                return "$"
            value = self._value(name)
            return value if value is not None else f"${name}" if self.keep_unset else self._unset(name)
        self.at += 1
        if self._peek() in ("", "{", "}", ":"):
            raise ExpansionError("bad substitution")
        name = self._name()
        operator = self._next()
        if operator == "}":
            value = self._value(name)
            return value if value is not None else f"${{{name}}}" if self.keep_unset else self._unset(name)
        if operator == "/":
            return self._replaced(name)
        empty_is_unset = operator == ":"
        if empty_is_unset:
            operator = self._next()
        if operator not in ("+", "-", "?", "#", "%"):
            raise ExpansionError(f"${{{name}{operator}…}} is not supported")
        word = self._until("}", operator in "#%")[0]
        value = self._value(name)
        if value is None and self.keep_unset:
            return f"${{{name}{':' * empty_is_unset}{operator}{word}}}"
        if operator in "#%":
            return self._trimmed(operator, word, value)
        return self._chosen(operator, word, value, empty_is_unset)

    def _chosen(self, operator: str, word: str, value: str | None, empty_is_unset: bool) -> str:
        """`-`, `+` and `?`, with or without a colon."""
        if empty_is_unset and value is not None and value.strip(HOLE) == "":
            if value:  # known to be set, but perhaps empty
                return HOLE if operator != "+" or word else ""
            value = None
        match operator:
            case "-":
                return word if value is None else value
            case "+":
                return "" if value is None else word
            case _:
                if value is None:
                    raise ExpansionError(word or "a variable that is needed is not set")
                return value

    def _trimmed(self, side: str, pattern: str, value: str | None) -> str:
        if value is None:
            return self.unset
        if HOLE in value or HOLE in pattern:
            return HOLE
        longest = pattern.startswith(side)
        trim = patterns.trim_prefix if side == "#" else patterns.trim_suffix
        try:
            return trim(pattern[longest:], value, longest)
        except patterns.PatternError as error:
            raise ExpansionError(str(error)) from None

    def _replaced(self, name: str) -> str:
        every = self._peek() == "/"
        self.at += every
        pattern = self._until("/", True)[0]
        replacement = self._until("}", True)[0]
        value = self._value(name)
        if value is None:
            return f"${{{name}/{pattern}/{replacement}}}" if self.keep_unset else self.unset
        if HOLE in value or HOLE in pattern:
            return HOLE
        try:
            return patterns.replace(pattern, replacement, value, every)
        except patterns.PatternError as error:
            raise ExpansionError(str(error)) from None

    def _unset(self, name: str) -> str:
        return self.unset if name[0] == "_" or name[0].isalpha() else ""

    def _value(self, name: str) -> str | None:
        value = self.lookup(name)
        self.added += len(value or "")
        if self.added > LENGTH_LIMIT:
            raise ExpansionError("the expanded text is too long")
        return value

    def _name(self) -> str:
        start = self.at
        first = self._peek()
        if first.isdecimal():
            while self._peek().isdecimal():
                self.at += 1
        elif first and first in _SPECIAL_PARAMETERS:
            self.at += 1
        else:
            while (char := self._peek()) and (char == "_" or char.isalpha() or char.isdecimal()):
                self.at += 1
        return self.text[start : self.at]
