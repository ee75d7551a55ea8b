"""One Dockerfile from its path to a result: what `convert`, `explain` and `batch` have in common."""

from __future__ import annotations

import os

from msgspec.structs import replace

from converter.config import NO_CONTEXT, Settings
from converter.context import Context
from converter.diagnostics import Diagnostic, Severity
from converter.files.reading import STANDARD_INPUT, Unreadable, read
from converter.outcome import Failed
from converter.report.result import Result


def run(path: str, settings: Settings, graph: bool = False) -> Result:
    """Read, convert and name the outcome; nothing is written. Raises MemoryError alone."""
    source = read(path)
    if isinstance(source, Unreadable):
        return Result(source.source, source.outcome)
    try:
        from converter.convert import convert

        context = context_of(path, settings)
        outcome = convert(
            source.text, context=context, options=replace(settings.options(), graph=graph), name=source.name
        )
    except MemoryError:
        raise  # no bug: who set a limit knows what to say
    except Exception as error:
        import logging

        logging.getLogger(__name__).debug("%s", source.name, exc_info=error)
        message = f"a bug in this program: {type(error).__name__}: {error}"
        help = ("please report it with the Dockerfile",)
        return Result(source, Failed(Diagnostic("MS690", Severity.ERROR, message, help)))
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
