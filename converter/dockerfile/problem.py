"""What a reading step raises when BuildKit would reject the text; `reader.py` adds the place."""

from __future__ import annotations

from converter.span import Span


class Problem(Exception):
    """A reason to reject an instruction.

    `span` is the part of the source that is at fault; None stands for the whole instruction. `code` is the
    diagnostic's.
    """

    def __init__(self, message: str, *help: str, span: Span | None = None, code: str = "MS102") -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.code = code
        self.span = span


class Misuse(Problem):
    """An instruction that can be read but not used: no known keyword, a missing argument, a bad flag.

    BuildKit sees it when it checks an instruction; that of an ONBUILD only when it is triggered.
    """
