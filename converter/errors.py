"""The program's own exceptions: an input that cannot be accepted, and a caller who must change something."""

from __future__ import annotations

from converter.diagnostics import Diagnostic


class InputError(Exception):
    """The input is not what it must be; `diagnostic` has code, place, message and help."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic)
        self.diagnostic = diagnostic

    def __str__(self) -> str:
        where = f"line {self.diagnostic.line}: " if self.diagnostic.line else ""
        return f"{where}{self.diagnostic.message}"


class UsageError(Exception):
    """A wrong option, a bad config, a file that cannot be used: the caller must change something.

    `help` is what to do about it. The command line prints both and exits with 2.
    """

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help
