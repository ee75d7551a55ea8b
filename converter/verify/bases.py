"""What a Dockerfile's text explains of a difference: its last base, labels, accounts, and what it makes at random."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from converter.dockerfile.model import HOLE, Add, Copy, Dockerfile, From, Instruction, Label, Run, User
from converter.dockerfile.reader import read
from converter.dockerfile.state import image_reference
from converter.errors import InputError
from converter.files.reading import Unreadable
from converter.files.reading import read as read_file
from converter.knowledge.volatile import makes_random

_FILE = re.compile(
    r"(?<![\w$./-])(?:\.{0,2}/?[\w@+-][\w@+.-]*(?:/[\w@+.-]+)+|/[\w@+.-]+|[\w@+-]*\.[A-Za-z][\w-]*)(?![\w/])"
)
"""A word with a slash or a suffix: what may be a file's name in shell text."""
_COMMANDS = re.compile(r"&&|\|\||;|(?<!\\)\n")
_MAKES_ACCOUNT = re.compile(r"(?<![\w.-])(?:(?:user|group)(?:add|mod)|add(?:user|group)|newusers)(?![\w.-])")
_GIVES = re.compile(r"(?<![\w.-])(?:chown|chgrp|install|setfacl|setpriv|gosu|su-exec)(?![\w.-])")
_CHOWN = re.compile(r"--chown=(\S+)")
_NAME = re.compile(r"[\w][\w.-]*")
_NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")
_ASSIGNED = re.compile(r"(?<![\w$-])([A-Za-z_]\w*)=")


def final_base(path: str, build_args: Mapping[str, str]) -> str | None:
    """The reference of a Dockerfile's last base, stages followed; None where it is not known or readable."""
    dockerfile = _read(path)
    if dockerfile is None:
        return None
    base: str | None = None
    stages: dict[str, str | None] = {}
    for each in dockerfile.instructions:
        if isinstance(each, From):
            image = image_reference(dockerfile, each, build_args)
            base = stages.get(image.lower(), image)
            base = None if base is None or HOLE in base else base
            if each.name is not None:
                stages[each.name] = base
    return base


def own_labels(path: str) -> frozenset[str] | None:
    """The names of all labels that a Dockerfile sets; None where a name has a variable in it."""
    dockerfile = _read(path)
    if dockerfile is None:
        return None
    pairs = (pair for each in dockerfile.instructions if isinstance(each, Label) for pair in each.pairs)
    names = frozenset(key.text.strip("\"'") for key, _ in pairs)
    return None if any("$" in name for name in names) else names


def random_files(path: str) -> frozenset[str]:
    """The ends of paths that commands of RUN name which ask for keys, randomness or the time."""
    dockerfile = _read(path)
    if dockerfile is None:
        return frozenset()
    words = (
        word
        for run in _texts(dockerfile, Run)
        for command in _random_commands(run)
        for word in _FILE.findall(command)
    )
    return frozenset("/" + re.sub(r"^\.{0,2}/", "", word) for word in words)


def own_accounts(path: str) -> frozenset[str]:
    """Names and numbers of accounts that steps make, and numbers that USER, `--chown` or steps give to anything.

    An account that a package makes is named by none of them, though files may be given to it by its name.
    """
    dockerfile = _read(path)
    if dockerfile is None:
        return frozenset()
    found: set[str] = set()
    for run in _texts(dockerfile, Run):
        for command in _COMMANDS.split(run):
            if _MAKES_ACCOUNT.search(command):
                found.update(_NAME.findall(command))
            elif _GIVES.search(command):
                found.update(_NUMBER.findall(command))
    for text in _texts(dockerfile, User):
        found.update(_NAME.findall(text))
    for text in _texts(dockerfile, Copy, Add):
        found.update(number for option in _CHOWN.findall(text) for number in _NUMBER.findall(option))
    return frozenset(found)


def _texts(dockerfile: Dockerfile, *kinds: type[Instruction]) -> Iterator[str]:
    text = dockerfile.source.text
    return (
        text[each.span.start : each.span.end] for each in dockerfile.instructions if isinstance(each, kinds)
    )


def _random_commands(run: str) -> Iterator[str]:
    """Commands that make random content, or use a variable that holds some."""
    variables: set[str] = set()
    for command in _COMMANDS.split(run):
        used = re.findall(r"\$\{?(\w+)", command)
        if makes_random(command) or not variables.isdisjoint(used):
            variables.update(_ASSIGNED.findall(command))
            yield command


def _read(path: str) -> Dockerfile | None:
    source = read_file(path)
    if isinstance(source, Unreadable):
        return None
    try:
        return read(source)
    except InputError:
        return None
