"""What a command hands to the next one in a pipeline, as far as that is plain."""

from __future__ import annotations

from converter.effects.finding import found
from converter.effects.model import ShellState
from converter.effects.redirects import Feed, redirect_effects, written_file
from converter.shell.model import Command, Simple
from converter.shell.printing import printed
from converter.shell.values import expand_all

_FETCHERS = frozenset({"curl", "wget"})
_EDITORS = frozenset({"tee", "sed", "cat", "tr"})
_LINE_FILTERS = frozenset({"grep", "egrep", "fgrep", "sort", "uniq", "head", "tail", "tr", "cat", "tee"})
_PREFIXES = frozenset({"sudo", "command", "exec"})


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
        words = words[1:]
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
    for word in words:
        if "://" in word:
            return word.partition("://")[2].partition("?")[0].rstrip("/")
    return None


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
