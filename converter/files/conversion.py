"""One Dockerfile from its path to a result: what `convert`, `explain` and `batch` have in common."""

from __future__ import annotations

import os

from converter.config import NO_CONTEXT, Settings
from converter.context import Context
from converter.files.reading import STANDARD_INPUT, Unreadable, read
from converter.report.result import Result


def run(path: str, settings: Settings) -> Result:
    """Read, convert and name the outcome; nothing is written."""
    source = read(path)
    if isinstance(source, Unreadable):
        return Result(source.source, source.outcome)
    from converter.convert import convert

    context = context_of(path, settings)
    outcome = convert(source.text, context=context, options=settings.options(), name=source.name)
    return Result(source, outcome)


def context_of(path: str, settings: Settings) -> Context | None:
    """The build context: the one asked for, else the Dockerfile's folder; none for standard input."""
    folder = settings.context
    if folder is None:
        folder = NO_CONTEXT if path == STANDARD_INPUT else os.path.dirname(path) or "."
    if folder == NO_CONTEXT:
        return None
    from converter.directory_context import DirectoryContext

    return DirectoryContext(folder, None if path == STANDARD_INPUT else path)
