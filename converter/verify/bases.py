"""What a Dockerfile's text explains of a difference: its last base, the labels it adds, what it makes at random."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from converter.dockerfile.model import HOLE, Dockerfile, From, Label, Run
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
    text = dockerfile.source.text
    runs = (
        text[each.span.start : each.span.end] for each in dockerfile.instructions if isinstance(each, Run)
    )
    words = (word for run in runs for command in _random_commands(run) for word in _FILE.findall(command))
    return frozenset("/" + re.sub(r"^\.{0,2}/", "", word) for word in words)


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
