"""The report of a batch: a file that is complete or not there; an interrupted one stays beside it."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from converter.errors import UsageError

STANDARD_OUTPUT = "-"
PARTIAL = ".partial"


@contextmanager
def report_file(path: str) -> Iterator[TextIO]:
    """A stream for the report's lines; it takes the place of `path` when all went well. Raises UsageError."""
    if path == STANDARD_OUTPUT or _is_special(path):
        with _opened(path) if path != STANDARD_OUTPUT else _standard_output() as stream:
            yield stream
        return
    with _opened(path + PARTIAL) as stream:
        yield stream
    os.replace(path + PARTIAL, path)


@contextmanager
def _standard_output() -> Iterator[TextIO]:
    yield sys.stdout


def _is_special(path: str) -> bool:
    return os.path.exists(path) and not stat.S_ISREG(os.stat(path).st_mode)


def _opened(path: str) -> TextIO:
    try:
        return open(path, "w", encoding="ascii", newline="\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {(error.strerror or str(error)).lower()}") from error
