"""The paths that the words of a command name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from converter.dockerfile.model import HOLE
from converter.effects.model import Invocation
from converter.effects.places import join, within
from converter.knowledge.programs import is_shell

PATH_IN_WORD = re.compile(r"(?<![\w.$}/-])(~?/[\w.@+%-]+(?:/[\w.@+%*?-]+)*)")
RELATIVE_FILE = re.compile(r"^(?:\./|\.\./)?[\w@+%-][\w.@+%-]*(?:/[\w.@+%*-]+)*$")
SHELL_SETTING = re.compile(r"[-+][a-zA-Z]*[oO]|--rcfile|--init-file")
SYSTEM_PATHS = ("/dev", "/proc", "/sys")


def script_operand(invocation: Invocation) -> str | None:
    """The file that an interpreter is given to run; the text behind a shell's `-c` is none, and is read itself."""
    shell = is_shell(invocation.name)
    words = without_settings(invocation.arguments) if shell else invocation.arguments
    for word in words[:4]:
        if shell and re.fullmatch(r"-\w*c", word):
            return None
        if not word.startswith(("-", "+")) and (RELATIVE_FILE.match(word) or word.startswith("/")):
            return word
    return None


def without_settings(arguments: tuple[str, ...]) -> tuple[str, ...]:
    """The arguments of a shell without options that take the next word: `--rcfile X`, `-o pipefail`."""
    found: list[str] = []
    words = iter(arguments)
    for word in words:
        if not SHELL_SETTING.fullmatch(word):
            found.append(word)
        elif next(words, None) is None:
            break
    return tuple(found)


def paths_in(word: str, directory: str) -> Iterator[str]:
    """Paths that a word names: absolute ones anywhere in it (`cacheDir=/opt/x,readonly`), or a relative one."""
    if "://" in word or HOLE in word:
        word = re.sub(r"\w+://\S*", "", word)
    for match in PATH_IN_WORD.finditer(word):
        path = match.group(1)
        if path.startswith("/") and not is_system(path):
            yield join("/", path)
    if (
        not word.startswith(("-", "/"))
        and RELATIVE_FILE.match(word)
        and ("/" in word or "." in word.strip("."))
    ) and not re.fullmatch(r"[\d.]+|[\d.]+/\d+|\d+(\.\d+){1,3}", word):
        yield join(directory, word)


def is_system(path: str) -> bool:
    """Whether the kernel provides the path, or it is `/` itself."""
    return any(within(path, system) for system in SYSTEM_PATHS) or path == "/"
