"""Level 6: scripts find their interpreter, and what the container starts finds its commands and files."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from converter.verify.compare.finding import judged, note
from converter.verify.compare.pair import Pair
from converter.verify.compare.places import (
    in_builder_place,
    in_library,
    is_application,
    is_leftover,
    is_state,
)
from converter.verify.compare.starting import Need, interpreters, needs
from converter.verify.differences import Difference, Lack, LacksPath, Level
from converter.verify.images.lookup import Tree
from converter.verify.images.model import Entry, Kind, Script

_LEVEL = Level.SCRIPTS


def compare_scripts(pair: Pair) -> Iterator[Difference]:
    """Interpreters of all executable scripts, then what ENTRYPOINT, CMD and HEALTHCHECK need."""
    for path, entry in pair.converted.entries.items():
        if isinstance(entry.content, Script) and entry.mode & 0o111 and not is_state(path):
            yield from _interpreter(path, entry, pair)
    for need in needs(pair.original):
        if need.by.startswith("ENTRYPOINT") and pair.entrypoint_left:
            continue
        yield from _need(need, pair)


def _interpreter(path: str, entry: Entry, pair: Pair) -> Iterator[Difference]:
    missing = _missing_interpreter(entry, pair.converted)
    if missing is None:
        return
    earlier = pair.original.entries.get(path)
    if earlier is not None and _missing_interpreter(earlier, pair.original):
        return
    serious = (
        earlier is not None
        and path not in pair.owned
        and is_application(path, pair)
        and not (in_builder_place(posixpath.dirname(path)) or is_leftover(path))
    )
    if in_library(path):
        yield note(
            _LEVEL, path, f"the script {path} of an installed package needs {missing}, which is missing"
        )
        return
    yield judged(
        serious,
        _LEVEL,
        path,
        f"the script {path} is run by {missing}, which is missing",
        f"Install the package that has {missing} in the final stage.",
        lacks=_of_command(missing, pair.original),
    )


def _of_command(text: str, tree: Tree, directory: str = "/") -> tuple[Lack, ...]:
    """The program of the original that a command or path is."""
    found = tree.real(text) if text.startswith("/") else tree.which(text, directory)
    return () if found is None else (LacksPath(tree.real(found) or found),)


def _missing_interpreter(entry: Entry, tree: Tree) -> str | None:
    """What the `#!` line names and the image lacks: a path, or the command after `env`."""
    words = interpreters(entry.content) if isinstance(entry.content, Script) else ()
    return next(
        (word for word in words if not (tree.exists(word) if "/" in word else tree.which(word))), None
    )


def _need(need: Need, pair: Pair) -> Iterator[Difference]:
    original, converted = pair.original, pair.converted
    serious = need.script == "" or need.script not in pair.owned
    if need.command:
        if original.which(need.text, need.directory) and not converted.which(need.text, need.directory):
            yield judged(
                serious,
                _LEVEL,
                need.text,
                f"{need.by} runs {need.text}, which is missing",
                "Install its package in the final stage, or copy it from the builder.",
                lacks=_of_command(need.text, original, need.directory),
            )
        return
    path = posixpath.normpath(posixpath.join(need.directory, need.text))
    found = original.entry(path)
    if found is None or is_state(path) or converted.exists(path):
        return
    if found.kind is Kind.DIRECTORY and need.script:
        serious = False  # scripts ask whether directories are there
    yield judged(
        serious,
        _LEVEL,
        path,
        f"{need.by} names {path}, which is missing",
        "Copy it from the builder.",
        lacks=_of_command(path, original),
    )
