"""The base image that a Dockerfile's last stage stands on and the labels it adds, for what its change explains."""

from __future__ import annotations

from collections.abc import Mapping

from converter.dockerfile.model import HOLE, Dockerfile, From, Label
from converter.dockerfile.reader import read
from converter.dockerfile.state import image_reference
from converter.errors import InputError
from converter.files.reading import Unreadable
from converter.files.reading import read as read_file


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


def _read(path: str) -> Dockerfile | None:
    source = read_file(path)
    if isinstance(source, Unreadable):
        return None
    try:
        return read(source)
    except InputError:
        return None
