"""What redirects read and write, and what standard input a command gets by them."""

from __future__ import annotations

from msgspec import Struct

from converter.dockerfile.model import HOLE
from converter.effects.facts import place_of
from converter.effects.model import Basis, Effects, Phase, ShellState, Write, WriteKind
from converter.effects.places import Place
from converter.knowledge.places import is_slip
from converter.shell.model import Literal, Redirect, Word
from converter.shell.values import expand_one

_SILENT = ("/dev/", "/proc/")


class Feed(Struct, frozen=True):
    """Standard input: whether any is given (a pipe, a file, a here-document), its text where known.

    `source` is the address it is downloaded from, without the scheme; `paths` are patterns of the paths that
    stand on it, one a line.
    """

    given: bool = False
    text: str | None = None
    source: str | None = None
    paths: tuple[str, ...] = ()


def one_text(word: Word, state: ShellState, dialect: str) -> str:
    """What a word becomes where fields are not split, a leading `~` expanded."""
    text = expand_one(word, state.variables, dialect)
    first = word.parts[0] if word.parts else None
    if text.startswith("~") and isinstance(first, Literal) and not first.quoted and text[1:2] in ("", "/"):
        return state.variables.get("HOME", HOLE) + text[1:]
    return text


def written_file(redirects: tuple[Redirect, ...], state: ShellState, dialect: str) -> tuple[str, bool] | None:
    """The file that standard output goes to, and whether it is appended to."""
    for redirect in reversed(redirects):
        if redirect.target is None or redirect.descriptor not in (None, 1):
            continue
        if redirect.operator in (">", ">>", ">|", "&>"):
            path = place_of(state.directory, one_text(redirect.target, state, dialect))
            return path, redirect.operator == ">>"
    return None


def redirect_effects(
    redirects: tuple[Redirect, ...], state: ShellState, dialect: str, feed: Feed
) -> tuple[Effects | None, Feed]:
    """The effects of redirects (None if no file is touched) and the standard input after them."""
    reads: list[Place] = []
    writes: list[Write] = []
    for redirect in redirects:
        operator = redirect.operator
        if operator in ("<<", "<<-"):
            text = redirect.heredoc
            if redirect.body is not None:
                text = expand_one(redirect.body, state.variables, dialect)
            feed = Feed(True, text)
            continue
        if redirect.target is None:
            continue
        target = one_text(redirect.target, state, dialect)
        if operator == "<<<":
            feed = Feed(True, target + "\n")
            continue
        if operator in (">&", "<&") and (target == "-" or target.rstrip("-").isdigit()):
            continue
        path = place_of(state.directory, target)
        if operator == "<":
            feed = Feed(True)
        if path.startswith(_SILENT) or not target:
            continue
        place = Place(path)
        match operator:
            case "<":
                reads.append(place)
            case ">>" | "&>>" | "<>":
                reads.append(place)
                writes.append(Write(place, WriteKind.EDIT, Basis.PROVEN))
            case _:
                kind = WriteKind.BOOK if is_slip(path) else WriteKind.OUTPUT
                writes.append(Write(place, kind, Basis.PROVEN))
    if not reads and not writes:
        return None, feed
    return Effects(phase=Phase.FOLLOW, reads=tuple(reads), writes=tuple(writes)), feed
