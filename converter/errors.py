"""Errors of the surroundings: usage, config and files. What is wrong with an input is an Outcome instead."""

from __future__ import annotations


class UsageError(Exception):
    """Something the caller must change: a wrong option, a bad config, a file that cannot be used.

    `help` is what to do about it. The command line prints both and exits with 2.
    """

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help
