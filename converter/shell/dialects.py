"""What a SHELL instruction runs: the dialect it understands and the options that it sets."""

from __future__ import annotations

import posixpath

from msgspec import Struct

_DIALECTS = {
    "sh": "sh",
    "ash": "sh",
    "dash": "sh",
    "bash": "bash",
    "zsh": "bash",
    "ksh": "bash",
    "ksh93": "bash",
    "mksh": "bash",
}
_WITHOUT_OPTIONS = frozenset({"env", "exec"})
_NAMED = {"e": "errexit", "u": "nounset", "x": "xtrace", "l": "login", "i": "interactive"}


class ShellCommand(Struct, frozen=True):
    """A shell that runs a command line: `dialect` is sh or bash, `options` as `set -o` names them."""

    dialect: str
    options: frozenset[str] = frozenset()

    @property
    def errexit(self) -> bool:
        """Whether a failing command ends the script (`-e`)."""
        return "errexit" in self.options

    @property
    def pipefail(self) -> bool:
        """Whether a pipeline fails with any of its commands."""
        return "pipefail" in self.options


def shell_command(shell: tuple[str, ...]) -> ShellCommand | None:
    """The shell that the words of a SHELL instruction start, or None if it is none of the sh family.

    The words must end in a `-c`, alone or in a group such as `-lc` or `-exc`, since the command line follows.
    """
    words = list(shell)
    while words and posixpath.basename(words[0]) in _WITHOUT_OPTIONS:
        del words[0]
        while words and ("=" in words[0] or words[0] in ("-i", "-S", "--")):
            del words[0]
    if words and posixpath.basename(words[0]) == "busybox":
        del words[0]
    if not words:
        return None
    dialect = _DIALECTS.get(posixpath.basename(words[0]))
    if dialect is None:
        return None
    options: set[str] = set()
    runs = False
    index = 1
    while index < len(words):
        word = words[index]
        index += 1
        if word in ("-o", "+o", "-O", "+O"):
            if index < len(words) and word[0] == "-":
                options.add(words[index])
            index += 1
        elif word.startswith("--"):
            options.add(word[2:])
        elif word.startswith("-") and len(word) > 1:
            runs = runs or "c" in word
            options.update(_NAMED[letter] for letter in word[1:] if letter in _NAMED)
            if word.endswith("o") and index < len(words):  # -eo pipefail
                options.add(words[index])
                index += 1
        elif not word.startswith("+"):
            return None  # a script to run
    return ShellCommand(dialect, frozenset(options)) if runs else None


def is_shell(shell: tuple[str, ...]) -> str | None:
    """The dialect of a SHELL instruction: "sh", "bash", or None for others (powershell, cmd, python…)."""
    command = shell_command(shell)
    return command.dialect if command else None
