"""What a command hands to the next one in a pipeline, as far as that is plain."""

from __future__ import annotations

import re

from converter.effects.finding import found
from converter.effects.model import ShellState
from converter.effects.redirects import Feed, redirect_effects, written_file
from converter.shell.model import Command, Simple
from converter.shell.printing import printed
from converter.shell.values import expand_all

_BARE_ADDRESS = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/|$)")
_RAW_FILE = re.compile(r"^github\.com/([\w.-]+/[\w.-]+)/raw/")
_FETCHERS = frozenset({"curl", "wget"})
_EDITORS = frozenset({"tee", "sed", "cat", "tr"})
_LINE_FILTERS = frozenset({"grep", "egrep", "fgrep", "sort", "uniq", "head", "tail", "tr", "cat", "tee"})
_PREFIXES = {"sudo": 1, "command": 1, "exec": 1, "gosu": 2, "su-exec": 2}
"""Commands that run the words behind them, and how many words are their own."""


def piped(command: Command, state: ShellState, dialect: str, feed: Feed) -> Feed:
    """The standard input that a command gives to the one behind it."""
    if not isinstance(command, Simple) or not command.words:
        return Feed(True)
    if command.redirects:
        if written_file(command.redirects, state, dialect) is not None:
            return Feed(True)
        feed = redirect_effects(command.redirects, state, dialect, feed)[1]
    words = expand_all(command.words, state.variables, dialect)
    if words and words[0] in _PREFIXES:
        words = words[_PREFIXES[words[0]] :]
    name = words[0].rpartition("/")[2] if words else ""
    if name in _FETCHERS:
        return Feed(True, source=_address(words))
    if name == "find":
        return Feed(True, paths=() if "-exec" in words else found(words[1:]))
    text = printed_text(words, feed, dialect)
    if text is not None:
        return Feed(True, text)
    return Feed(
        True,
        source=feed.source if name in _EDITORS else None,
        paths=feed.paths if name in _LINE_FILTERS else (),
    )


def _address(words: tuple[str, ...]) -> str | None:
    urls = [word for word in words if "://" in word] or [w for w in words[1:] if _BARE_ADDRESS.match(w)]
    return address(urls[0]).rstrip("/") if urls else None


def address(url: str) -> str:
    """An address as tables name it: without scheme and query, raw files of GitHub by their own host."""
    plain = url.partition("://")[2] or url
    return _RAW_FILE.sub(r"raw.githubusercontent.com/\1/", plain.partition("?")[0])


def printed_text(words: tuple[str, ...], feed: Feed, dialect: str) -> str | None:
    """What echo, printf and cat print, where their words and standard input are known."""
    match words:
        case ("echo" | "printf" as name, *rest):
            return printed(name, rest, dialect)
        case ("cat",) | ("cat", "-") | ("tee", *_):
            return feed.text
        case ("yes",):
            return "y\n"
        case _:
            return None
