"""What a reading step raises when BuildKit would reject the text; `reader.py` adds the place."""

from __future__ import annotations


class Problem(Exception):
    """A reason to reject an instruction.

    `start` and `end` are offsets in the source where a part of the instruction is at fault; None stands for
    the whole instruction.
    """

    def __init__(
        self, message: str, *help: str, start: int | None = None, end: int | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.start = start
        self.end = end
