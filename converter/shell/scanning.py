"""Where quoted and nested parts of a shell word end: plain scanning, without making anything.

Each function gets the offset just behind an opening and returns the offset of its closing character,
or -1 where the text ends first. Rules: POSIX 2.2 (quoting), 2.6.2 (braces), bash's `case` inside `$( )`.
"""

from __future__ import annotations

import re

_IN_DOUBLE = re.compile(r"""[^\\"$`]*""")
_BREAKS = frozenset(" \t\n;&|()<>")
_PLAIN = re.compile(r"""[^\\'"$`\s;&|()<>]+""")
_COMMAND_FOLLOWS = frozenset({"!", "do", "elif", "else", "if", "in", "then", "time", "until", "while", "{"})


def single_end(text: str, at: int, end: int) -> int:
    """The closing single quote."""
    return text.find("'", at, end)


def ansi_end(text: str, at: int, end: int) -> int:
    r"""The closing quote of `$'…'`, where a backslash escapes."""
    while at < end:
        char = text[at]
        if char == "'":
            return at
        at += 2 if char == "\\" else 1
    return -1


def backquote_end(text: str, at: int, end: int) -> int:
    """The closing backquote."""
    while at < end:
        char = text[at]
        if char == "`":
            return at
        at += 2 if char == "\\" else 1
    return -1


def double_end(text: str, at: int, end: int) -> int:
    """The closing double quote; expansions inside may hold quotes of their own."""
    while True:
        match = _IN_DOUBLE.match(text, at, end)
        at = match.end() if match else at
        if at >= end:
            return -1
        char = text[at]
        if char == '"':
            return at
        if char == "\\":
            at += 2
            continue
        closing = _expansion_end(text, at, end, True)
        if closing < 0:
            return -1
        at = closing + 1


def brace_end(text: str, at: int, end: int, in_quotes: bool) -> int:
    """The `}` of `${`; within double quotes a single quote is plain unless the operator takes a pattern."""
    plain_single = in_quotes
    start = at
    while at < end:
        char = text[at]
        if char == "}":
            return at
        if char in "#%/" and at > start:
            plain_single = False
        if char == "\\":
            at += 2
        elif char == "'" and not plain_single:
            closing = single_end(text, at + 1, end)
            at = closing + 1 if closing >= 0 else at + 1
        elif char == '"':
            closing = double_end(text, at + 1, end)
            if closing < 0:
                return -1
            at = closing + 1
        elif char in "$`":
            closing = _expansion_end(text, at, end, in_quotes)
            if closing < 0:
                return -1
            at = closing + 1
        else:
            at += 1
    return -1


def arithmetic_end(text: str, at: int, end: int) -> int:
    """The first of the two `)` that close `((`, or -1 if these parentheses are two subshells."""
    depth = 2
    while at < end:
        char = text[at]
        if char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if depth == 1:
                return at if text[at + 1 : at + 2] == ")" and at + 1 < end else -1
        elif char == "\\":
            at += 1
        elif char in "'\"":
            closing = single_end(text, at + 1, end) if char == "'" else double_end(text, at + 1, end)
            if closing < 0:
                return -1
            at = closing
        elif char in "$`" and text[at + 1 : at + 2] != "((":
            closing = _expansion_end(text, at, end, False)
            if closing < 0:
                return -1
            at = closing
        at += 1
    return -1


def parens_end(text: str, at: int, end: int) -> int:
    """The `)` of `$(`, `<(` or `>(`: comments, quotes and the patterns of `case` are passed over."""
    depth = 0
    cases: list[int] = []  # the depth each open `case` stands at; a `)` there closes a pattern
    command = True  # a word here would be a command's name
    while at < end:
        char = text[at]
        if char == ")":
            if not (cases and cases[-1] == depth):
                if depth == 0:
                    return at
                depth -= 1
        elif char == "(":
            depth += 1
        elif char == "#":
            newline = text.find("\n", at, end)
            at = end if newline < 0 else newline
            continue
        elif char not in _BREAKS:
            closing = word_end(text, at, end)
            if closing < 0:
                return -1
            word = text[at:closing]
            if word == "case" and command:
                cases.append(depth)
            elif word == "esac" and command and cases:
                cases.pop()
            command = word in _COMMAND_FOLLOWS
            at = closing
            continue
        command = command or char not in " \t"
        at += 1
    return -1


def words(text: str, at: int, end: int) -> list[tuple[int, int]]:
    """The words between two offsets where only blanks divide them, as in `[ … ]`."""
    places = []
    while at < end:
        if text[at] in " \t\n":
            at += 1
            continue
        start = at
        while at < end and text[at] not in " \t\n":
            closing = word_end(text, at, end)
            at = end if closing < 0 else max(closing, at + 1)
        places.append((start, at))
    return places


def word_end(text: str, at: int, end: int) -> int:
    """Where the word that begins at an offset ends, -1 if a quote in it is not closed."""
    while at < end:
        match = _PLAIN.match(text, at, end)
        at = match.end() if match else at
        if at >= end or text[at] in _BREAKS:
            break
        char = text[at]
        if char == "\\":
            at += 2
            continue
        if char == "'":
            closing = single_end(text, at + 1, end)
        elif char == '"':
            closing = double_end(text, at + 1, end)
        else:
            closing = _expansion_end(text, at, end, False)
        if closing < 0:
            return -1
        at = closing + 1
    return min(at, end)


def _expansion_end(text: str, at: int, end: int, in_quotes: bool) -> int:
    """The last character of the expansion that begins at `$` or a backquote; a plain `$` is its own."""
    if text[at] == "`":
        return backquote_end(text, at + 1, end)
    follows = text[at + 1 : at + 2] if at + 1 < end else ""
    if follows == "{":
        return brace_end(text, at + 2, end, in_quotes)
    if follows == "(":
        if text[at + 2 : at + 3] == "(":
            closing = arithmetic_end(text, at + 3, end)
            if closing >= 0:
                return closing + 1
        return parens_end(text, at + 2, end)
    if follows == "'" and not in_quotes:
        return ansi_end(text, at + 2, end)
    return at
