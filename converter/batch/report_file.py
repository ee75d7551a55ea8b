"""The report of a batch: complete or not there; an interrupted one stays beside it, and can be gone on with.

A line is written before the file that it tells of is replaced, and ended after that. So whatever stops the run,
a line without an end is the only one of which it is not known whether its file was replaced.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, TextIO

from msgspec import Struct

from converter.errors import UsageError
from converter.files.reading import encoded

STANDARD_OUTPUT = "-"
PARTIAL = ".partial"


class Report(Struct):
    """A stream for lines; `announced` is where the line starts that is not ended yet, and its text."""

    stream: TextIO
    rewinds: bool
    announced: tuple[int, str] | None = None

    def announce(self, record: str) -> None:
        """Write a line that is not ended yet: its file is about to be replaced."""
        if self.rewinds:
            self.announced = (self.stream.tell(), record)
            self.stream.write(record)
            self.stream.flush()

    def add(self, record: str) -> None:
        """Write a whole line, in place of the one that was announced: the same one only gets its end.

        So at no moment a file is replaced and no line tells of it.
        """
        rest = record
        if self.announced is not None:
            start, text = self.announced
            self.announced = None
            if text == record:
                rest = ""
            else:
                self.stream.seek(start)
                self.stream.truncate()
        self.stream.write(rest + "\n")
        self.stream.flush()


@contextmanager
def report_file(path: str, resume: bool = False) -> Iterator[Report]:
    """A report that takes the place of `path` when all went well. Raises UsageError."""
    if path == STANDARD_OUTPUT:
        yield Report(sys.stdout, rewinds=False)
    elif _is_special(path):
        with _opened(path, "w") as stream:
            yield Report(stream, rewinds=False)
    else:
        with _opened(path + PARTIAL, "a" if resume else "w") as stream:
            yield Report(stream, rewinds=True)
        os.replace(path + PARTIAL, path)


def recorded(path: str) -> tuple[dict[str, Any], ...]:
    """The objects of an interrupted report, or of a whole one; what is not ended is settled. Raises UsageError.

    A line without an end stays where its file was replaced; else it is taken back, and so is a torn one.
    """
    if path == STANDARD_OUTPUT or _is_special(path):
        raise UsageError("--resume needs a report in a file", "name it with --report FILE")
    partial = path + PARTIAL
    try:
        if not os.path.exists(partial):
            if not os.path.exists(path):
                return ()
            shutil.copyfile(path, partial)
        with open(partial, "rb") as file:
            rows = file.read().split(b"\n")
        last = rows.pop()
        records = tuple(_object(row, path, number) for number, row in enumerate(rows, 1))
        if not last:
            return records
        settled = _was_written(last)
        with open(partial, "r+b") as file:
            file.truncate(sum(len(row) + 1 for row in rows) + (len(last) if settled else 0))
            if settled:
                file.seek(0, os.SEEK_END)
                file.write(b"\n")
        return (*records, _object(last, path, len(rows) + 1)) if settled else records
    except OSError as error:
        raise UsageError(f"{partial}: {(error.strerror or str(error)).lower()}") from error


def _was_written(row: bytes) -> bool:
    """Whether the file that a line tells of holds what the line says."""
    try:
        record = json.loads(row)
        with open(record["file"], "rb") as file:
            return file.read() == encoded(record["dockerfile"])
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False


def _object(row: bytes, path: str, number: int) -> dict[str, Any]:
    try:
        found = json.loads(row)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not {"file", "outcome", "code", "message"} <= found.keys():
        help = "start anew without --resume"
        raise UsageError(f"{path}{PARTIAL}:{number}: this is no line of a report", help)
    return found


def _is_special(path: str) -> bool:
    return os.path.exists(path) and not stat.S_ISREG(os.stat(path).st_mode)


def _opened(path: str, mode: Literal["a", "w"]) -> TextIO:
    try:
        return open(path, mode, encoding="ascii", newline="\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {(error.strerror or str(error)).lower()}") from error
