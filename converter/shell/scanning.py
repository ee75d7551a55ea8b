"""Where quoted and nested parts of a shell word end: plain scanning, without making anything.

Each function gets the offset just behind an opening and returns the offset of its closing character,
or -1 where the text ends first. Rules: POSIX 2.2 (quoting), 2.6.2 (braces), bash's `case` inside `$( )`.
"""

from __future__ import annotations

import re

_IN_DOUBLE = re.compile(r"""[^\\"$`]*""")
_IN_PARENS = re.compile(r"""[^\\'"$`()#\sa-z;&|{}!]*""")
_NAME = re.compile(r"[a-z]+(?=[\s;&|()]|$)")
_COMMAND_FOLLOWS = frozenset({"do", "then", "else", "elif", "if", "while", "until", "time"})


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
    starts_word = True  # the next character begins a word
    command = True  # a word here would be a command's name
    while at < end:
        char = text[at]
        if char in " \t\n":
            command = command or char == "\n"
            starts_word = True
            at += 1
            continue
        if char == "#" and starts_word:
            newline = text.find("\n", at, end)
            at = end if newline < 0 else newline
            continue
        if char in ";&|!{}":
            command = True if (char not in "{}") or starts_word else command
            starts_word = True if char in ";&|" else starts_word and char in "!{"
            at += 1
            continue
        if char == "(":
            depth += 1
            command = starts_word = True
            at += 1
            continue
        if char == ")":
            if cases and cases[-1] == depth:
                pass
            elif depth == 0:
                return at
            else:
                depth -= 1
            command = starts_word = True
            at += 1
            continue
        if starts_word and command and (match := _NAME.match(text, at, end)):
            name = match.group()
            if name == "case":
                cases.append(depth)
            elif name == "esac" and cases:
                cases.pop()
            command = name in _COMMAND_FOLLOWS
            starts_word = False
            at = match.end()
            continue
        if (
            cases
            and starts_word
            and text.startswith("esac", at)
            and not text[at + 4 : at + 5].strip(" \t\n;)")
        ):
            cases.pop()
            at += 4
            command = starts_word = False
            continue
        command = starts_word = False
        if char == "\\":
            at += 2
        elif char == "'":
            closing = single_end(text, at + 1, end)
            if closing < 0:
                return -1
            at = closing + 1
        elif char == '"':
            closing = double_end(text, at + 1, end)
            if closing < 0:
                return -1
            at = closing + 1
        elif char in "$`":
            closing = _expansion_end(text, at, end, False)
            if closing < 0:
                return -1
            at = closing + 1
        else:
            at += 1
    return -1


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


def words(text: str, at: int, end: int) -> list[tuple[int, int]]:
    """The words between two offsets where only blanks divide them, as in `[ … ]`."""
    places = []
    while at < end:
        if text[at] in " \t\n" or text.startswith("\\\n", at):
            at += 1
            continue
        start = at
        while at < end and text[at] not in " \t\n":
            char = text[at]
            closing = at
            if char == "\\":
                closing = at + 1
            elif char == "'":
                closing = single_end(text, at + 1, end)
            elif char == '"':
                closing = double_end(text, at + 1, end)
            elif char in "$`":
                closing = _expansion_end(text, at, end, False)
            at = end if closing < 0 else closing + 1
        places.append((start, min(at, end)))
    return places
